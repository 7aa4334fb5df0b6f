"""Automatic numbers of a .docx: 第一章, 一、, （一）, 1. are not in the text, they follow from numbering.xml.

What belongs here: number formats, counters, levels. What does not: paragraphs and their text (``docx``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%(\d)")
_DIGITS = "零一二三四五六七八九"
_MAX_LEVEL = 8


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    legal: bool


@dataclass
class Numbering:
    """Levels by list and the counters as they stand; ``next_number`` is to be called in the order of the text."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def next_number(self, list_id: str, level: int) -> str:
        """The number printed before the next paragraph of a list, with its punctuation; "" where there is none."""
        abstract = self.lists.get(list_id)
        level = min(level, _MAX_LEVEL)
        if abstract is None or (abstract, level) not in self.levels:
            return ""
        counters = self.counters.setdefault(abstract, [None] * (_MAX_LEVEL + 1))
        if list_id not in self.begun:
            self.begun.add(list_id)
            for (own, at), start in self.starts.items():
                if own == list_id:
                    counters[at] = start - 1
        count = counters[level]
        counters[level] = self.levels[abstract, level].start if count is None else count + 1
        counters[level + 1 :] = [None] * (_MAX_LEVEL - level)
        return self._printed(abstract, level, counters)

    def _printed(self, abstract: str, level: int, counters: list[int | None]) -> str:
        own = self.levels[abstract, level]
        if own.format == "bullet":
            return "• "
        if own.format == "none":
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shape = self.levels.get((abstract, at), own)
            count = counters[at] if 0 <= at <= level else None
            return _numeral(count if count is not None else shape.start, "decimal" if own.legal else shape.format)

        return _PLACE.sub(number, own.text)


def read_numbering(root: Any) -> Numbering:
    """The lists of a parsed numbering.xml; ``None`` gives a numbering without lists."""
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.iter(f"{W}abstractNum"):
        for level in abstract.iterchildren(f"{W}lvl"):
            at = _integer(level.get(f"{W}ilvl"), 0)
            numbering.levels[str(abstract.get(f"{W}abstractNumId")), at] = _Level(
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
                _integer(_value(level, "start"), 1),
                level.find(f"{W}isLgl") is not None,
            )
    for concrete in root.iterchildren(f"{W}num"):
        list_id = str(concrete.get(f"{W}numId"))
        numbering.lists[list_id] = str(_value(concrete, "abstractNumId"))
        for override in concrete.iterchildren(f"{W}lvlOverride"):
            start = _value(override, "startOverride")
            if start is not None:
                numbering.starts[list_id, _integer(override.get(f"{W}ilvl"), 0)] = _integer(start, 1)
    return numbering


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value = child.get(f"{W}val") if child is not None else None
    return str(value) if value is not None else None


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _numeral(count: int, shape: str) -> str:
    if shape.startswith(("chinese", "japanese", "ideographTraditional", "taiwanese", "korean")):
        return _chinese(count)
    if shape == "ideographDigital":
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    if shape.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if shape in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        letter = chr(96 + count)
        return letter if shape == "lowerLetter" else letter.upper()
    return str(count)


def _chinese(count: int) -> str:
    """一 to 九千九百九十九; beyond that Arabic digits, which no plan reaches."""
    if not 0 < count < 10_000:
        return str(count)
    text, pending = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = count // power % 10
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + name
        pending = not digit and bool(text)
    return text.removeprefix("一") if 10 <= count < 20 else text
