"""To what a number belongs: the whole behind it, each year of a row, the place before its bracket (synthetic).

A line with # names the title and the heading that the sentence below it stands under; its figures are indented.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Figure, Reading
from tests.unit.ingestion.plans.sentence_tables import titled_cases

CASES = """
# 合成市“十四五”科技创新规划 | 一、发展基础
2020年全市R&D经费5.2亿元，占648.1亿元地区生产总值的0.80%，比上年增加0.4亿元。
  rd_expenditure 2020 actual eq 5.2亿元 52000 万元
  gdp 2020 actual eq 648.1亿元 648.1 亿元
  rd_intensity 2020 actual eq 0.80% 0.8 %
  rd_expenditure 2020<2019 change eq 0.4亿元 4000 万元
R&D经费5.2亿元，与648.1亿元的地区生产总值相比，研发投入强度为0.80%。
  rd_expenditure 2020 actual eq 5.2亿元 52000 万元
  gdp 2020 actual eq 648.1亿元 648.1 亿元
  rd_intensity 2020 actual eq 0.80% 0.8 %
R&D经费5.2亿元，相当于当年648.1亿元地区生产总值的0.80%。
  rd_expenditure 2020 actual eq 5.2亿元 52000 万元
  gdp 2020 actual eq 648.1亿元 648.1 亿元
  rd_intensity 2020 actual eq 0.80% 0.8 %
高新技术企业61家；214家规模以上工业企业中，38家有研发活动，占17.8%。
  hnte_count 2020 actual eq 61家 61 家
  ?规模以上工业企业 2020 actual eq 214家 214 家
  ?规模以上工业企业有研发活动 2020 actual eq 38家 38 家
  rd_active_share 2020 actual eq 17.8% 17.8 %
214家规上工业企业里有38家开展研发活动，占比17.8%。
  ?规上工业企业 2020 actual eq 214家 214 家
  ?规上工业企业开展研发活动 2020 actual eq 38家 38 家
  rd_active_share 2020 actual eq 17.8% 17.8 %
高新技术企业61家，比2015年的20家多41家。
  hnte_count 2020 actual eq 61家 61 家
  hnte_count 2015 actual eq 20家 20 家
  hnte_count 2020<2015 change eq 41家 41 家
高新技术企业61家，较上年的70家少9家。
  hnte_count 2020 actual eq 61家 61 家
  hnte_count 2019 actual eq 70家 70 家
  hnte_count 2020<2019 change eq 9家 -9 家
“十三五”期间，技术合同成交额逐年为1.1亿元、1.4亿元、1.9亿元、2.3亿元和2.8亿元，五年合计9.5亿元。
  tech_contract_value 2016 actual eq 1.1亿元 11000 万元
  tech_contract_value 2017 actual eq 1.4亿元 14000 万元
  tech_contract_value 2018 actual eq 1.9亿元 19000 万元
  tech_contract_value 2019 actual eq 2.3亿元 23000 万元
  tech_contract_value 2020 actual eq 2.8亿元 28000 万元
  tech_contract_value 2016-2020 actual eq 9.5亿元 95000 万元
2018—2020年，高新技术企业依次为41家、50家、61家。
  hnte_count 2018 actual eq 41家 41 家
  hnte_count 2019 actual eq 50家 50 家
  hnte_count 2020 actual eq 61家 61 家
近年来技术合同成交额1.9亿元、2.3亿元和2.8亿元，稳步增长。
  ?技术合同成交额 2020 actual eq 1.9亿元 1.9 亿元
  ?技术合同成交额 2020 actual eq 2.3亿元 2.3 亿元
  ?技术合同成交额 2020 actual eq 2.8亿元 2.8 亿元
高新技术企业61家，是2015年20家的3.05倍，净增41家；其中规模以上高新技术企业33家。
  hnte_count 2020 actual eq 61家 61 家
  hnte_count 2015 actual eq 20家 20 家
  hnte_count 2020<2015 other eq 3.05倍 3.05 倍
  hnte_count 2020<2015 change eq 41家 41 家
  hnte_above_scale_count 2020 actual eq 33家 33 家
