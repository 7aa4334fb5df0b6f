"""The rule catalogue, the suites and the run itself as lake tables, so that the models can join them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import polars as pl

from expectations.catalogue import Rule, load_rules
from expectations.gx_suites import load_suites
from ingestion import lake
from ingestion.reading import DeliveryOutcome
from warehouse.home import Home

_REFUSAL = ("source_id", "address", "raw_text", "reason_code", "reason")


def write_lost_files(home: Home, outcomes: Iterable[DeliveryOutcome]) -> None:
    """Write what of tonight's landing folders vanished or changed while it was read: it holds for this night only."""
    rows = [(o.file_name, *(getattr(o.lost, name) for name in _REFUSAL)) for o in outcomes if o.lost is not None]
    schema = {"file_name": pl.String(), **dict.fromkeys(_REFUSAL, pl.String())}
    lake.write_table(home.lake, "lost_files", pl.DataFrame(rows, schema=schema, orient="row"))


_RULE_DATES = {"valid_from": pl.Date(), "valid_to": pl.Date(), "not_yet_applicable": pl.String()}


def _write_details(home: Home, rules: tuple[Rule, ...]) -> None:
    """Parameters of the rules, the indicators that they are about, the refusals that count for them."""
    parameters = [(rule.rule_id, p.name, p.value, p.reason) for rule in rules for p in rule.parameters]
    schema = {"rule_id": pl.String(), "name": pl.String(), "value": pl.Decimal(28, 10), "reason": pl.String()}
    lake.write_table(home.lake, "rule_parameters", pl.DataFrame(parameters, schema=schema, orient="row"))
    # A rule without a list is about every indicator.
    scopes = [(rule.rule_id, code) for rule in rules if rule.model for code in rule.applies_to or ("*",)]
    lake.write_table(home.lake, "rule_scopes", _texts(scopes, "rule_id", "indicator_code"))
    refusals = [(rule.rule_id, code) for rule in rules for code in rule.refusals]
    lake.write_table(home.lake, "rule_refusals", _texts(refusals, "rule_id", "reason_code"))


def _texts(rows: list[tuple[str, str]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()), orient="row")


def _rule_rows(rules: tuple[Rule, ...], day: date) -> list[dict[str, Any]]:
    return [
        {
            "rule_id": rule.rule_id,
            "version": rule.version,
            "engine": "sql",
            "level": rule.level,
            "ess_type": rule.ess_type,
            "severity": rule.severity,
            "blocks": rule.blocks,
            "fault": rule.fault,
            "title_zh": rule.title_zh,
            "title_en": rule.title_en,
            "explanation_zh": rule.explanation_zh,
            "explanation_en": rule.explanation_en,
            "who_fixes": rule.who_fixes,
            "precondition": rule.precondition,
            "tolerance": rule.tolerance,
            "model": rule.model,
            "kind": rule.kind,
            "state": rule.state(day),
            "not_yet_applicable": rule.not_yet_applicable or None,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
        for rule in rules
    ]


def _expectation_rows() -> list[dict[str, Any]]:
    """The expectations of the stewards' suites as rules of the same list."""
    return [
        {
            "rule_id": entry.id,
            "version": 1,
            "engine": "gx",
            "level": "B1",
            "ess_type": "EVA",
            "severity": entry.severity,
            "blocks": entry.blocks,
            "fault": entry.fault,
            "title_zh": entry.title_zh,
            "title_en": entry.title_en,
            "explanation_zh": f"{suite.table}：{entry.title_zh}",
            "explanation_en": f"{suite.table}: {entry.title_en}",
            "who_fixes": "维护人员" if entry.fault == "ours" else "出处单位",
            "precondition": f"rows of {suite.table}",
            "tolerance": "exact",
            "model": "",
            "kind": "",
            "state": "implemented",
            "not_yet_applicable": None,
            "valid_from": None,
            "valid_to": None,
        }
        for suite in load_suites()
        for entry in suite.expectations
    ]


def write(home: Home, run_id: str, now: datetime, as_of: str | None) -> None:
    """Write the rules and what belongs to them, ``night``, and what of the ledger and the files is not there yet."""
    rules = load_rules()
    day = datetime.fromisoformat(as_of).date() if as_of else None
    rows = [*_rule_rows(rules, day or now.date()), *_expectation_rows()]
    lake.write_table(home.lake, "rules", pl.DataFrame(rows, schema_overrides=_RULE_DATES, infer_schema_length=None))
    _write_details(home, rules)
    night = pl.DataFrame(
        [(run_id, now.replace(tzinfo=None), day)],
        schema={"run_id": pl.String(), "now_utc": pl.Datetime("us"), "as_of": pl.Date()},
        orient="row",
    )
    lake.write_table(home.lake, "night", night)
    write_lost_files(home, ())
    from orchestration.reconciliation import write_decisions, write_statuses

    if not (home.lake / "night" / "finding_status.parquet").exists():
        write_statuses(home, ())
    if not (home.lake / "night" / "decisions.parquet").exists():
        write_decisions(home, (), None)
