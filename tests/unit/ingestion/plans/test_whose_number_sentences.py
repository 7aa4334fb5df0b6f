"""Whose number it is: subjects that carry on, differences to other places, sums of years, other names (synthetic).

A line with # names the title and the heading that the sentence below it stands under; its figures are indented.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from tests.unit.ingestion.plans.sentence_tables import titled_cases

CASES = """
# 合成市“十四五”科技创新规划 | 一、发展基础
2020年全市R&D经费支出4.12亿元，是2015年的3.1倍，占GDP比重由2015年的0.28%提高到0.61%，年均提高0.07个百分点。
  rd_expenditure 2020 actual eq 4.12亿元 41200 万元
  rd_expenditure 2020<2015 other eq 3.1倍 3.1 倍
  rd_intensity 2015 actual eq 0.28% 0.28 %
  rd_intensity 2020 actual eq 0.61% 0.61 %
  rd_intensity 2020<2015 other eq 0.07个百分点 0.07 个百分点
2020年高新技术企业33家，上年末为27家，技术合同成交额7.6亿元，上年6.4亿元，多完成1.2亿元。
  hnte_count 2020 actual eq 33家 33 家
  hnte_count 2019 actual eq 27家 27 家
  tech_contract_value 2020 actual eq 7.6亿元 76000 万元
  tech_contract_value 2019 actual eq 6.4亿元 64000 万元
  tech_contract_value 2020 change eq 1.2亿元 12000 万元
2020年高新技术企业中，年内开展R&D活动的企业占36.3%。
  ?开展R&D活动的企业占 2020 actual eq 36.3% 36.3 %
在创新平台建设中，规上工业企业有研发活动的企业占比为36.3%。
  rd_active_share 2020 actual eq 36.3% 36.3 %
2020年全社会R&D经费9.6亿元，2015年为7.2亿元，五年增加2.4亿元，增长33.3%。R&D经费投入强度1.22%，2015年为1.05%，提高0.17个百分点。
  rd_expenditure 2020 actual eq 9.6亿元 96000 万元
  rd_expenditure 2015 actual eq 7.2亿元 72000 万元
  rd_expenditure 2020<2015 change eq 2.4亿元 24000 万元
  rd_expenditure 2020<2015 growth eq 33.3% 33.3 %
  rd_intensity 2020 actual eq 1.22% 1.22 %
  rd_intensity 2015 actual eq 1.05% 1.05 %
  rd_intensity 2020<2015 change eq 0.17个百分点 0.17 个百分点
2020年末高新技术企业312家，2015年末67家；新型研发机构7家。
  hnte_count 2020 actual eq 312家 312 家
  hnte_count 2015 actual eq 67家 67 家
  ?新型研发机构 2020 actual eq 7家 7 家
R&D人员6842人，折合全时当量5105人年。
  rd_personnel 2020 actual eq 6842人 6842 人
  rd_fte 2020 actual eq 5105人年 5105 人年
R&D人员6842人，其中女性2000人。
  ?R&D人员 2020 actual eq 6842人 6842 人
工业企业中，R&D人员6842人，折合全时当量5105人年。
  ?R&D人员 2020 actual eq 6842人 6842 人
  ?折合全时当量 2020 actual eq 5105人年 5105 人年
2020年高新技术企业33家，2015年为9家（新型研发机构2家）。
  hnte_count 2020 actual eq 33家 33 家
  hnte_count 2015 actual eq 9家 9 家
  ?新型研发机构 2015 actual eq 2家 2 家
2020年高新技术企业33家，增长5%，上年增长7%。
  hnte_count 2020 actual eq 33家 33 家
  hnte_count 2020 growth eq 5% 5 %
  ?高新技术企业 2020 growth eq 7% 7 %
2020年高新技术企业33家。技术合同成交总额累计完成7.6亿元，其中2020年完成2.9亿元，同比增长31.2%。
  hnte_count 2020 actual eq 33家 33 家
  tech_contract_value 2016-2020 actual eq 7.6亿元 76000 万元
  tech_contract_value 2020 actual eq 2.9亿元 29000 万元
  tech_contract_value 2020<2019 growth eq 31.2% 31.2 %
