"""Returns as offices send them, each with the exact rows that must come out. All figures are invented (合成示例).

What belongs here: one function per awkward file. What does not: writing formats (``writers``), reading (the tests).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.returns.writers import csv_text, encrypted, html_page, ods, xls, xlsx

SYNTHETIC = "说明：本文件为合成示例，数值均为虚构"
GZ, GY, ZY, LPS = "520000", "520100", "520300", "520200"

Row = tuple[str, str | None, str, str, str, str | None]
"""Region, indicator, breakdown, period, printed value, unit."""


@dataclass(frozen=True, slots=True)
class Awkward:
    """A file, what is stated about it, the figures and the refusals that it must give, by cell address."""

    name: str
    content: bytes
    rows: Mapping[str, Row]
    refused: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)


CASES: list[Callable[[], Awkward]] = []


def case(make: Callable[[], Awkward]) -> Callable[[], Awkward]:
    """Register a file."""
    CASES.append(make)
    return make


@case
def spaced_names_and_spacers() -> Awkward:
    """Title block in two languages, unit line, spacer rows and columns, provinces with every kind of blank."""
    rows = [
        ["1-8  各地区研究与试验发展(R&D)经费投入强度"],
        ["R&D Intensity by Region"],
        [],
        ["单位：%", None, None, None, None, "(%)"],
        ["地    区", None, "Region", 2019, None, "２０２０年"],
        [],
        ["全\u3000国", None, "National Total", 2.24, None, 2.4],
        ["贵\u00a0州", None, "Guizhou", 0.86, None, 0.91],
        ["云\u2003南", None, "Yunnan", 0.95, None, "１.０"],
        ["四\u2009 川", None, "Sichuan", 1.87, None, "2.17①"],
        ["重\u200b庆\ufeff", None, "Chongqing", 1.99, None, "—"],
        ["西\u2007藏", None, "Tibet", "…", None, "#"],
        [SYNTHETIC],
    ]
    expected = {}
    for line, code, a, b in (
        (7, "000000", "2.24", "2.4"), (8, GZ, "0.86", "0.91"), (9, "530000", "0.95", "１.０"),
        (10, "510000", "1.87", "2.17①"), (11, "500000", "1.99", None),
    ):  # fmt: skip
        expected[f"1-8!D{line}"] = (code, "rd_intensity", "_T", "2019", a, "%")
        if b is not None:
            expected[f"1-8!F{line}"] = (code, "rd_intensity", "_T", "2020", b, "%")
    return Awkward("intensity.xlsx", xlsx({"1-8": rows}, {"1-8": ["A1:F1", "A2:F2"]}), expected)


@case
def years_down_regions_across() -> Awkward:
    rows = [
        ["历年各市州地区生产总值"],
        ["单位：亿元"],
        ["年份", "贵阳市", "遵 义 市", "六盘水"],
        [2019.0, 4039.6, 3483.32, 1265.97],
        ["2020年", 4311.65, 3720.05, "1,339.62"],
        [SYNTHETIC],
    ]
    values = {
        "B4": (GY, "2019", "4039.6"), "C4": (ZY, "2019", "3483.32"), "D4": (LPS, "2019", "1265.97"),
        "B5": (GY, "2020", "4311.65"), "C5": (ZY, "2020", "3720.05"), "D5": (LPS, "2020", "1,339.62"),
    }  # fmt: skip
    expected = {f"表一!{c}": (r, "gdp", "_T", p, v, "亿元") for c, (r, p, v) in values.items()}
    return Awkward("gdp.ods", ods({"表一": rows}), expected)


@case
def merged_group_headers() -> Awkward:
    """A header over three rows with merged groups, in the format of Excel 97-2003."""
    rows = [
        ["2020年贵州省各市州R&D经费情况"],
        ["单位：万元"],
        ["地区", "R&D经费内部支出", None, None, None, "常住人口（万人）"],
        [None, "合计", "按活动类型分", None, None, None],
        [None, None, "基础研究", "应用研究", "试验发展", None],
        ["贵阳市", 700000.5, 50000.1, 90000.2, 560000.2, 598.98],
        ["遵义市", 200000.5, 10000.1, 20000.2, 170000.2, 660.67],
        [SYNTHETIC],
    ]
    merges = ["A3:A5", "B3:E3", "B4:B5", "C4:E4", "F3:F5"]
    columns = {
        "B": ("rd_expenditure", "_T", "万元"),
        "C": ("rd_expenditure", "activity=basic", "万元"),
        "D": ("rd_expenditure", "activity=applied", "万元"),
        "E": ("rd_expenditure", "activity=experimental", "万元"),
        "F": ("population_resident", "_T", "万人"),
    }
    expected = {}
    for line, code, values in (
        (6, GY, ("700000.5", "50000.1", "90000.2", "560000.2", "598.98")),
        (7, ZY, ("200000.5", "10000.1", "20000.2", "170000.2", "660.67")),
    ):
        for (letter, (indicator, part, unit)), value in zip(columns.items(), values, strict=True):
            expected[f"表!{letter}{line}"] = (code, indicator, part, "2020", value, unit)
    return Awkward("groups.xls", xls({"表": rows}, {"表": merges}), expected)


@case
def split_header_cells() -> Awkward:
    """Labels cut over rows without merging, # items, a funds group, formula errors, in a locked workbook."""
    rows = [
        ["2-14  各地区规上工业企业R&D经费内部支出(2020年)"],
        ["单位：万元", None, None, None, None, "(10 000 yuan)"],
        ["地    区", "Region", "R&D经费", None, None, None],
        [None, None, "内部支出", "#试验发展", "政府资金", "#境外"],
        [None, None, "Expenditure", "支出", "Government", "资金"],
        ["贵    州", "Guizhou", 1053573.9, 1000000.1, 35000, "{=}#DIV/0!"],
        ["云    南", "Yunnan", 1500000.9, "{=}#REF!", "（缺）", "约100"],
        [SYNTHETIC],
    ]
    code = "rd_expenditure_industry_above_scale"
    expected = {
        "2020!C6": (GZ, code, "_T", "2020", "1053573.9", "万元"),
        "2020!D6": (GZ, code, "activity=experimental", "2020", "1000000.1", "万元"),
        "2020!E6": (GZ, code, "funds=government", "2020", "35000", "万元"),
        "2020!C7": ("530000", code, "_T", "2020", "1500000.9", "万元"),
    }
    refused = {"2020!F6": "formula_error", "2020!D7": "formula_error"}
    refused |= {"2020!E7": "not_a_number", "2020!F7": "not_a_number"}
    content = encrypted(xlsx({"2020": rows}), "VelvetSweatshop")
    return Awkward("industry.xlsx", content, expected, refused)


