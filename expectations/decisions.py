"""What a person may decide on a finding, and when it takes two. Pure functions.

Here: accounts and roles, the rules of a decision, what is said when it cannot be taken. Not here: what an event makes
of a finding (`lifecycle`), where events are kept (`ledger`), who is sitting at the terminal.

The ESS calls an error what cannot be accepted, and an exception to it one that both sides agree on. So what would let
an error stand, or choose between its figures, takes two people. Saying that the source has corrected or that we read
wrongly lets nothing stand: the figures must change, and until they do a contradicted baseline stays contradicted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from expectations.lifecycle import (
    DECIDED_STATUSES,
    NO_TERMS,
    OFFICE_TIME,
    OPEN_STATUSES,
    STANDING_STATUSES,
    LedgerEvent,
    LedgerState,
    Terms,
    office_day,
)

ROLES = ("steward", "viewer")
DECIDABLE = (*OPEN_STATUSES, *DECIDED_STATUSES)


class DecisionError(ValueError):
    """The decision cannot be taken as it was asked for; the message says what would do."""


class LedgerConflictError(RuntimeError):
    """Somebody or a night was there first; nothing was appended. The message says who decided what, and when."""


@dataclass(frozen=True, slots=True)
class Account:
    """An authenticated account with its role (`ROLES`) and the name of the person."""

    account: str
    role: str
    name_zh: str = ""


def takes_two(severity: str, status: str, terms: Terms) -> bool:
    """Whether a decision on a finding of this severity needs a second person."""
    return severity == "error" and (status in STANDING_STATUSES or terms.prefer is not None)


def decide(
    state: LedgerState,
    *,
    status: str,
    actor: Account,
    reason: str,
    severity: str,
    now: datetime,
    run_id: str,
    terms: Terms = NO_TERMS,
    seen: int | None = None,
) -> LedgerEvent:
    """A person's decision on a finding, to be appended: decided, proposed to a second person, or declined.

    Who decides the same as somebody has proposed confirms it; terms left out are those proposed. Deciding `open`
    declines a proposal, or re-opens what was decided.

    Args:
        state: The finding as the person saw it; `append` refuses the event if it changed meanwhile.
        status: One of `DECIDABLE`; `closed` only a night gives.
        actor: Who decides.
        reason: Why, in words.
        severity: Of the finding in the release that the person looks at: error, warning or information.
        now: Time of the decision, with a time zone.
        run_id: Unique to this decision.
        terms: Printing to prefer, last day of a waiver, deadline of a query.
        seen: Number of the finding's last event when the person looked; None looks no further back than `state`.

    Raises:
        DecisionError: The role, the status, the reason or the terms do not allow it.
        LedgerConflictError: Somebody has decided or proposed otherwise.
    """
    today = office_day(now)
    _may(state, actor, status, reason)
    _is_news(state, actor, status, seen)
    terms = _completed(state, actor, status, terms)
    _fits(state, status, terms, today)
    action = _action(state, actor, status, terms, severity)
    stays = action == "proposed"
    return LedgerEvent(
        finding_id=state.finding_id,
        rule_id=state.rule_id,
        at=now.astimezone(UTC),
        run_id=run_id,
        actor=actor.account,
        action=action,
        evidence_hash=state.evidence_hash,
        reason=reason.strip(),
        before_status=state.status,
        after_status=state.status if stays else status,
        proposed_status=status if stays else None,
        before_terms=state.terms,
        after_terms=terms,
        sequence=state.sequence + 1,
    )


def _action(state: LedgerState, actor: Account, status: str, terms: Terms, severity: str) -> str:
    if status == state.status == "open":
        return "declined"
    proposal = state.proposal
    if not takes_two(severity, status, terms):
        return "decided"
    if proposal is None or proposal.status != status:
        return "proposed"
    if proposal.actor != actor.account:
        return "decided"
    if proposal.terms != terms:
        return "proposed"
    raise DecisionError(
        f"{state.finding_id}：您已提出 {status}，须由另一位统计员确认 · "
        "you have proposed this; another steward must confirm it"
    )


def told(state: LedgerState) -> str:
    """Who decided or proposed what on a finding, when and why; for the one who comes second."""
    if state.proposal is not None:
        proposal = state.proposal
        return (
            f"{proposal.actor} 于 {_when(proposal.at)} 提出 {proposal.status}，待他人确认（{proposal.reason}） · "
            f"{proposal.actor} proposed {proposal.status} at {_when(proposal.at)}"
        )
    if state.decided_by is not None and state.decided_at is not None:
        at = _when(state.decided_at)
        return (
            f"{state.decided_by} 于 {at} 定为 {state.status}（{state.reason}） · "
            f"{state.decided_by} decided {state.status} at {at}"
        )
    return f"现为 {state.status} · it is {state.status}"


def _may(state: LedgerState, actor: Account, status: str, reason: str) -> None:
    if actor.role != "steward":
        raise DecisionError(
            f"账户 {actor.account} 的角色是 {actor.role or '无'}，不能作出处理决定；请在 stewards.csv 登记为 steward · "
            f"the account {actor.account} has the role {actor.role or 'none'}, only a steward decides"
        )
    if status not in DECIDABLE:
        raise DecisionError(
            f"{state.finding_id}：{status!r} 不能作为决定；可用 {', '.join(DECIDABLE)} · "
            f"status {status!r} cannot be decided; choose one of these"
        )
    if state.status == "closed":
        raise DecisionError(
            f"{state.finding_id} 已关闭，无需处理；再次出现时会重新打开 · it is closed: there is nothing left to decide"
        )
    if not reason.strip():
        raise DecisionError(f"{state.finding_id}：请写明理由 --reason · a decision needs a reason")


def _is_news(state: LedgerState, actor: Account, status: str, seen: int | None) -> None:
    """What was decided meanwhile is not decided over."""
    if seen is not None and seen != state.sequence:
        raise LedgerConflictError(
            f"{state.finding_id} 在您查看（事件 {seen}）之后已有变化（事件 {state.sequence}）：{told(state)}。"
            "未作记录，请重新查看 · it has changed since you looked; nothing was recorded"
        )
    own = state.decided_by == actor.account
    if state.status in DECIDED_STATUSES and status != "open":
        raise LedgerConflictError(
            f"{state.finding_id}：{told(state)}。未作记录；要改变，先以 --status open 重新打开 · "
            "nothing was recorded; to change it, re-open it first with --status open"
        )
    if status == state.status and not (status == "queried" and own) and not (status == "open" and state.proposal):
        raise LedgerConflictError(f"{state.finding_id}：{told(state)}。未作记录 · nothing was recorded")
    proposal = state.proposal
    rival = proposal is not None and proposal.actor != actor.account and proposal.status != status
    if proposal is not None and rival and status in DECIDED_STATUSES:
        raise LedgerConflictError(
            f"{state.finding_id}：{told(state)}。未作记录；同意请用 --status {proposal.status}，"
            "不同意请用 --status open · nothing was recorded; confirm with that status or decline with open"
        )


def _completed(state: LedgerState, actor: Account, status: str, terms: Terms) -> Terms:
    """The terms with those of the proposal that is being confirmed.

    Raises:
        LedgerConflictError: they are not those proposed.
    """
    proposal = state.proposal
    if proposal is None or proposal.status != status or proposal.actor == actor.account:
        return terms
    whole = Terms(
        prefer=terms.prefer or proposal.terms.prefer,
        until=terms.until or proposal.terms.until,
        deadline=terms.deadline or proposal.terms.deadline,
    )
    if whole != proposal.terms:
        raise LedgerConflictError(
            f"{state.finding_id}：{told(state)}，条件与您写的不同。未作记录 · "
            "the proposal has other terms than yours; nothing was recorded"
        )
    return whole


def _fits(state: LedgerState, status: str, terms: Terms, today: date) -> None:
    name = state.finding_id
    for option, day, wanted in (("--until", terms.until, "waived"), ("--deadline", terms.deadline, "queried")):
        if (day is None) == (status == wanted):
            raise DecisionError(
                f"{name}：{option} 用于且必须用于 {wanted} · {option} belongs to {wanted}, which needs it"
            )
        if day is not None and day < today:
            raise DecisionError(f"{name}：{option} {day} 已过去，今天是 {today} · the day lies in the past")
    if terms.prefer is not None and status not in DECIDED_STATUSES:
        raise DecisionError(
            f"{name}：--prefer 只能与结论（{', '.join(DECIDED_STATUSES)}）一起用 · --prefer goes with a conclusion only"
        )


def _when(at: datetime) -> str:
    return at.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M")