技术合同成交额2.8亿元，恰为2016年1.4亿元的两倍，同比增长21.7%。
  tech_contract_value 2020 actual eq 2.8亿元 28000 万元
  tech_contract_value 2016 actual eq 1.4亿元 14000 万元
  tech_contract_value 2020<2016 other eq 两倍 2 倍
  tech_contract_value 2020<2019 growth eq 21.7% 21.7 %
自2018年以来，全社会R&D经费由3.9亿元扩大到5.2亿元，高新技术企业61家。
  rd_expenditure 2018 actual eq 3.9亿元 39000 万元
  rd_expenditure 2020 actual eq 5.2亿元 52000 万元
  hnte_count 2020 actual eq 61家 61 家
高新技术企业一年之内由52家扩至61家。
  hnte_count 2019 actual eq 52家 52 家
  hnte_count 2020 actual eq 61家 61 家
高新技术企业五年里从20家增加到61家。
  hnte_count 2015 actual eq 20家 20 家
  hnte_count 2020 actual eq 61家 61 家
R&D经费居前三位的县（市、区）为红花岗区（1.20亿元）、汇川区（1.05亿元）、播州区（0.88亿元），合计3.13亿元。
  rd_expenditure 2020 actual eq 1.20亿元 12000 万元 520302
  rd_expenditure 2020 actual eq 1.05亿元 10500 万元 520303
  rd_expenditure 2020 actual eq 0.88亿元 8800 万元 520304
  ?R&D经费 2020 actual eq 3.13亿元 3.13 亿元
R&D经费超过1亿元的有2个区，合计2.25亿元。
  ?R&D经费 2020 actual eq 2.25亿元 2.25 亿元
2020年R&D经费5.2亿元，其中企业（3.9亿元）、高校（0.8亿元）。
  rd_expenditure 2020 actual eq 5.2亿元 52000 万元
  ?企业 2020 actual eq 3.9亿元 3.9 亿元
  ?高校 2020 actual eq 0.8亿元 0.8 亿元
有效发明专利900件，常住人口660万人，据此测算每万人口发明专利拥有量1.36件。
  invention_patents_in_force 2020 actual eq 900件 900 件
  population_resident 2020 actual eq 660万人 6600000 人
  invention_patents_per_10k 2020 actual eq 1.36件 1.36 件/万人
# 合成市“十四五”科技创新规划 | 二、发展目标
到2025年，高新技术企业达到120家，其中2023年达到90家；技术合同成交额达到6亿元。
  hnte_count 2025 target/level ge 120家 120 家
  hnte_count 2023 target/level ge 90家 90 家
  tech_contract_value 2025 target/level ge 6亿元 60000 万元
研发投入强度由0.80%提高到1.20%，其中2023年1.00%、2024年1.10%；高新技术企业达到120家。
  rd_intensity 2020 baseline eq 0.80% 0.8 %
  rd_intensity 2025 target/level ge 1.20% 1.2 %
  rd_intensity 2023 target/level eq 1.00% 1 %
  rd_intensity 2024 target/level eq 1.10% 1.1 %
  hnte_count 2025 target/level ge 120家 120 家
高新技术企业在2020年61家的基数上翻一番，达到122家。
  hnte_count 2020 baseline eq 61家 61 家
  hnte_count 2025 target/multiple eq 翻一番 2 倍
  hnte_count 2025 target/level ge 122家 122 家
到2025年，数字经济核心产业营业收入在基期数值上再翻一番。
  ?数字经济核心产业营业收入 2025 target/multiple eq 翻一番 2 倍
科技型中小企业在2020年160家的基数上翻一番，达到330家。
  ?科技型中小企业 2020 actual eq 160家 160 家
  ?科技型中小企业 2025 target/multiple eq 翻一番 2 倍
  ?科技型中小企业 2025 target/level ge 330家 330 家
到2025年，规上企业研发机构覆盖率力争达到58%。
  ?规上企业研发机构覆盖率 2025 target/level ge 58% 58 % strive
