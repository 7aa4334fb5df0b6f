"""Bytes become sheets of cells, whatever the file calls itself; what cannot be opened is refused with a reason.

What belongs here: telling formats apart by content, workbooks, Excel's default password, bounds on size. What does
not: CSV and HTML (``text_tables``), what the cells mean. No bytes make it raise.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msoffcrypto
import python_calamine
from lxml import etree

from ingestion.returns.cells import EMPTY, Cell, Sheet, number_cell, rectangle
from ingestion.returns.text_tables import decode_text, html_sheets, looks_like_html, text_sheet

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_CELLS = 2_000_000
MAX_SHEETS = 300

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
}
_DEFAULT_PASSWORD = "VelvetSweatshop"  # what Excel itself uses for "encrypted, no password asked"
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_MAX_REPEAT = 10_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that could be opened: its sheets, and for text files its lines as they stand there."""

    sheets: tuple[Sheet, ...]
    text_lines: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A file that could not be opened; ``reason`` is a Chinese sentence with a remedy."""

    reason_code: str
    reason: str


class _TooLargeError(Exception):
    """A workbook that would unpack to more than the bounds allow."""


def open_return(content: bytes) -> Opened | NotOpened:
    """Open a return by its content; the suffix of the file does not matter.

    Returns:
        The sheets, or the reason: ``empty_file``, ``too_large``, ``encrypted``, ``unsupported_format``,
        ``not_text`` or ``unreadable_file``.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return NotOpened("empty_file", "文件是空的，请重新导出并报送")
    if len(content) > MAX_BYTES:
        return NotOpened("too_large", f"文件超过{MAX_BYTES // 1024 // 1024}MB，请拆分后报送")
    for mark, name in _OTHER_FORMATS.items():
        if content.startswith(mark):
            return NotOpened("unsupported_format", f"文件内容是{name}，不是报表，请报送Excel工作簿或CSV")
    if content.startswith((_OLE, _ZIP)):
        return _open_binary(content)
    return _open_text(content)


def _open_text(content: bytes) -> Opened | NotOpened:
    text = decode_text(content)
    if text is None:
        return NotOpened("not_text", "文件既不是工作簿也不是可识别编码的文本，请另存为xlsx或UTF-8编码的CSV后重报")
    if re.match(r"\s*<\?xml[^>]*>(?s:.{0,400})<(?:\w+:)?Workbook", text):
        return NotOpened("unsupported_format", "文件是XML表格（Excel 2003），请另存为xlsx后重报")
    try:
        if looks_like_html(text):
            sheets = html_sheets(text, MAX_CELLS)
            return Opened(sheets) if sheets else NotOpened("no_table", "网页文件中没有表格，请另存为xlsx后重报")
        sheet = text_sheet(text, MAX_CELLS)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        return NotOpened("unreadable_file", f"文件内容无法解析（{type(error).__name__}），请另存为xlsx后重报")
    return Opened((sheet,), tuple(text.split("\n")))


def _open_binary(content: bytes) -> Opened | NotOpened:
    try:
        if content.startswith(_OLE):
            decrypted = _decrypted(content)
            if decrypted is None:
                return NotOpened("encrypted", "工作簿设有打开密码，请取消密码后重报")
            content = decrypted
        if content.startswith(_ZIP):
            _check_package(content)
        sheets = tuple(_workbook_sheets(content))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except python_calamine.PasswordError:
        return NotOpened("encrypted", "工作簿设有打开密码，请取消密码后重报")
    except _TooLargeError as error:
        return NotOpened("too_large", f"工作簿展开后过大（{error}），请删去空白区域或拆分后重报")
    except BaseException as error:  # a panic of the native reader is no Exception
        return NotOpened("unreadable_file", f"工作簿已损坏或不完整（{type(error).__name__}），请重新导出后报送")
    if not any(sheet.rows for sheet in sheets):
        return NotOpened("empty_file", "工作簿没有内容，请重新导出并报送")
    return Opened(sheets)


def _decrypted(content: bytes) -> bytes | None:
    """The workbook itself: as is, or opened with Excel's default password; None when another one is needed."""
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        encrypted = office.is_encrypted()
    except Exception:
        return content  # not understood here; the workbook reader decides
    if not encrypted:
        return content
    plain = io.BytesIO()
    try:
        office.load_key(password=_DEFAULT_PASSWORD, verify_password=True)
        office.decrypt(plain)
    except msoffcrypto.exceptions.InvalidKeyError:
        return None
    except Exception:
        plain = io.BytesIO()
        try:  # formats that cannot verify a password first
            office.load_key(password=_DEFAULT_PASSWORD)
            office.decrypt(plain)
        except Exception:
            return None
    return plain.getvalue()


def _check_package(content: bytes) -> None:
    """Look at a zipped workbook before it is unpacked: unpacked size, and cells far out that would fill memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED:
            raise _TooLargeError(f"超过{MAX_UNPACKED // 1024 // 1024}MB")
        for entry in package.infolist():
            if re.search(r"worksheets/[^/]+\.xml$", entry.filename):
                _check_extent(package.read(entry))
            elif entry.filename == "content.xml":
                _check_repeats(package.read(entry))


def _check_extent(xml: bytes) -> None:
    rows = columns = 0
    for match in _FILLED_CELL.finditer(xml):
        rows = max(rows, int(match[2]))
        columns = max(columns, _column_number(match[1]))
    if rows * columns > MAX_CELLS:
        raise _TooLargeError(f"{rows}行×{columns}列")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(xml: bytes) -> None:
    """OpenDocument repeats cells by a count: a filled cell repeated very often would fill memory."""
    repeated = re.compile(r"number-(?:rows|columns)-repeated$")
    for _, element in etree.iterparse(io.BytesIO(xml), resolve_entities=False, no_network=True):
        counts = [int(v) for k, v in element.attrib.items() if repeated.search(str(k)) and str(v).isdigit()]
        if not counts or max(counts) <= _MAX_REPEAT:
            continue
        if any(str(k).endswith("}value-type") for node in element.iter() for k in node.attrib):
            raise _TooLargeError(f"单元格重复{max(counts)}次")


def _workbook_sheets(content: bytes) -> Iterator[Sheet]:
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        metadata = [m for m in workbook.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if len(metadata) > MAX_SHEETS:
            raise _TooLargeError(f"{len(metadata)}个工作表")
        for facts in metadata:
            loaded = workbook.get_sheet_by_name(facts.name)
            if loaded.total_height * loaded.total_width > MAX_CELLS:
                raise _TooLargeError(f"{loaded.total_height}行×{loaded.total_width}列")
            rows = [[_cell(value) for value in row] for row in loaded.to_python(skip_empty_area=False)]
            yield Sheet(
                name=facts.name,
                rows=rectangle(rows),
                merged=tuple(loaded.merged_cell_ranges or ()),
                hidden=facts.visible != python_calamine.SheetVisibleEnum.Visible,
            )


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return number_cell(value)
    if isinstance(value, datetime.date | datetime.time):
        return Cell(value.isoformat())
    return Cell(str(value))
