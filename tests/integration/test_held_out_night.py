"""A night on plans that were written from the rule catalogue before any rule had read them.

The documents (``tests/held_out/plans``, invented figures) hold the contradictions that ``planted.csv`` lists; the
README beside them keeps what the first night found. No document holds two of one rule.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Rows = list[dict[str, Any]]
FOLDER = Path(__file__).resolve().parents[1] / "held_out"
PLANS = FOLDER / "plans"
CONSISTENT = {"baise_14th_fyp.txt", "jianou_14th_fyp.txt", "jiangyou_14th_fyp.md", "suihua_13th_fyp.txt"}
# A planted contradiction told once more under a rule that is as right.
AS_RIGHT = {("lankao_14th_fyp.txt", "B1-13"), ("rizhao_14th_fyp.txt", "B1-44")}


def planted() -> set[tuple[str, str]]:
    with (FOLDER / "planted.csv").open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["rule_id"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def findings(
    tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any], ask: Callable[..., Rows]
) -> Rows:
    """What the night found, each finding with the file that it is about."""
    night = run_a_night(tmp_path_factory.mktemp("held_out") / "home", (PLANS,))
    assert night.exit_code == 0, night.record.message
    return ask(
        night.home.current,
        """
        select distinct findings.finding_id, findings.rule_id, findings.severity, findings.title_zh, sources.file_name
        from quality.findings as findings
        inner join quality.finding_figures as operands on findings.finding_id = operands.finding_id
        inner join marts.figures as figures on operands.figure_id = figures.figure_id
        inner join reference.sources as sources on figures.source_id = sources.source_id
        """,
    )


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return Path(row["file_name"]).name, row["rule_id"]


def test_every_plan_says_that_it_is_synthetic() -> None:
    assert {path.name for path in PLANS.iterdir()} == {file for file, _ in planted()} | CONSISTENT
    assert [path.name for path in PLANS.iterdir() if "合成示例" not in path.read_text(encoding="utf-8")] == []


def test_every_planted_sentence_stands_in_its_plan() -> None:
    with (FOLDER / "planted.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [row for row in rows if row["sentence"] not in (PLANS / row["file"]).read_text(encoding="utf-8")]
    assert len(rows) == 38
    assert missing == []


def test_every_planted_contradiction_is_found_under_its_rule(findings: Rows) -> None:
    assert planted() - {_key(row) for row in findings} == set()


def test_nothing_that_is_consistent_is_doubted(findings: Rows) -> None:
    doubts = [row for row in findings if row["severity"] in ("error", "warning")]
    assert len(doubts) >= 25
    assert [row["title_zh"] for row in doubts if _key(row) not in planted() | AS_RIGHT] == []
