"""Directional statements: a direction without a number that looks ahead and speaks of one of our indicators."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.figures import DirectionalStatement, Reading
from tests.unit.ingestion.plans.sentence_tables import cases

TITLE = "遵义市“十四五”科技创新规划（合成）"

# Sentences below 二、发展目标 of a synthetic plan of 遵义市 (520300); below each what is read of it, figures last.
AIMS = """
到2025年，全社会研发投入强度稳步提高，创新生态更加完善。
  rd_intensity 2025 printed up firm 全社会研发投入强度稳步提高
到2025年，技术合同成交额持续增长，高新技术企业数量明显增加，创新氛围日益浓厚。
  tech_contract_value 2025 printed up firm 技术合同成交额持续增长
  hnte_count 2025 printed up firm 高新技术企业数量明显增加
到2025年，财政科技支出占一般公共预算支出的比重逐年提升。
  st_fiscal_share 2025 printed up firm 财政科技支出占一般公共预算支出的比重逐年提升
科技支出占比逐年提升。
  st_fiscal_share 2025 inferred up firm 科技支出占比逐年提升
争取全市研发投入强度逐年提高。
  rd_intensity 2025 inferred up strive 研发投入强度逐年提高
“十四五”期间，研发经费投入稳定增长。
  rd_expenditure 2025 printed up firm 研发经费投入稳定增长
到2022年，研发投入强度大幅提高；到2035年，技术合同成交额显著增长。
  rd_intensity 2022 printed up firm 研发投入强度大幅提高
  tech_contract_value 2035 printed up firm 技术合同成交额显著增长
高新技术产业产值保持较快增长态势。
  hightech_output 2025 inferred up firm 高新技术产业产值保持较快增长态势
高新技术企业不断增加。
  hnte_count 2025 inferred up firm 高新技术企业不断增加
研发投入强度总体稳定。
  rd_intensity 2025 inferred steady firm 研发投入强度总体稳定
常住人口保持稳定。
  population_resident 2025 inferred steady firm 常住人口保持稳定
常住人口逐步减少。
  population_resident 2025 inferred down firm 常住人口逐步减少
研发投入强度较2020年明显提高。
  rd_intensity 2025 inferred up firm 研发投入强度较2020年明显提高
到2025年，研发投入强度、技术合同成交额和高新技术企业数量稳步提升。
  rd_intensity 2025 printed up firm 研发投入强度、技术合同成交额和高新技术企业数量稳步提升
  tech_contract_value 2025 printed up firm 研发投入强度、技术合同成交额和高新技术企业数量稳步提升
  hnte_count 2025 printed up firm 研发投入强度、技术合同成交额和高新技术企业数量稳步提升
进一步提高研发投入强度，完善多元投入机制。
  rd_intensity 2025 inferred up firm 进一步提高研发投入强度
确保财政科技投入只增不减。
  st_budget_expenditure 2025 inferred up firm 财政科技投入只增不减
到2025年，全社会研究与试验发展（R&D）经费投入强度稳步提高。
  rd_intensity 2025 printed up firm 全社会研究与试验发展（R&D）经费投入强度稳步提高
研发经费投入持续增长，创新活力竞相迸发。到2025年，研发投入强度达到2.5%。
  rd_expenditure 2025 inferred up firm 研发经费投入持续增长
  figure rd_intensity 2025 2.5%
汇川区研发投入强度持续提高。
  rd_intensity 2025 inferred up firm 研发投入强度持续提高 520303
——创新投入。到2025年，研发投入强度进一步提高，财政科技支出占比达到2%。
  rd_intensity 2025 printed up firm 研发投入强度进一步提高
  figure st_fiscal_share 2025 2%
到2025年，全社会研发投入强度稳步提高，新增省级研发平台5个。
  rd_intensity 2025 printed up firm 全社会研发投入强度稳步提高
  figure None 2021-2025 5个
研发投入强度达到2%，到2035年研发投入强度进一步提升。
  rd_intensity 2035 printed up firm 研发投入强度进一步提升
  figure rd_intensity 2025 2%
"""

# The same, of which no direction is read: a number speaks, or nothing of the region's is to move.
AIMS_WITHOUT = """
研发投入强度稳步提高到3%以上。
  figure rd_intensity 2025 3%
力争研发投入强度持续提升，到2025年达到2.5%。
  figure rd_intensity 2025 2.5%
研发投入强度不断提高，到2023年，力争达到1.2%左右。
  figure rd_intensity 2023 1.2%
技术合同成交额大幅增长，实现翻一番。
  figure tech_contract_value 2025 翻一番
高新技术企业快速增加，总数达到120家。
  figure hnte_count 2025 120家
研发经费投入持续增长。到2025年，研发投入强度达到2.5%。
  figure rd_intensity 2025 2.5%
——研发经费投入持续增长。到2025年，研发投入强度达到2.5%。
  figure rd_intensity 2025 2.5%
