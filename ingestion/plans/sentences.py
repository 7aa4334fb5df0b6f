"""Running text: each quantity of a paragraph with its subject, its time and its role.

What belongs here: what carries over from one number to the next (subject, year, base of comparison). What does not:
one stretch of text (``clauses``), words (``grammar``), names (``names``), building figures (``reader``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.plans.clauses import Clause, Context, Setting, Text, comparator_of, take_apart
from ingestion.plans.grammar import (
    FLOW,
    FLOW_VERBS,
    GROWTH,
    STRIVE,
    PeriodPhrase,
    Window,
    is_fall,
    mask,
    period_phrases,
)
from ingestion.plans.lists import is_joint, listed_subjects, listed_years
from ingestion.plans.names import Found, Names, Subject
from ingestion.plans.roles import is_kept, is_target, kind_of
from ingestion.plans.tokens import Token, tokens_in
from ingestion.quantity import PrintedNumber, comparator_between

_FULL_STOP = re.compile(r"[。!?]")
_RESPECTIVELY = "分别"
_BRACKETS = re.compile(r"\([^()]*\)")
_PER_YEAR = re.compile(r"每年|年均|平均每")
_CLAUSE_START = re.compile(r"[,。;:()!?]")
_AFTER_NOUN = re.compile(r"(?:左右|以上|以内|及以上)?(?P<noun>[^,。;:()、!?”0-9]{2,30})")
_COUNT_VERBS = tuple(
    sorted(
        (
            *FLOW_VERBS,
            *("拥有", "建成", "建设", "建立", "设立", "打造", "形成", "培养"),
            *("实施", "获得", "获批", "认定", "入选", "选派", "开展"),
        ),
        key=len,
        reverse=True,
    )
)
_FLIP = {"ge": "le", "le": "ge", "gt": "lt", "lt": "gt"}
_FALLING = frozenset({"growth", "change", "growth_avg", "growth_total"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as understood, not yet a figure. Offsets are into the paragraph."""

    start: int
    end: int
    number: PrintedNumber
    high: PrintedNumber | None
    unit: str | None
    subject: Subject
    statement: int
    """Ordinal of the subject in its paragraph: a level, its change and its growth share it."""
    kind: str
    period: str
    period_basis: str
    target_kind: str | None = None
    comparator: str = "eq"
    strength: str | None = None
    base_period: str | None = None


@dataclass
class _State:
    """What carries over from number to number."""

    governing: PeriodPhrase | None
    basis: str = "carried"
    subject: Subject | None = None
    statement: int = -1
    level_period: str | None = None
    base: str | None = None
    end: int = 0
    is_flow: bool = False
    strive_until: int = -1
    subjects: tuple[Subject, ...] = ()
    years: tuple[PeriodPhrase, ...] = ()
    """What is left of an enumeration (甲、乙分别…) for the numbers to come."""
    cue: str | None = None
    cue_start: int = 0
    listed: tuple[int, int] = (-1, -1)
    """Where the clause and the first number of the running enumeration begin."""
    bracket_end: int = -1
    outside: PeriodPhrase | None = None
    """The phrase that governs again behind a bracket (2020年为0.58%)."""


def read_paragraph(
    text: str, names: Names, window: Window, setting: Setting
) -> tuple[tuple[Quantity, ...], PeriodPhrase | None]:
    """Read the quantities of one paragraph.

    Args:
        text: the paragraph, folded, without blanks.
        names: indicators and regions as this document uses them.
        window: the years of the plan.
        setting: what the paragraph inherits from its section.

    Returns:
        The quantities, and the time phrase that governs what follows in the same section.
    """
    masked = mask(text)
    phrases = tuple(period_phrases(masked, window))
    last = next((phrase for phrase in reversed(phrases) if phrase.is_lasting), setting.governing)
    tokens = tokens_in(masked, names.registry)
    if not tokens:
        return (), last
    stops = tuple(match.end() for match in _FULL_STOP.finditer(masked))
    whole = Text(text, masked, names, window, names.find(text), setting)
    brackets = tuple((match.start(), match.end()) for match in _BRACKETS.finditer(masked))
    state = _State(setting.governing)
    read: list[Quantity] = []
    pointer = 0
    for token in tokens:
        before = bisect_right(stops, token.start)
        sentence = stops[before - 1] if before else 0
        start = max(state.end, sentence)
        if 0 <= state.bracket_end <= token.start:
            state.governing, state.bracket_end = state.outside, -1
        first = pointer
        while pointer < len(phrases) and phrases[pointer].end <= token.start:
            _govern(state, masked, phrases[pointer], start, brackets, stops, token.start)
            pointer += 1
        years = listed_years(masked, phrases[first:pointer], start, token.start)
        if years:
            state.governing, state.years, state.subjects = years[0], years[1:], ()
        quantity = _read_token(whole, token, state, start, sentence)
        state.end = token.end
        state.basis = "carried"
        if quantity is not None:
            read.append(quantity)
    return tuple(read), last


