"""Statistical tables become figures: each number takes region, period and indicator from its row, column and title.

What belongs here: joining the labels of a cell into one meaning, decimals of stored numbers, the checks that refuse
rather than guess. What does not: where labels stand (``geometry``), what names mean (``meaning``, ``places``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ingestion.figures import Meaning, Place, Source
from ingestion.quantity import PrintedNumber, QuantityError, squeeze
from ingestion.registry import Registry
from ingestion.returns.cells import Cell, Sheet, read_number
from ingestion.returns.collect import Gathered, Printed, load, refuse
from ingestion.returns.geometry import find_panels
from ingestion.returns.headers import (
    Title,
    says_part_of_year,
    take_apart,
)
from ingestion.returns.meaning import Means, bare, means
from ingestion.returns.periods import parse_period, period_end
from ingestion.returns.places import (
    NoRegionError,
    resolve_code,
    resolve_label,
)
from ingestion.returns.table import Column, Table, build_table, row_label, table_title, year_conflict


class _CellError(Exception):
    """A cell that is not loaded."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


def read_grid(gathered: Gathered, sheet: Sheet, origin: Source, stated_title: str | None) -> int:
    """Read all tables of a sheet.

    Args:
        gathered: where the outcomes go.
        sheet: any sheet that is no tidy table.
        origin: the publication that the workbook is.
        stated_title: the title that ``sources.yml`` states, for the year and against contradictions.

    Returns:
        The number of tables found.
    """
    panels = find_panels(sheet)
    previous: Title | None = None
    for panel in panels:
        title = table_title(gathered.registry, panel, previous)
        previous = title
        conflict = year_conflict(title, stated_title)
        if conflict is not None:
            gathered.recognised += 1
            refuse(gathered, sheet.name or "", title.text, "year_conflict", conflict)
            continue
        table = build_table(gathered.registry, gathered.source, sheet, panel, title, stated_title)
        gathered.recognised += len(panel.body)
        above: str | None = None
        for number, (row, column) in enumerate(panel.body):
            if number == 0 or panel.body[number - 1][0] != row:
                above = _region_above(gathered.registry, table, row, above)
            _read_cell(gathered, table, origin, row, column, above)
    return len(panels)


def _region_above(registry: Registry, table: Table, row: int, above: str | None) -> str | None:
    """The prefecture or province printed last above a row of counties."""
    axis = next((column for column, role in table.roles.items() if role == "region"), None)
    if axis is None:
        return above
    known = registry.region_names.get(squeeze(row_label(table.sheet, table.panel, row, axis)), ())
    parents = [r for r in known if r.kind in ("province", "prefecture") and r.valid_to is None]
    return parents[0].code if len(parents) == 1 else above


def _read_cell(gathered: Gathered, table: Table, origin: Source, row: int, column: int, above: str | None) -> None:
    sheet = table.sheet
    cell = sheet.rows[row][column]
    address = sheet.address(row, column)
    try:
        number = read_number(cell)
        meaning, unit = _meaning(gathered.registry, table, row, column, above)
    except QuantityError as error:
        reason = f"单元格{address}的内容“{cell.text}”不是一个明确的数，请只填数字，注释另列"
        refuse(gathered, address, cell.text, error.reason_code, reason)
        return
    except (_CellError, NoRegionError) as error:
        refuse(gathered, address, cell.text, error.reason_code, f"单元格{address}：{error.reason}")
        return
    line = sheet.line(row)
    place = Place(
        position=address,
        section=table.title.text or None,
        line_start=line,
        line_end=line,
        sheet=sheet.name,
        cell=sheet.cell_name(row, column),
    )
    usual = min(table.decimals.get(column, 0), table.row_decimals.get(row, table.decimals.get(column, 0)))
    printed = Printed(
        text=cell.text,
        number=_with_usual_decimals(gathered.registry, meaning, cell, number, unit, usual),
        unit=unit,
    )
    load(gathered, origin, meaning, place, printed, scope=sheet.name or "")


