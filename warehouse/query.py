"""SQL of people on a published release: read-only, walled in, and limited in memory and time.

Here: opening a release so that nothing but its tables can be reached, and running one statement on it. Not here:
the queries of this software itself, which need no walls.

Three walls, because each alone has a gap. The release is attached read-only, but a read-only connection still reads
and writes other files. Access to files is off, but the engine keeps the release's own write-ahead file writable, and
a file written there would spoil the release; hence the local file system is disabled once the release is open. And
the settings are locked, so that no statement undoes them.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.engine import QUIET, literal
from warehouse.home import Home

CATALOG = "provstat"
"""Database name under which a release is attached; tables are found without it."""
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}  # MULTI: PIVOT
_CHUNK = 10_000


class QueryError(RuntimeError):
    """A query could not be answered; the message is for the person who wrote it."""


@dataclass(frozen=True)
class QueryResult:
    """The answer to one statement.

    Attributes:
        columns: names, as the statement gives them.
        types: DuckDB types, one for each column (``DECIMAL(28,10)``).
        rows: values as Python has them; decimals stay decimals.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def open_release(source: Home | Path, memory_limit: str = "2GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Open a published release for reading, and nothing else.

    A link is followed once: the connection keeps the release that was served when it was opened.

    Args:
        source: a home (its current release), or a path to a release or to the `current` link.
        memory_limit: as DuckDB writes it (``2GB``); what needs more fails, nothing is spilled to disk.
        threads: how many the engine may use.

    Returns:
        A connection of its own whose default database is the release. Close it when done.

    Raises:
        QueryError: nothing is published there, or the file cannot be opened.
    """
    file = _release_file(source)
    connection = duckdb.connect(
        ":memory:", config={**QUIET, "memory_limit": memory_limit, "threads": threads, "temp_directory": ""}
    )
    try:
        connection.execute(f"ATTACH {literal(str(file))} AS {CATALOG} (READ_ONLY)")
        connection.execute(f"USE {CATALOG}")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        raise QueryError(f"The release {file} cannot be opened: {_first_lines(error)}") from error
    return connection


def run_query(
    source: Home | Path,
    sql: str,
    timeout_seconds: float = 60,
    *,
    memory_limit: str = "2GB",
    threads: int = 2,
    max_rows: int = 1_000_000,
) -> QueryResult:
    """Run one reading statement on a published release.

    Args:
        source: a home (its current release), or a path to a release.
        sql: one SELECT (WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, PIVOT) or EXPLAIN.
        timeout_seconds: after that the statement is interrupted.
        memory_limit: see `open_release`.
        threads: see `open_release`.
        max_rows: more rows than this are an error, so that a forgotten LIMIT does not fill the memory.

    Returns:
        Columns, types and all rows.

    Raises:
        QueryError: the statement is refused, wrong, too slow or too large; the message says which.
    """
    connection = open_release(source, memory_limit, threads)
    try:
        _only_reading(connection, sql)
        with _interrupted_after(connection, timeout_seconds) as expired:
            rows: list[tuple[Any, ...]] = []
            connection.execute(sql)
            while chunk := connection.fetchmany(_CHUNK):
                rows.extend(chunk)
                if expired.is_set():
                    raise QueryError(_too_slow(timeout_seconds))
                if len(rows) > max_rows:
                    raise QueryError(
                        f"The query gives more than {max_rows} rows. Add a LIMIT or a narrower WHERE, "
                        "or use `provstat export` for whole tables."
                    )
        described = connection.description or []
    except duckdb.Error as error:
        raise QueryError(_in_plain_words(error, timeout_seconds, memory_limit)) from error
    finally:
        connection.close()
    return QueryResult(
        columns=tuple(str(column[0]) for column in described),
        types=tuple(str(column[1]) for column in described),
        rows=tuple(rows),
    )


def _release_file(source: Home | Path) -> Path:
    path = source.current if isinstance(source, Home) else source
    try:
        return path.resolve(strict=True)
    except OSError:
        if path.is_symlink():
            raise QueryError(
                f"{path} points to a release that is no longer there ({path.readlink()}). "
                "Choose another one with `provstat releases` and `provstat rollback`."
            ) from None
        raise QueryError(
            f"Nothing is published at {path}. Run `provstat nightly` first, or name the right home with --home."
        ) from None


def _only_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if not statements:
        raise QueryError("There is no statement to run: the text is empty or only a comment.")
    if len(statements) > 1:
        raise QueryError(f"One statement at a time: the text holds {len(statements)}. Run them one after another.")
    kind = statements[0].type
    if kind not in _READING:
        raise QueryError(
            f"{kind.name} is refused: the published release is only read here, and nothing else can be reached "
            "from it. Use SELECT (or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN)."
        )


@contextmanager
def _interrupted_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[threading.Event]:
    """Interrupt whatever the connection runs once the time is up, and again until the block is left.

    Again, because an interruption between two steps of the engine is lost.
    """
    done, expired = threading.Event(), threading.Event()

    def interrupt() -> None:
        expired.set()
        while not done.is_set():
            connection.interrupt()
            done.wait(0.05)

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        done.set()
        timer.cancel()
        timer.join()


def _in_plain_words(error: duckdb.Error, seconds: float, memory_limit: str) -> str:
    if isinstance(error, duckdb.InterruptException):
        return _too_slow(seconds)
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"The query needs more than the {memory_limit} of memory it may use. Select less, or aggregate earlier."
    if isinstance(error, duckdb.PermissionException):
        return (
            "Refused: from a published release no file, network address, extension or other database can be "
            f"reached. ({_first_lines(error)})"
        )
    return f"The query cannot be run: {error}"


def _too_slow(seconds: float) -> str:
    return f"The query was stopped after {seconds:g} seconds. Select less, or allow more time."


def _first_lines(error: duckdb.Error) -> str:
    return str(error).split("\n\nLINE", 1)[0]
