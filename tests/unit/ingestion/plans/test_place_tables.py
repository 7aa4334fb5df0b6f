"""Tables of regions: regions down or across, typed or real. All tables are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from tests.unit.ingestion.plans.sentence_tables import rows

PROVINCE = {"title": "合成省“十四五”科技创新规划", "region_code": "520000"}
CITY = {"title": "合成市“十四五”科技创新规划", "region_code": "520100"}
COUNTY = {"title": "合成县“十四五”科技创新规划", "region_code": "520122"}

TWO_BY_TWO = """
rd_intensity 2020 baseline eq 1.5 1.5 % 520100
rd_intensity 2025 target/level eq 2.0 2 % 520100
hnte_count 2020 baseline eq 800 800 家 520100
hnte_count 2025 target/level eq 1500 1500 家 520100
rd_intensity 2020 baseline eq 0.8 0.8 % 520300
rd_intensity 2025 target/level eq 1.1 1.1 % 520300
hnte_count 2020 baseline eq 200 200 家 520300
hnte_count 2025 target/level eq 500 500 家 520300
"""
YEARS_OUTSIDE = """
rd_intensity 2020 baseline eq 1.5 1.5 % 520100
hnte_count 2020 baseline eq 800 800 家 520100
rd_intensity 2025 target/level eq 2.0 2 % 520100
hnte_count 2025 target/level eq 1500 1500 家 520100
"""
HTML = """<html><body><p>分市州指标</p><table>
<tr><th rowspan=2>序号</th><th rowspan=2>市州</th><th colspan=2>研发投入强度（%）</th>
<th colspan=2>高新技术企业数</th></tr><tr><th>2020年</th><th>2025年</th><th>2020年</th><th>2025年</th></tr>
<tr><td>1</td><td>贵阳市</td><td>1.5</td><td>2.0</td><td>800</td><td>1500</td></tr>
<tr><td>2</td><td>遵义市</td><td>0.8</td><td>1.1</td><td>200</td><td>500</td></tr></table></body></html>"""
PIPES = """
| 市州 | 研发投入强度（%） | | 高新技术企业数（家） | |
| | 2020年 | 2025年 | 2020年 | 2025年 |
| 贵阳市 | 1.5 | 2.0 | 800 | 1500 |
| 遵义市 | 0.8 | 1.1 | 200 | 500 |
"""
ONE_HEADER = """
地区 2020年研发投入强度（%） 2025年研发投入强度（%） 2020 年高新技术企业数 2025 年高新技术企业数（家）
贵阳市 1.5 2.0 800 1500
遵义 0.8 1.1 200 500
"""
TWO_HEADERS = """
市州 研发投入强度 （%） 高新技术企业数（家）
2020年 2025年 2020年 2025年
贵阳市 1.5 2.0 800 1500
遵义市 0.8 1.1 200 500
"""
LONG = """
| 地区 | 指标 | 单位 | 2020年 | 2025年 |
| 贵阳市 | 研发投入强度 | % | 1.5 | 2.0 |
| | 高新技术企业数 | 家 | 800 | 1500 |
| 遵义市 | 研发投入强度 | % | 0.8 | 1.1 |
| | 高新技术企业数 | 家 | 200 | 500 |
"""
TABS = """
市（州）\t2020年\t\t2025年目标\t
\t研发投入强度\t高新技术企业数\t研发投入强度\t高新技术企业数
单位\t%\t家\t%\t家
贵阳市\t1.5\t800\t2.0\t1500
"""


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (HTML, "a.html", TWO_BY_TWO),
        (PIPES, "a.txt", TWO_BY_TWO),
        (PIPES.replace("\n| | 2020年", "\n|---|---|---|---|---|\n| | 2020年"), "a.md", TWO_BY_TWO),
        (ONE_HEADER, "a.txt", TWO_BY_TWO),
        (TWO_HEADERS, "a.txt", TWO_BY_TWO),
        (LONG, "a.txt", TWO_BY_TWO),
        (TABS, "a.txt", YEARS_OUTSIDE),
    ],
    ids=["html", "pipes", "markdown", "one line of headers", "two lines", "indicators as rows", "tabs, row of units"],
)
def test_regions_down(read: Callable[..., Reading], text: str, name: str, expected: str) -> None:
    assert rows(read(text, name, **PROVINCE), "520000") == expected.strip().splitlines()


GROUPED = """<html><body><p>2020年各市州创新情况</p><table>
<tr><th rowspan=2>区域</th><th rowspan=2>市州</th><th colspan=2>研发投入</th><th rowspan=2>高新技术企业（家）</th></tr>
<tr><th>R&amp;D经费（亿元）</th><th>研发投入强度（%）</th></tr>
<tr><td colspan=2>全省</td><td>9.6</td><td>1.2</td><td>900</td></tr>
<tr><td rowspan=2>黔中地区</td><td>贵阳市</td><td>5.2</td><td>1.5</td><td>800</td></tr>
<tr><td>安顺市</td><td>1.1</td><td>0.9</td><td>20</td></tr>
<tr><td>黔北地区</td><td>遵义市</td><td>3.3</td><td>0.8</td><td>80</td></tr></table></body></html>"""


def test_groups_of_regions_and_of_columns_are_no_names(read: Callable[..., Reading]) -> None:
    found = rows(read(GROUPED, "a.html", **PROVINCE), "520000")
    assert found[3:6] == [
        "rd_expenditure 2020 actual eq 5.2 52000 万元 520100",
        "rd_intensity 2020 actual eq 1.5 1.5 % 520100",
        "hnte_count 2020 actual eq 800 800 家 520100",
    ]
    assert len(found) == 12


def test_a_prefecture_with_one_county_of_its_name_is_meant_itself(read: Callable[..., Reading]) -> None:
    text = "2020年各市州创新情况\n| 市州 | 高新技术企业数（家） |\n| 兰州市 | 663 |\n| 嘉峪关市 | 28 |\n"
    province = {"title": "甘肃省“十四五”科技创新规划（合成）", "region_code": "620000"}
    assert [row.split()[-1] for row in rows(read(text, **province), "620000")] == ["620100", "620200"]


def test_a_group_of_columns_that_says_whose_is_part_of_the_name(read: Callable[..., Reading]) -> None:
    found = rows(read(GROUPED.replace(">研发投入<", ">高新技术企业<"), "a.html", **PROVINCE), "520000")
    assert not any(row.startswith("rd_expenditure") for row in found)


def test_rows_with_blank_cells_go_by_their_place(read: Callable[..., Reading]) -> None:
    text = """
