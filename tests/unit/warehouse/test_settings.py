import pytest

from warehouse.home import Home
from warehouse.settings import Settings, SettingsError, ledger_place, read_settings, settings_file


def test_without_a_file_the_defaults_hold(home: Home) -> None:
    assert read_settings(home) == Settings(releases_keep=14, lake_days=1095, logs_days=180, runs_days=90)


def test_the_file_says_what_differs(home: Home) -> None:
    settings_file(home).write_text("# 保留\nreleases_keep = 3\nruns_days = 36500\n", encoding="utf-8")
    assert read_settings(home) == Settings(releases_keep=3, runs_days=36500)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("release_keep = 3", "'release_keep' is no setting.*known are releases_keep, lake_days"),
        ("[releases_keep]\nx = 1", r"releases_keep = .*cannot be used.*remove the line to use 14"),
        ("lake_days = 0", "lake_days = 0 cannot be used.*whole number from 1 to 36500.*use 1095"),
        ("lake_days = 36501", "lake_days = 36501 cannot"),
        ("logs_days = true", "logs_days = True cannot"),
        ("logs_days = 2.5", "logs_days = 2.5 cannot"),
        ("runs_days = '90'", "runs_days = '90' cannot"),
        ("runs_days = \nlogs_days = 1", r"cannot be read: .*line 1.*remove it to use the defaults"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_remedy(text: str, named: str, home: Home) -> None:
    settings_file(home).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=named) as caught:
        read_settings(home)
    assert str(home.root / "provstat.toml") in str(caught.value)


def test_a_file_that_is_no_text_is_refused(home: Home) -> None:
    settings_file(home).write_bytes("releases_keep = 3 # 保留".encode("gb18030"))
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(home)


def test_the_ledger_is_in_the_home_unless_said_otherwise(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROVSTAT_LEDGER", raising=False)
    assert ledger_place(home) == home.ledger_file
    settings_file(home).write_text('ledger = "postgresql://provstat@db/provstat"\n', encoding="utf-8")
    assert ledger_place(home) == "postgresql://provstat@db/provstat"
    monkeypatch.setenv("PROVSTAT_LEDGER", "postgresql://provstat@other/provstat")
    assert ledger_place(home) == "postgresql://provstat@other/provstat"


@pytest.mark.parametrize("text", ["ledger = 5", 'ledger = "mysql://provstat:secret@db/provstat"'])
def test_a_ledger_that_is_none_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delenv("PROVSTAT_LEDGER", raising=False)
    settings_file(home).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="postgresql://account@host/database") as caught:
        ledger_place(home)
    assert "secret" not in str(caught.value)
