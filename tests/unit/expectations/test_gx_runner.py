"""The suites on a DuckDB file: what passes, what exactly fails, and that a broken check is no failed one."""

from __future__ import annotations

import shutil
import socket
import threading
from pathlib import Path

import duckdb
import pytest

from expectations import gx_runner
from expectations.gx_runner import ExpectationOutcome, Suite, SuiteError

D = "decimal(28,10)"
MARTS = f"""
create schema marts; create schema quality;
create table marts.figures (figure_id varchar, recorded_from timestamptz, recorded_to timestamptz, kind varchar,
  target_kind varchar, comparator varchar, layout varchar, value {D}, value_lo {D}, value_hi {D}, unit varchar);
insert into marts.figures values
  ('f1', '2021-01-01', '2021-02-01', 'actual', null, 'eq', 'table', 0.89, 0.885, 0.895, '%'),
  ('f1', '2021-02-01', null, 'baseline', null, 'eq', 'table', 0.89, 0.885, 0.895, '%'),
  ('f2', '2021-02-01', null, 'target', 'level', 'ge', 'narrative', 1.5, 1.45, null, '%'),
  ('f3', '2021-02-01', null, 'other', null, null, 'cell', null, null, null, null);
create table marts.observations (region_code varchar, indicator_code varchar, variant varchar, breakdown varchar,
  period varchar, value {D}, value_lo {D}, value_hi {D}, unit varchar, obs_status varchar, conf_status varchar,
  release_type varchar, published_at date, published_precision varchar, recorded_from timestamptz,
  recorded_to timestamptz, is_current boolean);
insert into marts.observations values
  ('520000', 'rd_intensity', '_T', '_T', '2020', 0.91, 0.905, 0.915, '%', 'A', 'F', 'final', '2021-09-22', 'day',
   '2021-10-01', null, true),
  ('520000', 'rd_intensity', '_T', '_T', '2020', 0.89, 0.885, 0.895, '%', 'P', 'F', 'preliminary', null, 'unknown',
   '2021-10-01', null, false),
  ('520000', 'rd_intensity', '_T', '_T', '2019', 0.86, 0.855, 0.865, '%', 'A', 'F', 'final', '2020-12-31', 'year',
   '2021-10-01', null, true),
  ('520100', 'rd_intensity', '_T', '_T', '2019', 1.5, null, null, '%', 'A', 'F', 'cited', null, 'unknown',
   '2021-01-01', '2021-10-01', false);
create table marts.targets (target_id varchar, target_kind varchar, comparator varchar, strength varchar,
  nature varchar, value {D}, value_lo {D}, value_hi {D}, unit varchar, level_lo {D}, level_hi {D},
  baseline_status varchar, figure_id varchar);
insert into marts.targets values
  ('t1', 'level', 'ge', 'firm', 'expected', 1.5, 1.5, null, '%', 1.5, null, 'stated', 'f1'),
  ('t2', 'growth_avg', 'range', 'strive', 'unstated', 12, 10, 12, '%', 1.2, 1.3, 'missing', 'f2'),
  ('t3', 'directional', 'ge', 'firm', 'unstated', null, null, null, null, null, null, 'missing', null);
create table marts.target_progress (target_id varchar, basis varchar, is_headline boolean, pace_lo {D}, pace_hi {D},
  status varchar, reason_code varchar, lamp varchar);
insert into marts.target_progress values
  ('t1', 'as_planned', true, 0.96, 0.99, 'on_track', null, 'green'),
  ('t1', 'as_planned', false, 0.7, 0.8, 'slightly_behind', null, 'yellow'),
  ('t1', 'as_revised', true, 0.3, 0.4, 'behind', null, 'red'),
  ('t2', 'as_planned', true, null, null, 'not_assessable', 'no_baseline', 'grey');
create table quality.findings (finding_id varchar, rule_id varchar, severity varchar, fault varchar, blocks boolean,
  status varchar, evidence_hash varchar, title_zh varchar, first_seen timestamptz, last_seen timestamptz);
insert into quality.findings values
  ('x1', 'B1-01', 'error', 'source', false, 'open', 'h1', '两处不一致', '2021-01-01', '2021-01-05'),
  ('x2', 'B1-02', 'error', 'ours', true, 'waived', 'h2', '合计不符', '2021-01-01', '2021-01-01');
create table quality.rejected (source_id varchar, address varchar, reason_code varchar, reason varchar);
insert into quality.rejected values ('s1', 'Sheet1!B2', 'not_a_number', 'the cell holds text');
"""

