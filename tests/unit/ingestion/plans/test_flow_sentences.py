"""What a plan sets out to add: flows with a window (synthetic sentences).

A sentence stands at the margin, every figure that it prints is indented below it: indicator (?name where none), period
(<base), kind, comparator, printed text, value, unit, strive, and the region where it is another one than its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.ingestion.plans.sentence_tables import cases

CASES = """
到2025年，新增高新技术企业100家。
  hnte_count 2021-2025 target/new_flow eq 100家 100 家
到2025年，新增10家高新技术企业。
  hnte_count 2021-2025 target/new_flow eq 10家 10 家
到2025年，新建省级以上研发平台10个以上，累计新增新型研发机构20家。
  rd_platforms_provincial_new 2021-2025 target/new_flow ge 10个 10 个
  new_type_rd_institutions_new 2021-2025 target/cumulative_flow eq 20家 20 个
到2025年，培育高新技术企业200家以上。
  hnte_count 2021-2025 target/new_flow ge 200家 200 家
到2025年，新认定高新技术企业50家，新培育高价值发明专利30件。
  hnte_count 2021-2025 target/new_flow eq 50家 50 家
  high_value_patents_new 2021-2025 target/new_flow eq 30件 30 件
“十四五”期间，新增省级以上研发平台12个。
  rd_platforms_provincial_new 2021-2025 target/new_flow eq 12个 12 个
“十四五”期间累计新增新型研发机构15家以上。
  new_type_rd_institutions_new 2021-2025 target/cumulative_flow ge 15家 15 个
五年累计新增高新技术企业150家。
  hnte_count 2021-2025 target/cumulative_flow eq 150家 150 家
五年累计投入研发经费500亿元。
  rd_expenditure 2021-2025 target/cumulative_flow eq 500亿元 5000000 万元
到2025年，新建两家省级以上研发平台。
  rd_platforms_provincial_new 2021-2025 target/new_flow eq 两家 2 个
到2025年，新增高新技术企业、省级以上研发平台各5家。
  hnte_count 2021-2025 target/new_flow eq 5家 5 家
  rd_platforms_provincial_new 2021-2025 target/new_flow eq 5家 5 个
到2025年，技术合同成交额达50亿元，年均增长20%；高新技术企业达300家，年均增长15%，较2020年增加180家。
  tech_contract_value 2025 target/level ge 50亿元 500000 万元
  tech_contract_value 2025<2020 target/growth_avg eq 20% 20 %
  hnte_count 2025 target/level ge 300家 300 家
  hnte_count 2025<2020 target/growth_avg eq 15% 15 %
  hnte_count 2021-2025 target/new_flow eq 180家 180 家
“十四五”期间，全社会研发经费投入年均增速达到10%以上，累计投入超过200亿元。
  rd_expenditure 2025<2020 target/growth_avg ge 10% 10 %
  rd_expenditure 2021-2025 target/cumulative_flow gt 200亿元 2000000 万元
“十四五”期间，力争新增国家高新技术企业100家以上，总数达到220家以上。
  hnte_count 2021-2025 target/new_flow ge 100家 100 家 strive
  hnte_count 2025 target/level ge 220家 220 家
到2025年，全市累计培育高新技术企业300家以上。
  hnte_count 2021-2025 target/cumulative_flow ge 300家 300 家
每年新增高新技术企业30家以上，到2025年达到300家。
  ?每年高新技术企业 2021-2025 target/new_flow ge 30家 30 家
  hnte_count 2025 target/level ge 300家 300 家
到2025年，每万人口高价值发明专利拥有量提高二点五件。
  high_value_patents_per_10k 2021-2025 target/new_flow eq 二点五件 2.5 件/万人
到2025年，新增高新技术企业100家、省级以上研发平台10个、新型研发机构5家。
  hnte_count 2021-2025 target/new_flow eq 100家 100 家
  rd_platforms_provincial_new 2021-2025 target/new_flow eq 10个 10 个
  new_type_rd_institutions_new 2021-2025 target/new_flow eq 5家 5 个
"""


@pytest.mark.parametrize(("sentence", "expected"), cases(CASES))
def test_flow_is_set_out(read_sentence: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert read_sentence(sentence, "二、发展目标") == expected
