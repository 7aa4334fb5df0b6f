"""The rows of an enterprise return, typed: good ones as decimals and text, faulty ones apart with cell and reason.

All columns at once: a Python object is made only for cells that are no plain number. What belongs here: what a cell
must be. What does not: which column is which item (``header``), what cells say of each other (``relations``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from ingestion.enterprises.codes import are_codes
from ingestion.enterprises.forms import Item
from ingestion.enterprises.header import Layout
from ingestion.enterprises.opening import Table
from ingestion.enterprises.places import industry_letters, settle_regions
from ingestion.quantity import MISSING_MARKS, QuantityError, fold, parse_number, parse_stored, stored_value
from ingestion.registry import Region
from ingestion.returns.cells import column_letters
from ingestion.schemas import DECIMAL

REJECTED_COLUMNS = {
    "sheet": pl.String(),
    "line": pl.Int64(),
    "cell": pl.String(),
    "concept": pl.String(),
    "unit_code": pl.String(),
    "raw_text": pl.String(),
    "reason_code": pl.String(),
    "reason": pl.String(),
}
REASONS = {
    "unit_code_invalid": "统一社会信用代码不是18位或校验码不符，请核对营业执照后重填（在Excel中请设为文本格式）",
    "missing_required": "必填项为空，请补填",
    "unknown_region": "行政区划代码不在区划目录中，请按报告年度的统计用区划代码填写",
    "region_ceased": "行政区划代码在报告年度已撤销且有多个承接地区，请填写现行代码",
    "region_not_yet": "行政区划代码在报告年度尚未启用，请填写当年有效的代码",
    "industry_invalid": "行业代码应为门类字母加两位大类代码（如C39），或GB/T 4754的2至4位代码，请更正",
    "not_a_number": "不是一个明确的数，请只填数字，说明另列",
    "formula_error": "是公式错误，请改正公式或直接填报数值",
    "out_of_range": "数值过大，请核对单位",
    "below_minimum": "小于该指标允许的最小值，请核对",
    "not_whole": "应为整数，请核对",
    "month_invalid": "应为六位年月（如202305，无则填000000），请更正",
    "row_too_wide": "本行的列数多于表头，请检查是否有多余的分隔符",
    "duplicate_unit": "同一单位（及行标识）在文件中出现多次，请只保留正确的一行",
}
_PLAIN = r"^[+-]?\d{1,18}(?:\.\d{1,10})?$"
_FORMULA_ERROR = re.compile(r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)")
_MONTH = r"^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])|0{6})$"
_EXTRA = "extra"
_TOTALS = ["合计", "总计", "小计", "共计"]
ROW = "row"
"""Number of the row in the table, from 0; goes before everything is kept."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A table's rows sorted: good ones typed, and a line for each fault of the others."""

    good: pl.DataFrame
    rejected: pl.DataFrame
    recognised: int

    @property
    def refused(self) -> int:
        """Rows that did not load; a row may have several faults."""
        return self.recognised - self.good.height


def sort_rows(
    table: Table, layout: Layout, regions: Mapping[str, Region], changes: Mapping[str, tuple[str, ...]]
) -> Sorted:
    """Type the cells of a table and tell good rows from faulty ones.

    Args:
        table: as opened.
        layout: as understood.
        regions: the code list.
        changes: of a ceased region the regions that it became.

    Returns:
        Good rows with ``sheet``, ``line``, one column per item of the form, ``region_code`` and ``industry_letter``.
    """
    cells = _body(table, layout)
    faults = _Faults(table, layout, cells)
    present = [item for item in layout.form.items if item.concept in cells.columns]
    typed = _numbers(cells, [item for item in present if item.is_number], table, faults)
    columns: list[pl.Series] = [_text(cells[item.concept], item, faults) for item in present if not item.is_number]
    columns += [
        pl.Series(item.concept, [None], dtype=_dtype(item)).new_from_index(0, cells.height)
        for item in layout.form.items
        if item not in present
    ]
    typed = typed.with_columns(columns).select(ROW, *(item.concept for item in layout.form.items))
    for item in present:
        if not item.nullable and typed[item.concept].null_count():
            faults.add(item, "missing_required", typed[item.concept].is_null() & cells[item.concept].is_null())
    typed = _with_identity(typed, layout, regions, changes, faults)
    if str(cells.columns[-1]) == _EXTRA:
        faults.add(None, "row_too_wide", cells[_EXTRA].is_not_null())
    faults.add(_unit_item(layout), "duplicate_unit", typed.select(layout.form.row_key).is_duplicated())
    bad = faults.bad_rows()
    lines = (
        pl.lit(pl.select(pl.lit(cells[ROW]) + 1).to_series()) if table.lines is None else table.lines.gather(cells[ROW])
    )
    typed = typed.with_columns(sheet=pl.lit(table.sheet, dtype=pl.String), line=lines)
    good = typed.filter(~bad) if bad.any() else typed
    return Sorted(good.drop(ROW), faults.rejected(), typed.height)


