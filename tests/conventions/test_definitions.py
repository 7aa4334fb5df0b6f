"""The dagster definitions are the committed ones, and they hold what the design promises of every night."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conventions import repository as repo
from tests.conventions.snapshot import COMMAND

Definitions = dict[str, Any]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    """The definitions as imported now, in a process and a home of their own."""
    file = tmp_path_factory.mktemp("definitions") / "observed.json"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROVSTAT_", "DAGSTER_"))}
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.conventions.snapshot", str(file)],
        cwd=repo.ROOT,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, f"The definitions do not import:\n{outcome.stderr[-3000:]}"
    loaded: Definitions = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def committed() -> Definitions:
    loaded: Definitions = json.loads(repo.DEFINITIONS.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("section", ["assets", "external", "checks", "jobs", "schedules", "sensors"])
def test_definitions_are_the_committed_ones(observed: Definitions, committed: Definitions, section: str) -> None:
    now, then = observed[section], committed[section]
    if isinstance(now, list):
        now, then = dict.fromkeys(now, "present"), dict.fromkeys(then, "present")
    changes = [f"+ {name}: {now[name]}" for name in now if name not in then]
    changes += [f"- {name}: {then[name]}" for name in then if name not in now]
    changes += [f"~ {name}: {then[name]} -> {now[name]}" for name in now if name in then and now[name] != then[name]]
    assert not changes, repo.listed(
        changes, f"The {section} differ from tests/conventions/definitions.json. If that is meant: {COMMAND}"
    )


def test_no_asset_is_external(observed: Definitions) -> None:
    assert observed["external"] == [], "Something is named as upstream that no asset makes: check its key."


def test_every_model_and_seed_is_an_asset(observed: Definitions) -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in repo.model_files()}
    files |= {f"seeds/{path.stem}" for path in repo.SEEDS.glob("*.csv")}
    made = {key for key in observed["assets"] if key.partition("/")[0] not in {"lake", "night", "published"}}
    assert made == files, "An asset without a file, or a file that no asset builds."


def test_every_source_table_is_an_asset(observed: Definitions) -> None:
    tables = {f"{source}/{table}" for source, names in repo.sources().items() for table in names}
    assert tables <= set(observed["assets"]), "Python writes each table that _lake.yml declares, as an asset."


def test_publication_waits_for_every_public_model(observed: Definitions) -> None:
    public = {
        f"{path.parent.name}/{path.stem}" for path in repo.model_files() if path.parent.name in repo.PUBLIC_LAYERS
    }
    missing = public - set(observed["assets"]["published/release"]["depends_on"])
    assert not missing, f"published/release does not wait for {sorted(missing)}"


def test_every_asset_is_there_for_the_release(observed: Definitions) -> None:
    assets = observed["assets"]
    used = {"published/release"}
    while grown := {upstream for key in used for upstream in assets[key]["depends_on"]} - used:
        used |= grown
    # Code lists that only the reader and the published file use.
    idle = {key for key in set(assets) - used if not key.startswith("seeds/")}
    assert not idle, f"Nothing published depends on {sorted(idle)}"


def test_every_rule_is_a_check_that_does_not_block(observed: Definitions) -> None:
    from expectations.catalogue import implemented_rules

    for rule in implemented_rules():
        check = observed["checks"].get(f"quality/check_runs/{rule.rule_id.replace('-', '_')}")
        assert check is not None, f"{rule.rule_id} is in the catalogue and is no asset check"
        assert not check["blocking"], f"{rule.rule_id}: what a source did wrong never holds the night"


def test_every_suite_is_a_check_on_its_table(observed: Definitions) -> None:
    for file in sorted((repo.ROOT / "expectations" / "suites").glob("*.yml")):
        suite = yaml.safe_load(file.read_text(encoding="utf-8"))
        name = f"{suite['table'].replace('.', '/')}/suite_{suite['suite']}"
        assert name in observed["checks"], f"{file.name} is a suite and no asset check {name}"
        assert file.stem == suite["suite"], f"{file.name} holds suite {suite['suite']}"


def test_every_gate_is_a_blocking_check(observed: Definitions) -> None:
    tree = repo.parsed(repo.ROOT / "orchestration" / "gates.py")
    (gates,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "GATES"
    )
    checks = {name.rpartition("/")[2]: check for name, check in observed["checks"].items() if "/gate_" in name}
    assert set(checks) == {f"gate_{gate}" for gate in gates}
    assert all(check["blocking"] for check in checks.values()), checks


def test_dbt_tests_block(observed: Definitions) -> None:
    tests = {name: check["blocking"] for name, check in observed["checks"].items() if "__" in name.rpartition("/")[2]}
    declared = {
        body["name"]
        for table in (*repo.described_models(), *repo.described_seeds())
        for _, test in table.tests
        for body in test.values()
    }
    assert {name.rpartition("/")[2] for name in tests} == declared, "A dbt test that is no asset check, or the reverse."
    assert all(tests.values()), [name for name, blocking in tests.items() if not blocking]


def test_the_night_runs_everything_once_a_day(observed: Definitions) -> None:
    assert observed["jobs"] == {"nightly": {"leaves_out": []}}
    (schedule,) = observed["schedules"].values()
    assert schedule == {"cron": "0 2 * * *", "timezone": "Asia/Shanghai", "job": "nightly", "status": "RUNNING"}


def test_telemetry_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.night import prepare
    from warehouse.home import HOME_VARIABLE, Home

    # Set first, so that what prepare sets is taken back.
    for name in (HOME_VARIABLE, "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DBT_SEND_ANONYMOUS_USAGE_STATS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    home = Home.at(tmp_path / "home").ensure()
    prepare(home)
    settings = yaml.safe_load((home.dagster / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"]["enabled"] is False
    assert os.environ["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "0"
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
    project = yaml.safe_load((repo.DBT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False
    makefile = (repo.ROOT / "Makefile").read_text(encoding="utf-8")
    for line in (
        "DAGSTER_DISABLE_TELEMETRY = yes",
        "DBT_SEND_ANONYMOUS_USAGE_STATS = 0",
        "GX_ANALYTICS_ENABLED = false",
    ):
        assert f"export {line}" in makefile
