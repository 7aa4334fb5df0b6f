"""Drafts: what a sentence or a table cell says, with its place in the document, about to become a figure.

What belongs here: from a quantity to meaning and place, from a draft to a figure or a refusal. What does not: finding
quantities (``sentences``, ``tables``), what only the whole document tells (``baselines``), the walk (``reader``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.documents.blocks import Paragraph, TableBlock
from ingestion.documents.model import Cell, Joined, TextDocument
from ingestion.documents.place_tables import PlaceTable
from ingestion.figures import DirectionalStatement, Figure, Meaning, Place, Refusal, Source, build_figure, hashed_id
from ingestion.plans.clauses import Setting
from ingestion.plans.directions import read_directions, statement
from ingestion.plans.names import Names
from ingestion.plans.periods import Window
from ingestion.plans.place_tables import read_places
from ingestion.plans.quantities import Quantity
from ingestion.plans.tables import TableQuantity, read_table
from ingestion.quantity import PrintedNumber, QuantityError


@dataclass(frozen=True)
class Plan:
    """A plan document with what holds for all of it."""

    document: TextDocument
    source: Source
    names: Names
    window: Window
    region_code: str
    scope_note: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure about to be built."""

    meaning: Meaning
    place: Place
    printed_text: str
    number: PrintedNumber | None
    high: PrintedNumber | None
    unit: str | None
    error: QuantityError | None = None


def narrative_draft(plan: Plan, block: Paragraph, item: Quantity) -> Draft:
    """A quantity of running text, where it is printed."""
    content = block.content
    start, end = content.span(item.start, item.end)
    whole = content.span(0, len(content.text))
    alias = item.subject.alias
    code = alias.indicator_code if alias else None
    meaning = Meaning(
        region_code=item.subject.region_code or plan.region_code,
        scope_note=None if item.subject.region_code else plan.scope_note,
        indicator_code=code,
        indicator_as_printed=item.subject.name,
        variant=alias.variant if alias and code else "_T",
        breakdown=alias.breakdown if alias and code else "_T",
        period=item.period,
        period_basis=item.period_basis,
        base_period=item.base_period,
        kind=item.kind,
        target_kind=item.target_kind,
        comparator=item.comparator,
        strength=item.strength,
        layout="box" if block.box else "narrative",
        statement_id=hashed_id("stm", plan.source.source_id, f"c{whole[0]}-{whole[1]}", item.statement),
    )
    place = replace(place_of(plan, start, end, section_of(block.path, block.box)), ordinal=item.ordinal)
    printed = content.printed(plan.document.text, item.start, item.end)
    return Draft(meaning, place, printed, item.number, item.high, item.unit)


def table_drafts(plan: Plan, block: TableBlock) -> Iterator[Draft]:
    """The quantities of a table, each in its cell."""
    table = block.table
    if isinstance(table, PlaceTable):
        items = read_places(table, block.path, plan.names, plan.window)
    else:
        items = read_table(table, plan.names, plan.window)
    section = section_of(block.path, table.title)
    return (_table_draft(plan, section, item) for item in items)


def refused_table(plan: Plan, item: TableQuantity) -> Draft:
    """A table that nobody could read, as one draft that will be refused."""
    return _table_draft(plan, None, item)


def _table_draft(plan: Plan, section: str | None, item: TableQuantity) -> Draft:
    content: Joined = item.cell.content
    start, end = content.span(0, len(content.text))
    code = item.alias.indicator_code if item.alias else None
    meaning = Meaning(
        region_code=item.region_code or plan.region_code,
        scope_note=None if item.region_code else plan.scope_note,
        indicator_code=code,
        indicator_as_printed=item.name,
        variant=item.alias.variant if item.alias and code else "_T",
        breakdown=item.alias.breakdown if item.alias and code else "_T",
        period=item.period,
        base_period=item.base_period,
        kind=item.kind,
        target_kind=item.target_kind,
        comparator=item.comparator,
        nature=item.nature,
        strength="firm" if item.kind == "target" else None,
        layout="table",
    )
    place = replace(
        place_of(plan, start, end, section),
        line_start=item.line_start,
        line_end=item.line_end,
        cell=_cell_name(item.cell),
    )
    printed = content.printed(plan.document.text, 0, len(content.text))
    return Draft(meaning, place, printed, item.number, item.high, item.unit, item.error)


def directional_statements(
    plan: Plan, block: Paragraph, setting: Setting, quantities: Sequence[Quantity]
) -> Iterator[DirectionalStatement]:
    """The directions without a number that a paragraph sets, each where it is printed."""
    content = block.content
    for item in read_directions(content.text, block.path, plan.names, plan.window, setting, quantities):
        start, end = content.span(item.start, item.end)
        place = place_of(plan, start, end, section_of(block.path, block.box))
        printed = content.printed(plan.document.text, item.start, item.end)
        yield statement(
            item, plan.source, place, printed_text=printed, region_code=plan.region_code, scope_note=plan.scope_note
        )


def _cell_name(cell: Cell) -> str | None:
    """A cell of a real table as ``表2!R3C4``: table, row and column counted from 1; None for one typed into text."""
    at = cell.place
    return f"表{at.table}!R{at.row}C{at.column}" if at is not None else None


def section_of(path: tuple[str, ...], box: str | None) -> str | None:
    """The headings above a paragraph and the title of its box, as one text."""
    parts = [*path, box] if box else list(path)
    return " > ".join(parts) or None


def place_of(plan: Plan, start: int, end: int, section: str | None) -> Place:
    """Where a stretch of the document's text stands."""
    first, last = plan.document.line_at(start), plan.document.line_at(end - 1)
    return Place(
        position=f"c{start}-{end}",
        section=section,
        line_start=first.number,
        line_end=last.number,
        page=first.page,
        page_line=first.page_line,
    )


def built(plan: Plan, draft: Draft) -> Figure | Refusal:
    """The figure that a draft makes, or why it makes none."""
    try:
        if draft.error is not None or draft.number is None:
            raise draft.error or QuantityError("not_a_number", f"“{draft.printed_text}”不是一个明确的数，请核对原文")
        return build_figure(
            plan.names.registry,
            plan.source,
            plan.source,
            draft.meaning,
            draft.place,
            printed_text=draft.printed_text,
            number=draft.number,
            printed_unit=draft.unit,
            high=draft.high,
        )
    except QuantityError as error:
        return Refusal(
            source_id=plan.source.source_id,
            address=draft.place.address,
            raw_text=f"{draft.meaning.indicator_as_printed} {draft.printed_text}".strip(),
            reason_code=error.reason_code,
            reason=f"{draft.place.address}：{error}；请核对原文并改正后重新报送",
            position=draft.place.position,
        )
