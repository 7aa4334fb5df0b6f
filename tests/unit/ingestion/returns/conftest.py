"""What the tests of the returns reader share: the seeds, workbooks written on the spot, the office's own folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from ingestion.delivery import single_delivery
from ingestion.figures import Reading
from ingestion.registry import Registry
from ingestion.returns import read_return

ROOT = Path(__file__).resolve().parents[4]

Read = Callable[..., Reading]
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def read(tmp_path: Path, registry: Registry) -> Read:
    """Read bytes as a delivered file, with what ``sources.yml`` would say; checks the invariant every time."""

    def run(content: bytes, name: str = "return.xlsx", **entry: Any) -> Reading:
        path = tmp_path / name
        path.write_bytes(content)
        if entry:
            text = yaml.safe_dump([{"file": name, **entry}], allow_unicode=True)
            (tmp_path / "sources.yml").write_text(text, encoding="utf-8")
        reading = read_return(single_delivery(path), registry)
        assert reading.recognised == len(reading.figures) + len(reading.refusals)
        return reading

    return run


@pytest.fixture(scope="session")
def landing() -> Path:
    """The office's own folder of returns; tests that need it are skipped where it is absent."""
    stated = os.environ.get("PROVSTAT_REAL_LANDING")
    path = (Path(stated) if stated else ROOT.parent / "shared" / "landing") / "returns"
    if not path.is_dir():
        pytest.skip(f"the office's own landing folder is absent ({path}); set PROVSTAT_REAL_LANDING")
    return path


def _workbook(rows: Rows, *, sheet: str = "Sheet1", merged: Sequence[str] = (), hidden: Rows | None = None) -> bytes:
    """An .xlsx with the values as given; a merged range keeps the value of its first cell."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is not None:
                page.write(row, column, value)
    for where in merged:
        page.merge_range(where, "")
        first = where.split(":")[0]
        column, row = ord(first[0]) - 65, int(first[1:]) - 1
        page.write(row, column, rows[row][column])
    if hidden is not None:
        other = book.add_worksheet("hidden")
        for row, values in enumerate(hidden):
            other.write_row(row, 0, values)
        other.hide()
    book.close()
    return buffer.getvalue()


def _csv_bytes(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV without quoting."""
    return "\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)


def _by_cell(reading: Reading) -> dict[str, Any]:
    """The figures by their address in the sheet."""
    return {str(figure.cell): figure for figure in reading.figures}


def _codes(reading: Reading) -> dict[str, str]:
    """Reason code by address."""
    return {refusal.address: refusal.reason_code for refusal in reading.refusals}


@pytest.fixture(scope="session")
def workbook() -> Callable[..., bytes]:
    return _workbook


@pytest.fixture(scope="session")
def csv_bytes() -> Callable[..., bytes]:
    return _csv_bytes


@pytest.fixture(scope="session")
def by_cell() -> Callable[[Reading], dict[str, Any]]:
    return _by_cell


@pytest.fixture(scope="session")
def codes() -> Callable[[Reading], dict[str, str]]:
    return _codes
