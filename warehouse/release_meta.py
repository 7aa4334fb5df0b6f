"""The one row of `meta.release`: what a published file says about itself.

Here: writing that row into a private build file, and reading it from a published one. Not here: which release is
served (`releases`) and how a file becomes one (`publish`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from warehouse.contract import CONTRACT
from warehouse.engine import identifier, literal

_TABLE_COMMENT = "What this file is: one row about the release (本发布文件的说明，仅一行)"
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("release_id", "VARCHAR NOT NULL", "Name of the release, also the name of its file (发布编号)"),
    ("run_id", "VARCHAR NOT NULL", "The night that built it (运行编号)"),
    ("contract_version", "VARCHAR NOT NULL", "Version of the public contract of tables and columns (数据契约版本)"),
    ("built_at", "TIMESTAMP NOT NULL", "Run time of that night, UTC (构建时间，UTC)"),
    ("previous_release_id", "VARCHAR", "The release served before it; null for the first (上一发布编号)"),
    ("code_version", "VARCHAR NOT NULL", "Version of the software that built it (程序版本)"),
    ("counts", "VARCHAR NOT NULL", "Rows of the main tables, a JSON object (主要表的行数，JSON)"),
)


@dataclass(frozen=True)
class ReleaseMeta:
    """What a release says about itself.

    Attributes:
        release_id: name of the release and of its file.
        run_id: the night that built it.
        built_at: run time of that night, aware, UTC.
        previous_release_id: the release served before; None for the first.
        code_version: version of the software.
        counts: name to number of rows.
        contract_version: version of the public contract that it keeps.
    """

    release_id: str
    run_id: str
    built_at: datetime
    previous_release_id: str | None
    code_version: str
    counts: Mapping[str, int]
    contract_version: str = CONTRACT.version


def write_meta(connection: duckdb.DuckDBPyConnection, meta: ReleaseMeta) -> None:
    """Write `meta.release` into the private build file, replacing what is there.

    Args:
        connection: a writing connection to the build file.
        meta: the row; `built_at` must carry its time zone.

    Raises:
        ValueError: `built_at` is naive.
    """
    if meta.built_at.tzinfo is None:
        raise ValueError(f"built_at of release {meta.release_id} has no time zone: pass an aware time in UTC.")
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind, _ in _COLUMNS)
    connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
    connection.execute(f"CREATE OR REPLACE TABLE meta.release ({columns})")
    connection.execute(f"COMMENT ON TABLE meta.release IS {literal(_TABLE_COMMENT)}")
    for name, _, comment in _COLUMNS:
        connection.execute(f"COMMENT ON COLUMN meta.release.{identifier(name)} IS {literal(comment)}")
    connection.execute(
        "INSERT INTO meta.release VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            meta.release_id,
            meta.run_id,
            meta.contract_version,
            meta.built_at.astimezone(UTC).replace(tzinfo=None),
            meta.previous_release_id,
            meta.code_version,
            json.dumps(dict(meta.counts), sort_keys=True, ensure_ascii=False),
        ],
    )


def read_meta(connection: duckdb.DuckDBPyConnection, database: str) -> ReleaseMeta:
    """Read the row of `meta.release` from an attached database.

    Raises:
        ValueError: there is not exactly one row, or it cannot be understood.
        duckdb.Error: the table or one of its columns is missing.
    """
    names = ", ".join(identifier(name) for name, _, _ in _COLUMNS)
    rows = connection.execute(f"SELECT {names} FROM {identifier(database)}.meta.release").fetchall()
    if len(rows) != 1:
        raise ValueError(f"meta.release has {len(rows)} rows, not one")
    release_id, run_id, contract_version, built_at, previous, code_version, counts = rows[0]
    if not isinstance(built_at, datetime):
        raise ValueError(f"meta.release.built_at is no timestamp: {built_at!r}")
    try:
        parsed = {str(key): int(value) for key, value in json.loads(counts).items()}
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"meta.release.counts is no JSON object of whole numbers: {counts!r}") from error
    aware = built_at.replace(tzinfo=UTC) if built_at.tzinfo is None else built_at.astimezone(UTC)
    return ReleaseMeta(str(release_id), str(run_id), aware, previous, str(code_version), parsed, str(contract_version))
