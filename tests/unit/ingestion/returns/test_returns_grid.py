"""Tables in which the place of a number is its meaning: every geometry, and what is refused rather than guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.figures import Reading

Read = Callable[..., Reading]
Book = Callable[..., bytes]
ByCell = Callable[[Reading], dict[str, Any]]
Codes = Callable[[Reading], dict[str, str]]


def test_regions_down_years_across(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["1-8  各地区研究与试验发展(R&D)经费投入强度"],
        ["R&D Intensity by Region"],
        ["单位:%", None, None, "(%)"],
        ["地  区", "Region", 2019, 2020],
        ["全  国", "National Total", 2.24, 2.4],
        [],
        ["东部地区", "Eastern", 2.6, 2.82],
        ["贵  州", "Guizhou", 0.86, 0.91],
        ["吉  林", "Jilin", 1.27, "…"],
        ["注：2019年数据已修订，共31个地区。"],
        ["资料来源：《中国科技统计年鉴2021》。"],
    ]
    reading = read(workbook(rows, sheet="1-8"))
    figures = by_cell(reading)
    assert not reading.refusals
    assert {cell: (f.region_code, f.period, f.printed_text, f.printed_decimals) for cell, f in figures.items()} == {
        "C5": ("000000", "2019", "2.24", 2),
        "D5": ("000000", "2020", "2.4", 2),
        "C7": ("R-EAST", "2019", "2.6", 2),
        "D7": ("R-EAST", "2020", "2.82", 2),
        "C8": ("520000", "2019", "0.86", 2),
        "D8": ("520000", "2020", "0.91", 2),
        "C9": ("220000", "2019", "1.27", 2),
    }
    figure = figures["D8"]
    assert (figure.indicator_code, figure.printed_unit, figure.period_basis) == ("rd_intensity", "%", "printed")
    assert (figure.address, figure.line_start, figure.sheet) == ("1-8!D8", 8, "1-8")
    assert figure.section == rows[0][0]
    (origin,) = reading.origins
    assert (origin.title, origin.published_at, origin.published_precision) == (
        "中国科技统计年鉴2021",
        date(2021, 12, 31),
        "inferred",
    )


def test_the_stated_publication_wins_over_the_source_line(read: Read, workbook: Book) -> None:
    rows = [["各地区地区生产总值（亿元）"], ["地区", "2020年"], ["贵州省", 17826.56], ["资料来源：某处"]]
    reading = read(workbook(rows), title="贵州统计年鉴", published_at="2021-09-30", release_type="revised")
    (figure,), (origin,) = reading.figures, reading.origins
    assert (origin.title, figure.published_at, figure.release_type) == ("贵州统计年鉴", date(2021, 9, 30), "revised")
    assert (figure.indicator_code, figure.printed_unit) == ("gdp", "亿元")


def test_header_labels_split_over_rows_with_of_which_items(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["2-14  各地区规上工业企业R&D经费内部支出(2020年)"],
        ["Intramural Expenditure on R&D of Industrial Enterprises by Region(2020)"],
        [],
        ["单位：万元 ", None, None, None, None, "(10 000 yuan)"],
        ["地    区", "Region", "R&D经费"],
        [None, None, "内部支出", "#试验发展", "日常性支出", None, "政府资金"],
        [None, None, "Intramural", "支出", None, "#人员劳务费"],
        [None, None, "Expenditure", "Experimental", "Routine", "Labor Cost", "Government"],
        [],
        ["全    国", " National Total", 152712904.9, 148108197.1, 141217920.4, 48521061.5, 4189938.3],
        [],
        ["贵    州", " Guizhou", 1053573.9, 96994313.19999999, 947656, 255707.5, None],
    ]
    reading = read(workbook(rows, merged=["A5:A9", "B5:B9", "A1:G1", "A2:G2"]))
    figures = by_cell(reading)
    assert not reading.refusals
    assert {c: figures[f"{c}12"].breakdown for c in "CDEF"} == {
        "C": "_T",
        "D": "activity=experimental",
        "E": "cost=routine",
        "F": "cost=labour",
    }
    assert {f.indicator_code for f in reading.figures} == {"rd_expenditure_industry_above_scale"}
    assert {(f.period, f.printed_unit) for f in reading.figures} == {("2020", "万元")}
    assert figures["C12"].indicator_as_printed == "规上工业企业R&D经费内部支出"
    assert (figures["D12"].printed_value, figures["D12"].printed_text) == (Decimal("96994313.2"), "96994313.2")
    assert (figures["E12"].printed_text, figures["E12"].printed_decimals) == ("947656", 1)
    assert figures["G10"].breakdown == "funds=government"
    assert len(reading.figures) == 9


def test_labels_of_a_budget_split_in_the_middle_of_a_word(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["7-6  分地区一般公共预算支出 (2021年)"],
        [],
        ["单位：亿元"],
        ["地   区", "地方一般公", "科    学", "公    共", "外交支出"],
        [None, "共预算支出", "技术支出", "安全支出"],
        [],
        ["地方合计", 210623.04, 6464.24, 11891.1, 1.7],
        [" 贵  州", 5590.008, 88.3412, 274.2736, None],
        [" 西  藏", 2027.012, 8.3436, 124.7561, 0.1488],
    ]
    figures = by_cell(read(workbook(rows, merged=["A4:A5"])))
    assert {c: (figures[f"{c}7"].indicator_code, figures[f"{c}7"].indicator_as_printed) for c in "BCDE"} == {
        "B": ("budget_expenditure", "地方一般公共预算支出"),
        "C": ("st_budget_expenditure", "科学技术支出"),
        "D": (None, "公共安全支出"),
        "E": (None, "外交支出"),
    }
    assert (figures["B8"].printed_text, figures["B8"].printed_unit) == ("5590.008", "亿元")
    assert figures["B8"].value == Decimal(55900080)
    assert figures["B7"].region_code == "R-LOCAL"


def test_the_scope_of_the_title_limits_its_columns(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["2-8 各地区规上工业企业数量情况(2021年)"],
        ["单位:个"],
        [
            "地 区",
            "有研发机构\n的企业数\nNumber of\nEnterprises",
            "有R&D活动\n的企业数\nWith R&D",
            "R&D人员折合全时当量（人年）",
        ],
        ["贵 州", "445", "1591", "30000"],
    ]
    figures = by_cell(read(workbook(rows)))
    assert (figures["B4"].indicator_code, figures["B4"].indicator_as_printed) == (
        None,
        "规上工业企业中有研发机构的企业数",
    )
    assert figures["C4"].indicator_code == "rd_active_enterprises"
    # the persons of industry are not those of the whole region
    assert (figures["D4"].indicator_code, figures["D4"].printed_unit) == (None, "人年")


def test_regions_down_indicators_across_with_units_in_the_labels(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["2021年贵州省科技创新主要指标"],
        ["序号", "地区", "高新技术企业数（家）", "R&D经费投入强度（%）", "地区生产总值增速（%）", "备注"],
        [1, "贵阳市", 1267, 1.8, 6.6, "见2021年公报"],
        [2, "南明区", 167, 0.99, 5.1],
        [3, "云岩区", 192, "—", "5.9a"],
    ]
    reading = read(workbook(rows))
    figures = by_cell(reading)
    assert {(f.region_code, f.indicator_code, f.printed_unit) for f in reading.figures} == {
        ("520100", "hnte_count", "家"),
        ("520102", "hnte_count", "家"),
        ("520103", "hnte_count", "家"),
        ("520100", "rd_intensity", "%"),
        ("520102", "rd_intensity", "%"),
        ("520100", "gdp", "%"),
        ("520102", "gdp", "%"),
    }
    assert figures["E3"].kind == "growth"
    assert figures["C3"].printed_decimals == 0
    assert [(r.address, r.reason_code) for r in reading.refusals] == [("Sheet1!E5", "not_a_number")]


def test_years_down_regions_across(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["历年各市州地区生产总值"],
        ["单位：亿元"],
        ["年份", "贵阳市", "遵义市", "某某市"],
        [2019, 4039.6, 3483.32, 1],
        ["2020年", 4311.65, 3720.05, 2],
    ]
    reading = read(workbook(rows))
    figures = by_cell(reading)
    assert {cell: (f.region_code, f.period, f.indicator_code) for cell, f in figures.items()} == {
        "B4": ("520100", "2019", "gdp"),
        "C4": ("520300", "2019", "gdp"),
        "B5": ("520100", "2020", "gdp"),
        "C5": ("520300", "2020", "gdp"),
    }
    assert figures["B4"].printed_decimals == 2
    assert [r.reason_code for r in reading.refusals] == ["unknown_region", "unknown_region"]


def test_one_region_years_down_indicators_across(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["六盘水市主要年份科技指标"],
        ["年份", "常住人口（万人）", "R&D经费内部支出", None, "有效发明专利数（件）"],
        [None, None, "基础研究", "试验发展"],
        [None, None, "（万元）", "（万元）"],
        [2019, 302.1, 120.5, 900, 250],
        [2020, 303.16, 130.5, 950, 270],
    ]
    reading = read(workbook(rows, merged=["C2:D2", "A2:A4"]))
    figures = by_cell(reading)
    assert not reading.refusals
    assert {(f.region_code, f.period) for f in reading.figures} == {("520200", "2019"), ("520200", "2020")}
    assert {
        c: (figures[f"{c}6"].indicator_code, figures[f"{c}6"].breakdown, figures[f"{c}6"].printed_unit) for c in "BCDE"
    } == {
        "B": ("population_resident", "_T", "万人"),
        "C": ("rd_expenditure", "activity=basic", "万元"),
        "D": ("rd_expenditure", "activity=experimental", "万元"),
        "E": ("invention_patents_in_force", "_T", "件"),
    }


def test_indicators_down_years_across_with_a_unit_column(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["息烽县主要指标"],
        ["指标", "单位", "2019年", "2020年"],
        ["R&D经费支出", "万元", 7000.1, 7529.2],
        ["高新技术企业数", "家", 4, 5],
        ["工业用电量", "万千瓦时", 10, 11],
    ]
    figures = by_cell(read(workbook(rows)))
    assert [
        (c, figures[c].region_code, figures[c].indicator_code, figures[c].printed_unit) for c in ("D3", "D4", "D5")
    ] == [
        ("D3", "520122", "rd_expenditure", "万元"),
        ("D4", "520122", "hnte_count", "家"),
        ("D5", "520122", None, "万千瓦时"),
    ]


def test_two_tables_below_each_other_and_side_by_side(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["各市州常住人口（2020年）"],
        ["单位：万人"],
        ["地区", "常住人口", "地区", "常住人口"],
        ["贵阳市", 598.7, "遵义市", 660.67],
        [],
        ["各市州地区生产总值（2021年）"],
        ["单位：亿元"],
        ["地区", "地区生产总值"],
        ["贵阳市", 4711.04],
    ]
    figures = by_cell(read(workbook(rows)))
    assert {cell: (f.region_code, f.indicator_code, f.period, f.printed_unit) for cell, f in figures.items()} == {
        "B4": ("520100", "population_resident", "2020", "万人"),
        "D4": ("520300", "population_resident", "2020", "万人"),
        "B9": ("520100", "gdp", "2021", "亿元"),
    }


def test_an_unmerged_group_header_is_not_lost(read: Read, workbook: Book, by_cell: ByCell) -> None:
    """A group over blanks belongs to the columns right of it: they are not figures of the whole."""
    rows = [
        ["贵州省各市州研发情况（2020年）"],
        ["单位：万元"],
        ["地区", "规上工业企业", None],
        [None, "企业数（个）", "R&D经费内部支出"],
        ["贵阳市", 900, 500000.5],
    ]
    figures = by_cell(read(workbook(rows)))
    assert figures["C5"].indicator_code == "rd_expenditure_industry_above_scale"
    assert figures["B5"].indicator_code == "industrial_enterprises"


def test_a_grid_as_csv_has_cell_addresses(read: Read, csv_bytes: Callable[..., bytes], by_cell: ByCell) -> None:
    rows = [["各市州高新技术企业数（家）", "", ""], ["地区", "2019年", "2020年"], ["贵阳市", "900", "1000"]]
    figures = by_cell(read(csv_bytes(rows, separator="\t"), "grid.csv"))
    assert {cell: (f.period, f.address, f.printed_text, f.sheet) for cell, f in figures.items()} == {
        "B3": ("2019", "B3", "900", None),
        "C3": ("2020", "C3", "1000", None),
    }


def test_bilingual_header_words_and_a_group_word_over_the_years(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["各地区R&D经费投入强度", "单位：%"],
        ["地区\nRegion", "年份 Year", None],
        [None, 2019, 2020],
        ["贵州", 0.86, 0.91],
    ]
    figures = by_cell(read(workbook(rows, merged=["A2:A3", "B2:C2"])))
    assert {cell: (f.period, f.indicator_code) for cell, f in figures.items()} == {
        "B4": ("2019", "rd_intensity"),
        "C4": ("2020", "rd_intensity"),
    }


def test_figures_that_look_like_years_or_column_numbers_are_figures(
    read: Read, workbook: Book, by_cell: ByCell
) -> None:
    head = [["各市州高新技术企业数（家）"], ["地区", "2019年", "2020年"]]
    figures = by_cell(read(workbook([*head, ["贵阳市", 2011, 2013], ["遵义市", 1, 2]])))
    assert {c: f.printed_text for c, f in figures.items()} == {"B3": "2011", "C3": "2013", "B4": "1", "C4": "2"}
    serial = [
        ["2020年各市州情况"],
        ["序号", "地区", "高新技术企业数（家）", "有效发明专利数（件）"],
        [1, "贵阳市", 2, 3],
    ]
    assert set(by_cell(read(workbook(serial), "b.xlsx"))) == {"C3", "D3"}
    down = [["贵阳市高新技术企业数（家）"], ["年份", "高新技术企业数"], [2019, 1998], [2020, 2001]]
    assert {c: f.printed_text for c, f in by_cell(read(workbook(down), "c.xlsx")).items()} == {
        "B3": "1998",
        "B4": "2001",
    }


def test_a_row_of_column_numbers_is_part_of_the_header(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["2020年各市州情况"],
        ["地区", "高新技术企业数（家）", "有效发明专利数（件）"],
        ["甲", 1, 2],
        ["贵阳市", 5, 6],
    ]
    figures = by_cell(read(workbook(rows)))
    assert {c: f.indicator_code for c, f in figures.items()} == {
        "B4": "hnte_count",
        "C4": "invention_patents_in_force",
    }


def test_a_row_label_that_is_also_a_header_word_starts_no_table(read: Read, workbook: Book) -> None:
    rows = [
        ["贵州省常住人口（万人）"],
        ["指标", "2019年", "2020年"],
        ["城镇", 10.1, 20.1],
        ["城市", 5.5, 6.5],
        ["乡村", 7, 8],
    ]
    assert len(read(workbook(rows)).figures) == 6


def test_a_header_alone_says_everything(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [["贵州省2020年主要指标"], ["地区生产总值（亿元）", "常住人口（万人）"], [17826.56, 3858.0]]
    figures = by_cell(read(workbook(rows)))
    assert {c: (f.region_code, f.indicator_code, f.period) for c, f in figures.items()} == {
        "A3": ("520000", "gdp", "2020"),
        "B3": ("520000", "population_resident", "2020"),
    }


CITIES = {"贵阳市": "520100", "六盘水市": "520200", "遵义市": "520300", "安顺市": "520400", "毕节市": "520500"}
NUMBERS = st.one_of(
    st.none(),
    st.integers(0, 3000),
    st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=5, max_size=5),
    english=st.booleans(),
    serial=st.booleans(),
    spacer=st.integers(0, 5),
    years_down=st.booleans(),
)
def test_every_number_of_a_table_is_read_with_its_region_and_year(
    read: Read,
    workbook: Book,
    values: list[list[Decimal | int | None]],
    english: bool,
    serial: bool,
    spacer: int,
    years_down: bool,
) -> None:
    expected: dict[tuple[str, str], Decimal] = {}
    years = ["2019", "2020", "2021"]
    if years_down:
        body: list[list[Any]] = [["年份", *CITIES]]
        body += [[year, *(values[c][y] for c in range(5))] for y, year in enumerate(years)]
    else:
        lead = ["序号"] * serial
        body = [[*lead, "地区", *(["Region"] * english), *years]]
        for number, city in enumerate(CITIES):
            body.append([*([number + 1] * serial), city, *(["City"] * english), *values[number]])
        body.insert(1 + spacer, [])
    for (_, code), row in zip(CITIES.items(), values, strict=True):
        expected.update({(code, y): Decimal(str(v)) for y, v in zip(years, row, strict=True) if v is not None})
    plain = [[float(v) if isinstance(v, Decimal) else v for v in row] for row in body]
    reading = read(workbook([["历年各市州地区生产总值"], ["单位：亿元"], *plain]))
    if expected:
        assert not reading.refusals
        assert {(f.region_code, f.period): f.printed_value for f in reading.figures} == expected
        assert {f.indicator_code for f in reading.figures} == {"gdp"}


def test_columns_say_something_of_the_column_before(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["贵州省各市州科技活动情况（2022年）"],
        ["单位：万元"],
        ["地区", "R&D经费支出", "比上年", "占全省", "高新技术", "#规上", "有效发明", "#高价值", "同比增幅"],
        [None, None, "±%", "比重(%)", "企业数(家)", "(家)", "专利数(件)", "(件)", "(%)"],
        ["全省合计", 1990000, 8.1, 100, 1900, 800, 20000, 8000, 12.5],
        ["贵阳市", 500000, 6.4, 25.1, 900, 300, 9000, 4000, 11.2],
    ]
    reading = read(workbook(rows))
    figures = by_cell(reading)
    assert not reading.refusals
    assert {
        cell: (f.region_code, f.indicator_code, f.kind, f.base_period) for cell, f in figures.items() if "5" in cell
    } == {
        "B5": ("520000", "rd_expenditure", "actual", None),
        "C5": ("520000", "rd_expenditure", "growth", "2021"),
        "D5": ("520000", "rd_expenditure", "share", None),
        "E5": ("520000", "hnte_count", "actual", None),
        "F5": ("520000", "hnte_above_scale_count", "actual", None),
        "G5": ("520000", "invention_patents_in_force", "actual", None),
        "H5": ("520000", None, "actual", None),
        "I5": ("520000", None, "growth", "2021"),
    }


def test_growth_behind_the_items_is_that_of_the_total(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["贵州省各市州科技活动情况（2022年）"],
        ["单位：万元"],
        [
            "地区",
            "R&D经费支出",
            "#基础研究",
            "#应用研究",
            "增长（%）",
            "R&D经费支出",
            "增长（%）",
            "#试验发展",
            "增长（%）",
        ],
        ["贵阳市", 500000, 50000, 60000, 6.4, 500000, 6.4, 390000, 5.1],
    ]
    figures = by_cell(read(workbook(rows)))
    growths = {cell: f.breakdown for cell, f in figures.items() if f.kind == "growth"}
    assert growths["E4"] == "_T"
    assert growths["I4"] == "activity=experimental"


def test_growth_that_is_not_over_the_year_before_says_nothing(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["贵州省各市州R&D经费（2022年）"],
        ["地区", "R&D经费支出（万元）", "可比价增长（%）", "十三五年均增速（%）", "比上年提高（百分点）"],
        ["贵阳市", 500000, 6.4, 9.1, 0.2],
    ]
    figures = by_cell(read(workbook(rows)))
    assert [figures[cell].indicator_code for cell in ("B3", "C3", "D3", "E3")] == ["rd_expenditure", None, None, None]


def test_a_name_counts_what_its_unit_says(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["贵州省各市州R&D人员情况（2022年）"],
        ["地区", "R&D人员（人）", "#女性", "R&D人员（人年）", "#研究人员"],
        ["贵阳市", 50000, 16000, 31000, 15000],
    ]
    figures = by_cell(read(workbook(rows)))
    assert {cell: (f.indicator_code, f.breakdown) for cell, f in figures.items()} == {
        "B3": ("rd_personnel", "_T"),
        "C3": ("rd_personnel", "sex=female"),
        "D3": ("rd_fte", "_T"),
        "E3": ("rd_fte", "qualification=researcher"),
    }


def test_decimals_are_those_that_the_column_shows(read: Read, workbook: Book, by_cell: ByCell) -> None:
    """An indicator usual with one decimal was printed without it where a whole column of stored numbers shows none."""
    cities = ["南昌市", "景德镇市", "萍乡市", "九江市", "新余市"]
    rows = [["江西省各设区市研发情况（2022年）"], ["地区", "R&D经费（万元）", "R&D经费投入强度（%）"]]
    figures = by_cell(read(workbook([*rows, *([city, 1000 + i, 1.2 + i] for i, city in enumerate(cities))])))
    assert {figures[f"B{row}"].printed_decimals for row in range(3, 8)} == {0}
    assert {figures[f"C{row}"].printed_decimals for row in range(3, 8)} == {1}
    few = by_cell(read(workbook([*rows, ["南昌市", 1000, 1.2]])))
    assert (few["B3"].printed_decimals, few["C3"].printed_decimals) == (1, 2)


def test_an_english_half_hides_no_unit(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["各地区研究与试验发展(R&D)经费情况(2024年)"],
        ["单位:亿元"],
        [
            "地区",
            "R&D经费\n(亿元)\nR&D Expenditure",
            "R&D经费投入强度\n(%)\nR&D Intensity",
            "地区生产总值(亿元) Gross Product",
        ],
        ["江西省", 613.8, 1.81, 33844.9],
    ]
    figures = by_cell(read(workbook(rows)))
    assert {(f.indicator_code, f.printed_unit) for f in figures.values()} == {
        ("rd_expenditure", "亿元"),
        ("rd_intensity", "%"),
        ("gdp", "亿元"),
    }


def test_a_total_may_be_printed_more_coarsely_than_its_parts(read: Read, workbook: Book, by_cell: ByCell) -> None:
    rows = [
        ["贵州省一般公共预算支出（2022年）", None, None],
        ["单位：亿元"],
        ["地区", "一般公共预算支出", "科学技术支出"],
        ["全省合计", 5849.04, 108.93],
        ["贵阳市", 712.1234, 31.4471],
        ["遵义市", 702.4811, 21.1307],
        ["六盘水市", 312.4825, 5.13],
    ]
    figures = by_cell(read(workbook(rows)))
    decimals = {cell: figure.printed_decimals for cell, figure in figures.items()}
    assert decimals == {"B4": 2, "C4": 2, "B5": 4, "C5": 4, "B6": 4, "C6": 4, "B7": 4, "C7": 4}
