"""The life of a finding, night by night: tonight's candidates against what is known. Pure functions.

Here: statuses, actions, what one event makes of a finding (`applied`), `reconcile`. Not here: what a person may decide
(`decisions`), where events are kept (`ledger`), the rules that yield candidates, and what is published of a finding.

One event a finding only when something changes; that findings are still there is one `seen` event a rule and night. A
rule that was not evaluated leaves its findings untouched.

    opened, reopened, seen_again, evidence_changed   the finding is there, and was seen at this time
    closed, not_seen                                 its rule was evaluated and it is gone (not_seen: and was judged)
    proposed, declined                               what a person would decide, and another one must confirm; its end
    decided                                          a person changed its status; whether it is there stays as it was
    seen                                             (of a rule) every finding of the rule that is there was seen
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

OPEN_STATUSES = ("open", "queried", "answered")
STANDING_STATUSES = ("accepted", "false_positive", "waived")
"""A judgement of the evidence: where the finding is gone for a while and comes back as it was, it still holds."""
PENDING_STATUSES = ("corrected", "our_error")
"""Somebody will change the figures: once the rule passes, that is done and the finding is closed."""
DECIDED_STATUSES = ("accepted", "corrected", "our_error", "false_positive", "waived")
STATUSES = (*OPEN_STATUSES, *DECIDED_STATUSES, "closed")
SEEING = ("opened", "reopened", "seen_again", "evidence_changed")
LEAVING = ("closed", "not_seen")
DECIDING = ("proposed", "declined", "decided")
ACTIONS = (*SEEING, *LEAVING, *DECIDING, "seen")
NIGHT_ACTOR = "nightly"
OFFICE_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time without daylight saving: days of waivers and deadlines are days there."""


@dataclass(frozen=True)
class Candidate:
    """A contradiction that a rule reports tonight; `evidence_hash` is over the values of its operands."""

    finding_id: str
    rule_id: str
    evidence_hash: str


@dataclass(frozen=True)
class Preference:
    """The printing that a steward prefers.

    `figure_id` is the one that was seen; a re-delivery prints the same `value` (canonical unit, as text) in the same
    `role` of the finding under another id, so these two find it again.
    """

    figure_id: str = field(compare=False)
    role: str
    value: str


@dataclass(frozen=True)
class Terms:
    """What a decision says beside the status.

    Attributes:
        prefer: the printing that the marts are to use.
        until: of a waiver, the last day on which it holds.
        deadline: of a query, the last day for the answer.
    """

    prefer: Preference | None = None
    until: date | None = None
    deadline: date | None = None


NO_TERMS = Terms()


@dataclass(frozen=True)
class Proposal:
    """A decision that waits for a second person."""

    status: str
    terms: Terms
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class LedgerState:
    """A finding after its events: times are UTC.

    Attributes:
        present: whether its rule reported it when last evaluated.
        sequence: number of its last event; two events of one number cannot be, so nobody decides on old news.
        terms: of the decision or query in force.
        decided_by: account of the last decision in force, with `decided_at` and `reason`; None while untouched.
        proposal: what waits for a second person.
    """

    finding_id: str
    rule_id: str
    status: str
    first_seen: datetime
    last_seen: datetime
    evidence_hash: str
    present: bool = True
    sequence: int = 1
    terms: Terms = NO_TERMS
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True)
class LedgerEvent:
    """One entry. A `seen` event is of a rule: its `finding_id` is empty, its evidence, statuses and number null.

    The terms of a `proposed` event are those proposed, its `after_status` is the status that stays until confirmed.
    """

    finding_id: str
    rule_id: str
    at: datetime
    run_id: str
    actor: str
    action: str
    evidence_hash: str | None = None
    reason: str | None = None
    before_status: str | None = None
    after_status: str | None = None
    proposed_status: str | None = None
    before_terms: Terms = NO_TERMS
    after_terms: Terms = NO_TERMS
    sequence: int | None = None


@dataclass(frozen=True)
class Reconciliation:
    """The states after tonight and the events that lead there, with counts of findings.

    `still_open` were open before and are; `still_decided` fired again on the evidence that a steward decided on.
    """

    states: tuple[LedgerState, ...]
    events: tuple[LedgerEvent, ...]
    new: int
    still_open: int
    reopened: int
    closed: int
    still_decided: int


