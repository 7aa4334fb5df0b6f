"""Markdown: markup is blanked out in place, so that every line and character keeps its address.

What belongs here: headings, emphasis, lists, links, code fences, HTML tables inside Markdown. What does not: pipe
tables (``text_tables``), decoding (``text``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.documents.flow import Box, Lattice, resolved
from ingestion.documents.limits import MAX_GRID_COLUMNS
from ingestion.documents.model import Cell, CellPlace, Grid, TextDocument, TextLine, join_lines, part_of
from ingestion.sequences import Packer

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?=[^#]|$)")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_BULLET = re.compile(r"(\s*)[-*+](?=\s)")
_DEFINITION = re.compile(r"\s{0,3}\[[^\[\]^]{1,80}\]:\s*\S+")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_MARKUP = re.compile(
    r"!\[[^\[\]]{0,300}\]\([^()]{0,500}\)"  # an image
    r"|\]\([^()\n]{0,500}\)"  # the far end of a link
    r"|\[\^[^\[\]\s]{1,30}\]:?"  # a note
    r"|</?[A-Za-z!][^<>]{0,500}>"  # a tag
    r"|`+|\*+|~~|__|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)"
    r"|\\[|]|\\(?=[^\w\s])"
)
_LINK = re.compile(r"\[(?=[^\[\]]{0,300}\]\()")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&ge;": "≥",
    "&le;": "≤",
    "&mdash;": "—",
    "&ldquo;": "“",
    "&rdquo;": "”",
}
_TABLE_TAG = re.compile(r"<(?P<close>/?)(?P<tag>table|tr|td|th)\b(?P<rest>[^<>]{0,500})>", re.IGNORECASE)
_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _HtmlCell:
    start: int
    end: int
    box: Box


def read_markdown(document: TextDocument) -> TextDocument:
    """The document with its markup blanked out, its headings and its HTML tables marked."""
    packer = Packer(TextLine)
    for line in _marked(document.lines):
        packer.add(line)
    lines = packer.done()
    grids = tuple(_html_grids(document.text, lines)) if "<t" in document.text.lower() else ()
    return TextDocument(document.text, document.encoding, lines, grids)


def _marked(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Each line, once the line below it has told whether it is a heading."""
    above: TextLine | None = None
    fence: str | None = None
    for index, line in enumerate(lines):
        opening = _FENCE.match(line.text)
        blank = line._replace(text="", ends=True)
        if fence is not None:
            fence = None if opening and opening[1].startswith(fence) else fence
            marked = blank
        elif opening:
            fence = opening[1]
            marked = blank
        elif above is not None and _is_underline(line.text, above.text):
            if len(above.text) <= 80 and above.heading is None:
                above = above._replace(heading=1 if "=" in line.text else 2, ends=True)
            marked = blank
        else:
            following = lines[index + 1].text if index + 1 < len(lines) else ""
            marked = _plain(line, last=not following.strip())
        if above is not None:
            yield above
        above = marked
    if above is not None:
        yield above


def _is_underline(text: str, above: str) -> bool:
    """Whether a line of dashes or equals signs makes a heading of the line above it."""
    return above.strip() != "" and _UNDERLINE.fullmatch(text) is not None and "|" not in above


def _plain(line: TextLine, *, last: bool) -> TextLine:
    """One line without its markup; every character that stays keeps its place."""
    text = line.text
    if _DEFINITION.match(text) and not _TABLE_TAG.search(text):
        return line._replace(text="", ends=True)
    heading = _HEADING.match(text)
    if heading:
        text = " " * heading.end() + text[heading.end() :].rstrip().rstrip("#")
    quote = _QUOTE.match(text)
    if quote:
        text = " " * quote.end() + text[quote.end() :]
    bullet = _BULLET.match(text)
    if bullet:
        text = f"{bullet[1]}•{text[bullet.end() :]}"
    text = _MARKUP.sub(_blank, _LINK.sub(" ", text))
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    text = text.rstrip()
    return line._replace(text=text, heading=len(heading[1]) if heading else None, ends=True if last else None)


def _blank(match: re.Match[str]) -> str:
    # An escaped bar is a character of its cell: its full-width twin parts no columns.
    return " ｜" if match.group() == "\\|" else " " * len(match.group())


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES.get(match.group(), "").ljust(len(match.group()))


# --- HTML tables --------------------------------------------------------------------------------------


def _html_grids(text: str, lines: Sequence[TextLine]) -> Iterator[Grid]:
    starts = [line.start for line in lines]
    number = 0
    for begin, end, rows in _html_tables(text):
        lattice = Lattice([[cell.box for cell in row] for row in rows])
        slots = resolved(lattice)
        if slots is None or len(slots) < 2 or max(len(row) for row in slots) < 2:
            continue
        number += 1
        places = {id(cell.box): cell for row in rows for cell in row}
        made: dict[int, Cell | None] = {}
        grid: list[tuple[Cell | None, ...]] = []
        for at, row in enumerate(slots):
            for column, box in enumerate(row):
                if box is not None and id(box) not in made:
                    made[id(box)] = _cell(lines, starts, places[id(box)], CellPlace(number, at + 1, column + 1))
            grid.append(tuple(made[id(box)] if box is not None else None for box in row))
        yield Grid(tuple(grid), bisect_right(starts, begin) - 1, bisect_right(starts, end - 1) - 1)


def _html_tables(text: str) -> Iterator[tuple[int, int, list[list[_HtmlCell]]]]:
    """Begin, end and cells of each outermost table; what is nested inside a cell is text of the cell."""
    depth = begin = 0
    rows: list[list[_HtmlCell]] = []
    opened: tuple[int, str] | None = None

    def close(at: int) -> None:
        nonlocal opened
        if opened is not None and rows:
            spans = {name.lower(): int(value) for name, value in _SPAN.findall(opened[1])}
            columns = max(1, min(spans.get("colspan", 1), MAX_GRID_COLUMNS + 1))
            rows[-1].append(_HtmlCell(opened[0], at, Box((), columns, max(1, spans.get("rowspan", 1)))))
        opened = None

    for match in _TABLE_TAG.finditer(text):
        tag, closes = match["tag"].lower(), bool(match["close"])
        if tag == "table":
            depth += -1 if closes else 1
            if depth == 1 and not closes:
                begin, rows = match.start(), []
            elif depth == 0 and closes:
                close(match.start())
                yield begin, match.end(), rows
            depth = max(depth, 0)
        elif depth == 1:
            close(match.start())
            if tag == "tr" and not closes:
                rows.append([])
            elif tag in ("td", "th") and not closes:
                opened = match.end(), match["rest"]


def _cell(lines: Sequence[TextLine], starts: Sequence[int], cell: _HtmlCell, place: CellPlace) -> Cell | None:
    first, last = bisect_right(starts, cell.start) - 1, bisect_right(starts, max(cell.start, cell.end - 1)) - 1
    parts = []
    for index in range(first, last + 1):
        line = lines[index]
        begin = max(0, cell.start - line.start)
        parts.append(part_of(line, begin, max(begin, min(len(line.text), cell.end - line.start))))
    content = join_lines(parts)
    return Cell(content, lines[first].number, lines[last].number, place) if content.text else None
