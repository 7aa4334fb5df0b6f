"""Movements: how a sentence words a growth, a change or a multiple (年均增长12%, 提升1.5个百分点, 增长3倍, 上升2位).

What belongs here: the wording around a growth, a change or a multiple that was read, the named period and the number
of years with it; a direction told of figures that are printed elsewhere. What does not: reading the numbers
(``sentences``), totals and their parts (``enumerations``), comparing with levels (rules, in the warehouse).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from ingestion.plans.clauses import Setting
from ingestion.plans.grammar import is_fall, mask
from ingestion.plans.names import Names, Subject, clause_start
from ingestion.plans.periods import FIVE_YEAR_NAMED, YEAR_SPAN, Window, five_years, is_plan, period_phrases, span_text
from ingestion.plans.quantities import Quantity
from ingestion.plans.words import LONGEST
from ingestion.quantity import parse_count

_MAY_MOVE = re.compile(
    r"增|减|提[高升]|上升|下[降滑]|降|回落|萎缩|倍|涨|前[移进]|进位|晋|跃|[上下后]移|后退|[\"”]?期间?\(|时期\(|基[期年准]"
)
_NEAR = 40
_AVERAGE = re.compile(r"年均|年平均|平均每年|每年平均|每年递增|年复合|复合增长")
_WORD = re.compile(
    r"增长率?|增幅|增速|递增|递减|涨幅|增加|提高|提升|上升|上涨|前移|前进|进位|晋升|晋位|跃升|上移|下移|后移|下降|减少|降低|降幅|下滑|回落|后退|增|减|降"
)
_GROSS = re.compile(r"新增[^,;]{0,8}$")  # 2020年新增82家: some may have left
_TIMES = re.compile(r"(?:是|为|达到?|相当于)(?:了|约)?(?:[^,。;]{0,16}的)?$|^的$")
_YEARS = re.compile(
    r"(?<![\d第前])(?P<n>[两三四五六七八九十]|\d{1,2})年(?:间|来|内)?(?=[^,。;]{0,4}(?:年均|年平均|平均|复合))"
)
_LEVELS = frozenset({"actual", "baseline", "rank"})
_OWN_YEARS = re.compile(r"(?:比|较|与|相对于?)(?:19|20)\d\d年|(?:19|20)\d\d年?(?:-|—{1,2}|–|~|至|到)(?:19|20)\d\d年")
_ONE_YEAR = re.compile(r"\d{4}")
_STOP = re.compile(r"[。!?]")
_TOWARDS = re.compile(
    r"(?P<up>增加|增长|提高|提升|上升|扩大|攀升|增|升)(?:到|至|为)|(?P<down>下降|降低|减少|回落|缩减|下滑|降|减)(?:到|至|为)"
)
_TOLD = re.compile(
    r"(?:持续|连年|逐年|连续[^,。;]{0,4}|不断|稳步|逐步|明显|显著|大幅度?|略有|有所|呈现?|总体|整体|快速|较快|出现|保持|小幅|一路){1,4}"
    r"(?:(?P<up>增长|上升|提高|提升|增加|攀升|走高|扩大)|(?P<down>下滑|下降|回落|降低|减少|萎缩|走低|滑坡))"
    r"(?:的?(?:态势|势头|趋势))?(?=[,。;!?、)]|$)"
)
# 上述目标均以2022年为基期, 规划基期为2020年
_BASE_YEAR = re.compile(
    r"以(?P<by>(?:19|20)\d\d)年(?:实际|末|底|度)?(?:数据?|水平|数值|实绩)?(?:作为?|为)(?:本?规划)?的?(?:基期|基年|基准年)"
    r"|(?:基期|基年|基准年)(?:年份|年度)?(?:均|统一)?(?:为|是|:|定为|定在|取|采用)(?P<is>(?:19|20)\d\d)年"
)
_OTHER_BASE = re.compile(r"价|指数|该项|该指标|[本此]项|新增")
_RATE = re.compile(r"增速|增幅|增长率|降幅|排名|位次|名次")


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as worded. Offsets are into the paragraph; ``quantity`` is the number stated, None of a direction."""

    start: int
    end: int
    kind: str
    subject: Subject
    quantity: Quantity | None
    wording: str
    direction: str | None
    period: str | None
    base_period: str | None
    named_period: str | None
    stated_years: int | None
    former: Quantity | None = None
    """The level that it came from, of 从…增加到…."""


