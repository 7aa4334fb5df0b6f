"""Where the header of an enterprise return stands, which form of which year it is, and which column is which item.

Columns are found by the words of their header or by their codes (代码 row), in any order; where the two disagree, the
file is refused. What belongs here: everything above the first row of data. What does not: the rows (``rows``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from ingestion.enterprises.codes import is_code
from ingestion.enterprises.forms import Form, Forms, Item
from ingestion.quantity import squeeze
from ingestion.registry import Registry
from ingestion.returns.cells import column_letters
from ingestion.returns.headers import name_years, unit_line

_FORM_NUMBER = re.compile(r"表号[:：]?([A-Za-z0-9]{1,10}(?:-[0-9]{1,4})?)表?")
_DOCUMENT = re.compile(r"文号[:：]?(\S{4,40})")
_VALID_UNTIL = re.compile(r"有效期至[:：]?(20\d\d)年(?:(\d{1,2})月)?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_MODIFIED = re.compile(r"文号|有效期|批准|备案|制定机关|填报日期|报出日期")
_TRAILING_UNIT = re.compile(r"[(（](?:单位[:：]?)?([^()（）]{1,8})[)）]$")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[、.．](?!\d))"
)
_CODE_LIKE = re.compile(r"[0-9A-Za-z]{15,20}")
_UNIT_CODE_WORD = "信用代码"
_ENOUGH = 0.5
"""Share of a form's items that a file must have; with fewer it is another form."""


class RefusedError(Exception):
    """A table that cannot be read as a return; the sentence names no cell content."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Labels:
    """The rows above the data: of each column its words, outermost first, its code and its unit."""

    title: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]
    first_row: int
    """The first row of data, from 0."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table understood: its form, its reference year, and the item of each column that has one."""

    form: Form
    year: int
    columns: Mapping[int, Item]
    first_row: int
    unknown_columns: tuple[int, ...]
    missing_items: tuple[Item, ...]


def find_labels(head: Sequence[Sequence[str]]) -> Labels | None:
    """The header above a column of unified codes; None where there is none, and so no enterprise return."""
    rows = [[squeeze(cell) for cell in row] for row in head]
    place = _code_heading(rows)
    if place is None:
        return None
    heading, column = place
    first = next(
        (n for n in range(heading + 1, len(rows)) if _CODE_LIKE.fullmatch(_at(rows[n], column))),
        None,
    )
    if first is None:  # no clear code: the first row that is neither blank nor codes nor more header
        first = next((n for n in range(heading + 1, len(rows)) if _is_body(rows[n])), len(rows))
    top = _header_top(rows, heading)
    code_row = next((n for n in range(heading + 1, first) if _is_code_row(rows[n])), None)
    last = code_row if code_row is not None else first
    width = max(map(len, rows))
    words = tuple(_stack(rows[top:last], c) for c in range(width))
    codes = tuple(_at(rows[code_row], c) if code_row is not None else "" for c in range(width))
    title = tuple(cell for row in rows[:top] for cell in row if cell)
    return Labels(title, words, codes, first)


def understand(
    labels: Labels,
    forms: Forms,
    registry: Registry,
    stated: Mapping[str, Any],
    file_name: str,
    sheet: str | None,
) -> Layout:
    """Decide form, year and columns.

    Args:
        labels: what stands above the data.
        forms: all forms.
        registry: for units.
        stated: the entry of ``sources.yml``: ``form_id``, ``form_year``, ``reference_year``, ``document_number``.
        file_name: for a year that stands nowhere else.
        sheet: name of the sheet.

    Raises:
        RefusedError: no form, no year, a form that is not valid for the year, columns or units in conflict.
    """
    year = _reference_year(labels, stated, file_name, sheet)
    candidates = _named_forms(labels, forms, stated)
    valid = [form for form in candidates if form.valid_in(year)]
    if not valid:
        known = "、".join(sorted({f"{form.form_id}（{form.form_year}年版）" for form in candidates}))
        raise RefusedError(
            "form_not_valid",
            f"报表{known}对{year}年无效（表号、文号或有效期与报告年度不符），请使用{year}年有效的表式填报",
        )
    _check_printed_validity(labels, valid)
    layouts = [_columns(labels, form, registry) for form in valid]
    # of two forms that both hold all columns, the one that asks for fewer others
    layouts.sort(key=lambda found: (-len(found[0]), len(found[1].items)))
    columns, form = layouts[0]
    if len(layouts) > 1 and len(layouts[1][0]) == len(columns) and len(layouts[1][1].items) == len(form.items):
        raise RefusedError("form_ambiguous", "无法确定是哪一张报表，请在表头写明表号，或在sources.yml中写明form_id")
    missing = tuple(item for item in form.items if item not in columns.values())
    _check_complete(form, columns, missing)
    unknown = tuple(c for c, words in enumerate(labels.words) if c not in columns and (words or labels.codes[c]))
    _check_money_unit(labels, form, registry)
    return Layout(form, year, columns, labels.first_row, unknown, missing)


