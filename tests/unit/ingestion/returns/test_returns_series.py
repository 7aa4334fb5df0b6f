"""Figures built in series are the figures that ``build_figure`` builds, number by number."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.figures import Figure, Meaning, Place, build_figure
from ingestion.quantity import QuantityError, parse_number, parse_stored
from ingestion.registry import Registry, load_registry
from ingestion.returns.cells import Cell, number_cell, read_number, stored_decimals
from ingestion.returns.series import Spot, figure_at, make_series
from tests.records import PLAN_SOURCE

UNITS = ["元", "万元", "亿元", "万亿元", "%", "家", "件/百万人", "个百分点", "没有的单位", None]
CODES = ["gdp", "rd_expenditure", "rd_intensity", "hnte_count", "invention_patents_per_10k", None]


@cache
def seeds() -> Registry:
    return load_registry()


def outcome(build: Callable[[], Figure]) -> Figure | tuple[str, str]:
    """The figure, or reason and message of its refusal."""
    try:
        return build()
    except QuantityError as error:
        return error.reason_code, str(error)


@settings(max_examples=400, deadline=None)
@given(
    text=st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,13})?", fullmatch=True),
    code=st.sampled_from(CODES),
    unit=st.sampled_from(UNITS),
    kind=st.sampled_from(["actual", "growth", "rank"]),
)
def test_a_series_equals_single_figures(text: str, code: str | None, unit: str | None, kind: str) -> None:
    try:
        number = parse_number(text)
    except QuantityError:
        return
    meaning = Meaning(
        region_code="520100",
        indicator_code=code,
        indicator_as_printed="某",
        period="2020",
        base_period="2019" if kind == "growth" else None,
        kind=kind,
        layout="cell",
    )
    place = Place(position="表!B5", section="题", line_start=5, line_end=5, sheet="表", cell="B5")
    series = make_series(seeds(), PLAN_SOURCE, PLAN_SOURCE, meaning, unit, sheet="表", section="题")
    spot = Spot("表!B5", "B5", 5, 5)
    single = outcome(
        lambda: build_figure(
            seeds(), PLAN_SOURCE, PLAN_SOURCE, meaning, place, printed_text=text, number=number, printed_unit=unit
        )
    )
    assert outcome(lambda: figure_at(series, "520100", "2020", "printed", spot, text, number)) == single


@settings(max_examples=400, deadline=None)
@given(
    value=st.one_of(
        st.floats(allow_nan=True, allow_infinity=True),
        st.integers(-(10**20), 10**20),
        st.decimals(-(10**9), 10**9, places=2).map(float),
    )
)
def test_a_stored_number_is_read_at_fifteen_digits(value: float | int) -> None:
    cell = number_cell(value)
    try:
        expected = parse_stored(repr(value))
    except QuantityError:
        with pytest.raises(QuantityError):
            read_number(cell)
        return
    assert read_number(cell) == expected
    assert stored_decimals(cell) == expected.decimals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1591①", "1591"), ("０.９１＊", "0.91"), ("12.5 [1]", "12.5"), ("1,267※", "1267"), ("5.9²", "5.9"),
    ],
)  # fmt: skip
def test_a_footnote_mark_is_no_part_of_the_number(text: str, value: str) -> None:
    assert read_number(Cell(text)) == parse_number(value)


@pytest.mark.parametrize(
    ("text", "reason_code"),
    [
        ("5.9a", "not_a_number"), ("12(1)", "not_a_number"), ("1 2", "not_a_number"), ("12 345.6", "not_a_number"),
        ("#DIV/0!", "formula_error"), ("#N/A", "formula_error"), ("Err:502", "formula_error"), ("#", "missing_value"),
        ("①", "not_a_number"), ("3,45", "not_a_number"), ("=1+1", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_not_clearly_a_number_is_refused(text: str, reason_code: str) -> None:
    with pytest.raises(QuantityError) as raised:
        read_number(Cell(text))
    assert raised.value.reason_code == reason_code