“十三五”期间，研发投入强度稳步提高。
近年来，我市加大投入，技术合同成交额持续增长。
到2025年，在已有基础上，创新投入稳步提高。
研发经费投入不低于全省平均水平。
万人发明专利拥有量保持全省前列。
国家创新型城市排名稳步提升。
研发投入强度逐步下降。
研发投入强度有待进一步提高。
研发投入强度不降低。
高新技术企业不断壮大。
高新技术企业规模不断扩大。
高新技术产业产值占比稳步提高。
技术合同成交额增速稳步提高。
健全财政科技投入稳定增长机制。
研发投入强度稳步提高的县区优先立项。
引导企业持续提高研发投入强度。
鼓励企业组建研发机构，提高研发投入强度。
企业研发投入强度稳步提高。
贵州省研发投入强度持续提高。
提高研发投入强度的积极性明显增强。
增加研发经费投入。
各县（市、区）研发投入强度逐年提高。
到2025年，新增高新技术企业数量逐年增加。
到2025年，高新技术企业数量和质量明显提升。
随着研发经费投入持续增长，创新生态更加优化。
一是研发投入强度大幅提升。二是改革不断深化。
《研发投入强度稳步提高》专项行动深入实施。
以“研发投入强度稳步提高”为导向。
到2025年，绿色金融规模持续扩大，营商环境不断提升。
"""

# heading, sentence: the section tells whether a sentence without a year looks ahead.
SECTIONS = [
    ("一、发展基础", "研发投入强度稳步提高。", 0),
    ("（二）存在问题", "研发投入强度逐年提高。", 0),
    ("三、重点任务", "推动技术合同成交额持续增长。", 1),
    ("四、保障措施", "确保财政科技投入稳定增长。", 1),
    ("一、总则", "研发投入强度稳步提高。", 0),
    ("一、总则", "确保研发投入强度稳步提高。", 1),
    ("一、总则", "到2025年，研发投入强度稳步提高。", 1),
    ("三、重点任务", "进一步提高研发投入强度，完善激励机制。", 1),
    ("一、总则", "进一步提高研发投入强度，完善激励机制。", 0),
    ("附录：名词解释", "研发投入强度稳步提高。", 0),
]


@pytest.fixture
def told(read: Callable[..., Reading]) -> Callable[..., list[str]]:
    """Statements and figures of one sentence below a heading, one line each."""

    def run(sentence: str, heading: str = "二、发展目标") -> list[str]:
        reading = read(f"{heading}\n{sentence}", title="合成市“十四五”科技创新规划", region_code="520300")
        figures = [f"figure {f.indicator_code} {f.period} {f.printed_text}" for f in reading.figures]
        return [*map(_line, reading.directional_statements), *figures]

    return run


def _line(statement: DirectionalStatement) -> str:
    words = [statement.indicator_code, statement.period, statement.period_basis, statement.direction]
    words += [statement.strength, statement.printed_text]
    return " ".join([*words, *([] if statement.region_code == "520300" else [statement.region_code])])


@pytest.mark.parametrize(("sentence", "expected"), cases(AIMS))
def test_a_direction_is_read(told: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(("sentence", "expected"), cases(AIMS_WITHOUT))
def test_no_direction_is_read(told: Callable[..., list[str]], sentence: str, expected: list[str]) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(("heading", "sentence", "count"), SECTIONS)
def test_what_looks_back_or_says_no_time_sets_no_target(
    told: Callable[..., list[str]], heading: str, sentence: str, count: int
) -> None:
    assert len(told(sentence, heading)) == count


def test_a_direction_has_the_address_and_the_identity_of_a_printing(read: Callable[..., Reading]) -> None:
    text = f"{TITLE}\n\n二、发展目标\n\n到2025年，全社会研发投入\n强度 稳步提高，技术合同成交额和研发经费持续增长。\n"
    reading = read(text)
    first, *others = reading.directional_statements

    assert (first.address, first.line_start, first.line_end) == ("第5-6行", 5, 6)
    assert text[slice(*map(int, first.position[1:].split("-")))] == "全社会研发投入\n强度 稳步提高"
    assert (first.printed_text, first.section) == ("全社会研发投入强度稳步提高", "二、发展目标")
    assert len({statement.statement_id for statement in reading.directional_statements}) == 3
    assert len({statement.position for statement in others}) == 1  # two indicators share a clause
    assert read(text).directional_statements == reading.directional_statements
    assert (reading.recognised, reading.figures) == (0, ())


def test_a_heading_is_no_statement(read: Callable[..., Reading]) -> None:
    headings = ("（一）研发投入强度稳步提高", "1.技术合同成交额持续增长。", "专栏1 高新技术企业数量明显增加")
    text = "\n\n".join((TITLE, "二、发展目标", *headings, "深化改革，激发活力。"))

    assert read(text).directional_statements == ()
    assert len(read(text.replace("深化改革", "研发投入强度稳步提高")).directional_statements) == 1
