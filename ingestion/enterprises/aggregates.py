"""Sums over the units of a form, by region (county, prefecture, province) and by industry, as figures with lineage.

They are sums over all current deliveries of one form and reference year: a unit that reported twice counts with its
later delivery. By industry only for the province: two margins of one total can be protected completely, a table of both
cannot be by looking at one cell after the other. What does not belong here: what may be told (``disclosure``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import polars as pl

from ingestion.enterprises.disclosure import EMPTY, Cell, tellable, united
from ingestion.enterprises.forms import Form, Item
from ingestion.enterprises.notation import Comparison
from ingestion.enterprises.zone import StoredBatch
from ingestion.figures import PLAIN, Figure, Meaning, Place, Source, build_figure
from ingestion.quantity import PrintedNumber
from ingestion.registry import Registry

_LEVELS = ("prefecture", "province")
_SHOWN_BATCHES = 3
_INDUSTRY = "industry="
UNITS = "units"
"""The count of reporting units, beside the items of the form."""


@dataclass(frozen=True, slots=True)
class Aggregates:
    """What may leave the zone of one form and year, and how many cells may not."""

    figures: tuple[Figure, ...]
    suppressed: int


@dataclass(frozen=True, slots=True)
class _Tree:
    """Regions of units below one province; ``own`` holds the sums of units right in a region."""

    root: str
    parts: Mapping[str, Sequence[str]]


def current_units(batches: Sequence[StoredBatch]) -> pl.DataFrame:
    """Rows of all batches, ``reading_id`` beside them; of a unit in several deliveries those of the last."""
    frames = [
        batch.units().with_columns(pl.lit(batch.reading_id).alias("reading_id"), pl.lit(order).alias("delivery_order"))
        for order, batch in enumerate(batches)
    ]
    rows = pl.concat(frames)
    if len(frames) == 1:
        return rows.drop("delivery_order")
    latest = rows.group_by("unit_code").agg(pl.col("delivery_order").max())
    return rows.join(latest, on=["unit_code", "delivery_order"], how="semi").drop("delivery_order")


def aggregate(rows: pl.DataFrame, form: Form, year: int, source: Source, registry: Registry) -> Aggregates:
    """Sums and counts of one form and reference year.

    Args:
        rows: the current units, as ``current_units`` gives them.
        form: their form.
        year: their reference year.
        source: the document that the figures stand in: the form of that year.
        registry: code lists.
    """
    items = [item for item in form.items if item.is_number and item.role == "item"]
    units = rows.group_by("unit_code").agg(
        pl.col("region_code").last(), pl.col("industry_letter").last(), *(pl.col(i.concept).sum() for i in items)
    )
    units = units.with_columns(pl.lit(Decimal(1), dtype=pl.Decimal(28, 10)).alias(UNITS))
    concepts = [*(item.concept for item in items), UNITS]
    by_region = _cells(units, "region_code", concepts)
    sums = _sums(form)
    lineage = _lineage(rows)
    figures: list[Figure] = []
    suppressed = 0
    for tree in _trees(by_region.keys(), registry):
        members = [code for code in by_region if _province(code, registry) == tree.root]
        within = units.filter(pl.col("region_code").is_in(members))
        by_letter = _cells(within, "industry_letter", concepts)
        cells: dict[str, dict[str, Cell]] = {}
        for concept in concepts:
            cells[concept] = _summed_up(tree, {code: by_region[code][concept] for code in members})
            cells[concept] |= {f"{_INDUSTRY}{letter}": found[concept] for letter, found in by_letter.items()}
        told = _told(tree, cells, sums)
        suppressed += sum(len(cells[concept]) - len(told[concept]) for concept in concepts)
        for item in (*items, None):
            concept = item.concept if item is not None else UNITS
            for place in sorted(told[concept]):
                is_region = not place.startswith(_INDUSTRY)
                region, breakdown = (place, PLAIN) if is_region else (tree.root, place)
                address = _address(lineage, tree, region)
                cell = cells[concept][place]
                figures.append(_figure(registry, source, form, year, item, region, breakdown, cell, address))
    return Aggregates(tuple(figures), suppressed)


def _sums(form: Form) -> tuple[tuple[str, ...], ...]:
    """The concepts of each relation that says that one item is the sum of others: a hidden one would follow."""
    return tuple(
        tuple(form.by_code[code].concept for code in relation.codes)
        for relation in form.relations
        if isinstance(relation.condition, Comparison)
        and relation.condition.operator == "="
        and not relation.foreign
        and len(relation.codes) > 1
    )


def _told(tree: _Tree, cells: Mapping[str, Mapping[str, Cell]], sums: Sequence[Sequence[str]]) -> dict[str, set[str]]:
    """Of each concept the regions and industries whose sum may be told."""
    told: dict[str, set[str]] = {}
    for concept, found in cells.items():
        letters = sorted(name for name in found if name.startswith(_INDUSTRY))
        told[concept] = set(tellable(tree.root, tree.parts, found))
        told[concept] |= set(tellable(tree.root, {tree.root: letters}, found))
    places = sorted({place for found in cells.values() for place in found})
    changed = True
    while changed:
        changed = False
        for concepts in sums:
            for place in places:
                hidden = [concept for concept in concepts if place not in told[concept]]
                if len(hidden) != 1:
                    continue
                shown = [concept for concept in concepts if place in told[concept]]
                least = min(shown, key=lambda concept: (cells[concept][place].contributors, concept))
                told[least] -= _below(tree, place, places)
                changed = True
    return told


def _below(tree: _Tree, place: str, places: Sequence[str]) -> set[str]:
    """A place and all that lies in it."""
    if place == tree.root:
        return set(places)
    found, waiting = set(), [place]
    while waiting:
        code = waiting.pop()
        found.add(code)
        waiting += tree.parts.get(code, ())
    return found


def _cells(units: pl.DataFrame, by: str, concepts: Sequence[str]) -> dict[str, dict[str, Cell]]:
    """Of each region or industry the cell of each concept."""
    parts = []
    for name in concepts:
        size = pl.col(name).abs()
        parts += [
            pl.col(name).sum().alias(f"{name} total"),
            (pl.col(name) != 0).sum().alias(f"{name} contributors"),
            size.sum().alias(f"{name} magnitude"),
            size.max().alias(f"{name} first"),
            size.top_k(2).sum().alias(f"{name} both"),
        ]
    found = units.group_by(by).agg(parts)
    cells: dict[str, dict[str, Cell]] = {}
    for row in found.iter_rows(named=True):
        cells[row[by]] = {
            name: Cell(
                row[f"{name} total"],
                row[f"{name} contributors"],
                row[f"{name} magnitude"],
                row[f"{name} first"],
                row[f"{name} both"] - row[f"{name} first"],
            )
            for name in concepts
        }
    return cells


def _trees(regions: Iterable[str], registry: Registry) -> list[_Tree]:
    """The provinces of some regions with what lies in them."""
    parts: dict[str, dict[str, None]] = {}
    roots: dict[str, None] = {}
    for code in sorted(regions):
        path = _path(code, registry)
        roots[path[-1]] = None
        for lower, upper in pairwise(path):
            parts.setdefault(upper, {})[lower] = None
    tidy = {upper: tuple(lower) for upper, lower in parts.items()}
    return [_Tree(root, tidy) for root in roots]


def _path(code: str, registry: Registry) -> list[str]:
    """A region and those above it that sums are told of, up to its province."""
    path = [code]
    parent = registry.regions[code].parent_code
    while parent is not None:
        if registry.regions[parent].kind in _LEVELS:
            path.append(parent)
        parent = registry.regions[parent].parent_code
    return path


def _province(code: str, registry: Registry) -> str:
    return _path(code, registry)[-1]


def _summed_up(tree: _Tree, own: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cell of each region of a tree: its own units and those of its parts."""
    cells: dict[str, Cell] = {}

    def of(code: str) -> Cell:
        cells[code] = united([own.get(code, EMPTY), *(of(part) for part in tree.parts.get(code, ()))])
        return cells[code]

    of(tree.root)
    return cells


