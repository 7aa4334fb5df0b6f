"""Headers of tables: what sort of column a header names, and which rows of a table are headers.

What belongs here: the words of headers, one or two header rows, choosing the column of names. What does not: the
rows below (``tables``), which year or role a value column has (``plans.tables``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingestion.documents.model import Cell
from ingestion.quantity import fold, squeeze

_YEAR = r"(?:19|20)\d\d\s*年?|[“”\"]?十[一二三四五六]五[“”\"]?(?:时期|期间|期末|末)?"
_ROLE = (
    r"(?:实际|实绩|完成|现状|基期|基准|基础|基数|预计|目标|规划|预期|计划|达到|累计|中期|末期|近期|远期|初期"
    r"|年均|增长率|增长|增速|增幅|底|末|度|[/、]|指标值)"
)
_SINCE = (
    r"(?:同比|[比较](?:上一?年|去年|基期|(?:19|20)\d\d\s*年?|[“\"]?十[一二三四五六]五[”\"]?)(?:同期|期?末|底)?)"
    r"(?:实际|名义)?"
)
_CHANGE = r"(?:增长|增速|增幅|增减|涨幅|增加(?!值)|提高|提升|变化|净增|新增)(?:率|值|数|量|额|幅度|情况)?"
GROWTH = rf"(?:{_SINCE}(?:{_CHANGE})?|(?:实际|名义|总|累计|年)?{_CHANGE})(?:\s*[(\[][^()\[\]]{{1,12}}[)\]])?(?=\s|$)"
"""A header that speaks of a change of the column before it: 增速, 比上年增长（%）, 较2020年提高（个百分点）."""
COLUMN = re.compile(
    r"(?P<serial>序\s*号|编\s*号)"
    r"|(?P<nature>指标属性|指标性质|属\s*性|性\s*质|指标类型)"
    r"|(?P<other>备\s*注|(?:指标)?类\s*别|领\s*域|分\s*类|维\s*度|责任单位|牵头单位|配合单位|责任部门|牵头部门|一级指标"
    r"|权\s*重|分\s*值|数据来源|指标解释|指标说明|填报单位)"
    rf"|(?P<value>(?:{_YEAR}|[(\[]\s*20\d\d\s*年?\s*[)\]]|(?:基期|基准|现状|目标|规划|预期|预计|年均|指标值|完成值|实际值|中期"
    rf"|(?:[二三四五六两]年)?累计(?![专省市国])|五年(?=累计|目标|年均)|\[累计\]/?)值?(?:{_YEAR})?)\s*{_ROLE}*\s*(?:值|数|情况|水平)?"
    rf"\s*(?:[(\[][^()\[\]]{{1,12}}[)\]])?|{GROWTH})"
    r"|(?P<name>(?:主要|核心|具体|发展|考核|监测|预期|二级|三级|评价)?指\s*标\s*(?:名称|内容)?|指标体系|名\s*称|项\s*目)"
    r"|(?P<unit>计量单位|单\s*位)"
)
"""One header; the name of the group that matches is the sort of the column."""

PERIOD = re.compile(rf"[(\[]?(?:{_YEAR})\s*{_ROLE}*(?:值|数|水平)?[)\]]?")
"""A time inside a longer header: 2020年, (2025年目标), “十四五”末."""
_LONGEST = 16
"""A header that only begins like one is a header if it is no longer than this."""
_RANKS = ("三级指标", "二级指标", "具体指标", "指标名称", "指标内容", "指标", "名称", "项目")
_OF_PROJECTS = re.compile(r"总投资|计划投资|投资额|建设(?:内容|地点|性质|规模|年限|单位|周期)|起止|承担单位|资金来源")
_BEHIND = re.compile(r"(?<=.)[(][^()]{1,12}[)]$")
_PLAIN_NUMBER = re.compile(r"[≥≤><=]*\[?[-+]?\d[\d,.]*\]?[%‰]?(?:以上|左右|以内)?|[—–…-]+")
_PLAIN_YEAR = re.compile(r"[\[(]?(?:19|20)\d\d[\])]?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed and what sort it is (serial, name, unit, nature, value, other)."""

    header: str
    sort: str


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table, the number of rows that the header takes, and the column of outer names, if any."""

    columns: tuple[Column, ...]
    rows: int
    outer: int | None = None


@lru_cache(maxsize=4096)
def column_of(text: str) -> Column | None:
    """What sort of column a header names, or None when it is no header."""
    header = fold(text[:120]).strip()
    plain = squeeze(header)
    if not plain or len(text) > 120:
        return None
    match = COLUMN.fullmatch(header) or COLUMN.fullmatch(plain) or COLUMN.match(header)
    if match is None or (match.end() != len(match.string) and len(plain) > _LONGEST):
        return None
    return Column(plain, str(match.lastgroup))


def is_target_header(columns: Sequence[Column | None]) -> bool:
    """Whether the columns are those of a table of indicators: one of names, at least one of values."""
    sorts = [column.sort for column in columns if column is not None]
    return "name" in sorts and "value" in sorts


def header_of(rows: Sequence[Sequence[Cell | None]]) -> Header | None:
    """The header that the first rows are, or None. A title over the whole width may stand above it."""
    for top, row in enumerate(rows[:3]):
        texts = {id(cell): cell for cell in row if cell is not None}
        if len(texts) == 1 and len(row) > 1:
            continue
        if len(texts) == 0:
            continue
        if _lists_projects(row):
            return None
        under = rows[top + 1] if top + 1 < len(rows) else None
        double = _double(row, under) if under is not None else None
        if double is not None:
            return _with_one_name(double, row, top + 2)
        return _with_one_name(_first_named([_column(cell) for cell in row], row), row, top + 1)
    return None


def _lists_projects(row: Sequence[Cell | None]) -> bool:
    """Whether a header is one of a list of projects with their money, whose numbers are none of a region."""
    texts = [cell.content.text for cell in row if cell is not None and len(cell.content.text) <= _LONGEST]
    return any(text.startswith("项目") for text in texts) and any(_OF_PROJECTS.search(text) for text in texts)


def _column(cell: Cell | None) -> Column | None:
    return column_of(cell.content.text) if cell is not None else None


def _first_named(columns: list[Column | None], row: Sequence[Cell | None]) -> list[Column | None]:
    """A corner left blank over the first column, where all the rest are years: the names stand below it."""
    sorts = [column.sort if column is not None else None for column in columns]
    if "name" not in sorts and sorts.count("value") >= 2:
        blank = next((index for index, cell in enumerate(row) if sorts[index] not in ("serial", "other")), None)
        if blank is not None and row[blank] is None:
            columns[blank] = Column("", "name")
    return columns


def _double(top: Sequence[Cell | None], under: Sequence[Cell | None]) -> list[Column | None] | None:
    """Columns of a header of two rows, or None where the second row is none."""
    columns: list[Column | None] = []
    fresh = 0
    over: Cell | None = None
    for above, below in zip(top, under, strict=False):
        spanless = above is None and below is not None and over is not None
        over = above if above is not None else over
        if below is None or below is above:
            columns.append(_column(above))
            continue
        own, upper = _column(below), _column(over if spanless else above)
        if _is_entry(below.content.text) or (own is None and (upper is None or upper.sort != "value")):
            return None
        fresh += 1
        columns.append(_combined(over if spanless else above, upper, below, own))
        if columns[-1] is None:
            return None
    return columns if fresh and is_target_header(columns) else None


def _combined(above: Cell | None, upper: Column | None, below: Cell, own: Column | None) -> Column | None:
    if own is not None and own.sort != "value":
        # A name below a name (指标 over 一级指标, 二级指标); an entry can begin with such a word, a header is one.
        whole = COLUMN.fullmatch(_BEHIND.sub("", own.header)) is not None
        return own if whole and (upper is None or upper.sort != "value") else None
    text = squeeze((above.content.text if above is not None else "") + below.content.text)
    if upper is not None and upper.sort not in ("value", "other") and own is None:
        return None
    if upper is not None and upper.sort in ("name", "serial", "unit", "nature"):
        return None
    return Column(text, "value")


def _is_entry(text: str) -> bool:
    """Whether it is a number, which no header is unless it is a year."""
    plain = squeeze(text)
    return _PLAIN_NUMBER.fullmatch(plain) is not None and _PLAIN_YEAR.fullmatch(plain) is None


def _with_one_name(columns: Sequence[Column | None], row: Sequence[Cell | None], rows: int) -> Header | None:
    """The header with one column of names: of several, the one that names the indicator most closely."""
    if not is_target_header(columns):
        return None
    names = [index for index, column in enumerate(columns) if column is not None and column.sort == "name"]
    best = min(names, key=lambda index: (_rank(columns[index]), -index))
    chosen = [
        Column(cell.content.text[:60] if (cell := row[index]) is not None else "", "other")
        if column is None
        else Column(column.header, "other")
        if column.sort == "name" and index != best
        else column
        for index, column in enumerate(columns)
    ]
    outer = next((index for index in names if index == best - 1 and row[index] is row[best]), None)
    if outer is None and best and best - 1 in names:
        outer = best - 1
    return Header(tuple(chosen), rows, outer)


def _rank(column: Column | None) -> int:
    header = column.header if column is not None else ""
    return next((rank for rank, word in enumerate(_RANKS) if word in header), len(_RANKS))