def _dtype(item: Item) -> pl.DataType:
    return DECIMAL if item.is_number else pl.String()


def _unit_item(layout: Layout) -> Item:
    return layout.form.by_concept["unit_code"]


def _body(table: Table, layout: Layout) -> pl.DataFrame:
    """The rows of data with their item columns; rows without any text, totals' code rows and notes are none."""
    cells = table.cells
    chosen = [pl.col(str(column)).alias(item.concept) for column, item in layout.columns.items()]
    known = {str(column) for column in (*layout.columns, *layout.unknown_columns)}
    rest = [name for name in cells.columns if name not in known]
    extra = [pl.coalesce([pl.col(name) for name in rest]).alias(_EXTRA)] if rest else []
    body = cells.with_row_index(ROW).slice(layout.first_row).select(pl.col(ROW).cast(pl.Int64), *chosen, *extra)
    # a note below the table fills one or two cells; a total has words where the code should be
    items = [item.concept for item in layout.columns.values()]
    several = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt16) for name in items) > 2
    kept = body.select(several | pl.col("unit_code").is_not_null())[:, 0]
    body = body if kept.all() else body.filter(kept)
    words = [item.concept for item in layout.columns.values() if item.role != "item"]
    total = pl.any_horizontal(pl.col(name).str.replace_all(r"\s", "").is_in(_TOTALS) for name in words)
    coded = body.select(pl.col("unit_code").str.contains(r"^\s*[0-9A-Za-z]{15,20}\s*$").fill_null(False))[:, 0]
    return body if coded.all() else body.filter(coded | ~body.select(total.fill_null(False))[:, 0] & ~_is_note(body))


def _is_note(body: pl.DataFrame) -> pl.Series:
    """Rows of one text that starts like a note or a signature, under the codes."""
    starts = pl.col("unit_code").str.contains(r"^\s*(?:注|说明|备注|附注|填表|单位负责人|统计负责人|报出日期)")
    return body.select(starts.fill_null(False))[:, 0]


class _Faults:
    """Faults of the rows of one table, gathered column by column."""

    def __init__(self, table: Table, layout: Layout, cells: pl.DataFrame) -> None:
        self._table, self._layout, self._cells = table, layout, cells
        self._columns = {item.concept: column for column, item in layout.columns.items()}
        self._found: list[pl.DataFrame] = []
        self._bad = pl.repeat(False, cells.height, eager=True)

    def add(self, item: Item | None, reason_code: str, where: pl.Series) -> None:
        """Note a fault in all rows where it is; null counts as no."""
        where = where.fill_null(False)
        if not where.any():
            return
        self._bad = self._bad | where
        rows = self._cells.filter(where)
        name = item.concept if item is not None else _EXTRA
        sheet = f"{self._table.sheet}!" if self._table.sheet is not None else ""
        line = self._lines(rows[ROW])
        column = self._columns.get(name, self._cells.width)
        letters = column_letters(column + self._table.first_column)
        what = item.name_zh if item is not None else "整行"
        self._found.append(
            rows.select(
                pl.lit(self._table.sheet, dtype=pl.String).alias("sheet"),
                line.alias("line"),
                pl.format(f"{letters}{{}}", line).alias("cell"),
                pl.lit(name).alias("concept"),
                pl.col("unit_code")
                if "unit_code" in rows.columns
                else pl.lit(None, dtype=pl.String).alias("unit_code"),
                pl.col(name).alias("raw_text"),
                pl.lit(reason_code).alias("reason_code"),
                pl.format(f"{sheet}{letters}{{}}“{what}”{REASONS[reason_code]}", line).alias("reason"),
            )
        )

    def bad_rows(self) -> pl.Series:
        """For each row whether it has a fault."""
        return self._bad

    def rejected(self) -> pl.DataFrame:
        """All faults, in the order of the file."""
        empty = pl.DataFrame(schema=REJECTED_COLUMNS)
        return pl.concat([empty, *self._found]).sort("line", "cell", nulls_last=True) if self._found else empty

    def _lines(self, rows: pl.Series) -> pl.Series:
        lines = self._table.lines
        return rows + 1 if lines is None else lines.gather(rows)


# --- numbers ------------------------------------------------------------------------------------------------


