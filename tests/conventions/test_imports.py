"""Imports run one way: orchestration may import the others; the others know neither dagster nor each other."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conventions import repository as repo

MAY_IMPORT = {
    "ingestion": {"ingestion"},
    "expectations": {"expectations"},
    "warehouse": {"warehouse"},
    "orchestration": set(repo.PACKAGES),
}
SCHEDULERS = {"dagster", "dagster_dbt", "dagster_webserver", "dbt"}
DATABASES = {"duckdb", "duckdb_engine", "sqlalchemy", "sqlite3"}
SQL = re.compile(
    r"\bselect\s.+?\sfrom\s|\binsert\s+into\b|\bcreate\s+(table|view)\b|\bupdate\s+\w+\s+set\b", re.I | re.S
)


def imported(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and dotted name of every import, also inside functions; from a import b gives a.b."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{start}.{alias.name}") for alias in node.names]
    return found


def crossing(package: str, forbidden: set[str]) -> list[str]:
    return [
        f"{repo.relative(path)}:{line} imports {name}"
        for path, tree in repo.package_files(package)
        for line, name in imported(tree)
        if name.partition(".")[0] in forbidden
    ]


@pytest.mark.parametrize("package", repo.PACKAGES)
def test_packages_import_only_what_they_may(package: str) -> None:
    problems = crossing(package, set(repo.PACKAGES) - MAY_IMPORT[package] | {"tests"})
    assert not problems, repo.listed(problems, "Hand the value over in orchestration instead; imports run one way.")


@pytest.mark.parametrize("package", ["ingestion", "expectations", "warehouse"])
def test_only_orchestration_knows_the_scheduler(package: str) -> None:
    problems = crossing(package, SCHEDULERS)
    assert not problems, repo.listed(problems, "Dagster and dbt are orchestration's; write a plain function here.")


def test_ingestion_has_no_database_and_no_sql() -> None:
    problems = crossing("ingestion", DATABASES)
    for path, tree in repo.package_files("ingestion"):
        problems += [
            f"{repo.relative(path)}:{node.lineno} holds SQL"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
        ]
    assert not problems, repo.listed(problems, "ingestion writes the lake; models read it.")


def test_imports_are_absolute() -> None:
    problems = [
        f"{repo.relative(path)}:{line} imports {name}"
        for path, tree in repo.package_files()
        for line, name in imported(tree)
        if name.startswith(".")
    ]
    assert not problems, repo.listed(problems, "Write the whole name; a search for a module then finds all its users.")


def test_modules_keep_their_underscored_names_to_themselves() -> None:
    problems = [
        f"{repo.relative(path)}:{line} imports {name}"
        for path, tree in repo.package_files()
        for line, name in imported(tree)
        if name.partition(".")[0] in repo.PACKAGES and any(part.startswith("_") for part in name.split("."))
    ]
    assert not problems, repo.listed(problems, "What two modules use has a public name.")


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path, _ in repo.package_files()}
    problems = [repo.relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()]
    assert not problems, repo.listed(problems, "Add an __init__.py that says what the folder is.")


@pytest.mark.parametrize("package", ["ingestion", "expectations", "warehouse"])
def test_packages_import_cleanly_and_without_the_others(package: str, tmp_path: Path) -> None:
    """In a process of its own: every module imports, says nothing, and pulls in nothing that it must not know.

    Modules that import Great Expectations are left out, for speed: its import alone takes seconds.
    """
    modules = [
        ".".join(path.relative_to(repo.ROOT).with_suffix("").parts)
        for path, tree in repo.package_files(package)
        if path.stem != "__init__" and not any(name.startswith("great_expectations") for _, name in imported(tree))
    ]
    assert modules
    forbidden = sorted(set(repo.PACKAGES) - {package} | {"dagster", "dbt"})
    script = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print([name for name in {forbidden!r} if name in sys.modules])\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", script],
        cwd=repo.ROOT,
        env={"PATH": "", "PROVSTAT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert (outcome.stdout.strip(), outcome.stderr) == ("[]", "")
    assert not (tmp_path / "home").exists(), f"Importing {package} writes into the home."
