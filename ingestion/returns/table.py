"""A panel with all that its cells share: title, kind of each label column, what stands above each column, decimals.

What belongs here: preparing a table once. What does not: reading its cells (``grid``), finding it (``geometry``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ingestion.figures import Source
from ingestion.registry import Registry
from ingestion.returns.cells import Sheet, number_or_none
from ingestion.returns.geometry import Panel, header_parts
from ingestion.returns.headers import (
    AXIS_WORDS,
    LABEL_WORDS,
    REGION_WORDS,
    YEAR_WORDS,
    Title,
    data_years,
    read_title,
    take_apart,
    word,
)
from ingestion.returns.meaning import is_known_label
from ingestion.returns.periods import parse_period
from ingestion.returns.places import is_region_label, usual_level

_ENOUGH_TO_TELL = 5
"""Stored numbers in a row from which its own decimals are known."""


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above a column: label parts, unit, period, region."""

    names: tuple[str, ...] = ()
    unit: str | None = None
    period: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A panel with everything that its cells share."""

    sheet: Sheet
    panel: Panel
    title: Title
    roles: Mapping[int, str]
    """The kind of each label column: region, year or label."""
    columns: Mapping[int, Column]
    decimals: Mapping[int, int]
    """The usual decimals of the stored numbers of a column."""
    row_decimals: Mapping[int, int]
    """The most decimals in a row with enough stored numbers to tell: a total may be printed more coarsely."""
    period: str | None
    period_basis: str
    level: tuple[str, str | None] | None
    within: str | None


def table_title(registry: Registry, panel: Panel, previous: Title | None) -> Title:
    """The title of a table; a second table without one of its own continues the first."""
    title = read_title(registry, panel.context)
    if previous is None or title.name:
        return title
    return replace(previous, unit=title.unit or previous.unit, period=title.period or previous.period)


def year_conflict(title: Title, stated: str | None) -> str | None:
    """Why the year of a table contradicts the one year of the stated title, or None when it does not."""
    if stated is None or title.period is None:
        return None
    years = data_years(stated)
    printed = int(title.period[:4])
    if len(years) != 1 or printed in years:
        return None
    return f"表题写的是{printed}年，而sources.yml中的标题写的是{next(iter(years))}年，请核对后更正其一"


def build_table(
    registry: Registry, source: Source, sheet: Sheet, panel: Panel, title: Title, stated_title: str | None
) -> Table:
    """Prepare a panel: everything that is the same for its rows or columns is read once."""
    roles = {column: _axis_kind(registry, sheet, panel, column) for column in panel.label_columns}
    rows_are_regions = "region" in roles.values()
    columns = {
        column: _column(registry, sheet, panel, title, column, regions_down=rows_are_regions)
        for column in sorted({column for _, column in panel.body})
    }
    period, basis = title.period, "printed"
    if period is None and title.years is None:
        period, basis = _inferred_period(sheet, stated_title), "inferred"
    within = title.region.code if title.region is not None else source.region_code
    rows = sorted({row for row, _ in panel.body})
    down = {role: [row_label(sheet, panel, row, column) for row in rows] for column, role in roles.items()}
    periods = [period, *(c.period for c in columns.values()), *map(parse_period, down.get("year", []))]
    years = [int(stated[:4]) for stated in periods if stated]
    labels = [*down.get("region", []), *(c.region for c in columns.values() if c.region)]
    usual, most = _stored_decimals(sheet, panel)
    return Table(
        sheet=sheet,
        panel=panel,
        title=title,
        roles=roles,
        columns=columns,
        decimals=usual,
        row_decimals=most,
        period=period,
        period_basis=basis,
        level=usual_level(registry, labels, date(max(years, default=2020), 12, 31)),
        within=within,
    )


def _inferred_period(sheet: Sheet, stated: str | None) -> str | None:
    """A single year in the name of the sheet, else in the stated title."""
    for text in (sheet.name or "", stated or ""):
        years = data_years(text)
        if len(years) == 1:
            return str(next(iter(years)))
    return None


def _axis_kind(registry: Registry, sheet: Sheet, panel: Panel, column: int) -> str:
    """Whether a label column holds regions, periods or names of indicators."""
    heads = {word(sheet.rows[row][column].text) for row in panel.header_rows}
    if heads & LABEL_WORDS:
        return "label"
    labels = [row_label(sheet, panel, row, column) for row in sorted({row for row, _ in panel.body})]
    held = [label for label in labels if label]
    if heads & YEAR_WORDS or (held and sum(parse_period(x) is not None for x in held) * 2 > len(held)):
        return "year"
    if heads & REGION_WORDS or any(is_region_label(registry, label) for label in held):
        return "region"
    return "label"


def row_label(sheet: Sheet, panel: Panel, row: int, column: int) -> str:
    """The label of a row, also from a merged range that starts above it; blank when there is none."""
    text = sheet.rows[row][column].text.strip()
    if text:
        return text
    for (r0, c0), (r1, _) in sheet.merged:
        if c0 == column and r0 <= row <= r1 and r0 not in panel.header_rows:
            return sheet.rows[r0][c0].text.strip()
    return ""


def _column(registry: Registry, sheet: Sheet, panel: Panel, title: Title, column: int, *, regions_down: bool) -> Column:
    parts = header_parts(sheet, panel, column, lambda label: is_known_label(registry, label, title))
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


def _stored_decimals(sheet: Sheet, panel: Panel) -> tuple[dict[int, int], dict[int, int]]:
    """The usual decimals of the stored numbers of each column, and the most decimals of each long enough row.

    Usual are those that most numbers of a column have; of two equally frequent ones the larger.
    """
    columns: dict[int, Counter[int]] = {}
    rows: dict[int, list[int]] = {}
    for row, column in panel.body:
        cell = sheet.rows[row][column]
        number = number_or_none(cell) if cell.is_number else None
        if number is not None:
            columns.setdefault(column, Counter())[number.decimals] += 1
            rows.setdefault(row, []).append(number.decimals)
    usual = {
        column: max((count, decimals) for decimals, count in found.items())[1] for column, found in columns.items()
    }
    return usual, {row: max(decimals) for row, decimals in rows.items() if len(decimals) >= _ENOUGH_TO_TELL}
