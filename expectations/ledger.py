"""The findings ledger: what became of every finding, as events that are only ever appended.

Here: opening it, appending, reading states and histories, replay. Not here: which events a night (`lifecycle`) or a
person (`decisions`) gives, and the tables (`ledger_schema`).

The events are the truth. The state that they lead to is kept beside them, written in the same transaction, because a
million events are too many to read for every question; `replay` gives the same from the events alone. A night that is
held does not append.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from expectations import decisions
from expectations.decisions import LedgerConflictError
from expectations.ledger_schema import (
    VERSION,
    LedgerError,
    as_json,
    bring_forward,
    finding_event,
    finding_state,
    too_new,
    version_of,
)
from expectations.lifecycle import NO_TERMS, LedgerEvent, LedgerState, Preference, Proposal, Terms, applied, seen_at

_T = TypeVar("_T")
_CHUNK = 500  # well under SQLite's limit on bound parameters
_LOCK = 0x70726F76  # any number, the same for every writer of a ledger on PostgreSQL
WAIT_SECONDS = 30
"""How long a writer waits for another one."""


@contextmanager
def open_ledger(place: Path | str) -> Iterator[sa.Engine]:
    """A ledger, opened and closed again.

    Several processes may hold it open: readers never wait, a writer waits up to `WAIT_SECONDS` for another one.

    Args:
        place: an SQLite file, created with its tables where it is absent; or the URL of a PostgreSQL database
            (``postgresql://account@host/database``), where an administrator has run `setup_sql`.

    Raises:
        LedgerError: the database cannot be reached, has no ledger, or one of another version.
    """
    engine = _sqlite(place) if isinstance(place, Path) else _postgresql(place)
    try:
        _make_ready(engine)
        yield engine
    finally:
        engine.dispose()


def current_states(engine: sa.Engine) -> dict[str, LedgerState]:
    """The state of every finding by its id, in the order of ids."""
    with engine.connect() as connection:
        states = {row[0]: _state(row) for row in connection.execute(sa.select(finding_state))}
    return {finding_id: states[finding_id] for finding_id in sorted(states)}


def states_of(engine: sa.Engine, finding_ids: Iterable[str]) -> dict[str, LedgerState]:
    """The states of some findings by id; unknown ones are left out."""
    with engine.connect() as connection:
        return _states_of(connection, sorted(set(finding_ids)))


def ids_starting_with(engine: sa.Engine, start: str, limit: int = 2) -> tuple[str, ...]:
    """The first ids of findings that start with some characters."""
    column = finding_state.c.finding_id
    query = sa.select(column).where(column.startswith(start, autoescape=True)).order_by(column).limit(limit)
    with engine.connect() as connection:
        return tuple(connection.execute(query).scalars())


def touched_statuses(engine: sa.Engine) -> dict[str, str]:
    """Status by finding id of those that are not simply open: decided, queried, proposed or closed."""
    table = finding_state.c
    touched = sa.or_(table.status != "open", table.proposal.is_not(None))
    with engine.connect() as connection:
        return dict(connection.execute(sa.select(table.finding_id, table.status).where(touched)).tuples().all())


def replay(engine: sa.Engine) -> dict[str, LedgerState]:
    """The state of every finding from the events alone: what `current_states` must be.

    Raises:
        ValueError: an event does not follow on the one before: the ledger is damaged or was changed by hand.
    """
    with engine.connect() as connection:
        return _replayed(connection)


def rebuild(engine: sa.Engine) -> int:
    """Write the kept states anew from the events, where they are no longer what the events say.

    Returns:
        How many findings there are.
    """
    with writing(engine) as connection:
        states = _replayed(connection)
        connection.execute(sa.delete(finding_state))
        _keep(connection, states.values())
    return len(states)


def history(engine: sa.Engine, finding_id: str) -> tuple[LedgerEvent, ...]:
    """The events of one finding, oldest first; empty for an unknown one."""
    table = finding_event
    query = sa.select(table).where(table.c.finding_id == finding_id, table.c.action != "seen")
    with engine.connect() as connection:
        return tuple(_event(row) for row in connection.execute(query.order_by(table.c.sequence)))


def events_of_run(engine: sa.Engine, run_id: str, action: str, limit: int) -> tuple[LedgerEvent, ...]:
    """The first events of one action that a run has appended, in their order."""
    table = finding_event
    query = sa.select(table).where(table.c.run_id == run_id, table.c.action == action)
    with engine.connect() as connection:
        return tuple(_event(row) for row in connection.execute(query.order_by(table.c.event_id).limit(limit)))


def append(engine: sa.Engine, events: Sequence[LedgerEvent]) -> int:
    """Append events in one transaction: all or none. Events that are already there are left out.

    Returns:
        How many events were new.

    Raises:
        LedgerConflictError: A finding has had another event since the one that its event follows on.
    """
    with writing(engine) as connection:
        known = _known_keys(connection, {event.run_id for event in events})
        fresh = [event for event in events if _key(event) not in known]
        after = _after(connection, fresh)
        for chunk in _chunks([_event_row(event) for event in fresh]):
            connection.execute(sa.insert(finding_event), chunk)
        _keep(connection, after.values())
        for event in fresh:
            if event.action == "seen":
                seen = sa.and_(finding_state.c.rule_id == event.rule_id, finding_state.c.present)
                connection.execute(sa.update(finding_state).where(seen).values(last_seen=event.at))
    return len(fresh)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that takes the write lock at once, so that what it reads stays true until it has written."""
    with engine.connect().execution_options(ledger_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"set local lock_timeout = '{WAIT_SECONDS}s'")
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
        yield connection


def _sqlite(path: Path) -> sa.Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS})
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    return engine


