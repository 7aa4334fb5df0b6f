"""Shares of things counted one by one, where only all of them are counted: 85家重点企业中,46.1%建有研发机构.

What belongs here: finding such a share and the number of things. What does not: shares whose part is printed
(``told_shares``), whether some whole number of things gives the share (a rule, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingestion.plans.part_shares import WEIGHT, is_plain_share
from ingestion.plans.tokens import Token, is_exact
from ingestion.registry import Registry

_NAME = r"[^,。;:、()\d]"
_AMONG = rf"(?:{_NAME}{{1,24}}[中里内],?|{_NAME}{{0,24}},其中,?)"
# 规模以上工业企业中,有R&D活动的占|34.9%
_NAMED = re.compile(rf"{_AMONG}{_NAME}{{2,24}}(?:所?占(?:比|总数的)?|的?{WEIGHT})(?:约|达到?|为|是)*")
# 重点科技企业中,|46.1%建有市级以上研发机构
_BARE = re.compile(rf"{_AMONG}(?:已?有|已)?")
_DOING = re.compile(
    rf"的?{_NAME}{{0,6}}(?:有|开展|建立|设立|实现|获|通过|参[加与]|属|为|达到|来自|实施|完成|加入|承担)"
)
_ELSEWHERE = re.compile(r"全[国省球]|(?<!占)比(?![例重率])|较|增|减|目标|力争|每|收入|产值|经费|资金|投入|利润|出口|额")
_THINGS = frozenset({"count", "persons"})


@dataclass(frozen=True, slots=True)
class CountedShare:
    """A share with the number of all things, which are counted one by one."""

    token: Token
    whole: Token


def read_counted_shares(masked: str, tokens: Sequence[Token], registry: Registry) -> Iterator[CountedShare]:
    """The shares of one paragraph that are of the number right before them, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        registry: the units.
    """
    for whole, token in pairwise(tokens):
        if not is_plain_share(token) or not _counts_things(whole, registry):
            continue
        gap = masked[whole.end : token.start]
        is_said = _NAMED.fullmatch(gap) or (_BARE.fullmatch(gap) and _DOING.match(masked, token.end))
        if is_said and not _ELSEWHERE.search(gap) and is_exact(masked, whole) and is_exact(masked, token):
            yield CountedShare(token, whole)


def _counts_things(token: Token, registry: Registry) -> bool:
    unit = registry.unit(token.unit or "")
    whole = token.number.decimals == 0 and token.number.value > 0
    return whole and unit is not None and unit.dimension in _THINGS and unit.factor == 1
