"""Enumerations with their total: 共有平台96个，国家级7个，省级28个，市级61个; 其中…; …，共96个.

What belongs here: finding a printed total with the parts enumerated beside it, and how completely the wording says
that they make it up. What does not: which parts can overlap (``parts``), adding up (rules, in the warehouse). Only an
enumeration that is consumed to its end is taken; where its end is in doubt, the reading that adds up is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.plans.counted import (
    LONGEST_LABEL,
    TOTAL,
    CountedSentence,
    Part,
    adds_up,
    are_alike,
    behind_noun,
    clause_of,
    counted_sentences,
    is_aside,
    is_counted,
    is_open_ended,
    label_of,
    noun_behind,
    without_brackets,
)
from ingestion.plans.parts import are_disjoint, are_kinds, are_pure, is_ladder, same_level
from ingestion.plans.tokens import Token
from ingestion.plans.words import trimmed
from ingestion.quantity import comparator_between
from ingestion.registry import Registry

_MAY_ENUMERATE = re.compile(r"其中|包括|分别|分为|合计|总[计数共]|含|[(:]|(?<!公)共(?![同享建产青性识])|由")
_SEPARATOR = re.compile(r"[、,;]|以及|[和及与](?!其)")
_AFTERWARDS = re.compile(
    r"(?:以上|上述|[两三四五六]者|[两三四五六][项年]|全[市县区省州]|(?:各|[两三四五六])[类级种][^,;:、()\d]{0,10}?)?"
    r"(?:一共|总共|共计|共有|共|合计|总计|总数|总量|总额)(?![同享建产青性识])[^,;:、()\d]{0,14}"
)
_OPEN = re.compile(
    r"[,:;。]?(?:(?P<among>其中)[,:]?(?:[^,;:()\d]{0,30}(?P<each>分别)(?:为|是|有|达到?)?|包括)?"
    r"|(?P<lists>包括|分为|分别(?:为|是|有)|按[^,;:()\d]{1,10}分)[,:]?|(?P<colon>:)"
    r"|,[^,;:()\d]{2,30}(?P<apart>分别)(?:为|是|有|达到?)|(?P<bare>,))"
)
_BRACKET = re.compile(r"\((?:(?P<among>其中|含|包含)|(?P<lists>包括|分别为))?[:,]?")
_NEW_STATEMENT = re.compile(
    r"新增|新建|累计|建成|引进|实现|完成|发放|选派|开展|达到|同比|比上年|较|增[加长幅速]|减少|提[高升]|下降|每|平均|给予|奖励"
    r"|培育|认定|获批|共|其中|合计|总计|总数|[由从]"
)
_SHARE = re.compile(
    r"[^,。;、()\d]{0,12}?[,(](?:所)?占(?P<of>[^,。;、()\d]{0,20}?)(?:的?(?:比重|比例|比率|份额)|的|比)?(?:约|达到?|为|仅)?"
)
_WHOLE = re.compile(r"^(?:其|全部|总体)|(?:总数|总量|总额|总人数|合计|总计)$")
_EACH = re.compile(r"各$")
_JOINT = re.compile(r"[、和及与]|以及")
_OPEN_ENDED = re.compile(r"(?<![一二三四五特中高初优同])等(?:[^,。;、()\d]{0,12})$")
_MOST = 40
"""Parts of one enumeration that are looked at; longer ones are lists of projects."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A total with its parts. ``coverage`` is a code of the vocabulary ``coverage``."""

    total: Part
    parts: tuple[Part, ...]
    coverage: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share in per cent printed right behind a part of a total: 其中研究人员2300人，占41.1%."""

    total: Part
    part: Part
    token: Token


def may_enumerate(text: str) -> bool:
    """Whether a paragraph has a word that could tie a total to its parts."""
    return _MAY_ENUMERATE.search(text) is not None


def read_enumerations(masked: str, tokens: Sequence[Token], registry: Registry) -> Iterator[Enumeration | Share]:
    """The totals of one paragraph with their parts, left to right, and the shares told of the parts.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        registry: the units.
    """
    if len(tokens) < 2:
        return
    for sentence in counted_sentences(masked, tokens, registry):
        taken: dict[int, Enumeration] = {}
        for index, token in enumerate(sentence.tokens):
            if not is_counted(sentence, token):
                continue
            found = [*_forwards(sentence, index, taken)] or [*_backwards(sentence, index)]
            for item in found:
                taken |= {part.start: item for part in item.parts}
                yield item
                yield from _shares(sentence, item)


# --- shares -----------------------------------------------------------------------------------------


def _shares(sentence: CountedSentence, item: Enumeration) -> Iterator[Share]:
    """Shares of the total behind its parts; 占全省的12% is a share of something else."""
    for part in item.parts:
        index = bisect_right(sentence.tokens, part.start, key=lambda token: token.start)
        if index >= len(sentence.tokens) or sentence.tokens[index].unit != "%" or part.times > 1:
            continue
        token = sentence.tokens[index]
        said = _SHARE.fullmatch(sentence.text[part.end : token.start])
        if said is not None and token.high is None and _is_of(said["of"], item.total.label):
            after = sentence.text[token.end : token.end + 4]
            if comparator_between(sentence.text[part.end : token.start], after, is_target=False) == "eq":
                yield Share(item.total, part, token)


def _is_of(whole: str, total: str) -> bool:
    """Whether 占…的 names the total: nothing, 总数, or its own name."""
    name = _WHOLE.sub("", whole)
    return not name or (len(name) > 1 and name in total)


# --- total first ------------------------------------------------------------------------------------


def _forwards(sentence: CountedSentence, index: int, taken: Mapping[int, Enumeration]) -> Iterator[Enumeration]:
    """共有平台96个，国家级7个，省级28个，市级61个; 13项(其中…); 24家，包括…."""
    token = sentence.tokens[index]
    text = sentence.text
    position = behind_noun(text, token.end)
    bracket, opened = _BRACKET.match(text, position), _OPEN.match(text, position)
    if bracket is None and opened is None:
        return
    clause = clause_of(sentence, index)
    is_total = TOTAL.search(clause) is not None
    if bracket is None and opened is not None and opened["bare"] and not is_total:
        return
    total = Part(token.start, token.end, token, label_of(clause, noun_behind(text, token)))
    if bracket is not None:
        found = _in_bracket(sentence, index, total, bracket, is_total=is_total)
        if found is not None:
            yield found
        position = sentence.closes.get(position, position) + 1
    opened = _OPEN.match(text, position)
    if opened is None:
        return
    if token.start in taken and text[position] in "。;" and opened["among"]:
        yield from _by_level(sentence, index, taken[token.start], opened)
        return
    if (token.start in taken and not opened["among"]) or (text[position] == "。" and not is_total):
        return
    following = index + 1
    if opened["bare"] and is_total:
        following, opened = _over_another(sentence, index, opened)
    run = _run(sentence, following, sentence.inside[index], token, opened.end())
    parts, coverage = _covered(sentence, total, run, opened, is_total=is_total)
    if parts:
        yield Enumeration(total, parts, coverage)


def _over_another(sentence: CountedSentence, index: int, opened: re.Match[str]) -> tuple[int, re.Match[str]]:
    """项目120项，安排资金3000万元，其中…: the 其中 behind a number of another sort still speaks of the first."""
    at = index + 1
    if at < len(sentence.tokens) and sentence.inside[at] == sentence.inside[index]:
        other = sentence.tokens[at]
        if not are_alike(sentence, sentence.tokens[index], other):
            later = _OPEN.match(sentence.text, behind_noun(sentence.text, other.end))
            if later is not None and later["among"]:
                return at + 1, later
    return index + 1, opened


def _covered(
    sentence: CountedSentence, total: Part, run: list[Part], opened: re.Match[str], *, is_total: bool
) -> tuple[tuple[Part, ...], str]:
    """The parts that the wording ties to the total, and how completely; none where it ties none."""
    text = sentence.text
    if opened["bare"] or opened["apart"]:
        while len(run) > 1 and not are_pure(_names(text, opened, run)):
            run = run[:-1]
        if not is_total or len(run) < 2:
            return (), ""
        names = _names(text, opened, run)
        run = [replace(part, label=name) for part, name in zip(run, names, strict=True)]
        ends = is_open_ended(text, run)
        return _read_as(sentence, total, run), "disjoint" if ends or (len(run) == 2 and opened["bare"]) else "complete"
    if not run or (opened["colon"] and not (is_total and len(run) > 1)):
        return (), ""
    if opened["among"] and not opened["each"]:
        run = _surely_among(sentence, total, run)
    parts = _read_as(sentence, total, run)
    labels = _names(text, opened, parts)
    if len(labels) == len(parts) and opened["each"]:
        parts = tuple(replace(part, label=label) for part, label in zip(parts, labels, strict=True))
    if is_open_ended(text, parts):
        return parts, "disjoint" if opened["lists"] or are_disjoint(labels) else "overlapping"
    if opened["colon"] or (opened["lists"] and opened["lists"] != "包括"):
        return parts, "complete"
    if opened["lists"]:
        return parts, "expected"
    return parts, _among(sentence, total, labels)


def _surely_among(sentence: CountedSentence, total: Part, run: list[Part]) -> list[Part]:
    """What 其中 surely reaches: things that add up or that nothing can be counted under twice; else up to a comma."""
    if adds_up(sentence, total, run) or are_disjoint([part.label for part in run]):
        return run
    for at, (one, other) in enumerate(pairwise(run), start=1):
        if _mark(without_brackets(sentence, one.end, other.start)) != "、":
            return run[:at]
    return run


def _among(sentence: CountedSentence, total: Part, labels: Sequence[str]) -> str:
    """How much of the total 其中 accounts for: all levels that it may have, some of them, or who knows what."""
    if len(labels) > 1 and labels[-1].startswith(("其他", "其它", "其余")):
        return "complete"
    if len(labels) > 1 and all(label in sentence.registry.region_names for label in labels):
        return "disjoint"
    if not are_disjoint(labels):
        return "kinds" if are_kinds(labels) else "overlapping"
    return "expected" if len(labels) > 2 or is_ladder(total.label, labels) else "disjoint"


def _by_level(
    sentence: CountedSentence, index: int, former: Enumeration, opened: re.Match[str]
) -> Iterator[Enumeration]:
    """国家级7个，省级28个。其中：国家级甲1个，国家级乙6个；省级丙5个…: each level with the kinds that it has."""
    run = _run(sentence, index + 1, sentence.inside[index], sentence.tokens[index], opened.end())
    for part in former.parts:
        kinds = tuple(other for other in run if same_level(part.label, other.label))
        if len(kinds) > 1:
            yield Enumeration(part, kinds, "disjoint")


def _in_bracket(
    sentence: CountedSentence, index: int, total: Part, bracket: re.Match[str], *, is_total: bool
) -> Enumeration | None:
    run = _run(sentence, index + 1, bracket.start(), total.token, bracket.end())
    closing = sentence.closes.get(bracket.start(), -1)
    if not run or closing < 0 or any(not part.label for part in run):
        return None
    after = bisect_right(sentence.tokens, run[-1].start, key=lambda token: token.start)
    rest = range(after, min(after + _MOST, len(sentence.tokens)))
    if any(sentence.inside[at] == bracket.start() and not is_aside(sentence, at) for at in rest):
        return None
    labels = [part.label for part in run]
    if bracket["among"] or len(run) == 1 or "等" in sentence.text[run[-1].end : closing]:
        coverage = _among(sentence, total, labels)
    else:
        coverage = "complete" if bracket["lists"] == "分别为" or (is_total and len(run) > 2) else "expected"
    return Enumeration(total, tuple(run), coverage)


def _run(sentence: CountedSentence, first: int, inside: int, like: Token, begin: int) -> list[Part]:
    """The parts that follow one another from a place on, each with a label and one number."""
    parts: list[Part] = []
    end = begin
    for at in range(first, min(len(sentence.tokens), first + _MOST)):
        token = sentence.tokens[at]
        if sentence.inside[at] > inside:
            continue  # within a bracket behind a part
        if sentence.inside[at] < inside or token.start < begin:
            break
        if not is_counted(sentence, token) or not are_alike(sentence, like, token):
            if parts and is_aside(sentence, at):
                end = token.end
                continue
            break
        gap = without_brackets(sentence, end, token.start)
        part = _part(sentence, token, gap, is_first=not parts)
        if part is None:
            break
        parts.append(part)
        end = token.end
    return parts


def _part(sentence: CountedSentence, token: Token, gap: str, *, is_first: bool) -> Part | None:
    """The number with its label, or None where the text before it does more than go on with the enumeration."""
    behind = noun_behind(sentence.text, token)
    if not is_first:
        mark = _SEPARATOR.search(gap)
        if mark is None or mark.start() > 24:
            return None
        gap = gap[mark.end() :]
    each = _EACH.search(gap)
    label = gap[: each.start()] if each else gap
    if "," in label or ";" in label or ":" in label or len(label) > LONGEST_LABEL:
        return None
    if not is_first and _NEW_STATEMENT.search(label):
        return None
    times = len(_JOINT.split(label)) if each else 1
    return Part(token.start, token.end, token, trimmed(label) or behind, times)


def _read_as(sentence: CountedSentence, total: Part, run: Sequence[Part]) -> tuple[Part, ...]:
    """The run, or that beginning of it which adds up; else up to where its separators change."""
    if adds_up(sentence, total, run):
        return tuple(run)
    for length in range(len(run) - 1, 1, -1):
        if adds_up(sentence, total, run[:length]):
            return tuple(run[:length])
    marks = [_mark(without_brackets(sentence, one.end, other.start)) for one, other in pairwise(run)]
    same = next((at for at, mark in enumerate(marks) if mark != marks[0]), len(marks))
    return tuple(run[: same + 1]) if same >= 1 else tuple(run)


def _mark(gap: str) -> str:
    mark = _SEPARATOR.search(gap)
    return mark.group() if mark and mark.group() in (",", ";") else "、"


# --- parts first ------------------------------------------------------------------------------------


def _backwards(sentence: CountedSentence, index: int) -> Iterator[Enumeration]:
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
                for at in range(index - 1, max(-1, index - _MOST), -1)
                if sentence.inside[at] != inside
            ),
            -1,
        )
    parts: list[Part] = []
    end = mark
    for at in range(index - 1, max(-1, index - 1 - _MOST), -1):
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
        part = _part_before(sentence, other, without_brackets(sentence, begin, other.start))
        parts.insert(0, part[0])
        end = other.start
        if part[1]:
            break
    if len(parts) > 1:
        total = Part(token.start, token.end, token, noun_behind(text, token))
        yield Enumeration(total, _read_backwards(sentence, total, parts), "complete")


def _part_before(sentence: CountedSentence, token: Token, gap: str) -> tuple[Part, bool]:
    """The number with its label, and whether the enumeration begins with it."""
    marks = list(_SEPARATOR.finditer(gap))
    each = _EACH.search(gap)
    label = gap
    times = 1
    if each:
        stretch = gap[: each.start()]
        cut = max(stretch.rfind(","), stretch.rfind(";"), stretch.rfind(":"))
        label = stretch[cut + 1 :].lstrip("、")
        times = len(_JOINT.split(label))
    elif marks:
        label = gap[marks[-1].end() :]
    colon = label.rfind(":")
    is_first = colon >= 0 or not marks or _NEW_STATEMENT.search(label) is not None
    behind = noun_behind(sentence.text, token)
    return Part(token.start, token.end, token, trimmed(label[colon + 1 :])[-LONGEST_LABEL:] or behind, times), is_first


def _read_backwards(sentence: CountedSentence, total: Part, parts: Sequence[Part]) -> tuple[Part, ...]:
    for first in range(len(parts) - 1):
        if adds_up(sentence, total, parts[first:]):
            return tuple(parts[first:])
    marks = [_mark(without_brackets(sentence, one.end, other.start)) for one, other in pairwise(parts)]
    last = marks[-1]
    differs = next((at for at in range(len(marks) - 1, -1, -1) if marks[at] != last), -1)
    return tuple(parts[differs + 1 :])


# --- names -----------------------------------------------------------------------------------------


def _names(text: str, opened: re.Match[str], parts: Sequence[Part]) -> list[str]:
    """The labels; of 国家级、省级平台分别为… those before 分别."""
    group = "each" if opened["each"] else "apart" if opened["apart"] else None
    if group is None:
        return [part.label for part in parts]
    stretch = text[opened.start() : opened.start(group)].lstrip(",:;").removeprefix("其中").lstrip(",:")
    names = [name for name in _JOINT.split(stretch) if name]
    if len(names) != len(parts):
        return ["" for _ in parts]
    level = next((names[-1][n:] for n in range(2, len(names[-1])) if names[-1][:n].endswith("级")), "")
    return [name if name.endswith(level) else name + level for name in names]
