"""One archive of a home, and a home from an archive.

Here: what cannot be made again (lake, restricted returns, ledger, releases, reports and records of nights, settings)
into one tar file with a manifest of hashes, and back. Not in it: the build file, the lock, exports, and what the
orchestrator derives or remembers (parsed models, history of runs); its ``dagster.yaml`` is.

The archive holds restricted returns, so it is readable for its owner only.
"""

import errno
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from warehouse.durable import sync
from warehouse.hashes import SUFFIX, kept_hash, sha256_of
from warehouse.home import Home, HomeError
from warehouse.lock import night_lock
from warehouse.releases import current_release_id
from warehouse.reports import lead_to, pages
from warehouse.settings import ledger_is_elsewhere, settings_file

MANIFEST = "manifest.json"
FORMAT_VERSION = 1
_LINK = "published/current.duckdb"
_LINK_TARGET = re.compile(r"releases/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.duckdb")
_UNFINISHED = re.compile(r".*(\.tmp|\.partial)")
_SQLITE_COMPANY = ("-wal", "-shm", "-journal")


class BackupError(RuntimeError):
    """An archive cannot be made or used; the message says why and what to do. Nothing unfinished is left."""


@dataclass(frozen=True)
class Archived:
    """What an archive holds.

    Attributes:
        archive: the tar file.
        made_at: when it was made, UTC.
        release_id: the release being served; None if nothing was published.
        files: number of files in it.
        size_bytes: their size together.
        warnings: what was archived as it was, though it is not as it should be.
    """

    archive: Path
    made_at: datetime
    release_id: str | None
    files: int
    size_bytes: int
    warnings: tuple[str, ...] = ()


@dataclass
class _Hashing:
    """A stream that hashes what is read from it."""

    stream: BinaryIO
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.digest.update(block)
        return block


def backup(home: Home, target: Path, now: datetime) -> Archived:
    """Write a home into one archive, under the lock of the night; decisions may be taken meanwhile.

    The archive has its name only once it is complete and on disk.

    Args:
        home: an existing home.
        target: a file that does not exist yet, outside the home.
        now: what the archive says about when it was made, aware.

    Raises:
        BackupError: the target cannot be used, or a file cannot be read or written.
        HomeError: there is no home.
        HomeLocked: a night is at work.
    """
    if not home.lake.is_dir():
        raise HomeError(f"There is no home at {home.root}: name the right one with --home.")
    target = target.expanduser().resolve()
    if target.is_relative_to(home.root):
        raise BackupError(f"{target} lies in the home that it is to save: choose a place on another disk.")
    if target.exists():
        raise BackupError(f"{target} exists already, and a backup is never overwritten: choose another name.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}: create it, or choose another place.")
    with night_lock(home, "backup"):
        for left in target.parent.glob(f".{target.name}.*.partial"):
            left.unlink(missing_ok=True)
        partial = target.parent / f".{target.name}.{os.getpid()}.partial"
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                made = _write(home, stream, target, now)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(target)
            sync(target.parent)
        except (OSError, sqlite3.Error) as error:
            raise BackupError(f"{home.root} could not be saved to {target}: {_why(error, target.parent)}") from error
        finally:
            partial.unlink(missing_ok=True)
    return made


def restore(archive: Path, home: Home) -> Archived:
    """Make a home from an archive: unpacked aside, every hash checked, then given its name.

    Args:
        archive: what `backup` wrote.
        home: a place that is empty or does not exist.

    Raises:
        HomeError: the place is taken.
        BackupError: the archive is truncated, changed or none of ours, or the disk is full. The place is as before.
    """
    if home.root.exists() and (not home.root.is_dir() or any(home.root.iterdir())):
        raise HomeError(
            f"{home.root} is not empty: a backup is restored into an empty or new place only. "
            "Name another one with --home, or move what is there away first."
        )
    if not archive.is_file():
        raise BackupError(f"There is no archive {archive}.")
    if not hasattr(tarfile, "data_filter"):
        raise BackupError("This Python cannot unpack archives safely: use Python 3.11.4 or later.")
    # A mounted disk cannot be replaced by a rename, and what lies beside it is another disk.
    inside = home.root.is_mount()
    private = (home.root if inside else home.root.parent) / f".{home.root.name}.{os.getpid()}.partial"
    place = private / "home"
    try:
        private.mkdir(parents=True, mode=0o700)
        place.mkdir()
        restored = _unpack(archive, place)
        os.sync()
        _move_in(place, home.root, inside)
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BackupError(f"{archive} could not be restored to {home.root}: {_why(error, home.root.parent)}") from error
    finally:
        shutil.rmtree(private, ignore_errors=True)
    return restored


