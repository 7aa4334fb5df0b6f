"""What starts a night between two schedules: new or changed files in the landing folders, once they are complete.

What belongs here: looking at names, sizes and times of files, and asking for a run. What does not: reading files (the
night does), the landing folder itself (``ingestion.delivery``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import dagster as dg

from ingestion.delivery import SOURCES_FILE, LandingError, check_landings, delivered_files, landing_root
from orchestration.defs.schedules import NIGHTLY
from orchestration.session import default_landings
from warehouse.doctor import is_locked
from warehouse.home import Home

INTERVAL_SECONDS = 60
"""A file must keep its size and time for one interval before it counts as complete."""

Stamp = tuple[int, int]
"""Size and time of change (nanoseconds) of a file."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the sensor remembers from tick to tick."""

    seen: Mapping[str, Stamp] = field(default_factory=dict)
    """All files of the last tick."""
    read: Mapping[str, Stamp] = field(default_factory=dict)
    """The files of the last run that it asked for."""

    @staticmethod
    def from_cursor(cursor: str | None) -> Watch:
        """The memory of the last tick; none before the first, or where another version wrote it."""
        try:
            stored = json.loads(cursor or "{}")
            return Watch(*({k: (v[0], v[1]) for k, v in stored.get(name, {}).items()} for name in ("seen", "read")))
        except (ValueError, AttributeError, TypeError, IndexError):
            return Watch()

    @property
    def cursor(self) -> str:
        """The memory as text."""
        return json.dumps(asdict(self), sort_keys=True)


def stamps(landings: Iterable[Path]) -> dict[str, Stamp]:
    """Every delivery and every ``sources.yml`` of the landing folders, with size and time.

    Raises:
        LandingError: a landing folder is missing.
    """
    found: dict[str, Stamp] = {}
    for landing in landings:
        root = landing_root(landing)
        for path in (*delivered_files(root), *root.rglob(SOURCES_FILE)):
            try:
                facts = path.stat()
            except OSError:
                continue  # gone since it was listed
            found[str(path)] = (facts.st_size, facts.st_mtime_ns)
    return found


def run_key(paths: Iterable[str]) -> str:
    """The content of the landing folders: a file that is only touched, or copied anew, asks for no second run.

    Raises:
        OSError: a file vanished or cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.encode() + b"\0" + hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()


def _look(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    watch = Watch.from_cursor(context.cursor)
    try:
        landings = default_landings()
        now = stamps(landings)
        check_landings(landings)
    except LandingError as error:
        return dg.SensorResult(skip_reason=dg.SkipReason(str(error)), cursor=context.cursor)
    remembered = Watch(seen=now, read=watch.read)
    changed = sorted(path for path, stamp in now.items() if watch.read.get(path) != stamp)
    unfinished = [path for path, stamp in now.items() if watch.seen.get(path) != stamp]
    if not changed:
        return _wait("来源目录没有新文件 nothing new", remembered)
    if unfinished:
        # A night reads all that lies there, so that it waits for the one that is still being written.
        names = ", ".join(Path(path).name for path in unfinished[:5])
        return _wait(f"{len(unfinished)} 个文件可能仍在写入 may still be written: {names}", remembered)
    if is_locked(Home.at()):
        return _wait("夜间流程正在运行 a night is running", remembered)
    try:
        key = run_key(now)
    except OSError as error:
        return _wait(f"{error.filename}: {error.strerror}", remembered)
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)], cursor=Watch(seen=now, read=now).cursor)


def _wait(reason: str, watch: Watch) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(reason), cursor=watch.cursor)


LANDING_SENSOR = dg.SensorDefinition(
    name="landing",
    evaluation_fn=_look,
    job=NIGHTLY,
    minimum_interval_seconds=INTERVAL_SECONDS,
    # One release a night is what offices announce. Files that drip in over a day would each make a release, change what
    # readers see while they work, and push the earlier releases out of those that are kept for a rollback.
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="New or changed complete files in $PROVSTAT_LANDING start the night; stopped until somebody starts it.",
)
