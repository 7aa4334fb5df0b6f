"""The findings ledger: a life over many nights, replay equal to state, nothing ever overwritten."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import ledger
from expectations.ledger import Candidate, LedgerConflictError, LedgerEvent, LedgerState, Reconciliation

FIRST = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
RULES = frozenset({"R1", "R2"})


def night(number: int) -> datetime:
    return FIRST + timedelta(days=number - 1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    with ledger.open_ledger(tmp_path / "ledger" / "findings.sqlite") as opened:
        yield opened


def run(engine: sa.Engine, number: int, *candidates: Candidate, rules: frozenset[str] = RULES) -> Reconciliation:
    """One published night; its states must be what the ledger replays."""
    result = ledger.reconcile(ledger.current_states(engine), candidates, rules, night(number), f"run-{number}")
    ledger.append(engine, result.events)
    assert ledger.current_states(engine) == {state.finding_id: state for state in result.states}
    return result


def counts(result: Reconciliation) -> tuple[int, int, int, int, int]:
    return result.new, result.still_open, result.reopened, result.closed, result.still_decided


def decide(engine: sa.Engine, finding_id: str, status: str, run_id: str, number: int = 5) -> None:
    state = ledger.current_states(engine)[finding_id]
    event = ledger.decide(state, status=status, actor="李四", reason="两处口径不同", now=night(number), run_id=run_id)
    assert ledger.append(engine, [event]) == 1


A, B, C = Candidate("a", "R1", "h1"), Candidate("b", "R1", "h1"), Candidate("c", "R2", "h1")


def test_ten_nights(engine: sa.Engine) -> None:
    assert counts(run(engine, 1, A, B, C)) == (3, 0, 0, 0, 0)
    assert counts(run(engine, 2, A, B, C)) == (0, 3, 0, 0, 0)
    assert counts(run(engine, 3, A, C)) == (0, 2, 0, 1, 0)  # b is gone
    assert counts(run(engine, 4, A, rules=frozenset({"R1"}))) == (0, 1, 0, 0, 0)  # R2 could not run
    decide(engine, "a", "accepted", "decision-1")
    assert counts(run(engine, 5, A, B)) == (0, 0, 1, 1, 1)  # b is back, c is gone, a stays accepted
    assert counts(run(engine, 6, B)) == (0, 1, 0, 0, 0)  # a is not seen, its decision stays
    assert counts(run(engine, 7, A, B)) == (0, 1, 0, 0, 1)  # a is seen again, same evidence: no question
    assert counts(run(engine, 8, replace(A, evidence_hash="h2"), B)) == (0, 1, 1, 0, 0)  # other evidence: asked
    assert counts(run(engine, 9, replace(A, evidence_hash="h3"), B)) == (0, 2, 0, 0, 0)
    assert counts(run(engine, 10)) == (0, 0, 0, 2, 0)

    states = ledger.current_states(engine)
    assert states == {
        "a": LedgerState("a", "R1", "closed", night(1), night(9), "h3", False),
        "b": LedgerState("b", "R1", "closed", night(1), night(9), "h1", False),
        "c": LedgerState("c", "R2", "closed", night(1), night(3), "h1", False),
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
    decided = ledger.history(engine, "a")[1]
    assert (decided.actor, decided.reason, decided.run_id) == ("李四", "两处口径不同", "decision-1")


def test_a_quiet_night_costs_one_event_a_rule(engine: sa.Engine) -> None:
    many = [Candidate(f"f{i}", "R1", "h") for i in range(50)]
    run(engine, 1, *many, C)
    result = run(engine, 2, *many, C)
    assert [(e.action, e.rule_id, e.finding_id) for e in result.events] == [("seen", "R1", ""), ("seen", "R2", "")]
    assert {state.last_seen for state in result.states} == {night(2)}


@pytest.mark.parametrize("status", ["queried", "answered"])
def test_a_question_to_the_source_is_still_open(engine: sa.Engine, status: str) -> None:
    run(engine, 1, A)
    decide(engine, "a", status, "decision-1", 1)
    assert counts(run(engine, 2, replace(A, evidence_hash="h2"))) == (0, 1, 0, 0, 0)
    assert ledger.current_states(engine)["a"].status == status
    assert counts(run(engine, 3)) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("status", ledger.DECIDED_STATUSES)
def test_a_decision_holds_until_the_evidence_changes(engine: sa.Engine, status: str) -> None:
    run(engine, 1, A)
    decide(engine, "a", status, "decision-1", 1)
    assert counts(run(engine, 2, A)) == (0, 0, 0, 0, 1)
    assert [event.action for event in run(engine, 3).events] == ["not_seen"]
    assert run(engine, 3).events == (), "that it is gone is said once"
    assert ledger.current_states(engine)["a"] == LedgerState("a", "R1", status, night(1), night(2), "h1", False)
    assert counts(run(engine, 4, replace(A, evidence_hash="h2"))) == (0, 0, 1, 0, 0)
    assert ledger.current_states(engine)["a"] == LedgerState("a", "R1", "open", night(1), night(4), "h2", True)


def test_a_steward_reopens_what_is_not_seen(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    decide(engine, "a", "waived", "decision-1", 1)
    run(engine, 2, B)
    run(engine, 3, B)
    decide(engine, "a", "open", "decision-2", 3)
    run(engine, 4, B)
    assert ledger.current_states(engine)["a"] == LedgerState("a", "R1", "closed", night(1), night(1), "h1", False)


def test_a_held_night_changes_nothing(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    before = ledger.current_states(engine)
    held = ledger.reconcile(before, [C], RULES, night(2), "run-2")
    assert counts(held) == (1, 0, 0, 2, 0)
    assert ledger.current_states(engine) == before
    assert counts(run(engine, 3, A)) == (0, 1, 0, 1, 0)


def test_reconcile_leaves_its_input_alone(engine: sa.Engine) -> None:
    run(engine, 1, A)
    states = ledger.current_states(engine)
    copy = dict(states)
    ledger.reconcile(states, [B], RULES, night(2), "run-2")
    assert states == copy


def test_the_same_run_appends_once(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    result = ledger.reconcile(ledger.current_states(engine), [A, C], RULES, night(2), "run-2")
    assert ledger.append(engine, result.events) == 3  # c opened, b closed, R1 seen
    after = ledger.current_states(engine)
    assert ledger.append(engine, result.events) == 0
    assert ledger.current_states(engine) == after
    again = ledger.reconcile(after, [A, C], RULES, night(2), "run-2")
    assert again.new == again.closed == 0
    assert again.states == result.states


def test_an_append_that_fails_leaves_nothing(engine: sa.Engine) -> None:
    """A crash between two events of a night: the transaction is all or nothing."""
    run(engine, 1, A)
    before = ledger.current_states(engine)
    result = ledger.reconcile(before, [B, C], RULES, night(2), "run-2")
    broken = (*result.events, replace(result.events[0], finding_id="z", action="guessed", before_status=None))
    with pytest.raises(sa.exc.IntegrityError, match="known_action"):
        ledger.append(engine, broken)
    assert ledger.current_states(engine) == before
    assert ledger.append(engine, result.events) == len(result.events)


def test_a_decision_in_between_is_a_conflict(engine: sa.Engine) -> None:
    run(engine, 1, A, B)
    stale = ledger.reconcile(ledger.current_states(engine), [B], RULES, night(2), "run-2")
    decide(engine, "a", "accepted", "decision-1")
    before = ledger.current_states(engine)
    with pytest.raises(LedgerConflictError, match=r"finding a is accepted .* starts from open; read the states"):
        ledger.append(engine, stale.events)
    assert ledger.current_states(engine) == before
    assert counts(run(engine, 2, B)) == (0, 1, 0, 0, 0)


def test_what_append_checked_stays_true_until_it_wrote(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its check and its insert nobody else can write: the lock is taken at the beginning."""
    check, refused = ledger._check_status, []

    def check_with_a_rival(connection: sa.Connection, events: Sequence[LedgerEvent]) -> None:
        check(connection, events)
        with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as rival:
            try:
                rival.execute("begin immediate")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    monkeypatch.setattr(ledger, "_check_status", check_with_a_rival)
    run(engine, 1, A)
    assert refused == ["database is locked"]


