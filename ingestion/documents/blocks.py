"""Lines of a text document become blocks in reading order: headings, paragraphs and tables.

What belongs here: joining wrapped lines and page breaks, telling headings, boxes (专栏) and page numbers from text.
What does not: formats (``opening``), the inside of a table (``tables``), what a sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingestion.documents.habits import FULL_STOP, LOOK, SENTENCE_END, Habits, habits_of, tail_of, trails_blank
from ingestion.documents.model import Grid, Joined, TextDocument, TextLine, join_lines, part_of, stretches
from ingestion.documents.place_grids import place_grids
from ingestion.documents.place_tables import PlaceTable
from ingestion.documents.tables import Table, grid_tables
from ingestion.documents.text_tables import table_at
from ingestion.quantity import fold, squeeze

_CN = "一二三四五六七八九十百"
_HEADINGS = (
    (1, re.compile(rf"第[{_CN}\d]+[章编篇部]")),
    (
        1,
        re.compile(
            r"附\s*(?:录|件|表|则)(?:\s*\d{0,2}\s*[:.]|$|\s*[一二三四五六七八九十\d]+|\s*(?:名词|指标|术语))|名词(?:解释|说明)|指标解释"
        ),
    ),
    (2, re.compile(rf"第[{_CN}\d]+节")),
    (3, re.compile(rf"[{_CN}]{{1,3}}、")),
    (4, re.compile(rf"\([{_CN}]{{1,3}}\)")),
    (5, re.compile(r"\d{1,2}(?:[.](?!\d)|、)")),
    (6, re.compile(r"\(\d{1,2}\)|[①②③④⑤⑥⑦⑧⑨⑩]")),
)
_ANY_HEADING = re.compile("|".join(f"({pattern.pattern})" for _, pattern in _HEADINGS))
_OPENINGS = frozenset(f"第附名指({_CN}①②③④⑤⑥⑦⑧⑨⑩") | frozenset("0123456789")
"""What a heading or list number begins with: most lines begin with something else."""
_FIRST = re.compile(r"[^\s*]")
_MARKDOWN = re.compile(r"(#{1,6})(?=[^#])")
_BOX = re.compile(r"专栏\s*[\d一二三四五六七八九十]*")
_BULLETS = "●•◆■▪·◇○*"
_BULLET = re.compile(rf"(?:——|—|[{_BULLETS}]|-\s)\s*")
_LEADS = _OPENINGS | frozenset(f"#专—-{_BULLETS}")
"""What anything but running text begins with."""
_PAGE = re.compile(r"\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页|\d{1,3})\s*")
_PAGE_ENDS = "-—–页"
"""What a page number ends with, if not with a digit."""
_CONTENTS = re.compile(r"(?:[.·．]{4}|…{2})[.·．…\s]{0,150}\d{1,3}\s{0,9}$")
"""A line of a table of contents: dots and a page number."""
_PUNCTUATION = re.compile(r"[,。;:、，；：﹐]")
_JOINS = (",", "，", "﹐", "、", "和", "及")
"""What a paragraph does not end with."""


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

    table: Table | PlaceTable
    path: tuple[str, ...]


Block = Heading | Paragraph | TableBlock


def read_blocks(document: TextDocument, names: Collection[str] = ()) -> Iterator[Block]:
    """All blocks of the document in reading order. Page numbers belong to none.

    Args:
        document: the text with its real tables.
        names: names of regions, by which tables of regions are told.
    """
    lines = document.lines
    inside = {index for grid in document.grids for index in range(grid.first, grid.last + 1)}
    habits = habits_of(line for index, line in enumerate(lines) if line.text.strip() and index not in inside)
    walk = _Walk(habits, names, trusting=not (document.own_paragraphs and habits.wrapped))
    tables: dict[int, Table | PlaceTable] = {table.first: table for table in grid_tables(document)}
    tables |= {table.first: table for table in place_grids(document, names)}
    return walk.blocks(lines, tables, {grid.first: grid for grid in document.grids})


class _Walk:
    """The state of one pass over the lines: open paragraph, heading path, open box."""

    def __init__(self, habits: Habits, names: Collection[str], *, trusting: bool) -> None:
        self.habits = habits
        self.names = names
        self.trusting = trusting
        self.path: list[tuple[int, str]] = []
        self.box: str | None = None
        self.titles: tuple[str, ...] = ()
        self.open: list[TextLine] = []

    def blocks(
        self, lines: Sequence[TextLine], tables: dict[int, Table | PlaceTable], grids: dict[int, Grid]
    ) -> Iterator[Block]:
        index = blanks = 0
        while index < len(lines):
            line = lines[index]
            if index in tables:
                yield from self._close()
                yield TableBlock(tables[index], self.titles)
                index = tables[index].last + 1
                continue
            if index in grids:
                yield from self._cells(grids[index])
                index = grids[index].last + 1
                continue
            table = table_at(lines, index, self.names)
            if table is not None:
                yield from self._close()
                yield TableBlock(table, self.titles)
                index = table.last + 1
                continue
            index += 1
            if not line.text.strip():
                blanks += 1
                if blanks >= 2 and not self.habits.wrapped and self._may_end():
                    yield from self._close()
                    self.box = None
                continue
            if _is_page_number(line.text):
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
                yield Paragraph(content, self.titles, self.box)

    def _take(self, line: TextLine) -> Iterator[Block]:
        if line.heading is None and _is_running(line):
            if self.open and self._ended():
                yield from self._close()
            self.open.append(line)
            return
        text = join_lines((line if len(line.text) <= LOOK else part_of(line, 0, LOOK),)).text
        box = _BOX.match(text)
        if box and len(text) <= 40 and not FULL_STOP.search(text):
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
        text = tail_of(final)
        if final.ends is not None and self.trusting:
            return final.ends and not text.endswith(_JOINS)
        if self.habits.trailing_blank:
            ended = SENTENCE_END.search(text[-2:]) is not None or len(text) < self.habits.width * 0.6
            return ended and trails_blank(final)
        if FULL_STOP.search(text[-2:]) or text.endswith((")", "）", "〕")):
            return True
        if not self.habits.wrapped:
            return len(final.text) <= LOOK and len(text) <= 40 and not _PUNCTUATION.search(text)
        return len(self.open) == 1 and len(squeeze(final.text)) < self.habits.width * 0.55

    def _may_end(self) -> bool:
        """Whether blank lines end the open paragraph: not in the middle of a sentence that a page break cuts."""
        text = tail_of(self.open[-1]) if self.open else ""
        return len(text) <= 12 or SENTENCE_END.search(text[-2:]) is not None or not _PUNCTUATION.search(text)

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
            return trails_blank(line) or len(plain) < self.habits.width * 0.7
        return not self.habits.wrapped or len(plain) < self.habits.width * 0.85

    def _heading(self, content: Joined, rank: int) -> Heading:
        while self.path and self.path[-1][0] >= rank:
            self.path.pop()
        if self.box is not None and (rank <= 4 or not self.habits.wrapped):
            self.box = None
        above = tuple(title for _, title in self.path)
        self.path.append((rank, content.text))
        self.titles = (*above, content.text)
        return Heading(content, rank, above)

    def _close(self) -> Iterator[Block]:
        if not self.open:
            return
        lines, self.open = self.open, []
        parts = stretches(lines)
        content = join_lines(next(parts))
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
            yield Paragraph(content, self.titles, self.box)
        yield from (Paragraph(join_lines(part), self.titles, self.box) for part in parts)


def _is_page_number(text: str) -> bool:
    """Whether a line is a page number, or one of a table of contents that ends in one."""
    tail = text[-LOOK:]
    last = tail.rstrip()[-1:]
    if not last.isdecimal() and last not in _PAGE_ENDS:
        return False
    fits = len(text) <= 60 and not text.startswith("\t")
    return _CONTENTS.search(tail) is not None or (fits and _PAGE.fullmatch(text) is not None)


def _is_running(line: TextLine) -> bool:
    """Whether a line begins like running text: with nothing that a heading, a list or a box begins with."""
    first = _FIRST.search(line.text, 0, LOOK)
    return first is None or fold(first.group()) not in _LEADS


def heading_rank(text: str) -> int | None:
    """The rank of the heading or list number that a folded text begins with, or None."""
    marked = _MARKDOWN.match(text) if text[:1] == "#" else None
    if marked:
        inner = heading_rank(text[marked.end() :])
        return inner if inner is not None else len(marked[1])
    if text[:1] not in _OPENINGS:
        return None
    match = _ANY_HEADING.match(text)
    return _HEADINGS[match.lastindex - 1][0] if match and match.lastindex else None


def _without_list_number(content: Joined, rank: int) -> Joined:
    """Take a list number off the start, so that it is not read as a value."""
    matches = (pattern.match(content.text) for level, pattern in _HEADINGS if level == rank and rank >= 3)
    match = next((found for found in matches if found), None)
    return content.cut(match.end()) if match else content
