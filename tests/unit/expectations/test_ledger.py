"""The findings ledger: a life over many nights, replay equal to state, nothing ever overwritten."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import ledger
from expectations.decisions import DECIDABLE, Account, DecisionError, LedgerConflictError, takes_two
from expectations.ledger_schema import finding_event
from expectations.lifecycle import (
    NO_TERMS,
    OPEN_STATUSES,
    PENDING_STATUSES,
    STANDING_STATUSES,
    Candidate,
    LedgerEvent,
    LedgerState,
    Preference,
    Reconciliation,
    Terms,
    applied,
    reconcile,
)
from tests.ledgers import FIRST, LI, NEEDED, RULES, WANG, decided, night, run
from tests.postgres import Server


def counts(result: Reconciliation) -> tuple[int, int, int, int, int]:
    return result.new, result.still_open, result.reopened, result.closed, result.still_decided


A, B, C = Candidate("a", "R1", "h1"), Candidate("b", "R1", "h1"), Candidate("c", "R2", "h1")


def test_ten_nights(engine: sa.Engine) -> None:
    assert counts(run(engine, 1, A, B, C)) == (3, 0, 0, 0, 0)
    assert counts(run(engine, 2, A, B, C)) == (0, 3, 0, 0, 0)
    assert counts(run(engine, 3, A, C)) == (0, 2, 0, 1, 0)  # b is gone
    assert counts(run(engine, 4, A, rules=frozenset({"R1"}))) == (0, 1, 0, 0, 0)  # R2 could not run
    decided(engine, "a", "accepted", run_id="decision-1")
    assert counts(run(engine, 5, A, B)) == (0, 0, 1, 1, 1)  # b is back, c is gone, a stays accepted
    assert counts(run(engine, 6, B)) == (0, 1, 0, 0, 0)  # a is not seen, its decision stays
    assert counts(run(engine, 7, A, B)) == (0, 1, 0, 0, 1)  # a is seen again, same evidence: no question
    assert counts(run(engine, 8, replace(A, evidence_hash="h2"), B)) == (0, 1, 1, 0, 0)  # other evidence: asked
    assert counts(run(engine, 9, replace(A, evidence_hash="h3"), B)) == (0, 2, 0, 0, 0)
    assert counts(run(engine, 10)) == (0, 0, 0, 2, 0)

    states = ledger.current_states(engine)
    assert states == {
        "a": LedgerState("a", "R1", "closed", night(1), night(9), "h3", False, sequence=7),
        "b": LedgerState("b", "R1", "closed", night(1), night(9), "h1", False, sequence=4),
        "c": LedgerState("c", "R2", "closed", night(1), night(3), "h1", False, sequence=2),
    }
    assert [(e.action, e.before_status, e.after_status) for e in ledger.history(engine, "a")] == [
        ("opened", None, "open"),
        ("decided", "open", "accepted"),
        ("not_seen", "accepted", "accepted"),
        ("seen_again", "accepted", "accepted"),
        ("reopened", "accepted", "open"),
        ("evidence_changed", "open", "open"),
        ("closed", "open", "closed"),
    ]
    taken = ledger.history(engine, "a")[1]
    assert (taken.actor, taken.reason, taken.run_id) == ("wang", "两处口径不同", "decision-1")


def test_a_quiet_night_costs_one_event_a_rule(engine: sa.Engine) -> None:
    many = [Candidate(f"f{i}", "R1", "h") for i in range(50)]
    run(engine, 1, *many, C)
    result = run(engine, 2, *many, C)
    assert [(e.action, e.rule_id, e.finding_id) for e in result.events] == [("seen", "R1", ""), ("seen", "R2", "")]
    assert {state.last_seen for state in result.states} == {night(2)}


@pytest.mark.parametrize("status", ["queried", "answered"])
def test_a_question_to_the_source_is_still_open(engine: sa.Engine, status: str) -> None:
    run(engine, 1, A)
    decided(engine, "a", status, run_id="decision-1", now=night(1))
    assert counts(run(engine, 2, replace(A, evidence_hash="h2"))) == (0, 1, 0, 0, 0)
    assert ledger.current_states(engine)["a"].status == status
    assert counts(run(engine, 3)) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("status", STANDING_STATUSES)
def test_a_judgement_holds_until_the_evidence_changes(engine: sa.Engine, status: str) -> None:
    run(engine, 1, A)
    decided(engine, "a", status, now=night(1))
    assert counts(run(engine, 2, A)) == (0, 0, 0, 0, 1)
    assert [event.action for event in run(engine, 3).events] == ["not_seen"]
    assert run(engine, 3).events == (), "that it is gone is said once"
    state = ledger.current_states(engine)["a"]
    assert (state.status, state.present, state.last_seen, state.decided_by) == (status, False, night(2), "wang")
    assert state.terms == NEEDED.get(status, NO_TERMS)
    assert counts(run(engine, 4, replace(A, evidence_hash="h2"))) == (0, 0, 1, 0, 0)
    assert ledger.current_states(engine)["a"] == LedgerState(
        "a", "R1", "open", night(1), night(4), "h2", True, sequence=4
    )


@pytest.mark.parametrize("status", PENDING_STATUSES)
def test_a_correction_that_came_closes_the_finding(engine: sa.Engine, status: str) -> None:
    run(engine, 1, A)
    decided(engine, "a", status, now=night(1))
    assert counts(run(engine, 2, A)) == (0, 0, 0, 0, 1)
    assert counts(run(engine, 3)) == (0, 0, 0, 1, 0)
    assert counts(run(engine, 4, A)) == (0, 0, 1, 0, 0)  # it fails again, also on the evidence of before
    assert ledger.current_states(engine)["a"].decided_by is None


def test_a_waiver_ends_after_its_last_day(engine: sa.Engine) -> None:
    last = Terms(until=night(3).date())
    run(engine, 1, A, B)
    decided(engine, "a", "waived", now=night(1), terms=last)
    decided(engine, "b", "waived", now=night(1), terms=last, run_id="decision-2")
    assert counts(run(engine, 2, A)) == (0, 0, 0, 0, 1)  # b is gone and may come back
    assert counts(run(engine, 3, A)) == (0, 0, 0, 0, 1)
    ended = run(engine, 4, A)
    assert counts(ended) == (0, 0, 1, 1, 0)
    assert [(e.finding_id, e.action, e.after_terms) for e in ended.events] == [
        ("a", "reopened", NO_TERMS),
        ("b", "closed", NO_TERMS),
    ]
    assert "2026-01-03" in (ended.events[0].reason or "")
    assert ledger.current_states(engine)["a"].terms == NO_TERMS


def test_a_steward_reopens_what_is_not_seen(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    decided(engine, "a", "waived", run_id="decision-1", now=night(1))
    run(engine, 2, B)
    run(engine, 3, B)
    decided(engine, "a", "open", run_id="decision-2", now=night(3))
    run(engine, 4, B)
    assert ledger.current_states(engine)["a"] == LedgerState(
        "a", "R1", "closed", night(1), night(1), "h1", False, sequence=5
    )


def test_a_held_night_changes_nothing(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    before = ledger.current_states(engine)
    held = reconcile(before, [C], RULES, night(2), "run-2")
    assert counts(held) == (1, 0, 0, 2, 0)
    assert ledger.current_states(engine) == before
    assert counts(run(engine, 3, A)) == (0, 1, 0, 1, 0)


def test_reconcile_leaves_its_input_alone(engine: sa.Engine) -> None:
    run(engine, 1, A)
    states = ledger.current_states(engine)
    copy = dict(states)
    reconcile(states, [B], RULES, night(2), "run-2")
    assert states == copy


def test_the_same_run_appends_once(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    result = reconcile(ledger.current_states(engine), [A, C], RULES, night(2), "run-2")
    assert ledger.append(engine, result.events) == 3  # c opened, b closed, R1 seen
    after = ledger.current_states(engine)
    assert ledger.append(engine, result.events) == 0
    assert ledger.current_states(engine) == after
    again = reconcile(after, [A, C], RULES, night(2), "run-2")
    assert again.new == again.closed == 0
    assert again.states == result.states


def test_an_append_that_fails_leaves_nothing(engine: sa.Engine) -> None:
    """A crash between two events of a night: the transaction is all or nothing."""
    run(engine, 1, A)
    before = ledger.current_states(engine)
    result = reconcile(before, [B, C], RULES, night(2), "run-2")
    broken = (
        *result.events,
        replace(result.events[0], finding_id="z", action="guessed", before_status=None, sequence=1),
    )
    with pytest.raises(sa.exc.IntegrityError, match="known_action"):
        ledger.append(engine, broken)
    assert ledger.current_states(engine) == before
    assert ledger.append(engine, result.events) == len(result.events)


def test_a_decision_in_between_is_a_conflict(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    stale = reconcile(ledger.current_states(engine), [B], RULES, night(2), "run-2")
    decided(engine, "a", "accepted", run_id="decision-1")
    before = ledger.current_states(engine)
    with pytest.raises(LedgerConflictError, match=r"wang decided accepted at 2026-01-05 10:00.*look at it again"):
        ledger.append(engine, stale.events)
    assert ledger.current_states(engine) == before
    assert counts(run(engine, 2, B)) == (0, 1, 0, 0, 0)


def test_what_append_checked_stays_true_until_it_wrote(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its check and its insert nobody else can write: the lock is taken at the beginning."""
    check, refused = ledger._after, []

    def check_with_a_rival(connection: sa.Connection, events: Sequence[LedgerEvent]) -> dict[str, LedgerState]:
        states = check(connection, events)
        if engine.dialect.name == "sqlite":
            with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as rival:
                try:
                    rival.execute("begin immediate")
                except sqlite3.OperationalError as error:
                    refused.append(str(error))
        else:
            with engine.connect() as rival_connection:
                taken = rival_connection.exec_driver_sql(f"select pg_try_advisory_lock({ledger._LOCK})").scalar()
            refused.extend([] if taken else ["database is locked"])
        return states

    monkeypatch.setattr(ledger, "_after", check_with_a_rival)
    run(engine, 1, A)
    assert refused == ["database is locked"]


