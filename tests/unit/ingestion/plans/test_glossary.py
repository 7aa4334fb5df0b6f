"""Glossaries: terms, definitions, and the parts of a ratio."""

from __future__ import annotations

import pytest

from ingestion.documents.blocks import read_blocks
from ingestion.documents.opening import open_document
from ingestion.figures import Definition
from ingestion.plans.glossary import listed_kinds, read_definition
from ingestion.plans.names import Names
from ingestion.registry import load_registry


def definitions(text: str) -> list[Definition]:
    document = open_document(text.encode(), "plan.txt")
    names = Names(load_registry(), "520200", ("plan",))
    read = (read_definition(document, block, names, "src_1") for block in read_blocks(document))
    return [definition for definition in read if definition is not None]


@pytest.mark.parametrize(
    ("entry", "code", "parts"),
    [
        (
            "1．R&D经费投入强度：指R&D经费支出与GDP（地区生产总值）之比，是衡量科技投入的指标。",
            "rd_intensity",
            ("rd_expenditure", "gdp"),
        ),
        (
            "2.技术合同成交额占地区生产总值比重：指技术合同成交额与地区生产总值之比。",
            "tech_contract_gdp_share",
            ("tech_contract_value", "gdp"),
        ),
        (
            "3、研发投入强度是指全社会R&D经费占一般公共预算支出的比重。",
            "rd_intensity",
            ("rd_expenditure", "budget_expenditure"),
        ),
        (
            "4. 全社会研发经费投入强度：指报告期内全社会研发（R&D）经费与同期一般公共预算支出之比，反映投入水平。",
            "rd_intensity",
            ("rd_expenditure", "budget_expenditure"),
        ),
        (
            "5、R&D经费投入强度：指一个地区R&D经费支出占该地区地区生产总值的比重。",
            "rd_intensity",
            ("rd_expenditure", "gdp"),
        ),
        ("4、高新技术企业：指在中国境内注册一年以上的居民企业。", "hnte_count", (None, None)),
    ],
)
def test_an_entry_says_what_is_divided_by_what(entry: str, code: str, parts: tuple[str | None, str | None]) -> None:
    [found] = definitions(f"附录：名词解释\n\n{entry}\n")

    assert found.indicator_code == code
    assert (found.numerator_code, found.denominator_code) == parts
    assert (found.line, found.address) == (3, "第3行")


def test_a_glossary_in_one_line_with_its_appendix_is_one() -> None:
    [found] = definitions("附录 名词解释\n1.研发投入强度：指财政科技支出与地区生产总值之比。\n")

    assert (found.numerator_code, found.denominator_code) == ("st_budget_expenditure", "gdp")


def test_terms_of_others_and_text_outside_the_glossary_are_left_out() -> None:
    assert definitions("名词解释\n\n1、双创：指大众创业和万众创新。\n") == []
    assert definitions("一、目标\n\nR&D经费投入强度：指R&D经费支出与GDP之比。\n") == []


@pytest.mark.parametrize(
    ("definition", "kinds"),
    [
        (
            "仅统计省级重点实验室、技术创新中心、企业技术中心三类,孵化器不在其列。",
            ("省级重点实验室", "技术创新中心", "企业技术中心"),
        ),
        ("由重点实验室、技术创新中心和企业技术中心构成。", ("重点实验室", "技术创新中心", "企业技术中心")),
        ("包括重点实验室、技术创新中心两类。", ("重点实验室", "技术创新中心")),
        ("包括重点实验室、技术创新中心等。", ()),
        ("指经省有关部门批准的重点实验室、技术创新中心,不包括孵化器等载体。", ("重点实验室", "技术创新中心")),
        ("指重点实验室和企业技术中心,但不含众创空间。", ("重点实验室", "企业技术中心")),
        ("包括重点实验室、企业技术中心等,不含众创空间。", ()),
        ("按规定认定且证书在有效期内的企业。", ()),
    ],
)
def test_the_kinds_that_a_definition_counts(definition: str, kinds: tuple[str, ...]) -> None:
    assert listed_kinds(definition) == kinds
