"""Where the project's own files lie, and which version of the code this is."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT = ROOT / "dbt_project"
SAMPLES = (ROOT / "ingestion" / "samples" / "plans", ROOT / "ingestion" / "samples" / "returns")
"""The default landing folders. The synthetic set lies beside them and is read only when it is named."""


@cache
def code_version() -> str:
    """Version of the distribution and a hash of the code that decides what is published."""
    digest = hashlib.sha256()
    for package in ("ingestion", "expectations", "warehouse", "orchestration", "dbt_project"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".sql", ".yml", ".csv", ".json"} and "samples" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{version('provstat')}+{digest.hexdigest()[:12]}"
