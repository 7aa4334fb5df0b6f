"""Plan reader: one delivery becomes figures, refusals and lines.

What belongs here: the walk over the blocks of a document, what carries from section to section, the second pass
(baselines, targets stated only in a heading), building figures. What does not: the inside of a table or a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.delivery import Delivery
from ingestion.documents.blocks import Block, Heading, Paragraph, TableBlock, heading_rank, read_blocks
from ingestion.documents.model import Cell, DocumentError, Joined, TextDocument, TextLine, join_lines, part_of
from ingestion.documents.opening import open_document
from ingestion.figures import Figure, Line, Meaning, Place, Reading, Refusal, Source, build_figure, hashed_id
from ingestion.plans.clauses import Setting
from ingestion.plans.glossary import read_definitions
from ingestion.plans.grammar import NO_FIGURES, RETROSPECT, outlook
from ingestion.plans.names import Names
from ingestion.plans.periods import PeriodPhrase, Window, period_phrases, plan_window
from ingestion.plans.regions import document_region
from ingestion.plans.sentences import Quantity, read_paragraph
from ingestion.plans.tables import TableQuantity, read_table
from ingestion.plans.titles import printed_titles
from ingestion.quantity import PrintedNumber, QuantityError, squeeze
from ingestion.registry import Registry

_OPENING = 200_000
"""Characters that tell region and years; the longest real plans have as many."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A figure about to be built."""

    meaning: Meaning
    place: Place
    printed_text: str
    number: PrintedNumber | None
    high: PrintedNumber | None
    unit: str | None
    error: QuantityError | None = None
    in_heading: bool = False


@dataclass(frozen=True)
class _Plan:
    """A plan document with what holds for all of it."""

    document: TextDocument
    source: Source
    names: Names
    window: Window
    region_code: str
    scope_note: str | None


def read_plan(delivery: Delivery, registry: Registry) -> Reading:
    """Read one plan document.

    Args:
        delivery: the file with the facts stated about it.
        registry: the code lists.

    Returns:
        All printed figures that were recognised, those refused with a reason, and every line. A file that cannot be
        read at all yields one refusal; no bytes raise an exception.
    """
    try:
        document = open_document(delivery.content, delivery.file_name)
    except DocumentError as error:
        return _refused(delivery.source(), error.reason_code, str(error), ())
    lines = tuple(
        Line(sheet=None, page=line.page, line=line.number, text=line.text, start=line.start) for line in document.lines
    )
    plan = _plan(delivery, registry, document)
    if plan is None:
        reason = "看不出是哪个地区的规划，请在 sources.yml 中为该文件填写 region_code"
        return _refused(delivery.source(), "unknown_region", reason, lines)
    blocks = read_blocks(document)
    drafts = tuple(_resolved(plan, tuple(_drafts(plan, blocks))))
    figures: list[Figure] = []
    refusals: list[Refusal] = []
    for draft in drafts:
        outcome = _built(plan, draft)
        if isinstance(outcome, Figure):
            figures.append(outcome)
        else:
            refusals.append(outcome)
    return Reading(
        source=plan.source,
        origins=(),
        figures=tuple(figures),
        refusals=tuple(refusals),
        lines=lines,
        recognised=len(drafts),
        definitions=tuple(read_definitions(document, blocks, plan.names, plan.source.source_id)),
    )


def _refused(source: Source, code: str, reason: str, lines: tuple[Line, ...]) -> Reading:
    refusal = Refusal(source_id=source.source_id, address="", raw_text="", reason_code=code, reason=reason)
    return Reading(source=source, origins=(), figures=(), refusals=(refusal,), lines=lines, recognised=1)


def _plan(delivery: Delivery, registry: Registry, document: TextDocument) -> _Plan | None:
    whole = _opening(document)
    printed = _printed_titles(document)
    printed_title = next(iter(printed), None)
    stated = delivery.entry.get("title")
    titles = [squeeze(title) for title in (stated, printed_title, delivery.file_name) if title]
    region = delivery.entry.get("region_code") or document_region(registry, titles[: 1 + bool(stated)], whole)
    if region is None or region not in registry.regions:
        return None
    source = delivery.source(title=printed_title, region_code=region)
    names = Names(registry, str(region), (source.document_id, "plan"))
    scope = next(
        (
            squeeze(entry.name_zh)
            for entry in registry.regions.values()
            if "+" in entry.code and entry.code.split("+")[0] == region and any(entry.name_zh in t for t in titles[:2])
        ),
        None,
    )
    window = plan_window((*titles, *printed), whole, delivery.entry.get("base_year"))
    return _Plan(document, source, names, window, str(region), scope)


