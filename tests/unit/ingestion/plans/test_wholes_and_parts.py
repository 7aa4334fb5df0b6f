"""What goes on behind parts, shares and asides, and what shares and places are said to be of (synthetic sentences)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from ingestion.plans.grammar import mask
from ingestion.plans.peers import read_places
from ingestion.plans.share_lists import read_share_lists
from ingestion.plans.tokens import tokens_in
from ingestion.quantity import squeeze
from ingestion.registry import Registry
from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
2020年，R&D经费投入12.2亿元，其中企业9.4亿元、高校2.8亿元。与2015年的7.3亿元相比，增加4.9亿元。
  rd_expenditure 2020 actual eq 12.2亿元 122000 万元
  ?企业 2020 actual eq 9.4亿元 9.4 亿元
  ?高校 2020 actual eq 2.8亿元 2.8 亿元
  rd_expenditure 2015 actual eq 7.3亿元 73000 万元
  rd_expenditure 2020<2015 change eq 4.9亿元 49000 万元
2020年，R&D经费投入3.62亿元，占地区生产总值（383.24亿元）的0.94%，比上年增加0.47亿元。
  rd_expenditure 2020 actual eq 3.62亿元 36200 万元
  gdp 2020 actual eq 383.24亿元 383.24 亿元
  rd_intensity 2020 actual eq 0.94% 0.94 %
  rd_expenditure 2020<2019 change eq 0.47亿元 4700 万元
2020年，R&D经费12.4亿元，R&D经费投入强度（与地区生产总值之比）为1.16%。
  rd_expenditure 2020 actual eq 12.4亿元 124000 万元
  rd_intensity 2020 actual eq 1.16% 1.16 %
入库企业由2015年的410家增加到2020年的1532家，净增1122家。
  ?入库企业 2015 actual eq 410家 410 家
  ?入库企业 2020 actual eq 1532家 1532 家
  ?入库企业 2020<2015 change eq 1122家 1122 家
2020年，专利授权63件，2019年为45件，同比增长40%。
  ?专利授权 2020 actual eq 63件 63 件
  ?专利授权 2019 actual eq 45件 45 件
  ?专利授权 2020<2019 growth eq 40% 40 %
2020年，专利授权63件，2015年为45件，R&D经费投入强度从1.10%升到1.16%。
  ?专利授权 2020 actual eq 63件 63 件
  ?专利授权 2015 actual eq 45件 45 件
  rd_intensity 2015 actual eq 1.10% 1.1 %
  rd_intensity 2020 actual eq 1.16% 1.16 %
2020年末高新技术企业312家，2015年末只有98家。入库企业426家，2018年才210家，专利授权63件。
  hnte_count 2020 actual eq 312家 312 家
  hnte_count 2015 actual eq 98家 98 家
  ?入库企业 2020 actual eq 426家 426 家
  ?入库企业 2018 actual eq 210家 210 家
  ?专利授权 2020 actual eq 63件 63 件
2020年R&D经费4.38亿元；2015年为1.62亿元，占0.40%（当年生产总值408.6亿元）。常住人口120万人。
  rd_expenditure 2020 actual eq 4.38亿元 43800 万元
  rd_expenditure 2015 actual eq 1.62亿元 16200 万元
  gdp 2015 actual eq 408.6亿元 408.6 亿元
  population_resident 2020 actual eq 120万人 1200000 人
  refused unit_mismatch
2020年，专利授权63件，2015年为45件（当年常住人口120万人），R&D经费4.38亿元。
  ?专利授权 2020 actual eq 63件 63 件
  ?专利授权 2015 actual eq 45件 45 件
  population_resident 2015 actual eq 120万人 1200000 人
  rd_expenditure 2020 actual eq 4.38亿元 43800 万元
2020年高新技术企业312家，2015年为98家，增加214家。
  hnte_count 2020 actual eq 312家 312 家
  hnte_count 2015 actual eq 98家 98 家
  hnte_count 2020<2015 change eq 214家 214 家
2020年高新技术企业312家，占全市1147家的27.2%；2015年为98家。
  hnte_count 2020 actual eq 312家 312 家
  ?占全市 2020 actual eq 1147家 1147 家
  ?占全市的比重 2020 share eq 27.2% 27.2 %
  hnte_count 2015 actual eq 98家 98 家
2020年，按执行部门看，全市12.2亿元R&D经费由三类单位使用，企业9.4亿元、高校1.8亿元、其他1.0亿元。
  rd_expenditure 2020 actual eq 12.2亿元 122000 万元
  ?企业 2020 actual eq 9.4亿元 9.4 亿元
  ?高校 2020 actual eq 1.8亿元 1.8 亿元
  ?其他 2020 actual eq 1.0亿元 1 亿元
2020年，R&D经费投入12.2亿元，比规划基期2015年的7.3亿元多投入4.9亿元，R&D经费投入强度为1.16%。
  rd_expenditure 2020 actual eq 12.2亿元 122000 万元
  rd_expenditure 2015 actual eq 7.3亿元 73000 万元
  rd_expenditure 2020<2015 change eq 4.9亿元 49000 万元
  rd_intensity 2020 actual eq 1.16% 1.16 %
2020年，专利授权63件，同比增长40%，2019年为45件，同比增长20%。
  ?专利授权 2020 actual eq 63件 63 件
  ?专利授权 2020<2019 growth eq 40% 40 %
  ?专利授权 2019 actual eq 45件 45 件
  ?专利授权 2019<2018 growth eq 20% 20 %
高新技术企业由2015年的98家增加到2020年的312家，“十三五”期间年均增长26%。入库企业426家，同比增长26%。
  hnte_count 2015 actual eq 98家 98 家
  hnte_count 2020 actual eq 312家 312 家
  hnte_count 2020<2015 growth eq 26% 26 %
  ?入库企业 2020 actual eq 426家 426 家
  ?入库企业 2020<2019 growth eq 26% 26 %
2015年，R&D经费投入为1.86亿元，“十三五”期间年均增长15%，总量约为2015年的2倍。
  rd_expenditure 2015 actual eq 1.86亿元 18600 万元
  rd_expenditure 2015 growth eq 15% 15 %
  rd_expenditure 2016-2020<2015 other eq 2倍 2 倍
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_what_a_number_goes_on_with(
    sentence: str, expected: list[str], read_sentence: Callable[..., list[str]]
) -> None:
    assert read_sentence(sentence, "一、发展成效") == expected


def test_a_doubling_on_the_grounds_of_a_level(read_sentence: Callable[..., list[str]]) -> None:
    sentence = "到2025年，高新技术企业数量在2020年612家的基础上实现倍增，达到1230家。"
    assert read_sentence(sentence, "二、发展目标") == [
        "hnte_count 2020 baseline eq 612家 612 家",
        "hnte_count 2025 target/multiple eq 倍增 2 倍",
        "hnte_count 2025 target/level ge 1230家 1230 家",
    ]


def test_what_is_named_behind_parts_is_another_statement(read: Callable[..., Reading]) -> None:
    text = "合成市“十四五”规划\n一、成效\n2020年，引进人才57人（国家级8人、省级49人），聘请专家216人，选派特派员90人。"
    figures = read(text, region_code="520300").figures
    assert len({figure.statement_id for figure in figures}) == len(figures) == 5


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2020年，R&D经费12.4亿元。其中企业R&D经费9.8亿元，占全社会R&D经费的79.0%。", ("9.8亿元", "12.4亿元")),
        ("2020年，高新产业增加值812.5亿元，占地区生产总值（3749.1亿元）的比重为21.7%。", ("812.5亿元", "3749.1亿元")),
        ("2020年，R&D经费12.4亿元。其中企业R&D经费9.8亿元，占全省R&D经费的0.5%。", None),
        ("2020年，R&D经费12.4亿元，2019年企业R&D经费9.8亿元，占全社会R&D经费的81.0%。", None),
    ],
)
def test_a_share_and_what_it_is_of(
    sentence: str, expected: tuple[str, str] | None, read: Callable[..., Reading]
) -> None:
    reading = read(f"合成市“十四五”规划\n一、发展成效\n{sentence}", region_code="520300")
    shares = [item.relation_id for item in reading.stated_relations if item.relation_kind == "share"]
    operands = {item.role: item.printed_text for item in reading.relation_operands if item.relation_id in shares}
    assert (operands.get("part"), operands.get("whole")) == (expected or (None, None))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("企业、高校和其他单位占比分别为87.4%、8.5%和4.1%。", [["87.4", "8.5", "4.1"]]),
        ("按来源分，企业占87.4%、政府占8.5%、其他占4.1%。", [["87.4", "8.5", "4.1"]]),
        ("企业、高校和院所占比分别为87.4%、8.5%和2.1%。", []),
        ("企业占87.4%，增长12%，其他占4.1%。", []),
        ("企业、高校、院所和其他占比分别为87.4%、8.5%和4.1%。", []),
        ("授权专利的类型构成是：发明占14.7%，实用新型占51.2%，外观设计占37.4%。", [["14.7", "51.2", "37.4"]]),
        ("发明、实用新型、外观设计比重依次为14.7%、51.2%和37.4%。", [["14.7", "51.2", "37.4"]]),
        ("三次产业比重分别为第一产业10%、第二产业45%、第三产业47%。", [["10", "45", "47"]]),
        ("专利结构为发明14.7%、实用新型51.2%、外观设计37.4%。", [["14.7", "51.2", "37.4"]]),
        ("规上企业占60%，高新技术企业占50%，民营企业占70%。", []),
    ],
)
def test_shares_that_leave_nothing_out(sentence: str, expected: list[list[str]], registry: Registry) -> None:
    text = mask(squeeze(sentence))
    found = read_share_lists(text, tokens_in(text, registry))
    assert [[str(part.token.number.value) for part in item.parts] for item in found] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("综合科技进步水平居全省14个市州第5位。", [("5", "14")]),
        ("创新指数在全国72个城市位列第28位。", [("28", "72")]),
        ("在全省14个地级市创新能力评价中列第15位。", [("15", "14")]),
        ("在全省183个县（市、区）评价中列第28位，较上年前移6位。", [("28", "183")]),
        ("综合水平在全区14个设区市中由第13位升至第9位。", [("13", "14")]),
        ("在全省14个地级市中率先建成，指数居全国第36位。", []),
        ("组织14个项目，指数列第15位。", []),
        ("在全省14个市州中排前15位。", []),
    ],
)
def test_how_many_a_place_is_among(sentence: str, expected: list[tuple[str, str]], registry: Registry) -> None:
    text = mask(squeeze(sentence))
    found = read_places(text, tokens_in(text, registry))
    assert [(str(item.token.number.value), str(item.peers)) for item in found] == expected


def test_shares_and_their_whole_are_in_per_cent(read: Callable[..., Reading]) -> None:
    text = "合成市“十四五”规划\n一、成效\n2020年，企业、高校和其他单位R&D经费占比分别为87.4%、8.5%和4.1%。"
    reading = read(text, region_code="520300")
    (relation,) = [item for item in reading.stated_relations if item.relation_kind == "shares"]
    operands = [item for item in reading.relation_operands if item.relation_id == relation.relation_id]
    assert relation.value == 100
    assert [(item.label, str(item.value.normalize()), str(item.value_lo.normalize())) for item in operands] == [
        ("企业", "87.4", "87.35"),
        ("高校", "8.5", "8.45"),
        ("其他单位R&D经费", "4.1", "4.05"),
    ]
