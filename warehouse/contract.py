"""The public contract: which tables and columns every published file holds, all of them with a comment.

Here: the contract as data (`contract.yml` is its only home) and what a database lacks of it. Not here: what to do
about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb
import yaml

CONTRACT_FILE = Path(__file__).with_name("contract.yml")


@dataclass(frozen=True)
class Contract:
    """What a published file promises.

    Attributes:
        version: ``major.minor``; a name is dropped or renamed only with a new major.
        tables: ``schema.table`` to the columns that must exist; others may exist too.
    """

    version: str
    tables: Mapping[str, tuple[str, ...]]

    @property
    def major(self) -> str:
        """The part of the version that readers rely on."""
        return self.version.partition(".")[0]


def load_contract(file: Path) -> Contract:
    """Read the contract from its YAML file.

    Raises:
        ValueError: the file is not a contract, or names a column twice.
    """
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        version = raw["contract_version"]
        tables = {str(name): tuple(str(column) for column in columns) for name, columns in raw["tables"].items()}
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{file} is no contract: it needs contract_version and tables ({error!r}).") from error
    if not isinstance(version, str) or not tables:
        raise ValueError(f"{file}: contract_version must be a quoted text, and tables must not be empty.")
    for name, columns in tables.items():
        if name.count(".") != 1 or len(set(columns)) != len(columns):
            raise ValueError(f"{file}: {name} must be written schema.table and list each column once.")
    return Contract(version, MappingProxyType(tables))


CONTRACT = load_contract(CONTRACT_FILE)


def lacking(connection: duckdb.DuckDBPyConnection, database: str, contract: Contract = CONTRACT) -> list[str]:
    """Say what an attached database lacks of the contract.

    Args:
        connection: where the database is attached.
        database: its name there.
        contract: what to hold it against.

    Returns:
        One phrase for each missing table (``table marts.targets is missing``) or column; empty if complete.
    """
    rows = connection.execute(
        "SELECT lower(schema_name || '.' || table_name), lower(column_name) FROM duckdb_columns() "
        "WHERE database_name = ?",
        [database],
    ).fetchall()
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    problems: list[str] = []
    for table, columns in contract.tables.items():
        if table not in found:
            problems.append(f"table {table} is missing")
        else:
            problems.extend(f"column {table}.{column} is missing" for column in columns if column not in found[table])
    return problems


def uncommented(connection: duckdb.DuckDBPyConnection, database: str, schemas: tuple[str, ...]) -> list[str]:
    """Say which tables, views and columns of the given schemas have no comment, or a blank one.

    Returns:
        One phrase for each (``column marts.targets.value has no comment``); empty if all have one.
    """
    rows = connection.execute(
        """
        SELECT kind, name FROM (
            SELECT 'table' AS kind, schema_name || '.' || table_name AS name, comment, schema_name
            FROM duckdb_tables() WHERE database_name = $database AND NOT internal
            UNION ALL
            SELECT 'table', schema_name || '.' || view_name, comment, schema_name
            FROM duckdb_views() WHERE database_name = $database AND NOT internal
            UNION ALL
            SELECT 'column', schema_name || '.' || table_name || '.' || column_name, comment, schema_name
            FROM duckdb_columns() WHERE database_name = $database AND NOT internal
        ) AS described
        WHERE list_contains($schemas, schema_name) AND coalesce(trim(comment), '') = ''
        ORDER BY name
        """,
        {"database": database, "schemas": list(schemas)},
    ).fetchall()
    return [f"{kind} {name} has no comment" for kind, name in rows]
