"""A ledger on each engine, and stewards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from expectations import ledger
from tests.postgres import Server, running_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for the tests of a process."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Path | str]:
    """Places of empty ledgers on one engine."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.new_ledger
    numbers = iter(range(1_000_000))
    return lambda: tmp_path / "ledger" / f"findings_{next(numbers)}.sqlite"


@pytest.fixture
def place(new_place: Callable[[], Path | str]) -> Path | str:
    """An empty ledger."""
    return new_place()


@pytest.fixture
def engine(place: Path | str) -> Iterator[sa.Engine]:
    """An empty ledger, opened."""
    with ledger.open_ledger(place) as opened:
        yield opened
