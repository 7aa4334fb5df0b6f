"""The inside of one value cell of a target table: ≥30%, 突破100, 1.5—2.0, [30], 年均增长10%, 前50位, 0.97(2019年).

What belongs here: number, unit, comparator and what the cell itself says of its kind and year. What does not: columns
and rows (``tables``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.plans.grammar import FLOW, GROWTH, MULTIPLE, is_fall
from ingestion.plans.numbers import find_numbers
from ingestion.quantity import PrintedNumber, QuantityError, comparator_between, parse_number

_RANGE = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?P<one>%?)(?:-|—{1,2}|–|~|至|到)(?P<high>\d+(?:\.\d+)?)(?P<unit>%?)(?:左右|之间)?"
)
_SIGNS = {"≥": "ge", ">=": "ge", "≤": "le", "<=": "le", ">": "gt", "<": "lt"}
_SIGN = re.compile(r"(≥|≤|>=|<=|>|<)")
# 0.97(2019年), 512(基期为2021年), 38(以2021年为基期), 7(2021年数)
_YEAR = re.compile(
    r"\((?:注:)?(?:(?:基期|基年|基准年|基数)(?:值|年)?(?:为|是|:|取|采用)?|[以按系])?(?P<year>(?:19|20)\d\d)年?(?:底|末|度)?"
    r"(?:数据?|值|统计数据?|完成数|(?:为|作为|的)?(?:基期|基年|基准年|基数)(?:值|年)?)?\)$"
)
_RANK = re.compile(r"^[^\d]{0,8}?(?P<kind>第|前)(?P<number>\d{1,3})[位名]?$")
_CUMULATIVE = re.compile(r"^[\[〔](?P<inside>[^\[\]〔〕]{1,20})[\]〕]$")


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell says. ``error`` is set instead of a number where it is unclear."""

    number: PrintedNumber | None
    high: PrintedNumber | None = None
    unit: str | None = None
    comparator: str = "eq"
    target_kind: str | None = None
    """What the cell itself says (年均增长10%, [30] for a sum over the years), else ``None``."""
    year: str | None = None
    """The year printed in the cell: 0.97(2019年)."""
    error: QuantityError | None = None


def speaks(text: str) -> bool:
    """Whether a cell holds a quantity at all."""
    return any(symbol.isdigit() for symbol in text) or MULTIPLE.search(text) is not None


def read_cell(text: str, unit_pattern: re.Pattern[str], *, is_target: bool) -> CellValue:
    """Number, upper end, unit, comparator of a value cell.

    Args:
        text: the cell, folded, without blanks.
        unit_pattern: units as the registry knows them.
        is_target: whether the column sets targets.
    """
    text = text[:200]
    multiple = MULTIPLE.search(text)
    if multiple and not any(symbol.isdigit() for symbol in text):
        return CellValue(parse_number("4" if multiple["four"] else "2"), None, "倍", "eq", "multiple")
    dated = _YEAR.search(text)
    year = dated["year"] if dated and dated.start() > 0 else None
    if dated and year:
        text = text[: dated.start()]
    sums = _CUMULATIVE.match(text)
    kind = "cumulative_flow" if sums else None
    plain = sums["inside"] if sums else text
    signs = [_SIGNS[sign] for sign in _SIGN.findall(plain)]
    plain = _SIGN.sub("", plain)
    try:
        return CellValue(parse_number(plain), None, None, signs[0] if signs else "eq", kind, year)
    except QuantityError as error:
        return _worded(text, plain, signs, unit_pattern, kind, year, error, is_target=is_target)


def _worded(
    text: str,
    plain: str,
    signs: list[str],
    unit_pattern: re.Pattern[str],
    kind: str | None,
    year: str | None,
    error: QuantityError,
    *,
    is_target: bool,
) -> CellValue:
    between = _RANGE.fullmatch(plain)
    if between:
        low, high = parse_number(between["low"]), parse_number(between["high"])
        if low.value < high.value:
            return CellValue(low, high, between["unit"] or None, "range", kind, year)
    rank = _RANK.match(plain)
    if rank:
        number = parse_number(rank["number"])
        return CellValue(number, None, "位", "le" if rank["kind"] == "前" else "eq", "rank", year)
    spans = list(find_numbers(plain, unit_pattern))
    if len(spans) != 1:
        refusal = QuantityError("not_a_number", f"单元格“{text}”不是一个明确的数，请分列填写")
        refusal.__cause__ = error
        return CellValue(None, error=refusal)
    span = spans[0]
    before, after = plain[: span.start], plain[span.unit_end :]
    comparator = signs[0] if signs else comparator_between(before, after, is_target=is_target)
    own, is_growth = _own_kind(before, span.unit)
    number = span.number
    if is_growth and is_fall(before):
        number = PrintedNumber(-number.value, number.decimals)
    return CellValue(number, span.high, span.unit, comparator, own or kind, year)


def _own_kind(before: str, unit: str | None) -> tuple[str | None, bool]:
    """The kind of target that the words before a number in a cell name, and whether they are words of growth."""
    cue = GROWTH.search(before)
    is_level = before.endswith(("到", "至"))
    if cue and not is_level and unit in ("%", "倍", "个百分点"):
        return ("growth_avg" if "年均" in before or "每年" in before else "growth_total"), True
    if cue and not is_level and unit == "位":
        return "rank_change", True
    if "累计" in before:
        return "cumulative_flow", False
    return ("new_flow", False) if FLOW.search(before) else (None, False)
