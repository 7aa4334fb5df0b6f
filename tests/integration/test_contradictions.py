"""Invented plans with planted contradictions, and their twins in which every statement holds, through one night."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full

FOLDER = Path(__file__).parent.parent / "contradictions"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def findings(
    tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any], ask: Callable[..., Rows]
) -> Rows:
    """What the night finds in them, with the file that each finding is about."""
    night = run_a_night(tmp_path_factory.mktemp("contradictions") / "home", (FOLDER / "plans",))
    assert night.exit_code == 0, night.record.message
    return ask(
        night.home.current,
        "select distinct sources.file_name, findings.finding_id, findings.rule_id, findings.severity, findings.title_zh"
        " from quality.findings as findings"
        " left join reference.sources as sources"
        " on findings.document_id = sources.document_id and sources.file_name is not null",
    )


def _planted() -> list[dict[str, str]]:
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("planted", _planted(), ids=lambda row: "-".join(row.values()))
def test_a_planted_contradiction_is_found_by_its_rule(planted: dict[str, str], findings: Rows) -> None:
    titles = [
        row["title_zh"]
        for row in findings
        if (row["file_name"], row["rule_id"]) == (planted["file"], planted["rule_id"])
    ]
    assert any(planted["printed"] in title for title in titles), titles


def test_nothing_is_wrong_in_a_plan_whose_statements_hold(findings: Rows) -> None:
    alarms = [
        row["title_zh"]
        for row in findings
        if (row["file_name"] or "").startswith("near_") and row["severity"] != "information"
    ]
    assert alarms == []


def test_every_error_and_warning_is_a_planted_one(findings: Rows) -> None:
    planted = {(row["file"], row["rule_id"]) for row in _planted()}
    others = [
        row["title_zh"]
        for row in findings
        if row["severity"] != "information" and (row["file_name"], row["rule_id"]) not in planted
    ]
    assert others == []