市州          研发投入强度（%）            高新技术企业数（家）
              2020年      2025年           2020年     2025年
贵阳市        1.5         2.0              800        1500
遵义市        0.8                          200
"""
    assert rows(read(text, **PROVINCE), "520000")[4:] == [
        "rd_intensity 2020 actual eq 0.8 0.8 % 520300",
        "hnte_count 2020 actual eq 200 200 家 520300",
    ]


def test_a_row_with_a_value_less_is_never_shifted(read: Callable[..., Reading]) -> None:
    found = rows(read(ONE_HEADER + "铜仁市 0.8 1.1 200\n", **PROVINCE), "520000")

    assert found == [*TWO_BY_TWO.strip().splitlines(), "refused columns_unclear"]


@pytest.mark.parametrize(
    "line",
    ["2020年，各市州高新技术企业情况如下。", "2020年各市州创新主体分布见下表：", "2020年各市州创新主体如表1所示。"],
)
def test_the_sentence_that_introduces_a_table_is_its_title(read: Callable[..., Reading], line: str) -> None:
    text = f"一、各市州\n{line}\n\n| 市州 | 高新技术企业（家） |\n| 贵阳市 | 800 |\n| 遵义市 | 90 |\n"

    assert rows(read(text, **PROVINCE), "520000") == [
        "hnte_count 2020 actual eq 800 800 家 520100",
        "hnte_count 2020 actual eq 90 90 家 520300",
    ]


def test_a_typed_row_without_all_its_cells_is_refused(read: Callable[..., Reading]) -> None:
    table = "| 市州 | 2020年高新技术企业数（家） | 2020年研发投入强度（%） |\n| 贵阳市 | 800 | 1.5 |\n"
    found = rows(read(f"一、各市州\n{table}| 遵义市 | 0.8 |\n| 铜仁市 | 200 | 0.8 | 3 |\n", **PROVINCE), "520000")

    assert found == [
        "hnte_count 2020 actual eq 800 800 家 520100",
        "rd_intensity 2020 actual eq 1.5 1.5 % 520100",
        "refused columns_unclear",
        "refused columns_unclear",
    ]


ACROSS = """
2025年主要指标分区县目标
| 指标 | 单位 | 全市 | 南明区 | 云岩区 | 某某区 |
| 研发投入强度 | % | 2.0 | 1.5 | — | 4 |
| 其中：高新技术企业数 | 家 | ≥1500 | 300 | 200 | 1 |
"""
ACROSS_FIGURES = """
rd_intensity 2025 target/level eq 2.0 2 %
rd_intensity 2025 target/level eq 1.5 1.5 % 520102
hnte_count 2025 target/level ge ≥1500 1500 家
hnte_count 2025 target/level eq 300 300 家 520102
hnte_count 2025 target/level eq 200 200 家 520103
refused unknown_region
"""
PLAIN_ACROSS = """
2020年主要科技指标
指标 单位 南明区 云岩区
R&D 经费支出 亿元 15 12
"""
TITLED_ACROSS = """
| 指标（单位） | 2020年南明区 | 2025年南明区 | 云岩区2020年 | 云岩区2025年 |
| 研发投入强度（%） | 1 | 2 | 3 | 4 |
"""
YEARS_ACROSS = """<html><table><tr><th>指标</th><th colspan=2>2020年</th><th colspan=2>2025年</th></tr>
<tr><th></th><th>南明区</th><th>云岩区</th><th>南明区</th><th>云岩区</th></tr>
<tr><td>研发投入强度（%）</td><td>1</td><td>3</td><td>2</td><td>4</td></tr></table></html>"""


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (ACROSS, "a.txt", ACROSS_FIGURES.strip().splitlines()),
        (
            PLAIN_ACROSS,
            "a.txt",
            [
                "rd_expenditure 2020 actual eq 15 150000 万元 520102",
                "rd_expenditure 2020 actual eq 12 120000 万元 520103",
            ],
        ),
        (
            TITLED_ACROSS,
            "a.txt",
            [
                "rd_intensity 2020 baseline eq 1 1 % 520102",
                "rd_intensity 2025 target/level eq 2 2 % 520102",
                "rd_intensity 2020 baseline eq 3 3 % 520103",
                "rd_intensity 2025 target/level eq 4 4 % 520103",
            ],
        ),
        (
            YEARS_ACROSS,
            "a.html",
            [
                "rd_intensity 2020 baseline eq 1 1 % 520102",
                "rd_intensity 2020 baseline eq 3 3 % 520103",
                "rd_intensity 2025 target/level eq 2 2 % 520102",
                "rd_intensity 2025 target/level eq 4 4 % 520103",
            ],
        ),
    ],
    ids=["pipes", "blanks", "years beside regions", "years over regions"],
)
def test_regions_across(read: Callable[..., Reading], text: str, name: str, expected: list[str]) -> None:
    assert rows(read(text, name, **CITY), "520100") == expected


def test_rows_of_other_levels_and_of_the_whole(read: Callable[..., Reading]) -> None:
    labels = ("全国", "全省", "全市", "白云区", "我县", "其中：修文县", "合计", "鼓楼区", "无名镇")
    text = "| 地区 | 2020年研发投入强度（%） |\n" + "".join(f"| {label} | 1.{n} |\n" for n, label in enumerate(labels))

    reading = read(text, **COUNTY)

    codes = [figure.region_code for figure in reading.figures]
    assert codes == ["000000", "520000", "520100", "520113", "520122", "520123", "520122"]
    assert [refusal.raw_text.split()[0] for refusal in reading.refusals] == ["鼓楼区", "无名镇"]
    assert all(refusal.address.startswith("第") and "请" in refusal.reason for refusal in reading.refusals)


def test_the_region_of_a_row_carries_no_note_of_the_plan(read: Callable[..., Reading]) -> None:
    text = "贵阳贵安科技创新规划\n\n| 区县 | 2020年高新技术企业数（家） |\n| 南明区 | 3 |\n| 合计 | 9 |\n"

    reading = read(text, title="贵阳贵安“十四五”科技创新规划", region_code="520100")

    assert [(f.region_code, f.scope_note) for f in reading.figures] == [("520102", None), ("520100", "贵阳贵安")]


def test_growth_and_the_title_name_what_headers_leave_out(read: Callable[..., Reading]) -> None:
    text = """