@pytest.mark.parametrize(
    "statement",
    ["update finding_event set reason = 'x'", "delete from finding_event", "truncate finding_event"],
)
def test_events_cannot_be_changed(engine: sa.Engine, statement: str) -> None:
    run(engine, 1, A)
    if engine.dialect.name == "sqlite" and statement.startswith("truncate"):
        pytest.skip("SQLite has no truncate")
    refusal = "append-only" if engine.dialect.name == "sqlite" else "permission denied"
    with pytest.raises(sa.exc.DBAPIError, match=refusal), engine.connect() as connection, connection.begin():
        connection.execute(sa.text(statement))
    assert ledger.current_states(engine)["a"].status == "open"
    assert len(ledger.history(engine, "a")) == 1


def test_the_file_is_durable_and_shared(tmp_path: Path) -> None:
    file = tmp_path / "ledger" / "findings.sqlite"
    with ledger.open_ledger(file) as engine:
        with engine.connect() as connection:
            pragmas = [connection.exec_driver_sql(f"pragma {p}").scalar() for p in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        run(engine, 1, A)
        with ledger.open_ledger(file) as again:
            assert ledger.current_states(again) == ledger.current_states(engine)


def test_time_never_runs_backwards(engine: sa.Engine) -> None:
    run(engine, 5, A)
    run(engine, 2, A, B)
    states = ledger.current_states(engine)
    assert (states["a"].first_seen, states["a"].last_seen, states["b"].first_seen) == (night(5), night(5), night(5))


def test_times_are_kept_in_utc(engine: sa.Engine) -> None:
    local = FIRST.astimezone(timezone(timedelta(hours=8)))
    result = reconcile({}, [A], RULES, local, "run-1")
    ledger.append(engine, result.events)
    with engine.connect() as connection:
        assert connection.execute(sa.select(finding_event.c.at)).scalar() == FIRST
        stored = connection.execute(sa.select(sa.cast(finding_event.c.at, sa.Text))).scalar()
    if engine.dialect.name == "sqlite":
        assert stored == "2026-01-01T02:00:00.000000Z"
    assert ledger.current_states(engine)["a"].first_seen == FIRST


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        ([A, replace(A, evidence_hash="h2")], "finding a is reported twice"),
        ([replace(A, rule_id="R9")], "finding a: its rule R9 is not among"),
        ([replace(B, rule_id="R2")], "finding b is of rule R1 in the ledger, of R2 tonight"),
        ([replace(A, finding_id="")], "no finding_id"),
    ],
)
def test_contradicting_candidates_are_refused(candidates: list[Candidate], said: str) -> None:
    states = {"b": LedgerState("b", "R1", "open", FIRST, FIRST, "h1")}
    with pytest.raises(ValueError, match=said):
        reconcile(states, candidates, RULES, night(2), "run-2")


