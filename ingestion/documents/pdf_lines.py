"""Glyphs of a page become lines of text, and lines tell where paragraphs end.

What belongs here: baselines, gaps, raised marks of notes, margins and indents. What does not: PDFium (``pdf_page``),
cells (``pdf_tables``), running heads (``pdf_worker``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingestion.documents.pdf_page import Glyph, Page

_NOTE_MARK = re.compile(r"[\[\(（〔]?[\d①-⑳*※†,，、\-–]{1,5}[\]\)）〕]?")
_UNIT_BEFORE = re.compile(r"(?:[kKcCdDmM]?[mM]|公里|千米|米)$")
_SENTENCE_END = re.compile(r"[。!?！？;；:：][”’\"）)〕》]?$")
_GAP = 0.3
"""Share of the size of the font from which a gap between two glyphs is a blank."""
_WIDE = 0.9
"""The same, from which it parts columns; then blanks keep the place of what follows."""


@dataclass(slots=True)
class Line:
    """A line of text: its glyphs from left to right, its baseline, and its number on the page."""

    glyphs: list[Glyph]
    y: float
    size: float
    number: int = 0

    @property
    def left(self) -> float:
        """Left edge of the first glyph."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Right edge of the last glyph."""
        return self.glyphs[-1].right

    @property
    def top(self) -> float:
        """Upper edge, by which parts of a page are put in order."""
        return self.y + self.size

    @property
    def text(self) -> str:
        """The glyphs without any blanks."""
        return "".join(glyph.text for glyph in self.glyphs)

    def printed(self, origin: float) -> str:
        """The text with blanks where gaps are; a wide gap keeps the column, two to the width of a character."""
        step = self.size / 2
        parts: list[str] = []
        column = 0
        before = origin
        for glyph in self.glyphs:
            gap = glyph.left - before
            if gap > _WIDE * self.size:
                blanks = max(2 if parts else 1, min(200, round((glyph.left - origin) / step) - column))
                parts.append(" " * blanks)
                column += blanks
            elif gap > _GAP * self.size and parts:
                parts.append(" ")
                column += 1
            parts.append(glyph.text)
            column += 1 if glyph.text.isascii() else 2
            before = glyph.right
        return "".join(parts)


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. A raised mark of a note is left out, any other raised or lowered glyph joins."""
    lines: list[Line] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.y):
        last = lines[-1] if lines else None
        if last is not None and last.y - glyph.y < 0.3 * max(min(glyph.size, last.size), 4):
            last.glyphs.append(glyph)
            last.size = max(last.size, glyph.size)
        else:
            lines.append(Line([glyph], glyph.y, glyph.size))
    merged: list[Line] = []
    for line in lines:
        line.glyphs.sort(key=lambda glyph: glyph.left)
        above = merged[-1] if merged else None
        if above is not None and above.size < 0.8 * line.size and above.y - line.y < 0.8 * line.size:
            merged[-1] = _with_raised(line, above)
        elif above is not None and line.size < 0.8 * above.size and above.y - line.y < 0.3 * above.size:
            above.glyphs = _in_order([*above.glyphs, *line.glyphs])
        else:
            merged.append(line)
    for line in merged:
        line.glyphs = _printed_once(line)
    return merged


def _in_order(glyphs: list[Glyph]) -> list[Glyph]:
    return sorted(glyphs, key=lambda glyph: glyph.left)


def _with_raised(line: Line, above: Line) -> Line:
    """The line with its raised glyphs, without those that are marks of notes."""
    kept = list(line.glyphs)
    group: list[Glyph] = []
    for glyph in [*above.glyphs, None]:
        if glyph is not None and (not group or glyph.left - group[-1].right < 0.5 * line.size):
            group.append(glyph)
            continue
        text = "".join(part.text for part in group)
        before = "".join(part.text for part in line.glyphs if part.right <= group[0].left + 1)[-4:]
        if not _NOTE_MARK.fullmatch(text) or (text in "23" and _UNIT_BEFORE.search(before)):
            kept += group
        group = [glyph] if glyph is not None else []
    return Line(_in_order(kept), line.y, line.size)


def _printed_once(line: Line) -> list[Glyph]:
    """Some files print a glyph twice, a hair apart, to make it bold; and raised marks can share the baseline box."""
    kept: list[Glyph] = []
    for glyph in line.glyphs:
        if kept and kept[-1].text == glyph.text and glyph.left - kept[-1].left < 0.25 * (glyph.right - glyph.left):
            continue
        kept.append(glyph)
    return kept


def margins(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> dict[tuple[int, int], tuple[float, float]]:
    """Left and right edge of running text, for each size of page."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for size in {page.size for page in pages}:
        own = [line for page, some in zip(pages, lines, strict=True) if page.size == size for line in some]
        found[size] = _edges(own) if own else (0.0, float(size[0]))
    return found


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    full = [line for line in lines if len(line.glyphs) > 12] or list(lines)
    lefts = Counter(round(line.left / 2) for line in full)
    most = max(lefts.values())
    left = min(place for place, count in lefts.items() if count * 4 >= most) * 2.0
    rights = sorted(line.right for line in full)
    return left, rights[min(len(rights) - 1, len(rights) * 9 // 10)]


def paragraph_ends(
    flow: Sequence[tuple[Page, Line | None]], edges: dict[tuple[int, int], tuple[float, float]]
) -> list[bool]:
    """For each part of the flow whether a paragraph ends with it; ``None`` stands for a table."""
    ends: list[bool] = []
    pitches = _pitch([line for _, line in flow if line is not None])
    for index, (page, line) in enumerate(flow):
        following = flow[index + 1] if index + 1 < len(flow) else None
        if line is None or following is None or following[1] is None:
            ends.append(True)
            continue
        left, right = edges[page.size]
        later, later_left = following[1], edges[following[0].size][0]
        indented = later.left - later_left > 1.4 * later.size and line.left - left < 1.4 * line.size
        started = later.left - later_left > 1.4 * later.size and abs(later.left - line.left) < later.size
        same_page = following[0].number == page.number
        apart = same_page and line.y - later.y > 1.6 * max(pitches, line.size)
        short = right - line.right
        closed = _SENTENCE_END.search(line.text) is not None
        resized = abs(later.size - line.size) > 0.15 * line.size
        ends.append(
            indented
            or (started and (closed or short > 2 * line.size))
            or (apart and (closed or short > 1.5 * line.size))
            or short > 4 * line.size
            or (short > 1.5 * line.size and closed)
            or resized
        )
    return ends


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance of two lines."""
    steps = [above.y - below.y for above, below in pairwise(lines) if 0 < above.y - below.y < 80]
    return sorted(steps)[len(steps) // 2] if steps else 20.0
