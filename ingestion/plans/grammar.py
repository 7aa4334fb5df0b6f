"""The words of plans: planning windows, period phrases, comparisons, growth and flow words.

What belongs here: patterns over folded text without blanks, and what they say of time. What does not: names of
indicators (``names``), how a sentence is put together (``sentences``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FIVE_YEARS = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}
"""First year of the tenth-and-n-th five-year plan: 十四五 begins in 2021."""

FIVE_YEAR = r"[“\"]?十(?P<fyp>[一二三四五六])五[”\"]?"
_FIVE_YEAR = re.compile(rf"{FIVE_YEAR}(?P<part>(?:规划)?期末|末期?|以来|时期末|(?:规划)?时期|(?:规划)?期间|期)?")
_YEAR_SPAN = re.compile(r"(?P<from>(?:19|20)\d\d)年?(?:-|—{1,2}|–|~|至|到)(?P<to>(?:19|20)\d\d)年")
_MILESTONE = re.compile(r"(?<![高升增加降长跃大少])(?:到|至)(20\d\d)年(?!的)")
_TARGET_YEAR = re.compile(r"(20\d\d)年(?:底|末)?(?:目标|规划)")
_LAST_FIVE = re.compile(r"(?:过去|上一?个)五年|五年来")
_ORDINAL_PLAN = re.compile(r"第十(?P<fyp>[一二三四五六])个五年规划")
_PART_YEAR = (
    r"(?P<half>上半年|下半年)|(?:第?(?P<quarter>[一二三四1-4])季度)|(?P<quarters>前三季度|1-3季度|一至三季度)"
    r"|(?P<month>1[0-2]|0?[1-9])月(?![日])"
)
_YEAR = re.compile(
    r"(?P<lead>截至|截止到?|截止至|到|至)?(?P<year>(?:19|20)\d\d)年"
    rf"(?:{_PART_YEAR})?(?:底前?|末前?|年底|以前|前|度)?"
)
_NOW = re.compile(r"目前|当前|截至目前")
_COMPARED = re.compile(
    r"(?:同?比|较|与|同|相比于|相较于?|相对于?|比起|在(?=[^,。;]{1,12}基础上)"
    r"|(?:是|为|相当于|达到?)(?=(?:19|20)\d\d年的(?:\d[\d.]*倍|$)))"
    r"(?:(?P<year>(?:19|20)\d\d)年(?:底|末|度)?|[“\"]?十(?P<fyp>[一二三四五六])五[”\"]?(?P<part>期末|末期?|时期|期间)?"
    r"|(?P<last>上年(?:同期|末|度)?|去年(?:同期|底)?|上一年度?)|(?P<base>基期|规划基期|规划期初))"
    r"(?:同期|全年)?(?:水平)?(?:的)?(?:基础上)?(?:相比|比)?(?P<comma>,)?"
)
_SAME_PERIOD = re.compile(r"同比")
_FROM = re.compile(
    r"(?:由|从)(?:(?P<year>(?:19|20)\d\d)年(?:底|末|度)?|[“\"]?十(?P<fyp>[一二三四五六])五[”\"]?(?P<part>期末|末期?|时期|期间)?"
    r"|(?P<last>上年|去年))?(?:的|为)?$"
)

GROWTH = re.compile(
    r"(?:(?P<average>年均|年平均|每年)(?:实际|名义)?)?(?:同比|累计|共|总)?"
    r"(?:增长率|增长|增幅|增速|涨幅|增加|提高|提升|上升|上涨|(?<![新净激倍])增|前移|下降|减少|降低|降幅|下滑|回落|缩减|压减)(?:幅度|速度)?(?:了|为)?"
)
_FALL = re.compile(r"下降|减少|降低|降幅|下滑|回落|缩减|压减|减")
FLOW = re.compile(r"新增|新建|新培育|新认定|新引进|新设立|新组建|新布局|净增|新设|新获批")
FLOW_VERBS = (
    "新增",
    "新建",
    "新培育",
    "新认定",
    "新引进",
    "新设立",
    "新组建",
    "新布局",
    "净增",
    "新获批",
    "培育",
    "引进",
    "组建",
)
STRIVE = re.compile(r"力争|争取|努力|力求|争创")
MULTIPLE = re.compile(r"(?P<twice>倍增|翻一?番|实现翻番)(?!计划|行动|工程|培育|政策|方案|项目|企业)|(?P<four>翻两番)")
RANK = re.compile(
    r"(?:排名?|居|列|位居|位列|位于|名列|排在|进入|跻身)(?:在)?(?P<among>全国|全省|全市|国内|西部|[^,。;第前]{0,8}?)(?P<kind>第|前)"
    r"(?P<number>[一二三四五六七八九十]{1,3}|\d{1,3})(?P<unit>名|位)?(?!方阵|梯队|批|线|季|产业|动力|生产力|资源|大|个|年|家|轮|次|期|五|章|节)"
)

RETROSPECT = re.compile(
    r"回顾|基础|成效|成就|现状|形势|问题|机遇|挑战|背景|短板|家底|成绩|进展|难处|回头看|看过去|上一个五年"
)
PROSPECT = re.compile(r"目标|指标|愿景|任务|措施|举措|安排")
NO_FIGURES = re.compile(r"^附(?:录|件|表|则)|名词(?:解释|说明)|指标(?:解释|说明)|术语")

_MASKED = (
    re.compile(r"《[^《》]{0,120}》"),
    re.compile(r"[〔\[]\d{4}[〕\]]\d+号"),
    re.compile(r"“(?!十[一二三四五六]五”)[^“”]{0,40}”"),
)


@dataclass(frozen=True, slots=True)
class Window:
    """The years that a plan covers. The base year is the year that its baselines describe."""

    start: int
    end: int
    base_year: int


@dataclass(frozen=True, slots=True)
class PeriodPhrase:
    """A time phrase in a text: where it stands and what it says.

    ``role`` is ``target`` (到2025年), ``actual`` (2020年, 截至2020年, “十三五”末) or ``open`` where the year alone does
    not tell. ``span`` keeps the whole window where the phrase names one (“十三五”期间).
    """

    start: int
    end: int
    year: int
    span: tuple[int, int] | None
    role: str
    period: str
    is_lasting: bool = True
    """Whether it governs later paragraphs too; 目前 does not."""

    def flow_span(self, window: Window) -> str:
        """The span of something newly added, as of this phrase."""
        if self.span is not None:
            return f"{self.span[0]}-{self.span[1]}"
        first = window.start if self.role == "target" else five_years_of(self.year)[0]
        return f"{first}-{self.year}"


def five_years(ordinal: str) -> tuple[int, int]:
    """First and last year of 十[ordinal]五."""
    first = _FIVE_YEARS[ordinal]
    return first, first + 4


def five_years_of(year: int) -> tuple[int, int]:
    """The five-year plan that a year belongs to."""
    first = year - (year - 1) % 5
    return first, first + 4


def mask(text: str) -> str:
    """The text with titles in 《》, document numbers and quoted slogans blotted out; the length stays."""
    for pattern in _MASKED:
        text = pattern.sub(lambda match: "\ufffc" * len(match.group()), text)
    return text


def plan_window(titles: Iterable[str], text: str, base_year: int | None) -> Window:
    """The years of a plan: from its titles, else from the milestones that its text speaks of.

    Args:
        titles: titles in order of trust; folded, without blanks.
        text: the whole text, folded, without blanks.
        base_year: the base year, where someone stated it.
    """
    found = next((years for title in titles if (years := _years_in(title))), None)
    if found is None:
        votes = Counter(five_years_of(int(year)) for year in _MILESTONE.findall(text))
        votes.update(five_years_of(int(year)) for year in _TARGET_YEAR.findall(text))
        if votes:
            found = max(votes, key=lambda years: (votes[years], years))
        else:
            named = Counter(match["fyp"] for match in _FIVE_YEAR.finditer(text))
            found = five_years(max(named)) if named else (2021, 2025)
    start, end = found
    return Window(start, end, base_year if base_year is not None else start - 1)


def _years_in(title: str) -> tuple[int, int] | None:
    match = _YEAR_SPAN.search(title)
    if match and int(match["from"]) < int(match["to"]):
        return int(match["from"]), int(match["to"])
    ordinal = _FIVE_YEAR.search(title) or _ORDINAL_PLAN.search(title)
    return five_years(ordinal["fyp"]) if ordinal else None


def period_phrases(text: str, window: Window) -> Iterator[PeriodPhrase]:
    """Time phrases that govern what follows, left to right; comparisons (较2015年) are not among them."""
    found = [*_year_phrases(text, window), *_plan_phrases(text, window)]
    compared = [match.span() for match in _COMPARED.finditer(text)]
    last = -1
    for phrase in sorted(found, key=lambda item: (item.start, -item.end)):
        index = bisect_right(compared, (phrase.start, len(text))) - 1
        inside = index >= 0 and phrase.start < compared[index][1]
        if phrase.start >= last and not inside:
            last = phrase.end
            yield phrase


def _year_phrases(text: str, window: Window) -> Iterator[PeriodPhrase]:
    for match in _YEAR_SPAN.finditer(text):
        first, last = int(match["from"]), int(match["to"])
        role = "target" if last > window.base_year + 1 else "actual"
        if first < last:
            yield PeriodPhrase(match.start(), match.end(), last, (first, last), role, f"{first}-{last}")
    for match in _YEAR.finditer(text):
        year = int(match["year"])
        if text[match.start() - 1 : match.start()] in ("由", "从") or text[match.end() : match.end() + 1] in ("—", "-"):
            continue
        lead = match["lead"] or ""
        if lead.startswith("截") or year <= window.base_year:
            role = "actual"
        elif lead in ("到", "至") or year >= window.end or match.group().endswith("前"):
            role = "target"
        else:
            role = "open"
        yield PeriodPhrase(match.start(), match.end(), year, None, role, _part_of(match, year))
    for match in _LAST_FIVE.finditer(text):
        first, last = window.start - 5, window.start - 1
        yield PeriodPhrase(match.start(), match.end(), last, (first, last), "actual", f"{first}-{last}")
    for match in _NOW.finditer(text):
        yield PeriodPhrase(match.start(), match.end(), window.base_year, None, "actual", str(window.base_year), False)


def _part_of(match: re.Match[str], year: int) -> str:
    if match["half"]:
        return f"{year}-S{1 if match['half'] == '上半年' else 2}"
    if match["quarters"]:
        return f"{year}-Q1--Q3"
    if match["quarter"]:
        return f"{year}-Q{'一二三四'.find(match['quarter']) + 1 or match['quarter']}"
    if match["month"]:
        return f"{year}-{int(match['month']):02d}"
    return str(year)


def _plan_phrases(text: str, window: Window) -> Iterator[PeriodPhrase]:
    for match in _FIVE_YEAR.finditer(text):
        part = match["part"] or ""
        if not part and text[match.end() : match.end() + 1] not in (",", "的"):
            continue
        first, last = five_years(match["fyp"])
        role = "target" if last > window.base_year else "actual"
        if "末" in part:
            yield PeriodPhrase(match.start(), match.end(), last, None, role, str(last))
        elif part:
            yield PeriodPhrase(match.start(), match.end(), last, (first, last), role, f"{first}-{last}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison phrase (较2015年, 比上年): what it compares with, and where it stands."""

    start: int
    end: int
    base: str | None


