"""The process that opens one PDF: bytes on standard input, lines and tables as JSON on standard output.

What belongs here: bounds of the process, pages in order, running heads, tables that go on overleaf. What does not:
glyphs and drawn lines (``pdf_page``), lines and paragraphs (``pdf_lines``), cells (``pdf_tables``). The answer is a
list of items, or the reason code of a refusal as a string.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ingestion.documents.limits import MAX_PDF_CHARACTERS, MAX_PDF_PAGES, PDF_MEMORY_BYTES, PDF_SECONDS
from ingestion.documents.pdf_lines import Line, lines_of, margins, paragraph_ends
from ingestion.documents.pdf_page import Page, open_pages
from ingestion.documents.pdf_tables import PageTable, tables_of

_PAGE_NUMBER = re.compile(
    r"[-—–·~\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})\s*(?:页)?(?:\s*[/,，共]+\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–·~\s]*"
)
_DIGITS = re.compile(r"\d+")
_EDGE = 0.13
"""Share of the page's height, above and below, where running heads and page numbers stand."""
_SAME_COLUMNS = 6.0
"""Points by which the columns of a table may shift overleaf."""


def main() -> None:
    """Read, answer, leave; a limit of the process ends it with a code that is not 0."""
    _bounded()
    gc.disable()  # one file, then the end: nothing is worth collecting
    json.dump(_answer(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)


def _bounded() -> None:
    try:
        import resource
    except ImportError:
        return  # no such limits on this system; the parent still ends the process after its time
    resource.setrlimit(resource.RLIMIT_AS, (PDF_MEMORY_BYTES, PDF_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PDF_SECONDS, PDF_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(content: bytes) -> Any:
    pages = open_pages(content, MAX_PDF_PAGES)
    if isinstance(pages, str):
        return pages
    read: list[Page] = []
    total = strange = 0
    for page in pages:
        total += len(page.glyphs)
        strange += sum(1 for glyph in page.glyphs if glyph.is_strange)
        if total > MAX_PDF_CHARACTERS:
            return "too_large"
        read.append(page)
    if not read:
        return "broken_file"
    if total < 12 * len(read) and total < 400:
        return "scanned_pdf"
    if strange * 3 > total:
        return "garbled_pdf"
    return _items(read)


def _items(pages: Sequence[Page]) -> list[Any]:
    tables = [tables_of(page) for page in pages]
    lines = [lines_of(_outside(page, own)) for page, own in zip(pages, tables, strict=True)]
    running = _running(pages, lines)
    kept = [[line for line in own if id(line) not in running] for own in lines]
    _number(pages, lines, tables)
    edges = margins(pages, kept)
    items: list[Any] = []
    open_table: tuple[dict[str, Any], PageTable] | None = None
    flow: list[tuple[Page, Line | PageTable]] = []
    for page, own, found in zip(pages, kept, tables, strict=True):
        parts: list[Line | PageTable] = [*own, *found]
        flow.extend((page, part) for part in sorted(parts, key=lambda part: -part.top))
    ends = paragraph_ends([(page, part if isinstance(part, Line) else None) for page, part in flow], edges)
    for (page, part), end in zip(flow, ends, strict=True):
        if isinstance(part, Line):
            items.append([part.printed(edges[page.size][0]), page.number, part.number, end])
            open_table = None
            continue
        if open_table is not None and _goes_on(open_table[1], part, page):
            _append(open_table[0], part, page)
        else:
            items.append(_table(part, page))
            open_table = (items[-1], part)
        open_table = (items[-1], part)
    return items


def _outside(page: Page, tables: Sequence[PageTable]) -> list[Any]:
    inside = {id(glyph) for table in tables for glyph in table.glyphs}
    return [glyph for glyph in page.glyphs if id(glyph) not in inside]


def _running(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> set[int]:
    """Running heads, feet and page numbers: what stands at the edge and, digits apart, again on other pages."""
    found: set[int] = set()
    again: Counter[tuple[str, int]] = Counter()
    candidates: list[tuple[Line, tuple[str, int]]] = []
    for page, own in zip(pages, lines, strict=True):
        for line in [*own[:2], *own[2:][-2:]]:
            if not (line.y > page.height * (1 - _EDGE) or line.y < page.height * _EDGE):
                continue
            text = line.text.strip()
            if _PAGE_NUMBER.fullmatch(text):
                found.add(id(line))
                continue
            # Only in short ones do digits change from page to page; a long line with other digits is text.
            key = (_DIGITS.sub("#", text) if len(text) <= 25 else text, round(line.y / 4))
            candidates.append((line, key))
            again[key] += 1
    for line, (text, height) in candidates:
        count = again[text, height] + again[text, height - 1] + again[text, height + 1]
        if count >= 2 and len(text) <= 60 and count * 5 >= len(pages):
            found.add(id(line))
    return found


def _number(pages: Sequence[Page], lines: Sequence[Sequence[Line]], tables: Sequence[Sequence[PageTable]]) -> None:
    """Number the lines of each page as a person counts them from the top, those inside tables too."""
    for _page, own, found in zip(pages, lines, tables, strict=True):
        inner = [line for table in found for box in table.boxes for line in box.lines]
        rows = sorted([*own, *inner], key=lambda line: -line.y)
        number, last = 0, None
        for line in rows:
            if last is None or abs(last - line.y) > 4:
                number += 1
                last = line.y
            line.number = number


def _table(table: PageTable, page: Page) -> dict[str, Any]:
    return {
        "boxes": [_box(box, page) for box in table.boxes],
        "rows": [list(row) for row in table.rows],
        "pages": [[page.number, table.line_of(row)] for row in range(len(table.rows))],
    }


def _box(box: Any, page: Page) -> list[Any]:
    ends = box.paragraph_ends()
    lines = [[line.printed(box.left), page.number, line.number, end] for line, end in zip(box.lines, ends, strict=True)]
    return [lines, box.columns]


def _goes_on(above: PageTable, table: PageTable, page: Page) -> bool:
    """Whether a table is the rest of the one on the page before: the same columns at the same places."""
    first = table.top > page.height * 0.6
    columns = len(above.xs) == len(table.xs) > 2
    return (
        first
        and above.page + 1 == table.page
        and columns
        and all(abs(left - right) < _SAME_COLUMNS for left, right in zip(above.xs, table.xs, strict=True))
    )


def _append(entry: dict[str, Any], table: PageTable, page: Page) -> None:
    """The rows of the rest, without the header where it is printed again."""
    own = _table(table, page)
    skip = 0
    while skip < min(3, len(own["rows"])) and _texts(own, skip) == _texts(entry, skip):
        skip += 1
    offset = len(entry["boxes"])
    entry["boxes"] += own["boxes"]
    entry["rows"] += [[index + offset for index in row] for row in own["rows"][skip:]]
    entry["pages"] += own["pages"][skip:]


def _texts(entry: dict[str, Any], row: int) -> list[str] | None:
    if row >= len(entry["rows"]):
        return None
    boxes = [entry["boxes"][index][0] for index in entry["rows"][row]]
    return ["".join("".join(line[0].split()) for line in lines) for lines in boxes]


if __name__ == "__main__":
    main()
