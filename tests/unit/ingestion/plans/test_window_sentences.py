"""Which years a sentence speaks of, by the plan that it stands in (synthetic plans of several decades).

A line with # names the title and the heading that the sentence below it stands under; its figures are indented.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import titled_cases

CASES = """
# 合成市“十一五”科技发展规划 | 一、回顾
“十五”期间，全市R&D经费支出达到1.2亿元，高新技术企业12家。2005年，全市R&D经费支出占GDP的比重为0.35%。“十五”末，有效发明专利35件。
  rd_expenditure 2001-2005 actual eq 1.2亿元 12000 万元
  hnte_count 2005 actual eq 12家 12 家
  rd_intensity 2005 actual eq 0.35% 0.35 %
  invention_patents_in_force 2005 actual eq 35件 35 件
# 合成市“十一五”科技发展规划 | 二、目标
到2010年，全社会R&D经费占GDP比重达到1.5%，高新技术企业达到30家；“十一五”期间，新增高新技术企业18家。
  rd_intensity 2010 target/level ge 1.5% 1.5 %
  hnte_count 2010 target/level ge 30家 30 家
  hnte_count 2006-2010 target/new_flow eq 18家 18 家
# 合成市“十二五”科技发展规划 | 二、目标
到2015年，全社会R&D经费支出占GDP的比重达到1.0%以上，年均增长20%。“十二五”期间新建省级以上研发平台6个。
  rd_intensity 2015 target/level ge 1.0% 1 %
  rd_intensity 2015<2010 target/growth_avg eq 20% 20 %
  rd_platforms_provincial_new 2011-2015 target/new_flow eq 6个 6 个
# 合成市国民经济和社会发展第十二个五年规划纲要 | 二、目标
研发经费支出占地区生产总值比重达到1.5%，每万人口发明专利拥有量提高到2件。
  rd_intensity 2015 target/level ge 1.5% 1.5 %
  invention_patents_per_10k 2015 target/level ge 2件 2 件/万人
# 合成市“十五五”科技创新规划 | 二、目标
到2030年，研发投入强度达到2.5%；到2028年，高新技术企业达到500家。展望2035年，研发投入强度达到3%。
  rd_intensity 2030 target/level ge 2.5% 2.5 %
  hnte_count 2028 target/level ge 500家 500 家
  rd_intensity 2035 target/level ge 3% 3 %
# 合成市“十四五”科技创新规划 | 三、2022年重点工作
新认定高新技术企业60家，总数达到310家。
  hnte_count 2022 target/new_flow eq 60家 60 家
  hnte_count 2022 target/level ge 310家 310 家
# 合成市2023年科技工作要点 |
2023年，全市新增高新技术企业30家，技术合同成交额达到20亿元，研发投入强度达到1.1%。
  hnte_count 2023 target/new_flow eq 30家 30 家
  tech_contract_value 2023 target/level ge 20亿元 200000 万元
  rd_intensity 2023 target/level ge 1.1% 1.1 %
# 合成市2023年科技工作要点 | 一、主要目标
全年新增高新技术企业30家，技术合同成交额达到20亿元，同比增长15%，研发投入强度力争达到1.1%。
  hnte_count 2023 target/new_flow eq 30家 30 家
  tech_contract_value 2023 target/level ge 20亿元 200000 万元
  tech_contract_value 2023<2022 target/growth_total eq 15% 15 %
  rd_intensity 2023 target/level ge 1.1% 1.1 % strive
# 合成市2023年科技工作要点 | 一、2022年工作回顾
2022年，全市高新技术企业达到200家，技术合同成交额18亿元，增长12%。
  hnte_count 2022 actual eq 200家 200 家
  tech_contract_value 2022 actual eq 18亿元 180000 万元
  tech_contract_value 2022 growth eq 12% 12 %
# 合成市科技创新行动计划（2021—2023年） | 二、主要目标
到2021年，高新技术企业达到150家；到2022年，达到180家；到2023年，达到220家，研发投入强度达到1.2%。三年累计新增高新技术企业100家。
  hnte_count 2021 target/level ge 150家 150 家
  hnte_count 2022 target/level ge 180家 180 家
  hnte_count 2023 target/level ge 220家 220 家
  rd_intensity 2023 target/level ge 1.2% 1.2 %
  hnte_count 2021-2023 target/cumulative_flow eq 100家 100 家
