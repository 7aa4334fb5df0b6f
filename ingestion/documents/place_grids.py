"""Tables of regions among the real tables of a document.

What belongs here: title and unit of such a grid, and a table that goes on with its header on the next page. What does
not: what the columns are (``place_tables``), tables typed into text (``place_lines``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ingestion.documents.headers import Header
from ingestion.documents.model import Grid, TextDocument, TextLine
from ingestion.documents.place_tables import PlaceColumn, PlaceTable, place_columns, place_rows
from ingestion.documents.tables import caption, goes_on


def place_grids(document: TextDocument, names: Collection[str]) -> Iterator[PlaceTable]:
    """The tables of regions among the real tables, in order."""
    before: PlaceTable | None = None
    for grid in document.grids if names else ():
        found = _place_grid(document.lines, grid, names, before)
        if found is not None:
            before = found
            yield found


def _place_grid(
    lines: Sequence[TextLine], grid: Grid, names: Collection[str], before: PlaceTable | None
) -> PlaceTable | None:
    follows = before is not None and goes_on(lines, before.last, grid)
    found = place_columns(grid.rows, names)
    if found is None:
        if not follows or before is None or len(grid.rows[0]) != len(before.columns):
            return None
        return _table(before.title, before.columns, grid, 0, before.unit)
    columns, count = found
    title, unit = caption(lines, grid, Header((), count))
    if follows and before is not None and not title:
        title, unit = before.title, unit or before.unit
    return _table(title, columns, grid, count, unit)


def _table(title: str, columns: tuple[PlaceColumn, ...], grid: Grid, count: int, unit: str | None) -> PlaceTable:
    return PlaceTable(title, columns, place_rows(columns, grid.rows[count:]), grid.first, grid.last, unit)
