"""Writers of return files for tests: .xlsx, .xls (BIFF8), .ods, CSV and HTML from one description of sheets.

What belongs here: bytes of a format. What does not: which tables there are (``awkward``).
"""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]
Merges = Mapping[str, Sequence[str]]

_SECTOR = 512
_ERRORS = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def corners(where: str) -> tuple[int, int, int, int]:
    """A5:B9 as first row, first column, last row, last column, from 0."""
    found = [re.fullmatch(r"([A-Z]+)(\d+)", part) for part in where.split(":")]
    (r0, c0), (r1, c1) = ((int(m[2]) - 1, _column(m[1])) for m in found if m)
    return r0, c0, r1, c1


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def xlsx(sheets: Sheets, merges: Merges | None = None) -> bytes:
    """A workbook; a text that starts with ``{=}`` becomes a formula with an error as its stored result."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        ranges = {corners(w)[:2]: corners(w) for w in (merges or {}).get(name, ())}
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if (row, column) in ranges:
                    page.merge_range(*ranges[row, column], value)
                elif isinstance(value, str) and value.startswith("{=}"):
                    page.write_formula(row, column, "=1/0", value=value[3:])
                elif value is not None:
                    page.write(row, column, value)
    book.close()
    return buffer.getvalue()


def encrypted(content: bytes, password: str) -> bytes:
    """A workbook behind a password."""
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, buffer)
    return buffer.getvalue()


def csv_text(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV; fields that hold the separator are quoted."""
    lines = [separator.join(_field(value, separator) for value in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _field(value: Any, separator: str) -> str:
    text = "" if value is None else str(value)
    return f'"{text}"' if separator in text or "\n" in text else text


def html_page(rows: Rows, merges: Sequence[str] = (), title: str = "") -> bytes:
    """A web page as a browser saves it with the suffix .xls."""
    spans = {corners(w)[:2]: corners(w) for w in merges}
    covered = {(r, c) for r0, c0, r1, c1 in spans.values() for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
    lines = []
    for row, values in enumerate(rows):
        cells = ""
        for column, value in enumerate(values):
            if (row, column) in spans:
                r0, c0, r1, c1 = spans[row, column]
                cells += f'<td rowspan="{r1 - r0 + 1}" colspan="{c1 - c0 + 1}">{html.escape(str(value))}</td>'
            elif (row, column) not in covered:
                cells += f"<td>{'' if value is None else html.escape(str(value))}</td>"
        lines.append(f"<tr>{cells}</tr>")
    page = (
        f'<html><head><meta charset="utf-8"></head><body><h3>{title}</h3><table>{"".join(lines)}</table></body></html>'
    )
    return page.encode()


def ods(sheets: Sheets) -> bytes:
    """An OpenDocument workbook."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return buffer.getvalue()


def _ods_row(values: Sequence[Any]) -> str:
    cells = ""
    for value in values:
        if value is None:
            cells += "<table:table-cell/>"
        elif isinstance(value, str):
            text = escape(value)
            cells += f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        else:
            cells += f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f"<table:table-row>{cells or '<table:table-cell/>'}</table:table-row>"


def xls(sheets: Sheets, merges: Merges | None = None) -> bytes:
    """An Excel 97-2003 workbook: BIFF8 records in a compound file; ``{=}#REF!`` is the error of a formula."""
    bodies = [_sheet_records(rows, (merges or {}).get(name, ())) for name, rows in sheets.items()]
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1996, 0, 0x600)) + _record(0x42, b"\xb0\x04")
    bound = [struct.pack("<BB", len(n), 1) + n.encode("utf-16-le") for n in sheets]
    position = len(start) + sum(4 + 6 + len(b) for b in bound) + 4
    heads = b""
    for name, body in zip(bound, bodies, strict=True):
        heads += _record(0x85, struct.pack("<IH", position, 0) + name)
        position += len(body)
    return _compound(start + heads + _record(0x0A, b"") + b"".join(bodies))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _sheet_records(rows: Rows, merges: Sequence[str]) -> bytes:
    width = max((len(row) for row in rows), default=0)
    found = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1996, 0, 0x600))
    found += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str) and value.startswith("{=}"):
                found += _record(0x205, at + bytes([_ERRORS[value[3:]], 1]))
            elif isinstance(value, str):
                found += _record(0x204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            elif value is not None:
                found += _record(0x203, at + struct.pack("<d", value))
    if merges:
        ranges = [corners(where) for where in merges]
        data = b"".join(struct.pack("<HHHH", r0, r1, c0, c1) for r0, c0, r1, c1 in ranges)
        found += _record(0xE5, struct.pack("<H", len(ranges)) + data)
    return found + _record(0x0A, b"")


def _compound(stream: bytes) -> bytes:
    """A compound file with the one stream ``Workbook``, at least 4096 bytes long so that it needs no mini stream."""
    padded = stream.ljust(4096, b"\0")
    padded = padded.ljust(-(-len(padded) // _SECTOR) * _SECTOR, b"\0")
    count = len(padded) // _SECTOR
    chain = [_FAT, _END, *range(3, count + 2), _END]
    if len(chain) > _SECTOR // 4:
        raise ValueError("too long for one sector of the allocation table")
    fat = struct.pack(f"<{_SECTOR // 4}I", *chain, *[_FREE] * (_SECTOR // 4 - len(chain)))
    root = _directory("Root Entry", 5, 1, _END, 0)
    folder = (root + _directory("Workbook", 2, _FREE, 2, len(padded))).ljust(_SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return head + fat + folder + padded


def _directory(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return entry + bytes(16) + struct.pack("<I16xIQ", 0, start, size)
