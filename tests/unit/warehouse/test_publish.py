import os
import struct
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from warehouse import publish as publish_module
from warehouse.engine import reading
from warehouse.home import Home
from warehouse.lock import HomeLocked
from warehouse.publish import PublishError, build_release, remove_stale, swap_current, verify_release
from warehouse.release_meta import write_meta
from warehouse.releases import current_release_id

from .conftest import MakeBuild, Publish

STORAGE_NUMBER_OF_1_4 = 67  # in the file's main header, after checksum (8 bytes) and 'DUCK'


def test_the_published_file_opens_read_only_with_types_comments_and_rows_in_order(home: Home, publish: Publish) -> None:
    file = publish("r1")
    with duckdb.connect(str(home.current), read_only=True) as connection:
        rows = connection.execute("SELECT figure_id, value, printed_text FROM marts.figures").fetchall()
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
            "WHERE schema_name = 'marts' AND table_name = 'figures' "
            "AND column_name IN ('figure_id', 'value', 'published_at') ORDER BY column_name"
        ).fetchall()
        comment = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'figures'").fetchall()
    assert rows == [
        ("f1", Decimal("2.7700000000"), "2.77%"),
        ("f2", Decimal("2.6800000000"), "2.68%"),
        ("f3", None, "r1"),
    ]
    assert columns == [
        ("figure_id", "VARCHAR", False, "figure_id 列"),
        ("published_at", "DATE", True, "published_at 列"),
        ("value", "DECIMAL(28,10)", True, "value 列"),
    ]
    assert comment == [("synthetic (合成): marts.figures",)]
    assert file == home.releases / "r1.duckdb"


def test_the_published_file_is_in_the_old_storage_version_read_only_and_alone(home: Home, publish: Publish) -> None:
    file = publish("r1")
    with reading(file) as connection:
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'release'").fetchall()
    with file.open("rb") as stream:
        header = stream.read(20)
    assert tags == [({"storage_version": "v1.4.0+"},)]
    assert header[8:12] == b"DUCK"
    assert struct.unpack("<Q", header[12:20]) == (STORAGE_NUMBER_OF_1_4,)
    assert file.stat().st_mode & 0o777 == 0o444
    assert sorted(home.releases.iterdir()) == [file, home.releases / "r1.duckdb.sha256"]


def test_only_public_schemas_are_copied_and_views_become_tables(make_build: MakeBuild, home: Home) -> None:
    view = (
        "CREATE VIEW marts.按地区 AS SELECT 'a''b' AS \"名 称\", {'x': 1, 'y': [1.5]} AS nested; "
        "COMMENT ON VIEW marts.按地区 IS '视图''甲'; COMMENT ON COLUMN marts.按地区.\"名 称\" IS '名'; "
        "COMMENT ON COLUMN marts.按地区.nested IS '嵌套'"
    )
    file = build_release(make_build("r1", then=view), home, "r1")
    with reading(file) as connection:
        schemas = connection.execute(
            "SELECT DISTINCT schema_name FROM duckdb_tables() WHERE database_name = 'release' ORDER BY 1"
        ).fetchall()
        copied = connection.execute('SELECT "名 称", nested FROM release.marts.按地区').fetchall()
        views = connection.execute(
            "SELECT count(*) FROM duckdb_views() WHERE database_name = 'release' AND NOT internal"
        ).fetchall()
        comment = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = '按地区'").fetchall()
    assert schemas == [("marts",), ("meta",), ("quality",), ("reference",)]
    assert copied == [("a'b", {"x": 1, "y": [Decimal("1.5")]})]
    assert views == [(0,)]
    assert comment == [("视图'甲",)]
    assert b"910000" not in file.read_bytes()


