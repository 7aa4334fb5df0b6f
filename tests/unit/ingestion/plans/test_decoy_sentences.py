"""Numbers that are none of a region's indicators, beside some that are (synthetic sentences).

A sentence stands at the margin, every figure that it prints is indented below it: indicator (?name where none), period
(<base), kind, comparator, printed text, value, unit, strive, and the region where it is another one than its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
对首次认定的高新技术企业给予20万元奖励。
对新认定的高新技术企业每家补助10万元。
每年培育高新技术企业不少于20家。
  ?每年高新技术企业 2021-2025 target/new_flow ge 20家 20 家
每年新增高新技术企业20家以上。
  ?每年高新技术企业 2021-2025 target/new_flow ge 20家 20 家
每年遴选100名人才。
按照研发投入的10%给予补助，最高不超过100万元。
研发投入占营业收入比重不低于3%的企业可申报。
对年度研发投入500万元以上的企业给予支持。
支持研发投入强度达到3%以上的企业申报高新技术企业。
建设5G基站3000个，实施“123”计划，开发82B钢。
落实国发〔2022〕2号文件精神，2019年9月印发《行动方案（2019-2025年）》。
高新技术企业认定条件为研发人员占比10%以上。
  ?高新技术企业认定条件为研发人员占比 2025 target/level ge 10% 10 %
项目达产后年产值可达50亿元，带动就业2000人。
设立5亿元科技创新基金。
依托3家高新技术企业建设重点实验室。
支持5家高新技术企业上市。
推动10家高新技术企业上市。
引导100家高新技术企业开展数字化改造。
高新技术企业培育计划（2021-2025年）。
贯彻落实党的十九届五中全会精神，全面推进33844工程。
实施高新技术企业倍增计划，到2025年，高新技术企业达到300家。
  hnte_count 2025 target/level ge 300家 300 家
实施高新技术企业“双倍增”行动。
开展高新技术企业倍增行动，高新技术企业数量实现倍增。
  hnte_count 2025 target/multiple eq 倍增 2 倍
专栏1 高新技术企业培育工程
到2025年，培育瞪羚企业10家，每家给予50万元支持。
  ?培育瞪羚企业 2021-2025 target/new_flow eq 10家 10 家
高新技术企业所得税减按15%征收。
研发费用加计扣除比例提高到100%。
  ?研发费用加计扣除比例 2025 target/level ge 100% 100 %
研发费用加计扣除比例由75%提高至100%。
  ?研发费用加计扣除比例 2025 target/level ge 100% 100 %
引进培育高层次人才50名，建成科技特派员工作站20个。
培育高新技术企业后备库企业100家。
科技型中小企业、高新技术企业后备库入库200家。
技术合同成交额超过1000万元的机构给予奖励。
高新区研发投入强度达到5%以上。
  ?高新区研发投入强度 2025 target/level ge 5% 5 %
大数据企业研发投入强度达到8%。
  ?大数据企业研发投入强度 2025 target/level ge 8% 8 %
规模以上工业企业研发投入强度达到1.5%。
  ?规模以上工业企业研发投入强度 2025 target/level ge 1.5% 1.5 %
制造业研发投入强度达到2%。
  ?制造业研发投入强度 2025 target/level ge 2% 2 %
国有企业研发投入强度达到3%以上。
  ?国有企业研发投入强度 2025 target/level ge 3% 3 %
到2025年，高新区高新技术企业达到150家。
  ?高新区高新技术企业 2025 target/level ge 150家 150 家
到2025年，全市高新区内高新技术企业达到150家。
  ?高新区内高新技术企业 2025 target/level ge 150家 150 家
贵阳市高新技术企业达到1000家以上。
  hnte_count 2025 target/level ge 1000家 1000 家 520100
遵义市研发投入强度达到1.5%，六盘水市达到1.8%。
  rd_intensity 2025 target/level ge 1.5% 1.5 %
  rd_intensity 2025 target/level ge 1.8% 1.8 % 520200
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_only_figures_of_the_region_get_an_indicator(
    read_sentence: Callable[..., list[str]], sentence: str, expected: list[str]
) -> None:
    assert read_sentence(sentence, "三、重点任务") == expected
