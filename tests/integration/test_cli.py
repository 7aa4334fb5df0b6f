"""The command line on a published home: what each command answers, and with which exit code it refuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from orchestration import screens
from orchestration.cli import app
from orchestration.project import SAMPLES
from warehouse.contract import CONTRACT
from warehouse.home import Home

HOLD = """
import sys
from warehouse.home import Home
from warehouse.lock import night_lock
with night_lock(Home.at(sys.argv[1]).ensure(), "another-night"):
    print("held", flush=True)
    sys.stdin.read()
"""
BAD_ROWS = """region_code,region,indicator,period,value,unit,source
520000,贵州省,R&D经费投入强度,2020,0.91,%,合成年鉴2021
999999,无此县,R&D经费投入强度,2020,0.5,%,合成年鉴2021
"""


@pytest.fixture(scope="module")
def home(sample_nights: Any, copy_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the home with two published nights."""
    return copy_home(sample_nights[1].home, tmp_path_factory.mktemp("cli") / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A home in which no night has run."""
    return Home.at(tmp_path / "empty").ensure()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run one command as a shell would, in a folder of its own."""
    for name in ("PROVSTAT_HOME", "PROVSTAT_LANDING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, home: Home | None = None) -> Result:
        where = ["--home", str(home.root)] if home is not None else []
        return CliRunner().invoke(app, [*arguments, *where])

    return run


@pytest.fixture
def holder(empty: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that works in the empty home."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(empty.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    yield process
    process.communicate()


def _records(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    loaded: list[dict[str, Any]] = json.loads(result.stdout)
    return loaded


def _finding(call: Callable[..., Result], home: Home, rule: str) -> dict[str, Any]:
    found = _records(call("findings", "list", "--format", "json", home=home))
    return next(row for row in found if row["rule_id"] == rule)


def test_findings_are_listed_errors_first(call: Callable[..., Result], home: Home) -> None:
    rows = _records(call("findings", "list", "--format", "json", home=home))
    severities = [row["severity"] for row in rows]

    assert [row["rule_id"] for row in rows if row["severity"] == "error"] == ["B1-28", "B1-36"]
    assert severities == sorted(severities, key=["error", "warning", "information"].index)


def test_findings_can_be_narrowed(call: Callable[..., Result], home: Home) -> None:
    errors = _records(call("findings", "list", "--severity", "error", "--format", "json", home=home))
    there = _records(call("findings", "list", "--region", "520122", "--format", "json", home=home))

    assert len(errors) == 2
    assert {row["region_code"] for row in there} == {"520122"}
    assert _records(call("findings", "list", "--status", "accepted", "--format", "json", home=home)) == []


def test_the_list_for_people_says_how_to_go_on(call: Callable[..., Result], home: Home) -> None:
    shown = call("findings", "list", "--severity", "error", home=home)
    none = call("findings", "list", "--status", "accepted", home=home)

    assert shown.exit_code == none.exit_code == 0
    assert "2.77" in shown.output
    assert "2 条" in shown.output
    assert f"provstat findings show {_finding(call, home, 'B1-28')['finding_id']}" in shown.output
    assert "没有符合条件的问题" in none.output


def test_a_finding_shows_both_printings_in_their_surroundings(call: Callable[..., Result], home: Home) -> None:
    found = _finding(call, home, "B1-36")
    shown = call("findings", "show", found["finding_id"][:12], home=home)

    assert shown.exit_code == 0, shown.output
    for text in (found["finding_id"], "2.77", "2.68", "xifeng_plan.txt", "第82行", "opened", "B1-36"):
        assert text in shown.output
    source = (SAMPLES[0] / "xifeng_plan.txt").read_text(encoding="utf-8").splitlines()
    assert source[81].strip() in shown.output
    assert source[79].strip() in shown.output


@pytest.mark.parametrize(
    ("start", "told"),
    [("fnd_none", "no finding"), ("fnd_", "findings in the current release"), ("x' or 1", "no finding id")],
)
def test_a_finding_that_is_not_one_is_refused(call: Callable[..., Result], home: Home, start: str, told: str) -> None:
    refused = call("findings", "show", start, home=home)

    assert refused.exit_code == 1
    assert told in refused.output
    assert "provstat findings list" in refused.output


def test_nothing_was_rejected_from_the_samples(call: Callable[..., Result], home: Home) -> None:
    assert "没有拒收记录" in call("rejected", "list", home=home).output
    assert _records(call("rejected", "list", "--format", "json", home=home)) == []


def test_a_query_answers_in_three_forms(call: Callable[..., Result], home: Home) -> None:
    query = "select printed_value, printed_unit from marts.figures where printed_text = '2.68' order by all"
    table, as_csv, as_json = (call("sql", query, "--format", form, home=home) for form in ("table", "csv", "json"))

    assert table.exit_code == as_csv.exit_code == 0
    assert "2.68" in table.output
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert rows == _records(as_json)
    assert rows[0]["printed_value"].startswith("2.68")


def test_square_brackets_are_shown_as_they_are(call: Callable[..., Result], home: Home) -> None:
    shown = call("sql", "select '[/bold] 表[1]' as printed", home=home)
    refused = call("sql", "select '[/bold]' +", home=home)

    assert (shown.exit_code, refused.exit_code) == (0, 1)
    assert "[/bold] 表[1]" in shown.output
    assert refused.exception is None or isinstance(refused.exception, SystemExit)


@pytest.mark.parametrize(
    "query",
    [
        "delete from marts.figures",
        "create table t as select 1",
        "copy marts.figures to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from no_such_table",
        "selec 1",
        "select 1; select 2",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_a_query_that_is_none_or_leaves_the_release_is_refused(
    call: Callable[..., Result], home: Home, query: str, tmp_path: Path
) -> None:
    before = home.current.read_bytes()
    refused = call("sql", query, home=home)

    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "Traceback" not in refused.output
    assert home.current.read_bytes() == before
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("command", [("sql", "select 1"), ("findings", "list"), ("releases",), ("rejected", "list")])
def test_an_unknown_format_is_a_wrong_use(call: Callable[..., Result], home: Home, command: tuple[str, ...]) -> None:
    refused = call(*command, "--format", "xml", home=home)

    assert refused.exit_code == 2
    assert "table, csv, json" in refused.output


@pytest.mark.parametrize("command", [("sql", "select 1"), ("findings", "list"), ("findings", "show", "fnd_1")])
def test_a_home_without_a_release_says_so(call: Callable[..., Result], empty: Home, command: tuple[str, ...]) -> None:
    refused = call(*command, home=empty)

    assert refused.exit_code == 1
    assert "provstat nightly" in refused.output
    assert "尚未发布" in call("releases", home=empty).output


def test_releases_are_listed_and_an_earlier_one_can_be_served_again(
    call: Callable[..., Result], sample_nights: Any, copy_home: Callable[..., Home], tmp_path: Path
) -> None:
    first, second = (night.record.release_id for night in sample_nights)
    own = copy_home(sample_nights[1].home, tmp_path / "own")

    def served() -> list[str]:
        return [row["release"] for row in _records(call("releases", "--format", "json", home=own)) if row[""]]

    assert {row["release"] for row in _records(call("releases", "--format", "json", home=own))} == {first, second}
    assert served() == [second]
    back = call("rollback", first, home=own)
    assert back.exit_code == 0, back.output
    assert first in back.output
    assert served() == [first]
    assert _records(call("sql", "select release_id from meta.release", "--format", "json", home=own)) == [
        {"release_id": first}
    ]


def test_a_rollback_to_no_release_changes_nothing(call: Callable[..., Result], home: Home) -> None:
    before = home.current.readlink()
    for name in ("20200101T000000Z-00000000", "../../etc"):
        refused = call("rollback", name, home=home)
        assert refused.exit_code == 2
        assert name in refused.output
    assert home.current.readlink() == before


def test_extract_shows_the_columns_that_the_warehouse_has(
    call: Callable[..., Result], tmp_path: Path, sample_nights: Any, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    seen = call("extract", str(SAMPLES[0] / "xifeng_plan.txt"), "--format", "json")
    document = json.loads(seen.stdout)
    served = ask(
        sample_nights[1].home.current,
        "select figure_id, indicator_code, period, kind from marts.figures where source_id ="
        " (select source_id from reference.sources where file_name like '%xifeng_plan.txt')",
    )
    names = ("figure_id", "indicator_code", "period", "kind")

    assert seen.exit_code == 0
    assert document.keys() == {"figures", "directional", "refused"}
    assert [tuple(row) for row in document["directional"]] == [CONTRACT.tables["marts.directional_statements"]]
    assert "技术市场交易额保持较快增长" in call("extract", str(SAMPLES[0] / "xifeng_plan.txt")).output
    assert document["refused"] == []
    assert all(tuple(row) == CONTRACT.tables["marts.figures"] for row in document["figures"])
    assert {tuple(row[name] for name in names) for row in document["figures"]} == {
        tuple(row[name] for name in names) for row in served
    }
    assert list(tmp_path.iterdir()) == [], "extract loads nothing and makes no home"


def test_extract_lists_what_it_refused(call: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(BAD_ROWS, encoding="utf-8")
    document = json.loads(call("extract", str(path), "--format", "json").stdout)
    table = call("extract", str(path)).output

    assert [(row["address"], row["reason_code"]) for row in document["refused"]] == [("E3", "unknown_region")]
    assert len(document["figures"]) == 1
    assert "unknown_region" in table
    assert "recognised 2 = 读出 figures 1 + 拒收 refused 1" in table


def test_extract_as_csv_and_only_what_is_unresolved(call: Callable[..., Result]) -> None:
    plan = str(SAMPLES[0] / "liupanshui_plan.txt")
    rows = list(csv.DictReader(io.StringIO(call("extract", plan, "--format", "csv").stdout)))
    open_ones = list(csv.DictReader(io.StringIO(call("extract", plan, "--format", "csv", "--unresolved").stdout)))

    assert tuple(rows[0]) == CONTRACT.tables["marts.figures"]
    assert 0 < len(open_ones) < len(rows)
    assert {row["indicator_code"] for row in open_ones} == {""}


def test_extract_of_nothing_is_a_wrong_use(call: Callable[..., Result]) -> None:
    missing = call("extract", "no_such_plan.txt")
    form = call("extract", str(SAMPLES[0] / "xifeng_plan.txt"), "--format", "xml")

    assert (missing.exit_code, form.exit_code) == (2, 2)
    assert "no_such_plan.txt: no such file" in missing.output
    assert "xml" in form.output


def test_a_night_without_its_landing_folder_does_not_start(
    call: Callable[..., Result], empty: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = call("nightly", "--landing", str(tmp_path / "nowhere"), home=empty)
    monkeypatch.setenv("PROVSTAT_LANDING", str(tmp_path / "neither"))
    set_in_environment = call("nightly", home=empty)

    assert (named.exit_code, set_in_environment.exit_code) == (2, 2)
    assert "nowhere: no such landing folder" in named.output
    assert "neither: no such landing folder" in set_in_environment.output
    assert not empty.current.exists()


def test_a_night_with_a_wrong_sources_file_does_not_start(
    call: Callable[..., Result], empty: Home, tmp_path: Path
) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "sources.yml").write_text("- {file: a.txt, kind: letter}", encoding="utf-8")

    refused = call("nightly", "--landing", str(tmp_path), home=empty)

    assert refused.exit_code == 2
    assert "sources.yml: entry 0/kind" in refused.output.replace("\n", "")
    assert not empty.current.exists()


@pytest.mark.parametrize("option", [("--now", "tonight"), ("--as-of", "2026-13-01")])
def test_a_night_at_no_time_does_not_start(call: Callable[..., Result], empty: Home, option: tuple[str, str]) -> None:
    refused = call("nightly", *option, home=empty)

    assert refused.exit_code == 2
    assert option[1] in refused.output
    assert list(empty.build.iterdir()) == []


def test_a_home_that_cannot_be_made_is_named(call: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = call("nightly", home=Home.at(tmp_path / "file" / "home"))

    assert refused.exit_code == 2
    assert "cannot be used" in refused.output


def test_one_who_finds_the_home_taken_is_told_by_whom(
    call: Callable[..., Result], empty: Home, holder: subprocess.Popen[str]
) -> None:
    for command in (("nightly",), ("rollback", "20200101T000000Z-00000000")):
        refused = call(*command, home=empty)
        assert refused.exit_code == 2
        assert f"process {holder.pid}" in refused.output
        assert "another-night" in refused.output


def test_the_lock_is_free_again_when_its_holder_ends(
    call: Callable[..., Result], empty: Home, holder: subprocess.Popen[str]
) -> None:
    holder.communicate()
    refused = call("rollback", "20200101T000000Z-00000000", home=empty)

    assert f"process {holder.pid}" not in refused.output
    assert "20200101T000000Z-00000000" in refused.output


def test_the_summary_of_a_night_fits_a_screen_and_says_what_was_published(sample_nights: Any) -> None:
    first, second = sample_nights
    texts = []
    for night in (first, second):
        console = Console(width=160, file=io.StringIO(), record=True)
        console.print(screens.night_summary(night.record))
        texts.append(console.export_text())

    assert all(len(text.splitlines()) < 50 for text in texts)
    assert first.record.release_id in texts[0]
    assert "本次读取 read 8，未变 unchanged 0" in texts[0]
    assert "本次读取 read 0，未变 unchanged 8" in texts[1]
    assert "错误 error 2" in texts[1]