“十三五”以来，全市科技成果转化加快。技术合同成交额累计实现15.2亿元，其中2020年实现5.1亿元，增长18.4%。
  tech_contract_value 2016-2020 actual eq 15.2亿元 152000 万元
  tech_contract_value 2020 actual eq 5.1亿元 51000 万元
  tech_contract_value 2020 growth eq 18.4% 18.4 %
建成省级重点实验室4个、省级企业技术中心11个，省级以上科技企业孵化器（众创空间）实现零的突破，达到2家。
  ?建成省级重点实验室 2020 actual eq 4个 4 个
  ?省级企业技术中心 2020 actual eq 11个 11 个
  incubators_provincial 2020 actual eq 2家 2 个
省级重点实验室4个，院士工作站从无到有，达到3家。
  ?省级重点实验室 2020 actual eq 4个 4 个
  ?院士工作站 2020 actual eq 3家 3 家
2020年全市财政科技支出6812万元，占一般公共预算支出94.6亿元的0.72%；其中市本级2435万元，占35.7%。
  st_budget_expenditure 2020 actual eq 6812万元 6812 万元
  budget_expenditure 2020 actual eq 94.6亿元 946000 万元
  st_fiscal_share 2020 actual eq 0.72% 0.72 %
  ?市本级 2020 actual eq 2435万元 2435 万元
  ?市本级占比 2020 share eq 35.7% 35.7 %
2020年技术合同成交额38.5亿元，占地区生产总值1100亿元的3.5%，占全省技术合同成交额380亿元的10.1%。
  tech_contract_value 2020 actual eq 38.5亿元 385000 万元
  gdp 2020 actual eq 1100亿元 1100 亿元
  tech_contract_gdp_share 2020 actual eq 3.5% 3.5 %
  ?占全省技术合同成交额 2020 actual eq 380亿元 380 亿元
  ?占全省技术合同成交额 2020 share eq 10.1% 10.1 %
2020年技术合同成交额91.83亿元，其中输出技术合同38.41亿元、吸纳技术合同53.42亿元。
  tech_contract_value 2020 actual eq 91.83亿元 918300 万元
  tech_contract_value 2020 actual eq 38.41亿元 384100 万元
  tech_contract_value 2020 actual eq 53.42亿元 534200 万元
1至9月，全市登记技术合同成交额13.6亿元。2020年全年登记技术合同成交额12.3亿元，其中上半年6.1亿元。
  tech_contract_value 2020-Q1--Q3 actual eq 13.6亿元 136000 万元
  tech_contract_value 2020 actual eq 12.3亿元 123000 万元
  tech_contract_value 2020-S1 actual eq 6.1亿元 61000 万元
研发投入强度与先进县区相比还有差距，比全市第一名的区低1.36个百分点。
甲、乙、丙、丁等6个县（市）高新技术企业合计134家。
  ?甲、乙、丙、丁等 2020 actual eq 6个 6 个
  ?高新技术企业 2020 actual eq 134家 134 家
专业技术人才2.31万人，其中高级职称2417人，占10.5%。
  ?专业技术人才 2020 actual eq 2.31万人 2.31 万人
  ?高级职称 2020 actual eq 2417人 2417 人
  ?高级职称占比 2020 share eq 10.5% 10.5 %
当前，研发投入强度低于全国平均水平1.15个百分点，列全省第8位。
  ?研发投入强度低于全国平均水平 2020 other eq 1.15个百分点 1.15 个百分点
  rd_intensity 2020 rank eq 第8位 8 位
目前，有研发活动的规模以上工业企业占比27.4%，高于全省平均3.2个百分点。
  rd_active_share 2020 actual eq 27.4% 27.4 %
  ?有研发活动的规模以上工业企业占比高于全省平均 2020 other eq 3.2个百分点 3.2 个百分点
2020年，全市技术合同成交额104.3亿元，首次突破百亿元大关，增长21.5%。
  tech_contract_value 2020 actual eq 104.3亿元 1043000 万元
  tech_contract_value 2020 growth eq 21.5% 21.5 %
专利授权量862件，是2015年的2.2倍；每万人口发明专利拥有量5.4件，较2015年增加2.1件。
  ?专利授权量 2020 actual eq 862件 862 件
  ?专利授权量 2020<2015 other eq 2.2倍 2.2 倍
  invention_patents_per_10k 2020 actual eq 5.4件 5.4 件/万人
  invention_patents_per_10k 2020<2015 change eq 2.1件 2.1 件/万人