@pytest.mark.parametrize(
    ("then", "named"),
    [
        ("COMMENT ON TABLE marts.targets IS NULL", "table marts.targets has no comment"),
        ("COMMENT ON COLUMN marts.targets.value IS ''", "column marts.targets.value has no comment"),
        ("CREATE TABLE quality.extra AS SELECT 1 AS a", "column quality.extra.a has no comment"),
        ("ALTER TABLE marts.targets DROP COLUMN level_hi", "column marts.targets.level_hi is missing"),
        ("DROP TABLE reference.units", "table reference.units is missing"),
        ("DROP SCHEMA meta CASCADE", "table meta.release is missing"),
        ("DELETE FROM meta.release", "meta.release has 0 rows, not one"),
        ("UPDATE meta.release SET release_id = 'other'", "says that it is release other, not r1"),
        ("UPDATE meta.release SET counts = '[1]'", "meta.release.counts is no JSON object"),
        ("UPDATE meta.release SET contract_version = '2.0'", "keeps contract 2.0"),
    ],
)
def test_a_build_that_breaks_the_contract_is_refused(
    then: str, named: str, home: Home, make_build: MakeBuild, publish: Publish
) -> None:
    publish("r0")
    with pytest.raises(PublishError) as caught:
        build_release(make_build("r1", then=then), home, "r1")
    assert named in str(caught.value)
    assert sorted(path.name for path in home.releases.iterdir()) == ["r0.duckdb", "r0.duckdb.sha256"]
    assert current_release_id(home) == "r0"


def test_a_published_release_is_never_replaced(home: Home, make_build: MakeBuild, publish: Publish) -> None:
    publish("r1")
    with pytest.raises(PublishError, match="exists already"):
        build_release(make_build("r1"), home, "r1")


def test_a_missing_or_foreign_build_file_is_a_publish_error(home: Home) -> None:
    with pytest.raises(PublishError, match="no build file"):
        build_release(home.build / "none.duckdb", home, "r1")
    (home.build / "text.duckdb").write_text("not a database" * 1000)
    with pytest.raises(PublishError, match="could not be copied"):
        build_release(home.build / "text.duckdb", home, "r1")
    assert list(home.releases.iterdir()) == []