def test_equal_candidates_count_once() -> None:
    assert counts(reconcile({}, [A, A], RULES, FIRST, "run-1")) == (1, 0, 0, 0, 0)


def test_a_time_without_zone_is_refused() -> None:
    naive = FIRST.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        reconcile({}, [], RULES, naive, "run-1")


def _append_from_a_process(path: Path | str, name: str, go: object) -> None:
    go.wait()  # type: ignore[attr-defined]
    with ledger.open_ledger(path) as engine:
        for number in range(1, 21):
            mine = [Candidate(f"{name}-{i}", name, f"h{number}") for i in range(number)]
            known = {k: s for k, s in ledger.current_states(engine).items() if s.rule_id == name}
            ledger.append(engine, reconcile(known, mine, {name}, night(number), f"{name}-{number}").events)


def test_two_processes_append_at_once(place: Path | str) -> None:
    context = multiprocessing.get_context("spawn")
    go = context.Event()
    workers = [context.Process(target=_append_from_a_process, args=(place, name, go)) for name in ("R1", "R2")]
    for worker in workers:
        worker.start()
    go.set()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with ledger.open_ledger(place) as engine:
        states = ledger.current_states(engine)
        assert states == ledger.replay(engine)
        with engine.connect() as connection:
            ids = connection.execute(sa.select(finding_event.c.event_id)).scalars().all()
    assert sorted(ids) == list(range(1, len(ids) + 1)), "no event is lost, none is there twice"
    for name in ("R1", "R2"):
        mine = {key: state for key, state in states.items() if state.rule_id == name}
        assert len(mine) == 20
        assert {(state.status, state.last_seen, state.evidence_hash) for state in mine.values()} == {
            ("open", night(20), "h20")
        }
        assert mine[f"{name}-7"].first_seen == night(8)