@case
def indicators_down_of_which() -> Awkward:
    """Indicators down with 其中 items that go on without the word, GB18030 with semicolons."""
    rows = [
        ["贵阳市主要科技指标"],
        ["指标", "计量单位", "2019年", "2020年"],
        ["R&D经费内部支出", "万元", "650000.5", "700000.5"],
        ["其中：基础研究", "万元", "40000.1", "50000.1"],
        ["　　　应用研究", "万元", "80000.2", "90000.2"],
        ["　　　试验发展", "万元", "530000.2", "560000.2"],
        ["#政府资金", "万元", "99000.1", "—"],
        ["高新技术企业数", "家", "1,051", "1267"],
        [SYNTHETIC],
    ]
    parts = ("_T", "activity=basic", "activity=applied", "activity=experimental", "funds=government")
    expected = {}
    for line, part in enumerate(parts, start=3):
        for letter, period, place in (("C", "2019", 2), ("D", "2020", 3)):
            value = rows[line - 1][place]
            if value != "—":
                expected[f"{letter}{line}"] = (GY, "rd_expenditure", part, period, value, "万元")
    expected["C8"] = (GY, "hnte_count", "_T", "2019", "1,051", "家")
    expected["D8"] = (GY, "hnte_count", "_T", "2020", "1267", "家")
    return Awkward("items.csv", csv_text(rows, separator=";", encoding="gb18030"), expected)


@case
def stacked_panels_and_a_continuation_sheet() -> Awkward:
    """Two tables below each other, then 续表 on a sheet of its own that repeats neither title nor year."""
    first = [
        ["3-1 各市州科技活动情况（2021年）"],
        ["地区", "高新技术企业数（家）", "有效发明专利数（件）"],
        ["贵阳市", 1267, 12000],
        ["遵义市", 260, 2400],
        [],
        ["3-2 各市州常住人口（2020年）"],
        ["单位：万人"],
        ["地区", "常住人口"],
        ["贵阳市", 598.98],
        ["遵义市", 660.67],
        [SYNTHETIC],
        [],
        ["续表", None, "单位：万元"],
        ["地区", "技术合同成交额"],
        ["贵阳市", 150.5],
    ]
    second = [["3-2 续表1"], ["地区", "就业人员（万人）"], ["贵阳市", 300.15], ["遵义市", 320.2]]
    expected = {
        "一!B3": (GY, "hnte_count", "_T", "2021", "1267", "家"),
        "一!C3": (GY, "invention_patents_in_force", "_T", "2021", "12000", "件"),
        "一!B4": (ZY, "hnte_count", "_T", "2021", "260", "家"),
        "一!C4": (ZY, "invention_patents_in_force", "_T", "2021", "2400", "件"),
        "一!B9": (GY, "population_resident", "_T", "2020", "598.98", "万人"),
        "一!B10": (ZY, "population_resident", "_T", "2020", "660.67", "万人"),
        "一!B15": (GY, "tech_contract_value", "_T", "2020", "150.5", "万元"),
        "二!B3": (GY, "employment", "_T", "2020", "300.15", "万人"),
        "二!B4": (ZY, "employment", "_T", "2020", "320.2", "万人"),
    }
    return Awkward("panels.xlsx", xlsx({"一": first, "二": second}), expected)


