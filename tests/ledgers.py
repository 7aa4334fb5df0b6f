"""Nights and stewards for the tests of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from expectations import ledger
from expectations.decisions import Account, decide
from expectations.lifecycle import NO_TERMS, Candidate, LedgerEvent, Reconciliation, Terms, reconcile

WANG, LI = Account("wang", "steward", "王"), Account("li", "steward", "李")
VIEWER = Account("zhao", "viewer", "赵")
FIRST = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
RULES = frozenset({"R1", "R2"})
FAR = date(2030, 12, 31)
NEEDED = {"waived": Terms(until=FAR), "queried": Terms(deadline=FAR)}
"""What a status cannot do without."""


def night(number: int) -> datetime:
    """Time of the n-th night."""
    return FIRST + timedelta(days=number - 1)


def run(engine: sa.Engine, number: int, *candidates: Candidate, rules: frozenset[str] = RULES) -> Reconciliation:
    """One published night; its states must be what the ledger keeps and what its events alone give."""
    result = reconcile(ledger.current_states(engine), candidates, rules, night(number), f"run-{number}")
    ledger.append(engine, result.events)
    states = {state.finding_id: state for state in result.states}
    assert ledger.current_states(engine) == states
    assert ledger.replay(engine) == states
    return result


def decision(engine: sa.Engine, finding_id: str, status: str, **given: Any) -> LedgerEvent:
    """A decision on what the ledger holds now, not yet appended; by one steward on a warning, unless said otherwise."""
    state = ledger.states_of(engine, [finding_id])[finding_id]
    said = {
        "actor": WANG,
        "reason": "两处口径不同",
        "severity": "warning",
        "now": night(5),
        "run_id": "decision-1",
        "terms": NEEDED.get(status, NO_TERMS),
        **given,
    }
    return decide(state, status=status, **said)


def decided(engine: sa.Engine, finding_id: str, status: str, **given: Any) -> LedgerEvent:
    """Take a decision."""
    event = decision(engine, finding_id, status, **given)
    assert ledger.append(engine, [event]) == 1
    return event
