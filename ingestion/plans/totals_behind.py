"""Enumerations whose total stands elsewhere: 国家级7个、省级28个，共35个; 35个,其中…;分类型看,….

What belongs here: finding such a total and its parts. What does not: totals right before their parts
(``enumerations``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ingestion.plans.counted import (
    LONGEST_LABEL,
    CountedSentence,
    Enumeration,
    Part,
    Partition,
    amount,
    are_alike,
    is_aside,
    is_counted,
    noun_behind,
    without_brackets,
)
from ingestion.plans.runs import MOST, part_before, read_backwards
from ingestion.quantity import parse_count

_AFTERWARDS = re.compile(
    r"(?:以上|上述|[两三四五六]者|[两三四五六][项年]|全[市县区省州]|(?:各|[两三四五六])[类级种][^,;:、()\d]{0,10}?)?"
    r"(?:一共|总共|共计|共有|共|合计|总计|总数|总量|总额)(?![同享建产青性识])[^,;:、()\d]{0,14}"
)
_YEARS = re.compile(r"(?P<n>[两三四五六])年")
_RATE = re.compile(r"每|平均|年均|年度")
_OTHERS = re.compile(r"\d[^,;。]*[,;。].*\d")
_OPEN_ENDED = re.compile(r"(?<![一二三四五特中高初优同])等(?:[^,。;、()\d]{0,12})$")

_NEAR = Decimal("0.2")
"""How far parts may miss a total that others are parts of, to be taken for its parts too."""


def parted_again(sentence: CountedSentence, former: Enumeration | None, item: Partition) -> Enumeration | None:
    """86个,其中国家级9个、省级77个;分类型看,…: the total of the enumeration before, told apart along something else."""
    if (
        former is None
        or former.parts[0].start < former.total.start
        or (former.coverage == "overlapping" and len(former.parts) < 2)
    ):
        return None
    begin, first = former.parts[-1].end, item.parts[0]
    between = sentence.text[begin : first.start]
    if begin > first.start or len(between) > 3 * LONGEST_LABEL or _OTHERS.search(between):
        return None
    if not all(are_alike(sentence, former.total.token, part.token) for part in item.parts):
        return None
    total = amount(sentence, former.total)
    summed = sum((amount(sentence, part) for part in item.parts), Decimal(0))
    return Enumeration(former.total, item.parts, item.coverage) if abs(summed - total) <= _NEAR * total else None


def parts_before_total(sentence: CountedSentence, index: int) -> Iterator[Enumeration]:
    """国家级7个、省级28个、市级61个，共96个: the parts right before a total that names none of its own."""
    token = sentence.tokens[index]
    inside = sentence.inside[index]
    text = sentence.text
    near = max(sentence.start, token.start - LONGEST_LABEL)
    mark = max(text.rfind(symbol, near, token.start) for symbol in ",;:、(")
    clause = text[mark + 1 : token.start]
    if mark < 0 or _AFTERWARDS.fullmatch(clause) is None or index < 2:
        return
    level = inside
    if inside == mark:
        level = next(
            (
                sentence.inside[at]
                for at in range(index - 1, max(-1, index - MOST), -1)
                if sentence.inside[at] != inside
            ),
            -1,
        )
    parts: list[Part] = []
    end = mark
    for at in range(index - 1, max(-1, index - 1 - MOST), -1):
        other = sentence.tokens[at]
        if sentence.inside[at] != level:
            if sentence.inside[at] > level:
                continue
            break
        if not is_counted(sentence, other) or not are_alike(sentence, token, other):
            if is_aside(sentence, at):
                continue
            break
        if _OPEN_ENDED.search(without_brackets(sentence, other.end, end)):
            return
        begin = sentence.tokens[at - 1].end if at else sentence.start
        part = part_before(sentence, other, without_brackets(sentence, begin, other.start))
        parts.insert(0, part[0])
        end = other.start
        if part[1]:
            break
    if len(parts) > 1 and _may_add_up(clause, parts):
        total = Part(token.start, token.end, token, noun_behind(text, token))
        yield Enumeration(total, read_backwards(sentence, total, parts), "complete")


def _may_add_up(clause: str, parts: list[Part]) -> bool:
    """Whether parts are amounts to be added: 每家支持300万元,年度支持3000万元,五年合计|1.5亿元 are none."""
    years = _YEARS.match(clause)
    counted = years is None or parse_count(years["n"]) == len(parts)
    return counted and not any(_RATE.match(part.label) for part in parts)
