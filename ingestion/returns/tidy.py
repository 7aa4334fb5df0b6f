"""One figure a row: a header row names region, indicator, period and value, and each row cites its own origin.

What belongs here: finding the header, reading rows, the origin of each row. What does not: tables in which the place
of a number carries its meaning (``grid``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingestion.figures import PLAIN, Meaning, Place, Source, origin_of
from ingestion.quantity import PrintedNumber, QuantityError, squeeze
from ingestion.registry import Alias, Registry
from ingestion.returns.cells import Cell, Sheet, is_missing, read_number
from ingestion.returns.collect import Gathered, Printed, load, refuse
from ingestion.returns.periods import parse_period, period_end
from ingestion.returns.places import NoRegionError, resolve_code, resolve_label

_SYNONYMS = {
    "region_code": "region_code 地区代码 区划代码 行政区划代码 地区编码",
    "region": "region 地区 地区名称 区域 行政区 行政区划",
    "indicator_code": "indicator_code 指标代码 指标编码",
    "variant": "variant 口径",
    "breakdown": "breakdown 分组 分项",
    "indicator": "indicator 指标 指标名称",
    "period": "period 时期 时间 年份 年度 期间 统计期 报告期",
    "value": "value 数值 数据 指标值 值",
    "unit": "unit 单位 计量单位",
    "published_year": "published_year 发布年份 公布年份 出版年份",
    "release_type": "release_type 发布类型 数据类型 版次",
    "source": "source 来源 数据来源 资料来源 出处",
}
_COLUMNS = {name: column for column, names in _SYNONYMS.items() for name in names.split()}
_RELEASE_TYPES = {
    **{code: code for code in ("preliminary", "final", "revised", "census_revision", "implied", "cited", "unknown")},
    "初步": "preliminary",
    "初步数": "preliminary",
    "最终": "final",
    "最终数": "final",
    "修订": "revised",
    "修订数": "revised",
    "普查修订": "census_revision",
    "不详": "unknown",
}
_VARIANT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER_WITHIN = 20


class _RowError(Exception):
    """A row that is not loaded."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a tidy table: its row and the column of each meaning."""

    row: int
    columns: Mapping[str, int]


def find_header(sheet: Sheet) -> Header | None:
    """The header of a tidy table among the first rows, or None when the sheet is none.

    Columns are known by name, never by position; of two columns with one meaning neither is taken.
    """
    for row, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        twice: set[str] = set()
        for column, cell in enumerate(cells):
            meaning = _COLUMNS.get(squeeze(cell.text).lower())
            if meaning is not None and columns.setdefault(meaning, column) != column:
                twice.add(meaning)
        known = columns.keys() - twice
        region, indicator = known & {"region", "region_code"}, known & {"indicator", "indicator_code"}
        if region and indicator and {"period", "value"} <= known:
            return Header(row, {name: columns[name] for name in known})
    return None


def read_tidy(gathered: Gathered, sheet: Sheet, header: Header) -> None:
    """Read every row below the header; a row without a value is no figure and no refusal."""
    for row in range(header.row + 1, len(sheet.rows)):
        cells = {name: sheet.rows[row][column] for name, column in header.columns.items()}
        if is_missing(cells["value"]):
            continue
        gathered.recognised += 1
        address = sheet.address(row, header.columns["value"])
        raw = ",".join(cell.text for cell in sheet.rows[row])
        try:
            number = _number(cells)
            meaning = _meaning(gathered, cells)
            origin = _origin(gathered.source, cells)
        except _RowError as error:
            refuse(gathered, address, raw, error.reason_code, error.reason)
            continue
        except NoRegionError as error:
            refuse(gathered, address, raw, error.reason_code, error.reason)
            continue
        unit = cells["unit"].text.strip() if "unit" in cells and cells["unit"].text.strip() else None
        printed = Printed(
            text=cells["value"].text,
            number=_widened(gathered.registry, meaning, cells["value"], number, unit),
            unit=unit,
        )
        load(gathered, origin, meaning, _place(sheet, row, header), printed, raw_text=raw)


def _place(sheet: Sheet, row: int, header: Header) -> Place:
    column = header.columns["value"]
    line = sheet.line(row)
    return Place(
        position=sheet.address(row, column),
        line_start=line,
        line_end=sheet.line(row + 1) - 1 if sheet.line_numbers and row + 1 < len(sheet.rows) else line,
        sheet=sheet.name,
        cell=sheet.cell_name(row, column),
    )


def _text(cells: Mapping[str, Cell], name: str) -> str:
    return cells[name].text.strip() if name in cells else ""


def _number(cells: Mapping[str, Cell]) -> PrintedNumber:
    try:
        return read_number(cells["value"])
    except QuantityError as error:
        reason = f"数值“{cells['value'].text}”不是一个明确的数，请只填数字，单位另列"
        raise _RowError(error.reason_code, reason) from error


