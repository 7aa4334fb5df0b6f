"""What one number speaks of: the name before it, the name behind it, or what carries on from the number before.

What belongs here: choosing among the names around a number. What does not: finding names in a text (``names``),
handing out enumerations (``lists``), the role of the number (``roles``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.plans.clauses import Clause, Text
from ingestion.plans.grammar import FLOW_VERBS, GROWTH
from ingestion.plans.names import Names, Subject, clause_start
from ingestion.plans.tokens import Token
from ingestion.plans.words import ANAPHORA, LONGEST, PERIOD, made_of, trimmed
from ingestion.quantity import QuantityError, without_comparator

_NOUN_CHARACTER = r"[^,。;:()、!?”\d和及与]"
_AFTER_NOUN = re.compile(
    rf"(?:左右|及以上|以上|以内)?(?P<noun>{_NOUN_CHARACTER}(?:[^,。;:、!?”\d()]|\([^()\d]{{1,12}}\)){{1,30}})"
)
_JOINT_END = re.compile(r"(?:和|及|以及|与|、|建设|以上|左右|的目标)$")
_NO_NOUN = re.compile(
    r"^(?:的|大关|以上|左右|以内|之间|上下|目标|规模|水平|台阶|为|是|增|提|位居|居|排|占|较|比|同比|并|且|在全|实现|力争)"
)
_STOCK_VERBS = (
    *("拥有", "建成", "建设", "建立", "设立", "打造", "形成", "培养", "共有", "现有", "已有", "有", "建有"),
    *("实施", "获得", "获批", "认定", "入选", "选派", "开展", "创建", "新", "布局", "达到", "集聚", "聚集"),
)
COUNT_VERBS = tuple(sorted({*FLOW_VERBS, *_STOCK_VERBS}, key=len, reverse=True))
_PART = re.compile(r"(?:其中|包括|包含|含|其中含)[,:]?$")
_THINGS = re.compile(
    r"[^,。;:、()\d]{0,8}?(?:企业|单位|机构|院所|高校|平台|载体|中心|园区|基地|项目|合同|人才|人员|职工|个人|团队|县|区|市|乡镇|街道|村)"
)
_COUNTED = frozenset({"count", "persons"})
_LEANING = ("强度", "投入强度", "经费投入强度", "占比")
_AMOUNT = re.compile(r"[,、;(]其?(?:总量|总额|总规模|规模)[^,。;]{0,8}$")
_SHARE = re.compile(r"[,、;(](?:所)?(?:占比|比重)[^,。;%]{0,6}$")
_BARE_SHARE = re.compile(r"[,、(](?:约|仅|共|就|已)?占(?:比)?(?:约|近|超过?|到|了)?$")
_AVERAGE_GROWTH = re.compile(r"[,、;(]年均[^,。;]{0,12}$")
# 占|地区生产总值(|380亿元|)的比重为|0.94%: the whole in brackets between a share and its name.
_WHOLE = re.compile(r"(?:^|[,(])(?:所)?占(?P<of>[^,。;、()\d]{2,24})\($")
_OF_WHOLE = re.compile(
    r"占(?P<of>[^,。;、()\d]{2,24})\([^()]{2,20}\)(?:的?(?:比重|比例|比率|份额)|的|比)?(?:约|达到?|为|仅)?$"
)
_FIRST_EVER = re.compile(r"[^,。;:、()!?]{2,40}?(?=(?:实现)?了?(?:零的?突破|从无到有)的?,[^,。;]{0,6}$)")
_LABEL = re.compile(r"(?<=[、,;:为是有和及与)])[^、,;:。()\d]{2,20}$")
_RELATING = ("占", "与", "较", "比", "同", "按", "每", "为")
# What a number is the whole of when a noun and one of these words follow it.
_FRAME = re.compile(
    r"(?:占(?:到|了|去|全部|同期|当年|年末|[全当][省市县区州年])?|与|和|同|相当于|约?为|是|按照?|以|在|除以|根据|依据)(?:当年|同年|同期|全年)?(?:约|近)?$"
)
_FRAME_END = re.compile(
    r"的?(?P<noun>[^,。;:、()\d的占]{2,24}?)(?:的(?=约?\d|(?:比重|比例))|来?(?:相比|之比|对比|比较|计算|测算|折算|推算|核算|平均)"
    r"|计(?=[,。;])|为(?:分母|基数|基准)|(?P<among>[中里内])(?=[,的有\d占]))"
)
# 占一般公共预算支出|94.6亿元|的0.72%: the whole with its number behind its name.
_STATED_WHOLE = re.compile(r"(?:^|[,(])(?:仅|约|所)?(?:占|相当于)(?:当年|同年|同期)?(?P<of>[^,。;:、()\d]{2,24})$")
_OF_STATED = re.compile(r"的?(?:比重|比例|份额)?(?:为|达到?|约|仅|的)*\d[\d.]*[%‰]")
_STATED_LINK = re.compile(r"\d[\d.,]*[^\d,。;()%]{1,4}?的?(?:比重|比例|份额)?(?:为|达到?|约|仅)?")
_AREA = re.compile(r"(?:全|我|本|所在|所属)?(?:自治)?[市省县区州盟旗](?:域|级)?(?:总数|总量|总额)?")
_TOLD_APART = re.compile(r"[由中里]|来自|分布|主要")
_OPENS = re.compile(r"(?:全[市省县区州]|现有|共有|在)?")
_SHARE_LINK = re.compile(r"的?(?:比重|比例)?(?:为|达到?|约|仅)?|[中里内]?,?(?:所)?占(?:到|比|比重)?(?:为|达|约)?")
_AMONG_LINK = re.compile(r"[中里内],?(?:已?有|共有)?")
_LINKS = ("占", "与", "相当于")
_SHARE_ENDS = ("", "比重", "之比")


@dataclass(frozen=True, slots=True)
class Named:
    """A subject, and how far the text that names it reaches (behind the number where the name follows it)."""

    subject: Subject | None
    end: int
    is_whole: bool = False
    """Whether it is only what a share is taken of (占|340.2亿元|地区生产总值的0.63%)."""


def named_for(whole: Text, token: Token, clause: Clause) -> Named:
    """The subject named for a number: before it, else behind it (新建10个省级研发平台); None: it carries on."""
    start = clause_start(whole.masked, max(clause.start, clause.name_end - LONGEST), clause.name_end)
    framed = _framed(whole, token, start)
    if framed is not None:
        return framed
    between = _WHOLE.search(whole.masked, max(0, start - LONGEST), token.start) if token.sort == "number" else None
    if between is not None and between.end() == start == token.start:
        return Named(Subject(between["of"], whole.names.exact(between["of"]), None, between.start("of")), token.end)
    head = PERIOD.sub("", without_comparator(whole.plain[start : clause.name_end])).strip('、“”"和及与')
    verb = next((verb for verb in COUNT_VERBS if head.endswith(verb)), None) if head.endswith(COUNT_VERBS) else None
    plain = token.sort == "number" and clause.cue is None and not clause.is_former and not clause.is_compared
    is_part = _PART.search(head) is not None
    if plain and (not head or _AREA.fullmatch(head)) and (own := _right_behind(whole, token)) is not None:
        return own
    of_area = (
        plain
        and verb is None
        and head != ""
        and whole.names.is_area(head)
        and _THINGS.match(whole.masked, token.end) is not None
    )
    if of_area and (behind := _behind(whole, token, start, "")) is not None:
        return replace(behind, end=token.end)  # 2015年全州|37家|企业享受加计扣除,扣除额…
    if plain and (verb or not head or is_part):
        behind = _behind(whole, token, start, verb or "")
        if behind is not None:
            return behind
        if is_part and not PERIOD.search(whole.plain, start, clause.name_end):  # 其中2025年达到3亿元 goes on
            return Named(Subject("其中", None, None, start), token.end)
    is_rank = token.sort == "rank" or token.unit == "位"
    subject = whole.names.subject(whole.plain, clause.start, clause.name_end, whole.aliases, is_rank=is_rank)
    return Named(subject, token.end)


def _framed(whole: Text, token: Token, start: int) -> Named | None:
    """The whole named with its number: 占|340.2亿元|地区生产总值的0.63%, |123家|规模以上工业企业中18家."""
    behind = _FRAME_END.match(whole.masked, token.end) if token.sort == "number" and token.unit else None
    if behind is None:
        return _stated_whole(whole, token)
    before = PERIOD.sub("", whole.masked[max(start, token.start - 40) : token.start])
    is_among = behind["among"] is not None and _OPENS.fullmatch(before) is not None
    if not is_among and _FRAME.search(before) is None:
        return None
    name = behind["noun"]
    return Named(Subject(name, whole.names.exact(name), None, behind.start("noun")), behind.end("noun"), is_whole=True)


def _stated_whole(whole: Text, token: Token) -> Named | None:
    """The whole of this region that stands between 占 and its number; of another region it is none of the share's."""
    stated = _STATED_WHOLE.search(whole.masked, max(0, token.start - 40), token.start)
    if stated is None or token.sort != "number" or token.unit in (None, "%", "‰"):
        return None
    name = stated["of"]
    if _OF_STATED.match(whole.masked, token.end) is None or whole.names.lies_elsewhere(name):
        return None
    if _AREA.fullmatch(name):  # 占全市|1147家|的45.2%: the same thing in the wider area that this one is part of
        return Named(Subject(f"占{name}", None, None, stated.start("of")), token.end, is_whole=True)
    return Named(Subject(name, whole.names.exact(name), None, stated.start("of")), token.end, is_whole=True)


