"""Changes and trends that a sentence tells together with their levels (synthetic sentences, invented names)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from ingestion.plans.grammar import mask
from ingestion.plans.periods import Window
from ingestion.plans.stated_changes import read_told
from ingestion.plans.tokens import Token, tokens_in
from ingestion.plans.told_changes import Told, read_changes
from ingestion.quantity import squeeze
from ingestion.registry import Registry

WINDOW = Window(2021, 2025, 2020)


def _told(sentence: str, registry: Registry) -> list[str]:
    """kind change former→later, and the years where the sentence says how many."""
    text = mask(squeeze(sentence))

    def line(item: Told) -> str:
        former = item.former.token if item.former else item.difference
        assert former is not None
        pair = f"{text[former.start : former.end]}→{text[item.later.token.start : item.later.token.end]}"
        years = f" {item.years}" if item.years else ""
        return f"{item.kind} {text[item.token.start : item.token.end]} {pair}{years}"

    return [line(item) for item in read_told(text, registry, WINDOW) if item.kind != "direction"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("瞪羚企业由12家扩至58家，净多出46家。", ["difference 46家 12家→58家"]),
        ("2015年全市拥有瞪羚企业12家，2020年猛增到58家，五年净增46家。", ["difference 46家 12家→58家 5"]),
        ("孵化载体从当初的7家起步，一路扩容至31家，多了24家。", ["difference 24家 7家→31家"]),
        ("登记成果96项，比2015年的72项多24项，增长33.3%。", ["difference 24项 72项→96项", "growth 33.3% 72项→96项"]),
        ("科技拨款29.7亿元，占地方支出2820.2亿元的1.05%，是2015年11.9亿元的2.5倍。",
         ["multiple 2.5倍 11.9亿元→29.7亿元"]),
        ("瞪羚企业原有15家，现有45家，增长了2倍。", ["growth 2倍 15家→45家"]),
        ("同年转让专利967件，而五年前仅有318件，增幅为204.1%。", ["growth 204.1% 318件→967件"]),
        ("2020年出口3.97亿美元，而2019年仅为2.84亿美元，同比增幅39.8%。", ["growth 39.8% 2.84亿美元→3.97亿美元"]),
        ("2020年授权1248件，同比增长13.2%（2019年为1102件），比2015年的516件增长1.42倍。",
         ["growth 13.2% 1102件→1248件", "growth 1.42倍 516件→1248件"]),
        ("研发机构覆盖率比2015年的21.3%提升了14.2个百分点，达到35.5%。", ["points 14.2个百分点 21.3%→35.5%"]),
        ("贡献率从44.6%攀升到51.3%，升幅高达6.7个百分点。", ["points 6.7个百分点 44.6%→51.3%"]),
        ("成交额67.5亿元，正好相当于2019年22.5亿元的三倍。", ["multiple 三倍 22.5亿元→67.5亿元"]),
        ("收入从4.6亿元增加到13.9亿元，后者是前者的3.0倍。", ["multiple 3.0倍 4.6亿元→13.9亿元"]),
        ("小微平台在2025年2360家的基数上翻一番，达到4720家。", ["doubling 翻一番 2360家→4720家"]),
        ("科普经费五年来从0.8亿元一路增长到3.2亿元，正好翻了两番。", ["doubling 翻了两番 0.8亿元→3.2亿元 5"]),
        ("产值从41.6亿元做到88.9亿元，五年平均每年递增16.4%。", ["average_growth 16.4% 41.6亿元→88.9亿元 5"]),
        ("经费1.98亿元(2015年)，2016年为2.31亿元，到2020年已增至5.62亿元，“十三五”时期年均增速折算为23.2%。",
         ["average_growth 23.2% 1.98亿元→5.62亿元"]),
        ("综合实力2015年列全省第九位，2020年列全省第六位，五年前移三位。", ["rank_change 三位 第九位→第六位 5"]),
        ("平台178家，其中国家级21家、省级157家，比2015年的121家增加57家。", ["difference 57家 121家→178家"]),
        ("瞪羚企业327家，其中规上企业214家，比2015年的142家增加185家，增长130.3%。",
         ["difference 185家 142家→327家", "growth 130.3% 142家→327家"]),
        ("瞪羚企业327家，其中规上企业214家，比2015年的142家增加72家。", ["difference 72家 142家→214家"]),
        ("工业企业经费41.80亿元，比上年增加3.56亿元，增长9.3%。", ["growth 9.3% 3.56亿元→41.80亿元"]),
        ("成交额20.5亿元，占地区生产总值的1.2%，较2015年的10.2亿元翻一番。", ["doubling 翻一番 10.2亿元→20.5亿元"]),
        ("2020年瞪羚企业26家，比上年净增6家，增长30.0%，是2015年（5家）的5.2倍，增长4.2倍。",
         ["growth 30.0% 6家→26家", "multiple 5.2倍 5家→26家", "growth 4.2倍 5家→26家"]),
        ("2020年成交35.13亿元，2021年1—6月为16.42亿元，同比增长18.9%。", []),
        ("2020年成交35.13亿元，2021年上半年为16.42亿元，增长18.9%。", []),
        ("投入强度0.73%（总值476.2亿元），比2015年的0.54%提高0.19个百分点。", ["points 0.19个百分点 0.54%→0.73%"]),
        ("贡献率51.3%，2015年为44.6%，提高6.7个百分点。", ["points 6.7个百分点 44.6%→51.3%"]),
        ("2020年瞪羚企业518家，占全市1147家的45.2%；2015年末为186家，五年净增332家。",
         ["difference 332家 186家→518家 5"]),
        ("登记成果417项，上年为400项，多登记17项。", ["difference 17项 400项→417项"]),
        ("总量居全国第17位，与上年位次相同；强度居全国第18位，上年为第19位，前进1位。",
         ["rank_change 1位 第19位→第18位"]),
        ("总量列第15位，较上年没有变化，能力列第16位，上年列第18位，前移2位。", ["rank_change 2位 第18位→第16位"]),
        ("合成经费21.7亿元，比规划基期2015年的17.3亿元多投入4.4亿元。", ["difference 4.4亿元 17.3亿元→21.7亿元"]),
        ("瞪羚企业58家，较“十三五”开局之年2016年的12家多认定46家。", ["difference 46家 12家→58家"]),
        ("科普支出1.2亿元，比去年的1.5亿元少支出0.3亿元。", ["difference 0.3亿元 1.5亿元→1.2亿元"]),
        ("合成指数位次由2015年的第4位进至2020年的第1位，五年前移2位。", ["rank_change 2位 第4位→第1位 5"]),
        ("合成指数排名从第10位跃进到第6位，跃升3个位次。", ["rank_change 3个位次 第10位→第6位"]),
        ("合成实力排名第27位，较上一年度的第30位晋升3位。", ["rank_change 3位 第30位→第27位"]),
        ("“十三五”期间，合成产值年均增长12.5%，2016年为38.6亿元，2020年为61.9亿元。",
         ["average_growth 12.5% 38.6亿元→61.9亿元"]),
        ("五年来专利年均递增10.2%，由2015年的386件增加到2020年的627件。", ["average_growth 10.2% 386件→627件 5"]),
        ("2020年瞪羚企业12家，2015年为5家，翻了一番还多，为2015年的2.4倍。",
         ["doubling 翻了一番 5家→12家", "multiple 2.4倍 5家→12家"]),
        ("2020年瞪羚企业51家，占全市114家的44.7%；2015年为18家，五年净增33家，复合增长率23.2%。",
         ["difference 33家 18家→51家 5", "average_growth 23.2% 18家→51家 5"]),
        ("农机站由9家减至7家，减少2家，下降22.2%。", ["difference 2家 9家→7家", "growth 22.2% 9家→7家"]),
    ],
)  # fmt: skip
def test_a_change_with_its_levels(sentence: str, expected: list[str], registry: Registry) -> None:
    assert _told(sentence, registry) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "瞪羚企业由12家增加到58家，科普基地增加7家。",
        "2020年园区收入318.6亿元，2019年为289.9亿元，2019年增速为12.2%。",
        "研发经费增速由12.1%回落至8.3%，增速比上年降低3.8个百分点。",
        "新增平台3个，比上年多1个，累计达到15个，增长25%。",
        "瞪羚企业由12家增加到58家，近三年年均增长9.8%。",
        "瞪羚企业由12家增加到约58家，增加40家。",
        "综合实力2015年列全省第九位，2020年列全国第六十位，前移三位。",
        "瞪羚企业58家，比上年增长12%，比2015年增加40家。",
        "由自治区选派38名、本市选派55名，增加12名。",
        "“十三五”期间，合成产值年均增长10.2%，2016年为38.6亿元，2020年为61.9亿元。",
        "“十三五”期间，合成产值年均增长12.5%，2018年为38.6亿元，2020年为61.9亿元。",
        "成交额由24.5亿元提高到40亿元，2023年达到30亿元，年均增长10.3%。",
    ],
)
def test_what_is_told_of_something_else_or_against_nothing_printed(sentence: str, registry: Registry) -> None:
    assert _told(sentence, registry) == []


@pytest.mark.parametrize(
    "planned", ["五年计划增量30亿元", "完成规划目标增幅50%的一半", "相当于五年计划净增量30亿元的40%", "计划增加30亿元"]
)
def test_what_the_whole_plan_sets_out_is_no_change_between_earlier_levels(planned: str, registry: Registry) -> None:
    found = _told(f"2022年成交23.6亿元，比2020年的15.2亿元增加8.4亿元，{planned}。", registry)
    assert found == ["difference 8.4亿元 15.2亿元→23.6亿元"]


@pytest.mark.parametrize(
    ("sentence", "direction", "steps"),
    [
        ("2018年至2020年，育种投入逐年回落，分别为3.12亿元、3.58亿元和4.07亿元。", "down", 2),
        ("“十三五”期间，授权量依次为120件、135件、150件、180件和210件，呈逐年下降态势。", "down", 4),
        ("五年来，投入连年增长，依次为1.2亿元、1.3亿元、1.5亿元、1.7亿元和2.0亿元。", "up", 4),
        ("国家级、省级、市级平台分别为3个、9个、20个，逐年增加。", "up", 0),
        ("2018年至2020年，投入逐年增加，增速分别为12.1%、10.3%和8.8%。", "up", 0),
    ],
)
def test_a_trend_with_its_series(sentence: str, direction: str, steps: int, registry: Registry) -> None:
    found = [item for item in read_told(mask(squeeze(sentence)), registry, WINDOW) if item.kind == "direction"]

    assert [item.direction for item in found] == [direction] * steps


def test_an_average_growth_in_a_table_goes_with_the_levels_of_its_row(read: Callable[..., Reading]) -> None:
    table = """| 指标 | 单位 | 2020年 | 2025年 | 年均增长（%） |
