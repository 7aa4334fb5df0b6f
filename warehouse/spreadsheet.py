"""What may stand in a file that a spreadsheet program opens.

What belongs here: the rules for texts and names in CSV and workbooks that leave the house. What does not: writing them.
"""

from __future__ import annotations

import re
import unicodedata

_STARTS_A_FORMULA = ("=", "+", "-", "@")
_STARTS_A_FIELD = ("\t", "\r", "\n")
_LONGEST_CELL = 32_000  # characters; a workbook takes 32,767
_LONGEST_SHEET_NAME = 31
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")

TEXTS_STAY_TEXTS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
"""Options of a workbook in which a text is never taken for something else."""


def inert(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: an apostrophe before whatever could start one.

    Spreadsheets evaluate a field of a CSV that starts with ``=``, ``+``, ``-`` or ``@`` (full-width ones too, and after
    blanks), and a leading tab or line end moves what follows into a field of its own (OWASP, CSV injection). Numbers
    stay numbers: -0.02.
    """
    if not text or _NUMBER.fullmatch(text):
        return text
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if text.startswith(_STARTS_A_FIELD) or start.startswith(_STARTS_A_FORMULA) else text


def cell_text(text: str) -> str:
    """A text as a cell of a workbook takes it: inert, and cut where a cell ends."""
    return inert(text)[:_LONGEST_CELL]


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a workbook admits and that no other sheet has.

    Args:
        wanted: what it should be called.
        taken: names already given, case-folded; the new one is added.
    """
    plain = re.sub(r"[\[\]:*?/\\]", "_", wanted).strip("'")[:_LONGEST_SHEET_NAME] or "_"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: _LONGEST_SHEET_NAME - 5]}_{number}"
    taken.add(name.casefold())
    return name
