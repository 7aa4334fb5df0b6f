"""What a steward does about a finding: decide, and ask the reporter by letter.

Here: a decision on the current release, carried to the ledger; the facts of a query letter. Not here: what may be
decided (`expectations.decisions`), how a letter looks (`expectations.letter`), lists and screens (`steward`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from expectations.decisions import Account, DecisionError, LedgerConflictError, decide
from expectations.ledger import append, open_ledger, states_of
from expectations.letter import Letter, LetterPrinting, write_letter
from expectations.lifecycle import LedgerEvent, LedgerState, Preference, Terms, applied, office_day
from orchestration.evidence import Printing, printings, surroundings
from orchestration.steward import Finding, found
from warehouse.home import Home
from warehouse.settings import ledger_place


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person wants of a finding; the meaning of each is that of `take_decision`."""

    status: str
    reason: str
    prefer: str | None = None
    until: date | None = None
    deadline: date | None = None
    seen: int | None = None


def take_decision(
    home: Home,
    start: str,
    *,
    status: str,
    reason: str,
    actor: Account,
    now: datetime,
    prefer: str | None = None,
    until: date | None = None,
    deadline: date | None = None,
    seen: int | None = None,
) -> LedgerState:
    """Decide on a finding of the current release; the next night carries it into the marts.

    Args:
        home: the home.
        start: the finding's id, or how it starts.
        status: what is decided.
        reason: why.
        actor: who decides, authenticated.
        now: when.
        prefer: id of the printing that the marts are to use, or how it starts.
        until: last day of a waiver.
        deadline: last day for the answer to a query.
        seen: number of the finding's last event that the person has seen; a later one is a conflict.

    Returns:
        The finding after it: decided, or waiting for a second person.

    Raises:
        LookupError: there is no such finding or printing.
        DecisionError: the decision cannot be taken so.
        LedgerConflictError: somebody else or a night was there first; nothing was recorded.
    """
    one = found(home, start)
    printed = printings(home, one.finding_id) if prefer else ()
    wanted = Decision(status=status, reason=reason, prefer=prefer, until=until, deadline=deadline, seen=seen)
    with open_ledger(ledger_place(home)) as engine:
        state = current(states_of(engine, [one.finding_id]), one)
        event = event_of(one, state, printed, wanted, actor, now)
        append(engine, [event])
    return applied(state, event)


def event_of(
    one: Finding, state: LedgerState, printed: Sequence[Printing], wanted: Decision, actor: Account, now: datetime
) -> LedgerEvent:
    """What is to be appended for a decision on a finding in this state, with these printings; raises as `decide`."""
    preferred = _preferred(wanted.prefer, printed) if wanted.prefer else None
    return decide(
        state,
        status=wanted.status,
        actor=actor,
        reason=wanted.reason,
        severity=one.severity,
        now=now,
        run_id=str(uuid.uuid4()),
        terms=Terms(prefer=preferred, until=wanted.until, deadline=wanted.deadline),
        seen=wanted.seen,
    )


def write_query(home: Home, start: str, file: Path) -> Letter:
    """Write the query letter of a finding that has been queried.

    Raises:
        LookupError: there is no such finding.
        DecisionError: it has not been queried, so there is no deadline and nobody who asks.
        OSError: the file cannot be written.
    """
    one = found(home, start)
    with open_ledger(ledger_place(home)) as engine:
        state = current(states_of(engine, [one.finding_id]), one)
    if state.status != "queried" or state.terms.deadline is None or state.decided_at is None:
        raise DecisionError(
            f"{one.finding_id} 现为 {state.status}，尚未查询；先 provstat findings decide {one.finding_id} "
            "--status queried --deadline 日期 --reason 理由 · it has not been queried: decide that first"
        )
    shown = [
        LetterPrinting(f"《{p.title}》（{p.file_name or '转引'}）", p.address, p.printed_text, surroundings(home, p))
        for p in printings(home, one.finding_id)
    ]
    letter = Letter(
        finding_id=one.finding_id,
        to=one.region_zh or "",
        rule=f"{one.rule_id} {one.rule_zh or ''}".strip(),
        question=one.title_zh,
        expected=one.expected or "",
        observed=one.observed or "",
        printings=shown,
        asked_on=office_day(state.decided_at),
        deadline=state.terms.deadline,
        reason=state.reason or "",
    )
    write_letter(letter, file)
    return letter


def current(states: Mapping[str, LedgerState], one: Finding) -> LedgerState:
    """The finding's state, if the ledger speaks of the evidence that the release shows.

    Raises:
        LedgerConflictError: it does not.
    """
    state = states.get(one.finding_id)
    if state is None:
        raise LedgerConflictError(
            f"{one.finding_id} 不在台账中；请先运行 provstat nightly · the ledger does not know it: run a night first"
        )
    if state.evidence_hash != one.evidence_hash:
        raise LedgerConflictError(
            f"{one.finding_id} 的证据与当前发布不同（发布可能已退回）；请待下一夜发布后再处理 · "
            "the ledger has other evidence than the release that is served; decide after the next night"
        )
    return state


def _preferred(start: str, printed: Sequence[Printing]) -> Preference:
    matching = {printing.figure_id: printing for printing in printed if printing.figure_id.startswith(start)}
    if len(matching) != 1:
        listed = "；".join(f"{p.figure_id} {p.role} {p.printed_text}" for p in printed)
        raise LookupError(
            f"--prefer {start}：须是该问题的一处印刷数字 · it must be one of the finding's printed figures: {listed}"
        )
    (printing,) = matching.values()
    if not printing.is_level:
        raise DecisionError(
            f"--prefer {start}：“{printing.printed_text}”是 {printing.kind}，只能采用水平值（基期值、实际值） · "
            "only a level (baseline or actual) can be preferred, because observations hold nothing else"
        )
    return Preference(printing.figure_id, printing.role, f"{printing.value:f}")
