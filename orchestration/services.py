"""``provstat up``: dagster's webserver and daemon over one code server, as one process to start and stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from types import FrameType

from orchestration.night import prepare
from warehouse.home import Home

_MODULE = "orchestration.definitions"

GRACE_SECONDS = 20
"""What the services get to stop by themselves; a night in progress is cut like any other death, which it survives."""


def serve(home: Home, host: str, port: int) -> int:
    """Run the services until they end or this process is told to stop; returns the exit code.

    ``dagster dev`` supervises both and lets them share one code server; webserver and daemon started apart would each
    import the whole project.
    """
    home.ensure()
    prepare(home)
    command = [sys.executable, "-m", "dagster", "dev", "-m", _MODULE, "-h", host, "-p", str(port)]
    # A group of its own, so that whatever the services started can be stopped with them.
    services = subprocess.Popen(command, start_new_session=True)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        return services.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _signal_group(services.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            services.wait(GRACE_SECONDS)
        _signal_group(services.pid, signal.SIGKILL)


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)
