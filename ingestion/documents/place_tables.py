"""Tables of regions: regions down and indicators across, or indicators down and regions across.

What belongs here: telling such a table by its headers and its labels, its columns with all that stands over them. What
does not: tables of one region (``tables``), lines typed into text (``place_lines``), what a region's name means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingestion.documents.headers import PERIOD, Column, Header, column_of
from ingestion.documents.model import Cell
from ingestion.documents.tables import Unread, finished
from ingestion.documents.value_cells import BARE, VALUE
from ingestion.quantity import MISSING_MARKS

PLACE_HEAD = (
    r"(?:指标[\\/、])?(?:各|所属|所在)?(?:[省市州县区旗盟地域、/,()]{2,12}|行政区划?|城市|省份|市县|填报单位|单位)(?:\(园区\))?"
    r"(?:名称|别|名)?(?:[\\/、]指标)?"
)
_PLACE_HEAD = re.compile(PLACE_HEAD)
_OWN = re.compile(r"[全我本][国省市州盟县旗区]|全自治区|合计|总计|总数|全[省市州盟县旗区](?:合计|总计|平均|总数)")
_MARKS = re.compile(r"^(?:#|其中[:,]?|[(]?\d{1,3}[).、]?)+")
_PLACE_FORM = re.compile(r"[\u4e00-\u9fff]{1,12}(?:省|市|州|盟|县|区|旗|本级)")
_OF_PROJECTS = re.compile(r"项目|任务|内容|措施|举措|责任|建设地点|承担|承办|企业名称|单位名称|起止|进度安排")
_MOST_HEADER_ROWS = 3
_PLAIN_YEAR = re.compile(r"[\[(]?(?:19|20)\d\d年?[\])]?")

Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class PlaceColumn:
    """A column with the texts over it, the outermost first, and the region among them where regions stand across."""

    sort: str
    """place, name, unit, value, other"""
    parts: tuple[str, ...]
    place: str = ""

    @property
    def header(self) -> str:
        """The header as a whole."""
        return "".join((self.place, *self.parts))


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """A table of regions; every row has one cell (or None) for each column."""

    title: str
    columns: tuple[PlaceColumn, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    first: int
    last: int
    """Indexes of the first and last line that belong to it, header included."""
    unit: str | None
    """A unit printed once for the whole table."""
    unread: tuple[Unread, ...] = ()


def label_of(text: str) -> str:
    """The name inside a label: without 其中, #, list numbers."""
    return _MARKS.sub("", text)


def is_own(label: str) -> bool:
    """Whether a label means the whole that the table is about, or a region by its level: 全市, 合计."""
    return _OWN.fullmatch(label) is not None


def _is_known(label: str, names: Collection[str]) -> bool:
    return label_of(label) in names or is_own(label_of(label))


def _is_place(label: str, names: Collection[str]) -> bool:
    return _is_known(label, names) or _PLACE_FORM.fullmatch(label_of(label)) is not None


def place_columns(rows: Sequence[Row], names: Collection[str]) -> tuple[tuple[PlaceColumn, ...], int] | None:
    """The columns of a table of regions and the number of rows of its header, or None where it is no such table.

    Args:
        rows: all rows, equally long, header included; a merged cell stands in every slot that it covers.
        names: the names of regions.
    """
    for top, row in enumerate(rows[:_MOST_HEADER_ROWS]):
        cells = {id(cell): cell for cell in row if cell is not None}
        if len(cells) <= 1:
            continue
        return _regions_down(rows, top, names) or _regions_across(rows, top, names)
    return None


def place_rows(columns: Sequence[PlaceColumn], rows: Sequence[Row]) -> tuple[tuple[Cell | None, ...], ...]:
    """The data rows: labels whole and without marks of notes, each value once, rows of groups left out."""
    label = "place" if any(column.sort == "place" for column in columns) else "name"
    sorts = ["name" if c.sort == label else "other" if c.sort == "name" else c.sort for c in columns]
    header = Header(tuple(Column(c.header, sort) for c, sort in zip(columns, sorts, strict=True)), 1)
    return finished(header, rows)


