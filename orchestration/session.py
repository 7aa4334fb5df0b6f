"""The night as a dagster resource: home, landing folders, clock, lock and journal of one run.

The clock is read here and nowhere else, and only where no run time was passed in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from expectations.gx_runner import ExpectationOutcome
from expectations.gx_suites import Suite
from orchestration import aftermath, suite_worker
from orchestration.journal import Journal, end_dead
from orchestration.project import SAMPLES
from warehouse.home import Home
from warehouse.lock import night_lock
from warehouse.publish import remove_stale

LANDING_VARIABLE = "PROVSTAT_LANDING"


def parse_time(text: str) -> datetime:
    """An ISO time as an aware UTC time; one without a zone is UTC.

    Raises:
        ValueError: the text is no ISO date or time.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def default_landings() -> tuple[Path, ...]:
    """The folders in ``$PROVSTAT_LANDING``, else the shipped samples."""
    stated = os.environ.get(LANDING_VARIABLE, "")
    return tuple(Path(part) for part in stated.split(os.pathsep) if part) or SAMPLES


class NightSession(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One night: opened with the run, its lock held until the run ends."""

    home: str = ""
    landing: list[str] = Field(default_factory=list)
    now: str = ""
    as_of: str = ""

    _journal: Journal = PrivateAttr()
    _now: datetime = PrivateAttr()
    _run_id: str = PrivateAttr()
    _suites: suite_worker.SuiteWorker = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[NightSession]:
        """Take the lock, clear what a dead run left, open the journal; the record ends with the run."""
        home = self.place.ensure()
        self._run_id = context.run.run_id if context.run is not None else "unknown"
        self._now = parse_time(self.now) if self.now else datetime.now(UTC)
        if self.as_of:
            date.fromisoformat(self.as_of)
        with night_lock(home, self._run_id):
            remove_stale(home)
            dead = end_dead(home)
            self._journal = Journal(home, self._run_id, self._now, self.as_of or None)
            for run_id in dead:
                self._journal.remark(f"此前一夜中断 an earlier night died: {run_id}")
            self._suites = suite_worker.start()
            try:
                yield self
            finally:
                suite_worker.stop(self._suites)
                self._journal.end("failed", self._journal.record.message or "the night ended before its publication")
                aftermath.conclude(home, self._journal)

    @property
    def place(self) -> Home:
        """The home."""
        return Home.at(self.home or None)

    @property
    def landings(self) -> tuple[Path, ...]:
        """The landing folders of this night."""
        return tuple(Path(folder) for folder in self.landing) or default_landings()

    def run_suites(self, database: Path, suites: Sequence[Suite]) -> tuple[ExpectationOutcome, ...]:
        """Run expectation suites on a file in the process that has been preparing for it."""
        return suite_worker.run(self._suites, database, suites)

    @property
    def journal(self) -> Journal:
        """The record of this night."""
        return self._journal

    @property
    def clock(self) -> datetime:
        """Run time of this night, UTC."""
        return self._now

    @property
    def run_id(self) -> str:
        """Run of this night."""
        return self._run_id