# 合成市科技创新三年行动方案（2023-2025年） | 二、主要目标
到2025年，三年新增高新技术企业100家。2023年、2024年、2025年高新技术企业分别达到150家、180家、220家。
  hnte_count 2023-2025 target/new_flow eq 100家 100 家
  hnte_count 2023 target/level ge 150家 150 家
  hnte_count 2024 target/level ge 180家 180 家
  hnte_count 2025 target/level ge 220家 220 家
# 合成市科技创新三年行动方案（2023-2025年） | 二、主要目标
2023年高新技术企业达到150家，2024年达到180家，2025年达到220家。
  hnte_count 2023 target/level ge 150家 150 家
  hnte_count 2024 target/level ge 180家 180 家
  hnte_count 2025 target/level ge 220家 220 家
# 合成市中长期科学和技术发展规划纲要（2006—2020年） | 二、目标
到2010年，全社会研发投入占GDP比重提高到1.0%，到2020年达到2.5%以上。
  rd_intensity 2010 target/level ge 1.0% 1 %
  rd_intensity 2020 target/level ge 2.5% 2.5 %
# 合成市关于加快科技创新的实施意见 | 二、主要目标
到2020年，全社会研发投入占地区生产总值比重达到1.5%以上，高新技术企业数量达到100家，实现翻番。
  rd_intensity 2020 target/level ge 1.5% 1.5 %
  hnte_count 2020 target/level ge 100家 100 家
  hnte_count 2020 target/multiple eq 实现翻番 2 倍
# 合成市“十四五”科技创新规划 | 二、目标
规划期末，研发投入强度达到1.8%。五年累计新增高新技术企业150家。规划期内，新建省级以上研发平台10个。未来五年，新增高新技术企业150家。今后五年研发经费投入年均增长10%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
  hnte_count 2021-2025 target/cumulative_flow eq 150家 150 家
  rd_platforms_provincial_new 2021-2025 target/new_flow eq 10个 10 个
  hnte_count 2021-2025 target/new_flow eq 150家 150 家
  rd_expenditure 2025<2020 target/growth_avg eq 10% 10 %
# 合成市“十四五”科技创新规划 | 一、基础
五年累计新增高新技术企业85家，技术合同成交额累计达到150亿元。过去五年，研发经费投入年均增长20%。
  hnte_count 2016-2020 change eq 85家 85 家
  tech_contract_value 2016-2020 actual eq 150亿元 1500000 万元
  rd_expenditure 2016-2020 growth eq 20% 20 %
# 合成市“十四五”科技创新规划 | 第三章 二〇三五年远景目标
到二〇二五年，研发投入强度达到1.8%；到二〇三五年，达到3%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
  rd_intensity 2035 target/level ge 3% 3 %
# 合成市“十四五”科技创新规划 | 一、目标
力争到 2025 年,高新技术企业达到 300 家 以上;到 2030 年，力争 600 家。
  hnte_count 2025 target/level ge 300家 300 家 strive
  hnte_count 2030 target/level eq 600家 600 家 strive
# 合成市“十三五”科技创新规划 | 一、发展基础
“十二五”期间，新增高新技术企业35家。2015年，研发投入强度达到0.85%，较2010年提高0.3个百分点。“十二五”末，高新技术企业达到60家。
  hnte_count 2011-2015 change eq 35家 35 家
  rd_intensity 2015 actual eq 0.85% 0.85 %
  rd_intensity 2015<2010 change eq 0.3个百分点 0.3 个百分点
  hnte_count 2015 actual eq 60家 60 家
# 合成市“十三五”科技创新规划 | 二、目标
到2018年，研发投入强度达到1.0%；到2020年，达到1.5%，高新技术企业较2015年翻一番，“十三五”期间累计新增新型研发机构10家。
  rd_intensity 2018 target/level ge 1.0% 1 %
  rd_intensity 2020 target/level ge 1.5% 1.5 %
  hnte_count 2020 target/multiple eq 翻一番 2 倍
  new_type_rd_institutions_new 2016-2020 target/cumulative_flow eq 10家 10 个
