"""Which indicator and which region a stretch of text names.

What belongs here: finding aliases of the registry in running text, and deciding whether one of them really is the
subject of a number (nothing foreign before or behind it). What does not: numbers and time. A name that is not
wholly understood stays unresolved: it goes to the queue with its printed text, never to the nearest guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingestion.plans.canonical import canonical, canonical_name
from ingestion.plans.words import (
    ANAPHORA,
    FILLER,
    LONGEST,
    MODIFIERS,
    PERIOD,
    RANK_FILLER,
    longest_at,
    made_of,
    trimmed,
)
from ingestion.quantity import squeeze
from ingestion.registry import Alias, Registry

_AREA = {"全国": "country", "我国": "country", "全省": "province", "全自治区": "province", "我省": "province"}
_OWN_AREA = (
    *(
        "全市",
        "全县",
        "全区",
        "全州",
        "全旗",
        "我市",
        "我县",
        "我区",
        "我州",
        "本市",
        "本县",
        "本区",
        "全域",
        "贵阳贵安",
    ),
    *("全新区", "全盟", "我盟", "全地区"),
)
# 投入带动专利达到…: what brings it about is no part of the name.
_CAUSE = re.compile(r"带动|推动|促进|引领|拉动|撬动")
_CLAUSE_MARK = re.compile(r"[,。;:()!?]")
_RANK_FIELD = re.compile(r"在[^,。;]{1,20}[中里内](?:排名?|位?居|位?列)?")  # 在全省14个市州中排|第9位
_NEAR = 40
_VALUE = re.compile(r"(?:合同)?总?(?P<value>成交总?金?额|交易总?额|登记额|金额)")
_CONTRACTS = re.compile(r"(?P<head>[^,。;]{0,30}?)(?P<way>输出|吸纳)?技术合同[^。;]{0,24}$")
_SIGNED = re.compile(r"(?:签订|签署|认定|登记|成交|促成|达成|输出|吸纳|共|各类|各项|的)+")
_AND_ABOVE = r"(?=(?:及|\(及\)|\(含\))?以上)"
_STANDS_FOR = re.compile(r"(?:仅仅?|只|约|已)?占(?:到|了)?$")
_AVERAGE = re.compile(r"的?平均(?:水平|值)?$")
# R&D经费投入强度(与地区生产总值之比)为|1.16%: the bracket says what the name means, it narrows nothing.
_AT_YEAR_END = re.compile(r"^(?:截[至止])?(?:[当本]?年[末底]|期末)?(?:有效期内的?|有效(?=高新技术企业|高企))?")
_EACH = re.compile(r"(?P<name>[人户项件家企亩校站篇]均|单[个项])(?:约|达到?|为|仅)?")
_FOR_EACH = re.compile(
    r"(?:(?:平均)?每[一单百千万十]{0,2}[名位个家户项件人]|[人户项家企]均)[^,。;:、]{0,24}\)(?:的|实现|投入|拥有)*$"
)
_EXPLAINED = re.compile(r"\((?:与|占|即|指|是指|以下简称|简称)[^()\d]{1,24}\)")


@dataclass(frozen=True, slots=True)
class Found:
    """An alias found in a text, with its place."""

    start: int
    end: int
    alias: Alias


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number speaks of. ``alias`` None: named, but none of our indicators. ``name`` blank: the one before."""

    name: str
    alias: Alias | None
    region_code: str | None
    """A region named with it, other than that of the document."""
    start: int
    """Where the name begins in its paragraph."""


