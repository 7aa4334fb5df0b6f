"""Marked content to files: plain text in its many habits, docx and pdf.

What belongs here: writing files and telling where each label came to stand. What does not: labels' meaning.

Content of docx and pdf, line by line: ``# `` title, ``## `` and ``### `` headings, ``- `` automatically numbered
item, ``@table [rows of header]`` … ``@end`` with cells parted by ``|`` (``^`` merged with the cell above, ``<`` with
the one to the left), ``@box`` … ``@end``, ``@page``; any other line is a paragraph.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from tests.extraction.markup import markers, unmarked

Places = dict[int, str]

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}


@dataclass(slots=True)
class Block:
    """One piece of a document: a paragraph, a heading, a table, a box or a page break."""

    kind: str
    lines: list[str] = field(default_factory=list)
    header: int = 1

    @property
    def rows(self) -> list[list[str]]:
        return [[cell.strip() for cell in line.split("|")] for line in self.lines]


def blocks(content: str) -> list[Block]:
    """The content as blocks."""
    found: list[Block] = []
    opened: Block | None = None
    for line in content.split("\n"):
        if opened is not None:
            if line == "@end":
                opened = None
            else:
                opened.lines.append(line)
        elif line.startswith(("@table", "@box")):
            kind, _, header = line[1:].partition(" ")
            opened = Block(kind, header=int(header or 1))
            found.append(opened)
        elif line == "@page":
            found.append(Block("page"))
        elif line.strip():
            sign = re.match(r"(#{1,3}|-) ", line)
            kinds = {"#": "title", "##": "h1", "###": "h2", "-": "item"}
            found.append(Block(kinds[sign[1]] if sign else "text", [line[sign.end() :] if sign else line]))
    return found


def wrapped(content: str, width: int, *, blank: bool, whole_words: bool) -> str:
    """Lines broken after ``width`` characters as a text taken from a PDF is; ``@raw`` … ``@end`` stay as they are.

    ``whole_words`` keeps numbers and Latin words together, as most programs do; some do not.
    """
    lines: list[str] = []
    raw = False
    for line in content.split("\n"):
        if line in ("@raw", "@end"):
            raw = line == "@raw"
            continue
        if raw:
            lines.append(line)
            continue
        rest = line
        while len(unmarked(rest)) > width:
            cut = _cut(rest, width, whole_words=whole_words)
            lines.append(rest[:cut])
            if blank:
                lines.append("")
            rest = rest[cut:]
        lines.append(rest)
        if blank and rest:
            lines.append("")
    return "\n".join(lines)


def _cut(line: str, width: int, *, whole_words: bool) -> int:
    shown = 0
    for position, character in enumerate(line):
        if shown == width and not markers(character):
            if character in "，。；、）”":  # no line begins with a mark that closes
                return position + 1
            while whole_words and re.match(r"[\w.%&]{2}", unmarked(line[position - 1 :])[:2], re.ASCII):
                position -= 1
            return position
        shown += not markers(character)
    return len(line)


def text_file(content: str, *, encoding: str, newline: str) -> tuple[bytes, Places]:
    """A plain text, and the line in which each label stands."""
    places = {
        label: f"line {number}" for number, line in enumerate(content.split("\n"), 1) for _, label in markers(line)
    }
    return unmarked(content).replace("\n", newline).encode(encoding), places


def docx_file(content: str) -> tuple[bytes, Places]:
    """A Word document, and the paragraph or table cell of each label."""
    import docx

    document = docx.Document()
    document.styles["Normal"].font.name = "宋体"
    places: Places = {}
    styles = {"title": "Title", "h1": "Heading 1", "h2": "Heading 2", "item": "List Number", "text": "Normal"}
    paragraphs = tables = 0
    for block in blocks(content):
        if block.kind == "table":
            tables += 1
            _docx_table(document, block, tables, places)
        elif block.kind == "box":
            _docx_box(document.add_paragraph(), block, places)
        elif block.kind == "page":
            document.add_page_break()
        else:
            paragraphs += 1
            places |= {label: f"paragraph {paragraphs}" for _, label in markers(block.lines[0])}
            document.add_paragraph(unmarked(block.lines[0]), style=styles[block.kind])
    file = io.BytesIO()
    document.save(file)
    return _undated(file.getvalue()), places


def _docx_table(document: Any, block: Block, number: int, places: Places) -> None:
    rows = block.rows
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("^", "<"):
                continue
            down, right = _span(rows, r, c)
            place = table.cell(r, c)
            if down or right:
                place = place.merge(table.cell(r + down, c + right))
            place.text = unmarked(cell)
            places |= {label: f"table {number} row {r + 1} column {c + 1}" for _, label in markers(cell)}


def _span(rows: list[list[str]], r: int, c: int) -> tuple[int, int]:
    down = right = 0
    while r + down + 1 < len(rows) and rows[r + down + 1][c] == "^":
        down += 1
    while c + right + 1 < len(rows[r]) and rows[r][c + right + 1] == "<":
        right += 1
    return down, right


def _docx_box(paragraph: Any, block: Block, places: Places) -> None:
    """A text box as Word writes it: the drawing and, for old programs, the same text a second time."""
    from docx.oxml import parse_xml

    places |= {label: "text box" for line in block.lines for _, label in markers(line)}
    texts = "".join(f"<w:p><w:r><w:t>{unmarked(line)}</w:t></w:r></w:p>" for line in block.lines)
    frame = f"<w:txbxContent>{texts}</w:txbxContent>"
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    paragraph._p.append(
        parse_xml(
            f'<w:r {declared}><mc:AlternateContent><mc:Choice Requires="wps">'
            '<w:drawing><wp:inline><wp:extent cx="5270500" cy="1270000"/><wp:docPr id="1" name="box"/>'
            f'<a:graphic><a:graphicData uri="{_NAMESPACES["wps"]}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
            '<a:xfrm><a:off x="0" y="0"/><a:ext cx="5270500" cy="1270000"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
            f"<wps:txbx>{frame}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
            "</wp:inline></w:drawing></mc:Choice>"
            '<mc:Fallback><w:pict><v:shape style="width:415pt;height:100pt">'
            f"<v:textbox>{frame}</v:textbox></v:shape></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )


def _undated(content: bytes) -> bytes:
    """The same archive without the time of writing, so that a new build gives the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0))
            new.writestr(info, old.read(entry.filename), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def pdf_file(content: str, head: str) -> tuple[bytes, Places]:
    """A PDF with a text layer, running heads and page numbers, and the page of each label."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    places: Places = {}
    story: list[Any] = []
    for block in blocks(content):
        if block.kind == "page":
            story.append(PageBreak())
        elif block.kind in ("table", "box"):
            rows = block.rows if block.kind == "table" else [["\n".join(block.lines)]]
            cells = [[_pdf_paragraph(c, "cell", places) if c not in ("^", "<") else "" for c in row] for row in rows]
            style: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    down, right = _span(rows, r, c) if cell not in ("^", "<") else (0, 0)
                    if down or right:
                        style.append(("SPAN", (c, r), (c + right, r + down)))
            header = block.header if block.kind == "table" else 0
            story.append(Table(cells, colWidths=_widths(rows), style=style, repeatRows=header))
        else:
            story.append(_pdf_paragraph(block.lines[0], block.kind, places))
    file = io.BytesIO()

    def frame(canvas: Any, _: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(72, 800, head)
        canvas.drawCentredString(297, 40, f"— {canvas.getPageNumber()} —")

    SimpleDocTemplate(file, pagesize=A4, invariant=1, pageCompression=0, title=head).build(
        story, onFirstPage=frame, onLaterPages=frame
    )
    return file.getvalue(), places


def _widths(rows: list[list[str]]) -> list[float]:
    longest = [max(len(unmarked(row[c])) for row in rows) for c in range(len(rows[0]))]
    weights = [min(max(length, 4), 16) for length in longest]
    return [450 * weight / sum(weights) for weight in weights]


def _pdf_paragraph(text: str, kind: str, places: Places) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    class Placed(Paragraph):  # type: ignore[misc]
        """A paragraph that notes the page on which it begins."""

        labels: tuple[int, ...] = ()

        def draw(self) -> None:
            for label in self.labels:
                places[label] = f"page {self.canv.getPageNumber()}"
            super().draw()

        def split(self, *size: float) -> list[Any]:
            parts: list[Any] = super().split(*size)
            if parts:
                parts[0].labels = self.labels
            return parts

    sizes = {"title": 18, "h1": 14, "h2": 12, "cell": 9}
    size = sizes.get(kind, 11)
    indent = 22 if kind in ("text", "item") else 0
    style = ParagraphStyle(
        kind, fontName="STSong-Light", fontSize=size, leading=size * 1.6, firstLineIndent=indent, wordWrap="CJK"
    )
    shown = unmarked(text).replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br/>")
    paragraph = Placed(shown, style)
    paragraph.labels = tuple(label for _, label in markers(text))
    return paragraph
