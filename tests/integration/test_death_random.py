"""Nights killed at random moments: nothing served, decided or first seen is lost, and the next night publishes.

Two classes, so that two workers share the kills; each has a home of its own.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.conftest import Count
from tests.integration.night_processes import finish, start_night
from warehouse.home import Home

pytestmark = pytest.mark.full

SEED = 20260105
KILLS = 4


class TestEvenStretches:
    """Kills in every other quarter of a night, the first one included."""

    def test_killed_at_random_moments(self, lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
        _kill(range(0, KILLS, 2), lived_in, unharmed, count)


class TestOddStretches:
    """Kills in the quarters between."""

    def test_killed_at_random_moments(self, lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
        _kill(range(1, KILLS, 2), lived_in, unharmed, count)


def _kill(stretches: range, home: Home, unharmed: Callable[..., None], count: Count) -> None:
    started = time.monotonic()
    assert finish(start_night(home))[0] == 0
    length = time.monotonic() - started
    dice = random.Random(SEED + stretches.start)
    killed = survived = 0
    for number in stretches:
        moment = (number + dice.random()) / KILLS
        for _ in range(2):
            began = time.monotonic()
            night = start_night(home)
            night.process.join(length * moment)
            night.process.kill()
            if finish(night)[0] == -signal.SIGKILL:
                killed += 1
                break
            # it was over sooner than the first one, which had the machine less for itself
            survived += 1
            length = time.monotonic() - began
        # every kill is looked at; a whole night follows the last
        unharmed(whole_night=number == stretches[-1])
    count(kills=killed, nights_that_ended_before_the_kill=survived, losses=0)
    assert killed >= len(stretches) // 2