def _write(home: Home, stream: BinaryIO, target: Path, now: datetime) -> Archived:
    """Write all members, the manifest last: without it an archive is not complete."""
    files: dict[str, dict[str, Any]] = {}
    warnings: list[str] = []
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in _members(home):
            files[name] = _add_database(tar, name, path, target) if path.suffix == ".sqlite" else _add(tar, name, path)
            if path.parent == home.releases and path.suffix == ".duckdb":
                warnings += _doubts(path, files[name]["sha256"])
        if home.current.is_symlink():
            link = tarfile.TarInfo(_LINK)
            link.type, link.linkname, link.mtime = tarfile.SYMTYPE, str(home.current.readlink()), int(now.timestamp())
            tar.addfile(link)
        if ledger_is_elsewhere(home):
            warnings.append(
                "台账在 PostgreSQL，不在备份中，另用 pg_dump 保存 · the ledger is on PostgreSQL: use pg_dump"
            )
        release_id = current_release_id(home)
        manifest = {
            "format_version": FORMAT_VERSION,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "release_id": release_id,
            "files": files,
        }
        _add_text(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1), now)
    size = sum(entry["size"] for entry in files.values())
    return Archived(target, now.astimezone(UTC), release_id, len(files), size, tuple(warnings))


def _members(home: Home) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of every file that belongs in it."""
    settings = settings_file(home)
    single = (settings, home.dagster / "dagster.yaml")
    found = [path for path in single if path.is_file()]
    for folder in (home.lake, home.restricted, home.ledger, home.logs):
        found += [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found += sorted([*home.releases.glob("*.duckdb"), *home.releases.glob(f"*.duckdb{SUFFIX}")]) + pages(home)
    for path in found:
        if not _UNFINISHED.fullmatch(path.name) and not path.name.endswith(_SQLITE_COMPANY):
            yield path.relative_to(home.root).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, path: Path, mode: int | None = None) -> dict[str, Any]:
    with path.open("rb") as stream:
        state = os.fstat(stream.fileno())
        info = tarfile.TarInfo(name)
        info.size, info.mtime = state.st_size, int(state.st_mtime)
        info.mode = (state.st_mode if mode is None else mode) & 0o777
        hashing = _Hashing(stream)
        tar.addfile(info, hashing)
    return {"sha256": hashing.digest.hexdigest(), "size": info.size}


def _add_database(tar: tarfile.TarFile, name: str, path: Path, target: Path) -> dict[str, Any]:
    """Add a state of an SQLite file between two transactions; others may write to it meanwhile."""
    copy = target.parent / f".{target.name}.{os.getpid()}.ledger.partial"
    try:
        copy.touch(mode=0o600)
        with (
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=30)) as source,
            closing(sqlite3.connect(copy)) as saved,
        ):
            source.backup(saved)
        return _add(tar, name, copy, path.stat().st_mode)
    finally:
        for file in (copy, *(copy.with_name(copy.name + suffix) for suffix in _SQLITE_COMPANY)):
            file.unlink(missing_ok=True)


def _add_text(tar: tarfile.TarFile, name: str, text: str, now: datetime) -> None:
    data = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(data), int(now.timestamp())
    tar.addfile(info, io.BytesIO(data))


def _doubts(release: Path, digest: str) -> list[str]:
    try:
        kept = kept_hash(release)
    except ValueError as error:
        return [str(error)]
    if kept is None:
        return [f"{release.name} has no hash kept beside it"]
    return [] if kept == digest else [f"{release.name} is not what was published (its hash does not hold)"]


def _unpack(archive: Path, place: Path) -> Archived:
    """Unpack into a private folder and check everything in it."""
    names: set[str] = set()
    with tarfile.open(archive, "r:") as tar:
        for member in tar:
            _admit(archive, member, names)
            tar.extract(member, place, filter="data")
    manifest = _manifest(archive, place)
    files = manifest["files"]
    listed = set(files) | {MANIFEST, _LINK}
    if stray := sorted(names - listed):
        raise BackupError(f"{archive} holds {stray[0]}, which its manifest does not list: it is not as it was written.")
    for name, entry in files.items():
        if name not in names:
            raise BackupError(f"{archive} lacks {name}, which its manifest lists: use another backup.")
        if sha256_of(place / name) != entry["sha256"]:
            raise BackupError(f"{archive} is damaged: {name} does not have its hash. Use another backup.")
    _finish(archive, place, manifest)
    size = sum((place / name).stat().st_size for name in files)
    made_at = datetime.fromisoformat(manifest["made_at"])
    return Archived(archive, made_at, manifest["release_id"], len(files), size)


def _admit(archive: Path, member: tarfile.TarInfo, names: set[str]) -> None:
    """Only files, each once, inside the home, and the one link. tarfile's own filter stands behind it."""
    is_link = member.issym() and member.name == _LINK and _LINK_TARGET.fullmatch(member.linkname)
    leads_out = member.name.startswith("/") or ".." in member.name.split("/")
    if leads_out or not (member.isreg() or is_link) or member.name in names:
        raise BackupError(f"{archive} is no backup of a home: {member.name} may not be in it. Nothing was restored.")
    names.add(member.name)


