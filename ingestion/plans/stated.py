"""Records of stated relations: place, interval, base unit, and the figures that their numbers are.

What belongs here: building one record of the lake. What does not: which relations there are (``relations``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ingestion.documents.blocks import Paragraph
from ingestion.figures import Place, RelationOperand, StatedRelation, hashed_id
from ingestion.plans.counted import Part
from ingestion.plans.drafts import Plan, place_of, section_of
from ingestion.plans.names import Subject
from ingestion.plans.operands import Size, as_printed, operand_record
from ingestion.plans.quantities import Quantity
from ingestion.plans.tokens import Token
from ingestion.quantity import Interval, PrintedNumber, rounding_interval, scaled, stored_interval, stored_value


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation with the numbers that it speaks of."""

    relation: StatedRelation
    operands: tuple[RelationOperand, ...]


@dataclass(frozen=True)
class Page:
    """A paragraph with what was read of its numbers, by where they begin."""

    plan: Plan
    block: Paragraph
    quantities: Mapping[int, Quantity]

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the paragraph stands."""
        first, last = self.block.content.span(start, end)
        return place_of(self.plan, first, last, section_of(self.block.path, self.block.box))

    def printed(self, start: int, end: int) -> str:
        """A stretch as it is printed."""
        return self.block.content.printed(self.plan.document.text, start, end)

    def figure_id(self, start: int) -> str | None:
        """The id of the figure that begins at a place, where a quantity was read there."""
        item = self.quantities.get(start)
        if item is None:
            return None
        place = self.place(item.start, item.end)
        return hashed_id("fig", self.plan.source.sha256, place.position, item.ordinal)


def operand_of(page: Page, relation_id: str, ordinal: int, part: Part, role: str = "part") -> RelationOperand:
    """A number as an operand, in the base unit of its dimension."""
    return _part_operand(page, relation_id, ordinal, role, part, amount_of(page, part.token))


def percent_of(page: Page, relation_id: str, ordinal: int, part: Part) -> RelationOperand:
    """A share as an operand, in per cent as the whole of 100 is."""
    return _part_operand(page, relation_id, ordinal, "part", part, as_printed(part.token.number))


def _part_operand(page: Page, relation_id: str, ordinal: int, role: str, part: Part, size: Size) -> RelationOperand:
    return operand_record(
        relation_id,
        ordinal,
        role,
        label=part.label,
        printed_text=page.printed(part.start, part.end),
        size=size,
        figure_id=page.figure_id(part.start),
        times=part.times,
    )


def amount_of(page: Page, token: Token) -> Size:
    """Value and interval in the base unit; things counted one by one are exact."""
    return _in_base(page, token.number, token.unit)


def _in_base(page: Page, number: PrintedNumber, printed_unit: str | None) -> Size:
    unit = page.plan.names.registry.unit(printed_unit or "")
    factor = unit.factor if unit else Decimal(1)
    value = stored_value(scaled(number.value, factor))
    counted = unit is not None and unit.dimension in ("count", "persons", "person_times") and factor == 1
    if counted and number.decimals == 0:
        return value, Interval(value, value, lo_closed=True, hi_closed=True)
    rounded = rounding_interval(number)
    lo = scaled(rounded.lo, factor) if rounded.lo is not None else None
    hi = scaled(rounded.hi, factor) if rounded.hi is not None else None
    return value, stored_interval(Interval(lo, hi, rounded.lo_closed, rounded.hi_closed))


def said(page: Page, item: Quantity) -> RelationOperand:
    """A level in its base unit, as an operand of relations to come."""
    return _level_operand(page, "", 1, "whole", item, _in_base(page, item.number, item.unit))


def level_of(page: Page, relation_id: str, ordinal: int, role: str, item: Quantity) -> RelationOperand:
    """A level as an operand, as printed."""
    return _level_operand(page, relation_id, ordinal, role, item, as_printed(item.number))


def _level_operand(
    page: Page, relation_id: str, ordinal: int, role: str, item: Quantity, size: Size
) -> RelationOperand:
    return operand_record(
        relation_id,
        ordinal,
        role,
        label=item.subject.name,
        printed_text=page.printed(item.start, item.end),
        size=size,
        figure_id=page.figure_id(item.start),
    )


def relation_record(
    plan: Plan,
    relation_id: str,
    place: Place,
    subject: Subject,
    kind: str,
    *,
    printed_text: str,
    value: Decimal | None,
    interval: Interval | None,
    unit: str | None,
    figure_id: str | None,
    coverage: str | None = None,
    wording: str | None = None,
    direction: str | None = None,
    period: str | None = None,
    base_period: str | None = None,
    named_period: str | None = None,
    stated_years: int | None = None,
) -> StatedRelation:
    """The record of a relation: what was read of it, with document, subject and place."""
    alias = subject.alias if subject.alias is not None and subject.alias.indicator_code else None
    return StatedRelation(
        relation_id=relation_id,
        position=place.position,
        source_id=plan.source.source_id,
        document_id=plan.source.document_id,
        region_code=subject.region_code or plan.region_code,
        indicator_code=alias.indicator_code if alias else None,
        variant=alias.variant if alias else "_T",
        breakdown=alias.breakdown if alias else "_T",
        indicator_as_printed=subject.name.replace("\ufffc", ""),
        relation_kind=kind,
        coverage=coverage,
        wording=wording,
        direction=direction,
        period=period,
        base_period=base_period,
        named_period=named_period,
        stated_years=stated_years,
        printed_text=printed_text,
        value=value,
        value_lo=interval.lo if interval else None,
        value_hi=interval.hi if interval else None,
        lo_closed=interval.lo_closed if interval else None,
        hi_closed=interval.hi_closed if interval else None,
        unit=unit,
        figure_id=figure_id,
        section=place.section,
        line_start=place.line_start,
        line_end=place.line_end,
        page=place.page,
        address=place.address,
    )
