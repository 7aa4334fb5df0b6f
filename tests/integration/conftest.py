"""Homes that several tests need: one that has lived, for the death tests, and one on which a steward works."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from expectations.decisions import Account
from expectations.ledger import current_states, open_ledger
from orchestration import accounts
from orchestration.cli import app
from tests.integration.night_processes import (
    finish,
    leftovers,
    remembered,
    served_is_a_release,
    start_night,
    workers_alive,
)
from tests.ledgers import LI, VIEWER, WANG, decided
from warehouse.home import Home


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one published night and one decision of a steward."""
    home = Home.at(tmp_path_factory.mktemp("death") / "home")
    code, out = finish(start_night(home))
    assert code == 0, out
    with open_ledger(home.ledger_file) as engine:
        finding_id = next(s.finding_id for s in current_states(engine).values() if s.rule_id == "B1-36")
        for actor in (WANG, LI):  # an error: one proposes, another one confirms
            decided(engine, finding_id, "accepted", severity="error", actor=actor, run_id=actor.account)
    return home


@pytest.fixture
def unharmed(lived_in: Home) -> Callable[..., None]:
    """Check the home after a death: served, remembered; then that the next night publishes and tidies."""
    before = remembered(lived_in)

    def check(*, whole_night: bool = True) -> None:
        served_is_a_release(lived_in)
        assert remembered(lived_in) == before
        deadline = time.monotonic() + 30
        while workers_alive(lived_in) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not workers_alive(lived_in), "a helper process outlived its night"
        if not whole_night:
            return
        code, out = finish(start_night(lived_in))
        assert code == 0, out
        assert served_is_a_release(lived_in)
        after = remembered(lived_in)
        assert after == before, "the next night must not forget"
        assert leftovers(lived_in) == []

    return check


@pytest.fixture(scope="module")
def steward_sample(
    sample_nights: Any, copy_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """A copy of the home with two published nights."""
    return copy_home(sample_nights[1].home, tmp_path_factory.mktemp("steward") / "home")


@pytest.fixture
def home(steward_sample: Home) -> Iterator[Home]:
    """The home with the ledger of the night, whatever other tests have decided."""
    before = steward_sample.ledger_file.read_bytes()
    yield steward_sample
    for file in steward_sample.ledger.iterdir():
        file.unlink()
    steward_sample.ledger_file.write_bytes(before)


@pytest.fixture
def call(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Run one command of provstat on that home as an account of the operating system."""
    monkeypatch.chdir(tmp_path)
    for module in ("accounts", "steward", "findings_export"):
        monkeypatch.setattr(f"orchestration.{module}.accounts", lambda *_: (WANG, LI, VIEWER))

    def run(*arguments: str, actor: Account = WANG) -> Result:
        monkeypatch.setattr(accounts, "acting_account", lambda: actor)
        return CliRunner().invoke(app, [*arguments, "--home", str(home.root)])

    return run
