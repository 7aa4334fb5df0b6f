"""What carries over from number to number in a paragraph: time, subject, base of comparison, enumerations, brackets.

What belongs here: keeping and handing out what was said before. What does not: finding it (``grammar``, ``subjects``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.plans.clauses import Clause
from ingestion.plans.grammar import STRIVE
from ingestion.plans.names import Subject
from ingestion.plans.periods import PeriodPhrase
from ingestion.plans.tokens import Token

_REMEMBERED = 8
_ASIDE = re.compile(r"^占|平均(?:水平|值)?的?$")

_SUM_ENDS = re.compile(r"[;。]")
"""Where a sum over years or an aside on one year ends."""

_MANY_YEARS = re.compile(r"\d{4}-\d{4}")

_Kept = tuple[Subject | None, int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the sentences of a paragraph end and its brackets stand."""

    length: int
    stops: Sequence[int]
    brackets: Sequence[tuple[int, int]]

    def bracket_at(self, position: int) -> tuple[int, int] | None:
        """The bracket that a place stands in."""
        index = bisect_right(self.brackets, (position, self.length)) - 1
        return self.brackets[index] if index >= 0 and position < self.brackets[index][1] else None

    def stop_after(self, position: int) -> int:
        """The end of the sentence that a place stands in."""
        index = bisect_right(self.stops, position)
        return self.stops[index] if index < len(self.stops) else self.length


