"""Words of pages, workbooks and messages: what the codes of the seeds are called in Chinese, the time of the office.

Here: looking a word up. Not here: words that only one screen uses (`screens`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from expectations.lifecycle import OFFICE_TIME
from ingestion.registry import SEEDS, seed_rows


@cache
def names(vocabulary: str) -> Mapping[str, str]:
    """Chinese name by code, in the order of the seed; empty for an unknown vocabulary."""
    rows = seed_rows(SEEDS, "vocabularies")
    return {row["code"]: row["name_zh"] for row in rows if row["vocabulary"] == vocabulary}


@cache
def reasons() -> Mapping[str, str]:
    """Chinese name of each reason of a refusal by its code."""
    return {row["reason_code"]: row["name_zh"] for row in seed_rows(SEEDS, "rejection_reasons")}


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
