import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from warehouse import doctor
from warehouse.doctor import Check, examine, is_locked
from warehouse.hashes import sha256_of, sidecar_of, write_sidecar
from warehouse.home import Home, HomeError
from warehouse.lock import night_lock
from warehouse.settings import settings_file

from .conftest import FIRST_NIGHT, Publish
from .lakes import add_reading, reading_id
from .test_hashes import flip

NOW = FIRST_NIGHT + timedelta(days=1, hours=3)


@pytest.fixture
def sound(home: Home, publish: Publish) -> Home:
    """A home with two releases, a lake of two readings and a ledger."""
    publish("r1")
    publish("r2", 1, previous="r1")
    for file in home.build.iterdir():
        file.unlink()
    add_reading(home.lake, "a", 1, FIRST_NIGHT)
    add_reading(home.lake, "b", 1, FIRST_NIGHT)
    with sqlite3.connect(home.ledger_file) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table finding_event (event_id integer primary key, reason text)")
        connection.executemany("insert into finding_event (reason) values (?)", [("理由" * 300,)] * 40)
    connection.close()
    return home


def problems(home: Home) -> list[Check]:
    return [check for check in examine(home, NOW) if check.ok is False]


def notes(home: Home) -> list[Check]:
    return [check for check in examine(home, NOW) if check.ok is None]


def only(checks: list[Check]) -> Check:
    assert len(checks) == 1, checks
    assert checks[0].remedy, "a problem says what to do"
    return checks[0]


def files(home: Home) -> dict[Path, tuple[int, int]]:
    """Mode and time of every file."""
    return {
        path: (path.lstat().st_mode, path.lstat().st_mtime_ns)
        for path in sorted(home.root.rglob("*"))
        if not path.is_dir()
    }


def test_a_sound_home_has_no_problem_and_is_not_touched(sound: Home) -> None:
    before = files(sound)
    checks = examine(sound, NOW)
    assert [check for check in checks if check.ok is not True] == []
    assert files(sound) == before
    told = {check.name.split()[-1]: check.what for check in checks}
    assert "r2" in told["current"]
    assert "40" in told["ledger"]
    assert told["lake"].endswith("2 readings")
    assert "duckdb 2" in told["versions"]


def test_a_place_without_a_home_is_said(tmp_path: Path) -> None:
    for place in (tmp_path / "none", tmp_path):
        with pytest.raises(HomeError, match="no home at"):
            examine(Home.at(place), NOW)


