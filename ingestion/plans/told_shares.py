"""Shares told of an amount whose whole is printed apart: 9.8亿元,占全社会R&D经费的79%; 占GDP(380亿元)的0.9%.

What belongs here: finding such a share with its part and its whole. What does not: shares of a total that the parts are
enumerated under (``enumerations``), the share against part and whole (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingestion.plans.counted import Part
from ingestion.plans.enumerations import Share
from ingestion.plans.names import Names
from ingestion.plans.sentences import Quantity
from ingestion.plans.tokens import Token
from ingestion.quantity import comparator_between
from ingestion.registry import Alias

_SHARE_WORDS = r"(?:的?(?:比重|比例|比率|份额)|的|比)?(?:约|达到?|为|仅)?"
# 812亿元,占|地区生产总值(|3749亿元|)的比重为|24.3%
_HEAD = re.compile(r"[^,。;、()\d]{0,12}[,(]?(?:所)?占(?P<of>[^,。;、()\d]{2,24})\(")
_TAIL = re.compile(rf"\){_SHARE_WORDS}")
_NAMED = re.compile(rf"[^,。;、()\d]{{0,12}}[,(](?:所)?占(?P<of>[^,。;、()\d]{{2,30}}?){_SHARE_WORDS}")
_OWN = re.compile(r"^(?:全[市县区州旗盟]|[我本][市县区州]|全部|同期)")
_ELSEWHERE = re.compile(r"^(?:全[国省]|我[国省]|全自治区)")
_LEVELS = frozenset({"actual", "baseline"})
_FAR = 12
"""Quantities that a whole may lie back."""


def read_told_shares(
    masked: str, tokens: Sequence[Token], quantities: Sequence[Quantity], names: Names
) -> Iterator[Share]:
    """The shares of one paragraph that name their whole, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        quantities: what was understood of them.
        names: indicators and regions as this document uses them.
    """
    by_place = {token.start: token for token in tokens}
    by_start = {item.start: at for at, item in enumerate(quantities)}
    for at in range(1, len(tokens)):
        token, before = tokens[at], tokens[at - 1]
        if token.unit != "%" or token.high is not None or token.sort != "number":
            continue
        share = by_start.get(token.start)
        if share is not None and quantities[share].subject.alias is not None:
            continue  # an indicator of its own: the rules of ratios ask for it
        gap = masked[before.end : token.start]
        if comparator_between(gap, masked[token.end : token.end + 4], is_target=False) != "eq":
            continue
        if at > 1 and _TAIL.fullmatch(gap):
            head = _HEAD.fullmatch(masked[tokens[at - 2].end : before.start])
            if head is not None and _are_alike(names, tokens[at - 2], before):
                index = by_start.get(tokens[at - 2].start)
                label = quantities[index].subject.name if index is not None else ""
                yield Share(_part(before, head["of"]), _part(tokens[at - 2], label), token)
            continue
        said = _NAMED.fullmatch(gap)
        index = by_start.get(before.start)
        if said is None or index is None or quantities[index].kind not in _LEVELS:
            continue
        whole = _whole(said["of"], quantities[max(0, index - _FAR) : index], quantities[index], names)
        found = by_place.get(whole.start) if whole is not None else None
        if found is not None and _are_alike(names, before, found):
            yield Share(_part(found, said["of"]), _part(before, quantities[index].subject.name), token)


def _part(token: Token, label: str) -> Part:
    return Part(token.start, token.end, token, label)


def _are_alike(names: Names, one: Token, other: Token) -> bool:
    units = [names.registry.unit(token.unit or "") for token in (one, other)]
    exact = all(token.high is None and token.sort == "number" and not token.is_chinese for token in (one, other))
    return exact and units[0] is not None and units[1] is not None and units[0].dimension == units[1].dimension


def _whole(of: str, earlier: Sequence[Quantity], part: Quantity, names: Names) -> Quantity | None:
    """The nearest level of the part's period that the words name: by the same words, or by the same indicator."""
    if _ELSEWHERE.match(of):
        return None
    meaning = _meaning(names.exact(of))
    for item in reversed(earlier):
        if item.kind not in _LEVELS or item.period != part.period or item.comparator != "eq":
            continue
        same = meaning is not None and _meaning(item.subject.alias) == meaning
        if same or _OWN.sub("", item.subject.name) == _OWN.sub("", of):
            return item if item.subject.region_code == part.subject.region_code else None
    return None


def _meaning(alias: Alias | None) -> tuple[str, str, str] | None:
    """The series that a name stands for."""
    if alias is None or alias.indicator_code is None:
        return None
    return alias.indicator_code, alias.variant, alias.breakdown
