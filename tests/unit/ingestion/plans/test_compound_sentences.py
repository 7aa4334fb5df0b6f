"""Sentences as plans string them together: several indicators, milestones and asides at once (synthetic).

A line with # names the title and the heading that the sentence below it stands under; its figures are indented.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from tests.unit.ingestion.plans.sentence_tables import titled_cases

CASES = """
# 合成市“十四五”科技创新规划 | 一、“十三五”科技创新发展情况
企业创新主体地位进一步凸显，全市高新技术企业数量由“十二五”末的45家增加到2020年的186家，增长了3.1倍，科技型中小企业达到260家。
  hnte_count 2015 actual eq 45家 45 家
  hnte_count 2020 actual eq 186家 186 家
  hnte_count 2020<2015 growth eq 3.1倍 3.1 倍
  ?科技型中小企业 2020 actual eq 260家 260 家
2020年全市高新技术企业达186家，较2019年净增32家，增速20.8%，总量位居全省第五位。
  hnte_count 2020 actual eq 186家 186 家
  hnte_count 2020<2019 change eq 32家 32 家
  hnte_count 2020<2019 growth eq 20.8% 20.8 %
  hnte_count 2020 rank eq 第五位 5 位
技术合同成交额突破20亿元，达到21.3亿元，较上年翻了一番。
  tech_contract_value 2020 actual gt 20亿元 200000 万元
  tech_contract_value 2020 actual eq 21.3亿元 213000 万元
每万人口发明专利拥有量3.5件（全省平均4.2件）。
  invention_patents_per_10k 2020 actual eq 3.5件 3.5 件/万人
截至2020年12月底，全市有效发明专利1820件，同比增长12.3%。
  invention_patents_in_force 2020 actual eq 1820件 1820 件
  invention_patents_in_force 2020<2019 growth eq 12.3% 12.3 %
2020年，全市一般公共预算支出中科学技术支出5.6亿元，同比增长9.8%，占比为1.35%。
  st_budget_expenditure 2020 actual eq 5.6亿元 56000 万元
  st_budget_expenditure 2020<2019 growth eq 9.8% 9.8 %
  st_fiscal_share 2020 actual eq 1.35% 1.35 %
全市规模以上工业企业研发经费支出8.2亿元，占全社会研发经费的83.7%，规上工业企业中有研发活动的企业占比由15.2%提高到28.6%。
  rd_expenditure_industry_above_scale 2020 actual eq 8.2亿元 82000 万元
  rd_active_share 2015 actual eq 15.2% 15.2 %
  rd_active_share 2020 actual eq 28.6% 28.6 %
拥有国家级高新技术产业开发区1个，省级高新区3个，高新技术企业186家，科技型中小企业260家。
  ?国家级高新技术产业开发区 2020 actual eq 1个 1 个
  ?省级高新区 2020 actual eq 3个 3 个
  hnte_count 2020 actual eq 186家 186 家
  ?科技型中小企业 2020 actual eq 260家 260 家
研发人员折合全时当量达到3520人年，每万名就业人员中研发人员21.5人年。
  rd_fte 2020 actual eq 3520人年 3520 人年
  rd_personnel_share 2020 actual eq 21.5人年 21.5 人/万人
全市综合科技创新水平指数46.5%，居全省第6位，比2015年上升2位。
  sti_index 2020 actual eq 46.5% 46.5 %
  sti_index 2020 rank eq 第6位 6 位
  sti_index 2020<2015 change eq 2位 2 位
# 合成市“十四五”科技创新规划 | （一）存在问题
R&D经费投入强度仅为0.71%，低于全省0.98%和全国2.40%的平均水平。
  rd_intensity 2020 actual eq 0.71% 0.71 %
高新技术企业数量仅占全省的3.2%，规上工业企业中有研发活动的不到三成。
与先进地区相比，我市研发投入强度比省会低1.2个百分点，高新技术企业数不足省会的十分之一。
# 合成市“十四五”科技创新规划 | （二）发展目标
到2025年，科技创新综合实力明显增强，主要创新指标达到全省中上游水平，力争全社会研发经费投入占GDP比重达到1.5%。
  rd_intensity 2025 target/level ge 1.5% 1.5 % strive
——研发投入大幅增加。全社会研发经费投入年均增长15%以上，到2025年达到20亿元以上，占地区生产总值比重达1.5%以上。规模以上工业企业研发经费支出占营业收入比重达到1.2%。
  rd_expenditure 2025<2020 target/growth_avg ge 15% 15 %
  rd_expenditure 2025 target/level ge 20亿元 200000 万元
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  ?规模以上工业企业研发经费支出占营业收入比重 2025 target/level ge 1.2% 1.2 %
——创新主体不断壮大。力争高新技术企业数量达到400家，年均增长16.5%左右；科技型中小企业达到800家；规上工业企业建立研发机构比例达到35%。
  hnte_count 2025 target/level ge 400家 400 家 strive
  hnte_count 2025<2020 target/growth_avg approx 16.5% 16.5 %
  ?科技型中小企业 2025 target/level ge 800家 800 家
  ?规上工业企业建立研发机构比例 2025 target/level ge 35% 35 %
