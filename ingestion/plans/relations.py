"""Stated relations: enumerations and movements of a paragraph as records of the lake, each where it is printed.

What belongs here: from what was read to a record with its place, its interval and the figures that its numbers are.
What does not: reading (``enumerations``, ``movements``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from ingestion.documents.blocks import Paragraph
from ingestion.figures import Place, RelationOperand, StatedRelation, hashed_id
from ingestion.plans.clauses import Setting
from ingestion.plans.counted import Part
from ingestion.plans.drafts import Plan, place_of, section_of
from ingestion.plans.enumerations import Enumeration, Share, may_enumerate, read_enumerations
from ingestion.plans.grammar import RANK, mask
from ingestion.plans.movements import Movement, read_movements
from ingestion.plans.names import Subject
from ingestion.plans.peers import Ranked, read_places
from ingestion.plans.sentences import Quantity
from ingestion.plans.share_lists import read_share_lists
from ingestion.plans.tokens import Token, tokens_in
from ingestion.plans.told_shares import read_told_shares
from ingestion.quantity import Interval, rounding_interval, scaled, stored_interval, stored_value

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation with the numbers that it speaks of."""

    relation: StatedRelation
    operands: tuple[RelationOperand, ...]


def stated_relations(
    plan: Plan,
    block: Paragraph,
    setting: Setting,
    quantities: Sequence[Quantity],
    taken: Set[tuple[str, int]] = frozenset(),
) -> Iterator[Stated]:
    """What a paragraph says of figures by means of other numbers.

    Args:
        plan: what holds for the whole document.
        block: the paragraph.
        setting: what it inherits from its section.
        quantities: what was read of its numbers.
        taken: kind and place of the changes that the paragraph tells together with their levels (``stated_changes``).
    """
    text = block.content.text
    if not _DIGIT.search(text) and not setting.retrospective:
        return
    page = Page(plan, block, {item.start: item for item in quantities})
    speaks = may_enumerate(text) or "占" in text or RANK.search(text) is not None
    masked = mask(text) if speaks else text
    tokens = tokens_in(masked, plan.names.registry) if speaks else ()
    shares: set[int] = set()
    for found in read_enumerations(masked, tokens, plan.names.registry) if may_enumerate(text) else ():
        yield _share(page, found) if isinstance(found, Share) else _sum(page, found)
        shares |= {found.token.start} if isinstance(found, Share) else set()
    if "占" in text:
        told = read_told_shares(masked, tokens, quantities, plan.names)
        yield from (_share(page, share) for share in told if share.token.start not in shares)
        yield from (_share_list(page, parts) for parts in read_share_lists(masked, tokens))
    yield from (_placed(page, place) for place in read_places(masked, tokens))
    for movement in read_movements(text, plan.names, plan.window, setting, quantities):
        at = movement.quantity.start if movement.quantity is not None else -1
        if ((movement.kind if movement.kind == "direction" else ""), at) not in taken:
            yield _moved(page, movement)


