"""Shares that make up a whole: 企业、高校、院所和其他分别占87.4%、6.8%、4.1%和1.7%; 企业占87.4%、…、其他占1.7%.

What belongs here: finding such a list, its labels and its end. What does not: shares of a printed total
(``enumerations``, ``told_shares``), adding up (rules, in the warehouse). Only a list that ends in the others (其他)
says that it leaves nothing out; any other is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingestion.plans.counted import LONGEST_LABEL, Part
from ingestion.plans.lists import joint_run
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST, trimmed

_OTHERS = re.compile(r"(?:和|及|以及|与)?(?:其他|其它|其余)")
_RESPECTIVELY = re.compile(r"分别(?:约)?(?:占|为|是)[^,。;:、()\d]{0,20}$")
_STOP = re.compile(r"[。;:!?,(]")
_JOINT = re.compile(r"以及|[、和及与]")
_OWN = re.compile(
    r"(?P<mark>[、,;:。(]|和|及|以及|^)(?P<label>[^,。;:、()\d]{2,24}?)(?:所)?占(?:比|[^,。;:、()\d]{2,14}的)?(?:约|为|达到?)?$"
)
_MOST = 12
"""Shares that one list may hold."""
_MARKS = ("、", ",", ";", "和", "及", "以及")


def read_share_lists(masked: str, tokens: Sequence[Token]) -> Iterator[tuple[Part, ...]]:
    """The lists of one paragraph, left to right, each as its shares with their labels.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
    """
    at = 0
    while at < len(tokens):
        found = _respectively(masked, tokens, at) or _labelled(masked, tokens, at)
        if found:
            yield found
        at += max(1, len(found))


def _respectively(masked: str, tokens: Sequence[Token], at: int) -> tuple[Part, ...]:
    """甲、乙和其他分别占|60%、30%、10%."""
    run = tokens[at : at + joint_run(masked, tokens, at)]
    if len(run) < 3 or not all(_is_share(token) for token in run):
        return ()
    begin = max(tokens[at - 1].end if at else 0, run[0].start - LONGEST)
    said = _RESPECTIVELY.search(masked, begin, run[0].start)
    if said is None:
        return ()
    begin = max((match.end() for match in _STOP.finditer(masked, begin, said.start())), default=begin)
    labels = _JOINT.split(masked[begin : said.start()])
    if len(labels) != len(run) or not _OTHERS.match(labels[-1]):
        return ()
    return tuple(_part(token, label) for token, label in zip(run, labels, strict=True))


def _labelled(masked: str, tokens: Sequence[Token], first: int) -> tuple[Part, ...]:
    """甲占|60%、乙占|30%、其他占|10%."""
    parts: list[Part] = []
    for at in range(first, min(first + _MOST, len(tokens))):
        token = tokens[at]
        begin = max(tokens[at - 1].end if at else 0, token.start - LONGEST_LABEL)
        said = _OWN.search(masked, begin, token.start)
        if not _is_share(token) or said is None:
            break
        if parts and (said.start() != begin or said["mark"] not in _MARKS):
            break
        parts.append(_part(token, said["label"]))
        if _OTHERS.match(said["label"]):
            return tuple(parts) if len(parts) > 2 else ()
    return ()


def _is_share(token: Token) -> bool:
    return token.unit == "%" and token.sort == "number" and token.high is None and not token.is_chinese


def _part(token: Token, label: str) -> Part:
    return Part(token.start, token.end, token, trimmed(label).removesuffix("占比") or label)
