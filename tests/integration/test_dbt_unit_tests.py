"""The dbt unit tests run, pass, and are those that the rule catalogue names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.catalogue import implemented_rules
from ingestion import lake
from orchestration import catalogue_tables, dbt_runs
from orchestration.dbt_runs import NodeResult
from orchestration.project import DBT_PROJECT
from warehouse.home import Home

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def unit_tests(tmp_path_factory: pytest.TempPathFactory) -> tuple[NodeResult, ...]:
    """Results of all unit tests, on relations that an empty lake gives."""
    home = Home.at(tmp_path_factory.mktemp("home"))
    home.ensure()
    lake.ensure(home.lake)
    catalogue_tables.write(home, "unit-tests", datetime(2026, 1, 1, 2, 0, tzinfo=UTC), None)
    built = dbt_runs.invoke(home, ["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"])
    assert [result.name for result in dbt_runs.failures(built)] == []
    return dbt_runs.invoke(home, ["test", "--select", "test_type:unit"])


def test_every_unit_test_passes(unit_tests: tuple[NodeResult, ...]) -> None:
    assert len(unit_tests) > 0
    assert {result.resource_type for result in unit_tests} == {"unit_test"}
    failed = [f"{result.name}: {result.message}" for result in unit_tests if result.status != "pass"]
    assert failed == []


def test_the_catalogue_names_unit_tests_that_ran(unit_tests: tuple[NodeResult, ...]) -> None:
    named = {name for rule in implemented_rules() for name in (*rule.must_fire, *rule.must_not_fire)}
    assert named - {result.name for result in unit_tests} == set()


def test_every_rule_family_and_the_time_models_have_unit_tests(unit_tests: tuple[NodeResult, ...]) -> None:
    tested = {Path(result.file).stem for result in unit_tests}
    families = {path.stem for path in (DBT_PROJECT / "models" / "candidates").glob("test_*.sql")}
    core = {"levels", "reading_spans", "figure_versions", "observation_versions", "target_groups"}
    assert families | core | {"targets", "target_progress"} <= tested
