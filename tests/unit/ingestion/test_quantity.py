"""Printed quantities: what holds for every number, comparator and text."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.plans.numbers import find_numbers
from ingestion.quantity import (
    INTEGER_DIGITS,
    MISSING_MARKS,
    Interval,
    PrintedNumber,
    QuantityError,
    comparator_between,
    fold,
    parse_chinese_integer,
    parse_number,
    parse_stored,
    rounding_interval,
    scaled,
    squeeze,
    stored_interval,
    stored_value,
    without_comparator,
)
from ingestion.registry import load_registry

UNITS = load_registry().unit_pattern
DIGITS = "零一二三四五六七八九"

numbers = st.builds(
    lambda digits, decimals, negative: PrintedNumber(
        Decimal(-digits if negative else digits).scaleb(-decimals), decimals
    ),
    st.integers(0, 10**15),
    st.integers(0, 8),
    st.booleans(),
)


def _chinese(value: int) -> str:
    """The usual Chinese spelling of 0 to 99999999, written independently of the reader."""
    if value == 0:
        return "零"
    high, low = divmod(value, 10_000)
    text = f"{_group(high)}万" if high else ""
    if low:
        text += ("零" if high and low < 1000 else "") + _group(low)
    return text


def _group(value: int) -> str:
    text = ""
    pending = False
    for step, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, step)
        if digit:
            text += ("零" if pending else "") + DIGITS[digit] + word
            pending = False
        elif text:
            pending = True
    return text


# --- intervals --------------------------------------------------------------------------------------


@given(numbers)
def test_the_rounding_interval_holds_its_number_and_has_the_width_of_the_last_digit(number: PrintedNumber) -> None:
    interval = rounding_interval(number)

    assert interval.lo is not None
    assert interval.hi is not None
    assert interval.contains(number.value)
    assert interval.hi - interval.lo == Decimal(1).scaleb(-number.decimals)


@given(numbers, st.integers(-499, 499))
def test_whatever_lies_inside_prints_as_the_number(number: PrintedNumber, thousandths: int) -> None:
    inside = number.value + Decimal(thousandths).scaleb(-3 - number.decimals)

    assert rounding_interval(number).contains(inside)
    assert round(inside, number.decimals) == number.value


def test_a_half_belongs_to_the_number_away_from_zero() -> None:
    assert rounding_interval(parse_number("0.89")) == Interval(Decimal("0.885"), Decimal("0.895"), True, False)
    assert rounding_interval(parse_number("-0.89")) == Interval(Decimal("-0.895"), Decimal("-0.885"), False, True)
    assert rounding_interval(parse_number("1.50")).hi == Decimal("1.505")


@given(numbers, numbers)
def test_intersection_is_symmetric_and_agrees_with_containment(left: PrintedNumber, right: PrintedNumber) -> None:
    one, other = rounding_interval(left), rounding_interval(right)

    assert one.intersects(other) == other.intersects(one)
    if other.contains(left.value):
        assert one.intersects(other)


def test_open_ends_do_not_touch_and_unbounded_ends_reach() -> None:
    below = Interval(Decimal(0), Decimal(1), True, False)

    assert not below.intersects(Interval(Decimal(1), Decimal(2), True, True))
    assert Interval(Decimal(0), Decimal(1), True, True).intersects(Interval(Decimal(1), None, True, False))
    assert Interval(None, Decimal(0), False, True).intersects(below)


@given(numbers)
def test_storing_only_ever_widens(number: PrintedNumber) -> None:
    interval = rounding_interval(PrintedNumber(scaled(number.value, Decimal("0.0001")), number.decimals + 4))
    stored = stored_interval(interval)

    assert stored.lo is not None
    assert stored.hi is not None
    assert interval.lo is not None
    assert interval.hi is not None
    assert stored.lo <= interval.lo
    assert stored.hi >= interval.hi
    assert stored_value(number.value) == number.value


# --- numbers ----------------------------------------------------------------------------------------


@given(numbers)
def test_a_printed_number_prints_back(number: PrintedNumber) -> None:
    assert parse_number(f"{number.value:.{number.decimals}f}") == number


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_groups_of_thousands_and_full_width_read_alike(digits: int, decimals: int) -> None:
    plain = Decimal(digits).scaleb(-decimals)
    grouped = f"{plain:,.{decimals}f}"
    wide = grouped.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,."})

    assert parse_number(grouped) == parse_number(wide) == PrintedNumber(plain, decimals)


@given(numbers, st.integers(-12, 12))
def test_scaling_is_exact(number: PrintedNumber, power: int) -> None:
    factor = Decimal(1).scaleb(power)

    assert scaled(scaled(number.value, factor), Decimal(1).scaleb(-power)) == number.value


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_round_trip(value: int) -> None:
    assert parse_chinese_integer(_chinese(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("五千万", 50_000_000), ("二〇三五", 2035), ("二 O 三五", 2035), ("十五", 15), ("两", 2), ("一百零八", 108)],
)
def test_chinese_numerals_as_plans_print_them(text: str, value: int) -> None:
    assert parse_chinese_integer(text) == value


@pytest.mark.parametrize("text", ["1.2.3", "12家", "约5", "1,23", "百香果", "五%", "1 2", "--1"])
def test_what_is_not_one_clear_number_is_refused(text: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_number(text)

    assert caught.value.reason_code == "not_a_number"


@pytest.mark.parametrize("mark", MISSING_MARKS)
def test_marks_of_absence_are_no_zero(mark: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_number(mark)

    assert caught.value.reason_code == "missing_value"


def test_a_number_too_large_to_store_is_refused() -> None:
    assert parse_number("9" * INTEGER_DIGITS).value == Decimal("9" * INTEGER_DIGITS)
    with pytest.raises(QuantityError) as caught:
        parse_number("1" + "0" * INTEGER_DIGITS)

    assert caught.value.reason_code == "out_of_range"


@given(st.floats(min_value=-1e11, max_value=1e11, allow_nan=False, allow_subnormal=False))
def test_a_stored_cell_keeps_fifteen_digits(value: float) -> None:
    number = parse_stored(repr(value))
    exact = Decimal(repr(value))

    assert len(number.value.as_tuple().digits) <= 15 + max(0, number.value.adjusted() - 14)
    assert abs(number.value - exact) <= Decimal(5).scaleb(exact.adjusted() - 15)
    assert number.value == round(number.value, number.decimals)


def test_binary_noise_of_a_cell_is_dropped() -> None:
    assert parse_stored("96994313.19999999") == PrintedNumber(Decimal("96994313.2"), 1)


# --- text -------------------------------------------------------------------------------------------


@given(st.text())
def test_folding_keeps_the_length_and_squeezing_is_final(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize(
    ("before", "after", "on_target", "on_fact"),
    [
        ("达到", "", "ge", "eq"),
        ("达", "", "ge", "eq"),
        ("增加至", "", "ge", "eq"),
        ("突破", "", "gt", "gt"),
        ("超过", "。", "gt", "gt"),
        ("", "以上", "ge", "ge"),
        ("突破", "以上", "ge", "ge"),
        ("达到", "左右", "approx", "approx"),
        ("约", "", "approx", "approx"),
        ("不低于", "", "ge", "ge"),
        ("控制在", "以内", "le", "le"),
        ("低于", "", "lt", "lt"),
        ("下降到", "", "le", "eq"),
        ("为", "", "eq", "eq"),
        ("规模以上", "家", "eq", "eq"),
    ],
)
def test_comparators(before: str, after: str, on_target: str, on_fact: str) -> None:
    assert comparator_between(before, after, is_target=True) == on_target
    assert comparator_between(before, after, is_target=False) == on_fact


def test_the_comparator_is_taken_off_before_a_name() -> None:
    assert without_comparator("技术合同 成交额达到") == "技术合同成交额"
    assert without_comparator("技术合同成交额") == "技术合同成交额"


def _found(text: str) -> list[tuple[str, Decimal, Decimal | None, str | None]]:
    spans = find_numbers(text, UNITS)
    return [(text[s.start : s.end], s.number.value, s.high.value if s.high else None, s.unit) for s in spans]


def test_numbers_with_units_and_ranges() -> None:
    assert _found("达到 7,529.2 万元，占95%-98%，18件/万人") == [
        ("7,529.2", Decimal("7529.2"), None, "万元"),
        ("95%-98", Decimal(95), Decimal(98), "%"),
        ("18", Decimal(18), None, "件/万人"),
    ]
    assert _found("1.5—2.0亿元")[0][1:] == (Decimal("1.5"), Decimal("2.0"), "亿元")


def test_chinese_numerals_count_only_before_a_unit() -> None:
    assert _found("一二三，五千万元和百香果、三家") == [
        ("五千", Decimal(5000), None, "万元"),
        ("三", Decimal(3), None, "家"),
    ]


PIECES = [*"0123456789.,%-—~至到年第上五千万亿元家件/人 個（)“》\n\t１．，Ａ", "万元", "亿元", "个百分点", "1,234"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
@settings(max_examples=400)
def test_numbers_never_overlap_and_no_text_breaks_the_search(text: str) -> None:
    spans = list(find_numbers(text, UNITS))

    position = 0
    for span in spans:
        assert position <= span.start < span.end <= span.unit_end <= len(text)
        assert span.high is None or span.high.value > span.number.value
        position = span.unit_end


@pytest.mark.parametrize("piece", ["1,", "1", "一", "一个", "1-", "万", "9.9.", "至", "百家，"])
def test_time_grows_with_the_length_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begun = time.perf_counter()
        list(find_numbers(text, UNITS))
        parse_attempts = [squeeze(text), fold(text)]
        assert parse_attempts
        return time.perf_counter() - begun

    seconds(1_000)
    assert seconds(200_000) < 40 * seconds(20_000) + 0.5
