"""Rows typed with a delimiter between their cells: bars or tabs.

What belongs here: taking a line apart, and which lines below it go on. What does not: headers, and what such a table is
(``text_tables``, ``place_lines``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingestion.documents.model import Cell, TextLine, join_lines, part_of
from ingestion.quantity import fold

_SENTENCE = re.compile(r"[。;!?]")
_RULE = re.compile(r"[\s|:+\-─━—│┃├┼┤]+")
BAR = re.compile(r"[|│┃]")
TAB = re.compile("\t")


def split_row(line: TextLine, mark: re.Pattern[str]) -> list[Cell | None]:
    """The cells of a line, None where one is blank."""
    edges = [match.span() for match in mark.finditer(line.text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(line.text)]
    cells = [cell_of(line, start, end) for start, end in zip(starts, ends, strict=True)]
    if mark is BAR:
        cells = cells[1:] if cells and cells[0] is None else cells
        cells = cells[:-1] if cells and cells[-1] is None else cells
    return cells


def cell_of(line: TextLine, start: int, end: int) -> Cell | None:
    """A stretch of a line as a cell, or None where it is blank."""
    content = join_lines((part_of(line, start, end),))
    return Cell(content, line.number, line.number) if content.text else None


def following(lines: Sequence[TextLine], index: int, mark: re.Pattern[str], most: int) -> Iterator[int]:
    """Indexes of the rows below a line: neither blank nor rulings, until something else stands there."""
    last = position = index
    while position + 1 < len(lines) and most:
        position += 1
        line = lines[position]
        if not line.text.strip() or (mark is BAR and _RULE.fullmatch(line.text)):
            if position - last > 3:
                return
            continue
        if not mark.search(line.text.strip("\n")) or _SENTENCE.search(fold(line.text)):
            return
        last = position
        most -= 1
        yield position
