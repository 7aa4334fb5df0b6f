"""A region is that of the reference day: renamed ones are found under their code of then, split ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ingestion.registry import Registry
from ingestion.returns.places import NoRegionError, resolve_code, resolve_label

COUNTIES_OF_ANSHUN = ("county", "520400")
CITIES = ("prefecture", "520000")


@pytest.mark.parametrize(
    ("label", "year", "level", "code"),
    [
        ("平坝县", 2012, COUNTIES_OF_ANSHUN, "520421"),
        ("平坝县", 2018, COUNTIES_OF_ANSHUN, "520403"),  # a district since December 2014, same boundary
        ("平坝区", 2012, COUNTIES_OF_ANSHUN, "520421"),  # today's name in a table that goes back
        ("平坝", 2014, COUNTIES_OF_ANSHUN, "520403"),
        ("铜仁地区", 2009, CITIES, "522200"),
        ("铜仁地区", 2015, CITIES, "520600"),
        ("铜仁市", 2015, CITIES, "520600"),
        ("播州区", 2018, None, "520304"),
        ("遵义县", 2015, None, "520321"),
    ],
)
def test_a_name_of_another_time_is_the_region_of_the_day(
    registry: Registry, label: str, year: int, level: tuple[str, str] | None, code: str
) -> None:
    assert resolve_label(registry, label, date(year, 12, 31), level=level, within=None).code == code


@pytest.mark.parametrize(("label", "year"), [("遵义县", 2018), ("小河区", 2015), ("水城县", 2021)])
def test_a_region_that_was_split_or_merged_is_refused(registry: Registry, label: str, year: int) -> None:
    with pytest.raises(NoRegionError) as raised:
        resolve_label(registry, label, date(year, 12, 31), level=None, within=None)
    assert raised.value.reason_code == "region_split"
    assert "拆分或合并" in raised.value.reason


def test_a_successor_by_a_split_is_not_taken_back(registry: Registry) -> None:
    with pytest.raises(NoRegionError) as raised:
        resolve_label(registry, "播州区", date(2010, 12, 31), level=None, within=None)
    assert raised.value.reason_code == "unknown_region"


@pytest.mark.parametrize(
    ("code", "name", "year", "found"),
    [
        ("520421", "平坝县", 2018, "520403"),
        ("520421", "平坝区", 2018, "520403"),
        ("520403", "平坝区", 2012, "520421"),
        ("522200", "铜仁地区", 2015, "520600"),
        ("520421", "", 2012, "520421"),
    ],
)
def test_a_code_of_another_time_is_that_of_the_day(
    registry: Registry, code: str, name: str, year: int, found: str
) -> None:
    assert resolve_code(registry, code, name, date(year, 12, 31)).code == found


@pytest.mark.parametrize(
    ("code", "name", "year", "reason"),
    [("520321", "遵义县", 2018, "region_split"), ("520421", "普定县", 2018, "region_mismatch")],
)
def test_a_code_that_cannot_be_followed_is_refused(
    registry: Registry, code: str, name: str, year: int, reason: str
) -> None:
    with pytest.raises(NoRegionError) as raised:
        resolve_code(registry, code, name, date(year, 12, 31))
    assert raised.value.reason_code == reason


def test_rows_of_a_return_follow_the_changes(
    read: Callable[..., Any], csv_bytes: Callable[..., bytes], codes: Callable[..., Any]
) -> None:
    header = ["region_code", "region", "indicator", "period", "value", "unit", "source"]
    rows = [
        ["520421", "平坝县", "R&D经费内部支出", "2013", "1000", "万元", "合成年鉴"],
        ["520421", "平坝县", "R&D经费内部支出", "2018", "1800", "万元", "合成年鉴"],
        ["", "铜仁地区", "R&D经费内部支出", "2018", "9000", "万元", "合成年鉴"],
        ["520321", "遵义县", "R&D经费内部支出", "2018", "2000", "万元", "合成年鉴"],
        ["520304", "播州区", "R&D经费内部支出", "2018", "2100", "万元", "合成年鉴"],
    ]
    reading = read(csv_bytes([header, *rows]), "return.csv")
    assert [(f.region_code, f.period) for f in reading.figures] == [
        ("520421", "2013"),
        ("520403", "2018"),
        ("520600", "2018"),
        ("520304", "2018"),
    ]
    assert codes(reading) == {"E5": "region_split"}
