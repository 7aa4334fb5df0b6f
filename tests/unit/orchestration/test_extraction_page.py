"""The page of what was read: every figure is marked where it is printed, and says how it was understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from ingestion.delivery import single_delivery
from ingestion.figures import Reading, Refusal
from ingestion.quantity import squeeze
from ingestion.reading import read_or_refuse
from ingestion.registry import load_registry
from orchestration.extraction import DIRECTIONAL_COLUMNS, FIGURE_COLUMNS
from orchestration.extraction_page import extraction_page
from orchestration.project import SAMPLES

PLAN = """息烽县“十四五”科技创新规划（合成示例 synthetic）

二、发展目标

坚持10%的投入原则。到2025年，研发投入强度达到1.2%，<新>
型产业产值突破10亿元，高新技术企业达到
10 家，技术合同成交额占GDP比重达到10%。
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        file = tmp_path / "plan.txt"
        file.write_text(text, encoding="utf-8")
        return read_or_refuse(single_delivery(file), load_registry())

    return read


def marks(page: str) -> dict[int, str]:
    """The marked text of each row, put together over lines, without blanks."""
    found: dict[int, str] = {}
    for mark in html.fromstring(page).xpath("//main//mark"):
        row = int(mark.get("data-entry"))
        found[row] = found.get(row, "") + squeeze(mark.text_content())
    return found


def test_every_figure_is_marked_where_it_is_printed(read: Callable[[str], Reading]) -> None:
    reading = read(PLAN)
    page = extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS)

    assert len(reading.figures) >= 3
    assert marks(page) == {row: squeeze(figure.printed_text) for row, figure in enumerate(reading.figures)}
    # of two equal printings on a page only the figure is marked, not the one that is none
    lines = html.fromstring(page).xpath("//main/div[@class='line']")
    assert [mark.text for mark in lines[2].xpath(".//mark")] == ["1.2%"]


def test_a_mark_tells_its_row(read: Callable[[str], Reading]) -> None:
    reading = read(PLAN)
    page = html.fromstring(extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS))
    [rows] = page.xpath("//script[@id='entries']")
    told = json.loads(rows.text)

    assert [row["figure_id"] for row in told] == [figure.figure_id for figure in reading.figures]
    assert told[0]["printed_text"] == "1.2%"
    assert next(iter(told[0])) == "printed_text"


def test_the_page_needs_nothing_else_and_text_stays_text(read: Callable[[str], Reading]) -> None:
    page = extraction_page(read(PLAN), FIGURE_COLUMNS, DIRECTIONAL_COLUMNS)

    assert "http" not in page
    assert "<新>" in html.fromstring(page).text_content()
    assert not html.fromstring(page).xpath("//*[@src or @href]")


def test_what_was_refused_is_marked_on_its_line(read: Callable[[str], Reading]) -> None:
    reading = read(PLAN)
    start = PLAN.index("10%")
    file = Refusal(source_id="s", address="", raw_text="plan.txt", reason_code="c", reason="r")
    printed = replace(file, address="第5行", raw_text="原则 10%", position=f"c{start}-{start + 3}")
    page = extraction_page(replace(reading, refusals=(printed, file)), FIGURE_COLUMNS, DIRECTIONAL_COLUMNS)

    assert marks(page)[len(reading.figures)] == "10%"
    assert len(reading.figures) + 1 not in marks(page)
    assert len(html.fromstring(page).xpath("//section//tr[@data-entry]")) == len(reading.figures) + 2


def test_only_unresolved_figures_on_request(read: Callable[[str], Reading]) -> None:
    reading = read(PLAN)
    unresolved = [figure for figure in reading.figures if figure.indicator_code is None]
    page = extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS, unresolved=True)

    assert 0 < len(unresolved) < len(reading.figures)
    assert marks(page) == {row: squeeze(figure.printed_text) for row, figure in enumerate(unresolved)}


def test_cells_of_a_workbook_are_marked() -> None:
    file = next(SAMPLES[1].rglob("gdp_prefectures_2021.xlsx"))
    reading = read_or_refuse(single_delivery(file), load_registry())

    assert marks(extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS)) == {
        row: squeeze(figure.printed_text) for row, figure in enumerate(reading.figures)
    }


def test_a_direction_is_marked_as_its_own_kind_of_target(read: Callable[[str], Reading]) -> None:
    reading = read(PLAN.replace("技术合同成交额占", "技术市场活跃，技术合同成交\n额稳步增长。研发经费支出占"))
    page = extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS)
    [row] = [row for row, text in marks(page).items() if "稳步" in text]
    [told] = html.fromstring(page).xpath("//script[@id='entries']")
    unresolved = extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS, unresolved=True)

    assert row == len(reading.figures)
    assert marks(page)[row] == "技术合同成交额稳步增长"
    assert {mark.get("class") for mark in html.fromstring(page).xpath(f"//main//mark[@data-entry='{row}']")} == {
        "directional"
    }
    assert json.loads(told.text)[row]["direction"] == "up"
    assert html.fromstring(page).xpath("//ul[@class='legend']//mark[@class='directional']")
    assert not html.fromstring(unresolved).xpath("//main//mark[@class='directional']")
