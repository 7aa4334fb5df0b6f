"""Rows of numbers over years: 逐年为1.2亿元、1.4亿元和1.7亿元.

What belongs here: giving each number of such a row its year, or telling that nobody knows it. What does not: names and
years enumerated before 分别 (``lists``), what carries on otherwise (``sentences``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingestion.plans.carry import State
from ingestion.plans.clauses import Text
from ingestion.plans.lists import joint_run, years_of_span
from ingestion.plans.periods import span_text
from ingestion.plans.tokens import Token

_ROW = re.compile(r"[、和及与]|以及")


def hand_out_years(whole: Text, tokens: Sequence[Token], index: int, state: State, *, respectively: bool) -> None:
    """Give the numbers of a row (逐年为1.2亿元、1.4亿元和1.7亿元) a year each; whose they are without, nobody knows."""
    run = joint_run(whole.masked, tokens, index)
    if run < 2:
        return
    last = state.recent_years[-1] if state.recent_years else None
    years = years_of_span(last, run) if respectively or run > 2 else ()
    if not years and respectively:
        years = tuple(year for year in state.recent_years[-run:] if year.span is None)
    if run == len(years) == len({year.year for year in years}):
        state.handed = span_text(years[0].year, years[-1].year)
        state.governing, state.years, state.level_period = years[0], years[1:], None
    elif _is_row(whole.masked, tokens[index : index + run]):
        state.unclear_until = tokens[index + run - 1].end


def _is_row(masked: str, tokens: Sequence[Token]) -> bool:
    """Whether like numbers stand in a row with nothing but 、 and 和 between them."""
    alike = len({token.unit for token in tokens}) == 1 and all(token.sort == "number" for token in tokens)
    gaps = (masked[one.end : other.start] for one, other in pairwise(tokens))
    return alike and all(_ROW.fullmatch(gap) for gap in gaps)
