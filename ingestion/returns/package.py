"""A zipped workbook is looked through before it is unpacked: sizes, cells far out, cells that hold a formula error.

What belongs here: bounds, and what the workbook reader does not tell. What does not: reading cells (``open``).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts: three times what a sheet of ``MAX_FILLED`` cells takes."""
MAX_CELLS = 2_000_000
"""Rows × columns of a sheet, blanks too: one stray cell far out must not fill the memory."""
MAX_FILLED = 500_000
"""Cells with content in a file: all counties with some hundred columns each; read in some seconds."""
MAX_COLUMNS = 2_000
"""Columns with content: the widest returns have some hundred."""
MAX_REPEAT = 10_000
"""How often an OpenDocument cell with content may be repeated by a count."""

MAX_TAGS = 5_000_000
"""Cells and rows, empty but styled ones too: more make the file slow to read and hold nothing."""
MAX_TEXT = 256 * 1024 * 1024
"""Bytes of all texts when each cell holds its own: a long text that many cells share is kept once in the file."""

_CHUNK = 1 << 20
_LONGEST_TAG = 1 << 16  # bytes kept from chunk to chunk, so that no tag is cut; Excel writes some hundred
_LONG_TEXT = 200  # bytes: shorter texts never fill the memory in MAX_FILLED cells
_MOST_DEFLATED = 1032  # deflate never packs more than so many bytes into one
_TAG = re.compile(
    rb"<(?:\w+:)?(?:(c)|row)(?=[\s/>])"
    rb"(?:[^<>]*?\sr\s*=\s*[\"'](?:([A-Za-z]{1,3})(\d{1,7})|(\d{1,7}))[\"'])?([^<>]*)"
)
_ERROR_TYPE = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>(#[A-Z0-9/!?]{1,20})<")
_TEXT_REFERENCE = re.compile(rb"<(?:\w+:)?v>(\d{1,7})<")
_TEXT_END = re.compile(rb"</(?:\w+:)?si>")
_SHEET = re.compile(r"worksheets/[^/]+\.xml$", re.IGNORECASE)
_REPEATED = re.compile(r"number-(?:rows|columns)-repeated$")

ErrorCells = Mapping[str, Mapping[tuple[int, int], str]]
"""Sheet name → (row, column) from 0 → the error as Excel shows it."""


class TooLargeError(Exception):
    """A workbook that would unpack to more than the bounds allow."""


@dataclass(slots=True)
class _Scan:
    """One sheet while its tags go by."""

    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    filled: int = 0
    tags: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    references: Counter[int] = field(default_factory=Counter)


def check_package(content: bytes) -> ErrorCells:
    """Look at a zipped workbook: unpacked size, cells far out; find the cells with formula errors.

    Raises:
        TooLargeError: more than the bounds allow.
        zipfile.BadZipFile: no complete package.
    """
    errors: dict[str, dict[tuple[int, int], str]] = {}
    filled = tags = text = 0
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        _check_sizes(package)
        long_texts = _long_texts(package)
        for entry in package.infolist():
            if _SHEET.search(entry.filename):
                scan = _scan_sheet(package, entry, long_texts)
                errors[entry.filename] = scan.errors
                filled, tags = filled + scan.filled, tags + scan.tags
                text += sum(long_texts[index] * count for index, count in scan.references.items())
                _check_bounds(scan, filled, tags, text)
            elif entry.filename == "content.xml":
                _check_repeats(package.read(entry))
        if not any(errors.values()):
            return {}
        names = sheet_names(package)
    return {names[path]: cells for path, cells in errors.items() if path in names}


def _check_bounds(scan: _Scan, filled: int, tags: int, text: int) -> None:
    if scan.columns > MAX_COLUMNS:
        raise TooLargeError(f"有内容的列达{scan.columns}列")
    if scan.rows * scan.columns > MAX_CELLS:
        raise TooLargeError(f"{scan.rows}行×{scan.columns}列")
    if filled > MAX_FILLED:
        raise TooLargeError(f"超过{MAX_FILLED}个单元格")
    if tags > MAX_TAGS:
        raise TooLargeError(f"超过{MAX_TAGS}个带格式的空单元格")
    if text > MAX_TEXT:
        raise TooLargeError(f"文字超过{MAX_TEXT // 1024 // 1024}MB")


def _check_sizes(package: zipfile.ZipFile) -> None:
    """The unpacked size as declared, and as it is where a false declaration could hide much."""
    total = 0
    for entry in package.infolist():
        total += entry.file_size
        if entry.compress_size * _MOST_DEFLATED + total > MAX_UNPACKED and entry.compress_type == zipfile.ZIP_DEFLATED:
            total += max(0, _inflated(package, entry, MAX_UNPACKED - total + entry.file_size) - entry.file_size)
        if total > MAX_UNPACKED:
            raise TooLargeError(f"超过{MAX_UNPACKED // 1024 // 1024}MB")


def _inflated(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> int:
    """How many bytes a part really unpacks to, counted up to just beyond a limit."""
    file = package.fp
    if file is None:
        return 0
    file.seek(entry.header_offset + 26)
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(entry.header_offset + 30 + name + extra)
    packed, size, decoder = file.read(entry.compress_size), 0, zlib.decompressobj(-15)
    while packed and not decoder.eof and size <= limit:
        size += len(decoder.decompress(packed, _CHUNK))
        packed = decoder.unconsumed_tail
    return size


def _long_texts(package: zipfile.ZipFile) -> dict[int, int]:
    """Place of each long shared text → its bytes in the file."""
    found: dict[int, int] = {}
    for entry in package.infolist():
        if not entry.filename.lower().endswith("sharedstrings.xml"):
            continue
        index = since = 0
        for chunk in _chunks(package, entry):
            start = 0
            for match in _TEXT_END.finditer(chunk):
                since += match.end() - start
                if since > _LONG_TEXT:
                    found[index] = max(since, found.get(index, 0))
                start, since, index = match.end(), 0, index + 1
            since += len(chunk) - start
    return found


def _scan_sheet(package: zipfile.ZipFile, entry: zipfile.ZipInfo, long_texts: Mapping[int, int]) -> _Scan:
    """How far the cells with content reach, how many there are, and which hold formula errors."""
    scan = _Scan()
    for chunk in _chunks(package, entry):
        for match in _TAG.finditer(chunk):
            _take_tag(scan, match, chunk)
        if long_texts:
            scan.references.update(i for i in map(int, _TEXT_REFERENCE.findall(chunk)) if i in long_texts)
        if scan.filled > MAX_FILLED or scan.tags > MAX_TAGS:
            break
    return scan


def _take_tag(scan: _Scan, match: re.Match[bytes], chunk: bytes) -> None:
    is_cell, letters, row, own_row, rest = match.groups()
    scan.tags += 1
    if is_cell is None:
        scan.row = int(own_row) if own_row else scan.row + 1
        scan.column = 0
        return
    scan.column = column_number(letters.upper()) if letters else scan.column + 1
    scan.row = int(row) if row else scan.row
    if rest.endswith(b"/"):
        return
    scan.filled += 1
    scan.rows, scan.columns = max(scan.rows, scan.row), max(scan.columns, scan.column)
    if _ERROR_TYPE.search(match[0]):
        value = _ERROR_VALUE.search(chunk, match.end(), match.end() + _LONGEST_TAG)
        scan.errors[scan.row - 1, scan.column - 1] = value[1].decode("ascii") if value else "#N/A"


def _chunks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that end before a tag, where possible before a cell."""
    rest = b""
    with package.open(entry) as part:
        while read := part.read(_CHUNK):
            piece = rest + read
            cut = piece.rfind(b"<c ")
            if cut < len(piece) - _LONGEST_TAG:
                cut = piece.rfind(b"<")
            if cut < len(piece) - _LONGEST_TAG:
                cut = len(piece)  # a long text; a tag is never so long
            rest = piece[cut:]
            yield piece[:cut]
    yield rest


def column_number(letters: bytes) -> int:
    """A column from 1 by its letters, as a sheet's XML has them: b"AA" is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheet_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Path of a sheet in the package → its name."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(package.read("xl/workbook.xml"), parser)
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {str(link.get("Id")): str(link.get("Target")).removeprefix("/").removeprefix("xl/") for link in links}
    names: dict[str, str] = {}
    for sheet in book.iter("{*}sheet"):
        link = next((str(v) for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        if link in targets:
            names[f"xl/{targets[link]}"] = str(sheet.get("name"))
    return names


def _check_repeats(xml: bytes) -> None:
    """OpenDocument repeats cells by a count: a filled cell repeated very often would fill memory."""
    for _, element in etree.iterparse(io.BytesIO(xml), resolve_entities=False, no_network=True):
        counts = [int(v) for k, v in element.attrib.items() if _REPEATED.search(str(k)) and str(v)[:9].isdigit()]
        if not counts or max(counts) <= MAX_REPEAT:
            continue
        if any(str(k).endswith("}value-type") for node in element.iter() for k in node.attrib):
            raise TooLargeError(f"单元格重复{max(counts)}次")
