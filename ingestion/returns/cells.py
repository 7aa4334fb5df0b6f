"""Sheets of cells: the one shape in which every format of a return is looked at.

What belongs here: cells, sheets, addresses, what a cell holds (number, mark, text). What does not: opening files
(``open``), what a label or a number means (``headers``, ``meaning``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.quantity import MISSING_MARKS, PrintedNumber, QuantityError, fold, parse_number, parse_stored, squeeze

_CJK = re.compile(r"[\u3400-\u9fff]")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)")
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


def column_letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def rectangle(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows padded to one width, empty rows and columns at the end taken off."""
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell.text), default=0)
    while rows and not any(cell.text for cell in rows[-1]):
        rows = rows[:-1]
    return tuple(tuple(row[:width]) + (EMPTY,) * (width - len(row[:width])) for row in rows)


def number_cell(value: int | float) -> Cell:
    """A cell that stores a number; its text is the number at 15 significant digits, 445.0 as 445."""
    stored = repr(value)
    try:
        return Cell(f"{parse_stored(stored).value:f}", stored)
    except QuantityError:
        return Cell(stored, stored)


def read_number(cell: Cell) -> PrintedNumber:
    """The number in a cell: what a numeric cell stores, the literal text of a text cell.

    Raises:
        QuantityError: ``missing_value``, ``not_a_number`` or ``out_of_range``.
    """
    return parse_stored(cell.stored) if cell.stored is not None else parse_number(cell.text)


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
    """A number, or a text with digits that somebody meant as one (``1591①``); not a mark, a date or plain words."""
    if is_missing(cell) or _DATE.match(cell.text):
        return False
    plain_words = has_cjk(cell.text) or re.search("[A-Za-z]{3}", cell.text) is not None
    return cell.is_number or (has_digit(cell.text) and not plain_words)


def has_digit(text: str) -> bool:
    """Whether an Arabic digit occurs, full-width ones too."""
    return re.search(r"[0-9]", fold(text)) is not None


def has_cjk(text: str) -> bool:
    """Whether a Chinese character occurs."""
    return _CJK.search(text) is not None


def year_of(text: str) -> int | None:
    """2020 from ``2020``, ``2020年``, ``2 0 2 0 年``; None for anything else."""
    match = _YEAR.fullmatch(squeeze(text))
    return int(match[1]) if match else None
