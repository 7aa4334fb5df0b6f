"""A second process that prepares Great Expectations while the night builds the models, then runs the suites.

Importing it takes longer than most stages. The process ends with the night, also when the night is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

from expectations import gx_runner


def start() -> ProcessPoolExecutor:
    """Start the process; its first task is the import."""
    worker = ProcessPoolExecutor(
        max_workers=1, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
    )
    worker.submit(gx_runner.preload)
    return worker


def _end_with_parent() -> None:
    """Leave when the parent is gone; a killed parent cannot say so itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent.sentinel,), daemon=True).start()


def _leave_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
