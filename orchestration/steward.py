"""The steward's questions: findings, one finding with its printings and its history, what was rejected.

Lists come from the published release; the status shown is the live one of the ledger. Not here: the printings
themselves (`evidence`), what a steward does (`stewardship`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from expectations.decisions import Account
from expectations.ledger import history, ids_starting_with, open_ledger, states_of, touched_statuses
from expectations.lifecycle import OFFICE_TIME, LedgerEvent, LedgerState, Terms
from orchestration.accounts import accounts
from orchestration.evidence import Printing, printings, surroundings
from orchestration.screens import SEVERITIES, rows_table
from warehouse.engine import literal
from warehouse.home import Home
from warehouse.query import run_query
from warehouse.settings import ledger_place

Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]

LIST_COLUMNS = ("finding_id", "rule_id", "severity", "status", "waits_for", "region_code", "period", "title_zh")
_ORDER = "case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule_id, region_code, finding_id"
_LIST = f"""
    select finding_id, rule_id, severity, status, region_code, period, title_zh, count(*) over () as total
    from quality.findings where {{condition}} order by {_ORDER} {{limit}}
"""
_IDS = f"select finding_id, status from quality.findings where {{condition}} order by {_ORDER}"
_ONE = """
    select findings.finding_id, findings.rule_id, findings.severity, findings.status, findings.region_code,
           findings.title_zh, findings.title_en, findings.expected, findings.observed, findings.imbalance,
           findings.first_seen, findings.last_seen, findings.evidence_hash, rules.title_zh as rule_zh,
           regions.name_zh as region_zh
    from quality.findings as findings
    left join reference.rules as rules on findings.rule_id = rules.rule_id
    left join reference.regions as regions on findings.region_code = regions.region_code
    where {condition} order by findings.finding_id