技术市场完成技术交易额6.3亿元（含输出和吸纳），其中输出技术合同95项、成交额4.8亿元，吸纳技术合同成交额7.7亿元。
  tech_transaction_value 2020 actual eq 6.3亿元 63000 万元
  ?输出技术合同 2020 actual eq 95项 95 项
  tech_contract_value 2020 actual eq 4.8亿元 48000 万元
  tech_contract_value 2020 actual eq 7.7亿元 77000 万元
高新技术企业总数达到164家，五年净增118家；瞪羚企业21家。新产品销售收入占主营业务收入的比重由2015年的8.4%上升到15.7%。
  hnte_count 2020 actual eq 164家 164 家
  hnte_count 2020 change eq 118家 118 家
  ?瞪羚企业 2020 actual eq 21家 21 家
  ?新产品销售收入占主营业务收入的比重 2015 share eq 8.4% 8.4 %
  ?新产品销售收入占主营业务收入的比重 2020 share eq 15.7% 15.7 %
省级以上企业技术中心47家，较2015年末净增19家；高新技术企业达到58家，比2015年净增31家。
  ?省级以上企业技术中心 2020 actual eq 47家 47 家
  ?省级以上企业技术中心 2020<2015 change eq 19家 19 家
  hnte_count 2020 actual eq 58家 58 家
  hnte_count 2020<2015 change eq 31家 31 家
2021年1—6月，全市技术合同成交额6.4亿元，同比增长18.9%；2021年1至3月3.1亿元。
  tech_contract_value 2021-S1 actual eq 6.4亿元 64000 万元
  tech_contract_value 2021-S1<2020-S1 growth eq 18.9% 18.9 %
  tech_contract_value 2021-Q1 actual eq 3.1亿元 31000 万元
2020年末高新技术企业26家，比上年净增6家，是2015年（5家）的5.2倍，增长4.2倍。瞪羚企业17家。
  hnte_count 2020 actual eq 26家 26 家
  hnte_count 2020<2019 change eq 6家 6 家
  hnte_count 2015 actual eq 5家 5 家
  hnte_count 2020<2015 other eq 5.2倍 5.2 倍
  hnte_count 2020<2015 growth eq 4.2倍 4.2 倍
  ?瞪羚企业 2020 actual eq 17家 17 家
2020年技术合同成交额18.4亿元；2016—2019年分别为4.6亿元、8.4亿元、12.7亿元和15.9亿元，累计41.6亿元。2020年比上年增长15.7%。
  tech_contract_value 2020 actual eq 18.4亿元 184000 万元
  tech_contract_value 2016 actual eq 4.6亿元 46000 万元
  tech_contract_value 2017 actual eq 8.4亿元 84000 万元
  tech_contract_value 2018 actual eq 12.7亿元 127000 万元
  tech_contract_value 2019 actual eq 15.9亿元 159000 万元
  tech_contract_value 2016-2019 actual eq 41.6亿元 416000 万元
  tech_contract_value 2020<2019 growth eq 15.7% 15.7 %
2020年全社会研发经费57.2亿元，比上年增长8.3%，“十三五”期间年均增长13.7%。
  rd_expenditure 2020 actual eq 57.2亿元 572000 万元
  rd_expenditure 2020<2019 growth eq 8.3% 8.3 %
  rd_expenditure 2020 growth eq 13.7% 13.7 %
良种覆盖率由2015年的86.5%提高到2020年的92.0%。冷水鱼面积由6.2万丈扩大到9.3万丈，增长50%。
  ?良种覆盖率 2015 actual eq 86.5% 86.5 %
  ?良种覆盖率 2020 actual eq 92.0% 92 %
  ?所述指标 2020 growth eq 50% 50 %
科技公共财政支出占比始终保持在3%以上，2020年为3.4%。
  st_fiscal_share 2020 actual ge 3% 3 %
  st_fiscal_share 2020 actual eq 3.4% 3.4 %
2020年，全市R&D经费投入强度1.21%，比全国平均水平（2.40%）低1.19个百分点。
  rd_intensity 2020 actual eq 1.21% 1.21 %
  ?全国平均水平 2020 actual eq 2.40% 2.4 %
  ?R&D经费投入强度比全国平均水平(2.40%)低 2020 other eq 1.19个百分点 1.19 个百分点