@dataclass(frozen=True)
class Page:
    """A paragraph with what was read of its numbers, by where they begin."""

    plan: Plan
    block: Paragraph
    quantities: Mapping[int, Quantity]

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the paragraph stands in the document."""
        first, last = self.block.content.span(start, end)
        return place_of(self.plan, first, last, section_of(self.block.path, self.block.box))

    def printed(self, start: int, end: int) -> str:
        """A stretch of the paragraph as the document prints it."""
        return self.block.content.printed(self.plan.document.text, start, end)

    def figure_id(self, start: int) -> str | None:
        """The id of the figure that begins at a place, where a quantity was read there."""
        item = self.quantities.get(start)
        if item is None:
            return None
        place = self.place(item.start, item.end)
        return hashed_id("fig", self.plan.source.sha256, place.position, item.ordinal)


def _sum(page: Page, item: Enumeration) -> Stated:
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
    operands = tuple(_operand(page, relation_id, ordinal, part) for ordinal, part in enumerate(item.parts, start=1))
    return Stated(relation, operands)


def _share(page: Page, item: Share) -> Stated:
    place = page.place(item.part.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "share", place.position)
    quantity = page.quantities.get(item.part.start)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        quantity.subject if quantity else Subject(item.part.label, None, None, item.part.start),
        "share",
        period=quantity.period if quantity else str(page.plan.window.base_year),
        printed_text=page.printed(item.token.start, item.token.end),
        value=stored_value(item.token.number.value),
        interval=stored_interval(rounding_interval(item.token.number)),
        unit=item.token.unit,
        figure_id=page.figure_id(item.token.start),
    )
    operands = (
        _operand(page, relation_id, 1, item.part),
        _operand(page, relation_id, 2, item.total, role="whole"),
    )
    return Stated(relation, operands)


def _share_list(page: Page, parts: Sequence[Part]) -> Stated:
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
        coverage="complete",
        period=quantity.period if quantity else str(page.plan.window.base_year),
        printed_text=page.printed(parts[0].start, parts[-1].end),
        value=stored_value(Decimal(100)),
        interval=stored_interval(whole),
        unit="%",
        figure_id=None,
    )
    return Stated(relation, tuple(_percent(page, relation_id, n, part) for n, part in enumerate(parts, start=1)))


def _percent(page: Page, relation_id: str, ordinal: int, part: Part) -> RelationOperand:
    """A share as an operand, in per cent as the whole of 100 is."""
    interval = stored_interval(rounding_interval(part.token.number))
    value = stored_value(part.token.number.value)
    lo, hi = interval.lo if interval.lo is not None else value, interval.hi if interval.hi is not None else value
    return replace(_operand(page, relation_id, ordinal, part), value=value, value_lo=lo, value_hi=hi)


def _placed(page: Page, item: Ranked) -> Stated:
    place = page.place(item.start, item.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "place", place.position)
    quantity = page.quantities.get(item.token.start)
    value = stored_value(item.token.number.value)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        quantity.subject if quantity else Subject("位次", None, None, item.token.start),
        "place",
        period=quantity.period if quantity else str(page.plan.window.base_year),
        printed_text=page.printed(item.token.start, item.token.end),
        value=value,
        interval=Interval(value, value, lo_closed=True, hi_closed=True),
        unit="位",
        figure_id=page.figure_id(item.token.start),
    )
    peers = stored_value(item.peers)
    operand = RelationOperand(
        relation_id=relation_id,
        ordinal=1,
        role="peers",
        label="参加排名的地区",
        printed_text=page.printed(item.start, item.peers_end),
        times=1,
        value=peers,
        value_lo=peers,
        value_hi=peers,
        figure_id=None,
    )
    return Stated(relation, (operand,))


def _operand(page: Page, relation_id: str, ordinal: int, part: Part, role: str = "part") -> RelationOperand:
    value, interval = amount_of(page, part.token)
    return RelationOperand(
        relation_id=relation_id,
        ordinal=ordinal,
        role=role,
        label=part.label.replace("\ufffc", ""),
        printed_text=page.printed(part.start, part.end),
        times=part.times,
        value=value,
        value_lo=interval.lo if interval.lo is not None else value,
        value_hi=interval.hi if interval.hi is not None else value,
        figure_id=page.figure_id(part.start),
    )


def amount_of(page: Page, token: Token) -> tuple[Decimal, Interval]:
    """Value and interval in the base unit; things counted one by one are exact."""
    unit = page.plan.names.registry.unit(token.unit or "")
    factor = unit.factor if unit else Decimal(1)
    value = stored_value(scaled(token.number.value, factor))
    counted = unit is not None and unit.dimension in ("count", "persons", "person_times") and factor == 1
    if counted and token.number.decimals == 0:
        return value, Interval(value, value, lo_closed=True, hi_closed=True)
    rounded = rounding_interval(token.number)
    lo = scaled(rounded.lo, factor) if rounded.lo is not None else None
    hi = scaled(rounded.hi, factor) if rounded.hi is not None else None
    return value, stored_interval(Interval(lo, hi, rounded.lo_closed, rounded.hi_closed))


def _moved(page: Page, item: Movement) -> Stated:
    place = page.place(item.start, item.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, item.kind, place.position)
    quantity = item.quantity if item.kind != "direction" else None
    rounded = rounding_interval(quantity.number) if quantity is not None else None
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        item.subject,
        item.kind,
        wording=item.wording or None,
        direction=item.direction,
        period=item.period,
        base_period=item.base_period,
        named_period=item.named_period,
        stated_years=item.stated_years,
        printed_text=page.printed(item.start, item.end),
        value=stored_value(quantity.number.value) if quantity is not None else None,
        interval=stored_interval(rounded) if rounded is not None else None,
        unit=quantity.unit if quantity is not None else None,
        figure_id=page.figure_id(quantity.start) if quantity is not None else None,
    )
    operands: tuple[RelationOperand, ...] = ()
    if item.kind == "direction" and item.former is not None and item.quantity is not None:
        both = (("former", item.former), ("later", item.quantity))
        operands = tuple(_level(page, relation_id, n, role, level) for n, (role, level) in enumerate(both, start=1))
    return Stated(relation, operands)


def _level(page: Page, relation_id: str, ordinal: int, role: str, item: Quantity) -> RelationOperand:
    interval = stored_interval(rounding_interval(item.number))
    value = stored_value(item.number.value)
    return RelationOperand(
        relation_id=relation_id,
        ordinal=ordinal,
        role=role,
        label=item.subject.name,
        printed_text=page.printed(item.start, item.end),
        times=1,
        value=value,
        value_lo=interval.lo if interval.lo is not None else value,
        value_hi=interval.hi if interval.hi is not None else value,
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
