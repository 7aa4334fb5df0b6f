"""The shipped sample plans: every figure of an indicator, as it must be understood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import ingestion
from ingestion.delivery import single_delivery
from ingestion.figures import Figure
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry

SAMPLES = Path(ingestion.__file__).parent / "samples" / "plans"

GUIYANG_ACTION_PLAN = """
high_value_patents_new 2021-2025 target/new_flow ge 30件 30 件 narrative
hnte_above_scale_count 2022 target/level gt 350家 350 家 narrative
hnte_above_scale_count 2025 target/level approx 500家 500 家 narrative
hnte_above_scale_count 2025 target/multiple eq 倍增 2 倍 narrative
hnte_count 2022 target/level gt 1400家 1400 家 narrative
hnte_count 2025 target/level gt 2000家 2000 家 narrative
hnte_count 2025 target/multiple eq 倍增 2 倍 narrative
incubators 2022 target/level gt 100家 100 个 narrative
incubators 2025 target/level ge 150家 150 个 narrative
incubators 2025 target/multiple eq 倍增 2 倍 narrative
incubators_provincial 2025 target/level gt 50家 50 个 narrative
innovative_city_rank 2022 target/rank_change ge 1位 1 位 narrative
innovative_city_rank 2025 target/rank_change eq 3位 3 位 narrative
invention_patents_per_10k 2025 target/level ge 18件 18 件/万人 narrative
new_type_rd_institutions_new 2021-2025 target/cumulative_flow eq 30家 30 个 narrative
rd_capable_share 2025 target/level ge 30% 30 % narrative
rd_intensity 2022 target/level ge 2.3% 2.3 % narrative
rd_intensity 2025 target/level ge 2.6% 2.6 % narrative
rd_platforms_provincial_new 2021-2025 target/new_flow ge 10个 10 个 narrative
st_personnel 2022 target/level gt 15万人 150000 人 narrative
st_personnel 2025 target/level gt 20万人 200000 人 narrative
st_personnel 2025 target/multiple eq 倍增 2 倍 narrative
tech_contract_value 2025 target/level ge 150亿元 1500000 万元 narrative
"""

XIFENG_PLAN = """
hightech_output 2020 baseline eq 8.42 84200 万元 table
hightech_output 2025 target/level eq 20 200000 万元 table
hightech_output 2025 target/level gt 20亿元 200000 万元 narrative
hnte_count 2020 baseline eq 5 5 家 table
hnte_count 2025 target/level eq 10 10 家 table
hnte_count 2025 target/level gt 10家 10 家 strive narrative
innovation_platforms_provincial 2020 baseline eq 0 0 个 table
innovation_platforms_provincial 2025 target/level eq 2 2 个 table
invention_patents_per_10k 2020 baseline eq 2.68 2.68 件/万人 table
invention_patents_per_10k 2020 baseline eq 2.77件/万人 2.77 件/万人 narrative
invention_patents_per_10k 2020<2015 growth eq 14.6倍 14.6 倍 narrative
invention_patents_per_10k 2025 target/level eq 2.8 2.8 件/万人 table
invention_patents_per_10k 2025 target/level ge 2.8件/万人 2.8 件/万人 narrative
rd_active_share 2020 baseline eq 11.6 11.6 % table
rd_active_share 2020 baseline eq 11.6% 11.6 % narrative
rd_active_share 2025 target/level eq 20 20 % table
rd_expenditure 2020 baseline eq 7529.2 7529.2 万元 table
rd_expenditure 2020 baseline eq 7529.2万元 7529.2 万元 narrative
rd_expenditure 2020<2015 growth eq 12.38% 12.38 % narrative
rd_expenditure 2025 target/level eq 30000 30000 万元 table
rd_expenditure 2025 target/level ge 3亿元 30000 万元 narrative
st_fiscal_share 2025 target/level ge 1.5% 1.5 % narrative
sti_index 2019 actual eq 74.03% 74.03 % narrative
sti_index 2019<2015 growth eq 12.44% 12.44 % narrative
tech_contract_value 2020 baseline eq 2.52 25200 万元 table
tech_contract_value 2020 baseline eq 2.52亿元 25200 万元 narrative
tech_contract_value 2020<2015 growth eq 4.2倍 4.2 倍 narrative
tech_contract_value 2025 target/level eq 4 40000 万元 table
"""

LIUPANSHUI_PLAN = """
hightech_output 2020 baseline eq 174.22 1742200 万元 table
hightech_output 2025 target/level eq 400 4000000 万元 table
hightech_output 2025 target/level ge 400亿元 4000000 万元 narrative
hnte_count 2020 baseline eq 54 54 家 table
hnte_count 2020 baseline eq 54家 54 家 narrative
hnte_count 2020<2015 change eq 46家 46 家 narrative
hnte_count 2020<2015 growth eq 575% 575 % narrative
hnte_count 2025 target/level eq 180 180 家 table
hnte_count 2025 target/level ge 180家 180 家 narrative
innovation_platforms_provincial 2020 baseline eq 8 8 个 table
innovation_platforms_provincial 2025 target/level eq 20 20 个 table
innovation_platforms_provincial 2025 target/level ge 20个 20 个 narrative
invention_patents_per_10k 2020 baseline eq 0.9 0.9 件/万人 table
invention_patents_per_10k 2025 target/level eq 2 2 件/万人 table
invention_patents_per_10k 2025 target/level ge 2件 2 件/万人 narrative
rd_active_share 2020 baseline eq 22.2 22.2 % table
rd_active_share 2025 target/level eq 25 25 % table
rd_active_share 2025 target/level ge 25% 25 % narrative
rd_expenditure 2020 actual eq 11.98亿元 119800 万元 narrative
rd_expenditure 2020 rank eq 第五 5 位 narrative
rd_expenditure 2020<2015 change eq 5.53亿元 55300 万元 narrative
rd_expenditure 2020<2015 growth eq 85.74% 85.74 % narrative
rd_intensity 2015 actual eq 0.54% 0.54 % narrative
rd_intensity 2020 baseline eq 0.89 0.89 % table
rd_intensity 2020 baseline eq 0.89% 0.89 % narrative
rd_intensity 2020 rank eq 第四 4 位 narrative
rd_intensity 2020<2015 growth eq 64.8% 64.8 % narrative
rd_intensity 2025 target/level eq 1.8 1.8 % table
rd_intensity 2025 target/level ge 1.8% 1.8 % narrative
rd_personnel_share 2020 baseline eq 31 31 人/万人 table
rd_personnel_share 2025 target/level eq 45 45 人/万人 table
rd_personnel_share 2025 target/level ge 45人/万人 45 人/万人 narrative
tech_contract_gdp_share 2020 baseline eq 1.37 1.37 % table
tech_contract_gdp_share 2025 target/level eq 1.5 1.5 % table
tech_contract_gdp_share 2025 target/level ge 1.5% 1.5 % narrative
tech_contract_value 2018 actual eq 1320万元 1320 万元 narrative
tech_contract_value 2020 actual eq 18.69亿元 186900 万元 narrative
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("guiyang_action_plan", GUIYANG_ACTION_PLAN),
        ("xifeng_plan", XIFENG_PLAN),
        ("liupanshui_plan", LIUPANSHUI_PLAN),
    ],
)
def test_sample_plans_are_read_completely(
    registry: Registry, brief: Callable[[Figure], str], name: str, expected: str
) -> None:
    reading = read_plan(single_delivery(SAMPLES / f"{name}.txt"), registry)
    found = [f"{brief(f).split(' ', 1)[1]} {f.layout}" for f in reading.figures if f.indicator_code is not None]

    assert sorted(found) == sorted(expected.strip().splitlines())
    assert reading.refusals == ()