def comparison_in(text: str, period: str | None) -> Comparison | None:
    """The last comparison phrase of a text. ``period`` is what 上年 and 同比 count from."""
    found = None
    for match in _COMPARED.finditer(text):
        base = named_period(match, period)
        if base is not None or match["base"]:
            found = Comparison(match.start(), match.end(), base)
    if found is None:
        same = _SAME_PERIOD.search(text)
        if same and period and period[:4].isdigit():
            return Comparison(same.start(), same.start(), str(int(period[:4]) - 1) + period[4:])
    return found


def former_period(text: str, period: str | None) -> tuple[int, str | None] | None:
    """Where a text ends in 从2015年的 / 由: the start of that phrase and the period it names, if any."""
    match = _FROM.search(text)
    if match is None:
        return None
    return match.start(), named_period(match, period)


def named_period(match: re.Match[str], period: str | None) -> str | None:
    """The period that a matched phrase names."""
    if match["year"]:
        return str(match["year"])
    if match["fyp"]:
        first, last = five_years(match["fyp"])
        return str(last) if "末" in (match["part"] or "") else f"{first}-{last}"
    if match["last"] and period and period[:4].isdigit():
        return str(int(period[:4]) - 1)
    return None


def is_fall(cue: str) -> bool:
    """Whether a growth word speaks of a decrease."""
    return _FALL.search(cue) is not None
