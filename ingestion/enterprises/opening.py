"""A delivery of an enterprise return becomes tables of text, one row a row of the file; nothing is a Python object.

What belongs here: encodings and separators, workbooks within bounds, formula errors, where a table starts. What does
not: what columns mean (``header``). No bytes make it raise, and no message quotes a cell.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import fastexcel
import polars as pl

from ingestion.returns.cells import Sheet
from ingestion.returns.open import NotOpened, open_return
from ingestion.returns.package import TooLargeError, column_number, sheet_names
from ingestion.returns.text_tables import decode_text, looks_like_html, separator_of

MAX_BYTES = 1024 * 1024 * 1024
"""Bytes of a delivered file: five times a province's enterprises on one form."""
MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes of a workbook's parts: a sheet of 400,000 rows by 60 columns."""
MAX_DENSE = 100_000_000
"""Cells of the rectangle around a sheet's cells, which the workbook reader fills: 100 bytes each at the very most."""
MAX_COLUMNS = 702
"""Columns of a table: A to ZZ."""
MAX_TEXT = 4096
"""Bytes of one shared text: names are shorter, and a long one could be repeated in every cell."""
HEAD_ROWS = 60
"""Rows in which a header is looked for."""
_HEAD_BYTES = 256 * 1024
_CHUNK = 1024 * 1024
_OVERLAP = 512


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text. ``cells`` has one column of text for each column of the sheet, null where blank."""

    sheet: str | None
    cells: pl.DataFrame
    first_column: int = 0
    hidden: bool = False
    is_workbook: bool = False
    lines: pl.Series | None = None
    """The line of the file on which each row starts; None: row 1, 2, 3 …"""

    def head(self) -> list[list[str]]:
        """The first rows as texts, blanks as ''."""
        return [[cell or "" for cell in row] for row in self.cells.head(HEAD_ROWS).iter_rows()]


def open_tables(content: bytes) -> tuple[Table, ...] | NotOpened:
    """Open a return by its content.

    Returns:
        Its tables, or the reason: those of ``open_return``.
    """
    if len(content) < _HEAD_BYTES and not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return NotOpened("empty_file", "文件是空的，请重新导出并报送")
    if len(content) > MAX_BYTES:
        return NotOpened("too_large", f"文件超过{MAX_BYTES // 1024 // 1024}MB，请拆分后报送")
    try:
        if content.startswith(b"PK\x03\x04") and b"xl/" in content[-65536:] + content[:65536]:
            return tuple(_workbook(content))
        if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")) and not _is_html(content):
            table = _text_table(content)
            return (table,) if table is not None else NotOpened("not_text", "文件编码无法识别，请另存为UTF-8编码的CSV")
    except TooLargeError as error:
        return NotOpened("too_large", f"文件展开后过大（{error}），请删去空白区域或拆分后重报")
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the native reader is no Exception
        return NotOpened("unreadable_file", f"文件已损坏或不完整（{type(error).__name__}），请重新导出后报送")
    opened = open_return(content)
    return opened if isinstance(opened, NotOpened) else tuple(map(_of_sheet, opened.sheets))


def text_head(content: bytes) -> list[list[str]]:
    """The first rows of a text file, cut at its separator; empty where it is no text."""
    head = content[:_HEAD_BYTES]
    if len(content) > len(head):
        head = head[: head.rfind(b"\n") + 1] or head
    text = decode_text(head)
    if text is None:
        return []
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)):
            rows.append(row)
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error:
        pass  # what could be cut so far
    return rows


def _is_html(content: bytes) -> bool:
    return looks_like_html(content[:4096].decode("utf-8", errors="replace"))


# --- text ---------------------------------------------------------------------------------------------------


def _text_table(content: bytes) -> Table | None:
    """A CSV; None when it is no text."""
    rows = text_head(content)
    width = max(map(len, rows), default=0)
    if not width:
        return None
    if width > MAX_COLUMNS:
        raise TooLargeError(f"有{width}列")
    sample = decode_text(content[:_HEAD_BYTES].rpartition(b"\n")[0] or content[:_HEAD_BYTES])
    separator = separator_of(sample or "")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").encode()
    try:
        cells = _parsed(content, separator, width)
    except pl.exceptions.ComputeError:
        try:  # not UTF-8 from end to end
            content = content.decode("gb18030").encode()
        except UnicodeDecodeError:
            return None
        cells = _parsed(content, separator, width)
    return Table(None, cells, lines=_lines(cells) if b'"' in content else None)


def _parsed(content: bytes, separator: str, width: int) -> pl.DataFrame:
    """All rows at the width of the head, and one column more: what stands there makes a row too wide."""
    names = [str(number) for number in range(width + 1)]
    return pl.read_csv(
        content,
        separator=separator,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        missing_columns="insert",
        truncate_ragged_lines=True,
        infer_schema=False,
    )


def _lines(cells: pl.DataFrame) -> pl.Series | None:
    """Where each row starts, where quoted texts hold line ends."""
    breaks = cells.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True)))[:, 0]
    if not breaks.sum():
        return None
    return pl.select(pl.int_range(1, cells.height + 1) + breaks.cum_sum().shift(1, fill_value=0)).to_series()


# --- workbooks ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Scan:
    """What was seen of one sheet before it is unpacked."""

    last_row: int = 0
    last_column: int = 0
    first_column: int = 0
    errors: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def dense(self) -> int:
        """Cells of the rectangle that the workbook reader would fill."""
        return self.last_row * self.last_column


# A sheet in which none is found ends before row 100,000 and column AAA: within the bounds, whatever else it holds.
# Letters are folded to A and digits to 1 first, because to find a fixed text is several times faster than a pattern.
_FOLDED = bytes(65 if 65 <= byte <= 90 else 49 if 48 <= byte <= 57 else byte for byte in range(256))
_FAR = (b'r="AAA', b'111111"')
_CELL = re.compile(rb' r="([A-Z]{0,3})(\d{1,7})"')
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]{0,80}? t="e"[^>]{0,80}>'
    rb"(?:<f[^>]{0,80}>[^<]{0,400}</f>|<f[^>]{0,80}/>)?<v>([^<]{1,10})"
)
_DIMENSION = re.compile(rb'<dimension ref="([A-Z]{1,3})\d')


def _workbook(content: bytes) -> Iterator[Table]:
    # what was looked through is what is read, and unpacked only once
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as unpacked:
        scans = _scans(package, unpacked)
    book = fastexcel.read_excel(plain.getvalue())
    for name in book.sheet_names:
        loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells = loaded.to_polars()
        cells = cells.rename(dict(zip(cells.columns, map(str, range(cells.width)), strict=True)))
        scan = scans.get(name, _Scan())
        for row, column, text in scan.errors:
            place = column - scan.first_column
            if row < cells.height and 0 <= place < cells.width:
                shown = pl.when(pl.int_range(pl.len()) == row).then(pl.lit(text)).otherwise(pl.col(str(place)))
                cells = cells.with_columns(shown.alias(str(place)))
        yield Table(name, cells, scan.first_column, loaded.visible != "visible", is_workbook=True)


def _scans(package: zipfile.ZipFile, unpacked: zipfile.ZipFile) -> dict[str, _Scan]:
    """Look through the parts while unpacking them.

    Raises:
        TooLargeError: more than the bounds of this module.
    """
    names = sheet_names(package)
    found: dict[str, _Scan] = {}
    left = MAX_UNPACKED
    for entry in package.infolist():
        scan = _Scan() if entry.filename in names else None
        shared = entry.filename.lower().endswith("sharedstrings.xml")
        before, is_far = b"", False
        with unpacked.open(zipfile.ZipInfo(entry.filename), "w", force_zip64=True) as copy:
            for chunk in _chunks(package, entry):
                left -= len(chunk)
                if left < 0:
                    raise TooLargeError(f"超过{MAX_UNPACKED // 1024 // 1024}MB")
                copy.write(chunk)
                piece = before + chunk
                if scan is not None:
                    _look(scan, piece)
                    is_far = is_far or _is_far(piece)
                elif shared and max(map(len, piece.split(b"</si>")[:-1]), default=0) > MAX_TEXT:
                    raise TooLargeError(f"单个文本超过{MAX_TEXT}字节")
                before = piece[-_OVERLAP:] if not shared else piece[piece.rfind(b"<si>") :][: 2 * MAX_TEXT]
        if is_far and scan is not None:
            _measure(scan, package, entry)
        if scan is not None:
            found[names[entry.filename]] = scan
    return found


def _is_far(piece: bytes) -> bool:
    folded = piece.translate(_FOLDED)
    return any(mark in folded for mark in _FAR)


def _measure(scan: _Scan, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """How far the cells of a large sheet reach."""
    before = b""
    for chunk in _chunks(package, entry):
        piece = before + chunk
        cells = _CELL.findall(piece)
        scan.last_row = max(scan.last_row, max((int(row) for _, row in cells), default=0))
        scan.last_column = max(scan.last_column, max(map(column_number, {letters for letters, _ in cells}), default=0))
        if scan.last_column > MAX_COLUMNS or scan.dense > MAX_DENSE:
            raise TooLargeError(f"{scan.last_row}行×{scan.last_column}列")
        before = piece[-_OVERLAP:]


def _chunks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _look(scan: _Scan, piece: bytes) -> None:
    """Where the cells start, and which hold formula errors."""
    dimension = _DIMENSION.search(piece[:2048])
    if dimension is not None:
        scan.first_column = column_number(dimension[1]) - 1
    if b't="e"' in piece:
        for match in _ERROR.finditer(piece):
            where = (int(match[2]) - 1, column_number(match[1]) - 1, match[3].decode("ascii", errors="replace"))
            if where not in scan.errors[-8:]:  # seen already in the overlap
                scan.errors.append(where)
        if len(scan.errors) > 10_000:
            raise TooLargeError("公式错误超过10000处")


def _of_sheet(sheet: Sheet) -> Table:
    """A sheet that another reader opened (.xls, .ods, HTML): small enough for objects."""
    columns = {str(c): [row[c].text or None for row in sheet.rows] for c in range(sheet.width)}
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return Table(sheet.name, cells, hidden=sheet.hidden, is_workbook=sheet.name is not None)