2020年全市研发投入强度1.21%，低于全国（2.40%）和全省（2.19%）水平。
  rd_intensity 2020 actual eq 1.21% 1.21 %
  rd_intensity 2020 actual eq 2.40% 2.4 % 000000
  rd_intensity 2020 actual eq 2.19% 2.19 % 520000
2020年全市研发投入强度1.21%，安顺市、毕节市分别为1.05%和0.72%。
  rd_intensity 2020 actual eq 1.21% 1.21 %
  rd_intensity 2020 actual eq 1.05% 1.05 % 520400
  rd_intensity 2020 actual eq 0.72% 0.72 % 520500
2020年与省外高校签订技术合同64项，成交额2.35亿元，与甲地、乙地单位签订的分别为1.36亿元和0.72亿元。
  ?与省外高校签订技术合同 2020 actual eq 64项 64 项
  ?2020年与省外高校签订技术合同成交额 2020 actual eq 2.35亿元 2.35 亿元
  ?与甲地、乙地单位签订的 2020 actual eq 1.36亿元 1.36 亿元
  ?与甲地、乙地单位签订的 2020 actual eq 0.72亿元 0.72 亿元
2020年，全市认定登记技术合同420项，成交额8.35亿元。
  ?认定登记技术合同 2020 actual eq 420项 420 项
  tech_contract_value 2020 actual eq 8.35亿元 83500 万元
# 合成市“十四五”科技创新规划 | 二、发展目标
第一步，到2018年，高新技术企业达到150家；第二步，到2023年达到190家。
  hnte_count 2018 target/level ge 150家 150 家
  hnte_count 2023 target/level ge 190家 190 家
到2018年，高新技术企业已达到150家；到2023年达到190家。
  hnte_count 2018 actual eq 150家 150 家
  hnte_count 2023 target/level ge 190家 190 家
到2015年，高新技术企业达到90家，到2018年达到150家，到2023年达到190家。
  hnte_count 2015 actual eq 90家 90 家
  hnte_count 2018 actual eq 150家 150 家
  hnte_count 2023 target/level ge 190家 190 家
到2025年，研发投入强度进一步提高，达到1.9%；高新技术企业持续增加，达到420家；甲类产品占乙类产品的比重稳步提升，达到62%。
  rd_intensity 2025 target/level ge 1.9% 1.9 %
  hnte_count 2025 target/level ge 420家 420 家
  ?甲类产品占乙类产品的比重 2025 target/level ge 62% 62 %
力争到2025年实现“三倍增”：研发经费支出、技术交易总额、高新技术企业数、瞪羚企业数比2020年翻一番，即分别达到36亿元、24亿元、420家、80家。
  rd_expenditure 2025 target/multiple eq 翻一番 2 倍 strive
  tech_transaction_value 2025 target/multiple eq 翻一番 2 倍 strive
  hnte_count 2025 target/multiple eq 翻一番 2 倍 strive
  ?瞪羚企业数 2025 target/multiple eq 翻一番 2 倍 strive
  rd_expenditure 2025 target/level ge 36亿元 360000 万元 strive
  tech_transaction_value 2025 target/level ge 24亿元 240000 万元 strive
  hnte_count 2025 target/level ge 420家 420 家 strive
  ?瞪羚企业数 2025 target/level ge 80家 80 家 strive
到2025年，高新技术企业、技术合同成交额翻一番。
  hnte_count 2025 target/multiple eq 翻一番 2 倍
  tech_contract_value 2025 target/multiple eq 翻一番 2 倍
到2025年，高新技术企业较2020年净增90家。
  hnte_count 2021-2025 target/new_flow eq 90家 90 家
技术合同成交额五年翻两番，突破75亿元。
  tech_contract_value 2025 target/multiple eq 翻两番 4 倍
  tech_contract_value 2025 target/level gt 75亿元 750000 万元
2021—2025年全社会研发投入累计95亿元，年均增长13%左右。
  rd_expenditure 2021-2025 target/cumulative_flow eq 95亿元 950000 万元
  rd_expenditure 2025<2020 target/growth_avg approx 13% 13 %
每万名劳动力中研发人员达到92人年，引进高端人才年均增长9%，五年新增150名。
  ?每万名劳动力中研发人员 2025 target/level ge 92人年 92 人年
  ?引进高端人才 2025<2020 target/growth_avg eq 9% 9 %
  ?引进高端人才 2021-2025 target/new_flow eq 150名 150 人
