"""Tables of indicators: the one form that real tables and tables typed into text both become.

What belongs here: from a grid of cells to columns and rows; which grids are tables of indicators; rows of groups,
merged cells, marks of notes, rows that go on. What does not: tables typed into text (``text_tables``), what a header
says (``headers``), what a row means (``plans.tables``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.documents.headers import Column, Header, header_of
from ingestion.documents.model import Cell, Grid, Joined, TextDocument, TextLine
from ingestion.quantity import squeeze

__all__ = ["Cell", "Column", "Table", "Unread", "finished", "grid_tables", "table_of"]

_SENTENCE = re.compile(r"[。;!?]")
_CAPTION_UNIT = re.compile(r"[(]?单位[:](?P<unit>[^)]{1,8})[)]?")
_INTRODUCES = re.compile(
    r"(?P<title>[^。;!?|]{4,60}?)(?:情况|数据|指标|目标|结果)?(?:具体|详细)?"
    r"(?:(?:列表)?如下(?:表(?:所示)?)?|如?下表所示|(?:详?见|如)(?:下表|附?表\d{0,2})(?:所示)?)[。:]"
)
"""2025年,各县高新技术企业情况如下。 right above a table is its title."""
_CONTINUED = re.compile(r"[(]?续(?:表|上表)?\d{0,2}[)]?|.{0,30}[(]续[)]|[(]?单位[:][^)]{1,8}[)]?")
_VALUE_NOTE = re.compile(r"(?<=[\d%‰家个件项人元上右])(?:\[\d{1,2}\]|[①-⑳¹²³⁴-⁹*※#†])+$")
_NAME_NOTE = re.compile(r"(?:\[\d{1,2}\]|[①-⑳¹²³⁴-⁹*※†])+$")
_NAME_LEAD = re.compile(r"(?:其中[:,]?|[#●•·○◆]|\(\d{1,2}\)[.、]?|\d{1,2}[.、](?!\d)|[①-⑳]){1,3}")
_PART_NAME = re.compile(
    r"(?:总量|总额|总数|总值|数量|个数|规模|强度|水平|占比|比重|比例|比率|增速|增长|增长率|增加值|年均|人均|占|其中|[#(]).{0,20}"
    r"|(?:企业|高校|政府|省级|市级|国家级|县级).{0,6}|每万人口?(?:拥有量)?(?:[(][^()]*[)])?"
)
"""The second half of a name whose first half stands in a merged cell before it (R&D经费投入 | 总量, 强度)."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a table that is plainly one of values and cannot be read: where it stands, and why."""

    cell: Cell
    reason_code: str
    reason: str
    """A Chinese sentence with a remedy."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has one cell (or None) for each column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    first: int
    last: int
    """Indexes of the first and last line that belong to it, header included."""
    unit: str | None
    """A unit printed once for the whole table."""
    unread: tuple[Unread, ...] = ()
    """What is refused of it; a table refused as a whole has no rows."""


def grid_tables(document: TextDocument) -> Iterator[Table]:
    """The tables of indicators among the real tables of a document, in order."""
    before: tuple[Table, Header] | None = None
    for grid in document.grids:
        found = _with_header(document.lines, grid, before)
        if found is not None:
            before = found
            if found[0].rows or found[0].unread:
                yield found[0]


def _with_header(
    lines: Sequence[TextLine], grid: Grid, before: tuple[Table, Header] | None
) -> tuple[Table, Header] | None:
    header = header_of(grid.rows)
    if header is not None:
        title, unit = caption(lines, grid, header)
        if before is not None and not title and goes_on(lines, before[0].last, grid):
            title, unit = before[0].title, unit or before[0].unit
        data = grid.rows[header.rows :]
        unread = tuple(_ambiguous(header, data))
        return Table(title, header.columns, finished(header, data), grid.first, grid.last, unit, unread), header
    if before is None or not goes_on(lines, before[0].last, grid):
        return None
    table, carried = before
    if len(grid.rows[0]) != len(carried.columns):
        return None
    rows, unread = finished(carried, grid.rows), tuple(_ambiguous(carried, grid.rows))
    return Table(table.title, carried.columns, rows, grid.first, grid.last, table.unit, unread), carried


def _ambiguous(header: Header, rows: Sequence[Sequence[Cell | None]]) -> Iterator[Unread]:
    """Numbers in a cell over several columns of values: it says not which of them it belongs to."""
    values = [index for index, column in enumerate(header.columns) if column.sort == "value"]
    for row in rows:
        cells = [cell for index in values if (cell := row[index]) is not None]
        twice = {id(cell): cell for number, cell in enumerate(cells) if any(cell is other for other in cells[:number])}
        for cell in twice.values():
            if any(symbol.isdigit() for symbol in cell.content.text) and any(other is not cell for other in row):
                yield Unread(cell, "columns_unclear", f"“{cell.content.text}”跨了几栏，看不出属于哪一栏，请拆分单元格")


def goes_on(lines: Sequence[TextLine], last: int, grid: Grid) -> bool:
    """Whether nothing but blank lines and a mark of continuation stands between a table and the next grid."""
    if grid.first - last > 6:
        return False
    between = [squeeze(line.text) for line in lines[last + 1 : grid.first]]
    return all(not text or (len(text) <= 40 and _CONTINUED.fullmatch(text)) for text in between)


def caption(lines: Sequence[TextLine], grid: Grid, header: Header) -> tuple[str, str | None]:
    """Title and unit of a grid: rows above its header, else the lines above it."""
    title, unit = context(lines, grid.first)
    for row in grid.rows[: header.rows]:
        texts = {cell.content.text for cell in row if cell is not None}
        if len(texts) != 1:
            continue
        text = texts.pop()
        printed = _CAPTION_UNIT.fullmatch(text)
        if printed:
            unit = printed["unit"]
        else:
            title = text
    return title, unit


def context(lines: Sequence[TextLine], first: int) -> tuple[str, str | None]:
    """Title line and unit line above a table, looking back over a few lines."""
    title, unit = "", None
    index = first - 1
    seen = 0
    while index >= 0 and seen < 2 and first - index < 8:
        text = squeeze(lines[index].text) if len(lines[index].text) <= 200 else "。"
        index -= 1
        if not text:
            continue
        seen += 1
        printed = _CAPTION_UNIT.fullmatch(text)
        if printed:
            unit = printed["unit"]
        elif len(text) <= 40 and not _SENTENCE.search(text) and "|" not in text:
            return text, unit
        elif (told := _INTRODUCES.fullmatch(text)) is not None:
            return told["title"], unit
        else:
            break
    return title, unit


def table_of(
    lines: Sequence[TextLine],
    header: Header,
    rows: Sequence[Sequence[Cell | None]],
    first: int,
    last: int,
    unread: Sequence[Unread] = (),
) -> Table | None:
    """The table that rows below a header make, or None where they hold nothing; ``unread`` is refused with it."""
    done = finished(header, rows)
    if not done and not unread:
        return None
    title, unit = context(lines, first)
    return Table(title, header.columns, done, first, last, unit, tuple(unread))


# --- rows ---------------------------------------------------------------------------------------------


def finished(header: Header, rows: Sequence[Sequence[Cell | None]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Data rows: names whole and without marks, each value once, rows that only label a group left out."""
    name_at = next(index for index, column in enumerate(header.columns) if column.sort == "name")
    done: list[list[Cell | None]] = []
    used: set[int] = set()
    for source in rows:
        row: list[Cell | None] = list(source[: len(header.columns)])
        row += [None] * (len(header.columns) - len(row))
        cells = {id(cell) for cell in row if cell is not None}
        if not cells or (len(cells) == 1 and len(row) > 1 and None not in row):
            continue
        spanned = _spanned(row)
        name = _name(row, name_at, header.outer)
        for index, column in enumerate(header.columns):
            cell = row[index]
            if column.sort != "value" or cell is None:
                continue
            # A cell over several rows is one figure: it is read where it begins. One over several columns says
            # not which of them it belongs to.
            if id(cell) in used or cell is row[name_at] or id(cell) in spanned:
                row[index] = None
                continue
            used.add(id(cell))
            row[index] = _without(cell, _VALUE_NOTE)
        row[name_at] = name
        if done and _is_rest_of_name(row, name_at, done[-1][name_at]):
            done[-1][name_at] = _both(done[-1][name_at], row[name_at])
            continue
        done.append(row)
    return tuple(tuple(row) for row in done)


