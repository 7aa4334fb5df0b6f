"""Formula errors in workbooks of Excel 97-2003, which the workbook reader gives as blanks.

What belongs here: walking the records of a workbook stream for error cells. What does not: reading cells (``open``).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile  # type: ignore[import-untyped]

from ingestion.returns.package import ErrorCells

_BOF, _SHEET, _FORMULA, _ERROR = 0x809, 0x85, 0x06, 0x205
_NAMES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def error_cells(content: bytes) -> ErrorCells:
    """The cells of each sheet that hold a formula error; nothing where the stream cannot be walked."""
    stream = _workbook_stream(content)
    names: dict[int, str] = {}
    found: dict[str, dict[tuple[int, int], str]] = {}
    current: dict[tuple[int, int], str] = {}
    for position, kind, data in _records(stream):
        if kind == _SHEET and len(data) >= 8:
            names[struct.unpack_from("<I", data)[0]] = _name(data[6:])
        elif kind == _BOF:
            current = found.setdefault(names.get(position, ""), {})
        elif kind in (_ERROR, _FORMULA):
            code = _error_code(kind, data)
            if code is not None:
                current[struct.unpack_from("<HH", data)] = _NAMES.get(code, "#N/A")
    return found


def _workbook_stream(content: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            for name in ("Workbook", "Book"):
                if file.exists(name):
                    return bytes(file.openstream(name).read())
    except Exception:
        pass  # the workbook reader says what is wrong with the file
    return b""


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Position, kind and data of each record."""
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4 : position + 4 + size]
        position += 4 + size


def _name(data: bytes) -> str:
    length, wide = data[0], data[1] & 1
    return data[2 : 2 + 2 * length].decode("utf-16-le", "replace") if wide else data[2 : 2 + length].decode("latin-1")


def _error_code(kind: int, data: bytes) -> int | None:
    if kind == _ERROR:
        return data[6] if len(data) >= 8 and data[7] == 1 else None
    is_error = len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2
    return data[8] if is_error else None
