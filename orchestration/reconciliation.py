"""The ledger's part of a night: tonight's candidates against the history, before and at publication.

Reconciling is pure and is done twice on the same inputs: once for the statuses that the marts need, once when the
release is swapped in and the events are appended. So a night that is held or dies leaves the ledger as it was.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl

from expectations.decisions import LedgerConflictError
from expectations.ledger import append, current_states, open_ledger
from expectations.lifecycle import DECIDED_STATUSES, Candidate, LedgerState, Reconciliation, office_day, reconcile
from ingestion import lake
from orchestration import dbt_runs
from warehouse.home import Home
from warehouse.settings import ledger_place

ATTEMPTS = 5
"""Decisions take a moment each; five in a row between reading and appending do not happen by chance."""

_CANDIDATES = """
    select finding_id, rule_id, evidence_hash from candidates.rule_tests where outcome = 'fail'
"""
_EVALUATED = "select distinct rule_id from staging.stg_night__rules where engine = 'sql' and state = 'implemented'"


def reconciled(home: Home, now: datetime, run_id: str) -> Reconciliation:
    """Tonight's candidates, read from the build file, against the ledger; changes nothing."""
    with dbt_runs.reading(home) as connection:
        candidates = [Candidate(*row) for row in connection.execute(_CANDIDATES).fetchall()]
        evaluated = {rule_id for (rule_id,) in connection.execute(_EVALUATED).fetchall()}
    with open_ledger(ledger_place(home)) as engine:
        return reconcile(current_states(engine), candidates, evaluated, now, run_id)


def write_statuses(home: Home, states: tuple[LedgerState, ...]) -> None:
    """What the ledger says of each finding tonight, for the models."""
    rows = [
        (state.finding_id, state.status, state.first_seen.replace(tzinfo=None), state.last_seen.replace(tzinfo=None))
        for state in states
    ]
    schema = {
        "finding_id": pl.String(),
        "status": pl.String(),
        "first_seen": pl.Datetime("us"),
        "last_seen": pl.Datetime("us"),
    }
    lake.write_table(home.lake, "finding_status", pl.DataFrame(rows, schema=schema, orient="row"))


def write_decisions(home: Home, states: tuple[LedgerState, ...], as_of: date | None) -> int:
    """The printings that stewards prefer, for the models: decisions in force on findings that are there.

    A look back (`as_of`) has only the decisions that were taken by then.

    Returns:
        How many there are.
    """
    rows = [
        (
            state.finding_id,
            state.terms.prefer.figure_id,
            state.terms.prefer.role,
            Decimal(state.terms.prefer.value),
            state.decided_at.replace(tzinfo=None),
        )
        for state in states
        if state.present and state.status in DECIDED_STATUSES and state.terms.prefer and state.decided_at
        if as_of is None or office_day(state.decided_at) <= as_of
    ]
    schema = {
        "finding_id": pl.String(),
        "figure_id": pl.String(),
        "role": pl.String(),
        "value": pl.Decimal(28, 10),
        "decided_at": pl.Datetime("us"),
    }
    lake.write_table(home.lake, "decisions", pl.DataFrame(rows, schema=schema, orient="row"))
    return len(rows)


def settle(home: Home, now: datetime, run_id: str) -> Reconciliation:
    """Reconcile and append the night's events; a steward who decides meanwhile is taken into account.

    Raises:
        LedgerConflictError: the ledger changed again and again; nothing of the night was appended.
    """
    for attempt in range(1, ATTEMPTS + 1):
        result = reconciled(home, now, run_id)
        try:
            with open_ledger(ledger_place(home)) as engine:
                append(engine, result.events)
        except LedgerConflictError:
            if attempt == ATTEMPTS:
                raise
        else:
            return result
    raise AssertionError("the loop returns or raises")
