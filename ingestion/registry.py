"""The code lists as Python sees them: units, indicators, aliases, breakdowns, regions.

The dbt seeds are their only home; this module reads them and answers three questions: what unit is printed, what
indicator does a name mean, what region is named. What does not belong here: reading documents, storing figures.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from ingestion.quantity import QuantityError, scaled, squeeze

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"

READING_SEEDS = ("units", "indicators", "indicator_aliases", "breakdowns", "regions", "region_changes")
"""The seeds that a reading depends on: a change in one re-reads what it touches."""


class SeedError(ValueError):
    """A seed that contradicts itself or another one; the message names file, row and remedy."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A printed unit: its dimension and its exact factor to the base unit of that dimension."""

    unit: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as declared in the seed, with its canonical unit."""

    code: str
    name_zh: str
    unit: Unit
    unit_synonyms: tuple[str, ...]
    usual_decimals: int
    direction: str
    indicator_type: str
    denominator_code: str | None = None
    """Of a ratio: the indicator that it is a share of or per one of."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A printed name and what it means; ``indicator_code`` None means: known, and none of our indicators."""

    alias: str
    indicator_code: str | None
    variant: str
    breakdown: str
    scope: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its validity; ``names`` are all spellings that may be printed, squeezed."""

    code: str
    name_zh: str
    names: tuple[str, ...]
    parent_code: str | None
    kind: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the code existed on that day; a blank start means since before 2009."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class RegionChange:
    """What became of a region; ``is_whole``: all of it, inside the same boundary, under another name or code."""

    predecessor_code: str
    successor_code: str
    effective_date: date
    is_whole: bool


def is_within(code: str, area: str) -> bool:
    """Whether a region lies in another one, or is it, by their codes: 500112 in 500000, 520122 in 520100."""
    if area == "000000":
        return True
    prefix = area[:2] if area.endswith("0000") else area[:4] if area.endswith("00") else area
    return code.startswith(prefix)


@dataclass(frozen=True)
class Registry:
    """All code lists that reading needs, with the digest of each seed."""

    units: Mapping[str, Unit]
    indicators: Mapping[str, Indicator]
    aliases: Mapping[str, tuple[Alias, ...]]
    breakdown_labels: Mapping[str, str]
    breakdowns: frozenset[str]
    broken_down: Mapping[str, frozenset[str]]
    """Breakdown → the indicators whose parts its labels may name without saying so (基础研究 under R&D经费)."""
    regions: Mapping[str, Region]
    region_changes: tuple[RegionChange, ...]
    digests: Mapping[str, str]

    @cached_property
    def unit_pattern(self) -> re.Pattern[str]:
        """Matches a printed unit, longest spelling first."""
        return re.compile("|".join(re.escape(s) for s in sorted(self.units, key=len, reverse=True)))

    @cached_property
    def region_names(self) -> Mapping[str, tuple[Region, ...]]:
        """Squeezed name → the regions that carry it (several counties share a name)."""
        found: dict[str, list[Region]] = {}
        for region in self.regions.values():
            for name in region.names:
                found.setdefault(name, []).append(region)
        return {name: tuple(regions) for name, regions in found.items()}

    def unit(self, printed: str) -> Unit | None:
        """The unit that a printed text names, or None."""
        return self.units.get(squeeze(printed))

    def alias(self, name: str, scopes: Iterable[str] = ()) -> Alias | None:
        """What a printed name means. A scoped alias (document id, ``plan``, ``return``) beats an unscoped one."""
        candidates = self.aliases.get(squeeze(name), ())
        wanted = tuple(scopes)
        scoped = [a for a in candidates if a.scope in wanted]
        general = [a for a in candidates if a.scope == "any"]
        return next(iter(scoped or general), None)

    def region(self, name: str, *, within: str | None = None, on: date | None = None) -> Region | None:
        """The one region that a printed name means, or None when it is unknown or ambiguous.

        Args:
            name: as printed; blanks inside (贵 州) do not matter.
            within: code of the region whose document or table it is; settles homonyms.
            on: the day on which the code must have been valid.
        """
        candidates = [r for r in self.region_names.get(squeeze(name), ()) if on is None or r.valid_on(on)]
        if len(candidates) > 1 and within is not None:
            candidates = [r for r in candidates if is_within(r.code, within)] or candidates
        if len(candidates) > 1:
            candidates = [r for r in candidates if r.valid_to is None] or candidates
        return candidates[0] if len(candidates) == 1 else None

    def same_area(self, region: Region, on: date) -> Region | None:
        """The region that was the same area on a day: itself, or who it was or became by renaming and recoding alone.

        None where the area was split or merged in between: its figures are nobody else's.
        """
        seen = {region.code}
        while not region.valid_on(on):
            later = region.valid_to is not None and region.valid_to <= on
            own = [c for c in self.region_changes if region.code == (c.predecessor_code if later else c.successor_code)]
            if len(own) != 1 or not own[0].is_whole:
                return None
            region = self.regions[own[0].successor_code if later else own[0].predecessor_code]
            if region.code in seen:
                return None
            seen.add(region.code)
        return region

    def what_became(self, region: Region) -> tuple[RegionChange, ...]:
        """The changes in which a region ended."""
        return tuple(change for change in self.region_changes if change.predecessor_code == region.code)

    def conversion(self, indicator_code: str, printed_unit: str | None) -> Decimal:
        """Exact factor from a printed unit to the indicator's canonical unit.

        A missing unit reads as the canonical one only where the indicator is a plain count or rank.

        Raises:
            QuantityError: ``unknown_unit``, ``unit_missing`` or ``unit_mismatch`` (another dimension).
        """
        indicator = self.indicators[indicator_code]
        if printed_unit is None:
            if indicator.unit.dimension in ("count", "rank"):
                return Decimal(1)
            raise QuantityError("unit_missing", f"{indicator.name_zh}未注明单位，应为{indicator.unit.unit}")
        if squeeze(printed_unit) in indicator.unit_synonyms:
            return Decimal(1)
        unit = self.unit(printed_unit)
        if unit is None:
            raise QuantityError("unknown_unit", f"单位“{printed_unit}”不在单位表（seeds/units.csv）中")
        if unit.dimension != indicator.unit.dimension:
            raise QuantityError(
                "unit_mismatch",
                f"{indicator.name_zh}的单位应可换算为{indicator.unit.unit}，而不是“{printed_unit}”",
            )
        return _ratio(unit.factor, indicator.unit.factor)


def _ratio(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Exact quotient of two powers of ten (all factors of one dimension are)."""
    quotient = numerator / denominator
    if scaled(quotient, denominator) != numerator:
        raise SeedError(f"units.csv: factors {numerator} and {denominator} have no exact decimal quotient")
    return quotient


