"""Directional statements: what a plan sets out to raise, lower or keep without a number (研发投入强度稳步提高).

What belongs here: finding such clauses, whether they look ahead, whether a number speaks for them after all. What does
not: numbers (``sentences``), the words of direction (``grammar``), names (``names``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.figures import DirectionalStatement, Place, Source, hashed_id
from ingestion.plans.clauses import Setting
from ingestion.plans.grammar import ADDING, DIRECTED, DIRECTION, FLOW, STRIVE, looks_ahead, mask
from ingestion.plans.names import Names, Subject, clause_start
from ingestion.plans.periods import PeriodPhrase, Window, comparison_in, period_phrases
from ingestion.plans.quantities import Quantity
from ingestion.plans.timing import milestone_of
from ingestion.plans.tokens import tokens_in
from ingestion.plans.words import ANAPHORA, FILLER, LONGEST, MODIFIERS, made_of, trimmed
from ingestion.registry import Alias, is_within

_NEAR = 80
"""How far behind a direction a number may stand that says how far it goes."""
_FULL_STOP = re.compile(r"[。!?]")
_CLAUSE_MARK = re.compile(r"[,。;:!?]")
_CLAUSE_END = re.compile(r"[,。;:!?、]")
_LONGEST_NAME = 60
_JOINT = re.compile(r"[、和及与]|以及")
_COUNT_WORD = re.compile(r"[数量]")
_COUNTED = frozenset({"count", "persons"})
_MEASURED = re.compile(r"[数量额率]|强度|占|比[重例率]|指数")
_PAST = re.compile(r"已|了|曾|以来|近几?年|五年来|过去|目前|当前|连续|同比|比上年|较上年|去年|得益|取得")
_RESOLVE = re.compile(r"确保|务必|务求|保证")
# 引导企业加大投入,提高研发投入强度: theirs, not the region's.
_OF_OTHERS = re.compile(
    r"(?:引导|鼓励|支持|推动|督促|激励|带动|促进|促使|帮助|要求|指导|组织|让|使)[^。;]{0,30}?"
    r"(?:企业|公司|高校|院校|院所|单位|机构|园区|开发区|高新区|区县|县区|各县|各区|团队|人员)"
)
# A clause that alone opens a paragraph or an item is its label: ——研发投入稳步增长。到2025年…
_ITEM = re.compile(r"(?:—{1,2}|[•●◆■★▲·▪*※-]|[一二三四五六七八九十]是|\(?[一二三四五六七八九十\d]{1,3}[)、.]){0,3}")


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction as understood. Offsets are into the paragraph; ``ordinal`` tells the names that share it."""

    start: int
    end: int
    name: str
    alias: Alias
    region_code: str | None
    period: str
    period_basis: str
    direction: str
    strength: str
    ordinal: int = 0


