"""A workbook of findings as a spreadsheet program gives it back: read, filled in, written anew by another writer."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from orchestration.findings_workbook import FINDING

Cells = dict[str, list[list[Any]]]


def cells(book: Path) -> Cells:
    """All sheets as they stand."""
    opened = python_calamine.CalamineWorkbook.from_path(str(book))
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def rows(book: Path) -> dict[str, dict[str, Any]]:
    """The rows of findings by id: header → value, with the name of the sheet under ``sheet``."""
    found = {}
    for name, values in cells(book).items():
        head = next((row for row in values if FINDING in row and "处理决定" in row), None)
        if head is not None:
            for row in values[values.index(head) + 1 :]:
                found[row[0]] = {**dict(zip(head, row, strict=True)), "sheet": name}
    return found


def fill(book: Path, target: Path, filled: Mapping[str, Mapping[str, Any]], *, copies: int = 1) -> Path:
    """Write the workbook anew with some cells filled in: finding id → header → value; values keep their types."""
    sheets = cells(book)
    with xlsxwriter.Workbook(str(target)) as new:
        day = new.add_format({"num_format": "yyyy-mm-dd"})
        for name, values in sheets.items():
            page, out = new.add_worksheet(name), 0
            head: list[Any] = []
            for row in values:
                head = row if FINDING in row and "处理决定" in row else head
                wanted = filled.get(row[0], {}) if head and row is not head else {}
                told = [wanted.get(header, value) for header, value in zip(head or row, row, strict=True)]
                for _ in range(copies if wanted else 1):
                    _write(page, out, told, day)
                    out += 1
    return target


def _write(page: Any, row: int, values: list[Any], day: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, datetime.date):
            page.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(row, column, value)
        elif value != "":
            page.write_string(row, column, str(value))


def saved_by_libreoffice(book: Path, folder: Path) -> Path:
    """The workbook, opened and saved by LibreOffice; skipped where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice on this machine (no soffice): its workbooks were not tried")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, book],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / book.name