def share_of_framed(whole: Text, token: Token, earlier: Subject | None, framed: Subject | None) -> Subject | None:
    """What follows a framed whole: its share (占340.2亿元地区生产总值的|0.63%), some of it (企业中|18家有研发活动)."""
    if framed is None or token.sort != "number":
        return None
    at = framed.start + len(framed.name)
    if token.start - at > 16:
        return None
    between = whole.masked[at : token.start]
    is_share = _SHARE_LINK.fullmatch(between) or _STATED_LINK.fullmatch(between)
    if token.unit == "%" and earlier is not None and is_share:
        return completed(
            whole.names, Subject(f"占{framed.name.removeprefix('占')}的比重", None, None, earlier.start), earlier
        )
    if _AMONG_LINK.fullmatch(between):
        noun = _AFTER_NOUN.match(whole.masked, token.end)
        name = f"{framed.name}{noun['noun'] if noun else '中'}"
        return Subject(name, whole.names.exact(name), None, framed.start)
    return None


def labelled(whole: Text, token: Token, start: int, earlier: Subject | None) -> Subject | None:
    """What a number alone in brackets speaks of: the region or the thing right before them (南昌市(155.9亿元)).

    Args:
        whole: the paragraph.
        token: the number.
        start: behind the previous number.
        earlier: what was spoken of, which a region narrows.
    """
    opening = token.start - 1
    alone = opening > start and whole.masked[opening] == "(" and whole.masked[token.end : token.end + 1] == ")"
    if not alone or token.sort != "number":
        return None
    average = whole.names.average_ending(whole.plain, opening)
    if average is not None:
        return Subject(average, None, None, opening - len(average))
    region = whole.names.region_ending(whole.plain, opening)
    if region is not None:
        here = bisect_right(whole.aliases, opening, key=lambda item: item.end) - 1
        if here >= 0 and whole.aliases[here].start >= start:  # R&D经费投入强度低于全国(2.40%)
            earlier = whole.names.subject(whole.plain, start, whole.aliases[here].end, whole.aliases)
        return replace(earlier, region_code=region or None, start=opening) if earlier is not None else None
    label = _LABEL.search(whole.masked, max(start, opening - 24), opening)
    name = trimmed(label.group()) if label is not None else ""
    if len(name) < 2 or name.startswith(_RELATING) or made_of(name, ANAPHORA):
        return None
    return Subject(name, whole.names.exact(name), None, opening - len(name))


