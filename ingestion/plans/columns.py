"""The role of a value column of a target table, from its header.

What belongs here: baseline or target, of which year, level or growth. What does not: which column holds names or units
(``documents.headers``), rows (``tables``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingestion.plans.grammar import arabic_years
from ingestion.plans.periods import FIVE_YEAR, Window, five_years, span_text

_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?P<first>(?:19|20)\d\d)年?(?:-|—{1,2}|–|~|至)(?P<last>(?:19|20)\d\d)")
_FIVE_YEAR = re.compile(FIVE_YEAR)
_TARGET_WORDS = re.compile(r"目标|规划(?!基)|预期|计划")
_PAST_WORDS = re.compile(r"实际|实绩|完成|现状|基期|基准|基础|基数|预计|初值")
_GROWTH = re.compile(r"年均|增速|增长|增幅")
_CUMULATIVE = re.compile(r"累计")
_BASE = re.compile(r"基期|基准|基数|基础")
_MIDDLE = re.compile(r"中期")


@dataclass(frozen=True, slots=True)
class Role:
    """What the numbers of a column are: baseline, target, actual, growth. ``is_vague``: the header says nothing.

    ``is_base``: it calls itself the base.
    """

    kind: str
    target_kind: str | None
    period: str
    unit: str | None
    is_vague: bool = False
    is_base: bool = False
    base: str | None = None
    """The period that a growth counts from, where the header names it."""
    is_growth: bool = False
    """Whether it is a column of growth beside one of levels (``growth_columns``)."""

    @property
    def is_level(self) -> bool:
        """Whether the column holds levels, which a column of growth can stand beside."""
        return not self.is_growth and self.kind in ("baseline", "actual", "target") and self.target_kind != "growth_avg"


def role_of(header: str, window: Window, unit: str | None) -> Role | None:
    """The role of a value column, or None where it cannot be told.

    Args:
        header: folded, without blanks.
        window: the years of the plan.
        unit: the unit printed in the header.
    """
    header = arabic_years(header)
    span, year = _named_years(header)
    is_past = year is not None and year <= window.last_known
    if _GROWTH.search(header):
        first, last = span or (window.start, window.end)
        if is_past:
            return Role("growth", None, span_text(first, last) if span else str(year), unit or "%")
        return Role("target", "growth_avg", str(last if span else year or window.end), unit or "%")
    if _CUMULATIVE.search(header):
        if is_past:
            return Role("actual", None, span_text(*span) if span else str(year), unit)
        return Role("target", "cumulative_flow", str(year or window.end), unit)
    wanted, past = _TARGET_WORDS.search(header), _PAST_WORDS.search(header)
    if year is None:
        if _MIDDLE.search(header):
            return Role("target", "level", str(window.start + 2), unit) if window.end - window.start == 4 else None
        if wanted and not past:
            return Role("target", "level", str(window.end), unit)
        return Role("baseline", None, str(window.base_year), unit, is_vague=past is None)
    is_target = wanted is not None if is_past else past is None
    if wanted and past:
        is_target = not is_past
    if is_target:
        return Role("target", "level", str(year), unit)
    return Role("baseline", None, str(year), unit, is_base=_BASE.search(header) is not None)


def with_one_base(roles: Mapping[int, Role], window: Window) -> dict[int, Role]:
    """The roles of all columns: of several past years one is the base, the others are merely reported."""
    past = {role.period: role for role in roles.values() if role.kind == "baseline"}
    if len(past) <= 1:
        return dict(roles)
    called = next((period for period, role in past.items() if role.is_base), None)
    before = [period for period in past if period <= str(window.base_year)]
    base = called or max(before, default=max(past))
    return {
        index: replace(role, kind="actual") if role.kind == "baseline" and role.period != base else role
        for index, role in roles.items()
    }


def _named_years(header: str) -> tuple[tuple[int, int] | None, int | None]:
    """The span and the year that a header names: 2016-2020年, “十三五”末, 2025年."""
    span = _YEARS.search(header)
    if span:
        first, last = int(span["first"]), int(span["last"])
        return (first, last), last
    year = _YEAR.search(header)
    if year:
        return None, int(year.group())
    ordinal = _FIVE_YEAR.search(header)
    if ordinal:
        first, last = five_years(ordinal["fyp"])
        return (None if "末" in header else (first, last)), last
    return None, None
