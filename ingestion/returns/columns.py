"""What stands above a column, taken apart, and the columns that say something of the one before them.

What belongs here: names, unit, period and region of a column; items, growth and shares beside their total. What does
not: which texts stand above a column (``column_heads``), what a name means (``meaning``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.registry import Registry
from ingestion.returns.headers import AXIS_WORDS, Title, take_apart, word
from ingestion.returns.meaning import bare, is_item, is_said_of_another, means, part_names
from ingestion.returns.places import is_region_label


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column: label parts, unit, period, region."""

    names: tuple[str, ...] = ()
    unit: str | None = None
    period: str | None = None
    region: str | None = None


def read_column(registry: Registry, parts: Sequence[str], *, regions_down: bool) -> Column:
    """Name, unit, period and region out of the header texts above a column, outermost first."""
    names: list[str] = []
    unit: str | None = None
    period: str | None = None
    region: str | None = None
    for part in parts:
        if word(part) in AXIS_WORDS:  # 年份 over the years, 指标 over the names
            continue
        label = take_apart(registry, part)
        unit = label.unit or unit
        if label.period is not None:
            period = label.period if period in (None, label.period) else ""
        if label.name and not regions_down and is_region_label(registry, label.name):
            region = label.name
        elif label.name:
            names.append(label.name)
    if len(names) > 1 and unit is None:
        joined = take_apart(registry, "".join(names))  # a unit bracket split over two rows
        names, unit = ([joined.name], joined.unit) if joined.unit is not None else (names, unit)
    return Column(tuple(names), unit, period, region)


def with_totals(registry: Registry, columns: Mapping[int, Column], title: Title) -> dict[int, Column]:
    """其中：基础研究 beside R&D经费内部支出, 应用研究 after it, and 比上年增长 say something of that column."""
    found: dict[int, Column] = {}
    total: Column | None = None
    last: Column | None = None
    dimension: str | None = None
    within_total = False
    told: list[Column] = []
    for number, column in columns.items():
        found[number] = column
        label = column.names[0] if len(column.names) == 1 else ""
        if column.names and is_said_of_another("".join(column.names)):
            # behind the items of a total it is said of the total, unless the total had one of its own
            of = total if within_total and total not in told else last
            if of is not None:
                told.append(of)
                found[number] = replace(column, names=(*of.names, *column.names))
            continue
        within_total = False
        part = registry.breakdown_labels.get(bare(label), "").partition("=")[0] or None
        if total is not None and is_item(label) and (names := _known_part(registry, total, label, title)):
            dimension, within_total = part, True
            found[number] = replace(column, names=names, unit=column.unit or total.unit)
        elif (part is not None or is_item(label)) and _has_meaning(registry, column.names, title):
            pass  # by the title, or a name of its own
        elif total is not None and part is not None and (is_item(label) or part == dimension):
            dimension, within_total = part, True
            found[number] = replace(column, names=(*total.names, label), unit=column.unit or total.unit)
        elif not is_item(label):
            total, dimension = column, None
        last = found[number]
    return found


def _has_meaning(registry: Registry, names: Sequence[str], title: Title) -> bool:
    meaning = means(registry, names, title)
    return meaning is not None and meaning.indicator_code is not None


def _known_part(registry: Registry, total: Column, label: str, title: Title) -> tuple[str, ...] | None:
    """The names of an item of a total where they mean an indicator of ours, else None."""
    names = part_names(registry, total.names, label, title)
    return names if names is not None and _has_meaning(registry, names, title) else None
