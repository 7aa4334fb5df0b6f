"""Too much of a return is wrong: none of it is taken, every refusal is kept, and the file says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ingestion.returns.threshold import ENOUGH_TO_TELL

CITIES = ["贵阳", "六盘水", "遵义", "安顺", "毕节", "铜仁", "黔西南州", "黔东南州", "黔南州"]
YEARS = range(2015, 2021)


def _rows(wrong: int) -> list[list[str]]:
    """R&D expenditure of the cities, the first cells of which hold the error of a formula (invented)."""
    cells = [f"{1000 + n}" for n in range(len(CITIES) * len(YEARS))]
    cells[:wrong] = ["#DIV/0!"] * wrong
    rows = [["各市州R&D经费内部支出（合成）"], ["单位：万元"], ["地区", *(f"{year}年" for year in YEARS)]]
    return rows + [[city, *cells[n * len(YEARS) : (n + 1) * len(YEARS)]] for n, city in enumerate(CITIES)]


@pytest.fixture
def reading(read: Callable[..., Any], csv_bytes: Callable[..., bytes]) -> Callable[..., Any]:
    return lambda wrong, **entry: read(csv_bytes(_rows(wrong)), "return.csv", **entry)


def test_half_wrong_is_still_read(reading: Callable[..., Any]) -> None:
    half = len(CITIES) * len(YEARS) // 2
    found = reading(half)
    assert len(found.figures) == half
    assert Counter(r.reason_code for r in found.refusals) == {"formula_error": half}


def test_more_than_half_wrong_holds_the_whole_file_back(reading: Callable[..., Any]) -> None:
    wrong = len(CITIES) * len(YEARS) // 2 + 1
    found = reading(wrong)
    assert found.figures == ()
    assert Counter(r.reason_code for r in found.refusals) == {"formula_error": wrong, "too_many_rejected": 1}
    whole = found.refusals[0]
    assert (whole.reason_code, whole.address, whole.raw_text) == ("too_many_rejected", "", "return.csv")
    assert f"其中{wrong}个有误" in whole.reason
    assert "max_rejected_share" in whole.reason


@pytest.mark.parametrize(("share", "wrong", "held"), [(0.1, 5, False), (0.1, 6, True), (0, 1, True), (1, 53, False)])
def test_the_sender_may_state_another_share(reading: Callable[..., Any], share: float, wrong: int, held: bool) -> None:
    found = reading(wrong, max_rejected_share=share)
    assert (found.figures == ()) is held
    assert ("too_many_rejected" in {r.reason_code for r in found.refusals}) is held


def test_a_slip_in_a_small_file_holds_nothing_back(read: Callable[..., Any], csv_bytes: Callable[..., bytes]) -> None:
    rows = _rows(0)[:4]
    rows[3][2:] = ["#DIV/0!"] * (len(YEARS) - 1)
    found = read(csv_bytes(rows), "return.csv")
    assert len(found.refusals) == len(YEARS) - 1 < ENOUGH_TO_TELL
    assert len(found.figures) == 1