def read_movements(
    text: str, names: Names, window: Window, setting: Setting, quantities: Sequence[Quantity]
) -> Iterator[Movement]:
    """The movements that one paragraph tells of, left to right.

    Args:
        text: the paragraph, folded, without blanks.
        names: indicators and regions as this document uses them.
        window: the years of the plan.
        setting: what the paragraph inherits from its section.
        quantities: what was read of its numbers.
    """
    if not _MAY_MOVE.search(text):
        return
    masked = mask(text)
    stops = [match.end() for match in _STOP.finditer(masked)]
    plans = (match for match in FIVE_YEAR_NAMED.finditer(masked) if is_plan(match) and not _is_compared(masked, match))
    named = [match for match in plans if "末" not in (match["part"] or "")]
    previous: Quantity | None = None
    levels: dict[int, set[str]] = {}
    for item in quantities:
        if item.kind in _LEVELS and _ONE_YEAR.fullmatch(item.period):
            levels.setdefault(item.statement, set()).add(item.period)
        index = bisect_right(stops, item.start) - 1
        sentence = stops[index] if index >= 0 else 0
        begin = max(sentence, previous.end if previous is not None else 0, item.start - LONGEST)
        found = _movement(masked, begin, sentence, item, named)
        if found is not None:
            yield _between(found, levels.get(item.statement, set()))
        if previous is not None and previous.end > sentence:
            yield from _towards(masked, previous, item)
        previous = item
    if setting.retrospective:
        yield from _told(text, masked, names, window, setting)
    yield from _spans(masked, named)
    if window.reported is None:
        yield from _base_years(masked)


def _movement(
    masked: str, begin: int, sentence: int, item: Quantity, named: Sequence[re.Match[str]]
) -> Movement | None:
    """What a growth, a change or a multiple is, by the words before it."""
    if item.kind not in ("growth", "change", "other") or item.high is not None:
        return None
    stretch = masked[max(begin, clause_start(masked, begin, item.start), item.start - _NEAR) : item.start]
    words = list(_WORD.finditer(stretch))
    word = words[-1].group() if words else ""
    kind = _kind(item, stretch, word)
    if kind is None or (kind == "difference" and item.base_period is None and _GROSS.search(stretch)):
        return None
    label = _label_before(masked, named, sentence, item.start)
    period = item.period
    if (
        kind == "average_growth"
        and item.base_period is None
        and (near := _label_before(masked, named, begin, item.start))
    ):
        period = near  # 2020年5亿元,2015年3亿元,“十三五”期间年均增长…
    years = _YEARS.search(masked, max(sentence, item.start - _NEAR), item.start)
    return Movement(
        start=item.start,
        end=item.end,
        kind=kind,
        subject=item.subject,
        quantity=item,
        wording=("年均" if kind == "average_growth" else "") + word,
        direction="down" if word and is_fall(word) else "up" if word else None,
        period=period,
        base_period=item.base_period,
        named_period=label,
        stated_years=parse_count(years["n"]) if years else None,
    )


def _between(found: Movement, years: Set[str]) -> Movement:
    """Where nothing says from when to when: between the two years that the statement gives levels of."""
    unsaid = (
        found.base_period is None and found.period in years and found.kind in ("average_growth", "growth", "multiple")
    )
    return replace(found, base_period=min(years), period=max(years)) if unsaid and len(years) == 2 else found


def _kind(item: Quantity, stretch: str, word: str) -> str | None:
    if item.unit == "位":
        return "rank_change" if item.kind == "change" else None
    if item.kind == "other" and not (item.unit == "倍" and _TIMES.search(stretch)):
        return None
    if _AVERAGE.search(stretch):
        return "average_growth" if item.unit == "%" else None
    if item.unit == "个百分点":
        return "points"
    if item.unit == "倍":
        return "multiple" if not word or item.kind == "other" else "growth"
    if item.unit == "%":
        return "growth" if word else None
    return "difference" if word else None