"""
_REJECTED = """
    select coalesce(file_name, source_id) as file, address, raw_text, reason_code, reason
    from quality.rejected order by file, address, reason_code
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as the current release has it."""

    finding_id: str
    rule_id: str
    severity: str
    status: str
    region_code: str
    title_zh: str
    title_en: str
    expected: str | None
    observed: str | None
    imbalance: Decimal | None
    first_seen: datetime
    last_seen: datetime
    evidence_hash: str
    rule_zh: str | None
    region_zh: str | None


def findings(
    home: Home, *, severity: str | None, status: str | None, region: str | None, limit: int = 0
) -> tuple[Rows, int]:
    """Findings of the current release, errors first, with the live status of the ledger and what each waits for.

    Args:
        home: the home.
        severity: only these.
        status: only those that are so now, whatever the release says.
        region: only those of this region code.
        limit: at most so many rows; 0 gives all.

    Returns:
        Columns and rows, and how many there are without the limit.
    """
    wanted = [f"{name} = {literal(text)}" for name, text in (("severity", severity), ("region_code", region)) if text]
    condition, ids = " and ".join(wanted) or "true", None
    with open_ledger(ledger_place(home)) as engine:
        if status is not None:
            kept = touched_statuses(engine)
            released = run_query(home, _IDS.format(condition=condition)).rows
            ids = [finding_id for finding_id, published in released if _live(published, kept.get(finding_id)) == status]
            condition = _among("finding_id", ids[:limit] if limit else ids)
        found = run_query(home, _LIST.format(condition=condition, limit=f"limit {limit}" if limit else "")).rows
        states = states_of(engine, [row[0] for row in found])
    people = accounts()
    rows = []
    for finding_id, rule_id, found_severity, published, *rest, _ in found:
        state = states.get(finding_id)
        waits = waits_for(state, people) if state else ""
        live = _live(published, state.status if state else None)
        rows.append((finding_id, rule_id, found_severity, live, waits, *rest))
    counted = found[0][-1] if found else 0
    return (LIST_COLUMNS, rows), counted if ids is None else len(ids)


def _live(published: str, kept: str | None) -> str:
    """The status in the ledger; of a finding that it does not tell, open or closed as the release has it."""
    return kept or ("closed" if published == "closed" else "open")


def _among(column: str, finding_ids: Iterable[str]) -> str:
    wanted = ", ".join(map(literal, finding_ids))
    return f"{column} in ({wanted})" if wanted else "false"


def found(home: Home, start: str) -> Finding:
    """The one finding of the current release whose id starts so.

    Raises:
        LookupError: no finding, or more than one, starts with these characters.
    """
    if not start.replace("_", "").isalnum():
        raise LookupError(f"{start!r} is no finding id; see provstat findings list")
    rows = run_query(home, _ONE.format(condition=f"starts_with(findings.finding_id, '{start}')")).rows
    if len(rows) != 1:
        told = "no finding" if not rows else f"{len(rows)} findings"
        raise LookupError(f"{told} in the current release starts with {start!r}; see provstat findings list")
    return Finding(*rows[0])


def found_among(home: Home, finding_ids: Iterable[str]) -> dict[str, Finding]:
    """Findings of the current release by their whole ids; what is not in it is left out."""
    rows = run_query(home, _ONE.format(condition=_among("findings.finding_id", finding_ids))).rows
    return {row[0]: Finding(*row) for row in rows}


def finding(home: Home, start: str) -> Group:
    """One finding for people: sentence, facts, each printing in its surroundings, history.

    Raises:
        LookupError: no finding, or more than one, starts with these characters.
    """
    one = found(home, start)
    with open_ledger(ledger_place(home)) as engine:
        state = states_of(engine, [one.finding_id]).get(one.finding_id)
        events = history(engine, one.finding_id)
    facts = [
        ("规则 rule", one.rule_id),
        ("严重程度 severity", SEVERITIES[one.severity]),
        ("状态 status", state.status if state else one.status),
        ("等待 waits for", (waits_for(state, accounts()) if state else None) or None),
        ("事件 event", state.sequence if state else None),
        ("应为 expected", one.expected),
        ("实为 observed", one.observed),
        ("差额 imbalance", one.imbalance),
        ("首次发现 first seen", one.first_seen),
        ("最近发现 last seen", one.last_seen),
    ]
    return Group(
        Panel(Text(f"{one.title_zh}\n\n{one.title_en}"), title=one.finding_id, title_align="left"),
        rows_table(("", ""), [(name, value) for name, value in facts if value is not None]),
        *(_shown(home, printing) for printing in printings(home, one.finding_id)),
        rows_table(HISTORY_COLUMNS, [_history_row(event) for event in events]),
    )


HISTORY_COLUMNS = ("event", "at", "action", "before", "after", "terms", "actor", "reason")


def events_of(home: Home, start: str) -> Rows:
    """What became of one finding, from the ledger: also of one that is closed and in no release.

    Raises:
        LookupError: no finding, or more than one, starts with these characters.
    """
    with open_ledger(ledger_place(home)) as engine:
        ids = ids_starting_with(engine, start)
        if len(ids) != 1:
            told = "no finding" if not ids else "more than one finding"
            raise LookupError(f"{told} in the ledger starts with {start!r}; see provstat findings list")
        return HISTORY_COLUMNS, [_history_row(event) for event in history(engine, ids[0])]


def rejected(home: Home, *, reason: str | None) -> Rows:
    """What the current release says was not loaded."""
    result = run_query(home, _REJECTED)
    return result.columns, [row for row in result.rows if reason is None or row[3] == reason]


def _shown(home: Home, printing: Printing) -> Panel:
    """One printing with the lines around it, its own lines marked."""
    body = Text()
    around = surroundings(home, printing)
    if not around:
        body.append(f"{printing.indicator_as_printed}  {printing.printed_text}\n")
    for line, text, is_own in around:
        body.append(f"{line:>6} ", style="dim")
        body.append(f"{text}\n", style="bold" if is_own else "dim")
    if printing.printed_text:
        body.highlight_words([printing.printed_text], style="reverse")
    return Panel(body, title=f"{printing.role} · {printing.figure_id} · {printing.place}", title_align="left")


def waits_for(state: LedgerState, people: tuple[Account, ...]) -> str:
    """What has to come, and from whom."""
    if state.proposal is not None:
        others = [p.name_zh for p in people if p.role == "steward" and p.account != state.proposal.actor]
        named = "、".join(others[:3]) + (" 等" if len(others) > 3 else "")
        return f"{state.proposal.actor} 提出 {state.proposal.status}，待另一人确认（{named or '尚无他人登记'}）"
    return _terms_text(state.terms)


def _terms_text(terms: Terms) -> str:
    said = (("答复期限", terms.deadline), ("暂免至", terms.until))
    parts = [f"{word} {day}" for word, day in said if isinstance(day, date)]
    if terms.prefer is not None:
        parts.append(
            f"采用 {terms.prefer.role} {Decimal(terms.prefer.value).normalize():f}（{terms.prefer.figure_id}）"
        )
    return "，".join(parts)


def _history_row(event: LedgerEvent) -> tuple[Any, ...]:
    at = event.at.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M")
    action = f"{event.action} {event.proposed_status}" if event.proposed_status else event.action
    terms = _terms_text(event.after_terms)
    return event.sequence, at, action, event.before_status, event.after_status, terms, event.actor, event.reason
