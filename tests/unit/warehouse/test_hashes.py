import hashlib
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from warehouse import publish as publish_module
from warehouse.hashes import kept_hash, sha256_of, sidecar_of, write_sidecar
from warehouse.home import Home
from warehouse.publish import PublishError, build_release, remove_stale, stale_files
from warehouse.releases import changed_since, current_release_id, list_releases, prune, rollback

from .conftest import MakeBuild, Publish


def flip(file: Path, at: int) -> None:
    """Change one byte of a published file."""
    mode = file.stat().st_mode
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)
    file.chmod(mode)


def test_a_release_has_its_hash_beside_it_read_only(home: Home, publish: Publish) -> None:
    file = publish("r1")
    sidecar = sidecar_of(file)
    assert sidecar == home.releases / "r1.duckdb.sha256"
    assert sidecar.read_text() == f"{hashlib.sha256(file.read_bytes()).hexdigest()}  r1.duckdb\n"
    assert sidecar.stat().st_mode & 0o777 == 0o444
    assert kept_hash(file) == sha256_of(file)
    assert changed_since(file) is None


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_checks_the_folder_and_finds_a_changed_byte(home: Home, publish: Publish) -> None:
    publish("r1")
    flipped = publish("r2", 1)

    def check() -> tuple[int, str]:
        done = subprocess.run(
            "sha256sum -c *.sha256", shell=True, cwd=home.releases, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    assert check() == (0, "r1.duckdb: OK\nr2.duckdb: OK\n")
    flip(flipped, flipped.stat().st_size // 2)
    assert check() == (1, "r1.duckdb: OK\nr2.duckdb: FAILED\n")


def test_a_release_that_was_changed_cannot_be_served_again(home: Home, publish: Publish) -> None:
    first = publish("r1")
    publish("r2", 1)
    sound = sha256_of(first)
    first.chmod(0o644)
    with duckdb.connect(str(first)) as connection:  # somebody "corrects" a figure: the engine finds nothing wrong
        connection.execute("UPDATE marts.figures SET value = 2.69 WHERE figure_id = 'f2'")
    with pytest.raises(PublishError, match=f"r1.duckdb is not what was published: .* kept beside it {sound}"):
        rollback(home, "r1")
    assert current_release_id(home) == "r2"


def test_the_hash_is_there_before_the_release_has_its_name(
    home: Home, make_build: MakeBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = make_build("r1")

    def dies(path: Path, target: Path) -> None:
        assert sidecar_of(target).is_file()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            build_release(build, home, "r1")
    assert list(home.releases.iterdir()) == [], "no hash stays without its release"


def test_a_hash_that_cannot_be_written_stops_the_publication(
    home: Home, make_build: MakeBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Path, digest: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish_module, "write_sidecar", full)
    with pytest.raises(PublishError, match="No space left"):
        build_release(make_build("r1"), home, "r1")
    assert list(home.releases.iterdir()) == []


def test_prune_takes_the_hash_too_and_a_lone_hash_is_a_leftover(home: Home, publish: Publish) -> None:
    publish("r1")
    publish("r2", 1)
    assert prune(home, keep=1) == ("r1",)
    assert sorted(path.name for path in home.releases.iterdir()) == ["r2.duckdb", "r2.duckdb.sha256"]

    lone = write_sidecar(home.releases / "gone.duckdb", "0" * 64)
    assert lone in stale_files(home)
    assert lone in remove_stale(home)
    assert sorted(path.name for path in home.releases.iterdir()) == ["r2.duckdb", "r2.duckdb.sha256"]
    assert [release.release_id for release in list_releases(home)] == ["r2"]


@pytest.mark.parametrize("text", ["", "abc  r1.duckdb\n", f"{'0' * 64}  r2.duckdb\n", "\n" * 3])
def test_a_garbled_hash_is_said(text: str, home: Home, publish: Publish) -> None:
    file = publish("r1")
    sidecar_of(file).unlink()
    assert kept_hash(file) is None
    assert changed_since(file) is None
    sidecar_of(file).write_text(text)
    with pytest.raises(ValueError, match="is no line"):
        kept_hash(file)
    assert "cannot be compared" in (changed_since(file) or "")
