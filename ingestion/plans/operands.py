"""Operand records of stated relations: one number with its interval and what it stands for.

What belongs here: the record and the value as printed. What does not: which numbers a relation has (``relations``,
``stated_changes``, ``told_rows``), values in base units (``stated``).
"""

from __future__ import annotations

from decimal import Decimal

from ingestion.figures import RelationOperand
from ingestion.quantity import Interval, PrintedNumber, rounding_interval, stored_interval, stored_value

Size = tuple[Decimal, Interval]
"""A value with the interval that its last digit leaves open."""


def as_printed(number: PrintedNumber) -> Size:
    """Value and rounding interval in the unit that is printed."""
    return stored_value(number.value), stored_interval(rounding_interval(number))


def operand_record(
    relation_id: str,
    ordinal: int,
    role: str,
    *,
    label: str,
    printed_text: str,
    size: Size,
    figure_id: str | None,
    times: int = 1,
) -> RelationOperand:
    """The record of one operand; an end that is open on one side is the value itself."""
    value, interval = size
    return RelationOperand(
        relation_id=relation_id,
        ordinal=ordinal,
        role=role,
        label=label.replace("\ufffc", ""),
        printed_text=printed_text,
        times=times,
        value=value,
        value_lo=interval.lo if interval.lo is not None else value,
        value_hi=interval.hi if interval.hi is not None else value,
        figure_id=figure_id,
    )