|---|---|---|---|---|
| 技术合同成交额 | 亿元 | 2.15 | 3.80 | 12.1 |
| 瞪羚企业数量 | 家 | 16 | 40 | 20.1 |
| 研发投入强度 | % | 0.63 | 0.95 | 8.6 |
| 高新技术企业 | 家 | — | 60 | 14.1 |
"""
    reading = read(f"合成市“十四五”规划\n\n{table}", name="plan.md", region_code="520200", title="合成市“十四五”规划")
    operands = {(item.relation_id, item.role): item.printed_text for item in reading.relation_operands}

    assert [
        (
            item.printed_text,
            operands[item.relation_id, "former"],
            operands[item.relation_id, "later"],
            item.stated_years,
        )
        for item in reading.stated_relations
    ] == [("12.1", "2.15", "3.80", 5), ("20.1", "16", "40", 5)]


@pytest.mark.parametrize("piece", ["由8家增加到54家,增加46家,", "(2019年为3件)", "比2015年的3家多2家;"])
def test_a_long_sentence_costs_no_more_than_its_length(piece: str, registry: Registry) -> None:
    def seconds(repeats: int) -> float:
        text = piece * repeats
        tokens = tokens_in(text, registry)
        started = time.process_time()
        list(read_changes(text, tokens, registry, WINDOW))
        return time.process_time() - started

    assert seconds(2_000) < 5 * max(seconds(500), 0.05) * 2


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("合成材料产值持续下滑，2015年为38.6亿元，2020年为52.3亿元。", ["down 38.6亿元→52.3亿元"]),
        ("2015年合成材料产值为52.3亿元，2020年为38.6亿元，呈逐年走低态势。", ["down 52.3亿元→38.6亿元"]),
        ("合成材料产值稳步提高，2020年达到5.1亿元，2015年为3.2亿元。", ["up 3.2亿元→5.1亿元"]),  # told backwards
        ("合成材料产值稳步提高，2020年为5.1亿元，利润为3.2亿元。", []),
        ("合成材料产值小幅回落，由2019年的18.6亿元变为2020年的21.0亿元。", ["down 18.6亿元→21.0亿元"]),
    ],
)
def test_a_trend_is_held_against_levels_with_years_of_their_own(
    sentence: str, expected: list[str], registry: Registry
) -> None:
    text = mask(squeeze(sentence))

    def level(item: Token) -> str:
        return text[item.start : item.end]

    told = [item for item in read_told(text, registry, WINDOW) if item.kind == "direction" and item.former]
    assert [f"{i.direction} {level(i.former.token)}→{level(i.later.token)}" for i in told if i.former] == expected


def test_levels_side_by_side_carry_no_change_over_another_number_of_years(registry: Registry) -> None:
    assert _told("瞪羚企业2023年达到75家，2025年达到100家，五年净增42家。", registry) == []
    assert _told("瞪羚企业2023年达到75家，2025年达到100家，两年净增42家。", registry) == [
        "difference 42家 75家→100家 2"
    ]


def test_two_growths_for_two_things_are_no_change_of_the_last(registry: Registry) -> None:
    text = "合成园收入84.3亿元，产值62.8亿元，分别比2015年增长53.3%和47.3%（2015年分别为55.0亿元、42.6亿元）。"
    assert _told(text, registry) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("与全国平均水平2.40%相比，我市R&D经费投入强度低1.28个百分点。", ("相比低", "down", "1.28个百分点", "2.40%")),
        ("R&D经费投入强度与全省平均水平（2.19%）尚有0.97个百分点的差距。", ("相比有", "down", "0.97个百分点", "2.19%")),
        ("R&D经费投入强度高于西部平均水平（1.02%）0.20个百分点。", ("相比高于", "up", "0.20个百分点", "1.02%")),
        ("R&D经费投入强度比全国2.40%的平均水平低1.18个百分点。", ("相比低", "down", "1.18个百分点", "2.40%")),
        ("R&D经费投入强度与全国平均水平（2.40%）的差距缩小到1.18个百分点。", None),
        ("R&D经费投入强度比2015年全国平均水平2.10%低0.88个百分点。", None),
    ],
)
def test_a_gap_to_another_place_is_held_against_the_own_level(
    sentence: str, expected: tuple[str, str, str, str] | None, read: Callable[..., Reading]
) -> None:
    text = f"合成市“十四五”规划\n一、发展基础\n2020年R&D经费投入强度1.22%。\n（二）存在问题\n{sentence}"
    reading = read(text, region_code="520200", title="合成市“十四五”规划")
    gaps = [item for item in reading.stated_relations if (item.wording or "").startswith("相比")]
    assert [(item.wording, item.direction, item.printed_text) for item in gaps] == ([expected[:3]] if expected else [])
    if expected:
        operands = {item.role: item.printed_text for item in reading.relation_operands}
        assert operands == {"later": "1.22%", "former": expected[3]}
