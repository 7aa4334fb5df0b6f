"""When the night runs: one job over all assets and checks, at 02:00 in Shanghai."""

from __future__ import annotations

import dagster as dg

# In one process: the lock of the home is held by the process of the night, and starting one per step takes longer
# than the steps.
NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
    description="The whole night: landing folders to published warehouse.",
    executor_def=dg.in_process_executor,
    # Data failures repeat: a retry would only hold the lock longer.
    tags={"dagster/max_retries": "0"},
)

NIGHTLY_SCHEDULE = dg.ScheduleDefinition(
    name="nightly_0200",
    job=NIGHTLY,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:00 Asia/Shanghai; reads $PROVSTAT_LANDING, else the shipped samples.",
)