——创新平台提质增效。新建国家级创新平台3个以上，省级以上创新平台总数达到100个，其中省级新型研发机构20家。
  ?新建国家级创新平台 2021-2025 target/new_flow ge 3个 3 个
  innovation_platforms_provincial 2025 target/level ge 100个 100 个
  ?省级新型研发机构 2025 target/level eq 20家 20 家
——成果转化能力显著提升。年技术合同成交额达到60亿元以上，年均增长23%。
  tech_contract_value 2025 target/level ge 60亿元 600000 万元
  tech_contract_value 2025<2020 target/growth_avg eq 23% 23 %
——人才队伍持续壮大。每万名就业人员中研发人员达到35人年，引进高层次创新团队20个，研发人员总量突破1万人。
  rd_personnel_share 2025 target/level ge 35人年 35 人/万人
  ?引进高层次创新团队 2021-2025 target/new_flow eq 20个 20 个
  ?研发人员总量 2025 target/level gt 1万人 1 万人
到2025年，R&D经费占GDP比重提高到1.5%以上（其中企业R&D经费占比达到85%以上），每万人口高价值发明专利拥有量达到2.5件。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  ?企业R&D经费占比 2025 target/level ge 85% 85 %
  high_value_patents_per_10k 2025 target/level ge 2.5件 2.5 件/万人
到2023年，全市R&D经费投入强度达1.1%以上，高新技术企业突破260家，技术合同成交额突破35亿元；到2025年，全市R&D经费投入强度达1.5%以上，高新技术企业突破400家，技术合同成交额突破60亿元。
  rd_intensity 2023 target/level ge 1.1% 1.1 %
  hnte_count 2023 target/level gt 260家 260 家
  tech_contract_value 2023 target/level gt 35亿元 350000 万元
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  hnte_count 2025 target/level gt 400家 400 家
  tech_contract_value 2025 target/level gt 60亿元 600000 万元
2021年、2023年和2025年，全社会研发投入强度分别达到0.8%、1.1%和1.5%以上。
  rd_intensity 2021 target/level ge 0.8% 0.8 %
  rd_intensity 2023 target/level ge 1.1% 1.1 %
  rd_intensity 2025 target/level ge 1.5% 1.5 %
“十四五”时期，全市R&D经费投入年均增长15%，2025年达到20亿元。
  rd_expenditure 2025<2020 target/growth_avg eq 15% 15 %
  rd_expenditure 2025 target/level ge 20亿元 200000 万元
高新技术企业实现“三年倍增”，2023年达到370家。
  hnte_count 2023 target/level ge 370家 370 家
力争用5年时间，高新技术企业总数突破500家，R&D经费占GDP比重突破2%，技术合同成交额突破100亿元。
  hnte_count 2025 target/level gt 500家 500 家 strive
  rd_intensity 2025 target/level gt 2% 2 %
  tech_contract_value 2025 target/level gt 100亿元 1000000 万元
确保到2025年全社会研发投入强度不低于1.5%，力争达到1.8%。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  rd_intensity 2025 target/level ge 1.8% 1.8 % strive
全社会研发投入强度达到1.5%左右、力争达到1.8%。
  rd_intensity 2025 target/level approx 1.5% 1.5 %
  rd_intensity 2025 target/level ge 1.8% 1.8 % strive
到2025年，高新技术企业保有量突破400家，高新技术产业产值突破500亿元、占规模以上工业总产值比重达到35%。
  hnte_count 2025 target/level gt 400家 400 家
  hightech_output 2025 target/level gt 500亿元 5000000 万元
  ?占规模以上工业总产值比重 2025 target/level ge 35% 35 %
到2025年，引进和培育高新技术企业150家以上。
  hnte_count 2021-2025 target/new_flow ge 150家 150 家
到2025年，高新技术企业数量净增200家。
  hnte_count 2021-2025 target/new_flow eq 200家 200 家
到2025年，培育认定高新技术企业超过400家。
  hnte_count 2025 target/level gt 400家 400 家
到2025年，全市高新技术企业数量占全省比重达到5%。
  ?高新技术企业数量占全省比重 2025 target/level ge 5% 5 %
