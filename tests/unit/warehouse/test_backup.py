import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse import backup as backup_module
from warehouse.backup import BackupError, backup, restore
from warehouse.home import Home, HomeError
from warehouse.lock import HomeLocked
from warehouse.publish import verify_release
from warehouse.releases import changed_since
from warehouse.reports import lead_to

from .conftest import FIRST_NIGHT, Publish
from .lakes import add_reading, reading_id
from .test_hashes import flip

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def full(home: Home, publish: Publish) -> Home:
    """A home with everything in it that a backup holds, and much that it leaves out."""
    publish("r1")
    publish("r2", 1, previous="r1")
    add_reading(home.lake, "a", 1, FIRST_NIGHT)
    (home.restricted / "企业").mkdir()
    (home.restricted / "企业" / "form.parquet").write_text("synthetic (合成)")
    (home.restricted / "企业" / "form.parquet").chmod(0o600)
    with closing(sqlite3.connect(home.ledger_file)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table finding_event (event_id integer primary key, reason text)")
        connection.execute("insert into finding_event (reason) values ('同意')")
        connection.commit()
    (home.logs / "nights").mkdir()
    (home.logs / "nights" / "run-1.json").write_text("{}")
    home.reports.mkdir()
    for night in ("20260301T020000Z-r1.html", "20260302T020000Z-r2.html"):
        (home.reports / night).write_text("合成报告")
        lead_to(home, home.reports / night)
    (home.root / "provstat.toml").write_text("lake_days = 3\n")
    (home.dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    for left_out in (
        home.dagster / "runs.db",
        home.exports / "report.html",
        home.lake / "figures" / ".x.parquet.7.tmp",
        home.releases / "r3.duckdb.7.partial",
        home.root / "night.holder.json",
    ):
        left_out.write_text("left out")
    return home


@pytest.fixture
def archive(full: Home, tmp_path: Path) -> Path:
    return backup(full, tmp_path / "backup.tar", NOW).archive


def held(home: Home) -> dict[str, tuple[str, int]]:
    """Hash and mode of every file that a backup holds, but for the ledger, whose pages may lie differently."""
    wanted = ("lake", "restricted", "published", "logs", "provstat.toml", "dagster/dagster.yaml")
    return {
        name: (hashlib.sha256(path.read_bytes()).hexdigest(), stat.S_IMODE(path.lstat().st_mode))
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and (name := path.relative_to(home.root).as_posix()).startswith(wanted)
        if path.suffix not in {".tmp", ".partial"}
    }


def reasons(home: Home) -> list[str]:
    with closing(sqlite3.connect(home.ledger_file)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in connection.execute("select reason from finding_event order by event_id")]


def rewritten(archive: Path, change: Callable[[dict[str, tuple[tarfile.TarInfo, bytes]]], None]) -> Path:
    """A copy of an archive, its members changed."""
    members: dict[str, tuple[tarfile.TarInfo, bytes]] = {}
    with tarfile.open(archive) as tar:
        for info in tar:
            stream = tar.extractfile(info) if info.isreg() else None
            members[info.name] = (info, stream.read() if stream else b"")
    change(members)
    target = archive.with_name("changed.tar")
    with tarfile.open(target, "w") as tar:
        for info, data in members.values():
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return target


def refused(archive: Path, tmp_path: Path, named: str) -> None:
    """Restoring fails with these words and leaves nothing, not even beside the place."""
    (tmp_path / "new").mkdir()
    with pytest.raises(BackupError, match=named):
        restore(archive, Home.at(tmp_path / "new" / "home"))
    assert list((tmp_path / "new").iterdir()) == []


def test_what_comes_back_is_what_was_saved(full: Home, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "backup.tar", NOW)
    place = Home.at(tmp_path / "other" / "home")
    got = restore(made.archive, place)
    assert held(place) == held(full)
    assert reasons(place) == ["同意"]
    assert (made.release_id, made.made_at, made.warnings) == ("r2", NOW, ())
    assert (got.release_id, got.made_at, got.files, got.size_bytes) == ("r2", NOW, made.files, made.size_bytes)
    assert stat.S_IMODE(place.restricted.stat().st_mode) == 0o700
    for release in ("r1", "r2"):
        file = place.release_file(release)
        assert stat.S_IMODE(file.stat().st_mode) == 0o444
        assert changed_since(file) is None
    assert verify_release(place.current.resolve()).release_id == "r2"
    assert str(place.current.readlink()) == "releases/r2.duckdb"
    assert str((place.reports / "latest.html").readlink()) == "20260302T020000Z-r2.html"
    assert place.build.is_dir()
    assert [path.name for path in place.dagster.iterdir()] == ["dagster.yaml"]
    assert list(place.exports.iterdir()) == []
    assert not (place.root / "manifest.json").exists()
    assert [path.name for path in place.root.parent.iterdir()] == ["home"]


def test_the_archive_is_private_and_its_manifest_holds_every_file(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.glob(".*")] == []
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
        for name, entry in manifest["files"].items():
            data = tar.extractfile(name).read()  # type: ignore[union-attr]
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (entry["sha256"], entry["size"])
    assert names[-1] == "manifest.json"
    assert set(names) == {*manifest["files"], "manifest.json", "published/current.duckdb"}
    assert not any(name.startswith(("build/", "exports/", "night.")) for name in names)


def test_an_empty_folder_will_do_and_keeps_its_mode(archive: Path, tmp_path: Path) -> None:
    place = tmp_path / "empty"
    place.mkdir(mode=0o750)
    restore(archive, Home.at(place))
    assert (place / "lake").is_dir()
    assert stat.S_IMODE(place.stat().st_mode) == 0o750


def test_a_mounted_disk_is_filled_from_within(
    archive: Path, full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path == place)
    restore(archive, Home.at(place))
    assert held(Home.at(place)) == held(full)
    assert [path.name for path in place.glob(".*")] == []


def test_a_place_that_is_taken_is_refused_and_left_alone(archive: Path, tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.mkdir()
    (place / "thesis.txt").write_text("mine")
    with pytest.raises(HomeError, match=r"taken is not empty.*Name another one with --home"):
        restore(archive, Home.at(place))
    with pytest.raises(HomeError, match="is not empty"):
        restore(archive, Home.at(place / "thesis.txt"))
    assert [path.name for path in place.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.6, 0.95, 0.99])
def test_a_truncated_archive_is_refused(share: float, archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    refused(archive, tmp_path, "truncated")


def test_a_text_and_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tar").write_text("no archive " * 1000)
    refused(tmp_path / "text.tar", tmp_path, "truncated or damaged")
    (tmp_path / "new").rmdir()
    refused(tmp_path / "none.tar", tmp_path, "There is no archive")


def test_a_flipped_byte_is_told_with_its_file(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        member = tar.getmember("published/releases/r1.duckdb")
    data = bytearray(archive.read_bytes())
    data[member.offset_data + member.size // 2] ^= 1
    archive.write_bytes(data)
    refused(archive, tmp_path, r"is damaged: published/releases/r1\.duckdb does not have its hash")


def _drop(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    del members[f"lake/figures/{reading_id('a', 1)}.parquet"]


def _add(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    members["extra"] = (tarfile.TarInfo("lake/extra.parquet"), b"x")


def _escape(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    members["extra"] = (tarfile.TarInfo("lake/../../escaped"), b"x")


def _absolute(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    members["extra"] = (tarfile.TarInfo("/nowhere/escaped"), b"x")


def _link(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    link = tarfile.TarInfo("lake/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    members["extra"] = (link, b"")


def _lead_out(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    members["published/current.duckdb"][0].linkname = "../../../etc/passwd"


def _double(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    members["extra"] = (tarfile.TarInfo("provstat.toml"), b"lake_days = 1")


def _unserved(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    del members["published/current.duckdb"]


def _newer(members: dict[str, tuple[tarfile.TarInfo, bytes]]) -> None:
    info, data = members["manifest.json"]
    members["manifest.json"] = (info, data.replace(b'"format_version": 1', b'"format_version": 2'))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_drop, "lacks lake/figures/.*which its manifest lists"),
        (_add, "holds lake/extra.parquet, which its manifest does not list"),
        (_escape, "lake/../../escaped may not be in it"),
        (_absolute, "/nowhere/escaped may not be in it"),
        (_link, "lake/link may not be in it"),
        (_lead_out, "published/current.duckdb may not be in it"),
        (_double, "provstat.toml may not be in it"),
        (_unserved, "does not hold the release that was served, r2"),
        (_newer, "in format 2, this software reads format 1"),
    ],
)
def test_an_archive_that_was_changed_is_refused(
    change: Callable[[dict[str, tuple[tarfile.TarInfo, bytes]]], None], named: str, archive: Path, tmp_path: Path
) -> None:
    refused(rewritten(archive, change), tmp_path, named)
    assert not (tmp_path / "escaped").exists()
    assert not Path("/nowhere/escaped").exists()


def test_decisions_may_be_taken_meanwhile(full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer in the middle of a transaction neither stops the backup nor gets half into it."""
    with closing(sqlite3.connect(full.ledger_file, isolation_level=None)) as writer:
        writer.execute("insert into finding_event (reason) values ('committed, still in the wal')")
        writer.execute("begin immediate")
        writer.execute("insert into finding_event (reason) values ('not committed')")
        assert full.ledger_file.with_name("findings.sqlite-wal").stat().st_size > 0
        made = backup(full, tmp_path / "backup.tar", NOW)
        writer.execute("rollback")
    place = Home.at(tmp_path / "other")
    restore(made.archive, place)
    assert reasons(place) == ["同意", "committed, still in the wal"]


def test_a_release_that_is_not_what_was_published_is_saved_and_told(full: Home, tmp_path: Path) -> None:
    flip(full.release_file("r1"), 100)
    made = backup(full, tmp_path / "backup.tar", NOW)
    assert made.warnings == ("r1.duckdb is not what was published (its hash does not hold)",)
    place = Home.at(tmp_path / "other")
    restore(made.archive, place)
    assert changed_since(place.release_file("r1")) is not None


def test_targets_that_cannot_be_are_refused(full: Home, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    for target, named in (
        (archive, "exists already"),
        (full.exports / "backup.tar", "lies in the home"),
        (tmp_path / "no" / "backup.tar", "no folder"),
    ):
        with pytest.raises(BackupError, match=named):
            backup(full, target, NOW)
    with pytest.raises(HomeError, match="no home at"):
        backup(Home.at(tmp_path / "nobody"), tmp_path / "b.tar", NOW)
    assert archive.read_bytes() == before


def test_a_full_disk_is_said_and_leaves_nothing(
    full: Home, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup_module.os, "fsync", refuses)
        with pytest.raises(BackupError, match=r"the disk is full .* MiB free at"):
            backup(full, tmp_path / "second.tar", NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]
    with monkeypatch.context() as patched:
        patched.setattr(tarfile.TarFile, "makefile", refuses)
        refused(archive, tmp_path, "the disk is full")


def test_a_night_at_work_is_not_saved(full: Home, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom warehouse.home import Home\nfrom warehouse.lock import night_lock\n"
        "with night_lock(Home(Path(sys.argv[1])), 'live'):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(full.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HomeLocked, match="run live"):
            backup(full, tmp_path / "backup.tar", NOW)
        process.communicate("")
    assert not (tmp_path / "backup.tar").exists()


def test_a_killed_backup_leaves_no_archive_and_the_next_one_clears_up(full: Home, tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\nfrom warehouse import backup\n"
        "from warehouse.home import Home\nbackup._add_text = lambda *_: os._exit(9)\n"
        "backup.backup(Home(Path(sys.argv[1])), Path(sys.argv[2]), datetime.now(UTC))\n"
    )
    target = tmp_path / "backup.tar"
    died = subprocess.run([sys.executable, "-c", script, str(full.root), str(target)], check=False, timeout=60)
    assert died.returncode == 9
    assert len(list(tmp_path.glob(".backup.tar.*.partial"))) == 1
    assert not target.exists()
    backup(full, target, NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]


@pytest.mark.skipif(shutil.which("tar") is None, reason="tar is not installed")
def test_plain_tar_unpacks_it_too(archive: Path, full: Home, tmp_path: Path) -> None:
    (tmp_path / "by-hand").mkdir()
    subprocess.run(["tar", "-xf", str(archive), "-C", str(tmp_path / "by-hand")], check=True)
    (full.reports / "latest.html").unlink()  # a link that restore makes anew
    assert held(Home.at(tmp_path / "by-hand")) == held(full)
    assert os.readlink(tmp_path / "by-hand" / "published" / "current.duckdb") == "releases/r2.duckdb"  # noqa: PTH115


def test_a_ledger_elsewhere_is_said_to_be_missing(full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSTAT_LEDGER", "postgresql://provstat@db/provstat")
    (warning,) = backup(full, tmp_path / "backup.tar", NOW).warnings
    assert "pg_dump" in warning
