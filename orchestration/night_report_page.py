"""The page of a night: one HTML file with everything in it, which opens without a network.

Here: words, the drawing of the trend, where a printing stands in its line; writing the file. Not here: the facts
(`night_report`).

The trend is drawn by hand, a rectangle a night and severity: the drawing libraries that give a static SVG (matplotlib,
pygal, altair with a renderer) bring fonts, scripts from elsewhere or a browser engine for what is thirty bars.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jinja2

from expectations.lifecycle import OPEN_STATUSES
from orchestration.evidence import Printing
from orchestration.journal import NightRecord, write_whole
from orchestration.night_report import MAX_CHANGES, MAX_PRINTINGS, MAX_ROWS, NightReport, Shown
from orchestration.publication import release_name
from orchestration.screens import OUTCOMES, SEVERITIES, STAGE_NAMES, next_step
from orchestration.words import both, names, office_clock, reasons
from warehouse.home import Home
from warehouse.reports import lead_to

CHANGES = {"opened": "新发现 new", "reopened": "重新打开 re-opened", "closed": "已关闭 closed"}
_LONGEST_LINE = 400
"""Characters of a line around the printing; the lines before and after are cut at half of it."""
_BAR, _GAP, _HEIGHT, _FOOT = 22, 8, 120, 34
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Bar:
    """One night of the trend, in units of the drawing: heights from the foot upwards."""

    x: int
    day: str
    told: str
    outcome: str
    count: str
    error_height: float
    warning_height: float


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a source: its number, the text before the printing, the printing, the text after it."""

    number: int
    before: str
    printed: str
    after: str
    is_own: bool


def write_report(home: Home, report: NightReport) -> str:
    """Write the page beside the releases, and let ``latest.html`` lead to it; gives its path.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    record = report.record
    name = f"{release_name(datetime.fromisoformat(record.started_at).astimezone(UTC), record.run_id)}.html"
    home.reports.mkdir(parents=True, exist_ok=True)
    file = home.reports / name
    write_whole(file, page(report))
    lead_to(home, file)
    return str(file)


def page(report: NightReport) -> str:
    """The page as text."""
    record, published = report.record, report.published
    return _template().render(
        record=record,
        outcome=OUTCOMES.get(record.outcome, (record.outcome, ""))[0],
        at=office_clock(record.started_at),
        stages=STAGE_NAMES,
        severities=SEVERITIES,
        standing=_standing(record),
        changes={name: (word, report.changes.get(name, ())) for name, word in CHANGES.items()},
        counts=record.counts,
        bars=bars(report.nights),
        bar=_BAR,
        height=_HEIGHT,
        foot=_FOOT,
        published=published,
        coverage=_coverage(published.rules) if published else {},
        expectations=report.expectations,
        next_step=next_step(record),
        lines=_lines(published.findings, published.lines) if published else {},
        read=sum(delivery["why"] is not None for delivery in record.deliveries),
        late=sum(record.late.values()),
        both=both,
        office=office_clock,
        most_changes=MAX_CHANGES,
        most_printings=MAX_PRINTINGS,
        most_rows=MAX_ROWS,
        attention=sum(sum(record.findings.get(severity, {}).values()) for severity in ("error", "warning")),
        outcomes=names("outcome"),
        reasons=reasons(),
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("orchestration", "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("night_report.html.j2")


def bars(nights: Sequence[NightRecord]) -> tuple[Bar, ...]:
    """The trend: open errors and warnings of each night; one that published nothing has no bar."""
    counted = [(_open(night, "error"), _open(night, "warning")) for night in nights]
    most = max((sum(pair) for pair in counted), default=0) or 1
    scale = (_HEIGHT - 16) / most
    return tuple(
        Bar(
            x=_GAP + number * (_BAR + _GAP),
            day=office_clock(night.started_at)[5:10],
            told=f"{office_clock(night.started_at)} {OUTCOMES.get(night.outcome, ('',))[0]}："
            f"错误 {errors}，警告 {warnings}，提示 {_open(night, 'information')}",
            outcome=night.outcome,
            count=_short(errors + warnings),
            error_height=_bar_height(errors, scale),
            warning_height=_bar_height(warnings, scale),
        )
        for number, (night, (errors, warnings)) in enumerate(zip(nights, counted, strict=True))
    )


def _bar_height(count: int, scale: float) -> float:
    return round(max(count * scale, 1.5), 1) if count else 0


def _short(count: int) -> str:
    """A count that fits above a bar."""
    return str(count) if count < 10_000 else f"{count / 10_000:.1f}万"


def _open(night: NightRecord, severity: str) -> int:
    if night.outcome != "published":
        return 0
    return sum(night.findings.get(severity, {}).get(status, 0) for status in OPEN_STATUSES)


def _standing(record: NightRecord) -> dict[str, tuple[int, int]]:
    """By severity: how many are open, queried or answered, and how many are decided."""
    told = {}
    for severity in SEVERITIES:
        statuses = record.findings.get(severity, {})
        waiting = sum(statuses.get(status, 0) for status in OPEN_STATUSES)
        told[severity] = (waiting, sum(statuses.values()) - waiting)
    return told


def _coverage(rules: Sequence[tuple[Any, ...]]) -> dict[str, Counter[str]]:
    """Outcomes by engine: rules, expectations, tests of models, the gate at arrival."""
    found: dict[str, Counter[str]] = {engine: Counter() for engine in ("sql", "gx", "dbt", "arrival")}
    for row in rules:
        found[row[3]][row[4]] += 1
    return found


def _lines(findings: Sequence[Shown], around: Mapping[str, Any]) -> dict[str, tuple[LineShown, ...]]:
    printed = {printing.figure_id: printing for finding in findings for printing in finding.printings}
    return {
        figure_id: tuple(_line(number, text, is_own, printed[figure_id]) for number, text, is_own in lines)
        for figure_id, lines in around.items()
    }


def _line(number: int, text: str, is_own: bool, printing: Printing) -> LineShown:
    """A line cut to what fits, the printing marked where it stands."""
    text = text.replace("\t", "  ")
    start, end = _found(text, printing.printed_text) if is_own else (-1, -1)
    if start < 0:
        return LineShown(number, _cut(text, _LONGEST_LINE // (1 if is_own else 2)), "", "", is_own)
    before, after = text[:start], text[end:]
    half = _LONGEST_LINE // 2
    shortened = before if len(before) <= half else f"…{before[-half:]}"
    return LineShown(number, shortened, text[start:end], _cut(after, half), is_own)


def _found(text: str, printed: str) -> tuple[int, int]:
    """Where a printing stands in its line: as a whole, else its number, because blanks and line ends part it."""
    start = text.find(printed) if printed else -1
    if start >= 0:
        return start, start + len(printed)
    number = _NUMBER.search(printed)
    alone = re.search(rf"(?<![0-9.]){re.escape(number[0])}(?![0-9])", text) if number else None
    return alone.span() if alone else (-1, -1)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
