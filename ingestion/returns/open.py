"""Bytes become sheets of cells, whatever the file calls itself; what cannot be opened is refused with a reason.

What belongs here: telling formats apart by content, workbooks, Excel's default password. What does not: what is
looked at before (``package``, ``biff``), CSV and HTML (``text_tables``), what the cells mean. No bytes make it raise.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msoffcrypto
import python_calamine
from lxml import etree

from ingestion.returns.biff import error_cells
from ingestion.returns.cells import EMPTY, Cell, Merged, Sheet, number_cell, rectangle, visible
from ingestion.returns.package import MAX_CELLS, MAX_COLUMNS, MAX_FILLED, ErrorCells, TooLargeError, check_package
from ingestion.returns.text_tables import decode_text, html_sheets, looks_like_html, text_sheet

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a delivered file: ten times the largest yearbook chapter."""
MAX_SHEETS = 300
"""Sheets of a workbook: a whole yearbook has fewer."""

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
            sheets = html_sheets(text, MAX_FILLED)
            return Opened(sheets) if sheets else NotOpened("no_table", "网页文件中没有表格，请另存为xlsx后重报")
        sheet = text_sheet(text, MAX_CELLS, MAX_COLUMNS)
    except TooLargeError as error:
        return NotOpened("too_large", f"文件内容过大（{error}），请删去空白区域或拆分后重报")
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
        errors = check_package(content) if content.startswith(_ZIP) else error_cells(content)
        sheets = tuple(_workbook_sheets(content, errors))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except python_calamine.PasswordError:
        return NotOpened("encrypted", "工作簿设有打开密码，请取消密码后重报")
    except TooLargeError as error:
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


def _workbook_sheets(content: bytes, errors: ErrorCells) -> Iterator[Sheet]:
    filled = 0
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        metadata = [m for m in workbook.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if len(metadata) > MAX_SHEETS:
            raise TooLargeError(f"{len(metadata)}个工作表")
        for facts in metadata:
            loaded = workbook.get_sheet_by_name(facts.name)
            if loaded.total_height * loaded.total_width > MAX_CELLS or loaded.total_width > MAX_COLUMNS:
                raise TooLargeError(f"{loaded.total_height}行×{loaded.total_width}列")
            merged = _merged(loaded)
            rows = [[_cell(value) for value in row] for row in loaded.to_python(skip_empty_area=False)]
            filled += sum(cell is not EMPTY for row in rows for cell in row)
            if filled > MAX_FILLED:
                raise TooLargeError(f"超过{MAX_FILLED}个单元格")
            _mark_errors(rows, errors.get(facts.name, {}))
            yield Sheet(
                name=facts.name,
                rows=rectangle(rows),
                merged=merged,
                hidden=facts.visible != python_calamine.SheetVisibleEnum.Visible,
            )


def _merged(loaded: python_calamine.CalamineSheet) -> tuple[Merged, ...]:
    """The merged ranges inside the used area; true ones never overlap, so their area is bounded by its."""
    height, width = loaded.total_height, loaded.total_width
    found: list[Merged] = []
    area = 0
    for (r0, c0), (r1, c1) in loaded.merged_cell_ranges or ():
        if r0 >= height or c0 >= width:
            continue
        r1, c1 = min(r1, height - 1), min(c1, width - 1)
        area += (r1 - r0 + 1) * (c1 - c0 + 1)
        if area > height * width:
            raise TooLargeError("合并单元格互相重叠")
        found.append(((r0, c0), (r1, c1)))
    return tuple(found)


def _mark_errors(rows: list[list[Cell]], errors: Mapping[tuple[int, int], str]) -> None:
    """Formula errors, which the workbook reader gives as blanks, are shown as they are printed."""
    for (row, column), text in errors.items():
        if row * column > MAX_CELLS:
            raise TooLargeError(f"{row}行×{column}列")
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([EMPTY] * (column + 1 - len(rows[row])))
        rows[row][column] = Cell(text)


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return number_cell(value)
    if isinstance(value, datetime.date | datetime.time):
        return Cell(value.isoformat())
    return Cell(visible(str(value)))