def _govern(
    state: _State,
    masked: str,
    phrase: PeriodPhrase,
    start: int,
    brackets: Sequence[tuple[int, int]],
    stops: Sequence[int],
    number: int,
) -> None:
    """Let a time phrase govern from here on; inside brackets only up to their end."""
    index = bisect_right(brackets, (phrase.start, len(masked))) - 1
    inside = index >= 0 and phrase.start < brackets[index][1]
    if inside and brackets[index][1] <= number:
        return
    if inside and state.bracket_end < 0:
        state.outside, state.bracket_end = state.governing, brackets[index][1]
    state.governing = phrase
    state.basis = "printed" if phrase.start >= start else "carried"
    if STRIVE.search(masked, max(start, phrase.start - 4), phrase.start):
        stop = bisect_right(stops, phrase.start)
        state.strive_until = stops[stop] if stop < len(stops) else len(masked)


def _read_token(whole: Text, token: Token, state: _State, start: int, sentence: int) -> Quantity | None:
    if _inside_name(whole.aliases, token.start):
        return None
    period = state.level_period or (state.governing.period if state.governing else None)
    clause = take_apart(whole.masked, start, token, period)
    if (state.subjects or state.years) and start == state.end and is_joint(whole.masked[start : token.lead]):
        clause, subject = _next_listed(clause, state)
    else:
        listed = listed_subjects(whole.plain, clause.start, clause.name_end, whole.names)
        state.subjects = listed[1:]
        state.listed = (start, token.start)
        state.years = state.years if start != state.end or _RESPECTIVELY in whole.masked[start : token.lead] else ()
        subject = listed[0] if listed else _subject(whole, token, clause)
        subject = _completed(whole.names, subject, state.subject)
        if subject and subject.alias is None and state.is_flow and whole.masked[start : start + 1] == "、":
            subject = replace(subject, alias=whole.names.exact(f"新增{subject.name}"))
    state.cue, state.cue_start = clause.cue, clause.cue_start
    if subject is not None:
        state.subject, state.statement = subject, state.statement + 1
        state.level_period = state.base = None
    elif start == sentence and sentence > 0 and not (clause.cue or clause.is_compared):
        state.subject = None
    if state.subject is None:
        return None
    if clause.is_compared or clause.is_former:
        state.base = clause.base or clause.former
    quantity = _understand(whole, token, clause, state, start)
    if quantity is not None and quantity.kind == "actual" and not clause.states_former:
        state.level_period = quantity.period
    return quantity


def _next_listed(clause: Clause, state: _State) -> tuple[Clause, Subject | None]:
    """The next number of an enumeration: the next name or the next year, under the same growth word."""
    if state.years:
        state.governing, state.years = state.years[0], state.years[1:]
        state.level_period = None
        return replace(clause, cue=state.cue, cue_start=state.cue_start), None
    subject, state.subjects = state.subjects[0], state.subjects[1:]
    return replace(clause, cue=state.cue, cue_start=state.cue_start), subject


def _inside_name(aliases: Sequence[Found], position: int) -> bool:
    index = bisect_right(aliases, position, key=lambda item: item.start) - 1
    return index >= 0 and position < aliases[index].end


def _subject(whole: Text, token: Token, clause: Clause) -> Subject | None:
    """The subject named for this number: before it, else behind it (新建10个省级研发平台); None: it carries on."""
    name_start = clause.start
    for match in _CLAUSE_START.finditer(whole.masked, clause.start, clause.name_end):
        name_start = match.end()
    head = whole.plain[name_start : clause.name_end].strip("、")
    verb = next((verb for verb in _COUNT_VERBS if head.endswith(verb)), None)
    noun = _AFTER_NOUN.match(whole.masked, token.end)
    plain = token.sort == "number" and clause.cue is None and not clause.is_former and not clause.is_compared
    if plain and noun and (verb or not head) and not GROWTH.match(noun["noun"]):
        name = noun["noun"]
        flow = verb if verb in FLOW_VERBS else ""
        alias = whole.names.exact((verb or "") + name) or (None if flow else whole.names.exact(name))
        return Subject(f"{flow}{name}", alias, None, name_start)
    return whole.names.subject(whole.plain, clause.start, clause.name_end, whole.aliases)


