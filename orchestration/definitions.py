"""The code location: everything that dagster knows of provstat. A committed snapshot of it is held by a test."""

from __future__ import annotations

import os

import dagster as dg

from orchestration.defs import ingest, publish, quality, schedules, sensors, transform
from orchestration.session import NightSession

# Also where somebody starts dagster's own commands on this module.
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")

defs = dg.Definitions(
    assets=[
        ingest.read_landing_folders,
        transform.build_core,
        transform.ask_ledger,
        transform.build_marts,
        publish.release,
    ],
    asset_checks=[quality.judge_rules, quality.judge_marts],
    jobs=[schedules.NIGHTLY],
    schedules=[schedules.NIGHTLY_SCHEDULE],
    sensors=[sensors.LANDING_SENSOR],
    resources={"night": NightSession()},
    executor=dg.in_process_executor,
)
