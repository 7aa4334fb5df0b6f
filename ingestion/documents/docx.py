"""Word documents (.docx): the paragraphs and tables of the body, in the order in which they are printed.

What belongs here: the zip and its parts, headings by style, text boxes, tracked changes, tables. What does not:
automatic numbers (``docx_numbering``), resolving merged cells (``flow``). Footnotes, running heads and comments are
not part of the flow.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingestion.documents.docx_numbering import Numbering, W, read_numbering
from ingestion.documents.flow import Box, Item, Lattice, Text, flowed
from ingestion.documents.limits import MAX_DEPTH, MAX_XML_BYTES, MAX_ZIP_PARTS
from ingestion.documents.model import DocumentError, TextDocument

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "footnoteReference", "endnoteReference"),
        *("annotationRef", "commentReference", "rPr", "pPr", "tblPr", "tblGrid", "sectPr", "trPr", "tcPr", "sdtPr"),
    )
) | {f"{_MC}Fallback"}
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_NOTE_MARK = re.compile(r"[\[\(（〔]?[\d①-⑳*※†,，、\-–]{1,5}[\]\)）〕]?")
_UNIT_BEFORE = re.compile(r"(?:[kKcCdDmM]?[mM]|公里|千米|米)$")
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class _Style:
    heading: int | None
    list_id: str | None
    level: int
    contents: bool = False
    """Whether it is a style of the table of contents."""


@dataclass
class _Word:
    styles: dict[str, _Style]
    numbering: Numbering
    boxes: list[Item] = field(default_factory=list)
    """Text boxes met inside the open paragraph; they follow it."""


def read_docx(content: bytes) -> TextDocument:
    """Read a Word document.

    Raises:
        DocumentError: ``broken_file``, ``too_large``, ``encrypted`` or ``empty_file``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_ZIP_PARTS:
                raise DocumentError("too_large", "Word 文档的部件过多，请用 Word 打开并另存后重新报送")
            main = _main_part(archive)
            folder = main.rpartition("/")[0]
            body = _xml(archive, main)
            if body is None:
                raise DocumentError("broken_file", "Word 文档缺少正文部件，请用 Word 打开并另存后重新报送")
            styles = _xml(archive, f"{folder}/styles.xml")
            numbering = _xml(archive, f"{folder}/numbering.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, DocumentError):
            raise
        if "encrypted" in str(error) or "password" in str(error):
            raise DocumentError("encrypted", "文件有密码保护，请取消密码后重新报送") from error
        raise DocumentError("broken_file", "Word 文档已损坏，无法打开；请用 Word 修复并另存后重新报送") from error
    word = _Word(_styles(styles), read_numbering(numbering))
    document = flowed(_items(word, body), "docx")
    if not document.text.strip():
        raise DocumentError("empty_file", "Word 文档里没有文字（可能全是图片），请报送带文字的文件")
    return document


def _main_part(archive: zipfile.ZipFile) -> str:
    relations = _xml(archive, "_rels/.rels")
    if relations is not None:
        for relation in relations:
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    """A parsed part, or None where the document has none; no entity is expanded, nothing is fetched."""
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > MAX_XML_BYTES:
        raise DocumentError("too_large", f"Word 文档的部件 {name} 过大，请拆分文件或另存为纯文本后重新报送")
    with archive.open(name) as part:
        data = part.read(MAX_XML_BYTES + 1)
    if len(data) > MAX_XML_BYTES:
        raise DocumentError("too_large", f"Word 文档的部件 {name} 过大，请拆分文件或另存为纯文本后重新报送")
    head = data[:4096].replace(b"\x00", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise DocumentError("broken_file", "Word 文档里有不允许的实体声明，请用 Word 打开并另存后重新报送")
    data = data.replace(_STRICT.encode(), W[1:-1].encode())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError("broken_file", f"Word 文档的部件 {name} 已损坏，请用 Word 修复并另存后重新报送") from error


def _attribute(element: Any, path: str) -> str | None:
    found = element.find(path) if element is not None else None
    value = found.get(f"{W}val") if found is not None else None
    return str(value) if value is not None else None


def _styles(root: Any) -> dict[str, _Style]:
    """Heading rank and list of each paragraph style, inherited from the style that it is based on."""
    if root is None:
        return {}
    sources = {str(style.get(f"{W}styleId")): style for style in root.iterchildren(f"{W}style")}
    styles: dict[str, _Style] = {}
    for name, source in sources.items():
        heading = list_id = level = None
        step: Any = source
        for _ in range(10):
            if step is None:
                break
            found = _HEADING.search(_attribute(step, f"{W}name") or "")
            outline = _attribute(step, f"{W}pPr/{W}outlineLvl")
            if heading is None and found:
                heading = int(found[1])
            elif heading is None and outline is not None and outline.isdigit() and int(outline) < 9:
                heading = int(outline) + 1
            list_id = list_id or _attribute(step, f"{W}pPr/{W}numPr/{W}numId")
            level = level or _attribute(step, f"{W}pPr/{W}numPr/{W}ilvl")
            step = sources.get(_attribute(step, f"{W}basedOn") or "")
        contents = (_attribute(source, f"{W}name") or "").lower().startswith("toc ")
        styles[name] = _Style(heading, list_id, _small(level), contents)
    return styles


def _small(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 3 else 0


# --- the body -----------------------------------------------------------------------------------------


def _items(word: _Word, container: Any, depth: int = 0) -> Iterator[Item]:
    """Paragraphs and tables of a body, a cell or a text box, whatever wraps them (content controls, insertions)."""
    if depth > MAX_DEPTH:
        return
    for element in container:
        tag = element.tag
        if tag == f"{W}p":
            yield from _paragraph(word, element)
            boxes, word.boxes = word.boxes, []
            yield from boxes
        elif tag == f"{W}tbl":
            yield _table(word, element, depth + 1)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            yield from _items(word, element, depth + 1)


def _table(word: _Word, table: Any, depth: int) -> Lattice:
    rows: list[list[Box]] = []
    open_cells: dict[int, Box] = {}
    for row in _inner(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        boxes: list[Box] = []
        column = _small(_attribute(row, f"{W}trPr/{W}gridBefore"))
        if column:
            boxes.append(Box((), column))
        for cell in _inner(row, f"{W}tc"):
            span = max(1, _small(_attribute(cell, f"{W}tcPr/{W}gridSpan")))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            above = open_cells.get(column)
            # The same object in both rows, so that ``flow`` sees one cell.
            grown = above if goes_on and above is not None else Box(tuple(_items(word, cell, depth)), span)
            boxes.append(grown)
            if merge is not None:
                open_cells[column] = grown
            else:
                open_cells.pop(column, None)
            column += span
        rows.append(boxes)
    return Lattice(rows)


def _inner(element: Any, tag: str, depth: int = 0) -> Iterator[Any]:
    """Rows or cells, also where a content control or a tracked change wraps them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and depth < 6:
            yield from _inner(child, tag, depth + 1)


def _paragraph(word: _Word, element: Any) -> Iterator[Text]:
    lines = _lines_of(word, element)
    style = word.styles.get(_attribute(element, f"{W}pPr/{W}pStyle") or "", _Style(None, None, 0))
    outline = _attribute(element, f"{W}pPr/{W}outlineLvl")
    heading = int(outline) + 1 if outline is not None and re.fullmatch("[0-8]", outline) else style.heading
    list_id = _attribute(element, f"{W}pPr/{W}numPr/{W}numId") or style.list_id
    level = _attribute(element, f"{W}pPr/{W}numPr/{W}ilvl")
    text = "".join(lines)
    if not text.strip() or style.contents:
        yield Text("")
        return
    if list_id not in (None, "0"):
        lines[0] = word.numbering.next_number(str(list_id), _small(level) if level else style.level) + lines[0]
    for index, line in enumerate(lines):
        last = index == len(lines) - 1
        yield Text(line, heading=heading if len(lines) == 1 else None, ends=True if last else None)


def _lines_of(word: _Word, paragraph: Any) -> list[str]:
    """The lines of a paragraph as they are printed; a text box inside it is put aside in ``word.boxes``."""
    lines = [""]
    stack = [iter(paragraph)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            continue
        if tag == f"{W}t":
            lines[-1] += element.text or ""
        elif tag in (f"{W}br", f"{W}cr"):
            lines.append("")
        elif tag == f"{W}tab" or tag == f"{W}ptab":
            lines[-1] += "\t"
        elif tag == f"{W}noBreakHyphen":
            lines[-1] += "-"
        elif tag == f"{W}sym":
            lines[-1] += " "
        elif tag == f"{W}txbxContent":
            word.boxes.append(Lattice([[Box(tuple(_items(_Word(word.styles, word.numbering), element, 100)))]]))
        elif tag == f"{W}r" and _is_left_out(element, lines[-1]):
            continue
        elif len(stack) < MAX_DEPTH:
            stack.append(iter(element))
    return lines


def _is_left_out(run: Any, before: str) -> bool:
    """Hidden text, and raised marks of notes; the raised 2 of km2 stays."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    hidden = properties.find(f"{W}vanish")
    if hidden is not None and hidden.get(f"{W}val", "1") not in _OFF:
        return True
    if _attribute(run, f"{W}rPr/{W}vertAlign") != "superscript":
        return False
    text = "".join(part.text or "" for part in run.iterchildren(f"{W}t")).strip()
    return _NOTE_MARK.fullmatch(text) is not None and not (text in "23" and _UNIT_BEFORE.search(before))
