"""Nights killed at random moments: nothing served, decided or first seen is lost, and the next night publishes."""

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
KILLS = 20


def test_killed_at_random_moments(lived_in: Home, unharmed: Callable[..., None], count: Count) -> None:
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
    count(kills=killed, nights_that_ended_before_the_kill=survived, losses=0)
    assert killed >= KILLS // 2
