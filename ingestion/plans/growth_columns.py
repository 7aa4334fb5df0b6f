"""Columns and cells of growth: 增速, 比上年增长（%）, 增幅, 净增7家, 提高0.13个百分点.

What belongs here: which column such a column belongs to, and what its numbers are. What does not: columns with levels
(``columns``), growth in sentences (``roles``).

The decision, in the words of the vocabulary (a growth column belongs to the nearest column of levels before it):

- beside what was reported: a rate (%, 倍) is a ``growth``; points, counts, amounts and places are a ``change``. Base
  period: the one that the header names, the year before for 同比 and 比上年, else none.
- beside a target: points and rates are ``growth_total`` since the base that the header names, else the base of the
  table; 增速 and 增长率 alone, in a plan of several years, are speeds: ``growth_avg``. Counts and amounts are
  ``new_flow`` over the years since the base, places ``rank_change``.
- 年均增长, 累计 and a growth column that names a past year of its own say by themselves what they are (``columns``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingestion.plans.columns import Role
from ingestion.plans.grammar import arabic_years
from ingestion.plans.periods import FIVE_YEAR, Window, five_years
from ingestion.registry import Registry

_GROWTH = re.compile(r"增长|增速|增幅|增减|涨幅|增加(?!值)|提高|提升|变化|净增|新增|同比|[比较](?:上一?年|去年|基期)")
_OF_ITSELF = re.compile(r"年均|累计")
_SINCE = re.compile(rf"同比|[比较](?:(?P<last>上一?年|去年)|(?P<base>基期)|(?P<year>(?:19|20)\d\d)年?|{FIVE_YEAR})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPEED = re.compile(r"增速|增长率|增长速度")
_AMOUNT = re.compile(r"净增|新增|增减|增加|提高|提升|变化")
_POINTS = frozenset({"个百分点", "百分点"})
_RATES = frozenset({"%", "‰", "倍"})


def growth_role(header: str, beside: Role | None, window: Window, unit: str | None) -> Role | None:
    """The role of a column of growth, or None where the header is none or says by itself what it is.

    Args:
        header: folded, without blanks.
        beside: the nearest column of levels before it.
        window: the years of the plan.
        unit: the unit printed in the header; without one 净增 counts in the unit of its row, 增速 is in percent.
    """
    header = arabic_years(header)
    if beside is None or not _GROWTH.search(header) or _OF_ITSELF.search(header) or not beside.period.isdigit():
        return None
    since = _SINCE.search(header)
    own = _YEAR.search(header.replace(since.group(), "", 1) if since else header)
    if own is not None and own.group() != beside.period:
        return None
    year = int(beside.period)
    unit = unit or (None if _AMOUNT.search(header) else "%")
    base = _base(since, year, window)
    if beside.kind != "target":
        return Role("growth", None, beside.period, unit, base=base, is_growth=True)
    speed = _SPEED.search(header) and since is None and window.start != window.end
    return Role("target", "growth_avg" if speed else "growth_total", beside.period, unit, base=base, is_growth=True)


def _base(since: re.Match[str] | None, year: int, window: Window) -> str | None:
    if since is None:
        return None
    if since["year"]:
        return since["year"]
    if since["fyp"]:
        return str(five_years(since["fyp"])[1])
    return str(window.base_year) if since["base"] else str(year - 1)


def grown(role: Role, unit: str | None, registry: Registry) -> Role:
    """The role of one number in a column of growth, told by its unit: a rate, points, or a count newly added."""
    known = registry.unit(unit) if unit is not None else None
    if unit in _RATES or (unit is None and role.unit in _RATES):
        return role
    if role.kind != "target":
        return replace(role, kind="change")
    if unit in _POINTS or (known is not None and known.unit in _POINTS):
        return role
    return replace(role, target_kind="rank_change" if unit in ("位", "名") else "new_flow")


def reported(own_kind: str | None, unit: str | None) -> str | None:
    """The kind of a number that says itself, in a column of what was reported, that it is no level; None: a level."""
    if own_kind in ("growth_avg", "growth_total"):
        return "change" if unit in _POINTS else "growth"
    if own_kind in ("new_flow", "rank_change"):
        return "change"
    return "rank" if own_kind == "rank" else None
