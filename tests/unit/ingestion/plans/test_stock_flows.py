"""Stocks that a sentence rolls forward, and the beginning of a year (synthetic sentences)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading

PLAN = "合成市2021年科技创新工作要点\n一、2020年工作成效\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年末，全市有合成企业42家；2020年新认定15家，取消资格3家，2020年末达到58家。", "58家 +42家 +15家 -3家"),
        ("年初合成企业42家，全年新认定15家，到期未重新认定3家，年末达到54家。", "54家 +42家 +15家 -3家"),
        (
            "截至2019年底，合成企业存量为42家；2020年新增合成企业15家，未通过复审2家、注销1家；2020年末合成企业总数达54家。",
            "54家 +42家 +15家 -2家 -1家",
        ),
        ("上年末有合成平台42个，当年新纳入15个、摘牌3个，年末为54个。", "54个 +42个 +15个 -3个"),
        ("2019年末合成企业42家，2020年新认定合成平台15家，取消资格3家，2020年末合成企业58家。", ""),
        ("2018年末合成企业42家，2020年新认定15家，取消资格3家，2020年末达到58家。", ""),
        ("2019年末合成企业42家，2020年新认定约15家，取消资格3家，2020年末达到58家。", ""),
        ("2019年末合成企业42家。2020年新认定15家，取消资格3家，2020年末达到58家。", ""),
        ("2019年末合成企业42家，2020年净增15家，2020年末达到58家。", ""),
    ],
)
def test_a_stock_that_is_rolled_forward(text: str, expected: str, read: Callable[..., Reading]) -> None:
    reading = read(PLAN + text, region_code="520300", title="合成市2021年科技创新工作要点")
    found = [item for item in reading.stated_relations if item.relation_kind == "stock_flow"]
    signs = {"former": "+", "entry": "+", "exit": "-"}
    told = [f"{signs[item.role]}{item.printed_text}" for item in reading.relation_operands if item.role in signs]

    assert " ".join([item.printed_text for item in found] + (told if found else [])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年初有高新技术企业312家，年末达到349家。", ["2019", "2020"]),
        ("2020年初，高新技术企业312家。", ["2019"]),
        ("2020年，据年初步统计高新技术企业312家。", ["2020"]),
    ],
)
def test_the_beginning_of_a_year_is_the_end_of_the_one_before(
    text: str, expected: list[str], read: Callable[..., Reading]
) -> None:
    reading = read(PLAN + text, region_code="520300", title="合成市2021年科技创新工作要点")

    assert [figure.period for figure in reading.figures] == expected
