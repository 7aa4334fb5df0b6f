"""A steward's filled-in workbook, carried to the ledger row by row.

Here: what becomes of each row, and why. Not here: reading cells (`filled_workbook`), what may be decided
(`expectations.decisions`).

Good rows are recorded, the others are told. All or nothing would hold back an afternoon's work for one finding on which
a colleague was faster, and each decision stands on its own reason anyway. A row that is recorded already, by the same
account with the same words, is known again, so that a corrected workbook, or one whose import was killed, is simply
imported once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from expectations.decisions import Account, DecisionError, LedgerConflictError, told
from expectations.ledger import append, history, open_ledger, states_of
from expectations.lifecycle import LedgerEvent, LedgerState
from orchestration.evidence import Printing, printings_of
from orchestration.filled_workbook import FilledRow, read_filled
from orchestration.steward import Finding, found_among
from orchestration.stewardship import Decision, current, event_of
from warehouse.home import Home
from warehouse.settings import ledger_place

RECORDED, PROPOSED, ALREADY, CONFLICT, REFUSED = "recorded", "proposed", "already", "conflict", "refused"
OUTCOMES = {
    RECORDED: "已记录",
    PROPOSED: "已提议，待另一人确认",
    ALREADY: "此前已记录",
    CONFLICT: "冲突，未记录",
    REFUSED: "不符合要求，未记录",
}


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: one of `OUTCOMES`, and what is said about it."""

    sheet: str
    row: int
    finding_id: str
    status: str
    outcome: str
    message: str

    @property
    def is_good(self) -> bool:
        """Whether what the steward wanted is in the ledger."""
        return self.outcome in (RECORDED, PROPOSED, ALREADY)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every row that was filled in, and how many were left blank."""

    rows: tuple[RowOutcome, ...]
    blank: int

    @property
    def is_good(self) -> bool:
        """Whether no row was refused or in conflict."""
        return all(row.is_good for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """What release and ledger know of a row's finding."""

    finding: Finding | None
    state: LedgerState | None
    printings: tuple[Printing, ...]


def import_findings(home: Home, file: Path, actor: Account, now: datetime, *, check_only: bool = False) -> Imported:
    """Take the decisions of a workbook; every row in a transaction of its own.

    Args:
        home: its current release is decided on.
        file: the workbook.
        actor: who decides, authenticated; who filled in the cells does not count.
        now: when.
        check_only: say what would become of each row, record nothing.

    Raises:
        WorkbookError: the file is no workbook of ours.
        QueryError: nothing is published.
        OSError: the file cannot be read.
    """
    filled = read_filled(file)
    findings = found_among(home, [row.finding_id for row in filled.rows])
    printed = printings_of(home, [row.finding_id for row in filled.rows if row.prefer and row.finding_id in findings])
    outcomes = []
    with open_ledger(ledger_place(home)) as engine:
        states = states_of(engine, [row.finding_id for row in filled.rows])
        for row in filled.rows:
            finding_id = row.finding_id
            known = _Known(findings.get(finding_id), states.get(finding_id), printed.get(finding_id, ()))
            outcome, message = _outcome(engine, row, known, actor, now, check_only)
            outcomes.append(RowOutcome(row.sheet, row.row, finding_id, row.status, outcome, message))
    return Imported(tuple(outcomes), filled.blank)


def _outcome(
    engine: sa.Engine, row: FilledRow, known: _Known, actor: Account, now: datetime, check_only: bool
) -> tuple[str, str]:
    if row.faults:
        return REFUSED, "；".join(row.faults)
    if known.state is None:
        return REFUSED, f"台账中没有 {row.finding_id or '此行'}，标识可能被改动；请重新导出 · unknown in the ledger"
    if known.state.sequence != row.event:
        if _is_recorded(engine, row, actor):
            return ALREADY, told(known.state)
        return CONFLICT, (
            f"导出（事件 {row.event}）之后已有变化（事件 {known.state.sequence}）：{told(known.state)}。"
            "请重新导出后再填 · it has changed since the export"
        )
    if known.finding is None:
        return CONFLICT, f"当前发布中没有此问题：{told(known.state)} · it is not in the release that is served"
    wanted = Decision(row.status, row.reason, row.prefer, row.until, row.deadline, row.event)
    try:
        state = current({row.finding_id: known.state}, known.finding)
        event = event_of(known.finding, state, known.printings, wanted, actor, now)
        if not check_only:
            append(engine, [event])
    except LedgerConflictError as error:
        return CONFLICT, str(error)
    except (DecisionError, LookupError) as error:
        return REFUSED, str(error.args[0])
    return (PROPOSED, "") if event.action == "proposed" else (RECORDED, "")


def _is_recorded(engine: sa.Engine, row: FilledRow, actor: Account) -> bool:
    """Whether the event after the one that the row was filled in on is this very decision of this account."""
    event = next((event for event in history(engine, row.finding_id) if event.sequence == row.event + 1), None)
    return event is not None and event.actor == actor.account and _says(event, row)


def _says(event: LedgerEvent, row: FilledRow) -> bool:
    terms = event.after_terms
    preferred = terms.prefer.figure_id if terms.prefer else None
    # who confirms leaves out the terms that were proposed
    days = row.deadline in (None, terms.deadline) and row.until in (None, terms.until)
    status = event.proposed_status or event.after_status
    return (status, event.reason) == (row.status, row.reason) and days and row.prefer in (None, preferred)
