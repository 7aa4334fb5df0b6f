"""What every format becomes: lines of a text, and grids of cells that stand in those lines.

What belongs here: the records and the joining of lines. What does not: any format, what is a heading or a header.
All offsets count characters of ``TextDocument.text``, the text as it flows, so one address works for all formats.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ingestion.documents.limits import MAX_PARAGRAPH
from ingestion.quantity import fold

_GAP = re.compile(r"[\s*]")
_RUN = re.compile(r"[^\s*]+")  # a star is emphasis (Markdown), never part of a word
_DIGIT_COMMA = re.compile(r"，(?<=\d，)(?=\d)")
_LIST_POINT = re.compile(r"^(\s*[0-9]{1,2})．")
_STOP = re.compile(r"[。！？；]")
_PAUSE = re.compile(r"[。！？；，、]|(?<!\d)\s|\s(?!\d)")


class DocumentError(ValueError):
    """A file that cannot be read; the message is a Chinese sentence with a remedy."""

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code


class TextLine(NamedTuple):
    """A line: 1-based number, character offset in the text, page where known, and what its format says of it.

    A named tuple, because half a million are made of a long text, and it is made four times as fast as a dataclass.
    """

    number: int
    start: int
    text: str
    page: int | None
    page_line: int | None = None
    """Number of the line on its page, where pages are real ones."""
    heading: int | None = None
    """Rank of a heading by its style or markup, 1 the highest."""
    ends: bool | None = None
    """Whether a paragraph ends here; None where the format does not say."""
    leaves: bool = False
    """Whether a frame (a table of one cell, a text box) ends here, and with it a box opened inside."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of a real table: the table's number in the document, row and column, all from 1."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its text (folded, no blanks) and the lines it stands on."""

    content: Joined
    line_start: int
    line_end: int
    place: CellPlace | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equally many cells; a merged cell stands, as the same object, in every slot that it covers."""

    rows: tuple[tuple[Cell | None, ...], ...]
    first: int
    last: int
    """Indexes of the first and last line that belong to it."""


@dataclass(frozen=True)
class TextDocument:
    """The text with its lines and its real tables. Offsets everywhere count characters of ``text``."""

    text: str
    encoding: str
    lines: Sequence[TextLine]
    grids: tuple[Grid, ...] = ()
    own_paragraphs: bool = False
    """Whether ``ends`` of lines are the ends of the file's own paragraphs; some files make each line one."""

    @cached_property
    def _starts(self) -> Sequence[int]:
        return array("I", (line.start for line in self.lines))

    def line_at(self, offset: int) -> TextLine:
        """The line that holds the character at ``offset``."""
        return self.lines[bisect_right(self._starts, offset) - 1]


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together from several lines, folded and without blanks, with the source offset of each character."""

    text: str
    offsets: Sequence[int]

    def cut(self, start: int, end: int | None = None) -> Joined:
        """A part of it, with the offsets kept."""
        return Joined(self.text[start:end], self.offsets[start:end])

    def followed_by(self, other: Joined) -> Joined:
        """Both, one after the other; for a name that stands in two cells."""
        return Joined(self.text + other.text, [*self.offsets, *other.offsets])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]``; ``end`` is exclusive."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def printed(self, source: str, start: int, end: int) -> str:
        """``text[start:end]`` with the characters of the source, before folding."""
        return "".join(source[offset] for offset in self.offsets[start:end])


def part_of(line: TextLine, start: int, end: int | None = None) -> TextLine:
    """A stretch of a line, as a line of the same number."""
    return TextLine(line.number, line.start + start, line.text[start:end], line.page)


def stretches(lines: Sequence[TextLine]) -> Iterator[Sequence[TextLine]]:
    """The lines of one paragraph, in stretches of about ``MAX_PARAGRAPH`` characters where it is longer than that.

    A stretch ends with a sentence, else at another mark or a blank, never inside a number.
    """
    if sum([len(line.text) for line in lines]) <= MAX_PARAGRAPH:
        yield lines
        return
    taken: list[TextLine] = []
    size = 0
    for part in (part for line in lines for part in _cut(line)):
        taken.append(part)
        size += len(part.text)
        if size >= MAX_PARAGRAPH and _PAUSE.search(part.text[-1:]):
            yield taken
            taken, size = [], 0
    if taken:
        yield taken


def _cut(line: TextLine) -> Iterator[TextLine]:
    text, start = line.text, 0
    while len(text) - start > MAX_PARAGRAPH:
        near, far = start + MAX_PARAGRAPH, start + 2 * MAX_PARAGRAPH
        mark = _STOP.search(text, near, far) or _PAUSE.search(text, near)
        stop = mark.end() if mark else len(text)
        yield part_of(line, start, stop)
        start = stop
    if start < len(text):
        yield part_of(line, start)


def join_lines(lines: Sequence[TextLine], first: int = 0) -> Joined:
    """Lines as one text: no line ends, no blanks (but one between two digits or two Latin letters of one line).

    Args:
        lines: the lines in reading order.
        first: characters to leave out at the start of the first line.
    """
    pieces: list[str] = []
    offsets = array("I")  # a tenth of the memory of a list
    for line in lines:
        begin, first = first, 0
        folded = _kept_apart(line.text)
        solid = folded[begin:].strip()
        if solid and not _GAP.search(solid):
            start = line.start + folded.index(solid[0], begin)
            if len(lines) == 1:
                return Joined(solid, range(start, start + len(solid)))
            pieces.append(solid)
            offsets.extend(range(start, start + len(solid)))
            continue
        fresh = True
        for run in _RUN.finditer(folded, begin):
            start, end = run.span()
            if not fresh and _needs_blank(pieces[-1][-1], folded[start]):
                pieces.append(" ")
                offsets.append(line.start + start - 1)
            pieces.append(run.group())
            offsets.extend(range(line.start + start, line.start + end))
            fresh = False
    return Joined("".join(pieces), offsets)


def _kept_apart(raw: str) -> str:
    """The folded line, where a full-width comma between digits and the point of a list number stay marks.

    Only the half-width comma groups thousands; １．5G is item 1 and then 5G, never 1.5.
    """
    text = _DIGIT_COMMA.sub("；", raw) if "，" in raw else raw
    return fold(_LIST_POINT.sub(r"\1、", text) if "．" in text else text)


def _needs_blank(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
    )
