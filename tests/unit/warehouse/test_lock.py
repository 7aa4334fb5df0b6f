import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from warehouse.home import Home, HomeError
from warehouse.lock import HomeLocked, night_lock, read_holder

HOLD = """
import sys, time
from pathlib import Path
from warehouse.home import Home
from warehouse.lock import night_lock
with night_lock(Home(Path(sys.argv[1])), "other-run"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of the home."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_lock_held_elsewhere_names_its_holder(home: Home, other: subprocess.Popen[str]) -> None:
    with pytest.raises(HomeLocked) as caught, night_lock(home, "mine"):
        pass
    holder = caught.value.holder
    assert holder is not None
    assert (holder.pid, holder.host, holder.run_id) == (other.pid, socket.gethostname(), "other-run")
    for part in (str(other.pid), socket.gethostname(), "other-run", holder.started_at, str(home.root), "Wait until"):
        assert part in str(caught.value)


def test_the_lock_of_a_dead_holder_is_free(home: Home, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert read_holder(home) is not None, "a killed process cannot tidy up"
    with night_lock(home, "mine") as holder:
        assert holder.run_id == "mine"


def test_the_holder_file_says_who_and_goes_with_the_lock(home: Home) -> None:
    with night_lock(home, "mine"):
        written = json.loads(home.holder_file.read_text())
        assert written["pid"] == os.getpid()
        assert written["run_id"] == "mine"
        assert datetime.fromisoformat(written["started_at"]).utcoffset() == timedelta(0)
    assert not home.holder_file.exists()


def test_one_process_may_take_the_lock_again(home: Home) -> None:
    with night_lock(home, "outer") as outer:
        with night_lock(home, "inner") as inner:
            assert inner == outer
        assert read_holder(home) == outer, "leaving the inner block must not give the lock away"
        refused = subprocess.run(
            [sys.executable, "-c", HOLD, str(home.root)], capture_output=True, text=True, check=False, timeout=30
        )
        assert refused.returncode != 0
        assert "HomeLocked" in refused.stderr
        assert f"process {os.getpid()} on" in refused.stderr
        assert "(run outer)" in refused.stderr


def test_an_error_inside_gives_the_lock_back(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), night_lock(home, "mine"):
        _ = 1 / 0
    with night_lock(home, "again") as holder:
        assert holder.run_id == "again"


def test_a_home_that_is_not_there_is_a_home_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="cannot be locked"), night_lock(Home(tmp_path / "file"), "mine"):
        pass
