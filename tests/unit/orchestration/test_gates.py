"""Each gate alone: what lets a night pass, what holds it, and the words in which it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.catalogue import implemented_rules
from expectations.gx_runner import ExpectationOutcome
from orchestration import gates
from orchestration.dbt_runs import NodeResult, build_file
from orchestration.journal import GateOutcome
from warehouse.contract import CONTRACT
from warehouse.home import Home

NODE = NodeResult(
    "test.provstat.figures_unique", "figures_unique", "test", "pass", 0, 0.1, "", "models/marts/figures.yml"
)
EXPECTATION = ExpectationOutcome(
    suite="figures",
    expectation_id="GX-FIG-01",
    table="marts.figures",
    column="value",
    outcome="pass",
    tested=10,
    unexpected=0,
    sample=(),
    message="",
    seconds=0.1,
    severity="error",
    blocks=True,
    fault="ours",
    title_zh="试验",
    title_en="test",
)

Build = Callable[..., Home]


@pytest.fixture
def built(tmp_path: Path) -> Build:
    """A home with a build file that keeps the contract, but for what a test changes in it by SQL."""

    def make(*statements: str) -> Home:
        home = Home.at(tmp_path / "home").ensure()
        with duckdb.connect(str(build_file(home))) as connection:
            for schema in ("marts", "quality", "reference"):
                connection.execute(f"create schema {schema}")
            balance = ("file_name", "recognised", "figures", "refused", "lost")
            tables = {**CONTRACT.tables, "quality.source_balance": balance}
            for name, columns in tables.items():
                if not name.startswith("meta."):
                    _table(connection, name, columns or ("code",))
            for rule in implemented_rules():
                connection.execute("insert into quality.check_runs (rule_id) values (?)", [rule.rule_id])
            connection.execute("insert into quality.source_balance values ('a.txt', '3', '2', '1', '0')")
            for statement in statements:
                connection.execute(statement)
        return home

    return make


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: Iterable[str]) -> None:
    connection.execute(f"create table {name} ({', '.join(f'{column} varchar' for column in columns)})")
    connection.execute(f"comment on table {name} is '某表'")
    for column in columns:
        connection.execute(f"comment on column {name}.{column} is '某列'")


def _held(outcomes: Iterable[GateOutcome]) -> dict[str, str]:
    return {outcome.gate: outcome.message for outcome in outcomes if not outcome.passed}


def test_a_sound_build_passes_every_gate(built: Build) -> None:
    asked = gates.warehouse_gates(built())

    assert [outcome.gate for outcome in asked] == ["balance", "contract", "disclosure", "rules_complete"]
    assert _held(asked) == {}
    assert gates.models_gate([NODE]).passed
    assert gates.expectations_gate([EXPECTATION]).passed
    assert {o.gate for o in (*asked, gates.models_gate([]), gates.expectations_gate([]))} == set(gates.GATES)


@pytest.mark.parametrize("status", ["fail", "error", "runtime error"])
def test_a_failed_node_holds_and_is_named_with_its_file(status: str) -> None:
    told = "\n\n  Got 2 results,\n  configured to fail if != 0\n"
    outcome = gates.models_gate([NODE, replace(NODE, status=status, message=told)])

    assert not outcome.passed
    assert outcome.message == (
        "test figures_unique (models/marts/figures.yml): Got 2 results, configured to fail if != 0"
    )


def test_what_was_skipped_after_a_failure_is_no_cause() -> None:
    failed = replace(NODE, name="broken", resource_type="model", status="error", message="Binder Error: no column x")
    outcome = gates.models_gate([failed, replace(NODE, status="skipped", name="later")])

    assert "model broken" in outcome.message
    assert "later" not in outcome.message


def test_many_failures_fit_on_a_screen() -> None:
    outcome = gates.models_gate([replace(NODE, status="fail", name=f"t{n}", message="x" * 900) for n in range(30)])

    assert len(outcome.message) < 2000
    assert outcome.message.endswith("; and 26 more")


def test_a_lost_figure_holds_and_its_file_is_named(built: Build) -> None:
    home = built("insert into quality.source_balance values ('b.xlsx', '9', '7', '1', '1')")

    assert _held(gates.warehouse_gates(home)) == {"balance": "b.xlsx: 9 recognised, 7 loaded, 1 refused"}
    assert _held(gates.balance_beside_models(home)) == {"balance": "b.xlsx: 9 recognised, 7 loaded, 1 refused"}


def test_the_balance_is_told_beside_the_models_only_where_it_is_wrong(built: Build, tmp_path: Path) -> None:
    assert gates.balance_beside_models(built()) == ()
    assert gates.balance_beside_models(Home.at(tmp_path / "none").ensure()) == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("drop table marts.targets", "table marts.targets is missing"),
        ("alter table marts.figures drop column cell", "column marts.figures.cell is missing"),
        ("comment on column marts.figures.value is null", "column marts.figures.value has no comment"),
        ("comment on table quality.findings is ' '", "table quality.findings has no comment"),
    ],
)
def test_a_broken_contract_holds_and_the_column_is_named(built: Build, statement: str, told: str) -> None:
    held = _held(gates.warehouse_gates(built(statement)))

    assert held.keys() == {"contract"}
    assert told in held["contract"]


def test_a_rule_without_an_outcome_holds_and_is_named(built: Build) -> None:
    home = built("delete from quality.check_runs where rule_id in ('B1-36', 'B1-28')")

    assert _held(gates.warehouse_gates(home)) == {"rules_complete": "no outcome for B1-28, B1-36"}


def test_an_expectation_that_blocks_and_fails_holds() -> None:
    failed = replace(EXPECTATION, outcome="fail", unexpected=3)
    outcome = gates.expectations_gate([EXPECTATION, failed])

    assert not outcome.passed
    assert outcome.message == "GX-FIG-01 on marts.figures: 3 of 10 rows"


def test_an_expectation_that_does_not_block_only_tells() -> None:
    assert gates.expectations_gate([replace(EXPECTATION, outcome="fail", blocks=False, unexpected=3)]).passed
    assert gates.expectations_gate([replace(EXPECTATION, outcome="not_applicable", tested=0)]).passed


def test_an_expectation_that_could_not_run_holds_whether_or_not_it_blocks() -> None:
    broken = replace(EXPECTATION, outcome="error", blocks=False, message="no column value2")
    outcome = gates.expectations_gate([broken])

    assert not outcome.passed
    assert outcome.message == "GX-FIG-01 on marts.figures: no column value2"
