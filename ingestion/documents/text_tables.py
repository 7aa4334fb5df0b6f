"""Tables typed into text: pipe rows, tab-separated rows, blank-separated rows, one cell per line.

What belongs here: where such a table begins and ends, and its cells with their lines. What does not: what the cells
are (``headers``, ``tables``). A run of lines is a table only under a header that names a column of names and at
least one column of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingestion.documents.columns import blank_separated
from ingestion.documents.headers import Column, Header, column_of, header_of, is_target_header
from ingestion.documents.limits import MAX_HEADER_CHARACTERS
from ingestion.documents.model import Cell, TextLine, join_lines, part_of
from ingestion.documents.tables import Table, table_of
from ingestion.quantity import fold

_SENTENCE = re.compile(r"[。;!?]")
_RULE = re.compile(r"[\s|:+\-─━—│┃├┼┤]+")
_BAR = re.compile(r"[|│┃]")
_TAB = re.compile("\t")
_NAMED = re.compile(r"指|项\s*目|名\s*称|序\s*号|编\s*号")
_SERIAL = re.compile(r"[(（]?\d{1,3}[)）.、]?")
_VALUE = re.compile(
    r"[≥≤><=＞＜约]*\s*\[?[-+]?\d[\d,.]*\]?(?:[-—~]\d[\d.]*)?(?:[%‰]|\D{0,6})|[—–…-]+|倍增|翻一?番|约束性|预期性"
)


def may_begin_table(text: str) -> bool:
    """Whether a line has a word that every header of a table of indicators has."""
    return len(text) <= MAX_HEADER_CHARACTERS and _NAMED.search(text) is not None


def table_at(lines: Sequence[TextLine], index: int) -> Table | None:
    """The table typed into the text whose header begins with the line at ``index``, or None."""
    text = lines[index].text
    found = None
    if _BAR.search(text):
        found = _delimited(lines, index, _BAR)
    if found is None and "\t" in text.strip():
        found = _delimited(lines, index, _TAB)
    if found is None:
        found = blank_separated(lines, index) or _cell_per_line(lines, index)
    return found


# --- rows with a delimiter --------------------------------------------------------------------------


def _split(line: TextLine, mark: re.Pattern[str]) -> list[Cell | None]:
    edges = [match.span() for match in mark.finditer(line.text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(line.text)]
    cells = [cell_of(line, start, end) for start, end in zip(starts, ends, strict=True)]
    if mark is _BAR:
        cells = cells[1:] if cells and cells[0] is None else cells
        cells = cells[:-1] if cells and cells[-1] is None else cells
    return cells


def cell_of(line: TextLine, start: int, end: int) -> Cell | None:
    """A stretch of a line as a cell, or None where it is blank."""
    content = join_lines((part_of(line, start, end),))
    return Cell(content, line.number, line.number) if content.text else None


def _delimited(lines: Sequence[TextLine], index: int, mark: re.Pattern[str]) -> Table | None:
    head = [_split(lines[index], mark)]
    head += [_split(lines[position], mark) for position in _following(lines, index, mark, 2)]
    width = max(len(row) for row in head)
    header = header_of([row + [None] * (width - len(row)) for row in head])
    if header is None:
        return None
    rows: list[list[Cell | None]] = []
    last = index
    for position in _following(lines, index, mark, len(lines)):
        rows.append(_split(lines[position], mark))
        last = position
    return table_of(lines, header, rows[header.rows - 1 :], index, last)


def _following(lines: Sequence[TextLine], index: int, mark: re.Pattern[str], most: int) -> Iterator[int]:
    """Indexes of the rows below a line: neither blank nor rulings, until something else stands there."""
    last = position = index
    while position + 1 < len(lines) and most:
        position += 1
        line = lines[position]
        if not line.text.strip() or (mark is _BAR and _RULE.fullmatch(line.text)):
            if position - last > 3:
                return
            continue
        if not mark.search(line.text.strip("\n")) or _SENTENCE.search(fold(line.text)):
            return
        last = position
        most -= 1
        yield position


# --- one cell per line ------------------------------------------------------------------------------


def _cell_per_line(lines: Sequence[TextLine], index: int) -> Table | None:
    first = column_of(lines[index].text) if len(lines[index].text) < 30 else None
    if first is None or first.sort not in ("serial", "name"):
        return None
    columns: list[Column] = []
    position = index
    last = index
    while position < len(lines) and len(columns) < 12 and position - last <= 5:
        text = lines[position].text
        if text.strip():
            column = column_of(text) if len(text) < 30 else None
            if column is None or (column.sort == "name" and columns and columns[-1].sort == "name"):
                break
            columns.append(column)
            last = position
        position += 1
    if not is_target_header(columns):
        return None
    rows, last = _rows_below(lines, position, columns, last)
    return table_of(lines, Header(tuple(columns), 1), rows, index, last) if rows else None


def _rows_below(
    lines: Sequence[TextLine], position: int, columns: Sequence[Column], last: int
) -> tuple[list[list[Cell | None]], int]:
    rows: list[list[Cell | None]] = []
    row: list[Cell | None] = []
    blanks = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if not line.text.strip():
            blanks += 1
            if blanks > 4:
                break
            continue
        blanks = 0
        cell = cell_of(line, 0, len(line.text)) if len(line.text) <= MAX_HEADER_CHARACTERS else None
        if cell is None or not _fits(cell, columns[len(row)].sort):
            break
        row.append(cell)
        if len(row) == len(columns):
            rows.append(row)
            row = []
            last = position - 1
    return rows, last


def _fits(cell: Cell, sort: str) -> bool:
    text = cell.content.text
    if sort == "value":
        return _VALUE.fullmatch(text) is not None
    if sort == "serial":
        return _SERIAL.fullmatch(text) is not None
    return len(text) <= 60 and not _SENTENCE.search(text)
