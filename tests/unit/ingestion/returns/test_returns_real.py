"""The office's own landing folder, read in full; skipped where it is absent."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
import msoffcrypto
import pytest
import python_calamine

from ingestion.delivery import inventory
from ingestion.figures import Reading
from ingestion.quantity import squeeze
from ingestion.registry import Registry
from ingestion.returns import read_return

pytestmark = pytest.mark.real

PROVINCES = 31
EXPECTED_CODES = {
    "R&D经费投入强度": "rd_intensity",
    "规上工业企业中有研发机构的企业数": None,
    "规上工业企业中有R&D活动的企业数": "rd_active_enterprises",
    "规上工业企业R&D经费内部支出": "rd_expenditure_industry_above_scale",
    "一般公共预算支出": "budget_expenditure",
    "财政科学技术支出": "st_budget_expenditure",
}


@pytest.fixture(scope="module")
def readings(landing: Path, registry: Registry) -> dict[str, Reading]:
    found = {d.file_name: read_return(d, registry) for d in inventory([landing])}
    for reading in found.values():
        assert reading.recognised == len(reading.figures) + len(reading.refusals)
    return found


def test_every_expected_cell_is_read_exactly(readings: dict[str, Reading], landing: Path) -> None:
    truth = landing.parents[1] / "truth" / "returns_expected_guizhou.csv"
    if not truth.is_file():
        pytest.skip(f"no expected values beside the landing folder ({truth})")
    with truth.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 9
    for row in rows:
        code = EXPECTED_CODES[row["indicator"]]
        found = [
            f
            for f in readings[row["file"]].figures
            if f.region_code == row["region_code"]
            and f.period == row["year"]
            and f.indicator_code == code
            and f.breakdown == "_T"
            and f.sheet == row["sheet"]
            and (code is not None or squeeze(f.indicator_as_printed) == squeeze(row["indicator"]))
        ]
        assert [(f.printed_value, f.printed_unit) for f in found] == [(Decimal(row["value"]), row["unit"])], row


@pytest.mark.parametrize(
    ("name", "figures", "regions"),
    [
        ("01_rd_intensity_yb2019_encrypted.xls", 32 * 8, 32),
        ("02_rd_intensity_yb2021_html_as_xls.xls", 32 * 9, 32),
        ("04a_firms_2021_encrypted.xls", 36 * 2, 36),
        ("05_industry_rd_2020_split_headers.xls", 36 * 10 - 7, 36),  # seven blank cells of foreign funds
        ("06a_budget_2021.xls", 766, 32),
    ],
)
def test_all_provinces_and_totals_are_read(
    readings: dict[str, Reading], registry: Registry, name: str, figures: int, regions: int
) -> None:
    reading = readings[name]
    assert not reading.refusals
    assert len(reading.figures) == figures
    codes = {figure.region_code for figure in reading.figures}
    kinds = Counter(registry.regions[code].kind for code in codes)
    assert len(codes) == regions
    assert kinds["province"] == PROVINCES
    assert codes & {"000000", "R-LOCAL"}


WORKBOOKS = (
    "01_rd_intensity_yb2019_encrypted.xls",
    "02_rd_intensity_yb2021_html_as_xls.xls",
    "04a_firms_2021_encrypted.xls",
    "05_industry_rd_2020_split_headers.xls",
    "06a_budget_2021.xls",
)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_number_of_a_workbook_is_read_or_refused(
    readings: dict[str, Reading], landing: Path, name: str, count: Any
) -> None:
    """Counted independently of the reader: whatever is a number, except for the years of the header row."""
    numbers = 0
    for row in _raw_rows((landing / name).read_bytes()):
        if row and squeeze(str(row[0])) == "地区":
            continue
        numbers += sum(re.fullmatch(r"-?\d+(?:\.\d+)?", str(value).strip()) is not None for value in row)
    assert numbers == len(readings[name].figures) + len(readings[name].refusals)
    assert all(len(refusal.reason) > 5 for refusal in readings[name].refusals)
    count(numbers_of_workbooks=numbers, numbers_lost=0)


def _raw_rows(content: bytes) -> list[list[Any]]:
    """All rows of all sheets as the file holds them, by libraries alone."""
    if not content.startswith(b"\xd0\xcf\x11\xe0"):
        page = lxml.html.fromstring(content.decode())
        return [[cell.text_content() for cell in row.iterchildren("td", "th")] for row in page.iter("tr")]
    office = msoffcrypto.OfficeFile(io.BytesIO(content))
    if office.is_encrypted():
        plain = io.BytesIO()
        office.load_key(password="VelvetSweatshop")  # the password that Excel uses where nobody chose one
        office.decrypt(plain)
        content = plain.getvalue()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def test_both_vintages_of_the_intensity_of_2018_are_there(readings: dict[str, Reading]) -> None:
    found = {
        (figure.printed_text, figure.published_at)
        for name in ("01_rd_intensity_yb2019_encrypted.xls", "02_rd_intensity_yb2021_html_as_xls.xls")
        for figure in readings[name].figures
        if figure.region_code == "520000" and figure.period == "2018"
    }
    assert found == {("0.82", date(2019, 12, 31)), ("0.79", date(2021, 12, 31))}


def test_the_compilation_is_read_row_by_row(readings: dict[str, Reading], landing: Path) -> None:
    reading = readings["annual_figures.csv"]
    with (landing / "annual_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert reading.recognised == len(rows) == 526
    assert not reading.refusals
    key = Counter(_row_key(row) for row in rows)
    assert key == Counter(
        (
            f.region_code,
            f.indicator_code or "",
            f.variant,
            f.breakdown,
            f.indicator_as_printed,
            f.period,
            f.printed_text,
            f.printed_unit,
            f.published_at.year if f.published_at else None,
            f.release_type,
        )
        for f in reading.figures
    )
    assert len(reading.origins) == len({(squeeze(r["source"]), r["published_year"], r["release_type"]) for r in rows})


def _row_key(row: dict[str, str]) -> tuple[Any, ...]:
    return (
        row["region_code"],
        row["indicator_code"],
        row["variant"],
        row["breakdown"],
        row["indicator"],
        row["period"],
        row["value"],
        row["unit"],
        int(row["published_year"]) if row["published_year"] else None,
        row["release_type"],
    )


def test_a_total_row_keeps_its_own_coarser_decimals(readings: dict[str, Reading]) -> None:
    figures = {(f.region_code, f.indicator_code): f for f in readings["06a_budget_2021.xls"].figures}
    assert figures["R-LOCAL", "budget_expenditure"].printed_decimals == 2
    assert figures["520000", "budget_expenditure"].printed_decimals == 4
    assert figures["520000", "budget_expenditure"].printed_text == "5590.008"


def test_the_printed_text_stands_on_the_line_of_the_figure(readings: dict[str, Reading]) -> None:
    for reading in readings.values():
        lines = {(line.sheet, line.line): squeeze(line.text) for line in reading.lines}
        for figure in reading.figures:
            assert squeeze(figure.printed_text) in lines[figure.sheet, figure.line_start or 0]