@dataclass(frozen=True)
class _Text:
    """One paragraph with what is needed to judge its clauses."""

    plain: str
    masked: str
    names: Names
    window: Window
    setting: Setting
    is_ahead: bool
    """Whether its section speaks of goals, tasks or measures."""
    phrases: tuple[PeriodPhrase, ...]
    stops: tuple[int, ...]
    """Ends of its sentences."""

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence that a place stands in."""
        index = bisect_right(self.stops, position)
        end = self.stops[index] if index < len(self.stops) else len(self.masked)
        return (self.stops[index - 1] if index else 0), end


def read_directions(
    text: str,
    path: Sequence[str],
    names: Names,
    window: Window,
    setting: Setting,
    quantities: Sequence[Quantity],
) -> Iterator[Direction]:
    """The directional statements of one paragraph, one for each clause and indicator.

    Args:
        text: the paragraph, folded, without blanks.
        path: the headings above it.
        names: indicators and regions as this document uses them.
        window: the years of the plan.
        setting: what the paragraph inherits from its section.
        quantities: what was read of its numbers; a direction whose number is printed beside it is no statement.
    """
    if setting.retrospective or not (DIRECTION.search(text) or DIRECTED.search(text)):
        return
    masked = mask(text)
    candidates = _candidates(text, masked, names)
    if not candidates:
        return
    phrases = tuple(p for p in period_phrases(masked, window) if not _is_aside(masked, p))
    stops = tuple(match.end() for match in _FULL_STOP.finditer(masked))
    whole = _Text(text, masked, names, window, setting, looks_ahead(path), phrases, stops)
    numbered = _numbered(whole, quantities)
    for match, subjects in candidates:
        start = min(match.start(), subjects[0].start)
        end = match.end() if start < match.start() else _clause_end(masked, match.end())
        told = _time_and_strength(whole, start, end)
        if told is None or _is_label(whole, start, end) or _has_number(whole, start, end):
            continue
        period, basis, strength = told
        for ordinal, subject in enumerate(subjects):
            alias = subject.alias
            direction = match.lastgroup or ""
            if alias is None or not _speaks_of(whole, alias, direction, match, subject):
                continue
            if _is_numbered(whole, numbered, alias, start, period):
                continue
            yield Direction(
                start, end, subject.name, alias, subject.region_code, period, basis, direction, strength, ordinal
            )


def statement(
    item: Direction, source: Source, place: Place, *, printed_text: str, region_code: str, scope_note: str | None
) -> DirectionalStatement:
    """The record of a direction; its identity is the delivery's sha256, the position and the ordinal, as a figure's."""
    return DirectionalStatement(
        statement_id=hashed_id("stm", source.sha256, place.position, item.ordinal),
        position=place.position,
        source_id=source.source_id,
        document_id=source.document_id,
        region_code=item.region_code or region_code,
        scope_note=None if item.region_code else scope_note,
        indicator_code=str(item.alias.indicator_code),
        variant=item.alias.variant,
        breakdown=item.alias.breakdown,
        indicator_as_printed=item.name,
        period=item.period,
        period_basis=item.period_basis,
        direction=item.direction,
        strength=item.strength,
        printed_text=printed_text,
        section=place.section,
        line_start=place.line_start,
        line_end=place.line_end,
        page=place.page,
        address=place.address,
    )


# --- finding clauses --------------------------------------------------------------------------------


def _candidates(plain: str, masked: str, names: Names) -> list[tuple[re.Match[str], tuple[Subject, ...]]]:
    """Words of direction with the indicators that they speak of, left to right."""
    marks = [match.end() for match in _CLAUSE_MARK.finditer(masked)]
    found = []
    for match in DIRECTION.finditer(masked):
        index = bisect_right(marks, match.start()) - 1
        begin = max(marks[index] if index >= 0 else 0, match.start() - LONGEST)
        found.append((match, _subjects_before(plain, begin, match.start(), names)))
    for match in DIRECTED.finditer(masked):
        index = bisect_right(marks, match.start()) - 1
        begin = max(marks[index] if index >= 0 else 0, match.start() - LONGEST)
        found.append((match, _subject_behind(plain, masked, begin, match, names)))
    return sorted(((m, s) for m, s in found if s), key=lambda item: item[0].start())


def _subjects_before(plain: str, begin: int, end: int, names: Names) -> tuple[Subject, ...]:
    """研发投入强度|稳步提高; all names of an enumeration where each is an indicator, else the one right before."""
    stretch = _without_comparison(plain[begin:end])
    found = names.find(stretch)
    if not found:
        return ()
    parts = [trimmed(part) for part in _JOINT.split(stretch[clause_start(stretch, 0, len(stretch)) :])]
    listed = [Subject(part, names.exact(part), None, begin + found[0].start) for part in parts]
    if len(listed) > 1 and all(subject.alias and subject.alias.indicator_code for subject in listed):
        return tuple(listed)
    subject = names.subject(stretch, 0, len(stretch), found)
    if subject is None or subject.alias is None or subject.alias.indicator_code is None:
        return ()
    head = stretch[: subject.start]
    if FLOW.search(head) or (")" in head and not made_of(head, MODIFIERS, FILLER)):
        return ()  # 新增高新技术企业数量, 各县(市、区)研发投入强度: another thing than the name behind it
    return (Subject(subject.name, subject.alias, subject.region_code, begin + subject.start),)


def _without_comparison(stretch: str) -> str:
    """研发投入强度较2020年 without the comparison at its end."""
    compared = comparison_in(stretch, None)
    return stretch[: compared.start] if compared is not None and not stretch[compared.end :] else stretch


def _subject_behind(plain: str, masked: str, begin: int, match: re.Match[str], names: Names) -> tuple[Subject, ...]:
    """提高|研发投入强度: a measure of the region itself, named to the end of the clause."""
    name = plain[match.end() : _clause_end(masked, match.end())]
    found = names.find(name)
    if not found or found[-1].end != len(name):
        return ()
    head = plain[max(begin, masked.rfind("、", begin, match.start()) + 1) : match.start()]
    near = max(0, match.start() - LONGEST)
    others = _OF_OTHERS.search(masked, max(near, masked.rfind("。", near, match.start())), match.start())
    if others or not made_of(head, MODIFIERS, FILLER):
        return ()
    subject = names.subject(name, 0, len(name), found)
    if subject is None or subject.alias is None or not _MEASURED.search(subject.name):
        return ()
    return (Subject(subject.name, subject.alias, subject.region_code, match.end() + subject.start),)


def _clause_end(text: str, position: int) -> int:
    """The next mark that ends a clause or an item of an enumeration, not farther than a name reaches."""
    match = _CLAUSE_END.search(text, position, position + _LONGEST_NAME)
    if match is not None:
        return match.start()
    return len(text) if len(text) <= position + _LONGEST_NAME else position


def _speaks_of(whole: _Text, alias: Alias, direction: str, match: re.Match[str], subject: Subject) -> bool:
    """Whether the words give the number of the indicator a direction, and one that it may be meant to take."""
    if subject.region_code is not None and not is_within(subject.region_code, whole.names.region_code):
        return False  # 全省…: what is set out elsewhere
    indicator = whole.names.registry.indicators[str(alias.indicator_code)]
    if indicator.unit.dimension == "rank":
        return False  # a better place is a lower number: words of direction do not say which is meant
    if {direction, indicator.direction} == {"up", "down"}:
        return False  # a fall of what should rise is a worry, not a target
    if indicator.unit.dimension not in _COUNTED:
        return True
    named = whole.plain[subject.start : match.start()] if subject.start < match.start() else subject.name
    return _COUNT_WORD.search(named) is not None or ("规模" not in named and ADDING.search(match.group()) is not None)


# --- judging clauses --------------------------------------------------------------------------------


def _is_aside(masked: str, phrase: PeriodPhrase) -> bool:
    """A time phrase alone in brackets (2020年) governs nothing behind them."""
    return masked[phrase.start - 1 : phrase.start] == "(" and masked[phrase.end : phrase.end + 1] == ")"


def _time_and_strength(whole: _Text, start: int, end: int) -> tuple[str, str, str] | None:
    """Milestone, its basis and the strength of a clause; None where nothing says that it looks ahead."""
    sentence, _ = whole.sentence(start)
    near = max(sentence, start - 40)
    clause = clause_start(whole.masked, sentence, start)
    if _PAST.search(whole.masked, max(clause, start - LONGEST), end):
        return None
    strives = STRIVE.search(whole.masked, near, end) is not None
    index = bisect_right(whole.phrases, end, key=lambda phrase: phrase.end) - 1
    governing = whole.phrases[index] if index >= 0 else whole.setting.governing
    if governing is None:
        resolved = strives or _RESOLVE.search(whole.masked, max(clause, start - LONGEST), end) is not None
        ahead = whole.is_ahead or resolved
    else:
        ahead = governing.role == "target" or (governing.role == "open" and (whole.setting.aims or strives))
    if not ahead:
        return None
    basis = "inferred" if governing is None else "carried"
    if index >= 0 and whole.phrases[index].start >= sentence:
        basis = "printed"
    return milestone_of(whole.window, governing), basis, "strive" if strives else "firm"


def _is_label(whole: _Text, start: int, end: int) -> bool:
    """Whether the clause is the whole first sentence of a paragraph or item that goes on: a heading run in."""
    sentence, stop = whole.sentence(start)
    item = _ITEM.match(whole.masked, sentence)
    alone = item is not None and item.end() == start and stop == end + 1 and stop < len(whole.masked)
    return alone and (sentence == 0 or start > sentence)


def _has_number(whole: _Text, start: int, end: int) -> bool:
    """Whether a number stands in the clause, or behind it without a name of its own: 持续提升,到2025年达到2.5%."""
    registry = whole.names.registry
    sentence, stop = whole.sentence(start)
    clause = max(clause_start(whole.masked, sentence, start), start - LONGEST)
    if tokens_in(whole.masked[clause:end], registry):
        return True
    behind = whole.masked[end : min(stop, end + _NEAR)]
    tokens = tokens_in(behind, registry)
    return bool(tokens) and made_of(behind[: tokens[0].lead], ANAPHORA, FILLER)


_Key = tuple[int, str | None, str, str]


def _numbered(whole: _Text, quantities: Sequence[Quantity]) -> dict[_Key, tuple[int, frozenset[str]]]:
    """For sentence and indicator: where the last of its numbers stands, and the periods that they speak of."""
    found: dict[_Key, tuple[int, set[str]]] = {}
    for item in quantities:
        if item.subject.alias is not None:
            key = _key(whole, item.subject.alias, item.start)
            _, periods = found.get(key, (0, set()))
            periods.add(item.period)
            found[key] = (item.start, periods)
    return {key: (last, frozenset(periods)) for key, (last, periods) in found.items()}


def _is_numbered(
    whole: _Text, numbered: dict[_Key, tuple[int, frozenset[str]]], alias: Alias, start: int, period: str
) -> bool:
    last, periods = numbered.get(_key(whole, alias, start), (-1, frozenset()))
    return last > start or period in periods


def _key(whole: _Text, alias: Alias, position: int) -> _Key:
    return bisect_right(whole.stops, position), alias.indicator_code, alias.variant, alias.breakdown
