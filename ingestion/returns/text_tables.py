"""Text becomes sheets of cells: CSV in the encodings and separators that offices use, HTML saved as .xls.

What belongs here: decoding, separators, HTML tables. What does not: binary workbooks (``open``).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

from ingestion.returns.cells import EMPTY, Cell, Merged, Sheet, rectangle, visible
from ingestion.returns.package import TooLargeError

_SEPARATORS = ("\t", ";", ",")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_MAX_SPAN = 1000


def decode_text(content: bytes) -> str | None:
    """UTF-8 with or without BOM, UTF-16 with BOM, GB18030; None when it is no text. Line ends become one LF."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        declared = _META_CHARSET.search(content[:4096])
        if declared and declared[1].lower() in (b"big5", b"gbk", b"gb2312"):
            encodings.insert(1, declared[1].decode("ascii"))
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text.replace("\r\n", "\n").replace("\r", "\n")
    return None


def looks_like_html(text: str) -> bool:
    """Whether a text that starts with a tag holds a web page or a table."""
    return re.match(r"\s*<", text) is not None and re.search(r"<(?:html|table|body)\b", text, re.IGNORECASE) is not None


def text_sheet(text: str, max_cells: int, max_columns: int) -> Sheet:
    """A CSV as one sheet without a name; rows know the file line on which they start.

    Raises:
        TooLargeError: more cells or columns than allowed.
        ValueError: a field that the CSV format does not admit.
    """
    separator = separator_of(text)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for record in reader:
            cells += len(record)
            if len(record) > max_columns:
                raise TooLargeError(f"有{len(record)}列")
            if cells > max_cells:
                raise TooLargeError(f"超过{max_cells}个单元格")
            rows.append([_text_cell(field) for field in record])
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(str(error)) from error
    table = rectangle(rows)
    if len(table) * (len(table[0]) if table else 0) > max_cells:
        raise TooLargeError(f"超过{max_cells}个单元格")
    return Sheet(name=None, rows=table, line_numbers=tuple(lines[: len(table)]))


def _text_cell(text: str) -> Cell:
    plain = visible(text).strip()
    return Cell(plain) if plain else EMPTY


def separator_of(text: str) -> str:
    """The separator that cuts the first lines into rows of one width: tab, semicolon or comma."""
    return max(_SEPARATORS, key=lambda s: _fit(text, s))


def _fit(text: str, separator: str) -> int:
    """How well a separator cuts the first lines into rows of one width."""
    widths: Counter[int] = Counter()
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            widths[len(record)] += 1
            if number >= 200:
                break
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def html_sheets(text: str, max_cells: int) -> tuple[Sheet, ...]:
    """The data tables of a web page, named ``table[i]`` by their order; the texts around them go with them.

    Nothing is fetched and no entity outside of the page is resolved.

    Raises:
        TooLargeError: more cells than allowed.
        ValueError: the page cannot be parsed.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=False)
    page = html.document_fromstring(text.encode("utf-8"), parser=parser)
    body = page.find("body")
    blocks: list[str | tuple[int, Sheet]] = []
    for index, block in enumerate(_tables_and_texts(page if body is None else body)):
        blocks.append(block if isinstance(block, str) else (index, _html_table(block, max_cells)))
    sheets: list[Sheet] = []
    before: list[str] = []
    order = -1
    for block in blocks:
        if isinstance(block, str):
            before.append(block)
            continue
        order += 1
        table = block[1]
        if len(table.rows) < 2 or table.width < 2:
            before += [" ".join(c.text for c in row if c.text) for row in table.rows]
            continue
        sheets.append(Sheet(name=f"table[{order}]", rows=table.rows, merged=table.merged, before=tuple(before)))
        before = []
    if sheets and before:
        last = sheets[-1]
        sheets[-1] = Sheet(last.name, last.rows, last.merged, (), last.before, tuple(before))
    return tuple(sheets)


def _tables_and_texts(element: HtmlElement) -> Iterator[str | HtmlElement]:
    """Innermost tables and the texts between them, in the order of the page."""
    if element.tag == "table" and element.find(".//table") is None:
        yield element
    elif isinstance(element.tag, str) and element.tag not in ("script", "style", "head"):
        if element.text and element.text.strip():
            yield element.text.strip()
        for child in element:
            yield from _tables_and_texts(child)
    if element.tail and element.tail.strip():
        yield element.tail.strip()


def _span(cell: HtmlElement, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1


def _html_table(table: HtmlElement, max_cells: int) -> Sheet:
    grid: dict[tuple[int, int], Cell] = {}
    merged: list[Merged] = []
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in grid:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            for r in range(row, row + height):
                for c in range(column, column + width):
                    grid[r, c] = EMPTY
            if len(grid) > max_cells:
                raise TooLargeError(f"超过{max_cells}个单元格")
            for line_break in cell.iter("br"):
                line_break.tail = "\n" + (line_break.tail or "")
            grid[row, column] = _text_cell(cell.text_content())
            if height > 1 or width > 1:
                merged.append(((row, column), (row + height - 1, column + width - 1)))
            column += width
    height = max((r for r, _ in grid), default=-1) + 1
    width = max((c for _, c in grid), default=-1) + 1
    if height * width > max_cells:
        raise TooLargeError(f"超过{max_cells}个单元格")
    rows = [[grid.get((r, c), EMPTY) for c in range(width)] for r in range(height)]
    return Sheet(name=None, rows=rectangle(rows), merged=tuple(merged))
