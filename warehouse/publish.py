"""From a private build file to a published one that never changes, and the swap that serves it.

Here: copying the public schemas into a file of their own, checking it, and moving the `current` link. Nothing here
reads the clock: what a release says about itself is already in the build file (`release_meta`). Not here: which
releases there are and going back to one (`releases`).
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from warehouse.contract import CONTRACT, lacking, uncommented
from warehouse.durable import sync
from warehouse.engine import QUIET, identifier, literal, reading
from warehouse.hashes import SUFFIX, sha256_of, sidecar_of, write_sidecar
from warehouse.home import Home
from warehouse.lock import night_lock
from warehouse.release_meta import ReleaseMeta, read_meta

__all__ = [
    "CONTRACT",
    "PublishError",
    "build_release",
    "remove_stale",
    "stale_files",
    "swap_current",
    "verify_release",
]

PUBLIC_SCHEMAS = ("marts", "quality", "reference", "meta")
STORAGE_VERSION = "v1.4.0"
"""Storage version of published files: what BI drivers of the last two years open."""
_PARTIAL = ".partial"
_SHOWN = 20


class PublishError(RuntimeError):
    """A release cannot be published or served; what was served before still is."""


def build_release(build_file: Path, home: Home, release_id: str, schemas: tuple[str, ...] = PUBLIC_SCHEMAS) -> Path:
    """Copy the public schemas of a private build file into a new published file.

    Tables keep column types, NOT NULL and comments; views become tables; rows are ordered by all columns from left
    to right, so equal content is written in equal order. The file is complete, checked, on disk, read-only and its
    hash is kept beside it (`hashes`) before it gets its name. It is not served yet: see `swap_current`.

    Args:
        build_file: the night's private file, closed by whoever built it, `meta.release` included.
        home: where to publish.
        release_id: name of the release; must be the one in `meta.release`.
        schemas: what is public; no other schema is copied.

    Returns:
        The new file in ``published/releases``.

    Raises:
        PublishError: the release exists already, the contract is not kept, a table or column has no comment, or
            the copy failed. No file of that release is left.
        HomeError: the release id cannot be a file name.
    """
    target = home.release_file(release_id)
    if target.exists():
        raise PublishError(f"Release {release_id} exists already ({target}): a published file is never replaced.")
    if not build_file.is_file():
        raise PublishError(f"There is no build file {build_file}: build the models before publishing.")
    partial = target.with_name(f"{target.name}.{os.getpid()}{_PARTIAL}")
    _remove(_with_company(partial))
    try:
        _copy_public(build_file, partial, home, schemas)
        verify_release(partial, release_id)
        _set_down(partial)
        write_sidecar(target, sha256_of(partial))
        partial.rename(target)
        sync(target.parent)
    except duckdb.Error as error:
        raise PublishError(f"Release {release_id} could not be copied from {build_file}: {error}") from error
    except OSError as error:
        raise PublishError(
            f"Release {release_id} could not be written to {target.parent}: {error}. "
            "Check free space and permissions there."
        ) from error
    finally:
        _remove(_with_company(partial))
        if not target.exists():
            sidecar_of(target).unlink(missing_ok=True)
    return target


def swap_current(home: Home, release_file: Path) -> None:
    """Serve a release from now on: one atomic replacement of the `current` link.

    Readers that hold the earlier release keep reading it.

    Args:
        home: the home.
        release_file: a complete file in ``published/releases``, as `build_release` returns it.

    Raises:
        PublishError: the file is not there, lies elsewhere, or the link cannot be replaced.
    """
    if release_file.parent.resolve() != home.releases.resolve() or not release_file.is_file():
        raise PublishError(f"{release_file} is no release: it must be an existing file in {home.releases}.")
    if home.current.exists() and not home.current.is_symlink():
        raise PublishError(f"{home.current} is a file, not a link to a release: move it away, then publish again.")
    partial = home.published / f"{home.current.name}.{os.getpid()}{_PARTIAL}"
    try:
        partial.unlink(missing_ok=True)
        partial.symlink_to(Path(home.releases.name) / release_file.name)
        partial.replace(home.current)
        sync(home.published)
    except OSError as error:
        raise PublishError(f"The link {home.current} could not be moved to {release_file.name}: {error}.") from error


def verify_release(file: Path, release_id: str | None = None) -> ReleaseMeta:
    """Make sure that a file can be served.

    It must open read-only, have no write-ahead file beside it, be in the published storage version, keep the
    contract in the major version of this software, and hold one row in `meta.release` that names this release.

    Args:
        file: the file to look at.
        release_id: the release that it must be; by default what its name says.

    Returns:
        What the file says about itself.

    Raises:
        PublishError: it cannot be served; the message says why.
    """
    expected = release_id or file.stem
    wal = file.with_name(f"{file.name}.wal")
    if wal.exists():
        raise PublishError(f"{file} has a write-ahead file beside it ({wal.name}): it was not closed when written.")
    try:
        with reading(file) as connection:
            storage = connection.execute(
                "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'release'"
            ).fetchall()[0][0]
            problems = lacking(connection, "release")
            meta = None if problems else read_meta(connection, "release")
    except (duckdb.Error, ValueError) as error:
        raise PublishError(f"{file} cannot be served: {error}") from error
    if meta is None:
        raise PublishError(_listed(f"{file} does not keep the public contract {CONTRACT.version}", problems))
    if not str(storage).startswith(STORAGE_VERSION):
        raise PublishError(f"{file} is in storage version {storage}, which older drivers cannot open.")
    if meta.contract_version.partition(".")[0] != CONTRACT.major:
        raise PublishError(
            f"{file} keeps contract {meta.contract_version}; this software serves contract {CONTRACT.version}."
        )
    if meta.release_id != expected:
        raise PublishError(f"{file} says that it is release {meta.release_id}, not {expected}.")
    return meta


def remove_stale(home: Home, keep: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Remove what dead runs left behind: see `stale_files`.

    The lock of the home is taken for it (again, if this process has it), so whatever is found belongs to nobody.

    Args:
        home: the home.
        keep: private build files to leave, with what lies beside them.

    Returns:
        What was removed, sorted.

    Raises:
        HomeLocked: another process is at work in the home.
    """
    kept = {path.resolve() for file in keep for path in _with_company(file)}
    with night_lock(home, "remove-stale"):
        stale = tuple(path for path in stale_files(home) if path.resolve() not in kept)
        _remove(stale)
    return stale


