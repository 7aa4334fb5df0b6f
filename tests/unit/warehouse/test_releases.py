import duckdb
import pytest

from warehouse.home import Home
from warehouse.publish import PublishError
from warehouse.query import open_release
from warehouse.releases import current_release_id, list_releases, prune, rollback

from .conftest import FIRST_NIGHT, Publish


def test_an_empty_home_has_no_release(home: Home) -> None:
    assert list_releases(home) == ()
    assert current_release_id(home) is None


def test_the_list_is_read_from_the_files_latest_first(home: Home, publish: Publish) -> None:
    publish("b-first", 0)
    second = publish("a-second", 1, previous="b-first")
    latest, first = list_releases(home)
    assert (latest.release_id, latest.is_current, latest.previous_release_id) == ("a-second", True, "b-first")
    assert (first.release_id, first.is_current, first.previous_release_id) == ("b-first", False, None)
    assert first.built_at == FIRST_NIGHT
    assert latest.path == second
    assert latest.size_bytes == second.stat().st_size > 0
    assert dict(latest.counts) == {"figures": 3}
    assert latest.problem is None


def test_a_damaged_file_does_not_spoil_the_list(home: Home, publish: Publish) -> None:
    publish("r1")
    (home.releases / "r2.duckdb").write_text("damaged" * 1000)
    sound, damaged = list_releases(home)
    assert (sound.release_id, sound.problem) == ("r1", None)
    assert damaged.release_id == "r2"
    assert damaged.problem
    with pytest.raises(PublishError, match=r"r2\.duckdb cannot be served"):
        rollback(home, "r2")
    assert current_release_id(home) == "r1"


def test_rollback_serves_an_earlier_release_again(home: Home, publish: Publish) -> None:
    publish("r1", 0)
    publish("r2", 1)
    assert rollback(home, "r1").is_current
    assert current_release_id(home) == "r1"
    with duckdb.connect(str(home.current), read_only=True) as connection:
        assert connection.execute("SELECT release_id FROM meta.release").fetchall() == [("r1",)]
    assert rollback(home, "r2").release_id == "r2"
    assert [row.is_current for row in list_releases(home)] == [True, False]


def test_an_unknown_release_is_refused_with_the_known_ones(home: Home, publish: Publish) -> None:
    with pytest.raises(PublishError, match="none has been published"):
        rollback(home, "r9")
    publish("r1", 0)
    publish("r2", 1)
    with pytest.raises(PublishError, match=r"no release r9 .*Known releases: r2, r1\."):
        rollback(home, "r9")
    assert current_release_id(home) == "r2"


def test_prune_keeps_the_latest_and_the_one_served(home: Home, publish: Publish) -> None:
    for number in range(5):
        publish(f"r{number}", number)
    rollback(home, "r1")
    assert prune(home, keep=2) == ("r2", "r0")
    assert [row.release_id for row in list_releases(home)] == ["r4", "r3", "r1"]
    assert current_release_id(home) == "r1"
    assert prune(home, keep=2) == ()


@pytest.mark.parametrize("keep", [0, -1])
def test_prune_never_removes_everything(keep: int, home: Home) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        prune(home, keep)


def test_an_open_reader_survives_the_removal_of_its_release(home: Home, publish: Publish) -> None:
    publish("r1", 0)
    with open_release(home) as reader:
        publish("r2", 1)
        assert prune(home, keep=1) == ("r1",)
        assert reader.execute("SELECT release_id FROM meta.release").fetchall() == [("r1",)]
        assert len(list_releases(home)) == 1, "a list beside an open reader in one process"
