"""Periods as printed in returns: year, half-year, quarter, month, cumulated quarters, span of years.

What belongs here: reading one period and knowing its last day. What does not: which period a cell belongs to.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

from ingestion.quantity import squeeze

_YEAR = r"(?:19[5-9]\d|20\d\d)"
_CODES = (
    re.compile(rf"{_YEAR}"),
    re.compile(rf"{_YEAR}-S[12]"),
    re.compile(rf"{_YEAR}-Q[1-4]"),
    re.compile(rf"{_YEAR}-Q1--Q[2-4]"),
    re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2])"),
)
_SPAN = re.compile(rf"({_YEAR})-({_YEAR})")
_PRINTED = (
    (re.compile(rf"({_YEAR})(?:年|年度)"), "{0}"),
    (re.compile(rf"({_YEAR})年上半年"), "{0}-S1"),
    (re.compile(rf"({_YEAR})年下半年"), "{0}-S2"),
    (re.compile(rf"({_YEAR})年前三季度"), "{0}-Q1--Q3"),
)
_QUARTER = re.compile(rf"({_YEAR})年第?([一二三四1-4])季度")
_MONTH = re.compile(rf"({_YEAR})年(1[0-2]|0?[1-9])月")


@lru_cache(maxsize=4096)
def parse_period(text: str) -> str | None:
    """The period code (2020, 2020-S1, 2020-Q1, 2021-Q1--Q3, 2020-07, 2016-2020), or None when it is no period."""
    plain = squeeze(text)
    if any(code.fullmatch(plain) for code in _CODES):
        return plain
    span = _SPAN.fullmatch(plain)
    if span:
        return plain if span[1] < span[2] else None
    for pattern, form in _PRINTED:
        match = pattern.fullmatch(plain)
        if match:
            return form.format(match[1])
    quarter = _QUARTER.fullmatch(plain)
    if quarter:
        order = "一二三四".find(quarter[2]) + 1 or int(quarter[2])
        return f"{quarter[1]}-Q{order}"
    month = _MONTH.fullmatch(plain)
    return f"{month[1]}-{int(month[2]):02d}" if month else None


@lru_cache(maxsize=4096)
def period_end(period: str) -> date:
    """The last day of a period code."""
    year = int(period[:4])
    if _SPAN.fullmatch(period):
        return date(int(period[5:]), 12, 31)
    month = 12
    tail = period[5:]
    if "Q" in tail:
        month = int(tail[-1]) * 3
    elif tail.startswith("S"):
        month = int(tail[1]) * 6
    elif tail:
        month = int(tail)
    return date(year, month, calendar.monthrange(year, month)[1])
