"""Writes the generated part of the shipped samples: the real tables as workbooks, and the invented set.

What belongs here: the figures of the four real workbooks with their source, the recipe of the synthetic set,
and how both are written. What does not: the retold plans,
``returns/annual_figures.csv`` and the READMEs, which are kept by hand.

Run ``python tests/make_samples.py [folder]``; the same figures come out every time.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import xlsxwriter

SAMPLES = Path(__file__).resolve().parents[1] / "ingestion" / "samples"
CREATED = datetime(2024, 1, 1)
SYNTHETIC = "合成数据（synthetic）"
YEARS = (2021, 2022, 2023, 2024)
SEED = 520000

CSV_HEADER = (
    "region_code,region,indicator_code,variant,breakdown,indicator,period,value,unit,"
    "published_year,release_type,source,confidence\n"
)


# --- real tables ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One sheet of a real workbook: regions down, years across, one indicator and one unit."""

    sheet: str
    title: str
    indicator_code: str
    unit: str
    number_format: str
    years: range
    rows: Mapping[str, Sequence[str]]
    """Region to one text a year; ``-`` where the origin prints nothing."""


REGIONS_OF_THE_YEARBOOK = (
    "贵州省 贵阳市 六盘水市 遵义市 安顺市 毕节市 铜仁市 "
    "黔西南布依族苗族自治州 黔东南苗族侗族自治州 黔南布依族苗族自治州"
)


def _by_region(values: str) -> dict[str, list[str]]:
    """Figures of the province and its nine prefectures, the years of one region joined by ``/``."""
    cells = (cell.split("/") for cell in values.split())
    return dict(zip(REGIONS_OF_THE_YEARBOOK.split(), cells, strict=True))


def _intensity(years: range, values: str) -> tuple[Table, ...]:
    title = f"R&D经费投入强度（{years[0]}-{years[-1]}年）"
    return (Table("1-8", title, "rd_intensity", "%", "0.00", years, {"贵 州": values.split()}),)


def _gdp(title: str, years: range, values: str) -> Table:
    return Table("地区生产总值", title, "gdp", "亿元", "0.00", years, _by_region(values))


_PER_CAPITA = "46267 72246 44224 56334 39160 29295 40269 44881 31719 45654"
_GDP_2015 = "10502.56 2891.16 1201.08 2168.34 625.41 1461.35 770.89 801.65 811.55 902.91"
_GDP_2019_2020 = (
    "16769.34/17826.56 4039.60/4311.65 1265.97/1339.62 3483.32/3720.05 -/966.74 "
    "-/2020.39 -/1327.79 -/1353.40 -/1191.52 -/1595.40"
)
# file -> (origin as the compilation names it, the sheets)
REAL_WORKBOOKS: dict[str, tuple[str, tuple[Table, ...]]] = {
    "rd_intensity_yearbook_2019.xlsx": (
        "中国科技统计年鉴2019 表1-8",
        _intensity(range(2011, 2019), "0.64 0.61 0.58 0.60 0.59 0.63 0.71 0.82"),
    ),
    "rd_intensity_yearbook_2024.xlsx": (
        "中国科技统计年鉴2024 表1-8",
        _intensity(range(2012, 2024), "0.62 0.59 0.60 0.59 0.62 0.70 0.79 0.86 0.91 0.93 1.00 1.01"),
    ),
    "gdp_prefectures_2021.xlsx": (
        "贵州各市州地区生产总值列表 (zh.wikipedia mirror; cites 贵州统计年鉴2021)",
        (
            _gdp("各市州地区生产总值", range(2019, 2021), _GDP_2019_2020),
            Table(
                sheet="人均地区生产总值",
                title="各市州人均地区生产总值",
                indicator_code="gdp_per_capita",
                unit="元",
                number_format="0",
                years=range(2020, 2021),
                rows=_by_region(_PER_CAPITA),
            ),
        ),
    ),
    "gdp_prefectures_2015_preliminary.xlsx": (
        "2015年贵州各市GDP和人均GDP排名 (快車教育)",
        (_gdp("2015年各市州地区生产总值（初步数）", range(2015, 2016), _GDP_2015),),
    ),
}


def _workbook(path: Path, title: str) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": title, "author": "provstat", "created": CREATED})
    return book


