import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warehouse.home import Home
from warehouse.housekeeping import (
    LakeError,
    Tidied,
    incomplete_files,
    lacking_files,
    tidy_lake,
    tidy_logs,
)

from .lakes import TABLES, add_reading, reading_id, stored

NOW = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def whole(readings: list[str]) -> dict[str, list[str]]:
    """A lake of these readings, with all their files."""
    return dict.fromkeys((*TABLES, "sources"), readings)


@pytest.fixture
def lake(home: Home) -> Path:
    """Delivery a was read three times, long ago, a year ago, lately; delivery b once, long ago."""
    add_reading(home.lake, "a", 1, ago(2000), {"units": "aaaa", "regions": "0001"})
    add_reading(home.lake, "a", 2, ago(400), {"units": "bbbb", "regions": "0001"})
    add_reading(home.lake, "a", 3, ago(5), {"units": "cccc", "regions": "0001"})
    add_reading(home.lake, "b", 1, ago(2000), {"units": "dddd", "regions": "0002"})
    for table in (*TABLES, "sources"):
        (home.lake / table / "_empty.parquet").write_bytes(
            (home.lake / table / f"{'b' * 20}-0001.parquet").read_bytes()
        )
    (home.lake / "night").mkdir()
    (home.lake / "night" / "rules.parquet").write_text("rules")
    return home.lake


def test_a_reading_goes_when_the_later_one_is_old_enough(lake: Path) -> None:
    assert tidy_lake(lake, NOW, 300) == Tidied(readings=1, files=4, temporary=0, seeds=1)
    left = [reading_id("a", 2), reading_id("a", 3), reading_id("b", 1)]
    assert stored(lake) == whole(left)
    assert sorted(file.name for file in (lake / "seeds").iterdir()) == [
        "regions-0001.csv",
        "regions-0002.csv",
        "units-bbbb.csv",
        "units-cccc.csv",
        "units-dddd.csv",
    ]
    assert (lake / "night" / "rules.parquet").exists()
    assert all((lake / table / "_empty.parquet").exists() for table in (*TABLES, "sources"))
    assert tidy_lake(lake, NOW, 300) == Tidied(0, 0, 0, 0), "nothing is left to do"


@pytest.mark.parametrize(("days", "left"), [(1, 1), (4, 1), (5, 2), (399, 2), (400, 3), (3000, 3)])
def test_what_was_known_within_the_days_stays(days: int, left: int, lake: Path) -> None:
    tidy_lake(lake, NOW, days)
    assert len([name for name in stored(lake)["sources"] if name.startswith("a")]) == left


def test_the_latest_reading_of_a_delivery_never_goes(lake: Path) -> None:
    far = NOW + timedelta(days=100_000)
    assert tidy_lake(lake, far, 1).readings == 2
    assert stored(lake)["figures"] == [reading_id("a", 3), reading_id("b", 1)]
    assert tidy_lake(lake, far, 1).readings == 0


def test_an_incomplete_later_reading_supersedes_nothing(home: Home) -> None:
    add_reading(home.lake, "a", 1, ago(2000))
    add_reading(home.lake, "a", 2, ago(1000), sources=False)
    assert len(incomplete_files(home.lake)) == 4
    assert tidy_lake(home.lake, NOW, 10) == Tidied(readings=0, files=4, temporary=0, seeds=0)
    assert stored(home.lake) == whole([reading_id("a", 1)])


def test_temporary_files_go_and_foreign_ones_stay(lake: Path) -> None:
    (lake / "figures" / ".x.parquet.77.tmp").write_text("half")
    (lake / "seeds" / "units-eeee.tmp").write_text("half")
    foreign = [
        lake / "figures" / "notes.parquet",
        lake / "seeds" / "README.csv",
        lake / "figures" / "copy of x.parquet",
    ]
    for file in foreign:
        file.write_text("somebody's")
    assert tidy_lake(lake, NOW, 3000) == Tidied(readings=0, files=0, temporary=2, seeds=0)
    assert all(file.exists() for file in foreign)
    assert list(lake.rglob("*.tmp")) == []


@pytest.mark.parametrize("removals", range(8))
def test_a_death_between_two_removals_leaves_whole_readings(
    removals: int, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = Path.unlink
    done: list[Path] = []

    def dies(path: Path, missing_ok: bool = False) -> None:
        if len(done) == removals:
            raise KeyboardInterrupt
        done.append(path)
        remove(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            tidy_lake(lake, NOW, 3)

    assert lacking_files(lake) == (), "what has a sources row has all its files"
    assert {reading_id("a", 3), reading_id("b", 1)} <= set(stored(lake)["sources"])
    tidy_lake(lake, NOW, 3)
    assert stored(lake) == whole([reading_id("a", 3), reading_id("b", 1)])
    assert incomplete_files(lake) == ()


def test_an_unreadable_sources_file_stops_everything_before_it_starts(lake: Path) -> None:
    file = lake / "sources" / f"{reading_id('a', 2)}.parquet"
    file.write_bytes(file.read_bytes()[:100])
    before = stored(lake)
    with pytest.raises(LakeError, match=f"{file.name} cannot be read.*Nothing was removed"):
        tidy_lake(lake, NOW, 1)
    assert stored(lake) == before


@pytest.mark.parametrize(("now", "days"), [(NOW, 0), (NOW.replace(tzinfo=None), 5)])
def test_days_and_time_must_make_sense(now: datetime, days: int, home: Home) -> None:
    with pytest.raises(ValueError, match=r"days must be|no time zone"):
        tidy_lake(home.lake, now, days)
    with pytest.raises(ValueError, match=r"days must be|no time zone"):
        tidy_logs(home, now, days)


def test_an_empty_home_needs_no_tidying(home: Home) -> None:
    assert tidy_lake(home.lake, NOW, 10) == Tidied(0, 0, 0, 0)
    assert tidy_logs(home, NOW, 10) == 0


def test_old_records_of_nights_go(home: Home) -> None:
    nights = home.logs / "nights"
    nights.mkdir()
    for name, days in (("old", 181), ("edge", 180), ("new", 1)):
        started = ago(days).astimezone(UTC).isoformat()
        (nights / f"{name}.json").write_text(json.dumps({"started_at": started}))
    for name, days in (("torn-old", 200), ("torn-new", 1)):
        (nights / f"{name}.json").write_text("{")
        os.utime(nights / f"{name}.json", (ago(days).timestamp(), ago(days).timestamp()))
    (nights / ".x.json.1.tmp").write_text("{")
    (home.logs / "dbt.log").write_text("old")

    assert tidy_logs(home, NOW, 180) == 3
    assert sorted(file.stem for file in nights.iterdir()) == ["edge", "new", "torn-new"]
    assert (home.logs / "dbt.log").exists()
