"""Tables whose columns are parted by blanks, in text and in a PDF without drawn lines.

What belongs here: taking such lines apart, by the count of their words and else by where they stand. What does not:
other tables typed into text (``text_tables``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.documents.headers import COLUMN, Column, Header, column_of, is_target_header
from ingestion.documents.model import Cell, TextLine, join_lines, part_of
from ingestion.documents.tables import Table, table_of
from ingestion.quantity import fold, squeeze

_SENTENCE = re.compile(r"[。;!?]")
_TOKEN = re.compile(r"\S+")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_SERIAL = re.compile(r"[(（]?\d{1,3}[)）.、]?")
_VALUE = re.compile(
    r"[≥≤><=＞＜约]*\s*\[?[-+]?\d[\d,.]*\]?(?:[-—~]\d[\d.]*)?(?:[%‰]|\D{0,6})|[—–…-]+|倍增|翻一?番|约束性|预期性"
)
_NEXT_PART = re.compile(r"第[一二三四五六七八九十]+[章节篇]|\(?[一二三四五六七八九十]+[)、]|专栏|注:")
_GAP = re.compile(r"\s{2,}")
_LIST_NUMBER = re.compile(r"\d{1,2}[.、](?!\d)")
_FARTHEST = 120
"""A row of such a table is one printed line; longer ones are text."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A column and where its header stands, in half widths."""

    column: Column
    start: int
    end: int

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def blank_separated(lines: Sequence[TextLine], index: int) -> Table | None:
    """The table whose header is the line at ``index``, or None."""
    places = _header(lines[index].text)
    if places is None:
        return None
    position = index
    under = _next_filled(lines, index)
    if under is not None:
        doubled = _two_lines(places, lines[under].text)
        if doubled is not None:
            places, position = doubled, under
    columns = [place.column for place in places]
    rows, last = _rows(lines, position, places)
    if not rows:
        return None
    return table_of(lines, Header(tuple(columns), 1), rows, index, last)


def _next_filled(lines: Sequence[TextLine], index: int) -> int | None:
    return next((at for at in range(index + 1, min(index + 4, len(lines))) if lines[at].text.strip()), None)


def _header(text: str) -> list[_Place] | None:
    if len(text) > 3 * _FARTHEST:
        return None
    folded = fold(text)
    if _SENTENCE.search(folded):
        return None
    found: list[tuple[Column, int, int]] = []
    position = 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        match = _one_header(folded, position)
        if match is None:
            return None
        end = position + len(match.group().rstrip())
        found.append((Column(squeeze(match.group()), str(match.lastgroup)), position, end))
        position = match.end()
    if not is_target_header([column for column, _, _ in found]) or len(squeeze(folded)) > 80:
        return None
    widths = _widths(text)
    return [_Place(column, widths[start], widths[end]) for column, start, end in found]


def _one_header(text: str, position: int) -> re.Match[str] | None:
    """The header at a place; 2015年 and 年均增长 far apart are two, 属  性 is one."""
    match = COLUMN.match(text, position)
    gap = _GAP.search(match.group().rstrip()) if match is not None else None
    return (gap and COLUMN.fullmatch(text, position, position + gap.start())) or match


def _widths(text: str) -> list[int]:
    """Where each character begins, in half widths; one more for the end."""
    widths = [0]
    for symbol in text:
        widths.append(widths[-1] + (1 if ord(symbol) < 0x2E80 and symbol not in "“”—…‘’" else 2))
    return widths


def _chunks(text: str) -> list[tuple[int, int, int, int]]:
    """Stretches parted by two blanks or more: start and end in characters, then in half widths."""
    plain = text.replace("\t", "  ").replace("\u3000", "  ") if "\t" in text or "\u3000" in text else text
    if plain != text:
        return []
    widths = _widths(text)
    return [(m.start(), m.end(), widths[m.start()], widths[m.end()]) for m in _CHUNK.finditer(text)]


def _two_lines(places: Sequence[_Place], text: str) -> list[_Place] | None:
    """The columns where a second line of headers stands below the first (2025年 over 目标值, 年均增长)."""
    if len(text) > 3 * _FARTHEST or _SENTENCE.search(fold(text)):
        return None
    widths = _widths(text)
    below: dict[int, list[_Place]] = {}
    for match in _TOKEN.finditer(text):
        own = column_of(match.group())
        if own is None or own.sort != "value" or COLUMN.fullmatch(own.header) is None:
            return None
        start, end = widths[match.start()], widths[match.end()]
        nearest = min(range(len(places)), key=lambda i: abs(places[i].middle - (start + end) / 2))
        above = places[nearest]
        if above.column.sort != "value":
            return None
        column = Column(above.column.header + own.header, "value")
        below.setdefault(nearest, []).append(_Place(column, start, end))
    if not below:
        return None
    return [part for index, place in enumerate(places) for part in below.get(index, [place])]


def _rows(lines: Sequence[TextLine], position: int, places: Sequence[_Place]) -> tuple[list[list[Cell | None]], int]:
    has_serial = any(place.column.sort == "serial" for place in places)
    columns = [place.column for place in places]
    rows: list[list[Cell | None]] = []
    pending: list[TextLine] = []
    last = position
    while position + 1 < len(lines) and position - last < 8:
        position += 1
        line = lines[position]
        if not line.text.strip():
            continue
        if len(line.text) > 3 * _FARTHEST or len(squeeze(line.text)) > _FARTHEST:
            break
        if _SENTENCE.search(fold(line.text)) or _ends_table(line.text, has_serial):
            break
        row = _row(columns, places, pending, line)
        if row is None and pending:
            around = _around(places, pending, lines, position)
            if around is not None:
                row, position = around
        if row is None:
            if _header(line.text) is not None and not pending:
                last = position  # the header again, on the next page
                continue
            pending.append(line)
            if len(pending) > 2:
                break
            continue
        rows.append(row)
        pending = []
        last = position
    return rows, last


