"""Shares told of the parts of an enumeration: 研究人员2300人,占41.1%; 甲5亿元、乙3亿元,分别占62.5%和37.5%.

What belongs here: finding the shares of parts that are known. What does not: finding the parts (``enumerations``),
shares of a whole that no enumeration ties to them (``told_shares``), lists of shares alone (``share_lists``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingestion.plans.counted import CountedSentence, Enumeration, Part, Share
from ingestion.plans.lists import joint_run
from ingestion.plans.tokens import Token
from ingestion.quantity import comparator_between

WEIGHT = r"(?:比重|比例|比率|份额|百分比)"
_SHARE = re.compile(
    rf"[^,。;、()\d]{{0,12}}?[,(](?:(?:所)?占(?P<of>[^,。;、()\d]{{0,20}}?)(?:的?{WEIGHT}|的|比)?|所?占?{WEIGHT})(?:约|达到?|为|是|仅)?"
)
_WHOLE = re.compile(r"^(?:其|全部|总体)|(?:总数|总量|总额|总人数|合计|总计)$")
_JOINTLY = re.compile(
    r"[^,。;、()\d]{0,12}?[,;:。(]?[^,。;、()\d增长降提]{0,24}?(?:占|比重|比例|份额)[^,。;、()\d增长降提]{0,16}$"
)
_RESPECTIVELY = re.compile(r"分别|依次|各自?占")
_ABROAD = re.compile(r"占全[国省球]")


def shares_of_parts(sentence: CountedSentence, item: Enumeration) -> Iterator[Share]:
    """Shares of the total behind its parts; 占全省的12% is a share of something else."""
    jointly = joint_shares(sentence, item.parts)
    if jointly:
        yield from (Share(item.total, part, token) for part, token in zip(item.parts, jointly, strict=True))
        return
    for part in item.parts:
        index = bisect_right(sentence.tokens, part.start, key=lambda token: token.start)
        if index >= len(sentence.tokens) or sentence.tokens[index].unit != "%" or part.times > 1:
            continue
        token = sentence.tokens[index]
        said = _SHARE.fullmatch(sentence.text[part.end : token.start])
        if said is not None and token.high is None and _is_of(said["of"] or "", item.total.label):
            after = sentence.text[token.end : token.end + 4]
            if comparator_between(sentence.text[part.end : token.start], after, is_target=False) == "eq":
                yield Share(item.total, part, token)


def _is_of(whole: str, total: str) -> bool:
    """Whether 占…的 names the total: nothing, 总数, or its own name."""
    name = _WHOLE.sub("", whole)
    return not name or (len(name) > 1 and name in total)


def joint_shares(sentence: CountedSentence, parts: Sequence[Part]) -> tuple[Token, ...]:
    """The shares of all parts, printed behind the last one in their order (分别占…); none, or one for each part."""
    if len(parts) < 2 or any(part.times > 1 for part in parts):
        return ()
    first = bisect_right(sentence.tokens, parts[-1].start, key=lambda token: token.start)
    run = sentence.tokens[first : first + len(parts)]
    if len(run) < len(parts) or any(not is_plain_share(token) for token in run):
        return ()
    gap = sentence.text[parts[-1].end : run[0].start]
    if len(gap) > 48 or not _JOINTLY.match(gap) or not _RESPECTIVELY.search(gap):
        return ()
    if _ABROAD.search(gap) and not 80 < sum(token.number.value for token in run) < 120:
        return ()  # of a wider area: no shares of what is enumerated
    return tuple(run) if joint_run(sentence.text, sentence.tokens, first) == len(parts) else ()


def is_plain_share(token: Token) -> bool:
    """Whether a number is one exact percentage in digits."""
    return token.unit == "%" and token.sort == "number" and token.high is None and not token.is_chinese


def labelled(parts: Sequence[Part], tokens: Sequence[Token]) -> tuple[Part, ...]:
    """The shares with the labels of the parts that they are of."""
    pairs = zip(parts, tokens, strict=True)
    return tuple(replace(part, start=token.start, end=token.end, token=token) for part, token in pairs)
