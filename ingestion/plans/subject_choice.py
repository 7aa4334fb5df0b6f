"""Which subject a number takes: one of an enumeration, one that it shares, one named for it, or one that is meant.

What belongs here: the order of these, and what a choice leaves for the numbers to come. What does not: each of them
(``lists``, ``subjects``), what carries over where none is named (``sentences``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.plans.carry import State
from ingestion.plans.clauses import Clause, Text
from ingestion.plans.lists import (
    goes_on,
    joint_run,
    listed_places,
    listed_subjects,
    names_several,
    sharing_subjects,
)
from ingestion.plans.names import Names, Subject
from ingestion.plans.subjects import (
    amount_meant,
    completed,
    labelled,
    named_earlier,
    named_for,
    share_meant,
    share_of_bracketed,
    share_of_framed,
)
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST, RESPECTIVELY
from ingestion.plans.year_rows import hand_out_years


def new_subject(
    whole: Text,
    tokens: Sequence[Token],
    index: int,
    token: Token,
    clause: Clause,
    state: State,
    start: int,
    fresh: bool,
) -> tuple[Subject | None, tuple[Subject, ...]]:
    """The subject of a number that goes on no enumeration, and those that share the number with it."""
    begin = max(clause.start, clause.name_end - LONGEST)
    doubled = token.sort == "multiple"
    stretch = (max(start, token.lead - LONGEST), token.lead) if doubled else (begin, clause.name_end)
    shared = sharing_subjects(whole.plain, *stretch, whole.names, doubled=doubled)
    if shared and (doubled or RESPECTIVELY.search(whole.masked, begin, token.lead) is None):
        state.subjects, state.years = (), ()
        return shared[0], shared[1:]
    respectively = RESPECTIVELY.search(whole.masked, max(start, token.lead - LONGEST), token.lead) is not None
    listed = listed_subjects(whole.plain, begin, clause.name_end, whole.names)
    state.listed = (start, token.start)
    state.years = state.years if not fresh or respectively else ()
    if respectively and not listed:
        listed = listed_places(whole.plain, begin, clause.name_end, whole.names, state.subject)
    if respectively and not listed and not state.years and goes_on(whole.plain, begin, clause.name_end):
        run = joint_run(whole.masked, tokens, index)
        recent = _multiplied(whole.names, state.recent) if token.unit == "倍" else state.recent
        listed = recent[-run:] if 2 <= run <= len(recent) else ()
    state.subjects = listed[1:]
    if listed:
        return listed[0], ()
    label = labelled(whole, token, start, state.subject)
    if label is not None and (label.alias is None or label.region_code is not None):
        return label, ()
    part = share_of_framed(whole, token, state.whole[0] if state.whole else None, state.framed)
    if part is not None:
        return part, ()
    named = named_for(whole, token, clause)
    state.framed = named.subject if named.is_whole else None
    state.end = max(state.end, named.end)
    if not state.years:
        hand_out_years(whole, tokens, index, state, respectively=respectively)
    if named.subject is None:
        return _meant(whole, token, clause, state, start), ()
    subject = completed(whole.names, named.subject, state.subject)
    if subject and respectively and names_several(subject.name) and joint_run(whole.masked, tokens, index) > 1:
        return replace(subject, alias=None), ()
    if subject and subject.alias is None and subject.name.endswith("技术合同") and token.unit and "元" in token.unit:
        subject = replace(subject, alias=whole.names.exact(f"{subject.name}成交额"))  # 其中输出技术合同38.4亿元
    if subject and subject.alias is None and state.is_flow and whole.masked[start : start + 1] in ("、", ","):
        subject = replace(subject, alias=whole.names.exact(f"新增{subject.name}"))
    return subject, ()


def _multiplied(names: Names, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The subjects that a multiple can speak of: amounts, no percentages."""
    codes = [subject.alias.indicator_code if subject.alias else None for subject in subjects]
    percent = [code is not None and names.registry.indicators[code].unit.dimension == "ratio" for code in codes]
    return tuple(subject for subject, ratio in zip(subjects, percent, strict=True) if not ratio)


def _meant(whole: Text, token: Token, clause: Clause, state: State, start: int) -> Subject | None:
    """The subject of a number that names none, where it is not simply the one before."""
    begin = max(clause.start, clause.name_end - LONGEST)
    share = share_of_bracketed(whole, token, state.subject) or share_meant(
        whole.names, token, clause, whole.masked[begin : token.lead], state.subject
    )
    near = whole.masked[max(start, token.lead - 40) : token.lead]
    amount = share or amount_meant(whole.names, token, state.recent, near)
    return amount or named_earlier(whole, token, begin, clause.name_end)
