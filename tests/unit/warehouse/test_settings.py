import pytest

from warehouse.home import Home
from warehouse.settings import Settings, SettingsError, read_settings, settings_file


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
