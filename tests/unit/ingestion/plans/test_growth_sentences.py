"""Multiples, growth, ranks and their changes that a plan sets out (synthetic sentences).

A sentence stands at the margin, every figure that it prints is indented below it: indicator (?name where none), period
(<base), kind, comparator, printed text, value, unit, strive, and the region where it is another one than its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
到2025年，技术合同成交额比2020年增长1倍。
  tech_contract_value 2025<2020 target/growth_total eq 1倍 1 倍
到2025年，技术合同成交额较2020年翻一番。
  tech_contract_value 2025 target/multiple eq 翻一番 2 倍
到2025年，技术合同成交额实现翻番。
  tech_contract_value 2025 target/multiple eq 实现翻番 2 倍
到2025年，高新技术企业数量是2020年的2倍。
  hnte_count 2025 target/multiple eq 2倍 2 倍
到2025年，高新技术企业数量达到2020年的2.5倍以上。
  hnte_count 2025 target/multiple ge 2.5倍 2.5 倍
到2025年，技术合同成交额年均增长10%以上。
  tech_contract_value 2025<2020 target/growth_avg ge 10% 10 %
到2025年，研发经费投入年均增速达到12%。
  rd_expenditure 2025<2020 target/growth_avg ge 12% 12 %
到2025年，研发投入强度比2020年提高0.5个百分点。
  rd_intensity 2025<2020 target/growth_total eq 0.5个百分点 0.5 个百分点
到2025年，国家创新型城市排名提升5位。
  innovative_city_rank 2025 target/rank_change eq 5位 5 位
到2025年，国家创新型城市排名进入前50位。
  innovative_city_rank 2025 target/rank le 前50位 50 位
到2025年，国家创新型城市创新能力排名前40名。
  innovative_city_rank 2025 target/rank le 前40名 40 位
到2025年，地区生产总值年均增长8%左右。
  gdp 2025<2020 target/growth_avg approx 8% 8 %
争取研发投入强度达到全国第50位。
  rd_intensity 2025 target/rank eq 第50位 50 位 strive
研发投入强度进入全省前3位。
  rd_intensity 2025 target/rank le 前3位 3 位
全社会研发投入强度全省排名提升2位。
  rd_intensity 2025 target/rank_change eq 2位 2 位
综合科技创新水平指数位居全省前3名。
  sti_index 2025 target/rank le 前3名 3 位
研发投入强度年均提高0.1个百分点以上。
  rd_intensity 2025<2020 target/growth_avg ge 0.1个百分点 0.1 个百分点
研发经费投入年均增长15%以上，到2025年占GDP比重达到1.8%。
  rd_expenditure 2025<2020 target/growth_avg ge 15% 15 %
  rd_intensity 2025 target/level ge 1.8% 1.8 %
科技创新能力显著提升。到2025年，全社会研发投入年均增长10%以上，R&D投入强度达到2.0%。
  rd_expenditure 2025<2020 target/growth_avg ge 10% 10 %
  rd_intensity 2025 target/level ge 2.0% 2 %
——创新投入持续加大。全社会研发经费投入年均增长12%以上，占GDP比重达到1.8%，其中规模以上工业企业R&D经费支出占主营业务收入比重达到1.2%。
  rd_expenditure 2025<2020 target/growth_avg ge 12% 12 %
  rd_intensity 2025 target/level ge 1.8% 1.8 %
  ?规模以上工业企业R&D经费支出占主营业务收入比重 2025 target/level ge 1.2% 1.2 %
到2025年，高新技术企业数量在2020年基础上翻一番，达到240家。
  hnte_count 2025 target/multiple eq 翻一番 2 倍
  hnte_count 2025 target/level ge 240家 240 家
到2025年，高新技术企业达到300家左右，年均增长20%左右。
  hnte_count 2025 target/level approx 300家 300 家
  hnte_count 2025<2020 target/growth_avg approx 20% 20 %
到2025年，高新技术企业较“十三五”末翻一番。
  hnte_count 2025 target/multiple eq 翻一番 2 倍
到2025年，高新技术企业数增长100%。
  hnte_count 2025<2020 target/growth_total eq 100% 100 %
到2025年，全社会研究与试验发展经费投入（R&D）年均增长18%以上，投入强度达3%左右。
  rd_expenditure 2025<2020 target/growth_avg ge 18% 18 %
  rd_intensity 2025 target/level approx 3% 3 %
高新技术企业数量年均增长15%，到2025年突破300家；科技型中小企业年均增长20%，到2025年突破500家。
  hnte_count 2025<2020 target/growth_avg eq 15% 15 %
  hnte_count 2025 target/level gt 300家 300 家
  ?科技型中小企业 2025<2020 target/growth_avg eq 20% 20 %
  ?科技型中小企业 2025 target/level gt 500家 500 家
全市技术合同成交额年均增长15%以上，总量突破100亿元。
  tech_contract_value 2025<2020 target/growth_avg ge 15% 15 %
  tech_contract_value 2025 target/level gt 100亿元 1000000 万元
到2025年，科技进步水平指数提升至55%以上，全省排名前进2位。
  sti_index 2025 target/level ge 55% 55 %
  sti_index 2025 target/rank_change eq 2位 2 位
到2025年,高新技术企业总数比2020年翻一番以上。
  hnte_count 2025 target/multiple eq 翻一番 2 倍
到2025年，高新技术企业总数较2020年增加一倍以上。
  hnte_count 2025<2020 target/growth_total ge 一倍 1 倍
到2025年，高新技术企业数量增长50%以上、达到180家以上。
  hnte_count 2025<2020 target/growth_total ge 50% 50 %
  hnte_count 2025 target/level ge 180家 180 家
到2025年，研发投入强度提高百分之零点五。
  rd_intensity 2025<2020 target/growth_total eq 百分之零点五 0.5 %
到2025年，研发人员全时当量年均增长不低于8%。
  rd_fte 2025<2020 target/growth_avg ge 8% 8 %
到2025年，单位生产总值能耗降低13%，技术合同成交额降低5%。
  ?单位生产总值能耗 2025<2020 target/growth_total eq 13% -13 %
  tech_contract_value 2025<2020 target/growth_total eq 5% -5 %
到2025年，财政科学技术支出年均递增10%，占一般公共预算支出的比重不低于2%。
  st_budget_expenditure 2025<2020 target/growth_avg eq 10% 10 %
  st_fiscal_share 2025 target/level ge 2% 2 %
到2025年，力争高新技术企业数量翻两番。
  hnte_count 2025 target/multiple eq 翻两番 4 倍 strive
到2025年，研发投入强度达到全国中上游水平，高新技术企业总量稳居全省前3位。
  hnte_count 2025 target/rank le 前3位 3 位
到2025年，国家创新型城市排名由第68位提升至第60位。
  innovative_city_rank 2020 rank eq 第68位 68 位
  innovative_city_rank 2025 target/rank eq 第60位 60 位
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_growth_is_set_out(read_sentence: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert read_sentence(sentence, "二、发展目标") == expected
