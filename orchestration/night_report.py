"""What a night's report tells: the night itself, what changed, how it stands, how it went over the nights.

Here: the facts, from the record of the night, the release that it published and the ledger. Not here: the page
(`night_report_page`), the message that is sent (`alerts`). A night that published nothing has no facts of a release.

Lists are cut, because a page with a hundred thousand findings opens on no telephone; each says how many it leaves out.
Only public tables are read: enterprise returns are not in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.ledger import events_of_run, open_ledger
from expectations.lifecycle import OPEN_STATUSES
from orchestration import check_results
from orchestration.evidence import Around, Printing, printings_of, surroundings_of
from orchestration.findings_export import OWNER
from orchestration.journal import NightRecord, recent_records
from warehouse.engine import literal
from warehouse.home import Home
from warehouse.query import run_query
from warehouse.settings import ledger_place

MAX_CHANGES = 50
"""Findings listed of each: new, re-opened, closed."""
MAX_FINDINGS = 100
"""Findings shown with their printings."""
MAX_PRINTINGS = 4
"""Printings shown of one finding."""
MAX_ROWS = 30
"""Rows of the tables that grow with what is delivered."""
NIGHTS = 30
"""Nights of the trend."""

_OPEN = f"findings.status in ({', '.join(literal(status) for status in OPEN_STATUSES)})"
_COUNTS = """count(*) filter (findings.severity = 'error') as errors,
           count(*) filter (findings.severity = 'warning') as warnings,
           count(*) filter (findings.severity = 'information') as information"""
_BY_OWNER = f"""
    select {OWNER} as owner, {_COUNTS}
    from quality.findings as findings left join reference.rules as rules on findings.rule_id = rules.rule_id
    where {_OPEN} group by all order by errors desc, warnings desc, information desc, owner limit {MAX_ROWS}
"""
_BY_DOCUMENT = f"""
    with titles as (
        select document_id, min_by(title, source_id) as title from reference.sources group by document_id
    )
    select coalesce(titles.title, findings.document_id) as document, {_COUNTS},
           count(*) over () as total
    from quality.findings as findings left join titles on findings.document_id = titles.document_id
    where {_OPEN}
    group by findings.document_id, titles.title
    order by errors desc, warnings desc, information desc, document limit {MAX_ROWS}
"""
_RULES = """
    select runs.rule_id, coalesce(rules.title_zh, '') as title_zh, coalesce(rules.title_en, '') as title_en,
           coalesce(rules.engine, case when runs.rule_id like 'DBT-%' then 'dbt' else 'arrival' end) as engine,
           runs.outcome, runs.tested, runs.findings, coalesce(rules.severity, '') as severity
    from quality.check_runs as runs left join reference.rules as rules on runs.rule_id = rules.rule_id
    order by case runs.outcome when 'error' then 0 when 'fail' then 1 when 'not_applicable' then 2 else 3 end,
             case rules.severity when 'error' then 0 when 'warning' then 1 else 2 end, runs.rule_id
"""
_PENDING = "select count(*) from reference.rules where state <> 'implemented'"
_REJECTED = f"""
    select reason_code, count(*) as rows, count(distinct source_id) as files, min(remedy_zh) as remedy,
           min(who_fixes) as who_fixes, min(coalesce(file_name, source_id)) as example, count(*) over () as total
    from quality.rejected group by reason_code order by rows desc, reason_code limit {MAX_ROWS}
"""
_RETURNS = """
    select reporter_zh, count(*) filter (status = 'arrived') as arrived,
           count(*) filter (status = 'late_arrived') as late_arrived, count(*) filter (status = 'due') as due,
           count(*) filter (status = 'late') as late, max(arrived_at) as arrived_at
    from marts.return_status where status <> 'not_yet_due'
    group by reporter_zh order by late desc, reporter_zh
"""
_FRESH = f"""
    select indicators.name_zh, max(left(current.period, 4)) as latest, max(current.published_at) as published_at,
           max(current.recorded_from) as recorded_at, count(*) over () as total
    from marts.observations as current
    inner join reference.indicators as indicators on current.indicator_code = indicators.indicator_code
    where current.is_current
    group by current.indicator_code, indicators.name_zh order by latest, indicators.name_zh limit {MAX_ROWS}