def _label_before(masked: str, named: Sequence[re.Match[str]], sentence: int, position: int) -> str | None:
    """The five-year plan that a sentence speaks of (“十三五”期间), the last one named before a place.

    None where the words behind it name years of their own: “十三五”期间…,2020年比2016年增长….
    """
    index = bisect_right(named, position, key=lambda match: match.end()) - 1
    if index < 0 or named[index].start() < sentence or not named[index]["part"]:
        return None
    if _OWN_YEARS.search(masked, named[index].end(), position):
        return None
    return span_text(*five_years(named[index]["fyp"]))


def _is_compared(masked: str, match: re.Match[str]) -> bool:
    """较“十二五”时期: what is compared with, not what the sentence is about."""
    return masked[match.start() - 1 : match.start()] in ("较", "比", "与", "同", "由", "从", "对")


def _towards(masked: str, former: Quantity, item: Quantity) -> Iterator[Movement]:
    """从2015年的8家增加到2020年的54家: two levels and the direction between them."""
    between = masked[former.end : item.start]
    same = former.statement == item.statement and former.subject == item.subject and former.unit == item.unit
    match = _TOWARDS.search(between) if same and len(between) <= _NEAR and "。" not in between else None
    if match is None or item.kind not in ("actual", "baseline", "share") or former.kind not in ("actual", "share"):
        return
    yield Movement(
        start=former.end + match.start(),
        end=former.end + match.end(),
        kind="direction",
        subject=item.subject,
        quantity=item,
        wording=match.group(),
        direction=match.lastgroup,
        period=item.period,
        base_period=former.period,
        named_period=None,
        stated_years=None,
        former=former,
    )


def _told(text: str, masked: str, names: Names, window: Window, setting: Setting) -> Iterator[Movement]:
    """高新技术企业数量持续下滑: a direction of an indicator without its numbers, in a look back."""
    matches = list(_TOLD.finditer(masked))
    if not matches:
        return
    phrases = tuple(period_phrases(masked, window, retrospective=True, carried=setting.governing))
    for match in matches:
        begin = clause_start(masked, max(0, match.start() - LONGEST), match.start())
        stretch = text[begin : match.start()]
        found = names.find(stretch)
        subject = names.subject(stretch, 0, len(stretch), found) if found else None
        if subject is None or subject.alias is None or subject.alias.indicator_code is None or _RATE.search(stretch):
            continue
        if subject.region_code is not None:
            continue
        index = bisect_right(phrases, match.start(), key=lambda phrase: phrase.end) - 1
        phrase = phrases[index] if index >= 0 else setting.governing
        span = phrase.span if phrase is not None else None
        yield Movement(
            start=begin + subject.start,
            end=match.end(),
            kind="direction",
            subject=subject,
            quantity=None,
            wording=match.group(),
            direction=match.lastgroup,
            period=span_text(*span) if span else None,
            base_period=None,
            named_period=None,
            stated_years=None,
        )


def _spans(masked: str, named: Sequence[re.Match[str]]) -> Iterator[Movement]:
    """“十三五”期间(2015—2019年): the years that a plan is said to have."""
    for match in named:
        span = YEAR_SPAN.match(masked, match.end() + 1) if masked[match.end() : match.end() + 1] == "(" else None
        if span is None or masked[span.end() : span.end() + 1] != ")":
            continue
        yield Movement(
            start=match.start(),
            end=span.end() + 1,
            kind="period_length",
            subject=Subject(match.group().strip('“”"'), None, None, match.start()),
            quantity=None,
            wording=match.group(),
            direction=None,
            period=span_text(int(span["from"]), int(span["to"])),
            base_period=None,
            named_period=span_text(*five_years(match["fyp"])),
            stated_years=None,
        )


def _base_years(masked: str) -> Iterator[Movement]:
    """上述目标以2022年为基期: the base year that the plan declares for its goals."""
    for match in _BASE_YEAR.finditer(masked):
        begin = clause_start(masked, max(0, match.start() - _NEAR), match.start())
        if _OTHER_BASE.search(masked, begin, match.end() + 8):
            continue
        yield Movement(
            start=match.start(),
            end=match.end(),
            kind="base_year",
            subject=Subject("规划基期", None, None, match.start()),
            quantity=None,
            wording=match.group(),
            direction=None,
            period=match["by"] or match["is"],
            base_period=None,
            named_period=None,
            stated_years=None,
        )
