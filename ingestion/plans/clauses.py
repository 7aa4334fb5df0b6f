"""The stretch of text before one number: where the name ends, what it is compared with, which word of growth.

What belongs here: taking one stretch apart. What does not: what carries over between numbers (``sentences``), what
sort of statement it is (``roles``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.plans.grammar import FLOW, GROWTH
from ingestion.plans.names import Found, Names, Subject
from ingestion.plans.periods import PeriodPhrase, Window, comparison_in, former_period
from ingestion.plans.tokens import Token
from ingestion.plans.words import DONE_MORE
from ingestion.quantity import comparator_between, without_comparator

REACH = frozenset({"ge", "gt", "approx", "le", "lt"})
"""Comparators that a text only prints where something is to be reached or kept."""

_LONGEST_CLAUSE = 120
# 低于全省平均水平|0.4个百分点, 比省会低|1.2个百分点: how far it is from another place.
_ELSEWHERE = re.compile(
    r"(?:(?:[高低多少]于|领先(?:于)?|落后(?:于)?)(?P<place>[^,。;、()\d高低]{0,14}?)(?:的?平均(?:水平|值|数)?|的?水平)?"
    r"|(?:比|较|与)[^,。;、()\d]{2,14}?(?:相比)?[高低多少]出?)(?:了|近|约|达)?$"
)
# 比全国平均水平(2.40%)低|1.07个百分点
_ELSEWHERE_BRACKETED = re.compile(
    r"(?:比|较|与)[^,。;、()\d]{0,10}(?:平均(?:水平|值)?|全[国省]|全省水平)\([^()]{1,16}\)[高低多少]出?$"
)
_DIFFERENCE = frozenset({"个百分点", "位"})
BUILT_ON = re.compile(r"(?:的)?(?:基础|基数|底数|存量|水平|数值)之?上,?")
# 在2020年|612家的基础上, 在2020年底高新技术企业|612家的基础上
_STARTS_FROM = re.compile(r"在(?:(?P<year>(?:19|20)\d\d)年(?:年?底|末)?的?)?(?P<name>[^,。;、()\d]{0,30})$")
# 是2020年|6485家的2.5倍, 相当于上年|24.1亿元的1.1倍: the level that is multiplied
_MULTIPLIED = re.compile(r"(?:是|为|相当于|达到?)(?:(?P<year>(?:19|20)\d\d)年(?:底|末|度)?|(?P<last>上年|去年))[的(]?$")
_TIMES = re.compile(r"\)?的(?:近|约)?(?:\d[\d.]*|[一两三四五六七八九十百]{1,3})倍")
_EXCESS = re.compile(
    rf"[,、]?(?:净|还|要|共|整整|足足)?(?P<cue>[多少](?:出|了|{'|'.join(DONE_MORE)})?)了?(?:约|近)?"
)  # 比2015年的3.27亿元多|3.57亿元
_OF_RATIO = re.compile(r"(?:率|占比|比重|比例|强度|水平)(?:[^,。;、()\d]{0,4})$")
_DATED = re.compile(r"(?<=[到至])(?:19|20)\d\d年的?$")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paragraph inherits: the time that governs it from above, and the sort of section it stands in."""

    governing: PeriodPhrase | None
    retrospective: bool
    in_box: bool = False
    aims: bool = False
    """Whether the nearest telling heading speaks of goals or indicators: what stands there is set out to be reached."""
    recent: tuple[Subject, ...] = ()
    """What the paragraph above spoke of, for 上述三项指标分别达到."""


@dataclass(frozen=True)
class Text:
    """One paragraph with everything found in it; ``masked`` has titles and slogans blotted out."""

    plain: str
    masked: str
    names: Names
    window: Window
    aliases: tuple[Found, ...]
    setting: Setting