def _completed(names: Names, subject: Subject | None, earlier: Subject | None) -> Subject | None:
    """Put 占地区生产总值的比重 together with what it is a share of: the subject before it."""
    if subject is not None and not subject.name:
        return replace(earlier, region_code=subject.region_code) if earlier else None
    if subject is None or subject.alias is not None or earlier is None or not subject.name.startswith(("占", "与")):
        return subject
    name = earlier.name + subject.name
    alias = names.exact(name)
    return Subject(name, alias, earlier.region_code, subject.start) if alias else subject


def _understand(whole: Text, token: Token, clause: Clause, state: _State, start: int) -> Quantity | None:
    if state.subject is None:
        return None
    context = Context(state.subject, state.governing, state.basis)
    comparator = comparator_of(whole.masked, token, clause, is_target=True)
    is_listed = 0 <= state.listed[1] < token.start
    if comparator == "eq" and is_listed:
        before = whole.masked[max(0, state.listed[1] - 8) : state.listed[1]]
        comparator = comparator_between(before, "", is_target=True)
    target = is_target(whole, token, clause, context, comparator)
    if target is None:
        return None
    if not target:
        comparator = comparator_of(whole.masked, token, clause, is_target=False)
    span = whole.plain[state.listed[0] : state.listed[1]] if is_listed else whole.plain[start : token.start]
    after_flow = state.is_flow and start == state.end and span.startswith("、") and comparator == "eq"
    kinds = kind_of(whole, token, clause, context, target, span, after_flow)
    if kinds is None or not is_kept(whole, token, clause, context, kinds, comparator, span):
        return None
    kind, target_kind = kinds
    named = state.subject
    if target_kind in ("new_flow", "cumulative_flow") and _PER_YEAR.search(span):
        named = replace(named, name=f"每年{named.name}", alias=None)
    number = token.number
    if clause.cue and is_fall(clause.cue) and (target_kind or kind) in _FALLING:
        number = PrintedNumber(-number.value, number.decimals)
        comparator = _FLIP.get(comparator, comparator)
    accumulated = "累计" in span and start == state.end > 0
    is_flow = FLOW.search(state.subject.name) is not None and not accumulated
    state.is_flow = after_flow or FLOW.search(span) is not None
    period, basis, base = _time(whole.window, clause, state, kind, target_kind, is_flow)
    strive = STRIVE.search(whole.plain, max(start, token.start - 40), token.start) or token.start < state.strive_until
    return Quantity(
        start=token.start,
        end=token.end,
        number=number,
        high=token.high,
        unit=token.unit,
        subject=named,
        statement=state.statement,
        kind=kind,
        period=period,
        period_basis=basis,
        target_kind=target_kind,
        comparator=comparator,
        strength=("strive" if strive else "firm") if target else None,
        base_period=base,
    )


def _time(
    window: Window, clause: Clause, state: _State, kind: str, target_kind: str | None, is_flow: bool
) -> tuple[str, str, str | None]:
    """Period, its basis and base period of a number."""
    governing = state.governing
    basis = state.basis if governing else "inferred"
    if kind == "target":
        if target_kind in ("new_flow", "cumulative_flow"):
            return (governing.flow_span(window) if governing else f"{window.start}-{window.end}"), basis, None
        relative = target_kind in ("growth_avg", "growth_total")
        year = governing.year if governing else window.end
        return str(year), basis, (state.base or str(window.base_year)) if relative else None
    if clause.states_former and kind == "actual":
        named = clause.former or clause.base
        return (named, "printed", None) if named else (_year_before(governing, window), "inferred", None)
    period = governing.period if governing else str(window.base_year)
    if kind in ("growth", "change", "other"):
        return state.level_period or period, basis, state.base
    if is_flow and governing is not None:
        period = governing.flow_span(window)
    return period, basis, None


def _year_before(governing: PeriodPhrase | None, window: Window) -> str:
    """The year before the span that governs: where 从60% of an unnamed year came from."""
    first = governing.span[0] if governing and governing.span else window.base_year - 4
    return str(first - 1)
