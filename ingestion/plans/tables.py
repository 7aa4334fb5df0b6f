"""Target tables: what each column means and what each row is about.

What belongs here: roles of columns (baseline, target, unit, nature), units in names. What does not: finding tables
(``documents.tables``), building figures (``reader``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.documents.tables import Cell, Column, Table
from ingestion.plans.grammar import Window, five_years
from ingestion.plans.names import Names
from ingestion.quantity import (
    MISSING_MARKS,
    PrintedNumber,
    QuantityError,
    comparator_between,
    find_numbers,
    parse_number,
)
from ingestion.registry import Alias

_NATURE = {"约束性": "binding", "预期性": "expected"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIVE_YEAR = re.compile(r"十([一二三四五六])五[”\"]?(末|期末)?")
_BRACKET = re.compile(r"\((?P<unit>[^()]{1,10})\)$")
_TARGET_WORDS = re.compile(r"目标|规划|预期|计划")
_PAST_WORDS = re.compile(r"实际|完成|现状|基期|基准|基础|基数|预计")
_RANGE = re.compile(r"(?P<low>\d+(?:\.\d+)?)(?:-|—{1,2}|–|~|至|到)(?P<high>\d+(?:\.\d+)?)(?P<unit>%?)")
_SIGNS = {"≥": "ge", ">=": "ge", "≤": "le", "<=": "le", ">": "gt", "<": "lt"}
_SIGN = re.compile(r"(≥|≤|>=|<=|>|<)")


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
class _Role:
    kind: str
    target_kind: str | None
    period: str
    base_period: str | None
    unit: str | None


def read_table(table: Table, names: Names, window: Window) -> Iterator[TableQuantity]:
    """The quantities of a table, row by row. A blank cell or a dash is no quantity."""
    roles = {index: role for index, column in enumerate(table.columns) if (role := _role(column, window, names))}
    if not any(role.kind == "target" for role in roles.values()):
        roles = {index: role for index, role in roles.items() if role.period}
    base = next((role.period for role in roles.values() if role.kind == "baseline"), str(window.base_year))
    by_sort = {column.sort: index for index, column in reversed(list(enumerate(table.columns)))}
    for row in table.rows:
        name_cell = row[by_sort["name"]]
        if name_cell is None:
            continue
        name, unit = split_unit(name_cell.content.text, names)
        unit_cell = row[by_sort["unit"]] if "unit" in by_sort else None
        unit = _unit_text(unit_cell) or unit
        nature_cell = row[by_sort["nature"]] if "nature" in by_sort else None
        nature = _nature(nature_cell)
        alias = names.exact(name)
        has_target = any(roles[i].kind == "target" and row[i] is not None for i in roles)
        for index, role in roles.items():
            cell = row[index]
            if cell is None or cell.content.text in MISSING_MARKS or not _speaks(cell.content.text):
                continue
            kind = role.kind if role.kind == "target" or has_target else "actual"
            yield _quantity(
                cell, name_cell, role, kind, name, alias, unit or role.unit or table.unit, nature, base, names
            )


def _role(column: Column, window: Window, names: Names) -> _Role | None:
    if column.sort != "value":
        return None
    header = column.header
    unit = split_unit(header, names)[1]
    if re.search(r"年均|增速|增长", header):
        return _Role("target", "growth_avg", str(window.end), None, unit or "%")
    year = _YEAR.search(header)
    ordinal = _FIVE_YEAR.search(header)
    if year:
        period = int(year.group())
    elif ordinal:
        period = five_years(ordinal[1])[1]
    else:
        period = window.end if _TARGET_WORDS.search(header) else window.base_year
    wanted = bool(_TARGET_WORDS.search(header)) or (period > window.base_year and not _PAST_WORDS.search(header))
    if period <= window.base_year:
        wanted = False
    return _Role("target" if wanted else "baseline", "level" if wanted else None, str(period), None, unit)


def split_unit(text: str, names: Names) -> tuple[str, str | None]:
    """Name and the unit in its closing bracket: R&D经费支出(万元). Another bracket belongs to the name."""
    match = _BRACKET.search(text)
    if match is None:
        return text, None
    unit = match["unit"].removeprefix("单位:")
    known = names.registry.unit(unit) is not None
    return (text[: match.start()], unit) if known or (not names.exact(text) and len(unit) <= 5) else (text, None)


def _unit_text(cell: Cell | None) -> str | None:
    if cell is None or cell.content.text in MISSING_MARKS:
        return None
    return cell.content.text


def _nature(cell: Cell | None) -> str:
    text = cell.content.text if cell else ""
    return next((code for word, code in _NATURE.items() if word in text), "unstated")


def _speaks(text: str) -> bool:
    return any(symbol.isdigit() for symbol in text) or text in ("倍增", "翻番", "翻一番")


def _quantity(
    cell: Cell,
    name_cell: Cell,
    role: _Role,
    kind: str,
    name: str,
    alias: Alias | None,
    unit: str | None,
    nature: str,
    base: str,
    names: Names,
) -> TableQuantity:
    number, high, printed_unit, comparator, error = _value(cell.content.text, names, kind == "target")
    target_kind = role.target_kind
    if cell.content.text in ("倍增", "翻番", "翻一番"):
        target_kind = "multiple"
    elif kind == "target" and alias and (alias.indicator_code or "").endswith("_new"):
        target_kind = "cumulative_flow" if "累计" in name else "new_flow"
    own = target_kind in ("multiple", "growth_avg")
    return TableQuantity(
        cell=cell,
        name=name,
        alias=alias,
        unit=printed_unit or (role.unit if own else unit),
        kind=kind,
        target_kind=target_kind if kind == "target" else None,
        period=_span(base, role.period) if target_kind in ("new_flow", "cumulative_flow") else role.period,
        base_period=base if target_kind == "growth_avg" else None,
        nature=nature if kind == "target" else "unstated",
        comparator=comparator,
        number=number,
        high=high,
        error=error,
        line_start=name_cell.line_start if name_cell.line_end == cell.line_end else cell.line_start,
        line_end=cell.line_end,
    )


def _span(base: str, period: str) -> str:
    return f"{int(base) + 1}-{period}" if base.isdigit() and period.isdigit() else period


def _value(
    text: str, names: Names, is_target: bool
) -> tuple[PrintedNumber | None, PrintedNumber | None, str | None, str, QuantityError | None]:
    """Number, upper end, unit, comparator of a cell such as 30, ≥30%, 30以上, 1.5—2.0, 突破10家."""
    if text in ("倍增", "翻番", "翻一番"):
        return parse_number("2"), None, "倍", "eq", None
    signs = [_SIGNS[sign] for sign in _SIGN.findall(text)]
    plain = _SIGN.sub("", text).strip("[]")
    try:
        return parse_number(plain), None, None, signs[0] if signs else "eq", None
    except QuantityError as error:
        between = _RANGE.fullmatch(plain)
        if between:
            low, high = parse_number(between["low"]), parse_number(between["high"])
            if low.value < high.value:
                return low, high, between["unit"] or None, "range", None
        spans = list(find_numbers(plain, names.registry.unit_pattern))
        if len(spans) != 1:
            refusal = QuantityError("not_a_number", f"单元格“{text}”不是一个明确的数，请分列填写")
            refusal.__cause__ = error
            return None, None, None, "eq", refusal
        span = spans[0]
        comparator = comparator_between(plain[: span.start], plain[span.unit_end :], is_target=is_target)
        return span.number, span.high, span.unit, signs[0] if signs else comparator, None