@dataclass(frozen=True, slots=True)
class Clause:
    """The stretch before one number, taken apart. Offsets are into the paragraph."""

    start: int
    """Where a name may begin: behind the previous number, full stop or comparison."""
    name_end: int
    """Where a name must have ended: before the comparison, the growth word or the number."""
    cue: str | None
    """The growth word right before the number (增长, 增幅达)."""
    cue_start: int
    base: str | None
    """The period compared with (较2015年)."""
    is_compared: bool
    is_former: bool
    """Whether the number is what something was (从2015年的…)."""
    former: str | None
    is_adjacent: bool = False
    """Whether the comparison stands right before the number or its growth word."""
    elsewhere: str | None = None
    """低于全省平均水平, where the number is the difference to another place."""

    @property
    def states_former(self) -> bool:
        """Whether the number is a level of the period compared with: 较“十二五”时期5500万元."""
        return self.is_former or (self.is_compared and self.is_adjacent and self.cue is None)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when the role of a number is decided."""

    subject: Subject
    governing: PeriodPhrase | None
    basis: str

    @property
    def code(self) -> str | None:
        """The indicator, where the subject is one."""
        return self.subject.alias.indicator_code if self.subject.alias else None


def take_apart(masked: str, start: int, token: Token, period: str | None) -> Clause:
    """Find growth word, comparison and 从… before a number.

    Args:
        masked: the paragraph.
        start: behind the previous number or full stop.
        token: the number.
        period: what 上年 counts from.
    """
    begin = max(start, token.lead - _LONGEST_CLAUSE)
    before = masked[begin : token.lead]
    former = former_period(without_comparator(before), period)
    if former is not None and token.unit is not None:
        return Clause(start, begin + former[0], None, token.lead, None, False, True, former[1])
    starts = _STARTS_FROM.search(before) if BUILT_ON.match(masked, token.end) and token.unit is not None else None
    if starts is not None and (starts["year"] or not starts["name"]):
        named = (begin + starts.start("name"), token.lead) if starts["name"] else (start, begin + starts.start())
        return Clause(named[0], named[1], None, token.lead, None, False, True, starts["year"])
    multiplied = _MULTIPLIED.search(before) if _TIMES.match(masked, token.end) is not None else None
    if multiplied is not None:
        year = multiplied["year"] or (str(int(period[:4]) - 1) if period and period[:4].isdigit() else None)
        return Clause(start, begin + multiplied.start(), None, token.lead, None, False, True, year)
    aside = _ELSEWHERE_BRACKETED.search(masked, max(0, token.lead - 48), token.lead)
    if aside is not None and token.unit in _DIFFERENCE:
        return Clause(start, start, None, start, None, False, False, None, elsewhere=aside.group())
    cue, cue_start = _growth_word(before, token.unit)
    comparison = comparison_in(before, period)
    other = _ELSEWHERE.search(before) if token.unit in _DIFFERENCE else None
    apart = other is not None and (cue is None or (other["place"] is not None and other.start() < cue_start))
    if other is not None and apart and (comparison is None or comparison.end <= other.start()):
        at = begin + other.start()
        return Clause(start, at, None, at, None, False, False, None, elsewhere=other.group())
    if comparison is None:
        return Clause(start, begin + cue_start, cue, begin + cue_start, None, False, False, None)
    if comparison.excess is not None:
        if cue is not None or before[comparison.end :]:
            return Clause(start, begin + cue_start, cue, begin + cue_start, comparison.base, True, False, None)
        at = begin + comparison.start
        return Clause(start, at, comparison.excess, at, comparison.base, True, False, None)
    between = before[comparison.end : cue_start].strip(",的")
    added = cue is None and FLOW.fullmatch(without_comparator(between)) is not None  # 较2015年净增|20家
    if len(between) <= 2 or added:
        adjacent = not added and not before[: comparison.end].endswith("基础上")
        name_end, at = begin + comparison.start, begin + cue_start
        return Clause(start, name_end, cue, at, comparison.base, True, False, None, adjacent)
    name_start = begin + comparison.end
    return Clause(name_start, begin + cue_start, cue, begin + cue_start, comparison.base, True, False, None)


def _growth_word(before: str, unit: str | None) -> tuple[str | None, int]:
    """The growth word that the text ends in, but for a comparator; 增加到 and 增加至 state a level instead."""
    excess = _EXCESS.fullmatch(before)
    if excess is not None:
        return excess["cue"], excess.start("cue")
    for match in GROWTH.finditer(before):
        tail = before[match.end() :]
        is_level = tail.endswith(("到", "至")) and not tail.endswith("达到")
        # 比重进一步提高,达到|65%: the level; 产值加快增长,达到|12%: the growth
        leveled = unit not in ("%", "个百分点") or _OF_RATIO.search(before[: match.start()]) is not None
        if leveled and tail.startswith(",达") and not match.group().endswith(("速", "幅", "率", "度")):
            return None, match.start()
        if not is_level and not without_comparator(tail).strip("约达到至少为保持稳定在:,"):
            return match.group(), match.start()
    return None, len(before)


def comparator_of(masked: str, token: Token, clause: Clause, *, is_target: bool) -> str:
    """The comparator printed around a number, or before its growth word (至少提升1位)."""
    if token.sort == "rank":
        return "le" if token.is_among else "eq"
    if token.sort == "multiple":
        return "eq"
    after = masked[token.end : token.end + 6]
    found = comparator_between(masked[max(0, token.start - 12) : token.start], after, is_target=is_target)
    dated = _DATED.search(masked, max(0, token.start - 10), token.start) if found == "eq" else None
    if dated:  # 提高到2025年的1.2%
        found = comparator_between(masked[max(0, dated.start() - 8) : dated.start()], after, is_target=is_target)
    if found == "eq" and clause.cue:
        before = masked[max(0, clause.cue_start - 8) : clause.cue_start]
        found = comparator_between(before, after, is_target=is_target)
    return found