def load_registry(seeds: Path = SEEDS) -> Registry:
    """Read and cross-check the seeds.

    Raises:
        SeedError: an alias or indicator that points nowhere, a unit declared twice; names file and row.
    """
    units = _units(seeds)
    indicators = _indicators(seeds, units)
    breakdowns = seed_rows(seeds, "breakdowns")
    codes = frozenset(row["breakdown"] for row in breakdowns)
    for number, row in enumerate(breakdowns, start=2):
        place = f"breakdowns.csv row {number} ({row['breakdown']})"
        if row["part_of"] and row["part_of"] not in codes:
            raise SeedError(f"{place}: part_of {row['part_of']!r} is no breakdown; correct the code")
        unknown = set(_split(row["indicators"])) - indicators.keys()
        if unknown:
            raise SeedError(f"{place}: {', '.join(sorted(unknown))} is no indicator; correct the code")
    labels = {squeeze(label): row["breakdown"] for row in breakdowns for label in _split(row["labels"])}
    return Registry(
        units=units,
        indicators=indicators,
        aliases=_aliases(seeds, indicators, codes),
        breakdown_labels=labels,
        breakdowns=codes,
        broken_down={row["breakdown"]: frozenset(_split(row["indicators"])) for row in breakdowns},
        regions=_regions(seeds),
        region_changes=_region_changes(seeds),
        digests={name: seed_digest(seeds, name) for name in READING_SEEDS},
    )


def seed_digest(seeds: Path, name: str) -> str:
    """Content hash of a seed; line ends do not matter."""
    content = (seeds / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()[:16]


def seed_rows(seeds: Path, name: str) -> list[dict[str, str]]:
    """The rows of a seed as text, by column.

    Raises:
        SeedError: the file cannot be read.
    """
    path = seeds / f"{name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: cannot be read ({error}); restore it from version control") from error


def _split(cell: str | None) -> list[str]:
    return [part for part in (cell or "").split("|") if part]