KEY = "'520000', 'rd_intensity', '_T', '_T'"
# suite, what goes wrong, and the only expectations that may fail, with their counts of unexpected rows
BAD = [
    ("figures", "update marts.figures set figure_id = null where figure_id in ('f2', 'f3')", {"GX-FIG-01": 2}),
    (
        "figures",
        "insert into marts.figures select * from marts.figures where recorded_to is not null",
        {"GX-FIG-02": 2},
    ),
    ("figures", "update marts.figures set recorded_to = null", {"GX-FIG-03": 2}),
    ("figures", "update marts.figures set kind = null where figure_id = 'f3'", {"GX-FIG-04": 1}),
    ("figures", "update marts.figures set kind = 'guess' where figure_id = 'f1'", {"GX-FIG-05": 2}),
    ("figures", "update marts.figures set target_kind = 'hope' where kind = 'target'", {"GX-FIG-06": 1}),
    ("figures", "update marts.figures set target_kind = 'rank' where figure_id = 'f3'", {"GX-FIG-07": 1}),
    ("figures", "update marts.figures set comparator = '>=' where figure_id = 'f2'", {"GX-FIG-08": 1}),
    ("figures", "update marts.figures set layout = 'margin' where figure_id = 'f1'", {"GX-FIG-09": 2}),
    ("figures", "update marts.figures set value_hi = 0.88 where figure_id = 'f1'", {"GX-FIG-10": 2}),
    ("figures", "update marts.figures set value = 1.2 where figure_id = 'f2'", {"GX-FIG-11": 1}),
    ("figures", "update marts.figures set unit = null", {"GX-FIG-12": 3}),
    ("figures", "update marts.figures set recorded_to = '2020-01-01' where kind = 'actual'", {"GX-FIG-13": 1}),
    (
        "observations",
        "update marts.observations set is_current = true where published_precision = 'unknown' and value = 0.89",
        {"GX-OBS-01": 2},
    ),
    ("observations", "update marts.observations set is_current = false where period = '2019'", {"GX-OBS-02": 1}),
    (
        "observations",
        "update marts.observations set is_current = true where recorded_to is not null",
        {"GX-OBS-03": 1},
    ),
    ("observations", "update marts.observations set variant = null where value = 1.5", {"GX-OBS-04": 1}),
    ("observations", "update marts.observations set value_lo = 9 where period = '2020'", {"GX-OBS-05": 2}),
    ("observations", "update marts.observations set unit = null where period = '2020'", {"GX-OBS-06": 2}),
    ("observations", "update marts.observations set release_type = 'rumour' where value = 1.5", {"GX-OBS-07": 1}),
    ("observations", "update marts.observations set obs_status = '?' where value = 1.5", {"GX-OBS-08": 1}),
    ("observations", "update marts.observations set conf_status = '?'", {"GX-OBS-09": 4}),
    (
        "observations",
        "update marts.observations set published_precision = 'month' where period = '2020'",
        {"GX-OBS-10": 2},
    ),
    ("observations", "update marts.observations set published_at = '2021-01-01'", {"GX-OBS-11": 2}),
    ("targets", "update marts.targets set target_id = null where target_id = 't1'", {"GX-TGT-01": 1}),
    ("targets", "update marts.targets set target_id = 't1'", {"GX-TGT-02": 3}),
    ("targets", "update marts.targets set target_kind = null", {"GX-TGT-03": 3}),
    ("targets", "update marts.targets set target_kind = 'hope' where value is not null", {"GX-TGT-04": 2}),
    ("targets", "update marts.targets set comparator = '>='", {"GX-TGT-05": 3}),
    ("targets", "update marts.targets set strength = 'weak'", {"GX-TGT-06": 3}),
    ("targets", "update marts.targets set nature = 'soft'", {"GX-TGT-07": 3}),
    ("targets", "update marts.targets set baseline_status = 'lost'", {"GX-TGT-08": 3}),
    ("targets", "update marts.targets set value_lo = 13 where target_id = 't2'", {"GX-TGT-09": 1}),
    ("targets", "update marts.targets set level_lo = 13", {"GX-TGT-10": 1}),
    ("targets", "update marts.targets set unit = null", {"GX-TGT-11": 2}),
    ("targets", "update marts.targets set value = null, figure_id = 'f1' where target_id <> 't1'", {"GX-TGT-12": 2}),
    ("targets", "update marts.targets set figure_id = null", {"GX-TGT-12": 2}),
    (
        "target_progress",
        "update marts.target_progress set target_id = 't9' where basis = 'as_revised'",
        {"GX-PRG-01": 1},
    ),
    ("target_progress", "update marts.target_progress set status = null where lamp = 'red'", {"GX-PRG-02": 1}),
    ("target_progress", "update marts.target_progress set status = 'fine' where lamp = 'red'", {"GX-PRG-03": 1}),
    ("target_progress", "update marts.target_progress set lamp = 'blue' where lamp = 'red'", {"GX-PRG-04": 1}),
    ("target_progress", "update marts.target_progress set lamp = 'green'", {"GX-PRG-05": 3}),
    ("target_progress", "update marts.target_progress set reason_code = null", {"GX-PRG-06": 1}),
    ("target_progress", "update marts.target_progress set basis = 'as_hoped' where lamp = 'red'", {"GX-PRG-07": 1}),
    ("target_progress", "update marts.target_progress set pace_hi = 0.5 where lamp = 'green'", {"GX-PRG-08": 1}),
    ("target_progress", "update marts.target_progress set is_headline = true", {"GX-PRG-09": 2}),
    ("findings", "update quality.findings set finding_id = null where finding_id = 'x1'", {"GX-FND-01": 1}),
    ("findings", "update quality.findings set finding_id = 'x1'", {"GX-FND-02": 2}),
    ("findings", "update quality.findings set evidence_hash = null", {"GX-FND-03": 2}),
    ("findings", "update quality.findings set severity = 'fatal'", {"GX-FND-04": 2}),
    ("findings", "update quality.findings set status = 'gone' where finding_id = 'x1'", {"GX-FND-05": 1}),
    ("findings", "update quality.findings set fault = 'nobody'", {"GX-FND-06": 2}),
    ("findings", "update quality.findings set title_zh = null where finding_id = 'x1'", {"GX-FND-07": 1}),
    ("findings", "update quality.findings set first_seen = '2021-01-03'", {"GX-FND-08": 1}),
    ("findings", "update quality.findings set blocks = true", {"GX-FND-09": 1}),
    ("rejected", "update quality.rejected set reason_code = null", {"GX-REJ-01": 1}),
    ("rejected", "update quality.rejected set reason = null", {"GX-REJ-02": 1}),
    ("rejected", "update quality.rejected set source_id = null", {"GX-REJ-03": 1}),
]


