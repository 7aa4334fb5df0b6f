"""``provstat up``: dagster's webserver and daemon as one process to start and stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

from orchestration.night import prepare
from warehouse.home import Home

_MODULE = "orchestration.definitions"
GRACE_SECONDS = 10
"""What a service gets to stop by itself; a night in progress is cut like any other death, which it survives."""


def serve(home: Home, host: str, port: int) -> int:
    """Run both services until one ends or this process is told to stop; returns the exit code."""
    home.ensure()
    prepare(home)
    commands = (
        [sys.executable, "-m", "dagster_webserver", "-m", _MODULE, "-h", host, "-p", str(port)],
        [sys.executable, "-m", "dagster._daemon", "run", "-m", _MODULE],
    )
    services = [subprocess.Popen(command) for command in commands]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(service.poll() is None for service in services):
            time.sleep(0.5)
        return next(service.returncode for service in services if service.returncode is not None)
    except KeyboardInterrupt:
        return 0
    finally:
        for service in services:
            service.terminate()
        for service in services:
            try:
                service.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                service.kill()