def _widened(
    registry: Registry, meaning: Meaning, cell: Cell, number: PrintedNumber, unit: str | None
) -> PrintedNumber:
    """A stored number has at least the usual decimals of its indicator when the unit is the canonical one."""
    if not cell.is_number or meaning.indicator_code is None:
        return number
    indicator = registry.indicators[meaning.indicator_code]
    canonical = unit is not None and registry.unit(unit) == indicator.unit
    return PrintedNumber(number.value, max(number.decimals, indicator.usual_decimals if canonical else 0))


def _meaning(gathered: Gathered, cells: Mapping[str, Cell]) -> Meaning:
    registry = gathered.registry
    period = parse_period(_text(cells, "period"))
    if period is None:
        text = _text(cells, "period")
        raise _RowError("bad_period", f"时期“{text}”无法识别，请写成2020、2020-Q1、2021-Q1--Q3或2020-07")
    end = period_end(period)
    code, name = _text(cells, "region_code"), _text(cells, "region")
    if code:
        region = resolve_code(registry, code, name, end)
    else:
        region = resolve_label(registry, name, end, level=None, within=gathered.source.region_code)
    alias = _indicator(registry, _text(cells, "indicator_code"), _text(cells, "indicator"))
    return Meaning(
        region_code=region.code,
        indicator_code=alias.indicator_code,
        indicator_as_printed=alias.alias,
        variant=_variant(_text(cells, "variant"), alias),
        breakdown=_breakdown(registry, _text(cells, "breakdown"), alias),
        period=period,
        kind="actual",
        layout="cell",
    )


def _indicator(registry: Registry, code: str, name: str) -> Alias:
    """Indicator, variant and breakdown that code and name give; ``alias`` holds the name as printed."""
    if not code and not name:
        raise _RowError("no_indicator", "这一行没有指标名称，也没有指标代码，请补填")
    alias = registry.alias(name, ("return",)) if name else None
    if code and code not in registry.indicators:
        raise _RowError("unknown_indicator", f"指标代码“{code}”不在指标表中，请核对，或留空只填指标名称")
    if code and alias is not None and alias.indicator_code != code:
        known = registry.indicators[alias.indicator_code].name_zh if alias.indicator_code else "另一口径，不是该指标"
        reason = f"指标代码{code}是{registry.indicators[code].name_zh}，而指标名称“{name}”是{known}，请核对"
        raise _RowError("indicator_mismatch", reason)
    printed = name or registry.indicators[code].name_zh
    if alias is None:
        return Alias(printed, code or None, PLAIN, PLAIN, "any")
    return Alias(printed, alias.indicator_code, alias.variant, alias.breakdown, alias.scope)


def _variant(stated: str, alias: Alias) -> str:
    if stated in ("", PLAIN):
        return alias.variant
    if not _VARIANT.fullmatch(stated):
        raise _RowError("unknown_variant", f"口径“{stated}”无法识别，请用字母代码（如output、inflow、census）或留空")
    if alias.variant not in (PLAIN, stated):
        raise _RowError(
            "indicator_mismatch", f"指标名称“{alias.alias}”的口径是{alias.variant}，而口径栏是{stated}，请核对"
        )
    return stated


def _breakdown(registry: Registry, stated: str, alias: Alias) -> str:
    if stated in ("", PLAIN):
        return alias.breakdown
    if stated not in registry.breakdowns:
        raise _RowError("unknown_breakdown", f"分组“{stated}”不在分组表（seeds/breakdowns.csv）中，请核对")
    if alias.breakdown not in (PLAIN, stated):
        reason = f"指标名称“{alias.alias}”的分组是{alias.breakdown}，而分组栏是{stated}，请核对"
        raise _RowError("indicator_mismatch", reason)
    return stated


def _origin(source: Source, cells: Mapping[str, Cell]) -> Source:
    """The publication that the row cites; the file's own where the row cites none."""
    title, year = _text(cells, "source"), _text(cells, "published_year").removesuffix("年")
    stated = _text(cells, "release_type")
    release = _RELEASE_TYPES.get(stated.lower()) if stated else ("unknown" if title else source.release_type)
    if release is None:
        known = "、".join(code for code in _RELEASE_TYPES if code.isascii())
        raise _RowError("bad_release_type", f"发布类型“{stated}”无法识别，请用{known}之一")
    if year and not re.fullmatch(r"(?:19|20)\d\d", year):
        raise _RowError("bad_published_year", f"发布年份“{year}”不是年份，请写四位数字或留空")
    if year:
        return origin_of(
            source,
            title or source.title,
            published_at=date(int(year), 12, 31),
            precision="year",
            release_type=release,
        )
    return origin_of(
        source,
        title or source.title,
        published_at=None if title else source.published_at,
        precision="unknown" if title else source.published_precision,
        release_type=release,
    )
