"""Which findings go into a steward's workbook, and what it tells of each.

Here: choosing, the live state of the ledger, owners. Not here: how the workbook looks (`findings_workbook`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.ledger import open_ledger, states_of
from expectations.lifecycle import OPEN_STATUSES, LedgerState
from orchestration.accounts import accounts
from orchestration.evidence import Printing, printings_of, surroundings_of
from orchestration.findings_workbook import MAX_SHOWN, NUMERALS, Entry, Export, workbook
from orchestration.steward import waits_for
from warehouse.engine import literal
from warehouse.home import Home
from warehouse.query import run_query
from warehouse.releases import current_release_id
from warehouse.settings import ledger_place

_CHOSEN = """
    select findings.finding_id, findings.rule_id, findings.severity, findings.status,
           coalesce(regions.name_zh, findings.region_code) as region, findings.period, findings.title_zh,
           coalesce(findings.expected, '') as expected, coalesce(findings.observed, '') as observed,
           {owner} as owner, rules.who_fixes
    from quality.findings as findings
    left join reference.rules as rules on findings.rule_id = rules.rule_id
    left join reference.regions as regions on findings.region_code = regions.region_code
    where {condition}
    order by case findings.severity when 'error' then 0 when 'warning' then 1 else 2 end, findings.rule_id,
             findings.region_code, findings.finding_id
"""
OWNER = "coalesce(split_part(rules.who_fixes, '（', 1), '未定')"
"""Who fixes a finding, in SQL: what the catalogue says before the bracket that says how."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings: the given ones only; no statuses means those that are open, queried or answered."""

    owners: Sequence[str] = ()
    severity: str | None = None
    region: str | None = None
    statuses: Sequence[str] = OPEN_STATUSES
    limit: int = 0


def write_findings(home: Home, target: Path, wanted: Wanted, now: datetime, made_by: str) -> Mapping[str, int]:
    """Write the workbook; a file of that name is replaced as a whole.

    Returns:
        How many findings each sheet has, by owner.

    Raises:
        LookupError: there is nothing to export; the message names the owners that there are.
        QueryError: nothing is published.
        OSError: the file cannot be written.
    """
    rows, states = _chosen(home, wanted)
    cut = rows[: wanted.limit] if wanted.limit else rows
    printed = printings_of(home, [row[0] for row in cut])
    people = accounts()
    sheets: dict[str, list[Entry]] = {}
    for row in cut:
        state = states.get(row[0])
        waits = waits_for(state, people) if state else ""
        sheets.setdefault(row[9], []).append(_entry(row, state, waits, printed.get(row[0], ())))
    ordered = [entry for entries in sheets.values() for entry in entries][:MAX_SHOWN]
    lines = surroundings_of(home, [p for entry in ordered for p in entry.printings[: len(NUMERALS)]])
    export = Export(now, made_by, current_release_id(home) or "", len(rows) - len(cut))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.write_bytes(workbook(sheets, lines, export))
    temporary.replace(target)
    return {owner: len(entries) for owner, entries in sheets.items()}


def _chosen(home: Home, wanted: Wanted) -> tuple[list[tuple[Any, ...]], dict[str, LedgerState]]:
    """Rows of the release that are wanted by what the ledger says now, with its states."""
    asked = (("findings.severity", wanted.severity), ("findings.region_code", wanted.region))
    conditions = [f"{name} = {literal(text)}" for name, text in asked if text]
    if wanted.owners:
        conditions.append(f"{OWNER} in ({', '.join(literal(owner) for owner in wanted.owners)})")
    query = _CHOSEN.format(owner=OWNER, condition=" and ".join(conditions) or "true")
    found = run_query(home, query).rows
    with open_ledger(ledger_place(home)) as engine:
        states = states_of(engine, [row[0] for row in found])
    rows = [row for row in found if (states[row[0]].status if row[0] in states else row[3]) in wanted.statuses]
    if not rows:
        everyone = run_query(home, _CHOSEN.format(owner=OWNER, condition="true")).rows
        owners = "、".join(dict.fromkeys(row[9] for row in everyone)) or "无"
        raise LookupError(f"没有符合条件的问题；处理方有：{owners} · no findings match; these are the owners")
    return rows, states


def _entry(row: tuple[Any, ...], state: LedgerState | None, waits: str, printed: tuple[Printing, ...]) -> Entry:
    finding_id, rule_id, severity, status, region, period, sentence, expected, observed, _owner, who_fixes = row
    remedy = (who_fixes or "").partition("（")[2].rstrip("）")
    return Entry(
        finding_id=finding_id,
        event=state.sequence if state else 0,
        rule_id=rule_id,
        severity=severity,
        status=state.status if state else status,
        waits_for=waits,
        region=region,
        period=period,
        sentence=sentence,
        expected=expected,
        observed=observed,
        remedy=remedy,
        printings=printed,
    )