def reconcile(
    states: Mapping[str, LedgerState],
    candidates: Iterable[Candidate],
    evaluated_rules: AbstractSet[str],
    now: datetime,
    run_id: str,
) -> Reconciliation:
    """Compare tonight's candidates with what is known; touches nothing.

    Unknown: opened. Closed before: reopened, `first_seen` kept. Open: seen; queried and answered count as open, and
    changed evidence is noted without changing the status. Decided: stays decided while the evidence is the same and,
    of a waiver, its last day has not passed; else reopened. Known but no candidate, its rule evaluated: closed, or
    `not_seen` where a judgement stands.

    Times in a ledger never run backwards: where `now` lies before the latest one, that one is used. Waivers end by
    `now` itself.

    Args:
        states: As of `current_states`.
        candidates: What the rules report; equal ones count once.
        evaluated_rules: Rules that ran tonight without error. Findings of other rules stay as they are.
        now: Time of the run, with a time zone.
        run_id: The night; one night appends once.

    Raises:
        ValueError: `now` has no time zone, a candidate contradicts another one or the ledger, or its rule was not
            evaluated.
    """
    today = office_day(now)
    at = max((state.last_seen for state in states.values()), default=now)
    at = max(at, now).astimezone(UTC)
    tonight = _by_finding(candidates, states, evaluated_rules)
    after: dict[str, LedgerState] = dict(states)
    events: list[LedgerEvent] = []
    seen_rules: set[str] = set()
    for finding_id in sorted(tonight.keys() | states.keys()):
        known, candidate = states.get(finding_id), tonight.get(finding_id)
        if candidate is not None:
            action, status, reason = _fires(known, candidate, today)
        else:
            assert known is not None  # a finding is known or reported
            action, status, reason = _gone(known, evaluated_rules, today)
        if action:
            event = _night_event(action, known, candidate, status, at, run_id, reason)
            events.append(event)
            after[finding_id] = applied(known, event)
        elif candidate is not None:
            assert known is not None  # what is unknown is opened
            seen_rules.add(candidate.rule_id)
            after[finding_id] = seen_at(known, at)
    # after the departures, so that what left tonight does not count as seen tonight
    events += [LedgerEvent("", rule, at, run_id, NIGHT_ACTOR, "seen") for rule in sorted(seen_rules)]
    count = Counter(event.action for event in events)
    fired = Counter(after[finding_id].status in DECIDED_STATUSES for finding_id in tonight)
    return Reconciliation(
        states=tuple(after[finding_id] for finding_id in sorted(after)),
        events=tuple(events),
        new=count["opened"],
        still_open=fired[False] - count["opened"] - count["reopened"],
        reopened=count["reopened"],
        closed=count["closed"],
        still_decided=fired[True],
    )


def applied(state: LedgerState | None, event: LedgerEvent) -> LedgerState:
    """The state of a finding after one event of its own; the one home of what an event means.

    Raises:
        ValueError: the event does not follow on the state: the ledger is damaged or was changed by hand.
    """
    before = (state.sequence, state.status) if state else (0, None)
    if event.action == "seen" or before != (
        None if event.sequence is None else event.sequence - 1,
        event.before_status,
    ):
        raise ValueError(
            f"finding {event.finding_id}: event {event.sequence} ({event.action}) does not follow on {before}"
        )
    status = event.after_status or ""
    if state is None or event.action in ("opened", "reopened"):
        return LedgerState(
            finding_id=event.finding_id,
            rule_id=event.rule_id,
            status=status,
            first_seen=state.first_seen if state else event.at,
            last_seen=event.at,
            evidence_hash=event.evidence_hash or "",
            sequence=event.sequence or 1,
        )
    return replace(state, sequence=state.sequence + 1, status=status, **_changes(event))


