"""The years of a plan: from its titles, its preface, its milestones; the year that an evaluation reports on.

What belongs here: what holds for a whole document. What does not: phrases in its sentences (``periods``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingestion.plans.grammar import arabic_years
from ingestion.plans.periods import (
    FIVE_YEAR_NAMED,
    ORDINAL,
    YEAR,
    YEAR_SPAN,
    Window,
    five_years,
    five_years_of,
    is_plan,
)
from ingestion.quantity import parse_count

_MILESTONE = re.compile(r"(?<![高升增加降长跃大少])(?:到|至)(20\d\d)年(?!的)")
_TARGET_YEAR = re.compile(r"(20\d\d)年(?:底|末)?(?:目标|规划)")
_ORDINAL_PLAN = re.compile(rf"第(?P<fyp>{ORDINAL})个五年(?:规划|计划)")
_ANNUAL = re.compile(
    r"(?<![\d—–~至到-])(?P<year>(?:19|20)\d\d)年"
    r"(?:度|[^,。—\d]{0,30}(?:工作要点|工作计划|工作安排|重点工作|重点任务|政府工作报告|任务分解))"
)
_BULLETIN = re.compile(r"(?<![\d—–~至到-])(?P<year>(?:19|20)\d\d)年度?[^,。—\d]{0,40}(?:公报|统计监测报告|统计资料)$")
_EVALUATION = re.compile(r"(?:中期|终期|总结|实施)评估|评估报告|(?:实施|执行|落实)情况")
_REPORTED = re.compile(
    r"(?P<year>20\d\d)年(?:底|末)?(?:实际)?(?:完成|实际|实现)值|(?:截至|截止到?)(?P<until>20\d\d)年(?:底|末|12月)"
)
_YEARS_AHEAD = re.compile(r"(?:今后|未来)(?P<n>[三五])年")
_PREFACE = 3_000
"""Characters in which a plan says what years it is for."""
_TITLE_MARKS = re.compile(r"《[^《》]{0,120}》")


def plan_window(titles: Sequence[str], text: str, base_year: int | None) -> Window:
    """The years of a plan: from its titles, else from the milestones that its text speaks of.

    Args:
        titles: titles in order of trust; folded, without blanks.
        text: the whole text, folded, without blanks.
        base_year: the base year, where someone stated it.
    """
    bulletin = next((match for title in titles if (match := _BULLETIN.search(arabic_years(title)))), None)
    if bulletin is not None:
        year = int(bulletin["year"])
        return Window(year, year, year)
    found = next((years for title in titles if (years := _years_in(arabic_years(title)))), None)
    if found is None:
        text = arabic_years(text)
        found = _span_of_preface(text)
    if found is None:
        found = _years_ahead(text)
    if found is None:
        votes = Counter(five_years_of(int(year)) for year in _MILESTONE.findall(text))
        votes.update(five_years_of(int(year)) for year in _TARGET_YEAR.findall(text))
        if votes:
            found = max(votes, key=lambda years: (votes[years], -years[0]))
        else:
            named = [five_years(match["fyp"]) for match in FIVE_YEAR_NAMED.finditer(text) if is_plan(match)]
            found = max(named, default=(2021, 2025))
    start, end = found
    evaluates = any(_EVALUATION.search(title) for title in titles)
    reported = _last_reported(arabic_years(text), start, end) if evaluates else None
    return Window(start, end, base_year if base_year is not None else start - 1, reported)


def _span_of_preface(text: str) -> tuple[int, int] | None:
    """The span of years that a preface names (2023—2027年实施…), where a milestone of the text is its end."""
    milestones = {int(year) for year in _MILESTONE.findall(text)}
    preface = _TITLE_MARKS.sub("", text[:_PREFACE])
    spans = [(int(match["from"]), int(match["to"])) for match in YEAR_SPAN.finditer(preface)]
    return next((span for span in spans if 1 < span[1] - span[0] + 1 <= 20 and span[1] in milestones), None)


def _years_ahead(text: str) -> tuple[int, int] | None:
    """The years of 今后五年 in a report, where the year that its text most often looks to ends no five-year plan."""
    ahead = _YEARS_AHEAD.search(text)
    milestones = Counter(int(year) for year in _MILESTONE.findall(text))
    if ahead is None or not milestones:
        return None
    end = max(milestones, key=lambda year: (milestones[year], -year))
    return (end - parse_count(ahead["n"]) + 1, end) if end % 5 else None


def _last_reported(text: str, start: int, end: int) -> int | None:
    """The year that an evaluation reports on: the last one called done, else the one that it names most."""
    done = [int(match["year"] or match["until"]) for match in _REPORTED.finditer(text)]
    within = [year for year in done if start <= year <= end]
    named = Counter(int(match["year"]) for match in YEAR.finditer(text) if start <= int(match["year"]) < end)
    return max(within, default=None) or max(named, key=lambda year: (named[year], year), default=None)


def _years_in(title: str) -> tuple[int, int] | None:
    annual = _ANNUAL.search(title)
    if annual:
        return int(annual["year"]), int(annual["year"])
    match = YEAR_SPAN.search(title)
    if match and int(match["from"]) < int(match["to"]):
        return int(match["from"]), int(match["to"])
    ordinal = FIVE_YEAR_NAMED.search(title) or _ORDINAL_PLAN.search(title)
    return five_years(ordinal["fyp"]) if ordinal else None
