"""How a file is typeset: whether its paragraphs are wrapped, how wide, whether a trailing blank ends one.

What belongs here: what the lines of a file have in common, and the end of a line as it tells of it. What does not:
what a single line is (``blocks``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.documents.model import TextLine

LOOK = 200
"""Characters at either end of a line by which it is told what the line is, however long it may be."""

# Half and full width, so that a line need not be folded to see how it ends.
FULL_STOP = re.compile(r"[。!?！？](?:[”’\"＂)）])?$")
SENTENCE_END = re.compile(r"[。!?;:！？；：](?:[”’\"＂)）〕》])?$|[)）]$")


@dataclass(frozen=True, slots=True)
class Habits:
    """How this file is typeset: whether paragraphs are wrapped, how wide, whether a trailing blank ends one."""

    wrapped: bool
    width: int
    trailing_blank: bool


def tail_of(line: TextLine) -> str:
    """The end of a line without its blanks; all of it where it is no longer than ``LOOK``."""
    return "".join(line.text[-LOOK:].split())


def trails_blank(line: TextLine) -> bool:
    """Whether the line ends in a blank."""
    return line.text.endswith((" ", "\u3000"))


def habits_of(lines: Iterable[TextLine]) -> Habits:
    """The habits that the lines of text, none of them blank, show."""
    sizes: Counter[int] = Counter()
    running = open_ended = trailing = full = closed = 0
    for line in lines:
        tail = tail_of(line)
        size = len(tail) if len(line.text) <= LOOK else len(line.text)
        sizes[size] += 1
        if size > 12:
            running += 1
            open_ended += SENTENCE_END.search(tail[-2:]) is None
        blank = trails_blank(line)
        trailing += blank
        if FULL_STOP.search(tail[-2:]):
            full += 1
            closed += blank
    width = _ninth_tenth(sizes)
    wrapped = running >= 6 and width <= 60 and open_ended * 2 > running
    habit = wrapped and trailing >= 5 and full >= 5 and closed * 10 >= full * 6
    return Habits(wrapped, width, habit)


def _ninth_tenth(sizes: Counter[int]) -> int:
    """The size that nine lines in ten do not exceed."""
    rank = sizes.total() * 9 // 10
    for size in sorted(sizes):
        rank -= sizes[size]
        if rank < 0:
            return size
    return 0