def stale_files(home: Home) -> tuple[Path, ...]:
    """What dead runs left behind, unless a live one is at it: unfinished published files, private DuckDB files.

    Also hashes of releases that are not there. Sorted; nothing is removed.
    """
    found = {
        *home.published.glob(f"*{_PARTIAL}*"),
        *home.releases.glob(f"*{_PARTIAL}*"),
        *home.releases.glob("*.duckdb.wal*"),
    }
    found.update(path for path in home.releases.glob(f"*.duckdb{SUFFIX}") if not path.with_suffix("").exists())
    built = home.build.rglob("*.duckdb*")
    found.update(path for path in built if path.suffix in {".duckdb", ".wal", ".tmp"})
    return tuple(sorted(found))


def _copy_public(build_file: Path, partial: Path, home: Home, schemas: tuple[str, ...]) -> None:
    """Check the build file and write its public schemas into a new, closed file."""
    spill = home.build / f"{partial.name}.duckdb.tmp"
    connection = duckdb.connect(":memory:", config={**QUIET, "temp_directory": str(spill)})
    try:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"ATTACH {literal(str(build_file))} AS build (READ_ONLY)")
        problems = lacking(connection, "build") + uncommented(connection, "build", schemas)
        if problems:
            raise PublishError(_listed(f"{build_file} does not keep the public contract", problems))
        connection.execute(f"ATTACH {literal(str(partial))} AS release (STORAGE_VERSION {literal(STORAGE_VERSION)})")
        connection.execute("BEGIN TRANSACTION")  # one commit, not one for every comment
        for schema in schemas:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS release.{identifier(schema)}")
        for schema, table, comment in _relations(connection, schemas):
            _copy_relation(connection, schema, table, comment)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT release")
        connection.execute("DETACH release")
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _relations(connection: duckdb.DuckDBPyConnection, schemas: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Tables and views of the given schemas of `build`: schema, name, comment."""
    return connection.execute(
        """
        SELECT schema_name, table_name, comment FROM duckdb_tables()
        WHERE database_name = 'build' AND NOT internal AND list_contains($schemas, schema_name)
        UNION ALL
        SELECT schema_name, view_name, comment FROM duckdb_views()
        WHERE database_name = 'build' AND NOT internal AND list_contains($schemas, schema_name)
        ORDER BY 1, 2
        """,
        {"schemas": list(schemas)},
    ).fetchall()


def _copy_relation(connection: duckdb.DuckDBPyConnection, schema: str, table: str, comment: str) -> None:
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE database_name = 'build' "
        "AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, table],
    ).fetchall()
    name = f"{identifier(schema)}.{identifier(table)}"
    definitions = ", ".join(
        f"{identifier(column)} {kind}{'' if nullable else ' NOT NULL'}" for column, kind, nullable, _ in columns
    )
    connection.execute(f"CREATE TABLE release.{name} ({definitions})")
    connection.execute(f"INSERT INTO release.{name} SELECT * FROM build.{name} ORDER BY ALL ASC NULLS LAST")
    connection.execute(f"COMMENT ON TABLE release.{name} IS {literal(comment)}")
    for column, _, _, text in columns:
        connection.execute(f"COMMENT ON COLUMN release.{name}.{identifier(column)} IS {literal(text)}")


def _set_down(file: Path) -> None:
    """Make a closed file read-only and push it to the disk."""
    file.chmod(0o444)
    sync(file)


def _with_company(file: Path) -> tuple[Path, ...]:
    """A DuckDB file with what the engine may put beside it."""
    return (file, *(file.with_name(file.name + suffix) for suffix in (".wal", ".tmp")))


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _listed(what: str, problems: list[str]) -> str:
    shown = "; ".join(problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return f"{what}: {shown}{more}. Complete the model and its yml, then build again."
