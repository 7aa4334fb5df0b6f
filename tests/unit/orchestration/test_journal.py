"""The record of a night: true at any moment, whole at any moment, and the first ending stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.journal import STAGES, GateOutcome, Journal, journal_path, read_journal, watching
from warehouse.home import Home

NIGHT = datetime(2026, 1, 4, 18, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path).ensure()


def _stored(home: Home, run_id: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(journal_path(home, run_id).read_text(encoding="utf-8"))
    return loaded


def test_a_record_is_there_as_soon_as_the_night_starts(home: Home) -> None:
    Journal(home, "run-start", NIGHT, "2026-01-01")

    assert _stored(home, "run-start")["outcome"] == "running"
    assert _stored(home, "run-start")["started_at"] == "2026-01-04T18:00:00+00:00"
    assert _stored(home, "run-start")["as_of"] == "2026-01-01"


def test_each_stage_is_kept_with_its_time(home: Home) -> None:
    journal = Journal(home, "run-stages", NIGHT)
    for name in STAGES:
        with journal.stage(name):
            pass
    stages = journal.record.stages

    assert [stage["stage"] for stage in stages] == list(STAGES)
    assert {stage["outcome"] for stage in stages} == {"done"}
    assert all(stage["seconds"] >= 0 for stage in stages)
    assert _stored(home, "run-stages")["stages"] == stages


def test_a_stage_that_fails_says_why_and_the_first_reason_stands(home: Home) -> None:
    journal = Journal(home, "run-fails", NIGHT)
    with pytest.raises(ValueError, match="broken sources"), journal.stage("inventory"):
        raise ValueError("broken sources.yml")
    with pytest.raises(RuntimeError), journal.stage("models"):
        raise RuntimeError("a consequence")

    assert journal.record.stages[0]["outcome"] == "failed"
    assert journal.record.message == "inventory: ValueError: broken sources.yml"
    assert _stored(home, "run-fails")["message"] == "inventory: ValueError: broken sources.yml"


def test_the_first_ending_stands(home: Home) -> None:
    journal = Journal(home, "run-ends", NIGHT)
    journal.end("held", "gate balance: a.txt")
    journal.end("failed", "the night ended before its publication")

    assert (journal.record.outcome, journal.record.message) == ("held", "gate balance: a.txt")


def test_a_gate_is_asked_once(home: Home) -> None:
    journal = Journal(home, "run-gates", NIGHT)
    journal.gate(GateOutcome("models", False, "a test failed"))
    journal.gate(GateOutcome("models", True, "fine"))
    journal.gate(GateOutcome("balance", True, "fine"))

    assert [(gate["gate"], gate["passed"]) for gate in journal.record.gates] == [("models", False), ("balance", True)]


def test_a_watcher_hears_of_each_stage_and_no_more_after(home: Home) -> None:
    heard: list[tuple[str, str]] = []
    journal = Journal(home, "run-heard", NIGHT)
    with watching(lambda stage, detail: heard.append((stage, detail))), journal.stage("models"):
        pass
    with journal.stage("marts"):
        pass

    assert heard == [("models", "")]


def test_the_summary_copies_findings_and_balance_and_closes_the_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "build.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.findings as select 'error' as severity, 'open' as status from range(2)"
        )
        connection.execute(
            "create table quality.source_balance as"
            " select 's' as source_id, 'a.txt' as file_name, 3 as recognised, 2 as figures, 1 as refused"
        )
        connection.execute("create schema marts")
        connection.execute("create schema reference")
        connection.execute("create table reference.sources as select 's' as source_id, 'plan' as kind")
        connection.execute("create table reference.regions as select '520100' as region_code, '贵阳市' as name_zh")
        connection.execute(
            "create table reference.indicators as select 'gdp' as indicator_code, '地区生产总值' as name_zh"
        )
        connection.execute(
            "create table marts.return_status as select '市统计局' as reporter_zh, '520100' as region_code,"
            " 'gdp' as indicator_code, 'gdp' as calendar_id, 'preliminary' as release_type, y as period,"
            " make_date(cast(y as integer) + 1, 4, 1) as expected_to,"
            " case when y = '2016' then 'arrived' else 'late' end as status"
            " from (select cast(2015 + i as varchar) as y from range(8) as t(i))"
        )
    journal = Journal(home, "run-noted", NIGHT)
    journal.note(duckdb.connect(str(file), read_only=True))

    assert journal.record.late == {"市统计局": 7}
    assert journal.record.latest_late[0] == "地区生产总值2022年（初步）：贵阳市，应于2023-04-01前"
    assert len(journal.record.latest_late) == 5
    assert journal.record.findings == {"error": {"open": 2}}
    assert journal.record.balance == [{"file": "a.txt", "kind": "plan", "recognised": 3, "loaded": 2, "refused": 1}]
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table nobody_reads_any_more (a int)")


def test_a_night_that_never_started_has_no_record(home: Home) -> None:
    assert read_journal(home, "run-none") is None


def test_nothing_half_written_stays_beside_a_record(home: Home) -> None:
    journal = Journal(home, "run-whole", NIGHT)
    journal.end("published")

    assert [path.name for path in journal_path(home, "run-whole").parent.iterdir()] == ["run-whole.json"]