def _spanned(row: Sequence[Cell | None]) -> set[int]:
    """Cells that stand in more than one column of a row."""
    seen: set[int] = set()
    again: set[int] = set()
    for cell in row:
        if cell is not None:
            (again if id(cell) in seen else seen).add(id(cell))
    return again


def _name(row: Sequence[Cell | None], at: int, outer: int | None) -> Cell | None:
    own = row[at]
    before = row[outer] if outer is not None else None
    if own is None:
        own, before = before, None
    if own is None:
        return None
    cut = _without(own, _NAME_NOTE)
    lead = _NAME_LEAD.match(cut.content.text)
    if lead and lead.end() < len(cut.content.text):
        cut = _replaced(cut, cut.content.cut(lead.end()))
    if before is not None and before is not own and _PART_NAME.fullmatch(cut.content.text):
        return _both(_without(before, _NAME_NOTE), cut)
    return cut


def _is_rest_of_name(row: Sequence[Cell | None], name_at: int, above: Cell | None) -> bool:
    """Whether a row is only the second line of the name above: a bracket was left open or begins here."""
    name = row[name_at]
    if name is None or above is None or name.line_start == above.line_start:
        return False
    if any(cell is not None for index, cell in enumerate(row) if index != name_at):
        return False
    text = above.content.text
    return text.count("(") > text.count(")") or name.content.text[:1] in ("(", ")", "%")


def _without(cell: Cell, mark: re.Pattern[str]) -> Cell:
    """The cell without a mark of a note behind its text."""
    match = mark.search(cell.content.text[-12:])
    if match is None:
        return cell
    end = len(cell.content.text) - (len(cell.content.text[-12:]) - match.start())
    return _replaced(cell, cell.content.cut(0, end)) if end else cell


def _replaced(cell: Cell, content: Joined) -> Cell:
    return Cell(content, cell.line_start, cell.line_end, cell.place)


def _both(left: Cell | None, right: Cell | None) -> Cell | None:
    if left is None or right is None:
        return left or right
    return Cell(
        left.content.followed_by(right.content),
        min(left.line_start, right.line_start),
        max(left.line_end, right.line_end),
        right.place,
    )