"""


@pytest.mark.parametrize(("title", "heading", "sentence", "expected"), titled_cases(CASES))
def test_a_number_belongs_to_what_the_sentence_says(
    read_sentence: Callable[..., list[str]], title: str, heading: str, sentence: str, expected: list[str]
) -> None:
    assert read_sentence(sentence, heading, title) == expected


def _lines(read: Callable[..., Reading], brief: Callable[[Figure], str], text: str, **entry: str) -> list[str]:
    return [brief(figure) for figure in read(text, region_code="520300", **entry).figures]


@pytest.mark.parametrize(
    "preface",
    [
        "本规划期为2021年至2025年。",
        "规划以2020年为基期，到2025年建成创新型城市。",
        "实施期限为2021—2025年。",
    ],
)
def test_the_years_of_the_plan_govern_no_look_back(
    read: Callable[..., Reading], brief: Callable[[Figure], str], preface: str
) -> None:
    text = (
        f"# 合成市“十四五”科技创新规划（2021—2025年）\n\n{preface}\n\n## 一、发展基础\n\n### （一）投入\n\n"
        "研发经费稳步增长。\n\n### （二）主体\n\n高新技术企业61家。\n"
    )

    assert _lines(read, brief, text, name="plan.md") == ["L13 hnte_count 2020 actual eq 61家 61 家"]


@pytest.mark.parametrize(
    ("earlier", "year"),
    [
        ("——研发投入强度由0.80%提高到1.20%，2023年达到1.00%。", "2025"),
        ("——研发投入强度提高到1.20%，其中2023年1.00%、2024年1.10%。", "2025"),
        ("到2023年，研发投入强度达到1.00%；到2025年，力争进位：", "2025"),
        ("到2024年，主要指标为：", "2024"),
    ],
)
def test_a_milestone_said_in_passing_does_not_govern_the_next_paragraph(
    read: Callable[..., Reading], brief: Callable[[Figure], str], earlier: str, year: str
) -> None:
    text = f"合成市“十四五”科技创新规划\n二、发展目标\n（一）具体目标\n{earlier}\n——高新技术企业由61家增加到120家。\n"

    assert _lines(read, brief, text)[-2:] == [
        "L5 hnte_count 2020 baseline eq 61家 61 家",
        f"L5 hnte_count {year} target/level ge 120家 120 家",
    ]


def test_a_bulletin_reports_on_the_year_of_its_title(
    read: Callable[..., Reading], brief: Callable[[Figure], str]
) -> None:
    text = (
        "2023年合成市科技经费投入统计公报\n\n合成市统计局\n2024年10月21日\n\n一、总体情况\n\n"
        "全市R&D经费7.2亿元，比上年增长8.0%。\n\n二、结构\n\n基础研究经费0.3亿元。\n"
    )

    assert _lines(read, brief, text) == [
        "L8 rd_expenditure 2023 actual eq 7.2亿元 72000 万元",
        "L8 rd_expenditure 2023<2022 growth eq 8.0% 8 %",
        "L12 rd_expenditure 2023 actual eq 0.3亿元 3000 万元",
    ]


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("数字经济产值（基期为2022年）", "2022"),
        ("数字经济产值（以2022年为基期）", "2022"),
        ("数字经济产值（2022年基数）", "2022"),
        ("数字经济产值（含软件）", "2020"),
    ],
)
def test_a_row_may_have_a_base_year_of_its_own(read: Callable[..., Reading], name: str, year: str) -> None:
    text = (
        "# 合成市“十四五”科技创新规划\n\n## 二、发展目标\n\n"
        "| 指标 | 单位 | 基期值 | 2025年目标值 |\n|---|---|---|---|\n"
        f"| 高新技术企业数 | 家 | 61 | 120 |\n| {name} | 亿元 | 18.4 | 40.0 |\n"
    )
    figures = read(text, name="plan.md", region_code="520300").figures

    assert [figure.period for figure in figures if figure.kind == "baseline"] == ["2020", year]
