"""Stated relations: what a paragraph says of figures by means of other numbers, kind by kind.

What belongs here: asking the readers of each kind, and which operands a kind has. What does not: reading
(``enumerations``, ``movements`` …), the records themselves (``stated``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ingestion.documents.blocks import Paragraph
from ingestion.figures import RelationOperand, hashed_id
from ingestion.plans.amounts import Amounts
from ingestion.plans.clauses import Setting
from ingestion.plans.counted import Part, Partition, Share, ShareList
from ingestion.plans.counted_shares import read_counted_shares
from ingestion.plans.drafts import Plan
from ingestion.plans.enumerations import may_enumerate, read_enumerations
from ingestion.plans.gaps import Gap, read_gaps
from ingestion.plans.grammar import RANK, mask
from ingestion.plans.movements import Movement, read_movements
from ingestion.plans.names import Subject
from ingestion.plans.operands import as_printed, operand_record
from ingestion.plans.part_relations import (
    average_of,
    counted_share_of,
    partition_of,
    share_of,
    shares_of,
    sum_of,
    told_share_of,
)
from ingestion.plans.peers import Ranked, read_places
from ingestion.plans.per_unit import read_averages
from ingestion.plans.quantities import Quantity
from ingestion.plans.share_lists import read_share_lists
from ingestion.plans.stated import Page, Stated, amount_of, level_of, operand_of, relation_record, said
from ingestion.plans.stock_flows import StockFlow, may_roll, read_stock_flows
from ingestion.plans.tokens import Token, tokens_in
from ingestion.plans.told_shares import read_told_shares
from ingestion.quantity import Interval, rounding_interval, stored_interval, stored_value

_DIGIT = re.compile(r"\d")
_NAMED_BEHIND = ("占", "相当于", "与", "在", "以", "按", "占到", "除以")
"""Before a number whose name stands behind it: 占450亿元地区生产总值的…."""
_SHARES = re.compile(r"[中里内],\d[\d.]*%|占|比重|比例|份额|之比|构成|相当于|人均|每")


def stated_relations(
    plan: Plan,
    block: Paragraph,
    setting: Setting,
    quantities: Sequence[Quantity],
    amounts: Amounts,
    taken: Set[tuple[str, int]] = frozenset(),
) -> Iterator[Stated]:
    """What a paragraph says of figures by means of other numbers.

    Args:
        plan: what holds for the whole document.
        block: the paragraph.
        setting: what it inherits from its section.
        quantities: what was read of its numbers.
        amounts: levels printed so far; those of this paragraph are added.
        taken: kind and place of the changes that the paragraph tells together with their levels (``stated_changes``).
    """
    text = block.content.text
    if not _DIGIT.search(text) and not setting.retrospective:
        return
    page = Page(plan, block, {item.start: item for item in quantities})
    for item in quantities:
        if not text.endswith(_NAMED_BEHIND, 0, item.start):
            amounts.note(item, said(page, item))
            amounts.note_rate(item, level_of(page, "", 1, "later", item))
    rolls = may_roll(text)
    speaks = rolls or may_enumerate(text) or _SHARES.search(text) is not None or RANK.search(text) is not None
    speaks = speaks or "个百分点" in text
    masked = mask(text) if speaks else text
    tokens = tokens_in(masked, plan.names.registry) if speaks else ()
    yield from _parts_and_shares(page, text, masked, tokens, amounts)
    gaps = read_gaps(masked, tokens, quantities, plan.names, amounts) if "个百分点" in text else ()
    yield from (_apart(page, gap) for gap in gaps)
    yield from (_placed(page, place) for place in read_places(masked, tokens))
    if rolls:
        yield from (_balanced(page, flow) for flow in read_stock_flows(masked, tokens, plan.names.registry))
    for movement in read_movements(text, plan.names, plan.window, setting, quantities):
        at = movement.quantity.start if movement.quantity is not None else -1
        if ((movement.kind if movement.kind == "direction" else ""), at) not in taken:
            yield _moved(page, movement)


def _parts_and_shares(
    page: Page, text: str, masked: str, tokens: Sequence[Token], amounts: Amounts
) -> Iterator[Stated]:
    """Sums, shares and averages, each share once."""
    names = page.plan.names
    quantities = tuple(page.quantities.values())
    taken: set[int] = set()
    for found in read_enumerations(masked, tokens, names.registry) if may_enumerate(text) else ():
        if isinstance(found, Share):
            taken.add(found.token.start)
            yield share_of(page, found)
        elif isinstance(found, ShareList):
            taken.add(found.parts[0].start)
            yield shares_of(page, found)
        elif isinstance(found, Partition):
            stated = partition_of(page, found, amounts)
            if stated is not None:
                yield stated
        else:
            yield sum_of(page, found)
    if _SHARES.search(text) is None:
        return
    for told in read_told_shares(masked, tokens, quantities, names, amounts):
        if told.token.start not in taken:
            taken.add(told.token.start)
            yield told_share_of(page, told)
    counted = (item for item in read_counted_shares(masked, tokens, names.registry) if item.token.start not in taken)
    yield from (counted_share_of(page, item) for item in counted)
    lists = read_share_lists(masked, tokens)
    yield from (shares_of(page, item) for item in lists if item.parts[0].start not in taken)
    averages = read_averages(masked, tokens, quantities, names.registry, amounts)
    yield from (average_of(page, item) for item in averages)


def _balanced(page: Page, item: StockFlow) -> Stated:
    """The closing stock with the opening one, what entered and what left as operands."""
    place = page.place(item.opening.start, item.closing.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "stock_flow", place.position)
    quantity = page.quantities.get(item.opening.start)
    value, interval = amount_of(page, item.closing)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        quantity.subject if quantity else Subject("存量", None, None, item.opening.start),
        "stock_flow",
        period=str(int(quantity.period) + 1) if quantity and quantity.period.isdigit() else None,
        printed_text=page.printed(item.closing.start, item.closing.end),
        value=value,
        interval=interval,
        unit=item.closing.unit,
        figure_id=page.figure_id(item.closing.start),
    )
    flows = [("entry", token) for token in item.entries] + [("exit", token) for token in item.exits]
    numbered = enumerate([("former", item.opening), *flows], start=1)
    operands = tuple(
        operand_of(page, relation_id, n, Part(token.start, token.end, token, ""), role) for n, (role, token) in numbered
    )
    return Stated(relation, operands)


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
    operand = operand_record(
        relation_id,
        1,
        "peers",
        label="参加排名的地区",
        printed_text=page.printed(item.start, item.peers_end),
        size=(peers, Interval(peers, peers, lo_closed=True, hi_closed=True)),
        figure_id=None,
    )
    return Stated(relation, (operand,))


def _apart(page: Page, item: Gap) -> Stated:
    """A gap in points with both levels, in per cent."""
    place = page.place(item.token.start, item.token.end)
    relation_id = hashed_id("rel", page.plan.source.sha256, "gap", place.position)
    relation = relation_record(
        page.plan,
        relation_id,
        place,
        item.subject,
        "points",
        wording=item.wording,
        direction=item.direction,
        period=item.period,
        printed_text=page.printed(item.token.start, item.token.end),
        value=stored_value(item.token.number.value),
        interval=stored_interval(rounding_interval(item.token.number)),
        unit=item.token.unit,
        figure_id=page.figure_id(item.token.start),
    )
    if isinstance(item.own, RelationOperand):
        own = replace(item.own, relation_id=relation_id)
    else:
        own = level_of(page, relation_id, 1, "later", item.own)
    other = operand_record(
        relation_id,
        2,
        "former",
        label=item.subject.name,
        printed_text=page.printed(item.other.start, item.other.end),
        size=as_printed(item.other.number),
        figure_id=page.figure_id(item.other.start),
    )
    return Stated(relation, (own, other))


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
        operands = tuple(level_of(page, relation_id, n, role, level) for n, (role, level) in enumerate(both, start=1))
    return Stated(relation, operands)