@pytest.fixture(scope="module")
def suites() -> dict[str, Suite]:
    return {suite.name: suite for suite in gx_runner.load_suites()}


@pytest.fixture(scope="module", autouse=True)
def gx() -> None:
    """Great Expectations is imported once, in a thread as the night does it."""
    thread = threading.Thread(target=gx_runner.preload)
    thread.start()
    thread.join()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("marts") / "good.duckdb"
    change(path, MARTS)
    return path


@pytest.fixture
def database(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(good, tmp_path / "night.duckdb"))


def change(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def suite_of(tmp_path: Path, entry: str, head: str = "suite: trial\ntable: marts.figures\n") -> tuple[Suite, ...]:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    (folder / "trial.yml").write_text(f"{head}expectations:\n{entry}", encoding="utf-8")
    return gx_runner.load_suites(folder)


def entry(expectation: str, kwargs: str, extra: str = "", blocks: str = "true", fault: str = "ours") -> str:
    return (
        f"  - {{id: GX-TRY-01, expectation: {expectation}, kwargs: {kwargs}, severity: error, blocks: {blocks}, "
        f"fault: {fault}, title_zh: 试, title_en: trial{extra}}}\n"
    )


def only(outcomes: tuple[ExpectationOutcome, ...]) -> ExpectationOutcome:
    assert len(outcomes) == 1
    return outcomes[0]


def test_good_marts_pass_every_expectation(database: Path, suites: dict[str, Suite]) -> None:
    outcomes = gx_runner.run_suites(database, suites.values())
    assert {o.expectation_id: (o.outcome, o.message) for o in outcomes if o.outcome != "pass"} == {}
    assert len(outcomes) == sum(len(suite.expectations) for suite in suites.values())
    tested = {o.expectation_id: o.tested for o in outcomes}
    assert tested["GX-FIG-01"] == 4
    assert tested["GX-FIG-03"] == 3, "the closed reading is left out by the row condition"
    assert tested["GX-OBS-02"] == 4, "a query tests the rows of its table"
    assert gx_runner.holding(outcomes) == ()


def test_every_expectation_has_a_bad_case(suites: dict[str, Suite]) -> None:
    shipped = {(suite.name, e.id) for suite in suites.values() for e in suite.expectations}
    assert shipped == {(suite, key) for suite, _, counts in BAD for key in counts}


@pytest.mark.parametrize(("name", "sql", "expected"), BAD, ids=[next(iter(case[2])) for case in BAD])
def test_bad_rows_fail_exactly_their_expectation(
    database: Path, suites: dict[str, Suite], name: str, sql: str, expected: dict[str, int]
) -> None:
    change(database, sql)
    outcomes = gx_runner.run_suites(database, [suites[name]])
    assert {o.expectation_id: o.unexpected for o in outcomes if o.outcome == "fail"} == expected
    assert [o for o in outcomes if o.outcome == "error"] == []
    failed = [o for o in outcomes if o.outcome == "fail"]
    assert all(o.sample and o.message for o in failed)
    assert gx_runner.holding(outcomes) == tuple(o for o in failed if o.blocks)


def test_sample_holds_at_most_five_values_as_text(database: Path, tmp_path: Path) -> None:
    change(
        database,
        "insert into marts.figures select 'g' || i, '2021-02-01', null, 'other', null, null, 'cell', 0.5, "
        "0.00001 + i, 0, '%' from range(8) r(i)",
    )
    suites = suite_of(
        tmp_path,
        entry("expect_column_pair_values_a_to_be_greater_than_b", "{column_A: value_hi, column_B: value_lo}"),
    )
    outcome = only(gx_runner.run_suites(database, suites))
    assert (outcome.outcome, outcome.unexpected, outcome.column) == ("fail", 8, "value_hi, value_lo")
    assert len(outcome.sample) == 5
    assert outcome.sample[0] == "0.0000000000 | 0.0000100000"
    assert outcome.message == "8 of 12 rows of marts.figures"


def test_missing_column_is_an_error_and_not_a_failure(database: Path, suites: dict[str, Suite]) -> None:
    change(database, "alter table marts.figures drop column kind")
    outcomes = gx_runner.run_suites(database, [suites["figures"]])
    broken = {o.expectation_id: o for o in outcomes if o.outcome != "pass"}
    assert {key: o.outcome for key, o in broken.items()} == dict.fromkeys(
        ("GX-FIG-04", "GX-FIG-05", "GX-FIG-07"), "error"
    )
    assert all("kind" in o.message for o in broken.values())
    assert set(gx_runner.holding(outcomes)) == set(broken.values()), "a check that could not run holds the night"


def test_missing_column_in_a_query_is_an_error(database: Path, suites: dict[str, Suite]) -> None:
    change(database, "alter table marts.target_progress drop column lamp")
    outcomes = {o.expectation_id: o for o in gx_runner.run_suites(database, [suites["target_progress"]])}
    assert outcomes["GX-PRG-05"].outcome == "error"
    assert "lamp" in outcomes["GX-PRG-05"].message
    assert outcomes["GX-PRG-02"].outcome == "pass"


def test_missing_table_is_an_error_of_its_suite_alone(database: Path, suites: dict[str, Suite]) -> None:
    change(database, "drop table quality.rejected")
    outcomes = gx_runner.run_suites(database, suites.values())
    assert {o.outcome for o in outcomes if o.suite == "rejected"} == {"error"}
    assert {o.outcome for o in outcomes if o.suite != "rejected"} == {"pass"}
    assert all("quality.rejected" in o.message for o in outcomes if o.suite == "rejected")


def test_empty_table_is_not_applicable(database: Path, suites: dict[str, Suite]) -> None:
    change(database, "delete from quality.findings")
    outcomes = gx_runner.run_suites(database, [suites["findings"]])
    assert {(o.outcome, o.tested, o.unexpected) for o in outcomes} == {("not_applicable", 0, 0)}


@pytest.mark.parametrize(
    ("expectation", "kwargs", "extra", "outcome", "unexpected"),
    [
        ("expect_table_row_count_to_be_between", "{min_value: 5}", "", "fail", 1),
        ("expect_table_row_count_to_be_between", "{min_value: 4, max_value: 4}", "", "pass", 0),
        ("expect_column_to_exist", "{column: layout}", "", "pass", 0),
        ("expect_column_to_exist", "{column: colour}", "", "fail", 1),
        ("expect_column_values_to_be_between", "{column: value, min_value: 1}", "", "fail", 2),
        ("expect_column_values_to_be_between", "{column: value, min_value: 0, max_value: 2}", "", "pass", 0),
        ("expect_column_values_to_be_in_set", "{column: layout, value_set: [table, cell]}", "", "fail", 1),
        ("expect_column_values_to_not_be_null", "{column: unit, mostly: 0.7}", "", "pass", 1),
        (
            "expect_column_values_to_not_be_null",
            "{column: unit}",
            ", row_condition: [{column: kind, operator: in, value: [other, rank]}, {column: value, operator: is_null}]",
            "fail",
            1,
        ),
        (
            "expect_column_values_to_not_be_null",
            "{column: unit}",
            ", row_condition: [{column: kind, operator: ==, value: rank}]",
            "not_applicable",
            0,
        ),
    ],
)
def test_other_expectations(
    database: Path, tmp_path: Path, expectation: str, kwargs: str, extra: str, outcome: str, unexpected: int
) -> None:
    found = only(gx_runner.run_suites(database, suite_of(tmp_path, entry(expectation, kwargs, extra))))
    assert (found.outcome, found.unexpected) == (outcome, unexpected)


def test_row_condition_of_the_suite_holds_for_every_entry(database: Path, tmp_path: Path) -> None:
    head = "suite: trial\ntable: marts.figures\nrow_condition: [{column: kind, operator: '!=', value: other}]\n"
    suites = suite_of(tmp_path, entry("expect_column_values_to_not_be_null", "{column: unit}"), head)
    found = only(gx_runner.run_suites(database, suites))
    assert (found.outcome, found.tested) == ("pass", 3)


GOOD = ("expect_column_values_to_not_be_null", "{column: unit}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry("expect_column_values_to_not_be_null", "{columm: unit}"), ["GX-TRY-01 (entry 1)", "kwargs", "column"]),
        (entry(*GOOD, ", colour: red"), ["GX-TRY-01 (entry 1)", "colour"]),
        (entry("expect_column_values_to_match_regex", "{column: unit}"), ["GX-TRY-01", "match_regex"]),
        (entry(*GOOD, blocks="perhaps"), ["GX-TRY-01", "blocks", "perhaps"]),
        (entry(*GOOD, fault="source"), ["GX-TRY-01", "blocks the night on a fault of the source"]),
        (entry("expect_column_values_to_be_in_set", "{column: unit}"), ["GX-TRY-01"]),
        (entry("expect_column_values_to_be_in_set", "{column: kind}", ", vocabulary: kinds"), ["kinds", "known are"]),
        (
            entry("unexpected_rows_expectation", "{unexpected_rows_query: select 1 from marts.figures}"),
            ["GX-TRY-01", "unexpected_rows_query", "batch"],
        ),
        (
            entry("unexpected_rows_expectation", '{unexpected_rows_query: "drop table {batch}"}'),
            ["GX-TRY-01", "unexpected_rows_query"],
        ),
        (
            entry(
                "unexpected_rows_expectation",
                '{unexpected_rows_query: "select 1 from {batch}"}',
                ", row_condition: [{column: kind, operator: is_null}]",
            ),
            ["GX-TRY-01", "no row_condition"],
        ),
        (
            entry(*GOOD, ", row_condition: [{column: kind, operator: like, value: x}]"),
            ["GX-TRY-01", "row_condition", "like"],
        ),
        (entry(*GOOD) + entry(*GOOD), ["GX-TRY-01 is already in"]),
        ("  - [unclosed", ["not readable as UTF-8 YAML"]),
        ("  - nothing\n", ["entry 1", "nothing"]),
    ],
)
def test_a_wrong_suite_names_file_and_entry(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        suite_of(tmp_path, text)
    for part in ("trial.yml", *said):
        assert part in str(caught.value)


def test_a_wrong_key_of_the_suite_itself(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"trial\.yml: suite: .*tables"):
        suite_of(tmp_path, entry(*GOOD), "suite: trial\ntables: marts.figures\n")


def test_a_folder_without_suites(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suite"):
        gx_runner.load_suites(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path, suites: dict[str, Suite]) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.duckdb"):
        gx_runner.run_suites(tmp_path / "none.duckdb", suites.values())


def test_no_duckdb_file_is_an_error_outcome(tmp_path: Path, suites: dict[str, Suite]) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("no database", encoding="utf-8")
    outcomes = gx_runner.run_suites(path, [suites["rejected"]])
    assert {o.outcome for o in outcomes} == {"error"}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return tried


def test_runs_offline_silently_and_leaves_the_file_free(
    database: Path, suites: dict[str, Suite], no_network: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    before = database.read_bytes()
    with duckdb.connect(str(database), read_only=True) as reader:
        outcomes = gx_runner.run_suites(database, suites.values())
        assert reader.execute("select count(*) from marts.figures").fetchone() == (4,)
    assert {o.outcome for o in outcomes} == {"pass"}
    assert no_network == []
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert database.read_bytes() == before
    change(database, "create table main.free (n int)")  # fails if a read-only connection were still open