@pytest.mark.parametrize("statement", ["update finding_event set reason = 'x'", "delete from finding_event"])
def test_events_cannot_be_changed(engine: sa.Engine, statement: str) -> None:
    run(engine, 1, A)
    with (
        pytest.raises(sa.exc.IntegrityError, match="append-only"),
        engine.connect() as connection,
        connection.begin(),
    ):
        connection.execute(sa.text(statement))
    assert ledger.current_states(engine)["a"].status == "open"


def test_the_file_is_durable_and_shared(engine: sa.Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"pragma {p}").scalar() for p in ("journal_mode", "synchronous")]
    assert pragmas == ["wal", 2]
    run(engine, 1, A)
    with ledger.open_ledger(tmp_path / "ledger" / "findings.sqlite") as again:
        assert ledger.current_states(again) == ledger.current_states(engine)


def test_time_never_runs_backwards(engine: sa.Engine) -> None:
    run(engine, 5, A)
    run(engine, 2, A, B)
    states = ledger.current_states(engine)
    assert (states["a"].first_seen, states["a"].last_seen, states["b"].first_seen) == (night(5), night(5), night(5))


def test_times_are_kept_in_utc(engine: sa.Engine) -> None:
    local = FIRST.astimezone(timezone(timedelta(hours=8)))
    result = ledger.reconcile({}, [A], RULES, local, "run-1")
    ledger.append(engine, result.events)
    with engine.connect() as connection:
        assert connection.execute(sa.select(ledger.finding_event.c.at)).scalar() == "2026-01-01T02:00:00.000000Z"
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
        ledger.reconcile(states, candidates, RULES, night(2), "run-2")


