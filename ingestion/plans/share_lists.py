"""Shares that make up a whole: 企业、高校、院所和其他分别占87.4%、6.8%、4.1%和1.7%; 企业占87.4%、…、其他占1.7%.

What belongs here: finding such a list, its labels and its end. What does not: shares of a printed total
(``enumerations``, ``told_shares``), adding up (rules, in the warehouse). A list that ends in the others (其他), is
said to be the composition (构成) or names all classes of its kind leaves nothing out; any other is taken only where
its parts cannot overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingestion.plans.counted import LONGEST_LABEL, Part, ShareList
from ingestion.plans.lists import joint_run
from ingestion.plans.part_shares import WEIGHT, is_plain_share
from ingestion.plans.parts import is_rest, share_coverage
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST, trimmed

_RESPECTIVELY = re.compile(
    rf"(?:分别|依次)(?:约)?(?:占|为|是)[^,。;:、()\d]{{0,20}}$|{WEIGHT}(?:分别|依次)(?:约)?(?:为|是)$"
)
_STOP = re.compile(r"[。;:!?,(]")
_JOINT = re.compile(r"以及|[、和及与]")
_OWN = re.compile(
    rf"(?P<mark>[、,;:。(]|和|及|以及|^)(?P<label>[^,。;:、()\d]{{2,24}}?)"
    rf"(?:所?占(?:比|{WEIGHT}|[^,。;:、()\d]{{2,14}}的)?(?:{WEIGHT})?|的?{WEIGHT})(?:约|为|是|达到?)?$"
)
_BARE = re.compile(r"(?P<mark>[、,;:。(]|和|及|以及|^)(?P<label>[^,。;:、()\d占增长降提]{2,12})$")
"""Behind 构成是: 发明14.7%、实用新型51.2%."""
_IS_SAID = r"(?:情况)?(?:上|分别|依次)?(?:为|是|如下)?[,:]?$"
_ANNOUNCES = re.compile(rf"(?:构成|组成|结构|比重|占比|比例){_IS_SAID}")
_FIRST = re.compile(
    r"(?:构成|组成|结构|比重|占比|比例)(?:情况)?(?:上|分别|依次)?(?:为|是|如下)[,:]?(?P<label>[^,。;:、()\d占增长降提]{2,12})$"
)
_COMPOSED = re.compile(rf"(?:构成|组成|结构){_IS_SAID}")
_MOST = 12
"""Shares that one list may hold."""
_MARKS = ("、", ",", ";", "和", "及", "以及")


def read_share_lists(masked: str, tokens: Sequence[Token]) -> Iterator[ShareList]:
    """The lists of one paragraph, left to right, each as its shares with their labels.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
    """
    at = 0
    while at < len(tokens):
        found = _respectively(masked, tokens, at) or _labelled(masked, tokens, at)
        if found is not None:
            yield found
        at += len(found.parts) if found is not None else 1


def _respectively(masked: str, tokens: Sequence[Token], at: int) -> ShareList | None:
    """甲、乙和其他分别占|60%、30%、10%."""
    run = tokens[at : at + joint_run(masked, tokens, at)]
    if len(run) < 2 or not all(is_plain_share(token) for token in run):
        return None
    begin = max(tokens[at - 1].end if at else 0, run[0].start - LONGEST)
    said = _RESPECTIVELY.search(masked, begin, run[0].start)
    if said is None:
        return None
    begin = max((match.end() for match in _STOP.finditer(masked, begin, said.start())), default=begin)
    labels = _JOINT.split(masked[begin : said.start()])
    if len(labels) != len(run):
        return None
    return _list([_part(token, label) for token, label in zip(run, labels, strict=True)], is_said=False)


def _labelled(masked: str, tokens: Sequence[Token], first: int) -> ShareList | None:
    """甲占|60%、乙占|30%、其他占|10%."""
    parts: list[Part] = []
    is_announced = is_composed = False
    for at in range(first, min(first + _MOST, len(tokens))):
        token = tokens[at]
        begin = max(tokens[at - 1].end if at else 0, token.start - LONGEST_LABEL)
        said = _OWN.search(masked, begin, token.start)
        if said is None and (is_announced or not parts):
            said = (_BARE if parts else _FIRST).search(masked, begin, token.start)
        if not is_plain_share(token) or said is None:
            break
        if parts and (said.start() != begin or said["mark"] not in _MARKS):
            break
        if not parts:
            is_announced = _opens(masked, begin, said.start("label"))
            is_composed = _is_composed(masked, begin, said.start("label"))
        parts.append(_part(token, said["label"]))
        if is_rest(said["label"]):
            break
    return _list(parts, is_said=is_composed)


def _opens(masked: str, begin: int, end: int) -> bool:
    """Whether the words right before a place announce shares: 构成是, 比重分别为."""
    return _ANNOUNCES.search(masked, begin, end) is not None


def _is_composed(masked: str, begin: int, end: int) -> bool:
    """Whether they say that the shares are of all parts."""
    return _COMPOSED.search(masked, begin, end) is not None


def _list(parts: Sequence[Part], *, is_said: bool) -> ShareList | None:
    coverage = share_coverage([part.label for part in parts], is_said=is_said)
    enough = len(parts) > 2 or (len(parts) > 1 and coverage == "complete")
    return ShareList(tuple(parts), coverage) if coverage is not None and enough else None


def _part(token: Token, label: str) -> Part:
    return Part(token.start, token.end, token, trimmed(label).removesuffix("占比") or label)
