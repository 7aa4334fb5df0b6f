"""Plain text files: bytes become decoded text and its lines, or a refusal that says what to send instead.

What belongs here: encodings, line ends, telling text from other formats. What does not: paragraphs and tables
(``blocks``, ``tables``), any meaning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from ingestion.quantity import fold

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ""})

_SIGNATURES = (
    (b"PK\x03\x04", "Word、Excel 等压缩格式（docx、xlsx、wps）"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office（doc、xls、wps）"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = re.compile(r"\s*(?:<!doctype\s+html|<html|<\?xml)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_RUN = re.compile(r"[^\s*]+")  # a star is emphasis (Markdown), never part of a word
_DIGIT_COMMA = re.compile(r"(?<=\d)，(?=\d)")
_LIST_POINT = re.compile(r"^(\s*[0-9]{1,2})．")
_LETTERS = re.compile(r"[^\x00-\x7f]")
_REMEDY = "目前只能读取纯文本（.txt、.md，UTF-8 或 GB18030 编码），请另存为纯文本后重新报送"


class DocumentError(ValueError):
    """A file that cannot be read as text; the message is a Chinese sentence with a remedy."""

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the file: 1-based number, character offsets into the decoded text, page where marked."""

    number: int
    start: int
    text: str
    page: int | None


@dataclass(frozen=True)
class TextDocument:
    """The decoded text with its lines. Offsets everywhere count characters of ``text``."""

    text: str
    encoding: str
    lines: tuple[TextLine, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> TextLine:
        """The line that holds the character at ``offset``."""
        return self.lines[bisect_right(self._starts, offset) - 1]


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together from several lines, folded and without blanks, with the source offset of each character."""

    text: str
    offsets: Sequence[int]

    def cut(self, start: int, end: int | None = None) -> Joined:
        """A part of it, with the offsets kept."""
        return Joined(self.text[start:end], self.offsets[start:end])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]``; ``end`` is exclusive."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def printed(self, source: str, start: int, end: int) -> str:
        """``text[start:end]`` with the characters of the source, before folding."""
        return "".join(source[offset] for offset in self.offsets[start:end])


def read_text(content: bytes, file_name: str) -> TextDocument:
    """Decode a plain text file.

    Args:
        content: the bytes as delivered.
        file_name: its name; only the suffix is looked at.

    Raises:
        DocumentError: ``empty_file``, ``unsupported_format`` or ``not_text``.
    """
    if not content.strip():
        raise DocumentError("empty_file", "文件是空的，请核对后重新报送")
    for signature, label in _SIGNATURES:
        if content.startswith(signature):
            raise DocumentError("unsupported_format", f"文件是{label}；{_REMEDY}")
    suffix = PurePath(file_name).suffix.lower()
    if suffix in (".docx", ".doc", ".wps", ".pdf", ".html", ".htm", ".rtf", ".odt", ".ofd"):
        raise DocumentError("unsupported_format", f"暂不支持 {suffix} 格式；{_REMEDY}")
    text, encoding = _decode(content)
    if _MARKUP.match(text):
        raise DocumentError("unsupported_format", f"文件是网页（HTML 或 XML）；{_REMEDY}")
    if not text.strip():
        raise DocumentError("empty_file", "文件只有空白，请核对后重新报送")
    return TextDocument(text, encoding, _lines(text))


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return _strict(content, encoding), encoding
        except DocumentError:
            continue
    raise DocumentError("not_text", f"文件不是文本，或编码无法识别；{_REMEDY}")


def _strict(content: bytes, encoding: str) -> str:
    """Decode without replacement, and only where the result looks like text."""
    failure = DocumentError("not_text", f"文件不是文本，或编码无法识别；{_REMEDY}")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise failure from error
    if len(_CONTROLS.findall(text)) * 1000 > len(text):
        raise failure
    if encoding == "gb18030":
        # Almost any bytes decode as GB18030; of real text nearly all characters are in the old basic set.
        beyond = "".join(_LETTERS.findall(text))
        if len(beyond.encode("gb2312", "ignore")) // 2 * 10 < len(beyond) * 9:
            raise failure
    return text


def _lines(text: str) -> tuple[TextLine, ...]:
    lines: list[TextLine] = []
    paged = "\f" in text
    page = 1
    start = 0
    for match in (*_LINE_END.finditer(text), None):
        end = match.start() if match else len(text)
        body = text[start:end]
        page += body[:1] == "\f"
        lines.append(TextLine(len(lines) + 1, start, body, page if paged else None))
        page += body[1:].count("\f")
        start = match.end() if match else len(text)
    if len(lines) > 1 and not lines[-1].text:
        lines.pop()
    return tuple(lines)


def join_lines(lines: Sequence[TextLine], first: int = 0) -> Joined:
    """Lines as one text: no line ends, no blanks (but one between two digits or two Latin letters of one line).

    Args:
        lines: the lines in reading order.
        first: characters to leave out at the start of the first line.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    for line in lines:
        begin, first = first, 0
        folded = _kept_apart(line.text)
        fresh = True
        for run in _RUN.finditer(folded, begin):
            start, end = run.span()
            if not fresh and _needs_blank(pieces[-1][-1], folded[start]):
                pieces.append(" ")
                offsets.append(line.start + start - 1)
            pieces.append(run.group())
            offsets.extend(range(line.start + start, line.start + end))
            fresh = False
    return Joined("".join(pieces), offsets)


def _kept_apart(raw: str) -> str:
    """The folded line, where a full-width comma between digits and the point of a list number stay marks.

    Only the half-width comma groups thousands; １．5G is item 1 and then 5G, never 1.5.
    """
    text = _LIST_POINT.sub(r"\1、", _DIGIT_COMMA.sub("；", raw)) if "，" in raw or "．" in raw else raw
    return fold(text)


def _needs_blank(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
    )
