"""Death: nights that are killed, run out of disk, find the home read-only, meet each other, or see the clock jump.

After each, what is served is byte for byte a release, no decision and no first-seen date is lost, the next night
publishes, and no temporary file stays. The counts are printed at the end of each test (``pytest -rP`` shows them).
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import duckdb
import pytest

from expectations.ledger import append, current_states, decide, open_ledger
from orchestration import faults
from warehouse.home import Home

pytestmark = pytest.mark.full

SEED = 20260105
KILLS = 20
_numbers = count()
PUBLICATION_POINTS = ("build-complete", "release-built", "ledger-appended", "link-swapped", "build-removed")


@dataclass(frozen=True)
class Memory:
    """What must survive: first-seen dates of all findings, and the steward's decision."""

    first_seen: dict[str, datetime]
    decided: str


@dataclass(frozen=True)
class NightProcess:
    """A night in a process of its own, and the file that takes what it prints."""

    process: ForkServerProcess
    log: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


def _night(log: str, arguments: list[str], environment: dict[str, str]) -> None:
    """What an operator starts: the command line, in this process."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.environ.pop("DAGSTER_HOME", None)
    os.environ.update(environment)
    from orchestration.cli import app

    app(arguments)


def start_night(home: Home, *arguments: str, **environment: str) -> NightProcess:
    """Start a night; its process is forked from one that has dagster and dbt imported, and is killed like any other."""
    os.environ.setdefault("PROVSTAT_HOME", str(home.root))
    context = get_context("forkserver")
    context.set_forkserver_preload(["orchestration.definitions", "orchestration.night", "dbt.cli.main"])
    log = home.root.with_name(f"{home.root.name}.{next(_numbers)}.log")
    home.root.parent.mkdir(parents=True, exist_ok=True)
    given = ["nightly", "--home", str(home.root), *arguments]
    process = context.Process(target=_night, args=(str(log), given, environment))
    process.start()
    return NightProcess(process, log)


def finish(night: NightProcess) -> tuple[int, str]:
    night.process.join(600)
    assert night.process.exitcode is not None, "the night hangs"
    return night.process.exitcode, night.log.read_text(encoding="utf-8", errors="replace")


def served_is_a_release(home: Home) -> str:
    """The served file opens, and is byte for byte what was published under its name; returns that name."""
    file = home.current.resolve(strict=True)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = file.with_name(f"{file.name}.sha256").read_text(encoding="utf-8").split()[0]
    assert digest == kept, f"{file.name} is not what was published"
    with duckdb.connect(str(home.current), read_only=True) as connection:
        row = connection.execute("select release_id from meta.release").fetchone()
    assert row is not None
    assert row[0] == file.stem
    return str(row[0])


def remembered(home: Home) -> Memory:
    engine = open_ledger(home.ledger_file)
    try:
        states = current_states(engine)
    finally:
        engine.dispose()
    decided = [finding_id for finding_id, state in states.items() if state.status == "accepted"]
    assert len(decided) == 1, "the steward's one decision"
    return Memory({finding_id: state.first_seen for finding_id, state in states.items()}, decided[0])


def leftovers(home: Home) -> list[str]:
    """Temporary files below a home; what the night itself keeps is not among them."""
    found = [p for pattern in ("*.tmp", "*.partial", "*.wal") for p in home.root.rglob(pattern)]
    found += list(home.build.glob("*.duckdb"))
    return [str(p.relative_to(home.root)) for p in found]


def workers_alive(home: Home) -> list[int]:
    """Processes that still name this home on their command line or in their environment."""
    mine = str(home.root).encode()
    alive = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            # a helper of a night: spawned by it, and it names the home that the night set
            if mine in told and b"spawn_main" in told:
                alive.append(int(process.name))
    return alive


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one published night and one decision of a steward."""
    home = Home.at(tmp_path_factory.mktemp("death") / "home")
    code, out = finish(start_night(home))
    assert code == 0, out
    engine = open_ledger(home.ledger_file)
    try:
        state = next(s for s in current_states(engine).values() if s.rule_id == "B1-36")
        event = decide(
            state,
            status="accepted",
            actor="steward",
            reason="the county has confirmed both printings",
            now=datetime.now(UTC),
            run_id="decision-1",
        )
        assert append(engine, [event]) == 1
    finally:
        engine.dispose()
    return home


@pytest.fixture
def unharmed(lived_in: Home) -> Callable[[], None]:
    """Check the home after a death: served, remembered; then that the next night publishes and tidies."""
    before = remembered(lived_in)

    def check() -> None:
        served_is_a_release(lived_in)
        assert remembered(lived_in) == before
        deadline = time.monotonic() + 30
        while workers_alive(lived_in) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not workers_alive(lived_in), "a helper process outlived its night"
        code, out = finish(start_night(lived_in))
        assert code == 0, out
        assert served_is_a_release(lived_in)
        after = remembered(lived_in)
        assert after == before, "the next night must not forget"
        assert leftovers(lived_in) == []

    return check


@pytest.mark.parametrize("point", PUBLICATION_POINTS)
def test_killed_between_the_steps_of_publication(lived_in: Home, unharmed: Callable[[], None], point: str) -> None:
    assert point in faults.POINTS
    code, out = finish(start_night(lived_in, PROVSTAT_FAULT=point))
    assert code == -signal.SIGKILL, out
    unharmed()


def test_killed_at_random_moments(lived_in: Home, unharmed: Callable[[], None]) -> None:
    started = time.monotonic()
    assert finish(start_night(lived_in))[0] == 0
    length = time.monotonic() - started
    dice = random.Random(SEED)
    killed = survived = 0
    for number in range(KILLS):
        night = start_night(lived_in)
        # every stretch of the night gets its share of the kills
        night.process.join(length * (number + dice.random()) / KILLS)
        night.process.kill()
        if finish(night)[0] == -signal.SIGKILL:
            killed += 1
        else:
            survived += 1
        unharmed()
    print(f"kills: {killed}, ended before the kill: {survived}, losses: 0")
    assert killed >= KILLS // 2


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Callable[[str], None]]:
    """A tmpfs of a given size; yields a way to remount it with other options."""
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if made.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {made.stderr.strip()}")
    try:
        yield lambda options: subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True) and None
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def used_mebibytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize // 1_048_576 + 1


def by_command(home: Home) -> tuple[int, str]:
    """A night by its command, in an interpreter of its own; what it prints is kept outside the small disk."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration", "nightly", "--home", str(home.root)],
        env={key: value for key, value in os.environ.items() if key not in ("PROVSTAT_HOME", "DAGSTER_HOME")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def test_disk_full_while_building_and_while_publishing_and_a_read_only_home(tmp_path: Path) -> None:
    outcomes = []
    with small_disk(tmp_path / "disk", 400) as remount:
        home = Home.at(tmp_path / "disk" / "home")
        code, out = by_command(home)
        assert code == 0, out
        before = served_is_a_release(home)
        used = used_mebibytes(tmp_path / "disk")
        # a few MiB: the build file does not fit; some more: it does, and the release beside it does not
        for room in (2, 10, 14):
            remount(f"size={used + room}m")
            code, out = by_command(home)
            remount("size=400m")
            if code == 0:
                break
            outcomes.append((room, code))
            assert "No space left" in out.replace("\n", ""), out
            assert served_is_a_release(home) == before
        assert len(outcomes) >= 2, "the disk must have been too small more than once"
        code, out = by_command(home)
        assert code == 0, out
        assert leftovers(home) == []
        served = served_is_a_release(home)
        remount("ro")
        code, out = by_command(home)
        assert code == 2, out
        assert str(home.root) in out.replace("\n", "")
        assert served_is_a_release(home) == served
        remount("rw")
        assert by_command(home)[0] == 0
    print(f"full disks: {outcomes}, read-only homes: 1, losses: 0")


def test_two_nights_at_once(lived_in: Home, unharmed: Callable[[], None]) -> None:
    first = start_night(lived_in)
    while not lived_in.holder_file.exists():
        assert first.process.is_alive()
        time.sleep(0.05)
    code, out = finish(start_night(lived_in))
    assert code == 2, out
    assert str(first.pid) in out
    assert finish(first)[0] == 0
    unharmed()


def test_a_scheduled_night_while_one_runs_by_hand_fails_without_harm(
    lived_in: Home, unharmed: Callable[[], None]
) -> None:
    """What the scheduler starts is a dagster run of the job, without the command line in front."""
    scheduled = [sys.executable, "-m", "dagster", "job", "execute", "-m", "orchestration.definitions", "-j", "nightly"]
    environment = {**os.environ, "PROVSTAT_HOME": str(lived_in.root), "DAGSTER_HOME": str(lived_in.dagster)}
    by_hand = start_night(lived_in)
    while not lived_in.holder_file.exists():
        assert by_hand.process.is_alive()
        time.sleep(0.05)
    blocked = subprocess.run(scheduled, env=environment, capture_output=True, text=True)
    assert finish(by_hand)[0] == 0
    if blocked.returncode == 0:
        pytest.fail("the scheduled run must not have run beside the other")
    assert "HomeLocked" in blocked.stderr + blocked.stdout
    assert subprocess.run(scheduled, env=environment, capture_output=True, text=True).returncode == 0
    unharmed()


def test_a_clock_that_jumps_back(lived_in: Home, unharmed: Callable[[], None]) -> None:
    before = served_is_a_release(lived_in)
    code, out = finish(start_night(lived_in, "--now", "2001-01-01T02:00:00+08:00"))
    assert code == 0, out
    assert served_is_a_release(lived_in) != before, "the night of the wrong clock is served all the same"
    unharmed()
