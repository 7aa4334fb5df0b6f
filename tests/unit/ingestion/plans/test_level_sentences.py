"""Levels that a plan sets out (synthetic sentences).

A sentence stands at the margin, every figure that it prints is indented below it: indicator (?name where none), period
(<base), kind, comparator, printed text, value, unit, strive, and the region where it is another one than its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
到2025年，全社会研发投入强度达到2.5%以上，高新技术企业数量突破300家，技术合同成交额达到50亿元，每万人口发明专利拥有量达到12件。
  rd_intensity 2025 target/level ge 2.5% 2.5 %
  hnte_count 2025 target/level gt 300家 300 家
  tech_contract_value 2025 target/level ge 50亿元 500000 万元
  invention_patents_per_10k 2025 target/level ge 12件 12 件/万人
到2023年，高新技术企业达到200家，研发经费投入强度达到1.2%；到2025年，分别达到300家、1.8%。
  hnte_count 2023 target/level ge 200家 200 家
  rd_intensity 2023 target/level ge 1.2% 1.2 %
  hnte_count 2025 target/level ge 300家 300 家
  rd_intensity 2025 target/level ge 1.8% 1.8 %
到2025年，研发经费投入占地区生产总值比重达到2.0%左右，其中规上工业企业研发经费支出达到30亿元。
  rd_intensity 2025 target/level approx 2.0% 2 %
  rd_expenditure_industry_above_scale 2025 target/level ge 30亿元 300000 万元
高新技术企业数从2020年的120家增加到2025年的300家。
  hnte_count 2020 baseline eq 120家 120 家
  hnte_count 2025 target/level ge 300家 300 家
R&D经费投入强度从0.54%增加至0.89%。
  rd_intensity 2020 baseline eq 0.54% 0.54 %
  rd_intensity 2025 target/level ge 0.89% 0.89 %
R&D经费投入强度由2020年的0.54%提高到2025年的0.89%。
  rd_intensity 2020 baseline eq 0.54% 0.54 %
  rd_intensity 2025 target/level ge 0.89% 0.89 %
到2025年，拥有高新技术企业120家。
  hnte_count 2025 target/level eq 120家 120 家
到2025年，建成省级以上创新平台30个。
  innovation_platforms_provincial 2025 target/level eq 30个 30 个
到2025年，建成30个省级以上创新平台。
  innovation_platforms_provincial 2025 target/level eq 30个 30 个
力争到2025年，全社会研发投入强度达到2.8%，高新技术企业达到500家。
  rd_intensity 2025 target/level ge 2.8% 2.8 % strive
  hnte_count 2025 target/level ge 500家 500 家 strive
到2025年，研发投入强度力争达到2.5%。
  rd_intensity 2025 target/level ge 2.5% 2.5 % strive
到2025年，高新技术企业达到100～120家。
  hnte_count 2025 target/level range 100～120家 100 家
到2025年，高新技术企业达到100-120家。
  hnte_count 2025 target/level range 100-120家 100 家
到2025年，研发投入强度达到1.2-1.5%。
  rd_intensity 2025 target/level range 1.2-1.5% 1.2 %
到2025年，财政科技支出占一般公共预算支出比重达到百分之三。
  st_fiscal_share 2025 target/level ge 百分之三 3 %
到2025年，规模以上工业企业中有研发活动企业占比达到百分之二十五以上。
  rd_active_share 2025 target/level ge 百分之二十五 25 %
到2025年，技术合同成交额达到五千万元。
  tech_contract_value 2025 target/level ge 五千万元 5000 万元
到2025年，高新技术企业达到十五家。
  hnte_count 2025 target/level ge 十五家 15 家
到2025年，高新技术企业达到一百二十家以上。
  hnte_count 2025 target/level ge 一百二十家 120 家
到2025年，高新技术企业、规模以上高新技术企业分别达到300家、150家。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_above_scale_count 2025 target/level ge 150家 150 家
到2025年，研发投入强度和财政科技支出占比分别达到1.5%和2%。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  st_fiscal_share 2025 target/level ge 2% 2 %
到2025年，高新技术企业（2020年为120家）达到300家。
  hnte_count 2020 baseline eq 120家 120 家
  hnte_count 2025 target/level ge 300家 300 家
到2025年，高新技术企业达到300家（2020年为120家）。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_count 2020 baseline eq 120家 120 家
研发投入强度达到1.5%（2025年）。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
研发投入强度（2025年）达到1.5%。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
到2025年，高新技术企业不少于300家，研发投入强度不低于1.5%，财政科技支出占比高于2%。
  hnte_count 2025 target/level ge 300家 300 家
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  st_fiscal_share 2025 target/level gt 2% 2 %
到2025年，常住人口达到350万人，地区生产总值突破2000亿元，人均地区生产总值达到6万元。
  population_resident 2025 target/level ge 350万人 3500000 人
  gdp 2025 target/level gt 2000亿元 2000 亿元
  gdp_per_capita 2025 target/level ge 6万元 60000 元
到2025年，R&D人员全时当量达到5000人年，每万名就业人员中研发人员达到45人年。
  rd_fte 2025 target/level ge 5000人年 5000 人年
  rd_personnel_share 2025 target/level ge 45人年 45 人/万人
到2025年，每万名就业人员中R&D人员达到45人。
  rd_personnel_share 2025 target/level ge 45人 45 人/万人
到2025年高新技术企业达到300家，到2030年达到600家，到2035年达到1000家。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_count 2030 target/level ge 600家 600 家
  hnte_count 2035 target/level ge 1000家 1000 家
2025年高新技术企业数达300家，2035年超过1000家。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_count 2035 target/level gt 1000家 1000 家
展望2035年，研发投入强度达到3%。
  rd_intensity 2035 target/level ge 3% 3 %
到2035年，研发投入强度达到3.0%以上，进入全国创新型城市前列。
  rd_intensity 2035 target/level ge 3.0% 3 %
到“十四五”末，高新技术企业达到300家以上。
  hnte_count 2025 target/level ge 300家 300 家
“十四五”末，研发投入强度达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
到十四五末，高新技术企业达到300家。
  hnte_count 2025 target/level ge 300家 300 家
到2025年底，高新技术企业数量力争突破300家、确保达到260家。
  hnte_count 2025 target/level gt 300家 300 家 strive
  hnte_count 2025 target/level ge 260家 260 家
到2025年，高新技术企业达到300家、规上高新技术企业150家、有效发明专利2000件，技术合同成交额50亿元。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_above_scale_count 2025 target/level eq 150家 150 家
  invention_patents_in_force 2025 target/level eq 2000件 2000 件
  tech_contract_value 2025 target/level eq 50亿元 500000 万元
到2025年，实现技术合同成交额50亿元以上，R&D经费支出50亿元以上。
  tech_contract_value 2025 target/level ge 50亿元 500000 万元
  rd_expenditure 2025 target/level ge 50亿元 500000 万元
到2025年，力争实现研发经费支出占地区生产总值比重达1.8%以上，财政科技支出占一般公共预算支出的比重达2.5%以上。
  rd_intensity 2025 target/level ge 1.8% 1.8 % strive
  st_fiscal_share 2025 target/level ge 2.5% 2.5 %
到2025年，R&D经费支出占GDP比重，力争达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 % strive
到2025年，全社会研发经费支出占全市生产总值的比重达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
到2025年，全社会研发经费投入占全市地区生产总值的比重达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
到2025年，全社会研发（R&D）经费投入占GDP的比重达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
到2025年，全社会研发经费投入强度（R&D/GDP）达到1.8%。
  rd_intensity 2025 target/level ge 1.8% 1.8 %
主要目标是：研发经费投入强度2.0%，高新技术企业300家，技术合同成交额50亿元。
  rd_intensity 2025 target/level eq 2.0% 2 %
  hnte_count 2025 target/level eq 300家 300 家
  tech_contract_value 2025 target/level eq 50亿元 500000 万元
——创新产出明显提高。每万人口高价值发明专利拥有量达到5件，技术合同成交额达到60亿元。
  high_value_patents_per_10k 2025 target/level ge 5件 5 件/万人
  tech_contract_value 2025 target/level ge 60亿元 600000 万元
——创新主体发展壮大。高新技术企业突破300家，科技型中小企业突破500家。
  hnte_count 2025 target/level gt 300家 300 家
  ?科技型中小企业 2025 target/level gt 500家 500 家
到2025年，技术合同成交额增长至60亿元。
  tech_contract_value 2025 target/level ge 60亿元 600000 万元
到2025年，技术合同成交额提高到60亿元以上。
  tech_contract_value 2025 target/level ge 60亿元 600000 万元
到2025年，技术合同成交额突破60亿元大关。
  tech_contract_value 2025 target/level gt 60亿元 600000 万元
到2025年，省级以上科技创新平台总数达到60个，其中国家级5个。
  innovation_platforms_provincial 2025 target/level ge 60个 60 个
  ?国家级 2025 target/level eq 5个 5 个
到2025年，省级以上科技创新平台达60个以上（含国家级5个）。
  innovation_platforms_provincial 2025 target/level ge 60个 60 个
  ?国家级 2025 target/level eq 5个 5 个
到2025年，高新技术企业达到3百家。
  hnte_count 2025 target/level ge 3百家 300 家
到2025年，高新技术企业数量达到1,200家。
  hnte_count 2025 target/level ge 1,200家 1200 家
到2025年，技术合同成交额达到1.2万亿元。
  tech_contract_value 2025 target/level ge 1.2万亿元 120000000 万元
每万名就业人员中研发人员数达到45人年/万人。
  rd_personnel_share 2025 target/level ge 45人年/万人 45 人/万人
到2025年，每万人口发明专利拥有量达到12件/万人。
  invention_patents_per_10k 2025 target/level ge 12件/万人 12 件/万人
到2025年，每万人口发明专利拥有量达12.5件。
  invention_patents_per_10k 2025 target/level ge 12.5件 12.5 件/万人
全社会研发经费与地区生产总值的比例由目前的0.75%提高到1.2%。
  rd_intensity 2020 baseline eq 0.75% 0.75 %
  rd_intensity 2025 target/level ge 1.2% 1.2 %
每万人发明专利拥有量由目前的1.7件上升到3.3件。
  invention_patents_per_10k 2020 baseline eq 1.7件 1.7 件/万人
  invention_patents_per_10k 2025 target/level ge 3.3件 3.3 件/万人
到2025年，全区高新技术企业突破75家、科技型企业超过690家。到2027年，全区高新技术企业和科技型企业在2022年的基础上实现“双倍增”，分别超过90家和870家。
  hnte_count 2025 target/level gt 75家 75 家
  ?科技型企业 2025 target/level gt 690家 690 家
  hnte_count 2027 target/level gt 90家 90 家
  ?科技型企业 2027 target/level gt 870家 870 家
全社会研发经费支出相当于全市生产总值的比例达到4.4%左右。
  rd_intensity 2025 target/level approx 4.4% 4.4 %
到2025年，全社会R&D经费支出占GDP的比重达到2.8%，高新技术产业增加值占规上工业增加值比重达到60%，国家高新技术企业达到80家、省科技型中小企业达到260家。
  rd_intensity 2025 target/level ge 2.8% 2.8 %
  ?高新技术产业增加值占规上工业增加值比重 2025 target/level ge 60% 60 %
  hnte_count 2025 target/level ge 80家 80 家
  ?省科技型中小企业 2025 target/level ge 260家 260 家
到2027年，力争全社会研究与试验发展（R&D）经费支出占地区生产总值比重3.4%以上，达到全市前列。
  rd_intensity 2027 target/level ge 3.4% 3.4 % strive
力争国家级高新技术企业数量突破4000家。
  hnte_count 2025 target/level gt 4000家 4000 家 strive
力争到2025年，全省R&D经费投入强度达到1.5%左右，规模以上工业企业中有R&D活动企业占比达到35%。
  rd_intensity 2025 target/level approx 1.5% 1.5 % strive 520000
  rd_active_share 2025 target/level ge 35% 35 % strive
到2025年全社会研发投入达到60亿元以上、占GDP的比重达到2.2%以上。
  rd_expenditure 2025 target/level ge 60亿元 600000 万元
  rd_intensity 2025 target/level ge 2.2% 2.2 %
实现高新技术企业数量和规模以上高新技术企业数量“双倍增”，分别达到300家和150家。
  hnte_count 2025 target/level ge 300家 300 家
  hnte_above_scale_count 2025 target/level ge 150家 150 家
到2025年，有效期内高新技术企业保有量达到500家，每万人口高价值发明专利拥有量达到6.5件左右。
  hnte_count 2025 target/level ge 500家 500 家
  high_value_patents_per_10k 2025 target/level approx 6.5件 6.5 件/万人
到2025年，R&D人员全时当量达6000人年以上，R&D经费内部支出达到60亿元。
  rd_fte 2025 target/level ge 6000人年 6000 人年
  rd_expenditure 2025 target/level ge 60亿元 600000 万元
R&D经费支出占GDP比重：到2023年达到1.2%，到2025年达到1.5%。
  rd_intensity 2023 target/level ge 1.2% 1.2 %
  rd_intensity 2025 target/level ge 1.5% 1.5 %
高新技术企业数量：2023年达到150家，2025年达到200家。
  hnte_count 2023 target/level ge 150家 150 家
  hnte_count 2025 target/level ge 200家 200 家
到2025年，孵化器、众创空间总数达到60家，其中国家级8家。
  incubators 2025 target/level ge 60家 60 个
  ?国家级 2025 target/level eq 8家 8 家
省级以上科技企业孵化器、众创空间达到60家。
  incubators_provincial 2025 target/level ge 60家 60 个
全市财政科技投入占财政支出的比重达到2%以上。
  st_fiscal_share 2025 target/level ge 2% 2 %
到2022年，高新技术企业数量达到200家以上，到2025年达到300家以上，其中规模以上高新技术企业分别达到80家、120家。
  hnte_count 2022 target/level ge 200家 200 家
  hnte_count 2025 target/level ge 300家 300 家
  hnte_above_scale_count 2022 target/level ge 80家 80 家
  hnte_above_scale_count 2025 target/level ge 120家 120 家
到2025年，全市建有省级以上创新平台不少于三十个，科技企业孵化器（众创空间）达到两家。
  innovation_platforms_provincial 2025 target/level ge 三十个 30 个
  incubators 2025 target/level ge 两家 2 个
到2025年，技术合同成交额达到5千万元。
  tech_contract_value 2025 target/level ge 5千万元 5000 万元
到2025年，高新技术企业达到300余家，技术合同成交额达到50多亿元。
  hnte_count 2025 target/level ge 300余家 300 家
  tech_contract_value 2025 target/level ge 50多亿元 500000 万元
到2025年，高新技术企业达到一百多家。
  hnte_count 2025 target/level ge 一百多家 100 家
到2025年，R&D经费支出占GDP比重达到1.5%至1.8%。
  rd_intensity 2025 target/level range 1.5%至1.8% 1.5 %
到2025年，高新技术企业数量由120家到300家。
  hnte_count 2020 baseline eq 120家 120 家
  hnte_count 2025 target/level eq 300家 300 家
到2025年，规模以上工业企业有研发活动企业占比达35%左右，具备研发能力的规模以上工业企业占比达到30%。
  rd_active_share 2025 target/level approx 35% 35 %
  rd_capable_share 2025 target/level ge 30% 30 %
全市研发经费投入强度从目前的0.7%提高到2025年的1.2%、2030年的1.8%。
  rd_intensity 2020 baseline eq 0.7% 0.7 %
  rd_intensity 2025 target/level ge 1.2% 1.2 %
  rd_intensity 2030 target/level eq 1.8% 1.8 %
到2025年，高新技术企业、科技型中小企业均达到300家以上。
  hnte_count 2025 target/level ge 300家 300 家
  ?科技型中小企业 2025 target/level ge 300家 300 家
到2025年，单位生产总值能耗控制在0.5吨以内。
  ?单位生产总值能耗 2025 target/level le 0.5吨 0.5 吨
到2025年，研发投入强度超过全国平均水平。
到2025年，研发投入强度达到全省平均水平。
到2025年，研发投入强度稳步提升，高新技术企业数量持续增长。
到2025年，高新技术产业产值占规模以上工业总产值比重达到30%。
  ?高新技术产业产值占规模以上工业总产值比重 2025 target/level ge 30% 30 %
到2025年，科技进步贡献率达到60%，公民具备科学素质的比例达到15%。
  ?科技进步贡献率 2025 target/level ge 60% 60 %
  ?公民具备科学素质的比例 2025 target/level ge 15% 15 %
到2025年，高新技术企业研发投入占营业收入比重达到5%。
  ?高新技术企业研发投入占营业收入比重 2025 target/level ge 5% 5 %
到2025年，研发人员达到5万人年。
  ?研发人员 2025 target/level ge 5万人年 5 万人年
到2025年，市级财政科技支出占一般公共预算支出比重达到3%。
  ?市级财政科技支出占一般公共预算支出比重 2025 target/level ge 3% 3 %
到2025年，磷石膏综合利用量达到530万吨，战略性新兴产业产值达到200亿元。
  ?磷石膏综合利用量 2025 target/level ge 530万吨 530 万吨
  ?战略性新兴产业产值 2025 target/level ge 200亿元 200 亿元
到2025年，研发经费投入总量和强度分别达到20亿元、2%，高企、科技型中小企业分别突破300家和500家。
  rd_expenditure 2025 target/level ge 20亿元 200000 万元
  rd_intensity 2025 target/level ge 2% 2 %
  hnte_count 2025 target/level gt 300家 300 家
  ?科技型中小企业 2025 target/level gt 500家 500 家
到2025年，省级以上科技企业孵化器、众创空间分别达到10家、12家。
  ?省级以上科技企业孵化器、众创空间 2025 target/level ge 10家 10 家
  ?省级以上科技企业孵化器、众创空间 2025 target/level eq 12家 12 家
到2025年，新引育新型研发机构2—3家；五年累计新增高新技术企业100家；研发投入强度达到1.5%。
  new_type_rd_institutions_new 2021-2025 target/new_flow range 2—3家 2 个
  hnte_count 2021-2025 target/cumulative_flow eq 100家 100 家
  rd_intensity 2025 target/level ge 1.5% 1.5 %
2021年、2023年、2025年，研发投入强度分别达到1.5%、1.7%、1.8%。
  rd_intensity 2021 target/level ge 1.5% 1.5 %
  rd_intensity 2023 target/level ge 1.7% 1.7 %
  rd_intensity 2025 target/level ge 1.8% 1.8 %
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_levels_set_out(read_sentence: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert read_sentence(sentence, "二、发展目标") == expected
