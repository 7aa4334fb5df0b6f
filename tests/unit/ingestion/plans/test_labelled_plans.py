"""Labelled mini-documents (synthetic): every figure that a plan prints, exactly as it must be understood.

Each document shows another layout, encoding, line end, city or planning period. A line of an expectation reads:
address, indicator (?name where none), period (<base), kind, comparator, printed text, value, unit, nature, strength,
and the region where it is another one than the document's.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Figure, Reading

PIPE_TABLE = """合成市甲“十四五”科技创新发展规划（合成样例，遵义市）

一、发展目标

到2025年，全市科技创新能力显著增强，主要指标见下表。

表1 主要指标

| 序号 | 指标名称 | 单位 | 2020年 | 2025年 | 年均增速（%） | 属性 |
|---|---|---|---|---|---|---|
| 1 | 全社会研发经费投入强度 | % | 0.97 | ≥1.8 | — | 约束性 |
| 2 | 高新技术企业数 | 家 | 256 | 500以上 | 14.3 | 预期性 |
| 3 | 技术合同成交额 | 亿元 | 58.3 | 突破100 | — | 预期性 |
| 4 | 每万人口高价值发明专利拥有量 | 件 | 0.82 | 1.5—2.0 | — | 预期性 |
| 5 | 公民具备科学素质的比例 | % | 8.6 | 15 | — | 预期性 |
| 6 | 规模以上高新技术企业数 | 家 | 31 | 倍增 | — | 预期性 |
"""

PIPE_TABLE_FIGURES = """
L11 rd_intensity 2020 baseline eq 0.97 0.97 %
L11 rd_intensity 2025 target/level ge ≥1.8 1.8 % binding
L12 hnte_count 2020 baseline eq 256 256 家
L12 hnte_count 2025 target/level ge 500以上 500 家 expected
L12 hnte_count 2025<2020 target/growth_avg eq 14.3 14.3 % expected
L13 tech_contract_value 2020 baseline eq 58.3 583000 万元
L13 tech_contract_value 2025 target/level gt 突破100 1000000 万元 expected
L14 high_value_patents_per_10k 2020 baseline eq 0.82 0.82 件/万人
L14 high_value_patents_per_10k 2025 target/level range 1.5—2.0 1.5 件/万人 expected
L15 ?公民具备科学素质的比例 2020 baseline eq 8.6 8.6 %
L15 ?公民具备科学素质的比例 2025 target/level eq 15 15 % expected
L16 hnte_above_scale_count 2020 baseline eq 31 31 家
L16 hnte_above_scale_count 2025 target/multiple eq 倍增 2 倍 expected
"""

THIRTEENTH_PLAN_GB18030_CRLF = """安顺市“十三五”科技创新规划（合成样例，2016-2020年）

第一章 发展回顾
“十二五”期间，全市科技事业快速发展。2015年，全市R&D经费支出达到3.52亿元，占地区生产总值的比重为0.56%，较2010年提高0.21个百分点。截至2015年底，全市高新技术企业达41家，是2010年的3.4倍；有效发明专利拥有量由2010年的120件增加到2015年的486件。技术合同成交额同比增长12.5%，达到2.3亿元。

第二章 发展目标
力争到2020年，R&D经费支出占地区生产总值比重达到1.0%左右，高新技术企业突破100家，技术合同成交额年均增长20%以上，科技进步水平指数比2015年提高5个百分点，“十三五”期间新增省级以上研发平台12家，每万人口发明专利拥有量控制在3件以内。单位生产总值能耗下降15%。区域创新能力进入全省前3位。
展望2030年，全社会研发投入强度达到2.5%。
"""

THIRTEENTH_PLAN_GB18030_CRLF_FIGURES = """
L4 rd_expenditure 2015 actual eq 3.52亿元 35200 万元
L4 rd_intensity 2015 baseline eq 0.56% 0.56 %
L4 rd_intensity 2015<2010 change eq 0.21个百分点 0.21 个百分点
L4 hnte_count 2015 baseline eq 41家 41 家
L4 hnte_count 2015<2010 other eq 3.4倍 3.4 倍
L4 invention_patents_in_force 2010 actual eq 120件 120 件
L4 invention_patents_in_force 2015 actual eq 486件 486 件
L4 tech_contract_value 2015<2014 growth eq 12.5% 12.5 %
L4 tech_contract_value 2015 baseline eq 2.3亿元 23000 万元
L7 rd_intensity 2020 target/level approx 1.0% 1 % strive
L7 hnte_count 2020 target/level gt 100家 100 家 strive
L7 tech_contract_value 2020<2015 target/growth_avg ge 20% 20 % strive
L7 sti_index 2020<2015 target/growth_total eq 5个百分点 5 个百分点 strive
L7 rd_platforms_provincial_new 2016-2020 target/new_flow eq 12家 12 个 strive
L7 invention_patents_per_10k 2020 target/level le 3件 3 件/万人 strive
L7 ?单位生产总值能耗 2020<2015 target/growth_total eq 15% -15 %
L7 ?区域创新能力 2020 target/rank le 前3位 3 位
L8 rd_intensity 2030 target/level ge 2.5% 2.5 %
"""

TAB_TABLE_AND_DECOYS = """毕节市科技创新三年行动计划（合成样例，2023—2025年）