def _units(seeds: Path) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for number, row in enumerate(seed_rows(seeds, "units"), start=2):
        unit = Unit(row["unit"], row["dimension"], Decimal(row["factor"]))
        for spelling in (row["unit"], *_split(row["spellings"])):
            if squeeze(spelling) in units:
                raise SeedError(f"units.csv row {number}: {spelling!r} is declared twice; keep one row")
            units[squeeze(spelling)] = unit
    return units


def _indicators(seeds: Path, units: Mapping[str, Unit]) -> dict[str, Indicator]:
    rows = seed_rows(seeds, "indicators")
    codes = {row["indicator_code"] for row in rows}
    indicators: dict[str, Indicator] = {}
    for number, row in enumerate(rows, start=2):
        place = f"indicators.csv row {number} ({row['indicator_code']})"
        if squeeze(row["unit"]) not in units:
            raise SeedError(f"{place}: unit {row['unit']!r} is not in units.csv; add it there or correct it")
        for column in ("numerator_code", "denominator_code", "subset_of"):
            if row[column] and row[column] not in codes:
                raise SeedError(f"{place}: {column} {row[column]!r} is no indicator; correct the code")
        indicators[row["indicator_code"]] = Indicator(
            code=row["indicator_code"],
            name_zh=row["name_zh"],
            unit=units[squeeze(row["unit"])],
            unit_synonyms=tuple(squeeze(s) for s in _split(row["unit_synonyms"])),
            usual_decimals=int(row["usual_decimals"]),
            direction=row["direction"],
            indicator_type=row["indicator_type"],
            denominator_code=row["denominator_code"] or None,
        )
    return indicators


def _aliases(
    seeds: Path, indicators: Mapping[str, Indicator], breakdowns: frozenset[str]
) -> dict[str, tuple[Alias, ...]]:
    found: dict[str, list[Alias]] = {}
    for number, row in enumerate(seed_rows(seeds, "indicator_aliases"), start=2):
        place = f"indicator_aliases.csv row {number} ({row['alias']})"
        code = row["indicator_code"] or None
        if code is not None and code not in indicators:
            raise SeedError(f"{place}: points to {code!r}, which is not in indicators.csv; correct the code")
        if row["breakdown"] not in breakdowns:
            raise SeedError(f"{place}: breakdown {row['breakdown']!r} is not in breakdowns.csv; correct it")
        alias = Alias(squeeze(row["alias"]), code, row["variant"], row["breakdown"], row["scope"])
        same = found.setdefault(alias.alias, [])
        if any(other.scope == alias.scope for other in same):
            raise SeedError(f"{place}: declared twice for scope {alias.scope!r}; keep one row")
        same.append(alias)
    return {name: tuple(aliases) for name, aliases in found.items()}


def _regions(seeds: Path) -> dict[str, Region]:
    rows = seed_rows(seeds, "regions")
    codes = {row["region_code"] for row in rows}
    regions: dict[str, Region] = {}
    for number, row in enumerate(rows, start=2):
        if row["parent_code"] and row["parent_code"] not in codes:
            raise SeedError(f"regions.csv row {number}: parent {row['parent_code']!r} is no region; correct it")
        names = dict.fromkeys(squeeze(name) for name in (row["name_zh"], *_split(row["short_names"])))
        regions[row["region_code"]] = Region(
            code=row["region_code"],
            name_zh=row["name_zh"],
            names=tuple(names),
            parent_code=row["parent_code"] or None,
            kind=row["kind"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
    return regions


def _region_changes(seeds: Path) -> tuple[RegionChange, ...]:
    """Changes with a predecessor; the establishment of a region out of nothing tells no one where to look."""
    codes = {row["region_code"] for row in seed_rows(seeds, "regions")}
    changes: list[RegionChange] = []
    for number, row in enumerate(seed_rows(seeds, "region_changes"), start=2):
        if not row["predecessor_code"] or not row["successor_code"]:
            continue
        unknown = {row["predecessor_code"], row["successor_code"]} - codes
        if unknown:
            raise SeedError(f"region_changes.csv row {number}: {', '.join(sorted(unknown))} is no region; correct it")
        changes.append(
            RegionChange(
                row["predecessor_code"],
                row["successor_code"],
                date.fromisoformat(row["effective_date"]),
                is_whole=row["boundary_break"] == "false" and bool(row["share"]) and Decimal(row["share"]) == 1,
            )
        )
    return tuple(changes)