def share_of_bracketed(whole: Text, token: Token, earlier: Subject | None) -> Subject | None:
    """The share of what stands in brackets before a number: 占地区生产总值(380亿元)的|0.94%."""
    if earlier is None or token.unit != "%" or token.sort != "number":
        return None
    said = _OF_WHOLE.search(whole.masked, max(0, token.start - LONGEST), token.start)
    return (
        completed(whole.names, Subject(f"占{said['of']}的比重", None, None, earlier.start), earlier) if said else None
    )


def share_meant(names: Names, token: Token, clause: Clause, stretch: str, earlier: Subject | None) -> Subject | None:
    """The share that 占比为1.35% speaks of, where the last name was an amount."""
    if earlier is None or token.unit != "%" or clause.cue is not None:
        return None
    if earlier.alias is None and earlier.name and _BARE_SHARE.search(stretch) and "占" not in earlier.name:
        name = f"{earlier.name}占比"
        alias = names.exact(name) or names.exact(f"{earlier.name}企业占比")
        return Subject(name, alias, earlier.region_code, earlier.start)  # 高级职称20人,占10%
    if not _SHARE.search(stretch):
        return None
    code = earlier.alias.indicator_code if earlier.alias else None
    if code is not None and names.registry.indicators[code].unit.dimension == "ratio":
        return None
    return completed(names, Subject("占比", None, None, earlier.start), earlier)


