"""Figures that share meaning and unit: what a column has in common is worked out once, not for each of its cells.

What belongs here: building many figures of one series fast, each the same as ``figures.build_figure`` would build it.
What does not: what a column means (``grid``, ``tidy``), which figures are recorded (``collect``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, TypeVar

from ingestion.figures import Figure, Meaning, Place, Source, build_figure, hashed_id
from ingestion.quantity import SCALE, PrintedNumber, QuantityError, fold
from ingestion.registry import Registry

_EXACT = Context(prec=80)
_DOWN = Context(prec=80, rounding=ROUND_FLOOR)
_UP = Context(prec=80, rounding=ROUND_CEILING)
_QUANTUM = Decimal(1).scaleb(-SCALE)
_LARGEST = Decimal(10) ** 18
_USUAL_DIGITS = 30  # numbers with more decimals than any office prints go the long way

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Series:
    """Origin, meaning and unit of many figures; region and period of the meaning are those of its first figure."""

    registry: Registry
    source: Source
    origin: Source
    meaning: Meaning
    unit: str | None
    key: Hashable
    """What makes two figures of one file the same series, whichever label they stand under."""
    fields: dict[str, Any] | None
    """All that does not change from figure to figure; None: each figure is built on its own (and may be refused)."""
    factor: Decimal
    """From the printed to the canonical unit."""
    sheet: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure of a sheet stands."""

    address: str
    cell: str
    line_start: int
    line_end: int


def make_series(
    registry: Registry,
    source: Source,
    origin: Source,
    meaning: Meaning,
    unit: str | None,
    *,
    scope: str = "",
    sheet: str | None = None,
    section: str | None = None,
) -> Series:
    """Work out what all figures of a series share.

    Args:
        registry: code lists.
        source: the delivery.
        origin: the publication.
        meaning: of any figure of the series; region and period may differ from figure to figure.
        unit: as printed.
        scope: within what a second printing counts as a repetition (the file, or one sheet).
        sheet: the sheet that holds the figures.
        section: the title above them.
    """
    key = _key(scope, origin, meaning)
    fields: dict[str, Any] | None = None
    factor = Decimal(0)
    try:
        one = build_figure(
            registry,
            source,
            origin,
            meaning,
            Place(position="", section=section, sheet=sheet, cell=""),
            printed_text="1",
            number=PrintedNumber(Decimal(1), 0),
            printed_unit=unit,
        )
    except QuantityError:
        pass  # the reason names the number: each cell says it for itself
    else:
        factor = one.value
        if factor:  # a factor below the scale of the warehouse cannot be told from a stored value
            fields = {name: getattr(one, name) for name in Figure.__slots__}
    return Series(registry, source, origin, meaning, unit, key, fields, factor, sheet, section)


def _key(scope: str, origin: Source, meaning: Meaning) -> Hashable:
    return (
        scope,
        origin.source_id,
        meaning.indicator_code,
        "".join(fold(meaning.indicator_as_printed).split()),
        meaning.variant,
        meaning.breakdown,
        meaning.kind,
    )


def figure_at(
    series: Series, region_code: str, period: str, period_basis: str, spot: Spot, text: str, number: PrintedNumber
) -> Figure:
    """The figure of a series at one place, equal to what ``build_figure`` yields.

    Raises:
        QuantityError: as ``build_figure``.
    """
    decimals = number.decimals
    if series.fields is None or decimals > _USUAL_DIGITS:
        return _built(series, region_code, period, period_basis, spot, text, number)
    exact = _EXACT.multiply(number.value, series.factor)
    value = _EXACT.quantize(exact, _QUANTUM)
    if abs(value) >= _LARGEST:
        return _built(series, region_code, period, period_basis, spot, text, number)
    half = _EXACT.multiply(Decimal((0, (5,), -decimals - 1)), series.factor)
    low, high = _EXACT.subtract(exact, half), _EXACT.add(exact, half)
    lo, hi = _DOWN.quantize(low, _QUANTUM), _UP.quantize(high, _QUANTUM)
    positive = number.value >= 0
    return Figure(
        **series.fields
        | {
            "figure_id": hashed_id("fig", series.source.sha256, spot.address, 0),
            "position": spot.address,
            "region_code": region_code,
            "period": period,
            "period_basis": period_basis,
            "base_period": base_period(series.meaning.kind, period),
            "printed_text": text,
            "printed_value": _EXACT.quantize(number.value, _QUANTUM),
            "printed_decimals": decimals,
            "value": value,
            "value_lo": lo,
            "value_hi": hi,
            "lo_closed": positive or lo != low,
            "hi_closed": not positive or hi != high,
            "line_start": spot.line_start,
            "line_end": spot.line_end,
            "cell": spot.cell,
            "address": spot.address,
        }
    )


def _built(
    series: Series, region_code: str, period: str, period_basis: str, spot: Spot, text: str, number: PrintedNumber
) -> Figure:
    return build_figure(
        series.registry,
        series.source,
        series.origin,
        replace(
            series.meaning,
            region_code=region_code,
            period=period,
            period_basis=period_basis,
            base_period=base_period(series.meaning.kind, period),
        ),
        Place(
            position=spot.address,
            section=series.section,
            line_start=spot.line_start,
            line_end=spot.line_end,
            sheet=series.sheet,
            cell=spot.cell,
        ),
        printed_text=text,
        number=number,
        printed_unit=series.unit,
    )


def base_period(kind: str, period: str) -> str | None:
    """The year before, which growth and change of a year in a table are over; None for levels and parts of a year."""
    return str(int(period) - 1) if kind in ("growth", "change") and len(period) == 4 else None


def once(known: dict[Hashable, Any], key: Hashable, make: Callable[[], _T], errors: tuple[type[Exception], ...]) -> _T:
    """What ``make`` gave for this key before, or gives now; an error is remembered and raised again alike."""
    found = known.get(key)
    if found is None:
        try:
            found = make()
        except errors as error:
            found = error
        known[key] = found
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found