def _with_usual_decimals(
    registry: Registry, meaning: Meaning, cell: Cell, number: PrintedNumber, unit: str | None, usual: int
) -> PrintedNumber:
    """A stored 2.1 in a column of two decimals is 2.10; a text cell is literal."""
    if not cell.is_number:
        return number
    if meaning.indicator_code is not None and meaning.kind == "actual":
        indicator = registry.indicators[meaning.indicator_code]
        if unit is None or registry.unit(unit) == indicator.unit or squeeze(unit) in indicator.unit_synonyms:
            usual = max(usual, indicator.usual_decimals)
    return PrintedNumber(number.value, max(number.decimals, usual))


def _meaning(registry: Registry, table: Table, row: int, column: int, above: str | None) -> tuple[Meaning, str | None]:
    head = table.columns[column]
    labels = {c: row_label(table.sheet, table.panel, row, c) for c in table.roles}
    period, basis = _period(table, head, labels)
    region = _region(registry, table, head, labels, row, period_end(period), above)
    found, unit = _subject(registry, table, head, labels, row)
    meaning = Meaning(
        region_code=region,
        indicator_code=found.indicator_code,
        indicator_as_printed=found.as_printed,
        variant=found.variant,
        breakdown=found.breakdown,
        period=period,
        period_basis=basis,
        kind=found.kind,
        layout="cell",
    )
    return meaning, unit


def _period(table: Table, head: Column, labels: Mapping[int, str]) -> tuple[str, str]:
    stated: list[str] = [head.period] if head.period is not None else []
    for column, role in table.roles.items():
        if role == "year":
            period = parse_period(labels[column])
            if period is None:
                raise _CellError("bad_period", f"行标题“{labels[column]}”不是时期，请写成2020或2020年")
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
    head: Column,
    labels: Mapping[int, str],
    row: int,
    on: date,
    above: str | None,
) -> str:
    axis = next((column for column, role in table.roles.items() if role == "region"), None)
    label = labels[axis] if axis is not None else head.region
    if axis is not None and not label:
        raise _CellError("no_row_label", "这一行没有地区名称，请补填行标题")
    if axis is None and label is None and any(c.region for c in table.columns.values()):
        raise _CellError("unknown_region", f"列标题“{''.join(head.names)}”不是区划表中的地区，请改用规范名称")
    if label is None:
        if table.within is None or table.within not in registry.regions:
            raise _CellError("no_region", "表中没有地区，请在表题中写明地区全称，或在sources.yml中填写region_code")
        if not registry.regions[table.within].valid_on(on):
            raise NoRegionError(
                "unknown_region", f"{registry.regions[table.within].name_zh}在{on.year}年末无效，请核对"
            )
        return table.within
    coded = next((c for c, role in table.panel.roles.items() if role == "code"), None)
    code = table.sheet.rows[row][coded].text.strip() if coded is not None and axis is not None else ""
    if code in registry.regions:
        return resolve_code(registry, code, label, on).code
    return resolve_label(registry, label, on, level=table.level, within=table.within, above=above).code


def _subject(
    registry: Registry, table: Table, head: Column, labels: Mapping[int, str], row: int
) -> tuple[Means, str | None]:
    """What is counted, and its unit: of the row, else of the column, else of the table."""
    row_names: list[str] = []
    row_unit: str | None = None
    for column, role in table.roles.items():
        if role == "label":
            label = take_apart(registry, labels[column])
            row_unit = label.unit or row_unit
            if label.name:
                row_names.append(label.name)
    for column, role in table.panel.roles.items():
        if role == "unit":
            row_unit = table.sheet.rows[row][column].text.strip() or row_unit
    if "label" in table.roles.values() and not row_names:
        raise _CellError("no_row_label", "这一行没有指标名称，请补填行标题")
    named = any(c.names for c in table.columns.values() if (c.region is None) == (head.region is None))
    if not head.names and not row_names and named:
        raise _CellError("no_indicator", "这一列没有指标名称（其他列有），请补填列标题")
    found = means(registry, [*row_names, *head.names], table.title)
    if found is None:
        raise _CellError("no_indicator", "表题和表头都没有写明指标，请补填")
    if row_names and head.names:
        # a row name under a column name: two subjects in one cell are kept by name, never matched
        found = Means(None, found.variant, "_T", ":".join([*map(bare, row_names), *map(bare, head.names)]), found.kind)
    unit = row_unit or head.unit
    if unit is None and found.kind == "actual":
        unit = table.title.unit
    return found, unit
