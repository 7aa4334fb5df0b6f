"""Target tables: what each column means and what each row is about.

What belongs here: roles of columns (baseline, target, unit, nature), names and units of rows. What does not: finding
tables (``documents.tables``), the inside of a cell (``cells``), building figures (``reader``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.documents.tables import Cell, Column, Table
from ingestion.plans.cells import CellValue, read_cell, speaks
from ingestion.plans.columns import Role, role_of, with_one_base
from ingestion.plans.grammar import FLOW_VERBS
from ingestion.plans.names import Names, Subject, unit_meant
from ingestion.plans.periods import Window, span_text
from ingestion.plans.subjects import completed
from ingestion.quantity import MISSING_MARKS, PrintedNumber, QuantityError
from ingestion.registry import Alias

_NATURE = {"约束性": "binding", "预期性": "expected"}
_BRACKET = re.compile(r"\((?P<unit>[^()]{1,12})\)$")
_SLASH_UNIT = re.compile(r"[/,、:](?P<unit>[^/,、:()]{1,4})$")
_GROWTH_NAME = re.compile(r"(?P<average>年均)?(?:实际|名义)?(?:增长率|增长速度|增长|增速|增幅)$")
_FLOWS = frozenset({"new_flow", "cumulative_flow"})
_OWN_UNIT = frozenset({"multiple", "growth_avg", "growth_total"})


@dataclass(frozen=True, slots=True)
class TableQuantity:
    """One value cell as understood. ``error`` is set instead of a number where the cell is unclear."""

    cell: Cell
    name: str
    alias: Alias | None
    unit: str | None
    kind: str
    target_kind: str | None
    period: str
    base_period: str | None
    nature: str
    comparator: str
    number: PrintedNumber | None
    high: PrintedNumber | None
    error: QuantityError | None
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row is about. ``growth`` and ``flow``: the name itself speaks of a growth rate or of what is added."""

    subject: Subject
    unit: str | None
    nature: str
    growth: str | None
    flow: str | None
    name_cell: Cell


def read_table(table: Table, names: Names, window: Window) -> Iterator[TableQuantity]:
    """The quantities of a table, row by row. A blank cell or a dash is no quantity."""
    roles = _roles(table, names, window)
    base = next((role.period for role in roles.values() if role.kind == "baseline"), str(window.base_year))
    by_sort = {column.sort: index for index, column in reversed(list(enumerate(table.columns)))}
    earlier: Subject | None = None
    for cells in table.rows:
        row = _row(cells, by_sort, names, earlier)
        if row is None:
            continue
        earlier = row.subject
        has_target = any(role.kind == "target" and cells[index] is not None for index, role in roles.items())
        for index, role in roles.items():
            cell = cells[index]
            if cell is None or cell.content.text in MISSING_MARKS or not speaks(cell.content.text):
                continue
            kind = role.kind if role.kind != "baseline" or has_target else "actual"
            value = read_cell(cell.content.text, names.registry.unit_pattern, is_target=kind == "target")
            shared = row.unit or role.unit or table.unit
            yield _quantity(cell, row, replace(role, kind=kind), value, shared, base)


def _roles(table: Table, names: Names, window: Window) -> dict[int, Role]:
    def role(column: Column) -> Role | None:
        return role_of(column.header, window, split_unit(column.header, names)[1]) if column.sort == "value" else None

    found = {index: known for index, column in enumerate(table.columns) if (known := role(column)) is not None}
    vague = [index for index, known in found.items() if known.is_vague]
    if vague and not any(known.kind == "target" for known in found.values()):
        # 指标值 alone: what the plan sets out.
        found[vague[-1]] = Role("target", "level", str(window.end), found[vague[-1]].unit)
    return with_one_base(found, window)


