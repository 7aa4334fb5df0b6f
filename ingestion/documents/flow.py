"""Paragraphs and tables of a document with markup (docx, html, pdf) become one text with lines and grids.

What belongs here: the order of the text, one line for each line of a paragraph and for each row of a table, the
address of every cell. What does not: any format; what is a table of targets (``tables``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingestion.documents.limits import MAX_GRID_CELLS, MAX_GRID_COLUMNS, MAX_PARAGRAPHS
from ingestion.documents.model import Cell, CellPlace, DocumentError, Grid, TextDocument, TextLine, join_lines, part_of

_BLANKS = re.compile(r"\s+")
_BAR = " | "
_LONG_CELL = 600
"""A cell of more characters holds text, not an entry: its table is a frame around paragraphs."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a paragraph, as ``TextLine`` describes it."""

    text: str
    page: int | None = None
    page_line: int | None = None
    heading: int | None = None
    ends: bool | None = True


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table: what stands in it, and how many rows and columns it covers."""

    items: Sequence[Item]
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table as its format gives it: rows of cells, each cell once, spans not yet resolved."""

    rows: Sequence[Sequence[Box]]
    page: int | None = None
    pages: Sequence[tuple[int | None, int | None]] = ()
    """Page and line on the page of each row, where rows stand on different pages."""


Item = Text | Lattice


@dataclass
class _Builder:
    """The text so far."""

    pieces: list[str] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    length: int = 0
    tables: int = 0

    def add(self, text: str, source: Text, *, leaves: bool = False) -> TextLine:
        if len(self.lines) >= MAX_PARAGRAPHS:
            raise DocumentError("too_large", f"文件超过 {MAX_PARAGRAPHS} 段，不像一份规划；请核对或拆分后重新报送")
        line = TextLine(
            len(self.lines) + 1,
            self.length,
            text,
            source.page,
            source.page_line,
            source.heading,
            source.ends,
            leaves,
        )
        self.lines.append(line)
        self.pieces.append(text)
        self.length += len(text) + 1
        return line


def flowed(items: Iterable[Item], encoding: str, *, own_paragraphs: bool = True) -> TextDocument:
    """The document that the items make, in their order; see ``TextDocument`` for ``own_paragraphs``.

    Raises:
        DocumentError: ``too_large``.
    """
    builder = _Builder()
    for item in items:
        _add(builder, item)
    return TextDocument("\n".join(builder.pieces), encoding, tuple(builder.lines), tuple(builder.grids), own_paragraphs)


def plain(items: Iterable[Item]) -> str:
    """The text of a cell in one line; the text of a table inside comes cell by cell."""
    parts: list[str] = []
    stack = [iter(items)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, Text):
            parts.append(item.text)
        else:
            stack.append(iter([inner for row in item.rows for box in row for inner in box.items]))
    return _BLANKS.sub(" ", " ".join(parts)).strip()


def _add(builder: _Builder, item: Item) -> None:
    stack: list[list[Item]] = [[item]]
    frames: list[int] = []
    while stack:
        if not stack[-1]:
            stack.pop()
            if frames and stack:
                _leave(builder, frames.pop())
            continue
        current = stack[-1].pop()
        if isinstance(current, Text):
            builder.add(current.text, current)
            continue
        slots = resolved(current)
        if slots is not None and _is_tabular(slots):
            _add_grid(builder, current, slots)
        else:
            inner = [part for row in current.rows for box in row for part in box.items]
            stack.append(inner[::-1])
            frames.append(len(builder.lines))


def _leave(builder: _Builder, since: int) -> None:
    """Mark the last line of a frame: a box opened inside ends with it."""
    if len(builder.lines) > since:
        last = builder.lines[-1]
        builder.lines[-1] = TextLine(
            last.number, last.start, last.text, last.page, last.page_line, last.heading, True, leaves=True
        )


def resolved(lattice: Lattice) -> list[list[Box | None]] | None:
    """Rows of equal length with merged cells in every slot, or None where the table is too large to be one."""
    rows: list[list[Box | None]] = []
    below: dict[int, tuple[Box, int]] = {}
    cells = 0
    for source in lattice.rows:
        row: dict[int, Box | None] = {}
        for column, (box, left) in list(below.items()):
            row[column] = box
            below[column] = (box, left - 1)
            if left <= 1:
                del below[column]
        column = 0
        for box in source:
            while column in row:
                column += 1
            for _ in range(min(box.columns, MAX_GRID_COLUMNS + 1)):
                row.setdefault(column, box)
                if box.rows > 1:
                    below[column] = (box, box.rows - 1)
                column += 1
        width = max(row, default=-1) + 1
        cells += width
        if width > MAX_GRID_COLUMNS or cells > MAX_GRID_CELLS:
            return None
        rows.append([row.get(index) for index in range(width)])
    widest = max((len(row) for row in rows), default=0)
    return [row + [None] * (widest - len(row)) for row in rows]


def _is_tabular(slots: Sequence[Sequence[Box | None]]) -> bool:
    """Whether it is rows of entries: at least two by two, no table inside, no cell that holds running text."""
    boxes = {id(box): box for row in slots for box in row if box is not None}
    filled = [row for row in slots if any(box is not None and box.items for box in row)]
    if len(filled) < 2 or len(boxes) < 4 or max(len({id(box) for box in row}) for row in slots) < 2:
        return False
    for box in boxes.values():
        if any(isinstance(item, Lattice) for item in box.items):
            return False
        if sum(len(item.text) for item in box.items if isinstance(item, Text)) > _LONG_CELL:
            return False
    return True


def _add_grid(builder: _Builder, lattice: Lattice, slots: Sequence[Sequence[Box | None]]) -> None:
    builder.tables += 1
    made: dict[int, Cell | None] = {}
    rows: list[tuple[Cell | None, ...]] = []
    first = len(builder.lines)
    for number, row in enumerate(slots):
        fresh: list[tuple[int, Box]] = []
        seen = set()
        for column, box in enumerate(row):
            if box is not None and id(box) not in made and id(box) not in seen:
                seen.add(id(box))
                fresh.append((column, box))
        texts = [plain(box.items) for _, box in fresh]
        page, page_line = lattice.pages[number] if number < len(lattice.pages) else (lattice.page, None)
        line = builder.add(_BAR.join(texts), Text("", page, page_line))
        position = 0
        for (column, box), text in zip(fresh, texts, strict=True):
            content = join_lines((part_of(line, position, position + len(text)),))
            place = CellPlace(builder.tables, number + 1, column + 1)
            made[id(box)] = Cell(content, line.number, line.number, place) if content.text else None
            position += len(text) + len(_BAR)
        rows.append(tuple(made[id(box)] if box is not None else None for box in row))
    builder.grids.append(Grid(tuple(rows), first, len(builder.lines) - 1))
