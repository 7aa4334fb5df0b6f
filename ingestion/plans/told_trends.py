"""Trends told of a series that is printed beside them: 2020年至2022年逐年回落,分别为3.12亿元、3.58亿元和4.07亿元.

What belongs here: finding the series, the words about it and the years it spans. What does not: changes between two
levels (``told_changes``), directions of figures printed elsewhere (``movements``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingestion.plans.periods import ORDINAL, YEAR_SPAN, five_years
from ingestion.plans.tokens import Token
from ingestion.plans.told_levels import Level, Told
from ingestion.quantity import parse_count

_MANNER = (
    r"逐年|逐步|逐渐|连年|年年|连续|持续|不断|节节|一路|稳步|稳定|稳中有|步步|总体|整体|保持|呈现?|明显"
    r"|快速|较快|大幅度?|小幅|有所|略有|加快|连续[两三四五]年"
)
_RISE = r"增长|增加|上升|提高|提升|攀升|走高|扩大|攀高|递增|增|升|上扬|上涨|向好"
_FALL = r"回落|下降|减少|下滑|降低|走低|萎缩|递减|缩减|滑落|下跌|收缩|降|减"
_TREND = re.compile(
    rf"(?:{_MANNER})(?:{_MANNER}|地|的|,){{0,3}}(?:(?P<up>{_RISE})|(?P<down>{_FALL}))(?:的?(?:态势|势头|趋势|走势))?"
)
_STOP = re.compile(r"[。!?;]")
# What may stand between the year of a level and the level.
_REACHED = r"(?:底|末|度)?(?:的|则|已|就|又|仅|只|约)*(?:达到|[增升降减提扩跌回]+[到至为]?|为|是|有|达|到|至)?"
_TURNED = r"(?:变为|变成|变化到|调整为|调整到|转为|[增升降减提扩跌回]?[到至])"
_JOINT = re.compile(rf"(?:[、,;]|和|及|以及|与)?{_TURNED}?(?:[到至]?(?:19|20)\d\d年{_REACHED})?")
_OWN_YEAR = re.compile(rf"(?P<year>(?:19|20)\d\d)年(?:[^,。;:、()\d]{{0,20}}?){_REACHED}$")
# What may stand between the trend and the series, which makes the series that of the trend.
_LEADS = re.compile(
    rf"[,:;]?(?:[由从]?(?:19|20)\d\d年{_REACHED}|)"
    r"(?:由此|其中|各年|历年|每年|年度)?(?:数值|数据)?(?:分别|依次|逐年|先后)?(?:为|是|达到?|实现|完成)?[:]?"
)
_FOLLOWS = re.compile(r"(?:以?[左右上内])?,?(?:五年|三年|四年|历年)?(?:总体|整体)?(?:上)?")
_SEVERAL = re.compile(r"(?P<n>[两三四五六七八九十]|\d)年")
_PLAN = re.compile(rf"[“\"]?(?P<fyp>{ORDINAL})五[”\"]?(?:规划)?(?:时期|期间)")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_REACH = 60


def read_trends(masked: str, tokens: Sequence[Token]) -> Iterator[Told]:
    """The steps of series whose trend the same sentence tells, one for each pair of neighbours.

    Args:
        masked: the paragraph, titles and slogans blotted out.
        tokens: its numbers.
    """
    for run in _series(masked, tokens):
        first, last = run[0].start, run[-1].end
        stops = [match.end() for match in _STOP.finditer(masked, max(0, first - 2 * _REACH), first)]
        begin = stops[-1] if stops else max(0, first - 2 * _REACH)
        trend = _before(masked, begin, first) or _behind(masked, last)
        years = _own_years(masked, begin, run) or _years(masked, begin, first, len(run))
        if trend is None or years is None:
            continue
        levels = [Level(token, year) for token, year in zip(run, years, strict=True)]
        if None not in years:
            levels.sort(key=lambda level: level.year or 0)
        for former, later in pairwise(levels):
            yield Told(
                later.token,
                "direction",
                trend.group(),
                trend.lastgroup,
                later,
                former,
                series=_span([level.year for level in levels]),
            )


def _own_years(masked: str, begin: int, run: Sequence[Token]) -> list[int | None] | None:
    """The years that stand one before each number: 持续下滑,2015年为|38.6亿元,2020年为|52.3亿元."""
    ends = [begin, *(token.end for token in run)]
    found = [_OWN_YEAR.search(masked, end, token.start) for end, token in zip(ends, run, strict=False)]
    years: list[int | None] = [int(match["year"]) for match in found if match is not None]
    return years if len(set(years)) == len(run) else None


def _span(years: Sequence[int | None]) -> tuple[int, int] | None:
    first, last = years[0], years[-1]
    return (first, last) if first is not None and last is not None else None


def _series(masked: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of numbers with nothing but 、, 和 and a year between them, all in the unit of the last."""
    run: list[Token] = []
    for token in tokens:
        if run and not _JOINT.fullmatch(masked, run[-1].end, token.start):
            yield from _whole(run)
            run = []
        run.append(token)
    yield from _whole(run)


def _whole(run: list[Token]) -> Iterator[list[Token]]:
    unit = run[-1].unit if run else None
    plain = all(token.sort == "number" and token.high is None and token.unit in (None, unit) for token in run)
    if len(run) > 1 and unit is not None and plain:
        yield run


def _before(masked: str, begin: int, first: int) -> re.Match[str] | None:
    """The trend right before a series: 逐年回落,分别为|…."""
    found = list(_TREND.finditer(masked, begin, first))
    return found[-1] if found and _LEADS.fullmatch(masked, found[-1].end(), first) else None


def _behind(masked: str, last: int) -> re.Match[str] | None:
    """The trend right behind a series: …,呈逐年下降态势."""
    lead = _FOLLOWS.match(masked, last)
    return _TREND.match(masked, lead.end() if lead else last)


def _years(masked: str, begin: int, first: int, size: int) -> list[int | None] | None:
    """The years of a series, where the words before it span or count as many; None where they do not, or of two."""
    if size < 3:
        return None
    spans = [(int(match["from"]), int(match["to"])) for match in YEAR_SPAN.finditer(masked, begin, first)]
    spans += [five_years(match["fyp"]) for match in _PLAN.finditer(masked, begin, first)]
    if spans:
        start, end = spans[-1]
        return list(range(start, end + 1)) if end - start + 1 == size else None
    named = [int(match.group()[:4]) for match in _YEAR.finditer(masked, begin, first)]
    if len(named) == size:
        return list(named)
    counted = [parse_count(match["n"]) for match in _SEVERAL.finditer(masked, begin, first)]
    return [None] * size if counted and counted[-1] == size else None
