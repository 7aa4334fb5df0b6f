"""Nights in processes of their own, and what must survive their death: helpers of the death tests."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import duckdb

from expectations.ledger import current_states, open_ledger
from warehouse.home import Home

_numbers = count()


@dataclass(frozen=True)
class Memory:
    """What must survive: first-seen dates of all findings, and the steward's decision."""

    first_seen: dict[str, datetime]
    decided: str


@dataclass(frozen=True)
class NightProcess:
    """A night in a process of its own, and the file that takes what it prints."""

    process: ForkServerProcess
    log: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


def _night(log: str, arguments: list[str], environment: dict[str, str]) -> None:
    """What an operator starts: the command line, in this process."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.environ.pop("DAGSTER_HOME", None)
    os.environ.update(environment)
    from orchestration.cli import app

    app(arguments)


def start_night(home: Home, *arguments: str, **environment: str) -> NightProcess:
    """Start a night; its process is forked from one that has dagster and dbt imported, and is killed like any other."""
    context = get_context("forkserver")
    # Only libraries: dbt's parser has threads of its own, and a process forked after it has run would wait for them.
    context.set_forkserver_preload(["dagster_dbt", "dbt.cli.main", "orchestration.night", "ingestion.reading"])
    log = home.root.with_name(f"{home.root.name}.{next(_numbers)}.log")
    home.root.parent.mkdir(parents=True, exist_ok=True)
    given = ["nightly", "--home", str(home.root), *arguments]
    process = context.Process(target=_night, args=(str(log), given, environment))
    process.start()
    return NightProcess(process, log)


def finish(night: NightProcess) -> tuple[int, str]:
    night.process.join(600)
    assert night.process.exitcode is not None, "the night hangs"
    return night.process.exitcode, night.log.read_text(encoding="utf-8", errors="replace")


def served_is_a_release(home: Home) -> str:
    """The served file opens, and is byte for byte what was published under its name; returns that name."""
    file = home.current.resolve(strict=True)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = file.with_name(f"{file.name}.sha256").read_text(encoding="utf-8").split()[0]
    assert digest == kept, f"{file.name} is not what was published"
    with duckdb.connect(str(home.current), read_only=True) as connection:
        row = connection.execute("select release_id from meta.release").fetchone()
    assert row is not None
    assert row[0] == file.stem
    return str(row[0])


def remembered(home: Home) -> Memory:
    with open_ledger(home.ledger_file) as engine:
        states = current_states(engine)
    decided = [finding_id for finding_id, state in states.items() if state.status == "accepted"]
    assert len(decided) == 1, "the steward's one decision"
    return Memory({finding_id: state.first_seen for finding_id, state in states.items()}, decided[0])


def leftovers(home: Home) -> list[str]:
    """Temporary files below a home; what the night itself keeps is not among them."""
    found = [p for pattern in ("*.tmp", "*.partial", "*.wal") for p in home.root.rglob(pattern)]
    found += list(home.build.glob("*.duckdb"))
    return [str(p.relative_to(home.root)) for p in found]


def workers_alive(home: Home) -> list[int]:
    """Processes that still name this home on their command line or in their environment."""
    mine = str(home.root).encode()
    alive = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            # a helper of a night: spawned by it, and it names the home that the night set
            if mine in told and b"spawn_main" in told:
                alive.append(int(process.name))
    return alive