def test_five_thousand_findings(engine: sa.Engine) -> None:
    many = [Candidate(f"f{i:05}", f"R{i % 40}", "h") for i in range(5000)]
    rules = frozenset(f"R{i}" for i in range(40))
    assert counts(run(engine, 1, *many, rules=rules)) == (5000, 0, 0, 0, 0)
    assert counts(run(engine, 2, *many[1000:], rules=rules)) == (0, 4000, 0, 1000, 0)
    assert counts(run(engine, 3, *many[:4000], rules=rules)) == (0, 3000, 1000, 1000, 0)


FINDINGS = ("a", "b", "c", "d")
RULE_OF = {"a": "R1", "b": "R1", "c": "R2", "d": "R2"}
nights = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(FINDINGS), st.sampled_from(("h1", "h2"))),  # what fires, on which evidence
        st.sets(st.sampled_from(("R1", "R2"))),  # what is evaluated
        st.booleans(),  # published, or held
        st.lists(  # what stewards decide after it
            st.tuples(
                st.sampled_from(FINDINGS),
                st.sampled_from(DECIDABLE),
                st.sampled_from((WANG, LI)),
                st.sampled_from(("error", "warning")),
                st.integers(0, 4),  # days that a waiver or query lasts
                st.booleans(),  # with a printing preferred
            ),
            max_size=4,
        ),
        st.integers(-2, 3),  # days to the next night; clocks also go back
    ),
    max_size=8,
)


