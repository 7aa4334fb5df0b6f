"""Sheets of cells: the one shape in which every format of a return is looked at.

What belongs here: cells, sheets, addresses, what a cell holds (number, mark, text). What does not: opening files
(``open``), what a label or a number means (``headers``, ``meaning``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingestion.quantity import MISSING_MARKS, PrintedNumber, QuantityError, fold, parse_number, parse_stored, squeeze

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_FORMULA_ERROR = re.compile(r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3}")
# 1591①, 0.91*, 12.5[1]: a mark that cannot be a part of the number refers to a note below the table
_FOOTNOTE = re.compile(
    r"(?P<number>.*\d)\s*(?:[\u2460-\u249b\u24d0-\u24e9\u2776-\u277f\u00b9\u00b2\u00b3\u2070-\u2079*※†‡]{1,3}|\[\d{1,2}\])"
)
_MEASURE = r"(?:(?![年月日])[\u4e00-\u9fff%‰]){0,4}"
# 约7左右, 近9, 20余家, 三成: meant as a number, and no clear one; 近5年 is a label
_WORDED = re.compile(
    rf"(?:大约|约|近|超过|超|逾|不足|突破|接近|达到|达|[<>≤≥])\d[\d,.]*[余多]?{_MEASURE}"
    rf"|\d[\d,.]*[余多]{_MEASURE}|\d[\d,.]*{_MEASURE}(?:左右|上下)"
    r"|[约近超]?[一二三四五六七八九十两]{1,3}成(?:左右|以上)?|[过近]?半数?"
)
_CJK = re.compile(r"[\u3400-\u9fff]")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LONGEST_YEAR = 40  # characters: 2020年度 or 大约20余家 with blanks between
_EXACT_LENGTH = 15  # characters: never more than the significant digits that a binary number keeps
_YEAR = re.compile(r"((?:19[5-9]|20\d)\d)年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text as shown in lines and addresses, and what a numeric cell stores."""

    text: str
    stored: str | None = None
    """The stored number as text (shortest exact form of the binary value), None for text cells."""

    @property
    def is_number(self) -> bool:
        """Whether the file stores a number here, not a text that may look like one."""
        return self.stored is not None


EMPTY = Cell("")

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged range, from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rectangle of cells. ``name`` is None for a CSV."""

    name: str | None
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    line_numbers: tuple[int, ...] = ()
    """The file line on which each row starts (CSV); empty: row 1, 2, 3 …"""
    before: tuple[str, ...] = ()
    """Texts printed above the table but outside of it (HTML)."""
    after: tuple[str, ...] = ()
    """Texts printed below the table but outside of it (HTML)."""
    hidden: bool = False

    @property
    def width(self) -> int:
        """Columns of the rectangle."""
        return len(self.rows[0]) if self.rows else 0

    def line(self, row: int) -> int:
        """The line of the source on which a row stands, from 1."""
        return self.line_numbers[row] if self.line_numbers else row + 1

    def cell_name(self, row: int, column: int) -> str:
        """The address inside the sheet: B5."""
        return f"{column_letters(column)}{self.line(row)}"

    def address(self, row: int, column: int) -> str:
        """The address with the sheet: ``Sheet1!B5``, and ``B5`` in a CSV."""
        cell = self.cell_name(row, column)
        return cell if self.name is None else f"{self.name}!{cell}"


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def visible(text: str) -> str:
    """A text without the characters of no width that copying from web pages leaves inside of names."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def rectangle(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows padded to one width, empty rows and columns at the end taken off."""
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell.text), default=0)
    while rows and not any(cell.text for cell in rows[-1]):
        rows = rows[:-1]
    return tuple(tuple(row[:width]) + (EMPTY,) * (width - len(row[:width])) for row in rows)


def number_cell(value: int | float) -> Cell:
    """A cell that stores a number; its text is the number at 15 significant digits, 445.0 as 445."""
    stored = repr(value)
    if len(stored) <= _EXACT_LENGTH and "e" not in stored and "n" not in stored:  # as it stands, no inf and no nan
        text = stored.removesuffix(".0")
        if text != "-0":
            return Cell(text, text)
    try:
        return Cell(f"{parse_stored(stored).value:f}", stored)
    except QuantityError:
        return Cell(stored, stored)


def read_number(cell: Cell) -> PrintedNumber:
    """The number in a cell: what a numeric cell stores, the literal text of a text cell.

    Raises:
        QuantityError: ``missing_value``, ``not_a_number``, ``formula_error`` or ``out_of_range``.
    """
    text, stored = cell.text, cell.stored
    if stored is not None:
        return PrintedNumber(Decimal(text), _decimals(text)) if _is_exact(cell) else parse_stored(stored)
    if len(text) <= _EXACT_LENGTH and _PLAIN.fullmatch(text):
        return PrintedNumber(Decimal(text), _decimals(text))
    if _FORMULA_ERROR.fullmatch(text):
        raise QuantityError("formula_error", f"{text!r} is the error of a formula")
    marked = _FOOTNOTE.fullmatch(fold(text).strip())
    return parse_number(marked["number"] if marked else text)


def stored_decimals(cell: Cell) -> int | None:
    """The decimals of a stored number, None for a text cell and for a number that cannot be told."""
    if _is_exact(cell):
        return _decimals(cell.text)
    number = number_or_none(cell) if cell.is_number else None
    return number.decimals if number is not None else None


def _is_exact(cell: Cell) -> bool:
    """Whether the stored number has so few digits that its text is the number: nothing to round."""
    return cell.stored is cell.text and len(cell.text) <= _EXACT_LENGTH and _PLAIN.fullmatch(cell.text) is not None


def _decimals(plain: str) -> int:
    point = plain.find(".")
    return len(plain) - point - 1 if point >= 0 else 0


def number_or_none(cell: Cell) -> PrintedNumber | None:
    """The number in a cell, or None where there is no clear one. Chinese numerals do not count as data."""
    if cell.stored is None and not re.search(r"\d", fold(cell.text)):
        return None
    try:
        return read_number(cell)
    except QuantityError:
        return None


def is_missing(cell: Cell) -> bool:
    """Whether the whole cell is blank or a mark that stands for no number."""
    return cell.stored is None and fold(cell.text).strip() in MISSING_MARKS


def is_figure_like(cell: Cell) -> bool:
    """A number, or a text that somebody meant as one (``1591①``, 约7左右); not a mark, a date or plain words."""
    if cell.stored is not None:
        return True
    text = cell.text
    if not text:
        return False
    if _PLAIN.fullmatch(text):
        return True
    if is_missing(cell) or is_date(text):
        return False
    if _FORMULA_ERROR.fullmatch(text) or text.startswith("="):
        return True
    if has_cjk(text):
        return len(text) <= _LONGEST_YEAR and _WORDED.fullmatch(squeeze(text)) is not None
    return has_digit(text) and re.search("[A-Za-z]{3}", text) is None


def is_date(text: str) -> bool:
    """Whether a text starts with a day such as 2021-03-15."""
    return _DATE.match(text) is not None


def has_digit(text: str) -> bool:
    """Whether an Arabic digit occurs, full-width ones too."""
    return re.search(r"[0-9]", fold(text)) is not None


def has_cjk(text: str) -> bool:
    """Whether a Chinese character occurs."""
    return _CJK.search(text) is not None


def year_of(text: str) -> int | None:
    """2020 from ``2020``, ``2020年``, ``2 0 2 0 年``; None for anything else."""
    if len(text) > _LONGEST_YEAR:
        return None
    match = _YEAR.fullmatch(squeeze(text))
    return int(match[1]) if match else None