def _numbers(cells: pl.DataFrame, items: Sequence[Item], table: Table, faults: _Faults) -> pl.DataFrame:
    """Columns of decimals; what is no number is null and a fault, a blank or a mark for it is null."""
    names = [item.concept for item in items]
    # whole numbers are by far the most, are read fastest, and admit no exponent
    whole = cells.lazy().select(pl.col(names).cast(pl.Int64, strict=False)).collect()
    uneven = [name for name in names if whole[name].null_count() != cells[name].null_count()]
    even = [name for name in names if name not in uneven]
    typed = pl.concat(
        [
            cells.select(ROW),
            whole.lazy().select(pl.col(even).cast(DECIMAL, strict=False)).collect(),
            cells.lazy().select(pl.col(uneven).cast(DECIMAL, strict=False)).collect(),
        ],
        how="horizontal",
    )
    del whole
    by_name = {item.concept: item for item in items}
    typed = typed.with_columns(
        _mended(cells[name], typed[name], by_name[name], table.is_workbook, faults)
        for name in names
        if name in uneven or typed[name].null_count() != cells[name].null_count()
    )
    for name, lowest in zip(names, typed.lazy().select(pl.col(names).min()).collect().row(0), strict=True):
        minimum = by_name[name].minimum
        if minimum is not None and lowest is not None and lowest < minimum:
            faults.add(by_name[name], "below_minimum", typed[name] < minimum)
    for name in uneven:
        if by_name[name].data_type == "count":
            faults.add(by_name[name], "not_whole", typed[name] != typed[name].round(0))
    return typed


def _mended(text: pl.Series, values: pl.Series, item: Item, is_workbook: bool, faults: _Faults) -> pl.Series:
    """A column in which something is no plain number, or may have more digits than are kept."""
    odd = text.is_not_null() & (values.is_null() | ~text.str.contains(_PLAIN))
    return _one_by_one(text, values, odd, item, is_workbook, faults) if odd.any() else values


def _one_by_one(
    text: pl.Series, values: pl.Series, odd: pl.Series, item: Item, is_workbook: bool, faults: _Faults
) -> pl.Series:
    """Each different odd text once: separators of thousands, full-width digits, stored binary numbers, marks."""
    meanings = {raw: _meaning(raw, is_workbook) for raw in text.filter(odd).unique()}
    numbers = {raw: meaning for raw, meaning in meanings.items() if isinstance(meaning, Decimal)}
    for reason_code in sorted({meaning for meaning in meanings.values() if isinstance(meaning, str)}):
        wrong = [raw for raw, meaning in meanings.items() if meaning == reason_code]
        faults.add(item, reason_code, odd & text.is_in(wrong))
    read = text.filter(odd).replace_strict(
        pl.Series(list(numbers), dtype=pl.String),
        pl.Series(list(numbers.values()), dtype=DECIMAL),
        default=None,
        return_dtype=DECIMAL,
    )
    return values.clone().scatter(odd.arg_true(), read)


def _meaning(raw: str, is_workbook: bool) -> Decimal | str | None:
    """The number that a text is, None for a blank or a mark of one, else the code of what is wrong with it."""
    plain = fold(raw).strip()
    if plain in MISSING_MARKS:
        return None
    if _FORMULA_ERROR.fullmatch(plain):
        return "formula_error"
    try:
        if is_workbook and re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", plain):
            number = parse_stored(plain)
        else:
            number = parse_number(plain)
    except QuantityError as error:
        return error.reason_code if error.reason_code in REASONS else "not_a_number"
    return stored_value(number.value)


# --- text and identity --------------------------------------------------------------------------------------


def _text(text: pl.Series, item: Item, faults: _Faults) -> pl.Series:
    """A column of text without blanks around it; months in one form."""
    plain = text.str.strip_chars()
    plain = pl.select(pl.when(plain != "").then(plain)).to_series().alias(item.concept)
    if item.data_type != "month":
        return plain
    month = plain.str.replace(r"^((?:19|20)\d\d)[-/.年](\d\d)(?:月|[-/.].*)?$", "${1}${2}").str.replace("^0$", "000000")
    faults.add(item, "month_invalid", month.is_not_null() & ~month.str.contains(_MONTH))
    return month


def _with_identity(
    typed: pl.DataFrame,
    layout: Layout,
    regions: Mapping[str, Region],
    changes: Mapping[str, tuple[str, ...]],
    faults: _Faults,
) -> pl.DataFrame:
    """Check code, region and industry of each unit; add the region of the reference date and the industry's letter."""
    form = layout.form
    code = typed["unit_code"].str.to_uppercase()
    faults.add(_unit_item(layout), "unit_code_invalid", code.is_not_null() & ~are_codes(code))
    settled = settle_regions(typed["region"], regions, changes, date(layout.year, 12, 31))
    for reason_code in ("unknown_region", "region_ceased", "region_not_yet"):
        faults.add(form.by_concept["region"], reason_code, settled["fault"] == reason_code)
    letters = industry_letters(typed["industry"])
    faults.add(form.by_concept["industry"], "industry_invalid", typed["industry"].is_not_null() & letters.is_null())
    return typed.with_columns(code, settled["region_code"], settled["is_successor"], letters.alias("industry_letter"))
