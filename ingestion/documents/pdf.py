"""PDF files with a text layer: read in a process of their own, which may fail without taking the night with it.

What belongs here: that process and its bounds, what its failures mean. What does not: pages, lines and tables of a
.pdf (``pdf_worker`` and the modules that it uses).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from ingestion.documents.flow import Box, Item, Lattice, Text, flowed
from ingestion.documents.limits import PDF_PATIENCE
from ingestion.documents.model import DocumentError, TextDocument

_MESSAGES = {
    "encrypted": "PDF 有密码保护，请取消密码后重新报送",
    "broken_file": "PDF 已损坏，无法打开；请用原软件重新导出后报送",
    "scanned_pdf": "PDF 是扫描图像，没有文字层；请报送由原文档直接导出的 PDF，或先做文字识别并核对",
    "garbled_pdf": "PDF 的文字没有可用的编码，取出的是乱码；请由原文档重新导出 PDF，或报送 .docx",
    "too_large": "PDF 页数或文字过多，不像一份规划；请拆分后重新报送",
    "too_complex": "PDF 结构过于复杂，未能在限定的时间和内存内读完；请由原文档重新导出，或报送 .docx、纯文本",
}


def read_pdf(content: bytes) -> TextDocument:
    """Read a PDF.

    Raises:
        DocumentError: ``encrypted``, ``broken_file``, ``scanned_pdf``, ``garbled_pdf``, ``too_large`` or
            ``too_complex``.
    """
    command = [sys.executable, "-m", "ingestion.documents.pdf_worker"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PDF_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise DocumentError("too_complex", _MESSAGES["too_complex"]) from error
    if done.returncode != 0:
        # Killed by its own limits (a negative code), or out of memory: the file asks too much.
        raise DocumentError("too_complex", _MESSAGES["too_complex"])
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        raise DocumentError(answer, _MESSAGES[answer])
    return flowed((_item(entry) for entry in answer), "pdf", own_paragraphs=False)


def _item(entry: Any) -> Item:
    """A line ``[text, page, page_line, ends]`` or a table ``{"rows": …, "boxes": …, "pages": …}``."""
    if isinstance(entry, list):
        text, page, page_line, ends = entry
        return Text(text, page, page_line, None, ends)
    boxes = [Box([_item(inner) for inner in items], columns) for items, columns in entry["boxes"]]
    rows = [[boxes[index] for index in row] for row in entry["rows"]]
    pages = [(page, line) for page, line in entry["pages"]]
    return Lattice(rows, pages[0][0] if pages else None, pages)
