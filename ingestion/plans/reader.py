"""Plan reader: one delivery becomes figures, refusals and lines.

What belongs here: the facts that hold for a whole document, and the one walk over its blocks with what carries from
section to section. What does not: the inside of a table or a sentence, building figures (``drafts``), what only the
whole document tells of a figure (``baselines``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ingestion.delivery import Delivery
from ingestion.documents.blocks import Block, Heading, Paragraph, TableBlock, heading_rank, read_blocks
from ingestion.documents.model import DocumentError, TextDocument, TextLine, join_lines, part_of
from ingestion.documents.opening import open_document
from ingestion.figures import (
    Definition,
    DirectionalStatement,
    Figure,
    Line,
    Reading,
    Refusal,
    RelationOperand,
    Source,
    StatedRelation,
)
from ingestion.plans.amounts import Amounts
from ingestion.plans.baselines import Overview
from ingestion.plans.clauses import Setting
from ingestion.plans.drafts import (
    Draft,
    Plan,
    built,
    directional_statements,
    narrative_draft,
    refused_table,
    table_drafts,
)
from ingestion.plans.glossary import read_definition
from ingestion.plans.grammar import NO_FIGURES, RETROSPECT, outlook
from ingestion.plans.names import Names, Subject
from ingestion.plans.part_relations import defined_sums
from ingestion.plans.periods import PeriodPhrase, period_phrases
from ingestion.plans.regions import document_region
from ingestion.plans.relations import stated_relations
from ingestion.plans.sentences import read_paragraph
from ingestion.plans.stated import Page, Stated
from ingestion.plans.stated_changes import read_told, stated_changes
from ingestion.plans.titles import printed_titles
from ingestion.plans.told_rows import with_rows
from ingestion.plans.unread_tables import unread_tables
from ingestion.plans.windows import plan_window
from ingestion.quantity import squeeze
from ingestion.registry import Registry
from ingestion.sequences import Packer, mapped

# 三、2022年重点工作
_TASKS_OF_YEAR = re.compile(
    r"^[^,。;\d]{0,8}(?:19|20)\d\d年度?[^,。;\d]{0,8}(?:(?:重点|主要|目标|工作|预期|发展|奋斗)(?:工作|任务|安排|目标|要求)(?:与|和|及)?){1,2}$"
)
_OPENING = 200_000
"""Characters that tell region and years; the longest real plans have as many."""


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
    lines = mapped(document.lines, _line)
    plan = _plan(delivery, registry, document)
    if plan is None:
        reason = "看不出是哪个地区的规划，请在 sources.yml 中为该文件填写 region_code"
        return _refused(delivery.source(), "unknown_region", reason, lines)
    return _read(plan, lines)


def _line(line: TextLine) -> Line:
    return Line(sheet=None, page=line.page, line=line.number, text=line.text, start=line.start)


def _refused(source: Source, code: str, reason: str, lines: Sequence[Line]) -> Reading:
    refusal = Refusal(source_id=source.source_id, address="", raw_text="", reason_code=code, reason=reason)
    return Reading(source=source, origins=(), figures=(), refusals=(refusal,), lines=lines, recognised=1)


def _plan(delivery: Delivery, registry: Registry, document: TextDocument) -> Plan | None:
    whole = _opening(document)
    printed = _printed_titles(document)
    printed_title = next(iter(printed), None)
    stated = delivery.entry.get("title")
    titles = [squeeze(title) for title in (stated, printed_title, delivery.file_name) if title]
    naming = [*titles[: 1 + bool(stated)], *printed]
    region = delivery.entry.get("region_code") or document_region(registry, naming, whole)
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
    return Plan(document, source, names, window, str(region), scope)


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


def _read(plan: Plan, lines: Sequence[Line]) -> Reading:
    """One pass over the blocks, none of which is kept; then what only the whole document tells."""
    overview = Overview(str(plan.window.base_year))
    outcomes = _Outcomes(plan)
    definitions, directions = Packer(Definition), Packer(DirectionalStatement)
    relations, operands = Packer(StatedRelation), Packer(RelationOperand)
    carry, headings = _Carry([], Amounts(plan.names, plan.region_code)), _Headings(plan)
    tables: list[tuple[int, int]] = []
    for block in read_blocks(plan.document, plan.names.registry.region_names):
        if isinstance(block, TableBlock):
            tables.append((block.table.first, block.table.last))
        for said in _said(plan, block, carry):
            if isinstance(said, DirectionalStatement):
                directions.add(said)
                continue
            if isinstance(said, Stated):
                relations.add(said.relation)
                for operand in said.operands:
                    operands.add(operand)
                continue
            overview.note(said)
            figure = outcomes.add(said)
            if figure is not None:
                carry.amounts.note_cell(figure)
        headings.pass_by(block)
        definition = read_definition(plan.document, block, plan.names, plan.source.source_id)
        if definition is not None:
            definitions.add(definition)
            for stated in _defined(plan, block, definition, carry.amounts):
                relations.add(stated.relation)
                for operand in stated.operands:
                    operands.add(operand)
    for draft in headings.done():
        overview.note(draft, in_heading=True)
        if not overview.repeats(draft):
            outcomes.add(draft)
    for item in unread_tables(plan.document, tables, plan.names):
        outcomes.add(refused_table(plan, item))
    return Reading(
        source=plan.source,
        origins=(),
        figures=mapped(outcomes.figures.done(), overview.resolved),
        refusals=outcomes.refusals.done(),
        lines=lines,
        recognised=outcomes.recognised,
        definitions=definitions.done(),
        directional_statements=directions.done(),
        stated_relations=relations.done(),
        relation_operands=operands.done(),
    )


def _defined(plan: Plan, block: Block, definition: Definition, amounts: Amounts) -> Iterator[Stated]:
    """What an entry of the glossary says of the numbers printed before it."""
    if isinstance(block, Paragraph | Heading):
        page = Page(plan, Paragraph(block.content, block.path, None), {})
        yield from defined_sums(page, definition, amounts)


@dataclass
class _Outcomes:
    """What became of the drafts so far."""

    plan: Plan
    recognised: int = 0
    figures: Packer[Figure] = field(default_factory=lambda: Packer(Figure))
    refusals: Packer[Refusal] = field(default_factory=lambda: Packer(Refusal))

    def add(self, draft: Draft) -> Figure | None:
        """Build a draft; the figure, where it became one."""
        self.recognised += 1
        outcome = built(self.plan, draft)
        if isinstance(outcome, Figure):
            self.figures.add(outcome)
            return outcome
        self.refusals.add(outcome)
        return None


@dataclass
class _Carry:
    """Time phrases by depth of heading: a section hands its own down to what stands below it."""

    levels: list[tuple[int, PeriodPhrase | None]]
    amounts: Amounts
    """What the paragraphs so far have printed."""
    recent: tuple[Subject, ...] = ()
    """What the paragraph before spoke of."""

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


def _said(plan: Plan, item: Block, carry: _Carry) -> Iterator[Draft | DirectionalStatement | Stated]:
    """What one block of text or one table says."""
    block = _as_paragraph(plan, item)
    if isinstance(item, Heading):
        carry.enter(item.rank)
    if isinstance(block, Heading):
        text = block.content.text
        phrase = next(iter(period_phrases(text, plan.window)), None)
        if phrase is not None and RETROSPECT.search(text):
            carry.keep(phrase)
        elif phrase is not None and phrase.span is None and _TASKS_OF_YEAR.search(text):
            carry.keep(replace(phrase, role="target"))
    elif isinstance(block, TableBlock):
        yield from with_rows(plan, table_drafts(plan, block))
    elif not _has_no_figures(block.path):
        setting = replace(_setting(plan, block, carry.current), recent=carry.recent)
        quantities, last = read_paragraph(block.content.text, plan.names, plan.window, setting)
        carry.recent = tuple(dict.fromkeys(item.subject for item in quantities))
        if block.box is None:
            carry.keep(last)
        yield from (narrative_draft(plan, block, quantity) for quantity in quantities)
        if isinstance(item, Paragraph):
            yield from directional_statements(plan, item, setting, quantities)
        told = read_told(block.content.text, plan.names.registry, plan.window)
        places = {(item.kind if item.kind == "direction" else "", item.token.start) for item in told}
        yield from stated_relations(plan, block, setting, quantities, carry.amounts, places)
        yield from stated_changes(plan, block, told, quantities)


def _as_paragraph(plan: Plan, block: Block) -> Block:
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


@lru_cache(maxsize=64)
def _has_no_figures(path: tuple[str, ...]) -> bool:
    """Whether a section is one whose numbers are no figures."""
    return any(NO_FIGURES.search(title) for title in path)


def _setting(plan: Plan, block: Paragraph, carried: PeriodPhrase | None) -> Setting:
    """What a paragraph inherits from its headings and the text above it."""
    backward, aims = (True, False) if plan.window.is_bulletin else outlook(block.path)
    if backward and carried is not None and carried.role != "actual":
        carried = None  # a goal named above a look back does not govern it
    return Setting(carried if block.box is None else None, backward, block.box is not None, aims)


@dataclass
class _Headings:
    """Targets in headings; the milestone is the last one named below the heading, up to the next heading."""

    plan: Plan
    open: Heading | None = None
    milestone: PeriodPhrase | None = None
    drafts: Packer[Draft] = field(default_factory=lambda: Packer(Draft))

    def pass_by(self, block: Block) -> None:
        """Take notice of the next block."""
        if isinstance(block, Heading):
            self._close()
            self.open = block if self._may_state_target(block) else None
        elif isinstance(block, Paragraph) and self.open is not None:
            phrases = period_phrases(block.content.text, self.plan.window)
            targets = [phrase for phrase in phrases if phrase.role == "target"]
            self.milestone = targets[-1] if targets else self.milestone

    def done(self) -> Sequence[Draft]:
        """All of them, once the last block has passed."""
        self._close()
        return self.drafts.done()

    def _may_state_target(self, block: Heading) -> bool:
        is_heading = isinstance(_as_paragraph(self.plan, block), Heading)
        return is_heading and not _has_no_figures(block.path) and not RETROSPECT.search(block.content.text)

    def _close(self) -> None:
        heading, milestone = self.open, self.milestone
        self.open = self.milestone = None
        if heading is None or milestone is None:
            return
        setting = Setting(milestone, False)
        quantities, _ = read_paragraph(heading.content.text, self.plan.names, self.plan.window, setting)
        under = Paragraph(heading.content, heading.path, None)
        for item in quantities:
            if item.kind == "target" and item.subject.alias is not None:
                self.drafts.add(narrative_draft(self.plan, under, item))
