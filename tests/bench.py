"""Benchmark of the night on the samples, first and unchanged, with the share of start-up; of readers and ledger.

Prints ratios and shares; asserts nothing, because a time is a property of the machine. Run: ``make bench``.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import bench_ledger, bench_reading, bench_returns

RUNS = 3
AIMS = {"first": 45.0, "unchanged": 20.0}

# What has to be imported before the night can start, each measured in an interpreter of its own.
STARTUP = {
    "interpreter": "pass",
    "dagster": "import dagster",
    "dbt": "from dbt.cli.main import dbtRunner",
    "dagster and dbt together": "import dagster, dagster_dbt; from dbt.cli.main import dbtRunner",
    "Great Expectations (second process, beside the models)": "import great_expectations",
}


def seconds_of(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Wall time of a command; its output is thrown away."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **(environment or {})})
    return time.perf_counter() - started


def night(home: Path) -> tuple[float, dict[str, float]]:
    """Wall time of one night on the samples, and the seconds of its stages."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "orchestration", "nightly", "--home", str(home)], check=True, capture_output=True
    )
    wall = time.perf_counter() - started
    latest = max((home / "logs" / "nights").glob("*.json"), key=lambda path: path.stat().st_mtime)
    record = json.loads(latest.read_text(encoding="utf-8"))
    return wall, {stage["stage"]: stage["seconds"] for stage in record["stages"]}


def main() -> None:
    """Measure and print."""
    console = Console(width=120)
    imports = {
        name: statistics.median(seconds_of([sys.executable, "-c", code]) for _ in range(RUNS))
        for name, code in STARTUP.items()
    }
    table = Table("start-up", "seconds (median)")
    for name, seconds in imports.items():
        table.add_row(name, f"{seconds:.1f}")
    console.print(table)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        nights = {"first": [night(home)], "unchanged": [night(home) for _ in range(RUNS)]}
    table = Table("night", "seconds (median)", "aim", "of it start-up", "stages", "orchestration between stages")
    for name, measured in nights.items():
        wall = statistics.median(wall for wall, _ in measured)
        stages = statistics.median(sum(stages.values()) for _, stages in measured)
        start = imports["dagster and dbt together"]
        rest = max(0.0, wall - stages - start)
        shares = (f"{part:.1f} ({part / wall:.0%})" for part in (start, stages, rest))
        table.add_row(name, f"{wall:.1f}", f"{AIMS[name]:.0f}", *shares)
    console.print(table)
    table = Table("stage", "first", "unchanged (median)")
    for stage in nights["first"][0][1]:
        later = statistics.median(stages.get(stage, 0.0) for _, stages in nights["unchanged"])
        table.add_row(stage, f"{nights['first'][0][1][stage]:.1f}", f"{later:.1f}")
    console.print(table)
    bench_reading.report(console)
    bench_returns.report(console)
    bench_ledger.report(console)


if __name__ == "__main__":
    main()
