"""One figure a row: a header row names region, indicator, period and value, and each row cites its own origin.

What belongs here: finding the header, reading rows, the origin of each row. What does not: tables in which the place
of a number carries its meaning (``grid``).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingestion.figures import PLAIN, Meaning, Source, origin_of
from ingestion.quantity import PrintedNumber, QuantityError, squeeze
from ingestion.registry import Alias, Registry
from ingestion.returns.cells import Cell, Sheet, is_missing, read_number
from ingestion.returns.collect import Gathered, load, refuse
from ingestion.returns.meaning import Means, with_unit
from ingestion.returns.periods import parse_period, period_end
from ingestion.returns.places import NoRegionError, resolve_code, resolve_label
from ingestion.returns.series import Series, Spot, make_series, once

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
_NO_NUMBER = "不是一个明确的数，请只填数字，单位另列"
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


@dataclass(frozen=True, slots=True)
class _Known:
    """What was worked out for earlier rows: a name, a citation, a unit is resolved once."""

    regions: dict[Hashable, Any] = field(default_factory=dict)
    aliases: dict[Hashable, Any] = field(default_factory=dict)
    origins: dict[Hashable, Any] = field(default_factory=dict)
    series: dict[Hashable, Any] = field(default_factory=dict)


_ROW_ERRORS = (_RowError, NoRegionError)


def read_tidy(gathered: Gathered, sheet: Sheet, header: Header) -> None:
    """Read every row below the header; a row without a value is no figure and no refusal."""
    known = _Known()
    value = header.columns["value"]
    for row in range(header.row + 1, len(sheet.rows)):
        printed = sheet.rows[row]
        cell = printed[value]
        if is_missing(cell):
            continue
        gathered.recognised += 1
        cells = {name: printed[column] for name, column in header.columns.items()}
        raw = ",".join([field_.text for field_ in printed])
        spot = _spot(sheet, row, value)
        try:
            number = _number(cells)
            period, region = _when_and_where(gathered, cells, known)
            subject = _subject(gathered, cells, known, sheet.name)
        except _ROW_ERRORS as error:
            refuse(gathered, spot.address, raw, error.reason_code, error.reason)
            continue
        if cell.is_number and subject.usual_decimals > number.decimals:
            number = PrintedNumber(number.value, subject.usual_decimals)
        load(gathered, subject.series, spot, cell.text, number, region_code=region, period=period, raw_text=raw)


def _spot(sheet: Sheet, row: int, column: int) -> Spot:
    line = sheet.line(row)
    last = sheet.line(row + 1) - 1 if sheet.line_numbers and row + 1 < len(sheet.rows) else line
    return Spot(sheet.address(row, column), sheet.cell_name(row, column), line, last)


def _text(cells: Mapping[str, Cell], name: str) -> str:
    return cells[name].text.strip() if name in cells else ""


def _number(cells: Mapping[str, Cell]) -> PrintedNumber:
    try:
        return read_number(cells["value"])
    except QuantityError as error:
        wrong = "是公式错误，请改正公式或直接填报数值" if error.reason_code == "formula_error" else _NO_NUMBER
        reason = f"数值“{cells['value'].text}”{wrong}"
        raise _RowError(error.reason_code, reason) from error


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a row counts: its series, and the decimals that a stored number of it has at least."""

    series: Series
    usual_decimals: int


def _when_and_where(gathered: Gathered, cells: Mapping[str, Cell], known: _Known) -> tuple[str, str]:
    """Period and region code of a row."""
    text = _text(cells, "period")
    period = parse_period(text)
    if period is None:
        raise _RowError("bad_period", f"时期“{text}”无法识别，请写成2020、2020-Q1、2021-Q1--Q3或2020-07")
    code, name = _text(cells, "region_code"), _text(cells, "region")
    region = once(
        known.regions,
        (code, name, period),
        lambda: _region(gathered, code, name, period_end(period)),
        (NoRegionError,),
    )
    return period, region


def _region(gathered: Gathered, code: str, name: str, on: date) -> str:
    if code:
        return resolve_code(gathered.registry, code, name, on).code
    return resolve_label(gathered.registry, name, on, level=None, within=gathered.source.region_code).code


def _subject(gathered: Gathered, cells: Mapping[str, Cell], known: _Known, sheet: str | None) -> _Subject:
    """Indicator, variant, breakdown, origin and unit of a row."""
    key = tuple(_text(cells, name) for name in ("indicator_code", "indicator", "variant", "breakdown", "unit"))
    meaning = once(known.aliases, key, lambda: _meaning(gathered.registry, cells), (_RowError,))
    cited = tuple(_text(cells, name) for name in ("source", "published_year", "release_type"))
    origin = once(known.origins, cited, lambda: _origin(gathered.source, cells), (_RowError,))
    unit = _text(cells, "unit") or None
    return once(
        known.series,
        (key, cited, unit),
        lambda: _Subject(
            make_series(gathered.registry, gathered.source, origin, meaning, unit, sheet=sheet),
            _usual_decimals(gathered.registry, meaning.indicator_code, unit),
        ),
        (),
    )


def _usual_decimals(registry: Registry, indicator_code: str | None, unit: str | None) -> int:
    """A stored number has at least the usual decimals of its indicator when the unit is the canonical one."""
    if indicator_code is None or unit is None:
        return 0
    indicator = registry.indicators[indicator_code]
    return indicator.usual_decimals if registry.unit(unit) == indicator.unit else 0


def _meaning(registry: Registry, cells: Mapping[str, Cell]) -> Meaning:
    alias = _indicator(registry, _text(cells, "indicator_code"), _text(cells, "indicator"))
    unit = _text(cells, "unit")
    if unit and not _text(cells, "indicator_code"):  # R&D人员 in 人年 is none of heads
        found = with_unit(registry, Means(alias.indicator_code, alias.variant, alias.breakdown, alias.alias), unit)
        alias = Alias(alias.alias, found.indicator_code, found.variant, found.breakdown, alias.scope)
    return Meaning(
        region_code="",
        indicator_code=alias.indicator_code,
        indicator_as_printed=alias.alias,
        variant=_variant(_text(cells, "variant"), alias),
        breakdown=_breakdown(registry, _text(cells, "breakdown"), alias),
        period="",
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
