"""Which time phrase of a paragraph governs the paragraphs below it.

What belongs here: that decision. What does not: finding phrases (``periods``), time within a paragraph (``carry``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ingestion.plans.clauses import Setting
from ingestion.plans.periods import PeriodPhrase, Window
from ingestion.plans.tokens import Token

# 规划期为2026年至2030年, 以2025年为基期: what the plan says of itself
_DECLARED = re.compile(
    r"(?:规划|计划|实施|行动|方案)(?:期限?|年限|周期)(?:为|是|自|从|:)?$|(?:基期|基年|基准[年期])(?:年份|年度)?(?:为|是|:|定为)?$"
)
_AS_BASE = re.compile(r"(?:作?为|是)(?:本?规划)?(?:的)?(?:基期|基年|基准)")


def lasting(
    masked: str,
    phrases: Sequence[PeriodPhrase],
    tokens: Sequence[Token],
    stops: Sequence[int],
    window: Window,
    setting: Setting,
) -> PeriodPhrase | None:
    """The phrase that governs what follows in the same section: the last one that may, else the inherited one.

    Args:
        masked: the paragraph.
        phrases: its time phrases, in order.
        tokens: its quantities, in order.
        stops: where its sentences end.
        window: the years of the plan.
        setting: what the paragraph inherits.
    """
    leading = (phrase for phrase in reversed(phrases) if _leads(masked, phrase, tokens, stops, setting))
    return next((phrase for phrase in leading if _lasts(phrase, window, setting)), setting.governing)


def _lasts(phrase: PeriodPhrase, window: Window, setting: Setting) -> bool:
    """Whether a phrase governs the next paragraphs; in a review an earlier year or a target is only an aside."""
    earlier = phrase.role == "actual" and not phrase.span and phrase.year != window.last_known
    aside = setting.retrospective and (earlier or phrase.role == "target")
    return phrase.is_lasting and not aside


def _leads(masked: str, phrase: PeriodPhrase, tokens: Sequence[Token], stops: Sequence[int], setting: Setting) -> bool:
    """Whether a phrase may govern the next paragraphs: none that declares the plan's years, nor a later milestone.

    A milestone behind other goals (由29家增加到60家,2023年达到45家) is one of that goal alone.
    """
    near = masked[max(0, phrase.start - 24) : phrase.start]
    if _DECLARED.search(near) or _AS_BASE.match(masked, phrase.end):
        return False
    governing = setting.governing
    if phrase.role == "actual" or (governing.role != "target" if governing is not None else not setting.aims):
        return True
    index = bisect_right(stops, phrase.start)
    first = bisect_left(tokens, stops[index - 1] if index else 0, key=lambda token: token.start)
    opens = masked[phrase.start - 1 : phrase.start] in ("", ";", ":", "。")
    behind_others = not opens and first < len(tokens) and tokens[first].start < phrase.start
    steps_back = governing is not None and phrase.year < governing.year and masked.endswith("。")
    return not behind_others and not (steps_back and len(tokens) > 0)
