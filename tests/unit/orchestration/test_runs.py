"""What the night passes between its steps: times, landing folders, check results, the version of the project."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from expectations.lifecycle import LedgerState
from orchestration import catalogue_tables, check_results, dbt_runs
from orchestration.check_results import CheckRun
from orchestration.dbt_runs import NodeResult
from orchestration.project import DBT_PROJECT, SAMPLES, code_version
from orchestration.publication import release_name
from orchestration.reconciliation import write_statuses
from orchestration.session import default_landings, parse_time
from warehouse.home import Home

NIGHT = datetime(2026, 1, 4, 18, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").ensure()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T02:00:00+08:00", NIGHT),
        ("2026-01-04T18:00:00Z", NIGHT),
        ("2026-01-04T18:00:00", NIGHT),
        ("2026-01-04", NIGHT.replace(hour=0)),
    ],
)
def test_a_time_without_a_zone_is_utc(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected
    assert parse_time(text).tzinfo is UTC


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="tonight"):
        parse_time("tonight")


def test_landing_folders_come_from_the_environment_else_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSTAT_LANDING", "/a:/b")
    assert default_landings() == (Path("/a"), Path("/b"))
    monkeypatch.setenv("PROVSTAT_LANDING", "")
    assert default_landings() == SAMPLES
    assert all(folder.is_dir() for folder in SAMPLES)
    assert not any("synthetic" in folder.parts for folder in SAMPLES)


def test_check_results_are_kept_apart_by_part_and_cleared(home: Home) -> None:
    first = CheckRun("DBT-a", "pass", 1, 0, 0.5)
    check_results.keep(home, "dbt_models", [first])
    check_results.keep(home, "suites", [CheckRun("GX-1", "fail", 9, 2, None)])
    check_results.keep(home, "suites", [CheckRun("GX-1", "pass", 9, 0, None)])

    assert check_results.kept(home) == (first, CheckRun("GX-1", "pass", 9, 0, None))
    check_results.clear(home)
    assert check_results.kept(home) == ()


def test_a_dbt_test_that_could_not_run_is_no_failure_of_the_data() -> None:
    def node(name: str, kind: str, status: str, failures: int) -> NodeResult:
        return NodeResult(f"{kind}.{name}", name, kind, status, failures, 0.1234, "", "models/x.yml")

    runs = check_results.of_dbt(
        [
            node("a", "test", "pass", 0),
            node("b", "test", "fail", 2),
            node("c", "test", "error", 0),
            node("m", "model", "success", 0),
        ]
    )

    assert [(run.rule_id, run.outcome, run.findings, run.seconds) for run in runs] == [
        ("DBT-a", "pass", 0, 0.123),
        ("DBT-b", "fail", 2, 0.123),
        ("DBT-c", "error", 0, 0.123),
    ]


@pytest.mark.parametrize(("seen", "bad", "outcome"), [(0, 0, "not_applicable"), (5, 0, "pass"), (5, 1, "fail")])
def test_the_gate_of_the_lake_is_one_check(seen: int, bad: int, outcome: str) -> None:
    assert check_results.of_arrival(seen, bad) == CheckRun("ARRIVAL-figures", outcome, seen, bad, None)


def test_the_night_writes_its_own_tables(home: Home) -> None:
    catalogue_tables.write(home, "run-1", NIGHT, "2026-01-01")
    tables = {path.stem: pl.read_parquet(path) for path in (home.lake / "night").glob("*.parquet")}

    assert tables["night"].rows() == [("run-1", NIGHT.replace(tzinfo=None), NIGHT.replace(day=1, hour=0).date())]
    assert tables["rules"]["rule_id"].is_unique().all()
    assert {"B1-28", "B1-36"} <= set(tables["rules"]["rule_id"])
    assert set(tables["rule_parameters"]["rule_id"]) <= set(tables["rules"]["rule_id"])
    assert tables["finding_status"].is_empty()


def test_the_statuses_of_the_ledger_outlive_the_next_start(home: Home) -> None:
    state = LedgerState("fnd_1", "B1-36", "open", NIGHT, NIGHT, "hash", True)
    write_statuses(home, (state,))
    catalogue_tables.write(home, "run-2", NIGHT, None)
    stored = pl.read_parquet(home.lake / "night" / "finding_status.parquet")

    assert stored.select("finding_id", "status").rows() == [("fnd_1", "open")]
    assert pl.read_parquet(home.lake / "night" / "night.parquet")["as_of"].to_list() == [None]


def test_a_release_is_named_by_time_and_run(home: Home) -> None:
    name = release_name(NIGHT, "162f77f8-8253-4a6c-b6da-66e9122ab982")

    assert name == "20260104T180000Z-162f77f8"
    assert home.release_file(name).name == f"{name}.duckdb"


def test_the_version_says_what_code_ran() -> None:
    number, _, digest = code_version().partition("+")

    assert number
    assert len(digest) == 12
    assert int(digest, 16) >= 0


def test_the_build_file_is_private_and_always_the_same(home: Home) -> None:
    assert dbt_runs.build_file(home).parent == home.build
    assert dbt_runs.environment(home)["PROVSTAT_BUILD_FILE"] == str(dbt_runs.build_file(home))
    assert dbt_runs.environment(home)["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "0"
    assert DBT_PROJECT.joinpath("dbt_project.yml").is_file()
