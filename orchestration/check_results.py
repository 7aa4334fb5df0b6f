"""Results of the checks that are not SQL rules, kept beside the build file until publication adds them.

One list for all: dbt tests, Great Expectations and the refusals of the pandera gate become rows of
``quality.check_runs`` next to the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.gx_runner import ExpectationOutcome
from orchestration.dbt_runs import NodeResult
from warehouse.home import Home


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One row of ``quality.check_runs`` without its run."""

    rule_id: str
    outcome: str
    tested: int
    findings: int
    seconds: float | None


def of_dbt(results: Iterable[NodeResult]) -> tuple[CheckRun, ...]:
    """Dbt tests as check runs; a test that could not run is an error, not a failure."""
    outcomes = {"pass": "pass", "fail": "fail"}
    return tuple(
        CheckRun(
            f"DBT-{result.name}", outcomes.get(result.status, "error"), 1, result.failures, round(result.seconds, 3)
        )
        for result in results
        if result.resource_type == "test"
    )


def of_suites(outcomes: Iterable[ExpectationOutcome]) -> tuple[CheckRun, ...]:
    """Expectations as check runs."""
    return tuple(CheckRun(o.expectation_id, o.outcome, o.tested, o.unexpected, round(o.seconds, 3)) for o in outcomes)


def of_arrival(recognised: int, violations: int) -> CheckRun:
    """The pandera gate in front of the lake as one check run."""
    outcome = "not_applicable" if recognised == 0 else "fail" if violations else "pass"
    return CheckRun("ARRIVAL-figures", outcome, recognised, violations, None)


def keep_seconds(home: Home, results: Iterable[NodeResult]) -> None:
    """Set the seconds of each model aside: a rule takes those of the model that tests its family."""
    seconds = {result.name: round(result.seconds, 3) for result in results if result.resource_type == "model"}
    path = home.build / "checks" / "seconds" / "models.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(seconds), encoding="utf-8")


def kept_seconds(home: Home) -> dict[str, float]:
    """Seconds of each model tonight."""
    path = home.build / "checks" / "seconds" / "models.json"
    loaded: dict[str, float] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return loaded


def keep(home: Home, part: str, runs: Iterable[CheckRun]) -> None:
    """Set the results of one part (a dbt run, the suites) aside for publication."""
    path = _path(home, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(run) for run in runs]), encoding="utf-8")


def kept(home: Home) -> tuple[CheckRun, ...]:
    """All results set aside tonight, by rule."""
    runs = {
        run["rule_id"]: CheckRun(**run)
        for path in sorted((home.build / "checks").glob("*.json"))
        for run in json.loads(path.read_text(encoding="utf-8"))
    }
    return tuple(runs[rule_id] for rule_id in sorted(runs))


def keep_expectations(home: Home, run_id: str, outcomes: Iterable[ExpectationOutcome]) -> None:
    """Set aside what each expectation found, with its samples, for the night's report."""
    path = _expectations_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"run_id": run_id, "outcomes": [asdict(outcome) for outcome in outcomes]}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def kept_expectations(home: Home, run_id: str) -> tuple[dict[str, Any], ...]:
    """What each expectation of a run found; none where that run came not so far."""
    path = _expectations_path(home)
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return tuple(told["outcomes"]) if told.get("run_id") == run_id else ()


def clear(home: Home) -> None:
    """Forget the results of an earlier night."""
    for path in (home.build / "checks").glob("*.json"):
        path.unlink()


def _expectations_path(home: Home) -> Path:
    return home.build / "checks" / "details" / "expectations.json"


def _path(home: Home, part: str) -> Path:
    return home.build / "checks" / f"{part}.json"