def _postgresql(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise LedgerError("台账地址无法识别 · the ledger's URL is none: postgresql://account@host/database") from error
    if parsed.get_backend_name() != "postgresql":
        raise LedgerError(
            f"台账地址 {parsed.render_as_string()}：只支持 postgresql://，不写即用 SQLite · "
            "the ledger is on PostgreSQL, or on SQLite where no URL is given"
        )
    # psycopg 3 by name, because SQLAlchemy before 2.1 would look for psycopg 2
    return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args={"connect_timeout": 10})


def _make_ready(engine: sa.Engine) -> None:
    try:
        with engine.connect() as connection:
            found = version_of(connection)
    except sa.exc.DBAPIError as error:
        if engine.dialect.name == "sqlite":
            raise
        where, why = engine.url.render_as_string(), str(error.orig).splitlines()[0]
        raise LedgerError(f"无法读取台账 {where} · the ledger cannot be read: {why}") from error
    if found == VERSION:
        return
    if engine.dialect.name == "sqlite":
        with writing(engine) as connection:
            bring_forward(connection, lambda c: _keep(c, _replayed(c).values()))
    elif found > VERSION:
        raise LedgerError(too_new(found))
    else:
        raise LedgerError(
            f"{engine.url.render_as_string()} 中没有第 {VERSION} 版台账；请管理员执行 provstat ledger sql 的输出 · "
            f"there is no ledger of version {VERSION}; let an administrator run what `provstat ledger sql` prints"
        )


def _after(connection: sa.Connection, events: Iterable[LedgerEvent]) -> dict[str, LedgerState]:
    """The states after these events, each following on what the ledger holds."""
    own = [event for event in events if event.action != "seen"]
    states = _states_of(connection, sorted({event.finding_id for event in own}))
    for event in own:
        known = states.get(event.finding_id)
        if (known.sequence if known else 0) + 1 != event.sequence:
            told = decisions.told(known) if known else "台账中没有 · unknown in the ledger"
            raise LedgerConflictError(
                f"{event.finding_id}：{told}。未作记录，请重新查看 · nothing was recorded; look at it again"
            )
        states[event.finding_id] = applied(known, event)
    return states


def _keep(connection: sa.Connection, states: Iterable[LedgerState]) -> None:
    for chunk in _chunks([_state_row(state) for state in states]):
        known = [row["finding_id"] for row in chunk if row["sequence"] > 1]
        if known:
            connection.execute(sa.delete(finding_state).where(finding_state.c.finding_id.in_(known)))
        connection.execute(sa.insert(finding_state), chunk)


