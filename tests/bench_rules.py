"""The rules over ten million synthetic figures: time, memory, planted errors found, and against SQL written by hand.

``python -m tests.bench_rules [regions]`` (5,000 by default). ``bench_rules_data.sql`` makes the figures in a
private file with the shape of the core tables; nothing of a real home is read or touched. 合成数据。
"""

from __future__ import annotations

import re
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from ingestion import lake
from orchestration import catalogue_tables, dbt_runs
from orchestration.dbt_runs import NodeResult
from warehouse.home import Home

HERE = Path(__file__).parent
AIM_SECONDS, AIM_RATIO, AIM_GIGABYTES = 120, 1.5, 8
MODELS = ("levels", "region_memberships", "provstat.candidates")
GX_ROWS = 1_000_000


def make(home: Home, regions: int) -> int:
    """The private build file with synthetic core tables; gives the number of figures."""
    lake.ensure(home.lake)
    catalogue_tables.write(home, "bench", datetime(2026, 1, 1, 2, 0, tzinfo=UTC), None)
    dbt_runs.invoke(home, ["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"])
    counties = 99
    text = (HERE / "bench_rules_data.sql").read_text(encoding="utf-8")
    text = text.replace("$parents", str(max(2, regions // (counties + 1)))).replace("$counties", str(counties))
    with duckdb.connect(str(dbt_runs.build_file(home))) as connection:
        for view in ("core.levels",):
            connection.execute(f"drop table if exists {view}")
        connection.execute(text)
        return int(connection.execute("select count(*) from core.observation_versions").fetchall()[0][0])


def run_rules(home: Home) -> tuple[float, tuple[NodeResult, ...]]:
    """Wall seconds of all rule models, as dbt runs them in a night, and each model's own."""
    started = time.perf_counter()
    results = dbt_runs.invoke(home, ["run", "--select", *MODELS])
    wall = time.perf_counter() - started
    failed = [f"{result.name}: {result.message}" for result in dbt_runs.failures(results)]
    if failed:
        raise SystemExit("\n".join(failed))
    return wall, results


def run_by_hand(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, set[str], int]]:
    """Seconds, failing figures and number of tests of each rule written by hand."""
    parts = re.split(r"-- rule: (\S+)\n", (HERE / "bench_rules_by_hand.sql").read_text(encoding="utf-8"))[1:]
    found = {}
    for rule_id, statement in zip(parts[::2], parts[1::2], strict=True):
        started = time.perf_counter()
        rows = connection.execute(statement).fetchall()
        seconds = time.perf_counter() - started
        found[rule_id] = (seconds, {row[0] for row in rows if row[0]}, sum(row[1] for row in rows if not row[0]))
    return found


def findings(connection: duckdb.DuckDBPyConnection, rule_id: str) -> tuple[set[str], int]:
    """The engine's subject figures of a rule, and its number of tests."""
    roles = "('level', 'subset', 'whole', 'ratio', 'later', 'neighbour', 'one')" if rule_id != "B1-12" else "('subset')"
    roles = "('subset')" if rule_id in ("B1-12", "B1-13") else roles
    figures = connection.execute(
        f"select distinct figure_id from candidates.rule_test_figures where rule_id = ? and role in {roles}", [rule_id]
    ).fetchall()
    counts = connection.execute(
        "select sum(tests) from candidates.rule_counts where rule_id = ? and outcome <> 'not_applicable'", [rule_id]
    ).fetchall()
    return {row[0] for row in figures}, int(counts[0][0] or 0)


def against_gx(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """Seconds of Great Expectations on pandas, and of SQL, for limits and whole keys over a million rows."""
    import great_expectations as gx

    rows = f"(select * from core.levels limit {GX_ROWS})"
    frame = (
        connection.execute(f"select figure_id, value::double as value, indicator_code, region_code from {rows}")
        .to_arrow_table()
        .to_pandas()
    )
    context = gx.get_context(mode="ephemeral")
    batch = (
        context.data_sources.add_pandas("bench")
        .add_dataframe_asset("levels")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = gx.ExpectationSuite(
        name="bench",
        expectations=[
            gx.expectations.ExpectColumnValuesToBeBetween(column="value", min_value=0),
            gx.expectations.ExpectColumnValuesToBeBetween(column="value", max_value=1e12),
            gx.expectations.ExpectColumnValuesToNotBeNull(column="figure_id"),
            gx.expectations.ExpectColumnValuesToBeUnique(column="figure_id"),
        ],
    )
    started = time.perf_counter()
    batch.get_batch({"dataframe": frame}).validate(suite)
    with_gx = time.perf_counter() - started
    started = time.perf_counter()
    connection.execute(
        f"""
        select sum(case when value_hi <= 0 then 1 else 0 end),
            sum(case when value_lo > 1000000000000 then 1 else 0 end),
            sum(case when figure_id is null then 1 else 0 end) from {rows}
        """
    ).fetchall()
    connection.execute(f"select figure_id from {rows} group by figure_id having count(*) > 1").fetchall()
    return with_gx, time.perf_counter() - started


def main(regions: int) -> None:
    """Measure and print; exits 1 where an aim is missed."""
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder) / "home")
        home.ensure()
        count = make(home, regions)
        wall, results = run_rules(home)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        with duckdb.connect(str(dbt_runs.build_file(home)), config={"threads": 2}) as connection:
            missed = _compare(console, connection, results)
            planted = connection.execute(
                """
                select rule_id, count(*), count(*) - count(figures.figure_id)
                from planted left join (select distinct rule_id, figure_id from candidates.rule_test_figures) as figures
                    using (rule_id, figure_id)
                group by rule_id order by rule_id
                """
            ).fetchall()
            gx_seconds, sql_seconds = against_gx(connection)
    table = Table("rule", "planted", "not found")
    for row in planted:
        table.add_row(*map(str, row))
    console.print(table)
    console.print(
        f"{count:,} figures, all rules {wall:.0f} s (aim {AIM_SECONDS}), at most {memory:.1f} GB (aim {AIM_GIGABYTES})"
    )
    console.print(
        f"limits, keys and nulls over {GX_ROWS:,} rows: GX on pandas {gx_seconds:.1f} s, SQL {sql_seconds:.2f} s"
    )
    if missed or any(row[2] for row in planted) or wall > AIM_SECONDS or memory > AIM_GIGABYTES:
        raise SystemExit(1)


def _compare(console: Console, connection: duckdb.DuckDBPyConnection, results: tuple[NodeResult, ...]) -> bool:
    table = Table("model", "seconds")
    for result in sorted(results, key=lambda result: -result.seconds)[:12]:
        table.add_row(result.name, f"{result.seconds:.1f}")
    console.print(table)
    by_hand = run_by_hand(connection)
    table = Table("rule", "by hand s", "failing by hand", "failing", "tests by hand", "tests")
    differ = False
    for rule_id, (seconds, figures, tests) in by_hand.items():
        own, own_tests = findings(connection, rule_id)
        differ = differ or own != figures
        table.add_row(
            rule_id,
            f"{seconds:.1f}",
            str(len(figures)),
            f"{len(own)} {'=' if own == figures else '≠'}",
            str(tests),
            str(own_tests),
        )
    console.print(table)
    models = {"test_ranges", "test_subsets", "test_parts", "test_ratio_identities", "test_series", "test_sources"}
    engine = sum(result.seconds for result in results if result.name in models)
    hand = sum(seconds for seconds, _, _ in by_hand.values())
    console.print(f"models of these rules {engine:.1f} s, by hand {hand:.1f} s: {engine / hand:.2f} (aim {AIM_RATIO})")
    return differ


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
