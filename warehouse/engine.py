"""How a DuckDB file is attached, and how names and texts are written into SQL.

Here: the few things that every module of this package needs from the engine. Not here: walls around people's SQL
(`query`), and what a published file must hold (`contract`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

QUIET: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
"""Settings of every connection: nothing is fetched from a network, no Python variable is read as a table."""


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def reading(file: Path, alias: str = "release") -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file for reading, attached to a connection of its own.

    Attaching to a private in-memory connection, rather than connecting to the file, keeps readers in one process
    apart: connections to the same file would have to share all their settings.

    Args:
        file: an existing DuckDB file.
        alias: the database name under which it is attached.

    Raises:
        duckdb.Error: the file is none that this engine reads.
    """
    connection = duckdb.connect(":memory:", config=QUIET)
    try:
        connection.execute(f"ATTACH {literal(str(file))} AS {identifier(alias)} (READ_ONLY)")
        yield connection
    finally:
        connection.close()
