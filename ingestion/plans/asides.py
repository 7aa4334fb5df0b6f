"""Years said aside: of a number in brackets behind it, of the year before, of an earlier year beside a level.

What belongs here: whether a time phrase holds of one number alone. What does not: what carries on (``carry``), finding
time phrases (``periods``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.plans.carry import State
from ingestion.plans.periods import PeriodPhrase
from ingestion.plans.tokens import Token

_IS_OF = re.compile(r"(?:是|为|相当于|等于|达到?|达)$")
_MULTIPLIED = re.compile(r"\)?的(?:近|约)?[\d.一二两三四五六七八九十]{1,6}(?:倍|成|%)")
_ONLY_THEN = re.compile(r"(?:底|末|度)?(?:时|全市|全县|全省)?(?:仅|只|才)(?:有|为|是)?")
_SHARE_OF_IT = re.compile(r",?所?(?:占|相当于)[^,。;()]{0,40}[%‰](?:\([^()]*\))?")
_WAS = re.compile(r"(?:底|末|度)?时?(?:共|则|已)?(?:为|是|有)?")
# 7386家,上年末为|6698家; 比上年…, 是上年的… are comparisons.
LAST_YEAR = re.compile(r"[,;:(](?:而|但)?(?:上一?年度?|前一年)(?:年?末|年?底|同期)?(?!的)")
IS_LEVEL = re.compile(r"(?:全[省市县区州盟旗]|[我本][省市县区州])?(?:则|仅|只|共|已|就)*(?:为|是|有|达到?)?(?:约)?")


def year_behind(masked: str, token: Token, phrases: Sequence[PeriodPhrase], pointer: int) -> PeriodPhrase | None:
    """The time phrase in brackets right behind a number: 1.5%(2025年)."""
    phrase = phrases[pointer] if pointer < len(phrases) else None
    if phrase is None or not token.end < phrase.start <= token.end + 3:
        return None
    alone = masked[phrase.start - 1] == "(" and masked[phrase.end : phrase.end + 1] == ")"
    between = masked[token.end : phrase.start - 1]
    return phrase if alone and between in ("", "以上", "左右") else None


def year_before(state: State, token: Token) -> PeriodPhrase | None:
    """The year before that of the level just read: 2023年604.1亿元,上年为|558.2亿元. None among parts of a whole."""
    year = state.level_period
    if year is None or not year.isdigit() or state.total is not None or state.subject is None:
        return None
    before = int(year) - 1
    return PeriodPhrase(token.start, token.start, before, None, "actual", str(before), is_lasting=False)


def is_base(masked: str, phrase: PeriodPhrase, token: Token, governing: PeriodPhrase | None, *, is_grown: bool) -> bool:
    """Whether a dated number is only what another one is held against: 是2020年|6485家|的2.5倍, 而2015年仅|158家.

    ``is_grown``: the level before has told its growth, so that what comes now may have its own.
    """
    near = 0 <= token.start - phrase.end <= 2 and _IS_OF.search(masked, max(0, phrase.start - 4), phrase.start)
    if near and _MULTIPLIED.match(masked, token.end) is not None:
        return True
    is_earlier = governing is not None and governing.span is None and phrase.year < governing.year
    if not is_earlier:
        return False
    beside = masked[phrase.start - 1 : phrase.start] in (",", ";", "(") and phrase.start > 0
    if beside and not is_grown and _WAS.fullmatch(masked, phrase.end, token.start) is not None:
        return True  # 2020年109.6亿元,2015年为|82.7亿元,五年增加…
    return _ONLY_THEN.fullmatch(masked, phrase.end, token.start) is not None


def share_beside(masked: str, token: Token) -> tuple[int, int] | None:
    """Where the share of a number stands, which is of its year: 2005年为|1.62亿元,占0.40%(当年生产总值408.6亿元)."""
    match = _SHARE_OF_IT.match(masked, token.end)
    return match.span() if match is not None else None
