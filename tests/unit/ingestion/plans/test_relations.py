"""Statements about other numbers: totals with their parts, how a movement is worded (synthetic sentences)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ingestion.figures import Reading, StatedRelation
from ingestion.plans.enumerations import Enumeration, read_enumerations
from ingestion.plans.grammar import mask
from ingestion.plans.tokens import tokens_in
from ingestion.quantity import squeeze
from ingestion.registry import Registry

PAST = "合成市“十四五”规划\n一、发展成效\n"


def _sums(registry: Registry, sentence: str) -> list[tuple[str, str, list[int]]]:
    text = mask(squeeze(sentence))
    found = read_enumerations(text, tokens_in(text, registry), registry)
    return [
        (
            str(item.total.token.number.value),
            item.coverage,
            [int(part.token.number.value) * part.times for part in item.parts],
        )
        for item in found
        if isinstance(item, Enumeration)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("国家级3个、省级9个、市级8个，共21个。", [("21", "complete", [3, 9, 8])]),
        ("合计21个，按级别分：国家级3个、省级9个、市级9个。", [("21", "complete", [3, 9, 9])]),
        (
            "共有平台21个（含培育中的2个），国家级3个，省级9个，市级9个。",
            [("21", "overlapping", [2]), ("21", "complete", [3, 9, 9])],
        ),
        ("平台共21个，国家级、省级、市级分别为3个、9个、8个。", [("21", "complete", [3, 9, 8])]),
        ("获奖12项（其中：一等奖1项、二等奖3项，转化类二等奖、三等奖各4项）。", [("12", "kinds", [1, 3, 8])]),
        ("省级以上平台12个，其中国家级3个、省级10个。", [("12", "expected", [3, 10])]),
        ("企业40家，其中规上企业30家、有研发活动企业25家。", [("40", "overlapping", [30, 25])]),
        ("企业40家，其中规上企业30家，入库企业90家。", [("40", "overlapping", [30])]),
        ("共实施项目12项，安排经费300万元，其中重点项目5项、一般项目8项。", [("12", "kinds", [5, 8])]),
        ("高企45家，其中甲区20家、乙区15家、其他区县11家。", [("45", "complete", [20, 15, 11])]),
        ("科技型企业24家，包括种子企业10家、成长企业13家。", [("24", "expected", [10, 13])]),
        ("国家级3个，省级9个。其中：国家级甲1个，国家级乙3个。", []),
        ("平台共21个，按认定层级划分，国家级3个，省级9个，市级8个。", [("21", "complete", [3, 9, 8])]),
        ("院所共计21家，从隶属关系看，中央3家，省属9家，市属8家。", [("21", "complete", [3, 9, 8])]),
        ("院所21家，从行业分布看，农业3家、医药9家、能源8家。", [("21", "expected", [3, 9, 8])]),
        (
            "项目21项，分领域看，农业3项（占14.3%）、医药9项（占42.9%）、其他9项（占42.9%）。",
            [("21", "complete", [3, 9, 9])],
        ),
        ("选派特派员21名，由省选派3名、市选派9名、县选派8名。", [("21", "complete", [3, 9, 8])]),
        ("成果21项，由企业完成12项、高校完成8项。", [("21", "complete", [12, 8])]),
        ("人才21人，其构成为博士3人、硕士9人、本科8人。", [("21", "complete", [3, 9, 8])]),
        ("特派员21名，来自高校3名、企业9名、院所8名。", [("21", "expected", [3, 9, 8])]),
        ("平台21个，含国家级3个、省级9个。", [("21", "expected", [3, 9])]),
        ("特派员21名，省级3名，州级9名，县级8名。", [("21", "expected", [3, 9, 8])]),
        (
            "平台21个，国家级3个，省级9个，合成市级8个；其中省级以上12个。",
            [("21", "expected", [3, 9, 8]), ("21", "overlapping", [12])],
        ),
        ("载体41家，其中孵化器12家、众创空间23家、星创天地10家。", [("41", "disjoint", [12, 23, 10])]),
        ("科研人员862人，其中女性136人，本科及以上学历901人。", [("862", "overlapping", [136, 901])]),
        ("科研人员862人，其中女性136人，引进团队901人。", [("862", "overlapping", [136])]),
        ("建成各级孵化器4家，省级以上孵化器5家。", [("4", "overlapping", [5])]),
        ("企业121家，比上年净增30家；其中规上企业45家。", [("121", "overlapping", [45])]),
        (
            "平台21个，其中国家级3个、省级18个；分类型看，实验室9个、中心8个、其他类型3个。",
            [("21", "disjoint", [3, 18]), ("21", "complete", [9, 8, 3])],
        ),
        (
            "平台总数21个，国家级3个、省级9个、市级9个。按领域分，装备9个、电子8个、其他3个。",
            [("21", "complete", [3, 9, 9]), ("21", "complete", [9, 8, 3])],
        ),
        ("平台21个，其中国家级3个、省级18个；分类型看，实验室2个、中心3个。", [("21", "disjoint", [3, 18])]),
        ("21亿元合成经费由三类单位使用，企业9亿元、高校8亿元、其他3亿元。", [("21", "complete", [9, 8, 3])]),
        ("合成经费21亿元来自三个渠道，政府资金9亿元、企业资金8亿元、其他3亿元。", [("21", "complete", [9, 8, 3])]),
        ("平台21个，分布在三个层次，国家级3个，省级9个，市级8个。", [("21", "expected", [3, 9, 8])]),
        (
            "共有平台12个，国家级3个，省级4个，市级5个。其中：国家级甲1个，国家级乙3个。",
            [("12", "complete", [3, 4, 5]), ("3", "disjoint", [1, 3])],
        ),
    ],
)
def test_a_total_with_its_parts(sentence: str, expected: list[tuple[str, str, list[int]]], registry: Registry) -> None:
    assert _sums(registry, sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "新增企业技术中心2个，累计4个；新增工业设计中心1个，累计1个。",
        "国家级3个、省级9个等共30个。",
        "全市有企业约30家，其中国家级5家。",
        "企业12家，建成平台9个，共计投入5亿元。",
        "国家级平台3个，高新技术企业40家。",
        "孵化器2家、众创空间3家，公共服务平台5家。",
        "科技人员3120人，每万人口科技人员41人；其中女性1186人。",
        "R&D经费2870万元（折合0.29亿元）。",
        "企业29家，由上年的21家增加到29家。",
        "按级别分，国家级3个、省级9个、市级8个。",
        "企业121家，比上年净增30家，其中甲县18家、乙县12家。",
        "建成各级孵化器4家，省级以上众创空间5家。",
        "孵化器2家、众创空间3家，其中市级以上合计4家。",
        "企业分布在甲、乙等11个镇（街），其中丙工业园19家。",
        "分布于5个行业，其中装备制造企业12家。",
        "每万人口专利拥有量3.66件，2015年为1.47件（专利19件）。",
    ],
)
def test_what_is_no_total_with_its_parts(sentence: str, registry: Registry) -> None:
    assert _sums(registry, sentence) == []


def _movements(read: Callable[..., Reading], text: str) -> list[StatedRelation]:
    reading = read(PAST + text, region_code="520200", title="合成市“十四五”规划")
    return [relation for relation in reading.stated_relations if relation.value is not None]


@pytest.mark.parametrize(
    ("text", "kind", "base", "period", "named"),
    [
        ("2020年技术合同成交额15亿元，较2015年年均增长20%。", "average_growth", "2015", "2020", None),
        ("“十三五”期间，技术合同成交额年均增长20%。", "average_growth", None, "2016-2020", "2016-2020"),
        ("2020年研发投入强度0.62%，2015年为0.36%，比2015年提高0.26个百分点。", "points", "2015", "2020", None),
        ("2020年高新技术企业120家，较2015年增长3倍。", "growth", "2015", "2020", None),
        ("2020年高新技术企业120家，是2015年的4倍。", "multiple", "2015", "2020", None),
        ("2020年综合科技创新水平指数居全省第5位，较2015年上升2位。", "rank_change", "2015", "2020", None),
        ("2020年技术合同成交额15亿元，较“十二五”时期9亿元增加6亿元。", "difference", "2011-2015", "2020", None),
    ],
)
def test_how_a_movement_is_worded(
    text: str, kind: str, base: str | None, period: str, named: str | None, read: Callable[..., Reading]
) -> None:
    [relation] = _movements(read, text)

    assert (relation.relation_kind, relation.base_period, relation.period) == (kind, base, period)
    assert relation.named_period == named
    assert relation.figure_id is not None


def test_a_relation_names_the_figures_that_its_numbers_are(read: Callable[..., Reading]) -> None:
    reading = read(PAST + "2020年高新技术企业40家，其中规模以上高新技术企业30家。", region_code="520200", title="合成")
    figures = {figure.figure_id: figure.printed_text for figure in reading.figures}
    [relation] = reading.stated_relations
    [operand] = reading.relation_operands

    assert (figures[str(relation.figure_id)], figures[str(operand.figure_id)]) == ("40家", "30家")
    assert relation.line_start == 3
    assert operand.relation_id == relation.relation_id


@pytest.mark.parametrize("piece", ["省级7个(市级3个)、", "平台7个,其中省级3个,", "共7个,合计8个,", "(市级3个"])
def test_a_long_sentence_costs_no_more_than_its_length(piece: str, registry: Registry) -> None:
    def seconds(repeats: int) -> float:
        text = mask(piece * repeats)
        tokens = tokens_in(text, registry)
        started = time.process_time()
        list(read_enumerations(text, tokens, registry))
        return time.process_time() - started

    assert seconds(8_000) < 5 * max(seconds(2_000), 0.05) * 2
