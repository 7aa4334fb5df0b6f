"""Which releases there are, which one is served, going back to an earlier one, and letting old ones go.

Here: reading and choosing among published files. Not here: making one (`publish`), or querying it (`query`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.engine import reading
from warehouse.hashes import kept_hash, sha256_of, sidecar_of
from warehouse.home import Home
from warehouse.publish import PublishError, swap_current, verify_release
from warehouse.release_meta import read_meta


@dataclass(frozen=True)
class Release:
    """One published file.

    Attributes:
        release_id: its name.
        path: its file.
        built_at: run time of the night that built it, UTC; None if the file cannot be read.
        previous_release_id: the release served before it was built.
        is_current: whether it is the one being served.
        size_bytes: size of the file.
        counts: name to number of rows, as the file says.
        problem: why the file cannot be read; None for a sound one.
        code_version: version of the software that built it; None if the file cannot be read.
        contract_version: version of the public contract that it keeps; None if the file cannot be read.
    """

    release_id: str
    path: Path
    built_at: datetime | None
    previous_release_id: str | None
    is_current: bool
    size_bytes: int
    counts: Mapping[str, int]
    problem: str | None = None
    code_version: str | None = None
    contract_version: str | None = None


def current_release_id(home: Home) -> str | None:
    """Name of the release being served; None before the first publication."""
    return home.current.readlink().stem if home.current.is_symlink() else None


def list_releases(home: Home) -> tuple[Release, ...]:
    """All published files, the latest built first, unreadable ones last.

    Each row is read from the file itself. An unreadable file does not fail the list: `problem` says why.
    """
    current = current_release_id(home)
    found = [_describe(file, file.stem == current) for file in sorted(home.releases.glob("*.duckdb"))]
    earliest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda row: (row.built_at or earliest, row.release_id), reverse=True))


def rollback(home: Home, release_id: str) -> Release:
    """Serve an earlier (or later) release again.

    Args:
        home: the home.
        release_id: one of `list_releases`.

    Returns:
        The release now served.

    Raises:
        PublishError: there is no such release (the message lists those there are), its file cannot be served, or
            it is not the file that was published. What was served before still is.
    """
    known = {row.release_id: row for row in list_releases(home)}
    if release_id not in known:
        names = ", ".join(known) or "none has been published yet"
        raise PublishError(f"There is no release {release_id} in {home.releases}. Known releases: {names}.")
    file = known[release_id].path
    verify_release(file)
    if (damage := changed_since(file)) is not None:
        raise PublishError(f"{damage}. Choose another release.")
    swap_current(home, file)
    return _describe(file, is_current=True)


def changed_since(file: Path) -> str | None:
    """Say how a release differs from what was published; None if its hash holds, or none is kept beside it."""
    try:
        kept = kept_hash(file)
        found = sha256_of(file) if kept is not None else None
    except (OSError, ValueError) as error:
        return f"{file} cannot be compared with its hash: {error}"
    return None if found == kept else f"{file} is not what was published: SHA-256 {found}, kept beside it {kept}"


def prune(home: Home, keep: int) -> tuple[str, ...]:
    """Remove all but the latest releases, with their hashes.

    The one being served always stays, and so do unreadable files. Readers that hold a removed file keep reading it
    until they close.

    Args:
        home: the home.
        keep: how many of the latest releases to keep, at least 1.

    Returns:
        Names of the removed releases, the latest first.

    Raises:
        ValueError: keep is below 1.
    """
    if keep < 1:
        raise ValueError(f"keep must be at least 1, not {keep}: the latest release is never removed.")
    sound = [row for row in list_releases(home) if row.problem is None]
    gone = [row for row in sound[keep:] if not row.is_current]
    for row in gone:
        row.path.unlink(missing_ok=True)
        sidecar_of(row.path).unlink(missing_ok=True)
    return tuple(row.release_id for row in gone)


def _describe(file: Path, is_current: bool) -> Release:
    size = file.stat().st_size
    try:
        with reading(file) as connection:
            meta = read_meta(connection, "release")
    except (duckdb.Error, ValueError) as error:
        return Release(file.stem, file, None, None, is_current, size, {}, str(error))
    return Release(
        file.stem,
        file,
        meta.built_at,
        meta.previous_release_id,
        is_current,
        size,
        meta.counts,
        code_version=meta.code_version,
        contract_version=meta.contract_version,
    )
