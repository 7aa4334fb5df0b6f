"""The questions about time that README.md shows the analyst, run as they stand there, over two nights."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RETURNS = ROOT / "ingestion" / "samples" / "returns"
EARLY, LATE = "2026-01-05T02:00:00+08:00", "2026-01-06T02:00:00+08:00"
FIRST_PRINTING, CENSUS_REVISION, CORRECTED = Decimal("0.82"), Decimal("0.79"), Decimal("0.83")

Rows = list[dict[str, Any]]


def _questions() -> list[str]:
    """The SQL blocks of the analyst's section, in their order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## Analyst") : text.index("## Steward")]
    return re.findall(r"```sql\n(.*?)```", section, re.DOTALL)


def _deliver(folder: Path, *, until: int, intensity: Decimal) -> None:
    """The sample returns of the editions up to a year, the communiqué of 2019 with this intensity of 2018."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(RETURNS / "sources.yml", folder / "sources.yml")
    with (RETURNS / "annual_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    named = [dict(zip(header, row, strict=True)) for row in rows]
    kept = [row for row in named if row["published_year"] and int(row["published_year"]) <= until]
    for row in kept:
        key = (row["region_code"], row["indicator_code"], row["period"], row["published_year"])
        if key == ("520000", "rd_intensity", "2018", "2019"):
            assert row["value"] == str(FIRST_PRINTING)
            row["value"] = str(intensity)
    with (folder / "annual_figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(kept)


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any]) -> Any:
    """First what was published until 2019; on the second night all editions, and 0.82 set right to 0.83."""
    folder = tmp_path_factory.mktemp("guide")
    landing = folder / "landing"
    _deliver(landing, until=2019, intensity=FIRST_PRINTING)
    nights = [run_a_night(folder / "home", (landing,), now=EARLY)]
    _deliver(landing, until=2100, intensity=CORRECTED)
    nights.append(run_a_night(folder / "home", (landing,), now=LATE))
    assert [night.exit_code for night in nights] == [0, 0]
    return nights


def test_the_samples_answer_what_was_published_by_a_day(sample_nights: Any, ask: Callable[..., Rows]) -> None:
    file = sample_nights[1].home.current
    by_2019, by_2021, _ = _questions()
    assert [row["value"] for row in ask(file, by_2019)] == [FIRST_PRINTING]
    assert [row["value"] for row in ask(file, by_2021)] == [CENSUS_REVISION]


@pytest.mark.full
def test_what_we_knew_on_a_day_is_not_what_we_learned_later(two_nights: Any, ask: Callable[..., Rows]) -> None:
    file = two_nights[1].home.current
    by_2019, by_2021, known = _questions()
    # the first day: the edition of 2019 only, as it was delivered then
    assert [row["value"] for row in ask(file, known)] == [FIRST_PRINTING]
    # the second: the later editions, and the communiqué of 2019 as it was set right
    assert "2026-01-05 16:00:00" in known
    assert [row["value"] for row in ask(file, known.replace("2026-01-05", "2026-01-06"))] == [CENSUS_REVISION]
    assert [row["value"] for row in ask(file, by_2019)] == [CORRECTED]
    assert [row["value"] for row in ask(file, by_2021)] == [CENSUS_REVISION]
    before = known.replace("2026-01-05", "2026-01-03")
    assert ask(file, before) == [], "nothing was known before the first night"


@pytest.mark.full
def test_the_release_of_a_day_said_what_a_later_one_says_of_it(two_nights: Any, ask: Callable[..., Rows]) -> None:
    known = _questions()[2]
    then, now = (ask(night.release_file, known) for night in two_nights)
    assert then == now
