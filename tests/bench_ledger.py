"""Benchmark of the ledger: 100,000 findings with a million events, on SQLite and, where there is one, PostgreSQL.

Prints what a night spends on it and how long ``provstat findings list`` takes on a release with all findings; asserts
nothing, because a time is a property of the machine. Run: ``make bench``, or alone ``python -m tests.bench_ledger``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from rich.console import Console
from rich.table import Table

from expectations import ledger
from expectations.lifecycle import Candidate, reconcile
from tests.ledgers import decided, night
from tests.postgres import running_server
from warehouse.home import Home

FINDINGS, EVENTS, RULES = 100_000, 1_000_000, 100
_T = TypeVar("_T")


def candidates(evidence: int) -> list[Candidate]:
    """Every finding, on evidence that differs by number."""
    return [Candidate(f"fnd_{n:020x}", f"R{n % RULES}", f"h{evidence}") for n in range(FINDINGS)]


@dataclass(frozen=True)
class Spent:
    """Seconds of the wall clock, and of them on the processor (also of processes started)."""

    wall: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)

    def __str__(self) -> str:
        return f"{self.wall:,.2f} ({self.cpu:,.2f})"


def timed(action: Callable[[], _T]) -> tuple[Spent, _T]:
    """What an action took, and what it gave."""
    before, started = sum(os.times()[:4]), time.perf_counter()
    given = action()
    return Spent(time.perf_counter() - started, sum(os.times()[:4]) - before), given


def measured(place: Path | str) -> dict[str, Spent]:
    """Fill a ledger night by night, then measure one more night of the usual kind."""
    rules = frozenset(f"R{n}" for n in range(RULES))
    spent: dict[str, Spent] = {}
    with ledger.open_ledger(place) as engine:
        for number in range(1, EVENTS // FINDINGS + 1):
            events = reconcile(ledger.current_states(engine), candidates(number), rules, night(number), f"n{number}")
            filled, _ = timed(partial(ledger.append, engine, events.events))
            spent.setdefault("a night in which all are new: append", filled)
        usual = candidates(EVENTS // FINDINGS)[: FINDINGS - 500]  # 500 are gone, 500 have changed
        usual[500:1000] = [replace(one, evidence_hash="other") for one in usual[500:1000]]
        spent["a usual night: read states"], states = timed(partial(ledger.current_states, engine))
        now = night(30)
        spent["a usual night: reconcile"], result = timed(partial(reconcile, states, usual, rules, now, "usual"))
        spent["a usual night: append"], _ = timed(partial(ledger.append, engine, result.events))
        twice = spent["a usual night: read states"] + spent["a usual night: reconcile"]
        spent["a usual night adds (twice, twice, once)"] = twice + twice + spent["a usual night: append"]
        one = candidates(1)[2000].finding_id
        spent["one decision"], _ = timed(partial(decided, engine, one, "accepted", now=now))
        spent["replay of all events"], replayed = timed(partial(ledger.replay, engine))
        if replayed != ledger.current_states(engine):
            raise SystemExit("the events do not give the states that are kept")
    return spent


def listing(home: Home) -> dict[str, Spent]:
    """``provstat findings list`` on a release that has every finding."""
    release = home.release_file("bench")
    with duckdb.connect(str(release)) as connection:
        connection.execute("create schema quality")
        connection.execute(
            f"""
            create table quality.findings as select
                'fnd_' || printf('%020x', n) as finding_id, 'R' || n % {RULES} as rule_id,
                case n % 10 when 0 then 'error' else 'warning' end as severity, 'open' as status,
                '520000' as region_code, '2020' as period, '合成问题 ' || n as title_zh
            from range({FINDINGS}) as numbers(n)
            """
        )
    home.current.symlink_to(release)
    command = [sys.executable, "-m", "orchestration", "findings", "list", "--home", str(home.root)]
    runs = {
        "findings list": [],
        "findings list --severity error": ["--severity", "error"],
        "findings list --status accepted": ["--status", "accepted"],
    }
    help_alone = [sys.executable, "-m", "orchestration", "findings", "list", "--help"]
    spent = {"provstat --help (start-up alone)": _best(help_alone)}
    return spent | {name: _best([*command, *rest]) for name, rest in runs.items()}


def _best(command: list[str]) -> Spent:
    run = partial(subprocess.run, command, check=True, capture_output=True)
    return min((timed(run)[0] for _ in range(3)), key=lambda spent: spent.wall)


def report(console: Console) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home.at(Path(folder) / "home").ensure()
        _show(console, "SQLite", measured(home.ledger_file) | listing(home))
        try:
            server = stack.enter_context(running_server())
        except pytest.skip.Exception as skipped:
            console.print(str(skipped))
        else:
            _show(console, "PostgreSQL", measured(server.new_ledger()))


def _show(console: Console, engine: str, spent: dict[str, Spent]) -> None:
    table = Table(f"{engine}: {FINDINGS:,} findings, {EVENTS:,} events", "seconds (processor)")
    for name, seconds in spent.items():
        table.add_row(name, str(seconds))
    console.print(table)


if __name__ == "__main__":
    report(Console(width=120))