def test_a_flipped_byte_in_a_release_is_told_with_the_release(sound: Home) -> None:
    flip(sound.release_file("r1"), sound.release_file("r1").stat().st_size // 2)
    found = only(problems(sound))
    assert found.name == "发布 release r1"
    assert "is not what was published" in found.what
    assert found.remedy.startswith("rm -f ")

    flip(sound.release_file("r1"), sound.release_file("r1").stat().st_size // 2)
    assert problems(sound) == []
    flip(sound.release_file("r2"), 5000)
    served = only(problems(sound))
    assert served.name == "发布 release r2"
    assert "provstat rollback" in served.remedy


def test_a_release_that_breaks_the_contract_is_told_even_if_its_hash_holds(sound: Home) -> None:
    file = sound.release_file("r1")
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("ALTER TABLE marts.targets DROP COLUMN level_hi")
    write_sidecar(file, sha256_of(file))
    assert "column marts.targets.level_hi is missing" in only(problems(sound)).what


def test_an_earlier_release_of_an_earlier_contract_is_only_noted(sound: Home) -> None:
    for release, expected in (("r1", None), ("r2", False)):
        file = sound.release_file(release)
        file.chmod(0o644)
        with duckdb.connect(str(file)) as connection:
            connection.execute("UPDATE meta.release SET contract_version = '0.9'")
        write_sidecar(file, sha256_of(file))
        assert [c.ok for c in examine(sound, NOW) if c.name == f"发布 release {release}"] == [expected]


def test_a_release_without_a_hash_is_noted(sound: Home) -> None:
    sidecar_of(sound.release_file("r2")).unlink()
    assert problems(sound) == []
    found = only(notes(sound))
    assert found.name == "发布 release r2"
    subprocess.run(found.remedy, shell=True, check=True)
    assert notes(sound) == [], "the remedy works as written"


@pytest.mark.parametrize(
    ("target", "named"),
    [("releases/none.duckdb", "leads nowhere: releases/none"), ("../lake", "leads nowhere"), (None, "none is served")],
)
def test_a_link_that_serves_nothing_is_a_problem(target: str | None, named: str, sound: Home) -> None:
    sound.current.unlink()
    if target is not None:
        sound.current.symlink_to(target)
    found = only(problems(sound))
    assert named in found.what
    assert "provstat rollback" in found.remedy


def test_a_file_in_the_place_of_the_link_is_a_problem(sound: Home) -> None:
    sound.current.unlink()
    sound.current.write_text("copied")
    assert "not a link" in only(problems(sound)).what


def test_before_the_first_night_there_are_only_notes(home: Home) -> None:
    assert problems(home) == []
    assert {check.name.split()[-1] for check in notes(home)} == {"current", "latest", "ledger"}


def test_a_folder_in_the_way_and_an_open_restricted_zone_are_problems(sound: Home) -> None:
    sound.restricted.chmod(0o755)
    found = only(problems(sound))
    assert "mode 0755" in found.what
    assert found.remedy == f"chmod 700 {sound.restricted}"
    sound.restricted.chmod(0o700)
    sound.exports.rmdir()
    sound.exports.write_text("in the way")
    assert str(sound.exports) in only(problems(sound)).what


def test_bad_settings_are_a_problem(sound: Home) -> None:
    settings_file(sound).write_text("lake_day = 3")
    assert "'lake_day' is no setting" in only(problems(sound)).what


def test_a_damaged_or_missing_ledger_is_a_problem(sound: Home) -> None:
    data = bytearray(sound.ledger_file.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    sound.ledger_file.write_bytes(data)
    assert "damaged" in only(problems(sound)).what
    sound.ledger_file.write_text("no database at all" * 1000)
    assert "not a database" in only(problems(sound)).what
    sound.ledger_file.unlink()
    assert "no ledger" in only(problems(sound)).what


def test_a_ledger_that_is_being_written_to_is_sound(sound: Home) -> None:
    writer = sqlite3.connect(sound.ledger_file, isolation_level=None)
    writer.execute("begin immediate")
    writer.execute("insert into finding_event (reason) values ('x')")
    assert problems(sound) == []
    writer.execute("commit")
    before = files(sound)
    assert ["41" in check.what for check in examine(sound, NOW) if "ledger" in check.name] == [True]
    assert files(sound) == before
    writer.close()


@pytest.mark.parametrize("table", ["sources", "figures", "lines"])
def test_a_truncated_lake_file_is_told(table: str, sound: Home) -> None:
    file = sound.lake / table / f"{reading_id('b', 1)}.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    found = only(problems(sound))
    assert f"lake/{table}/{reading_id('b', 1)}.parquet" in found.what
    assert "lake/sources" in found.remedy


def test_a_missing_lake_file_is_told(sound: Home) -> None:
    (sound.lake / "figures" / f"{reading_id('a', 1)}.parquet").unlink()
    assert f"Missing: lake/figures/{reading_id('a', 1)}.parquet" in only(problems(sound)).what


@pytest.mark.parametrize(
    "left",
    [
        "build/warehouse.duckdb",
        "published/releases/r3.duckdb.77.partial",
        "published/current.duckdb.77.partial",
        "published/releases/r3.duckdb.sha256",
        "lake/figures/.x.parquet.77.tmp",
        f"lake/lines/{reading_id('c', 1)}.parquet",
        "logs/nights/.x.json.7.tmp",
        "night.holder.json.7.partial",
    ],
)
def test_leftovers_are_noted_by_name(left: str, sound: Home) -> None:
    file = sound.root / left
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((sound.lake / "lines" / f"{reading_id('a', 1)}.parquet").read_bytes())
    assert problems(sound) == []
    assert left in only(notes(sound)).what


def test_a_night_at_work_is_told_from_a_dead_one(sound: Home) -> None:
    with night_lock(sound, "run-7"):
        assert is_locked(sound)
        found = only([check for check in notes(sound) if "lock" in check.name])
        assert "At work" in found.what
        assert f"{socket.gethostname()} {os.getpid()}, run run-7" in found.what
    assert not is_locked(sound)
    assert notes(sound) == []

    died = (
        "import os, sys\nfrom pathlib import Path\nfrom warehouse.home import Home\n"
        "from warehouse.lock import night_lock\n"
        "with night_lock(Home(Path(sys.argv[1])), 'run-8'):\n    os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", died, str(sound.root)], check=False, timeout=60).returncode == 9
    stale = only(notes(sound))
    assert "The last run died" in stale.what
    assert "run run-8" in stale.what
    with night_lock(sound, "run-9"):
        assert json.loads(sound.holder_file.read_text())["run_id"] == "run-9", "the look left the lock free"


def test_too_little_space_is_a_problem(sound: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    size = sound.release_file("r2").stat().st_size
    for free, expected in ((2**30 + 2 * size, 0), (2**30 + 2 * size - 1, 1)):
        with monkeypatch.context() as patched:
            patched.setattr(doctor.shutil, "disk_usage", lambda _path, free=free: usage(0, 0, free))
            assert len(problems(sound)) == expected


def test_an_old_release_and_other_versions_are_noted(sound: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    later = examine(sound, NOW + timedelta(days=9), code_version="0.1.0")
    assert [check.what for check in later if check.ok is None] == [
        "2026-03-02 18:00 UTC，已 9 天没有新发布 · no release for 9 days"
    ]
    other = examine(sound, NOW, code_version="0.2.0+abc")
    assert ["0.2.0+abc" in check.what for check in other if check.ok is None] == [True]
    monkeypatch.setattr(doctor, "PACKAGES", ("provstat", "no-such-package"))
    assert "no-such-package" in only(problems(sound)).remedy


def test_it_looks_while_the_clock_is_behind(sound: Home) -> None:
    assert [c for c in examine(sound, datetime(2020, 1, 1, tzinfo=UTC)) if c.ok is False] == []


def test_a_ledger_elsewhere_is_a_note(sound: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSTAT_LEDGER", "postgresql://provstat:secret@db/provstat")
    sound.ledger_file.unlink()
    assert problems(sound) == []
    (note,) = [check for check in notes(sound) if check.name.endswith("ledger")]
    assert "PostgreSQL" in note.what
    assert "secret" not in str(examine(sound, NOW))
