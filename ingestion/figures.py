"""The figure: one printed number with its meaning and its place, and the refusal: one that was not loaded.

What belongs here: the records that every reader yields and the one way to build a figure (identity, canonical
value, rounding interval). What does not: finding numbers in files, storing them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ingestion.quantity import (
    Interval,
    PrintedNumber,
    QuantityError,
    rounding_interval,
    scaled,
    squeeze,
    stored_interval,
    stored_value,
)
from ingestion.registry import Registry

_TABLE_CELL = re.compile(r"表(\d+)!R(\d+)C(\d+)")

PLAIN = "_T"
"""The plain variant or breakdown: never null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One delivery of a document, or a cited publication (kind ``origin``, no file, no sha256)."""

    source_id: str
    document_id: str
    file_name: str | None
    sha256: str | None
    title: str
    publisher: str | None
    document_number: str | None
    region_code: str | None
    published_at: date | None
    published_precision: str
    release_type: str
    kind: str
    inferred: str
    """Comma-separated names of the facts that nobody stated and the reader inferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number is printed. ``position`` and ``ordinal`` make the identity; the rest helps a person."""

    position: str
    ordinal: int = 0
    section: str | None = None
    line_start: int | None = None
    line_end: int | None = None
    page: int | None = None
    page_line: int | None = None
    """Number of the first line on its page, where the pages are those of the document as printed."""
    sheet: str | None = None
    cell: str | None = None
    """``B5`` of a workbook; ``表2!R3C4`` of a document: table, row and column, each counted from 1."""

    @property
    def address(self) -> str:
        """The place as a person looks for it: 第42行, 第42-44行, 第3页第7行, 第3页表2第3行第4列, Sheet1!B5.

        Lines of a printed page are counted from its top; all others are those of the file, or of its text as it flows.
        """
        page = f"第{self.page}页" if self.page is not None else ""
        table = _TABLE_CELL.fullmatch(self.cell) if self.cell is not None else None
        if table is not None:
            return f"{page}表{table[1]}第{table[2]}行第{table[3]}列"
        if self.cell is not None:
            return f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        if self.page_line is not None:
            return f"{page}第{self.page_line}行"
        lines = (
            f"{self.line_start}" if self.line_end in (None, self.line_start) else f"{self.line_start}-{self.line_end}"
        )
        return f"第{lines}行({page})" if page else f"第{lines}行"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How a printed number was understood. Codes are those of the seed ``vocabularies``."""

    region_code: str
    indicator_code: str | None
    indicator_as_printed: str
    variant: str = PLAIN
    breakdown: str = PLAIN
    period: str
    period_basis: str = "printed"
    base_period: str | None = None
    kind: str
    target_kind: str | None = None
    comparator: str = "eq"
    nature: str = "unstated"
    strength: str | None = None
    layout: str
    scope_note: str | None = None
    statement_id: str | None = None
    """Figures printed of one subject in one statement share it: a level, its change and its growth."""
    obs_status: str = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One printed figure, as stored in the lake: identity, meaning, printing, canonical value, place."""

    figure_id: str
    position: str
    """Where it is printed, as the identity takes it: ``c120-125`` counts characters, ``Sheet1!B5`` is a cell."""
    source_id: str
    origin_id: str
    document_id: str
    region_code: str
    scope_note: str | None
    indicator_code: str | None
    variant: str
    breakdown: str
    indicator_as_printed: str
    period: str
    period_basis: str
    base_period: str | None
    kind: str
    target_kind: str | None
    comparator: str
    nature: str
    strength: str | None
    statement_id: str | None
    printed_text: str
    printed_value: Decimal
    printed_value_hi: Decimal | None
    printed_unit: str | None
    printed_decimals: int
    value: Decimal
    value_lo: Decimal | None
    value_hi: Decimal | None
    lo_closed: bool
    hi_closed: bool
    unit: str | None
    layout: str
    section: str | None
    line_start: int | None
    line_end: int | None
    page: int | None
    sheet: str | None
    cell: str | None
    address: str
    published_at: date | None
    published_precision: str
    release_type: str
    obs_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row, cell or file that was not loaded, and why. ``reason`` is a Chinese sentence with a remedy."""

    source_id: str
    address: str
    raw_text: str
    reason_code: str
    reason: str
    position: str = ""
    """As that of a figure; blank for a row or a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source as it stands there, so that a figure can be shown in its surroundings."""

    sheet: str | None
    page: int | None
    line: int
    text: str
    start: int | None = None
    """Offset of its first character in the text of a document, which positions of figures count from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What the glossary of a document says that an indicator is; of a ratio also what is divided by what."""

    source_id: str
    term: str
    indicator_code: str
    definition: str
    numerator_code: str | None
    denominator_code: str | None
    line: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionalStatement:
    """A target that is a direction without a number (研发投入强度稳步提高): no figure, for no number is printed."""

    statement_id: str
    position: str
    """As that of a figure: the clause from the name to the word of direction."""
    source_id: str
    document_id: str
    region_code: str
    scope_note: str | None
    indicator_code: str
    variant: str
    breakdown: str
    indicator_as_printed: str
    period: str
    """The milestone."""
    period_basis: str
    direction: str
    """A code of the vocabulary ``statement_direction``: up, down or steady."""
    strength: str
    printed_text: str
    section: str | None
    line_start: int | None
    line_end: int | None
    page: int | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRelation:
    """What a document says of figures by means of another number: a total of parts, a growth, places gained.

    The stated number and its interval are in the base unit of its dimension; without a number (a direction, the years
    of a named period) they are None.
    """

    relation_id: str
    position: str
    """As that of a figure: the stated number, or the words where there is none."""
    source_id: str
    document_id: str
    region_code: str
    indicator_code: str | None
    variant: str
    breakdown: str
    indicator_as_printed: str
    relation_kind: str
    """A code of the vocabulary ``relation_kind``."""
    coverage: str | None
    """Of a sum: how completely the wording says that the parts make up the total; vocabulary ``coverage``."""
    wording: str | None
    """The words that say what sort of movement it is: 年均增长, 提升."""
    direction: str | None
    period: str | None
    base_period: str | None
    named_period: str | None
    """The years of the five-year plan that the statement is put under: 2016-2020."""
    stated_years: int | None
    """The number of years as printed: 5 of 五年年均."""
    printed_text: str
    value: Decimal | None
    value_lo: Decimal | None
    value_hi: Decimal | None
    lo_closed: bool | None
    hi_closed: bool | None
    unit: str | None
    figure_id: str | None
    """The figure that the stated number is, where it is one."""
    section: str | None
    line_start: int | None
    line_end: int | None
    page: int | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationOperand:
    """A number that a stated relation speaks of, in the unit of the relation; no figure need stand behind it."""

    relation_id: str
    ordinal: int
    role: str
    """A code of the vocabulary ``operand_role``."""
    label: str
    printed_text: str
    times: int
    """How many things share the number: 二等奖、三等奖各5项 is 2."""
    value: Decimal
    value_lo: Decimal
    value_hi: Decimal
    figure_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedCount:
    """A number of rows or cells of enterprise returns: all that is told of them beside their sums."""

    form_id: str
    form_year: int
    period: str
    measure: str
    """``rows``, ``relation_tested``, ``relation_failed`` or ``cells``, see the vocabulary ``measure``."""
    subject: str
    """Outcome or reason of the rows, id of the relation."""
    severity: str | None
    row_count: int | None
    """None where it is withheld."""
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one reader found in one delivery.

    ``recognised`` counts the figures that the reader set out to load: it must equal figures + refusals.
    """

    source: Source
    origins: tuple[Source, ...]
    figures: Sequence[Figure]
    refusals: Sequence[Refusal]
    lines: Sequence[Line]
    recognised: int
    definitions: Sequence[Definition] = ()
    directional_statements: Sequence[DirectionalStatement] = ()
    stated_relations: Sequence[StatedRelation] = ()
    relation_operands: Sequence[RelationOperand] = ()
    restricted_counts: Sequence[RestrictedCount] = ()


def hashed_id(prefix: str, *parts: object) -> str:
    """A stable id from its parts; blanks and None differ from each other."""
    text = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return f"{prefix}_{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def origin_of(source: Source, title: str, *, published_at: date | None, precision: str, release_type: str) -> Source:
    """The cited publication as a source of its own: a vintage, whichever file compiled it."""
    key = squeeze(title)
    return replace(
        source,
        source_id=hashed_id("org", key, published_at, release_type),
        document_id=hashed_id("doc", key),
        file_name=None,
        sha256=None,
        title=title,
        publisher=None,
        document_number=None,
        published_at=published_at,
        published_precision=precision,
        release_type=release_type,
        kind="origin",
        inferred="",
    )


# Kinds whose number is not a level of the indicator: they keep the unit that they are printed in.
_OWN_UNIT_KINDS = frozenset({"growth", "change", "share", "rank", "other"})
_OWN_UNIT_TARGETS = frozenset({"multiple", "growth_avg", "growth_total", "rank", "rank_change", "relative"})


def build_figure(
    registry: Registry,
    source: Source,
    origin: Source,
    meaning: Meaning,
    place: Place,
    *,
    printed_text: str,
    number: PrintedNumber,
    printed_unit: str | None,
    high: PrintedNumber | None = None,
) -> Figure:
    """Build the figure: canonical value in the indicator's unit, rounding interval, identity.

    The identity is the delivery's sha256, the position and the ordinal, never the interpretation.

    Raises:
        QuantityError: ``unknown_unit``, ``unit_mismatch``, ``unit_missing`` or ``out_of_range``.
    """
    factor, unit = _canonical(registry, meaning, printed_unit)
    interval = rounding_interval(number)
    if high is not None:
        interval = Interval(interval.lo, rounding_interval(high).hi, interval.lo_closed, hi_closed=False)
    lo = scaled(interval.lo, factor) if interval.lo is not None else None
    hi = scaled(interval.hi, factor) if interval.hi is not None else None
    stored = stored_interval(Interval(lo, hi, interval.lo_closed, interval.hi_closed))
    value = stored_value(scaled(number.value, factor))
    if abs(value) >= Decimal(10) ** 18:
        raise QuantityError("out_of_range", f"{printed_text}换算后超出可存储范围（18位整数），请核对单位")
    return Figure(
        figure_id=hashed_id("fig", source.sha256, place.position, place.ordinal),
        position=place.position,
        source_id=source.source_id,
        origin_id=origin.source_id,
        document_id=source.document_id,
        region_code=meaning.region_code,
        scope_note=meaning.scope_note,
        indicator_code=meaning.indicator_code,
        variant=meaning.variant,
        breakdown=meaning.breakdown,
        indicator_as_printed=meaning.indicator_as_printed,
        period=meaning.period,
        period_basis=meaning.period_basis,
        base_period=meaning.base_period,
        kind=meaning.kind,
        target_kind=meaning.target_kind,
        comparator="range" if high is not None else meaning.comparator,
        nature=meaning.nature,
        strength=meaning.strength,
        statement_id=meaning.statement_id,
        printed_text=printed_text,
        printed_value=stored_value(number.value),
        printed_value_hi=stored_value(high.value) if high is not None else None,
        printed_unit=printed_unit,
        printed_decimals=number.decimals,
        value=value,
        value_lo=stored.lo,
        value_hi=stored.hi,
        lo_closed=stored.lo_closed,
        hi_closed=stored.hi_closed,
        unit=unit,
        layout=meaning.layout,
        section=place.section,
        line_start=place.line_start,
        line_end=place.line_end,
        page=place.page,
        sheet=place.sheet,
        cell=place.cell,
        address=place.address,
        published_at=origin.published_at,
        published_precision=origin.published_precision,
        release_type=origin.release_type,
        obs_status=meaning.obs_status,
    )


def _canonical(registry: Registry, meaning: Meaning, printed_unit: str | None) -> tuple[Decimal, str | None]:
    """Factor and unit of the canonical value: the indicator's for levels, the printed one otherwise."""
    own = meaning.kind in _OWN_UNIT_KINDS or meaning.target_kind in _OWN_UNIT_TARGETS
    if meaning.indicator_code is not None and not own:
        unit = registry.indicators[meaning.indicator_code].unit.unit
        return registry.conversion(meaning.indicator_code, printed_unit), unit
    if meaning.indicator_code is not None and meaning.kind == "change":
        try:
            unit = registry.indicators[meaning.indicator_code].unit.unit
            return registry.conversion(meaning.indicator_code, printed_unit), unit
        except QuantityError:
            pass  # a change of a ratio is in points, which no level unit converts to
    known = registry.unit(printed_unit) if printed_unit is not None else None
    return Decimal(1), known.unit if known is not None else printed_unit
