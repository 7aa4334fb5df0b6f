"""Building a figure: identity from place alone, exact canonical value, the rounding interval around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.figures import Figure, Meaning, Place, build_figure, hashed_id, origin_of
from ingestion.quantity import QuantityError, parse_number
from ingestion.registry import load_registry
from tests.records import PLAN_SOURCE

REGISTRY = load_registry()
PLACE = Place(position="100-105", line_start=3, line_end=3)
LEVEL = Meaning(
    region_code="520100",
    indicator_code="rd_expenditure",
    indicator_as_printed="R&D经费",
    period="2020",
    kind="actual",
    layout="narrative",
)


def _build(
    printed: str, unit: str | None, meaning: Meaning = LEVEL, place: Place = PLACE, high: str | None = None
) -> Figure:
    return build_figure(
        REGISTRY,
        PLAN_SOURCE,
        PLAN_SOURCE,
        meaning,
        place,
        printed_text=f"{printed}{unit or ''}",
        number=parse_number(printed),
        printed_unit=unit,
        high=parse_number(high) if high is not None else None,
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(LEVEL, indicator_code="gdp"),
        replace(LEVEL, indicator_code=None),
        replace(LEVEL, region_code="520200"),
        replace(LEVEL, period="2021", period_basis="carried"),
        replace(LEVEL, kind="target", target_kind="level", comparator="ge"),
        replace(LEVEL, layout="table"),
    ],
)
def test_an_identity_does_not_follow_the_interpretation(other: Meaning) -> None:
    assert _build("7529.2", "万元", other).figure_id == _build("7529.2", "万元").figure_id


def test_an_identity_follows_delivery_and_place() -> None:
    one = _build("7529.2", "万元")
    moved = _build("7529.2", "万元", place=replace(PLACE, position="100-106"))
    second = _build("7529.2", "万元", place=replace(PLACE, ordinal=1))
    explained = _build("7529.2", "万元", place=replace(PLACE, section="一、目标", line_end=4))
    again = build_figure(
        REGISTRY,
        replace(PLAN_SOURCE, sha256="1" * 64),
        PLAN_SOURCE,
        LEVEL,
        PLACE,
        printed_text="x",
        number=parse_number("1"),
        printed_unit="万元",
    )

    assert len({one.figure_id, moved.figure_id, second.figure_id, again.figure_id}) == 4
    assert explained.figure_id == one.figure_id


def test_printing_is_kept_beside_the_canonical_value() -> None:
    figure = _build("1.44", "亿元")

    assert (figure.printed_value, figure.printed_unit, figure.printed_decimals) == (Decimal("1.44"), "亿元", 2)
    assert (figure.value, figure.unit) == (Decimal(14400), "万元")
    assert (figure.value_lo, figure.value_hi, figure.lo_closed, figure.hi_closed) == (
        Decimal(14350),
        Decimal(14450),
        True,
        False,
    )


def test_a_range_keeps_both_ends_and_no_midpoint() -> None:
    figure = _build("10", "万元", high="20")

    assert (figure.comparator, figure.printed_value, figure.printed_value_hi) == ("range", 10, 20)
    assert (figure.value, figure.value_lo, figure.value_hi) == (10, Decimal("9.5"), Decimal("20.5"))


@pytest.mark.parametrize(
    ("meaning", "unit", "expected"),
    [
        (replace(LEVEL, kind="growth"), "%", "%"),
        (replace(LEVEL, kind="share"), "%", "%"),
        (replace(LEVEL, kind="target", target_kind="growth_avg"), "%", "%"),
        (replace(LEVEL, kind="target", target_kind="multiple"), "倍", "倍"),
        (replace(LEVEL, kind="change"), "亿元", "万元"),
        (replace(LEVEL, indicator_code="rd_intensity", kind="change"), "个百分点", "个百分点"),
        (replace(LEVEL, indicator_code=None), "亿元", "亿元"),
        (replace(LEVEL, indicator_code=None), None, None),
    ],
)
def test_what_is_no_level_keeps_its_own_unit(meaning: Meaning, unit: str | None, expected: str | None) -> None:
    figure = _build("12", unit, meaning)

    assert figure.unit == expected
    assert figure.value == (120000 if (unit, expected) == ("亿元", "万元") else 12)


@pytest.mark.parametrize(
    ("printed", "unit", "code"),
    [
        ("5", "%", "unit_mismatch"),
        ("5", "贯", "unknown_unit"),
        ("5", None, "unit_missing"),
        ("9" * 17, "亿元", "out_of_range"),
    ],
)
def test_what_cannot_be_converted_is_refused(printed: str, unit: str | None, code: str) -> None:
    with pytest.raises(QuantityError) as raised:
        _build(printed, unit)

    assert raised.value.reason_code == code


@given(
    value=st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False),
    decimals=st.integers(min_value=0, max_value=4),
    unit=st.sampled_from(["元", "万元", "百万元", "亿元"]),
)
def test_the_interval_holds_the_value_and_every_number_that_rounds_to_it(
    value: Decimal, decimals: int, unit: str
) -> None:
    printed = f"{value:.{decimals}f}"
    figure = _build(printed, unit)
    factor = REGISTRY.conversion("rd_expenditure", unit)

    assert figure.value_lo is not None
    assert figure.value_hi is not None
    assert figure.value_lo <= figure.value <= figure.value_hi
    half = Decimal(5).scaleb(-decimals - 1)
    assert figure.value_lo <= (Decimal(printed) - half) * factor
    assert figure.value_hi >= (Decimal(printed) + half) * factor
    assert figure.value_hi - figure.value_lo <= 2 * half * factor + Decimal(2).scaleb(-10)
    assert figure.printed_value == Decimal(printed)
    assert figure.printed_decimals == decimals


@given(parts=st.lists(st.one_of(st.none(), st.text(max_size=5), st.integers()), min_size=1, max_size=4))
def test_an_id_is_stable_and_tells_none_from_blank(parts: list[object]) -> None:
    assert hashed_id("fig", *parts) == hashed_id("fig", *parts)
    assert hashed_id("fig", *parts, None) != hashed_id("fig", *parts, "")
    assert hashed_id("fig", *parts).startswith("fig_")


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (Place(position="x", line_start=42, line_end=42), "第42行"),
        (Place(position="x", line_start=42, line_end=44), "第42-44行"),
        (Place(position="x", line_start=7, page=3), "第7行(第3页)"),
        (Place(position="x", line_start=107, page=3, page_line=7), "第3页第7行"),
        (Place(position="x", line_start=107, cell="表2!R3C4"), "表2第3行第4列"),
        (Place(position="x", line_start=107, page=3, page_line=7, cell="表12!R3C4"), "第3页表12第3行第4列"),
        (Place(position="x", line_start=5, sheet="Sheet1", cell="B5"), "Sheet1!B5"),
        (Place(position="x", line_start=5, cell="B5"), "B5"),
    ],
)
def test_an_address_is_one_short_text(place: Place, address: str) -> None:
    assert place.address == address


def test_an_origin_is_the_publication_and_not_the_file() -> None:
    facts = {"published_at": date(2019, 12, 31), "precision": "year", "release_type": "final"}
    one = origin_of(PLAN_SOURCE, "中国 科技统计年鉴2019", **facts)  # type: ignore[arg-type]
    other_file = replace(PLAN_SOURCE, source_id="src_1", document_id="doc_1", sha256="1" * 64)
    same = origin_of(other_file, "中国科技统计年鉴2019", **facts)  # type: ignore[arg-type]
    revised = origin_of(PLAN_SOURCE, "中国科技统计年鉴2019", **{**facts, "release_type": "revised"})  # type: ignore[arg-type]

    assert one.source_id == same.source_id != revised.source_id
    assert one.document_id == same.document_id == revised.document_id
    assert (one.file_name, one.sha256, one.kind) == (None, None, "origin")