二、主要目标
主要指标	单位	2022年实际	2025年目标	指标属性
研发投入强度	%	0.45	0.8	预期性
高新技术企业	家	98	160	预期性
规上工业企业有研发活动企业占比	%	18.5	30	约束性

三、保障
按合成发〔2023〕7号，设立不少于五千万元的资金池，给予每家企业20万元补助，3年遴选100名人才，每年举办1—2期培训，推进5G应用，开发82B钢，高纯（95%-98%）磷石膏，实现“两个100%”。见《行动方案（2019-2025年）》。
"""

TAB_TABLE_AND_DECOYS_FIGURES = """
L5 rd_intensity 2022 baseline eq 0.45 0.45 %
L5 rd_intensity 2025 target/level eq 0.8 0.8 % expected
L6 hnte_count 2022 baseline eq 98 98 家
L6 hnte_count 2025 target/level eq 160 160 家 expected
L7 rd_active_share 2022 baseline eq 18.5 18.5 %
L7 rd_active_share 2025 target/level eq 30 30 % binding
"""

BLANK_TABLE_AND_FLOWS = """黔南州“十四五”科技创新规划（合成样例）

专栏2 规划指标
单位：亿元
指标 2020年 2025年 属性
R&D 经费投入 12.5 25 预期性
技术合同 成交额 8.8 20 预期性

第三章 重点任务
到2022年，全州高新技术企业达到120家；到2025年达到200家。到2025年，技术合同成交额较2020年翻一番，建成10个以上省级工程技术研究中心，新认定高新技术企业80家以上，累计新增新型研发机构9家。全省R&D投入强度达到1.2%，都匀市高新技术企业达到60家。
"""

BLANK_TABLE_AND_FLOWS_FIGURES = """
L6 rd_expenditure 2020 baseline eq 12.5 125000 万元
L6 rd_expenditure 2025 target/level eq 25 250000 万元 expected
L7 tech_contract_value 2020 baseline eq 8.8 88000 万元
L7 tech_contract_value 2025 target/level eq 20 200000 万元 expected
L10 hnte_count 2022 target/level ge 120家 120 家
L10 hnte_count 2025 target/level ge 200家 200 家
L10 tech_contract_value 2025 target/multiple eq 翻一番 2 倍
L10 ?省级工程技术研究中心 2025 target/level ge 10个 10 个
L10 hnte_count 2021-2025 target/new_flow ge 80家 80 家
L10 new_type_rd_institutions_new 2021-2025 target/cumulative_flow eq 9家 9 个
L10 rd_intensity 2025 target/level ge 1.2% 1.2 % 520000
L10 hnte_count 2025 target/level ge 60家 60 家 522701
"""

ONE_CELL_PER_LINE_CR = """铜仁市“十四五”科技发展规划（合成样例）
主要目标

