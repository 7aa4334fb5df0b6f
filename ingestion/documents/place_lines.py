"""Tables of regions typed into text: with bars, with tabs, or with blanks between the cells.

What belongs here: taking such lines apart so that every value stands in its column. What does not: what the columns are
(``place_tables``). Where the words of a header cannot be put to the columns of the rows, the table is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, takewhile

from ingestion.documents.delimited import BAR, TAB, following, split_row
from ingestion.documents.header_lines import half_widths
from ingestion.documents.headers import column_of
from ingestion.documents.limits import MAX_HEADER_CHARACTERS
from ingestion.documents.model import Cell, TextLine, join_lines, part_of
from ingestion.documents.place_tables import PLACE_HEAD, PlaceTable, place_columns, place_rows
from ingestion.documents.tables import Unread, context
from ingestion.documents.uneven_rows import astray, is_uneven
from ingestion.documents.value_cells import VALUE, is_row_like
from ingestion.quantity import fold

_OPENS = re.compile(
    rf"[\s|│┃]*(?:(?:序\s*号|编\s*号)[\s|│┃]+)?(?:{PLACE_HEAD}|(?:主要|核心|具体)?指\s*标(?:\s?名称)?|项\s*目|名\s*称)"
    r"(?:\s?\([^()]{1,12}\))?(?=[\s|│┃])"
)
_HEAD_WORDS = re.compile(r"^[\s|│┃]*[省市州县区旗盟地域各所行城填单序编主核具指项名、/／,，(（]")
"""What such a header begins with, before folding."""
_SENTENCE = re.compile(r"[。;!?]")
_WORD = re.compile(r"\S+")
_WIDE = re.compile(r"\S+(?: \S+)*")
_SERIAL = re.compile(r"[(]?\d{1,3}[)).、]?")
_MOST_ROWS = 600
_ROWS_ASKED = 30
"""Rows by which it is told whether a table is one of regions."""
_MOST_HEADS = 3
_LONGEST = 200
_OPENING = 60
"""Characters by which it is told whether a line can be a header: most lines are running text."""


def typed_place_table(lines: Sequence[TextLine], index: int, names: Collection[str]) -> PlaceTable | None:
    """The table of regions whose header is the line at ``index``, or None."""
    text = lines[index].text
    if not names or len(text) > MAX_HEADER_CHARACTERS or not _may_open(text):
        return None
    for mark in (BAR, TAB):
        if mark.search(text.strip()):
            return _delimited(lines, index, mark, names)
    return _blank_separated(lines, index, names)


def _may_open(text: str) -> bool:
    """Whether a line begins as such a header does; most lines are running text and end otherwise."""
    return _HEAD_WORDS.search(text, 0, _OPENING) is not None and _OPENS.match(fold(text[:_OPENING])) is not None


def _delimited(
    lines: Sequence[TextLine], index: int, mark: re.Pattern[str], names: Collection[str]
) -> PlaceTable | None:
    near = takewhile(lambda at: lines[at].text != lines[index].text, following(lines, index, mark, _ROWS_ASKED))
    asked = [split_row(lines[at], mark) for at in (index, *near)]
    most = max(len(row) for row in asked[:3])
    if place_columns([[*row, *([None] * (most - len(row)))][:most] for row in asked], names) is None:
        return None
    below = list(following(lines, index, mark, _MOST_ROWS))
    rows = [split_row(lines[at], mark) for at in (index, *below)]
    width = max(len(row) for row in rows[:3])
    even = [[*row, *([None] * (width - len(row)))] for row in rows]
    found = place_columns([row[:width] for row in even], names)
    if found is None:
        return None
    columns, count = found
    sorts = [column.sort for column in columns]
    wrong = {n for n, at in enumerate((index, *below)) if n >= count and is_uneven(lines[at], rows[n], sorts)}
    kept = [row[:width] for n, row in enumerate(even) if n >= count and n not in wrong]
    title, unit = context(lines, index)
    last = below[-1] if below else index
    unread = tuple(astray(lines[at]) for n, at in enumerate((index, *below)) if n in wrong)
    return PlaceTable(title, columns, place_rows(columns, kept), index, last, unit, unread)


# --- blanks -----------------------------------------------------------------------------------------


def _blank_separated(lines: Sequence[TextLine], index: int, names: Collection[str]) -> PlaceTable | None:
    first = column_of(next(iter(lines[index].text.split()), ""))
    down = first is None or first.sort in ("serial", "unit")
    near = islice(_below(lines, index), _MOST_HEADS)
    start = next((n for n, at in enumerate(near) if _counted(lines[at], down=down)), None)
    if start is None:
        return None
    below = list(_below(lines, index))
    heads = [index, *below[:start]]
    rows = [(at, _counted(lines[at], down=down)) for at in below[start:]]
    counts = [count for _, count in rows if count]
    width = max(set(counts), key=lambda count: (counts.count(count), count))
    taken = [(at, count) for at, count in rows if count or is_row_like(lines[at].text)]
    header = _header_rows([lines[at] for at in heads], width, down=down)
    extra = len(header[0]) - width if header else 0
    stands = _stands([lines[at] for at, n in taken if n == width], width)
    cut = {at: _row(lines[at], width, down=down, extra=extra) for at, n in taken if n == width}
    cut |= {at: row for at, n in taken if 0 < n < width and (row := _by_place(lines[at], n, stands, extra, down=down))}
    body = [cut[at] for at, _ in taken if at in cut]
    found = place_columns([*header, *body], names) if header else None
    title, unit = context(lines, index)
    last = taken[-1][0]
    if found is None:
        labels = [lines[at].text.split()[0] for at, _ in taken] if down else lines[index].text.split()
        if header or sum(1 for label in labels if label in names) < 1 + (not down):
            return None
        return PlaceTable(title, (), (), index, last, unit, (_refused(lines, index, last, width),))
    columns, count = found
    unread = tuple(astray(lines[at]) for at, _ in taken if at not in cut)
    return PlaceTable(title, columns, place_rows(columns, [*(header or []), *body][count:]), index, last, unit, unread)


def _refused(lines: Sequence[TextLine], index: int, last: int, width: int) -> Unread:
    cell = Cell(join_lines((lines[index],)), lines[index].number, lines[last].number)
    reason = (
        f"表头“{lines[index].text.strip()}”与下面各行的{width}个数对不上，整表未读；"
        "请用制表符或竖线分列，或报送带表格的 docx、html 文件"
    )
    return Unread(cell, "columns_unclear", reason)


def _below(lines: Sequence[TextLine], index: int) -> Iterator[int]:
    last = index
    for at in range(index + 1, min(len(lines), index + _MOST_ROWS)):
        text = lines[at].text
        if not text.strip():
            continue
        folded = fold(text)
        if at - last > 3 or len(text) > _LONGEST or _SENTENCE.search(folded) or _OPENS.match(folded):
            return
        last = at
        yield at


def _counted(line: TextLine, *, down: bool) -> int:
    """The values at the end of a row; none where it is no row: one label before them, or the words of a name."""
    words = line.text.split()
    values = 0
    while values < len(words) and VALUE.fullmatch(fold(words[-1 - values])):
        values += 1
    front = words[: len(words) - values]
    if down and len(front) == 2 and _SERIAL.fullmatch(fold(front[0])):
        front = front[1:]
    has_number = any(symbol.isdigit() for word in words[len(words) - values :] for symbol in word)
    fits = len(front) == 1 if down else bool(front)
    return values if fits and has_number and not front[0][0].isdigit() else 0


def _stands(lines: Sequence[TextLine], width: int) -> list[tuple[int, int]]:
    """Where the values of whole rows stand, column by column, in half widths: from the leftmost to the rightmost."""
    found: list[tuple[int, int]] = []
    for line in lines:
        widths = half_widths(line.text)
        spans = [match.span() for match in _WORD.finditer(line.text)][-width:]
        own = [(widths[start], widths[end]) for start, end in spans]
        found = [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(found, own, strict=True)] if found else own
    return found


def _by_place(
    line: TextLine, count: int, stands: Sequence[tuple[int, int]], extra: int, *, down: bool
) -> list[Cell | None] | None:
    """A row with blank cells, each value under the one column of whole rows that it stands under; else None."""
    if "  " not in line.text.strip() or "\t" in line.text or "\u3000" in line.text:
        return None
    widths = half_widths(line.text)
    cells = _row(line, count, down=down, extra=extra)
    placed: list[Cell | None] = [None] * len(stands)
    spans = [match.span() for match in _WORD.finditer(line.text)][-count:]
    for (start, end), cell in zip(spans, cells[len(cells) - count :], strict=True):
        under = [i for i, (left, right) in enumerate(stands) if widths[start] < right and left < widths[end]]
        if len(under) != 1 or placed[under[0]] is not None:
            return None
        placed[under[0]] = cell
    return [*cells[: len(cells) - count], *placed]


def _row(line: TextLine, width: int, *, down: bool, extra: int) -> list[Cell | None]:
    """The cells of a row: the columns before the values (label, serial number, name, unit), then the values."""
    spans = [match.span() for match in _WORD.finditer(line.text)]
    behind, front = spans[len(spans) - width :], spans[: len(spans) - width]
    cut = (1 if down else len(front) - 1) if extra > 1 else 0  # behind the serial number, or before the unit
    parts = [part for part in (front[:cut], front[cut:]) if part]
    cells: list[Cell | None] = [_cell(line, part[0][0], part[-1][1]) for part in parts]
    blank: list[Cell | None] = [None] * (extra - len(cells))
    cells = [*blank, *cells] if down else [*cells, *blank]
    return [*cells, *(_cell(line, begin, end) for begin, end in behind)]


def _cell(line: TextLine, start: int, end: int) -> Cell:
    return Cell(join_lines((part_of(line, start, end),)), line.number, line.number)


def _header_rows(heads: Sequence[TextLine], width: int, *, down: bool) -> list[list[Cell | None]] | None:
    """The header as rows of cells over ``width`` columns of values, or None where its words do not come out even."""
    top = heads[0]
    spans = [match.span() for match in _WORD.finditer(top.text)]
    front = 1 if down else 1 + any(word.strip("()（）") in ("单位", "计量单位") for word in top.text.split()[1:2])
    if down and column_of(top.text[spans[0][0] : spans[0][1]]) is not None and spans[1:]:
        first = column_of(top.text[spans[0][0] : spans[0][1]])
        front += first is not None and first.sort == "serial"
    before: list[Cell | None] = [_cell(top, begin, end) for begin, end in spans[:front]]
    blank: list[Cell | None] = [None] * front
    begin = spans[front][0] if len(spans) > front else len(top.text)
    groups = [_cells(part_of(top, begin), width), *(_cells(line, width) for line in heads[1:])]
    rows: list[list[Cell | None]] = []
    for number, cells in enumerate(groups):
        spread = _spread(cells, groups[number + 1] if number + 1 < len(groups) else [], width)
        if spread is None:
            return None
        rows.append([*(before if number == 0 else blank), *spread])
    return rows


def _cells(line: TextLine, width: int) -> list[Cell]:
    """The headers of a line: its words, put together only where that gives one for each column."""
    words = [match.span() for match in _WORD.finditer(line.text)]
    wide = [match.span() for match in _WIDE.finditer(line.text)]
    merged: list[tuple[int, int]] = []
    for start, end in words:
        if merged and _belongs(fold(line.text[merged[-1][0] : merged[-1][1]]), fold(line.text[start:end])):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    spans = next((way for way in (words, merged, wide) if len(way) == width), merged)
    return [_cell(line, start, end) for start, end in spans]


def _belongs(left: str, right: str) -> bool:
    """Whether a blank between two words is one inside a header: 2020 年, R&D 经费, 强度 (%)."""
    if right.startswith(("年", "(", "[")) or re.fullmatch(r"(?:19|20)\d\d", left):
        return True
    return left[-1:].isalpha() and (left[-1:].isascii() != right[:1].isascii()) and not right[:1].isdigit()


def _spread(cells: Sequence[Cell], under: Sequence[Cell], width: int) -> list[Cell | None] | None:
    """Each header over its columns: one each, or as many each as the headers below repeat themselves."""
    if len(cells) == width:
        return list(cells)
    if not cells or width % len(cells) or len(under) != width:
        return None
    each = width // len(cells)
    blocks = {tuple(cell.content.text for cell in under[n : n + each]) for n in range(0, width, each)}
    return [cell for cell in cells for _ in range(each)] if len(blocks) == 1 else None
