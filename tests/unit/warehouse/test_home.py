from pathlib import Path

import pytest

from warehouse.home import Home, HomeError


def test_explicit_path_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSTAT_HOME", str(tmp_path / "env"))
    assert Home.at(tmp_path / "given").root == tmp_path / "given"
    assert Home.at().root == tmp_path / "env"


@pytest.mark.parametrize("value", [None, ""])
def test_without_either_it_is_var_below_the_working_folder(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROVSTAT_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("PROVSTAT_HOME", value)
    assert Home.at().root == tmp_path / "var"
    assert not (tmp_path / "var").exists()


def test_paths_are_those_of_the_public_layout(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    relative = {
        name: str(getattr(home, name).relative_to(tmp_path))
        for name in ("lake", "restricted", "build", "ledger", "published", "current", "releases", "exports", "logs")
    }
    assert relative == {
        "lake": "lake",
        "restricted": "restricted",
        "build": "build",
        "ledger": "ledger",
        "published": "published",
        "current": "published/current.duckdb",
        "releases": "published/releases",
        "exports": "exports",
        "logs": "logs",
    }
    assert home.dagster == tmp_path / "dagster"


def test_ensure_creates_the_folders_and_closes_the_restricted_one(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "a" / "home")
    home.ensure()
    home.restricted.chmod(0o755)
    assert home.ensure() is home
    assert home.restricted.stat().st_mode & 0o777 == 0o700
    assert all(
        folder.is_dir() for folder in (home.lake, home.build, home.ledger, home.releases, home.exports, home.logs)
    )
    assert list(home.lake.iterdir()) == []


def test_a_home_that_cannot_be_written_says_which_path_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "lake").write_text("a file in the way")
    with pytest.raises(HomeError, match=r"home/lake.*Give --home or") as caught:
        Home.at(tmp_path / "home").ensure()
    assert str(tmp_path / "home") in str(caught.value)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 101, "二"])
def test_a_release_id_must_be_a_plain_file_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="cannot name a release"):
        Home.at(tmp_path).release_file(name)