def _row(
    columns: Sequence[Column], places: Sequence[_Place], pending: Sequence[TextLine], line: TextLine
) -> list[Cell | None] | None:
    """A row by the count of its words; where a category stands before the names, first by where they stand."""
    name_at = next(index for index, column in enumerate(columns) if column.sort == "name")
    grouped = any(column.sort == "other" for column in columns[:name_at])
    placed = _by_place(places, line) if grouped and not pending else None
    return placed or _by_count(columns, (*pending, line)) or _by_place(places, line)


def _ends_table(text: str, has_serial: bool) -> bool:
    stripped = fold(text).strip()
    if _NEXT_PART.match(stripped):
        return True
    return not has_serial and _LIST_NUMBER.match(stripped) is not None


def _by_count(columns: Sequence[Column], lines: Sequence[TextLine]) -> list[Cell | None] | None:
    """Split from the right: the columns behind the name hold one word each, all the rest is the name."""
    after = len(columns) - 1 - next(i for i, column in enumerate(columns) if column.sort == "name")
    line = lines[-1]
    tokens = [match.span() for match in _TOKEN.finditer(line.text)]
    if len(tokens) < after + (1 if len(lines) == 1 else 0):
        return None
    behind = tokens[len(tokens) - after :]
    for (start, end), column in zip(behind, columns[len(columns) - after :], strict=True):
        if column.sort == "value" and not _VALUE.fullmatch(fold(line.text[start:end])):
            return None
    front = tokens[: len(tokens) - after]
    before = len(columns) - after - 1
    first_line = lines[0]
    cells: list[Cell | None] = [None] * before
    begin = 0
    serial_at = next((index for index, column in enumerate(columns[:before]) if column.sort == "serial"), None)
    if serial_at is not None:
        match = _serial(first_line, serial_at)
        if match is None:
            return None
        cells[serial_at] = _cell(first_line, match.start(), match.end())
        begin = match.end()
    end = front[-1][1] if front else 0
    parts = [part_of(item, begin if item is first_line else 0, end if item is line else None) for item in lines]
    name = join_lines(parts)
    if not name.text:
        return None
    cells.append(Cell(name, lines[0].number, line.number))
    cells.extend(_cell(line, start, end) for start, end in behind)
    return cells


def _serial(line: TextLine, most: int) -> re.Match[str] | None:
    """The serial number that a row begins with, behind at most so many words of categories."""
    for count, token in enumerate(_TOKEN.finditer(line.text)):
        match = _SERIAL.match(line.text, token.start())
        if match is not None and (count == 0 or match.end() == token.end()):
            return match
        if count >= most:
            return None
    return None


def _around(
    places: Sequence[_Place], above: Sequence[TextLine], lines: Sequence[TextLine], position: int
) -> tuple[list[Cell | None], int] | None:
    """A row whose name is wrapped around its values, with as many lines below them as above, and its last line."""
    cells = _placed(places, lines[position])
    name_at = next(index for index, place in enumerate(places) if place.column.sort == "name")
    if cells is None or cells[name_at] is not None or not _has(cells, places, "value"):
        return None
    parts = list(above)
    at = position
    for _ in above:
        following = _next_filled(lines, at)
        if following is None:
            return None
        at = following
        parts.append(lines[at])
    for part in parts:
        own = _placed(places, part)
        if own is None or [index for index, cell in enumerate(own) if cell is not None] != [name_at]:
            return None
    cells[name_at] = Cell(join_lines(parts), parts[0].number, parts[-1].number)
    return cells, at


def _by_place(places: Sequence[_Place], line: TextLine) -> list[Cell | None] | None:
    """A row by where its stretches stand: it needs a name and a value."""
    cells = _placed(places, line)
    return cells if cells is not None and _has(cells, places, "name") and _has(cells, places, "value") else None


def _has(cells: Sequence[Cell | None], places: Sequence[_Place], sort: str) -> bool:
    return any(cell is not None and place.column.sort == sort for place, cell in zip(places, cells, strict=True))


def _placed(places: Sequence[_Place], line: TextLine) -> list[Cell | None] | None:
    """Each stretch goes to the column that it stands under; a column that none stands under is empty."""
    cells: list[Cell | None] = [None] * len(places)
    reached = -1
    for start, end, left, right in _chunks(line.text):
        nearest = min(range(len(places)), key=lambda i: _distance(places[i], left, right))
        sort = places[nearest].column.sort
        folded = fold(line.text[start:end])
        fits = _VALUE.fullmatch(folded) if sort == "value" else _SERIAL.fullmatch(folded) if sort == "serial" else True
        if nearest <= reached or not fits:
            return None
        reached = nearest
        cells[nearest] = _cell(line, start, end)
    return cells


def _distance(place: _Place, left: int, right: int) -> float:
    """How far a stretch stands from a header: nothing where they overlap, then by their middles."""
    overlap = min(place.end, right) - max(place.start, left)
    return -overlap if overlap > 0 else abs(place.middle - (left + right) / 2)


def _cell(line: TextLine, start: int, end: int) -> Cell | None:
    content = join_lines((part_of(line, start, end),))
    return Cell(content, line.number, line.number) if content.text else None
