"""A steward's workbook, filled in: read back row by row, every cell checked.

Here: cells and what is wrong with them. Not here: what a row does to a finding (`findings_import`). Columns are found
by their headers, so a workbook that LibreOffice or Excel has saved, sorted or widened reads as it was written.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine

from ingestion.returns.package import TooLargeError, check_package
from orchestration.findings_workbook import (
    CHOICES,
    DEADLINE,
    DECISION,
    EVENT,
    FIGURES,
    FINDING,
    INPUTS,
    PREFER,
    PRINTINGS,
    REASON,
    UNTIL,
    choice,
)

MAX_BYTES = 64 * 1024 * 1024
_NEEDED = (FINDING, EVENT, *INPUTS, *FIGURES)
_HEAD_ROWS = 20
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_BY_CODE = {**CHOICES, **{code: code for code in CHOICES.values()}}


class WorkbookError(ValueError):
    """The file is no workbook that `provstat findings export` has written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row in which something was filled in.

    Attributes:
        sheet: name of the sheet.
        row: number of the row, as the spreadsheet shows it.
        finding_id: as it stands there.
        event: number of the finding's last event at the export.
        status: what is decided, empty where the cell cannot be understood.
        reason: why.
        prefer: id of the printing to prefer.
        deadline: last day for the answer.
        until: last day of a waiver.
        faults: what is wrong with its cells, in Chinese; empty where nothing is.
    """

    sheet: str
    row: int
    finding_id: str
    event: int
    status: str
    reason: str
    prefer: str | None
    deadline: date | None
    until: date | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A workbook that was read: rows in which something was filled in, and how many were left blank."""

    rows: tuple[FilledRow, ...]
    blank: int


def read_filled(file: Path) -> Filled:
    """Read a workbook that was exported, in whatever state it comes back.

    Raises:
        WorkbookError: it cannot be opened, or has none of our sheets.
        OSError: the file cannot be read.
    """
    sheets = dict(_sheets(file))
    rows: list[FilledRow] = []
    blank, known = 0, False
    for name, cells in sheets.items():
        head = _head(cells)
        if head is None:
            continue
        known = True
        number, columns = head
        for row, values in enumerate(cells[number + 1 :], start=number + 2):
            told = {header: values[column] if column < len(values) else "" for header, column in columns.items()}
            if any(_text(told[header]) for header in INPUTS):
                rows.append(_filled(name, row, told))
            elif _text(told[FINDING]):
                blank += 1
    if not known:
        raise WorkbookError(
            f"{file}：不是 provstat findings export 写出的工作簿（找不到列“{FINDING}”“{DECISION}”等），请重新导出 · "
            "this is no workbook of provstat findings export"
        )
    return Filled(_once(rows), blank)


def _sheets(file: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    if file.stat().st_size > MAX_BYTES:
        raise WorkbookError(f"{file}：超过 {MAX_BYTES // 2**20} MB，不是本程序导出的工作簿 · too large")
    content = file.read_bytes()
    try:
        check_package(content)
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except (TooLargeError, zipfile.BadZipFile) as error:
        raise WorkbookError(f"{file}：无法作为 .xlsx 打开（{error}），请另存为 .xlsx · cannot be opened") from error
    except BaseException as error:  # a panic of the native reader is no Exception
        told = type(error).__name__
        raise WorkbookError(f"{file}：无法作为 .xlsx 打开（{told}），请另存为 .xlsx · cannot be opened") from error


def _head(cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """The row of headers and the column of each that is needed; None where a sheet is none of ours."""
    for number, values in enumerate(cells[:_HEAD_ROWS]):
        columns = {_text(value): column for column, value in reversed(list(enumerate(values)))}
        if all(header in columns for header in _NEEDED):
            return number, {header: columns[header] for header in _NEEDED}
    return None


def _filled(sheet: str, row: int, told: Mapping[str, Any]) -> FilledRow:
    faults: list[str] = []
    decision, reason = _text(told[DECISION]), _text(told[REASON])
    status = _BY_CODE.get(decision, "")
    if not decision:
        faults.append(f"没有选择“{DECISION}”")
    elif not status:
        faults.append(f"“{DECISION}”{decision!r} 不在列表中；可用 {'、'.join(CHOICES)}")
    if not reason:
        faults.append(f"没有写“{REASON}”")
    event = told[EVENT]
    is_number = isinstance(event, int | float) and not isinstance(event, bool) and event == int(event)
    if not is_number:
        faults.append(f"“{EVENT}”{event!r} 被改动，请重新导出")
    deadline, until = (_day(header, told[header], faults) for header in (DEADLINE, UNTIL))
    for header, day, needing in ((DEADLINE, deadline, "queried"), (UNTIL, until, "waived")):
        if status and (day is None) == (status == needing):
            faults.append(f"“{header}”用于且必须用于 {choice(needing)}")
    return FilledRow(
        sheet=sheet,
        row=row,
        finding_id=_text(told[FINDING]),
        event=int(event) if is_number else 0,
        status=status,
        reason=reason,
        prefer=_preferred(told, faults),
        deadline=deadline,
        until=until,
        faults=tuple(faults),
    )


def _preferred(told: Mapping[str, Any], faults: list[str]) -> str | None:
    label = _text(told[PREFER])
    if not label:
        return None
    figures = dict(zip(PRINTINGS, (_text(told[header]) for header in FIGURES), strict=True))
    if not figures.get(label):
        there = "、".join(name for name, figure in figures.items() if figure) or "无"
        faults.append(f"“{PREFER}”{label!r} 不是此问题的印刷；可用 {there}")
        return None
    return figures[label]


def _day(header: str, value: Any, faults: list[str]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    faults.append(f"“{header}”{text!r} 不是日期，写成 2026-03-31")
    return None


def _once(rows: Sequence[FilledRow]) -> tuple[FilledRow, ...]:
    """A finding that is filled in twice is decided neither way."""
    first: dict[str, FilledRow] = {}
    doubled: dict[str, str] = {}
    for row in rows:
        before = first.setdefault(row.finding_id, row)
        if before is not row:
            doubled[row.finding_id] = f"同一问题填了两次（{before.sheet} 第{before.row}行，{row.sheet} 第{row.row}行）"
    return tuple(
        replace(row, faults=(*row.faults, doubled[row.finding_id])) if row.finding_id in doubled else row
        for row in rows
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
