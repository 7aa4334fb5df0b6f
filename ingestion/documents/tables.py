"""Tables in plain text: pipe rows, tab-separated rows, blank-separated rows, one cell per line.

What belongs here: where a table begins and ends, its columns and cells with their addresses. What does not: what a
column or a row means (``plans.tables``). A run of lines is a table only under a header that names a column of
names and at least one column of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.documents.text import Joined, TextLine, join_lines
from ingestion.quantity import fold, squeeze

_YEAR = r"(?:19|20)\d\d\s*年?|[“\"]?十[一二三四五六]五[”\"]?(?:时期|期间|期末|末)?"
_ROLE = r"(?:实际|实绩|完成|现状|基期|基准|基础|基数|预计|目标|规划|预期|计划|达到|累计|底|末|度)"
_COLUMN = re.compile(
    r"(?P<serial>序\s*号|编\s*号)"
    r"|(?P<nature>指标属性|指标性质|属\s*性|性\s*质|指标类型)"
    r"|(?P<name>(?:主要|核心|具体|发展|考核|监测|预期)?指\s*标\s*(?:名称|内容)?|指标体系|名\s*称|项\s*目)"
    r"|(?P<unit>计量单位|单\s*位)"
    rf"|(?P<value>(?:{_YEAR}|基期|现状|目标|规划|预期|年均)\s*{_ROLE}*\s*(?:年均)?(?:增长率|增长|增速)?\s*{_ROLE}*(?:值|数|情况)?"
    r"\s*(?:[(\[][^()\[\]]{1,12}[)\]])?)"
    r"|(?P<other>备\s*注|类\s*别|领\s*域|分\s*类|责任单位|牵头单位|责任部门|牵头部门|一级指标|数据来源)"
)
_HAS_NUMBER = re.compile(r"\d")
_SENTENCE = re.compile(r"[。;!?]")
_TOKEN = re.compile(r"\S+")
_SERIAL = re.compile(r"[(（]?\d{1,3}[)）.、]?")
_VALUE = re.compile(
    r"[≥≤><=＞＜约]*\s*\[?[-+]?\d[\d,.]*\]?(?:[-—~]\d[\d.]*)?(?:[%‰]|\D{0,6})|[—–…-]+|倍增|翻一?番|约束性|预期性"
)
_NEXT_PART = re.compile(r"第[一二三四五六七八九十]+[章节篇]|\(?[一二三四五六七八九十]+[)、]|专栏|注:")
_RULE = re.compile(r"[\s|:+\-─━—│┃├┼┤]+")
_BAR = re.compile(r"[|│┃]")
_CAPTION_UNIT = re.compile(r"^[(]?单位[:](?P<unit>[^)]{1,6})[)]?$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed and what sort it is (serial, name, unit, nature, value, other)."""

    header: str
    sort: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its text (folded, no blanks) and the lines it stands on."""

    content: Joined
    line_start: int
    line_end: int


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


def find_tables(lines: Sequence[TextLine]) -> Iterator[Table]:
    """All tables of a document, in order, never overlapping."""
    index = 0
    while index < len(lines):
        found = (
            _delimited(lines, index, _BAR)
            or _delimited(lines, index, re.compile("\t"))
            or _blank_separated(lines, index)
            or _cell_per_line(lines, index)
        )
        if found is not None:
            yield found
            index = found.last + 1
        else:
            index += 1


def column_of(text: str) -> Column | None:
    """What sort of column a header names, or None when it is no header."""
    header = fold(text).strip()
    match = _COLUMN.fullmatch(header) or _COLUMN.match(header)
    if match is None or (match.end() != len(header) and len(squeeze(header)) > 16):
        return None
    return Column(squeeze(header), str(match.lastgroup))


def _is_target_header(columns: Sequence[Column | None]) -> bool:
    sorts = [column.sort for column in columns if column is not None]
    return "name" in sorts and "value" in sorts


def _cell(line: TextLine, start: int, end: int) -> Cell | None:
    part = TextLine(line.number, line.start + start, line.text[start:end], line.page)
    content = join_lines((part,))
    return Cell(content, line.number, line.number) if content.text else None


def _context(lines: Sequence[TextLine], first: int) -> tuple[str, str | None]:
    """Title line and unit line above a table, looking back over a few lines."""
    title, unit = "", None
    index = first - 1
    seen = 0
    while index >= 0 and seen < 2 and first - index < 8:
        text = squeeze(lines[index].text)
        index -= 1
        if not text:
            continue
        seen += 1
        caption = _CAPTION_UNIT.match(text)
        if caption:
            unit = caption["unit"]
        elif len(text) <= 40 and not _SENTENCE.search(text):
            return text, unit
        else:
            break
    return title, unit


# --- rows with a delimiter --------------------------------------------------------------------------


def _split(line: TextLine, mark: re.Pattern[str]) -> list[Cell | None]:
    edges = [match.span() for match in mark.finditer(line.text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(line.text)]
    cells = [_cell(line, start, end) for start, end in zip(starts, ends, strict=True)]
    if mark is _BAR:
        cells = cells[1:] if cells and cells[0] is None else cells
        cells = cells[:-1] if cells and cells[-1] is None else cells
    return cells


def _delimited(lines: Sequence[TextLine], index: int, mark: re.Pattern[str]) -> Table | None:
    if not mark.search(lines[index].text.strip()):
        return None
    columns = [column_of(cell.content.text) if cell else None for cell in _split(lines[index], mark)]
    if not _is_target_header(columns):
        return None
    header = tuple(column or Column("", "other") for column in columns)
    rows: list[tuple[Cell | None, ...]] = []
    last = position = index
    while position + 1 < len(lines):
        position += 1
        line = lines[position]
        if not line.text.strip() or (mark is _BAR and _RULE.fullmatch(line.text)):
            if position - last > 3:
                break
            continue
        if not mark.search(line.text.strip("\n")) or _SENTENCE.search(fold(line.text)):
            break
        cells = _split(line, mark)[: len(header)]
        rows.append(tuple(cells + [None] * (len(header) - len(cells))))
        last = position
    if not rows:
        return None
    title, unit = _context(lines, index)
    return Table(title, header, tuple(rows), index, last, unit)


# --- rows parted by blanks --------------------------------------------------------------------------


def _blank_header(text: str) -> list[Column] | None:
    folded = fold(text).strip()
    if len(folded) > 80 or not folded or _SENTENCE.search(folded):
        return None
    columns: list[Column] = []
    position = 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        match = _COLUMN.match(folded, position)
        if match is None:
            return None
        columns.append(Column(squeeze(match.group()), str(match.lastgroup)))
        position = match.end()
    return columns if _is_target_header(columns) else None


def _blank_separated(lines: Sequence[TextLine], index: int) -> Table | None:
    columns = _blank_header(lines[index].text)
    if columns is None:
        return None
    after = len(columns) - 1 - next(i for i, column in enumerate(columns) if column.sort == "name")
    has_serial = any(column.sort == "serial" for column in columns)
    rows: list[tuple[Cell | None, ...]] = []
    pending: list[TextLine] = []
    last = position = index
    while position + 1 < len(lines) and position - last < 8:
        position += 1
        line = lines[position]
        if not line.text.strip():
            continue
        if _SENTENCE.search(fold(line.text)) or len(line.text) > 120 or _ends_table(line.text, has_serial):
            break
        row = _blank_row(columns, after, (*pending, line))
        if row is None:
            pending.append(line)
            if len(pending) > 2:
                break
            continue
        rows.append(row)
        pending = []
        last = position
    if not rows:
        return None
    title, unit = _context(lines, index)
    return Table(title, tuple(columns), tuple(rows), index, last, unit)


def _ends_table(text: str, has_serial: bool) -> bool:
    stripped = fold(text).strip()
    if _NEXT_PART.match(stripped):
        return True
    return not has_serial and re.match(r"\d{1,2}[.、](?!\d)", stripped) is not None


def _blank_row(columns: Sequence[Column], after: int, lines: Sequence[TextLine]) -> tuple[Cell | None, ...] | None:
    """Split from the right: the columns behind the name hold one token each, all the rest is the name."""
    line = lines[-1]
    tokens = [(match.start(), match.end()) for match in _TOKEN.finditer(line.text)]
    if len(tokens) < after + (1 if len(lines) == 1 else 0):
        return None
    behind = tokens[len(tokens) - after :]
    for (start, end), column in zip(behind, columns[len(columns) - after :], strict=True):
        if column.sort == "value" and not _VALUE.fullmatch(fold(line.text[start:end])):
            return None
    front = tokens[: len(tokens) - after]
    before = len(columns) - after - 1
    first_line = lines[0]
    first_tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(first_line.text)]
    cells: list[Cell | None] = [None] * before
    begin = 0
    if before and first_tokens and columns[0].sort == "serial":
        match = _SERIAL.match(first_line.text, first_tokens[0][0])
        if match is None:
            return None
        cells[0] = _cell(first_line, match.start(), match.end())
        begin = match.end()
    end = front[-1][1] if front else 0
    parts = [
        TextLine(
            item.number,
            item.start + (begin if item is first_line else 0),
            item.text[(begin if item is first_line else 0) : (end if item is line else None)],
            item.page,
        )
        for item in lines
    ]
    name = join_lines(parts)
    if not name.text:
        return None
    cells.append(Cell(name, lines[0].number, line.number))
    cells.extend(_cell(line, start, end) for start, end in behind)
    return tuple(cells)


# --- one cell per line ------------------------------------------------------------------------------


def _cell_per_line(lines: Sequence[TextLine], index: int) -> Table | None:
    first = column_of(lines[index].text) if len(lines[index].text) < 30 else None
    if first is None or first.sort not in ("serial", "name"):
        return None
    columns: list[Column] = []
    position = index
    while position < len(lines) and len(columns) < 12:
        text = lines[position].text
        if text.strip():
            column = column_of(text) if len(text) < 30 else None
            if column is None:
                break
            columns.append(column)
        position += 1
    if not _is_target_header(columns):
        return None
    rows: list[tuple[Cell | None, ...]] = []
    last = position - 1
    row: list[Cell | None] = []
    while position < len(lines):
        line = lines[position]
        position += 1
        if not line.text.strip():
            if position - 1 - last > 4:
                break
            continue
        cell = _cell(line, 0, len(line.text))
        sort = columns[len(row)].sort
        if cell is None or not _fits(cell, sort):
            break
        row.append(cell)
        if len(row) == len(columns):
            rows.append(tuple(row))
            row = []
            last = position - 1
    if not rows:
        return None
    title, unit = _context(lines, index)
    return Table(title, tuple(columns), tuple(rows), index, last, unit)


def _fits(cell: Cell, sort: str) -> bool:
    text = cell.content.text
    if sort == "value":
        return _VALUE.fullmatch(text) is not None
    if sort == "serial":
        return _SERIAL.fullmatch(text) is not None
    return len(text) <= 60 and not _SENTENCE.search(text)
