"""What stands at the head of each row: its own labels, and what lines above it say for it.

What belongs here: labels by kind, 其中 items below their total, lines that head a block of rows. What does not: what
a label means (``meaning``, ``places``), what a cell means (``grid``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingestion.quantity import squeeze
from ingestion.registry import Registry
from ingestion.returns.headers import Title, take_apart
from ingestion.returns.meaning import bare, is_grouping, is_item, is_said_of_another, part_names
from ingestion.returns.periods import parse_period
from ingestion.returns.places import is_region_label
from ingestion.returns.table import Table, row_label


@dataclass(frozen=True, slots=True)
class RowHead:
    """What stands at the head of a row, by the kind of its label column."""

    region: str | None
    """The label of its region; None where no column holds regions."""
    code: str
    years: tuple[str, ...]
    names: tuple[str, ...]
    """Names of what is counted, outermost first: of a total and of its 其中 item."""
    units: tuple[str, ...]
    above: str | None
    """Code of the prefecture or province printed last above it."""


@dataclass(frozen=True, slots=True)
class _Above:
    """What the rows above say: the last total and the breakdown of its items so far, the last heading."""

    total: str = ""
    dimension: str | None = None
    years: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    region: str | None = None


def row_heads(registry: Registry, table: Table) -> Mapping[int, RowHead]:
    """The head of every row of the body."""
    sections = dict(table.panel.sections)
    rows = {row for row, _ in table.panel.body}
    above = _Above()
    heads: dict[int, RowHead] = {}
    for row in sorted(rows.union(sections)):
        if row not in rows:
            above = _below_heading(registry, table, above, sections[row])
            continue
        head = _own_head(table, row)
        region = _region_above(registry, head.region, above.region)
        above = replace(above, region=region)
        names = head.names
        if len(names) == 1:
            names, above = _item(registry, names[0], above, table.title)
        heads[row] = replace(head, years=(*above.years, *head.years), names=(*above.names, *names), above=region)
    return heads


def _own_head(table: Table, row: int) -> RowHead:
    by_role: dict[str, list[str]] = {"region": [], "year": [], "label": []}
    for column, role in table.roles.items():
        by_role[role].append(row_label(table, row, column))
    cells = table.sheet.rows[row]
    roles = table.panel.roles
    return RowHead(
        region=by_role["region"][0] if by_role["region"] else None,
        code=next((cells[c].text.strip() for c, role in roles.items() if role == "code"), ""),
        years=tuple(by_role["year"]),
        names=tuple(by_role["label"]),
        units=tuple(cells[c].text.strip() for c, role in roles.items() if role == "unit"),
        above=None,
    )


def _region_above(registry: Registry, label: str | None, above: str | None) -> str | None:
    """The prefecture or province printed last above a row of counties."""
    if label is None:
        return above
    known = registry.region_names.get(squeeze(label), ())
    parents = [r for r in known if r.kind in ("province", "prefecture") and r.valid_to is None]
    return parents[0].code if len(parents) == 1 else above


def _item(registry: Registry, label: str, above: _Above, title: Title) -> tuple[tuple[str, ...], _Above]:
    """Names of a row in a list of indicators: 其中：基础研究, and 应用研究 after it, belong to the total above."""
    part = registry.breakdown_labels.get(bare(take_apart(registry, label).name))
    dimension = part.partition("=")[0] if part is not None else None
    marked = is_item(label)
    if above.total and dimension is not None and (marked or dimension == above.dimension):
        return (above.total, label), replace(above, dimension=dimension)
    if above.total and is_said_of_another(label):
        return (take_apart(registry, above.total).name, label), above
    if marked and above.total:
        name, unit = take_apart(registry, above.total).name, take_apart(registry, label).unit
        names = part_names(registry, (name,), take_apart(registry, label).name, title)
        if names is not None:
            return (f"{names[0]}({unit})" if unit else names[0], *names[1:]), replace(above, dimension=None)
    if marked:
        return (label,), replace(above, dimension=None)
    return (label,), replace(above, total=label, dimension=None)


def _below_heading(registry: Registry, table: Table, above: _Above, text: str) -> _Above:
    """What a line that heads a block of rows says for them.

    Over regions or years it names what is counted below it: a part that we do not know keeps the figures from being
    taken for the whole. In a list of indicators it is a total without a figure, or the title of a chapter.
    """
    if parse_period(bare(text)) is not None:
        return replace(above, years=(bare(text),), total="", dimension=None)
    if "label" in table.roles.values():
        return replace(above, total=text, dimension=None)
    if "region" not in table.roles.values() and "year" not in table.roles.values():
        return above
    name = take_apart(registry, text).name
    if is_region_label(registry, bare(text)) or is_grouping(name):
        return replace(above, names=(), region=_region_above(registry, bare(text), above.region))
    return replace(above, names=(text,))