def _opening(document: TextDocument) -> str:
    """As much of the text as it takes to see what the document is about."""
    lines: list[TextLine] = []
    left = _OPENING
    for line in document.lines:
        lines.append(part_of(line, 0, left))
        left -= len(line.text)
        if left <= 0:
            break
    return join_lines(lines).text


def _printed_titles(document: TextDocument) -> tuple[str, ...]:
    """The texts at the top that call themselves a plan."""
    texts = (join_lines((line,)).text for line in document.lines[:60])
    return printed_titles([text if heading_rank(text) is None else "" for text in texts])


# --- walking the blocks -----------------------------------------------------------------------------


@dataclass
class _Carry:
    """Time phrases by depth of heading: a section hands its own down to what stands below it."""

    levels: list[tuple[int, PeriodPhrase | None]]

    def enter(self, rank: int) -> None:
        while self.levels and self.levels[-1][0] >= rank:
            self.levels.pop()
        self.levels.append((rank, self.current))

    @property
    def current(self) -> PeriodPhrase | None:
        return self.levels[-1][1] if self.levels else None

    def keep(self, phrase: PeriodPhrase | None) -> None:
        if self.levels:
            self.levels[-1] = (self.levels[-1][0], phrase)


def _drafts(plan: _Plan, blocks: Sequence[Block]) -> Iterator[_Draft]:
    carry = _Carry([])
    for item in blocks:
        block: Block = _as_paragraph(plan, item)
        if isinstance(item, Heading):
            carry.enter(item.rank)
        if isinstance(block, Heading):
            text = block.content.text
            phrase = next(iter(period_phrases(text, plan.window)), None)
            if phrase is not None and RETROSPECT.search(text):
                carry.keep(phrase)
        elif isinstance(block, TableBlock):
            yield from _table_drafts(plan, block)
        elif not any(NO_FIGURES.search(title) for title in block.path):
            setting = _setting(block, carry.current)
            quantities, last = read_paragraph(block.content.text, plan.names, plan.window, setting)
            if block.box is None:
                carry.keep(last)
            yield from (_narrative_draft(plan, block, item) for item in quantities)
    yield from _heading_drafts(plan, blocks)


def _as_paragraph(plan: _Plan, block: Block) -> Block:
    """A numbered line that is a whole sentence (8.有效发明专利达到1450件。) is text, not a heading."""
    if not isinstance(block, Heading):
        return block
    end = block.content.span(0, len(block.content.text))[1]
    is_sentence = plan.document.text[end : end + 1] == "。" and plan.document.text[end + 1 : end + 2] in (
        "",
        "\r",
        "\n",
    )
    return Paragraph(block.content, block.path, None) if is_sentence else block


def _setting(block: Paragraph, carried: PeriodPhrase | None) -> Setting:
    """What a paragraph inherits from its headings and the text above it."""
    backward, aims = outlook(block.path)
    return Setting(carried if block.box is None else None, backward, block.box is not None, aims)


def _heading_drafts(plan: _Plan, blocks: Sequence[Block]) -> Iterator[_Draft]:
    """Targets in headings; the milestone is the last one named below the heading."""
    for index, block in enumerate(blocks):
        if not isinstance(_as_paragraph(plan, block), Heading) or any(NO_FIGURES.search(title) for title in block.path):
            continue
        if not isinstance(block, Heading) or RETROSPECT.search(block.content.text):
            continue
        last = _milestone_below(plan, blocks, index)
        if last is None:
            continue
        quantities, _ = read_paragraph(block.content.text, plan.names, plan.window, Setting(last, False))
        under = Paragraph(block.content, block.path, None)
        for item in quantities:
            if item.kind == "target" and item.subject.alias is not None:
                yield replace(_narrative_draft(plan, under, item), in_heading=True)


