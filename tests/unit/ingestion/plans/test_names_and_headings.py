"""One spelling for names, titles over several lines, and headings that look back or ahead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.plans.canonical import canonical, canonical_name
from ingestion.plans.grammar import outlook
from ingestion.plans.names import Names
from ingestion.plans.titles import printed_titles
from ingestion.plans.windows import plan_window
from ingestion.registry import Registry


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("全社会研究与试验发展(R&D)经费投入占全市地区生产总值(GDP)的比例", "rd_intensity"),
        ("全社会研发经费支出相当于全市生产总值的比重", "rd_intensity"),
        ("R&D经费投入强度(R&D/GDP)", "rd_intensity"),
        ("规模以上工业企业中有R&D活动的企业占比", "rd_active_share"),
        ("规上工业有研发活动企业占比", "rd_active_share"),
        ("每万人口有效发明专利拥有量", "invention_patents_per_10k"),
        ("省级(含)以上创新平台", "innovation_platforms_provincial"),
        ("全市高新技术企业总数", "hnte_count"),
        ("规模以上工业企业研发投入强度", None),
        ("高新技术企业增加值", None),
        ("单位生产总值能耗", None),
    ],
)
def test_one_name_in_many_spellings(registry: Registry, printed: str, code: str | None) -> None:
    alias = Names(registry, "520300", ("plan",)).exact(printed)

    assert (alias.indicator_code if alias else None) == code


def test_no_two_names_of_the_seed_become_one_spelling_with_two_meanings(registry: Registry) -> None:
    meanings: dict[str, set[tuple[str | None, str, str]]] = {}
    for name, aliases in registry.aliases.items():
        alias = registry.alias(name, ("plan",)) or aliases[0]
        meanings.setdefault(canonical_name(name), set()).add((alias.indicator_code, alias.variant, alias.breakdown))

    assert [name for name, found in meanings.items() if len(found) > 1] == []


@given(
    st.lists(
        st.sampled_from(
            ["研究与试验发展", "(R&D)", "占", "全市", "GDP", "的比重", "规模以上", "甲", "每万人口", "有效"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_the_one_spelling_leads_back_to_every_printed_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    spelled = canonical(text)

    assert spelled.text == canonical_name(text)
    assert len(spelled.text) == len(spelled.starts) == len(spelled.ends)
    assert list(spelled.starts) == sorted(spelled.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(spelled.starts, spelled.ends, strict=True))


@pytest.mark.parametrize(
    ("lines", "title", "years"),
    [
        (["合成市“十四五”科技创新规划", "(2021—2025年)"], "合成市“十四五”科技创新规划", (2021, 2025)),
        (["合成市人民政府关于“十一五”期间", "增强自主创新能力的实施意见"], "增强自主创新能力的实施意见", (2006, 2010)),
        (
            ["合成市科技局", "关于印发2023年全市科技工作要点的通知"],
            "关于印发2023年全市科技工作要点的通知",
            (2023, 2023),
        ),
        (["合成市科技创新行动计划", "(2021—2023年)"], "合成市科技创新行动计划", (2021, 2023)),
        (["合成市", "国民经济和社会发展", "第十二个五年规划纲要"], "第十二个五年规划纲要", (2011, 2015)),
    ],
)
def test_a_title_over_several_lines_tells_the_years(lines: list[str], title: str, years: tuple[int, int]) -> None:
    found = printed_titles(lines)
    window = plan_window(found, "", None)

    assert found[0] == title
    assert (window.start, window.end, window.base_year) == (*years, years[0] - 1)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("今后五年科技工作目标。到2026年,高新技术企业达到500家。", (2022, 2026)),
        ("今后三年,到2027年,高新技术企业达到500家。", (2025, 2027)),
        ("今后五年科技工作目标。到2025年,高新技术企业达到500家。", (2021, 2025)),
        ("到2026年,高新技术企业达到500家。", (2026, 2030)),
    ],
)
def test_a_report_without_years_in_its_title_counts_its_years_back_from_what_it_looks_to(
    text: str, years: tuple[int, int]
) -> None:
    window = plan_window(["合成市人民政府工作报告"], text, None)
    assert (window.start, window.end) == years


@pytest.mark.parametrize(
    ("path", "backward", "aims"),
    [
        (("一、发展基础",), True, False),
        (("一、“十三五”科技创新发展情况",), True, False),
        (("一、现状和目标", "(一)“十五”期间取得进步"), True, False),
        (("一、现状和目标", "(二)主要目标"), False, True),
        (("二、发展目标", "(一)创新能力取得新突破"), False, True),
        (("一、过去五年工作回顾", "附表:2017—2021年主要科技指标"), True, False),
        (("二、建设格局", "表1主要指标"), False, True),
        (("三、重点任务", "(一)加强基础研究"), False, False),
        (("(一)加强基础研究",), False, False),
        (("第一章总则",), False, False),
        (("一、2024年工作开展情况",), True, False),
        (("2024年工作情况和2025年工作安排",), False, False),
        (("一、目标要求", "(二)年度安排"), False, True),
    ],
)
def test_headings_say_whether_a_section_looks_back(path: tuple[str, ...], backward: bool, aims: bool) -> None:
    assert outlook(path) == (backward, aims)


@pytest.mark.parametrize(
    ("region", "printed", "code"),
    [
        ("500112", "市级及以上创新平台", "innovation_platforms_provincial"),
        ("500112", "新建市级以上研发平台", "rd_platforms_provincial_new"),
        ("500112", "区级以上创新平台", None),
        ("520300", "市级及以上创新平台", None),
        ("450000", "自治区级以上科技创新平台", "innovation_platforms_provincial"),
        ("450000", "区级以上科技创新平台", "innovation_platforms_provincial"),
        ("450100", "自治区级以上科技创新平台", "innovation_platforms_provincial"),
        ("450100", "区级以上科技创新平台", None),
    ],
)
def test_the_level_of_a_province_has_its_own_word(
    registry: Registry, region: str, printed: str, code: str | None
) -> None:
    names = Names(registry, region, ("plan",))
    found = names.find(printed)

    for alias in (names.exact(printed), found[0].alias if found else None):
        assert (alias.indicator_code if alias else None) == code
