"""One night in this process: the nightly job from start to end, and what its record says."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from orchestration import aftermath
from orchestration.journal import NightRecord, read_journal
from orchestration.run_history import prune_runs
from orchestration.session import NightSession, parse_time
from warehouse.home import HOME_VARIABLE, Home
from warehouse.lock import night_lock
from warehouse.settings import read_settings

PUBLISHED, HELD, USAGE = 0, 1, 2
"""Exit codes of a night: published, held or failed, and not started (usage, configuration or lock)."""


@dataclass(frozen=True, slots=True)
class Night:
    """A finished night: its exit code and its record."""

    exit_code: int
    record: NightRecord


_DAGSTER = """\
telemetry:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: KeptEventLogStorage
"""
"""Settings of dagster in a home; they name no folder, so that a home can be moved."""


def prepare(home: Home) -> None:
    """Point this process at a home before the definitions are imported, with every telemetry off."""
    os.environ[HOME_VARIABLE] = str(home.root)
    os.environ.setdefault("DAGSTER_HOME", str(home.dagster))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_DAGSTER, encoding="utf-8")


def run_night(home: Home, landings: Sequence[Path] = (), *, now: str | None = None, as_of: str | None = None) -> Night:
    """Run the nightly job in this process.

    Args:
        home: the home; created where it is missing.
        landings: landing folders; none means ``$PROVSTAT_LANDING``, else the shipped samples.
        now: run time, ISO; None reads the clock.
        as_of: a date: build what was known on that day.

    Raises:
        HomeError: the home cannot be used.
        HomeLocked: another night is running; names it.
        SettingsError: ``provstat.toml`` of the home is wrong.
        ValueError: ``now`` or ``as_of`` is no date.
    """
    _check_time("--now", now, parse_time, "2026-01-05T02:00:00+08:00")
    _check_time("--as-of", as_of, date.fromisoformat, "2026-01-05")
    home.ensure()
    settings = read_settings(home)
    run_id = str(uuid.uuid4())
    with night_lock(home, run_id):
        prepare(home)
        from orchestration.definitions import defs

        job = defs.resolve_job_def("nightly")
        session = NightSession(
            home=str(home.root),
            landing=[str(folder) for folder in landings],
            now=now or "",
            as_of=as_of or "",
        )
        trouble = ""
        try:
            with dg.DagsterInstance.get() as instance:
                job.execute_in_process(
                    run_id=run_id,
                    instance=instance,
                    raise_on_error=False,
                    resources={"night": session},
                    # The summary speaks to people; dagster keeps every event in its own store.
                    run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                )
                # By dagster's own clock, which stamps the runs.
                prune_runs(instance, datetime.now(UTC), settings.runs_days)
        except Exception as error:
            # dagster could not keep its own record, for instance on a full disk: the night has failed, and says so.
            trouble = f"{type(error).__name__}: {error}"
        record = read_journal(home, run_id)
        if record is None:  # it died before its record was opened, and what follows a night has not been either
            started = parse_time(now) if now else datetime.now(UTC)
            record = NightRecord(run_id, str(home.root), started.isoformat(), outcome="failed", message=trouble)
            aftermath.tell(home, record)
        record.message = record.message or trouble
    return Night(PUBLISHED if record.outcome == "published" else HELD, record)


def _check_time(option: str, text: str | None, read: Callable[[str], object], example: str) -> None:
    if text:
        try:
            read(text)
        except ValueError as error:
            raise ValueError(f"{option} {text}: {error}; write it like {example}") from error