# --- the header rows ----------------------------------------------------------------------------------------


def _code_heading(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Row and column of the heading of the unified codes: one cell of a wide row, not a line of a single unit."""
    for number, row in enumerate(rows):
        if sum(map(bool, row)) < 3:
            continue
        for column, cell in enumerate(row):
            if _UNIT_CODE_WORD in cell and len(cell) < 40 and not any(map(is_code, re.split(r"[:：]", cell))):
                return number, column
    return None


def _header_top(rows: Sequence[Sequence[str]], heading: int) -> int:
    """The first header row: a row of several words right above, such as 研究开发人员 over its parts."""
    top = heading
    while (
        top
        and sum(map(bool, rows[top - 1])) >= 2
        and not any(_MODIFIED.search(c) or "表号" in c for c in rows[top - 1])
    ):
        top -= 1
    return top


def _stack(rows: Sequence[Sequence[str]], column: int) -> tuple[str, ...]:
    """The words over a column, outermost first; a group heading reaches to the right until the next one."""
    words = []
    for number, row in enumerate(rows):
        text = _at(row, column)
        if not text and number < len(rows) - 1 and any(_at(below, column) for below in rows[number + 1 :]):
            text = next((row[c] for c in range(min(column, len(row) - 1), -1, -1) if row[c]), "")
        if text and text not in words:
            words.append(text)
    return tuple(words)


def _is_code_row(row: Sequence[str]) -> bool:
    """甲 乙 丙 1 2 3 …: short codes, most of them numbers."""
    cells = [cell for cell in row if cell]
    short = [cell for cell in cells if re.fullmatch(r"\d{1,4}[A-Za-z]?|[甲乙丙丁戊己庚辛壬癸]|代码|[-—]", cell)]
    return len(cells) >= 3 and len(short) == len(cells)


def _is_body(row: Sequence[str]) -> bool:
    return any(row) and not _is_code_row(row)


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


# --- form and year ------------------------------------------------------------------------------------------


def _reference_year(labels: Labels, stated: Mapping[str, Any], file_name: str, sheet: str | None) -> int:
    printed = {int(year) for text in labels.title if not _MODIFIED.search(text) for year in _YEAR.findall(text)}
    if stated.get("reference_year"):
        year = int(stated["reference_year"])
        if printed and year not in printed:
            raise RefusedError("year_conflict", f"sources.yml写明报告年度{year}，表头却写{_years(printed)}，请更正其一")
        return year
    for years in (printed, set(map(int, _YEAR.findall(sheet or ""))), name_years(PurePosixPath(file_name).stem)):
        if len(years) == 1:
            return years.pop()
        if years:
            raise RefusedError(
                "year_conflict", f"表头写有多个年度（{_years(years)}），请在sources.yml中写明reference_year"
            )
    raise RefusedError("year_unknown", "没有写明报告年度：请在表头写“××××年”，或在sources.yml中写明reference_year")


def _years(years: Iterable[int]) -> str:
    return "、".join(str(year) for year in sorted(years))


def _named_forms(labels: Labels, forms: Forms, stated: Mapping[str, Any]) -> list[Form]:
    """Forms that what is stated or printed allows; all where nothing is."""
    printed = {m[1] for text in labels.title if (m := _FORM_NUMBER.search(text))}
    wanted = {str(stated["form_id"])} if stated.get("form_id") else printed
    if len(wanted | printed) > 1:
        raise RefusedError("form_conflict", "表头（及sources.yml）写有不同的表号，请只保留正确的一个")
    documents = {m[1] for text in labels.title if (m := _DOCUMENT.search(text))}
    if stated.get("document_number"):
        documents = {squeeze(str(stated["document_number"]))}
    candidates = [
        form
        for form in forms.values()
        if (not wanted or form.form_id in wanted)
        and (not stated.get("form_year") or form.form_year == int(stated["form_year"]))
        and (not documents or _plain(form.document_number) in {_plain(number) for number in documents})
    ]
    if not candidates:
        raise RefusedError("unknown_form", "表号、文号不在报表目录（seeds/forms.csv）中，请核对表头，或补充目录")
    return candidates


def _plain(document_number: str) -> str:
    """A document number whatever brackets its year stands in."""
    return re.sub(r"[〔〕\[\]()（）【】]", "|", document_number)


def _check_printed_validity(labels: Labels, forms: Sequence[Form]) -> None:
    """The 有效期至 of the header is that of the form."""
    for text in labels.title:
        match = _VALID_UNTIL.search(text)
        if match is None:
            continue
        years = {(form.valid_to - timedelta(days=1)).year for form in forms if form.valid_to is not None}
        if int(match[1]) not in years:
            raise RefusedError(
                "form_not_valid", f"表头写明有效期至{match[1]}年，与报表目录中该表式的有效期不符，请使用有效的表式填报"
            )


# --- columns ------------------------------------------------------------------------------------------------


def _columns(labels: Labels, form: Form, registry: Registry) -> tuple[dict[int, Item], Form]:
    """The item of each column that has one: by its words, by its code, and the two must agree."""
    by_name: dict[str, list[Item]] = {}
    for known in form.items:
        for spelling in known.headers:
            same = by_name.setdefault(_bare(spelling, registry)[0], [])
            if known not in same:
                same.append(known)
    found: dict[int, Item] = {}
    for column, words in enumerate(labels.words):
        named = _by_words(words, by_name, registry)
        coded = form.by_code.get(labels.codes[column])
        if named is not None and coded is not None and named is not coded:
            raise RefusedError(
                "column_conflict", f"第{column_letters(column)}列的名称与代码指向不同的指标，请核对表头与代码行是否错位"
            )
        item = named or coded
        if item is None:
            continue
        if item in found.values():
            raise RefusedError("column_twice", f"指标“{item.name_zh}”在表头出现两次，请删去多余的一列")
        _check_unit(column, words, item, registry)
        found[column] = item
    return found, form


def _by_words(words: Sequence[str], by_name: Mapping[str, Sequence[Item]], registry: Registry) -> Item | None:
    """The item that the innermost words name, else these behind those above them."""
    bare = [_bare(word, registry)[0] for word in words]
    for name in ("".join(bare[-2:]), *reversed(bare)):
        items = by_name.get(name, ())
        if len(items) == 1:
            return items[0]
    return None


def _bare(text: str, registry: Registry) -> tuple[str, str | None]:
    """A heading without ordinal, 其中 and unit; and the unit that it carries."""
    plain = _ORDINAL.sub("", squeeze(text))
    match = _TRAILING_UNIT.search(plain)
    unit = None
    if match is not None and registry.unit(match[1]) is not None:
        unit, plain = match[1], plain[: match.start()]
    return plain.removeprefix("#").replace("：", ":").removeprefix("其中:").removeprefix("其中"), unit


def _check_unit(column: int, words: Sequence[str], item: Item, registry: Registry) -> None:
    for word in words:
        printed = _bare(word, registry)[1]
        if printed is None or item.unit is None:
            continue
        unit, own = registry.unit(printed), registry.unit(item.unit)
        if unit is not None and own is not None and (unit.dimension, unit.factor) != (own.dimension, own.factor):
            raise RefusedError(
                "unit_mismatch",
                f"第{column_letters(column)}列“{item.name_zh}”的单位应为{item.unit}，表头却是{unit.unit}，请按表式单位换算后重报",
            )


def _check_money_unit(labels: Labels, form: Form, registry: Registry) -> None:
    """单位：万元 above a form in 千元: every amount would be wrong by ten."""
    own = {registry.unit(item.unit) for item in form.items if item.unit is not None}
    for text in labels.title:
        for printed in re.split(r"[、,，/]", unit_line(text) or ""):
            unit = registry.unit(printed)
            if unit is None:
                continue
            same = [known for known in own if known is not None and known.dimension == unit.dimension]
            if same and all(known.factor != unit.factor for known in same):
                raise RefusedError(
                    "unit_mismatch", f"表头写明单位为{unit.unit}，表式单位是{same[0].unit}，请按表式单位换算后重报"
                )


def _check_complete(form: Form, columns: Mapping[int, Item], missing: Sequence[Item]) -> None:
    required = [item.name_zh for item in missing if not item.nullable]
    if required:
        raise RefusedError(
            "missing_column", f"没有找到{form.form_id}表的必填列：{'、'.join(required)}，请按表式补上（列序不限）"
        )
    if len(columns) < _ENOUGH * len(form.items):
        raise RefusedError(
            "unknown_form",
            f"表头的指标与{form.form_id}表（{form.form_year}年版）不符（{len(form.items)}项中只找到{len(columns)}项），请核对表号",
        )
