"""The record of one night: what ran, how long, what was found, what to do. Written after every stage.

A night may die at any moment or be held by a gate; its record must still say how far it came. So it is a file in
``logs/``, replaced as a whole after each change, and not an asset. What does not belong here: showing it (``screens``).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import faults
from warehouse.home import Home

STAGES = ("inventory", "models", "ledger", "marts", "checks", "publication")
"""The stages of a night in their order; the names of the stage table."""


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """One gate: whether it lets the night pass, and why not."""

    gate: str
    passed: bool
    message: str


@dataclass
class NightRecord:
    """What is known of a night so far. ``outcome`` is running, published, held or failed."""

    run_id: str
    home: str
    started_at: str
    as_of: str | None = None
    outcome: str = "running"
    message: str = ""
    stages: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    findings: dict[str, dict[str, int]] = field(default_factory=dict)
    gates: list[dict[str, Any]] = field(default_factory=list)
    balance: list[dict[str, Any]] = field(default_factory=list)
    late: dict[str, int] = field(default_factory=dict)
    """Returns that are late tonight, by who tells them."""
    latest_late: list[str] = field(default_factory=list)
    """Those of them that came due last, five at most."""
    release_id: str | None = None
    release_file: str | None = None
    report_file: str | None = None
    remarks: list[str] = field(default_factory=list)
    """What went wrong beside the night and does not change its outcome: tidying, report, message."""


_LATE = """
    select reporter_zh, count(*) from marts.return_status where status = 'late'
    group by reporter_zh order by count(*) desc, reporter_zh
"""
_LATEST_LATE = """
    select any_value(indicators.name_zh) || status.period || '年'
           || case when any_value(status.release_type) = 'preliminary' then '（初步）' else '' end || '：'
           || min_by(regions.name_zh, status.region_code)
           || case when count(*) > 1 then '等' || count(*) || '个地区' else '' end
           || '，应于' || max(status.expected_to) || '前'
    from marts.return_status as status
    inner join reference.regions as regions on status.region_code = regions.region_code
    inner join reference.indicators as indicators on status.indicator_code = indicators.indicator_code
    where status.status = 'late'
    group by status.calendar_id, status.period
    order by max(status.expected_to) desc, status.calendar_id limit 5
"""

_records: dict[str, NightRecord] = {}
"""Records of the nights of this process: what they say holds even where the disk could not take it."""

Listener = Callable[[str, str], None]
_listeners: list[Listener] = []


@contextmanager
def watching(listener: Listener) -> Iterator[None]:
    """Let a display of this process hear of the stages of nights: (stage, detail)."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(stage: str, detail: str) -> None:
    """Say what a stage is doing to whoever watches in this process."""
    for listener in _listeners:
        listener(stage, detail)


class Journal:
    """The record of a night and its file."""

    def __init__(self, home: Home, run_id: str, now: datetime, as_of: str | None = None) -> None:
        self._path = journal_path(home, run_id)
        self.record = NightRecord(run_id=run_id, home=str(home.root), started_at=now.isoformat(), as_of=as_of)
        _records[run_id] = self.record
        self.save()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; a failure is recorded before it goes on."""
        tell(name, "")
        started = time.monotonic()
        outcome = "failed"
        try:
            faults.point(name)
            yield
            outcome = "done"
        except BaseException as error:
            if not self.record.message:
                self.record.message = f"{name}: {type(error).__name__}: {error}"
            raise
        finally:
            self.record.stages.append(
                {"stage": name, "outcome": outcome, "seconds": round(time.monotonic() - started, 2)}
            )
            self.save()

    def gate(self, outcome: GateOutcome) -> None:
        """Keep what a gate said; a gate is asked once."""
        if outcome.gate not in {gate["gate"] for gate in self.record.gates}:
            self.record.gates.append(asdict(outcome))
        self.save()

    def note(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Copy from the build file what the summary shows: findings by severity, balance, late returns; closes it."""
        with connection:
            rows = connection.execute(
                "select severity, status, count(*) from quality.findings group by severity, status"
            ).fetchall()
            balance = connection.execute(
                "select balance.file_name, recognised, figures, refused, kind from quality.source_balance as balance "
                "left join reference.sources using (source_id) order by balance.file_name"
            ).fetchall()
            late = connection.execute(_LATE).fetchall()
            latest = connection.execute(_LATEST_LATE).fetchall()
        self.record.late = dict(late)
        self.record.latest_late = [name for (name,) in latest]
        for severity, status, count in rows:
            self.record.findings.setdefault(severity, {})[status] = count
        # of enterprises the rows are told, which lie in the restricted zone, not the few lines of the public tables
        told = {d["file"]: d for d in self.record.deliveries if d["kind"] == "enterprise_return"}
        self.record.balance = [
            {
                "file": name,
                "kind": kind,
                "recognised": told[name]["recognised"] if name in told else seen,
                "loaded": told[name]["loaded"] if name in told else kept,
                "refused": told[name]["refused"] if name in told else refused,
            }
            for name, seen, kept, refused, kind in balance
        ]
        self.save()

    def save(self) -> None:
        """Replace the file as a whole; a full disk must not hide why the night fails."""
        text = json.dumps(asdict(self.record), ensure_ascii=False, indent=1)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, text)

    def remark(self, text: str) -> None:
        """Say something that does not change the outcome."""
        self.record.remarks.append(text)
        self.save()

    def end(self, outcome: str, message: str = "") -> None:
        """Close the record; the first ending stands."""
        if self.record.outcome == "running":
            self.record.outcome, self.record.message = outcome, message
        self.save()


def write_whole(path: Path, text: str) -> None:
    """Replace a file as a whole, or leave it as it was.

    Raises:
        OSError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def journal_path(home: Home, run_id: str) -> Path:
    """File of a night's record."""
    return home.logs / "nights" / f"{run_id}.json"


def read_journal(home: Home, run_id: str) -> NightRecord | None:
    """The record of a night of this process or of an earlier one; None where it never started."""
    if run_id in _records:
        return _records[run_id]
    path = journal_path(home, run_id)
    return NightRecord(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def end_dead(home: Home) -> tuple[str, ...]:
    """Close the records of nights that were killed; the caller holds the lock, so none of them is at work.

    Returns:
        Their runs, oldest first.
    """
    dead = []
    for path in sorted((home.logs / "nights").glob("*.json"), key=lambda file: file.stat().st_mtime):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["outcome"] != "running":
                continue
            told |= {"outcome": "failed", "message": told["message"] or "进程中断 the process died"}
            write_whole(path, json.dumps(told, ensure_ascii=False, indent=1))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        dead.append(path.stem)
    return tuple(dead)


def recent_records(home: Home, most: int, *, until: NightRecord) -> tuple[NightRecord, ...]:
    """The latest nights that have ended, oldest first, `until` as the last one; unreadable records are left out."""
    files = sorted((home.logs / "nights").glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    found = []
    for file in files[: 2 * most]:
        try:
            record = NightRecord(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        if record.run_id != until.run_id and record.outcome != "running" and record.as_of is None:
            found.append(record)
    earlier = sorted(
        (record for record in found if record.started_at <= until.started_at), key=lambda record: record.started_at
    )
    return (*earlier[-(most - 1) :], until)
