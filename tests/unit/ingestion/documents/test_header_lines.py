"""Lines of headers parted by blanks: the rows decide what a blank means. All tables are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingestion.documents.header_lines import Votes, best_way, header_ways
from ingestion.documents.value_cells import is_row_like
from ingestion.figures import Reading


@pytest.mark.parametrize(
    ("header", "row", "columns"),
    [
        ("指标名称 2020年 2025年 年均增长（%）", "高新技术企业数 86 150 11.8", "指标名称 2020年 2025年 年均增长(%)"),
        ("指标名称 2020年 2025年 目标", "高新技术企业数 86 150", "指标名称 2020年 2025年目标"),
        (
            "指标 单位 2020年 2025年 年均增长 属性",
            "高新技术企业数 家 86 150 11.8% 预期性",
            "指标 单位 2020年 2025年 年均增长 属性",
        ),
        ("序号 指标 2020 年 2025 年目标 属性", "1 R&D 经费 8.2 30 预期性", "序号 指标 2020年 2025年目标 属性"),
        ("指标 2020 年 2025 年 累计", "R&D 经费 8.2 30 99", "指标 2020年 2025年 累计"),
        ("主要指标 2020 年 实际 2025 年 目标", "R&D 经费 8.2 30", "主要指标 2020年实际 2025年目标"),
        ("指标 2019年 2020年 比上年增长", "R&D 经费 8.2 30 提高3.1%", "指标 2019年 2020年 比上年增长"),
        ("指标 2020年 2025年 甲乙丙", "R&D 经费 8.2 30 某某", "指标 2020年 2025年 甲乙丙"),
        ("指标2020年 2025年", "研发经费 8.2 30", "指标 2020年 2025年"),
    ],
)
def test_the_rows_say_how_many_headers_there_are(
    outline: Callable[[bytes, str], list[Any]], header: str, row: str, columns: str
) -> None:
    tables = [block for block in outline(f"{header}\n{row}\n".encode(), "a.txt") if isinstance(block, list)]

    assert [table[0] for table in tables] == [columns.split()]
    assert len(tables[0][1]) == len(columns.split())


def test_a_second_line_of_headers_may_stand_for_each_column_in_turn(outline: Callable[[bytes, str], list[Any]]) -> None:
    text = "指标 2020年 2025年\n实际值 目标值\n高新技术企业数 86 150\n"

    assert outline(text.encode(), "a.txt") == [
        [["指标", "2020年实际值", "2025年目标值"], ["高新技术企业数", "86", "150"]]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "指标名称 2020年 2025年\n高新技术企业数 86 150 11.8\n研发经费支出（亿元） 8 9 10\n",
        "指标 2020年 2025年\n实际值 目标值 年均增长（%）\n高新技术企业数 86 150 11.8\n",
    ],
    ids=["a column less", "headers below that do not come out even"],
)
def test_a_table_that_no_way_fits_is_refused_once(read: Callable[[bytes, str], Reading], text: str) -> None:
    reading = read(text.encode(), "a.txt")

    assert reading.figures == ()
    assert [(refusal.reason_code, refusal.address) for refusal in reading.refusals] == [("columns_unclear", "第1-3行")]
    assert "请用制表符或竖线分列" in reading.refusals[0].reason


def test_a_row_with_a_word_too_few_or_too_many_is_refused_and_the_others_are_read(
    read: Callable[[bytes, str], Reading],
) -> None:
    text = (
        "指标 2020年 2025年 增速\n研发经费支出（万元） 8 9 10\n高新技术企业数 86 150\n技术合同成交额（万元） 1 2 3 4\n"
    )

    reading = read(text.encode(), "a.txt")

    assert {figure.line_start for figure in reading.figures} == {2}
    assert [refusal.address for refusal in reading.refusals] == ["第3行", "第4行"]


@pytest.mark.parametrize(
    "text",
    [
        "主要指标 2025年\n到 2025 年，力争高新技术企业达到 150 家，力争到 2025\n年取得突破。\n",
        "指标 2020年 2025年\n这里不是表格\n",
        "甲乙 丙丁 2020年 2025年\n高新技术企业数 1 2\n",
    ],
    ids=["text that ends in a year", "no rows", "no header"],
)
def test_what_is_no_table_stays_text(outline: Callable[[bytes, str], list[Any]], text: str) -> None:
    assert not [block for block in outline(text.encode(), "a.txt") if isinstance(block, list)]


def test_a_number_too_many_outweighs_rows_with_one_too_few() -> None:
    assert best_way([Votes(9, 1, 0), Votes(1, 0, 0)]) == 1
    assert best_way([Votes(2, 0, 0), Votes(2, 0, 0)]) == 0
    assert best_way([Votes(0, 3, 0)]) is None


def test_the_ways_of_a_line_are_bounded() -> None:
    assert len(header_ways("指标 " + "2025 年 目标 " * 12)) <= 48


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("高新技术企业数（家） 86 150", True),
        ("技术合同成交额 4 约束性", True),
        ("力争到 2025", False),
        ("增长较快，全年达到 150", False),
        ("86 150", False),
        ("高新技术企业数", False),
    ],
)
def test_what_looks_like_a_row(line: str, expected: bool) -> None:
    assert is_row_like(line) is expected
