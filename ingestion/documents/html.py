"""Web pages (.html): the text and tables that a reader of the page sees.

What belongs here: markup, encodings by declaration, what is hidden or navigation. What does not: resolving merged
cells and layout tables (``flow``). Nothing is fetched, no script is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from ingestion.documents.flow import Box, Item, Lattice, Text, flowed
from ingestion.documents.limits import MAX_DEPTH, MAX_GRID_COLUMNS, MAX_HTML_ELEMENTS
from ingestion.documents.model import DocumentError, TextDocument
from ingestion.documents.text import decode

_OUT = frozenset(
    (
        *("script", "style", "head", "nav", "noscript", "template", "iframe", "object", "svg", "math"),
        *("select", "button", "textarea"),
    )
)
_BLOCKS = frozenset(
    (
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
        *("main", "aside", "header", "footer", "body", "html", "blockquote", "center", "form", "fieldset", "figure"),
        *("figcaption", "address", "hr", "pre", "details", "summary", "caption", "table", "tr", "td", "th"),
    )
)
_HEADINGS = {f"h{rank}": rank for rank in range(1, 7)}
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|breadcrumb|menu|sidebar|copyright|share|pagination|site-?header|site-?footer|crumbs?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{2,20})", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f\v\u200b\ufeff]+")
_NOTE_MARK = re.compile(r"[\[\(（〔]?[\d①-⑳*※†,，、\-–]{1,5}[\]\)）〕]?")
_UNIT_BEFORE = re.compile(r"(?:[kKcCdDmM]?[mM]|公里|千米|米)$")
_BULLET = "•"
_REMEDY = "请用浏览器打开并另存为纯文本（.txt）或 Word（.docx）后重新报送"


@dataclass
class _Frame:
    """Where text goes: the page, or a cell; its items and the line that is being written."""

    items: list[Item] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    heading: int | None = None
    preformatted: int = 0

    def write(self, text: str | None) -> None:
        """Text as it goes on; in preformatted text a line end is one."""
        if not text:
            return
        first, *rest = text.splitlines() or [""] if self.preformatted else [text]
        self.line.append(first)
        for line in rest:
            self.close(ends=None)
            self.line.append(line)

    def close(self, *, ends: bool | None) -> None:
        text = _BLANKS.sub(" ", "".join(self.line)).strip()
        if text == _BULLET:
            return
        self.line = []
        if text:
            self.items.append(Text(text, heading=self.heading, ends=ends))


@dataclass
class _Table:
    rows: list[list[Box]] = field(default_factory=list)


def read_html(content: bytes) -> TextDocument:
    """Read a web page.

    Raises:
        DocumentError: ``not_text``, ``broken_file``, ``too_large`` or ``empty_file``.
    """
    text, encoding = _decoded(content)
    # lxml refuses text with a declared encoding, and NUL ends a C string.
    text = re.sub(r"^\s*<\?xml[^>]{0,200}>", "", text).replace("\x00", "")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("broken_file", f"网页无法解析；{_REMEDY}") from error
    document = flowed(_walk(root), encoding)
    if not document.text.strip():
        raise DocumentError("empty_file", f"网页里没有正文文字（可能由脚本显示）；{_REMEDY}")
    return document


def _decoded(content: bytes) -> tuple[str, str]:
    """The text by its declared encoding, else by its bytes; gb2312 and gbk are read as their superset."""
    if not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        found = _CHARSET.search(content[:8192])
        name = found[1].decode("ascii", "replace").lower() if found else ""
        name = "gb18030" if name.startswith(("gb", "x-gb", "cp936", "ms936")) else name
        if name in ("utf-8", "utf8", "gb18030", "big5"):
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                pass  # a wrong declaration: the bytes decide; a few broken ones do not spoil a page
    try:
        return decode(content)
    except DocumentError:
        for name in ("utf-8", "gb18030"):
            text = content.decode(name, "replace")
            if text.count("\ufffd") * 1000 < len(text):
                return text, name
        raise


# --- walking the tree ---------------------------------------------------------------------------------


def _walk(root: Any) -> list[Item]:
    """The items of the page. The walk keeps its own stack, so no depth of markup breaks it."""
    page = _Frame()
    frames = [page]
    tables: list[_Table] = []
    skipped = 0
    for step, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        if step > 2 * MAX_HTML_ELEMENTS:
            raise DocumentError("too_large", f"网页过大，不像一份规划；{_REMEDY}")
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipped or (event == "start" and _is_left_out(element, tag, frames[-1])):
            skipped += 1 if event == "start" else -1
            if event == "end" and not skipped:
                frames[-1].write(element.tail)
            continue
        if event == "start":
            _start(element, tag, frames, tables)
        else:
            _end(element, tag, frames, tables)
            frames[-1].write(element.tail)
    while len(frames) > 1:
        frames.pop().close(ends=True)
    page.close(ends=True)
    return page.items


def _is_left_out(element: Any, tag: str, frame: _Frame) -> bool:
    if tag in _OUT or not tag:
        return True
    if tag in ("sup", "a", "span") and _is_note_mark(element, tag, frame):
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    if tag in ("header", "footer"):
        return not any(parent.tag in ("article", "main") for parent in element.iterancestors())
    if tag not in ("div", "ul", "ol", "aside", "section"):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return len(named) < 300 and _CHROME.search(named) is not None


def _is_note_mark(element: Any, tag: str, frame: _Frame) -> bool:
    """A raised mark of a note; the raised 2 of km2 stays."""
    style = element.get("style") or ""
    if (
        tag != "sup"
        and "vertical-align:super" not in style.replace(" ", "")
        and "MsoFootnote" not in (element.get("class") or "")
    ):
        return False
    text = "".join(element.itertext()).strip()[:12]
    before = "".join(frame.line[-1:])
    return _NOTE_MARK.fullmatch(text) is not None and not (text in "23" and _UNIT_BEFORE.search(before))


def _start(element: Any, tag: str, frames: list[_Frame], tables: list[_Table]) -> None:
    frame = frames[-1]
    if tag == "br":
        frame.close(ends=None)
    elif tag in _BLOCKS:
        frame.close(ends=True)
    if tag in _HEADINGS:
        frame.heading = _HEADINGS[tag]
    elif tag == "li":
        frame.line.append(f"{_BULLET} ")
    elif tag == "pre":
        frame.preformatted += 1
    elif tag == "table" and len(tables) < MAX_DEPTH:
        tables.append(_Table())
    elif tag == "tr" and tables:
        tables[-1].rows.append([])
    elif tag in ("td", "th") and tables and tables[-1].rows:
        frames.append(_Frame())
    frames[-1].write(element.text)


def _end(element: Any, tag: str, frames: list[_Frame], tables: list[_Table]) -> None:
    if tag in _BLOCKS:
        frames[-1].close(ends=True)
    if tag in _HEADINGS:
        frames[-1].heading = None
    elif tag == "pre":
        frames[-1].preformatted -= 1
    elif tag in ("td", "th") and tables and tables[-1].rows and len(frames) > 1:
        frame = frames.pop()
        rows = _span(element.get("rowspan"), 1000)
        tables[-1].rows[-1].append(Box(tuple(frame.items), _span(element.get("colspan"), MAX_GRID_COLUMNS + 1), rows))
    elif tag == "table" and tables:
        frames[-1].items.append(Lattice(tables.pop().rows))


def _span(text: str | None, most: int) -> int:
    stripped = (text or "").strip()
    return max(1, min(most, int(stripped))) if stripped.isascii() and stripped.isdigit() and len(stripped) < 6 else 1
