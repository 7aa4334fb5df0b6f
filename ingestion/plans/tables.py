"""Target tables: what each column means and what each row is about.

What belongs here: roles of columns (baseline, target, unit, nature), names and units of rows. What does not: finding
tables (``documents.tables``), the inside of a cell (``cells``), building figures (``reader``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.documents.headers import column_of
from ingestion.documents.model import Cell, Joined
from ingestion.documents.tables import Column, Table
from ingestion.documents.value_cells import BARE
from ingestion.plans.cells import CellValue, read_cell, speaks
from ingestion.plans.columns import Role, role_of, with_one_base
from ingestion.plans.grammar import FLOW_VERBS
from ingestion.plans.growth_columns import grown, growth_role, reported
from ingestion.plans.names import Names, Subject, unit_meant
from ingestion.plans.periods import Window, span_text
from ingestion.plans.subjects import completed
from ingestion.quantity import MISSING_MARKS, PrintedNumber, QuantityError
from ingestion.registry import Alias

_NATURE = {"约束性": "binding", "预期性": "expected"}
_BRACKET = re.compile(r"\((?P<unit>[^()]{1,12})\)$")
_SLASH_UNIT = re.compile(r"[/,、:](?P<unit>[^/,、:()]{1,4})$")
_OWN_BASE = re.compile(
    r"\((?:注:)?(?:(?:基期|基年|基准年|基数|基期值|基期年)(?:为|是|:|取|采用)?(?P<year>(?:19|20)\d\d)年?(?:底|末|度)?(?:数据?|值)?"
    r"|(?:以|按)?(?P<year2>(?:19|20)\d\d)年?(?:底|末|度)?(?:为|作为|的)?(?:基期|基年|基准年|基数)(?:值|年)?)\)"
)
_GROWTH_NAME = re.compile(r"(?P<average>年均)?(?:实际|名义)?(?:增长率|增长速度|增长|增速|增幅)$")
_MISSING = frozenset({"/", "\\", "无", "–", "―", "─", "*"})
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
    region_code: str | None = None
    """The region that the row or column names; None is that of the plan."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about. ``growth`` and ``flow``: the name itself speaks of a growth rate or of what is added."""

    subject: Subject
    unit: str | None
    nature: str
    growth: str | None
    flow: str | None
    name_cell: Cell
    base: str | None = None
    """The base year that the name gives the row alone: 产值(基期为2022年)."""


def read_table(table: Table, names: Names, window: Window) -> Iterator[TableQuantity]:
    """The quantities of a table, row by row. A blank cell or a dash is no quantity; what is unread is refused."""
    yield from (refused(part.cell, part.reason_code, part.reason) for part in table.unread)
    roles = _roles(table, names, window)
    yield from _unread_columns(table, roles, names)
    base = base_of(roles.values(), window)
    by_sort = {column.sort: index for index, column in reversed(list(enumerate(table.columns)))}
    earlier: Subject | None = None
    for cells in table.rows:
        row = _row(cells, by_sort, names, earlier)
        if row is None:
            yield from _nameless(cells, roles)
            continue
        earlier = row.subject
        has_target = any(role.kind == "target" and cells[index] is not None for index, role in roles.items())
        for index, role in roles.items():
            cell = cells[index]
            if cell is None or is_missing(cell):
                continue
            if not speaks(cell.content.text):
                yield refused(cell, "not_a_number", f"单元格“{cell.content.text}”不是数", row.subject.name)
                continue
            kind = role.kind if role.kind != "baseline" or has_target else "actual"
            value = read_cell(cell.content.text, names.registry.unit_pattern, is_target=kind == "target")
            shared = row.unit or role.unit or table.unit
            role = grown(role, value.unit or role.unit or row.unit, names.registry) if role.is_growth else role
            kind = role.kind if role.is_growth else kind
            yield quantity_of(cell, row, replace(role, kind=kind), value, shared, base)


