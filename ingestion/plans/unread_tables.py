"""Tables that hold numbers of our indicators and that no reader understands: each is refused once, by its place.

What belongs here: telling such a table from those that are none of ours (projects, tasks, contents). What does not:
rows and columns of tables that are read (``tables``, ``place_tables``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingestion.documents.delimited import BAR, TAB, split_row
from ingestion.documents.limits import MAX_HEADER_CHARACTERS
from ingestion.documents.model import Cell, TextDocument
from ingestion.documents.value_cells import BARE
from ingestion.plans.names import Names
from ingestion.plans.tables import TableQuantity, is_ours, refused

_Row = Sequence[Cell | None]
_LONGEST_NAME = 40
_REASON = "这张表有指标的数，但看不出各栏是哪一年、什么性质，整表未读；请在表头中写明指标、年份（或目标、完成）和地区"


def unread_tables(document: TextDocument, taken: Iterable[tuple[int, int]], names: Names) -> Iterator[TableQuantity]:
    """One refusal for each such table.

    Args:
        document: the text with its real tables.
        taken: first and last line of every table that was read.
        names: names of indicators as the plan uses them.
    """
    inside = {line for first, last in taken for line in range(first, last + 1)}
    for grid in document.grids:
        if grid.first not in inside and _holds_ours(grid.rows, names):
            yield _refused(grid.rows)
        inside.update(range(grid.first, grid.last + 1))
    for rows in _typed(document, inside):
        if _holds_ours(rows, names):
            yield _refused(rows)


def _typed(document: TextDocument, inside: set[int]) -> Iterator[list[_Row]]:
    """Stretches of at least two lines with the same delimiter."""
    if not any(mark.search(document.text) for mark in (BAR, TAB)):
        return
    rows: list[_Row] = []
    before = None
    for index, line in enumerate(document.lines):
        fits = index not in inside and len(line.text) <= MAX_HEADER_CHARACTERS
        mark = next((mark for mark in (BAR, TAB) if mark.search(line.text.strip())), None) if fits else None
        if mark is None and not line.text.strip():
            continue
        if mark is not before or mark is None:
            if len(rows) > 1:
                yield rows
            rows = []
        before = mark
        if mark is not None:
            rows.append(split_row(line, mark))
    if len(rows) > 1:
        yield rows


def _holds_ours(rows: Sequence[_Row], names: Names) -> bool:
    """Whether a row that begins with the name of an indicator, or a column headed by one, holds a bare number."""
    for row in rows[1:]:
        cells = list({id(cell): cell for cell in row if cell is not None}.values())
        if any(_is_number(cell) for cell in cells) and any(_is_name(cell, names) for cell in cells[:3]):
            return True
    heads = [index for index, cell in enumerate(rows[0]) if cell is not None and _is_name(cell, names)] if rows else []
    return any(_is_number(row[index]) for row in rows[1:] for index in heads if index < len(row))


def _is_number(cell: Cell | None) -> bool:
    text = cell.content.text if cell is not None and len(cell.content.text) < _LONGEST_NAME else ""
    return any(symbol.isdigit() for symbol in text) and BARE.fullmatch(text) is not None


def _is_name(cell: Cell, names: Names) -> bool:
    return len(cell.content.text) <= _LONGEST_NAME and is_ours(cell, names)


def _refused(rows: Sequence[_Row]) -> TableQuantity:
    cells = [cell for row in rows for cell in row if cell is not None]
    last = max(cell.line_end for cell in cells)
    return refused(Cell(cells[0].content, cells[0].line_start, last, cells[0].place), "columns_unclear", _REASON)