def _try(engine: sa.Engine, number: int, wanted: tuple[str, str, Account, str, int, bool], now: datetime) -> int:
    """One steward's attempt; how many events it gave. What is refused leaves the ledger as it was."""
    finding_id, status, actor, severity, days, prefers = wanted
    before = ledger.current_states(engine)
    if finding_id not in before:
        return 0
    day = (now + timedelta(days=days)).date()
    terms = Terms(
        prefer=Preference("fig_1", "text", "2.7700000000") if prefers else None,
        until=day if status == "waived" else None,
        deadline=day if status == "queried" else None,
    )
    said = {"severity": severity, "actor": actor, "terms": terms, "now": now}
    try:
        event = decided(engine, finding_id, status, run_id=f"d-{number}", **said)
    except (DecisionError, LedgerConflictError):
        assert ledger.current_states(engine) == before
        return 0
    after = ledger.current_states(engine)
    assert {key: state for key, state in after.items() if key != finding_id} == {
        key: state for key, state in before.items() if key != finding_id
    }
    assert after[finding_id] == applied(before[finding_id], event)
    if takes_two(severity, status, terms) and event.action == "decided":
        assert before[finding_id].proposal is not None
        assert before[finding_id].proposal.actor != actor.account
    return 1


def _lives(engine: sa.Engine, plan: list) -> int:
    """Live through nights and decisions; after each the kept states are those of a replay. Events told."""
    now, born, events = FIRST, dict[str, datetime](), 0
    for number, (fires, rules, published, wanted, days) in enumerate(plan):
        before = ledger.current_states(engine)
        candidates = [Candidate(f, RULE_OF[f], h) for f, h in fires.items() if RULE_OF[f] in rules]
        result = reconcile(before, candidates, rules, now, f"run-{number}")
        if published:
            events += ledger.append(engine, result.events)
        states = ledger.current_states(engine)
        assert states == ({s.finding_id: s for s in result.states} if published else before)
        assert before.keys() <= states.keys()
        for finding_id, state in states.items():
            assert state.first_seen == born.setdefault(finding_id, state.first_seen)
            assert state.first_seen <= state.last_seen
            assert (state.proposal is None) or (state.status in OPEN_STATUSES)
            if state.rule_id not in rules:
                assert state == before[finding_id]
        for index, one in enumerate(wanted):
            events += _try(engine, 10 * number + index, one, now)
        assert ledger.replay(engine) == ledger.current_states(engine)
        now += timedelta(days=days)
    return events


@settings(max_examples=60, deadline=None)
@given(plan=nights)
def test_replay_equals_state_and_first_seen_is_kept(tmp_path_factory: pytest.TempPathFactory, plan: list) -> None:
    path = tmp_path_factory.mktemp("ledger") / "findings.sqlite"
    with ledger.open_ledger(path) as engine:
        _lives(engine, plan)


@settings(max_examples=15, deadline=None)
@given(plan=nights)
def test_replay_equals_state_on_postgresql(postgres: Server, plan: list) -> None:
    with ledger.open_ledger(postgres.new_ledger()) as engine:
        _lives(engine, plan)
