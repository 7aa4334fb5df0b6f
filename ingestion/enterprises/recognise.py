"""Whether a file holds returns of single enterprises: then no other reader may see it.

Told by a column of unified codes in the head of a table, in doubt for the restricted zone: a list of enterprises
without any form is refused there, too, and not printed in a public quarantine. Looks at heads only and never raises.
"""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

from ingestion.enterprises.codes import holds_code
from ingestion.enterprises.opening import text_head
from ingestion.quantity import squeeze
from ingestion.returns.open import NotOpened, open_return

KIND = "enterprise_return"
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods"})
"""Files that may hold a table of enterprises, whatever else they are called."""
_WORD = re.compile(r"(?:社会|统一|^)信用代码")
_TAG = re.compile(r"<[^>]{0,400}>")
_HEAD = 256 * 1024
_STRINGS = 8 * 1024 * 1024
_COLUMNS = 3


def holds_enterprises(path: Path) -> bool:
    """Whether a file looks like returns, or any table, of single enterprises."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"PK\x03\x04"):
            return _in_package(path)
        if head.startswith(b"\xd0\xcf\x11\xe0") or head.lstrip()[:1] == b"<":
            return _in_sheets(path.read_bytes())
        return _in_rows(text_head(head))
    except (OSError, ValueError, LookupError, EOFError, RuntimeError, zipfile.BadZipFile, NotImplementedError):
        return False


def _in_rows(rows: list[list[str]]) -> bool:
    for row in rows:
        if sum(bool(cell.strip()) for cell in row) >= _COLUMNS and any(_says_code(cell) for cell in row):
            return True
    return False


def _says_code(cell: str) -> bool:
    return len(cell) <= 80 and (_WORD.search(squeeze(cell)) is not None or holds_code(cell.strip()))


def _in_package(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        if "xl/workbook.xml" not in package.namelist():
            return _in_sheets(path.read_bytes())
        for entry in package.infolist():
            name = entry.filename.lower()
            size = _STRINGS if name.endswith("sharedstrings.xml") else _HEAD if "/worksheets/sheet" in name else 0
            if not size:
                continue
            with package.open(entry) as part:
                text = part.read(size).decode("utf-8", errors="replace")
            plain = html.unescape(_TAG.sub("", text.replace("</si>", "\n").replace("</c>", "\n")))
            if any(map(_says_code, plain.split("\n"))):
                return True
    return False


def _in_sheets(content: bytes) -> bool:
    opened = open_return(content)
    if isinstance(opened, NotOpened):
        return False
    return any(_in_rows([[cell.text for cell in row] for row in sheet.rows[:200]]) for sheet in opened.sheets)


def neutral_name(sha256: str, suffix: str) -> str:
    """What a delivery is called outside the zone: file names often carry the name of the unit."""
    return f"受限报表-{sha256[:12]}{suffix}"
