"""Headers, names and cells of target tables: what each of them says (synthetic tables)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from ingestion.figures import Reading
from ingestion.plans.cells import read_cell
from ingestion.plans.columns import role_of
from ingestion.plans.periods import Window
from ingestion.registry import Registry
from tests.unit.ingestion.plans.sentence_tables import rows

WINDOW = Window(2021, 2025, 2020)


@pytest.mark.parametrize(
    ("header", "kind", "target_kind", "period"),
    [
        ("2020年", "baseline", None, "2020"),
        ("2020年(基期)", "baseline", None, "2020"),
        ("2020年完成值", "baseline", None, "2020"),
        ("现状值(2020年)", "baseline", None, "2020"),
        ("“十三五”末", "baseline", None, "2020"),
        ("规划基期2020年", "baseline", None, "2020"),
        ("2024年预计", "baseline", None, "2024"),
        ("基期目标2020年", "baseline", None, "2020"),
        ("基期目标2022年", "target", "level", "2022"),
        ("2025年", "target", "level", "2025"),
        ("[2025]", "target", "level", "2025"),
        ("2025年目标值", "target", "level", "2025"),
        ("“十四五”末", "target", "level", "2025"),
        ("二〇三五年目标", "target", "level", "2035"),
        ("目标值", "target", "level", "2025"),
        ("中期目标", "target", "level", "2023"),
        ("2020年规划目标", "target", "level", "2020"),
        ("年均增长(%)", "target", "growth_avg", "2025"),
        ("年均/累计", "target", "growth_avg", "2025"),
        ("“十三五”年均增速", "growth", None, "2016-2020"),
        ("五年累计", "target", "cumulative_flow", "2025"),
    ],
)
def test_a_header_says_what_its_column_holds(header: str, kind: str, target_kind: str | None, period: str) -> None:
    role = role_of(header, WINDOW, None)

    assert role is not None
    assert (role.kind, role.target_kind, role.period) == (kind, target_kind, period)


@pytest.mark.parametrize(
    ("cell", "number", "high", "unit", "comparator", "own_kind"),
    [
        ("1,200", "1200", None, None, "eq", None),
        ("≥30%", "30", None, "%", "ge", None),
        ("500以上", "500", None, None, "ge", None),
        ("突破100家", "100", None, "家", "gt", None),
        ("1.5—2.0", "1.5", "2.0", None, "range", None),
        ("1.5%-2.0%", "1.5", "2.0", "%", "range", None),
        ("[30]", "30", None, None, "eq", "cumulative_flow"),
        ("累计30", "30", None, None, "eq", "cumulative_flow"),
        ("新增20家", "20", None, "家", "eq", "new_flow"),
        ("年均增长10%以上", "10", None, "%", "ge", "growth_avg"),
        ("降低13.5%", "-13.5", None, "%", "eq", "growth_total"),
        ("翻一番", "2", None, "倍", "eq", "multiple"),
        ("前50位", "50", None, "位", "le", "rank"),
        ("512(基期为2021年)", "512", None, None, "eq", None),
        ("38(以2021年为基期)", "38", None, None, "eq", None),
        ("提升3位", "3", None, "位", "eq", "rank_change"),
    ],
)
def test_a_cell_says_number_unit_comparator_and_kind(
    registry: Registry,
    cell: str,
    number: str,
    high: str | None,
    unit: str | None,
    comparator: str,
    own_kind: str | None,
) -> None:
    value = read_cell(cell, registry.unit_pattern, is_target=True)

    assert value.number is not None
    assert value.number.value == Decimal(number)
    assert (value.high.value if value.high else None) == (Decimal(high) if high else None)
    assert (value.unit, value.comparator, value.target_kind) == (unit, comparator, own_kind)


@pytest.mark.parametrize("cell", ["约1/3", "10、20", "3家或5家", "1:2"])
def test_an_unclear_cell_is_refused_with_a_remedy(registry: Registry, cell: str) -> None:
    value = read_cell(cell, registry.unit_pattern, is_target=True)

    assert value.number is None
    assert value.error is not None
    assert "请" in str(value.error)


TABLE = """二、发展目标

说明：本表为合成示例。

| 指标 | 2020年 | 2025年 | 属性 |
|---|---|---|---|
| 全社会研发经费投入年均增长（%） | 9.5 | ≥10 | 预期性 |
| 研发经费支出（亿元） | 8.2 | 16.5 | 预期性 |
| 占GDP的比重（%） | 0.78（2019年） | 1.5 | 预期性 |
| 高新技术企业数/家 | 86 | 150 | 预期性 |
| 其中：规模以上 | 40 | 80 | 预期性 |
| 新增高新技术企业（家） | 12 | 64 | 预期性 |
| 新建省级以上研发平台（个） | — | [12] | 约束性 |
| 技术合同成交额（亿元） | 5.5 | 翻一番 | 预期性 |
"""

TABLE_FIGURES = """
rd_expenditure 2020 growth eq 9.5 9.5 %
rd_expenditure 2025<2020 target/growth_avg ge ≥10 10 % expected
rd_expenditure 2020 baseline eq 8.2 82000 万元
rd_expenditure 2025 target/level eq 16.5 165000 万元 expected
rd_intensity 2019 baseline eq 0.78（2019年） 0.78 %
rd_intensity 2025 target/level eq 1.5 1.5 % expected
hnte_count 2020 baseline eq 86 86 家
hnte_count 2025 target/level eq 150 150 家 expected
hnte_above_scale_count 2020 baseline eq 40 40 家
hnte_above_scale_count 2025 target/level eq 80 80 家 expected
hnte_count 2020 change eq 12 12 家
hnte_count 2021-2025 target/new_flow eq 64 64 家 expected
rd_platforms_provincial_new 2021-2025 target/cumulative_flow eq [12] 12 个 binding
tech_contract_value 2020 baseline eq 5.5 55000 万元
tech_contract_value 2025 target/multiple eq 翻一番 2 倍 expected
"""


def test_names_of_rows_may_speak_of_growth_of_flows_and_of_the_row_before(read: Callable[..., Reading]) -> None:
    reading = read(TABLE, title="合成市“十四五”科技创新规划", region_code="520300")

    assert rows(reading, "520300") == TABLE_FIGURES.strip().splitlines()


def test_of_several_past_years_one_is_the_base(read: Callable[..., Reading]) -> None:
    text = """中期评估

| 指标 | 2015年 | 2020年基期值 | 2022年完成值 | 2025年目标值 |
|---|---|---|---|---|
| 高新技术企业数（家） | 35 | 86 | 120 | 150 |
"""
    reading = read(text, title="合成市“十四五”科技创新规划中期评估报告", region_code="520300")

    assert rows(reading, "520300") == [
        "hnte_count 2015 actual eq 35 35 家",
        "hnte_count 2020 baseline eq 86 86 家",
        "hnte_count 2022 actual eq 120 120 家",
        "hnte_count 2025 target/level eq 150 150 家",
    ]
