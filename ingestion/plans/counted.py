"""Numbers of a sentence that count things, and what stands around them: brackets, labels, shares told in passing.

What belongs here: one number and its surroundings, whether numbers add up, and what a total with its parts is. What
does not: which numbers make up an enumeration (``enumerations``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.plans.openings import SEVERAL
from ingestion.plans.tokens import Token
from ingestion.plans.words import trimmed
from ingestion.quantity import comparator_between
from ingestion.registry import Registry

_SENTENCE = re.compile(r"[。!?]")
_NOUN = re.compile(rf"(?:(?!{SEVERAL.pattern})[^,。;:、()\d〈〉]){{0,24}}")
_ASIDE = re.compile(r"[,(]?(?:约|仅)?占|[,(]?(?:同比|比上年|较|增)")
TOTAL = re.compile(r"(?<!公)共(?![同享建产青性识])|合计|总[计数共量额]|累计|(?:拥|建|现|已)有")
_AREA = re.compile(r"^(?:全[市县区省州盟旗国]|[我本][市县区省州])$")
LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A number with its label. Offsets are into the paragraph; ``times``: how many things share it (各5项)."""

    start: int
    end: int
    token: Token
    label: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A total with its parts. ``coverage`` is a code of the vocabulary ``coverage``."""

    total: Part
    parts: tuple[Part, ...]
    coverage: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share in per cent printed right behind a part of a total: 其中研究人员2300人，占41.1%."""

    total: Part
    part: Part
    token: Token


@dataclass(frozen=True, slots=True)
class ShareList:
    """Shares in per cent that are told of the parts of one whole. ``coverage`` as of an enumeration."""

    parts: tuple[Part, ...]
    coverage: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Parts that a sentence lists without their total: 分主体看，企业43.2亿元、高校2.6亿元. ``opener`` as printed."""

    parts: tuple[Part, ...]
    opener: str
    coverage: str


@dataclass(frozen=True)
class CountedSentence:
    """The tokens of one sentence with the brackets that they stand in (start of the innermost, -1 outside)."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    inside: tuple[int, ...]
    closes: dict[int, int]
    registry: Registry


# --- sentences --------------------------------------------------------------------------------------


def counted_sentences(masked: str, tokens: Sequence[Token], registry: Registry) -> Iterator[CountedSentence]:
    """Sentences that hold at least two quantities; 。其中 goes on with the sentence before."""
    stops = [m.end() for m in _SENTENCE.finditer(masked) if not masked.startswith("其中", m.end())] + [len(masked)]
    start = position = 0
    for stop in dict.fromkeys(stops):
        first = position
        while position < len(tokens) and tokens[position].start < stop:
            position += 1
        if position - first >= 2:
            inside, closes = _brackets(masked, start, stop, tokens[first:position])
            yield CountedSentence(masked, start, stop, tuple(tokens[first:position]), inside, closes, registry)
        start = stop


def _brackets(text: str, start: int, end: int, tokens: Sequence[Token]) -> tuple[tuple[int, ...], dict[int, int]]:
    """For each token the start of the innermost bracket around it; and where each bracket closes."""
    opened: list[int] = []
    closes: dict[int, int] = {}
    marks = [(m.start(), m.group()) for m in re.finditer(r"[()]", text[start:end])]
    inside: list[int] = []
    pointer = 0
    for token in tokens:
        while pointer < len(marks) and start + marks[pointer][0] < token.start:
            _turn(start, marks[pointer], opened, closes)
            pointer += 1
        inside.append(opened[-1] if opened else -1)
    for mark in marks[pointer:]:
        _turn(start, mark, opened, closes)
    return tuple(inside), closes


def _turn(start: int, mark: tuple[int, str], opened: list[int], closes: dict[int, int]) -> None:
    if mark[1] == "(":
        opened.append(start + mark[0])
    elif opened:
        closes[opened.pop()] = start + mark[0]


# --- one number -------------------------------------------------------------------------------------


