"""Stage 5: what judges the marts. Each rule, each expectation and each gate is an asset check."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from expectations.catalogue import implemented_rules
from expectations.gx_runner import holding
from expectations.gx_suites import load_suites
from orchestration import check_results, dbt_runs, gates
from orchestration.journal import GateOutcome
from orchestration.session import NightSession

CHECK_RUNS = dg.AssetKey(["quality", "check_runs"])

RULE_CHECKS = [
    dg.AssetCheckSpec(
        rule.rule_id.replace("-", "_"),
        asset=CHECK_RUNS,
        description=f"{rule.title_zh}. {rule.title_en}.",
        blocking=False,
    )
    for rule in implemented_rules()
]
SUITES = load_suites()
# One check per suite; each expectation of it is a row of quality.check_runs.
SUITE_CHECKS = [
    dg.AssetCheckSpec(
        f"suite_{suite.name}",
        asset=suite.table.split("."),
        description=f"{len(suite.expectations)} expectations on {suite.table}, run by Great Expectations.",
    )
    for suite in SUITES
]
# The gate "models" is asked where dbt runs; the others once everything has been built and judged.
GATE_CHECKS = [
    dg.AssetCheckSpec(
        f"gate_{gate}",
        asset=CHECK_RUNS,
        additional_deps=[["quality", "source_balance"], ["quality", "findings"], ["marts", "target_progress"]],
        description=f"Gate {gate}: a failure holds the night and nothing is published.",
        blocking=True,
    )
    for gate in gates.GATES
]


@dg.multi_asset_check(specs=RULE_CHECKS, name="judge_rules")
def judge_rules(night: NightSession) -> Iterator[dg.AssetCheckResult]:
    """One check per rule: what a source did wrong is told and never blocks."""
    with dbt_runs.reading(night.place) as connection:
        rows = connection.execute(
            """
            select runs.rule_id, runs.outcome, runs.tested, runs.findings, rules.severity
            from quality.check_runs as runs
            inner join reference.rules as rules on runs.rule_id = rules.rule_id
            """
        ).fetchall()
    for rule_id, outcome, tested, findings, _severity in rows:
        yield dg.AssetCheckResult(
            asset_key=CHECK_RUNS,
            check_name=rule_id.replace("-", "_"),
            passed=outcome in ("pass", "not_applicable"),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"outcome": outcome, "tested": tested, "findings": findings},
        )


@dg.multi_asset_check(specs=[*SUITE_CHECKS, *GATE_CHECKS], name="judge_marts")
def judge_marts(night: NightSession) -> Iterator[dg.AssetCheckResult]:
    """Run the suites on the marts with Great Expectations, then ask the gates."""
    with night.journal.stage("checks"):
        outcomes = night.run_suites(dbt_runs.build_file(night.place), SUITES)
        check_results.keep(night.place, "suites", check_results.of_suites(outcomes))
        check_results.keep_expectations(night.place, night.run_id, outcomes)
        asked = (
            GateOutcome("models", True, "all models built, all tests passed"),
            *gates.warehouse_gates(night.place),
            gates.expectations_gate(outcomes),
        )
        for gate in asked:
            night.journal.gate(gate)
    for suite in SUITES:
        own = [outcome for outcome in outcomes if outcome.suite == suite.name]
        failed = [outcome.expectation_id for outcome in own if outcome.outcome not in ("pass", "not_applicable")]
        yield dg.AssetCheckResult(
            asset_key=suite.table.split("."),
            check_name=f"suite_{suite.name}",
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR if holding(own) else dg.AssetCheckSeverity.WARN,
            metadata={"expectations": len(own), "failed": ", ".join(failed)},
        )
    for gate in asked:
        yield dg.AssetCheckResult(
            asset_key=CHECK_RUNS,
            check_name=f"gate_{gate.gate}",
            passed=gate.passed,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"message": gate.message},
        )
    held = [gate for gate in asked if not gate.passed]
    if held:
        night.journal.end("held", "; ".join(f"gate {gate.gate}: {gate.message}" for gate in held))