def _nameless(cells: Sequence[Cell | None], roles: Mapping[int, Role]) -> Iterator[TableQuantity]:
    """A row with values and without a name, refused as one."""
    values = [cell for index in roles if (cell := cells[index]) is not None and not is_missing(cell)]
    if any(speaks(cell.content.text) for cell in values):
        yield nameless(values)


def nameless(cells: Sequence[Cell]) -> TableQuantity:
    """The refusal of a row that has values and no name of an indicator."""
    return refused(row_cell(cells), "no_name", "这一行有数而没有指标名称，请补上名称")


def _unread_columns(table: Table, roles: Mapping[int, Role], names: Names) -> Iterator[TableQuantity]:
    """Columns of numbers beside our indicators whose header nobody understands: each refused once, where it begins."""
    name_at = next((index for index, column in enumerate(table.columns) if column.sort == "name"), None)
    if name_at is None:
        return
    rows = [cells for cells in table.rows if (name := cells[name_at]) is not None and is_ours(name, names)]
    for index, column in enumerate(table.columns):
        unknown = column.sort == "other" and column_of(column.header) is None
        if index in roles or not (unknown or column.sort == "value"):
            continue
        cells = [cell for row in rows if (cell := row[index]) is not None and not is_missing(cell)]
        numbers = [cell for cell in cells if BARE.fullmatch(cell.content.text)]
        if numbers and 2 * len(numbers) >= len(cells):
            head = f"“{column.header}”" if column.header else "没有表头的"
            reason = f"看不出{head}一栏是什么数，该栏{len(numbers)}个数未读；请在表头中写明年份和性质"
            yield refused(numbers[0], "columns_unclear", reason, column.header)


def is_ours(name: Cell, names: Names) -> bool:
    """Whether a cell holds the name of one of our indicators, whole."""
    alias = names.exact(split_unit(name.content.text, names)[0])
    return alias is not None and alias.indicator_code is not None


def refused(cell: Cell, reason_code: str, reason: str, name: str = "") -> TableQuantity:
    """What stands in a table and is no figure, as a quantity without a number: it ends as a refusal with its place."""
    return TableQuantity(
        cell=cell,
        name=name,
        alias=None,
        unit=None,
        kind="other",
        target_kind=None,
        period="",
        base_period=None,
        nature="unstated",
        comparator="eq",
        number=None,
        high=None,
        error=QuantityError(reason_code, reason),
        line_start=cell.line_start,
        line_end=cell.line_end,
    )


def is_missing(cell: Cell) -> bool:
    """Whether a cell says that there is no value: blank, —, …, /, 无."""
    return cell.content.text in MISSING_MARKS or cell.content.text in _MISSING


def row_cell(cells: Sequence[Cell]) -> Cell:
    """A row as one cell, for a refusal: its texts with blanks between them, placed where it begins."""
    whole = cells[0].content
    for cell in cells[1:]:
        behind = whole.offsets[-1] + 1
        whole = whole.followed_by(Joined(" ", [behind])).followed_by(cell.content)
    return Cell(whole, cells[0].line_start, max(cell.line_end for cell in cells), cells[0].place)


def base_of(roles: Iterable[Role], window: Window) -> str:
    """The period that growth up to a target counts from: the last one of which the table gives a level."""
    years = [role.period for role in roles if role.kind == "baseline" and role.is_level and role.period.isdigit()]
    return max(years, default=str(window.base_year))


def _roles(table: Table, names: Names, window: Window) -> dict[int, Role]:
    def role(column: Column, beside: Role | None) -> Role | None:
        unit = split_unit(column.header, names)[1]
        return growth_role(column.header, beside, window, unit) or role_of(column.header, window, unit)

    found: dict[int, Role] = {}
    for index, column in enumerate(table.columns):
        beside = next((role for role in reversed(found.values()) if role.is_level), None)
        if column.sort == "value" and (known := role(column, beside)) is not None:
            found[index] = known
    vague = [index for index, known in found.items() if known.is_vague]
    if vague and not any(known.kind == "target" for known in found.values()):
        # 指标值 alone: what the plan sets out.
        found[vague[-1]] = Role("target", "level", str(window.end), found[vague[-1]].unit)
    return with_one_base(found, window)


