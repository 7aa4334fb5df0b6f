"""Runs of parts: numbers that follow one another, each with its label, up to where the text does more than go on.

What belongs here: taking a run apart, forwards and backwards, and how much of it is meant. What does not: the total and
the words that open a run (``enumerations``, ``totals_behind``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingestion.plans.counted import (
    LONGEST_LABEL,
    CountedSentence,
    Part,
    adds_up,
    are_alike,
    is_aside,
    is_counted,
    noun_behind,
    without_brackets,
)
from ingestion.plans.tokens import Token
from ingestion.plans.words import trimmed

_SEPARATOR = re.compile(r"[、,;]|以及|[和及与](?!其)")
_NEW_STATEMENT = re.compile(
    r"新增|新建|累计|建成|引进|实现|完成|发放|选派|开展|达到|同比|比上年|较|增[加长幅速]|减少|提[高升]|下降|每|平均|给予|奖励"
    r"|培育|认定|获批|共|其中|合计|总计|总数|[由从]"
)
_EACH = re.compile(r"各$")
_JOINT = re.compile(r"[、和及与]|以及")
MOST = 40
"""Parts of one enumeration that are looked at; longer ones are lists of projects."""


def run_of_parts(sentence: CountedSentence, first: int, inside: int, like: Token, begin: int) -> list[Part]:
    """The parts that follow one another from a place on, each with a label and one number."""
    parts: list[Part] = []
    end = begin
    for at in range(first, min(len(sentence.tokens), first + MOST)):
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
        part = _part(sentence, token, gap, parts[0] if parts else None)
        if part is None:
            break
        parts.append(part)
        end = token.end
    return parts


def _part(sentence: CountedSentence, token: Token, gap: str, first: Part | None) -> Part | None:
    """The number with its label, or None where the text before it does more than go on with the enumeration.

    Args:
        sentence: the sentence.
        token: the number.
        gap: the text before it.
        first: the first part; what stands before its number may be said again (自治区选派38名、本市选派55名).
    """
    behind = noun_behind(sentence.text, token)
    if first is not None:
        mark = _SEPARATOR.search(gap)
        if mark is None or mark.start() > 24:
            return None
        gap = gap[mark.end() :]
    each = _EACH.search(gap)
    label = gap[: each.start()] if each else gap
    if "," in label or ";" in label or ":" in label or len(label) > LONGEST_LABEL:
        return None
    if first is not None and _NEW_STATEMENT.search(
        _without_refrain(label, sentence.text[first.start - 2 : first.start])
    ):
        return None
    times = len(_JOINT.split(label)) if each else 1
    return Part(token.start, token.end, token, trimmed(label) or behind, times)


def _without_refrain(label: str, refrain: str) -> str:
    """A label without the verb that it has in common with the first one."""
    return label.removesuffix(refrain) if len(label) > len(refrain) else label


def read_as(sentence: CountedSentence, total: Part, run: Sequence[Part]) -> tuple[Part, ...]:
    """The run, or that beginning of it which adds up; else up to where its separators change."""
    if adds_up(sentence, total, run):
        return tuple(run)
    for length in range(len(run) - 1, 1, -1):
        if adds_up(sentence, total, run[:length]):
            return tuple(run[:length])
    marks = [mark_between(without_brackets(sentence, one.end, other.start)) for one, other in pairwise(run)]
    same = next((at for at, mark in enumerate(marks) if mark != marks[0]), len(marks))
    return tuple(run[: same + 1]) if same >= 1 else tuple(run)


def mark_between(gap: str) -> str:
    """The mark that parts two numbers: a comma, a semicolon, or 、 for all others."""
    mark = _SEPARATOR.search(gap)
    return mark.group() if mark and mark.group() in (",", ";") else "、"


def part_before(sentence: CountedSentence, token: Token, gap: str) -> tuple[Part, bool]:
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


def read_backwards(sentence: CountedSentence, total: Part, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The run, or that end of it which adds up; else back to where its separators change."""
    for first in range(len(parts) - 1):
        if adds_up(sentence, total, parts[first:]):
            return tuple(parts[first:])
    marks = [mark_between(without_brackets(sentence, one.end, other.start)) for one, other in pairwise(parts)]
    last = marks[-1]
    differs = next((at for at in range(len(marks) - 1, -1, -1) if marks[at] != last), -1)
    return tuple(parts[differs + 1 :])


def names_of(text: str, opened: re.Match[str], parts: Sequence[Part]) -> list[str]:
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
