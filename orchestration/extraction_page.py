"""The page of ``provstat extract --format html``: the document as read, with every figure marked where it is printed.

What belongs here: where on a line a mark begins and ends, what a mark says. What does not: reading a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import jinja2

from ingestion.figures import DirectionalStatement, Figure, Line, Reading, Refusal
from orchestration.screens import cell_text

KINDS = {
    "target": "目标",
    "baseline": "基期",
    "actual": "实际",
    "growth": "增速",
    "change": "增减",
    "share": "占比",
    "rank": "位次",
    "other": "其他",
}
_FIRST = (
    "printed_text",
    "indicator_code",
    "indicator_as_printed",
    "region_code",
    "period",
    "kind",
    "target_kind",
    "comparator",
    "value",
    "unit",
    "base_period",
    "direction",
    "address",
)
"""What a person asks first; the other fields follow."""
_SPAN = re.compile(r"c(\d+)-(\d+)")
_CELL = re.compile(r"(?:(.+)!)?[A-Z]+(\d+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; ``entry`` is the index of the row that it is the printing of, if any."""

    text: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the document in pieces, none where it is blank; ``heading`` names the page or sheet that begins."""

    number: int
    heading: str | None
    pieces: tuple[Piece, ...]
    refused: tuple[int, ...]
    """Rows refused on this line whose printing was not found in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the page (figure, directional statement, refusal): the class of its mark and the fields shown."""

    sort: str
    label: str
    fields: Mapping[str, str]


def extraction_page(
    reading: Reading, columns: Sequence[str], directional_columns: Sequence[str], *, unresolved: bool = False
) -> str:
    """One self-contained HTML page of a reading.

    Args:
        reading: what was read.
        columns: fields of a figure that its row shows, in order.
        directional_columns: those of a directional statement.
        unresolved: mark only figures that fit no indicator.
    """
    figures = [figure for figure in reading.figures if not (unresolved and figure.indicator_code)]
    directional = () if unresolved else reading.directional_statements
    entries = [
        *(_figure_entry(figure, columns) for figure in figures),
        *(Entry("directional", "方向", _fields(statement, directional_columns)) for statement in directional),
        *map(_refusal_entry, reading.refusals),
    ]
    return _template().render(
        reading=reading,
        kinds=KINDS,
        entries=entries,
        figures=len(figures),
        lines=tuple(_line_views(reading, (*figures, *directional))),
        rows=[dict(entry.fields) for entry in entries],
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("orchestration", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "ensure_ascii": False}
    return environment.get_template("extraction.html.j2")


def _figure_entry(figure: Figure, columns: Sequence[str]) -> Entry:
    sort = figure.kind if figure.indicator_code else "unresolved"
    return Entry(sort, KINDS.get(figure.kind, figure.kind), _fields(figure, columns))


def _fields(record: Figure | DirectionalStatement, columns: Sequence[str]) -> dict[str, str]:
    """What a row tells: the fields that are not blank, those that a person asks first in front."""
    shown = {name: cell_text(getattr(record, name, None)) for name in dict.fromkeys((*_FIRST, *columns))}
    return {name: text for name, text in shown.items() if text}


def _refusal_entry(refusal: Refusal) -> Entry:
    fields = {
        "address": refusal.address,
        "raw_text": refusal.raw_text,
        "reason_code": refusal.reason_code,
        "reason": refusal.reason,
    }
    return Entry("refused", "拒收", fields)


def _line_views(reading: Reading, printed: Sequence[Figure | DirectionalStatement]) -> Iterator[LineView]:
    marks = _marks(reading, printed)
    place: tuple[str | None, int | None] = (None, None)
    for index, line in enumerate(reading.lines):
        here = (line.sheet, line.page)
        heading = None if here == place else (f"第{line.page}页" if line.page is not None else line.sheet)
        place = here
        own = sorted(marks.get(index, ()))
        found = [mark for mark in own if mark[1] > mark[0]]
        unplaced = tuple(entry for start, end, entry in own if end <= start)
        pieces = tuple(_pieces(line.text, found)) if line.text.strip() else ()
        yield LineView(line.line, heading, pieces, unplaced)


def _pieces(text: str, marks: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    """Cut a line at its marks; of marks that overlap the first one stays."""
    position = 0
    for start, end, entry in marks:
        if start < position:
            continue
        if start > position:
            yield Piece(text[position:start], None)
        yield Piece(text[start:end], entry)
        position = end
    if position < len(text):
        yield Piece(text[position:], None)


def _marks(reading: Reading, printed: Sequence[Figure | DirectionalStatement]) -> dict[int, list[tuple[int, int, int]]]:
    """For the index of a line: start, end and row of each mark; start = end where the printing was not found."""
    marks: dict[int, list[tuple[int, int, int]]] = {}
    by_number = {(line.sheet, line.line): index for index, line in enumerate(reading.lines)}
    for entry, record in enumerate(printed):
        span = _SPAN.fullmatch(record.position)
        if span:
            for index, start, end in _on_lines(reading.lines, int(span[1]), int(span[2])):
                marks.setdefault(index, []).append((start, end, entry))
        elif isinstance(record, Figure):
            place = by_number.get((record.sheet, record.line_start or 0))
            _search(marks, reading.lines, place, record.printed_text, entry)
    for entry, refusal in enumerate(reading.refusals, start=len(printed)):
        span, cell = _SPAN.fullmatch(refusal.position), _CELL.fullmatch(refusal.address)
        if span:
            for index, start, end in _on_lines(reading.lines, int(span[1]), int(span[2])):
                marks.setdefault(index, []).append((start, end, entry))
        elif cell:
            _search(marks, reading.lines, by_number.get((cell[1], int(cell[2]))), refusal.raw_text, entry)
    return marks


def _on_lines(lines: Sequence[Line], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The parts of a span of the text that stand on each of its lines."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if (lines[middle].start or 0) <= start:
            low = middle + 1
        else:
            high = middle
    for index in range(max(low - 1, 0), len(lines)):
        line = lines[index]
        begin = line.start
        if begin is None or begin >= end:
            return
        first, last = max(start - begin, 0), min(end - begin, len(line.text))
        if first < last:
            yield index, first, last


def _search(
    marks: dict[int, list[tuple[int, int, int]]], lines: Sequence[Line], place: int | None, printed: str, entry: int
) -> None:
    """Mark a printing whose position is a cell: the first such text of its line that is not marked yet."""
    if place is None:
        return
    own = marks.setdefault(place, [])
    start = lines[place].text.find(printed) if printed else -1
    while start >= 0 and any(start < end and begin < start + len(printed) for begin, end, _ in own):
        start = lines[place].text.find(printed, start + 1)
    own.append((start, start + len(printed), entry) if start >= 0 else (0, 0, entry))
