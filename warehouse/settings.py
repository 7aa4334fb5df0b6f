"""What an installation may choose about itself: ``provstat.toml`` in its home.

Here: the keys, their defaults and their checks. Not here: where the home is, and who obeys which key.
"""

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from warehouse.home import Home

FILE_NAME = "provstat.toml"
LEDGER_VARIABLE = "PROVSTAT_LEDGER"
LARGEST = 36_500
"""A hundred years of days; more is a slip."""
_LEDGER_REMEDY = (
    'Write "postgresql://account@host/database" (the password belongs into ~/.pgpass), or remove it to use the SQLite '
    "file of the home."
)

_TEXT_REMEDY = "Write a text in quotation marks, or remove the line."


class SettingsError(RuntimeError):
    """The settings cannot be used; the message names file, key and remedy."""


@dataclass(frozen=True)
class Settings:
    """What an installation keeps, for how long, where its ledger is, and who is told of a night.

    Numbers are whole, from 1 to `LARGEST`; texts are empty where nothing is said.

    Attributes:
        releases_keep: how many of the latest releases stay for rollback and open readers.
        lake_days: days for which a superseded reading stays in the lake: how far back "as we knew it on day D" reaches.
        logs_days: days for which the records of nights stay.
        runs_days: days for which the orchestrator's history of runs stays.
        ledger: URL of the PostgreSQL database that holds the ledger; empty is the SQLite file in the home.
        alert_file: file that always holds the message of the last night, for a monitor to pick up.
        alert_webhook: address to which each night's message is posted.
        alert_smtp: mail server, ``smtp://account@host:587`` or ``smtps://account@host``.
        alert_from: sender of the mail.
        alert_to: its receivers, with commas between.
    """

    releases_keep: int = 14
    lake_days: int = 1095
    logs_days: int = 180
    runs_days: int = 90
    ledger: str = ""
    alert_file: str = ""
    alert_webhook: str = ""
    alert_smtp: str = ""
    alert_from: str = ""
    alert_to: str = ""


def settings_file(home: Home) -> Path:
    """Where the settings of a home are, whether or not the file exists."""
    return home.root / FILE_NAME


def read_settings(home: Home) -> Settings:
    """Read the settings of a home; what the file does not say, or a missing file, has the defaults.

    Raises:
        SettingsError: the file is no TOML, names an unknown key, or gives a key a value that it cannot have.
    """
    file = settings_file(home)
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:  # TOML and UTF-8 errors are ValueErrors
        raise SettingsError(f"{file} cannot be read: {error}. Correct it, or remove it to use the defaults.") from error
    known = {field.name: field.default for field in fields(Settings)}
    for key, value in found.items():
        if key not in known:
            raise SettingsError(
                f"{file}: '{key}' is no setting. Remove it, or correct its name; known are {', '.join(known)}."
            )
        if isinstance(known[key], str):
            if not isinstance(value, str):
                remedy = _LEDGER_REMEDY if key == "ledger" else _TEXT_REMEDY
                raise SettingsError(f"{file}: {key} = {value!r} cannot be used. {remedy}")
        elif not _is_whole(value):
            raise SettingsError(
                f"{file}: {key} = {value!r} cannot be used. Write a whole number from 1 to {LARGEST}, "
                f"or remove the line to use {known[key]}."
            )
    return Settings(**found)


def ledger_place(home: Home) -> Path | str:
    """Where the ledger is: ``$PROVSTAT_LEDGER``, else what the settings say, else the SQLite file of the home.

    Raises:
        SettingsError: the settings cannot be used, or the place is no URL of a PostgreSQL database.
    """
    url = os.environ.get(LEDGER_VARIABLE) or read_settings(home).ledger
    if url and not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise SettingsError(
            f"The ledger is set to {url.partition(':')[0]!r}: …, which cannot be used. {_LEDGER_REMEDY}"
        )
    return url or home.ledger_file


def ledger_is_elsewhere(home: Home) -> bool:
    """Whether the ledger is on PostgreSQL; False where the settings cannot be read."""
    try:
        return isinstance(ledger_place(home), str)
    except SettingsError:
        return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST
