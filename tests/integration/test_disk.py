"""A disk that fills while building and while publishing, and a home that is read-only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.integration.night_processes import leftovers, served_is_a_release
from warehouse.home import Home

pytestmark = pytest.mark.full


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


def test_disk_full_while_building_and_while_publishing_and_a_read_only_home(tmp_path: Path, count: Count) -> None:
    outcomes = []
    with small_disk(tmp_path / "disk", 400) as remount:
        home = Home.at(tmp_path / "disk" / "home")
        code, out = by_command(home)
        assert code == 0, out
        before = served_is_a_release(home)
        used = used_mebibytes(tmp_path / "disk")
        # a few MiB: the build file does not fit; some more: it does, and the release beside it does not
        for room in (2, 12):
            remount(f"size={used + room}m")
            code, out = by_command(home)
            remount("size=400m")
            if code == 0:
                break
            outcomes.append((room, code))
            said = " ".join(out.split())
            assert "No space left" in said or "disk is full" in said, out
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
    count(full_disks=len(outcomes), read_only_homes=1, losses=0)