def _lineage(rows: pl.DataFrame) -> dict[str, list[tuple[str, int, int]]]:
    """Of each region the deliveries with the first and last line that its units stand on."""
    spans = rows.group_by("region_code", "reading_id").agg(
        pl.col("line").min().alias("first"), pl.col("line").max().alias("last")
    )
    found: dict[str, list[tuple[str, int, int]]] = {}
    for region, reading_id, first, last in spans.sort("region_code", "reading_id").iter_rows():
        found.setdefault(region, []).append((reading_id, first, last))
    return found


def _address(lineage: Mapping[str, list[tuple[str, int, int]]], tree: _Tree, region: str) -> str:
    """批次 and rows behind a sum: the first batches in full, the rest by their number."""
    spans: dict[str, tuple[int, int]] = {}
    waiting = [region]
    while waiting:
        code = waiting.pop()
        waiting += tree.parts.get(code, ())
        for reading_id, first, last in lineage.get(code, ()):
            before = spans.get(reading_id, (first, last))
            spans[reading_id] = (min(before[0], first), max(before[1], last))
    told = [f"批次{name}第{first}-{last}行" for name, (first, last) in sorted(spans.items())]
    more = f"等{len(told)}个批次" if len(told) > _SHOWN_BATCHES else ""
    return "；".join(told[:_SHOWN_BATCHES]) + more


def _figure(
    registry: Registry,
    source: Source,
    form: Form,
    year: int,
    item: Item | None,
    region: str,
    breakdown: str,
    cell: Cell,
    address: str,
) -> Figure:
    concept = item.concept if item is not None else UNITS
    name = item.name_zh if item is not None else "报送单位数"
    printed = f"{cell.total.normalize():f}"
    decimals = item.decimals if item is not None else 0
    number = PrintedNumber(cell.total, max(decimals, len(printed.partition(".")[2])))
    figure = build_figure(
        registry,
        source,
        source,
        Meaning(
            region_code=region,
            indicator_code=None,
            indicator_as_printed=f"{form.form_id}表 {name}",
            variant=concept,
            breakdown=breakdown,
            period=str(year),
            kind="other",
            layout="cell",
            scope_note=f"{cell.contributors}个单位有数",
        ),
        Place(
            position=f"{concept}/{region}/{breakdown}",
            section=f"{form.form_id}表（{form.form_year}年版）{year}年汇总",
            cell=address,
        ),
        printed_text=printed,
        number=number,
        printed_unit=item.unit if item is not None else "个",
    )
    return replace(figure, cell=None)
