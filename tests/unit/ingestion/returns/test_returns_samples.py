"""The shipped samples are read in full, without a refusal."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ingestion.delivery import Delivery, inventory
from ingestion.registry import Registry
from ingestion.returns import read_return

SAMPLES = Path(__file__).resolve().parents[4] / "ingestion" / "samples"
DELIVERIES = [d for d in inventory([SAMPLES / "returns", SAMPLES / "synthetic"]) if d.kind == "return"]


@pytest.mark.parametrize("delivery", DELIVERIES, ids=lambda d: d.file_name)
def test_a_shipped_return_is_read_in_full(delivery: Delivery, registry: Registry) -> None:
    reading = read_return(delivery, registry)
    assert not reading.refusals
    assert reading.recognised == len(reading.figures) > 0
    if delivery.path.suffix == ".csv":
        with delivery.path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        printed = Counter((r["region_code"], r["indicator_code"], r["period"], r["value"], r["unit"]) for r in rows)
        assert printed == Counter(
            (f.region_code, f.indicator_code or "", f.period, f.printed_text, f.printed_unit) for f in reading.figures
        )


def test_two_editions_of_the_yearbook_are_two_vintages(registry: Registry) -> None:
    found = {
        (figure.published_at, figure.printed_text)
        for delivery in DELIVERIES
        if "rd_intensity_yearbook" in delivery.file_name
        for figure in read_return(delivery, registry).figures
        if figure.region_code == "520000" and figure.period == "2018"
    }
    assert found == {(date(2019, 12, 31), "0.82"), (date(2024, 12, 31), "0.79")}
