"""Running text: each quantity of a paragraph with its subject, its time and its role.

What belongs here: what carries over from one number to the next (subject, year, base of comparison). What does not:
which subject a number takes (``subject_choice``), what it says of it (``understanding``), one stretch of text
(``clauses``), words (``grammar``), names (``names``), building figures (``reader``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from ingestion.plans.asides import IS_LEVEL, LAST_YEAR, is_base, share_beside, year_before, year_behind
from ingestion.plans.carry import Marks, State
from ingestion.plans.clauses import BUILT_ON, Setting, Text, take_apart
from ingestion.plans.grammar import mask
from ingestion.plans.lasting import lasting
from ingestion.plans.lists import is_joint, listed_years
from ingestion.plans.manpower import with_manpower
from ingestion.plans.names import Found, Names, Subject
from ingestion.plans.other_wholes import of_another_whole, of_some, of_some_places
from ingestion.plans.periods import BASIS, PeriodPhrase, Window, period_phrases
from ingestion.plans.quantities import Quantity
from ingestion.plans.subject_choice import new_subject
from ingestion.plans.subjects import share_of_bracketed
from ingestion.plans.tokens import Token, tokens_in
from ingestion.plans.understanding import understand
from ingestion.plans.words import LONGEST
from ingestion.quantity import parse_count

_AFORESAID = re.compile(r"(?:上述|前述|以上)[^,。;]{0,6}指标")
_FULL_STOP = re.compile(r"[。!?]")
_BRACKETS = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"[,:(;]?(?:其中|包括|分别为|分为)")
_SUMMED = re.compile(r"[,、](?:(?P<n>[两三四五六十\d])年)?(?:累计|合计|共计|总计|共)(?:投入|完成|达到?|为)?$")
# 甲面积由6.2万亩扩大到9.3万亩,增长|50%: numbers that were not read stand before it, so what grew is not known.
_UNREAD = re.compile(
    r"(?:由|从|达到?|[增升减降扩][^,。;\d]{0,3}[到至])(?!(?:19|20)\d\d[年-])\d[\d.]*(?![年月日])[^,。;、()\d]"
)


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
    phrases = tuple(period_phrases(masked, window, retrospective=setting.retrospective, carried=setting.governing))
    tokens = tokens_in(masked, names.registry)
    stops = tuple(match.end() for match in _FULL_STOP.finditer(masked))
    last = lasting(masked, phrases, tokens, stops, window, setting)
    if not tokens:
        return (), last
    whole = Text(text, masked, names, window, names.find(text), setting)
    brackets = tuple((match.start(), match.end()) for match in _BRACKETS.finditer(masked))
    bases = tuple((match.start(), match.end()) for match in BASIS.finditer(masked))
    marks = Marks(len(masked), stops, brackets)
    state = State(setting.governing, recent=setting.recent if _AFORESAID.search(masked) else ())
    read: list[Quantity] = []
    pointer = 0
    for index, token in enumerate(_behind_names(whole.aliases, token) for token in tokens):
        before = bisect_right(stops, token.start)
        sentence = stops[before - 1] if before else 0
        start = max(state.end, sentence)
        state.enter(masked, marks, token)
        first, prior, before_phrase = pointer, state.governing, state.governing
        while pointer < len(phrases) and phrases[pointer].end <= token.start:
            prior = state.governing
            if not _is_passed(bases, phrases[pointer], token, prior):
                state.govern(masked, phrases[pointer], start, marks, token.start)
            pointer += 1
        years = listed_years(masked, phrases[first:pointer], max(start, token.lead - LONGEST), token.start)
        if years:
            state.governing, state.years, state.subjects = years[0], years[1:], ()
        outside, levels, grown = state.governing, (state.level_period, state.earlier_level), state.grown
        last_year = LAST_YEAR.search(masked, start, token.start)
        behind = year_behind(masked, token, phrases, pointer) or (year_before(state, token) if last_year else None)
        state.governing = behind or outside
        found = _read_token(whole, tokens, index, token, state, start, sentence)
        if last_year is not None:
            found = found if behind and IS_LEVEL.fullmatch(masked, last_year.end(), token.start) else _unsure(found)
            state.level_period, state.earlier_level = levels
        read += found
        state.governing = outside if behind else state.governing
        if first < pointer and is_base(masked, phrases[pointer - 1], token, before_phrase, is_grown=grown is not None):
            state.leave_aside(before_phrase, marks.bracket_at(token.end) or share_beside(masked, token))
            state.level_period, state.earlier_level = levels
        elif first < pointer and prior is not None and _inside(bases, phrases[pointer - 1].start):
            state.governing = prior  # 按2022年末常住人口|68.3万人|计算,…: of no other number
        state.basis = "carried"
    return tuple(with_manpower(masked, read, names)), last


def _behind_names(aliases: Sequence[Found], token: Token) -> Token:
    """A rank whose lead word belongs to the name before it: 国家创新型城市排名|第68位."""
    if token.sort != "rank":
        return token
    index = bisect_right(aliases, token.start, key=lambda item: item.end) - 1
    return replace(token, lead=aliases[index].end) if index >= 0 and aliases[index].end > token.lead else token


def _unsure(found: Sequence[Quantity]) -> list[Quantity]:
    """Quantities that no indicator is said of for sure."""
    return [replace(item, subject=replace(item.subject, alias=None)) for item in found]


def _inside(spans: Sequence[tuple[int, int]], position: int) -> tuple[int, int] | None:
    """The span that a place lies in."""
    index = bisect_right(spans, position, key=lambda span: span[0]) - 1
    return spans[index] if index >= 0 and position < spans[index][1] else None


def _is_passed(
    bases: Sequence[tuple[int, int]], phrase: PeriodPhrase, token: Token, before: PeriodPhrase | None
) -> bool:
    """Whether a year only dates what is computed with (按2015年不变价计算) and the number stands behind that."""
    span = _inside(bases, phrase.start)
    return span is not None and span[1] <= token.start and before is not None


def _sums_up(stretch: str, years: str) -> bool:
    """Whether a number is the sum of the years before it; 五年累计 is none of four years."""
    said = _SUMMED.search(stretch)
    if said is None or said["n"] is None:
        return said is not None
    return parse_count(said["n"]) == int(years[-4:]) - int(years[:4]) + 1


def _read_token(
    whole: Text, tokens: Sequence[Token], index: int, token: Token, state: State, start: int, sentence: int
) -> list[Quantity]:
    """The quantities of one number: none, one, or one for each name that shares it (甲、乙各5家)."""
    fresh = start == state.end
    built = BUILT_ON.match(whole.masked, token.end)
    state.end = built.end() if built is not None else token.end
    if _inside_name(whole.aliases, token.start):
        return []
    backward = str(whole.window.base_year) if whole.setting.retrospective else None
    goes_on = index > 1 and ";" not in whole.masked[tokens[index - 2].end : token.start]
    period = (state.spoken_of if goes_on else state.level_period) or (
        state.governing.period if state.governing else backward
    )
    clause = take_apart(whole.masked, start, token, period)
    sharing: tuple[Subject, ...] = ()
    framed = state.framed
    joint = (state.subjects or state.years) and fresh and is_joint(whole.masked[start : token.lead])
    if joint:
        clause, subject = state.next_listed(clause)
    else:
        subject, sharing = new_subject(whole, tokens, index, token, clause, state, start, fresh)
    state.cue, state.cue_start = clause.cue, clause.cue_start
    opens = start == sentence > 0
    if subject is not None and _PARTS.match(whole.masked, start) and not opens:
        state.total = state.total or (state.subject, state.statement, state.level_period, state.base)
    elif subject is not None and opens:
        state.total = None
    if subject is not None:
        of_whole = state.framed is subject or share_of_bracketed(whole, token, state.subject) is not None
        state.handed = state.handed if state.years or joint else None
        kept = state.whole if framed is not None and state.framed is framed and token.unit == "%" else None
        state.name(subject, keeps_base=bool(joint), of_whole=of_whole)
        state.whole = kept or state.whole
        state.recent += sharing
    elif opens and not (clause.cue or clause.is_compared):
        state.subject = None
    elif opens and state.total is not None:
        state.leave_parts()
    elif token.unit != "个百分点" and (token.unit != "%" or clause.cue):
        state.resume()
    if state.subject is None:
        return []
    if subject is None and not joint and clause.cue and _UNREAD.search(whole.masked, start, token.start):
        state.name(Subject("所述指标", None, None, token.start), keeps_base=False)
    if clause.is_compared or clause.is_former:
        state.base = clause.base or clause.former
        state.former = clause.former or state.former
        if state.kept is not None and whole.masked.startswith(")的", token.end):
            state.kept = (*state.kept[:3], state.base)  # 是2015年(5家)的5.2倍,增长4.2倍
    quantity = understand(whole, token, clause, state, start, fresh)
    if quantity is None:
        return []
    if subject is None and not joint and state.handed and _sums_up(whole.masked[start : token.start], state.handed):
        quantity = replace(quantity, period=state.handed)  # 逐年为1.2亿元、1.4亿元,合计|2.6亿元
    carried = subject is None and not joint and quantity.subject.region_code is None
    unclear = (token.start < state.unclear_until and not joint) or of_some_places(whole, tokens, index)
    unclear = unclear or of_another_whole(whole, token, sentence, quantity.subject)
    if unclear or (carried and of_some(whole, token, sentence)):
        quantity = replace(quantity, subject=replace(quantity.subject, alias=None))
    if quantity.kind in ("actual", "rank") and not clause.states_former and state.level_period != quantity.period:
        state.level_period, state.earlier_level = quantity.period, state.level_period
    if clause.is_former and state.base is None:
        state.base = quantity.period
    state.grown = quantity.period if quantity.kind in ("growth", "change") else state.grown
    more = [replace(quantity, subject=other, ordinal=n) for n, other in enumerate(sharing, start=1)]
    return [quantity, *more]


def _inside_name(aliases: Sequence[Found], position: int) -> bool:
    index = bisect_right(aliases, position, key=lambda item: item.start) - 1
    return index >= 0 and position < aliases[index].end