def test_an_error_before_the_rename_leaves_the_served_release(
    home: Home, make_build: MakeBuild, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("r1")
    build = make_build("r2", 1)

    def full(file: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(publish_module, "_set_down", full)
        with pytest.raises(PublishError, match=r"No space left.*Check free space"):
            build_release(build, home, "r2")
    assert sorted(path.name for path in home.releases.iterdir()) == ["r1.duckdb", "r1.duckdb.sha256"]
    assert current_release_id(home) == "r1"
    swap_current(home, build_release(build, home, "r2"))
    assert current_release_id(home) == "r2"


DIE = """
import os, sys
from pathlib import Path
from warehouse import publish
from warehouse.home import Home
publish._set_down = lambda file: os._exit(9)
publish.build_release(Path(sys.argv[2]), Home(Path(sys.argv[1])), "r2")
"""


def test_a_killed_publication_leaves_only_a_temporary_file_and_the_next_one_works(
    home: Home, make_build: MakeBuild, publish: Publish
) -> None:
    publish("r1")
    build = make_build("r2", 1)
    died = subprocess.run([sys.executable, "-c", DIE, str(home.root), str(build)], check=False, timeout=60)
    assert died.returncode == 9
    left = [path for path in home.releases.iterdir() if path.name not in {"r1.duckdb", "r1.duckdb.sha256"}]
    assert len(left) == 1
    assert left[0].name.endswith(".partial")
    assert verify_release(home.current.resolve()).release_id == "r1"

    swap_current(home, build_release(build, home, "r2"))
    assert current_release_id(home) == "r2"
    assert remove_stale(home, keep=[build]) == (home.build / "r1.duckdb", left[0])
    assert sorted(path.name for path in home.releases.glob("*.duckdb")) == ["r1.duckdb", "r2.duckdb"]
    assert len(list(home.releases.iterdir())) == 4


def test_remove_stale_takes_what_dead_runs_left_and_nothing_else(
    home: Home, make_build: MakeBuild, publish: Publish
) -> None:
    publish("r1")
    kept, dead = make_build("kept"), make_build("dead")
    spill = home.build / "dead.duckdb.tmp"
    spill.mkdir()
    (spill / "block").write_text("x")
    for path in (home.build / "dead.duckdb.wal", home.build / "kept.duckdb.wal", home.build / "manifest.json"):
        path.write_text("x")
    link = home.published / "current.duckdb.1.partial"
    link.symlink_to("releases/none.duckdb")
    removed = remove_stale(home, keep=[kept])
    assert set(removed) == {dead, home.build / "dead.duckdb.wal", spill, link, home.build / "r1.duckdb"}
    assert sorted(path.name for path in home.build.iterdir()) == ["kept.duckdb", "kept.duckdb.wal", "manifest.json"]
    assert current_release_id(home) == "r1"
    assert verify_release(home.current.resolve()).release_id == "r1"


def test_remove_stale_keeps_its_hands_off_a_home_in_use(home: Home, make_build: MakeBuild) -> None:
    build = make_build("r1")
    script = (
        "import sys\nfrom pathlib import Path\nfrom warehouse.home import Home\nfrom warehouse.lock import night_lock\n"
        "with night_lock(Home(Path(sys.argv[1])), 'live'):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HomeLocked, match="run live"):
            remove_stale(home)
        process.communicate("")
    assert build.exists()


def test_the_link_is_relative_so_that_a_home_can_be_moved(home: Home, publish: Publish, tmp_path: Path) -> None:
    publish("r1")
    assert str(home.current.readlink()) == "releases/r1.duckdb"
    moved = Home(tmp_path / "moved")
    home.root.rename(moved.root)
    assert verify_release(moved.current.resolve()).release_id == "r1"


def test_swap_serves_only_files_among_the_releases(home: Home, make_build: MakeBuild) -> None:
    with pytest.raises(PublishError, match="is no release"):
        swap_current(home, make_build("r1"))
    with pytest.raises(PublishError, match="is no release"):
        swap_current(home, home.releases / "none.duckdb")


def test_swap_does_not_run_over_a_file_that_is_no_link(home: Home, make_build: MakeBuild) -> None:
    file = build_release(make_build("r1"), home, "r1")
    home.current.write_text("somebody copied a file here")
    with pytest.raises(PublishError, match="not a link"):
        swap_current(home, file)


def test_verify_refuses_damage_a_leftover_wal_and_the_new_storage_version(
    home: Home, make_build: MakeBuild, publish: Publish
) -> None:
    file = publish("r1")
    wal = home.releases / "r1.duckdb.wal"
    wal.write_bytes(b"")
    with pytest.raises(PublishError, match="write-ahead"):
        verify_release(file)
    wal.unlink()
    with pytest.raises(PublishError, match=r"storage version v2\.0\.0"):
        verify_release(make_build("r2"))
    damaged = home.releases / "r3.duckdb"
    damaged.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(PublishError, match=r"r3\.duckdb cannot be served"):
        verify_release(damaged)


def test_a_time_without_a_zone_is_refused(home: Home, publish: Publish) -> None:
    meta = verify_release(publish("r1"))
    assert meta.built_at.isoformat() == "2026-03-01T18:00:00+00:00"
    assert dict(meta.counts) == {"figures": 3}
    naive = type(meta)("r", "run", meta.built_at.replace(tzinfo=None), None, "0", {})
    with duckdb.connect() as connection, pytest.raises(ValueError, match="no time zone"):
        write_meta(connection, naive)


READER = """
import sys
from pathlib import Path
import duckdb
current, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen = set()
reads = 0
print("reading", flush=True)
while True:
    last = stop.exists()
    with duckdb.connect(str(current), read_only=True) as connection:
        for _ in range(3):
            meta, row = connection.execute(
                "SELECT (SELECT release_id FROM meta.release), (SELECT printed_text FROM marts.figures "
                "WHERE figure_id = 'f3')"
            ).fetchone()
            assert meta == row, (meta, row)
            reads += 1
    seen.add(meta)
    if last:
        break
print(reads, *sorted(seen), flush=True)
"""


def test_readers_in_other_processes_see_whole_releases_over_ten_swaps(
    home: Home, publish: Publish, tmp_path: Path
) -> None:
    publish("r00")
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(home.current), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
    for number in range(1, 11):
        publish(f"r{number:02}", number)
    stop.write_text("")
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert reader.returncode == 0, err
        reads, *seen = out.split()
        assert int(reads) > 3
        assert len(seen) > 1, "the reader must have seen a swap"
        assert seen[-1] == "r10"


def test_the_process_id_is_part_of_a_temporary_name(
    home: Home, make_build: MakeBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    monkeypatch.setattr(publish_module, "_set_down", lambda file: names.append(file.name))
    build_release(make_build("r1"), home, "r1")
    assert names == [f"r1.duckdb.{os.getpid()}.partial"]
