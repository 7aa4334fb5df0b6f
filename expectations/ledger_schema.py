"""The tables of the ledger on SQLite and PostgreSQL, their versions, and who may do what to them.

Here: columns, constraints, the refusal of changes, forward steps between versions. Not here: reading and appending.

Versions are steps in this file and not Alembic's: every command opens the ledger, most only to read it, and there are
two tables; loading a migration tool each time would cost more than the tables do. On SQLite a ledger is made, and moved
forward, when it is opened. On PostgreSQL the account of the product may do neither: a database administrator runs
`setup_sql`, and the account owns nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from expectations.lifecycle import ACTIONS, STATUSES

VERSION = 2
"""1: events with statuses. 2: terms of decisions, proposals, a number for every event of a finding, kept states."""


class LedgerError(RuntimeError):
    """The ledger cannot be used as it is; the message says what to do."""


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment: a timestamp with time zone where there is one, else a text of fixed width that sorts as times do."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The engine's own type."""
        kind: sa.types.TypeEngine[Any] = sa.DateTime(timezone=True) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """To the engine."""
        if value is None or dialect.name == "postgresql":
            return value
        return _text(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """From the engine, in UTC."""
        if value is None:
            return None
        moment: datetime = value.astimezone(UTC) if dialect.name == "postgresql" else _moment(value)
        return moment


# A night gives one time to thousands of findings.
@lru_cache(maxsize=1024)
def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


metadata = sa.MetaData()

finding_event = sa.Table(
    "finding_event",
    metadata,
    sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("finding_id", sa.Text, nullable=False),
    sa.Column("sequence", sa.Integer),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("evidence_hash", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("before_status", sa.Text),
    sa.Column("after_status", sa.Text),
    sa.Column("proposed_status", sa.Text),
    sa.Column("before_terms", sa.Text),
    sa.Column("after_terms", sa.Text),
    sa.UniqueConstraint("run_id", "finding_id", "action", "rule_id", name="one_event_of_a_run"),
    # two that start from the same event cannot both be appended, whatever the engine
    sa.UniqueConstraint("finding_id", "sequence", name="one_event_of_a_number"),
    sa.CheckConstraint(_one_of("action", ACTIONS), name="known_action"),
    sa.CheckConstraint(_one_of("after_status", STATUSES), name="known_status"),
    sa.CheckConstraint(
        "(action = 'seen') = (finding_id = '') and (action = 'seen') = (after_status is null)"
        " and (action = 'seen') = (sequence is null)",
        name="rule_or_finding",
    ),
    sqlite_autoincrement=True,
)

finding_state = sa.Table(
    "finding_state",
    metadata,
    sa.Column("finding_id", sa.Text, primary_key=True),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("first_seen", UtcTime, nullable=False),
    sa.Column("last_seen", UtcTime, nullable=False),
    sa.Column("evidence_hash", sa.Text, nullable=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("terms", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcTime),
    sa.Column("reason", sa.Text),
    sa.Column("proposal", sa.Text),
    sa.Index("finding_state_of_rule", "rule_id"),
)

ledger_version = sa.Table("ledger_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

_APPEND_ONLY = {
    "sqlite": [
        f"create trigger {table}_no_{verb} before {verb} on {table} begin "
        f"select raise(abort, '{table} is append-only: no {verb}'); end"
        for table in ("finding_event", "ledger_version")
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "create function finding_event_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'finding_event is append-only: no %', lower(tg_op); end $$",
        "create trigger finding_event_append_only before update or delete or truncate on finding_event "
        "for each statement execute function finding_event_append_only()",
    ],
}


def bring_forward(connection: sa.Connection, rebuild: Callable[[sa.Connection], None]) -> None:
    """Make the tables of an SQLite ledger, or move them to this version, inside the caller's transaction.

    Args:
        connection: with the write lock taken.
        rebuild: fills `finding_state` from the events.

    Raises:
        LedgerError: a later version of this software has made the ledger.
    """
    found = version_of(connection)
    if found == VERSION:
        return
    if found > VERSION:
        raise LedgerError(too_new(found))
    if found == 0:
        _create(connection)
    else:
        _from_1_to_2(connection)
        rebuild(connection)
    connection.execute(sa.insert(ledger_version).values(version=VERSION))


def version_of(connection: sa.Connection) -> int:
    """Version of the tables; 0 where there are none."""
    inspector = sa.inspect(connection)
    if inspector.has_table("ledger_version"):
        return int(connection.execute(sa.select(sa.func.max(ledger_version.c.version))).scalar() or 0)
    return 1 if inspector.has_table("finding_event") else 0


def too_new(found: int) -> str:
    """What is said of a ledger that a later version has made."""
    return (
        f"台账是第 {found} 版，本程序只认到第 {VERSION} 版，请升级程序 · the ledger has version {found}, this "
        f"software knows {VERSION}: install the later one"
    )


def setup_sql(role: str) -> str:
    """SQL that makes the ledger on PostgreSQL and lets an account read and append, and no more.

    Run once by an administrator in the ledger's database. The account can neither change nor delete an event: it owns
    no table, has no right to, and a trigger refuses whoever has.

    Args:
        role: the account of the product in PostgreSQL, which must exist.
    """
    from sqlalchemy.dialects import postgresql  # here, because every other command does without it

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    quoted = dialect.identifier_preparer.quote(role)
    statements = [str(CreateTable(table).compile(dialect=dialect)).strip() for table in metadata.sorted_tables]
    statements += [
        str(CreateIndex(index).compile(dialect=dialect))
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    statements += _APPEND_ONLY["postgresql"]
    statements += [
        f"insert into ledger_version values ({VERSION})",
        f"revoke all on finding_event, finding_state, ledger_version from public, {quoted}",
        f"grant select, insert on finding_event to {quoted}",
        f"grant usage on sequence finding_event_event_id_seq to {quoted}",
        f"grant select, insert, update, delete on finding_state to {quoted}",
        f"grant select on ledger_version to {quoted}",
    ]
    return "begin;\n" + "".join(f"{statement};\n" for statement in statements) + "commit;\n"


def _create(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    for statement in _APPEND_ONLY["sqlite"]:
        connection.exec_driver_sql(statement)


def _from_1_to_2(connection: sa.Connection) -> None:
    """Copy every event as it is, each with its number among those of its finding."""
    for statement in (
        "drop trigger finding_event_no_update",
        "drop trigger finding_event_no_delete",
        "drop index finding_history",
        "drop index rule_seen",
        "alter table finding_event rename to finding_event_1",
    ):
        connection.exec_driver_sql(statement)
    _create(connection)
    kept = "finding_id, rule_id, at, run_id, actor, action, evidence_hash, reason, before_status, after_status"
    connection.exec_driver_sql(
        f"insert into finding_event (event_id, sequence, {kept}) select event_id, "
        "case when action <> 'seen' then row_number() over (partition by finding_id order by event_id) end, "
        f"{kept} from finding_event_1 order by event_id"
    )
    connection.exec_driver_sql("drop table finding_event_1")


def as_json(values: dict[str, Any]) -> str | None:
    """What is not null of some values, as text; None where nothing is."""
    told = {name: value for name, value in values.items() if value is not None}
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else None
