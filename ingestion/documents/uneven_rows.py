"""Typed rows with fewer or more cells than the header has columns: which of their values belongs where is not known.

What belongs here: telling such a row, and refusing it. What does not: taking lines apart (``delimited``), headers.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.documents.model import Cell, TextLine, join_lines
from ingestion.documents.tables import Unread
from ingestion.documents.value_cells import VALUE
from ingestion.quantity import MISSING_MARKS

_BARS = "|│┃"
_REASON = "这一行的列数与表头对不上，看不出各数属于哪一栏；空着的格请填“—”，或用制表符、竖线分列"


def astray(line: TextLine) -> Unread:
    """The refusal of a row that does not fit its header."""
    cell = Cell(join_lines((line,)), line.number, line.number)
    return Unread(cell, "columns_unclear", _REASON)


def is_uneven(line: TextLine, row: Sequence[Cell | None], sorts: Sequence[str]) -> bool:
    """Whether a row of values has not the cells of its header.

    Cells may only be left out behind the last value (属性, 备注), or all but a label; a blank cell is none left out.

    Args:
        line: the row as printed.
        row: its cells, None where one is blank.
        sorts: the sort of each column: ``value``, ``name`` and so on.
    """
    if len(row) > len(sorts):
        return any(cell is not None for cell in row[len(sorts) :])
    short = len(sorts) - len(row)
    text = line.text.strip()
    if short == 1 and text[-1:] in _BARS and text[:1] not in _BARS:
        short = 0  # 甲 | 86 | : the last cell is blank, no bar stands before the first one
    if not short or not any(_has_number(cell) for cell in row[1:]):
        return False
    values = [cell for cell, sort in zip(row, sorts, strict=False) if sort == "value"]
    return "value" in sorts[len(row) :] or any(cell is not None and not _is_value(cell) for cell in values)


def _has_number(cell: Cell | None) -> bool:
    return cell is not None and any(symbol.isdigit() for symbol in cell.content.text)


def _is_value(cell: Cell) -> bool:
    """Whether a cell may stand in a column of values; 预期性, which a value column may hold too, is one shifted."""
    text = cell.content.text
    worded = VALUE.fullmatch(text) is not None and not text.endswith("性")
    return _has_number(cell) or text in MISSING_MARKS or worded