def amount_meant(names: Names, token: Token, recent: Sequence[Subject], stretch: str) -> Subject | None:
    """The amount that 总量居全省第3位 and 年均增长15% speak of, where the last name was a ratio of it."""
    if (
        not recent
        or token.unit == "个百分点"
        or not (_AMOUNT.search(stretch) or (recent[-1].name.find("占") > 0 and _AVERAGE_GROWTH.search(stretch)))
    ):
        return None
    kinds = [
        names.registry.indicators[s.alias.indicator_code].indicator_type if s.alias and s.alias.indicator_code else None
        for s in recent
    ]
    if kinds[-1] not in ("ratio", "index"):
        return None
    return next(
        (s for s, kind in zip(reversed(recent), reversed(kinds), strict=True) if kind in ("flow", "stock")), None
    )


def named_earlier(whole: Text, token: Token, start: int, end: int) -> Subject | None:
    """The name in the clause before, which the number leans on: 高新技术企业快速发展,总数达到120家.

    Only a name that can be counted in the number's unit is one.
    """
    clause = clause_start(whole.plain, start, end)
    first = _FIRST_EVER.search(whole.plain, max(start, end - LONGEST), token.start)
    if first is not None:  # 科技企业孵化器实现零的突破,达到|2家
        return whole.names.subject(whole.plain, start, first.end(), whole.aliases)
    last = bisect_right(whole.aliases, clause, key=lambda item: item.end) - 1
    if clause <= start or last < 0 or token.unit is None or token.sort == "multiple":
        return None
    item = whole.aliases[last]
    begin = clause_start(whole.plain, start, item.start)
    if item.start < start or item.alias.indicator_code is None or clause_start(whole.plain, begin, clause - 1) != begin:
        return None
    if token.sort == "number" and not _counts(whole.names, item.alias.indicator_code, token.unit):
        return None
    return whole.names.subject(whole.plain, start, item.end, whole.aliases)


def _counts(names: Names, indicator_code: str, unit: str) -> bool:
    try:
        names.registry.conversion(indicator_code, unit)
    except QuantityError:
        return False
    return True


def _behind(whole: Text, token: Token, start: int, verb: str) -> Named | None:
    match = _AFTER_NOUN.match(whole.masked, token.end)
    if match is None or _NO_NOUN.match(match["noun"]) or GROWTH.match(match["noun"]) or token.unit is None:
        return None
    name = match["noun"]
    while _JOINT_END.search(name):
        name = _JOINT_END.sub("", name)
    flow = verb if verb in FLOW_VERBS else ""
    names = whole.names
    alias = names.exact(verb + name) or names.exact(f"新增{name}" if flow else name) or names.exact(name)
    unit = names.registry.unit(token.unit)
    if alias and alias.indicator_code and (unit is None or unit.dimension not in _COUNTED):
        return None
    return Named(Subject(f"{flow}{name}", alias, None, start), match.start("noun") + len(name))


def _right_behind(whole: Text, token: Token) -> Named | None:
    """The indicator right behind its number, which is then told apart: 全区|217.9亿元|R&D经费由四类单位使用."""
    index = bisect_right(whole.aliases, token.end, key=lambda item: item.start) - 1
    found = whole.aliases[index] if index >= 0 else None
    if found is None or found.start != token.end or token.unit is None or found.alias.indicator_code is None:
        return None
    goes_on = _TOLD_APART.match(whole.masked, found.end) is not None
    if not goes_on or not _counts(whole.names, found.alias.indicator_code, token.unit):
        return None
    return Named(Subject(whole.plain[found.start : found.end], found.alias, None, found.start), found.end)


def completed(names: Names, subject: Subject | None, earlier: Subject | None) -> Subject | None:
    """A name that leans on the one before it: 占地区生产总值的比重, 其中规模以上60家, 全市."""
    if subject is None or subject.alias is not None or earlier is None:
        return None if subject is not None and not subject.name else subject
    if not subject.name:
        return replace(earlier, region_code=subject.region_code)
    if subject.name.startswith(_LINKS):
        share = subject.name.replace("相当于", "占").removesuffix("的").removesuffix("比重")
        for whole in (earlier.name, *names.spellings(earlier.alias)):
            alias = next((found for end in _SHARE_ENDS if (found := names.exact(whole + share + end))), None)
            if alias is not None:
                return Subject(earlier.name + subject.name, alias, earlier.region_code, subject.start)
        return subject
    if subject.name in _LEANING:
        wholes = (earlier.name, *names.spellings(earlier.alias))
        leaning = (names.exact(whole + subject.name) for whole in wholes)
        alias = next((found for found in leaning if found and found.indicator_code), None)
        return Subject(earlier.name + subject.name, alias, earlier.region_code, subject.start) if alias else subject
    alias = names.exact(subject.name + earlier.name) if earlier.alias is not None else None
    return Subject(subject.name + earlier.name, alias, earlier.region_code, subject.start) if alias else subject
