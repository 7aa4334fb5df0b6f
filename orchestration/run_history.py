"""Letting old runs go from the orchestrator's own history, which otherwise grows for ever.

Here: which runs may go, and removing them with their events and outputs. Not here: the records of the nights, which
are files of ours (``warehouse.housekeeping``).
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

FINISHED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def prune_runs(instance: dg.DagsterInstance, now: datetime, days: int) -> int:
    """Remove runs that finished more than so many days ago; a run that has not finished always stays.

    Args:
        instance: the orchestrator's instance.
        now: the time to count from, aware.
        days: at least 1.

    Returns:
        How many runs were removed.

    Raises:
        ValueError: days is below 1, or now is naive.
    """
    if days < 1 or now.tzinfo is None:
        raise ValueError(f"runs are kept for at least 1 day before an aware time, not {days} before {now}")
    before = now - timedelta(days=days)
    old = instance.get_run_records(dg.RunsFilter(statuses=list(FINISHED), updated_before=before))
    for record in old:
        run_id = record.dagster_run.run_id
        instance.delete_run(run_id)
        _remove_files(instance, run_id)
    return len(old)


def _remove_files(instance: dg.DagsterInstance, run_id: str) -> None:
    """What the default instance leaves of a deleted run: its folder, and its own, now empty, event database.

    Other storages have no such files, and nothing is removed.
    """
    shutil.rmtree(Path(instance.storage_directory()) / run_id, ignore_errors=True)
    events = Path(instance.root_directory) / "history" / "runs" / f"{run_id}.db"
    for file in (events, Path(f"{events}-wal"), Path(f"{events}-shm")):
        file.unlink(missing_ok=True)
