"""The steward's questions: findings, one finding with its printings, what was rejected.

Lists come from the published release; the status shown is the live one of the ledger. The lines around a printing come
from the lake, where the source stands as it was delivered.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from expectations.ledger import current_states, history, open_ledger
from orchestration.screens import SEVERITIES, rows_table
from warehouse.home import Home
from warehouse.query import run_query
from warehouse.settings import ledger_place

Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]

CONTEXT_LINES = 2
"""Lines shown before and after a printing: enough to read the sentence that a page or a line break cuts."""

_LIST = """
    select finding_id, rule_id, severity, status, region_code, period, title_zh
    from quality.findings
    order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, rule_id, region_code, finding_id
"""
_ONE = """
    select finding_id, rule_id, severity, status, region_code, indicator_code, period, title_zh, title_en, expected,
           observed, imbalance, first_seen, last_seen
    from quality.findings where starts_with(finding_id, '{start}') order by finding_id
"""
_PRINTINGS = """
    select roles.role, figures.source_id, figures.line_start, figures.line_end, figures.sheet, figures.cell,
           figures.printed_text, figures.indicator_as_printed, sources.title, sources.file_name, figures.address
    from quality.finding_figures as roles
    inner join marts.figures as figures on roles.figure_id = figures.figure_id and figures.recorded_to is null
    inner join reference.sources as sources on figures.source_id = sources.source_id
    where roles.finding_id = '{finding_id}'
    order by figures.line_start, roles.role, figures.figure_id
"""
_REJECTED = """
    select coalesce(file_name, source_id) as file, address, raw_text, reason_code, reason
    from quality.rejected order by file, address, reason_code
"""


def findings(home: Home, *, severity: str | None, status: str | None, region: str | None) -> Rows:
    """Findings of the current release, errors first, with the live status of the ledger."""
    result = run_query(home, _LIST)
    live = _live_statuses(home)
    rows = [(*row[:3], live.get(row[0], row[3]), *row[4:]) for row in result.rows]
    kept = [
        row
        for row in rows
        if (severity is None or row[2] == severity)
        and (status is None or row[3] == status)
        and (region is None or row[4] == region)
    ]
    return result.columns, kept


def finding(home: Home, start: str) -> Group:
    """One finding for people: sentence, facts, each printing in its surroundings, history.

    Raises:
        LookupError: no finding, or more than one, starts with these characters.
    """
    if not start.replace("_", "").isalnum():
        raise LookupError(f"{start!r} is no finding id; see provstat findings list")
    rows = run_query(home, _ONE.format(start=start)).rows
    if len(rows) != 1:
        found = "no finding" if not rows else f"{len(rows)} findings"
        raise LookupError(f"{found} in the current release starts with {start!r}; see provstat findings list")
    row = rows[0]
    facts = [
        ("规则 rule", row[1]),
        ("严重程度 severity", SEVERITIES[row[2]]),
        ("状态 status", _live_statuses(home).get(row[0], row[3])),
        ("应为 expected", row[9]),
        ("实为 observed", row[10]),
        ("差额 imbalance", row[11]),
        ("首次发现 first seen", row[12]),
        ("最近发现 last seen", row[13]),
    ]
    printings = run_query(home, _PRINTINGS.format(finding_id=row[0])).rows
    return Group(
        Panel(Text(f"{row[7]}\n\n{row[8]}"), title=row[0], title_align="left"),
        rows_table(("", ""), [(name, value) for name, value in facts if value is not None]),
        *(_printing(home, printing) for printing in printings),
        _history(home, row[0]),
    )


def rejected(home: Home, *, reason: str | None) -> Rows:
    """What the current release says was not loaded."""
    result = run_query(home, _REJECTED)
    return result.columns, [row for row in result.rows if reason is None or row[3] == reason]


def _printing(home: Home, printing: tuple[Any, ...]) -> Panel:
    """One printing with the lines around it, its own lines marked."""
    role, source_id, start, end, sheet, _cell, printed, name, title, file_name, address = printing
    lines = _lines(home, source_id, sheet)
    body = Text()
    if lines is None or start is None:
        body.append(f"{name}  {printed}\n")
    else:
        near = lines.filter(pl.col("line").is_between(start - CONTEXT_LINES, (end or start) + CONTEXT_LINES))
        for line in near.iter_rows(named=True):
            inside = start <= line["line"] <= (end or start)
            body.append(f"{line['line']:>6} ", style="dim")
            body.append(f"{line['text']}\n", style="bold" if inside else "dim")
    if printed:
        body.highlight_words([printed], style="reverse")
    return Panel(body, title=f"{role} · 《{title}》 {file_name} {address}", title_align="left")


def delivered_lines(home: Home, source_id: str) -> pl.DataFrame | None:
    """The lines of the latest reading of a source with its kind, or None when the lake no longer has them."""
    columns = ["source_id", "reading_id", "sequence", "kind"]
    readings = pl.read_parquet(home.lake / "sources" / "*.parquet", columns=columns)
    own = readings.filter(pl.col("source_id") == source_id).sort("sequence")
    if own.is_empty():
        return None
    file = home.lake / "lines" / f"{own['reading_id'][-1]}.parquet"
    if not file.exists():
        return None
    return pl.read_parquet(file).with_columns(pl.lit(own["kind"][-1]).alias("kind"))


def _lines(home: Home, source_id: str, sheet: str | None) -> pl.DataFrame | None:
    """Those of one sheet."""
    lines = delivered_lines(home, source_id)
    return None if lines is None else lines.filter(pl.col("sheet").eq_missing(pl.lit(sheet, dtype=pl.String)))


def _history(home: Home, finding_id: str) -> Any:
    with open_ledger(ledger_place(home)) as engine:
        events = history(engine, finding_id)
    rows = [
        (event.at.strftime("%Y-%m-%d %H:%M"), event.action, event.after_status, event.actor, event.reason)
        for event in events
    ]
    return rows_table(("时间 at", "事件 event", "状态 status", "账户 actor", "理由 reason"), rows)


def _live_statuses(home: Home) -> dict[str, str]:
    with open_ledger(ledger_place(home)) as engine:
        return {finding_id: state.status for finding_id, state in current_states(engine).items()}
