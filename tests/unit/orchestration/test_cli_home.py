"""Words and exit codes of the commands about the home. Chinese first, English beside it."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from orchestration import cli_home
from warehouse.home import Home

app = typer.Typer(pretty_exceptions_enable=False)
for command in (cli_home.doctor, cli_home.backup, cli_home.restore):
    app.command()(command)
runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").ensure()


def run(*arguments: str | Path) -> tuple[int, str]:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_doctor_says_sound_problems_and_no_home(home: Home, tmp_path: Path) -> None:
    code, shown = run("doctor", "--home", home.root)
    assert code == 0
    assert "完好" in shown
    assert "✓" in shown
    assert "✗" not in shown

    home.restricted.chmod(0o755)
    code, shown = run("doctor", "--home", home.root)
    assert code == 1
    assert "✗" in shown
    assert "chmod 700" in shown
    assert "1 个问题" in shown

    code, shown = run("doctor", "--home", tmp_path / "[none]")
    assert code == 2
    assert "[none]" in shown
    assert "There is no home" in shown


def test_backup_and_restore_go_round(home: Home, tmp_path: Path) -> None:
    (home.restricted / "form.parquet").write_text("synthetic (合成)")
    archive, place = tmp_path / "backup.tar", tmp_path / "other"
    code, shown = run("backup", archive, "--home", home.root)
    assert code == 0
    assert "已备份" in shown
    assert str(archive) in shown.replace("\n", "")
    code, shown = run("restore", archive, "--home", place)
    assert code == 0
    assert "provstat doctor --home" in shown
    assert (place / "restricted" / "form.parquet").read_text() == "synthetic (合成)"


def test_refusals_are_one_sentence_and_a_code(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    assert run("backup", archive, "--home", tmp_path / "none")[0] == 2
    assert run("backup", archive, "--home", home.root)[0] == 0
    for code, named, arguments in (
        (1, "exists already", ("backup", archive, "--home", home.root)),
        (2, "is not empty", ("restore", archive, "--home", home.root)),
        (1, "no archive", ("restore", tmp_path / "none.tar", "--home", tmp_path / "new")),
    ):
        got, shown = run(*arguments)
        assert (got, named in shown) == (code, True), shown
    archive.write_bytes(archive.read_bytes()[:700])
    code, shown = run("restore", archive, "--home", tmp_path / "new")
    assert (code, "truncated" in shown) == (1, True), shown
    assert not (tmp_path / "new").exists()
