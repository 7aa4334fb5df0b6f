"""Words of pages, workbooks and messages: what the codes of the seeds are called in Chinese, the time of the office.

Here: looking a word up. Not here: words that only one screen uses (`screens`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from expectations.lifecycle import OFFICE_TIME
from ingestion.registry import SEEDS


@cache
def names(vocabulary: str) -> Mapping[str, str]:
    """Chinese name by code, in the order of the seed; empty for an unknown vocabulary."""
    with (SEEDS / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name_zh"] for row in csv.DictReader(file) if row["vocabulary"] == vocabulary}


@cache
def reasons() -> Mapping[str, str]:
    """Chinese name of each reason of a refusal by its code."""
    with (SEEDS / "rejection_reasons.csv").open(encoding="utf-8", newline="") as file:
        return {row["reason_code"]: row["name_zh"] for row in csv.DictReader(file)}


def both(vocabulary: str, code: str) -> str:
    """Chinese name and code: 已接受 accepted; the code alone where the seed has no name."""
    name = names(vocabulary).get(code)
    return f"{name} {code}" if name else code


def office_clock(at: str | datetime | None) -> str:
    """A moment as the clock in the office shows it, blank for none; a naive one is UTC."""
    if at is None:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M")
