"""The life of a finding: tonight's candidates against what is known, and a steward's decision. Pure functions.

Here: statuses, actions, `reconcile`, `decide`. Not here: where events are kept (`ledger`), the rules that yield
candidates, and what is published of a finding (`quality.findings` is modelled from the states).

One event a finding only when something changes; that findings are still there is one `seen` event a rule and night. A
rule that was not evaluated leaves its findings untouched.

    opened, reopened, seen_again, evidence_changed   the finding is there, and was seen at this time
    closed, not_seen                                 its rule was evaluated and it is gone (not_seen: and was decided)
    decided                                          a person changed its status; whether it is there stays as it was
    seen                                             (of a rule) every finding of the rule that is there was seen
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime

OPEN_STATUSES = ("open", "queried", "answered")
DECIDED_STATUSES = ("accepted", "corrected", "our_error", "false_positive", "waived")
STATUSES = (*OPEN_STATUSES, *DECIDED_STATUSES, "closed")
SEEING = ("opened", "reopened", "seen_again", "evidence_changed")
LEAVING = ("closed", "not_seen")
ACTIONS = (*SEEING, *LEAVING, "decided", "seen")
NIGHT_ACTOR = "nightly"


@dataclass(frozen=True)
class Candidate:
    """A contradiction that a rule reports tonight; `evidence_hash` is over the values of its operands."""

    finding_id: str
    rule_id: str
    evidence_hash: str


@dataclass(frozen=True)
class LedgerState:
    """A finding after replay: times are UTC; `present` says whether its rule reported it when last evaluated."""

    finding_id: str
    rule_id: str
    status: str
    first_seen: datetime
    last_seen: datetime
    evidence_hash: str
    present: bool = True


@dataclass(frozen=True)
class LedgerEvent:
    """One entry. A `seen` event is of a rule: its `finding_id`, `evidence_hash` and statuses are empty or null."""

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
    changed evidence is noted without changing the status. Decided: stays decided while the evidence is the same,
    reopened when it changed. Known but no candidate, its rule evaluated: closed, or `not_seen` where it was decided.

    Times in a ledger never run backwards: where `now` lies before the latest one, that one is used.

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
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()} without a time zone; pass it in UTC")
    at = max((state.last_seen for state in states.values()), default=now)
    at = max(at, now).astimezone(UTC)
    tonight = _by_finding(candidates, states, evaluated_rules)
    after: dict[str, LedgerState] = dict(states)
    events: list[LedgerEvent] = []
    seen_rules: set[str] = set()
    for finding_id in sorted(tonight.keys() | states.keys()):
        known, candidate = states.get(finding_id), tonight.get(finding_id)
        action, state = _step(known, candidate, evaluated_rules, at)
        after[finding_id] = state
        if action:
            events.append(_night_event(action, known, state, at, run_id))
        elif candidate is not None:
            seen_rules.add(candidate.rule_id)
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


def decide(state: LedgerState, *, status: str, actor: str, reason: str, now: datetime, run_id: str) -> LedgerEvent:
    """A person's decision on a finding, to be appended. It holds until the evidence changes.

    Args:
        state: The finding as the person saw it; `append` refuses the event if it changed meanwhile.
        status: Any status but closed, which only a night gives.
        actor: Who decides.
        reason: Why, in words.
        now: Time of the decision, with a time zone.
        run_id: Unique to this decision.

    Raises:
        ValueError: The status is unknown or closed, the finding is closed, or actor, reason or time zone is missing.
    """
    if status not in STATUSES or status == "closed":
        allowed = ", ".join((*OPEN_STATUSES, *DECIDED_STATUSES))
        raise ValueError(f"finding {state.finding_id}: status {status!r} cannot be decided; choose one of {allowed}")
    if state.status == "closed":
        raise ValueError(f"finding {state.finding_id} is closed: there is nothing left to decide")
    if not actor.strip() or not reason.strip():
        raise ValueError(f"finding {state.finding_id}: a decision needs an actor and a reason")
    if now.tzinfo is None:
        raise ValueError(f"now is {now.isoformat()} without a time zone; pass it in UTC")
    return LedgerEvent(
        finding_id=state.finding_id,
        rule_id=state.rule_id,
        at=now.astimezone(UTC),
        run_id=run_id,
        actor=actor.strip(),
        action="decided",
        evidence_hash=state.evidence_hash,
        reason=reason.strip(),
        before_status=state.status,
        after_status=status,
    )


def _step(
    known: LedgerState | None, candidate: Candidate | None, evaluated_rules: AbstractSet[str], at: datetime
) -> tuple[str, LedgerState]:
    """What tonight does to one finding: the action (empty: none of its own) and its state after."""
    if candidate is None:
        assert known is not None  # a finding is known or reported
        action, status = _gone(known, evaluated_rules)
        return action, replace(known, status=status, present=False) if action else known
    action, status = _fires(known, candidate)
    return action, LedgerState(
        finding_id=candidate.finding_id,
        rule_id=candidate.rule_id,
        status=status,
        first_seen=known.first_seen if known else at,
        last_seen=at,
        evidence_hash=candidate.evidence_hash,
    )


def _fires(known: LedgerState | None, candidate: Candidate) -> tuple[str, str]:
    """Action (empty: nothing but seen) and status of a finding that its rule reports tonight."""
    if known is None:
        return "opened", "open"
    if known.status == "closed":
        return "reopened", "open"
    if known.evidence_hash != candidate.evidence_hash:
        return ("reopened", "open") if known.status in DECIDED_STATUSES else ("evidence_changed", known.status)
    return ("" if known.present else "seen_again"), known.status


def _gone(known: LedgerState, evaluated_rules: AbstractSet[str]) -> tuple[str, str]:
    """Action (empty: untouched) and status of a finding that nothing reports tonight."""
    if known.rule_id not in evaluated_rules or known.status == "closed":
        return "", known.status
    if known.status in OPEN_STATUSES:
        return "closed", "closed"
    return ("not_seen" if known.present else ""), known.status


def _night_event(action: str, known: LedgerState | None, state: LedgerState, at: datetime, run_id: str) -> LedgerEvent:
    return LedgerEvent(
        finding_id=state.finding_id,
        rule_id=state.rule_id,
        at=at,
        run_id=run_id,
        actor=NIGHT_ACTOR,
        action=action,
        evidence_hash=state.evidence_hash,
        before_status=known.status if known else None,
        after_status=state.status,
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
