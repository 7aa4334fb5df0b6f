"""Changes told with their levels as records of the lake: the change, and the numbers that it lies between.

What belongs here: from what was read to relation and operands. What does not: reading (``told_changes``), other
relations (``relations``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ingestion.documents.blocks import Paragraph
from ingestion.figures import RelationOperand, hashed_id
from ingestion.plans.change_words import MOVE
from ingestion.plans.drafts import Plan
from ingestion.plans.grammar import mask
from ingestion.plans.names import Subject
from ingestion.plans.operands import Size, operand_record
from ingestion.plans.periods import Window, span_text
from ingestion.plans.quantities import Quantity
from ingestion.plans.stated import Page, Stated, amount_of, relation_record
from ingestion.plans.tokens import Token, tokens_in
from ingestion.plans.told_changes import read_changes
from ingestion.plans.told_levels import Level, Told
from ingestion.plans.told_trends import read_trends
from ingestion.quantity import Interval, scaled, stored_interval, stored_value
from ingestion.registry import Registry

_MAY_CHANGE = re.compile(rf"{MOVE.pattern}|倍|番")
_HUNDRED = Decimal(100)


def read_told(text: str, registry: Registry, window: Window) -> tuple[Told, ...]:
    """The changes and trends of one folded paragraph; none where it has no word of change or no two numbers."""
    if not _MAY_CHANGE.search(text):
        return ()
    masked = mask(text)
    tokens = tokens_in(masked, registry)
    if len(tokens) < 2:
        return ()
    trends = tuple(read_trends(masked, tokens))
    places = {(item.kind, item.token.start) for item in trends}
    changes = read_changes(masked, tokens, registry, window)
    return (*(item for item in changes if (item.kind, item.token.start) not in places), *trends)


def stated_changes(
    plan: Plan, block: Paragraph, told: Sequence[Told], quantities: Sequence[Quantity]
) -> Iterator[Stated]:
    """The changes that a paragraph tells together with their levels.

    Args:
        plan: what holds for the whole document.
        block: the paragraph.
        told: its changes.
        quantities: what was read of its numbers.
    """
    page = Page(plan, block, {item.start: item for item in quantities})
    for item in told:
        yield _stated(page, item)


def _stated(page: Page, item: Told) -> Stated:
    place = page.place(item.token.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, item.kind, place.position)
    subject = _subject(page, item)
    period, base_period = _periods(page, item)
    value, interval = _amount(page, item.token)
    is_direction = item.kind == "direction"
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        subject,
        item.kind,
        wording=item.wording or None,
        direction=item.direction,
        period=period or str(page.plan.window.base_year),
        base_period=base_period,
        named_period=span_text(*item.named) if item.named and item.kind == "average_growth" else None,
        stated_years=_years(item, period, base_period),
        printed_text=page.printed(item.token.start, item.token.end),
        value=None if is_direction else value,
        interval=None if is_direction else interval,
        unit=None if is_direction else item.token.unit,
        figure_id=None if is_direction else page.figure_id(item.token.start),
    )
    numbers = [("later", item.later.token)]
    if item.former is not None:
        numbers.append(("former", item.former.token))
    if item.difference is not None:
        numbers.append(("difference", item.difference))
    operands = (
        _operand(page, relation_id, ordinal, role, token, subject.name)
        for ordinal, (role, token) in enumerate(numbers, start=1)
    )
    return Stated(relation, tuple(operands))


def _subject(page: Page, item: Told) -> Subject:
    """What changed: the name read for the first of the two levels, which stands with it."""
    levels = sorted(level.token.start for level in (item.former, item.later) if level is not None)
    named = (page.quantities[start].subject for start in levels if start in page.quantities)
    change = page.quantities.get(item.token.start)
    return next(named, None) or (change.subject if change else Subject("所述指标", None, None, item.token.start))


def _periods(page: Page, item: Told) -> tuple[str | None, str | None]:
    """The years of the two levels, as printed with them or read of their figures; of a trend its whole span."""
    if item.series is not None:
        return span_text(*item.series), None
    later = _year(page, item.later, is_later=True)
    former = _year(page, item.former, is_later=False) if item.former is not None else None
    turned = later is not None and former is not None and former[:4] >= later[:4]
    return later, None if turned else former


def _years(item: Told, period: str | None, base_period: str | None) -> int | None:
    """How many years lie between the levels: by their own years, else as the sentence says."""
    if period and base_period and period.isdigit() and base_period.isdigit():
        return int(period) - int(base_period)
    return item.years or (item.named[1] - item.named[0] + 1 if item.named else None)


def _year(page: Page, level: Level, *, is_later: bool) -> str | None:
    if level.year is not None:
        return str(level.year)
    item = page.quantities.get(level.token.start)
    if item is None or (is_later and not item.period.isdigit()) or (not is_later and item.period_basis == "inferred"):
        return None
    return item.period


def _operand(page: Page, relation_id: str, ordinal: int, role: str, token: Token, label: str) -> RelationOperand:
    return operand_record(
        relation_id,
        ordinal,
        role,
        label=label.replace("\ufffc", "") or "所述指标",
        printed_text=page.printed(token.start, token.end),
        size=_amount(page, token),
        figure_id=page.figure_id(token.start),
    )


def _amount(page: Page, token: Token) -> Size:
    """Value and interval in the base unit, ratios in per cent; a place is exact."""
    value, interval = amount_of(page, token)
    unit = page.plan.names.registry.unit(token.unit or "")
    if token.sort == "rank" or token.unit in ("位", "名"):
        return value, Interval(value, value, lo_closed=True, hi_closed=True)
    if unit is None or unit.dimension != "ratio":
        return value, interval
    lo = scaled(interval.lo, _HUNDRED) if interval.lo is not None else None
    hi = scaled(interval.hi, _HUNDRED) if interval.hi is not None else None
    widened = stored_interval(replace(interval, lo=lo, hi=hi))
    return stored_value(scaled(value, _HUNDRED)), widened