@dataclass(frozen=True)
class Names:
    """Names as one document uses them: the registry, and the region that the document is about."""

    registry: Registry
    region_code: str
    scopes: tuple[str, ...]

    @cached_property
    def _aliases(self) -> Mapping[str, Alias]:
        """Names in their one spelling. Two that would mean different things there are left as they are printed."""
        found: dict[str, dict[tuple[str | None, str, str], Alias]] = {}
        for name in self.registry.aliases:
            alias = self.registry.alias(name, self.scopes)
            if alias is not None:
                meaning = (alias.indicator_code, alias.variant, alias.breakdown)
                found.setdefault(canonical_name(squeeze(name)), {}).setdefault(meaning, alias)
        return {name: next(iter(aliases.values())) for name, aliases in found.items() if len(aliases) == 1}

    def spellings(self, alias: Alias | None) -> Sequence[str]:
        """The other names of what an alias means."""
        return self._spellings.get((alias.indicator_code, alias.variant, alias.breakdown), ()) if alias else ()

    @cached_property
    def _spellings(self) -> Mapping[tuple[str | None, str, str], Sequence[str]]:
        found: dict[tuple[str | None, str, str], list[str]] = {}
        for name, alias in self._aliases.items():
            if alias.indicator_code is not None:
                found.setdefault((alias.indicator_code, alias.variant, alias.breakdown), []).append(name)
        return found

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """Lengths of the names that begin with the same two characters, the longest first."""
        found: dict[str, set[int]] = {}
        for name in self._aliases:
            found.setdefault(name[:2], set()).add(len(name))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    @cached_property
    def _beginning(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._lengths)) or "(?!)")

    @cached_property
    def _region_lengths(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, set[int]] = {}
        for name in self.registry.region_names:
            found.setdefault(name[:1], set()).add(len(name))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    def find(self, text: str) -> tuple[Found, ...]:
        """All aliases in a text, the longest at each place, left to right, never overlapping."""
        spelled = canonical(self._level_words(text))
        found: list[Found] = []
        match = self._beginning.search(spelled.text)
        while match is not None:
            start = match.start()
            item = self._alias_at(spelled.text, start)
            end = start + 1
            if item is not None:
                end = start + item[1]
                found.append(Found(spelled.starts[start], spelled.ends[end - 1], item[0]))
            match = self._beginning.search(spelled.text, end)
        return tuple(found)

    def _alias_at(self, text: str, position: int) -> tuple[Alias, int] | None:
        for length in self._lengths.get(text[position : position + 2], ()):
            alias = self._aliases.get(text[position : position + length])
            if alias is not None:
                return alias, min(length, len(text) - position)
        return None

    def exact(self, name: str) -> Alias | None:
        """What a whole name means: as it stands, without the words of area before it, or without 数 behind it."""
        squeezed = self._level_words(squeeze(name))
        if not squeezed or len(squeezed) > LONGEST:
            return None
        alias = self.registry.alias(squeezed, self.scopes)
        if alias is not None:
            return alias
        spelled = canonical_name(squeezed)
        plain = _strip_area(spelled)
        shorter = (spelled.removesuffix(word) for word in ("数量", "建设", "总数", "数"))
        candidates = (spelled, plain, _AT_YEAR_END.sub("", plain), *shorter)
        found = next((found for item in candidates if (found := self._aliases.get(item))), None)
        return found or self._explained(squeezed)

    def _explained(self, name: str) -> Alias | None:
        """A ratio whose denominator a bracket repeats: R&D经费投入强度(占GDP比重). Of an amount it would be a share."""
        gloss = _EXPLAINED.search(name)
        alias = self.exact(name[: gloss.start()]) if gloss is not None and gloss.end() == len(name) else None
        indicator = self.registry.indicators.get(alias.indicator_code or "") if alias is not None else None
        return alias if indicator is not None and indicator.unit.dimension == "ratio" else None

    def subject(
        self, text: str, start: int, end: int, found: Sequence[Found], *, is_rank: bool = False
    ) -> Subject | None:
        """The subject that ``text[start:end]`` names for a number behind it, or None when it names nothing new.

        Args:
            text: the paragraph, folded, without blanks.
            start: where the search may begin: behind the previous number.
            end: where the name must be complete: before the growth word or the number.
            found: the aliases of the whole paragraph.
            is_rank: whether the number is a rank or a change of rank (…指数全省排名第四).
        """
        start = max(start, end - LONGEST)
        lists = (FILLER, RANK_FILLER) if is_rank else (FILLER,)
        last = bisect_right(found, end, key=lambda item: item.end) - 1
        behind = found[last].end if last >= 0 else end
        explained = _EXPLAINED.search(text, start, end)
        named = bisect_right(found, explained.start(), key=lambda item: item.end) - 1 if explained is not None else -1
        if explained is not None and named >= 0 and found[named].end == explained.start():
            last, behind = named, explained.end()
        if last >= 0 and found[last].start >= start and made_of(text[behind:end], *lists):
            item = found[last]
            head = text[clause_start(text, start, item.start) : item.start]
            of_number = start == item.start - len(head) > 0 and head.startswith("的")  # 超百亿元的高企
            each = _FOR_EACH.search(text, max(start, item.start - 40), item.start)
            if each is not None:  # 平均每名R&D人员(全时当量)R&D经费
                return Subject(text[each.start() : item.end][:60], None, None, each.start())
            region = None if of_number else self._region_before(head, item.alias)
            if region is not None:
                return Subject(text[item.start : item.end], item.alias, region or None, item.start)
        clause = clause_start(text, start, end)
        if last >= 0 and found[last].start < clause < found[last].end:
            clause = clause_start(text, start, found[last].start)  # a mark inside a name cuts nothing off
        plain = text[clause:end]
        if made_of(plain, ANAPHORA, *lists[1:]) or (is_rank and _RANK_FIELD.fullmatch(plain)):
            return None
        name = trimmed(plain)
        area = PERIOD.sub("", plain).strip(",、为达到")
        average = _AVERAGE.search(area)
        if average and self.is_area(area[: average.start()]):
            return Subject(area, None, None, clause)  # 全省平均4.2件: no figure of this region
        if self.is_area(area) or self.is_area(name):
            return Subject("", None, self._region_before(area if self.is_area(area) else name) or None, clause)
        if (each := _EACH.fullmatch(area)) is not None:
            return Subject(each["name"], None, None, clause)  # R&D经费2.3亿元,户均|42万元
        if len(name) < 2:
            return None
        alias = self.exact(name) or self._share(name) or self._within(text, start, clause, name)
        return Subject(name[:60], alias, None, clause) if alias else self._value_of(text, name, clause)

    def _within(self, text: str, start: int, clause: int, name: str) -> Alias | None:
        """What 有研发活动的占 means behind 规模以上工业企业中,."""
        if not text.endswith("中,", max(start, clause - _NEAR), clause):
            return None
        whole = trimmed(text[max(clause_start(text, start, clause - 1), clause - _NEAR) : clause - 1]) + name
        return self.exact(whole) or self._share(whole)

    def _value_of(self, text: str, name: str, clause: int) -> Subject:
        """The value of contracts that were counted before: 累计签订技术合同1130项,合同成交额6亿元."""
        value = _VALUE.fullmatch(name)
        head = text[max(0, clause - _NEAR) : clause] if value else ""
        counted = _CONTRACTS.search(head)
        if value is None or counted is None:
            return Subject(name[:60], None, None, clause)
        whole = f"{counted['way'] or ''}技术合同{value['value']}"
        begin = clause - len(head) + counted.start()
        whose = self._region_before(_SIGNED.sub("", counted["head"]))
        if whose is None:  # 与高校签订技术合同20项,成交额3亿元: some of the region's contracts
            return Subject(f"{counted['head']}{whole}"[:60], None, None, begin)
        return Subject(whole, self.exact(whole), whose or None, begin)

    def _share(self, name: str) -> Alias | None:
        """The share that 有研发活动的企业仅占 (13.7%) and 财政科技支出占财政支出的 (0.9%) speak of."""
        link = _STANDS_FOR.search(name)
        if link:
            return self.exact(f"{name[: link.start()]}占比")
        return self.exact(f"{name.removesuffix('的')}比重") if "占" in name else None

    def _region_before(self, head: str, alias: Alias | None = None) -> str | None:
        """Read the words before a name: ``""`` none but modifiers, a code of another region, None: not understood."""
        region = ""
        position = 0
        head = _CAUSE.split(head.rsplit("、", 1)[-1])[-1]
        while position < len(head):
            period = PERIOD.match(head, position)
            if period and period.end() > position:
                position = period.end()
                continue
            modifier = longest_at(MODIFIERS, head, position)
            area = self._area_at(head, position)
            if area is not None and (modifier is None or len(area[0]) >= len(modifier)):
                region = area[1]
                position += len(area[0])
            elif modifier is not None:
                position += len(modifier)
            else:
                return None
        code = alias.indicator_code if alias else None
        among = code is not None and self.registry.indicators[code].unit.dimension == "rank"
        return "" if region == self.region_code or among else region

    def _area_at(self, text: str, position: int) -> tuple[str, str] | None:
        """The area that a text names at a place, and its code: blank for the document's own."""
        word = text[position : position + 2]
        if word == "全市" and self._level() == "county" and not self._name().endswith("市"):
            return word, self.region_code[:4] + "00"
        areas = _OWN_AREA if self._level() in ("province", "prefecture") else (*_OWN_AREA, "区级", "县级")
        own = next((area for area in areas if text.startswith(area, position)), None)
        if own is not None:
            return own, ""
        wide = next((area for area in _AREA if text.startswith(area, position)), None)
        if wide is not None:
            return wide, self._area_code(wide)
        for length in self._region_lengths.get(text[position : position + 1], ()):
            name = text[position : position + length]
            if name in self.registry.region_names:
                found = self.registry.region(name, within=self.region_code)
                if found is not None and found.kind == "unallocated":
                    continue  # 市本级: a part of the region, not the region
                is_own = found is None or found.code == self.region_code or "+" in found.code
                return name, "" if found is None or is_own else found.code
        return None

    def area(self, name: str) -> str | None:
        """The code of the area that a whole name is: blank for the document's own, None where it is no area."""
        found = self._area_at(name, 0)
        return found[1] if found is not None and found[0] == name else None

    def lies_elsewhere(self, name: str) -> bool:
        """Whether a name begins with an area that is not the document's own: 全省技术合同成交额."""
        if self.registry.alias(name, self.scopes) is not None:
            return False  # 地方财政支出
        found = self._area_at(name, 0)
        return found is not None and found[1] not in ("", self.region_code)

    def average_ending(self, text: str, end: int) -> str | None:
        """What a number in brackets is the average of: 比|全国平均水平|(2.40%)低; None where it is of no area."""
        average = _AVERAGE.search(text[max(0, end - 24) : end])
        if average is None:
            return None
        at = max(0, end - 24) + average.start()
        width = next((n for n in range(min(12, at), 1, -1) if self.is_area(text[at - n : at])), 0)
        return text[at - width : end]

    def region_ending(self, text: str, end: int) -> str | None:
        """The code of the region whose name ends at a place (南昌市|(155.9亿元)): blank for the own one, None: none."""
        if text[end - 2 : end] in _AREA:
            return self._area_code(text[end - 2 : end])
        for length in range(min(12, end), 1, -1):
            name = text[end - length : end]
            if name in self.registry.region_names:
                found = self.registry.region(name, within=self.region_code)
                return None if found is None else "" if found.code == self.region_code else found.code
        return None

    def _level_words(self, text: str) -> str:
        """The text with the level of its province called 省级: in a municipality 市级以上 is; the length stays."""
        return self._province_level.sub("省级", text) if self._province_level else text

    @cached_property
    def _province_level(self) -> re.Pattern[str] | None:
        province = self.registry.regions.get(self.region_code[:2] + "0000")
        if province is None or not province.name_zh.endswith(("市", "自治区")):
            return None
        if province.name_zh.endswith("市"):
            return re.compile(rf"(?<![地县])市级{_AND_ABOVE}")
        return re.compile(rf"(?<![治县])区级{_AND_ABOVE}") if self._level() == "province" else None

    def _level(self) -> str:
        region = self.registry.regions.get(self.region_code)
        return region.kind if region else "prefecture"

    def _name(self) -> str:
        region = self.registry.regions.get(self.region_code)
        return squeeze(region.name_zh) if region else ""

    def _area_code(self, area: str) -> str:
        return "000000" if _AREA[area] == "country" else self.region_code[:2] + "0000"

    def is_area(self, name: str) -> bool:
        """Whether a whole name is that of an area: 全市, 全省, 贵阳市."""
        if name in _OWN_AREA or name in _AREA:
            return True
        regions = self.registry.region_names.get(name, ())
        return any(region.kind != "unallocated" for region in regions)  # 市本级: a part of the region


def unit_meant(name: str, unit: str | None) -> str | None:
    """The unit of a number under a name: 件 of 每百万人口发明专利拥有量 is 件/百万人."""
    return f"{unit}/百万人" if unit == "件" and "百万人" in name else unit


def clause_start(text: str, start: int, end: int) -> int:
    """Behind the last mark that ends a clause, or ``start``."""
    marks = _clause_marks(text)
    index = bisect_right(marks, end) - 1
    return max(start, marks[index]) if index >= 0 else start


@lru_cache(maxsize=8)
def _clause_marks(text: str) -> tuple[int, ...]:
    """The places behind the marks that end a clause."""
    return tuple(match.end() for match in _CLAUSE_MARK.finditer(text))


def _strip_area(name: str) -> str:
    for area in (*_OWN_AREA, *_AREA):
        name = name.removeprefix(area)
    return name
