"""Regions and industries of units: codes valid at the reference date, successors by the change list, sections.

What belongs here: settling the codes of many rows at once, each different code once. What does not: names of regions
(``registry``), sums over regions (``aggregates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from ingestion.registry import Region, seed_rows

# GB/T 4754-2017: the divisions (two digits) of each section.
_SECTIONS = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}


def load_changes(seeds: Path) -> dict[str, tuple[str, ...]]:
    """Of each ceased region the regions that it became, from the seed ``region_changes``."""
    found: dict[str, list[str]] = {}
    for row in seed_rows(seeds, "region_changes"):
        if row["predecessor_code"]:
            found.setdefault(row["predecessor_code"], []).append(row["successor_code"])
    return {code: tuple(successors) for code, successors in found.items()}


def settle_regions(
    codes: pl.Series, regions: Mapping[str, Region], changes: Mapping[str, tuple[str, ...]], day: date
) -> pl.DataFrame:
    """The region of each code on a day: ``region_code``, ``is_successor``, and ``fault`` where there is none.

    A code of 9, 12 or 15 digits counts by its first six. A ceased region is followed to its one successor.
    """
    unique = codes.unique().drop_nulls().to_list()
    settled = {code: _settle(code, regions, changes, day) for code in unique}
    table = pl.DataFrame(
        {
            "code": list(settled),
            "region_code": [region for region, _ in settled.values()],
            "is_successor": [region is not None and region != code[:6] for code, (region, _) in settled.items()],
            "fault": [fault for _, fault in settled.values()],
        },
        schema={"code": pl.String, "region_code": pl.String, "is_successor": pl.Boolean, "fault": pl.String},
    )
    joined = codes.alias("code").to_frame().join(table, on="code", how="left", maintain_order="left")
    return joined.drop("code")


def _settle(
    code: str, regions: Mapping[str, Region], changes: Mapping[str, tuple[str, ...]], day: date
) -> tuple[str | None, str | None]:
    short = code[:6] if code.isdigit() and len(code) in (6, 9, 12, 15, 17) else code
    region = regions.get(short)
    seen = set()
    while region is not None and not region.valid_on(day):
        if region.valid_from is not None and day < region.valid_from:
            return None, "region_not_yet"
        successors = changes.get(region.code, ())
        if len(successors) != 1 or region.code in seen:
            return None, "region_ceased"
        seen.add(region.code)
        region = regions.get(successors[0])
    return (region.code, None) if region is not None else (None, "unknown_region")


def industry_letters(codes: pl.Series) -> pl.Series:
    """The section of each industry code: ``C39``, ``C``+``3911``, ``39``, ``3911``; null where it is none."""
    unique = codes.unique().drop_nulls().to_list()
    letters = {code: _letter(code) for code in unique}
    return codes.replace_strict(
        pl.Series(list(letters), dtype=pl.String),
        pl.Series(list(letters.values()), dtype=pl.String),
        default=None,
        return_dtype=pl.String,
    )


def _letter(code: str) -> str | None:
    letter, digits = (code[0].upper(), code[1:]) if code[:1].isalpha() else (None, code)
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 4):
        return None
    division = int(digits[:2])
    section = next((name for name, (first, last) in _SECTIONS.items() if first <= division <= last), None)
    return section if letter in (None, section) else None
