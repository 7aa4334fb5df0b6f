"""What has been reached: levels, changes, growth, places (synthetic sentences).

A sentence stands at the margin, every figure that it prints is indented below it: indicator (?name where none), period
(<base), kind, comparator, printed text, value, unit, strive, and the region where it is another one than its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
2020年，全市研发经费投入达到12.3亿元，占地区生产总值比重为0.85%，比2015年提高0.32个百分点。
  rd_expenditure 2020 actual eq 12.3亿元 123000 万元
  rd_intensity 2020 actual eq 0.85% 0.85 %
  rd_intensity 2020<2015 change eq 0.32个百分点 0.32 个百分点
“十三五”时期，全市高新技术企业由2015年的35家增长到2020年的120家，增长2.4倍，年均增长28%。
  hnte_count 2015 actual eq 35家 35 家
  hnte_count 2020 actual eq 120家 120 家
  hnte_count 2020<2015 growth eq 2.4倍 2.4 倍
  hnte_count 2020<2015 growth eq 28% 28 %
“十三五”末，高新技术企业数量是“十二五”末的3.4倍。
  hnte_count 2020<2015 other eq 3.4倍 3.4 倍
截至2020年底，全市拥有高新技术企业120家、科技型中小企业300家、省级以上创新平台25个。
  hnte_count 2020 actual eq 120家 120 家
  ?科技型中小企业 2020 actual eq 300家 300 家
  innovation_platforms_provincial 2020 actual eq 25个 25 个
截至2020年底，全市共有高新技术企业120家，其中规模以上高新技术企业60家。
  hnte_count 2020 actual eq 120家 120 家
  hnte_above_scale_count 2020 actual eq 60家 60 家
截至2020年底，高新技术企业120家（其中规模以上60家）。
  hnte_count 2020 actual eq 120家 120 家
  hnte_above_scale_count 2020 actual eq 60家 60 家
2020年新增高新技术企业25家，总数达到120家。
  hnte_count 2020 change eq 25家 25 家
  hnte_count 2020 actual eq 120家 120 家
2020年，全市新增高新技术企业25家，累计达120家。
  hnte_count 2020 change eq 25家 25 家
  hnte_count 2020 actual eq 120家 120 家
五年来，全市新认定高新技术企业85家，有效发明专利达到1200件，是2015年的3倍。
  hnte_count 2016-2020 change eq 85家 85 家
  invention_patents_in_force 2020 actual eq 1200件 1200 件
  invention_patents_in_force 2020<2015 other eq 3倍 3 倍
2020年全市技术合同成交额达38.6亿元，同比增长23.5%，居全省第3位。
  tech_contract_value 2020 actual eq 38.6亿元 386000 万元
  tech_contract_value 2020<2019 growth eq 23.5% 23.5 %
  tech_contract_value 2020 rank eq 第3位 3 位
2020年全市技术合同成交额38.6亿元，较上年增加5.2亿元，增幅15.6%。
  tech_contract_value 2020 actual eq 38.6亿元 386000 万元
  tech_contract_value 2020<2019 change eq 5.2亿元 52000 万元
  tech_contract_value 2020<2019 growth eq 15.6% 15.6 %
2020年全市技术合同成交额较2015年增长4.5倍，达到38.6亿元。
  tech_contract_value 2020<2015 growth eq 4.5倍 4.5 倍
  tech_contract_value 2020 actual eq 38.6亿元 386000 万元
2020年全市R&D经费支出21.6亿元，是2015年的2.5倍；R&D经费投入强度0.92%，较2015年提升0.28个百分点，位居全省第4。
  rd_expenditure 2020 actual eq 21.6亿元 216000 万元
  rd_expenditure 2020<2015 other eq 2.5倍 2.5 倍
  rd_intensity 2020 actual eq 0.92% 0.92 %
  rd_intensity 2020<2015 change eq 0.28个百分点 0.28 个百分点
  rd_intensity 2020 rank eq 第4 4 位
2020年全市高新技术企业86家，是2015年（32家）的2.7倍。其中，规模以上高新技术企业48家。
  hnte_count 2020 actual eq 86家 86 家
  hnte_count 2015 actual eq 32家 32 家
  hnte_count 2020<2015 other eq 2.7倍 2.7 倍
  hnte_above_scale_count 2020 actual eq 48家 48 家
2020年全市高新技术企业86家，而2015年仅32家；规模以上高新技术企业48家。
  hnte_count 2020 actual eq 86家 86 家
  hnte_count 2015 actual eq 32家 32 家
  hnte_above_scale_count 2020 actual eq 48家 48 家
2020年全市R&D经费8.9亿元。“十三五”期间全市R&D经费年均增长10.7%。其中，企业R&D经费5.2亿元。
  rd_expenditure 2020 actual eq 8.9亿元 89000 万元
  rd_expenditure 2016-2020 growth eq 10.7% 10.7 %
  ?企业R&D经费 2020 actual eq 5.2亿元 5.2 亿元
2017—2019年全市R&D经费分别为6.1亿元、7.2亿元和8.3亿元，五年累计投入36.2亿元。
  rd_expenditure 2017 actual eq 6.1亿元 61000 万元
  rd_expenditure 2018 actual eq 7.2亿元 72000 万元
  rd_expenditure 2019 actual eq 8.3亿元 83000 万元
  rd_expenditure 2016-2020 actual eq 36.2亿元 362000 万元
全市R&D经费投入强度从2015年的0.54%增加至2020年的0.89%。
  rd_intensity 2015 actual eq 0.54% 0.54 %
  rd_intensity 2020 actual eq 0.89% 0.89 %
全市R&D经费投入强度从“十二五”末的0.54%增加至0.89%。
  rd_intensity 2015 actual eq 0.54% 0.54 %
  rd_intensity 2020 actual eq 0.89% 0.89 %
R&D经费从2015年8.6亿元增长到2020年21.6亿元。
  rd_expenditure 2015 actual eq 8.6亿元 86000 万元
  rd_expenditure 2020 actual eq 21.6亿元 216000 万元
研发经费支出由8.6亿元增至21.6亿元，年均增长20.2%。
  rd_expenditure 2015 actual eq 8.6亿元 86000 万元
  rd_expenditure 2020 actual eq 21.6亿元 216000 万元
  rd_expenditure 2020<2015 growth eq 20.2% 20.2 %
有效发明专利拥有量达到1200件，每万人口发明专利拥有量3.6件，分别是2015年的2.1倍和1.9倍。
  invention_patents_in_force 2020 actual eq 1200件 1200 件
  invention_patents_per_10k 2020 actual eq 3.6件 3.6 件/万人
  invention_patents_in_force 2020<2015 other eq 2.1倍 2.1 倍
  invention_patents_per_10k 2020<2015 other eq 1.9倍 1.9 倍
2018年、2019年、2020年高新技术企业数分别为60家、85家和120家。
  hnte_count 2018 actual eq 60家 60 家
  hnte_count 2019 actual eq 85家 85 家
  hnte_count 2020 actual eq 120家 120 家
2019年和2020年，全市研发经费投入强度分别为0.81%、0.89%。
  rd_intensity 2019 actual eq 0.81% 0.81 %
  rd_intensity 2020 actual eq 0.89% 0.89 %
全市高新技术企业仅有5家，占全省的0.3%。
  hnte_count 2020 actual eq 5家 5 家
目前，全市有高新技术企业125家。
  hnte_count 2020 actual eq 125家 125 家
2020年，财政科技支出3.2亿元，占一般公共预算支出的1.2%。
  st_budget_expenditure 2020 actual eq 3.2亿元 32000 万元
  st_fiscal_share 2020 actual eq 1.2% 1.2 %
2020年全市科学技术支出占一般公共预算支出的比重为1.8%，较上年下降0.2个百分点。
  st_fiscal_share 2020 actual eq 1.8% 1.8 %
  st_fiscal_share 2020<2019 change eq 0.2个百分点 -0.2 个百分点
2020年全市技术合同成交额下降12%，降至25亿元。
  tech_contract_value 2020 growth eq 12% -12 %
  tech_contract_value 2020 actual eq 25亿元 250000 万元
科技进步水平指数由2015年的48.5%提高到2020年的56.2%，提高7.7个百分点，排名由全省第6位上升至第4位。
  sti_index 2015 actual eq 48.5% 48.5 %
  sti_index 2020 actual eq 56.2% 56.2 %
  sti_index 2020<2015 change eq 7.7个百分点 7.7 个百分点
  sti_index 2015 rank eq 第6位 6 位
  sti_index 2020 rank eq 第4位 4 位
综合科技创新水平指数达到56.2%，全省排名第四位，较2015年提升2位。
  sti_index 2020 actual eq 56.2% 56.2 %
  sti_index 2020 rank eq 第四位 4 位
  sti_index 2020<2015 change eq 2位 2 位
国家创新型城市排名第68位，较上年前进3位。
  innovative_city_rank 2020 rank eq 第68位 68 位
  innovative_city_rank 2020<2019 change eq 3位 3 位
2020年，全市地区生产总值达1339.62亿元，年均增长7.5%，人均地区生产总值44000元。
  gdp 2020 actual eq 1339.62亿元 1339.62 亿元
  gdp 2020 growth eq 7.5% 7.5 %
  gdp_per_capita 2020 actual eq 44000元 44000 元
常住人口303.16万人，就业人员150.2万人。
  population_resident 2020 actual eq 303.16万人 3031600 人
  employment 2020 actual eq 150.2万人 1502000 人
2021年上半年，全市技术合同成交额12.5亿元，同比增长10%。
  tech_contract_value 2021-S1 actual eq 12.5亿元 125000 万元
  tech_contract_value 2021-S1<2020-S1 growth eq 10% 10 %
2021年前三季度，地区生产总值达到1000亿元。
  gdp 2021-Q1--Q3 actual eq 1000亿元 1000 亿元
全市研发人员全时当量2650人年，比2015年增长65%，其中企业研发人员占60%。
  rd_fte 2020 actual eq 2650人年 2650 人年
  rd_fte 2020<2015 growth eq 65% 65 %
  ?企业研发人员占 2020 share eq 60% 60 %
R&D经费中企业资金占比75%，基础研究经费0.5亿元。
  ?R&D经费中企业资金占比 2020 share eq 75% 75 %
  rd_expenditure 2020 actual eq 0.5亿元 5000 万元
高新技术企业数比2015年增加46家，增幅575%，达到54家。
  hnte_count 2020<2015 change eq 46家 46 家
  hnte_count 2020<2015 growth eq 575% 575 %
  hnte_count 2020 actual eq 54家 54 家
高新技术企业从2015年的8家增加到54家，净增46家。
  hnte_count 2015 actual eq 8家 8 家
  hnte_count 2020 actual eq 54家 54 家
  hnte_count 2020<2015 change eq 46家 46 家
高新技术企业突破100家，达到120家。
  hnte_count 2020 actual gt 100家 100 家
  hnte_count 2020 actual eq 120家 120 家
“十三五”期间，全市累计实现技术合同成交额150亿元，较“十二五”增长3倍。
  tech_contract_value 2016-2020 actual eq 150亿元 1500000 万元
  tech_contract_value 2016-2020<2011-2015 growth eq 3倍 3 倍
“十三五”期间累计投入研发经费65亿元。
  rd_expenditure 2016-2020 actual eq 65亿元 650000 万元
全市高新技术企业总数达到120家，比“十二五”末增加85家；规模以上高新技术企业45家，占高新技术企业总数的37.5%。
  hnte_count 2020 actual eq 120家 120 家
  hnte_count 2020<2015 change eq 85家 85 家
  hnte_above_scale_count 2020 actual eq 45家 45 家
高新技术产业产值达到174.22亿元，占规模以上工业总产值的25%。
  hightech_output 2020 actual eq 174.22亿元 1742200 万元
建成国家级众创空间2家、省级科技企业孵化器5家、省级以上孵化器（众创空间）8家。
  ?建成国家级众创空间 2020 actual eq 2家 2 家
  ?省级科技企业孵化器 2020 actual eq 5家 5 家
  incubators_provincial 2020 actual eq 8家 8 个
拥有120家高新技术企业、25个省级以上创新平台。
  hnte_count 2020 actual eq 120家 120 家
  innovation_platforms_provincial 2020 actual eq 25个 25 个
新培育高新技术企业35家、科技型中小企业120家。
  hnte_count 2020 change eq 35家 35 家
  ?科技型中小企业 2020 actual eq 120家 120 家
2020年全社会研究与试验发展（R&D）经费支出达到21.6亿元。
  rd_expenditure 2020 actual eq 21.6亿元 216000 万元
2020年全社会研究与试验发展（R&D）经费占地区生产总值（GDP）比重达到0.92%。
  rd_intensity 2020 actual eq 0.92% 0.92 %
每万人有效发明专利拥有量2.77件，同比增长14.6%。
  invention_patents_per_10k 2020 actual eq 2.77件 2.77 件/万人
  invention_patents_per_10k 2020<2019 growth eq 14.6% 14.6 %
2020年末高新技术企业达到120家，比上年末净增20家，增长20%。
  hnte_count 2020 actual eq 120家 120 家
  hnte_count 2020<2019 change eq 20家 20 家
  hnte_count 2020<2019 growth eq 20% 20 %
2020年研发投入强度0.89%（全省第四）。
  rd_intensity 2020 actual eq 0.89% 0.89 %
  rd_intensity 2020 rank eq 第四 4 位
2020年全社会研发经费支出11.98亿元（排全省第五），同比增长12%，占GDP比重0.89%（排全省第四）。
  rd_expenditure 2020 actual eq 11.98亿元 119800 万元
  rd_expenditure 2020 rank eq 第五 5 位
  rd_expenditure 2020<2019 growth eq 12% 12 %
  rd_intensity 2020 actual eq 0.89% 0.89 %
  rd_intensity 2020 rank eq 第四 4 位
研发经费投入从2016年的7.2亿元、2017年的8.1亿元增长到2020年的11.9亿元。
  rd_expenditure 2016 actual eq 7.2亿元 72000 万元
  rd_expenditure 2017 actual eq 8.1亿元 81000 万元
  rd_expenditure 2020 actual eq 11.9亿元 119000 万元
2015年全市研发经费投入强度（研发经费与GDP之比）为2.10%，比2012年提高0.17个百分点。
  rd_intensity 2015 actual eq 2.10% 2.1 %
  rd_intensity 2015<2012 change eq 0.17个百分点 0.17 个百分点
2020年，全社会R&D经费支出4.85亿元，占GDP比重0.71%，较2015年分别增长125%和提高0.3个百分点。
  rd_expenditure 2020 actual eq 4.85亿元 48500 万元
  rd_intensity 2020 actual eq 0.71% 0.71 %
  rd_intensity 2020<2015 growth eq 125% 125 %
  rd_intensity 2020<2015 change eq 0.3个百分点 0.3 个百分点
2020年，全市高新技术企业、科技型中小企业分别达到120家和300家，较2015年分别增长200%、150%。
  hnte_count 2020 actual eq 120家 120 家
  ?科技型中小企业 2020 actual eq 300家 300 家
  hnte_count 2020<2015 growth eq 200% 200 %
  ?科技型中小企业 2020<2015 growth eq 150% 150 %
全市研发经费投入强度由2015年0.45%提升到2019年0.71%，年均提高0.06个百分点。
  rd_intensity 2015 actual eq 0.45% 0.45 %
  rd_intensity 2019 actual eq 0.71% 0.71 %
  rd_intensity 2019<2015 other eq 0.06个百分点 0.06 个百分点
2019年，全市研发经费支出5.6亿元，同比增长21.5%，增速居全省第2位，占GDP比重0.71%，居全省第6位。
  rd_expenditure 2019 actual eq 5.6亿元 56000 万元
  rd_expenditure 2019<2018 growth eq 21.5% 21.5 %
  rd_intensity 2019 actual eq 0.71% 0.71 %
  rd_intensity 2019 rank eq 第6位 6 位
全县高新技术企业从无到有，达到6家。
  hnte_count 2020 actual eq 6家 6 家
全县高新技术企业实现零突破，达到3家。
  hnte_count 2020 actual eq 3家 3 家
有研发活动的规上工业企业占比达到32.5%，居全省第3位。
  rd_active_share 2020 actual eq 32.5% 32.5 %
  rd_active_share 2020 rank eq 第3位 3 位
全市共有各类孵化器、众创空间45家，其中省级以上科技企业孵化器（众创空间）15家。
  incubators 2020 actual eq 45家 45 个
  incubators_provincial 2020 actual eq 15家 15 个
技术合同成交额从2016年的1.2亿元增加到2020年的15.6亿元，五年累计达到38.5亿元，增长12倍。
  tech_contract_value 2016 actual eq 1.2亿元 12000 万元
  tech_contract_value 2020 actual eq 15.6亿元 156000 万元
  tech_contract_value 2016-2020 actual eq 38.5亿元 385000 万元
  tech_contract_value 2016-2020<2016 growth eq 12倍 12 倍
2020年全市拥有有效发明专利1520件，万人发明专利拥有量5.02件，同比分别增长15%、14.2%。
  invention_patents_in_force 2020 actual eq 1520件 1520 件
  invention_patents_per_10k 2020 actual eq 5.02件 5.02 件/万人
  invention_patents_in_force 2020<2019 growth eq 15% 15 %
  invention_patents_per_10k 2020<2019 growth eq 14.2% 14.2 %
研发投入强度仅为0.71%，比全省低0.2个百分点，不到全国平均水平的三分之一。
  rd_intensity 2020 actual eq 0.71% 0.71 %
全市高新技术企业不足100家，研发投入强度低于1%。
  hnte_count 2020 actual lt 100家 100 家
  rd_intensity 2020 actual lt 1% 1 %
2020年，全市高新技术企业近百家。
  hnte_count 2020 actual approx 百家 100 家
2020年，R&D经费支出6000余万元。
  rd_expenditure 2020 actual eq 6000余万元 6000 万元
截至2020年底，全市有高新技术企业十五家。
  hnte_count 2020 actual eq 十五家 15 家
高新技术企业120家，其中5家上市，吸纳就业5万人。
  hnte_count 2020 actual eq 120家 120 家
  ?吸纳就业 2020 actual eq 5万人 5 万人
营业收入超百亿元的高新技术企业3家。
其中3家企业入选全国百强。
拥有高新技术企业352家，占全省的38.1%，较2018年增加168家，增长91.3%。
  hnte_count 2020 actual eq 352家 352 家
  hnte_count 2020<2018 change eq 168家 168 家
  hnte_count 2020<2018 growth eq 91.3% 91.3 %
每万人口发明专利拥有量达7.8件，为全国平均水平的2.4倍，居全省第9位。
  invention_patents_per_10k 2020 actual eq 7.8件 7.8 件/万人
  invention_patents_per_10k 2020 rank eq 第9位 9 位
财政科技支出占一般公共预算支出比重不升反降，2020年较2018年下降0.57个百分点。
  st_fiscal_share 2020<2018 change eq 0.57个百分点 -0.57 个百分点
规模以上工业企业中开展研发活动的企业仅占13.7%，每万名就业人员中研发人员虽居全省第3位，仍只有14人年。
  rd_active_share 2020 actual eq 13.7% 13.7 %
  rd_personnel_share 2020 rank eq 第3位 3 位
  rd_personnel_share 2020 actual eq 14人年 14 人/万人
2020年底，全市有高新技术企业11家，比2015年多7家；2020年财政科学技术支出占财政支出的0.86%。
  hnte_count 2020 actual eq 11家 11 家
  hnte_count 2020<2015 change eq 7家 7 家
  st_fiscal_share 2020 actual eq 0.86% 0.86 %
2020年，获专利奖12项。累计签订技术合同1130项，合同成交额6.4亿元，其中2020年1.93亿元，比上年增长22.4%。
  ?专利奖 2020 actual eq 12项 12 项
  ?签订技术合同 2020 actual eq 1130项 1130 项
  tech_contract_value 2016-2020 actual eq 6.4亿元 64000 万元
  tech_contract_value 2020 actual eq 1.93亿元 19300 万元
  tech_contract_value 2020<2019 growth eq 22.4% 22.4 %
2018—2020年，全市研发经费支出分别为8.2亿元、9.6亿元、11.3亿元，占GDP比重分别为0.85%、0.93%、1.05%。
  rd_expenditure 2018 actual eq 8.2亿元 82000 万元
  rd_expenditure 2019 actual eq 9.6亿元 96000 万元
  rd_expenditure 2020 actual eq 11.3亿元 113000 万元
  rd_intensity 2018 actual eq 0.85% 0.85 %
  rd_intensity 2019 actual eq 0.93% 0.93 %
  rd_intensity 2020 actual eq 1.05% 1.05 %
2020年，研发经费支出12.6亿元，占GDP比重首次突破1%，达到1.02%，连续三年位居全省第二。
  rd_expenditure 2020 actual eq 12.6亿元 126000 万元
  rd_intensity 2020 actual gt 1% 1 %
  rd_intensity 2020 actual eq 1.02% 1.02 %
  rd_intensity 2020 rank eq 第二 2 位
从事研究与试验发展活动的人员折合全时当量为2740人年，每百万人口发明专利拥有量约55.6件。
  rd_fte 2020 actual eq 2740人年 2740 人年
  invention_patents_per_10k 2020 actual approx 55.6件 0.556 件/万人
在国家创新型城市创新能力评价中，我市排名第70位，较上年前进5位。
  innovative_city_rank 2020 rank eq 第70位 70 位
  innovative_city_rank 2020<2019 change eq 5位 5 位
2020年，研发经费支出76.8亿元，“十二五”以来年均增长19.4%，占GDP的比例为2.07%；规模以上工业企业中，有研发活动的占23.5%。
  rd_expenditure 2020 actual eq 76.8亿元 768000 万元
  rd_expenditure 2020 growth eq 19.4% 19.4 %
  rd_intensity 2020 actual eq 2.07% 2.07 %
  rd_active_share 2020 actual eq 23.5% 23.5 %
研发投入强度由2016年的1.71%提高到2020年的2.34%。高新技术企业由112家增加到486家，高新技术产业产值跨越2000亿元台阶，达到2200亿元。
  rd_intensity 2016 actual eq 1.71% 1.71 %
  rd_intensity 2020 actual eq 2.34% 2.34 %
  hnte_count 2016 actual eq 112家 112 家
  hnte_count 2020 actual eq 486家 486 家
  hightech_output 2020 actual eq 2000亿元 20000000 万元
  hightech_output 2020 actual eq 2200亿元 22000000 万元
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_facts_are_understood(read_sentence: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert read_sentence(sentence, "一、发展基础") == expected
