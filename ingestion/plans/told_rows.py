"""Rows of a table that print an average growth beside its two levels: 2.15 | 3.80 | 12.1, as relations of the lake.

What belongs here: finding the levels of such a cell in its own row. What does not: reading tables (``tables``), changes
in sentences (``told_changes``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from ingestion.figures import RelationOperand, hashed_id
from ingestion.plans.drafts import Draft, Plan
from ingestion.plans.names import Subject
from ingestion.plans.operands import as_printed, operand_record
from ingestion.plans.stated import Stated, relation_record
from ingestion.quantity import rounding_interval, stored_interval, stored_value

_ROW = re.compile(r"(?:^|!)(?:R\d+(?=C))")


def with_rows(plan: Plan, drafts: Iterable[Draft]) -> Iterator[Draft | Stated]:
    """The quantities of one table, and behind each row the average growths whose levels stand in it.

    Args:
        plan: what holds for the whole document.
        drafts: the quantities of the table, row by row.
    """
    row: list[Draft] = []
    for draft in drafts:
        if row and _row(draft) != _row(row[0]):
            yield from _told(plan, row)
            row = []
        row.append(draft)
        yield draft
    yield from _told(plan, row)


def _told(plan: Plan, row: Sequence[Draft]) -> Iterator[Stated]:
    for draft in row:
        pair = _levels(row, draft) if draft.meaning.target_kind == "growth_avg" else None
        if pair is not None:
            yield _stated(plan, draft, *pair)


def _row(draft: Draft) -> Hashable:
    """Where the row of a cell stands: table and row of a real table, the line of one typed into text."""
    match = _ROW.search(draft.place.cell or "")
    at = (draft.place.cell or "")[: match.end()] if match else (draft.place.line_start, draft.place.line_end)
    return at, draft.meaning.indicator_as_printed, draft.meaning.region_code


def _levels(row: Sequence[Draft], growth: Draft) -> tuple[Draft, Draft] | None:
    """The one level of the base and the one to be reached; None where either is missing, doubled or not exact."""
    meaning = growth.meaning
    exact = [item for item in row if item.number is not None and item.high is None and item.unit is not None]
    base = [d for d in exact if d.meaning.kind in ("baseline", "actual") and d.meaning.period == meaning.base_period]
    end = [d for d in exact if d.meaning.target_kind == "level" and d.meaning.period == meaning.period]
    if growth.number is None or growth.high is not None or meaning.comparator != "eq" or growth.unit != "%":
        return None
    if len(base) != 1 or len(end) != 1 or base[0].unit != end[0].unit or end[0].unit == "%":
        return None
    return (base[0], end[0]) if end[0].meaning.comparator == base[0].meaning.comparator == "eq" else None


def _stated(plan: Plan, growth: Draft, former: Draft, later: Draft) -> Stated:
    meaning, place = growth.meaning, growth.place
    relation_id = hashed_id("rel", plan.source.sha256, "average_growth", place.position)
    years = int(meaning.period) - int(meaning.base_period) if meaning.base_period and meaning.period.isdigit() else None
    number = growth.number
    assert number is not None  # _levels saw to it
    relation = relation_record(
        plan,
        relation_id,
        place,
        Subject(meaning.indicator_as_printed, None, None, 0),
        "average_growth",
        wording="年均增长",
        direction="down" if number.value < 0 else "up",
        period=meaning.period,
        base_period=meaning.base_period,
        stated_years=years,
        printed_text=growth.printed_text,
        value=stored_value(abs(number.value)),
        interval=stored_interval(rounding_interval(replace(number, value=abs(number.value)))),
        unit=growth.unit,
        figure_id=_figure_id(plan, growth),
    )
    known = replace(
        relation, indicator_code=meaning.indicator_code, variant=meaning.variant, breakdown=meaning.breakdown
    )
    pair = enumerate((("former", former), ("later", later)), start=1)
    return Stated(known, tuple(_operand(plan, relation_id, n, role, draft) for n, (role, draft) in pair))


def _operand(plan: Plan, relation_id: str, ordinal: int, role: str, draft: Draft) -> RelationOperand:
    number = draft.number
    assert number is not None  # _levels saw to it
    return operand_record(
        relation_id,
        ordinal,
        role,
        label=draft.meaning.indicator_as_printed,
        printed_text=draft.printed_text,
        size=as_printed(number),
        figure_id=_figure_id(plan, draft),
    )


def _figure_id(plan: Plan, draft: Draft) -> str:
    return hashed_id("fig", plan.source.sha256, draft.place.position, draft.place.ordinal)
