"""Shares told of an amount and its whole: 9.8亿元,占R&D经费的79%; 占380亿元地区生产总值的0.9%; 与地区生产总值之比.

What belongs here: finding such a share with its part and its whole, the whole with its number or by its name alone.
What does not: shares of a total that the parts are enumerated under (``enumerations``), the share against part and
whole (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingestion.figures import RelationOperand
from ingestion.plans.amounts import LEVELS, Amount, Amounts, plain_name
from ingestion.plans.counted import Part
from ingestion.plans.names import Names, clause_start
from ingestion.plans.part_shares import WEIGHT, is_plain_share
from ingestion.plans.quantities import Quantity
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST
from ingestion.quantity import comparator_between
from ingestion.registry import Alias

_NAME = r"[^,。;:、()\d]"
_IS = r"(?:约|大约|达到?|为|是|仅|只有|到|了)*"
_SHARE_WORDS = rf"(?:的?{WEIGHT}|的|比)?{_IS}"
_STANDS_FOR = r"(?:所?占(?:到|了|据)?|相当于)"
_WITHIN = r"(?:里面?|当中|之中|中间?|内)"
# 812亿元,占|地区生产总值(|3749亿元|)的比重为|24.3%
_BRACKETED = (re.compile(rf"{_NAME}{{0,12}}[,(]?{_STANDS_FOR}{_NAME}{{2,24}}\("), re.compile(rf"\){_SHARE_WORDS}"))
# 2.05亿元,占|450亿元|地区生产总值的|0.46%; 占规模以上工业增加值|374亿元|的|10.3%
_STATED = (
    re.compile(rf"{_NAME}{{0,12}}[,(]?{_IS}{_STANDS_FOR}{_NAME}{{0,24}}"),
    re.compile(rf"(?!的?(?:基础|比))(?:的?{_NAME}{{2,24}}?)?{_SHARE_WORDS}"),
)
# 1043.2亿元,在|2180.5亿元|的规模以上工业总产值里占到|52.7%
_AMONG = (
    re.compile(rf"{_NAME}{{0,12}}[,(]?在{_NAME}{{0,24}}"),
    re.compile(rf"{_NAME}{{0,24}}{_WITHIN},?(?:{_STANDS_FOR}(?:比|{WEIGHT})?|的?所?占?{WEIGHT}){_IS}"),
)
# 1986家|规模以上工业企业中,|1632家|开展研发活动,占|82.2%
_FROM_WHOLE = (
    re.compile(rf"{_NAME}{{0,24}}(?:{_WITHIN},?|,?其中,?){_NAME}{{0,24}}|{_NAME}{{0,16}},有{_NAME}{{2,20}}的"),
    re.compile(rf"{_NAME}{{0,24}},?(?:所?占(?:其|总数|全部)?(?:的?{WEIGHT}|的|比)?|所?占?{WEIGHT}){_IS}"),
)
_NAMED = re.compile(
    rf"{_NAME}{{0,12}}[,(](?:{_IS}{_STANDS_FOR}(?P<of>{_NAME}{{2,30}}?){_SHARE_WORDS}"
    rf"|[与同和](?P<by>{_NAME}{{2,24}}?)(?:之比|的比值|的比例|的比率|相比){_IS})"
)
# 按当年地区生产总值计算,全社会研发经费所占比重为|1.51%
_COMPUTED = re.compile(
    rf"(?:按照?|以)(?P<of>{_NAME}{{2,24}}?)(?:来|进行)?(?:计算|测算|衡量|折算|计),?(?P<part>{_NAME}{{2,24}}?)(?:所占|的|占其)?的?{WEIGHT}{_IS}$"
)
# 桂林市R&D经费占|全区|的份额为12.4%, 南宁市占|全区|R&D经费的31.3%, 南宁市R&D经费68.3亿元,占|全区|的31.3%
_OF_REGION = re.compile(
    rf"(?P<part>{_NAME}{{2,24}}?)?{_STANDS_FOR}(?P<area>[全我本][市省县区州盟旗]|自治[区州县])(?P<of>{_NAME}{{0,20}}?){_SHARE_WORDS}$"
)
_AT_ONCE = re.compile(rf"[,(]{_STANDS_FOR}")
_NOUN = re.compile(rf"(?P<name>{_NAME}{{0,24}}?)(?=的{_SHARE_WORDS}|{_WITHIN}|的?{WEIGHT}|[,。;:、()\d]|$)")
_LEAD = re.compile(r"^(?:占|相当于)(?:同期|全部)?")
_ELSEWHERE = re.compile(r"^(?:全[国省球]|我[国省]|全自治区|东北|西部|同类)")
_OTHER_TIME = re.compile(r"上年|去年|基期|期初")
_AVERAGED = re.compile(r"平均|均(?!衡)|每|单位(?:造价|产值|面积|能耗)")
_PER_HEAD = re.compile(r"每|人均|平均每")
_FAR = 12
"""Quantities that a whole may lie back."""

# 省本级41.3亿元|、市县|195.5亿元; 236.8亿元|,其中省本级|41.3亿元
_NEXT_PART = re.compile(rf"[、,;(:和及与]{_NAME}{{0,16}}?(?:[,:]?其中[:,]?|[,:]?包括|[,:]?分别为?)?{_NAME}{{0,24}}")
_JOINED = re.compile(r"[、和及与]")

_Printed = Part | Amount


@dataclass(frozen=True, slots=True)
class ToldShare:
    """A share with its part and its whole, each where it is printed; ``whole`` None: only its name is."""

    part: Part | RelationOperand
    whole: Part | RelationOperand | None
    whole_name: str
    token: Token
    period: str
    unit: str | None = None
    """The unit of a whole that is only named."""


def read_told_shares(
    masked: str, tokens: Sequence[Token], quantities: Sequence[Quantity], names: Names, amounts: Amounts
) -> Iterator[ToldShare]:
    """The shares of one paragraph that name their whole, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        quantities: what was understood of them.
        names: indicators and regions as this document uses them.
        amounts: levels printed so far, those of this paragraph among them.
    """
    reader = _Reader(masked, tokens, quantities, names, amounts, {item.start: n for n, item in enumerate(quantities)})
    for at, token in enumerate(tokens):
        before = masked[max(0, token.start - 12) : token.start]
        exact = comparator_between(before, masked[token.end : token.end + 4], is_target=False) == "eq"
        if is_plain_share(token) and exact:
            found = reader.with_both(at) or reader.of_region(at) or reader.by_name(at)
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class _Reader:
    """One paragraph."""

    masked: str
    tokens: Sequence[Token]
    quantities: Sequence[Quantity]
    names: Names
    amounts: Amounts
    by_start: dict[int, int]

    def with_both(self, at: int) -> ToldShare | None:
        """The share whose part and whole are the two numbers right before it."""
        if at < 2:
            return None
        one, other, token = self.tokens[at - 2 : at + 1]
        owner = self._total_over(at - 2)
        if owner is None:
            return None
        gaps = (self.masked[one.end : other.start], self.masked[other.end : token.start])
        if not _are_alike(self.names, one, other) or any(_OTHER_TIME.search(gap) for gap in gaps):
            return None
        if _is_average(self.masked, one) or _is_average(self.masked, other):
            return None
        for patterns, part, whole in (
            (_BRACKETED, one, other),
            (_STATED, one, other),
            (_AMONG, one, other),
            (_FROM_WHOLE, other, one),
        ):
            if all(pattern.fullmatch(gap) for pattern, gap in zip(patterns, gaps, strict=True)):
                part = self.tokens[owner] if part is one else part
                if self._is_identity(part, whole, token):
                    return None  # the rules of ratios ask for it
                period = self._period(part) or self._period(whole) or ""
                return ToldShare(self._part(part), self._whole_part(whole), "", token, period)
        return None

    def by_name(self, at: int) -> ToldShare | None:
        """The share whose whole is named: its number is printed before, in another sentence, or nowhere."""
        token = self.tokens[at]
        before = self._amount_before(at)
        begin = self.tokens[at - 1].end if at else 0
        computed = _COMPUTED.search(self.masked, max(begin, token.start - 80), token.start)
        if computed is not None:
            share = self.by_start.get(token.start)
            period = self.quantities[share].period if share is not None else None
            known = self.amounts.find(computed["part"], period) if period else None
            return self._told(known, computed["of"], None, token, period) if known and period else None
        said = _NAMED.fullmatch(self.masked[begin : token.start]) if at else None
        index = self.by_start.get(self.tokens[before].start) if said is not None else None
        if said is None or index is None or self.quantities[index].kind not in LEVELS:
            return None
        owner = self._total_over(before)
        index = self.by_start.get(self.tokens[owner].start) if owner is not None else None
        if owner is None or index is None:
            return None
        before = owner
        item, of = self.quantities[index], said["of"] or said["by"]
        earlier = self.quantities[max(0, index - _FAR) : index]
        return self._told(
            self._part(self.tokens[before]), of, _whole(of, earlier, item, self.names), token, item.period
        )

    def of_region(self, at: int) -> ToldShare | None:
        """The share of another region in the document's own: both amounts of one series, printed before."""
        token = self.tokens[at]
        near = max(self.tokens[at - 1].end if at else 0, token.start - 80)
        begin = max(near, clause_start(self.masked, near, token.start))
        said = _OF_REGION.fullmatch(self.masked[begin : token.start].lstrip(",:"))
        share = self.by_start.get(token.start)
        if said is None or self.names.area(said["area"]) != "":
            return None
        region, alias = self._series(said["part"], said["of"]) if said["part"] else self._last_series(at, near)
        other = said["of"].removeprefix("的")
        if alias is None or not region or (other and _meaning(self.names.exact(other)) != _meaning(alias)):
            return None
        same = [item for item in self.quantities if item.subject.region_code == region and item.start < token.start]
        dated = self.quantities[share] if share is not None else next(reversed(same), None)
        if dated is None or dated.period_basis == "inferred":
            return None
        period = dated.period
        part, whole = self.amounts.of_alias(alias, period, region), self.amounts.of_alias(alias, period)
        if part is None or whole is None:
            return None
        return ToldShare(part.operand, whole.operand, "", token, period)

    def _series(self, part: str, of: str) -> tuple[str | None, Alias | None]:
        """Region and series that a name begins and ends with: 桂林市|R&D经费, or 桂林市 and 占全区|R&D经费."""
        for end in range(len(part), 1, -1):
            region = self.names.area(part[:end])
            if region is not None:
                name = part[end:].removeprefix("的") or of.removeprefix("的")
                return region, self.names.exact(name)
        return None, None

    def _last_series(self, at: int, near: int) -> tuple[str | None, Alias | None]:
        """Region and series of the number right before: 南宁市R&D经费68.3亿元,占全区的|31.3%."""
        index = self.by_start.get(self.tokens[at - 1].start) if at else None
        if index is None or not _AT_ONCE.match(self.masked, near):
            return None, None
        return self.quantities[index].subject.region_code, self.quantities[index].subject.alias

    def _amount_before(self, at: int) -> int:
        """Which number a share is of: 高价值发明专利14.54万件,每万人口21.8件,占…的|28.4% is one of the first."""
        index = at - 1
        while index > 0:
            item = self.by_start.get(self.tokens[index].start)
            name = self.quantities[item].subject.name if item is not None else ""
            gap = self.masked[self.tokens[index - 1].end : self.tokens[index].start]
            if not _PER_HEAD.match(name) or any(stop in gap for stop in "。;!?"):
                break
            index -= 1
        return max(index, 0)

    def _total_over(self, at: int) -> int | None:
        """The number that a share behind a list is of: 236.8亿元,甲41.3亿元、乙195.5亿元,占… is of the first.

        The number itself where it ends no list; None where it ends one and no total of the list stands before it.
        """
        first = at
        while first > 0 and at - first < _FAR and _are_alike(self.names, self.tokens[first - 1], self.tokens[at]):
            gap = self.masked[self.tokens[first - 1].end : self.tokens[first].start]
            if not _NEXT_PART.fullmatch(gap):
                break
            first -= 1
            listed = self.tokens[first + 1 : at + 1]
            if len(listed) > 1 and _is_sum(self.tokens[first], listed):
                return first
        gap = self.masked[self.tokens[at - 1].end : self.tokens[at].start] if at else ""
        return None if first < at and _JOINED.match(gap) else at

    def _told(self, part: _Printed, of: str, found: Quantity | None, token: Token, period: str) -> ToldShare | None:
        """The share with the number of its whole from this paragraph or an earlier one, else with its name alone."""
        if _ELSEWHERE.match(of) or _OTHER_TIME.search(of) or len(plain_name(of)) < 2:
            return None  # 占全省, 占上年, 占全市: of what is said nowhere
        place = next((other for other in self.tokens if found is not None and other.start == found.start), None)
        known = self.amounts.find(of, period) if place is None else None
        share = self.by_start.get(token.start)
        if place is None and known is None:
            own = part.token.unit if isinstance(part, Part) else part.unit
            operand = part if isinstance(part, Part) else part.operand
            return ToldShare(operand, None, plain_name(of), token, period, own)
        if share is not None and self.quantities[share].subject.alias is not None:
            return None  # an indicator of its own: the rules of ratios ask for it
        if isinstance(part, Part) and place is not None:
            return (
                ToldShare(part, self._part(place), "", token, period)
                if _are_alike(self.names, part.token, place)
                else None
            )
        unit = self.names.registry.unit(part.token.unit or "") if isinstance(part, Part) else None
        if not isinstance(part, Part) or known is None or unit is None or unit.dimension != known.dimension:
            return None
        return ToldShare(part, known.operand, "", token, period)

    def _is_identity(self, part: Token, whole: Token, token: Token) -> bool:
        """Whether share, part and whole were each understood as an indicator, the whole as another than the part."""
        codes = []
        for one in (part, whole, token):
            index = self.by_start.get(one.start)
            alias = self.quantities[index].subject.alias if index is not None else None
            codes.append(alias.indicator_code if alias is not None else None)
        return None not in codes and len(set(codes)) == len(codes)

    def _period(self, token: Token) -> str | None:
        index = self.by_start.get(token.start)
        return self.quantities[index].period if index is not None else None

    def _whole_part(self, token: Token) -> Part:
        """The whole with the noun behind its number (2180.5亿元的规模以上工业总产值里), else with its own name."""
        noun = _NOUN.match(self.masked, token.end)
        name = noun["name"].removeprefix("的") if noun is not None else ""
        own = self._part(token)
        return replace(own, label=name if len(name) > 1 else _LEAD.sub("", own.label))

    def _part(self, token: Token) -> Part:
        index = self.by_start.get(token.start)
        return Part(token.start, token.end, token, self.quantities[index].subject.name if index is not None else "")


