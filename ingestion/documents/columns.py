"""Tables whose columns are parted by blanks, in text and in a PDF without drawn lines.

What belongs here: taking such lines apart, by the count of their words and else by where they stand. What does not:
other tables typed into text (``text_tables``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, islice, takewhile

from ingestion.documents.header_lines import (
    HeaderPlace,
    Votes,
    best_way,
    doubled,
    half_widths,
    header_ways,
    is_header_line,
    sub_headers,
)
from ingestion.documents.headers import COLUMN, Column, Header
from ingestion.documents.model import Cell, TextLine, join_lines, part_of
from ingestion.documents.tables import Table, Unread, context, table_of
from ingestion.documents.value_cells import BARE, VALUE, is_row_like, runs_on
from ingestion.quantity import fold, squeeze

_SENTENCE = re.compile(r"[。;!?]")
_TOKEN = re.compile(r"\S+")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_SERIAL = re.compile(r"[(（]?\d{1,3}[)）.、]?")
_NEXT_PART = re.compile(
    r"第[一二三四五六七八九十]+[章节篇]|\(?[一二三四五六七八九十]+[)、]|专栏|[图表附]\s?[\d一二三四五六七八九十]|注:"
)
_LIST_NUMBER = re.compile(r"\d{1,2}[.、](?!\d)")
_FARTHEST = 120
"""A row of such a table is one printed line; longer ones are text."""


_ROWS_ASKED = 60
"""Rows that settle how a line of headers is taken apart; the longest tables of targets have about as many."""


def blank_separated(lines: Sequence[TextLine], index: int) -> Table | None:
    """The table whose header is the line at ``index``, or None.

    Where the line can be taken apart in several ways, the rows decide. Where they bear out none, the table is refused.
    """
    ways = header_ways(lines[index].text)
    if not ways:
        return None
    under = _next_filled(lines, index)
    below = lines[under].text if under is not None else ""
    found = [two for way in ways if (two := doubled(way, below)) is not None]
    ways, position = (tuple(found), under) if found and under is not None else (ways, index)
    best = best_way([_votes(lines, position, way) for way in ways])
    if best is None:
        return _refused(lines, index, position, ways[0])
    places = ways[best]
    columns = tuple(place.column for place in places)
    rows, unread, last = _rows(lines, position, places)
    table = table_of(lines, Header(columns, 1), rows, index, last) if rows else None
    return replace(table, unread=(*table.unread, *unread)) if table is not None else None


def _below(lines: Sequence[TextLine], position: int, has_serial: bool) -> Iterator[int]:
    """Indexes of the filled lines below a header, up to where something else begins."""
    last = position
    while position + 1 < len(lines) and position - last < 8:
        position += 1
        line = lines[position]
        if not line.text.strip():
            continue
        if len(line.text) > 3 * _FARTHEST or len(squeeze(line.text)) > _FARTHEST:
            return
        if _SENTENCE.search(fold(line.text)) or _ends_table(line.text, has_serial):
            return
        last = position
        yield position


def _votes(lines: Sequence[TextLine], position: int, places: Sequence[HeaderPlace]) -> Votes:
    columns = [place.column for place in places]
    has_serial = any(column.sort == "serial" for column in columns)
    fits = clashes = placed = astray = 0
    for at in islice(_below(lines, position, has_serial), _ROWS_ASKED):
        if is_header_line(lines[at].text):
            break
        split = _by_count(columns, (lines[at],))
        if split is not None:
            clash = _ends_in_number(split[_name_at(columns)])
            clashes, fits = clashes + clash, fits + (not clash)
        elif _by_place(places, lines[at]) is not None:
            placed += 1
        elif not is_row_like(lines[at].text) and (astray := astray + 1) > 2:
            break
        else:
            continue
        astray = 0
    return Votes(fits, clashes, placed)


def _refused(lines: Sequence[TextLine], index: int, position: int, places: Sequence[HeaderPlace]) -> Table | None:
    """A table none of whose rows has as many words as the header has columns: refused as a whole, never shifted."""
    if any(place.column.sort == "other" and COLUMN.fullmatch(place.column.header) is None for place in places):
        return None
    has_serial = any(place.column.sort == "serial" for place in places)
    under = dropwhile(lambda at: bool(sub_headers(lines[at].text)), _below(lines, position, has_serial))
    rows = list(takewhile(lambda at: _is_row(lines[at].text), under))
    if not rows:
        return None
    content = join_lines((lines[index],))
    cell = Cell(content, lines[index].number, lines[rows[-1]].number)
    reason = (
        f"表头“{lines[index].text.strip()}”有{len(places)}栏，与下面{len(rows)}行的列数对不上，整表未读；"
        "请用制表符或竖线分列，或报送带表格的 docx、html 文件"
    )
    title, unit = context(lines, index)
    columns = tuple(place.column for place in places)
    return Table(title, columns, (), index, rows[-1], unit, (Unread(cell, "columns_unclear", reason),))


def _next_filled(lines: Sequence[TextLine], index: int) -> int | None:
    return next((at for at in range(index + 1, min(index + 4, len(lines))) if lines[at].text.strip()), None)


def _chunks(text: str) -> list[tuple[int, int, int, int]]:
    """Stretches parted by two blanks or more: start and end in characters, then in half widths."""
    plain = text.replace("\t", "  ").replace("\u3000", "  ") if "\t" in text or "\u3000" in text else text
    if plain != text:
        return []
    widths = half_widths(text)
    return [(m.start(), m.end(), widths[m.start()], widths[m.end()]) for m in _CHUNK.finditer(text)]


def _rows(
    lines: Sequence[TextLine], position: int, places: Sequence[HeaderPlace]
) -> tuple[list[list[Cell | None]], list[Unread], int]:
    has_serial = any(place.column.sort == "serial" for place in places)
    columns = [place.column for place in places]
    rows: list[list[Cell | None]] = []
    unread: list[Unread] = []
    pending: list[TextLine] = []
    last = position
    while (at := next(_below(lines, position, has_serial), None)) is not None and at - last <= 8:
        position, line = at, lines[at]
        if not pending and is_header_line(line.text):
            if not rows:
                break
            last = position  # the header again, on the next page
            continue
        row = _row(columns, places, pending, line)
        if row is None and pending:
            around = _around(places, pending, lines, position)
            if around is not None:
                row, position = around
        if row is not None and _ends_in_number(row[_name_at(columns)]):
            row = None
        if row is None and is_row_like(line.text):
            unread.append(_astray(line, len(places)))
            pending, last = [], position
            continue
        if row is None:
            pending.append(line)
            if len(pending) > 2:
                break
            continue
        rows.append(row)
        pending, last = [], position
    return rows, unread, last


def _row(
    columns: Sequence[Column], places: Sequence[HeaderPlace], pending: Sequence[TextLine], line: TextLine
) -> list[Cell | None] | None:
    """A row by the count of its words; where a category stands before the names, first by where they stand."""
    grouped = any(column.sort == "other" for column in columns[: _name_at(columns)])
    placed = _by_place(places, line) if grouped and not pending else None
    return placed or _by_count(columns, (*pending, line)) or _by_place(places, line)


def _is_row(text: str) -> bool:
    return is_row_like(text) and not is_header_line(text)


def _astray(line: TextLine, count: int) -> Unread:
    cell = Cell(join_lines((line,)), line.number, line.number)
    reason = f"这一行的列数与表头的{count}栏对不上，看不出各数属于哪一栏；空着的格请填“—”，或用制表符、竖线分列"
    return Unread(cell, "columns_unclear", reason)


def _name_at(columns: Sequence[Column]) -> int:
    return next(index for index, column in enumerate(columns) if column.sort == "name")


def _ends_in_number(name: Cell | None) -> bool:
    """Whether the last word of a name, as printed, is a bare number: one of a column that the header does not have."""
    if name is None:
        return False
    text, offsets = name.content.text, name.content.offsets
    start = len(text) - 1
    while start > 0 and offsets[start - 1] == offsets[start] - 1 and not text[start - 1].isspace():
        start -= 1
    return start > 0 and BARE.fullmatch(text[start:]) is not None


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
        word = fold(line.text[start:end])
        if column.sort == "value" and not VALUE.fullmatch(word):
            return None
        if column.sort in ("unit", "nature") and BARE.fullmatch(word) and any(symbol.isdigit() for symbol in word):
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
    if not name.text or runs_on(name.text):
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
    places: Sequence[HeaderPlace], above: Sequence[TextLine], lines: Sequence[TextLine], position: int
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


def _by_place(places: Sequence[HeaderPlace], line: TextLine) -> list[Cell | None] | None:
    """A row by where its stretches stand: it needs a name and a value."""
    cells = _placed(places, line)
    return cells if cells is not None and _has(cells, places, "name") and _has(cells, places, "value") else None


def _has(cells: Sequence[Cell | None], places: Sequence[HeaderPlace], sort: str) -> bool:
    return any(cell is not None and place.column.sort == sort for place, cell in zip(places, cells, strict=True))


def _placed(places: Sequence[HeaderPlace], line: TextLine) -> list[Cell | None] | None:
    """Each stretch goes to the column that it stands under; a column that none stands under is empty."""
    cells: list[Cell | None] = [None] * len(places)
    reached = -1
    for start, end, left, right in _chunks(line.text):
        nearest = min(range(len(places)), key=lambda i: _distance(places[i], left, right))
        sort = places[nearest].column.sort
        folded = fold(line.text[start:end])
        fits = VALUE.fullmatch(folded) if sort == "value" else _SERIAL.fullmatch(folded) if sort == "serial" else True
        if nearest <= reached or not fits:
            return None
        reached = nearest
        cells[nearest] = _cell(line, start, end)
    return cells


def _distance(place: HeaderPlace, left: int, right: int) -> float:
    """How far a stretch stands from a header: nothing where they overlap, then by their middles."""
    overlap = min(place.end, right) - max(place.start, left)
    return -overlap if overlap > 0 else abs(place.middle - (left + right) / 2)


def _cell(line: TextLine, start: int, end: int) -> Cell | None:
    content = join_lines((part_of(line, start, end),))
    return Cell(content, line.number, line.number) if content.text else None
