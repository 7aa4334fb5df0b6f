"""Statistical tables become figures: each number takes region, period and indicator from its row, column and title.

What belongs here: joining the labels of a cell into one meaning, decimals of stored numbers, the checks that refuse
rather than guess. What does not: where labels stand (``geometry``), what names mean (``meaning``, ``places``).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from ingestion.figures import Meaning, Source
from ingestion.quantity import PrintedNumber, QuantityError, squeeze
from ingestion.registry import Registry
from ingestion.returns.cells import Sheet, read_number
from ingestion.returns.collect import Gathered, load, refuse
from ingestion.returns.columns import Column
from ingestion.returns.geometry import find_panels
from ingestion.returns.headers import (
    Title,
    says_part_of_year,
    take_apart,
)
from ingestion.returns.meaning import Means, bare, means, with_unit
from ingestion.returns.periods import parse_period, period_end
from ingestion.returns.places import (
    NoRegionError,
    resolve_code,
    resolve_label,
)
from ingestion.returns.rows import RowHead, row_heads
from ingestion.returns.series import Series, Spot, make_series, once
from ingestion.returns.table import (
    Table,
    build_table,
    column_conflict,
    table_title,
    told_decimals,
    year_conflict,
)

_NO_NUMBER = "不是一个明确的数，请只填数字，注释另列"
_WRONG = {"formula_error": "是公式错误，请改正公式或直接填报数值后重报"}


class _CellError(Exception):
    """A cell that is not loaded."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Reading:
    """One table on its way to figures, with what was worked out before: a column, a label is resolved once."""

    gathered: Gathered
    table: Table
    origin: Source
    periods: dict[Hashable, Any] = field(default_factory=dict)
    regions: dict[Hashable, Any] = field(default_factory=dict)
    subjects: dict[Hashable, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a cell counts: its series, and the decimals that its stored numbers have at least."""

    series: Series
    usual_decimals: int


def read_grid(
    gathered: Gathered, sheet: Sheet, origin: Source, stated_title: str | None, previous: Title | None
) -> tuple[int, Title | None]:
    """Read all tables of a sheet.

    Args:
        gathered: where the outcomes go.
        sheet: any sheet that is no tidy table.
        origin: the publication that the workbook is.
        stated_title: the title that ``sources.yml`` states, for the year and against contradictions.
        previous: the title of the last table of the sheet before, which a 续表 continues.

    Returns:
        The number of tables found, and the title of the last.
    """
    panels = find_panels(sheet)
    file_name = PurePosixPath(gathered.source.file_name or "").stem
    for number, panel in enumerate(panels):
        title = table_title(gathered.registry, panel, previous, first_of_sheet=number == 0)
        previous = title
        table = build_table(gathered.registry, gathered.source, sheet, panel, title, stated_title)
        conflict = year_conflict(title, stated_title, sheet.name, file_name) or column_conflict(table)
        if conflict is not None:
            gathered.recognised += 1
            refuse(gathered, sheet.name or "", title.text, "year_conflict", conflict)
            continue
        gathered.recognised += len(panel.body)
        _read_body(_Reading(gathered, table, origin))
    return len(panels), previous


def _read_body(reading: _Reading) -> None:
    table = reading.table
    heads = row_heads(reading.gathered.registry, table)
    for row, column in table.panel.body:
        _read_cell(reading, heads[row], row, column)


def _read_cell(reading: _Reading, head: RowHead, row: int, column: int) -> None:
    table, gathered = reading.table, reading.gathered
    sheet = table.sheet
    cell = sheet.rows[row][column]
    try:
        number = read_number(cell)
        period, basis, region, subject = _meaning(reading, head, column)
    except QuantityError as error:
        address = sheet.address(row, column)
        reason = f"单元格{address}的内容“{cell.text}”{_WRONG.get(error.reason_code, _NO_NUMBER)}"
        refuse(gathered, address, cell.text, error.reason_code, reason)
        return
    except (_CellError, NoRegionError) as error:
        address = sheet.address(row, column)
        refuse(gathered, address, cell.text, error.reason_code, f"单元格{address}：{error.reason}")
        return
    line = sheet.line(row)
    name = sheet.cell_name(row, column)
    spot = Spot(name if sheet.name is None else f"{sheet.name}!{name}", name, line, line)
    if cell.is_number:  # a stored 2.1 in a column of two decimals is 2.10; a text cell is literal
        own = table.decimals.get(column, 0)
        told = told_decimals(table, row, column, named_in_row=bool(head.names))
        indicator = subject.usual_decimals if told is None else min(subject.usual_decimals, told)
        usual = max(indicator, min(own, table.row_decimals.get(row, own)))
        if usual > number.decimals:
            number = PrintedNumber(number.value, usual)
    load(gathered, subject.series, spot, cell.text, number, region_code=region, period=period, period_basis=basis)


def _meaning(reading: _Reading, head: RowHead, column: int) -> tuple[str, str, str, _Subject]:
    """Period and its basis, region, subject of a cell."""
    table, registry = reading.table, reading.gathered.registry
    top = table.columns[column]
    when = reading.periods.get((column, head.years))
    if type(when) is not tuple:  # new, or an error to raise again
        key: Hashable = (column, head.years)
        when = once(reading.periods, key, lambda: _period(table, top, head.years), (_CellError,))
    period, basis = when
    key = (column if head.region is None else -1, head.region, head.code, head.above, period)
    region = reading.regions.get(key)
    if type(region) is not str:
        errors = (_CellError, NoRegionError)
        region = once(reading.regions, key, lambda: _region(registry, table, top, head, period_end(period)), errors)
    key = (column, head.names, head.units)
    subject = reading.subjects.get(key)
    if type(subject) is not _Subject:
        subject = once(reading.subjects, key, lambda: _subject(reading, top, head), (_CellError,))
    return period, basis, region, subject


def _usual_decimals(registry: Registry, found: Means, unit: str | None) -> int:
    """The decimals that an indicator is usually printed with, where the unit is its own."""
    if found.indicator_code is None or found.kind != "actual":
        return 0
    indicator = registry.indicators[found.indicator_code]
    canonical = unit is None or registry.unit(unit) == indicator.unit or squeeze(unit) in indicator.unit_synonyms
    return indicator.usual_decimals if canonical else 0


def _period(table: Table, head: Column, years: tuple[str, ...]) -> tuple[str, str]:
    stated: list[str] = [head.period] if head.period is not None else []
    for label in years:
        period = parse_period(label)
        if period is None:
            raise _CellError("bad_period", f"行标题“{label}”不是时期，请写成2020或2020年")
        stated.append(period)
    if len(set(stated)) > 1 or "" in stated:
        raise _CellError("bad_period", "行标题与列标题给出不同的时期，请核对表头")
    period = stated[0] if stated else table.period
    if period is None:
        raise _CellError("no_period", "表题、表头和行标题都没有写明年份，请在表题中注明，如（2021年）")
    whole_year = len(period) == 4
    if whole_year and (table.title.part_of_year or any(says_part_of_year(name) for name in head.names)):
        raise _CellError("bad_period", "本表是季度、月度或累计数，时期不明确，请在表题写明，如2021年前三季度")
    span = table.title.years
    if stated and span is not None and span[0] != span[1] and not span[0] <= int(period[:4]) <= span[1]:
        raise _CellError("year_conflict", f"列标题的{period}不在表题所写的{span[0]}-{span[1]}年之内，请核对")
    return period, "printed" if stated else table.period_basis


def _region(
    registry: Registry,
    table: Table,
    top: Column,
    head: RowHead,
    on: date,
) -> str:
    if not table.roles and table.several_rows:
        raise _CellError("no_row_label", "这一行没有行标题（地区、年份或指标），请补填行标题")
    label = head.region if head.region is not None else top.region
    if head.region == "":
        raise _CellError("no_row_label", "这一行没有地区名称，请补填行标题")
    if label is None and table.regions_across:
        raise _CellError("unknown_region", f"列标题“{''.join(top.names)}”不是区划表中的地区，请改用规范名称")
    if label is None:
        if table.within is None or table.within not in registry.regions:
            raise _CellError("no_region", "表中没有地区，请在表题中写明地区全称，或在sources.yml中填写region_code")
        return resolve_code(registry, table.within, "", on).code
    if head.region is not None and head.code in registry.regions:
        return resolve_code(registry, head.code, label, on).code
    return resolve_label(registry, label, on, level=table.level, within=table.within, above=head.above).code


def _subject(reading: _Reading, top: Column, head: RowHead) -> _Subject:
    """What is counted, and its unit: of the row, else of the column, else of the table."""
    table, registry = reading.table, reading.gathered.registry
    row_names: list[str] = []
    row_unit: str | None = None
    for printed in head.names:
        label = take_apart(registry, printed)
        row_unit = label.unit or row_unit
        if label.name:
            row_names.append(label.name)
    for unit in head.units:
        row_unit = unit or row_unit
    if head.names and not row_names:
        raise _CellError("no_row_label", "这一行没有指标名称，请补填行标题")
    named = table.named_across[top.region is not None]
    if not top.names and not row_names and named:
        raise _CellError("no_indicator", "这一列没有指标名称（其他列有），请补填列标题")
    found = means(registry, [*row_names, *top.names], table.title)
    if found is None:
        raise _CellError("no_indicator", "表题和表头都没有写明指标，请补填")
    if row_names and top.names:
        # a row name under a column name: two subjects in one cell are kept by name, never matched
        found = Means(None, found.variant, "_T", ":".join([*map(bare, row_names), *map(bare, top.names)]), found.kind)
    printed_unit = row_unit or top.unit
    if printed_unit is None and found.kind == "actual":
        printed_unit = table.title.unit
    found = with_unit(registry, found, printed_unit)
    return _Subject(_series(reading, found, printed_unit), _usual_decimals(registry, found, printed_unit))


def _series(reading: _Reading, found: Means, unit: str | None) -> Series:
    gathered, table = reading.gathered, reading.table
    meaning = Meaning(
        region_code="",
        indicator_code=found.indicator_code,
        indicator_as_printed=found.as_printed,
        variant=found.variant,
        breakdown=found.breakdown,
        period="",
        kind=found.kind,
        layout="cell",
    )
    return make_series(
        gathered.registry,
        gathered.source,
        reading.origin,
        meaning,
        unit,
        scope=table.sheet.name or "",
        sheet=table.sheet.name,
        section=table.title.text or None,
    )
