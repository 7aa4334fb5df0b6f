"""The SQLAlchemy dialect `duckdb+readonly`, through which Great Expectations reads a DuckDB file.

Here: the dialect and its registration. Not here: anything about expectations or suites (`gx_runner`).

Great Expectations fetches a result after it has given its connection back to the pool. The pool then rolls back, and
DuckDB discards a pending result on rollback, so every expectation would end in "list index out of range". A file that
is only read has nothing to commit or to roll back: this dialect does neither.
"""

from __future__ import annotations

from typing import Any

import duckdb
import duckdb_engine
from sqlalchemy import text, types
from sqlalchemy.dialects import registry
from sqlalchemy.engine import reflection
from sqlalchemy.exc import NoSuchTableError

DIALECT = "duckdb+readonly"

_COLUMNS = text(
    "select column_name, data_type, is_nullable, column_default from duckdb_columns() "
    "where database_name = current_database() and schema_name = :schema and table_name = :relation "
    "order by column_index"
)
_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "BIGINT": types.BigInteger,
    "BOOLEAN": types.Boolean,
    "DATE": types.Date,
    "DOUBLE": types.Double,
    "FLOAT": types.Float,
    "HUGEINT": types.BigInteger,
    "INTEGER": types.Integer,
    "SMALLINT": types.SmallInteger,
    "TIMESTAMP": types.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": types.TIMESTAMP,
    "TINYINT": types.SmallInteger,
    "VARCHAR": types.String,
}


def _sqlalchemy_type(name: str) -> types.TypeEngine[Any]:
    """SQLAlchemy's type of a DuckDB type name; a type that is not scalar here (lists, structs) is the null type."""
    if name.startswith("DECIMAL("):
        precision, scale = name.removeprefix("DECIMAL(").removesuffix(")").split(",")
        return types.Numeric(int(precision), int(scale))
    return _TYPES.get(name, types.NullType)()


class ReadOnlyDialect(duckdb_engine.Dialect):
    """duckdb_engine's dialect for a file that is only read: no transactions, columns from DuckDB's own catalogue."""

    driver = "readonly"
    supports_statement_cache = False

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Open the file read-only, with no other setting.

        DuckDB refuses a second connection of one process to one file whose settings differ; duckdb_engine would add its
        own user agent and so shut out every plain read-only connection.
        """
        database: str = cparams["database"] if "database" in cparams else cargs[0]
        return duckdb_engine.ConnectionWrapper(duckdb.connect(database, read_only=True))

    def do_begin(self, connection: Any) -> None:
        """Nothing: a begun transaction would have to be ended."""

    def do_commit(self, connection: Any) -> None:
        """Nothing: a file that is only read has nothing to commit."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing: a rollback would discard the result that is still to be fetched."""

    @reflection.cache  # type: ignore[untyped-decorator, unused-ignore]
    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """Columns of a table or view in their order.

        Raises:
            NoSuchTableError: The file has no such table.
        """
        rows = connection.execute(_COLUMNS, {"schema": schema or "main", "relation": str(table_name)}).fetchall()
        if not rows:
            raise NoSuchTableError(f"{schema or 'main'}.{table_name}")
        return [
            {"name": name, "type": _sqlalchemy_type(kind), "nullable": bool(nullable), "default": default}
            for name, kind, nullable, default in rows
        ]

    def get_pk_constraint(self, *_args: Any, **_kw: Any) -> Any:
        """No primary key: published tables carry none."""
        return {"constrained_columns": [], "name": None}


def register() -> None:
    """Make `duckdb+readonly://` known to SQLAlchemy; calling it again changes nothing."""
    registry.register("duckdb.readonly", __name__, ReadOnlyDialect.__name__)