def _changes(event: LedgerEvent) -> dict[str, Any]:
    """What an event changes of a known finding beside its status."""
    match event.action:
        case "seen_again":
            return {"last_seen": event.at, "present": True}
        case "evidence_changed":
            # what was proposed was proposed on other figures
            return {"last_seen": event.at, "present": True, "evidence_hash": event.evidence_hash, "proposal": None}
        case "not_seen":
            return {"present": False, "proposal": None}
        case "closed":
            untouched = {"terms": NO_TERMS, "decided_by": None, "decided_at": None, "reason": None}
            return {"present": False, "proposal": None, **untouched}
        case "declined":
            return {"proposal": None}
        case "proposed":
            status, reason = event.proposed_status or "", event.reason or ""
            return {"proposal": Proposal(status, event.after_terms, event.actor, event.at, reason)}
        case _:
            decided = {"decided_by": event.actor, "decided_at": event.at, "reason": event.reason}
            return {"terms": event.after_terms, "proposal": None, **decided}


def seen_at(state: LedgerState, at: datetime) -> LedgerState:
    """The state of a finding that is there and was seen; what `replace` does, for a hundred thousand a night."""
    seen = object.__new__(LedgerState)
    seen.__dict__.update(state.__dict__, last_seen=at)
    return seen


def office_day(now: datetime) -> date:
    """The day in the office.

    Raises:
        ValueError: `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()} without a time zone; pass it in UTC")
    return now.astimezone(OFFICE_TIME).date()


def _fires(known: LedgerState | None, candidate: Candidate, today: date) -> tuple[str, str, str | None]:
    """Action (empty: nothing but seen), status and reason of a finding that its rule reports tonight."""
    if known is None:
        return "opened", "open", None
    if known.status == "closed":
        return "reopened", "open", "关闭后再次出现 it fails again"
    if known.evidence_hash != candidate.evidence_hash:
        told = "证据已变 the evidence has changed"
        return (
            ("reopened", "open", told) if known.status in DECIDED_STATUSES else ("evidence_changed", known.status, told)
        )
    if _has_ended(known, today):
        return "reopened", "open", f"暂免已于 {known.terms.until} 到期 the waiver has ended"
    return ("" if known.present else "seen_again"), known.status, None


def _gone(known: LedgerState, evaluated_rules: AbstractSet[str], today: date) -> tuple[str, str, str | None]:
    """Action (empty: untouched), status and reason of a finding that nothing reports tonight."""
    if known.rule_id not in evaluated_rules or known.status == "closed":
        return "", known.status, None
    if known.status in STANDING_STATUSES and not _has_ended(known, today):
        return ("not_seen" if known.present else ""), known.status, None
    return "closed", "closed", "规则已通过 its rule passes"


def _has_ended(known: LedgerState, today: date) -> bool:
    return known.status == "waived" and known.terms.until is not None and known.terms.until < today


def _night_event(
    action: str,
    known: LedgerState | None,
    candidate: Candidate | None,
    status: str,
    at: datetime,
    run_id: str,
    reason: str | None,
) -> LedgerEvent:
    told = candidate or known
    assert told is not None  # a finding is known or reported
    before = known.terms if known else NO_TERMS
    return LedgerEvent(
        finding_id=told.finding_id,
        rule_id=told.rule_id,
        at=at,
        run_id=run_id,
        actor=NIGHT_ACTOR,
        action=action,
        evidence_hash=told.evidence_hash,
        reason=reason,
        before_status=known.status if known else None,
        after_status=status,
        before_terms=before,
        after_terms=NO_TERMS if action in ("opened", "reopened", "closed") else before,
        sequence=known.sequence + 1 if known else 1,
    )


def _by_finding(
    candidates: Iterable[Candidate], states: Mapping[str, LedgerState], evaluated_rules: AbstractSet[str]
) -> dict[str, Candidate]:
    tonight: dict[str, Candidate] = {}
    for candidate in candidates:
        finding_id, rule_id = candidate.finding_id, candidate.rule_id
        if not finding_id:
            raise ValueError(f"a candidate of rule {rule_id} has no finding_id; give it one in the rule's model")
        if rule_id not in evaluated_rules:
            raise ValueError(f"finding {finding_id}: its rule {rule_id} is not among the rules evaluated tonight")
        if tonight.setdefault(finding_id, candidate) != candidate:
            raise ValueError(f"finding {finding_id} is reported twice with different evidence or rule ({rule_id})")
        known = states.get(finding_id)
        if known is not None and known.rule_id != rule_id:
            raise ValueError(f"finding {finding_id} is of rule {known.rule_id} in the ledger, of {rule_id} tonight")
    return tonight
