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
from typing import Any

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
COMPARED = (
    *("test_ranges", "test_subsets", "test_parts", "test_ratio_identities"),
    *("test_series", "test_revisions", "test_sources"),
)
SUBJECTS = ["level", "whole", "ratio", "later", "later_vintage", "neighbour", "one"]
KEY = ("region_code", "indicator_code", "variant", "breakdown", "period", "origin_id")
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


def run_rules(home: Home) -> tuple[float, float, tuple[NodeResult, ...]]:
    """Wall and processor seconds of all rule models, dbt's own start included, and each model's own wall seconds.

    One model at a time on both cores, so that a model's seconds can be held against a statement's.
    """
    started, worked = time.perf_counter(), time.process_time()
    results = dbt_runs.invoke(home, ["run", "--threads", "1", "--select", *MODELS])
    wall, work = time.perf_counter() - started, time.process_time() - worked
    failed = [f"{result.name}: {result.message}" for result in dbt_runs.failures(results)]
    if failed:
        raise SystemExit("\n".join(failed))
    return wall, work, results


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
    roles = ["subset"] if rule_id in ("B1-12", "B1-13") else SUBJECTS
    figures = connection.execute(
        "select distinct figure_id from candidates.rule_test_figures where rule_id = ? and role in (select unnest(?))",
        [rule_id, roles],
    ).fetchall()
    counts = connection.execute(
        "select sum(tests) from candidates.rule_counts where rule_id = ? and outcome <> 'not_applicable'", [rule_id]
    ).fetchall()
    return {row[0] for row in figures}, int(counts[0][0] or 0)


def against_gx(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, float, float]]:
    """Seconds of Great Expectations on pandas and of SQL over a million rows, for each kind of rule that GX has."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    connection.execute(f"create or replace temp table million as select * from core.levels limit {GX_ROWS}")
    columns = (*KEY, "figure_id", "value::double as value", "value_lo::double as lo", "value_hi::double as hi")
    frame = connection.execute(f"select {', '.join(columns)} from million").df()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("bench").add_dataframe_asset("levels")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    expect: Any = gx.expectations
    kinds = (
        (
            "a value between limits",
            expect.ExpectColumnValuesToBeBetween(column="value", min_value=0, max_value=1e12),
            "select count(*) from million where value_hi <= 0 or value_lo > 1000000000000",
        ),
        (
            "one row per key",
            expect.ExpectCompoundColumnsToBeUnique(column_list=list(KEY)),
            f"select {', '.join(KEY)} from million group by {', '.join(KEY)} having count(*) > 1",
        ),
        (
            "one column above another",
            expect.ExpectColumnPairValuesAToBeGreaterThanB(column_A="hi", column_B="lo", or_equal=True),
            "select count(*) from million where value_hi < value_lo",
        ),
        (
            "never empty",
            expect.ExpectColumnValuesToNotBeNull(column="figure_id"),
            "select count(*) from million where figure_id is null",
        ),
    )
    measured = []
    for kind, expectation, statement in kinds:
        started = time.perf_counter()
        batch.validate(expectation)
        with_gx = time.perf_counter() - started
        started = time.perf_counter()
        connection.execute(statement).fetchall()
        measured.append((kind, with_gx, time.perf_counter() - started))
    return measured


def main(regions: int) -> None:
    """Measure and print; exits 1 where results differ, an error is not found or an aim is missed."""
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder) / "home")
        home.ensure()
        count = make(home, regions)
        wall, work, results = run_rules(home)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        with duckdb.connect(str(dbt_runs.build_file(home)), config={"threads": 2}) as connection:
            by_hand = run_by_hand(connection)
            differ = _compare(console, connection, by_hand)
            missed = _planted(console, connection)
            ratio = _ratio(console, results, sum(seconds for seconds, _, _ in by_hand.values()))
            _gx(console, against_gx(connection))
    console.print(
        f"{count:,} figures, all rules {wall:.0f} s (aim {AIM_SECONDS}; processor {work:.0f} s), "
        f"{ratio:.2f} times by hand (aim {AIM_RATIO}), "
        f"at most {memory:.1f} GB with the making of the figures (aim {AIM_GIGABYTES}), planted and not found: {missed}"
    )
    if differ or missed or wall > AIM_SECONDS or ratio > AIM_RATIO or memory > AIM_GIGABYTES:
        raise SystemExit(1)


def _compare(
    console: Console, connection: duckdb.DuckDBPyConnection, by_hand: dict[str, tuple[float, set[str], int]]
) -> bool:
    table = Table("rule", "by hand s", "failing by hand", "failing", "tests by hand", "tests")
    differ = False
    for rule_id, (seconds, figures, tests) in by_hand.items():
        own, own_tests = findings(connection, rule_id)
        differ = differ or own != figures
        own_text = f"{len(own)} {'=' if own == figures else '≠'}"
        table.add_row(rule_id, f"{seconds:.1f}", str(len(figures)), own_text, str(tests), str(own_tests))
    console.print(table)
    return differ


def _planted(console: Console, connection: duckdb.DuckDBPyConnection) -> int:
    """Planted and found for each kind of error; gives the number of those not found."""
    rows = connection.execute(
        """
        select rule_id, max(title_en), count(*), count(figures.figure_id)
        from planted
        left join (select distinct rule_id, figure_id from candidates.rule_test_figures) as figures
            using (rule_id, figure_id)
        left join reference.rules using (rule_id)
        group by rule_id order by rule_id
        """
    ).fetchall()
    table = Table("rule", "planted kind of error", "planted", "found")
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)
    return sum(row[2] - row[3] for row in rows)


def _ratio(console: Console, results: tuple[NodeResult, ...], by_hand: float) -> float:
    table = Table("model", "seconds")
    for result in sorted(results, key=lambda result: -result.seconds)[:12]:
        table.add_row(result.name, f"{result.seconds:.1f}")
    console.print(table)
    models = sum(result.seconds for result in results if result.name in COMPARED)
    console.print(f"models of these rules {models:.1f} s, by hand {by_hand:.1f} s")
    return models / by_hand


def _gx(console: Console, measured: list[tuple[str, float, float]]) -> None:
    table = Table("kind that GX has", "GX on pandas s", "SQL s", "GX / SQL")
    for kind, with_gx, with_sql in measured:
        table.add_row(kind, f"{with_gx:.2f}", f"{with_sql:.3f}", f"{with_gx / with_sql:.0f}")
    console.print(f"{GX_ROWS:,} rows:", table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
