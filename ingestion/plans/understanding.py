"""What one number says of its subject: kind, time, comparator, strength.

What belongs here: putting role and time of one number together. What does not: roles (``roles``), time (``timing``),
the subject (``subject_choice``), what carries on from number to number (``sentences``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingestion.plans.carry import State
from ingestion.plans.clauses import Clause, Context, Text, comparator_of
from ingestion.plans.grammar import FLOW, STRIVE, is_fall
from ingestion.plans.names import unit_meant
from ingestion.plans.periods import PeriodPhrase
from ingestion.plans.quantities import Quantity
from ingestion.plans.roles import is_average, is_kept, is_target, kind_of
from ingestion.plans.timing import at_beginning, time_of
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST
from ingestion.quantity import PrintedNumber, comparator_between

_PER_YEAR = re.compile(r"每年|年均|平均每")
_FLIP = {"ge": "le", "le": "ge", "gt": "lt", "lt": "gt"}
_TOTAL = re.compile(r"累计|(?<!公)共(?![建享同])|合计|总计")
_FALLING = frozenset({"growth", "change", "growth_avg", "growth_total"})


def understand(whole: Text, token: Token, clause: Clause, state: State, start: int, fresh: bool) -> Quantity | None:
    """The quantity that a number states of the subject spoken of; None where it is none that is kept."""
    if state.subject is None:
        return None
    context = Context(state.subject, state.governing, state.basis)
    is_listed = 0 <= state.listed[1] < token.start
    comparator = _comparator(whole, token, clause, state.listed[1] if is_listed else None)
    if clause.elsewhere is not None:
        return _difference(whole, token, clause, state)
    span = whole.plain[state.listed[0] : state.listed[1]] if is_listed else whole.plain[start : token.start]
    after_flow = state.is_flow and fresh and span.startswith("、") and comparator == "eq"
    target = is_target(whole, token, clause, context, comparator)
    if target is None and after_flow and state.was_target:
        target = True  # 新增甲3—5家、乙2家
    state.was_target = target is True
    if target is None:
        return None
    if not target:
        comparator = comparator_of(whole.masked, token, clause, is_target=False)
    kinds = kind_of(whole, token, clause, context, target, span, after_flow)
    if kinds is None or not is_kept(whole, token, clause, context, kinds, comparator, span):
        return None
    kind, target_kind = kinds
    named = state.subject
    if target_kind in ("new_flow", "cumulative_flow") and _PER_YEAR.search(span):
        named = replace(named, name=f"每年{named.name.removeprefix('每年')}", alias=None)
    number = token.number
    if clause.cue and is_fall(clause.cue) and (target_kind or kind) in _FALLING:
        number = PrintedNumber(-number.value, number.decimals)
        comparator = _FLIP.get(comparator, comparator)
    accumulated = "累计" in span and fresh and start > 0
    is_flow = FLOW.search(state.subject.name) is not None and not accumulated
    state.is_flow = after_flow or FLOW.search(span) is not None
    code = context.code
    sort = whole.names.registry.indicators[code].indicator_type if code else None
    period, basis, base = time_of(
        whole.window,
        clause,
        state,
        kinds,
        sort,
        is_flow=is_flow,
        is_total=_TOTAL.search(whole.plain, max(min(start, state.subject.start), token.start - LONGEST), token.start)
        is not None,
        retrospective=whole.setting.retrospective,
    )
    if kind == "actual":
        period = at_beginning(whole.masked, token.start, period)
    if kind == "growth" and base is not None and is_average(clause, span) and not clause.is_compared:
        base = _base_of_average(state.governing, start, period, base)
    strive = STRIVE.search(whole.plain, max(start, token.start - 40), token.start) or token.start < state.strive_until
    return Quantity(
        start=token.start,
        end=token.end,
        number=number,
        high=token.high,
        unit=unit_meant(named.name, token.unit),
        subject=named,
        statement=state.statement,
        kind=kind,
        period=period,
        period_basis=basis,
        target_kind=target_kind,
        comparator=comparator,
        strength=("strive" if strive else "firm") if target else None,
        base_period=base,
    )


def _comparator(whole: Text, token: Token, clause: Clause, listed: int | None) -> str:
    """The comparator of a target; in an enumeration that of its first number (分别达到300家、150家)."""
    found = comparator_of(whole.masked, token, clause, is_target=True)
    if found == "eq" and listed is not None:
        return comparator_between(whole.masked[max(0, listed - 8) : listed], "", is_target=True)
    return found


def _difference(whole: Text, token: Token, clause: Clause, state: State) -> Quantity | None:
    """How far the region is from another place: kept as printed, it is no value of the indicator."""
    governing = state.governing
    if state.subject is None or (governing is None and not whole.setting.aims):
        return None
    return Quantity(
        start=token.start,
        end=token.end,
        number=token.number,
        high=token.high,
        unit=token.unit,
        subject=replace(state.subject, name=f"{state.subject.name}{clause.elsewhere}", alias=None),
        statement=state.statement,
        kind="other",
        period=state.level_period or (governing.period if governing else str(whole.window.end)),
        period_basis=state.basis if governing else "inferred",
        comparator=comparator_of(whole.masked, token, clause, is_target=False),
    )


def _base_of_average(governing: PeriodPhrase | None, start: int, period: str, base: str) -> str | None:
    """The base of an average growth: the year before the plan that it names, and never the year before its own end."""
    plan = governing.span if governing is not None and governing.start >= start else None
    first = int(plan[0] if plan else period[:4]) - 1
    return base if (base == str(first)) == (plan is not None) else None