@case
def sections_inside_a_table() -> Awkward:
    """One header of years, then a line per indicator over its block of regions."""
    rows = [
        ["各市州主要科技指标"],
        ["地区", "2019年", "2020年"],
        ["一、高新技术企业数（家）"],
        ["贵阳市", "1051", "1267"],
        ["遵义市", "230", "260"],
        ["二、地区生产总值（亿元）"],
        ["贵阳市", "4039.60", "4311.65"],
        ["遵义市", "3483.32", "3720.05"],
        [SYNTHETIC],
    ]
    expected = {}
    for line, region, code, unit in (
        (4, GY, "hnte_count", "家"), (5, ZY, "hnte_count", "家"), (7, GY, "gdp", "亿元"), (8, ZY, "gdp", "亿元"),
    ):  # fmt: skip
        expected[f"B{line}"] = (region, code, "_T", "2019", rows[line - 1][1], unit)
        expected[f"C{line}"] = (region, code, "_T", "2020", rows[line - 1][2], unit)
    return Awkward("sections.csv", csv_text(rows, separator="\t", encoding="utf-8-sig"), expected)


@case
def a_page_saved_as_a_workbook() -> Awkward:
    rows = [
        ["地区", "R&D经费内部支出（万元）", "", "高新技术企业数（家）"],
        ["", "政府资金", "企业资金", ""],
        ["贵阳市", "99,000.10", "600 000", "１２６７"],
        ["遵义市", "……", "180000.25", "260*"],
    ]
    merges = ["A1:A2", "B1:C1", "D1:D2"]
    expected = {
        "table[0]!B3": (GY, "rd_expenditure", "funds=government", "2020", "99,000.10", "万元"),
        "table[0]!D3": (GY, "hnte_count", "_T", "2020", "１２６７", "家"),
        "table[0]!C4": (ZY, "rd_expenditure", "funds=enterprise", "2020", "180000.25", "万元"),
        "table[0]!D4": (ZY, "hnte_count", "_T", "2020", "260*", "家"),
    }
    refused = {"table[0]!C3": "not_a_number"}
    return Awkward("page.xls", html_page(rows, merges, "贵州省各市州科技指标（2020年，合成示例）"), expected, refused)


@case
def columns_in_one_order() -> Awkward:
    rows = [
        ["2020年各市州主要指标"],
        ["序号", "地区", "地区生产总值（亿元）", "R&D经费投入强度（%）", "备注"],
        [1, "贵阳市", 4311.65, 1.62, "见2021年公报"],
        [2, "遵义市", 3720.05, 0.75, None],
        ["合计", None, 8031.7, None, None],
        [SYNTHETIC],
    ]
    expected = {
        "Sheet1!C3": (GY, "gdp", "_T", "2020", "4311.65", "亿元"),
        "Sheet1!D3": (GY, "rd_intensity", "_T", "2020", "1.62", "%"),
        "Sheet1!C4": (ZY, "gdp", "_T", "2020", "3720.05", "亿元"),
        "Sheet1!D4": (ZY, "rd_intensity", "_T", "2020", "0.75", "%"),
    }
    return Awkward("order_2020.xlsx", xlsx({"Sheet1": rows}), expected, {"Sheet1!C5": "no_row_label"})


@case
def columns_in_another_order() -> Awkward:
    """The same table a year later: other columns first, other words, another unit."""
    rows = [
        ["2021年各市州主要指标"],
        ["区划代码", "地区名称", "R&D经费投入强度", "地区生产总值", "编号"],
        [None, None, "（%）", "（万元）", None],
        [520100, "贵阳市", 1.7, 47110400, 1],
        [520300, "遵义市", 0.8, 41701000, 2],
        [SYNTHETIC],
    ]
    expected = {
        "Sheet1!C4": (GY, "rd_intensity", "_T", "2021", "1.7", "%"),
        "Sheet1!D4": (GY, "gdp", "_T", "2021", "47110400", "万元"),
        "Sheet1!C5": (ZY, "rd_intensity", "_T", "2021", "0.8", "%"),
        "Sheet1!D5": (ZY, "gdp", "_T", "2021", "41701000", "万元"),
    }
    return Awkward("order_2021.xlsx", xlsx({"Sheet1": rows}), expected)


