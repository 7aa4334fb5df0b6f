"""A line of headers parted by blanks: the ways in which it can be taken apart, and which of them the rows bear out.

What belongs here: 2025年 年均增长 is one column or two, 2025 年目标 is one; headers that nobody knows. What does not:
the rows themselves (``columns``), the words of headers (``headers``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ingestion.documents.headers import COLUMN, Column, column_of, is_target_header
from ingestion.documents.limits import MAX_HEADER_CHARACTERS
from ingestion.quantity import fold, squeeze

_SENTENCE = re.compile(r"[。;!?]")
_WORD = re.compile(r"\S+")
_UNKNOWN = re.compile(r"[^\d,，。、:：]{2,8}")
_LONGEST = 80
"""Characters of a line of headers without its blanks."""
_MOST_WORDS = 4
"""Words of one header: 2025 年 目标 值."""
_MOST_UNKNOWN = 2
_MOST_WAYS = 48


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """A column and where its header stands, in half widths."""

    column: Column
    start: int
    end: int

    @property
    def middle(self) -> float:
        """The place between both ends."""
        return (self.start + self.end) / 2


@lru_cache(maxsize=512)
def header_ways(text: str) -> tuple[list[HeaderPlace], ...]:
    """The columns that a line of headers can mean, the fewest columns first; none where it is no such line.

    A blank inside a header (2025 年目标) and one between two headers (2025年 年均增长) look alike.
    """
    if len(text) > MAX_HEADER_CHARACTERS:
        return ()
    folded = fold(text)
    if not COLUMN.match(folded.lstrip()) or len(squeeze(folded)) > _LONGEST or _SENTENCE.search(folded):
        return ()
    widths = half_widths(text)
    ways = sorted(islice(_grouped(folded), _MOST_WAYS), key=len) or list(_glued(folded))
    placed = [
        [HeaderPlace(Column(squeeze(folded[start:end]), sort), widths[start], widths[end]) for start, end, sort in way]
        for way in ways
    ]
    return tuple(way for way in placed if _is_known([place.column for place in way]))


def _is_known(columns: Sequence[Column]) -> bool:
    """Whether it is a header of indicators; with words in it that nobody knows, it needs two columns of values."""
    unknown = sum(1 for column in columns if column.sort == "other" and COLUMN.fullmatch(column.header) is None)
    values = sum(1 for column in columns if column.sort == "value")
    return is_target_header(columns) and unknown <= min(values - 1, _MOST_UNKNOWN)


_Part = tuple[int, int, str]


def _grouped(folded: str) -> Iterator[list[_Part]]:
    """Ways to put neighbouring words together to headers: start, end and sort of each."""
    words = [match.span() for match in _WORD.finditer(folded)]
    options = [_options(folded, words, at) for at in range(len(words))]
    finishes = [False] * len(words) + [True]
    for at in reversed(range(len(words))):
        options[at] = [(count, sort) for count, sort in options[at] if finishes[at + count]]
        finishes[at] = bool(options[at])

    def ways(at: int) -> Iterator[list[_Part]]:
        if at == len(words):
            yield []
            return
        for count, sort in options[at]:
            part = (words[at][0], words[at + count - 1][1], sort)
            yield from ([part, *rest] for rest in ways(at + count))

    return ways(0)


def _options(folded: str, words: Sequence[tuple[int, int]], at: int) -> list[tuple[int, str]]:
    """How many words from one on can be a header, the most first, and its sort; a word nobody knows is an other one."""
    found: list[tuple[int, str]] = []
    for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
        start, end = words[at][0], words[at + count - 1][1]
        match = COLUMN.fullmatch(folded, start, end) or COLUMN.fullmatch(squeeze(folded[start:end]))
        if match is not None:
            found.append((count, str(match.lastgroup)))
    start, end = words[at]
    if not found and at and _UNKNOWN.fullmatch(folded[start:end]):
        found.append((1, "other"))
    return found


def _glued(folded: str) -> Iterator[list[_Part]]:
    """Headers that stand without blanks between them (指标2020年2025年), each as long as it can be."""
    found: list[_Part] = []
    position = 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        match = COLUMN.match(folded, position)
        if match is None:
            return
        found.append((position, position + len(match.group().rstrip()), str(match.lastgroup)))
        position = match.end()
    yield found


def half_widths(text: str) -> list[int]:
    """Where each character begins, in half widths; one more for the end."""
    widths = [0]
    for symbol in text:
        widths.append(widths[-1] + (1 if ord(symbol) < 0x2E80 and symbol not in "“”—…‘’" else 2))
    return widths


def doubled(places: Sequence[HeaderPlace], text: str) -> list[HeaderPlace] | None:
    """The columns where a second line of headers stands below the first, or None where it is none."""
    return _two_lines(places, text) or _one_below_another(places, text)


def _two_lines(places: Sequence[HeaderPlace], text: str) -> list[HeaderPlace] | None:
    """The columns where a second line of headers stands below the first (2025年 over 目标值, 年均增长)."""
    if len(text) > MAX_HEADER_CHARACTERS or _SENTENCE.search(fold(text)):
        return None
    widths = half_widths(text)
    below: dict[int, list[HeaderPlace]] = {}
    for match in _WORD.finditer(text):
        own = column_of(match.group())
        if own is None or own.sort != "value" or COLUMN.fullmatch(own.header) is None:
            return None
        start, end = widths[match.start()], widths[match.end()]
        nearest = min(range(len(places)), key=lambda i: abs(places[i].middle - (start + end) / 2))
        above = places[nearest]
        if above.column.sort != "value":
            return None
        column = Column(above.column.header + own.header, "value")
        below.setdefault(nearest, []).append(HeaderPlace(column, start, end))
    if not below:
        return None
    return [part for index, place in enumerate(places) for part in below.get(index, [place])]


def _one_below_another(places: Sequence[HeaderPlace], text: str) -> list[HeaderPlace] | None:
    """The columns where the second line has one header for each column of values, in their order."""
    parts = sub_headers(text)
    values = [index for index, place in enumerate(places) if place.column.sort == "value"]
    if not parts or len(parts) != len(values):
        return None
    joined = list(places)
    for index, part in zip(values, parts, strict=True):
        place = places[index]
        joined[index] = HeaderPlace(Column(place.column.header + part, "value"), place.start, place.end)
    return joined


def sub_headers(text: str) -> list[str]:
    """The words of a line all of which are headers of values; none where one of them is not."""
    if len(text) > MAX_HEADER_CHARACTERS:
        return []
    columns = [column_of(match.group()) for match in _WORD.finditer(text)]
    known = [c.header for c in columns if c is not None and c.sort == "value" and COLUMN.fullmatch(c.header)]
    return known if len(known) == len(columns) else []


@dataclass(frozen=True, slots=True)
class Votes:
    """How the rows below a line of headers bear out one way of taking it apart."""

    fits: int
    """Rows with as many words from the right as there are columns behind the name."""
    clashes: int
    """Rows that would have one number more than columns: the name would end in it."""
    placed: int
    """Rows that fit only by where their words stand."""

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """The higher, the better borne out. A number too many speaks louder than a row with one word less."""
        return self.fits > 0, -self.clashes, self.fits, self.placed


def best_way(votes: Sequence[Votes]) -> int | None:
    """Which way the rows bear out; of equal ones that with the fewest columns. None where no row fits any."""
    best = max(range(len(votes)), key=lambda index: (*votes[index].rank, -index))
    return best if votes[best].fits or votes[best].placed else None


def is_header_line(text: str) -> bool:
    """Whether a line is one of headers."""
    return bool(header_ways(text))
