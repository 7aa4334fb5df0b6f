"""A second process that prepares Great Expectations while the night builds the models, then runs the suites.

Importing it takes longer than most stages. The process ends with the night, also when the night is killed: its end of
the pipe is closed then, and that is all it waits for.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from expectations import gx_runner
from expectations.gx_runner import ExpectationOutcome
from expectations.gx_suites import Suite

GRACE_SECONDS = 3
"""To leave by itself, before it is ended."""


class WorkerError(RuntimeError):
    """The suites could not be run at all; the message says why."""


@dataclass(frozen=True)
class SuiteWorker:
    """The process and this end of its pipe."""

    process: BaseProcess
    pipe: Connection


def start() -> SuiteWorker:
    """Start the process; it begins with the import."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return SuiteWorker(process, ours)


def run(worker: SuiteWorker, database: Path, suites: Sequence[Suite]) -> tuple[ExpectationOutcome, ...]:
    """Run suites on a file.

    Raises:
        WorkerError: the process died or broke; nothing is known of the marts then.
    """
    try:
        worker.pipe.send((database, tuple(suites)))
        answer = worker.pipe.recv()
    except (EOFError, OSError) as error:
        raise WorkerError("the process that runs Great Expectations ended before it answered") from error
    if isinstance(answer, str):
        raise WorkerError(f"Great Expectations could not run: {answer}")
    outcomes: tuple[ExpectationOutcome, ...] = answer
    return outcomes


def stop(worker: SuiteWorker) -> None:
    """End the process: it leaves by itself when the pipe closes, unless it is still importing."""
    worker.pipe.close()
    worker.process.join(GRACE_SECONDS)
    worker.process.terminate()
    worker.process.join()


def _serve(pipe: Connection) -> None:
    try:
        gx_runner.preload()
        while True:
            database, suites = pipe.recv()
            try:
                pipe.send(gx_runner.run_suites(database, suites))
            except Exception as error:
                pipe.send(f"{type(error).__name__}: {error}")
    except (EOFError, OSError, KeyboardInterrupt):
        # Nothing is left to write; a normal exit lets the binding of duckdb list what it calls leaks on the screen.
        os._exit(0)
