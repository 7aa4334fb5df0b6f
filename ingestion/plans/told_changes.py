"""Changes that a sentence tells together with the levels they lie between: 由232家扩至286家,净多出54家.

What belongs here: putting the numbers of one sentence together, whatever they are numbers of. What does not: the words
(``change_words``), changes whose levels stand elsewhere (``movements``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.plans.change_words import (
    REACHED,
    Span,
    named_plan,
    read_span,
    speaks_of_other_years,
    stated_years,
)
from ingestion.plans.periods import Window
from ingestion.plans.tokens import Token
from ingestion.plans.told_levels import (
    Ahead,
    Level,
    Run,
    Told,
    alike,
    between_levels_behind,
    levels_between,
    of_another_year,
    of_whole,
    rebase,
    year_of,
)
from ingestion.plans.words import DONE_MORE, LONGEST, RESPECTIVELY
from ingestion.quantity import comparator_between
from ingestion.registry import Registry

_STOP = re.compile(r"[。!?]")
_BRACKET = re.compile(r"\([^()]*\)")
# ,占地区生产总值的1.2%: a share of what was said, which goes on behind it.
# The whole may stand with its own number: ,占地方财政支出2820.2亿元的1.05%.
_SHARE = re.compile(
    r"(?<=,)(?:所)?(?:占(?!比)|相当于)[^,。;\d]{1,30}(?:\d[\d.]*[^,。;%\d]{1,26})?\d+(?:\.\d+)?[%‰](?=[,;])"
)
_YEAR_BEHIND = re.compile(r"\((?:(?:截至)?(?P<year>(?:19|20)\d\d)年(?:底|末)?)\)")
_MORE = re.compile(rf"[余强半](?!\d)|多(?!\d|{'|'.join(DONE_MORE)})|(?:及|或)?以[上下内]|左右|上下|有余")
_LESS = re.compile(r"(?:近|约|超|逾|不到|不足|将近|接近|超过|大约|左右)$")
_SAME_AMOUNT = re.compile(r"(?:折合|约合|换算成?|即)$")
_CLAUSE = re.compile(r"[,。;:!?]")
_TIMES = re.compile(r"(?:(?:是|为|相当于|达到?|等于|约为|的)[^,。;]{0,16}|前者)的?$")
_TURNED = re.compile(r"翻了?$")
_BARE = re.compile(r"[了约近达高又再为共计]*")
# 完成五年计划增量|197.3亿元的43.5%: what the whole plan sets out
_PLANNED = re.compile(
    r"(?:计划|规划|目标|预期|预定|既定|任务)期?(?:内|要求)?的?(?:五年)?(?:应|需|要)?(?:净|总|累计)?"
    r"(?:增量|增额|增[加长]量|增[加长]额|增幅|增长|增加|提高|提升|上升|新增|减少|下降|降低)(?:幅度|目标|任务|数量?|值)?(?:为|是|的|约)*$"
)
_DROPPED = "\0"


@dataclass(frozen=True, slots=True)
class _Text:
    masked: str
    registry: Registry
    window: Window


def read_changes(masked: str, tokens: Sequence[Token], registry: Registry, window: Window) -> Iterator[Told]:
    """The changes of a paragraph that its sentences tell together with their levels, left to right.

    Args:
        masked: the paragraph, titles and slogans blotted out.
        tokens: its numbers.
        registry: for units.
        window: the years of the plan.
    """
    text = _Text(_without_asides(masked, tokens, window), registry, window)
    kept = [token for token in tokens if text.masked[token.start] != _DROPPED]
    stops = [match.end() for match in _STOP.finditer(masked)]
    run, end, sentence = Run(current=window.last_known), 0, 0
    for token in kept:
        passed = False
        while stops and stops[0] <= token.start:
            sentence, passed = stops.pop(0), True
        begin = max(sentence, end)
        span = _span(text, begin, token)
        whole = None if passed else _whole(text.masked[begin : token.start], run)
        if passed or not span.is_closed or not (run.levels + run.formers or run.ahead):
            run = Run(begin=max(sentence, token.start - LONGEST, begin), current=window.last_known)
            span = _opening(text, run.begin, token)
        run.whole = whole
        yield from _take(text, run, token, span)
        end = _behind(text.masked, token)


def _whole(gap: str, run: Run) -> Level | None:
    """The level that the levels to come, or those that were, are parts of."""
    opens = "其中" in gap and run.levels and run.levels[-1].token.unit is not None
    return run.levels[-1] if opens else None if ";" in gap else run.whole


def _without_asides(masked: str, tokens: Sequence[Token], window: Window) -> str:
    """The text with brackets blotted out but for those that go on with the same thing: (2019年为1102件)."""
    masked = _SHARE.sub(lambda match: _DROPPED * len(match.group()), masked)
    starts = [token.start for token in tokens]

    def kept(match: re.Match[str]) -> str:
        index = bisect_right(starts, match.start())
        first = starts[index] if index < len(starts) and starts[index] < match.end() else None
        if first is None:
            own = _YEAR_BEHIND.fullmatch(match.group()) is not None
        else:
            own = read_span(masked[match.start() + 1 : first], "", window).is_closed
        return match.group() if own else _DROPPED * len(match.group())

    return _BRACKET.sub(kept, masked)


def _behind(masked: str, token: Token) -> int:
    """Where the words behind a number begin: after a year in brackets that is its own."""
    match = _YEAR_BEHIND.match(masked, token.end)
    return match.end() if match else token.end


def _span(text: _Text, begin: int, token: Token) -> Span:
    start = max(begin, token.start - LONGEST)
    stretch = text.masked[start : token.start]
    clause = _CLAUSE.search(text.masked, token.end, token.end + 24)
    behind = text.masked[token.end : clause.start() + 1 if clause else token.end + 24]
    found = read_span(stretch, behind, text.window, is_rank=token.sort == "rank" or token.unit in ("位", "名"))
    own = _YEAR_BEHIND.match(text.masked, token.end)
    return replace(found, year=int(own["year"])) if own else found


def _opening(text: _Text, begin: int, token: Token) -> Span:
    """The words before the first number of a thing: only what stands nearest says when it was."""
    return _span(text, begin, token)


def _take(text: _Text, run: Run, token: Token, span: Span) -> Iterator[Told]:
    """What one number adds to what its thing has said."""
    if span.scope and token.sort == "rank":
        run.scopes.add(span.scope)
    if token.high is not None or span.of_rate or of_another_year(run, span):
        return
    if _is_change(token, span):
        yield from _change(text, run, token, span)
        return
    if token.unit is None or token.unit in ("倍", "个百分点") or token.sort == "multiple":
        return
    if _SAME_AMOUNT.search(text.masked, max(0, token.start - 4), token.start):
        return
    level = Level(token, year_of(run, span), span.last or span.is_once or span.ago is not None)
    exact = _is_exact(text.masked, token)
    if text.masked[run.begin : token.start].rfind("(") > text.masked[run.begin : token.start].rfind(")"):
        if run.pending is not None and exact and level.year == run.pending[1]:
            yield replace(run.pending[0], former=level)
        if span.is_compared or (span.is_multiplied and run.levels):
            run.base, run.is_open = (level if exact else None), False
        run.formers.append(level)
        return
    reached = REACHED.search(text.masked[max(0, token.start - 4) : token.start])
    waiting, run.waiting = run.waiting, []
    if exact and reached and span.is_closed:
        for told in waiting:
            if told.former is not None and alike(text.registry, told.former.token, token):
                yield replace(told, later=level)
    if span.is_from or span.is_compared or span.is_built_on or (span.is_multiplied and run.levels):
        run.later_year = span.before or run.later_year
        run.base, run.is_open = (level if exact else None), False
        run.formers.append(level)
        if span.is_from:
            run.levels.clear()
        return
    if exact and span.is_closed and run.formers and not run.levels:
        yield from _towards(text, run, level, span)
    if exact:
        run.levels.append(level)
        behind = between_levels_behind(text.registry, run)
        if behind is not None:
            yield behind
    else:
        run.levels = [replace(level, token=replace(token, unit=None))]


def _is_change(token: Token, span: Span) -> bool:
    """Whether a number says how much something changed, and is no level that it reached."""
    if token.sort == "multiple" or token.unit in ("倍", "个百分点"):
        return True
    if span.move is None or token.sort == "rank":
        return False
    reached = REACHED.search(span.tail) is not None
    if span.is_rate:
        return True
    if reached and not span.tail.endswith("达"):
        return span.tail.removesuffix("到") in ("高达",)
    return _BARE.fullmatch(span.tail) is not None


def _is_exact(masked: str, token: Token) -> bool:
    """Whether a number is printed as it is, not as about so much or at least so much."""
    before, behind = masked[max(0, token.start - 12) : token.start], masked[token.end : token.end + 6]
    if _MORE.match(behind) or _LESS.search(before) or re.search("[多余]", masked[token.start : token.end]):
        return False
    return comparator_between(before, behind, is_target=False) == "eq"


def _change(text: _Text, run: Run, token: Token, span: Span) -> Iterator[Told]:
    rebase(run, span)
    if (run.is_open and span.is_built_on) or RESPECTIVELY.search(
        text.masked, max(run.begin, token.start - 24), token.start
    ):
        return  # 甲、乙分别比2015年增长|53.3%和47.3%: which is whose the lists say
    words = text.masked[max(run.begin, token.start - LONGEST) : token.start]
    later = next((level for level in reversed(run.levels) if level.token.unit is not None), None)
    run.ahead = None if run.levels + run.formers else _ahead(text, token, span, words)
    kind = _kind(text, token, span, later.token if later else (run.formers[-1].token if run.formers else None))
    own = span.move or ""
    if kind is None or not _is_exact(text.masked, token) or _is_planned(text, run, token):
        return
    start = run.base if isinstance(run.base, Level) and not run.levels else None
    if later is None and start is not None and start is run.formers[-1]:
        later = start
    if later is None or (run.levels and run.levels[-1].token.unit is None):
        return
    wording = ("年均" if kind == "average_growth" else "") + own
    told = Told(
        token,
        kind,
        wording or ("翻番" if kind == "doubling" else ""),
        span.direction if kind not in ("multiple", "doubling") else None,
        later,
        None,
        years=stated_years(words),
        named=named_plan(words),
    )
    if later is start:
        run.waiting.append(replace(told, former=start))
        return
    former = levels_between(text.registry, run, told)
    if former is not None and not isinstance(run.base, Level) and not _as_far_apart(told, *former):
        return
    if kind == "difference" and alike(text.registry, token, later.token):
        run.difference = (token, span.direction)
    if former is not None:
        if not (kind == "average_growth" and speaks_of_other_years(words)):
            yield of_whole(text.registry, run, replace(told, later=former[1], former=former[0]))
        return
    if isinstance(run.base, int):
        run.pending = (told, run.base)
    if kind == "growth" and token.unit == "%" and run.difference is not None:
        same = run.difference[1] == span.direction and not span.is_compared and not span.is_same
        if same and len(run.levels) == 1 and not run.formers:
            yield replace(told, difference=run.difference[0])


def _ahead(text: _Text, token: Token, span: Span, words: str) -> Ahead | None:
    """An average that stands before its levels, with the years that it says."""
    years, named = stated_years(words), named_plan(words)
    if not span.is_average or span.direction is None or token.unit != "%" or not (years or named):
        return None
    exact = _is_exact(text.masked, token) and not speaks_of_other_years(words)
    return Ahead(token, f"年均{span.move or ''}", span.direction, years, named) if exact else None


def _is_planned(text: _Text, run: Run, token: Token) -> bool:
    """Whether a change is the one set out up to the end of the plan, beside levels of earlier years."""
    begin = max(run.begin, token.start - LONGEST)
    ends = any(level.year is not None and level.year >= text.window.end for level in run.levels)
    return not ends and _PLANNED.search(text.masked, begin, token.start) is not None


def _as_far_apart(told: Told, former: Level, later: Level) -> bool:
    """Whether levels that only stand side by side can be meant: 2023年75家,2025年100家,五年净增|42家 is of neither."""
    if told.kind == "average_growth" or told.years is None or former.year is None or later.year is None:
        return True
    return later.year - former.year == told.years


def _kind(text: _Text, token: Token, span: Span, level: Token | None) -> str | None:
    """What a change is, by its unit and its words."""
    before = text.masked[max(0, token.start - 20) : token.start]
    if token.sort == "multiple":
        return "doubling"
    if level is None:
        return None
    if token.unit in ("位", "名") and level.sort == "rank":
        return "rank_change" if span.direction else None
    if token.unit == "倍":
        if _TURNED.search(before):
            return "doubling" if token.number.value == 1 else None
        if span.direction == "up":
            return None if span.is_average else "growth"
        return "multiple" if span.move is None and _TIMES.search(before) else None
    if span.direction is None:
        return None
    if token.unit == "个百分点":
        return "points" if level.unit == "%" and not span.is_average else None
    if span.is_average:
        return "average_growth" if token.unit == "%" and level.unit != "%" else None
    if token.unit == "%":
        return "growth"
    return "difference" if alike(text.registry, token, level) else None


def _towards(text: _Text, run: Run, level: Level, span: Span) -> Iterator[Told]:
    """从8家增加到54家: the direction between the two levels."""
    former = run.formers[-1]
    same = run.base is former and alike(text.registry, former.token, level.token)
    if same and span.direction and level.token.sort != "rank" and len(run.scopes) < 2:
        yield Told(level.token, "direction", f"{span.move}{span.tail}"[:12], span.direction, level, former)
