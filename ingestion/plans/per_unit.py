"""Averages told with what they divide: 折合全时当量1930人年,人均R&D经费35.4万元; 12家企业投入36亿元,平均每家3亿.

What belongs here: finding the average with its numerator and its denominators. What does not: ratios that are
indicators of their own (rules of ratios, in the warehouse), dividing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.figures import RelationOperand
from ingestion.plans.amounts import LEVELS, Amounts
from ingestion.plans.counted import Part
from ingestion.plans.quantities import Quantity
from ingestion.plans.tokens import Token, is_exact
from ingestion.registry import Registry

_NAME = r"[^,。;:、()\d]"
_FUNDS = r"(?:R&D|研发|研究与试验发展|科研)(?:活动)?(?:经费|投入|支出)(?:内部)?(?:投入|支出)?"
_PERSON_YEAR = r"每一?个?(?:名|位)?(?:人年|全时当量)"
# 每人年研发经费|42.8万元, 摊到每一人年的R&D经费为|58万元; 人均R&D经费|35.4万元, 计算的人均经费为|40.2万元
_OF_FUNDS = re.compile(
    rf"(?:(?P<years>{_PERSON_YEAR}){_NAME}{{0,8}}?(?:{_FUNDS}|经费|投入)"
    rf"|(?:人均|每名?(?:R&D|研发)人员(?:的)?){_NAME}{{0,6}}?(?:{_FUNDS}|经费)|{_FUNDS}(?:人均|平均每人年?))"
    rf"(?:强度|水平|额)?(?:约|达到?|为|是)*$"
)
_MANPOWER = re.compile(r"(?:R&D|研发|研究与试验发展)人员|全时当量|人年")
_BY_YEARS = re.compile(r"全时当量|人年")
# 平均每家|3亿元
_EACH = re.compile(rf"平均(?:到)?每一?(?P<unit>[家个项件名人户所]){_NAME}{{0,8}}?(?:约|达到?|为|是)*$")
_FALLING_OUT = re.compile(r"比|较|增|减|新|目标|力争")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_OTHER_TIME = re.compile(r"上一?年|去年|前一年|同期|五年|时期|期间|全国|全省平均")
_STOP = "。;!?"
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Average:
    """An average: its number, what is divided, and the numbers that it may be divided by, any of which may be meant."""

    token: Token
    label: str
    period: str
    numerator: Part | RelationOperand
    denominators: tuple[Part | RelationOperand, ...]


def read_averages(
    masked: str, tokens: Sequence[Token], quantities: Sequence[Quantity], registry: Registry, amounts: Amounts
) -> Iterator[Average]:
    """The averages of one paragraph, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        quantities: what was understood of them.
        registry: the units.
        amounts: levels printed so far, those of this paragraph among them.
    """
    periods = {item.start: item.period for item in quantities if item.kind in LEVELS}
    for at, token in enumerate(tokens):
        # 每一人年 is no number of its own
        former = next((other.end for other in reversed(tokens[:at]) if not other.is_chinese), 0)
        begin = max(former, token.start - _NEAR)
        before = masked[begin : token.start]
        if _dimension(registry, token) != "money" or not is_exact(masked, token) or _FALLING_OUT.search(before):
            continue
        first = max(masked.rfind(mark, 0, token.start) for mark in _STOP) + 1
        sentence = [other for other in tokens[:at] if other.start >= first and is_exact(masked, other)]
        spoken = next((periods[other.start] for other in reversed(sentence) if other.start in periods), None)
        alone = _told_for(masked[first : token.start], amounts) if spoken is None and not sentence else None
        period = alone or periods.get(token.start, spoken)
        sentence = [other for other in sentence if periods.get(other.start, period) == period]
        funds, each = _OF_FUNDS.search(before), _EACH.search(before)
        if funds is not None:
            yield from _of_funds(masked, token, funds, sentence, period, registry, amounts)
        elif each is not None and period is not None:
            yield from _of_each(token, each, sentence, period, registry)


def _told_for(said: str, amounts: Amounts) -> str | None:
    """The year of an average that has its sentence to itself: the one named, else the only one with manpower."""
    years = {match.group()[:4] for match in _YEAR.finditer(said)}
    if years or _OTHER_TIME.search(said):
        return years.pop() if len(years) == 1 and not _OTHER_TIME.search(said) else None
    known = amounts.only_one_of("rd_fte")
    return known[0] if known is not None else None


def _of_funds(
    masked: str,
    token: Token,
    said: re.Match[str],
    sentence: Sequence[Token],
    period: str | None,
    registry: Registry,
    amounts: Amounts,
) -> Iterator[Average]:
    """Expenditure on R&D by person-years, or by persons where the words leave it open which."""
    years = [other for other in sentence if _dimension(registry, other) == "person_years"]
    persons = [other for other in sentence if _dimension(registry, other) == "persons" and _names_them(masked, other)]
    if period is None:
        return
    spent, manpower = amounts.of_series("rd_expenditure", period), amounts.of_series("rd_fte", period)
    by_years = said["years"] is not None or _BY_YEARS.search(masked, said.start(), token.end + 14) is not None
    below: list[Part | RelationOperand] = [Part(other.start, other.end, other, "全时当量") for other in years[-1:]]
    if not below and manpower is not None:
        below.append(manpower.operand)
    if not by_years:
        below += [Part(other.start, other.end, other, "人员") for other in persons[-1:]]
    if spent is not None and below:
        yield Average(token, "R&D人员人均经费", period, spent.operand, tuple(below))


def _of_each(
    token: Token, said: re.Match[str], sentence: Sequence[Token], period: str, registry: Registry
) -> Iterator[Average]:
    """平均每家: of the one number of that unit and the one amount of money in the sentence."""
    unit = registry.unit(said["unit"])
    counts = [other for other in sentence if unit is not None and registry.unit(other.unit or "") == unit]
    sums = [other for other in sentence if _dimension(registry, other) == "money"]
    if len(counts) == len(sums) == 1:
        above, below = (Part(other.start, other.end, other, "") for other in (sums[0], counts[0]))
        yield Average(token, said.group().rstrip("约达到为是"), period, above, (below,))


def _names_them(masked: str, token: Token) -> bool:
    return _MANPOWER.search(masked, max(0, token.start - 16), token.start) is not None


def _dimension(registry: Registry, token: Token) -> str | None:
    unit = registry.unit(token.unit) if token.unit else None
    return unit.dimension if unit is not None else None
