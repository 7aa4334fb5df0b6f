"""The check character of unified codes, one by one and all at once; settling of regions and industries."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ingestion.enterprises.codes import ALPHABET, DEPARTMENTS, are_codes, check_character, holds_code, is_code
from ingestion.enterprises.places import industry_letters, load_changes, settle_regions
from ingestion.registry import SEEDS, Registry

bodies = st.builds(str.__add__, st.sampled_from(DEPARTMENTS), st.text(alphabet=ALPHABET, min_size=16, max_size=16))


def test_a_code_worked_out_by_hand() -> None:
    """Σ value·3^place of 99520000000000000 is 9·1 + 9·3 + 5·9 + 2·27 = 135 ≡ 11, and 31 − 11 = 20 is L."""
    assert check_character("99520000000000000") == "L"
    assert is_code("99520000000000000L")


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_always_found(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_code(code)
    assert is_code(changed) is (changed == code)
    assert not is_code(f"0{code[1:-1]}{check_character(f'0{code[1:-1]}')}")


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), bodies.map(lambda b: b + check_character(b))), min_size=1))
def test_all_at_once_equals_one_by_one(texts: list[str | None]) -> None:
    found = are_codes(pl.Series("codes", texts, dtype=pl.String))
    assert found.to_list() == [text is not None and is_code(text) for text in texts]


def test_a_code_is_found_inside_of_text_but_not_inside_of_a_hash() -> None:
    code = "99520000000000000L"
    assert holds_code(f"单位{code}的数据")
    assert not holds_code(f"src_{code}")
    assert not holds_code(f"a{code}")
    assert not holds_code("995200000000000000")


def test_the_decimals_of_a_time_are_no_code() -> None:
    decimals = "01234567890123452"
    assert not holds_code(f"execution_time 0.{decimals}{check_character(decimals)}")


def test_regions_are_those_of_the_reference_date(registry: Registry) -> None:
    """Pingba county became a district in 2014; Zunyi county was split in 2016; Shuicheng district began in 2020."""
    changes = load_changes(SEEDS)
    codes = pl.Series(["520102", "520421", "520321", "520204", "999999", "520102001001", None])
    found = settle_regions(codes, registry.regions, changes, date(2023, 12, 31))
    assert found["region_code"].to_list() == ["520102", "520403", None, "520204", None, "520102", None]
    assert found["is_successor"].to_list() == [False, True, False, False, False, False, None]
    assert found["fault"].to_list() == [None, None, "region_ceased", None, "unknown_region", None, None]
    before = settle_regions(codes, registry.regions, changes, date(2013, 12, 31))
    assert before["region_code"].to_list()[:4] == ["520102", "520421", "520321", None]
    assert before["fault"].to_list()[3] == "region_not_yet"


def test_industries_by_letter_and_division() -> None:
    codes = pl.Series(["C39", "39", "3911", "C3911", "I65", "65", "A39", "98", "C3", "制造业", None, "c39"])
    assert industry_letters(codes).to_list() == ["C", "C", "C", "C", "I", "I", None, None, None, None, None, "C"]
