"""After a night: nothing that follows it can fail it, and what failed is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import aftermath, alerts, night_report_page
from orchestration.journal import Journal, end_dead, journal_path, recent_records
from orchestration.night import run_night
from tests.conftest import kept_environment
from warehouse.home import Home
from warehouse.housekeeping import tidy_reports
from warehouse.settings import settings_file

NIGHT = datetime(2026, 1, 4, 18, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").ensure()


def _ended(home: Home, outcome: str, run_id: str = "run-1", now: datetime = NIGHT) -> Journal:
    journal = Journal(home, run_id, now)
    journal.end(outcome, "gate balance: lost" if outcome == "held" else "")
    return journal


def _messages(home: Home) -> list[dict[str, str]]:
    return [json.loads(line) for line in alerts.log_file(home).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("outcome", ["held", "failed"])
def test_a_held_or_failed_night_has_a_report_and_a_message(home: Home, outcome: str) -> None:
    journal = _ended(home, outcome)
    aftermath.conclude(home, journal)
    assert Path(str(journal.record.report_file)).is_file()
    assert [told["outcome"] for told in _messages(home)] == [outcome]
    assert json.loads(journal_path(home, "run-1").read_text(encoding="utf-8"))["report_file"]
    assert journal.record.remarks == []


def test_a_report_that_fails_is_a_remark_and_the_message_goes_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(night_report_page, "write_report", broken)
    journal = _ended(home, "held")
    aftermath.conclude(home, journal)
    assert journal.record.outcome == "held"
    assert journal.record.message == "gate balance: lost"
    assert "No space left" in journal.record.remarks[0]
    assert "No space left" in _messages(home)[0]["text"]


def test_a_channel_or_settings_that_fail_are_remarks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "RETRIES", 0)
    settings_file(home).write_text('alert_webhook = "http://127.0.0.1:1/key"\n', encoding="utf-8")
    journal = _ended(home, "held")
    aftermath.conclude(home, journal)
    (remark,) = journal.record.remarks
    assert ("webhook" in remark, "/key" in remark) == (True, False)
    settings_file(home).write_text("alert_webhook = 5\n", encoding="utf-8")
    second = _ended(home, "failed", "run-2")
    aftermath.conclude(home, second)
    assert "alert_webhook" in second.record.remarks[0]
    assert second.record.outcome == "failed"


def test_a_night_that_was_killed_is_told_by_the_next(home: Home) -> None:
    Journal(home, "run-dead", NIGHT)
    _ended(home, "held", "run-held")
    (home.logs / "nights" / "torn.json").write_text("{", encoding="utf-8")
    assert end_dead(home) == ("run-dead",)
    stored = json.loads(journal_path(home, "run-dead").read_text(encoding="utf-8"))
    assert (stored["outcome"], "died" in stored["message"]) == ("failed", True)
    assert end_dead(home) == ()


def test_the_trend_has_the_latest_nights_in_order(home: Home) -> None:
    for number in range(5):
        _ended(home, "held", f"run-{number}", NIGHT + timedelta(days=number))
    last = _ended(home, "held", "run-last", NIGHT + timedelta(days=9))
    (home.logs / "nights" / "torn.json").write_text("{", encoding="utf-8")
    nights = recent_records(home, 3, until=last.record)
    assert [night.run_id for night in nights] == ["run-3", "run-4", "run-last"]


def test_old_reports_go_and_the_last_one_stays(home: Home) -> None:
    home.reports.mkdir()
    names = ["20250101T180000Z-a.html", "20250601T180000Z-b.html", "20260101T180000Z-c.html"]
    for name in names:
        (home.reports / name).write_text("x", encoding="utf-8")
    (home.reports / "latest.html").symlink_to(names[-1])
    assert tidy_reports(home, NIGHT, 300) == 1
    assert sorted(path.name for path in home.reports.iterdir()) == [*names[1:], "latest.html"]
    assert tidy_reports(home, NIGHT + timedelta(days=9000), 1) == 1
    assert (home.reports / "latest.html").exists()


def test_a_night_that_dagster_could_not_start_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dg.DagsterInstance, "get", broken)
    home = Home.at(tmp_path / "home")
    with kept_environment():
        done = run_night(home, now="2026-01-05T02:00:00+08:00")
    assert (done.exit_code, done.record.outcome) == (1, "failed")
    (told,) = _messages(home)
    assert (told["outcome"], "No space left" in told["title"]) == ("failed", True)
