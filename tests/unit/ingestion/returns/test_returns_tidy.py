"""Tidy tables: meaning by header name, a vintage per row, every reason for which a row is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ingestion.figures import Reading

Read = Callable[..., Reading]
HEADER = (
    "region_code,region,indicator_code,variant,breakdown,indicator,period,value,unit,published_year,release_type,source"
)
GOOD = {
    "region_code": "520000",
    "region": "贵州省",
    "indicator_code": "gdp",
    "variant": "_T",
    "breakdown": "_T",
    "indicator": "地区生产总值",
    "period": "2020",
    "value": "17826.56",
    "unit": "亿元",
    "published_year": "2021",
    "release_type": "final",
    "source": "贵州统计年鉴2021",
}


def table(*changes: dict[str, str]) -> bytes:
    rows = [",".join({**GOOD, **change}.values()) for change in changes]
    return "\n".join([HEADER, *rows]).encode()


def test_a_row_becomes_a_figure_with_its_origin_as_vintage(read: Read) -> None:
    reading = read(table({}), "t.csv", title="汇编", published_year=2024)
    (figure,) = reading.figures
    assert (figure.region_code, figure.indicator_code, figure.period) == ("520000", "gdp", "2020")
    assert (figure.printed_value, figure.printed_unit, figure.printed_decimals) == (Decimal("17826.56"), "亿元", 2)
    assert (figure.value_lo, figure.value_hi) == (Decimal("17826.555"), Decimal("17826.565"))
    assert (figure.address, figure.line_start, figure.layout, figure.kind) == ("H2", 2, "cell", "actual")
    assert (figure.published_at, figure.published_precision, figure.release_type) == (
        date(2021, 12, 31),
        "year",
        "final",
    )
    (origin,) = reading.origins
    assert origin.title == "贵州统计年鉴2021"
    assert origin.source_id == figure.origin_id != reading.source.source_id


def test_columns_are_known_by_name_in_any_order_and_in_chinese(read: Read) -> None:
    text = "单位,数值,年份,指标,地区\n万元,120.50,2021年,研发经费投入,六 盘 水 市\n"
    (figure,) = read(text.encode("utf-8-sig"), "t.csv", published_year=2022).figures
    assert (figure.region_code, figure.indicator_code, figure.period) == ("520200", "rd_expenditure", "2021")
    assert (figure.value, figure.value_lo, figure.cell) == (Decimal("120.5"), Decimal("120.495"), "B2")
    assert figure.published_at == date(2022, 12, 31)


def test_gb18030_with_semicolons(read: Read) -> None:
    text = "地区代码;地区;指标;时期;数值;单位;来源\n520100;贵阳市;常住人口;2020;598,70;万人;公报\n"
    good = text.replace("598,70", "598.70")
    (figure,) = read(good.encode("gb18030"), "t.csv").figures
    assert (figure.region_code, figure.value, figure.printed_text) == ("520100", Decimal(5987000), "598.70")
    refused = read(text.encode("gb18030"), "u.csv").refusals
    assert [r.reason_code for r in refused] == ["not_a_number"]


@pytest.mark.parametrize(
    ("period", "stored"),
    [
        ("2020", "2020"),
        ("2020-Q1", "2020-Q1"),
        ("2021-Q1--Q3", "2021-Q1--Q3"),
        ("2020-07", "2020-07"),
        ("2020年", "2020"),
        ("2021年前三季度", "2021-Q1--Q3"),
        ("2021年上半年", "2021-S1"),
        ("2016-2020", "2016-2020"),
    ],
)
def test_periods(read: Read, period: str, stored: str) -> None:
    (figure,) = read(table({"period": period}), "t.csv").figures
    assert figure.period == stored


@pytest.mark.parametrize(
    ("change", "reason_code"),
    [
        ({"period": "20年"}, "bad_period"),
        ({"period": "2020-13"}, "bad_period"),
        ({"period": ""}, "bad_period"),
        ({"value": "约17826"}, "not_a_number"),
        ({"value": "1" * 25}, "out_of_range"),
        ({"region_code": "529999"}, "unknown_region"),
        ({"region_code": "520221", "region": "水城县"}, "region_split"),
        ({"region_code": "520100"}, "region_mismatch"),
        ({"region_code": "", "region": "某某省"}, "unknown_region"),
        ({"region_code": "", "region": ""}, "unknown_region"),
        ({"indicator_code": "gdpp"}, "unknown_indicator"),
        ({"indicator_code": "rd_expenditure"}, "indicator_mismatch"),
        ({"indicator_code": "", "indicator": ""}, "no_indicator"),
        ({"unit": "%"}, "unit_mismatch"),
        ({"unit": "两"}, "unknown_unit"),
        ({"unit": ""}, "unit_missing"),
        ({"breakdown": "funds=moon"}, "unknown_breakdown"),
        ({"variant": "输出 地"}, "unknown_variant"),
        ({"release_type": "最新"}, "bad_release_type"),
        ({"published_year": "二〇二一"}, "bad_published_year"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_address_and_remedy(
    read: Read, change: dict[str, str], reason_code: str
) -> None:
    reading = read(table({"period": "2019", "value": "16769.34"}, change), "t.csv")
    assert len(reading.figures) == 1
    (refusal,) = reading.refusals
    assert (refusal.reason_code, refusal.address) == (reason_code, "H3")
    assert "，" in refusal.reason
    assert refusal.raw_text == ",".join({**GOOD, **change}.values())


@pytest.mark.parametrize("mark", ["", "—", "……", "-"])
def test_a_missing_mark_is_neither_figure_nor_refusal(read: Read, mark: str) -> None:
    reading = read(table({"value": mark}, {"period": "2019"}), "t.csv")
    assert (reading.recognised, len(reading.figures)) == (1, 1)


def test_a_repeated_row_is_refused_and_names_the_first(read: Read) -> None:
    reading = read(table({}, {}, {"value": "178265600", "unit": "万元"}, {"value": "17800"}), "t.csv")
    assert len(reading.figures) == 1
    assert [(r.address, r.reason_code) for r in reading.refusals] == [
        ("H3", "duplicate_row"),
        ("H4", "duplicate_row"),
        ("H5", "duplicate_key"),
    ]
    assert all("H2" in r.reason for r in reading.refusals)
    assert "17826.56亿元" in reading.refusals[2].reason
    assert "17800亿元" in reading.refusals[2].reason


def test_another_origin_of_the_same_key_is_a_vintage_and_no_repetition(read: Read) -> None:
    reading = read(table({}, {"source": "贵州统计年鉴2022", "published_year": "2022", "value": "17860.41"}), "t.csv")
    assert len(reading.figures) == 2
    assert len(reading.origins) == 2


def test_the_name_gives_variant_and_breakdown_where_the_columns_are_blank(read: Read) -> None:
    change = {"indicator_code": "", "variant": "", "breakdown": "", "unit": "万元"}
    reading = read(
        table({**change, "indicator": "技术合同成交额(流向地)"}, {**change, "indicator": "R&D经费内部支出:政府资金"}),
        "t.csv",
    )
    assert [(f.indicator_code, f.variant, f.breakdown) for f in reading.figures] == [
        ("tech_contract_value", "inflow", "_T"),
        ("rd_expenditure", "_T", "funds=government"),
    ]


def test_an_unknown_name_stays_unresolved_and_keeps_what_is_printed(read: Read) -> None:
    (figure,) = read(table({"indicator_code": "", "indicator": "科技进步贡献率", "unit": "%"}), "t.csv").figures
    assert figure.indicator_code is None
    assert (figure.indicator_as_printed, figure.printed_unit) == ("科技进步贡献率", "%")


def test_a_quoted_field_over_two_lines_keeps_the_file_line(read: Read) -> None:
    text = 'region,indicator,period,value,unit,note\n贵州省,GDP,2019,1,亿元,"a\nb"\n贵州省,GDP,2020,2,亿元,\n'
    reading = read(text.encode(), "t.csv")
    assert [f.cell for f in reading.figures] == ["D2", "D4"]
    assert reading.lines[3].text.startswith("贵州省,GDP,2020")


def test_a_tidy_sheet_in_a_workbook_reads_stored_numbers(read: Read, workbook: Callable[..., bytes]) -> None:
    rows: list[list[Any]] = [
        ["说明：示例"],
        ["地区代码", "地区", "指标", "年份", "数值", "单位"],
        [520000, "贵州省", "R&D经费投入强度", 2020, 0.9, "%"],
        [520000, "贵州省", "R&D人员全时当量", 2020, 41496.0, "人年"],
    ]
    figures = read(workbook(rows, sheet="数据"), "t.xlsx").figures
    assert [(f.address, f.printed_text, f.printed_decimals) for f in figures] == [
        ("数据!E3", "0.9", 2),
        ("数据!E4", "41496", 0),
    ]
    assert figures[0].value_lo == Decimal("0.895")
