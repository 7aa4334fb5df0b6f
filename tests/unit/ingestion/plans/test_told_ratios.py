"""Shares with their whole or its name, averages, parts whose total another sentence prints (synthetic sentences)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading

PAST = "合成市“十四五”规划\n一、发展成效\n"


def _told(read: Callable[..., Reading], text: str, kind: str) -> list[tuple[str, list[str]]]:
    reading = read(PAST + text, region_code="520200", title="合成市“十四五”规划")
    operands: dict[str, list[str]] = {}
    for operand in reading.relation_operands:
        operands.setdefault(operand.relation_id, []).append(operand.printed_text)
    found = [relation for relation in reading.stated_relations if relation.relation_kind == kind]
    return [(relation.printed_text, operands[relation.relation_id]) for relation in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合成经费2.05亿元，占450.0亿元地区生产总值的0.46%。", ("0.46%", ["2.05亿元", "450.0亿元"])),
        ("R&D经费2.05亿元，占地区生产总值（450.0亿元）的0.46%。", None),
        ("合成业增加值38.5亿元，占合成工业增加值374.0亿元的10.3%。", ("10.3%", ["38.5亿元", "374.0亿元"])),
        ("合成业产值104.3亿元，在218.5亿元的工业总产值里占到52.7%。", ("52.7%", ["104.3亿元", "218.5亿元"])),
        ("合成业增加值58亿元，相当于580亿元地区生产总值的12%。", ("12%", ["58亿元", "580亿元"])),
        ("在420家合成企业中，有95家开展了研发，所占比重为32.6%。", ("32.6%", ["95家", "420家"])),
        ("合成企业420家，有研发活动的95家，占32.6%。", ("32.6%", ["95家", "420家"])),
        ("全社会R&D经费12.4亿元。\n企业R&D投入10.2亿元，占全社会R&D经费的79%。", ("79%", ["10.2亿元", "12.4亿元"])),
        (
            "合成专利51.2万件，每万人口76.8件；其中合成佳品14.54万件，每万人口21.8件，占合成专利的28.4%。",
            ("28.4%", ["14.54万件", "51.2万件"]),
        ),
        (
            "合成拨款236.8亿元，市本级41.3亿元、县区195.5亿元，占合成支出7500.4亿元的3.2%。",
            ("3.2%", ["236.8亿元", "7500.4亿元"]),
        ),
        ("市本级拨款41.3亿元、县区拨款195.5亿元，占合成支出7500.4亿元的2.6%。", None),
        ("合成拨款41.3亿元，合成投资195.5亿元，占合成支出7500.4亿元的2.6%。", ("2.6%", ["195.5亿元", "7500.4亿元"])),
        (
            "合成支出81.7亿元，本级28.9亿元，县区52.8亿元，在预算支出5893.7亿元中的比重为1.4%。",
            ("1.4%", ["81.7亿元", "5893.7亿元"]),
        ),
        ("登记合同1462项，平均每项成交320万元，其中开发合同成交额19.8亿元，占42.4%。", None),
        ("合成企业25家，户均投入530万元，其中合成补助1.3亿元，占31%。", None),
        ("基础研究3.9亿元、应用研究9.6亿元、试验发展26.3亿元，三者分别占9.8%、24.1%和66.1%。", None),
    ],
)
def test_a_share_with_its_whole(
    text: str, expected: tuple[str, list[str]] | None, read: Callable[..., Reading]
) -> None:
    assert _told(read, text, "share") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("85家合成企业中，46.1%建有研发机构。", [("46.1%", ["85家"])]),
        ("289家规模以上工业企业中，有R&D活动的占34.9%。", [("34.9%", ["289家"])]),
        ("合成企业120家，其中合成规上企业占45.8%。", [("45.8%", ["120家"])]),
        ("在64名合成专家中，具有高级职称的比例为70.3%。", [("70.3%", ["64名"])]),
        ("289家规模以上工业企业中，有R&D活动的101家，占34.9%。", []),  # its part is printed
        ("合成企业85家，其中销售收入占45.2%。", []),
        ("合成企业85家，占全省的4.3%。", []),
        ("约85家合成企业中，46.1%建有研发机构。", []),
        ("1.2万家合成企业中，46.1%建有研发机构。", []),
    ],
)
def test_a_share_of_things_that_are_only_counted_as_a_whole(
    text: str, expected: list[tuple[str, list[str]]], read: Callable[..., Reading]
) -> None:
    assert _told(read, text, "counted_share") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "六枝、盘州两地R&D经费依次为3.1亿元、5.2亿元。其中，盘州市R&D经费占全市的份额为52.0%。",
            ["5.2亿元", "12.4亿元"],
        ),
        ("盘州市R&D经费5.2亿元，占全市的比重为52.0%。", ["5.2亿元", "12.4亿元"]),
        ("盘州市R&D经费5.2亿元。盘州市占全市R&D经费的52.0%。", ["5.2亿元", "12.4亿元"]),
        ("盘州市R&D经费5.2亿元，占全省的比重为52.0%。", None),
        ("盘州市R&D经费5.2亿元。盘州市占全市人口的52.0%。", None),
    ],
)
def test_the_share_of_another_region(text: str, expected: list[str] | None, read: Callable[..., Reading]) -> None:
    found = _told(read, f"2020年，全社会R&D经费12.4亿元。\n{text}", "share")
    assert found == ([("52.0%", expected)] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合成拨款9.84亿元，占地方财政支出的1.56%。", [("1.56%", ["9.84亿元"])]),
        ("技术合同成交额3.87亿元，与当年地区生产总值之比为0.68%。", [("0.68%", ["3.87亿元"])]),
        (
            "全社会研发经费9.52亿元。\n按地区生产总值计算，全社会研发经费所占比重为1.51%。",
            [("1.51%", ["9.52亿元"])],
        ),
        ("技术合同成交额3.87亿元，占全省的0.68%。", []),
        ("甲、乙、丙3个县（市）合成企业合计134家，占全市的18.4%。", []),
        ("合成拨款9.84亿元，占地方财政支出的比重提高1.56个百分点。", []),
    ],
)
def test_a_whole_that_is_only_named(
    text: str, expected: list[tuple[str, list[str]]], read: Callable[..., Reading]
) -> None:
    assert _told(read, text, "implied_whole") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&D人员折合全时当量3260人年，每人年研发经费38.0万元。", [("38.0万元", ["12.4亿元", "3260人年"])]),
        ("R&D人员折合全时当量3260人年，摊到每一人年的R&D经费为38.0万元。", [("38.0万元", ["12.4亿元", "3260人年"])]),
        ("按R&D人员全时当量3260人年计算的人均经费为38.0万元。", [("38.0万元", ["12.4亿元", "3260人年"])]),
        ("R&D人员4000人，人均研发经费31.0万元。", [("31.0万元", ["12.4亿元", "4000人"])]),
        ("合成企业60家，投入经费3.6亿元，平均每家600万元。", [("600万元", ["3.6亿元", "60家"])]),
        (
            "R&D人员折合全时当量3260人年。按全时当量平均，每人年R&D经费38.0万元。",
            [("38.0万元", ["12.4亿元", "3260人年"])],
        ),
        ("R&D人员折合全时当量3260人年。上年每人年R&D经费38.0万元。", []),
        ("人均研发经费比上年增加31.0万元。", []),
        ("合成企业60家，合成机构5家，投入经费3.6亿元，平均每家600万元。", []),
    ],
)
def test_an_average_with_what_it_divides(
    text: str, expected: list[tuple[str, list[str]]], read: Callable[..., Reading]
) -> None:
    assert _told(read, f"2020年，全社会R&D经费12.4亿元。\n{text}", "average") == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("分活动主体看，各类企业R&D经费10.0亿元，研究机构1.2亿元，高等学校0.7亿元，其他主体0.6亿元。", True),
        ("按活动类型分，基础研究0.5亿元、应用研究1.5亿元、试验发展10.4亿元。", True),
        ("R&D经费投入强度2.1%，居前列。其中，企业10.0亿元，科研院所1.2亿元，高等学校0.7亿元，其他单位0.6亿元。", True),
        ("2020年全社会R&D经费中，基础研究0.5亿元、应用研究1.5亿元、试验发展10.4亿元。", True),
        ("合成产业稳步发展。从活动类型看，全社会R&D经费中，基础研究0.5亿元、应用研究1.5亿元、试验发展10.4亿元。", True),
        ("分领域看，农业1.2亿元、医药0.7亿元、能源10.4亿元。", False),
        ("按活动类型分，基础研究0.05亿元、应用研究0.15亿元、试验发展1.4亿元。", False),
    ],
)
def test_parts_whose_total_stands_before(text: str, found: bool, read: Callable[..., Reading]) -> None:
    sums = _told(read, f"2020年，全社会R&D经费12.4亿元。\n{text}", "sum")
    assert [printed for printed, _ in sums] == (["12.4亿元"] if found else [])


def test_the_kinds_that_a_glossary_counts_against_the_number_used(read: Callable[..., Reading]) -> None:
    text = (
        "2020年拥有省级重点实验室4家、技术创新中心3家、企业技术中心9家，另有众创空间5家。\n"
        "2020年，省级以上创新平台21家。\n名词解释\n省级以上创新平台：仅统计省级重点实验室、技术创新中心、企业技术中心三类。"
    )
    assert _told(read, text, "sum") == [("21家", ["4家", "3家", "9家"])]
