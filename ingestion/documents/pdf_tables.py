"""Drawn lines of a page become tables: which cells they enclose, and what is printed inside.

What belongs here: rulings, cells, merged cells. What does not: PDFium (``pdf_page``), tables that go on overleaf
(``pdf_worker``). A table without vertical lines stays text in columns and is read as such (``text_tables``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingestion.documents.pdf_lines import Line, lines_of
from ingestion.documents.pdf_page import Glyph, Page, Rule

_SNAP = 3.0
"""Points within which two drawn lines are one."""
_MOST_CROSSINGS = 400_000
_PAGE_FRAME = 0.6
"""A single cell of more than this share of the page is the frame of the page."""


@dataclass(slots=True)
class PageBox:
    """A cell: its lines and the columns that it covers in one row."""

    left: float
    right: float
    columns: int
    lines: list[Line] = field(default_factory=list)

    def paragraph_ends(self) -> list[bool]:
        """A cell is wrapped at its own width: a line that does not fill it ends a paragraph when it closes one."""
        reach = max((line.right for line in self.lines), default=0.0)
        return [
            index == len(self.lines) - 1 or (line.text[-1] in "。；;！？" and reach - line.right > 1.5 * line.size)
            for index, line in enumerate(self.lines)
        ]


@dataclass(slots=True)
class PageTable:
    """A table of one page. ``rows`` holds indexes into ``boxes``; a cell over several rows stands in each."""

    page: int
    top: float
    xs: list[float]
    rows: list[list[int]]
    boxes: list[PageBox]
    glyphs: list[Glyph]

    def line_of(self, row: int) -> int | None:
        """Number of the first line on the page that is printed in a row."""
        numbers = [line.number for index in self.rows[row] for line in self.boxes[index].lines[:1]]
        return min(numbers) if numbers else None


def tables_of(page: Page) -> list[PageTable]:
    """The ruled tables of a page, from top to bottom."""
    across, down = _joined(page.horizontal), _joined(page.vertical)
    if not across or not down or len(across) * len(down) > _MOST_CROSSINGS:
        return []
    tables = []
    for rows, columns in _components(across, down):
        table = _table(page, rows, columns)
        if table is not None:
            tables.append(table)
    tables.sort(key=lambda table: -table.top)
    return _outermost(tables)


def _outermost(tables: list[PageTable]) -> list[PageTable]:
    """A table drawn inside a cell of another belongs to it; its glyphs are counted once."""
    kept: list[PageTable] = []
    taken: set[int] = set()
    for table in sorted(tables, key=lambda table: -len(table.glyphs)):
        if not any(id(glyph) in taken for glyph in table.glyphs):
            kept.append(table)
            taken.update(id(glyph) for glyph in table.glyphs)
    return sorted(kept, key=lambda table: -table.top)


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Rules of one line put together: those that touch or overlap."""
    joined: list[Rule] = []
    bands: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if bands and rule.at - bands[-1][-1].at <= _SNAP and rule.at - bands[-1][0].at <= 2 * _SNAP:
            bands[-1].append(rule)
        else:
            bands.append([rule])
    for band in bands:
        at = sum(rule.at for rule in band) / len(band)
        start = end = None
        for rule in sorted(band, key=lambda rule: rule.start):
            if start is None or end is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + _SNAP:
                end = max(end, rule.end)
            else:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None and end is not None:
            joined.append(Rule(at, start, end))
    return joined


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross each other, directly or over others."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.start - _SNAP <= column.at <= row.end + _SNAP
                and column.start - _SNAP <= row.at <= column.end + _SNAP
            ):
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(column)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _places(values: Sequence[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _SNAP:
            places.append(value)
    return places


def _table(page: Page, across: list[Rule], down: list[Rule]) -> PageTable | None:
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    xs = _places([*(rule.at for rule in down), left, right])
    ys = _places([rule.at for rule in across])[::-1]
    if len(xs) < 2 or len(ys) < 2:
        return None
    single = len(xs) == 2 and len(ys) == 2
    if single and (xs[1] - xs[0]) * (ys[0] - ys[1]) > _PAGE_FRAME * page.width * page.height:
        return None
    regions = _regions(xs, ys, across, down)
    boxes: list[PageBox] = []
    rows: list[list[int]] = []
    index_of: dict[tuple[int, int], int] = {}
    for row in range(len(ys) - 1):
        indexes: list[int] = []
        column = 0
        while column < len(xs) - 1:
            region, begin = regions[row][column], column
            while column < len(xs) - 1 and regions[row][column] == region:
                column += 1
            key = (region, column - begin)
            if key not in index_of:
                index_of[key] = len(boxes)
                boxes.append(PageBox(xs[begin], xs[column], column - begin))
            indexes.append(index_of[key])
        rows.append(indexes)
    return _filled(page, PageTable(page.number, ys[0], xs, rows, boxes, []), ys)


def _regions(xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]) -> list[list[int]]:
    """For each slot the number of the cell that it belongs to: slots without a line between them are one cell."""
    width, height = len(xs) - 1, len(ys) - 1
    walls = [[False] * (width + 1) for _ in range(height)]
    floors = [[False] * width for _ in range(height + 1)]
    for rule in down:
        column = min(range(len(xs)), key=lambda i: abs(xs[i] - rule.at))
        for row in range(height):
            if rule.start - _SNAP <= (ys[row] + ys[row + 1]) / 2 <= rule.end + _SNAP:
                walls[row][column] = True
    for rule in across:
        row = min(range(len(ys)), key=lambda i: abs(ys[i] - rule.at))
        for column in range(width):
            if rule.start - _SNAP <= (xs[column] + xs[column + 1]) / 2 <= rule.end + _SNAP:
                floors[row][column] = True
    regions = [[-1] * width for _ in range(height)]
    count = 0
    for row in range(height):
        for column in range(width):
            if column and not walls[row][column]:
                regions[row][column] = regions[row][column - 1]
            elif row and not floors[row][column]:
                regions[row][column] = regions[row - 1][column]
            else:
                regions[row][column] = count
                count += 1
    return regions


def _filled(page: Page, table: PageTable, ys: list[float]) -> PageTable | None:
    """The table with the glyphs of its cells, or None where it holds none."""
    inside: dict[int, list[Glyph]] = {}
    rising = [-y for y in ys]
    for glyph in page.glyphs:
        x, y = (glyph.left + glyph.right) / 2, glyph.y + 0.3 * glyph.size
        column, row = bisect_right(table.xs, x) - 1, bisect_right(rising, -y) - 1
        if 0 <= column < len(table.xs) - 1 and 0 <= row < len(ys) - 1:
            position = 0
            for index in table.rows[row]:
                position += table.boxes[index].columns
                if column < position:
                    inside.setdefault(index, []).append(glyph)
                    break
    if not inside:
        return None
    for index, glyphs in inside.items():
        table.boxes[index].lines = lines_of(glyphs)
        table.glyphs.extend(glyphs)
    return table
