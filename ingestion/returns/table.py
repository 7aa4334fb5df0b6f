"""A panel with all that its cells share: title, kind of each label column, what stands above each column, decimals.

What belongs here: preparing a table once. What does not: reading its cells (``grid``), finding it (``geometry``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingestion.figures import Source
from ingestion.registry import Registry
from ingestion.returns.cells import Sheet, stored_decimals
from ingestion.returns.column_heads import header_parts
from ingestion.returns.geometry import Panel
from ingestion.returns.headers import (
    AXIS_WORDS,
    LABEL_WORDS,
    REGION_WORDS,
    YEAR_WORDS,
    Title,
    data_years,
    name_years,
    read_title,
    take_apart,
    without_continuation,
    word,
)
from ingestion.returns.meaning import bare, is_item, is_known_label, means
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
    regions_across: bool
    """Whether some column names a region."""
    named_across: tuple[bool, bool]
    """Whether some column without a region, and some with one, names an indicator."""
    decimals: Mapping[int, int]
    """The usual decimals of the stored numbers of a column."""
    row_decimals: Mapping[int, int]
    """The most decimals in a row with enough stored numbers to tell: a total may be printed more coarsely."""
    period: str | None
    period_basis: str
    years: frozenset[int]
    """The years that columns and rows name."""
    every_cell_has_a_year: bool
    several_rows: bool
    spilled: Mapping[tuple[int, int], str]
    """The labels of merged ranges that cover several rows."""
    level: tuple[str, str | None] | None
    within: str | None


def table_title(registry: Registry, panel: Panel, previous: Title | None, *, first_of_sheet: bool) -> Title:
    """The title of a table; one without a title of its own continues the table before it.

    On a new sheet it does so only where it says 续表.
    """
    title = read_title(registry, panel.context)
    continues = any(without_continuation(line) is not None for line in panel.context)
    if previous is None or title.name or (first_of_sheet and not continues):
        return title
    period, years = (title.period, title.years) if title.period else (previous.period, previous.years)
    return replace(previous, unit=title.unit or previous.unit, period=period, years=years)


def year_conflict(title: Title, stated: str | None, sheet: str | None, file_name: str) -> str | None:
    """Why the year of a table contradicts the one year that the stated title, its sheet or its file names, or None.

    The name of the file counts only where no title with a year is stated.
    """
    if title.period is None:
        return None
    printed = int(title.period[:4])
    named = [("sources.yml中的标题", data_years(stated or "")), ("工作表名", data_years(sheet or ""))]
    if not named[0][1]:
        named.append(("文件名", name_years(file_name)))
    for where, years in named:
        if len(years) == 1 and printed not in years:
            other = next(iter(years))
            return f"表题写的是{printed}年，而{where}写的是{other}年，请核对后更正其一，或在sources.yml中写明标题"
    return None


def column_conflict(table: Table) -> str | None:
    """Why the one year of the title contradicts the years printed in the table, or None when it does not."""
    if table.title.period is None or not table.years or not table.every_cell_has_a_year:
        return None
    printed = int(table.title.period[:4])
    if printed in table.years:
        return None
    years = "、".join(map(str, sorted(table.years)))
    return f"表题写的是{printed}年，而表头只有{years}年，请核对后更正其一"


def build_table(
    registry: Registry, source: Source, sheet: Sheet, panel: Panel, title: Title, stated_title: str | None
) -> Table:
    """Prepare a panel: everything that is the same for its rows or columns is read once."""
    rows = sorted({row for row, _ in panel.body})
    spilled = _spilled(sheet, panel)
    down_the_column = {c: [_label(sheet, spilled, row, c) for row in rows] for c in panel.label_columns}
    roles = {column: _axis_kind(registry, sheet, panel, column, labels) for column, labels in down_the_column.items()}
    rows_are_regions = "region" in roles.values()
    parts = header_parts(sheet, panel, lambda label: is_known_label(registry, label, title))
    columns = {column: _column(registry, parts[column], regions_down=rows_are_regions) for column in parts}
    columns = _with_totals(registry, columns, title)
    period, basis = title.period, "printed"
    if period is None and title.years is None:
        period, basis = _inferred_period(sheet, stated_title), "inferred"
    within = title.region.code if title.region is not None else source.region_code
    down = {role: down_the_column[column] for column, role in roles.items()}
    periods = [*(c.period for c in columns.values()), *map(parse_period, down.get("year", []))]
    printed_years = {int(stated[:4]) for stated in periods if stated}
    years = {*printed_years, *([int(period[:4])] if period else [])}
    labels = [*down.get("region", []), *(c.region for c in columns.values() if c.region)]
    usual, most = _stored_decimals(sheet, panel)
    return Table(
        sheet=sheet,
        panel=panel,
        title=title,
        roles=roles,
        columns=columns,
        regions_across=any(c.region for c in columns.values()),
        named_across=(
            any(c.names for c in columns.values() if c.region is None),
            any(c.names for c in columns.values() if c.region is not None),
        ),
        decimals=usual,
        row_decimals=most,
        period=period,
        period_basis=basis,
        years=frozenset(printed_years),
        every_cell_has_a_year="year" in roles.values() or all(c.period for c in columns.values()),
        several_rows=len(rows) > 1,
        spilled=spilled,
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


def _axis_kind(registry: Registry, sheet: Sheet, panel: Panel, column: int, labels: Sequence[str]) -> str:
    """Whether a label column holds regions, periods or names of indicators."""
    heads = {word(sheet.rows[row][column].text) for row in panel.header_rows}
    if heads & LABEL_WORDS:
        return "label"
    held = [label for label in labels if label]
    if heads & YEAR_WORDS or (held and sum(parse_period(x) is not None for x in held) * 2 > len(held)):
        return "year"
    if heads & REGION_WORDS or any(is_region_label(registry, label) for label in held):
        return "region"
    return "label"


def row_label(table: Table, row: int, column: int) -> str:
    """The label of a row, also from a merged range that starts above it; blank when there is none."""
    return _label(table.sheet, table.spilled, row, column)


def _label(sheet: Sheet, spilled: Mapping[tuple[int, int], str], row: int, column: int) -> str:
    return sheet.rows[row][column].text.strip() or spilled.get((row, column), "")


def _spilled(sheet: Sheet, panel: Panel) -> dict[tuple[int, int], str]:
    """The texts of merged ranges in the label columns, for all their rows."""
    labels, header = set(panel.label_columns), set(panel.header_rows)
    return {
        (row, c0): sheet.rows[r0][c0].text.strip()
        for (r0, c0), (r1, _) in sheet.merged
        if c0 in labels and r0 not in header and r0 < len(sheet.rows)
        for row in range(r0, min(r1 + 1, len(sheet.rows)))
    }


def _column(registry: Registry, parts: Sequence[str], *, regions_down: bool) -> Column:
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


def _with_totals(registry: Registry, columns: Mapping[int, Column], title: Title) -> dict[int, Column]:
    """其中：基础研究 beside R&D经费内部支出, and 应用研究 after it, are items of that column."""
    found: dict[int, Column] = {}
    total: Column | None = None
    dimension: str | None = None
    for number, column in columns.items():
        found[number] = column
        label = column.names[0] if len(column.names) == 1 else ""
        part = registry.breakdown_labels.get(bare(label), "").partition("=")[0] or None
        own = means(registry, column.names, title) if part is not None else None
        if own is not None and own.indicator_code is not None:  # by the title, or a name of its own
            continue
        if total is not None and part is not None and (is_item(label) or part == dimension):
            dimension = part
            found[number] = replace(column, names=(*total.names, label), unit=column.unit or total.unit)
        elif not is_item(label):
            total, dimension = column, None
    return found


def _stored_decimals(sheet: Sheet, panel: Panel) -> tuple[dict[int, int], dict[int, int]]:
    """The usual decimals of the stored numbers of each column, and the most decimals of each long enough row.

    Usual are those that most numbers of a column have; of two equally frequent ones the larger.
    """
    columns: dict[int, Counter[int]] = {}
    rows: dict[int, list[int]] = {}
    for row, column in panel.body:
        cell = sheet.rows[row][column]
        decimals = stored_decimals(cell)
        if decimals is not None:
            columns.setdefault(column, Counter())[decimals] += 1
            rows.setdefault(row, []).append(decimals)
    usual = {
        column: max((count, decimals) for decimals, count in found.items())[1] for column, found in columns.items()
    }
    return usual, {row: max(decimals) for row, decimals in rows.items() if len(decimals) >= _ENOUGH_TO_TELL}
