"""Reviews: differences told by 高于, places among so many cities, parts of a sum, asides of another year, spans."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import Reading

HEAD = "遵义市“十四五”科技创新规划（合成示例）\n\n一、发展基础\n\n"
AHEAD = "遵义市“十四五”科技创新规划（合成示例）\n\n一、发展目标\n\n"

Row = tuple[str, str | None, str, str]


def told(reading: Reading) -> list[Row]:
    return [(f.printed_text, f.indicator_code, f.period, f.target_kind or f.kind) for f in reading.figures]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "2020年，研发投入强度达到1.2%，高于2015年0.3个百分点。规上工业企业中有研发活动企业占比为24.1%。",
            [
                ("1.2%", "rd_intensity", "2020", "actual"),
                ("0.3个百分点", "rd_intensity", "2020", "change"),
                ("24.1%", "rd_active_share", "2020", "actual"),
            ],
        ),
        (
            "2020年，科技进步水平指数为52.6%，在全省9个市州中排第3位，在黔北12市中排名第2位。",
            [
                ("52.6%", "sti_index", "2020", "actual"),
                ("第3位", "sti_index", "2020", "rank"),
                ("第2位", "sti_index", "2020", "rank"),
            ],
        ),
        (
            "全社会研发投入强度不到全国平均水平的一半，居全省第7位。",
            [("第7位", "rd_intensity", "2020", "rank")],
        ),
        (
            "“十三五”期间，技术合同成交额累计9.6亿元，其中2020年2.85亿元。",
            [
                ("9.6亿元", "tech_contract_value", "2016-2020", "actual"),
                ("2.85亿元", "tech_contract_value", "2020", "actual"),
            ],
        ),
        (
            "“十三五”期间，高新技术企业数量快速增长。高新技术产业实现总产值96.4亿元。",
            [("96.4亿元", "hightech_output", "2020", "actual")],
        ),
        (
            "2019年，规上工业企业R&D经费为8.2亿元。\n\n高新技术企业达到86家。",
            [
                ("8.2亿元", "rd_expenditure_industry_above_scale", "2019", "actual"),
                ("86家", "hnte_count", "2020", "actual"),
            ],
        ),
    ],
)
def test_a_review(read: Callable[..., Reading], text: str, rows: list[Row]) -> None:
    assert told(read(HEAD + text)) == rows


def test_a_part_of_a_sum_that_is_a_target_of_its_own(read: Callable[..., Reading]) -> None:
    text = "到2025年，技术合同成交额五年累计实现12亿元，其中2025年达到3亿元。"

    assert told(read(AHEAD + text))[-1] == ("3亿元", "tech_contract_value", "2025", "level")


def test_a_column_of_sums_or_averages_and_whole_names_beside_a_category(read: Callable[..., Reading]) -> None:
    text = """<table>
<tr><td colspan=2>指标</td><td>2020年</td><td>2025年</td><td>[累计]/年均</td></tr>
<tr><td>创新投入</td><td>全社会研发经费投入（亿元）</td><td>20</td><td>40</td><td>14.9%</td></tr>
<tr><td>创新产出</td><td>每万人口发明专利拥有量（件）</td><td>1.9</td><td>4.5</td><td>18.8%</td></tr>
</table>"""
    reading = read(f"<html><body><p>{HEAD}</p>{text}</body></html>", "plan.html")

    assert [(row[0], row[1], row[3]) for row in told(reading)] == [
        ("20", "rd_expenditure", "baseline"),
        ("40", "rd_expenditure", "level"),
        ("14.9%", "rd_expenditure", "growth_avg"),
        ("1.9", "invention_patents_per_10k", "baseline"),
        ("4.5", "invention_patents_per_10k", "level"),
        ("18.8%", "invention_patents_per_10k", "growth_avg"),
    ]
