"""What the numbers of one thing have said so far, and between which of its levels a change lies.

What belongs here: levels with their years, and choosing among them. What does not: taking sentences apart
(``told_changes``), the words (``change_words``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingestion.plans.change_words import Span
from ingestion.plans.tokens import Token
from ingestion.registry import Registry


@dataclass(frozen=True, slots=True)
class Level:
    """A level that a sentence states; ``year`` where its own words say it."""

    token: Token
    year: int | None
    is_past: bool = False
    """Whether its words only say that it was earlier: 五年前仅有, 原有, 上年为."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change with what it lies between. A change without a former level has the difference told beside it."""

    token: Token
    kind: str
    wording: str
    direction: str | None
    later: Level
    former: Level | None
    difference: Token | None = None
    years: int | None = None
    """How many years the sentence says that it took."""
    named: tuple[int, int] | None = None
    series: tuple[int, int] | None = None
    """The years of the series that a trend is told of."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An average whose levels follow."""

    token: Token
    wording: str
    direction: str
    years: int | None
    named: tuple[int, int] | None


@dataclass
class Run:
    """What the numbers of one thing have said so far, left to right."""

    levels: list[Level] = field(default_factory=list)
    formers: list[Level] = field(default_factory=list)
    base: Level | int | None = None
    """What changes are told against: a level, a year, or nothing said."""
    is_open: bool = True
    """Whether nothing has yet been said of what changes are told against."""
    difference: tuple[Token, str | None] | None = None
    waiting: list[Told] = field(default_factory=list)
    """Changes whose level follows: 在2360家的基数上翻一番,达到|4200家."""
    current: int = 0
    """The last year that lies behind the document."""
    pending: tuple[Told, int] | None = None
    """A change against a year whose level follows in brackets: 同比增长13.2%(2019年为|1102件)."""
    ahead: Ahead | None = None
    """An average told before its levels: “十三五”期间年均增长|12.5%,2016年为38.6亿元,2020年为61.9亿元."""
    later_year: int | None = None
    scopes: set[str] = field(default_factory=set)
    begin: int = 0
    whole: Level | None = None
    """What the levels are parts of: 178家,其中国家级21家、省级157家,比2015年的121家增加57家 may speak of either."""


def alike(registry: Registry, one: Token, other: Token) -> bool:
    """Whether two numbers are of one dimension."""
    if one.sort == "rank" or other.sort == "rank":
        return one.sort == other.sort
    if one.unit is None or other.unit is None:
        return False
    known, also = registry.unit(one.unit), registry.unit(other.unit)
    return one.unit == other.unit or (known is not None and also is not None and known.dimension == also.dimension)


def of_another_year(run: Run, span: Span) -> bool:
    """Whether a rate is that of a year before the level reached: 2020年318.6亿元,…,2019年增速为|12.2%."""
    known = [level.year for level in (*run.levels, *run.formers) if level.year is not None]
    own = span.year if span.is_rate and not (span.is_compared or span.is_from) else None
    return own is not None and bool(known) and own != max(known)


def year_of(run: Run, span: Span) -> int | None:
    """The year of a level: printed, or counted back from the level before it."""
    known = [level.year for level in run.levels if level.year is not None]
    if span.year is not None:
        return span.year
    if span.last:
        return max(known) - 1 if known else None
    if span.ago:
        return max(known) - span.ago if known else None
    return run.later_year if run.formers and not run.levels else None


def rebase(run: Run, span: Span) -> None:
    """What a change is told against, where its own words say it anew."""
    if span.is_unknown_base:
        run.base, run.is_open, run.difference = None, False, None
    elif span.is_compared or span.is_same or span.last:
        year = span.year
        if year is None and (span.is_same or span.last):
            known = [level.year for level in run.levels if level.year is not None]
            year = max(known) - 1 if known else None
        elif year is None and span.ago:
            known = [level.year for level in run.levels if level.year is not None]
            year = max(known) - span.ago if known else None
        run.base, run.is_open, run.difference = year, False, None


