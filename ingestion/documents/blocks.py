"""Lines of a text document become blocks in reading order: headings, paragraphs and tables.

What belongs here: joining wrapped lines and page breaks, telling headings, boxes (专栏) and page numbers from text.
What does not: formats (``opening``), the inside of a table (``tables``), what a sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.documents.model import Grid, Joined, TextDocument, TextLine, join_lines, part_of
from ingestion.documents.tables import Table, grid_tables
from ingestion.documents.text_tables import find_tables
from ingestion.quantity import squeeze

_CN = "一二三四五六七八九十百"
_HEADINGS = (
    (1, re.compile(rf"第[{_CN}\d]+[章编篇部]")),
    (
        1,
        re.compile(
            r"附\s*(?:录|件|表|则)(?:\s*\d{0,2}\s*[:.]|$|\s*[一二三四五六七八九十\d]+)|名词(?:解释|说明)|指标解释"
        ),
    ),
    (2, re.compile(rf"第[{_CN}\d]+节")),
    (3, re.compile(rf"[{_CN}]{{1,3}}、")),
    (4, re.compile(rf"\([{_CN}]{{1,3}}\)")),
    (5, re.compile(r"\d{1,2}(?:[.](?!\d)|、)")),
    (6, re.compile(r"\(\d{1,2}\)|[①②③④⑤⑥⑦⑧⑨⑩]")),
)
_OPENINGS = frozenset(f"第附名指({_CN}①②③④⑤⑥⑦⑧⑨⑩") | frozenset("0123456789")
"""What a heading or list number begins with: most lines begin with something else."""
_MARKDOWN = re.compile(r"(#{1,6})(?=[^#])")
_BOX = re.compile(r"专栏\s*[\d一二三四五六七八九十]*")
_BULLET = re.compile(r"(?:——|—|[●•◆■▪·◇○*]|-\s)\s*")
_PAGE = re.compile(r"\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页|\d{1,3})\s*")
_CONTENTS = re.compile(r"(?:[.·．]{4}|…{2})[.·．…\s]{0,150}\d{1,3}\s{0,9}$")
"""A line of a table of contents: dots and a page number."""
_SENTENCE_END = re.compile(r"[。!?;:](?:[”’\")〕》])?$|\)$")
_LOOK = 200
"""Characters at either end of a line by which it is told what the line is, however long it may be."""
_PUNCTUATION = re.compile(r"[,。;:、]")
_FULL_STOP = re.compile(r"[。!?](?:[”’\")])?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its rank (1 is the highest) and the headings above it."""

    content: Joined
    rank: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, put together from its lines, under a path of headings; ``box`` is the title of its box."""

    content: Joined
    path: tuple[str, ...]
    box: str | None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table under a path of headings."""

    table: Table
    path: tuple[str, ...]


Block = Heading | Paragraph | TableBlock


@dataclass(frozen=True, slots=True)
class _Habits:
    """How this file is typeset: whether paragraphs are wrapped, how wide, whether a trailing blank ends one."""

    wrapped: bool
    width: int
    trailing_blank: bool


def read_blocks(document: TextDocument) -> tuple[Block, ...]:
    """All blocks of the document in reading order. Page numbers belong to none."""
    grids = {grid.first: grid for grid in document.grids}
    taken = [range(grid.first, grid.last + 1) for grid in document.grids]
    tables = {table.first: table for table in (*grid_tables(document), *find_tables(document.lines, taken))}
    inside = {index for stretch in taken for index in stretch}
    habits = _habits([line for index, line in enumerate(document.lines) if index not in inside and line.text.strip()])
    return tuple(
        _Walk(habits, trusting=not (document.own_paragraphs and habits.wrapped)).blocks(document.lines, tables, grids)
    )


def _habits(lines: Sequence[TextLine]) -> _Habits:
    ends = [squeeze(line.text[-_LOOK:]) for line in lines]
    sizes = [len(end) if len(line.text) <= _LOOK else len(line.text) for line, end in zip(lines, ends, strict=True)]
    lengths = sorted(sizes)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    running = [end for end, size in zip(ends, sizes, strict=True) if size > 12]
    open_ended = sum(1 for end in running if not _SENTENCE_END.search(end))
    wrapped = len(running) >= 6 and width <= 60 and open_ended * 2 > len(running)
    trailing = [line for line in lines if line.text[-1:] in (" ", "\u3000")]
    full = [line for line, end in zip(lines, ends, strict=True) if _FULL_STOP.search(end)]
    closed = sum(1 for line in full if line.text[-1:] in (" ", "\u3000"))
    habit = wrapped and len(trailing) >= 5 and len(full) >= 5 and closed * 10 >= len(full) * 6
    return _Habits(wrapped, width, habit)


