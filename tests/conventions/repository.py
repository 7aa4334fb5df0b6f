"""What the convention tests read: the committed files, the YAML of the dbt project, the SQL of its models.

Only the standard library and PyYAML, so that these tests start at once.
"""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DBT = ROOT / "dbt_project"
MODELS = DBT / "models"
SEEDS = DBT / "seeds"
PACKAGES = ("ingestion", "expectations", "warehouse", "orchestration")
PUBLIC_LAYERS = ("marts", "quality", "reference")
DEFINITIONS = Path(__file__).with_name("definitions.json")


@dataclass(frozen=True)
class Described:
    """A model or seed as its YAML describes it."""

    layer: str
    name: str
    entry: dict[str, Any]
    file: str

    @property
    def columns(self) -> list[dict[str, Any]]:
        return list(self.entry.get("columns") or [])

    @property
    def tests(self) -> list[tuple[str | None, Any]]:
        """Column (None for a test of the table) and the entry of each dbt data test."""
        own: list[tuple[str | None, Any]] = [(None, test) for test in self.entry.get("data_tests") or []]
        return own + [(column["name"], test) for column in self.columns for test in column.get("data_tests") or []]


@cache
def described_models() -> tuple[Described, ...]:
    found = []
    for path in sorted(MODELS.glob("*/*.yml")):
        for entry in _yaml(path).get("models", []):
            found.append(Described(path.parent.name, entry["name"], entry, str(path.relative_to(ROOT))))
    return tuple(found)


@cache
def described_seeds() -> tuple[Described, ...]:
    path = SEEDS / "_seeds.yml"
    return tuple(
        Described("seeds", entry["name"], entry, str(path.relative_to(ROOT))) for entry in _yaml(path)["seeds"]
    )


@cache
def sources() -> dict[str, set[str]]:
    """Tables of each dbt source."""
    return {
        source["name"]: {table["name"] for table in source["tables"]}
        for path in sorted(MODELS.glob("*/*.yml"))
        for source in _yaml(path).get("sources", [])
    }


@cache
def vocabularies() -> dict[str, set[str]]:
    """Codes of each vocabulary of the seed."""
    found: dict[str, set[str]] = {}
    for row in seed_rows("vocabularies"):
        found.setdefault(row["vocabulary"], set()).add(row["code"])
    return found


def seed_rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def model_files() -> list[Path]:
    return sorted(MODELS.glob("*/*.sql"))


def sql_without_comments(text: str) -> str:
    """SQL with its comments blanked; line numbers stay."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(r"\{#.*?#\}|--[^\n]*|/\*.*?\*/", blank, text, flags=re.DOTALL)


@cache
def committed_files() -> tuple[Path, ...]:
    """Files that are committed or about to be: everything that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def package_files(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Python files of the packages with their syntax trees."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def listed(problems: list[str], remedy: str) -> str:
    """The message of a failing convention: what is wrong where, and what to do about it."""
    return "\n".join(["", *problems, remedy])


@cache
def _yaml(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return loaded