def levels_between(registry: Registry, run: Run, told: Told) -> tuple[Level, Level] | None:
    """The two levels that a change lies between, former and later."""
    later = told.later
    if isinstance(run.base, Level):
        fits = [level for level in run.levels if alike(registry, run.base.token, level.token)]
        if not fits or len(run.scopes) > 1:
            return None
        if len(fits) > 1 and run.base in run.formers and run.levels.index(fits[-1]) and _starts_from(run, fits[0]):
            return None
        return run.base, fits[-1]
    others = [level for level in [*run.formers, *run.levels] if alike(registry, level.token, later.token)]
    if len(run.scopes) > 1:
        return None
    if isinstance(run.base, int):
        dated = [level for level in others if level.year == run.base]
        ends = [level for level in run.levels if level not in dated and alike(registry, level.token, later.token)]
        return (dated[-1], ends[-1]) if dated and ends else None
    if not run.is_open:
        return None
    return _by_years(others, told, run.current)


def _starts_from(run: Run, level: Level) -> bool:
    """Whether a level was told right behind 从…, so that a later one leaves in doubt what is meant."""
    return run.base is not None and isinstance(run.base, Level) and run.base.token.start < level.token.start


def _by_years(levels: Sequence[Level], told: Told, current: int) -> tuple[Level, Level] | None:
    """Of levels that only their years tell apart: the first and the last of two, else those of the years named."""
    past = [level for level in levels if level.is_past]
    if len(levels) == 2 and len(past) == 1:
        return past[0], next(level for level in levels if not level.is_past)
    first_dated = [level.year for level in levels] if len(levels) == 2 else []
    if first_dated and first_dated[0] is None and (first_dated[1] or current) < current:
        return levels[1], levels[0]  # 投入强度1.22%,2015年为1.05%: what is told without a year is of now
    dated = sorted((level for level in levels if level.year is not None), key=lambda level: level.year or 0)
    if len(dated) < 2 or len({level.year for level in dated}) < len(dated):
        return None
    last, first = dated[-1], dated[0]
    if len(levels) == 2:
        return (first, last)
    span = told.named[1] - told.named[0] + 1 if told.named else told.years
    start = (last.year or 0) - (span or 0)
    found = next((level for level in dated if span and level.year == start), None)
    return (found, last) if found is not None else None


def between_levels_behind(registry: Registry, run: Run) -> Told | None:
    """The average told ahead between the two dated levels behind it: of its own years, or where it fits theirs."""
    levels = sorted(
        (level for level in (*run.formers, *run.levels) if level.year is not None), key=lambda x: x.year or 0
    )
    ahead = run.ahead
    if ahead is None or len(levels) != 2 or len(run.formers) + len(run.levels) != 2:
        return None
    former, later = levels
    first, last = former.year or 0, later.year or 0
    if first >= last or not alike(registry, former.token, later.token) or later.token.unit in (None, "%"):
        return None
    told = Told(
        ahead.token,
        "average_growth",
        ahead.wording,
        ahead.direction,
        later,
        former,
        years=ahead.years,
        named=ahead.named,
    )
    if ahead.named is not None:
        own = (first, last) == (ahead.named[0] - 1, ahead.named[1])
        within = ahead.named[0] <= first and last <= ahead.named[1]
    else:
        own, within = ahead.years is None or last - first == ahead.years, False
    return told if own or (within and _averages(told, last - first)) else None


def _averages(told: Told, years: int) -> bool:
    """Whether an average growth is the one between its levels over so many years, as they are printed."""
    if told.former is None or told.former.token.unit != told.later.token.unit:
        return False
    later, former = told.later.token.number.value, told.former.token.number.value
    if former <= 0 or later <= 0:
        return False
    found = ((later / former) ** (Decimal(1) / years) - 1) * 100
    sense = -1 if told.direction == "down" else 1
    return abs(found * sense - told.token.number.value) <= Decimal(1).scaleb(-told.token.number.decimals)


def of_whole(registry: Registry, run: Run, told: Told) -> Told:
    """The change as that of the whole whose parts were told in between, where it holds of the whole alone."""
    if run.whole is None or run.whole is told.former or not alike(registry, run.whole.token, told.later.token):
        return told
    other = replace(told, later=run.whole)
    return other if _holds(other) and not _holds(told) else told


def _holds(told: Told) -> bool:
    """Whether a difference or a growth is that between its levels, as they are printed."""
    if told.former is None or told.kind not in ("difference", "points", "growth", "multiple"):
        return False
    later, former, stated = told.later.token.number, told.former.token.number, told.token.number
    if told.later.token.unit != told.former.token.unit or former.value <= 0:
        return False
    if told.kind in ("difference", "points"):
        found = abs(later.value - former.value)
    else:
        found = later.value / former.value - (told.kind == "growth")
        found = abs(found) * (1 if told.token.unit == "倍" else 100)
    return abs(found - stated.value) <= Decimal(1).scaleb(-stated.decimals)