def _regions_down(rows: Sequence[Row], top: int, names: Collection[str]) -> tuple[tuple[PlaceColumn, ...], int] | None:
    heads = [i for i, cell in enumerate(rows[top][:3]) if cell and _PLACE_HEAD.fullmatch(cell.content.text)]
    if not heads:
        return None
    # of 区域 | 市州 the one with the regions; the other one groups them
    at = max(heads, key=lambda index: _regions_in(rows[top + 1 :], index, names))
    count = top + 1
    while count < min(len(rows), top + _MOST_HEADER_ROWS) and _goes_on(rows[count], rows[top][at], at):
        count += 1
    body = rows[count:]
    labels = [row[at] for row in body if row[at] is not None and any(_is_number(cell) for cell in row)]
    if not any(label is not None and _is_known(label.content.text, names) for label in labels):
        return None
    columns: list[PlaceColumn] = []
    for index in range(len(rows[top])):
        parts = _parts(rows[top:count], index)
        sort = "place" if index == at else _sort(parts, [row[index] for row in body])
        if sort == "text" and _OF_PROJECTS.search("".join(parts)):
            return None
        columns.append(PlaceColumn("other" if sort == "text" else sort, parts))
    return (tuple(columns), count) if any(column.sort == "value" for column in columns) else None


def _regions_in(rows: Sequence[Row], index: int, names: Collection[str]) -> int:
    return sum(1 for row in rows if (cell := row[index]) is not None and label_of(cell.content.text) in names)


def _regions_across(
    rows: Sequence[Row], top: int, names: Collection[str]
) -> tuple[tuple[PlaceColumn, ...], int] | None:
    heads = [column_of(cell.content.text) if cell is not None else None for cell in rows[top]]
    at = max((i for i, head in enumerate(heads) if head is not None and head.sort == "name"), default=None)
    if at is None:
        return None
    count = top + 1
    while count < min(len(rows), top + _MOST_HEADER_ROWS) and _goes_on(rows[count], rows[top][at], at):
        count += 1
    columns: list[PlaceColumn] = []
    known: set[str] = set()
    for index, head in enumerate(heads):
        parts = _parts(rows[top:count], index)
        place, rest = _place_in(parts, names)
        if index == at:
            columns.append(PlaceColumn("name", parts))
        elif place:
            columns.append(PlaceColumn("value", rest, place))
            known |= {place} if _is_known(place, names) else set()
        else:
            sort = head.sort if head is not None and head.sort in ("unit", "nature", "serial") else "other"
            columns.append(PlaceColumn(sort, parts))
    places = {column.place for column in columns if column.place}
    return (tuple(columns), count) if len(places) >= 2 and known else None


def _place_in(parts: Sequence[str], names: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The region among the texts over a column, and the other texts, the time beside the region (贵阳市2025年) too."""
    for index, part in enumerate(parts):
        period = PERIOD.match(part) or next(iter(PERIOD.finditer(part)), None)
        time = period.group() if period is not None else ""
        plain = (part.replace(time, "", 1) if time else part).strip("()[]")
        if plain and _is_place(plain, names) and column_of(plain) is None:
            return label_of(plain), (*parts[:index], *((time,) if time else ()), *parts[index + 1 :])
    return "", tuple(parts)


def _goes_on(row: Row, head: Cell | None, at: int) -> bool:
    """Whether a row below a header is one of headers too: no label of its own, and no number but years."""
    label = row[at]
    if label is not None and label is not head and not _PLACE_HEAD.fullmatch(label.content.text):
        return False
    texts = [cell.content.text for cell in row if cell is not None and cell is not label]
    return bool(texts) and not any(BARE.fullmatch(text) and not _PLAIN_YEAR.fullmatch(text) for text in texts)


def _parts(header: Sequence[Row], index: int) -> tuple[str, ...]:
    """The texts over a column; one left blank above another goes on from the left."""
    found: list[Cell] = []
    for number, row in enumerate(header):
        cell = row[index]
        is_last = number == len(header) - 1
        if cell is None and not is_last and header[number + 1][index] is not None:
            cell = next((left for left in reversed(row[:index]) if left is not None), None)
        if cell is not None and not any(cell is other for other in found):
            found.append(cell)
    return tuple(cell.content.text for cell in found)


def _sort(parts: Sequence[str], cells: Sequence[Cell | None]) -> str:
    head = column_of("".join(parts))
    if head is not None and head.sort in ("name", "unit"):
        return head.sort
    if head is not None and head.sort in ("serial", "other", "nature"):
        return "other"
    if any(_is_number(cell) for cell in cells):
        return "value"
    return "text" if any(cell is not None and cell.content.text not in MISSING_MARKS for cell in cells) else "other"


def _is_number(cell: Cell | None) -> bool:
    if cell is None or not VALUE.fullmatch(cell.content.text):
        return False
    return any(symbol.isdigit() for symbol in cell.content.text)
