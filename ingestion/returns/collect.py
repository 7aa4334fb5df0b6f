"""What one reading gathers: figures, refusals, origins, and the count of what it set out to load.

What belongs here: recording an outcome for every recognised figure, exactly one each, and telling repeated figures.
What does not: finding figures (``tidy``, ``grid``).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from ingestion.figures import Figure, Meaning, Place, Refusal, Source, build_figure
from ingestion.quantity import PrintedNumber, QuantityError, fold
from ingestion.registry import Registry

_MAX_RAW = 500


@dataclass(slots=True)
class Gathered:
    """The outcomes of one reading while it goes on. ``recognised`` is counted before an outcome is known."""

    registry: Registry
    source: Source
    figures: list[Figure] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    origins: dict[str, Source] = field(default_factory=dict)
    recognised: int = 0
    seen: dict[Hashable, Figure] = field(default_factory=dict)
    """Key of a figure inside its origin → the first figure that carried it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A number as found: its text, its value, the unit that goes with it."""

    text: str
    number: PrintedNumber
    unit: str | None


def refuse(gathered: Gathered, address: str, raw_text: str, reason_code: str, reason: str) -> None:
    """Record that a recognised figure (or a whole file or sheet) was not loaded."""
    raw = raw_text if len(raw_text) <= _MAX_RAW else raw_text[:_MAX_RAW] + "…"
    gathered.refusals.append(
        Refusal(
            source_id=gathered.source.source_id, address=address, raw_text=raw, reason_code=reason_code, reason=reason
        )
    )


def load(
    gathered: Gathered,
    origin: Source,
    meaning: Meaning,
    place: Place,
    printed: Printed,
    *,
    scope: str = "",
    raw_text: str | None = None,
) -> None:
    """Build and record a figure, or refuse it: a unit that does not fit, a figure that stands there twice.

    Args:
        gathered: where the outcome goes.
        origin: the cited publication, the vintage.
        meaning: how the number is understood.
        place: where it stands.
        printed: the number itself.
        scope: within what a second printing counts as a repetition (the file, or one sheet).
        raw_text: what a refusal shows; the printed text when not given.
    """
    raw = printed.text if raw_text is None else raw_text
    try:
        figure = build_figure(
            gathered.registry,
            gathered.source,
            origin,
            meaning,
            place,
            printed_text=printed.text,
            number=printed.number,
            printed_unit=printed.unit,
        )
    except QuantityError as error:
        reason = f"{error}，请核对{place.address}的数值与单位后重报"
        refuse(gathered, place.address, raw, error.reason_code, reason)
        return
    key = (
        scope,
        origin.source_id,
        meaning.region_code,
        meaning.indicator_code,
        "".join(fold(meaning.indicator_as_printed).split()),
        meaning.variant,
        meaning.breakdown,
        meaning.period,
        meaning.kind,
    )
    first = gathered.seen.setdefault(key, figure)
    if first is not figure:
        _refuse_repetition(gathered, first, figure, raw)
        return
    gathered.origins.setdefault(origin.source_id, origin)
    gathered.figures.append(figure)


def _refuse_repetition(gathered: Gathered, first: Figure, second: Figure, raw_text: str) -> None:
    if (first.value, first.unit) == (second.value, second.unit):
        reason = f"{second.address}与{first.address}重复（同一地区、指标、时期和来源，数值相同），请删去一处"
        refuse(gathered, second.address, raw_text, "duplicate_row", reason)
        return
    one = f"{first.printed_text}{first.printed_unit or ''}"
    other = f"{second.printed_text}{second.printed_unit or ''}"
    reason = (
        f"{second.address}与{first.address}是同一地区、指标、时期和来源，"
        f"数值却不同（{one}与{other}），请核实后只保留一处"
    )
    refuse(gathered, second.address, raw_text, "duplicate_key", reason)
