"""Tables typed into text: pipe rows, tab-separated rows, blank-separated rows, one cell per line.

What belongs here: where such a table begins and ends, and its cells with their lines. What does not: what the cells
are (``headers``, ``tables``). A run of lines is a table only under a header that names a column of names and at
least one column of values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingestion.documents.columns import blank_separated
from ingestion.documents.delimited import BAR, TAB, cell_of, following, split_row
from ingestion.documents.headers import Column, Header, column_of, header_of, is_target_header
from ingestion.documents.limits import MAX_HEADER_CHARACTERS
from ingestion.documents.model import Cell, TextLine
from ingestion.documents.place_lines import typed_place_table
from ingestion.documents.place_tables import PlaceTable
from ingestion.documents.tables import Table, Unread, table_of
from ingestion.documents.uneven_rows import astray, is_uneven
from ingestion.documents.value_cells import VALUE

_SENTENCE = re.compile(r"[。;!?]")
_NAMED = re.compile(r"指|项\s*目|名\s*称|序\s*号|编\s*号")
_SERIAL = re.compile(r"[(（]?\d{1,3}[)）.、]?")


def table_at(lines: Sequence[TextLine], index: int, names: Collection[str] = ()) -> Table | PlaceTable | None:
    """The table typed into the text whose header begins with the line at ``index``, or None.

    Args:
        lines: the lines of the text.
        index: the line that is asked about.
        names: names of regions; without them no table of regions is found.
    """
    text = lines[index].text
    if len(text) > MAX_HEADER_CHARACTERS:
        return None
    placed = typed_place_table(lines, index, names)
    if placed is not None or not _NAMED.search(text):
        return placed
    found = None
    if BAR.search(text):
        found = _delimited(lines, index, BAR)
    if found is None and "	" in text.strip():
        found = _delimited(lines, index, TAB)
    if found is None:
        found = blank_separated(lines, index) or _cell_per_line(lines, index)
    return found


# --- rows with a delimiter --------------------------------------------------------------------------


def _delimited(lines: Sequence[TextLine], index: int, mark: re.Pattern[str]) -> Table | None:
    head = [split_row(lines[index], mark)]
    head += [split_row(lines[position], mark) for position in following(lines, index, mark, 2)]
    width = max(len(row) for row in head)
    header = header_of([row + [None] * (width - len(row)) for row in head])
    if header is None:
        return None
    sorts = [column.sort for column in header.columns]
    rows: list[list[Cell | None]] = []
    unread: list[Unread] = []
    last = index
    for number, position in enumerate(following(lines, index, mark, len(lines)), start=1):
        last = position
        row = split_row(lines[position], mark)
        if number < header.rows:
            continue
        if is_uneven(lines[position], row, sorts):
            unread.append(astray(lines[position]))
        else:
            rows.append(row)
    return table_of(lines, header, rows, index, last, unread)


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
        return VALUE.fullmatch(text) is not None
    if sort == "serial":
        return _SERIAL.fullmatch(text) is not None
    return len(text) <= 60 and not _SENTENCE.search(text)
