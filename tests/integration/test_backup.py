"""A night, a backup, another place, the next night there: as if nothing had happened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.backup import backup, restore
from warehouse.doctor import examine
from warehouse.home import Home
from warehouse.housekeeping import Tidied, tidy_lake

pytestmark = pytest.mark.full

Rows = list[dict[str, Any]]
THIRD_NIGHT = "2026-01-07T02:00:00+08:00"
FINDINGS = "select finding_id, first_seen, evidence_hash, status from quality.findings order by finding_id"
FIGURES = "select * from marts.figures order by all"


@pytest.fixture(scope="module")
def moved(sample_nights: Any, tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any]) -> Any:
    """The home of the samples, saved, restored elsewhere; and the night that then ran there."""
    folder = tmp_path_factory.mktemp("moved")
    now = datetime(2026, 1, 6, 9, tzinfo=UTC)
    made = backup(sample_nights[1].home, folder / "backup.tar", now)
    place = Home.at(folder / "elsewhere" / "home")
    restore(made.archive, place)
    before = [check for check in examine(place, now) if check.ok is False]
    return made, before, run_a_night(place.root, now=THIRD_NIGHT)


def test_the_restored_home_is_sound_before_and_after_its_night(moved: Any) -> None:
    made, before, night = moved
    assert made.warnings == ()
    assert before == []
    checks = examine(night.home, datetime(2026, 1, 7, tzinfo=UTC))
    assert [check for check in checks if check.ok is False] == []


def test_the_next_night_reads_nothing_anew(moved: Any) -> None:
    assert (moved[2].exit_code, moved[2].record.outcome) == (0, "published"), moved[2].record.message
    assert {delivery["why"] for delivery in moved[2].record.deliveries} == {None}


def test_releases_chain_on_and_the_earlier_ones_are_there(
    moved: Any, sample_nights: Any, ask: Callable[..., Rows]
) -> None:
    last = sample_nights[1].record.release_id
    assert ask(moved[2].release_file, "select previous_release_id from meta.release") == [{"previous_release_id": last}]
    names = {path.stem for path in moved[2].home.releases.glob("*.duckdb")}
    assert names == {night.record.release_id for night in (*sample_nights, moved[2])}
    assert {path.name for path in moved[2].home.releases.glob("*.sha256")} == {f"{n}.duckdb.sha256" for n in names}


def test_figures_and_findings_are_as_they_were(moved: Any, sample_nights: Any, ask: Callable[..., Rows]) -> None:
    before, after = sample_nights[1].release_file, moved[2].release_file
    assert ask(after, FIGURES) == ask(before, FIGURES)
    findings = ask(after, FINDINGS)
    assert findings == ask(before, FINDINGS)
    assert {str(row["first_seen"].date()) for row in findings} == {"2026-01-04"}, "first seen in the first night"


def test_the_ledger_goes_on_from_where_it_was(moved: Any, sample_nights: Any) -> None:
    events = "select event_id, finding_id, run_id, action, at from finding_event order by event_id"
    with (
        closing(sqlite3.connect(sample_nights[1].home.ledger_file)) as old,
        closing(sqlite3.connect(moved[2].home.ledger_file)) as new,
    ):
        earlier, later = (connection.execute(events).fetchall() for connection in (old, new))
    assert earlier
    assert later[: len(earlier)] == earlier
    assert {row[3] for row in later[len(earlier) :]} <= {"seen"}


def test_a_lake_of_single_readings_has_nothing_to_tidy(
    moved: Any, copy_home: Callable[..., Home], tmp_path: Path
) -> None:
    home = copy_home(moved[2].home, tmp_path / "copy")
    assert tidy_lake(home.lake, datetime(2036, 1, 1, tzinfo=UTC), 1) == Tidied(0, 0, 0, 0)
