"""Enumerations: 甲、乙分别达到1%、2% and 到2022年和2025年分别达到1%、2%.

What belongs here: handing out the names or years of one enumeration to the numbers that follow. What does not:
finding names, years and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.plans.grammar import PeriodPhrase
from ingestion.plans.names import Names, Subject, trimmed

_RESPECTIVELY = "分别"
_JOINT = re.compile(r"[、,和及与]|以及")
_ONLY_JOINT = re.compile(r"(?:[、,;和及与]|以及|(?:达到|达|为)(?=$)){1,3}")
_CLAUSE_START = re.compile(r"[。;:!?]")


def is_joint(text: str) -> bool:
    """Whether nothing but 、 or 和 stands between two numbers."""
    return len(text) <= 5 and _ONLY_JOINT.fullmatch(text) is not None


def listed_subjects(plain: str, start: int, end: int, names: Names) -> tuple[Subject, ...]:
    """The subjects of 甲、乙分别…, at least two, or none where this is no enumeration of names.

    Args:
        plain: the paragraph.
        start: behind the previous number or full stop.
        end: where the first number begins.
        names: indicators as this document uses them.
    """
    marker = plain.find(_RESPECTIVELY, start, end)
    if marker < 0 or end - start > 160:
        return ()
    begin = max((match.end() for match in _CLAUSE_START.finditer(plain, start, marker)), default=start)
    stretch = plain[begin:marker].rstrip(",")
    stretch = stretch.rsplit(",", 1)[-1]
    subjects: list[Subject] = []
    for part in _JOINT.split(stretch):
        name = trimmed(part)
        if len(name) < 2:
            return ()
        subjects.append(Subject(name, names.exact(name), None, begin))
    return tuple(subjects) if len(subjects) >= 2 and any(subject.alias for subject in subjects) else ()


def listed_years(masked: str, phrases: Sequence[PeriodPhrase], start: int, end: int) -> tuple[PeriodPhrase, ...]:
    """The years of 到2022年和2025年…分别…, at least two, or none.

    Args:
        masked: the paragraph.
        phrases: time phrases that end before the first number, in order.
        start: behind the previous number or full stop.
        end: where the first number begins.
    """
    if masked.find(_RESPECTIVELY, start, end) < 0:
        return ()
    run: list[PeriodPhrase] = []
    for phrase in reversed(phrases):
        if phrase.start < start or (run and not is_joint(masked[phrase.end : run[0].start])):
            break
        run.insert(0, phrase)
    return tuple(replace(phrase, role=run[0].role) for phrase in run) if len(run) >= 2 else ()