2025年各区县高新技术企业数目标（家）
| 区（市、县） | 2020年 | 比上年增长 | 2025年 | 年均增长（%） |
| 一、近郊区 | | | | |
| 南明区 | 150 | 净增12家 | 180 | 3.7 |
"""
    assert rows(read(text, **CITY), "520100") == [
        "hnte_count 2020 baseline eq 150 150 家 520102",
        "hnte_count 2020<2019 change eq 净增12家 12 家 520102",
        "hnte_count 2025 target/level eq 180 180 家 520102",
        "hnte_count 2025<2020 target/growth_avg eq 3.7 3.7 % 520102",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| 区县 | 高新技术企业数 |\n| 南明区 | 80 |\n", ["refused no_period"]),
        ("| 区县 | 总人口 | 面积 |\n| 南明区 | 80 | 200 |\n", []),
        ("| 单位 | 任务 | 完成时限 |\n| 南明区 | 建设孵化器2家 | 2022年 |\n", []),
        ("| 区县 | 项目名称 | 总投资（亿元） |\n| 南明区 | 科创园 | 12 |\n", []),
        ("单位 2020 年在南明区\n南明区 2 3\n", []),
        ("指标 南明区 云岩区\n2025年如下\n研发经费支出 15 12\n", ["refused columns_unclear"]),
    ],
    ids=["no year", "none of ours", "tasks", "projects", "text", "uneven"],
)
def test_what_is_no_table_of_regions_or_cannot_be_placed(
    read: Callable[..., Reading], text: str, expected: list[str]
) -> None:
    assert rows(read(text, **CITY), "520100") == expected
