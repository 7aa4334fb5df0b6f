"""The dagster definitions as data. ``python -m tests.conventions.snapshot`` rewrites the committed definitions.json.

With a file name it writes there instead. The definitions are imported in a home of their own, so nothing of a real
home is read or touched.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.conventions.repository import DEFINITIONS

COMMAND = "python -m tests.conventions.snapshot"


def observed() -> dict[str, Any]:
    """What dagster knows: assets with what they depend on, checks with their blocking flag, jobs and schedules."""
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    assets = {key.to_user_string(): graph.get(key) for key in graph.get_all_asset_keys()}
    checks = {f"{key.asset_key.to_user_string()}/{key.name}": graph.get(key) for key in graph.asset_check_keys}
    jobs = {}
    for job in defs.resolve_all_job_defs():
        if job.name.startswith("__"):
            continue
        layer = job.asset_layer
        run = {key.to_user_string() for key in layer.executable_asset_keys}
        checked = {f"{key.asset_key.to_user_string()}/{key.name}" for key in layer.asset_graph.asset_check_keys}
        jobs[job.name] = {"leaves_out": sorted((set(assets) - run) | (set(checks) - checked))}
    return {
        "assets": {
            name: {"group": node.group_name, "depends_on": sorted(key.to_user_string() for key in node.parent_keys)}
            for name, node in sorted(assets.items())
        },
        "external": sorted(name for name, node in assets.items() if not node.is_materializable),
        "checks": {name: {"blocking": node.blocking} for name, node in sorted(checks.items())},
        "jobs": jobs,
        "schedules": {
            schedule.name: {
                "cron": schedule.cron_schedule,
                "timezone": schedule.execution_timezone,
                "job": schedule.job_name,
                "status": schedule.default_status.value,
            }
            for schedule in defs.get_repository_def().schedule_defs
        },
        "sensors": sorted(sensor.name for sensor in defs.sensors or ()),
    }


def text_of(definitions: dict[str, Any]) -> str:
    """JSON with one line per asset, check, job and schedule, so that a change is one line of a diff."""
    sections = []
    for name, content in definitions.items():
        if isinstance(content, dict) and content:
            lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
            sections.append(f"  {json.dumps(name)}: {{\n{lines}\n  }}")
        else:
            sections.append(f"  {json.dumps(name)}: {json.dumps(content)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def write(file: Path) -> None:
    """Import the definitions in a home of their own and write them down."""
    from orchestration.night import prepare
    from warehouse.home import Home

    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder) / "home").ensure()
        prepare(home)
        file.write_text(text_of(observed()), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFINITIONS)