def _milestone_below(plan: _Plan, blocks: Sequence[Block], index: int) -> PeriodPhrase | None:
    """The last milestone that is named below a heading, up to the next one."""
    last: PeriodPhrase | None = None
    while (index := index + 1) < len(blocks):
        block = blocks[index]
        if isinstance(block, Heading):
            break
        if isinstance(block, Paragraph):
            targets = [p for p in period_phrases(block.content.text, plan.window) if p.role == "target"]
            last = targets[-1] if targets else last
    return last


def _narrative_draft(plan: _Plan, block: Paragraph, item: Quantity) -> _Draft:
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
    place = replace(_place(plan, start, end, _section(block.path, block.box)), ordinal=item.ordinal)
    printed = content.printed(plan.document.text, item.start, item.end)
    return _Draft(meaning, place, printed, item.number, item.high, item.unit)


def _table_drafts(plan: _Plan, block: TableBlock) -> Iterator[_Draft]:
    for item in read_table(block.table, plan.names, plan.window):
        yield _table_draft(plan, block, item)


def _table_draft(plan: _Plan, block: TableBlock, item: TableQuantity) -> _Draft:
    content: Joined = item.cell.content
    start, end = content.span(0, len(content.text))
    code = item.alias.indicator_code if item.alias else None
    meaning = Meaning(
        region_code=plan.region_code,
        scope_note=plan.scope_note,
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
        _place(plan, start, end, _section(block.path, block.table.title)),
        line_start=item.line_start,
        line_end=item.line_end,
        cell=_cell_name(item.cell),
    )
    printed = content.printed(plan.document.text, 0, len(content.text))
    return _Draft(meaning, place, printed, item.number, item.high, item.unit, item.error)


def _cell_name(cell: Cell) -> str | None:
    """A cell of a real table as ``表2!R3C4``: table, row and column counted from 1; None for one typed into text."""
    at = cell.place
    return f"表{at.table}!R{at.row}C{at.column}" if at is not None else None


def _section(path: tuple[str, ...], box: str | None) -> str | None:
    parts = [*path, box] if box else list(path)
    return " > ".join(parts) or None


def _place(plan: _Plan, start: int, end: int, section: str | None) -> Place:
    first, last = plan.document.line_at(start), plan.document.line_at(end - 1)
    return Place(
        position=f"c{start}-{end}",
        section=section,
        line_start=first.number,
        line_end=last.number,
        page=first.page,
        page_line=first.page_line,
    )


# --- the second pass --------------------------------------------------------------------------------


def _key(meaning: Meaning) -> tuple[str, str | None, str, str]:
    return meaning.region_code, meaning.indicator_code, meaning.variant, meaning.breakdown


def _resolved(plan: _Plan, drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Reported levels of the base period become baselines where the plan sets a target for the indicator."""
    targeted = {
        _key(draft.meaning)
        for draft in drafts
        if draft.meaning.indicator_code is not None and draft.meaning.kind == "target"
    }
    stated = {
        (draft.meaning.indicator_code, draft.meaning.target_kind, draft.number)
        for draft in drafts
        if draft.meaning.kind == "target" and not draft.in_heading
    }
    base = str(plan.window.base_year)
    tabled = {(_key(draft.meaning), draft.meaning.period) for draft in drafts if draft.meaning.kind == "baseline"}
    for draft in drafts:
        meaning = draft.meaning
        if draft.in_heading and (meaning.indicator_code, meaning.target_kind, draft.number) in stated:
            continue
        is_base = meaning.period == base or (_key(meaning), meaning.period) in tabled
        if meaning.kind == "actual" and is_base and _key(meaning) in targeted:
            draft = replace(draft, meaning=replace(meaning, kind="baseline"))
        yield draft


def _built(plan: _Plan, draft: _Draft) -> Figure | Refusal:
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
            raw_text=f"{draft.meaning.indicator_as_printed} {draft.printed_text}",
            reason_code=error.reason_code,
            reason=f"{draft.place.address}：{error}；请核对原文并改正后重新报送",
            position=draft.place.position,
        )
