"""The whole night on the shipped samples, twice: what is published, what is told, and that every figure leads home."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.catalogue import implemented_rules
from expectations.ledger import current_states, history, open_ledger
from orchestration.gates import GATES
from orchestration.project import SAMPLES
from warehouse.contract import CONTRACT, lacking, uncommented

Rows = list[dict[str, Any]]
RISES = ("286", "85.74", "64.8", "41", "575")
"""Growth rates, in percent, that agree with the levels printed beside them once both are read as rounded."""


@pytest.fixture(scope="module")
def query(sample_nights: Any, ask: Callable[..., Rows]) -> Callable[..., Rows]:
    """Ask the release that is served after both nights, through the link that readers open."""
    return lambda text, *parameters: ask(sample_nights[1].home.current, text, *parameters)


def test_both_nights_publish(sample_nights: Any) -> None:
    assert [night.exit_code for night in sample_nights] == [0, 0]
    for night in sample_nights:
        assert night.record.outcome == "published"
        assert {gate["gate"]: gate["passed"] for gate in night.record.gates} == dict.fromkeys(GATES, True)
        assert [stage["outcome"] for stage in night.record.stages] == ["done"] * 6


def test_the_second_night_reads_nothing_and_still_publishes(sample_nights: Any) -> None:
    first, second = sample_nights

    assert {delivery["why"] for delivery in first.record.deliveries} == {"new"}
    assert {delivery["why"] for delivery in second.record.deliveries} == {None}
    delivered = sum(path.name != "sources.yml" for folder in SAMPLES for path in folder.iterdir())
    assert len(second.record.deliveries) == len(first.record.deliveries) == delivered
    assert second.record.release_id != first.record.release_id
    assert first.release_file.exists()
    assert second.home.current.resolve() == second.release_file.resolve()


def test_releases_form_a_chain(sample_nights: Any, ask: Callable[..., Rows]) -> None:
    first, second = (ask(night.release_file, "select * from meta.release") for night in sample_nights)

    assert len(first) == len(second) == 1
    assert first[0]["previous_release_id"] is None
    assert second[0]["previous_release_id"] == first[0]["release_id"]
    assert second[0]["run_id"] == sample_nights[1].record.run_id
    assert first[0]["built_at"] == datetime(2026, 1, 4, 18, 0)
    assert first[0]["contract_version"] == CONTRACT.version


def test_equal_inputs_publish_equal_rows(sample_nights: Any, ask: Callable[..., Rows]) -> None:
    for table in ("marts.figures", "marts.observations", "marts.targets", "marts.target_progress", "quality.rejected"):
        first, second = (ask(night.release_file, f"select * from {table} order by all") for night in sample_nights)
        assert first == second, table
        assert first or table == "quality.rejected"


def test_the_public_contract_is_kept_and_every_column_says_what_it_means(sample_nights: Any) -> None:
    file = sample_nights[1].home.current
    with duckdb.connect(str(file), read_only=True) as connection:
        name = connection.execute("select current_database()").fetchall()[0][0]
        schemas = {row[0] for row in connection.execute("select schema_name from duckdb_tables()").fetchall()}

        assert lacking(connection, name) == []
        assert uncommented(connection, name, tuple(sorted(schemas))) == []
    assert schemas == {"marts", "quality", "reference", "meta"}


def test_the_release_is_immutable_and_clean(sample_nights: Any) -> None:
    for night in sample_nights:
        assert night.release_file.stat().st_mode & 0o777 == 0o444
        assert not night.release_file.with_name(night.release_file.name + ".wal").exists()
    assert list(sample_nights[0].home.build.glob("*.duckdb*")) == []


def test_a_direction_without_a_number_is_a_target_with_a_place(query: Callable[..., Rows]) -> None:
    [target] = query("select * from marts.targets where target_kind = 'directional'")
    [statement] = query("select * from marts.directional_statements where target_id = ?", target["target_id"])
    progress = query("select status, reason_code from marts.target_progress where target_id = ?", target["target_id"])
    key = (target["region_code"], target["indicator_code"], target["milestone"], target["comparator"])

    assert key == ("520122", "tech_contract_value", "2025", "ge")
    assert (target["value"], target["level_value"], target["figure_id"], target["unit"]) == (None, None, None, None)
    assert (statement["direction"], statement["strength"], statement["period_basis"]) == ("up", "firm", "carried")
    assert (statement["printed_text"], statement["address"]) == ("技术市场交易额保持较快增长", "第56行")
    assert {(row["status"], row["reason_code"]) for row in progress} == {("not_assessable", "kind_not_supported")}


def test_the_two_printings_of_one_baseline_are_one_finding(query: Callable[..., Rows]) -> None:
    findings = query("select * from quality.findings where rule_id = 'B1-36'")

    assert len(findings) == 1
    found = findings[0]
    assert (found["status"], found["severity"], found["fault"], found["blocks"]) == ("open", "error", "source", False)
    assert (found["region_code"], found["indicator_code"], found["period"]) == (
        "520122",
        "invention_patents_per_10k",
        "2020",
    )
    printings = query(
        """
        select layout, printed_value, role from quality.finding_figures
        inner join marts.figures using (figure_id) where finding_id = ?
        """,
        found["finding_id"],
    )
    assert {(row["layout"], row["printed_value"]) for row in printings} == {
        ("narrative", Decimal("2.77")),
        ("table", Decimal("2.68")),
    }
    assert len({row["role"] for row in printings}) == 2


def test_two_ratios_that_imply_different_products_are_one_finding(query: Callable[..., Rows]) -> None:
    findings = query("select finding_id, region_code, status from quality.findings where rule_id = 'B1-28'")

    assert [(row["region_code"], row["status"]) for row in findings] == [("520200", "open")]
    printed = query(
        "select printed_value from quality.finding_figures inner join marts.figures using (figure_id)"
        " where finding_id = ?",
        findings[0]["finding_id"],
    )
    assert {row["printed_value"] for row in printed} == {Decimal(v) for v in ("11.98", "0.89", "18.69", "1.37")}


def test_rounded_growth_is_tested_and_raises_nothing(query: Callable[..., Rows]) -> None:
    rises = query("select figure_id, printed_value from marts.figures where kind = 'growth' and printed_unit = '%'")
    of_interest = [row["figure_id"] for row in rises if row["printed_value"] in {Decimal(text) for text in RISES}]
    accused = {
        row["figure_id"]
        for row in query(
            "select figure_id from quality.finding_figures inner join quality.findings using (finding_id) "
            "where severity in ('error', 'warning') and rule_id <> 'B1-34'"  # which says that its words are unclear
        )
    }
    run = query("select outcome, tested, findings from quality.check_runs where rule_id = 'B1-32'")

    assert len(of_interest) >= len(RISES)
    assert accused.isdisjoint(of_interest)
    assert len(run) == 1
    assert run[0]["tested"] >= len(RISES)
    assert (run[0]["outcome"], run[0]["findings"]) == ("pass", 0)


def test_no_plan_finding_beyond_the_two_is_an_error(query: Callable[..., Rows]) -> None:
    errors = query("select rule_id from quality.findings where severity = 'error' order by rule_id")

    assert [row["rule_id"] for row in errors] == ["B1-28", "B1-36"]


def test_every_finding_shows_at_least_one_printing(query: Callable[..., Rows]) -> None:
    bare = query(
        "select finding_id from quality.findings"
        " where finding_id not in (select finding_id from quality.finding_figures)"
    )
    stray = query(
        "select figure_id from quality.finding_figures where figure_id not in (select figure_id from marts.figures)"
    )

    assert bare == []
    assert stray == []


def test_every_rule_of_the_catalogue_has_an_outcome(query: Callable[..., Rows]) -> None:
    rules = {rule.rule_id for rule in implemented_rules()}
    runs = query("select rule_id, outcome, tested, findings, seconds from quality.check_runs")
    outcomes = Counter(row["rule_id"] for row in runs)

    assert rules <= outcomes.keys()
    assert max(outcomes.values()) == 1
    assert {row["outcome"] for row in runs} <= {"pass", "fail", "not_applicable"}
    assert all(row["tested"] == 0 for row in runs if row["outcome"] == "not_applicable")
    # Refused cells and unresolved names are counted for their rule and stand in lists of their own.
    elsewhere = {rule.rule_id for rule in implemented_rules() if rule.refusals}
    timed = {rule.rule_id for rule in implemented_rules() if rule.model}
    listed = query("select rule_id, count(*) as n from quality.findings group by rule_id")
    assert {row["rule_id"]: row["n"] for row in listed if row["rule_id"] not in elsewhere} == {
        row["rule_id"]: row["findings"] for row in runs if row["rule_id"] in rules - elsewhere and row["findings"]
    }
    assert all(row["seconds"] is not None for row in runs if row["rule_id"] in timed)


def test_every_figure_leads_to_its_printed_place(query: Callable[..., Rows], astray: Callable[..., list[str]]) -> None:
    figures = query("select * from marts.figures")
    sha256_of = {row["source_id"]: row["sha256"] for row in query("select source_id, sha256 from reference.sources")}

    assert len(figures) > 600
    assert astray(figures, sha256_of, SAMPLES) == []


def test_the_walk_notices_a_wrong_place(query: Callable[..., Rows], astray: Callable[..., list[str]]) -> None:
    text = query("select * from marts.figures where layout = 'narrative' order by figure_id limit 1")[0]
    cell = query("select * from marts.figures where layout = 'cell' and sheet is not null order by figure_id limit 1")
    sha256_of = {row["source_id"]: row["sha256"] for row in query("select source_id, sha256 from reference.sources")}
    moved = [
        {**text, "line_start": 1, "line_end": 1},
        {**cell[0], "cell": "A1"},
        {**text, "source_id": "src_none"},
    ]

    assert len(astray(moved, sha256_of, SAMPLES)) == 3


def test_sources_state_the_hash_of_the_file(query: Callable[..., Rows]) -> None:
    files = {path.name: path for folder in SAMPLES for path in folder.iterdir()}
    for row in query("select file_name, sha256 from reference.sources where sha256 is not null"):
        assert row["sha256"] == hashlib.sha256(files[Path(row["file_name"]).name].read_bytes()).hexdigest()


def test_exactly_one_vintage_of_a_key_is_current(query: Callable[..., Rows]) -> None:
    keys = query(
        """
        select count(*) as vintages, count(*) filter (where is_current) as current_ones
        from marts.observations where recorded_to is null
        group by region_code, indicator_code, variant, breakdown, period
        """
    )

    assert {row["current_ones"] for row in keys} == {1}
    assert max(row["vintages"] for row in keys) > 1
    assert query("select 1 from marts.observations where is_current and recorded_to is not null") == []


def test_a_printed_change_states_the_former_level(query: Callable[..., Rows]) -> None:
    implied = query(
        "select observations.*, figures.kind, figures.base_period from marts.observations as observations"
        " inner join marts.figures as figures using (figure_id) where observations.release_type = 'implied'"
    )
    beside = query("select * from marts.observations where release_type <> 'implied' and recorded_to is null")
    key = ("region_code", "indicator_code", "variant", "breakdown", "period")
    printed = {tuple(row[name] for name in key) for row in beside}

    assert implied
    for row in implied:
        assert row["kind"] in ("change", "growth")
        assert row["period"] == row["base_period"]
        assert row["value_lo"] <= row["value"] <= row["value_hi"]
        assert row["is_current"] == (tuple(row[name] for name in key) not in printed)


def test_no_figure_is_lost_between_reader_and_warehouse(sample_nights: Any, query: Callable[..., Rows]) -> None:
    balance = query("select file_name, recognised, figures, refused, lost from quality.source_balance")

    assert len(balance) == len(sample_nights[0].record.deliveries)
    assert all(row["lost"] == 0 and row["recognised"] > 0 for row in balance)
    loaded = {delivery["file"]: delivery["loaded"] for delivery in sample_nights[0].record.deliveries}
    assert {row["file_name"]: row["figures"] for row in balance} == loaded
    assert query("select count(*) as n from marts.figures")[0]["n"] == sum(loaded.values())


def test_a_finding_opens_once_and_keeps_when_it_was_first_seen(sample_nights: Any, query: Callable[..., Rows]) -> None:
    first, second = sample_nights
    findings = query("select finding_id, first_seen, last_seen from quality.findings")
    with open_ledger(first.home.ledger_file) as engine:
        events = {row["finding_id"]: history(engine, row["finding_id"]) for row in findings}
        states = current_states(engine)

    assert findings
    assert states.keys() == events.keys()
    for row in findings:
        own = events[row["finding_id"]]
        assert [(event.action, event.run_id) for event in own] == [("opened", first.record.run_id)]
        assert row["first_seen"] == datetime(2026, 1, 4, 18, 0)
        assert row["last_seen"] == datetime(2026, 1, 5, 18, 0)
    assert second.record.counts["findings_new"] == second.record.counts["findings_closed"] == 0
    assert second.record.counts["findings_still_open"] == len(findings)
