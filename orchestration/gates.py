"""The gates in front of publication: our own faults hold the night, a source's never do.

What belongs here: asking the build file and the checks whether the night may be published, in words. What does not:
running dbt or the suites, publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from expectations.catalogue import implemented_rules
from expectations.gx_runner import ExpectationOutcome, holding
from ingestion.enterprises.codes import ALPHABET, LENGTH, holds_code
from orchestration import dbt_runs
from orchestration.dbt_runs import NodeResult
from orchestration.journal import GateOutcome
from warehouse.contract import lacking, uncommented
from warehouse.engine import identifier
from warehouse.home import Home

SHOWN = 4
"""Failures told in full: they fit on a screen."""
GATES = ("models", "balance", "contract", "disclosure", "rules_complete", "expectations")
"""Names of the gates: each is a blocking asset check."""

PUBLIC_SCHEMAS = ("marts", "quality", "reference")


def models_gate(results: Iterable[NodeResult]) -> GateOutcome:
    """Every model built and every dbt test passed."""
    failed = dbt_runs.failures(tuple(results))
    if not failed:
        return GateOutcome("models", True, "all models built, all tests passed")
    told = [f"{r.resource_type} {r.name} ({r.file}): {_shortened(r.message)}" for r in failed]
    return GateOutcome("models", False, _first_of(told))


def balance_beside_models(home: Home) -> tuple[GateOutcome, ...]:
    """The balance gate, if it is what held the models: it names the files where a failed test only counts rows."""
    try:
        with dbt_runs.reading(home) as connection:
            balance = _balance(connection)
    except duckdb.Error:
        return ()  # the models did not come that far
    return () if balance.passed else (balance,)


def warehouse_gates(home: Home) -> tuple[GateOutcome, ...]:
    """Balance, contract, disclosure and completeness of the rules, asked of the build file."""
    with dbt_runs.reading(home) as connection:
        return (
            _balance(connection),
            _contract(connection),
            disclosure_gate(connection),
            _rules_complete(connection),
        )


def expectations_gate(outcomes: Iterable[ExpectationOutcome]) -> GateOutcome:
    """No blocking expectation failed, and every expectation could run."""
    held = holding(outcomes)
    if not held:
        return GateOutcome("expectations", True, "every expectation ran; none that blocks failed")
    told = [f"{o.expectation_id} on {o.table}: {o.message or f'{o.unexpected} of {o.tested} rows'}" for o in held]
    return GateOutcome("expectations", False, _first_of(told))


def _balance(connection: duckdb.DuckDBPyConnection) -> GateOutcome:
    rows = connection.execute(
        "select file_name, recognised, figures, refused from quality.source_balance where lost <> 0 order by file_name"
    ).fetchall()
    if not rows:
        return GateOutcome("balance", True, "figures recognised = loaded + refused, for every delivery")
    told = [f"{name}: {seen} recognised, {kept} loaded, {refused} refused" for name, seen, kept, refused in rows]
    return GateOutcome("balance", False, _first_of(told))


def _contract(connection: duckdb.DuckDBPyConnection) -> GateOutcome:
    database = str(connection.execute("select current_database()").fetchall()[0][0])
    problems = [p for p in lacking(connection, database) if "meta.release" not in p]
    problems += uncommented(connection, database, PUBLIC_SCHEMAS)
    if not problems:
        return GateOutcome("contract", True, "every table and column of the public contract is there, with its comment")
    return GateOutcome("contract", False, _first_of(problems))


def disclosure_gate(connection: duckdb.DuckDBPyConnection) -> GateOutcome:
    """No unified social credit code in any public text (CF-06); the message names columns, never what stands there."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where list_contains($schemas, schema_name) and data_type = 'VARCHAR' and database_name = current_database()",
        {"schemas": list(PUBLIC_SCHEMAS)},
    ).fetchall()
    told = []
    for schema, table, column in columns:
        name = ".".join(map(identifier, (schema, table)))
        rows = connection.execute(
            f"select distinct {identifier(column)} from {name} where regexp_matches({identifier(column)}, $pattern)",
            {"pattern": f"[{ALPHABET}]{{{LENGTH}}}"},
        ).fetchall()
        if any(holds_code(text) for (text,) in rows):
            told.append(f"{schema}.{table}.{column}")
    if not told:
        return GateOutcome("disclosure", True, "no code of an enterprise in any public text")
    return GateOutcome("disclosure", False, f"a unified social credit code stands in {', '.join(told[:SHOWN])}")


def _rules_complete(connection: duckdb.DuckDBPyConnection) -> GateOutcome:
    ran = {rule_id for (rule_id,) in connection.execute("select rule_id from quality.check_runs").fetchall()}
    missing = sorted(rule.rule_id for rule in implemented_rules() if rule.rule_id not in ran)
    if not missing:
        return GateOutcome("rules_complete", True, f"all {len(ran)} rules of the catalogue have an outcome")
    return GateOutcome("rules_complete", False, f"no outcome for {', '.join(missing)}")


def _first_of(told: Sequence[str]) -> str:
    """The first few of what is to be told, and how many more there are."""
    more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
    return "; ".join([*told[:SHOWN], *more])


def _shortened(text: str) -> str:
    """The head of what dbt says: of a broken contract also its table of columns."""
    lines = [" ".join(line.strip("| ").split()) for line in text.splitlines()]
    return " ".join(line for line in lines if line.strip("-| "))[:400]