@case
def a_tidy_table_in_chinese() -> Awkward:
    rows = [
        [SYNTHETIC],
        ["单位", "数值", "分组", "年份", "指标", "地区", "备注"],
        ["万元", "12,345.60", "funds=government", "2020年", "R&D经费内部支出", "贵 阳 市", ""],
        ["家", "１２６７", "", "2020", "高新技术企业数", "贵阳市", ""],
        ["亿元", "=1+1", "", "2020", "地区生产总值", "遵义市", ""],
        ["亿元", "#N/A", "", "2020", "地区生产总值", "六盘水市", ""],
        ["亿元", "…", "", "2019", "地区生产总值", "遵义市", ""],
    ]
    expected = {
        "B3": (GY, "rd_expenditure", "funds=government", "2020", "12,345.60", "万元"),
        "B4": (GY, "hnte_count", "_T", "2020", "１２６７", "家"),
    }
    refused = {"B5": "not_a_number", "B6": "formula_error"}
    return Awkward("tidy.csv", csv_text(rows, encoding="utf-8"), expected, refused)


@case
def a_name_that_contradicts_the_title() -> Awkward:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", 1267], [SYNTHETIC]]
    return Awkward("高新技术企业_2021年.xlsx", xlsx({"Sheet1": rows}), {}, {"Sheet1": "year_conflict"})


@case
def a_title_that_contradicts_its_columns() -> Awkward:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "2021年", "2022年"], ["贵阳市", 1267, 1300], [SYNTHETIC]]
    return Awkward("years.xlsx", xlsx({"Sheet1": rows}), {}, {"Sheet1": "year_conflict"})


@case
def performers_across_and_industry() -> Awkward:
    """The breakdowns by performer under a title, printed beside each other with a spacer column."""
    rows = [
        ["各市州R&D经费内部支出（2020年）"],
        ["单位：亿元"],
        ["地区", "总计", None, "企业", "高等学校", "研究机构", "其他", "高技术制造业"],
        ["贵阳市", 70.01, None, 50.02, 12.03, 7, 0.96, 9.5],
        ["遵义市", "{=}#REF!", None, "—", "", None, None, "{=}#N/A"],
        [SYNTHETIC],
    ]
    parts = {
        "B": ("_T", "70.01"), "D": ("performer=enterprise", "50.02"), "E": ("performer=university", "12.03"),
        "F": ("performer=institute", "7"), "G": ("performer=other", "0.96"),
        "H": ("industry=hightech_manufacturing", "9.5"),
    }  # fmt: skip
    expected = {f"A!{c}4": (GY, "rd_expenditure", part, "2020", v, "亿元") for c, (part, v) in parts.items()}
    refused = {"A!B5": "formula_error", "A!H5": "formula_error"}
    return Awkward("performers.xls", xls({"A": rows}), expected, refused)


@case
def tables_side_by_side() -> Awkward:
    rows = [
        ["各市州高新技术企业数（2020年）"],
        ["单位：家"],
        ["地区", "高新技术企业数", None, "地区", "高新技术企业数"],
        ["贵阳市", 1267, None, "六盘水市", 96],
        ["遵义市", 260, None, "安顺市", 88],
        [SYNTHETIC],
    ]
    expected = {
        f"Sheet1!{c}": (r, "hnte_count", "_T", "2020", v, "家")
        for c, r, v in (("B4", GY, "1267"), ("E4", LPS, "96"), ("B5", ZY, "260"), ("E5", "520400", "88"))
    }
    return Awkward("side.xlsx", xlsx({"Sheet1": rows}), expected)


@case
def counties_below_their_cities_with_quarters() -> Awkward:
    rows = [
        ["2021年前三季度各县区地区生产总值"],
        ["单位：亿元"],
        ["地区", "地区生产总值"],
        ["全  市", 1050.3],
        ["水城区", 300.25],
        ["盘州市", 500.5],
        [SYNTHETIC],
    ]
    expected = {
        f"Sheet1!B{line}": (code, "gdp", "_T", "2021-Q1--Q3", value, "亿元")
        for line, code, value in ((4, LPS, "1050.3"), (5, "520204", "300.25"), (6, "520281", "500.5"))
    }
    return Awkward("quarter.xlsx", xlsx({"Sheet1": rows}), expected, stated={"region_code": LPS})
