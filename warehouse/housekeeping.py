"""Letting go of what a home no longer needs: superseded readings, leftovers of dead runs, old records of nights.

Here: what may go, by file names and the ``sources`` tables of the lake, and removing it. The caller holds the lock of
the home, so nothing found here is in the making. Not here: releases (`releases.prune`) and unfinished published or
build files (`publish.remove_stale`).

A reading is complete once it has its file in ``lake/sources``. So that file goes first: a death in between leaves files
of an incomplete reading, which nobody reads and the next run removes.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from warehouse.durable import sync
from warehouse.home import Home
from warehouse.reports import pages

_READING_FILE = re.compile(r"([0-9a-f]{20}-[0-9]{4,})\.parquet")
_SEED_FILE = re.compile(r"(.+)-([0-9a-f]+)\.csv")
_NO_TABLES = {"sources", "seeds", "night"}
_COLUMNS = ["reading_id", "sha256", "sequence", "recorded_at", "seed_digests"]


class LakeError(RuntimeError):
    """A file of the lake cannot be read; the message names it. Nothing was removed."""


@dataclass(frozen=True)
class Tidied:
    """What was removed.

    Attributes:
        readings: superseded readings.
        files: table files of these and of incomplete readings.
        temporary: temporary files of dead runs.
        seeds: kept seeds that no remaining reading refers to.
    """

    readings: int
    files: int
    temporary: int
    seeds: int


@dataclass(frozen=True)
class _Reading:
    reading_id: str
    sha256: str
    sequence: int
    recorded_at: datetime
    seed_digests: Mapping[str, str]


def tidy_lake(lake: Path, now: datetime, days: int) -> Tidied:
    """Remove readings that were superseded more than so many days ago, and what dead runs left behind.

    A reading is superseded when a later complete reading of the same delivery was recorded; the latest reading of a
    delivery always stays. What was known on any of the last `days` days stays exactly answerable; a figure that has
    not changed since before then keeps its value, and its ``recorded_from`` becomes that of the earliest reading left.

    Args:
        lake: the lake; the caller holds the lock of its home.
        now: run time of the night, aware.
        days: at least 1.

    Raises:
        LakeError: a file in ``sources`` cannot be read; nothing was removed.
        ValueError: days is below 1, or now is naive.
    """
    before = _horizon(now, days)
    readings = [_read(file) for file in _reading_files(lake / "sources")]
    old = superseded(readings, before)
    for reading in old:
        (lake / "sources" / f"{reading.reading_id}.parquet").unlink(missing_ok=True)
    if old:
        sync(lake / "sources")
    files = _remove(incomplete_files(lake))
    temporary = _remove(temporary_files(lake))
    left = [reading for reading in readings if reading not in old]
    seeds = _remove(_unreferenced_seeds(lake, left))
    return Tidied(len(old), files, temporary, seeds)


def superseded(readings: Iterable[_Reading], before: datetime) -> list[_Reading]:
    """Readings for which a later one of the same delivery was recorded before a moment (naive, UTC)."""
    late: dict[str, int] = {}
    readings = list(readings)
    for reading in readings:
        if reading.recorded_at < before:
            late[reading.sha256] = max(late.get(reading.sha256, 0), reading.sequence)
    return [reading for reading in readings if reading.sequence < late.get(reading.sha256, 0)]


def incomplete_files(lake: Path) -> tuple[Path, ...]:
    """Table files of readings that have no file in ``sources``: nobody reads them."""
    complete = {file.name for file in _reading_files(lake / "sources")}
    return tuple(file for folder in table_folders(lake) for file in _reading_files(folder) if file.name not in complete)


def lacking_files(lake: Path) -> tuple[Path, ...]:
    """Table files that a complete reading should have and has not: the lake was damaged."""
    complete = _reading_files(lake / "sources")
    return tuple(
        folder / file.name for folder in table_folders(lake) for file in complete if not (folder / file.name).exists()
    )


def table_folders(lake: Path) -> tuple[Path, ...]:
    """Folders of the lake's tables, but for ``sources``."""
    return tuple(path for path in sorted(lake.glob("*")) if path.is_dir() and path.name not in _NO_TABLES)


def temporary_files(folder: Path) -> tuple[Path, ...]:
    """Files below a folder that a dead run was about to rename."""
    return tuple(path for path in sorted(folder.rglob("*.tmp")) if path.is_file())


def tidy_logs(home: Home, now: datetime, days: int) -> int:
    """Remove the records of nights that started more than so many days ago, and temporary files beside them.

    A record that cannot be read is as old as its file.

    Args:
        home: the home; the caller holds its lock.
        now: run time of the night, aware.
        days: at least 1.

    Returns:
        How many files were removed.

    Raises:
        ValueError: days is below 1, or now is naive.
    """
    before = _horizon(now, days)
    nights = home.logs / "nights"
    old = [file for file in sorted(nights.glob("*.json")) if _started(file) < before]
    return _remove(old) + _remove(temporary_files(nights))


def tidy_reports(home: Home, now: datetime, days: int) -> int:
    """Remove the reports of nights that ran more than so many days ago, by their names; the last one always stays.

    Args:
        home: the home; the caller holds its lock.
        now: run time of the night, aware.
        days: at least 1.

    Returns:
        How many files were removed.

    Raises:
        ValueError: days is below 1, or now is naive.
    """
    before = f"{_horizon(now, days):%Y%m%dT%H%M%SZ}"
    return _remove(file for file in pages(home)[:-1] if file.name < before) + _remove(temporary_files(home.reports))


def _started(record: Path) -> datetime:
    """When a night started, naive UTC."""
    try:
        started = datetime.fromisoformat(json.loads(record.read_text(encoding="utf-8"))["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        started = datetime.fromtimestamp(record.stat().st_mtime, UTC)
    return started.astimezone(UTC).replace(tzinfo=None) if started.tzinfo else started


def _horizon(now: datetime, days: int) -> datetime:
    if days < 1:
        raise ValueError(f"days must be at least 1, not {days}")
    if now.tzinfo is None:
        raise ValueError("now has no time zone: pass an aware time")
    return now.astimezone(UTC).replace(tzinfo=None) - timedelta(days=days)


def _reading_files(folder: Path) -> tuple[Path, ...]:
    """Files named like readings; anything else in the lake is not ours to touch."""
    return tuple(file for file in sorted(folder.glob("*.parquet")) if _READING_FILE.fullmatch(file.name))


def _read(file: Path) -> _Reading:
    try:
        row = pl.read_parquet(file, columns=_COLUMNS, glob=False).row(0, named=True)
        digests = {str(name): str(digest) for name, digest in json.loads(row["seed_digests"]).items()}
    except (OSError, ValueError, IndexError, AttributeError, pl.exceptions.PolarsError) as error:
        raise LakeError(
            f"{file} cannot be read ({error}). Nothing was removed. `provstat doctor` says what to do with it."
        ) from error
    return _Reading(file.stem, row["sha256"], row["sequence"], row["recorded_at"], digests)


def _unreferenced_seeds(lake: Path, readings: Iterable[_Reading]) -> list[Path]:
    referenced = {item for reading in readings for item in reading.seed_digests.items()}
    named = ((file, _SEED_FILE.fullmatch(file.name)) for file in sorted((lake / "seeds").glob("*.csv")))
    return [file for file, name in named if name is not None and (name[1], name[2]) not in referenced]


def _remove(files: Iterable[Path]) -> int:
    count = 0
    for file in files:
        file.unlink(missing_ok=True)
        count += 1
    return count
