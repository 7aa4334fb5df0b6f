"""The period that a number describes, how it is known, and the period it is compared with.

What belongs here: time of one number whose role is known. What does not: time phrases (``grammar``), roles (``roles``).
"""

from __future__ import annotations

import re

from ingestion.plans.carry import State
from ingestion.plans.clauses import Clause
from ingestion.plans.periods import PeriodPhrase, Window, five_years_of, span_text

_AT_BEGINNING = re.compile(
    r"(?<![比较从由自])年初(?!步|以来|[至到起]|计划|确定|制定|下达|安排|预算|目标),?[^,。;:、()\d]{0,24}$"
)
_AT_A_POINT = frozenset({"stock", "ratio", "index"})
_RELATIVE = frozenset({"growth_avg", "growth_total"})
_FLOWS = frozenset({"new_flow", "cumulative_flow"})


def time_of(
    window: Window,
    clause: Clause,
    state: State,
    kinds: tuple[str, str | None],
    indicator_type: str | None,
    *,
    is_flow: bool,
    is_total: bool,
    retrospective: bool,
) -> tuple[str, str, str | None]:
    """Period, its basis and base period of a number.

    Args:
        window: the years of the plan.
        clause: the stretch before the number.
        state: what carries over to it.
        kinds: kind and target kind.
        indicator_type: of the indicator, None where unresolved.
        is_flow: whether it counts what was newly added.
        is_total: whether it is the sum over the span that governs.
        retrospective: whether the section looks back.
    """
    kind, target_kind = kinds
    governing = state.governing
    basis = state.basis if governing else "inferred"
    if kind == "target":
        return _target_time(window, state, target_kind, basis)
    if clause.states_former and kind in ("actual", "share", "rank"):
        named = clause.former or clause.base
        if named or (kind == "rank" and state.base):
            return named or str(state.base), "printed" if named else "carried", None
        if clause.is_former and state.former is not None and governing and state.former < governing.period:
            return state.former, "carried", None
        return _year_before(governing, window, retrospective), "inferred", None
    period = governing.period if governing else str(window.base_year)
    if kind in ("growth", "change", "other"):
        level = state.level_period or period
        if level == state.base:  # …,2015年8家,比2015年增长…: of the level before that one, or of the time that governs
            level = state.earlier_level or period
        if clause.is_compared:
            return level, basis, state.base if level != state.base else None
        if governing and basis == "printed" and not governing.span and level < period:
            level = period  # 2019年末310家,2020年新增82家
        return level, basis, state.base if level != state.base else None
    if is_flow and governing is not None:
        return governing.flow_span(window), basis, None
    if indicator_type == "flow" and is_total and retrospective and governing and _is_last(governing, basis, window):
        return span_text(five_years_of(governing.year)[0], governing.year), "inferred", None
    yearly = indicator_type == "flow" and basis == "carried" and not is_total  # “十三五”期间…。…产值96亿元
    at_end = indicator_type in _AT_A_POINT or kind == "rank" or yearly
    if governing is not None and governing.span and at_end:
        period = str(governing.span[1])
    return period, basis, None


def at_beginning(masked: str, position: int, period: str) -> str:
    """The year before, of a level at the beginning of a year: 年初有高新技术企业|312家."""
    begins = _AT_BEGINNING.search(masked, max(0, position - 40), position) if period.isdigit() else None
    return str(int(period) - 1) if begins is not None else period


def _is_last(governing: PeriodPhrase, basis: str, window: Window) -> bool:
    """Whether only the last year of what lies behind a plan of several years governs: 累计 then sums those years."""
    is_base = governing.span is None and governing.year == window.base_year and window.end > window.start
    return is_base and basis == "carried"


def _target_time(window: Window, state: State, target_kind: str | None, basis: str) -> tuple[str, str, str | None]:
    governing = state.governing
    if target_kind in _FLOWS:
        return governing.flow_span(window) if governing else span_text(window.start, window.end), basis, None
    return (
        milestone_of(window, governing),
        basis,
        (state.base or str(window.base_year)) if target_kind in _RELATIVE else None,
    )


def milestone_of(window: Window, governing: PeriodPhrase | None) -> str:
    """The period by which something is to be reached: the end of the time that governs, else of the plan."""
    year = str(governing.year if governing else window.end)
    if governing and governing.period.startswith(f"{year}-") and not governing.span:
        return governing.period  # half a year or a quarter
    return year


def _year_before(governing: PeriodPhrase | None, window: Window, retrospective: bool) -> str:
    """The year that 从60% of an unnamed year came from: before the span that governs, or the base of the plan."""
    if governing and governing.span and governing.role == "actual":
        return str(governing.span[0] - 1)
    role = governing.role if governing else "open"
    ahead = role == "target" or (role == "open" and not retrospective)
    return str(window.base_year if ahead else window.base_year - max(1, window.end - window.start + 1))
