"""Numbers in running text with the unit behind them: 1.5%, 95%-98%, 五千万元, 百分之十五, 300余家, 5千万元.

What belongs here: finding numbers and units. What does not: reading a text that is one number (``quantity``), telling
quantities from years and codes (``tokens``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingestion.quantity import (
    ARABIC,
    CHINESE_DIGIT,
    CHINESE_DIGITS,
    PrintedNumber,
    QuantityError,
    fold,
    parse_chinese_integer,
    printed_number,
)

_IN_TEXT = rf"[{CHINESE_DIGIT}十百千拾佰仟]{{1,12}}"
# A Chinese number in running text: 五千, 二点五, 百分之十五, 百分之一点五.
_CHINESE_IN_TEXT = re.compile(rf"(?P<per>[百千]分之)?(?P<whole>{_IN_TEXT})(?:点(?P<part>[{CHINESE_DIGIT}]{{1,6}}))?")
_PER = {"百分之": "%", "千分之": "‰"}
# 三百余家, 120多家: more than the number.
_ODD = re.compile(r"[余多](?=[^,。;、])")
_STEP = {"百": Decimal(100), "千": Decimal(1000)}

_NUMBER = re.compile(ARABIC)
_RANGE_MARK = re.compile(r"\s*(?:-|—{1,2}|–|~|至|到)\s*")
_FROM = re.compile(r"[从由][^,。;、]{0,14}$")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number found in running text; offsets are into the text that was searched."""

    start: int
    end: int
    number: PrintedNumber
    high: PrintedNumber | None
    """The upper end of a printed range (95%-98%), else ``None``."""
    unit: str | None
    unit_end: int
    """End of the unit, or of the number where no unit follows."""
    is_chinese: bool = False


def find_numbers(text: str, unit_pattern: re.Pattern[str]) -> Iterator[NumberSpan]:
    """Numbers in running text with the unit printed behind them, left to right.

    Args:
        text: any text; offsets of the spans are into it.
        unit_pattern: matches a unit at its start position, longest spelling first.

    Yields:
        Arabic numbers with or without a unit; Chinese numerals only where a unit follows at once. A range
        (95%-98%, 1.5—1.8万元) is one span. Years, codes and list numbers are the caller's to tell apart.
    """
    folded = fold(text)
    position = 0
    arabic = _NUMBER.search(folded)
    chinese = _CHINESE_IN_TEXT.search(folded)
    while arabic is not None or chinese is not None:
        if arabic is not None and arabic.start() < position:
            arabic = _NUMBER.search(folded, position)
            continue
        if chinese is not None and chinese.start() < position:
            chinese = _CHINESE_IN_TEXT.search(folded, position)
            continue
        if chinese is not None and (arabic is None or chinese.start() < arabic.start()):
            span, end = _chinese_span(folded, chinese, unit_pattern), chinese.end()
        elif arabic is not None:
            span, end = _arabic_span(folded, arabic, unit_pattern), arabic.end()
        position = max(span.unit_end, end) if span else end
        if span:
            yield span


def _unit_at(folded: str, position: int, unit_pattern: re.Pattern[str]) -> tuple[str | None, int]:
    """The unit behind a number, also behind 余 or 多 (120余家)."""
    gap = len(folded[position : position + 3]) - len(folded[position : position + 3].lstrip(" "))
    odd = _ODD.match(folded, position + gap)
    match = unit_pattern.match(folded, odd.end() if odd else position + gap)
    return (match.group(), match.end()) if match else (None, position)


def _arabic_span(folded: str, match: re.Match[str], unit_pattern: re.Pattern[str]) -> NumberSpan | None:
    start, end = match.span()
    try:
        number = printed_number(match.group())
    except QuantityError:
        return None
    per = _PER.get(folded[max(0, start - 3) : start])
    if per is not None:
        return NumberSpan(start - 3, end, number, None, per, end)
    unit, unit_end = _unit_at(folded, end, unit_pattern)
    step = _STEP.get(folded[end : end + 1])
    if unit is None and step is not None and number.decimals == 0:
        unit, unit_end = _unit_at(folded, end + 1, unit_pattern)
        number = PrintedNumber(number.value * step, 0) if unit is not None else number
        return NumberSpan(start, end + 1, number, None, unit, unit_end) if unit is not None else None
    upper = _upper_end(folded, start, unit_end, unit, unit_pattern)
    if upper is not None and upper[0].value > number.value:
        return NumberSpan(start, upper[1], number, upper[0], upper[2], upper[3])
    return NumberSpan(start, end, number, None, unit, unit_end)


def _upper_end(
    folded: str, start: int, position: int, unit: str | None, unit_pattern: re.Pattern[str]
) -> tuple[PrintedNumber, int, str, int] | None:
    """The upper end of a printed range (1.2%—1.5%), its end, its unit and where that ends; 从8家到54家 is no range."""
    mark = _RANGE_MARK.match(folded, position)
    upper = _NUMBER.match(folded, mark.end()) if mark else None
    if mark is None or upper is None:
        return None
    high_unit, high_end = _unit_at(folded, upper.end(), unit_pattern)
    is_change = mark.group().strip() in ("至", "到") and _FROM.search(folded, max(0, start - 16), start)
    if high_unit is None or unit not in (None, high_unit) or is_change:
        return None
    try:
        return printed_number(upper.group()), upper.end(), high_unit, high_end
    except QuantityError:
        return None


def _chinese_span(folded: str, match: re.Match[str], unit_pattern: re.Pattern[str]) -> NumberSpan | None:
    start, end = match.span()
    per = _PER.get(match["per"] or "")
    unit, unit_end = (per, end) if per else _unit_at(folded, end, unit_pattern)
    whole, part = match["whole"], match["part"]
    if unit is None or (part and len(whole) > 1 and all(symbol in CHINESE_DIGITS for symbol in whole)):
        return None
    digits = str(parse_chinese_integer(whole))
    if part:
        digits += "." + "".join(str(CHINESE_DIGITS[symbol]) for symbol in part)
    try:
        number = printed_number(digits)
    except QuantityError:
        return None
    return NumberSpan(start, end, number, None, unit, unit_end, is_chinese=True)
