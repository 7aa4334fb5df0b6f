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
from ingestion.returns.columns import Column, read_column, with_totals
from ingestion.returns.geometry import Panel
from ingestion.returns.headers import (
    LABEL_WORDS,
    REGION_WORDS,
    YEAR_WORDS,
    Title,
    data_years,
    name_years,
    read_title,
    without_continuation,
    word,
)
from ingestion.returns.meaning import is_known_label
from ingestion.returns.periods import parse_period
from ingestion.returns.places import is_region_label, usual_level

_ENOUGH_TO_TELL = 5
"""Stored numbers in a row, column or table from which its own decimals are known."""
_COARSER = 4
"""Digits that the numbers of a row have less than their columns, from which its own decimals are known."""


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
    column_most: Mapping[int, int]
    """The most decimals in a column with enough stored numbers to tell."""
    most: int | None
    """The most decimals of all stored numbers, None where they are too few to tell."""
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
    columns = {column: read_column(registry, parts[column], regions_down=rows_are_regions) for column in parts}
    columns = with_totals(registry, columns, title)
    period, basis = title.period, "printed"
    if period is None and title.years is None:
        period, basis = _inferred_period(sheet, stated_title), "inferred"
    within = title.region.code if title.region is not None else source.region_code
    down = {role: down_the_column[column] for column, role in roles.items()}
    periods = [*(c.period for c in columns.values()), *map(parse_period, down.get("year", []))]
    printed_years = {int(stated[:4]) for stated in periods if stated}
    years = {*printed_years, *([int(period[:4])] if period else [])}
    labels = [*down.get("region", []), *(c.region for c in columns.values() if c.region)]
    decimals = _stored_decimals(sheet, panel)
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
        decimals=decimals.usual,
        row_decimals=decimals.in_row,
        column_most=decimals.in_column,
        most=decimals.of_all,
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


@dataclass(frozen=True, slots=True)
class _Decimals:
    """Decimals of the stored numbers of a table; see the fields of ``Table``."""

    usual: Mapping[int, int]
    in_row: Mapping[int, int]
    in_column: Mapping[int, int]
    of_all: int | None


def _stored_decimals(sheet: Sheet, panel: Panel) -> _Decimals:
    """The usual decimals of each column, and the most of each row, column and the table that are long enough.

    Usual are those that most numbers of a column have; of two equally frequent ones the larger.
    """
    columns: dict[int, Counter[int]] = {}
    rows: dict[int, Counter[int]] = {}
    every: Counter[int] = Counter()
    for row, column in panel.body:
        decimals = stored_decimals(sheet.rows[row][column])
        if decimals is not None:
            columns.setdefault(column, Counter())[decimals] += 1
            rows.setdefault(row, Counter())[decimals] += 1
            every[decimals] += 1
    usual = {
        column: max((count, decimals) for decimals, count in found.items())[1] for column, found in columns.items()
    }
    in_row = _most(rows) | _coarser_rows(sheet, panel, usual, rows)
    return _Decimals(usual, in_row, _most(columns), max(every) if every.total() >= _ENOUGH_TO_TELL else None)


def _most(lines: Mapping[int, Counter[int]]) -> dict[int, int]:
    return {number: max(found) for number, found in lines.items() if found.total() >= _ENOUGH_TO_TELL}


def _coarser_rows(
    sheet: Sheet, panel: Panel, usual: Mapping[int, int], rows: Mapping[int, Counter[int]]
) -> dict[int, int]:
    """The most decimals of short rows that are printed more coarsely than their columns, as totals often are.

    Four digits that all happen to be zero at the end of the numbers of one row are no chance.
    """
    missing: Counter[int] = Counter()
    for row, column in panel.body:
        if row in rows and stored_decimals(sheet.rows[row][column]) is not None:
            missing[row] += max(0, usual.get(column, 0) - max(rows[row]))
    return {row: max(rows[row]) for row, digits in missing.items() if digits >= _COARSER}


def told_decimals(table: Table, row: int, column: int, *, named_in_row: bool) -> int | None:
    """The most decimals that the stored numbers beside a cell show, along the line that counts one thing.

    That line is the column where the header names what is counted, else the row, else the whole table. None where it
    is too short to tell: fifteen whole numbers of an indicator usual with one decimal were printed without it.
    """
    if table.columns[column].names:
        return table.column_most.get(column)
    return table.row_decimals.get(row) if named_in_row else table.most
