"""The office's own landing folder: hand-checked figures of its three plans, where that folder is at hand."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.delivery import inventory
from ingestion.figures import Figure, Reading
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry

LANDING = Path(os.environ.get("PROVSTAT_REAL_LANDING", Path(__file__).parents[5] / "shared" / "landing"))
CHECKED = LANDING.parent / "truth" / "plan_core_figures.csv"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not CHECKED.is_file(), reason=f"{LANDING} with its hand-checked figures is not here"),
]


@pytest.fixture(scope="module")
def readings(registry: Registry) -> dict[str, Reading]:
    deliveries = [item for item in inventory([LANDING / "plans"]) if item.kind == "plan"]
    return {item.file_name.split("_")[0]: read_plan(item, registry) for item in deliveries}


def _matches(figure: Figure, row: dict[str, str]) -> bool:
    assert figure.line_start is not None
    assert figure.line_end is not None
    return (
        figure.line_start <= int(row["line_no"]) <= figure.line_end
        and figure.printed_value == Decimal(row["value"])
        and figure.value == Decimal(row["value_in_canonical_unit"])
        and (figure.strength or "firm") == (row["strength"] or "firm")
        and all(
            (getattr(figure, name) or "") == row[column]
            for name, column in (
                ("region_code", "region_code"),
                ("indicator_code", "indicator_code"),
                ("variant", "variant"),
                ("period", "period"),
                ("kind", "kind"),
                ("target_kind", "target_kind"),
                ("comparator", "comparator"),
                ("printed_unit", "unit_as_printed"),
                ("unit", "canonical_unit"),
                ("layout", "layout"),
            )
        )
    )


def test_every_hand_checked_figure_is_found(readings: dict[str, Reading]) -> None:
    with CHECKED.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [
        row["fact_id"] for row in rows if not any(_matches(figure, row) for figure in readings[row["doc"]].figures)
    ]

    assert len(rows) >= 70
    assert missing == []


@pytest.mark.parametrize(
    ("doc", "printed", "base", "level"),
    [
        ("liupanshui", "85.74%", "2015", "11.98亿元"),
        ("liupanshui", "64.8%", "2015", "0.89%"),
        ("liupanshui", "41%", "2011-2015", "7781万元"),
        ("liupanshui", "575%", "2015", "54家"),
        ("liupanshui", "286%", "2011-2015", "1.44亿元"),
        ("xifeng", "12.38%", "2015", "7529.2万元"),
        ("xifeng", "14.6倍", "2015", "2.77件/万人"),
        ("xifeng", "4.2倍", "2015", "2.52亿元"),
    ],
)
def test_growth_is_tied_to_its_level(
    readings: dict[str, Reading], doc: str, printed: str, base: str, level: str
) -> None:
    figures = readings[doc].figures
    growth = next(figure for figure in figures if figure.kind == "growth" and figure.printed_text == printed)
    together = [figure.printed_text for figure in figures if figure.statement_id == growth.statement_id]

    assert growth.base_period == base
    assert level in together


def test_two_printings_of_one_baseline_are_two_figures(readings: dict[str, Reading]) -> None:
    found = {
        (figure.layout, figure.printed_value)
        for figure in readings["xifeng"].figures
        if figure.indicator_code == "invention_patents_per_10k" and figure.kind == "baseline"
    }

    assert found == {("narrative", Decimal("2.77")), ("table", Decimal("2.68"))}


def test_nothing_but_the_checked_places_carries_an_indicator(readings: dict[str, Reading]) -> None:
    coded = {
        doc: {figure.line_start for figure in reading.figures if figure.indicator_code is not None}
        for doc, reading in readings.items()
    }

    assert coded["guiyang"] == {33, 35, 39, 41}
    assert coded["liupanshui"] == {10, 13, 23, 53, *(line for line in range(61, 91) if line % 4 in (1, 2))}
    assert coded["xifeng"] == {41, 42, 44, 46, 48, 152, 358, 366, 374, 376, *range(397, 410, 2)}
    assert all(reading.refusals == () for reading in readings.values())
