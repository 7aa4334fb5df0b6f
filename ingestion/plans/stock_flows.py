"""A stock that a sentence rolls forward: 2009年末有42家;2010年新认定15家,取消资格3家,2010年末达到54家.

What belongs here: finding such a run of numbers and which of them is what. What does not: the records (``relations``),
the balance (rules, in the warehouse).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.plans.tokens import Token
from ingestion.plans.words import trimmed
from ingestion.quantity import comparator_between
from ingestion.registry import Registry

_MAY_ROLL = (re.compile(r"年[末底初]"), re.compile(r"认定|新增|入库|引进|新设|注册|培育|纳入"))
_STOP = re.compile(r"[。!?]")
_END = r"(?:年?[末底](?:时|数)?|末)"
_LEVEL = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)年|(?P<last>上年|去年|上一年)|[当本]?年|期)(?:{_END}|(?P<first>年?初))"
)
_ENTERED = re.compile(
    r"(?<!净)(?:新(?:认定|增加?|入库|引进|设立?|注册|培育|评定|纳入|开办|登记)|认定|(?<!未)通过认定|入库|纳入)(?P<name>[^,。;:、()\d]{0,16})$"
)
_LEFT = re.compile(
    r"取消(?:资格)?|注销|退出|淘汰|摘牌|撤销|核减|移出|失效|吊销|(?:到期)?未(?:再|能|获)?(?:重新|通过)|关停|迁出|减少"
)
_NO_RUN = re.compile(r"其中|占|同比|[比较]上年|[比较](?:19|20)|累计|含|目标|力争|计划|预计")
_SAID = re.compile(
    r"(?:达到?|增至|增加到|增长到|升至|变为|为|是|有|共|共有|总数|存量|数量?|有效|实有|在册|则|仅|已|,|;|、|:|家|个|户|全年|当年|年内|本年)+"
)


@dataclass(frozen=True, slots=True)
class StockFlow:
    """Opening stock, what entered, what left, closing stock."""

    opening: Token
    entries: tuple[Token, ...]
    exits: tuple[Token, ...]
    closing: Token


@dataclass(frozen=True, slots=True)
class _Step:
    """One number of such a run: ``level``, ``opening``, ``entry`` or ``exit``, its year and what it names."""

    token: Token
    role: str
    year: int | None
    name: str


def may_roll(text: str) -> bool:
    """Whether a text has the words of such a sentence."""
    return all(word.search(text) is not None for word in _MAY_ROLL)


def read_stock_flows(masked: str, tokens: Sequence[Token], registry: Registry) -> Iterator[StockFlow]:
    """The stocks of one paragraph that are rolled forward, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        registry: units.
    """
    stops = [match.end() for match in _STOP.finditer(masked)]
    run: list[_Step] = []
    for index, token in enumerate(tokens):
        before = bisect_right(stops, token.start)
        sentence = stops[before - 1] if before else 0
        begin = max(sentence, tokens[index - 1].end if index else 0)
        if begin == sentence:
            run = []
        step = _step(masked, begin, token, registry)
        if step is None or (run and run[0].token.unit != token.unit):
            run = []
            continue
        if step.role == "opening" or (step.role == "level" and not run):
            run = [step]
        elif run:
            run.append(step)
            if step.role == "level":
                found = _rolled(run)
                if found is not None:
                    yield found
                run = [step]


def _step(masked: str, begin: int, token: Token, registry: Registry) -> _Step | None:
    """What one number is by the words before it; None where it is no exact count or of something else."""
    unit = registry.unit(token.unit or "")
    counted = unit is not None and unit.dimension in ("count", "persons") and token.sort == "number"
    said = masked[begin : token.start]
    if not counted or token.high is not None or len(said) > 48 or _NO_RUN.search(said):
        return None
    if comparator_between(said[-12:], masked[token.end : token.end + 4], is_target=False) != "eq":
        return None
    level = _LEVEL.search(said)
    if _LEFT.search(said):
        return _Step(token, "exit", None, "")
    entered = _ENTERED.search(said)
    if entered is not None and (level is None or entered.group().startswith("新")):
        return _Step(token, "entry", None, trimmed(entered["name"]))
    if level is None:
        return None
    name = _SAID.sub("", trimmed(_LEVEL.sub("", said)))
    year = int(level["year"]) if level["year"] else None
    if level["first"]:
        return _Step(token, "opening", year - 1 if year else None, name)
    return _Step(token, "opening" if level["last"] else "level", year, name)


def _rolled(run: Sequence[_Step]) -> StockFlow | None:
    """The run as one balance, where it speaks of one thing and of two year ends that follow each other."""
    first, last, between = run[0], run[-1], run[1:-1]
    entries = tuple(step.token for step in between if step.role == "entry")
    exits = tuple(step.token for step in between if step.role == "exit")
    years = first.year is None or last.year is None or last.year == first.year + 1
    if not entries or not exits or not years or (first.role == "level" and first.year is None):
        return None
    names = {step.name for step in run if len(step.name) > 1}
    longest = max(names, key=len, default="")
    if not longest or any(name not in longest for name in names):
        return None
    return StockFlow(first.token, entries, exits, last.token)
