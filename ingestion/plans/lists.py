"""Enumerations: 甲、乙分别达到1%、2% and 到2022年和2025年分别达到1%、2%.

What belongs here: handing out the names or years of one enumeration to the numbers that follow. What does not:
finding names, years and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.plans.grammar import FLOW_VERBS
from ingestion.plans.names import Names, Subject, clause_start
from ingestion.plans.periods import PeriodPhrase
from ingestion.plans.subjects import completed
from ingestion.plans.tokens import Token
from ingestion.plans.words import ANAPHORA, FILLER, MODIFIERS, RESPECTIVELY, made_of, trimmed
from ingestion.quantity import without_comparator

_JOINT = re.compile(r"[、,和及与]|以及")
_ONLY_JOINT = re.compile(r"(?:[、,;和及与]|以及|(?:达到|达|为)(?=$)){1,3}")
# 甲和乙实现“双倍增”,分别达到…: the doubling belongs to neither name.
_DOUBLED = re.compile(
    r"(?:(?:在|较|比)(?:19|20)\d\d年的?(?:基础上)?)?(?:实现|均)?(?:“[^“”]{1,8}”|倍增|翻了?一?番|翻两番)$|“[^“”]{1,8}”"
)
_COMPARED = r"(?:(?:在|较|比)(?:19|20)\d\d年的?(?:基础上)?)?"
_SHARED = re.compile(_COMPARED + r"(?:(?:各|均|都)(?:实现)?|分别实现)$")
_SHARED_DOUBLING = re.compile(_COMPARED + r"(?:各|均|都|分别)?(?:实现)?$")  # 甲、乙比2020年|翻一番
_PARTED = re.compile(r"^(?:其中|而|但|同期)")
_PLACES_OF = re.compile(
    r"(?P<places>[^,。;:\d]{3,40}?)等?[两二三四五六七八九十]个?(?:设区的?)?(?:市州|县区|县市|区县|市|县|区|州|盟|旗|省|地)的?"
    r"(?P<name>[^,。;:、\d]{2,24})"
)
_BACK = re.compile(r"上述|前述|以上|指标|[前后二两三四五]者|比重|占比|增幅|增速|增长|基础上|番|倍|^即")
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
    found = RESPECTIVELY.search(plain, start, end)
    if found is None or end - start > 160:
        return ()
    marker = found.start()
    begin = max((match.end() for match in _CLAUSE_START.finditer(plain, start, marker)), default=start)
    for stretch in reversed(_DOUBLED.sub("", plain[begin:marker]).rstrip(",").split(",")[-2:]):
        parts = [_name_of(part, names) for part in _JOINT.split(stretch)]
        subjects = tuple(Subject(name, names.exact(name), None, begin) for name in parts if len(name) >= 2)
        subjects = tuple(completed(names, subject, subjects[0]) or subject for subject in subjects)
        if len(parts) == len(subjects) >= 2 and any(subject.alias for subject in subjects):
            return subjects
    return ()


def listed_places(plain: str, start: int, end: int, names: Names, earlier: Subject | None) -> tuple[Subject, ...]:
    """What is told of several places at once: (其中)怀化市、永州市分别为…, the subject before under each of them."""
    head = _PARTED.sub("", _before_marker(plain, start, end))
    together = _PLACES_OF.fullmatch(head)
    if together is not None:  # 甲、乙、丙三市R&D经费依次为
        alias = names.exact(together["name"])
        earlier = Subject(together["name"], alias, None, start) if alias is not None else None
        head = together["places"]
    parts = _JOINT.split(head)
    codes = [names.area(trimmed(part)) for part in parts]
    if earlier is None or len(parts) < 2 or any(code is None for code in codes):
        return ()
    return tuple(replace(earlier, region_code=code or None) for code in codes)


def goes_on(plain: str, start: int, end: int) -> bool:
    """Whether 分别 comes back to what was named before (到2025年分别达到…) and names nothing of its own."""
    head = _before_marker(plain, start, end)
    return _BACK.search(head) is not None or made_of(head, ANAPHORA, FILLER, MODIFIERS)


def _before_marker(plain: str, start: int, end: int) -> str:
    """The clause that 分别 closes."""
    marker = RESPECTIVELY.search(plain, start, end)
    at = marker.start() if marker is not None else end
    return plain[clause_start(plain, start, at) : at]


def sharing_subjects(plain: str, start: int, end: int, names: Names, *, doubled: bool = False) -> tuple[Subject, ...]:
    """The subjects of 新增甲、乙各5家, at least two of which one is ours, or none.

    Args:
        plain: the paragraph.
        start: where the names may begin.
        end: where the number begins.
        names: indicators as this document uses them.
        doubled: whether the number is a doubling (甲、乙翻一番), which all names share without a word for it.
    """
    begin = clause_start(plain, start, end)
    head = without_comparator(plain[begin:end])
    shared = (_SHARED_DOUBLING if doubled else _SHARED).search(head)
    if shared is None:
        return ()
    parts = [_name_of(part, names) for part in _JOINT.split(head[: shared.start()])]
    flow = next((verb for verb in FLOW_VERBS if parts[0].startswith(verb)), "")
    subjects = []
    for part in parts:
        name = part.removeprefix(flow)
        alias = (names.exact(flow + name) or names.exact(f"新增{name}") if flow else None) or names.exact(name)
        subjects.append(Subject(flow + name, alias, None, begin))
    return tuple(subjects) if len(subjects) >= 2 and any(subject.alias for subject in subjects) else ()


def _name_of(part: str, names: Names) -> str:
    """The name in one part of an enumeration; one of ours is left whole (技术交易总额)."""
    return part if names.exact(part) is not None else trimmed(part)


def names_several(name: str) -> bool:
    """Whether a name speaks of two things at once (孵化器、众创空间), which 分别 takes apart."""
    return _JOINT.search(name) is not None


def joint_run(masked: str, tokens: Sequence[Token], index: int) -> int:
    """How many numbers an enumeration holds that begins with this one (300家、1.8%)."""
    count = 1
    while index + count < len(tokens) and count < 8:
        if not is_joint(masked[tokens[index + count - 1].end : tokens[index + count].lead]):
            break
        count += 1
    return count


def listed_years(masked: str, phrases: Sequence[PeriodPhrase], start: int, end: int) -> tuple[PeriodPhrase, ...]:
    """The years of 到2022年和2025年…分别…, at least two, or none.

    Args:
        masked: the paragraph.
        phrases: time phrases that end before the first number, in order.
        start: behind the previous number or full stop.
        end: where the first number begins.
    """
    if RESPECTIVELY.search(masked, start, end) is None:
        return ()
    run: list[PeriodPhrase] = []
    for phrase in reversed(phrases):
        if phrase.start < start or (run and not is_joint(masked[phrase.end : run[0].start])):
            break
        run.insert(0, phrase)
    if len(run) < 2:
        return ()
    ahead = any(phrase.role == "target" for phrase in run)
    return tuple(replace(phrase, role="target" if ahead and phrase.role == "open" else phrase.role) for phrase in run)


def years_of_span(phrase: PeriodPhrase | None, count: int) -> tuple[PeriodPhrase, ...]:
    """The years of 2018—2020年…分别为…, where as many numbers follow, or none."""
    if phrase is None or phrase.span is None or count < 2 or phrase.span[1] - phrase.span[0] + 1 != count:
        return ()
    return tuple(
        replace(phrase, year=year, span=None, period=str(year)) for year in range(phrase.span[0], phrase.span[1] + 1)
    )