def is_counted(sentence: CountedSentence, token: Token) -> bool:
    """Whether a number is one exact amount of things, persons or money; 120余家 and 约30家 are none."""
    if token.sort != "number" or token.unit is None or token.high is not None or token.is_chinese:
        return False
    unit = sentence.registry.unit(token.unit)
    if unit is None or unit.dimension not in ("count", "persons", "person_times", "money", "person_years"):
        return False
    if unit.dimension != "money" and unit.dimension != "person_years" and unit.factor == 1 and token.number.decimals:
        return False  # 每万人口1.47件: an average
    printed = sentence.text[token.start : token.end]
    before, after = sentence.text[max(0, token.start - 8) : token.start], sentence.text[token.end : token.end + 4]
    return "余" not in printed and "多" not in printed and comparator_between(before, after, is_target=False) == "eq"


def are_alike(sentence: CountedSentence, one: Token, other: Token) -> bool:
    """Whether two numbers count the same sort of thing."""
    a, b = sentence.registry.unit(one.unit or ""), sentence.registry.unit(other.unit or "")
    if a is None or b is None:
        return False
    people = {"persons", "person_times"}
    if a.dimension == b.dimension == "count":
        return one.unit == other.unit or "个" in (one.unit, other.unit)
    return a.dimension == b.dimension or {a.dimension, b.dimension} == people


def amount(sentence: CountedSentence, part: Part) -> Decimal:
    """What a part counts, in the base unit of its dimension."""
    unit = sentence.registry.unit(part.token.unit or "")
    return part.token.number.value * part.times * (unit.factor if unit else 1)


def adds_up(sentence: CountedSentence, total: Part, parts: Sequence[Part]) -> bool:
    """Whether the parts add up to the total as printed, half a digit of each allowed."""
    slack = Decimal(0)
    for part in (total, *parts):
        unit = sentence.registry.unit(part.token.unit or "")
        if unit is not None and (part.token.number.decimals or unit.factor != 1):
            slack += Decimal(1).scaleb(-part.token.number.decimals) / 2 * part.times * unit.factor
    return abs(amount(sentence, total) - sum(amount(sentence, part) for part in parts)) <= slack


# --- text -------------------------------------------------------------------------------------------


def is_aside(sentence: CountedSentence, at: int) -> bool:
    """A share or a growth told of a part: 国家级7个，占7.3%."""
    token = sentence.tokens[at]
    begin = sentence.tokens[at - 1].end if at else sentence.start
    return token.unit in ("%", "‰", "个百分点", "倍") and _ASIDE.match(sentence.text[begin : token.start]) is not None


def without_brackets(sentence: CountedSentence, start: int, end: int) -> str:
    """The text between two places without what stands in brackets."""
    pieces: list[str] = []
    position = start
    while position < end:
        opening = sentence.text.find("(", position, end)
        closing = sentence.closes.get(opening, end) if opening >= 0 else end
        if opening < 0 or closing >= end:
            break
        pieces.append(sentence.text[position:opening])
        position = closing + 1
    return "".join(pieces) + sentence.text[position:end]


def clause_of(sentence: CountedSentence, index: int) -> str:
    """The text of a number's clause before it."""
    token = sentence.tokens[index]
    begin = max(sentence.start, token.start - 2 * LONGEST_LABEL)
    stretch = sentence.text[begin : token.start]
    return stretch[max(stretch.rfind(mark) for mark in ",;:。") + 1 :]


def is_open_ended(text: str, parts: Sequence[Part]) -> bool:
    """Whether 等 behind the last part says that there are more."""
    return text.startswith("等", parts[-1].end) or noun_behind(text, parts[-1].token).endswith("等")


def behind_noun(text: str, position: int) -> int:
    """The end of the noun that follows a number."""
    match = _NOUN.match(text, position)
    return match.end() if match else position


def noun_behind(text: str, token: Token) -> str:
    """The noun that follows a number: 国家级平台 of 7个国家级平台."""
    match = _NOUN.match(text, token.end)
    return match.group() if match else ""


def label_of(clause: str, behind: str) -> str:
    """What a total is the total of: the name in its clause, else the noun behind it."""
    named = _AREA.sub("", trimmed(TOTAL.sub("", clause)))
    return (named.rsplit("、", 1)[-1] or behind)[-LONGEST_LABEL:]