class _Walk:
    """The state of one pass over the lines: open paragraph, heading path, open box."""

    def __init__(self, habits: _Habits, *, trusting: bool) -> None:
        self.habits = habits
        self.trusting = trusting
        self.path: list[tuple[int, str]] = []
        self.box: str | None = None
        self.open: list[TextLine] = []

    def blocks(self, lines: Sequence[TextLine], tables: dict[int, Table], grids: dict[int, Grid]) -> Iterator[Block]:
        index = blanks = 0
        while index < len(lines):
            line = lines[index]
            if index in tables:
                yield from self._close()
                yield TableBlock(tables[index], self._titles())
                index = tables[index].last + 1
                continue
            if index in grids:
                yield from self._cells(grids[index])
                index = grids[index].last + 1
                continue
            index += 1
            if not line.text.strip():
                blanks += 1
                if blanks >= 2 and not self.habits.wrapped and self._may_end():
                    yield from self._close()
                    self.box = None
                continue
            if self._is_page_number(line):
                continue
            yield from self._take(line)
            blanks = 0
            if line.leaves:
                yield from self._close()
                self.box = None
        yield from self._close()

    def _cells(self, grid: Grid) -> Iterator[Block]:
        """A table of something else than indicators: each cell is a paragraph, read where it stands."""
        yield from self._close()
        seen: set[int] = set()
        for cell in (cell for row in grid.rows for cell in row if cell is not None):
            if id(cell) in seen:
                continue
            seen.add(id(cell))
            content = cell.content
            rank = heading_rank(content.text)
            if rank is not None:
                content = _without_list_number(content, rank)
            if content.text:
                yield Paragraph(content, self._titles(), self.box)

    def _titles(self) -> tuple[str, ...]:
        return tuple(title for _, title in self.path)

    def _is_page_number(self, line: TextLine) -> bool:
        """Whether it is a page number, or a line of the table of contents that ends in one."""
        if _CONTENTS.search(line.text[-_LOOK:]):
            return True
        fits = len(line.text) <= 60 and not line.text.startswith("\t")
        return fits and _PAGE.fullmatch(line.text) is not None

    def _take(self, line: TextLine) -> Iterator[Block]:
        text = join_lines((line if len(line.text) <= _LOOK else part_of(line, 0, _LOOK),)).text
        box = _BOX.match(text)
        if box and len(text) <= 40 and not _FULL_STOP.search(text):
            yield from self._close()
            self.box = squeeze(text)
            return
        rank = heading_rank(text)
        if line.heading is not None and text and len(text) <= 80:
            yield from self._close()
            yield self._heading(join_lines((line,)), rank if rank is not None else line.heading)
            return
        starts = rank is not None or _BULLET.match(text) is not None
        if self.open and (starts or self._ended()):
            yield from self._close()
        if rank is None or self.open:
            self.open.append(line)
            return
        if self._is_heading_line(line, text, rank):
            yield self._heading(join_lines((line,)), rank)
            return
        self.open.append(line)

    def _ended(self) -> bool:
        """Whether the open paragraph is complete before the next line."""
        final = self.open[-1]
        last = final.text[-_LOOK:]
        text = squeeze(last)
        if final.ends is not None and self.trusting:
            return final.ends and not text.endswith((",", "、", "和", "及"))
        blank_end = last[-1:] in (" ", "\u3000")
        if self.habits.trailing_blank:
            return blank_end and (_SENTENCE_END.search(text) is not None or len(text) < self.habits.width * 0.6)
        if _FULL_STOP.search(text) or text.endswith((")", "〕")):
            return True
        if not self.habits.wrapped:
            return len(final.text) <= _LOOK and len(text) <= 40 and not _PUNCTUATION.search(text)
        return len(squeeze(final.text)) < self.habits.width * 0.55 and len(self.open) == 1

    def _may_end(self) -> bool:
        """Whether blank lines end the open paragraph: not in the middle of a sentence that a page break cuts."""
        text = squeeze(self.open[-1].text[-_LOOK:]) if self.open else ""
        return len(text) <= 12 or _SENTENCE_END.search(text) is not None or not _PUNCTUATION.search(text)

    def _is_heading_line(self, line: TextLine, text: str, rank: int) -> bool:
        plain = squeeze(text)
        if line.ends is False:
            return False
        if "。" in plain or len(plain) > 40 or plain.endswith((",", ";", "、")):
            return False
        if rank >= 5 and "," in plain and any(symbol.isdigit() for symbol in plain.partition(",")[2]):
            return False  # an item of a list that says something, not the title of what follows
        if line.ends and line.page_line is not None:
            return True
        if rank >= 5 and self.box is not None and self.habits.wrapped:
            return len(plain) < self.habits.width * 0.6
        if self.habits.trailing_blank:
            return line.text[-1:] in (" ", "\u3000") or len(plain) < self.habits.width * 0.7
        return not self.habits.wrapped or len(plain) < self.habits.width * 0.85

    def _heading(self, content: Joined, rank: int) -> Heading:
        while self.path and self.path[-1][0] >= rank:
            self.path.pop()
        if self.box is not None and (rank <= 4 or not self.habits.wrapped):
            self.box = None
        heading = Heading(content, rank, self._titles())
        self.path.append((rank, content.text))
        return heading

    def _close(self) -> Iterator[Block]:
        if not self.open:
            return
        lines, self.open = self.open, []
        content = join_lines(lines)
        rank = heading_rank(content.text)
        if rank is not None:
            stop = content.text.find("。")
            if 0 <= stop <= 45 and (rank <= 4 or self.box is None):
                yield self._heading(content.cut(0, stop), rank)
                content = content.cut(stop + 1)
            elif rank <= 4:
                self.box = None
            content = _without_list_number(content, rank)
        if content.text:
            yield Paragraph(content, self._titles(), self.box)


def heading_rank(text: str) -> int | None:
    """The rank of the heading or list number that a folded text begins with, or None."""
    marked = _MARKDOWN.match(text)
    if marked:
        inner = heading_rank(text[marked.end() :])
        return inner if inner is not None else len(marked[1])
    if text[:1] not in _OPENINGS:
        return None
    return next((rank for rank, pattern in _HEADINGS if pattern.match(text)), None)


def _without_list_number(content: Joined, rank: int) -> Joined:
    """Take a list number off the start, so that it is not read as a value."""
    matches = (pattern.match(content.text) for level, pattern in _HEADINGS if level == rank and rank >= 3)
    match = next((found for found in matches if found), None)
    return content.cut(match.end()) if match else content
