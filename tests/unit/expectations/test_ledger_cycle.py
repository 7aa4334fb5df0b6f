"""A finding's life over ten nights with stewards, deaths and clashes, on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from expectations import ledger
from expectations.decisions import LedgerConflictError
from expectations.ledger_schema import VERSION, LedgerError, setup_sql
from expectations.lifecycle import Candidate, LedgerState, Preference, Terms, reconcile
from tests.ledgers import FIRST, LI, RULES, WANG, decided, decision, night, run
from tests.postgres import ADMINISTRATOR, PRODUCT, Server

A, B, W = Candidate("a", "R1", "h1"), Candidate("b", "R1", "h1"), Candidate("w", "R2", "h1")
TEXT = Terms(prefer=Preference("fig_text", "text", "2.7700000000"))


def state(engine: sa.Engine, finding_id: str = "a") -> LedgerState:
    return ledger.current_states(engine)[finding_id]


def test_the_cycle_of_a_decision_over_ten_nights(engine: sa.Engine) -> None:
    run(engine, 1, A, W)
    # one steward proposes, another one confirms; between the two a night leaves it open
    decided(engine, "a", "accepted", severity="error", terms=TEXT, now=night(1), run_id="d-1")
    decided(engine, "w", "waived", terms=Terms(until=date(2026, 1, 6)), now=night(1), run_id="d-2")
    run(engine, 2, A, W)
    assert state(engine).status == "open"
    decided(engine, "a", "accepted", severity="error", actor=LI, now=night(2), run_id="d-3")
    assert run(engine, 3, A, W).still_decided == 2
    assert (state(engine).status, state(engine).terms) == ("accepted", TEXT)

    # a re-delivery or a better reader that gives the same values: the evidence is the same
    assert run(engine, 4, A, W).events[0].action == "seen"
    assert (state(engine).status, state(engine).terms) == ("accepted", TEXT)

    # a held night appends nothing
    before = ledger.current_states(engine)
    assert reconcile(before, [], RULES, night(5), "held").events != ()
    assert ledger.current_states(engine) == before

    # a value changes: asked again, and what was preferred no longer leads
    assert run(engine, 6, replace(A, evidence_hash="h2"), W).reopened == 1
    assert (state(engine).status, state(engine).terms) == ("open", Terms())

    # asked of the reporter, with a deadline; the waiver ends by the clock of the night alone
    decided(engine, "a", "queried", terms=Terms(deadline=date(2026, 1, 16)), now=night(6), run_id="d-4")
    seventh = run(engine, 7, replace(A, evidence_hash="h2"), W)
    assert [(e.finding_id, e.action) for e in seventh.events if e.finding_id] == [("w", "reopened")]
    assert state(engine).terms.deadline == date(2026, 1, 16)
    decided(engine, "a", "answered", now=night(7), run_id="d-5")
    run(engine, 8, replace(A, evidence_hash="h2"), W)

    # the source has corrected it: only the passing rule closes
    decided(engine, "a", "corrected", now=night(8), run_id="d-6")
    assert run(engine, 9, replace(A, evidence_hash="h2"), W).closed == 0
    assert run(engine, 10, W).closed == 1
    assert (state(engine).status, state(engine).first_seen) == ("closed", night(1))
    assert [(e.action, e.actor, e.before_status, e.after_status) for e in ledger.history(engine, "a")] == [
        ("opened", "nightly", None, "open"),
        ("proposed", "wang", "open", "open"),
        ("decided", "li", "open", "accepted"),
        ("reopened", "nightly", "accepted", "open"),
        ("decided", "wang", "open", "queried"),
        ("decided", "wang", "queried", "answered"),
        ("decided", "wang", "answered", "corrected"),
        ("closed", "nightly", "corrected", "closed"),
    ]
    reopened = ledger.history(engine, "a")[3]
    assert (reopened.before_terms, reopened.after_terms) == (TEXT, Terms())


def test_of_two_stewards_at_once_the_second_is_told(engine: sa.Engine) -> None:
    run(engine, 1, A)
    # both have read the same state, and both press the key
    first = decision(engine, "a", "accepted", severity="error", actor=WANG, run_id="d-1")
    second = decision(engine, "a", "false_positive", severity="error", actor=LI, run_id="d-2")
    ledger.append(engine, [first])
    with pytest.raises(LedgerConflictError, match=r"wang proposed accepted at 2026-01-05 10:00"):
        ledger.append(engine, [second])
    with pytest.raises(LedgerConflictError, match=r"--status accepted"):
        decision(engine, "a", "false_positive", severity="error", actor=LI, run_id="d-3")
    assert len(ledger.history(engine, "a")) == 2


def _decide_when_told(place: Path | str, name: str, go: object, told: object) -> None:
    with ledger.open_ledger(place) as engine:
        event = decision(engine, "a", "accepted", actor=replace(WANG, account=name), run_id=name)
        go.wait()  # type: ignore[attr-defined]
        try:
            ledger.append(engine, [event])
            told.put((name, ""))  # type: ignore[attr-defined]
        except LedgerConflictError as error:
            told.put((name, str(error)))  # type: ignore[attr-defined]


def test_of_four_processes_that_decide_at_once_one_does(place: Path | str) -> None:
    with ledger.open_ledger(place) as engine:
        run(engine, 1, A)
    context = multiprocessing.get_context("spawn")
    go, told = context.Barrier(4), context.Queue()
    workers = [context.Process(target=_decide_when_told, args=(place, f"s{i}", go, told)) for i in range(4)]
    for worker in workers:
        worker.start()
    answers = dict(told.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join(60)
    with ledger.open_ledger(place) as engine:
        winner = state(engine).decided_by
        assert len(ledger.history(engine, "a")) == 2
    assert [name for name, conflict in answers.items() if not conflict] == [winner]
    assert all(f"{winner} decided accepted" in conflict for conflict in answers.values() if conflict)


def test_a_killed_command_loses_no_decision(place: Path | str) -> None:
    """Killed at any moment: every decision that was acknowledged is there, none is half there."""
    with ledger.open_ledger(place) as engine:
        run(engine, 1, A)
    taken = 1
    for attempt in range(4):
        if taken % 2 == 0:  # so that the next one starts from open
            with ledger.open_ledger(place) as engine:
                decided(engine, "a", "open", run_id=f"between-{attempt}", now=FIRST)
            taken += 1
        heard, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(heard)
            try:
                for number in range(10_000):
                    with ledger.open_ledger(place) as engine:
                        decided(engine, "a", ("accepted", "open")[number % 2], run_id=f"{attempt}-{number}", now=FIRST)
                        os.write(told, b".")
            finally:
                os._exit(1)
        os.close(told)
        acknowledged = len(os.read(heard, 1))  # at work
        time.sleep(0.05 + attempt * 0.037)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while part := os.read(heard, 65536):
            acknowledged += len(part)
        os.close(heard)
        with ledger.open_ledger(place) as engine:
            assert ledger.current_states(engine) == ledger.replay(engine)
            found = len(ledger.history(engine, "a")) - taken
        assert found - acknowledged in (0, 1), "what was said to be recorded is; the last one may not have been said"
        assert acknowledged > 0
        taken += found


def test_the_events_alone_bring_the_states_back(engine: sa.Engine) -> None:
    run(engine, 1, A, B, W)
    decided(engine, "a", "accepted", severity="error", terms=TEXT, run_id="d-1")
    run(engine, 2, A, W)
    before = ledger.current_states(engine)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.text("update finding_state set status = 'accepted', proposal = null"))
    assert ledger.current_states(engine) != before
    assert ledger.replay(engine) == before
    assert ledger.rebuild(engine) == 3
    assert ledger.current_states(engine) == before


def test_a_ledger_of_the_first_version_is_moved_forward(tmp_path: Path) -> None:
    """Every event stays as it was; states, dates and decisions are those of before."""
    file = tmp_path / "findings.sqlite"
    events = [
        (1, "a", "R1", "2026-01-01T02:00:00.000000Z", "n1", "nightly", "opened", "h1", None, None, "open"),
        (2, "b", "R1", "2026-01-01T02:00:00.000000Z", "n1", "nightly", "opened", "h1", None, None, "open"),
        (3, "a", "R1", "2026-01-01T10:00:00.000000Z", "d1", "steward", "decided", "h1", "核实", "open", "accepted"),
        (4, "b", "R1", "2026-01-02T02:00:00.000000Z", "n2", "nightly", "closed", "h1", None, "open", "closed"),
        (5, "", "R1", "2026-01-02T02:00:00.000000Z", "n2", "nightly", "seen", None, None, None, None),
    ]
    with closing(sqlite3.connect(file)) as old, old:
        old.executescript(
            """
            create table finding_event (event_id integer primary key autoincrement, finding_id text not null,
                rule_id text not null, at text not null, run_id text not null, actor text not null,
                action text not null, evidence_hash text, reason text, before_status text, after_status text);
            create index finding_history on finding_event (finding_id, event_id);
            create index rule_seen on finding_event (rule_id, event_id) where action = 'seen';
            create trigger finding_event_no_update before update on finding_event
                begin select raise(abort, 'no'); end;
            create trigger finding_event_no_delete before delete on finding_event
                begin select raise(abort, 'no'); end;
            """
        )
        old.executemany(f"insert into finding_event values ({', '.join('?' * 11)})", events)
    with ledger.open_ledger(file) as engine:
        states = ledger.current_states(engine)
        assert states == ledger.replay(engine)
        assert (states["a"].status, states["a"].last_seen, states["a"].decided_by) == ("accepted", night(2), "steward")
        assert (states["b"].status, states["b"].first_seen) == ("closed", night(1))
        assert [(e.at, e.actor, e.action, e.reason) for e in ledger.history(engine, "a")][1][3] == "核实"
        run(engine, 3, A, B)
    with closing(sqlite3.connect(file)) as moved:
        kept = moved.execute(
            "select event_id, finding_id, rule_id, at, run_id, actor, action, evidence_hash, reason, before_status,"
            " after_status from finding_event where event_id <= 5 order by event_id"
        ).fetchall()
        assert kept == events
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            moved.execute("delete from finding_event")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            moved.execute("update ledger_version set version = 1")


def test_a_ledger_of_a_later_version_is_left_alone(new_place: Callable[[], Path | str], request: object) -> None:
    place = new_place()
    with ledger.open_ledger(place) as engine:
        run(engine, 1, A)
    if isinstance(place, Path):
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute(f"insert into ledger_version values ({VERSION + 1})")
    else:
        server: Server = request.getfixturevalue("postgres")  # type: ignore[attr-defined]
        server.execute(f"insert into ledger_version values ({VERSION + 1})", place.rpartition("%3D")[2])
    with pytest.raises(LedgerError, match="install the later one"), ledger.open_ledger(place):
        pass


def test_not_even_who_owns_the_tables_changes_an_event(postgres: Server) -> None:
    url = postgres.new_ledger()
    with ledger.open_ledger(url) as engine:
        run(engine, 1, A)
    own = postgres.url(url.rpartition("%3D")[2], ADMINISTRATOR)
    owner = sa.create_engine(own.replace("postgresql", "postgresql+psycopg", 1))
    for statement in ("update finding_event set reason = 'x'", "delete from finding_event", "truncate finding_event"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), owner.begin() as connection:
            connection.exec_driver_sql(statement)
    owner.dispose()


def test_the_account_of_the_product_owns_nothing(postgres: Server) -> None:
    with ledger.open_ledger(postgres.new_ledger()) as engine:
        for statement in (
            "alter table finding_event disable trigger all",
            "drop table finding_event",
            "create table beside (x int)",
            "insert into ledger_version values (9)",
            "update ledger_version set version = 9",
        ):
            with (
                pytest.raises(sa.exc.DBAPIError, match=r"permission denied|must be owner"),
                engine.begin() as connection,
            ):
                connection.exec_driver_sql(statement)
        with engine.begin() as connection:
            connection.exec_driver_sql("grant update on finding_event to provstat")  # a warning, and no right
            rights = [
                connection.exec_driver_sql(f"select has_table_privilege('finding_event', '{right}')").scalar()
                for right in ("select", "insert", "update", "delete", "truncate")
            ]
        assert rights == [True, True, False, False, False]


def test_a_database_without_a_ledger_says_who_makes_it(postgres: Server) -> None:
    with pytest.raises(LedgerError, match="provstat ledger sql"), ledger.open_ledger(postgres.url()):
        pass
    with pytest.raises(LedgerError, match="cannot be read"), ledger.open_ledger(postgres.url(database="nowhere")):
        pass
    assert f'to "{PRODUCT} x"' in setup_sql(f"{PRODUCT} x")


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(LedgerError), ledger.open_ledger(url):
        pass
