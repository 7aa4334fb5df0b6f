"""The region seeds: codes, their hierarchy and validity, their changes, and what composites are made of."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


REGIONS = rows_of(SEEDS / "regions.csv")
CHANGES = rows_of(SEEDS / "region_changes.csv")
MEMBERS = rows_of(SEEDS / "region_members.csv")
CODES = {row["region_code"] for row in REGIONS}
KINDS = {"country", "province", "prefecture", "county", "functional_zone", "composite", "unallocated"}


def current(kind: str, prefix: str = "") -> list[str]:
    return [
        row["region_code"]
        for row in REGIONS
        if row["kind"] == kind and row["region_code"].startswith(prefix) and not row["valid_to"]
    ]


@pytest.mark.parametrize("name", ["regions.csv", "region_changes.csv", "region_members.csv"])
def test_region_seed_is_plain_utf8(name: str) -> None:
    content = (SEEDS / name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


def test_region_codes_are_unique_and_parents_exist() -> None:
    assert len(CODES) == len(REGIONS)
    assert {row["parent_code"] for row in REGIONS} - {""} <= CODES
    assert [row["region_code"] for row in REGIONS if not row["parent_code"]] == ["000000"]
    assert {row["kind"] for row in REGIONS} == KINDS


def test_region_hierarchy_has_no_loop() -> None:
    parents = {row["region_code"]: row["parent_code"] for row in REGIONS}
    for code in parents:
        path = [code]
        while parents[path[-1]]:
            path.append(parents[path[-1]])
            assert len(path) <= 6, path
        assert path[-1] == "000000"


def test_region_dates_are_in_order() -> None:
    for row in REGIONS:
        for date in (row["valid_from"], row["valid_to"]):
            assert date == "" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", date)
        assert not (row["valid_from"] and row["valid_to"]) or row["valid_from"] < row["valid_to"]


def test_the_country_and_guizhou_are_complete() -> None:
    assert len(current("province")) == 31
    assert len(current("prefecture", "52")) == 9
    assert len(current("county", "52")) == 88
    assert len(current("unallocated", "52")) == 10
    assert current("functional_zone", "FZ") == ["FZ-GUIAN"]


def spelled(form: str) -> set[str]:
    return {
        row["region_code"]
        for row in REGIONS
        if not row["valid_to"] and (row["name_zh"] == form or form in row["short_names"].split("|"))
    }


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("全国", "000000"),
        ("东部", "R-EAST"),
        ("东部地区", "R-EAST"),
        ("中部地区", "R-CENTRAL"),
        ("西部地区", "R-WEST"),
        ("东北地区", "R-NORTHEAST"),
        ("地方合计", "R-LOCAL"),
        ("贵州", "520000"),
        ("内蒙古", "150000"),
        ("吉林", "220000"),
        ("贵阳", "520100"),
        ("六盘水", "520200"),
        ("遵义", "520300"),
        ("铜仁", "520600"),
        ("黔南州", "522700"),
        ("黔南", "522700"),
        ("息烽", "520122"),
        ("六枝", "520203"),
        ("道真", "520325"),
        ("贵阳贵安", "520100+GA"),
        ("贵安新区", "FZ-GUIAN"),
    ],
)
def test_printed_spelling_resolves_to_one_region(form: str, code: str) -> None:
    assert spelled(form) == {code}


def test_changes_name_known_regions() -> None:
    for row in CHANGES:
        assert row["successor_code"] in CODES
        assert row["predecessor_code"] in CODES or row["change_kind"] == "establish"
        assert row["change_kind"] in {"rename", "merge", "split", "recode", "establish"}
        assert row["share"] in {"", "1"}
        assert row["boundary_break"] in {"true", "false"}
    keys = [(row["predecessor_code"], row["successor_code"], row["effective_date"]) for row in CHANGES]
    assert len(set(keys)) == len(keys)


def test_every_abolished_region_has_a_successor_on_that_day() -> None:
    ends = {row["region_code"]: row["valid_to"] for row in REGIONS if row["valid_to"]}
    changed = {(row["predecessor_code"], row["effective_date"]) for row in CHANGES}
    assert len(ends) >= 28
    assert set(ends.items()) <= changed


def test_members_of_the_macro_regions() -> None:
    members: dict[str, set[str]] = {}
    for row in MEMBERS:
        assert row["member_code"] in CODES
        members.setdefault(row["composite_code"], set()).add(row["member_code"])
    kinds = {row["region_code"]: row["kind"] for row in REGIONS}
    assert {code for code, kind in kinds.items() if kind == "composite"} == set(members)
    macro = ("R-EAST", "R-CENTRAL", "R-WEST", "R-NORTHEAST")
    assert [len(members[code]) for code in macro] == [10, 6, 12, 3]
    assert set().union(*(members[code] for code in macro)) == members["R-LOCAL"] == set(current("province"))
    assert members["520100+GA"] == {"520100", "FZ-GUIAN"}
