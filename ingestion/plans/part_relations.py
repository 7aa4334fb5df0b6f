"""Relations of parts and wholes as records: sums, shares, wholes that a share implies, averages.

What belongs here: which operands each of them has. What does not: reading them (``enumerations``, ``told_shares`` …),
movements and ranks (``relations``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ingestion.figures import Definition, Place, RelationOperand, StatedRelation, hashed_id
from ingestion.plans.amounts import Amount, Amounts
from ingestion.plans.counted import Enumeration, Part, Partition, Share, ShareList
from ingestion.plans.counted_shares import CountedShare
from ingestion.plans.glossary import listed_kinds
from ingestion.plans.names import Subject
from ingestion.plans.operands import as_printed
from ingestion.plans.per_unit import Average
from ingestion.plans.stated import Page, Stated, amount_of, operand_of, percent_of, relation_record
from ingestion.plans.tokens import Token
from ingestion.plans.told_shares import ToldShare
from ingestion.quantity import Interval, stored_interval, stored_value

_SPENT_BY = ("activity", "performer")
"""Dimensions by which only expenditure on R&D is broken down in money."""
_NEAR = Decimal("0.2")
"""How far parts without a total may miss the amount that they seem to be of, to be taken for its parts."""


def sum_of(page: Page, item: Enumeration) -> Stated:
    """A total with its parts."""
    total = item.total
    place = page.place(total.start, max(total.end, *(part.end for part in item.parts)))
    relation_id = hashed_id("rel", page.plan.source.sha256, "sum", place.position, item.coverage)
    quantity = page.quantities.get(total.start)
    parts = (page.quantities.get(part.start) for part in item.parts)
    dated = quantity or next((part for part in parts if part is not None), None)
    own = Subject(total.label or "合计", None, None, total.start)
    value, interval = amount_of(page, total.token)
    unit = page.plan.names.registry.unit(total.token.unit or "")
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        quantity.subject if quantity and total.start < item.parts[0].start else own,
        "sum",
        coverage=item.coverage,
        period=dated.period if dated else str(page.plan.window.base_year),
        printed_text=page.printed(total.start, total.end),
        value=value,
        interval=interval,
        unit=unit.unit if unit else total.token.unit,
        figure_id=page.figure_id(total.start),
    )
    operands = tuple(operand_of(page, relation_id, ordinal, part) for ordinal, part in enumerate(item.parts, start=1))
    return Stated(relation, operands)


def share_of(page: Page, item: Share) -> Stated:
    """A share of a total that its part is enumerated under."""
    place = page.place(item.part.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "share", place.position)
    quantity = page.quantities.get(item.part.start)
    relation = _share_record(
        page,
        relation_id,
        place,
        quantity.subject if quantity else Subject(item.part.label, None, None, item.part.start),
        "share",
        item.token,
        period=quantity.period if quantity else str(page.plan.window.base_year),
        unit=item.token.unit,
    )
    operands = (
        operand_of(page, relation_id, 1, item.part),
        operand_of(page, relation_id, 2, item.total, role="whole"),
    )
    return Stated(relation, operands)


def shares_of(page: Page, item: ShareList) -> Stated:
    """Shares that make up a whole."""
    parts = item.parts
    place = page.place(parts[0].start, parts[-1].end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "shares", place.position)
    quantity = page.quantities.get(parts[0].start)
    name = "、".join(part.label for part in parts)
    whole = Interval(Decimal(100), Decimal(100), lo_closed=True, hi_closed=True)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        Subject(name[:60], None, None, parts[0].start),
        "shares",
        coverage=item.coverage,
        period=quantity.period if quantity else str(page.plan.window.base_year),
        printed_text=page.printed(parts[0].start, parts[-1].end),
        value=stored_value(Decimal(100)),
        interval=stored_interval(whole),
        unit="%",
        figure_id=None,
    )
    return Stated(relation, tuple(percent_of(page, relation_id, n, part) for n, part in enumerate(parts, start=1)))


def told_share_of(page: Page, item: ToldShare) -> Stated:
    """A share with its part and its whole; of a whole that is only named, what it implies."""
    first = item.part.start if isinstance(item.part, Part) else item.token.start
    place = page.place(min(first, item.token.start), item.token.end)
    kind = "share" if item.whole is not None else "implied_whole"
    relation_id = hashed_id("rel", page.plan.source.sha256, kind, place.position)
    quantity = page.quantities.get(item.part.start) if isinstance(item.part, Part) else None
    own = Subject(item.part.label, None, None, first)
    named = Subject(item.whole_name, page.plan.names.exact(item.whole_name), None, item.token.start)
    relation = _share_record(
        page,
        relation_id,
        place,
        named if item.whole is None else quantity.subject if quantity else own,
        kind,
        item.token,
        period=item.period or str(page.plan.window.base_year),
        unit=item.token.unit if item.whole is not None else _unit(page, item.unit),
    )
    operands = [_operand(page, relation_id, 1, "part", item.part)]
    if item.whole is not None:
        operands.append(_operand(page, relation_id, 2, "whole", item.whole))
    return Stated(relation, tuple(operands))


def counted_share_of(page: Page, item: CountedShare) -> Stated:
    """A share of things with how many they are."""
    place = page.place(item.whole.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "counted_share", place.position)
    quantity = page.quantities.get(item.whole.start)
    subject = quantity.subject if quantity else Subject("所述单位", None, None, item.whole.start)
    relation = _share_record(
        page,
        relation_id,
        place,
        subject,
        "counted_share",
        item.token,
        period=quantity.period if quantity else str(page.plan.window.base_year),
        unit=item.token.unit,
    )
    whole = Part(item.whole.start, item.whole.end, item.whole, subject.name)
    return Stated(relation, (operand_of(page, relation_id, 1, whole, role="whole"),))


def _share_record(
    page: Page,
    relation_id: str,
    place: Place,
    subject: Subject,
    kind: str,
    token: Token,
    *,
    period: str,
    unit: str | None,
) -> StatedRelation:
    """The record of a share as printed."""
    value, interval = as_printed(token.number)
    return relation_record(
        page.plan,
        relation_id,
        place,
        subject,
        kind,
        period=period,
        printed_text=page.printed(token.start, token.end),
        value=value,
        interval=interval,
        unit=unit,
        figure_id=page.figure_id(token.start),
    )


def _unit(page: Page, printed: str | None) -> str | None:
    unit = page.plan.names.registry.unit(printed or "")
    return unit.unit if unit is not None else printed


def average_of(page: Page, item: Average) -> Stated:
    """An average with what is divided, and each number that it may be divided by."""
    place = page.place(item.token.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "average", place.position)
    value, interval = amount_of(page, item.token)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        Subject(item.label, None, None, item.token.start),
        "average",
        period=item.period,
        printed_text=page.printed(item.token.start, item.token.end),
        value=value,
        interval=interval,
        unit=_unit(page, item.token.unit),
        figure_id=page.figure_id(item.token.start),
    )
    below = enumerate(item.denominators, start=2)
    operands = (
        _operand(page, relation_id, 1, "numerator", item.numerator),
        *(_operand(page, relation_id, ordinal, "denominator", other) for ordinal, other in below),
    )
    return Stated(relation, operands)


def partition_of(page: Page, item: Partition, amounts: Amounts) -> Stated | None:
    """Parts without a total of their own, where the document has printed what they are surely parts of."""
    dated = next((page.quantities[part.start] for part in item.parts if part.start in page.quantities), None)
    period, total = (dated.period, amounts.of_series("rd_expenditure", dated.period)) if dated else ("", None)
    if dated is None:
        period, total = amounts.only_one_of("rd_expenditure") or ("", None)
    if total is None or total.dimension != "money" or not _is_spent_by(page, item.parts):
        return None
    place = page.place(item.parts[0].start, item.parts[-1].end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "sum", place.position, item.coverage)
    operands = tuple(operand_of(page, relation_id, n, part) for n, part in enumerate(item.parts, start=1))
    if abs(sum(operand.value for operand in operands) - total.operand.value) > _NEAR * total.operand.value:
        return None
    return Stated(_of_known_total(page, relation_id, item, total, period), operands)


def _of_known_total(page: Page, relation_id: str, item: Partition, total: Amount, period: str) -> StatedRelation:
    known = total.operand
    name = page.plan.names.registry.indicators["rd_expenditure"].name_zh
    return relation_record(
        page.plan,
        relation_id,
        page.place(item.parts[0].start, item.parts[-1].end),
        Subject(name, page.plan.names.exact(name), None, item.parts[0].start),
        "sum",
        coverage=item.coverage,
        period=period,
        printed_text=known.printed_text,
        value=known.value,
        interval=Interval(known.value_lo, known.value_hi, True, known.value_lo == known.value_hi),
        unit=_unit(page, item.parts[0].token.unit),
        figure_id=known.figure_id,
    )


def defined_sums(page: Page, definition: Definition, amounts: Amounts) -> Iterator[Stated]:
    """The kinds that a glossary says an indicator counts, against the number used, where all of them are printed."""
    kinds = listed_kinds(definition.definition)
    end = len(page.block.content.text)
    for period in amounts.periods_of(definition.term) if kinds else ():
        total = amounts.find(definition.term, period)
        parts = [amounts.find(kind, period) for kind in kinds]
        if total is None or any(part is None or part.dimension != total.dimension for part in parts):
            continue
        place = page.place(0, end)
        relation_id = hashed_id("rel", page.plan.source.sha256, "sum", place.position, period)
        known = total.operand
        relation = relation_record(
            page.plan,
            relation_id,
            place,
            Subject(definition.term, page.plan.names.exact(definition.term), None, 0),
            "sum",
            coverage="defined",
            period=period,
            printed_text=known.printed_text,
            value=known.value,
            interval=Interval(known.value_lo, known.value_hi, True, known.value_lo == known.value_hi),
            unit=total.unit,
            figure_id=known.figure_id,
        )
        found = [part.operand for part in parts if part is not None]
        operands = (_operand(page, relation_id, n, "part", part) for n, part in enumerate(found, start=1))
        yield Stated(relation, tuple(operands))


def _is_spent_by(page: Page, parts: Sequence[Part]) -> bool:
    """Whether the labels are those of one breakdown of expenditure on R&D: kinds of activity, performers."""
    known = page.plan.names.registry.breakdown_labels
    found = [
        {code.split("=")[0] for label, code in known.items() if label in part.label and code.startswith(_SPENT_BY)}
        for part in parts
    ]
    return len(parts) > 2 and bool(set.intersection(*found))


def _operand(page: Page, relation_id: str, ordinal: int, role: str, item: Part | RelationOperand) -> RelationOperand:
    if isinstance(item, Part):
        return operand_of(page, relation_id, ordinal, item, role)
    return replace(item, relation_id=relation_id, ordinal=ordinal, role=role)