# 合成市“十五五”科技创新规划 | 一、发展基础
2025年，全市研发投入强度1.85%，高新技术企业420家，较2020年净增220家。“十四五”期间，研发经费投入年均增长15.2%。
  rd_intensity 2025 actual eq 1.85% 1.85 %
  hnte_count 2025 actual eq 420家 420 家
  hnte_count 2025<2020 change eq 220家 220 家
  rd_expenditure 2021-2025 growth eq 15.2% 15.2 %
# 合成市2024年政府工作报告 | 一、2023年工作回顾
2023年研发投入强度达到1.2%，高新技术企业达到300家。
  rd_intensity 2023 actual eq 1.2% 1.2 %
  hnte_count 2023 actual eq 300家 300 家
# 合成市2024年政府工作报告 | 二、2024年重点工作
上半年完成技术合同成交额10亿元，全年达到25亿元；年内新增高新技术企业40家。
  tech_contract_value 2024-S1 target/level eq 10亿元 100000 万元
  tech_contract_value 2024 target/level ge 25亿元 250000 万元
  hnte_count 2024 target/new_flow eq 40家 40 家
# 合成市科技创新中长期规划（2021—2035年） | 二、目标
到2025年，研发投入强度达到1.8%；到2030年，达到2.2%；到2035年，达到2.8%，高新技术企业超过1000家。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
  rd_intensity 2030 target/level ge 2.2% 2.2 %
  rd_intensity 2035 target/level ge 2.8% 2.8 %
  hnte_count 2035 target/level gt 1000家 1000 家
# 合成市国民经济和社会发展第十一个五年规划纲要 | 二、目标
到2010年，全社会研发经费占生产总值比重达到1%，地区生产总值年均增长10%。
  rd_intensity 2010 target/level ge 1% 1 %
  gdp 2010<2005 target/growth_avg eq 10% 10 %
# 合成市2024年科技创新工作情况和2025年工作安排的报告 | 一、2024年工作开展情况
前三季度完成技术合同成交额41.6亿元，全年58.9亿元，增长17.8%；年内认定高新技术企业30家，总数达到140家。
  tech_contract_value 2024-Q1--Q3 actual eq 41.6亿元 416000 万元
  tech_contract_value 2024 actual eq 58.9亿元 589000 万元
  tech_contract_value 2024 growth eq 17.8% 17.8 %
  hnte_count 2024 change eq 30家 30 家
  hnte_count 2024 actual eq 140家 140 家
# 合成市“十四五”科技创新规划实施情况中期评估报告 | 一、总体进展
截至2022年底，高新技术企业由2020年的74家增加到2022年的105家，两年净增31家。2022年研发投入强度1.2%，距2025年目标还差0.3个百分点。到2025年，研发投入强度达到1.5%。
  hnte_count 2020 actual eq 74家 74 家
  hnte_count 2022 actual eq 105家 105 家
  hnte_count 2022<2020 change eq 31家 31 家
  rd_intensity 2022 actual eq 1.2% 1.2 %
  ?距目标还差 2022 actual eq 0.3个百分点 0.3 个百分点
  rd_intensity 2025 target/level ge 1.5% 1.5 %
# 合成市关于科技创新提能的意见 | 一、目标
2023—2027年实施提能行动。到2025年，高新技术企业达到300家；到2027年达到400家，五年新增高新技术企业150家。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_count 2027 target/level ge 400家 400 家
  hnte_count 2023-2027 target/new_flow eq 150家 150 家
"""


@pytest.mark.parametrize(("title", "heading", "sentence", "expected"), titled_cases(CASES))
def test_a_sentence_speaks_of_the_years_of_its_plan(
    read_sentence: Callable[..., list[str]], title: str, heading: str, sentence: str, expected: list[str]
) -> None:
    assert read_sentence(sentence, heading, title) == expected
