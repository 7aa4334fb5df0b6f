"""Columns and cells of growth in target tables, and what of a table is refused. All tables are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from ingestion.plans.columns import Role
from ingestion.plans.growth_columns import growth_role
from ingestion.plans.periods import Window
from tests.unit.ingestion.plans.sentence_tables import rows

CITY = {"title": "合成市“十四五”科技创新规划", "region_code": "520300"}
FIVE = Window(2021, 2025, 2020)
ONE = Window(2023, 2023, 2022)
REPORTED = Role("baseline", None, "2020", None)
WANTED = Role("target", "level", "2025", None)


@pytest.mark.parametrize(
    ("header", "beside", "window", "expected"),
    [
        ("增速(%)", REPORTED, FIVE, ("growth", None, "2020", None)),
        ("比上年增长", REPORTED, FIVE, ("growth", None, "2020", "2019")),
        ("同比", REPORTED, FIVE, ("growth", None, "2020", "2019")),
        ("比2015年增长(%)", REPORTED, FIVE, ("growth", None, "2020", "2015")),
        ("较“十二五”末增长", REPORTED, FIVE, ("growth", None, "2020", "2015")),
        ("2020年增速", REPORTED, FIVE, ("growth", None, "2020", None)),
        ("增幅", WANTED, FIVE, ("target", "growth_total", "2025", None)),
        ("较2020年提高(个百分点)", WANTED, FIVE, ("target", "growth_total", "2025", "2020")),
        ("增速", WANTED, FIVE, ("target", "growth_avg", "2025", None)),
        ("增速", Role("target", "level", "2023", None), ONE, ("target", "growth_total", "2023", None)),
        ("年均增长", WANTED, FIVE, None),
        ("2019年增速", REPORTED, FIVE, None),
        ("增加值", WANTED, FIVE, None),
        ("增速", None, FIVE, None),
    ],
)
def test_the_role_of_a_column_of_growth(
    header: str, beside: Role | None, window: Window, expected: tuple[str, str | None, str, str | None] | None
) -> None:
    role = growth_role(header, beside, window, None)

    assert (role and (role.kind, role.target_kind, role.period, role.base)) == expected


TABLE = """
| 指标 | 2020年 | 比上年增长（%） | 2025年 | 增幅 |
|---|---|---|---|---|
| 研发经费支出（亿元） | 12.5 | 20.9 | 25.0 | 100% |
| 高新技术企业数（家） | 86 | 净增7家 | 150 | 净增64家 |
| R&D经费投入强度（%） | 0.89 | 提高0.13个百分点 | 1.5 | 提高0.61个百分点 |
"""
TABLE_FIGURES = """
rd_expenditure 2020 baseline eq 12.5 125000 万元
rd_expenditure 2020<2019 growth eq 20.9 20.9 %
rd_expenditure 2025 target/level eq 25.0 250000 万元
rd_expenditure 2025<2020 target/growth_total eq 100% 100 %
hnte_count 2020 baseline eq 86 86 家
hnte_count 2020<2019 change eq 净增7家 7 家
hnte_count 2025 target/level eq 150 150 家
hnte_count 2021-2025 target/new_flow eq 净增64家 64 家
rd_intensity 2020 baseline eq 0.89 0.89 %
rd_intensity 2020<2019 change eq 提高0.13个百分点 0.13 个百分点
rd_intensity 2025 target/level eq 1.5 1.5 %
rd_intensity 2025<2020 target/growth_total eq 提高0.61个百分点 0.61 个百分点
"""


def test_growth_belongs_to_the_column_before_it(read: Callable[..., Reading]) -> None:
    assert rows(read(TABLE, **CITY), "520300") == TABLE_FIGURES.strip().splitlines()


def test_a_cell_that_says_change_is_no_level(read: Callable[..., Reading]) -> None:
    text = "| 指标 | 2019年 | 2020年 | 增减 |\n| 高新技术企业数（家） | 净增20家 | 86 | 6 |\n"

    assert rows(read(text, **CITY), "520300") == [
        "hnte_count 2019 change eq 净增20家 20 家",
        "hnte_count 2020 actual eq 86 86 家",
        "hnte_count 2020 change eq 6 6 家",
    ]


def test_an_average_growth_counts_from_the_last_level_before_the_target(read: Callable[..., Reading]) -> None:
    text = "| 指标 | 2015年 | 2020年 | 2025年 | 年均增速 |\n| 高新技术企业数（家） | 20 | 86 | 150 | 11.8 |\n"

    assert rows(read(text, **CITY), "520300")[-1] == "hnte_count 2025<2020 target/growth_avg eq 11.8 11.8 %"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "| 指标 | 2020年 | 2025年 | 完成率 |\n| 高新技术企业数（家） | 86 | 150 | 57.3 |\n"
            "| 研发投入强度（%） | 0.9 | 1.5 | 60.0 |\n",
            ["refused columns_unclear"],
        ),
        (
            "| 指标 | 2020年 | 2025年 | 权重 | 牵头部门 |\n| 高新技术企业数（家） | 86 | 150 | 5 | 科技局 |\n",
            [],
        ),
        ("| 指标 | 2020年 | 2025年 |\n| 高新技术企业数（家） | 86 | 持续增加 |\n", ["refused not_a_number"]),
        ("| 指标 | 2020年 | 2025年 |\n| 高新技术企业数（家） | / | 无 |\n| | 3 | 4 |\n", ["refused no_name"]),
        ("| 名目 | 甲 | 乙 |\n| 高新技术企业数（家） | 86 | 150 |\n", ["refused columns_unclear"]),
        ("| 指标 | 2020年 | 2025年 | 属性 |\n| 高新技术企业数（家） | 150 | 预期性 |\n", ["refused columns_unclear"]),
        ("| 指标 | 2020年 | 2025年 |\n| 高新技术企业数（家） | 86 |\n", ["refused columns_unclear"]),
        ("指标\t2020年\t2025年\n高新技术企业数（家）\t86\t150\t160\n", ["refused columns_unclear"]),
        ("| 指标 | 2020年 | 2025年 | 属性 |\n| 高新技术企业数（家） | 86 | 150 |\n", []),
        ("指标 | 2020年 | 2025年\n高新技术企业数（家） | 86 |\n", []),
        ("| 名目\t甲 |\n", []),
        ("| 序号 | 项目名称 | 2021年计划投资（万元） | 承担单位 |\n| 1 | 孵化器 | 500 | 甲公司 |\n", []),
        ("一、发展目标\t3\n二、主要任务\t12\n", []),
    ],
    ids=[
        "column",
        "weights",
        "words",
        "row",
        "table",
        "short, shifted",
        "short",
        "long",
        "nature left out",
        "last blank",
        "one line",
        "projects",
        "contents",
    ],
)
def test_no_value_of_a_table_disappears(read: Callable[..., Reading], text: str, expected: list[str]) -> None:
    assert [line for line in rows(read(text, **CITY), "520300") if line.startswith("refused")] == expected


def test_a_value_over_several_columns_and_a_table_without_years_are_refused_by_place(
    read: Callable[..., Reading],
) -> None:
    page = """<html><table><tr><th>领域</th><th>高新技术企业数</th></tr><tr><td>电子</td><td>12</td></tr></table>
    <p>主要指标</p><table><tr><th>指标</th><th>2020年</th><th>2025年</th></tr>
    <tr><td>高新技术企业数</td><td colspan=2>150</td></tr></table></html>"""

    reading = read(page, "a.html", **CITY)

    assert reading.figures == ()
    assert [refusal.address for refusal in reading.refusals] == ["表2第2行第2列", "表1第1行第1列"]


def test_units_in_a_second_header_row_keep_it_one(read: Callable[..., Reading]) -> None:
    page = """<html><table><tr><th colspan=2>指标</th><th>2015年</th><th colspan=2>2020年目标</th></tr>
    <tr><th>类别</th><th>名称（单位）</th><th>实际值</th><th>目标值</th><th>年均增速（%）</th></tr>
    <tr><td>投入</td><td>研发经费支出（亿元）</td><td>5</td><td>10</td><td>14.9</td></tr></table></html>"""

    reading = read(page, "a.html", title="合成市“十三五”科技创新规划", region_code="520300")

    assert rows(reading, "520300")[-1] == "rd_expenditure 2020<2015 target/growth_avg eq 14.9 14.9 %"


def test_a_sum_in_brackets_among_rates_is_points_of_a_ratio(read: Callable[..., Reading]) -> None:
    text = (
        "专栏1 主要指标\n指标名称 2020年 2025年 年均增长（%）\n"
        "R&D经费投入强度（%） 0.89 1.5左右 〔0.61〕\n高新技术企业（家） 86 150 11.8\n"
        "表2 各县目标\n地区    2025年研发投入强度(%)    2025年高新技术企业（家）\n播州区    1.20    30\n"
    )
    reading = read(text, **CITY)

    assert rows(reading, "520300") == [
        "rd_intensity 2020 baseline eq 0.89 0.89 %",
        "rd_intensity 2025 target/level approx 1.5左右 1.5 %",
        "rd_intensity 2025<2020 target/growth_total eq 〔0.61〕 0.61 个百分点",
        "hnte_count 2020 baseline eq 86 86 家",
        "hnte_count 2025 target/level eq 150 150 家",
        "hnte_count 2025<2020 target/growth_avg eq 11.8 11.8 %",
        "rd_intensity 2025 target/level eq 1.20 1.2 % 520304",
        "hnte_count 2025 target/level eq 30 30 家 520304",
    ]