def _replayed(connection: sa.Connection) -> dict[str, LedgerState]:
    states: dict[str, LedgerState] = {}
    of_rule: dict[str, set[str]] = {}
    for row in connection.execute(sa.select(finding_event).order_by(finding_event.c.event_id)):
        event = _event(row)
        if event.action == "seen":
            for finding_id in of_rule.get(event.rule_id, ()):
                states[finding_id] = seen_at(states[finding_id], event.at)
            continue
        state = states[event.finding_id] = applied(states.get(event.finding_id), event)
        there = of_rule.setdefault(event.rule_id, set())
        there.add(event.finding_id) if state.present else there.discard(event.finding_id)
    return {finding_id: states[finding_id] for finding_id in sorted(states)}


def _states_of(connection: sa.Connection, finding_ids: Sequence[str]) -> dict[str, LedgerState]:
    query = sa.select(finding_state)
    return {
        row.finding_id: _state(row)
        for chunk in _chunks(finding_ids)
        for row in connection.execute(query.where(finding_state.c.finding_id.in_(chunk)))
    }


def _known_keys(connection: sa.Connection, run_ids: AbstractSet[str]) -> set[tuple[str, str, str, str]]:
    table = finding_event
    query = sa.select(table.c.run_id, table.c.finding_id, table.c.action, table.c.rule_id)
    rows = (
        row for chunk in _chunks(sorted(run_ids)) for row in connection.execute(query.where(table.c.run_id.in_(chunk)))
    )
    return {(row.run_id, row.finding_id, row.action, row.rule_id) for row in rows}


def _key(event: LedgerEvent) -> tuple[str, str, str, str]:
    return event.run_id, event.finding_id, event.action, event.rule_id


def _event_row(event: LedgerEvent) -> dict[str, Any]:
    # the fields of the dataclass are the columns; dataclasses.asdict copies deeply and is slow on 100,000 events
    texts = {"before_terms": _terms_text(event.before_terms), "after_terms": _terms_text(event.after_terms)}
    return {**vars(event), **texts}


def _event(row: sa.Row[Any]) -> LedgerEvent:
    values = dict(row._mapping)
    del values["event_id"]
    texts = {name: _terms(values[name]) for name in ("before_terms", "after_terms")}
    return LedgerEvent(**{**values, **texts})


def _state_row(state: LedgerState) -> dict[str, Any]:
    return {**vars(state), "terms": _terms_text(state.terms), "proposal": _proposal_text(state.proposal)}


def _state(row: sa.Row[Any]) -> LedgerState:
    finding_id, rule_id, status, first_seen, last_seen, evidence_hash, present, sequence, terms, *decided = row
    by, at, reason, proposal = decided
    return LedgerState(
        finding_id,
        rule_id,
        status,
        first_seen,
        last_seen,
        evidence_hash,
        present,
        sequence,
        _terms(terms),
        by,
        at,
        reason,
        _proposal(proposal),
    )


def _terms_text(terms: Terms) -> str | None:
    if terms == NO_TERMS:
        return None
    days = {name: day.isoformat() for name, day in (("until", terms.until), ("deadline", terms.deadline)) if day}
    return as_json({**days, "prefer": vars(terms.prefer) if terms.prefer else None})


def _terms(text: str | None) -> Terms:
    if text is None:
        return NO_TERMS
    told: Mapping[str, Any] = json.loads(text)
    days = {name: date.fromisoformat(told[name]) for name in ("until", "deadline") if name in told}
    return Terms(prefer=Preference(**told["prefer"]) if "prefer" in told else None, **days)


def _proposal_text(proposal: Proposal | None) -> str | None:
    if proposal is None:
        return None
    return as_json({**vars(proposal), "at": proposal.at.isoformat(), "terms": _terms_text(proposal.terms)})


def _proposal(text: str | None) -> Proposal | None:
    if text is None:
        return None
    told = json.loads(text)
    return Proposal(**{**told, "at": datetime.fromisoformat(told["at"]), "terms": _terms(told.get("terms"))})


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins and ends transactions, not the driver
    for pragma in (f"busy_timeout = {WAIT_SECONDS}000", "journal_mode = wal", "synchronous = full"):
        connection.execute(f"pragma {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    mode = "immediate" if connection.get_execution_options().get("ledger_writes") else ""
    connection.exec_driver_sql(f"begin {mode}")
