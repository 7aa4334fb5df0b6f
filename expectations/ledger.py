"""The findings ledger: what became of every finding, as events that are only ever appended.

Here: the event table, replay, append. Not here: which events a night or a decision gives (`lifecycle`).

State is never stored, it is replayed. A night that is held does not append.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from expectations.lifecycle import (
    ACTIONS,
    DECIDED_STATUSES,
    LEAVING,
    OPEN_STATUSES,
    SEEING,
    STATUSES,
    Candidate,
    LedgerEvent,
    LedgerState,
    Reconciliation,
    decide,
    reconcile,
)

__all__ = [
    "DECIDED_STATUSES",
    "OPEN_STATUSES",
    "Candidate",
    "LedgerConflictError",
    "LedgerEvent",
    "LedgerState",
    "Reconciliation",
    "append",
    "current_states",
    "decide",
    "finding_event",
    "history",
    "open_ledger",
    "reconcile",
]

_T = TypeVar("_T")
_CHUNK = 500  # well under SQLite's limit on bound parameters


class LedgerConflictError(RuntimeError):
    """The ledger changed since the states were read; nothing was appended. Read them again and repeat."""


_metadata = sa.MetaData()


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


finding_event = sa.Table(
    "finding_event",
    _metadata,
    sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("finding_id", sa.Text, nullable=False),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("evidence_hash", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("before_status", sa.Text),
    sa.Column("after_status", sa.Text),
    sa.UniqueConstraint("run_id", "finding_id", "action", "rule_id", name="one_event_of_a_run"),
    sa.CheckConstraint(_one_of("action", ACTIONS), name="known_action"),
    sa.CheckConstraint(_one_of("after_status", STATUSES), name="known_status"),
    sa.CheckConstraint(
        "(action = 'seen') = (finding_id = '') and (action = 'seen') = (after_status is null)", name="rule_or_finding"
    ),
    sa.Index("finding_history", "finding_id", "event_id"),
    sa.Index("rule_seen", "rule_id", "event_id", sqlite_where=sa.text("action = 'seen'")),
    sqlite_autoincrement=True,
)
for _verb in ("update", "delete"):
    sa.event.listen(
        finding_event,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            f"create trigger finding_event_no_{_verb} before {_verb} on finding_event begin "
            f"select raise(abort, 'finding_event is append-only: no {_verb}'); end"
        ).execute_if(dialect="sqlite"),
    )

# The last event gives status and evidence; what left since the last arrival gives presence. Of the `seen` events of
# the rule, the latest one counts that lies after the arrival and before the departure, if there was one.
_REPLAY = sa.text(f"""
with finding as (
    select finding_id, rule_id, min(event_id) as first_id, max(event_id) as last_id,
        max(case when {_one_of("action", SEEING)} then event_id end) as arrival_id,
        max(case when {_one_of("action", SEEING)} then at end) as own_seen
    from finding_event where action <> 'seen' group by finding_id, rule_id
), departure as (
    select finding.finding_id, min(gone.event_id) as left_id
    from finding join finding_event as gone on gone.finding_id = finding.finding_id
        and gone.event_id > finding.arrival_id and {_one_of("gone.action", LEAVING)}
    group by finding.finding_id
)
select finding.finding_id, finding.rule_id, latest.after_status, opening.at as first_seen, finding.own_seen,
    (select seen.at from finding_event as seen
        where seen.action = 'seen' and seen.rule_id = finding.rule_id and seen.event_id > finding.arrival_id
            and seen.event_id < coalesce(departure.left_id, {2**63 - 1})
        order by seen.event_id desc limit 1) as rule_seen,
    latest.evidence_hash, departure.left_id is null as present
from finding
join finding_event as opening on opening.event_id = finding.first_id
join finding_event as latest on latest.event_id = finding.last_id
left join departure on departure.finding_id = finding.finding_id
order by finding.finding_id
""")


@contextmanager
def open_ledger(path: Path) -> Iterator[sa.Engine]:
    """A ledger file, opened and closed again; created with its schema where it is absent.

    Several processes may hold it open: readers never wait, a writer waits up to 30 seconds for another one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    with _writing(engine) as connection, connection.begin():
        _metadata.create_all(connection)
    try:
        yield engine
    finally:
        engine.dispose()