def _is_sum(total: Token, parts: Sequence[Token]) -> bool:
    """Whether numbers of one unit add up to another as printed, but for their rounding."""
    if any(part.unit != total.unit for part in parts):
        return False
    decimals = min(token.number.decimals for token in (total, *parts))
    slack = (len(parts) + 1) * Decimal(1).scaleb(-decimals) / 2
    return abs(sum(part.number.value for part in parts) - total.number.value) <= slack


def _is_average(masked: str, token: Token) -> bool:
    """Whether a number is so much for each: 平均每项成交|320万元, 户均|530万元. It is no whole and no part of one."""
    clause = masked[clause_start(masked, max(0, token.start - LONGEST), token.start) : token.start]
    return _AVERAGED.search(clause) is not None


def _are_alike(names: Names, one: Token, other: Token) -> bool:
    units = [names.registry.unit(token.unit or "") for token in (one, other)]
    exact = all(token.high is None and token.sort == "number" and not token.is_chinese for token in (one, other))
    same = units[0] is not None and units[1] is not None and units[0].dimension == units[1].dimension
    return (
        exact and same and units[0] is not None and units[0].dimension not in ("ratio", "percentage_points", "multiple")
    )


def _whole(of: str, earlier: Sequence[Quantity], part: Quantity, names: Names) -> Quantity | None:
    """The nearest level of the part's period that the words name: by the same words, or by the same indicator."""
    meaning = _meaning(names.exact(of))
    for item in reversed(earlier):
        if item.kind not in LEVELS or item.period != part.period or item.comparator != "eq":
            continue
        same = meaning is not None and _meaning(item.subject.alias) == meaning
        if same or plain_name(item.subject.name) == plain_name(of):
            return item if item.subject.region_code == part.subject.region_code else None
    return None


def _meaning(alias: Alias | None) -> tuple[str, str, str] | None:
    """The series that a name stands for."""
    if alias is None or alias.indicator_code is None:
        return None
    return alias.indicator_code, alias.variant, alias.breakdown