指标
单位
2020年
2025年
属性
全社会R&D经费投入强度
%
0.5
1.2
预期性
高新技术企业数
家
86
150
约束性
第四章 保障
一、组织
"""

ONE_CELL_PER_LINE_CR_FIGURES = """
L11 rd_intensity 2020 baseline eq 0.5 0.5 %
L12 rd_intensity 2025 target/level eq 1.2 1.2 % expected
L16 hnte_count 2020 baseline eq 86 86 家
L17 hnte_count 2025 target/level eq 150 150 家 binding
"""

ENUMERATIONS_AND_BRACKETS = """遵义市“十四五”科技创新规划（合成样例）
第一章 发展成效
“十三五”期间，全市R&D经费从2015年的8.64亿元增长到2020年的21.6亿元，年均增长20.1%。2020年，全省R&D经费投入强度为0.91%，全国为2.4%。
第二章 主要目标
到2025年，全社会研究与试验发展（R&D）经费投入强度达到1.5%以上（2020年为0.58%），年均增长15%以上；高新技术企业达到500家以上。
到2022年和2025年，研发投入强度分别达到0.8%、1.5%，高新技术企业数、规模以上高新技术企业数分别达到300家和150家。
力争到2025年技术合同成交额、R&D经费支出年均分别增长10%和12%以上。
"""

ENUMERATIONS_AND_BRACKETS_FIGURES = """
L3 rd_expenditure 2015 actual eq 8.64亿元 86400 万元
L3 rd_expenditure 2020 baseline eq 21.6亿元 216000 万元
L3 rd_expenditure 2020<2015 growth eq 20.1% 20.1 %
L3 rd_intensity 2020 actual eq 0.91% 0.91 % 520000
L3 rd_intensity 2020 actual eq 2.4% 2.4 % 000000
L5 rd_intensity 2025 target/level ge 1.5% 1.5 %
L5 rd_intensity 2020 baseline eq 0.58% 0.58 %
L5 rd_intensity 2025<2020 target/growth_avg ge 15% 15 %
L5 hnte_count 2025 target/level ge 500家 500 家
L6 rd_intensity 2022 target/level ge 0.8% 0.8 %
L6 rd_intensity 2025 target/level ge 1.5% 1.5 %
L6 hnte_count 2025 target/level ge 300家 300 家
L6 hnte_above_scale_count 2025 target/level ge 150家 150 家
L7 tech_contract_value 2025<2020 target/growth_avg eq 10% 10 % strive
L7 rd_expenditure 2025<2020 target/growth_avg ge 12% 12 % strive
"""

FIFTEENTH_PLAN_MARKDOWN = """六盘水市科技创新“十五五”规划（合成样例，2026—2030年）
# 一、发展基础
2025年，全市研发经费投入28.4亿元，比上年增长11.2%，占GDP比重1.62%，比上年提高0.08个百分点。全市有高新技术企业152家，比2020年净增98家。
# 二、发展目标
**到2030年**，研发经费投入强度力争达到**2.2%**，高新技术企业总数达280家左右。到2027年，高新技术企业达到200家。
## 三、重点任务
建设省级以上创新平台30个。建设5G基站3000个。
"""

FIFTEENTH_PLAN_MARKDOWN_FIGURES = """
L3 rd_expenditure 2025 actual eq 28.4亿元 284000 万元
L3 rd_expenditure 2025<2024 growth eq 11.2% 11.2 %
L3 rd_intensity 2025 baseline eq 1.62% 1.62 %
L3 rd_intensity 2025<2024 change eq 0.08个百分点 0.08 个百分点
L3 hnte_count 2025 baseline eq 152家 152 家
L3 hnte_count 2025<2020 change eq 98家 98 家
L5 rd_intensity 2030 target/level ge 2.2% 2.2 % strive
L5 hnte_count 2030 target/level approx 280家 280 家
L5 hnte_count 2027 target/level ge 200家 200 家
"""

FULL_WIDTH_AND_REFUSAL = """贵阳市科技创新规划（合成样例）
一、目标
（一）投入目标。到２０２５年，全社会研发投入强度达到２．６％，高新技术企业研发投入达到50亿元，全市高新技术企业达到2,500家，R&D经费支出达到120万人。
（二）科技企业孵化器（众创空间）数量倍增。到2025年，科技企业孵化器（众创空间）突破90家。
"""

FULL_WIDTH_AND_REFUSAL_FIGURES = """
L3 rd_intensity 2025 target/level ge ２．６％ 2.6 %
L3 ?高新技术企业研发投入 2025 target/level ge 50亿元 50 亿元
L3 hnte_count 2025 target/level ge 2,500家 2500 家
L4 incubators 2025 target/level gt 90家 90 个
L4 incubators 2025 target/multiple eq 倍增 2 倍
"""

CASES = [
    pytest.param(PIPE_TABLE, PIPE_TABLE_FIGURES, "utf-8", "\n", "520300", id="pipe_table"),
    pytest.param(
        THIRTEENTH_PLAN_GB18030_CRLF,
        THIRTEENTH_PLAN_GB18030_CRLF_FIGURES,
        "gb18030",
        "\r\n",
        "520400",
        id="thirteenth_plan_gb18030_crlf",
    ),
    pytest.param(
        TAB_TABLE_AND_DECOYS, TAB_TABLE_AND_DECOYS_FIGURES, "utf-8", "\n", "520500", id="tab_table_and_decoys"
    ),
    pytest.param(
        BLANK_TABLE_AND_FLOWS, BLANK_TABLE_AND_FLOWS_FIGURES, "utf-8-sig", "\n", "522700", id="blank_table_and_flows"
    ),
    pytest.param(
        ONE_CELL_PER_LINE_CR, ONE_CELL_PER_LINE_CR_FIGURES, "utf-8", "\r", "520600", id="one_cell_per_line_cr"
    ),
    pytest.param(
        ENUMERATIONS_AND_BRACKETS,
        ENUMERATIONS_AND_BRACKETS_FIGURES,
        "utf-8",
        "\n",
        "520300",
        id="enumerations_and_brackets",
    ),
    pytest.param(
        FIFTEENTH_PLAN_MARKDOWN, FIFTEENTH_PLAN_MARKDOWN_FIGURES, "utf-8", "\n", "520200", id="fifteenth_plan_markdown"
    ),
    pytest.param(
        FULL_WIDTH_AND_REFUSAL, FULL_WIDTH_AND_REFUSAL_FIGURES, "utf-8", "\n", "520100", id="full_width_and_refusal"
    ),
]


@pytest.mark.parametrize(("text", "expected", "encoding", "line_end", "region"), CASES)
def test_every_figure_of_a_labelled_document_is_understood(
    read: Callable[..., Reading],
    brief: Callable[[Figure], str],
    text: str,
    expected: str,
    encoding: str,
    line_end: str,
    region: str,
) -> None:
    reading = read(text.replace("\n", line_end).encode(encoding))

    assert reading.source.region_code == region
    found = [
        brief(figure) + (f" {figure.region_code}" if figure.region_code != region else "") for figure in reading.figures
    ]
    assert sorted(found) == sorted(expected.strip().splitlines())
    assert reading.recognised == len(reading.figures) + len(reading.refusals)


def test_a_unit_that_does_not_fit_is_refused_with_its_place(read: Callable[..., Reading]) -> None:
    reading = read(FULL_WIDTH_AND_REFUSAL)

    assert [(r.address, r.reason_code, r.raw_text) for r in reading.refusals] == [
        ("第3行", "unit_mismatch", "R&D经费支出 120万人")
    ]
    assert "万元" in reading.refusals[0].reason


@pytest.mark.parametrize(("text", "encoding"), [(case.values[0], case.values[2]) for case in CASES])
def test_printed_text_stands_on_its_lines(read: Callable[..., Reading], text: str, encoding: str) -> None:
    reading = read(text.encode(encoding))
    lines = {line.line: line.text for line in reading.lines}

    for figure in reading.figures:
        assert figure.line_start is not None
        assert figure.line_end is not None
        joined = "".join(lines[number] for number in range(figure.line_start, figure.line_end + 1))
        assert figure.printed_text in "".join(joined.split())


def test_what_sources_yml_states_wins(read: Callable[..., Reading]) -> None:
    reading = read("到2025年，高新技术企业达到90家。", title="甲市合成规划", region_code="520400", base_year=2021)

    assert [(f.region_code, f.indicator_code, f.period) for f in reading.figures] == [("520400", "hnte_count", "2025")]
    assert reading.source.title == "甲市合成规划"


def test_a_composite_region_in_the_title_leaves_a_note(read: Callable[..., Reading]) -> None:
    reading = read("到2025年，高新技术企业达到90家。", title="贵阳贵安合成方案", region_code="520100")

    assert [(f.region_code, f.scope_note) for f in reading.figures] == [("520100", "贵阳贵安")]
