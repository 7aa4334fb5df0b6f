"""Plain text: bytes become decoded text and its lines.

What belongs here: encodings, line ends, telling text from bytes that are none. What does not: other formats
(``opening``), paragraphs and tables (``blocks``, ``tables``), any meaning.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from ingestion.documents.limits import MAX_LINES
from ingestion.documents.model import DocumentError, TextDocument, TextLine
from ingestion.sequences import made

_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LETTERS = re.compile(r"[^\x00-\x7f]")
_REMEDY = "请另存为纯文本（.txt，UTF-8 或 GB18030 编码）、.docx 或带文字层的 .pdf 后重新报送"
_SAMPLE = 200_000
"""Characters by which GB18030 is told from other bytes: enough to be sure, and the rest costs nothing."""


def read_text(content: bytes) -> TextDocument:
    """Decode a plain text file.

    Raises:
        DocumentError: ``empty_file``, ``not_text`` or ``too_large``.
    """
    text, encoding = decode(content)
    if not text or text.isspace():
        raise DocumentError("empty_file", "文件是空的或只有空白，请核对后重新报送")
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MAX_LINES:
        raise DocumentError("too_large", f"文件超过 {MAX_LINES} 行，不像一份规划；请核对或拆分后重新报送")
    return TextDocument(text, encoding, split_lines(text))


def decode(content: bytes) -> tuple[str, str]:
    """The text of the bytes and the name of their encoding.

    Raises:
        DocumentError: ``not_text``.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding), encoding
    for encoding in (*_unmarked_utf16(content), "utf-8", "gb18030"):
        try:
            return _strict(content, encoding), encoding
        except DocumentError:
            continue
    raise DocumentError("not_text", f"文件不是文本，或编码无法识别；{_REMEDY}")


def _unmarked_utf16(content: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark, told by the zero bytes of its line ends and blanks."""
    head = content[:4000]
    if b"\x00" not in head or len(content) % 2:
        return ()
    little = sum(head.count(mark) for mark in (b"\n\x00", b" \x00", b"2\x00", b"0\x00"))
    big = sum(head.count(mark) for mark in (b"\x00\n", b"\x00 ", b"\x002", b"\x000"))
    return ("utf-16-le",) if little > big else ("utf-16-be",)


def _strict(content: bytes, encoding: str) -> str:
    """Decode without replacement, and only where the result looks like text."""
    failure = DocumentError("not_text", f"文件不是文本，或编码无法识别；{_REMEDY}")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise failure from error
    if sum(1 for _ in _CONTROLS.finditer(text)) * 1000 > len(text):
        raise failure
    if encoding == "gb18030":
        # Almost any bytes decode as GB18030; of real text nearly all characters are in the old basic set.
        beyond = "".join(_LETTERS.findall(text[:_SAMPLE]))
        if len(beyond.encode("gb2312", "ignore")) // 2 * 10 < len(beyond) * 9:
            raise failure
    return text


def split_lines(text: str) -> Sequence[TextLine]:
    """The lines of a text; a form feed begins a page."""
    starts, stops = array("I", [0]), array("I")
    for match in _LINE_END.finditer(text):
        stops.append(match.start())
        starts.append(match.end())
    stops.append(len(text))
    count = len(starts) - (len(starts) > 1 and starts[-1] == stops[-1])
    pages = _pages(text, starts, stops) if "\f" in text else None

    def line(index: int) -> TextLine:
        start = starts[index]
        return TextLine(index + 1, start, text[start : stops[index]], pages[index] if pages is not None else None)

    return made(count, line)


def _pages(text: str, starts: Sequence[int], stops: Sequence[int]) -> Sequence[int]:
    """The page of each line: one that begins with a form feed is the first of its page."""
    pages = array("I")
    page = 1
    for start, stop in zip(starts, stops, strict=True):
        page += text.startswith("\f", start, stop)
        pages.append(page)
        page += text.count("\f", start + 1, stop)
    return pages