def _row(cells: tuple[Cell | None, ...], by_sort: dict[str, int], names: Names, earlier: Subject | None) -> Row | None:
    name_cell = cells[by_sort["name"]]
    if name_cell is None:
        return None
    name, base = without_base(name_cell.content.text)
    name, unit = split_unit(name, names)
    unit_cell = cells[by_sort["unit"]] if "unit" in by_sort else None
    if unit_cell is not None and unit_cell.content.text not in MISSING_MARKS:
        unit = unit_cell.content.text
    nature_cell = cells[by_sort["nature"]] if "nature" in by_sort else None
    nature_text = nature_cell.content.text if nature_cell else ""
    nature = next((code for word, code in _NATURE.items() if word in nature_text), "unstated")
    alias, growth, flow = meaning_of(name, names)
    subject = Subject(name, alias, None, 0)
    if alias is None:
        subject = completed(names, subject, earlier) or subject
    return Row(subject, unit, nature, growth, flow, name_cell, base)


def meaning_of(name: str, names: Names) -> tuple[Alias | None, str | None, str | None]:
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


def quantity_of(cell: Cell, row: Row, role: Role, value: CellValue, shared: str | None, base: str) -> TableQuantity:
    """One value cell as understood from its row, the role of its column and what it says itself.

    Args:
        cell: where it stands.
        row: what the row is about.
        role: that of its column.
        value: the inside of the cell.
        shared: the unit that holds where the cell prints none.
        base: the period that growth and flows count from.
    """
    kind, target_kind = role.kind, None
    bracketed = role.target_kind == "growth_avg" and value.target_kind == "cumulative_flow"
    if bracketed and shared == "%":
        # 〔0.44〕 among rates of growth is the sum over the years: of a ratio, the points that it is to gain.
        value, role = replace(value, target_kind=None, unit="个百分点"), replace(role, target_kind="growth_total")
        bracketed = False
    if kind == "target":
        target_kind = (
            "cumulative_flow" if bracketed else value.target_kind or row.growth or row.flow or role.target_kind
        )
        target_kind = role.target_kind if role.target_kind == "growth_avg" and not bracketed else target_kind
        if role.is_growth and value.target_kind != "multiple":
            target_kind = role.target_kind
    elif role.is_growth:
        kind = role.kind
    elif said := reported(value.target_kind, value.unit):
        kind = "actual" if kind != "growth" and said == "change" and _is_own_flow(row) and row.flow else said
    elif row.growth:
        kind = "growth"
    elif row.flow and not _is_own_flow(row):
        kind = "change"
    period = value.year or (row.base if row.base and kind == "baseline" else role.period)
    base = role.base or row.base or base
    if target_kind in _FLOWS and base.isdigit() and period.isdigit():
        period = span_text(min(int(base) + 1, int(period)), int(period))
    own = target_kind in _OWN_UNIT or kind == "growth"
    return TableQuantity(
        cell=cell,
        name=row.subject.name,
        alias=row.subject.alias,
        unit=unit_meant(
            row.subject.name, value.unit or (role.unit if role.is_growth or own else None) or ("%" if own else shared)
        ),
        kind=kind,
        target_kind=target_kind,
        period=period,
        base_period=base if target_kind in ("growth_avg", "growth_total") else role.base if kind != "target" else None,
        nature=row.nature if kind == "target" else "unstated",
        comparator=value.comparator,
        number=value.number,
        high=value.high,
        error=value.error,
        line_start=row.name_cell.line_start if row.name_cell.line_end == cell.line_end else cell.line_start,
        line_end=cell.line_end,
    )


def _is_own_flow(row: Row) -> bool:
    return row.subject.alias is None or (row.subject.alias.indicator_code or "").endswith("_new")


def without_base(text: str) -> tuple[str, str | None]:
    """A name without the bracket that gives its row a base year of its own, and that year."""
    match = _OWN_BASE.search(text)
    if match is None:
        return text, None
    return text[: match.start()] + text[match.end() :], match["year"] or match["year2"]


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
