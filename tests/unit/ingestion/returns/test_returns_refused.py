"""What a table does not say clearly is refused with address and reason, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.figures import Reading

Read = Callable[..., Reading]
Book = Callable[..., bytes]
Codes = Callable[[Reading], dict[str, str]]


def test_names_follow_the_year(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [
        ["各县区地区生产总值"],
        ["单位：亿元"],
        ["地区", "2019年", "2021年"],
        ["六盘水市", 1265.97, 1473.65],
        ["水城区", 200.1, 300.1],
        ["水城县", 200.2, 300.2],
        ["盘州市", 500.1, 600.1],
    ]
    reading = read(workbook(rows))
    assert codes(reading) == {"Sheet1!B5": "unknown_region", "Sheet1!C6": "region_split"}
    assert {f.cell: f.region_code for f in reading.figures if f.cell in ("C5", "B6")} == {
        "C5": "520204",
        "B6": "520221",
    }


def test_a_county_of_the_name_of_a_prefecture_is_not_taken_for_it(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [
        ["各市州地区生产总值（2010年）"],
        ["单位：亿元"],
        ["地区", "地区生产总值"],
        ["贵阳市", 1121.82],
        ["遵义市", 908.76],
        ["六盘水市", 500.64],
        ["铜仁市", 294.0],  # in 2010 the name of a county-level city
    ]
    reading = read(workbook(rows))
    assert codes(reading) == {"Sheet1!B7": "unknown_region"}
    assert len(reading.figures) == 3


def test_what_has_no_clear_meaning_is_refused(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [
        ["各市州指标（2021年）"],
        ["地区", "高新技术企业数（家）", None, "地区生产总值", "R&D经费投入强度（亿元）"],
        ["合计", 10, 20, 30.1, 40.1],
        ["贵阳市", 11, 21, 31.1, 41.1],
        [None, 12, 22, 32.1, 42.1],
    ]
    reading = read(workbook(rows))
    assert {f.cell for f in reading.figures} == {"B4"}
    found = codes(reading)
    assert {found[f"Sheet1!{c}3"] for c in "BCDE"} == {"unknown_region"}
    assert {found[f"Sheet1!{c}5"] for c in "BCDE"} == {"no_row_label"}
    assert [found[f"Sheet1!{c}4"] for c in "CDE"] == ["no_indicator", "unit_missing", "unit_mismatch"]


def test_a_table_without_a_year_is_refused(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [["各市州高新技术企业数（家）"], ["地区", "高新技术企业数"], ["贵阳市", 10]]
    assert codes(read(workbook(rows))) == {"Sheet1!B3": "no_period"}
    (figure,) = read(workbook(rows), "b.xlsx", title="贵州省2021年高企统计").figures
    assert (figure.period, figure.period_basis) == ("2021", "inferred")
    # the year of an edition is not the year of the data
    assert codes(read(workbook(rows), "c.xlsx", title="贵州统计年鉴2022")) == {"Sheet1!B3": "no_period"}


def test_a_year_against_the_stated_title_refuses_the_table(read: Read, workbook: Book) -> None:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", 10], ["遵义市", 11]]
    reading = read(workbook(rows), title="各市州高新技术企业数 2021")
    (refusal,) = reading.refusals
    assert (refusal.reason_code, refusal.address, reading.figures) == ("year_conflict", "Sheet1", ())
    assert "2020" in refusal.reason
    assert "2021" in refusal.reason


def test_a_column_outside_the_years_of_the_title_is_refused(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [["贵州R&D经费投入强度（2018-2020年）"], ["单位：%"], ["地区", 2019, 2021], ["贵 州", 0.86, 0.92]]
    reading = read(workbook(rows))
    assert codes(reading) == {"Sheet1!C4": "year_conflict"}
    assert [f.period for f in reading.figures] == ["2019"]


def test_part_of_a_year_is_not_the_year(read: Read, workbook: Book, codes: Codes) -> None:
    head = [["单位：亿元"], ["地区", "地区生产总值"], ["贵阳市", 3200.5]]
    (figure,) = read(workbook([["2021年前三季度各市州地区生产总值"], *head])).figures
    assert (figure.period, figure.indicator_code) == ("2021-Q1--Q3", "gdp")
    unclear = read(workbook([["2021年各季度累计地区生产总值"], *head]), "b.xlsx")
    assert set(codes(unclear).values()) <= {"bad_period", "no_period"}
    assert not unclear.figures
    column = [["2021年各市州地区生产总值"], ["单位：亿元"], ["地区", "1-9月累计"], ["贵阳市", 3200.5]]
    assert codes(read(workbook(column), "c.xlsx")) == {"Sheet1!B4": "bad_period"}


def test_a_region_printed_twice_in_one_table(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [
        ["各市州高新技术企业数（2020年）"],
        ["地区", "高新技术企业数（家）"],
        ["贵阳市", 10],
        ["贵阳市", 10],
        ["贵 阳", 12],
    ]
    assert codes(read(workbook(rows))) == {"Sheet1!B4": "duplicate_row", "Sheet1!B5": "duplicate_key"}


def test_a_hidden_sheet_with_figures_is_told_and_not_read(read: Read, workbook: Book) -> None:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", 10]]
    reading = read(workbook(rows, hidden=rows))
    assert len(reading.figures) == 1
    assert [(r.address, r.reason_code) for r in reading.refusals] == [("hidden", "hidden_sheet")]
    assert not read(workbook(rows, hidden=[["http://example.org/"]]), "b.xlsx").refusals


def test_numbers_without_any_header_are_told(read: Read, workbook: Book) -> None:
    reading = read(workbook([["甲", "乙"], [None, "x"], ["贵阳市", 3.5], ["遵义市", 4.5]]))
    assert not reading.figures
    assert {r.reason_code for r in reading.refusals} <= {"no_period", "no_indicator", "no_table"}
    assert len(reading.refusals) == 2


def test_a_date_or_a_telephone_below_a_table_is_no_figure(read: Read, workbook: Book, codes: Codes) -> None:
    rows = [
        ["各市州高新技术企业数（2020年）"],
        ["地区", "高新技术企业数（家）"],
        ["贵阳市", 10],
        ["填报日期", "2021-03-15"],
        ["联系电话", "0851-8888"],
    ]
    reading = read(workbook(rows))
    assert [f.cell for f in reading.figures] == ["B3"]
    assert codes(reading) == {"Sheet1!B5": "not_a_number"}


def test_a_sheet_named_after_another_year_is_refused(read: Read, workbook: Book) -> None:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", 10]]
    reading = read(workbook(rows, sheet="2021年"))
    assert [r.reason_code for r in reading.refusals] == ["year_conflict"]
    assert not reading.figures
    assert "工作表名" in reading.refusals[0].reason


def test_the_name_of_a_file_against_its_title(read: Read, workbook: Book) -> None:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", 10]]
    for name in ("gdp_2021.xlsx", "2021年高企.xlsx"):
        reading = read(workbook(rows), name)
        assert [r.reason_code for r in reading.refusals] == ["year_conflict"], name
        assert not reading.figures
    # an edition, a day of sending, a span, the right year, a year stated in sources.yml: no contradiction
    for name in ("yb2021_hnte.xlsx", "hnte_20210315.xlsx", "年鉴2021.xlsx", "hnte_2019-2021.xlsx", "hnte_2020.xlsx"):
        assert not read(workbook(rows), name).refusals, name
    assert not read(workbook(rows), "hnte_2022.xlsx", title="各市州高新技术企业数 2020").refusals


def test_a_file_named_after_a_year_without_any_figure_is_told(read: Read) -> None:
    text = "地区,指标,年份,数值,单位\n贵阳市,高新技术企业数,2018,9,家\n贵阳市,高新技术企业数,2019,10,家\n"
    reading = read(text.encode(), "高企_2022.csv")
    assert len(reading.figures) == 2
    assert [(r.address, r.reason_code) for r in reading.refusals] == [("", "year_conflict")]
    for name in ("高企_2019.csv", "高企_2020.csv"):  # the year itself, and the year of publication
        assert not read(text.encode(), name).refusals


def test_a_block_under_an_unknown_heading_is_not_the_whole(read: Read, workbook: Book) -> None:
    """A heading that we cannot place keeps its rows from being taken for the region's own figures."""
    rows = [
        ["各市州高新技术企业数（2020年）"],
        ["地区", "高新技术企业数（家）"],
        ["其中：民营企业"],
        ["贵阳市", 10],
        ["遵义市", 20],
    ]
    reading = read(workbook(rows))
    assert {f.indicator_code for f in reading.figures} == {None}
    assert {f.indicator_as_printed for f in reading.figures} == {"民营企业:高新技术企业数"}


def test_a_heading_of_a_city_settles_its_counties(read: Read, workbook: Book) -> None:
    rows = [
        ["各县区高新技术企业数（2020年）"],
        ["地区", "高新技术企业数（家）"],
        ["贵阳市"],
        ["南明区", 10],
        ["云岩区", 20],
    ]
    reading = read(workbook(rows))
    assert [(f.region_code, f.indicator_code) for f in reading.figures] == [
        ("520102", "hnte_count"),
        ("520103", "hnte_count"),
    ]


def test_years_as_headings_of_blocks(read: Read, workbook: Book) -> None:
    rows = [
        ["各市州高新技术企业数"],
        ["地区", "高新技术企业数（家）"],
        ["2019年"],
        ["贵阳市", 10],
        ["2020年"],
        ["贵阳市", 20],
    ]
    assert [(f.period, f.printed_text) for f in read(workbook(rows)).figures] == [("2019", "10"), ("2020", "20")]
