"""What is counted in a paragraph: numbers with a unit, doublings, ranks.

What belongs here: telling printed quantities from years, codes and other digits. What does not: what they mean.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingestion.plans.grammar import MULTIPLE, RANK
from ingestion.plans.numbers import NumberSpan, find_numbers
from ingestion.quantity import PrintedNumber, comparator_between, parse_count
from ingestion.registry import Registry

# A unit is none when it is the beginning of another word.
_NOT_UNIT = {
    "个": ("月", "人", "性", "体", "别"),
    "分": ("钟", "之", "别", "类", "为", "项", "析", "布", "级", "公"),
    "家": ("庭", "级", "具", "居"),
    "人": ("均", "民", "才", "工", "口"),
    "位": ("于", "置", "列", "居"),
    "项": ("目", "指", "主"),
    "名": ("称", "单", "录"),
    "所": ("有", "在", "以", "需", "示"),
    "件": ("套",),
    "户": ("籍",),
    "元": ("素", "件", "器", "旦"),
}
# 全省14个市州中排第9位: how many there are to be ranked among.
_FIELD = re.compile(
    r"(?:地级|设区)?(?:市州|州市|县市区?|市县区?|县区|区县|省市区?|省份|市|县|区|州|省)(?:\([^()]{1,6}\))?"
    r"(?:[,。;、)中里排居位列]|没有|之)"
)
_OF_AREA = re.compile(r"(?:地级|设区的?|县级)?(?:市|县|区|州|盟|省)")
_PLACES = re.compile(r"位次|名次")  # 晋升3个|位次
_NAMES_IN_LETTERS = ("R&D", "GDP", "PCT")
_AREAS = ("全省", "全国", "全区", "全州", "全市", "全盟")
_ENDS_CLAUSE = re.compile(r"[,。;、)!?”]|以上|以下|以内|左右|$")


@dataclass(frozen=True, slots=True)
class Token:
    """A quantity in a paragraph. ``sort`` is number, multiple or rank; offsets are into the paragraph."""

    start: int
    end: int
    """Where the number and its unit end."""
    number: PrintedNumber
    high: PrintedNumber | None
    unit: str | None
    lead: int
    """Where a name before it must have ended: at the number, or at 排 of 排全省第五."""
    sort: str = "number"
    is_chinese: bool = False
    is_among: bool = False
    """A rank printed as 前N位: within the first N."""


def is_exact(masked: str, token: Token) -> bool:
    """Whether a number is printed as it is, in digits: no range, not about (约) or at least (以上) so much."""
    before, behind = masked[max(0, token.start - 8) : token.start], masked[token.end : token.end + 4]
    plain = token.sort == "number" and token.high is None and not token.is_chinese
    return plain and comparator_between(before, behind, is_target=False) == "eq"


def tokens_in(text: str, registry: Registry) -> tuple[Token, ...]:
    """Quantities of a masked paragraph, left to right, never overlapping."""
    found = [*_multiples(text), *_ranks(text)]
    taken = sorted((token.start, token.end) for token in found)
    for span in find_numbers(text, registry.unit_pattern):
        token = _number(text, span)
        if token and not _overlaps(token, taken):
            found.append(token)
    return tuple(sorted(found, key=lambda token: token.start))


def _number(text: str, span: NumberSpan) -> Token | None:
    before = text[span.start - 1] if span.start else ""
    after = text[span.unit_end] if span.unit_end < len(text) else ""
    if before.isascii() and before.isalpha() and text.endswith("GDP", 0, span.start):
        before = ""
    if before in ("第", "《", "〔") or (before.isascii() and (before.isalnum() or before in ("_", "/"))):
        return None
    if span.unit is None:
        return (
            Token(span.start, span.end, span.number, None, None, span.start)
            if _ENDS_CLAUSE.match(text, span.end)
            else None
        )
    if span.unit == "个" and _FIELD.match(text, span.unit_end):
        return None
    if span.unit == "个" and text.endswith(_AREAS, 0, span.start) and _OF_AREA.match(text, span.unit_end):
        return None
    places = _PLACES.match(text, span.unit_end) if span.unit == "个" else None
    if places is not None:
        return Token(span.start, places.end(), span.number, span.high, "位", span.start, is_chinese=span.is_chinese)
    if after in _NOT_UNIT.get(span.unit[-1], ()) or _runs_on(text, span):
        return None
    if span.unit.endswith("亿") and not _ENDS_CLAUSE.match(text, span.unit_end):
        return None
    return Token(
        span.start,
        span.unit_end,
        span.number,
        span.high,
        span.unit.replace(" ", ""),
        span.start,
        is_chinese=span.is_chinese,
    )


def _runs_on(text: str, span: NumberSpan) -> bool:
    """Whether letters behind a unit make it another one (万t); 217.9亿元R&D经费 has its name behind it."""
    after = text[span.unit_end : span.unit_end + 1]
    is_name = text.startswith(_NAMES_IN_LETTERS, span.unit_end) and not (span.unit or "").isascii()
    return after.isascii() and after.isalnum() and not is_name


def _multiples(text: str) -> Iterator[Token]:
    for match in MULTIPLE.finditer(text):
        factor = PrintedNumber(Decimal(4 if match["four"] else 2), 0)
        yield Token(match.start(), match.end(), factor, None, "倍", match.start(), "multiple")


def _ranks(text: str) -> Iterator[Token]:
    for match in RANK.finditer(text):
        digits = match["number"]
        value = parse_count(digits)
        if text[match.start() - 1 : match.start()] in ("比", "较", "与", "同", "于") and text.startswith(
            "的", match.end()
        ):
            continue  # 比全市第一名的区低1.36个百分点
        within = match["kind"] == "前"
        if not within or match["unit"]:
            number = PrintedNumber(Decimal(value), 0)
            former = max(text.rfind(mark, match.start(), match.start("kind")) for mark in "从由")
            lead = former + 1 if former >= 0 else match.start()
            yield Token(match.start("kind"), match.end(), number, None, "位", lead, "rank", is_among=within)


def _overlaps(token: Token, taken: list[tuple[int, int]]) -> bool:
    index = bisect_left(taken, (token.end, 0))
    return any(start < token.end and token.start < end for start, end in taken[max(0, index - 2) : index + 1])
