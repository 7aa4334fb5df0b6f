"""Benchmark of the ledger: 100,000 findings with a million events, on SQLite and, where there is one, PostgreSQL.

Prints what a night spends on it and how long ``provstat findings list`` takes on a release with all findings; asserts
nothing, because a time is a property of the machine. Run: ``make bench``, or alone ``python -m tests.bench_ledger``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from rich.console import Console
from rich.table import Table

from expectations import ledger
from expectations.ledger_schema import finding_event
from expectations.lifecycle import Candidate, reconcile
from tests.ledgers import decided, night
from tests.postgres import running_server
from warehouse.home import Home

FINDINGS, EVENTS, RULES = 100_000, 1_000_000, 100
_T = TypeVar("_T")


def candidates(evidence: int) -> list[Candidate]:
    """Every finding, on evidence that differs by number."""
    return [Candidate(f"fnd_{n:020x}", f"R{n % RULES}", f"h{evidence}") for n in range(FINDINGS)]


def timed(action: Callable[[], _T]) -> tuple[float, _T]:
    """Wall time of an action, and what it gave."""
    started = time.perf_counter()
    given = action()
    return time.perf_counter() - started, given


def measured(place: Path | str) -> dict[str, float]:
    """Fill a ledger night by night, then measure one more night of the usual kind."""
    rules = frozenset(f"R{n}" for n in range(RULES))
    seconds: dict[str, float] = {}
    with ledger.open_ledger(place) as engine:
        for number in range(1, EVENTS // FINDINGS + 1):
            events = reconcile(ledger.current_states(engine), candidates(number), rules, night(number), f"n{number}")
            spent, _ = timed(lambda events=events: ledger.append(engine, events.events))  # type: ignore[misc]
            seconds["first night: append 100,000 opened"] = seconds.get("first night: append 100,000 opened", spent)
        decided(engine, candidates(1)[0].finding_id, "accepted", now=night(20))
        usual = candidates(EVENTS // FINDINGS)[: FINDINGS - 500]  # 500 are gone, 500 have changed
        usual[500:1000] = [replace(one, evidence_hash="other") for one in usual[500:1000]]
        seconds["read states"], states = timed(lambda: ledger.current_states(engine))
        seconds["reconcile"], result = timed(lambda: reconcile(states, usual, rules, night(30), "usual"))
        seconds["append"], _ = timed(lambda: ledger.append(engine, result.events))
        seconds["night adds (states and reconcile twice, append once)"] = (
            2 * (seconds["read states"] + seconds["reconcile"]) + seconds["append"]
        )
        seconds["one decision"], _ = timed(
            lambda: decided(engine, candidates(1)[2000].finding_id, "accepted", run_id="d2", now=night(31))
        )
        seconds["replay of all events"], replayed = timed(lambda: ledger.replay(engine))
        if replayed != ledger.current_states(engine):
            raise SystemExit("the events do not give the states that are kept")
        with engine.connect() as connection:
            seconds["events"] = float(
                connection.execute(finding_event.select().with_only_columns(_count())).scalar_one()
            )
    return seconds


def _count() -> object:
    import sqlalchemy as sa

    return sa.func.count()


def listing(home: Home) -> dict[str, float]:
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
    startup = [sys.executable, "-m", "orchestration", "findings", "list", "--help"]
    seconds = {"provstat --help (start-up alone)": min(_run(startup) for _ in range(3))}
    return seconds | {name: min(_run([*command, *rest]) for _ in range(3)) for name, rest in runs.items()}


def _run(command: list[str]) -> float:
    seconds, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    return seconds


def report(console: Console) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home.at(Path(folder) / "home").ensure()
        found = {"SQLite": measured(home.ledger_file) | listing(home)}
        try:
            found["PostgreSQL"] = measured(stack.enter_context(running_server()).new_ledger())
        except pytest.skip.Exception as skipped:
            console.print(str(skipped))
    table = Table("ledger: 100,000 findings, a million events", *found)
    for name in found["SQLite"]:
        told = (f"{seconds[name]:,.2f}" if name in seconds else "–" for seconds in found.values())
        table.add_row(name, *told)
    console.print(table)


if __name__ == "__main__":
    report(Console(width=120))
