"""Tables of regions: which indicator, region and time each of their values has.

What belongs here: the headers over a column as indicator, unit and time; title and caption where a header is silent.
What does not: finding such tables (``documents.place_tables``), names of regions (``places``), tables of the plan's own
region (``tables``), whose rules for cells hold here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.documents.headers import PERIOD, column_of
from ingestion.documents.model import Cell
from ingestion.documents.place_tables import PlaceColumn, PlaceTable, label_of
from ingestion.plans.cells import read_cell
from ingestion.plans.columns import Role, role_of
from ingestion.plans.growth_columns import grown, growth_role
from ingestion.plans.names import Names, Subject
from ingestion.plans.periods import FIVE_YEAR, Window
from ingestion.plans.places import place_code
from ingestion.plans.tables import (
    Row,
    TableQuantity,
    base_of,
    is_missing,
    meaning_of,
    nameless,
    quantity_of,
    refused,
    row_cell,
    split_unit,
)
from ingestion.quantity import QuantityError

_NO_YEAR = "no_period"
_TITLE_YEAR = re.compile(rf"(?:19|20)\d\d年?|{FIVE_YEAR}(?:期?末)?")
_TARGET = re.compile(r"目标|任务|计划|预期")
_PAST = re.compile(r"完成|实际|现状|基期|基准")
_ROLE_WORD = re.compile(r"(?:目标|预期|规划|计划|实际|完成|现状|基期|基准)(?:值|数)?$")
# 研发投入 over R&D经费 groups columns; 高新技术企业 over R&D经费 says whose.
_GROUP = re.compile(
    r"(?!.*(?:企业|高校|院所|机构|工业|制造|产业|园区|高新区|政府|财政|其中|人均))"
    r".{0,8}(?:投入|产出|创新|科技|研发|指标|情况|环境|绩效|成效|成果|基础|能力|主体|方面|类)"
)
_GROWTH = re.compile(r"增|同比|[比较]上")


@dataclass(frozen=True, slots=True)
class _Over:
    """What stands over a column: the indicator (blank where the rows or the title name it), its unit, its time."""

    name: str
    unit: str | None
    time: str


def read_places(table: PlaceTable, path: Sequence[str], names: Names, window: Window) -> Iterator[TableQuantity]:
    """The quantities of a table of regions, row by row. What is no figure, and no mark of a missing one, is refused.

    Args:
        table: the table.
        path: the headings above it, the outermost first.
        names: names of indicators and regions, as the plan uses them.
        window: the years of the plan.
    """
    yield from (refused(part.cell, part.reason_code, part.reason) for part in table.unread)
    titles = (table.title, *reversed(path))
    overs = {i: _over(column, names) for i, column in enumerate(table.columns) if column.sort == "value"}
    sorts = [column.sort for column in table.columns]
    down = "place" in sorts
    nameless = down and "name" not in sorts
    if nameless:
        overs = _named(overs, titles, names)
    roles = _roles(overs, _caption_role(titles, window), window)
    first = next((cell for row in table.rows for index in overs if (cell := row[index]) is not None), None)
    if first is None:
        return
    silent = [index for index in overs if roles.get(index) is None or (nameless and not overs[index].name)]
    if len(silent) == len(overs):
        if any(names.exact(over.name) for over in overs.values()) or not down:
            yield refused(_whole(table), _NO_YEAR, "看不出这张分地区的表是哪一年、什么指标的数，请在表题或表头中写明")
        return
    for index in silent:
        header = table.columns[index].header
        cell = next((row[index] for row in table.rows if row[index] is not None), None)
        if cell is not None:
            reason = f"看不出“{header}”一栏是哪一年、什么指标的数，该栏未读；请在表头中写明"
            yield refused(cell, _NO_YEAR, reason, header)
    known = {index: role for index, role in roles.items() if role is not None and index not in silent}
    if down:
        yield from _down(table, overs, known, names, window)
    else:
        yield from _across(table, known, names, window)


def _whole(table: PlaceTable) -> Cell:
    cells = [cell for row in table.rows for cell in row if cell is not None]
    return Cell(cells[0].content, min(c.line_start for c in cells), max(c.line_end for c in cells), cells[0].place)


# --- headers ----------------------------------------------------------------------------------------


def _over(column: PlaceColumn, names: Names) -> _Over:
    name, last, unit, times = "", "", None, []
    for part in column.parts:
        bare = part.strip("()[]")
        if names.registry.unit(bare) is not None and part != column.place:
            unit = bare
            continue
        text, own = split_unit(part, names)
        unit = own or unit
        period = PERIOD.match(text) or next(iter(PERIOD.finditer(text)), None)
        if period is not None and period.group():
            times.append(period.group().strip("()[]"))
            text = text.replace(period.group(), "", 1)
            text, own = split_unit(text, names)
            unit = own or unit
        head = column_of(text)
        if _ROLE_WORD.fullmatch(text) or (head is not None and head.sort == "value"):
            times.append(text)
        else:
            name, last = name + text, text or last
    if names.exact(name) is None and names.exact(last) is not None and _GROUP.fullmatch(name.removesuffix(last)):
        name = last  # 研发投入 over R&D经费: a group, no part of the name
    word = _ROLE_WORD.search(name)
    if word and names.exact(name) is None and names.exact(name[: word.start()]) is not None:
        times.append(word.group())
        name = name[: word.start()]
    return _Over(name.removeprefix("的"), unit, "".join(times))


def _named(overs: Mapping[int, _Over], titles: Sequence[str], names: Names) -> dict[int, _Over]:
    """Columns without an indicator of their own take it from the column before (增速), else from the title."""
    found: dict[int, _Over] = {}
    before: _Over | None = None
    titled = _titled(titles, names)
    for index, over in overs.items():
        if not over.name and before is not None and _GROWTH.search(over.time):
            over = replace(over, name=before.name)
        elif not over.name and titled is None and before is not None and over.unit in (None, before.unit):
            over = replace(over, name=before.name, unit=before.unit)  # 2020年研发投入强度 | 2025年目标
        elif not over.name and titled is not None:
            over = replace(over, name=titled[0], unit=over.unit or titled[1])
        found[index] = over
        before = before if _GROWTH.search(over.time) else over
    return found


def _titled(titles: Sequence[str], names: Names) -> tuple[str, str | None] | None:
    """The one indicator that the title names, with the unit printed behind it."""
    text, unit = split_unit(titles[0], names)
    found = [item for item in names.find(text) if item.alias.indicator_code is not None]
    if len(found) != 1:
        return None
    return text[found[0].start : found[0].end], unit if unit and names.registry.unit(unit) else None


def _caption_role(titles: Sequence[str], window: Window) -> Role | None:
    """What title or heading say of the time of the whole table; None where they name none or several."""
    for title in titles:
        years = {match.group().removesuffix("年") for match in _TITLE_YEAR.finditer(title)}
        words = ("目标" if _TARGET.search(title) else "") or ("完成" if _PAST.search(title) else "")
        if len(years) > 1:
            return None
        if years:
            year = years.pop()
            role = role_of((f"{year}年" if year.isdigit() else year) + words, window, None)
            return role if role is not None and (year.isdigit() or words or "末" in year) else None
        if title == titles[0] and words:
            return role_of(f"{words}值", window, None)
    return None


def _roles(overs: Mapping[int, _Over], caption: Role | None, window: Window) -> dict[int, Role | None]:
    roles: dict[int, Role | None] = {}
    for index, over in overs.items():
        beside = next(
            (role for i, role in reversed(roles.items()) if role and role.is_level and overs[i].name == over.name), None
        )
        role = growth_role(over.time, beside, window, over.unit) if over.time else caption
        if over.time and role is None:
            role = role_of(over.time, window, over.unit)
            role = _with_year(role, over.time, caption)
        roles[index] = replace(role, unit=over.unit or role.unit) if role is not None else None
    return roles


def _with_year(role: Role | None, time: str, caption: Role | None) -> Role | None:
    """A header that says 目标 or 完成 alone is of the year of the title, where that names one."""
    if role is None or caption is None or _TITLE_YEAR.search(time) or role.target_kind == "growth_avg":
        return role
    return replace(role, period=caption.period)


# --- rows -------------------------------------------------------------------------------------------


def _down(
    table: PlaceTable, overs: Mapping[int, _Over], roles: Mapping[int, Role], names: Names, window: Window
) -> Iterator[TableQuantity]:
    by_sort = {column.sort: index for index, column in reversed(list(enumerate(table.columns)))}
    label: Cell | None = None
    for cells in table.rows:
        own = cells[by_sort["place"]]
        label = own if own is not None or "name" not in by_sort else label
        values = [cell for index in roles if (cell := cells[index]) is not None and not is_missing(cell)]
        if not values:
            continue
        if label is None:
            yield refused(row_cell(values), "unknown_region", "这一行有数而没有地区名称，请补上地区")
            continue
        try:
            code = place_code(names, label_of(label.content.text), window)
        except QuantityError as error:
            yield refused(row_cell([label, *values]), error.reason_code, str(error))
            continue
        named = _named_row(cells, by_sort, names)
        if "name" in by_sort and named is None:
            yield nameless([label, *values])
            continue
        filled = [i for i in roles if (cell := cells[i]) is not None and not is_missing(cell)]
        for index, role in roles.items():
            row = named or _row_of(overs[index].name, overs[index].unit, label, names)
            same = [roles[i] for i in filled if overs[i].name == overs[index].name]
            yield from _value(cells[index], row, role, same, table, names, window, code)


def _named_row(cells: Sequence[Cell | None], by_sort: Mapping[str, int], names: Names) -> Row | None:
    """What a row with a name of its own is about, with the unit beside it; None without a name."""
    name_cell = cells[by_sort["name"]] if "name" in by_sort else None
    if name_cell is None:
        return None
    name, unit = split_unit(name_cell.content.text, names)
    unit_cell = cells[by_sort["unit"]] if "unit" in by_sort else None
    unit = unit_cell.content.text if unit_cell is not None and not is_missing(unit_cell) else unit
    return _row_of(name, unit, name_cell, names)


def _across(table: PlaceTable, roles: Mapping[int, Role], names: Names, window: Window) -> Iterator[TableQuantity]:
    by_sort = {column.sort: index for index, column in reversed(list(enumerate(table.columns)))}
    codes: dict[int, str | None] = {}
    for index in roles:
        try:
            codes[index] = place_code(names, table.columns[index].place, window)
        except QuantityError as error:
            cell = next((row[index] for row in table.rows if row[index] is not None), None)
            if cell is not None:
                yield refused(cell, error.reason_code, str(error), table.columns[index].header)
    for cells in table.rows:
        values = [cell for index in codes if (cell := cells[index]) is not None and not is_missing(cell)]
        row = _named_row(cells, by_sort, names)
        if row is None:
            if values:
                yield nameless(values)
            continue
        filled = [i for i in codes if (cell := cells[i]) is not None and not is_missing(cell)]
        for index, code in codes.items():
            place = table.columns[index].place
            same = [roles[i] for i in filled if table.columns[i].place == place]
            yield from _value(cells[index], row, roles[index], same, table, names, window, code)


def _value(
    cell: Cell | None,
    row: Row,
    role: Role,
    same: Sequence[Role],
    table: PlaceTable,
    names: Names,
    window: Window,
    code: str | None,
) -> Iterator[TableQuantity]:
    if cell is None or is_missing(cell):
        return
    has_target = any(other.kind == "target" for other in same)
    kind = "actual" if role.kind == "baseline" and not has_target else role.kind
    value = read_cell(cell.content.text, names.registry.unit_pattern, is_target=kind == "target")
    if role.is_growth:
        role = grown(role, value.unit or role.unit or row.unit, names.registry)
        kind = role.kind
    shared = row.unit or role.unit or table.unit
    found = quantity_of(cell, row, replace(role, kind=kind), value, shared, base_of(same, window))
    yield replace(found, region_code=code)


def _row_of(name: str, unit: str | None, name_cell: Cell, names: Names) -> Row:
    alias, growth, flow = meaning_of(name, names)
    return Row(Subject(name, alias, None, 0), unit, "unstated", growth, flow, name_cell)