全市输出技术合同成交额达到30亿元，吸纳技术合同成交额达到50亿元。
  tech_contract_value 2025 target/level ge 30亿元 300000 万元
  tech_contract_value 2025 target/level ge 50亿元 500000 万元
到2025年，全市技术合同成交额达到60亿元，其中技术交易额达到45亿元。
  tech_contract_value 2025 target/level ge 60亿元 600000 万元
  tech_transaction_value 2025 target/level ge 45亿元 450000 万元
市本级财政科技投入年均增长10%以上。
  ?市本级财政科技投入 2025<2020 target/growth_avg ge 10% 10 %
确保财政科技支出只增不减，到2025年全市财政科技支出达到10亿元。
  st_budget_expenditure 2025 target/level ge 10亿元 100000 万元
2025年全市地区生产总值达到2000亿元，年均增长8%；一般公共预算支出达到500亿元。
  gdp 2025 target/level ge 2000亿元 2000 亿元
  gdp 2025<2020 target/growth_avg eq 8% 8 %
  budget_expenditure 2025 target/level ge 500亿元 5000000 万元
到2035年，研发投入强度达到全国平均水平，高新技术企业达到1000家，建成创新型城市。
  hnte_count 2035 target/level ge 1000家 1000 家
# 合成县科技创新三年行动方案（2024—2026年） | 二、重点任务
培育创新主体，三年新认定高新技术企业15家以上，对首次认定的企业奖励10万元。
  hnte_count 2024-2026 target/new_flow ge 15家 15 家
三年新建省级以上研发平台3个，新型研发机构2家。
  rd_platforms_provincial_new 2024-2026 target/new_flow eq 3个 3 个
  new_type_rd_institutions_new 2024-2026 target/new_flow eq 2家 2 个
力争规上工业企业R&D经费支出年均增长15%，有研发活动的规上工业企业占比达到30%。
  rd_expenditure_industry_above_scale 2026<2023 target/growth_avg eq 15% 15 % strive
  rd_active_share 2026 target/level ge 30% 30 %
# 合成市“十四五”科技创新规划 | 一、总则
近年来，全市新增高新技术企业35家，高新技术企业达到120家。
  hnte_count 2020 change eq 35家 35 家
  hnte_count 2020 actual eq 120家 120 家
去年全市研发投入强度达到1.2%，比上年提高0.1个百分点。
  rd_intensity 2020 actual eq 1.2% 1.2 %
  rd_intensity 2020<2019 change eq 0.1个百分点 0.1 个百分点
# 合成市“十四五”科技创新规划 | 二、发展目标
实现四个倍增：高新技术企业数量、科技型中小企业数量、技术合同成交额、R&D经费支出在2020年基础上分别实现倍增。
  hnte_count 2025 target/multiple eq 倍增 2 倍
  ?科技型中小企业数量 2025 target/multiple eq 倍增 2 倍
  tech_contract_value 2025 target/multiple eq 倍增 2 倍
  rd_expenditure 2025 target/multiple eq 倍增 2 倍
研发经费投入强度达到2%（2020年为0.92%，全国平均2.4%）。
  rd_intensity 2025 target/level ge 2% 2 %
  rd_intensity 2020 baseline eq 0.92% 0.92 %
推动高新技术企业新增30家。
  hnte_count 2021-2025 target/new_flow eq 30家 30 家
# 合成市“十四五”科技创新规划 | 一、工作成效
2020年、2021年全市技术合同成交额分别完成12亿元、18亿元，分别增长20%、50%。
  tech_contract_value 2020 actual eq 12亿元 120000 万元
  tech_contract_value 2021 actual eq 18亿元 180000 万元
  tech_contract_value 2020 growth eq 20% 20 %
  tech_contract_value 2021 growth eq 50% 50 %
"""


@pytest.mark.parametrize(("title", "heading", "sentence", "expected"), titled_cases(CASES))
def test_every_figure_of_a_long_sentence_is_understood(
    read_sentence: Callable[..., list[str]], title: str, heading: str, sentence: str, expected: list[str]
) -> None:
    assert read_sentence(sentence, heading, title) == expected


def test_what_is_aforesaid_stands_in_the_paragraph_above(read: Callable[..., Reading]) -> None:
    text = """二、目标

到2025年，研发投入强度达到1.5%，高新技术企业达到100家。

到2030年，上述两项指标分别达到2%和200家。
"""
    reading = read(text, title="合成市“十四五”科技创新规划", region_code="520300")

    assert [(figure.indicator_code, figure.period, figure.printed_text) for figure in reading.figures] == [
        ("rd_intensity", "2025", "1.5%"),
        ("hnte_count", "2025", "100家"),
        ("rd_intensity", "2030", "2%"),
        ("hnte_count", "2030", "200家"),
    ]