瞪羚企业达到60家；新增上市科技企业8家，其中科创板3家。
  ?瞪羚企业 2025 target/level ge 60家 60 家
  ?新增上市科技企业 2021-2025 target/new_flow eq 8家 8 家
  ?科创板 2025 target/level eq 3家 3 家
研发经费支出增速高于GDP增速4个百分点以上。
  ?研发经费支出增速高于GDP增速 2025 other ge 4个百分点 4 个百分点
新产品产值占工业总产值的比重提高到22%以上，比2020年提高7个百分点。
  ?新产品产值占工业总产值的比重 2025 target/level ge 22% 22 %
  ?新产品产值占工业总产值的比重 2025<2020 target/growth_total eq 7个百分点 7 个百分点
# 合成市“十四五”科技创新规划 | 三、重点任务
建设40个左右国家级和省级企业研究院，引进培育高层次人才350人以上，新增国家重点实验室2—4家、国家工程技术研究中心3家。
  ?国家级和省级企业研究院 2025 target/level approx 40个 40 个
  ?引进培育高层次人才 2021-2025 target/new_flow ge 350人 350 人
  ?新增国家重点实验室 2021-2025 target/new_flow range 2—4家 2 家
  ?国家工程技术研究中心 2021-2025 target/new_flow eq 3家 3 家
“十四五”期间，市级财政每年安排科技专项资金不少于1800万元，累计投入9500万元以上，撬动社会资本投入6亿元。
  ?市级财政每年安排科技专项资金 2025 target/level ge 1800万元 1800 万元
  ?市级财政每年安排科技专项资金 2021-2025 target/cumulative_flow ge 9500万元 9500 万元
  ?撬动社会资本投入 2025 target/level eq 6亿元 6 亿元
科技特派员每年选派160名以上。
  ?科技特派员每年选派 2025 target/level ge 160名 160 人
设立总规模12亿元的科创基金，对新认定的高新技术企业给予15万元奖励，对首次入库企业奖励3万元。
支持120家以上企业开展数字化改造，每家每年补助不少于20万元。
# 合成市“十四五”科技创新规划 | 一、发展基础
2020年末有效发明专利836件，按2019年末常住人口61.2万人计算，每万人口发明专利拥有量13.66件。
  invention_patents_in_force 2020 actual eq 836件 836 件
  population_resident 2019 actual eq 61.2万人 612000 人
  invention_patents_per_10k 2020 actual eq 13.66件 13.66 件/万人
2020年，按照2015年不变价计算，装备制造业产值达到20.3亿元，高新技术企业31家。
  ?装备制造业产值 2020 actual eq 20.3亿元 20.3 亿元
  hnte_count 2020 actual eq 31家 31 家
高新技术企业31家。2019年全市37家企业享受加计扣除，扣除额1.33亿元。
  hnte_count 2020 actual eq 31家 31 家
  ?企业享受加计扣除 2019 actual eq 37家 37 家
  ?扣除额 2019 actual eq 1.33亿元 1.33 亿元
2020年末有效高新技术企业349家。
  hnte_count 2020 actual eq 349家 349 家
2020年R&D经费1.2亿元；平均每名R&D人员（全时当量）R&D经费35.0万元。
  rd_expenditure 2020 actual eq 1.2亿元 12000 万元
  ?平均每名R&D人员(全时当量)R&D经费 2020 actual eq 35.0万元 35 万元
全市技术合同成交额3.2亿元，项均320万元。
  tech_contract_value 2020 actual eq 3.2亿元 32000 万元
"""


@pytest.mark.parametrize(("title", "heading", "sentence", "expected"), titled_cases(CASES))
def test_every_number_is_told_of_what_it_speaks_of(
    read_sentence: Callable[..., list[str]], title: str, heading: str, sentence: str, expected: list[str]
) -> None:
    assert read_sentence(sentence, heading, title) == expected


def test_the_value_of_contracts_keeps_their_way(read: Callable[..., Reading]) -> None:
    text = "一、发展基础\n2020年，输出技术合同95项、成交额4.8亿元，吸纳技术合同成交额7.7亿元。"
    reading = read(text, title="合成市“十四五”科技创新规划", region_code="520300")

    assert [(f.printed_text, f.variant) for f in reading.figures if f.indicator_code] == [
        ("4.8亿元", "output"),
        ("7.7亿元", "inflow"),
    ]
