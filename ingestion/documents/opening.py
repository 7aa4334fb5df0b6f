"""Opening a document: which format the bytes are, whatever the file is called, and the reader of that format.

What belongs here: signatures, the formats that are refused and what to send instead. What does not: the inside of
any format.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from ingestion.documents.limits import MAX_FILE_BYTES, MAX_HTML_BYTES
from ingestion.documents.model import DocumentError, TextDocument
from ingestion.documents.text import read_text

PLAN_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf", ""})

_REMEDY = "请另存为 .docx、带文字层的 .pdf、.html 或纯文本（.txt、.md）后重新报送"
_REFUSED_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.wps 等），或加密的新版 Office 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
_REFUSED_SUFFIXES = {
    **dict.fromkeys((".doc", ".wps", ".dot", ".wpt"), "旧版文字处理文件"),
    **dict.fromkeys((".rtf",), "RTF 文件"),
    **dict.fromkeys((".ofd",), "OFD 版式文件"),
    **dict.fromkeys((".odt", ".ott"), "OpenDocument 文件"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"), "图片"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), "压缩包"),
    **dict.fromkeys((".ppt", ".pptx", ".dps"), "演示文稿"),
}
_HTML = re.compile(rb"<(?:!doctype\s+html|html\b|head\b|body\b|table\b|div\b|meta\b|p\b)", re.IGNORECASE)
_XML = re.compile(r"(?:\ufeff)?\s*<\?xml\b", re.IGNORECASE)
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})


def open_document(content: bytes, file_name: str) -> TextDocument:
    """The text, lines and tables of a file of any format that can be read.

    Args:
        content: the bytes as delivered.
        file_name: its name; the suffix decides only where the content leaves a choice.

    Raises:
        DocumentError: ``empty_file``, ``too_large``, ``unsupported_format``, ``not_text``, ``broken_file``,
            ``encrypted``, ``scanned_pdf`` or ``too_complex``.
    """
    if not content or content.isspace():
        raise DocumentError("empty_file", "文件是空的，请核对后重新报送")
    if len(content) > MAX_FILE_BYTES:
        size = MAX_FILE_BYTES // 1024 // 1024
        raise DocumentError("too_large", f"文件超过 {size} MB，请压缩其中的图片或拆分后重新报送")
    suffix = PurePath(file_name).suffix.lower()
    if b"%PDF-" in content[:1024]:
        from ingestion.documents.pdf import read_pdf

        return read_pdf(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(content, suffix)
    label = next((label for mark, label in _REFUSED_SIGNATURES if content.startswith(mark)), None)
    if label is not None and not (label == "图片" and content.startswith(b"BM") and content[:200].isascii()):
        raise DocumentError("unsupported_format", f"文件是{label}；{_REMEDY}")
    if suffix in (".docx", ".pdf"):
        raise DocumentError("broken_file", f"文件名是 {suffix}，内容却不是，可能已损坏；请用原软件重新导出后报送")
    if suffix in _REFUSED_SUFFIXES:
        raise DocumentError("unsupported_format", f"暂不能读取{_REFUSED_SUFFIXES[suffix]}（{suffix}）；{_REMEDY}")
    return _textual(content, suffix)


def _textual(content: bytes, suffix: str) -> TextDocument:
    if suffix in (".html", ".htm", ".mht", ".shtml", ".xhtml") or _is_html(content, suffix):
        if len(content) > MAX_HTML_BYTES:
            size = MAX_HTML_BYTES // 1024 // 1024
            raise DocumentError("too_large", f"网页超过 {size} MB，请另存为纯文本（.txt）后重新报送")
        from ingestion.documents.html import read_html

        return read_html(content)
    document = read_text(content)
    if _XML.match(document.text[:200]):
        raise DocumentError("unsupported_format", f"文件是 XML 数据；{_REMEDY}")
    if suffix in _MARKDOWN_SUFFIXES:
        from ingestion.documents.markdown import read_markdown

        return read_markdown(document)
    return document


def _is_html(content: bytes, suffix: str) -> bool:
    """Whether text of another name is a web page: it begins with markup, whatever declarations come before."""
    head = content[:4000].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if not head.startswith(b"<"):
        return False
    found = _HTML.search(head)
    return found is not None and (suffix not in _MARKDOWN_SUFFIXES or head[:20].lower().startswith((b"<!doc", b"<htm")))


def _zipped(content: bytes, suffix: str) -> TextDocument:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RecursionError) as error:
        raise DocumentError("broken_file", "压缩结构已损坏，无法打开；请用原软件重新保存后报送") from error
    if "OFD.xml" in names:
        raise DocumentError("unsupported_format", f"文件是 OFD 版式文件；{_REMEDY}")
    if "content.xml" in names and "mimetype" in names:
        raise DocumentError("unsupported_format", f"文件是 OpenDocument 文件；{_REMEDY}")
    if "[Content_Types].xml" in names and not any(name.startswith(("xl/", "ppt/")) for name in names):
        from ingestion.documents.docx import read_docx

        return read_docx(content)
    if "[Content_Types].xml" in names:
        raise DocumentError("unsupported_format", f"文件是表格或演示文稿，不是规划文本；{_REMEDY}")
    if suffix == ".docx":
        raise DocumentError("broken_file", "文件名是 .docx，内容却不是 Word 文档；请用原软件重新保存后报送")
    raise DocumentError("unsupported_format", f"文件是压缩包，请解压后逐个报送；{_REMEDY}")
