"""What one reading gathers: figures, refusals, origins, and the count of what it set out to load.

What belongs here: recording an outcome for every recognised figure, exactly one each, and telling repeated figures.
What does not: finding figures (``tidy``, ``grid``).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from ingestion.figures import Figure, Refusal, Source
from ingestion.quantity import PrintedNumber, QuantityError
from ingestion.registry import Registry
from ingestion.returns.series import Series, Spot, figure_at

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
    series: Series,
    spot: Spot,
    text: str,
    number: PrintedNumber,
    *,
    region_code: str,
    period: str,
    period_basis: str = "printed",
    raw_text: str | None = None,
) -> None:
    """Build and record a figure, or refuse it: a unit that does not fit, a figure that stands there twice.

    Args:
        gathered: where the outcome goes.
        series: origin, meaning and unit that the figure shares with others.
        spot: where it stands.
        text: the number as it stands there.
        number: the number itself.
        region_code: the region that it describes.
        period: the period that it describes.
        period_basis: where the period was read.
        raw_text: what a refusal shows; the printed text when not given.
    """
    raw = text if raw_text is None else raw_text
    try:
        figure = figure_at(series, region_code, period, period_basis, spot, text, number)
    except QuantityError as error:
        reason = f"{error}，请核对{spot.address}的数值与单位后重报"
        refuse(gathered, spot.address, raw, error.reason_code, reason)
        return
    first = gathered.seen.setdefault((series.key, region_code, period), figure)
    if first is not figure:
        _refuse_repetition(gathered, first, figure, raw)
        return
    gathered.origins.setdefault(series.origin.source_id, series.origin)
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