"""
_FINDINGS = f"""
    select finding_id, rule_id, severity, status, coalesce(regions.name_zh, findings.region_code), title_zh, title_en,
           coalesce(expected, ''), coalesce(observed, ''), first_seen
    from quality.findings as findings
    left join reference.regions as regions on findings.region_code = regions.region_code
    where severity in ('error', 'warning')
    order by case when {_OPEN} then 0 else 1 end, severity, influence desc, finding_id limit {MAX_FINDINGS}
"""
_TITLES = "select finding_id, severity, title_zh from quality.findings where finding_id in ({wanted})"


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that is new, re-opened or closed tonight."""

    finding_id: str
    rule_id: str
    severity: str
    title_zh: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its printings, and the lines around them by figure."""

    finding_id: str
    rule_id: str
    severity: str
    status: str
    region: str
    title_zh: str
    title_en: str
    expected: str
    observed: str
    first_seen: datetime
    printings: tuple[Printing, ...] = ()


Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What the release of the night holds; rows as the queries of this module name them."""

    by_owner: Rows
    by_document: Rows
    rules: Rows
    pending: int
    rejected: Rows
    returns: Rows
    fresh: Rows
    findings: tuple[Shown, ...]
    lines: Mapping[str, Around]


@dataclass(frozen=True, slots=True)
class NightReport:
    """All that the page shows."""

    record: NightRecord
    nights: tuple[NightRecord, ...]
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    expectations: tuple[Mapping[str, Any], ...] = ()
    published: Published | None = None


def night_report(home: Home, record: NightRecord) -> NightReport:
    """Gather what the report of a finished night tells.

    Raises:
        QueryError: the release of the night cannot be read.
        LedgerError: the ledger cannot be read.
    """
    nights = recent_records(home, NIGHTS, until=record)
    expectations = check_results.kept_expectations(home, record.run_id)
    if record.release_id is None:
        return NightReport(record, nights, expectations=expectations)
    file = home.release_file(record.release_id)
    return NightReport(record, nights, _changes(home, record, file), expectations, _published(home, file))


def _published(home: Home, file: Path) -> Published:
    def rows(query: str) -> Rows:
        return run_query(file, query).rows

    found = rows(_FINDINGS)
    printed = printings_of(file, [row[0] for row in found])
    findings = tuple(replace(Shown(*row), printings=printed.get(row[0], ())) for row in found)
    shown = [printing for finding in findings for printing in finding.printings[:MAX_PRINTINGS]]
    return Published(
        by_owner=rows(_BY_OWNER),
        by_document=rows(_BY_DOCUMENT),
        rules=rows(_RULES),
        pending=rows(_PENDING)[0][0],
        rejected=rows(_REJECTED),
        returns=rows(_RETURNS),
        fresh=rows(_FRESH),
        findings=findings,
        lines=surroundings_of(home, shown),
    )


def _changes(home: Home, record: NightRecord, file: Path) -> dict[str, tuple[Change, ...]]:
    """What the night's events opened, re-opened and closed; what is closed has its sentence from the release before."""
    with open_ledger(ledger_place(home)) as engine:
        events = {
            action: events_of_run(engine, record.run_id, action, MAX_CHANGES)
            for action in ("opened", "reopened", "closed")
        }
    previous = run_query(file, "select previous_release_id from meta.release").rows[0][0]
    before = home.release_file(previous) if previous else None
    titles = _titles(file, [event.finding_id for event in (*events["opened"], *events["reopened"])])
    if before is not None and before.exists():
        titles |= _titles(before, [event.finding_id for event in events["closed"]])
    return {
        action: tuple(
            Change(event.finding_id, event.rule_id, *titles.get(event.finding_id, ("", "")), event.reason or "")
            for event in own
        )
        for action, own in events.items()
    }


def _titles(file: Path, finding_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    if not finding_ids:
        return {}
    wanted = ", ".join(literal(finding_id) for finding_id in finding_ids)
    return {row[0]: (row[1], row[2]) for row in run_query(file, _TITLES.format(wanted=wanted)).rows}
