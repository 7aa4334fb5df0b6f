"""What may stand in a file that a spreadsheet program opens.

What belongs here: the one rule for texts in CSV and workbooks that leave the house. What does not: writing them.
"""

from __future__ import annotations

import re
import unicodedata

_STARTS_A_FORMULA = ("=", "+", "-", "@")
_STARTS_A_FIELD = ("\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


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
