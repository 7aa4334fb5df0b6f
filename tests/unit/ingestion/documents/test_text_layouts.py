"""Tables typed into text, and the words of headers. All documents are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingestion.documents.headers import column_of


@pytest.mark.parametrize(
    ("header", "sort"),
    [
        *((text, "serial") for text in ("序号", "序 号", "编号")),
        *((text, "name") for text in ("指标", "指 标", "指标名称", "主要指标", "二级指标", "项目", "指标(单位)")),
        *((text, "unit") for text in ("单位", "计量单位")),
        *((text, "nature") for text in ("属性", "指标属性", "性质")),
        *((text, "other") for text in ("类别", "领域", "一级指标", "备注", "责任单位")),
        *((text, "value") for text in ("2020年", "2020 年", "2020年（基期）", "2020年完成值", "2025年预期", "[2025]")),
        *(
            (text, "value")
            for text in ("“十三五”末", "十四五末目标值", "2023年中期目标", "现状值（2020年）", "指标值", "目标值")
        ),
        *(
            (text, "value")
            for text in ("年均增长（%）", "年均/累计", "五年累计", "年均增速[%]", "2025年目标值（万元）")
        ),
    ],
)
def test_what_a_header_names(header: str, sort: str) -> None:
    column = column_of(header)

    assert column is not None
    assert column.sort == sort


@pytest.mark.parametrize("text", ["", "高新技术企业", "150", "全县累计建成省级以上平台", "R&D经费（万元）"])
def test_what_is_no_header(text: str) -> None:
    column = column_of(text)

    assert column is None


SPACED = """主要指标
指标                    2020年    2025年    属性
高新技术企业数（家）      86        150       预期性
技术合同成交额（亿元）              4         约束性
R&D 经费支出（万元）      7529.2    30000
"""

TWO_LINES = """指标              2020年          2025年
                  实际值    目标值    年均增长（%）
高新技术企业数      86        150       11.8
"""

TABS = "序号\t指标\t单位\t2020年\t2025年\t\n\t\t\t\t目标值\t年均增长（%）\n1\t高新技术企业数\t家\t86\t150\t11.8\n"

PIPES = (
    "| 指标 | 2020年 | 2025年 |\n| R&D经费支出 | 7529.2 | 30000 |\n| （万元） | | |\n| 高新技术企业数 | 86 | 150[1] |\n"
)

ONE_CELL_A_LINE = (
    "\t指标名称\n\n\t2015年实际\n\n\t2020年目标\n\n\t高新技术企业数（家）\n\n\t98\n\n\t200\n\n\t专利数\n\n\t1\n\n\t2\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SPACED,
            [
                ["指标", "2020年", "2025年", "属性"],
                ["高新技术企业数(家)", "86", "150", "预期性"],
                ["技术合同成交额(亿元)", "", "4", "约束性"],
                ["R&D经费支出(万元)", "7529.2", "30000", ""],
            ],
        ),
        (
            TWO_LINES,
            [["指标", "2020年实际值", "2025年目标值", "2025年年均增长(%)"], ["高新技术企业数", "86", "150", "11.8"]],
        ),
        (
            TABS,
            [
                ["序号", "指标", "单位", "2020年", "2025年目标值", "2025年年均增长(%)"],
                ["1", "高新技术企业数", "家", "86", "150", "11.8"],
            ],
        ),
        (
            PIPES,
            [["指标", "2020年", "2025年"], ["R&D经费支出(万元)", "7529.2", "30000"], ["高新技术企业数", "86", "150"]],
        ),
        (
            ONE_CELL_A_LINE,
            [["指标名称", "2015年实际", "2020年目标"], ["高新技术企业数(家)", "98", "200"], ["专利数", "1", "2"]],
        ),
    ],
    ids=["spaced", "two lines", "tabs", "pipes", "one cell a line"],
)
def test_tables_in_text(outline: Callable[[bytes, str], list[Any]], text: str, expected: list[Any]) -> None:
    tables = [block for block in outline(text.encode(), "a.txt") if isinstance(block, list)]

    assert tables == [expected]


def test_a_merged_name_goes_with_its_half_and_a_category_does_not(outline: Callable[[bytes, str], list[Any]]) -> None:
    page = """<html><table><tr><th colspan=2>指标</th><th>2020年</th><th>2025年</th></tr>
    <tr><td rowspan=2>R&amp;D经费投入</td><td>总量（亿元）</td><td>1</td><td>2</td></tr>
    <tr><td>强度（%）</td><td>0.5</td><td>1.2</td></tr>
    <tr><td>创新产出</td><td>高新技术企业数</td><td>86</td><td>150</td></tr></table></html>"""

    assert outline(page.encode(), "a.html") == [
        [
            ["指标", "指标", "2020年", "2025年"],
            ["R&D经费投入", "R&D经费投入总量(亿元)", "1", "2"],
            ["R&D经费投入", "R&D经费投入强度(%)", "0.5", "1.2"],
            ["创新产出", "高新技术企业数", "86", "150"],
        ]
    ]


def test_a_table_of_contents_is_no_text(outline: Callable[[bytes, str], list[Any]]) -> None:
    text = "目录\n一、发展目标............1\n二、任务……………………………… 12\n\n一、发展目标\n取得进展……达到5家。\n"

    assert outline(text.encode(), "a.txt") == ["目录", "# 一、发展目标", "取得进展……达到5家。"]


def test_headers_far_apart_on_a_line_are_two(outline: Callable[[bytes, str], list[Any]]) -> None:
    text = (
        "指        标               2010年     2015年    年均增长(%)   属  性\n\n"
        "高新技术企业（家）         57         120       16.1          预期性\n"
        "研发投入强度（%）          0.56       1.2       ——            约束性\n"
    )

    assert outline(text.encode(), "a.txt") == [
        [
            ["指标", "2010年", "2015年", "年均增长(%)", "属性"],
            ["高新技术企业(家)", "57", "120", "16.1", "预期性"],
            ["研发投入强度(%)", "0.56", "1.2", "——", "约束性"],
        ]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "类别      序号  指标                    2020年   2025年   属性\n"
        "创新投入   1    研发投入强度（%）         0.85     1.5     预期性\n"
        "           2    高新技术企业（家）        57       120     预期性\n",
        "类别 序号 指标 2020年 2025年 属性\n创新投入 1 研发投入强度（%） 0.85 1.5 预期性\n"
        "2 高新技术企业（家） 57 120 预期性\n",
    ],
)
def test_a_category_before_the_serial_number_is_no_name(outline: Callable[[bytes, str], list[Any]], text: str) -> None:
    (table,) = outline(text.encode(), "a.txt")

    assert [row[2:] for row in table] == [
        ["指标", "2020年", "2025年", "属性"],
        ["研发投入强度(%)", "0.85", "1.5", "预期性"],
        ["高新技术企业(家)", "57", "120", "预期性"],
    ]


def test_a_row_may_end_before_the_name(outline: Callable[[bytes, str], list[Any]]) -> None:
    text = "| 2020年 | 2025年 | 指标 |\n| 1 |\n| 57 | 120 | 高新技术企业（家） |\n"

    assert outline(text.encode(), "a.txt") == [
        [["2020年", "2025年", "指标"], ["1", "", ""], ["57", "120", "高新技术企业(家)"]]
    ]