def test_equal_candidates_count_once() -> None:
    assert counts(ledger.reconcile({}, [A, A], RULES, FIRST, "run-1")) == (1, 0, 0, 0, 0)


def test_a_time_without_zone_is_refused() -> None:
    naive = FIRST.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        ledger.reconcile({}, [], RULES, naive, "run-1")
    with pytest.raises(ValueError, match="time zone"):
        ledger.decide(STATE, status="waived", actor="x", reason="y", now=naive, run_id="d")


STATE = LedgerState("a", "R1", "open", FIRST, FIRST, "h1")


@pytest.mark.parametrize(
    ("state", "status", "actor", "reason", "said"),
    [
        (STATE, "closed", "x", "y", "cannot be decided"),
        (STATE, "fine", "x", "y", "choose one of"),
        (replace(STATE, status="closed"), "accepted", "x", "y", "is closed"),
        (STATE, "accepted", " ", "y", "actor and a reason"),
        (STATE, "accepted", "x", "", "actor and a reason"),
    ],
)
def test_a_decision_needs_sense(state: LedgerState, status: str, actor: str, reason: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ledger.decide(state, status=status, actor=actor, reason=reason, now=FIRST, run_id="d")


def _append_from_a_process(path: Path, name: str, go: object) -> None:
    go.wait()  # type: ignore[attr-defined]
    with ledger.open_ledger(path) as engine:
        for number in range(1, 21):
            mine = [Candidate(f"{name}-{i}", name, f"h{number}") for i in range(number)]
            known = {k: s for k, s in ledger.current_states(engine).items() if s.rule_id == name}
            ledger.append(engine, ledger.reconcile(known, mine, {name}, night(number), f"{name}-{number}").events)


def test_two_processes_append_at_once(tmp_path: Path) -> None:
    path = tmp_path / "findings.sqlite"
    context = multiprocessing.get_context("spawn")
    go = context.Event()
    workers = [context.Process(target=_append_from_a_process, args=(path, name, go)) for name in ("R1", "R2")]
    for worker in workers:
        worker.start()
    go.set()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with ledger.open_ledger(path) as engine:
        states = ledger.current_states(engine)
        with engine.connect() as connection:
            ids = connection.execute(sa.select(ledger.finding_event.c.event_id)).scalars().all()
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
        st.dictionaries(  # what stewards decide after it
            st.sampled_from(FINDINGS), st.sampled_from((*ledger.OPEN_STATUSES, *ledger.DECIDED_STATUSES))
        ),
        st.integers(-2, 3),  # days to the next night; clocks also go back
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(nights)
def test_replay_equals_state_and_first_seen_is_kept(tmp_path_factory: pytest.TempPathFactory, plan: list) -> None:
    path = tmp_path_factory.mktemp("ledger") / "findings.sqlite"
    with ledger.open_ledger(path) as engine:
        now, born = FIRST, dict[str, datetime]()
        for number, (fires, rules, published, decisions, days) in enumerate(plan):
            before = ledger.current_states(engine)
            candidates = [Candidate(f, RULE_OF[f], h) for f, h in fires.items() if RULE_OF[f] in rules]
            result = ledger.reconcile(before, candidates, rules, now, f"run-{number}")
            if published:
                ledger.append(engine, result.events)
            states = ledger.current_states(engine)
            assert states == ({s.finding_id: s for s in result.states} if published else before)
            assert before.keys() <= states.keys()
            for finding_id, state in states.items():
                assert state.first_seen == born.setdefault(finding_id, state.first_seen)
                assert state.first_seen <= state.last_seen
                if state.rule_id not in rules:
                    assert state == before[finding_id]
            for finding_id, status in decisions.items():
                if finding_id in states and states[finding_id].status != "closed":
                    event = ledger.decide(
                        states[finding_id], status=status, actor="x", reason="y", now=now, run_id=f"d-{number}"
                    )
                    ledger.append(engine, [event])
                    decided = replace(states[finding_id], status=status)
                    assert ledger.current_states(engine)[finding_id] == decided
            now += timedelta(days=days)
