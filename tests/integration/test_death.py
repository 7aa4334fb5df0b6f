"""Nights that die between the steps of publication, meet each other, or see the clock jump.

After each, what is served is byte for byte a release, no decision and no first-seen date is lost, the next night
publishes, and no temporary file stays.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from orchestration import faults
from tests.conftest import Count
from tests.integration.night_processes import finish, served_is_a_release, start_night
from warehouse.home import Home

pytestmark = pytest.mark.full

PUBLICATION_POINTS = ("release-built", "ledger-appended", "link-swapped")


def test_killed_between_the_steps_of_publication(lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
    """Each night after a kill works up to the next point; behind the last one a whole night publishes."""
    for point in PUBLICATION_POINTS:
        assert point in faults.POINTS
        code, out = finish(start_night(lived_in, PROVSTAT_FAULT=point))
        assert code == -signal.SIGKILL, out
        unharmed(whole_night=point == PUBLICATION_POINTS[-1])
    count(kills=len(PUBLICATION_POINTS), losses=0)


def test_two_nights_at_once(lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
    first = start_night(lived_in)
    while not lived_in.holder_file.exists():
        assert first.process.is_alive()
        time.sleep(0.05)
    code, out = finish(start_night(lived_in))
    assert code == 2, out
    assert str(first.pid) in out
    assert finish(first)[0] == 0
    unharmed(whole_night=False)
    count(nights_that_met=1, losses=0)


def test_a_scheduled_night_while_one_runs_by_hand_fails_without_harm(
    lived_in: Home, unharmed: Callable[..., None], count: Count
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
    unharmed(whole_night=False)
    count(nights_that_met=1, losses=0)


def test_a_clock_that_jumps_back(lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
    before = served_is_a_release(lived_in)
    code, out = finish(start_night(lived_in, "--now", "2001-01-01T02:00:00+08:00"))
    assert code == 0, out
    assert served_is_a_release(lived_in) != before, "the night of the wrong clock is served all the same"
    unharmed()
    count(clocks_back=1, losses=0)
