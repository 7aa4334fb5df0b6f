"""Stages 2 to 4: dbt up to the candidates, the ledger, dbt for marts and quality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration import check_results, dbt_runs, gates, reconciliation
from orchestration.session import NightSession
from warehouse.home import Home

_HOME = Home.at()
MANIFEST = dbt_runs.load_manifest(_HOME)
TRANSLATOR = dbt_runs.ProvstatTranslator()

DbtEvents = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]


def _selection(parts: tuple[str, ...]) -> str:
    return " ".join(parts)


@dbt_assets(
    manifest=MANIFEST,
    select=_selection(dbt_runs.BEFORE_LEDGER),
    exclude=_selection((*dbt_runs.WHAT_THE_LEDGER_SAYS, "resource_type:unit_test")),
    name="build_core",
    dagster_dbt_translator=TRANSLATOR,
)
def build_core(night: NightSession) -> DbtEvents:
    """Seeds, staging, core and the tests of the rules, with their dbt tests."""
    yield from _build(night, "models", dbt_runs.BEFORE_LEDGER, dbt_runs.WHAT_THE_LEDGER_SAYS)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(["night", name], deps=[["candidates", "rule_tests"]], group_name="lake", description=description)
        for name, description in (
            ("finding_status", "What the ledger says of each finding tonight."),
            ("decisions", "The printings that stewards prefer, of decisions in force tonight."),
        )
    ],
    name="ask_ledger",
)
def ask_ledger(night: NightSession) -> Iterator[dg.MaterializeResult[Any]]:
    """Reconcile tonight's candidates with the ledger; the ledger itself learns of it at publication."""
    with night.journal.stage("ledger"):
        result = reconciliation.reconciled(night.place, night.clock, night.run_id)
        reconciliation.write_statuses(night.place, result.states)
        as_of = date.fromisoformat(night.as_of) if night.as_of else None
        led = reconciliation.write_decisions(night.place, result.states, as_of)
    counts = {
        "new": result.new,
        "still_open": result.still_open,
        "still_decided": result.still_decided,
        "reopened": result.reopened,
        "closed": result.closed,
    }
    night.journal.record.counts.update({f"findings_{name}": value for name, value in counts.items()})
    yield dg.MaterializeResult(asset_key=["night", "finding_status"], metadata=counts)
    yield dg.MaterializeResult(asset_key=["night", "decisions"], metadata={"decisions": led})


@dbt_assets(
    manifest=MANIFEST,
    select=_selection(dbt_runs.AFTER_LEDGER),
    exclude="resource_type:unit_test",
    name="build_marts",
    dagster_dbt_translator=TRANSLATOR,
)
def build_marts(night: NightSession) -> DbtEvents:
    """Marts, quality and reference, with their contracts and dbt tests."""
    yield from _build(night, "marts", dbt_runs.AFTER_LEDGER, ())


def _build(night: NightSession, stage: str, selection: tuple[str, ...], exclusion: tuple[str, ...]) -> DbtEvents:
    with night.journal.stage(stage):
        results = dbt_runs.build(night.place, selection, exclusion)
        check_results.keep(night.place, f"dbt_{stage}", check_results.of_dbt(results))
        if stage == "models":
            check_results.keep_seconds(night.place, results)
    yield from dbt_runs.events(results, MANIFEST, TRANSLATOR)
    gate = gates.models_gate(results)
    if not gate.passed:
        held = (gate, *gates.balance_beside_models(night.place))
        for outcome in held:
            night.journal.gate(outcome)
        told = "; ".join(f"gate {outcome.gate}: {outcome.message}" for outcome in held)
        night.journal.end("held", told)
        raise dg.Failure(f"Held: {told}", allow_retries=False)
