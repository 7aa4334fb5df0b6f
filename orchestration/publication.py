"""Publication: the build file becomes a release, the ledger takes the night's events, the link is swapped.

The order matters. The release is complete and immutable before the ledger learns of the night, and the ledger before
the readers do: a death between two steps leaves the served release, and the next night repeats the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration import check_results, dbt_runs, faults, reconciliation
from orchestration.project import code_version
from warehouse.home import Home
from warehouse.housekeeping import tidy_lake, tidy_logs, tidy_reports
from warehouse.publish import build_release, swap_current, verify_release
from warehouse.release_meta import ReleaseMeta, write_meta
from warehouse.releases import current_release_id, prune
from warehouse.settings import read_settings

_COUNTED = {
    "figures": "marts.figures",
    "observations": "marts.observations",
    "targets": "marts.targets",
    "findings": "quality.findings",
    "rejected": "quality.rejected",
    "sources": "reference.sources",
}


_TIMED = """
    update quality.check_runs set seconds = ?
    where rule_id in (select rule_id from reference.rules where model = ? and state = 'implemented')
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication left behind."""

    release_id: str
    file: Path
    counts: Mapping[str, int]
    new_findings: int
    closed_findings: int
    reopened_findings: int


def release_name(now: datetime, run_id: str) -> str:
    """Name of a release: its run time and the start of its run id."""
    return f"{now:%Y%m%dT%H%M%SZ}-{run_id.replace('-', '')[:8]}"


def publish(home: Home, run_id: str, now: datetime, *, as_of: str | None) -> Published:
    """Publish the build file. With an as-of date the ledger is left alone: it is a look back, not a night.

    Raises:
        PublishError: the release could not be made or breaks the contract; what was served before still is.
    """
    release_id = release_name(now, run_id)
    counts = _complete(home, run_id, now, release_id)
    faults.point("build-complete")
    release = build_release(dbt_runs.build_file(home), home, release_id)
    verify_release(release, release_id)
    faults.point("release-built")
    settle = reconciliation.settle if as_of is None else reconciliation.reconciled
    result = settle(home, now, run_id)
    faults.point("ledger-appended")
    swap_current(home, release)
    faults.point("link-swapped")
    dbt_runs.build_file(home).unlink(missing_ok=True)
    faults.point("build-removed")
    return Published(release_id, release, counts, result.new, result.closed, result.reopened)


def tidy(home: Home, now: datetime) -> dict[str, int]:
    """Let go what is older than the settings say: releases, superseded readings, records of nights."""
    settings = read_settings(home)
    tidied = tidy_lake(home.lake, now, settings.lake_days)
    return {
        "releases": len(prune(home, settings.releases_keep)),
        "readings": tidied.readings,
        "records": tidy_logs(home, now, settings.logs_days),
        "reports": tidy_reports(home, now, settings.logs_days),
    }


def _complete(home: Home, run_id: str, now: datetime, release_id: str) -> dict[str, int]:
    """Add the check results and the one row about the release."""
    connection = duckdb.connect(str(dbt_runs.build_file(home)))
    try:
        rows = [
            (run_id, run.rule_id, run.outcome, run.tested, run.findings, run.seconds)
            for run in check_results.kept(home)
        ]
        known = {rule_id for (rule_id,) in connection.execute("select rule_id from quality.check_runs").fetchall()}
        fresh = [row for row in rows if row[1] not in known]
        if fresh:
            connection.executemany("insert into quality.check_runs values (?, ?, ?, ?, ?, ?)", fresh)
        for model, seconds in check_results.kept_seconds(home).items():
            connection.execute(_TIMED, [seconds, model])
        counts = {
            name: int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])
            for name, table in _COUNTED.items()
        }
        write_meta(
            connection,
            ReleaseMeta(
                release_id=release_id,
                run_id=run_id,
                built_at=now,
                previous_release_id=current_release_id(home),
                code_version=code_version(),
                counts=counts,
            ),
        )
    finally:
        connection.close()
    return counts
