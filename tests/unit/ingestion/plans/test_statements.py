"""Level, change and growth of one subject: the base period and the statement that ties them (synthetic sentences)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Figure, Reading

PAST = "合成县“十四五”规划\n一、发展成效\n"


def _figures(read: Callable[..., Reading], text: str) -> tuple[Figure, ...]:
    return read(PAST + text, region_code="520122", title="合成县“十四五”规划").figures


def _facts(figures: tuple[Figure, ...]) -> list[tuple[str, str, str | None, str]]:
    return [(figure.kind, figure.period, figure.base_period, figure.printed_text) for figure in figures]


def test_level_change_and_growth_share_a_statement(read: Callable[..., Reading]) -> None:
    figures = _figures(read, "2020年，全社会R&D经费投入为6.2亿元，较2015年增加1.2亿元，增幅为24%，总量排全省第五。")

    assert _facts(figures) == [
        ("actual", "2020", None, "6.2亿元"),
        ("change", "2020", "2015", "1.2亿元"),
        ("growth", "2020", "2015", "24%"),
        ("rank", "2020", None, "第五"),
    ]
    assert {figure.indicator_code for figure in figures} == {"rd_expenditure"}
    assert len({figure.statement_id for figure in figures}) == 1


def test_from_and_to_are_two_levels_of_one_statement(read: Callable[..., Reading]) -> None:
    figures = _figures(read, "技术合同成交额从2018年的900万元增加到2020年的2.7亿元，增长29倍。高新技术企业9家。")

    assert _facts(figures)[:3] == [
        ("actual", "2018", None, "900万元"),
        ("actual", "2020", None, "2.7亿元"),
        ("growth", "2020", "2018", "29倍"),
    ]
    assert len({figure.statement_id for figure in figures[:3]}) == 1
    assert figures[3].statement_id != figures[0].statement_id


def test_a_former_level_of_an_earlier_plan_belongs_to_the_statement(read: Callable[..., Reading]) -> None:
    figures = _figures(read, "“十三五”时期合成专项资金累计为750万元，较“十二五”时期500万元增加250万元，增幅为50%。")

    assert _facts(figures) == [
        ("actual", "2016-2020", None, "750万元"),
        ("actual", "2011-2015", None, "500万元"),
        ("change", "2016-2020", "2011-2015", "250万元"),
        ("growth", "2016-2020", "2011-2015", "50%"),
    ]
    assert {(figure.indicator_code, figure.indicator_as_printed) for figure in figures} == {(None, "合成专项资金")}
    assert len({figure.statement_id for figure in figures}) == 1


def test_a_year_carries_over_and_says_so(read: Callable[..., Reading]) -> None:
    figures = _figures(read, "2020年R&D经费支出1.5亿元，较2015年增长50%；技术合同成交额3.1亿元。")

    assert [(f.period, f.period_basis) for f in figures if f.kind == "actual"] == [
        ("2020", "printed"),
        ("2020", "carried"),
    ]


def test_a_decrease_is_negative(read: Callable[..., Reading]) -> None:
    figures = _figures(read, "2020年技术合同成交额3.1亿元，比上年下降12%。")

    assert (figures[1].value, figures[1].base_period) == (-12, "2019")


@pytest.mark.parametrize(
    "sentence",
    [
        "规上企业高新技术企业研发投入3亿元在列。",
        "按照合成发〔2020〕12号，2019年9月开展5G建设。",
        "“123”计划和“两个100%”行动。",
        "《合成规划（2019-2025年）》印发。",
        "项目达产后年消纳能力达530万吨。",
        "培育出95%-98%高纯材料。",
    ],
)
def test_look_alikes_never_get_an_indicator(read: Callable[..., Reading], sentence: str) -> None:
    figures = _figures(read, sentence)

    assert [figure.printed_text for figure in figures if figure.indicator_code is not None] == []


def test_a_longer_name_is_never_read_as_the_shorter_one(read: Callable[..., Reading]) -> None:
    text = "2020年，规上工业企业中有研发机构的企业占比为20%，具备研发能力的规模以上工业企业占比为15%，"
    text += "高新技术企业增加值8亿元。"
    figures = _figures(read, text)

    assert [(f.indicator_code, f.printed_text) for f in figures] == [
        (None, "20%"),
        ("rd_capable_share", "15%"),
        (None, "8亿元"),
    ]


def test_a_baseline_needs_a_target_of_the_same_indicator(read: Callable[..., Reading]) -> None:
    with_target = _figures(
        read, "2020年高新技术企业30家，R&D经费支出2亿元。\n二、目标\n到2025年，高新技术企业达到60家。"
    )

    assert [(f.indicator_code, f.kind) for f in with_target] == [
        ("hnte_count", "baseline"),
        ("rd_expenditure", "actual"),
        ("hnte_count", "target"),
    ]


def test_newly_added_goes_on_through_an_enumeration(read: Callable[..., Reading]) -> None:
    text = "一、目标\n到2025年，新增合成平台2个、省级以上创新平台20个、新型研发机构5家，省级以上创新平台总量达到80个。"
    figures = read(text, region_code="520122", title="合成县“十四五”规划").figures

    assert [(f.indicator_code, f.target_kind, f.period, f.printed_text) for f in figures] == [
        (None, "new_flow", "2021-2025", "2个"),
        ("innovation_platforms_provincial", "new_flow", "2021-2025", "20个"),
        ("new_type_rd_institutions_new", "new_flow", "2021-2025", "5家"),
        ("innovation_platforms_provincial", "level", "2025", "80个"),
    ]


def test_a_yearly_flow_is_no_flow_of_the_whole_window(read: Callable[..., Reading]) -> None:
    text = "一、目标\n到2025年，每年新增高新技术企业50家以上。"
    figures = read(text, region_code="520122", title="合成县“十四五”规划").figures

    assert [(f.indicator_code, f.indicator_as_printed) for f in figures] == [(None, "每年高新技术企业")]