def _row(cells: tuple[Cell | None, ...], by_sort: dict[str, int], names: Names, earlier: Subject | None) -> _Row | None:
    name_cell = cells[by_sort["name"]]
    if name_cell is None:
        return None
    name, unit = split_unit(name_cell.content.text, names)
    unit_cell = cells[by_sort["unit"]] if "unit" in by_sort else None
    if unit_cell is not None and unit_cell.content.text not in MISSING_MARKS:
        unit = unit_cell.content.text
    nature_cell = cells[by_sort["nature"]] if "nature" in by_sort else None
    nature_text = nature_cell.content.text if nature_cell else ""
    nature = next((code for word, code in _NATURE.items() if word in nature_text), "unstated")
    alias, growth, flow = _meaning(name, names)
    subject = Subject(name, alias, None, 0)
    if alias is None:
        subject = completed(names, subject, earlier) or subject
    return _Row(subject, unit, nature, growth, flow, name_cell)


def _meaning(name: str, names: Names) -> tuple[Alias | None, str | None, str | None]:
    """The alias of a name; with it the kind of growth or flow that the name itself speaks of."""
    alias = names.exact(name)
    if alias is not None:
        own = (alias.indicator_code or "").endswith("_new")
        return alias, None, ("cumulative_flow" if "累计" in name else "new_flow") if own else None
    growth = _GROWTH_NAME.search(name)
    if growth and growth.start():
        return names.exact(name[: growth.start()]), "growth_avg", None
    plain = name.removeprefix("累计")
    verb = next((verb for verb in FLOW_VERBS if plain.startswith(verb)), None)
    if verb is not None:
        alias = names.exact(plain) or names.exact(plain.removeprefix(verb))
        return alias, None, "cumulative_flow" if plain != name else "new_flow"
    return None, None, None


def _quantity(cell: Cell, row: _Row, role: Role, value: CellValue, shared: str | None, base: str) -> TableQuantity:
    kind, target_kind = role.kind, None
    if kind == "target":
        bracketed = role.target_kind == "growth_avg" and value.target_kind == "cumulative_flow"
        target_kind = (
            "cumulative_flow" if bracketed else value.target_kind or row.growth or row.flow or role.target_kind
        )
        target_kind = role.target_kind if role.target_kind == "growth_avg" and not bracketed else target_kind
    elif row.growth:
        kind = "growth"
    elif row.flow and not _is_own_flow(row):
        kind = "change"
    period = value.year or role.period
    if target_kind in _FLOWS and base.isdigit() and period.isdigit():
        period = span_text(min(int(base) + 1, int(period)), int(period))
    own = target_kind in _OWN_UNIT or kind == "growth"
    return TableQuantity(
        cell=cell,
        name=row.subject.name,
        alias=row.subject.alias,
        unit=unit_meant(row.subject.name, value.unit or ((role.unit or "%") if own else shared)),
        kind=kind,
        target_kind=target_kind,
        period=period,
        base_period=base if target_kind in ("growth_avg", "growth_total") else None,
        nature=row.nature if kind == "target" else "unstated",
        comparator=value.comparator,
        number=value.number,
        high=value.high,
        error=value.error,
        line_start=row.name_cell.line_start if row.name_cell.line_end == cell.line_end else cell.line_start,
        line_end=cell.line_end,
    )


def _is_own_flow(row: _Row) -> bool:
    return row.subject.alias is None or (row.subject.alias.indicator_code or "").endswith("_new")


def split_unit(text: str, names: Names) -> tuple[str, str | None]:
    """Name and the unit in its closing bracket: R&D经费支出(万元). Another bracket belongs to the name."""
    match = _BRACKET.search(text)
    if match is None:
        slash = _SLASH_UNIT.search(text)
        known = slash is not None and names.registry.unit(slash["unit"]) is not None
        return (text[: slash.start()], slash["unit"]) if slash and known else (text, None)
    unit = match["unit"].removeprefix("单位:")
    known = names.registry.unit(unit) is not None
    return (text[: match.start()], unit) if known or (not names.exact(text) and len(unit) <= 5) else (text, None)