def current_states(engine: sa.Engine) -> dict[str, LedgerState]:
    """Replay the ledger: the state of every finding by its id, in the order of ids."""
    with engine.connect() as connection:
        rows = connection.execute(_REPLAY).all()
    return {
        row.finding_id: LedgerState(
            finding_id=row.finding_id,
            rule_id=row.rule_id,
            status=row.after_status,
            first_seen=_time(row.first_seen),
            last_seen=_time(max(row.own_seen, row.rule_seen or "")),
            evidence_hash=row.evidence_hash,
            present=bool(row.present),
        )
        for row in rows
    }


def history(engine: sa.Engine, finding_id: str) -> tuple[LedgerEvent, ...]:
    """The events of one finding, oldest first; empty for an unknown one."""
    table = finding_event
    query = (
        sa.select(table).where(table.c.finding_id == finding_id, table.c.action != "seen").order_by(table.c.event_id)
    )
    with engine.connect() as connection:
        return tuple(_event(row) for row in connection.execute(query).mappings())


def append(engine: sa.Engine, events: Sequence[LedgerEvent]) -> int:
    """Append events in one transaction: all or none. Events that are already there are left out.

    Returns:
        How many events were new.

    Raises:
        LedgerConflictError: A finding is no longer in the status that its event starts from.
    """
    with _writing(engine) as connection, connection.begin():
        known = _known_keys(connection, {event.run_id for event in events})
        fresh = [event for event in events if _key(event) not in known]
        _check_status(connection, fresh)
        for chunk in _chunks(fresh):
            connection.execute(sa.insert(finding_event), [_row(event) for event in chunk])
    return len(fresh)


def _check_status(connection: sa.Connection, events: Sequence[LedgerEvent]) -> None:
    table = finding_event
    expected = {event.finding_id: event for event in events if event.action != "seen"}
    for chunk in _chunks(sorted(expected)):
        latest = sa.select(sa.func.max(table.c.event_id)).where(table.c.finding_id.in_(chunk))
        query = sa.select(table.c.finding_id, table.c.after_status).where(
            table.c.event_id.in_(latest.group_by(table.c.finding_id))
        )
        statuses = {row.finding_id: row.after_status for row in connection.execute(query)}
        for finding_id in chunk:
            before, found = expected[finding_id].before_status, statuses.get(finding_id)
            if before != found:
                raise LedgerConflictError(
                    f"finding {finding_id} is {found or 'unknown'} in the ledger, its event of run "
                    f"{expected[finding_id].run_id} starts from {before or 'unknown'}; read the states and repeat"
                )


def _known_keys(connection: sa.Connection, run_ids: AbstractSet[str]) -> set[tuple[str, str, str, str]]:
    table = finding_event
    query = sa.select(table.c.run_id, table.c.finding_id, table.c.action, table.c.rule_id)
    rows = (
        row for chunk in _chunks(sorted(run_ids)) for row in connection.execute(query.where(table.c.run_id.in_(chunk)))
    )
    return {(row.run_id, row.finding_id, row.action, row.rule_id) for row in rows}


def _key(event: LedgerEvent) -> tuple[str, str, str, str]:
    return event.run_id, event.finding_id, event.action, event.rule_id


def _row(event: LedgerEvent) -> dict[str, Any]:
    # the fields of the dataclass are the columns; dataclasses.asdict copies deeply and is slow on 100,000 events
    return {**vars(event), "at": _text(event.at)}


def _event(row: sa.RowMapping) -> LedgerEvent:
    values = {name: value for name, value in row.items() if name != "event_id"}
    return LedgerEvent(**{**values, "at": _time(row["at"])})


def _text(at: datetime) -> str:
    """UTC in a text of fixed width, so that texts sort as times do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins and ends transactions, not the driver
    for pragma in ("busy_timeout = 30000", "journal_mode = wal", "synchronous = full"):
        connection.execute(f"pragma {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    mode = "immediate" if connection.get_execution_options().get("ledger_writes") else ""
    connection.exec_driver_sql(f"begin {mode}")


def _writing(engine: sa.Engine) -> sa.Connection:
    """A connection whose transactions take the write lock at once, so that what they read stays true."""
    return engine.connect().execution_options(ledger_writes=True)
