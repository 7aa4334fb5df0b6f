"""What the codes of the vocabularies are called, from their seed: Chinese for pages and workbooks.

Here: looking a word up. Not here: words that only one screen uses (`screens`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from ingestion.registry import SEEDS


@cache
def names(vocabulary: str) -> Mapping[str, str]:
    """Chinese name by code, in the order of the seed; empty for an unknown vocabulary."""
    with (SEEDS / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name_zh"] for row in csv.DictReader(file) if row["vocabulary"] == vocabulary}


def both(vocabulary: str, code: str) -> str:
    """Chinese name and code: 已接受 accepted; the code alone where the seed has no name."""
    name = names(vocabulary).get(code)
    return f"{name} {code}" if name else code