@dataclass
class State:
    """What carries over from number to number."""

    governing: PeriodPhrase | None
    basis: str = "carried"
    subject: Subject | None = None
    statement: int = -1
    named: int = -1
    """The ordinal of the last subject named, whichever goes on."""
    level_period: str | None = None
    earlier_level: str | None = None
    """The period of the level before that one, where it is another: 2020年0.62%,2015年0.36%,比2015年提高…."""
    grown: str | None = None
    """The period of the last growth said of the subject."""
    base: str | None = None
    former: str | None = None
    """The last year that something was said to come from (从2015年的…), for a 从 without one."""
    end: int = 0
    is_flow: bool = False
    was_target: bool = False
    """Whether the last number counted what was newly added, and whether it was set out to be reached."""
    strive_until: int = -1
    subjects: tuple[Subject, ...] = ()
    years: tuple[PeriodPhrase, ...] = ()
    """What is left of an enumeration (甲、乙分别…) for the numbers to come."""
    recent: tuple[Subject, ...] = ()
    """The last subjects, for an enumeration that names none (到2025年分别达到300家、1.8%)."""
    recent_years: tuple[PeriodPhrase, ...] = ()
    """The last time phrases, for an enumeration over them (其中甲分别达到80家、120家)."""
    cue: str | None = None
    cue_start: int = 0
    framed: Subject | None = None
    """The whole that the number before named for a share to come (占340.2亿元地区生产总值的|0.63%)."""
    handed: str | None = None
    """The years that a row of numbers was handed, for their sum (…,合计2.6亿元)."""
    unclear_until: int = -1
    """Where a row of numbers ends of which nobody knows which speaks of what (1.2亿元、1.4亿元)."""
    listed: tuple[int, int] = (-1, -1)
    """Where the clause and the first number of the running enumeration begin."""
    bracket_end: int = -1
    outside: PeriodPhrase | None = None
    """The phrase that governs again behind a bracket (2020年为0.58%)."""
    interrupted: PeriodPhrase | None = None
    """The phrase that governs again behind a sum over years (到2025年…;五年累计新增4000家;…)."""
    summed: tuple[int, PeriodPhrase | None] | None = None
    """Where a sum over years within a sentence (…,五年净增20家) stands, and what governs again behind that sentence."""
    aside_end: int = -1
    kept: _Kept | None = None
    """The subject that goes on behind a bracket (其中规模以上60家)."""
    whole: _Kept | None = None
    """The subject that goes on behind a share of it or a comparison (占全市的38%,比上年增加168家)."""
    total: _Kept | None = None
    """The subject whose parts are being listed (12.2亿元,其中企业9.4亿元、…), for a sentence that compares it."""

    def leave_parts(self) -> None:
        """A sentence that names nothing goes on with the total, not with its last part."""
        if self.total is not None:
            self.subject, self.statement, self.level_period, self.base = self.total
            self.total = None

    def name(self, subject: Subject, *, keeps_base: bool, of_whole: bool = False) -> None:
        """A new subject: what was said of the one before no longer holds, unless this is only a share of it."""
        is_aside = of_whole or (subject.alias is None and _ASIDE.search(subject.name) is not None)
        goes_on = is_aside and self.subject is not None
        self.whole = (self.subject, self.statement, self.level_period, self.base) if goes_on else None
        self.named += 1  # never one that a subject resumed later has
        self.subject, self.statement = subject, self.named
        self.level_period = self.earlier_level = self.grown = None
        self.base = self.base if keeps_base else None
        self.recent = (*self.recent[1 - _REMEMBERED :], subject)

    def resume(self) -> None:
        """Go on with what a share was told of."""
        if self.whole is not None:
            self.subject, self.statement, self.level_period, self.base = self.whole
            self.whole = None

    @property
    def spoken_of(self) -> str | None:
        """The period that 同比 and 上年 count from: of 2020年63件,2019年为45件,同比增长… the later one."""
        now, before = self.level_period, self.earlier_level
        if now is None or before is None or before == self.grown or not (now.isdigit() and before.isdigit()):
            return now
        return before if int(before) == int(now) + 1 else now

    def enter(self, masked: str, marks: Marks, token: Token) -> None:
        """Leave and enter brackets and sums over years up to a number."""
        if 0 <= self.bracket_end <= token.start:
            self.governing, self.bracket_end = self.outside, -1
        governing = self.governing
        if self.summed is not None and _SUM_ENDS.search(masked, max(self.summed[0], self.end), token.start):
            self.governing, self.summed = self.summed[1], None
            governing = self.governing
        if governing is not None and governing.is_aside and self.interrupted is None:
            self.governing = (
                None if _SUM_ENDS.search(masked, max(governing.end, self.end), token.start) is not None else governing
            )
        if self.interrupted is not None and governing is not None and not governing.is_lasting:
            begin = max(governing.end, self.end)
            is_over = masked.find(";", begin, token.start) >= 0
            is_over = is_over or (governing.is_aside and _SUM_ENDS.search(masked, begin, token.start) is not None)
            self.governing, self.interrupted = (self.interrupted, None) if is_over else (governing, self.interrupted)
        if 0 <= self.aside_end <= token.start and self.kept is not None:
            self.subject, self.statement, self.level_period, self.base = self.kept
            self.aside_end, self.kept = -1, None
        bracket = marks.bracket_at(token.start)
        if bracket is not None and self.kept is None and bracket[0] >= self.end > 0:
            self.aside_end = bracket[1]
            self.kept = (self.subject, self.statement, self.level_period, self.base)

    def govern(self, masked: str, phrase: PeriodPhrase, start: int, marks: Marks, number: int) -> None:
        """Let a time phrase govern from here on; inside brackets only up to their end."""
        bracket = marks.bracket_at(phrase.start)
        if bracket is not None and bracket[1] <= number:
            alone = phrase.start == bracket[0] + 1 and phrase.end == bracket[1] - 1
            if not alone or bracket[0] == self.end:
                return
        elif bracket is not None and self.bracket_end < 0:
            self.outside, self.bracket_end = self.governing, bracket[1]
        if phrase.is_sum:
            self.summed = (phrase.end, self.summed[1] if self.summed is not None else self.governing)
        else:
            self.summed = None
        last = self.governing
        if last is not None and last.is_aside and _SUM_ENDS.search(masked, last.end, phrase.start) is None:
            phrase = replace(phrase, is_aside=True, is_lasting=False)  # 其中2023年3%、2024年4%
        elif phrase.is_aside and last is not None and not last.span:
            self.interrupted = last
        if (
            not phrase.is_lasting
            and phrase.span
            and not phrase.is_sum
            and self.governing is not None
            and not self.governing.span
        ):
            self.interrupted = self.governing
        if phrase.span is None and self.level_period is not None and _MANY_YEARS.fullmatch(self.level_period):
            self.level_period = self.earlier_level = None  # …四年累计60亿元。2015年比上年增长…: of that year
        self.governing = phrase
        self.recent_years = (*self.recent_years[1 - _REMEMBERED :], phrase)
        self.basis = "printed" if phrase.start >= start else "carried"
        if STRIVE.search(masked, max(start, phrase.start - 4), phrase.start):
            self.strive_until = marks.stop_after(phrase.start)

    def leave_aside(self, before: PeriodPhrase | None, bracket: tuple[int, int] | None) -> None:
        """Go on as before an earlier year that held of one number, and of a bracket right behind it."""
        if self.governing is not None and self.base is None and self.level_period is not None:
            self.base = self.governing.period
        if bracket is None:
            self.governing = before
        else:
            self.outside, self.bracket_end = before, bracket[1]

    def next_listed(self, clause: Clause) -> tuple[Clause, Subject | None]:
        """The next number of an enumeration: the next name or the next year, under the same growth word."""
        carried = replace(clause, cue=self.cue, cue_start=self.cue_start)
        if self.years:
            self.governing, self.years = self.years[0], self.years[1:]
            self.level_period = None
            return carried, None
        subject, self.subjects = self.subjects[0], self.subjects[1:]
        return carried, subject
