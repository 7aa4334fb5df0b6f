"""A night on synthetic plans: every contradiction planted among their targets is found, and nothing else is doubted.

The documents (``tests/plan_targets/documents``, invented figures) hold the contradictions that ``planted.csv`` lists
and, beside them, near misses: targets that meet in rounding, doublings in round numbers, floors to be held, short
names, outlooks, blank natures, citations of boxes. A document without a line in ``planted.csv`` is consistent.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full

Rows = list[dict[str, Any]]
FOLDER = Path(__file__).resolve().parents[1] / "plan_targets"
DOCUMENTS = FOLDER / "documents"
CONSISTENT = {"baoding_155_plan.txt", "changde_145_plan.html", "hechi_155_plan.md", "xuyi_145_plan.txt"}


def planted() -> Rows:
    with (FOLDER / "planted.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def findings(
    tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any], ask: Callable[..., Rows]
) -> Rows:
    """What the night found, each finding with the file that it is about."""
    night = run_a_night(tmp_path_factory.mktemp("targets") / "home", (DOCUMENTS,))
    assert night.exit_code == 0, night.record.message
    return ask(
        night.home.current,
        """
        select distinct findings.finding_id, findings.rule_id, findings.severity, findings.indicator_code,
            findings.title_zh, sources.file_name
        from quality.findings as findings
        inner join quality.finding_figures as operands on findings.finding_id = operands.finding_id
        inner join marts.figures as figures on operands.figure_id = figures.figure_id
        inner join reference.sources as sources on figures.source_id = sources.source_id
        """,
    )


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return Path(row["file_name"]).name, row["rule_id"], row["indicator_code"] or ""


def test_every_document_says_that_it_is_synthetic() -> None:
    assert {path.name for path in DOCUMENTS.iterdir()} == {row["file_name"] for row in planted()} | CONSISTENT
    assert [path.name for path in DOCUMENTS.iterdir() if "合成示例" not in path.read_text(encoding="utf-8")] == []


def test_every_planted_contradiction_is_found_under_its_rule(findings: Rows) -> None:
    found = {_key(row) for row in findings}
    assert [row for row in planted() if _key(row) not in found] == []


def test_nothing_that_is_consistent_is_doubted(findings: Rows) -> None:
    expected = {_key(row) for row in planted()}
    doubts = [row for row in findings if row["severity"] in ("error", "warning")]
    assert len(doubts) >= 20
    assert [row["title_zh"] for row in doubts if _key(row) not in expected] == []


def test_each_contradiction_is_told_once(findings: Rows) -> None:
    doubts = [_key(row) for row in findings if row["severity"] in ("error", "warning")]
    assert sorted(doubts) == sorted(set(doubts))