def write_real_workbooks(folder: Path) -> None:
    """Write the four workbooks of real figures: title, unit line, header, rows, source line."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (origin, tables) in REAL_WORKBOOKS.items():
        book = _workbook(folder / name, origin)
        centred = book.add_format({"align": "center", "bold": True})
        for table in tables:
            _write_table(book, book.add_worksheet(table.sheet), table, origin, centred)
        book.close()


def _write_table(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    table: Table,
    origin: str,
    centred: xlsxwriter.format.Format,
) -> None:
    number = book.add_format({"num_format": table.number_format})
    last = len(table.years)
    sheet.merge_range(0, 0, 0, max(last, 1), table.title, centred)
    sheet.write_string(1, last, f"单位：{table.unit}")
    sheet.write_string(2, 0, "地区", centred)
    for column, year in enumerate(table.years, start=1):
        sheet.write_string(2, column, f"{year}年", centred)
    for row, (region, values) in enumerate(table.rows.items(), start=3):
        sheet.write_string(row, 0, region)
        for column, value in enumerate(values, start=1):
            if value != "-":
                sheet.write_number(row, column, float(Decimal(value)), number)
    sheet.write_string(3 + len(table.rows), 0, f"资料来源：{origin}")
    sheet.set_column(0, 0, 24)


# --- the invented set -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Component:
    """An additive indicator: drawn for the lowest regions, added up for the others."""

    code: str
    name: str
    unit: str
    decimals: int
    growth: str
    shipped_in: str
    """``csv``, ``workbook``, or ``""`` for a number that only serves as a denominator."""


@dataclass(frozen=True)
class Ratio:
    """A ratio, recomputed from the printed components of the same region and year."""

    code: str
    name: str
    unit: str
    decimals: int
    numerator: str
    denominator: str
    factor: str


# code, name, unit, decimals, growth a year, where it is shipped
COMPONENTS = tuple(
    Component(code, name, unit, int(decimals), growth, "" if shipped_in == "-" else shipped_in)
    for code, name, unit, decimals, growth, shipped_in in map(
        str.split,
        """gdp 地区生产总值 亿元 2 1.05 csv
        rd_expenditure R&D经费内部支出 万元 1 1.13 csv
        rd_fte R&D人员折合全时当量 人年 0 1.08 csv
        employment 就业人员 万人 2 1.002 csv
        population_resident 常住人口 万人 2 1.003 csv
        invention_patents_in_force 有效发明专利数 件 0 1.12 csv
        hnte_count 高新技术企业数 家 0 1.14 workbook
        hightech_output 高新技术产业产值 亿元 2 1.10 workbook
        tech_contract_value 技术合同成交额 万元 1 1.12 workbook
        industrial_enterprises 规模以上工业企业数 个 0 1.03 -
        rd_active_enterprises 有R&D活动的规模以上工业企业数 个 0 1.06 csv
        st_budget_expenditure 财政科学技术支出 亿元 2 1.08 csv
        budget_expenditure 一般公共预算支出 亿元 2 1.03 csv
        innovation_platforms_provincial 省级以上创新创业平台数 个 0 1.16 csv""".splitlines(),
    )
)
# code, name, unit, decimals, numerator, denominator, factor that brings their quotient to the unit
RATIOS = tuple(
    Ratio(code, name, unit, int(decimals), numerator, denominator, factor)
    for code, name, unit, decimals, numerator, denominator, factor in map(
        str.split,
        """rd_intensity R&D经费投入强度 % 2 rd_expenditure gdp 0.01
        invention_patents_per_10k 每万人口发明专利拥有量 件/万人 2 invention_patents_in_force population_resident 1
        rd_active_share 规模以上工业企业中有R&D活动企业占比 % 1 rd_active_enterprises industrial_enterprises 100
        tech_contract_gdp_share 技术合同成交额占GDP比重 % 2 tech_contract_value gdp 0.01
        st_fiscal_share 财政科技支出占比 % 2 st_budget_expenditure budget_expenditure 100
        rd_personnel_share 研发人员占就业人员比重 人/万人 1 rd_fte employment 1""".splitlines(),
    )
)

# Invented levels of 2021 for the lowest regions, in the order of COMPONENTS.
LEAVES = """
520102 南明区 1010 98000 2600 62 107 1750 165 120 150000 62 18 2.9 78 14
520103 云岩区 905 105000 2800 61 106 2050 190 96 170000 48 15 2.7 74 18
520111 花溪区 790 260000 5900 55 97 1650 240 310 130000 190 62 4.6 96 34
520112 乌当区 245 62000 1500 18 33 620 120 105 60000 92 33 1.5 41 16
520113 白云区 330 88000 2000 26 46 640 136 190 70000 104 36 1.9 44 12
520115 观山湖区 590 125000 3100 36 65 1450 268 160 240000 71 24 3.6 72 25
520121 开阳县 255 26000 640 17 34 120 31 64 21000 88 17 0.55 33 2
520122 息烽县 108 9100 260 11 22 59 6 8.9 26000 57 7 0.26 22 0
520123 修文县 205 31000 760 15 29 190 44 70 24000 98 24 0.70 31 4
520181 清镇市 310 46000 1100 32 63 260 60 84 32000 118 28 0.95 47 7
520201 钟山区 520 57000 1900 34 63 140 31 92 96000 104 30 0.82 62 5
520203 六枝特区 150 9200 330 24 49 28 6 14 17000 72 13 0.24 44 1
520204 水城区 300 34000 900 29 59 62 12 41 38000 110 23 0.44 63 1
520281 盘州市 490 29500 1350 52 107 88 18 43 52000 176 37 0.62 96 2
520300 遵义市 4150 228000 6800 330 659 2350 330 690 420000 1090 270 6.4 640 30
520400 安顺市 1085 112000 2500 118 246 820 128 230 120000 410 118 2.1 260 12
520500 毕节市 2185 66000 2100 330 686 520 112 150 98000 620 98 3.2 640 9
520600 铜仁市 1465 68000 1900 160 327 610 104 200 92000 430 102 2.4 410 9
522300 黔西南布依族苗族自治州 1490 106000 2300 148 300 560 96 150 110000 420 104 2.6 380 8
522600 黔东南苗族侗族自治州 1260 46000 1700 182 373 540 105 120 88000 330 76 2.5 430 8
522700 黔南布依族苗族自治州 1745 138000 3300 172 348 900 168 290 150000 560 150 3.1 430 14
"""
# Regions that are added up from their members, lowest first.
TOTALS = {"520100": "贵阳市", "520200": "六盘水市", "520000": "贵州省"}
# The deliberate contradictions: two neighbouring digits change places in what is printed.
SWAPPED = {(2022, "520200", "rd_intensity"), (2023, "520281", "hnte_count")}

Figures = dict[tuple[str, str], Decimal]
"""Region code and indicator code to the figure of one year."""


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def swapped(value: Decimal) -> Decimal:
    """The figure with its last two differing neighbour digits exchanged, as a typist would."""
    text = list(str(value))
    digits = [index for index, character in enumerate(text) if character != "."]
    for left, right in reversed(list(pairwise(digits))):
        if text[left] != text[right]:
            text[left], text[right] = text[right], text[left]
            return Decimal("".join(text))
    raise ValueError(f"{value}: all digits alike, nothing to exchange; choose another figure")


def regions() -> dict[str, str]:
    """Code and name of every region of the set, parents before their children."""
    names = {line.split()[0]: line.split()[1] for line in LEAVES.split("\n") if line}
    return dict(sorted((names | TOTALS).items()))


def members(code: str) -> tuple[str, ...]:
    """The regions that a total is the sum of: prefectures of the province, counties of a prefecture."""
    if code.endswith("0000"):
        return tuple(other for other in regions() if other.endswith("00") and other != code)
    return tuple(other for other in regions() if other[:4] == code[:4] and other != code)


def components() -> dict[int, Figures]:
    """The additive figures of every year: drawn for the lowest regions, summed exactly for the others."""
    draw = random.Random(SEED)
    years: dict[int, Figures] = {year: {} for year in YEARS}
    for line in filter(None, LEAVES.split("\n")):
        code, _, *levels = line.split()
        for component, level in zip(COMPONENTS, levels, strict=True):
            for step, year in enumerate(YEARS):
                wobble = Decimal(985 + int(draw.random() * 31)) / 1000
                value = Decimal(level) * Decimal(component.growth) ** step * wobble
                years[year][code, component.code] = _rounded(value, component.decimals)
    for figures in years.values():
        for code in TOTALS:
            for component in COMPONENTS:
                figures[code, component.code] = sum(
                    (figures[member, component.code] for member in members(code)), Decimal(0)
                )
    return years


def printed(year: int, figures: Figures, slips: Collection[tuple[int, str, str]] = SWAPPED) -> Figures:
    """What the set prints for one year: components, ratios, and the deliberate slips of that year."""
    result = dict(figures)
    for code in regions():
        for ratio in RATIOS:
            value = figures[code, ratio.numerator] / figures[code, ratio.denominator] * Decimal(ratio.factor)
            result[code, ratio.code] = _rounded(value, ratio.decimals)
    for slip_year, code, indicator in slips:
        if slip_year == year:
            result[code, indicator] = swapped(result[code, indicator])
    return result


def _source(year: int) -> str:
    return f"{SYNTHETIC}科技统计年度表{year}"


def _write_csv(path: Path, year: int, figures: Figures) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(CSV_HEADER)
        writer = csv.writer(stream, lineterminator="\n")
        for code, region in regions().items():
            for item in COMPONENTS:
                if item.shipped_in == "csv":
                    row = (code, region, item.code, "_T", "_T", item.name, year, figures[code, item.code])
                    writer.writerow((*row, item.unit, year + 1, "unknown", _source(year), "synthetic"))


def workbook_indicators() -> tuple[Component | Ratio, ...]:
    """The columns of a synthetic workbook, in their order."""
    return (*(item for item in COMPONENTS if item.shipped_in == "workbook"), *RATIOS)


def _write_year(path: Path, year: int, figures: Figures) -> None:
    indicators = workbook_indicators()
    title = f"{SYNTHETIC}{year}年科技创新主要指标"
    book = _workbook(path, title)
    sheet = book.add_worksheet(f"合成数据synthetic{year}")
    head = book.add_format({"align": "center", "bold": True, "text_wrap": True})
    sheet.merge_range(0, 0, 0, len(indicators), title, head)
    sheet.write_string(1, 0, "本表为演示而编造，不是真实统计。")
    sheet.write_string(2, 0, "地区", head)
    formats = [book.add_format({"num_format": _number_format(item.decimals)}) for item in indicators]
    for column, item in enumerate(indicators, start=1):
        sheet.write_string(2, column, f"{item.name}（{item.unit}）", head)
    for row, (code, region) in enumerate(regions().items(), start=3):
        sheet.write_string(row, 0, region)
        for column, item in enumerate(indicators, start=1):
            sheet.write_number(row, column, float(figures[code, item.code]), formats[column - 1])
    sheet.write_string(3 + len(regions()), 0, f"资料来源：{_source(year)}")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(indicators), 14)
    book.close()


def _number_format(decimals: int) -> str:
    return "0." + "0" * decimals if decimals else "0"


def _sources_yml(files: Sequence[tuple[str, int]]) -> str:
    lines = ["# 合成数据 / synthetic: every figure of this folder is invented."]
    for name, year in files:
        lines += [
            f"- file: {name}",
            f"  id: {name.replace('.', '-')}",  # two documents of one publication
            f"  title: {_source(year)}",
            "  publisher: provstat 合成数据",
            f"  published_year: {year + 1}",
            "  release_type: unknown",
            "  kind: return",
            "  note: 合成数据，演示用，不是真实统计; synthetic, invented for demonstration",
        ]
    return "\n".join(lines) + "\n"


def write_synthetic(folder: Path) -> None:
    """Write the invented set: one CSV and one workbook a year, and its ``sources.yml``."""
    folder.mkdir(parents=True, exist_ok=True)
    true = components()
    shown = {year: printed(year, figures) for year, figures in true.items()}
    files: list[tuple[str, int]] = []
    for year, figures in shown.items():
        _write_csv(folder / f"synthetic_{year}.csv", year, figures)
        _write_year(folder / f"synthetic_{year}.xlsx", year, figures)
        files += [(f"synthetic_{year}.csv", year), (f"synthetic_{year}.xlsx", year)]
    (folder / "sources.yml").write_text(_sources_yml(files), encoding="utf-8")


def main(folder: Path = SAMPLES) -> None:
    """Write everything that is generated below the samples folder."""
    write_real_workbooks(folder / "returns")
    write_synthetic(folder / "synthetic")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
