"""What a document is about: any region of the country by its title, homonyms by its text; the plan behind a notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from ingestion.figures import Reading
from ingestion.plans.regions import document_region
from ingestion.registry import Registry, is_within

KINDS = ("province", "prefecture", "county")


def test_every_name_that_only_one_region_has_is_found_in_a_title(registry: Registry) -> None:
    regions = [region for region in registry.regions.values() if region.kind in KINDS]
    names = Counter(region.name_zh for region in regions)
    alone = {region.name_zh: region.code for region in regions if names[region.name_zh] == 1}

    assert len(alone) > 3000
    wrong = {
        name: found
        for name, code in alone.items()
        if (found := document_region(registry, [f"{name}“十四五”科技创新规划"], "")) != code
    }
    assert wrong == {}


def test_every_county_is_found_behind_its_prefecture_homonyms_too(registry: Registry) -> None:
    counties = [region for region in registry.regions.values() if region.kind == "county"]
    titles = {
        f"关于印发{parent.name_zh}{county.name_zh}科技创新规划的通知": county.code
        for county in counties
        if (parent := registry.regions.get(county.parent_code or "")) and parent.name_zh not in ("市辖区", "县")
        if parent.name_zh != county.name_zh
    }

    assert len(titles) > 2500
    assert {t: found for t, code in titles.items() if (found := document_region(registry, [t], "")) != code} == {}


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("重庆市渝北区“十二五”科技规划", "", "500112"),
        ("贵州“十四五”科技创新规划", "", "520000"),
        ("鼓楼区“十四五”科技创新规划", "南京市鼓楼区落实南京市部署。", "320106"),
        ("鼓楼区“十四五”科技创新规划", "", None),
        ("科技创新规划", "全县坚持创新。贵州省、贵阳市支持息烽县，贵阳市部署，贵阳市考核。", "520122"),
        ("科技创新规划", "全市坚持创新。贵州省支持贵阳市。", "520100"),
        ("科技创新规划", "坚持创新。", None),
        ("洛阳高新技术产业开发区创新提能行动计划", "", "410371"),
        ("合肥经开区“十四五”科技创新规划", "", "340177"),
    ],
)
def test_titles_and_texts(registry: Registry, title: str, text: str, code: str | None) -> None:
    assert document_region(registry, [title], text) == code


@pytest.mark.parametrize(
    ("code", "area", "inside"),
    [
        ("500112", "500000", True),
        ("520100", "500000", False),
        ("411323", "411000", False),
        ("411002", "411000", True),
        ("520122", "520122", True),
        ("520122", "000000", True),
    ],
)
def test_a_code_lies_in_an_area(code: str, area: str, inside: bool) -> None:
    assert is_within(code, area) is inside


def test_a_plan_that_is_the_annex_of_a_notice_is_read_and_its_glossary_is_not(read: Callable[..., Reading]) -> None:
    text = """遵义市人民政府关于印发合成规划的通知

附件

遵义市“十四五”科技创新规划（合成示例）

一、发展目标

到2025年，研发投入强度达到2.0%，高新技术企业达到400家。

附件2

名词解释

1.研发投入强度：指研发经费与GDP之比，达到3%为优秀。
"""
    reading = read(text)

    assert reading.source.region_code == "520300"
    assert [figure.printed_text for figure in reading.figures] == ["2.0%", "400家"]
    assert [definition.indicator_code for definition in reading.definitions] == ["rd_intensity"]


def test_a_region_on_the_first_line_of_a_title_is_found(read: Callable[..., Reading]) -> None:
    text = "洛阳高新技术产业开发区\n创新提能行动计划\n（2022—2025年）\n\n到2025年，高新技术企业达到700家。\n"

    assert read(text).source.region_code == "410371"
