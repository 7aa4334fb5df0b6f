"""What a steward may decide: one or two people, terms, and words for the one who comes second."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from expectations.decisions import DECIDABLE, Account, DecisionError, LedgerConflictError, decide, takes_two
from expectations.lifecycle import NO_TERMS, STANDING_STATUSES, LedgerEvent, LedgerState, Preference, Terms, applied
from tests.ledgers import FIRST, LI, NEEDED, VIEWER, WANG

STATE = LedgerState("fnd_1", "R1", "open", FIRST, FIRST, "h1")
PREFER = Terms(prefer=Preference("fig_1", "text", "2.77"))


def taken(state: LedgerState, status: str, **given: Any) -> LedgerEvent:
    said = {
        "actor": WANG,
        "reason": "县里已核实",
        "severity": "error",
        "now": FIRST + timedelta(hours=8),
        "run_id": "d",
    }
    return decide(state, status=status, **{**said, "terms": NEEDED.get(status, NO_TERMS), **given})


def after(state: LedgerState, status: str, **given: Any) -> LedgerState:
    return applied(state, taken(state, status, **given))


@pytest.mark.parametrize("status", STANDING_STATUSES)
def test_letting_an_error_stand_takes_two(status: str) -> None:
    proposed = taken(STATE, status)
    assert (proposed.action, proposed.after_status, proposed.proposed_status) == ("proposed", "open", status)
    waiting = applied(STATE, proposed)
    assert waiting.status == "open"
    assert waiting.proposal is not None
    assert waiting.proposal.actor == "wang"

    with pytest.raises(DecisionError, match="须由另一位统计员确认"):
        taken(waiting, status)
    confirmed = after(waiting, status, actor=LI, reason="同意")
    assert (confirmed.status, confirmed.decided_by, confirmed.proposal) == (status, "li", None)


@pytest.mark.parametrize("status", ["our_error", "corrected", "answered", "queried"])
def test_what_lets_nothing_stand_takes_one(status: str) -> None:
    decided = after(STATE, status)
    assert (decided.status, decided.decided_by, decided.proposal) == (status, "wang", None)


@pytest.mark.parametrize("severity", ["warning", "information"])
def test_what_is_no_error_takes_one(severity: str) -> None:
    assert after(STATE, "accepted", severity=severity).status == "accepted"


def test_choosing_between_the_figures_of_an_error_takes_two() -> None:
    for status in ("accepted", "corrected", "our_error"):
        assert takes_two("error", status, PREFER)
        assert after(STATE, status, terms=PREFER).proposal is not None
    assert not takes_two("warning", "accepted", PREFER)
    waiting = after(STATE, "corrected", terms=PREFER)
    # who confirms need not repeat the printing, and gets the one proposed
    assert after(waiting, "corrected", actor=LI).terms == PREFER


def test_who_confirms_must_mean_the_same() -> None:
    waiting = after(STATE, "accepted", terms=PREFER)
    other = Terms(prefer=Preference("fig_2", "table", "2.68"))
    with pytest.raises(LedgerConflictError, match="条件与您写的不同"):
        taken(waiting, "accepted", actor=LI, terms=other)
    with pytest.raises(LedgerConflictError, match=r"wang proposed accepted at 2026-01-01 18:00.*--status accepted"):
        taken(waiting, "false_positive", actor=LI)
    redelivered = Terms(prefer=Preference("fig_9", "text", "2.77"))
    assert after(waiting, "accepted", actor=LI, terms=redelivered).status == "accepted"


def test_a_proposal_is_declined_or_replaced() -> None:
    waiting = after(STATE, "accepted")
    declined = taken(waiting, "open", actor=LI, reason="证据不足")
    assert declined.action == "declined"
    assert applied(waiting, declined) == replace(STATE, sequence=3)
    again = after(waiting, "false_positive")
    assert again.proposal is not None
    assert again.proposal.status == "false_positive"
    assert after(waiting, "queried", actor=LI).proposal is None, "asking the reporter comes before judging"


def test_what_was_decided_is_not_decided_over() -> None:
    accepted = after(STATE, "accepted", severity="warning")
    for status in ("accepted", "false_positive", "queried"):
        with pytest.raises(LedgerConflictError, match=r"wang decided accepted at 2026-01-01 18:00.*--status open"):
            taken(accepted, status, actor=LI, severity="warning")
    reopened = after(accepted, "open", actor=LI, reason="新证据")
    assert (reopened.status, reopened.decided_by) == ("open", "li")
    assert after(reopened, "false_positive", severity="warning").status == "false_positive"


def test_two_who_ask_at_once() -> None:
    queried = after(STATE, "queried", terms=Terms(deadline=date(2026, 1, 16)))
    with pytest.raises(LedgerConflictError, match="wang decided queried"):
        taken(queried, "queried", actor=LI)
    later = after(queried, "queried", terms=Terms(deadline=date(2026, 1, 20)))
    assert later.terms.deadline == date(2026, 1, 20)


def test_who_looked_at_an_older_state_is_told() -> None:
    moved = after(STATE, "queried")
    with pytest.raises(LedgerConflictError, match=r"事件 1.*事件 2.*wang decided queried"):
        taken(moved, "accepted", actor=LI, severity="warning", seen=1)
    assert after(moved, "accepted", actor=LI, severity="warning", seen=2).status == "accepted"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"status": "closed"}, "cannot be decided"),
        ({"status": "fine"}, "choose one of these"),
        ({"status": "accepted", "state": replace(STATE, status="closed")}, "it is closed"),
        ({"status": "accepted", "reason": " "}, "needs a reason"),
        ({"status": "accepted", "actor": VIEWER}, "角色是 viewer"),
        ({"status": "accepted", "actor": Account("nobody", "")}, "角色是 无.*stewards.csv"),
        ({"status": "waived", "terms": NO_TERMS}, "--until belongs to waived"),
        ({"status": "accepted", "terms": Terms(until=date(2026, 2, 1))}, "--until belongs to waived"),
        ({"status": "queried", "terms": NO_TERMS}, "--deadline belongs to queried"),
        ({"status": "waived", "terms": Terms(until=date(2025, 12, 31))}, "lies in the past"),
        ({"status": "queried", "terms": Terms(PREFER.prefer, None, date(2026, 2, 1))}, "--prefer goes with"),
        ({"status": "accepted", "now": FIRST.replace(tzinfo=None)}, "time zone"),
    ],
)
def test_a_decision_needs_sense(given: dict[str, Any], said: str) -> None:
    state, status = given.pop("state", STATE), given.pop("status")
    with pytest.raises(ValueError, match=said):
        taken(state, status, **given)


def test_every_status_but_closed_can_be_reached() -> None:
    for status in set(DECIDABLE) - {"open"}:
        assert after(STATE, status, severity="warning").status == status


def test_a_day_is_a_day_in_the_office() -> None:
    late = FIRST.replace(hour=17)  # the next day in Guizhou
    with pytest.raises(DecisionError, match="今天是 2026-01-02"):
        taken(STATE, "queried", now=late, terms=Terms(deadline=date(2026, 1, 1)))