def _manifest(archive: Path, place: Path) -> Mapping[str, Any]:
    file = place / MANIFEST
    if not file.is_file():
        raise BackupError(f"{archive} has no {MANIFEST}, which comes last: it is truncated. Use another backup.")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        version, files = manifest["format_version"], manifest["files"]
        complete = all(isinstance(files[name]["sha256"], str) for name in files)
        datetime.fromisoformat(manifest["made_at"])
        manifest["release_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{archive} is no backup of a home: its {MANIFEST} cannot be read ({error!r}).") from error
    if version != FORMAT_VERSION or not complete:
        raise BackupError(f"{archive} is in format {version}, this software reads format {FORMAT_VERSION}.")
    loaded: Mapping[str, Any] = manifest
    return loaded


def _finish(archive: Path, place: Path, manifest: Mapping[str, Any]) -> None:
    """Make an unpacked archive a home: its link, its folders, its modes."""
    unpacked = Home(place)
    release = manifest["release_id"]
    if current_release_id(unpacked) != release or (release is not None and not unpacked.current.exists()):
        raise BackupError(f"{archive} does not hold the release that was served, {release}: use another backup.")
    (place / MANIFEST).unlink()
    unpacked.ensure()
    for file in unpacked.releases.iterdir():
        file.chmod(0o444)
    if kept := pages(unpacked):
        lead_to(unpacked, kept[-1])


def _move_in(place: Path, root: Path, inside: bool) -> None:
    if root.exists():
        place.chmod(root.stat().st_mode & 0o777)
    if not inside:
        place.rename(root)  # also over an empty folder
        sync(root.parent)
        return
    for path in sorted(place.iterdir(), key=lambda path: path.name == "published"):
        path.rename(root / path.name)
    sync(root)


def _why(error: BaseException, folder: Path) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(folder).free / 2**20
        return f"the disk is full ({free:,.0f} MiB free at {folder}). Make room, or choose another disk."
    if isinstance(error, tarfile.TarError | EOFError):
        return f"the archive is truncated or damaged ({error}). Use another backup."
    return f"{error}. Check free space and permissions."
