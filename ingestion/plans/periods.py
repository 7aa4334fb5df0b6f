"""Time in plans: the phrases that say of what time a number speaks, and comparisons.

What belongs here: 到2025年, “十三五”期间, 五年累计, 较2015年, and what they mean in one plan. What does not: the
time of one number (``timing``), finding the years of a plan (``windows``), other words (``grammar``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.quantity import parse_count

_FIVE_YEARS = {"八": 1991, "九": 1996, "十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021}
_FIVE_YEARS |= {"十五": 2026, "十六": 2031, "十七": 2036}
"""First year of the n-th five-year plan: 十四五 begins in 2021."""

ORDINAL = r"十[一二三四五六七]|[八九十]"
FIVE_YEAR = rf"[“\"]?(?<![第一二三四五六七八九十百])(?P<fyp>{ORDINAL})五(?![年个十百千家项])[”\"]?"
FIVE_YEAR_NAMED = re.compile(
    rf"{FIVE_YEAR}(?P<part>五年(?:期间|[间里内来])|(?:规划)?期末|末[期年]?|(?:的?收官|的?最后一)之?年|以来|时期末|(?:规划)?时期|(?:规划)?期间|期)?"
)
PER_YEAR_MEAN = re.compile(r"年均|年平均|平均每年|每年平均|复合增|平均增速|平均增长率")
_AVERAGED = re.compile(rf"[^,。;:、()\d]{{0,20}}?(?:{PER_YEAR_MEAN.pattern})")
_FORMER_PLAN = re.compile(rf"[从由]{FIVE_YEAR}")
YEAR_SPAN = re.compile(r"(?P<from>(?:19|20)\d\d)年?(?:-|—{1,2}|–|~|至|到)(?P<to>(?:19|20)\d\d)年")
_PAST_YEARS = re.compile(r"(?:过去|上一?个)(?P<n>[三五])年|(?P<n2>[三五])年来")
_PLAN_END = re.compile(r"规划期?末")
_PLAN_SPAN = re.compile(r"规划期(?:内|间)|(?:未来|今后|接下来)[两三五2-5]年")
# Parts of the one year that a report or a list of tasks is about.
_THIS_YEAR = re.compile(
    r"(?P<whole>全年|年内|今年|本年度?)|(?<![\d年])(?P<half>上半年|下半年|1(?:-|—{1,2}|–|~|至|到)6月)"
    r"|(?<![\d年])(?P<quarters>前三季度|1-3季度|一至三季度|1(?:-|—{1,2}|–|~|至|到)9月)|(?<![\d年前至每])第?(?P<quarter>[一二三四])季度"
)
# Which five years these are only the section tells.
_SOME_YEARS = re.compile(
    r"(?P<n>[三五35])年(?:累计|之?内|之?间|里|共(?!和)|合计|期间)|(?<![\d每前后续第近十])(?P<n3>[一两四六])年(?:之?[内间]|里)|(?<![\d前续])(?P<n2>[两三四五六十])年(?=新增|新建|新培育|净增|实现)"
)
_PART_YEAR = (
    r"(?P<half>上半年|下半年)|(?:第?(?P<quarter>[一二三四1-4])季度)|(?P<quarters>前三季度|1-3季度|一至三季度)"
    r"|1(?:-|—{1,2}|–|~|至|到)(?P<until>1[0-2]|[2-9])月份?|前(?P<first>1[01]|[2-9])个月"
    r"|(?P<month>1[0-2]|0?[1-9])月(?![日])"
)
_UNTIL = {"3": "Q1", "6": "S1", "9": "Q1--Q3"}
"""What the months of a year up to one of them are called."""
YEAR = re.compile(
    r"(?P<lead>截至|截止到?|截止至|到|至)?(?P<year>(?:19|20)\d\d)年"
    rf"(?:{_PART_YEAR})?(?:底前?|末前?|年底|以前|前|度)?"
)
# 按2022年末常住人口68.3万人计算, 以2015年不变价计: the year of what is computed with
BASIS = re.compile(
    r"(?:按照?|以|根据|依据|用|除以)(?=[^,。;:()]{0,4}(?:19|20)\d\d年)[^,。;:()]{5,40}?"
    r"(?:(?:来|进行)?(?:计算|测算|折算|核算|推算|换算|计价)|为(?:分母|权数)|计(?=[,。;)])|(?:可比|不变|现行)价格?(?:计算|计)?)"
)
_SINCE = re.compile(r"(?:以来|至今|起)(?:[^。;\d]{0,40}(?P<from>[由从])(?=\d))?")
_DAY = re.compile(r"(?P<month>1[0-2]|0?[1-9])月(?P<day>[12]\d|3[01]|0?[1-9])日")
_AMONG = re.compile(r"其中[,:]?(?:预计|力争|计划)?$")
_NOW = re.compile(r"目前|当前|截至目前|近几?年来|近几年|近两年|去年")
# 比规划基期|2020年, 较“十三五”收官之年|2020年, 比期初的|2020年
_NAMED_YEAR = (
    r"(?:(?:(?:本?规划的?)?(?:基期|基年|基准年|期初|初期|起点|起始)(?:之?年)?|[“\"]?十[一二三四五六七]五[”\"]?(?:规划)?"
    r"(?:期?末|初期?|末年|的?(?:收官|最后一|开局|起步|第一)之?年))[的即(,]?(?=(?:19|20)\d\d年))?"
)
_COMPARED = re.compile(
    r"(?:同?比|较|与|同|(?P<excess>[高低多少]于)|相比于|相较于?|相对于?|比起|在(?=[^,。;]{1,12}(?:基础|基数|底数|存量|水平|数值)之?上)"
    r"|(?:是|为|相当于|达到?)(?=(?:19|20)\d\d年(?:[底末度]|年底)?的?\d[\d.]*[^,。;、()\d的]{0,5}的(?:近|约)?[\d两三四五六七八九十])"
    r"|(?:是|为|相当于|达到?)(?=(?:(?:19|20)\d\d年(?:[底末度]|年底)?|上年|去年|[“\"]?(?:十[一二三四五六七]|[八九十])五[”\"]?期?末?)的"
    r"(?:\d[\d.]*倍|$)))"
    rf"{_NAMED_YEAR}(?:(?P<year>(?:19|20)\d\d)年(?:底|末|度)?|[“\"]?(?P<fyp>十[一二三四五六七]|[八九十])五[”\"]?(?P<part>期末|末期?|时期|期间)?"
    r"|(?P<last>上年(?:同期|末|度)?|去年(?:同期|底)?|上一年度?)|(?P<base>(?:本?规划)?(?:基期年?|基年|期初)))"
    r"(?:同期|全年)?(?:水平|数值)?(?:的)?(?:(?:基础|基数|底数|存量)?之?上)?(?:相比|比)?(?P<comma>,)?"
)
_SAME_PERIOD = re.compile(r"同比")
_FROM = re.compile(
    rf"(?:由|从){_NAMED_YEAR}(?:(?P<year>(?:19|20)\d\d)年(?:底|末|度)?|[“\"]?(?P<fyp>十[一二三四五六七]|[八九十])五[”\"]?(?P<part>期末|末期?|时期|期间)?"
    r"|(?P<last>上年|去年)|(?P<now>目前|当前|现在|现有))?(?:的|为)?$"
)


@dataclass(frozen=True, slots=True)
class Window:
    """The years that a plan covers. The base year is the year that its baselines describe."""

    start: int
    end: int
    base_year: int
    reported: int | None = None
    """The last year reported on, where the document looks back on a plan that still runs (a mid-term evaluation)."""

    @property
    def is_bulletin(self) -> bool:
        """Whether the document reports on a year and sets nothing out."""
        return self.base_year >= self.end

    @property
    def last_known(self) -> int:
        """The last year that lies behind the document."""
        return self.reported if self.reported is not None else self.base_year


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
    is_sum: bool = False
    """Whether it only sums up one thing within a sentence (五年净增); it ends with it."""
    is_aside: bool = False
    """Whether it only holds up to the next ; or 。 (…,其中2023年达到42家;…)."""
    is_single: bool = False
    """Whether it names one year (2023年) and not all up to it (到2023年, 2023年底)."""

    def flow_span(self, window: Window) -> str:
        """The span of something newly added, as of this phrase."""
        if self.span is not None:
            return span_text(*self.span)
        if self.period != str(self.year):
            return self.period  # half a year, a quarter or months
        first = min(window.start, self.year) if self.role == "target" else five_years_of(self.year)[0]
        return str(self.year) if self.is_single and self.year < window.end else span_text(first, self.year)


def five_years(ordinal: str) -> tuple[int, int]:
    """First and last year of the plan named [ordinal]五: 十四 is 2021 to 2025."""
    first = _FIVE_YEARS[ordinal]
    return first, first + 4


def five_years_of(year: int) -> tuple[int, int]:
    """The five-year plan that a year belongs to."""
    first = year - (year - 1) % 5
    return first, first + 4


def is_plan(match: re.Match[str]) -> bool:
    """Whether 十四五, 九五, 十五 stands for a plan: the short ones need quotes or a word behind them."""
    return len(match["fyp"]) > 1 or bool(match["part"]) or match.group()[0] in '“"'


def period_phrases(
    text: str, window: Window, *, retrospective: bool = False, carried: PeriodPhrase | None = None
) -> Iterator[PeriodPhrase]:
    """Time phrases that govern what follows, left to right; comparisons (较2015年) are not among them.

    Args:
        text: a paragraph or heading, masked.
        window: the years of the plan.
        retrospective: whether the section looks back, which settles what 五年累计 means.
        carried: the phrase that governs from above, which settles what 全年 means in a look back.
    """
    known = carried.year if carried is not None and carried.role == "actual" else window.last_known
    current = known if retrospective else window.end
    found = [
        *_year_phrases(text, window),
        *_plan_phrases(text, window),
        *_window_phrases(text, window, retrospective),
        *(_parts_of_year(text, current, retrospective) if window.start == window.end else ()),
        *(_parts_looked_back_on(text, current) if retrospective and window.start < window.end else ()),
    ]
    compared = [match.span() for match in _COMPARED.finditer(text)]
    last = -1
    for phrase in sorted(found, key=lambda item: (item.start, -item.end)):
        index = bisect_right(compared, (phrase.start, len(text))) - 1
        inside = index >= 0 and phrase.start < compared[index][1]
        if phrase.start >= last and not inside:
            last = phrase.end
            yield phrase


def _year_phrases(text: str, window: Window) -> Iterator[PeriodPhrase]:
    for match in YEAR_SPAN.finditer(text):
        first, last = int(match["from"]), int(match["to"])
        role = "target" if last > window.last_known + 1 else "actual"
        if first < last:
            yield PeriodPhrase(match.start(), match.end(), last, (first, last), role, f"{first}-{last}")
    for match in YEAR.finditer(text):
        year = int(match["year"])
        if text[match.start() - 1 : match.start()] in ("由", "从", "距", "离") or text[
            match.end() : match.end() + 1
        ] in ("—", "-"):
            continue
        lead = match["lead"] or ""
        day = _DAY.match(text, match.end("year") + 1)
        if day is not None and not lead and (day["month"], day["day"]) != ("12", "31"):
            continue  # 2024年10月21日: when it was published
        if lead.startswith("截") or year <= window.last_known:
            role = "actual"
        elif lead in ("到", "至") or year >= window.end or match.group().endswith("前"):
            role = "target"
        else:
            role = "open"
        since = _SINCE.match(text, match.end())
        if since is not None and year < window.last_known:
            # 2020年以来由甲增加到乙 starts from the level of that year; what is summed includes it
            first = year + (since["from"] is not None)
            yield PeriodPhrase(
                *match.span(),
                window.last_known,
                (first, window.last_known),
                "actual",
                span_text(first, window.last_known),
            )
            continue
        is_single = not lead and match.group().endswith("年")
        aside = role != "actual" and _AMONG.search(text, max(0, match.start() - 6), match.start()) is not None
        yield PeriodPhrase(
            *match.span(), year, None, role, _part_of(match, year), not aside, is_aside=aside, is_single=is_single
        )
    for match in _NOW.finditer(text):
        if text[match.start() - 1 : match.start()] in ("由", "从"):
            continue
        yield PeriodPhrase(match.start(), match.end(), window.base_year, None, "actual", str(window.base_year), False)


def _part_of(match: re.Match[str], year: int) -> str:
    if match["half"]:
        return f"{year}-S{1 if match['half'] == '上半年' else 2}"
    if match["quarters"]:
        return f"{year}-Q1--Q3"
    if match["quarter"]:
        return f"{year}-Q{'一二三四'.find(match['quarter']) + 1 or match['quarter']}"
    until = match["until"] or match["first"]
    if until:
        return str(year) if until == "12" else f"{year}-{_UNTIL.get(until, f'{int(until):02d}')}"
    if match["month"] and not (int(match["month"]) == 12 and (match["lead"] or match.group().endswith(("底", "末")))):
        return f"{year}-{int(match['month']):02d}"
    return str(year)


def _plan_phrases(text: str, window: Window) -> Iterator[PeriodPhrase]:
    former = {match.start() + 1 for match in _FORMER_PLAN.finditer(text)}
    for match in FIVE_YEAR_NAMED.finditer(text):
        part = match["part"] or ""
        if not is_plan(match) or match.start() in former:
            continue
        if not part and text[match.end() : match.end() + 1] not in (",", "的"):
            continue
        first, last = five_years(match["fyp"])
        if part == "以来" and first <= window.last_known:
            last = window.last_known
        role = "target" if last > window.last_known else "actual"
        if "末" in part or part.endswith("年"):  # “十三五”末, “十三五”收官之年
            yield PeriodPhrase(match.start(), match.end(), last, None, role, str(last))
        elif part:
            averaged = _AVERAGED.match(text, match.end()) is not None  # “十三五”期间年均增长21%。…: only of the growth
            yield PeriodPhrase(
                *match.span(), last, (first, last), role, f"{first}-{last}", is_lasting=not averaged, is_sum=averaged
            )


def _window_phrases(text: str, window: Window, retrospective: bool) -> Iterator[PeriodPhrase]:
    """Phrases that count from the plan itself: 规划期末, 未来五年, 五年累计, 过去五年."""
    for match in _PLAN_END.finditer(text):
        yield PeriodPhrase(match.start(), match.end(), window.end, None, "target", str(window.end), False)
    for match in _PLAN_SPAN.finditer(text):
        yield _spanning(match, (window.start, window.end), "actual" if retrospective else "target")
    for match in _PAST_YEARS.finditer(text):
        years = parse_count(match["n"] or match["n2"])
        yield _spanning(match, (window.start - years, window.start - 1), "actual")
    for match in _SOME_YEARS.finditer(text):
        years = parse_count(match["n"] or match["n2"] or match["n3"])
        past = (window.last_known - years + 1, window.last_known)
        yield _spanning(
            match,
            past if retrospective else (window.start, window.end),
            "actual" if retrospective else "target",
            is_sum=text[match.start() - 1 : match.start()] in (",", "、"),
        )


def _parts_looked_back_on(text: str, known: int) -> Iterator[PeriodPhrase]:
    """上半年, 1至9月 in the look back of a plan: of the year named before it, else of the one that is spoken of."""
    if "今年" in text:
        return
    years = [(match.end(), int(match["year"])) for match in YEAR.finditer(text)]
    for phrase in _parts_of_year(text, known, retrospective=True):
        before = [year for end, year in years if end <= phrase.start]
        if phrase.span is None:
            year = before[-1] if before else known
            yield replace(phrase, year=year, period=f"{year}{phrase.period[4:]}")


def _parts_of_year(text: str, year: int, retrospective: bool) -> Iterator[PeriodPhrase]:
    """全年, 上半年, 前三季度 in a document about one year."""
    role = "actual" if retrospective else "target"
    for match in _THIS_YEAR.finditer(text):
        period = str(year)
        if match["half"]:
            period += "-S2" if match["half"] == "下半年" else "-S1"
        elif match["quarters"]:
            period += "-Q1--Q3"
        elif match["quarter"]:
            period += f"-Q{'一二三四'.index(match['quarter']) + 1}"
        span = (year, year) if match["whole"] else None
        yield PeriodPhrase(match.start(), match.end(), year, span, role, period, is_lasting=False)


def _spanning(match: re.Match[str], span: tuple[int, int], role: str, *, is_sum: bool = False) -> PeriodPhrase:
    period = span_text(*span)
    return PeriodPhrase(match.start(), match.end(), span[1], span, role, period, is_lasting=False, is_sum=is_sum)


def span_text(first: int, last: int) -> str:
    """A span of years as it is stored; one year alone is no span."""
    return str(first) if first == last else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison phrase (较2015年, 比上年): what it compares with, and where it stands."""

    start: int
    end: int
    base: str | None
    excess: str | None = None
    """高于 or its like: what follows is the difference itself."""


def comparison_in(text: str, period: str | None) -> Comparison | None:
    """The last comparison phrase of a text. ``period`` is what 上年 and 同比 count from."""
    found = None
    for match in _COMPARED.finditer(text):
        base = named_period(match, period)
        if base is not None or match["base"]:
            found = Comparison(match.start(), match.end(), base, match["excess"])
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
