"""Gaps to another place told in points with that place's level: 与全国平均水平2.40%相比,我省投入强度低1.18个百分点.

What belongs here: finding the gap, the other place's level and which own level it is held against. What does not:
changes over time (``told_changes``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.figures import RelationOperand
from ingestion.plans.amounts import LEVELS, Amounts
from ingestion.plans.names import Names, Subject
from ingestion.plans.quantities import Quantity
from ingestion.plans.tokens import Token, is_exact

_NAME = r"[^,。;:、()\d]"
_PLACE = (
    r"(?:全国|全省|全区|全市|全州|国家|世界|国际|发达国家|[东中西]部|东北|长三角|珠三角|同类|同级|省内|周边|沿海)"
    rf"{_NAME}{{0,10}}?"
)
# 与全国平均水平|2.40%|相比,我省投入强度低|1.18个百分点; 低于全省平均水平(|2.19%|)|0.42个百分点
_BEFORE = re.compile(
    r"(?P<below>低于|不及|落后于)|(?P<above>高于|优于|领先于?)|(?P<against>与|同|和|较|比|跟|距离?|离)"
)
_OTHER = re.compile(rf"{_PLACE}(?:平均)?(?:水平|值|数)?(?:的|为|是)?[(]?$")
_LOW = r"低|少|落后"
_HIGH = r"高|多|领先|超"
_GAP = re.compile(
    rf"(?:{_NAME}{{0,8}}\))?{_NAME}{{0,4}}?(?:相比|相较|比较)?,?{_NAME}{{0,24}}?"
    rf"(?:(?P<low>(?:偏|仍|还|尚)?(?:{_LOW}))|(?P<high>(?:{_HIGH}))|(?P<apart>相差|差|存在|有))(?:出|了|约)*"
)
_OF_DISTANCE = re.compile(r"的?(?:较大|明显|一定)?(?:的)?(?:差距|距离|落差|差值|差异)")
_DIRECT = re.compile(r"\)?(?:约|达|近)?")
_BREAK = "。;!?"
_YEAR = re.compile(r"(?:19|20)\d\d年")
_AIMS = re.compile(r"目标|力争|达到|缩小|扩大|收窄|增|降|提高|下降")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap: its number, the other place's level, and the own level, here or in another paragraph."""

    token: Token
    wording: str
    direction: str | None
    other: Token
    own: Quantity | RelationOperand
    subject: Subject
    period: str


def read_gaps(
    masked: str, tokens: Sequence[Token], quantities: Sequence[Quantity], names: Names, amounts: Amounts
) -> Iterator[Gap]:
    """The gaps of one paragraph whose other level is printed with them, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        quantities: what was understood of them.
        names: indicators and regions as this document uses them.
        amounts: levels printed so far.
    """
    for at, token in enumerate(tokens):
        if at and token.unit == "个百分点" and tokens[at - 1].unit == "%" and is_exact(masked, token):
            found = _gap(masked, tokens[at - 1], token, quantities, names, amounts)
            if found is not None:
                yield found


def _gap(
    masked: str, other: Token, token: Token, quantities: Sequence[Quantity], names: Names, amounts: Amounts
) -> Gap | None:
    first = max(masked.rfind(mark, 0, other.start) for mark in _BREAK) + 1
    clause = max(first, masked.rfind(",", 0, other.start) + 1)
    place = _OTHER.search(masked, clause, other.start)
    marks = list(_BEFORE.finditer(masked, clause, place.start() if place else clause))
    gap = masked[other.end : token.start]
    if place is None or not marks or marks[-1].end() < place.start() - 6 or not is_exact(masked, other):
        return None
    said = _GAP.fullmatch(gap)
    if marks[-1]["against"]:
        side = said.lastgroup if said is not None else None
        wording = (said[side] if side else "") if said is not None else ""
    else:
        side = ("low" if marks[-1]["below"] else "high") if _DIRECT.fullmatch(gap) else None
        wording = marks[-1].group()
    years = _YEAR.findall(masked[clause : token.start])
    if side is None or _AIMS.search(masked, clause, token.start) or len(set(years)) > 1:
        return None
    subject = _named(masked, first, other, token, names)
    if subject is None:
        return None
    own = _own(subject, other.start, years[0][:4] if years else None, quantities, amounts)
    if own is None or (wording in ("有", "存在") and not _OF_DISTANCE.match(masked, token.end)):
        return None
    value = own[0].number.value if isinstance(own[0], Quantity) else own[0].value
    is_low = side == "low" or (side == "apart" and value < other.number.value)
    return Gap(token, f"相比{wording}", "down" if is_low else "up", other, own[0], subject, own[1])


def _named(masked: str, first: int, other: Token, token: Token, names: Names) -> Subject | None:
    """The one ratio that the sentence names."""
    stretches = ((first, other.start), (other.end, token.start))
    found = [
        (item.alias, masked[begin + item.start : begin + item.end])
        for begin, end in stretches
        for item in names.find(masked[begin:end])
        if item.alias.indicator_code is not None
    ]
    units = {names.registry.indicators[alias.indicator_code or ""].unit.dimension for alias, _ in found}
    keys = {(alias.indicator_code, alias.variant, alias.breakdown) for alias, _ in found}
    return Subject(found[-1][1], found[-1][0], None, other.start) if len(keys) == 1 and units == {"ratio"} else None


def _own(
    subject: Subject, before: int, year: str | None, quantities: Sequence[Quantity], amounts: Amounts
) -> tuple[Quantity | RelationOperand, str] | None:
    """The own level: the latest one told before in the paragraph, else that of the last year printed anywhere."""
    alias = subject.alias
    assert alias is not None
    key = (alias.indicator_code or "", alias.variant, alias.breakdown)
    here = [
        item
        for item in quantities
        if item.start < before
        and item.kind in LEVELS
        and item.comparator == "eq"
        and item.high is None
        and item.unit == "%"
        and item.subject.region_code is None
        and item.subject.alias is not None
        and (item.subject.alias.indicator_code, item.subject.alias.variant, item.subject.alias.breakdown) == key
        and (year is None or item.period == year)
    ]
    last = max((item.period for item in here), default="")
    latest = [item for item in here if item.period == last]
    if len({item.number.value for item in latest}) == 1 and last.isdigit():
        return latest[-1], last
    if latest:
        return None
    return amounts.rate_of(key, year)
