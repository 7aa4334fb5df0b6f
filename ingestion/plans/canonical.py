"""One spelling for names that differ only in their printing: 占GDP的比重, 占地区生产总值(GDP)比重, 占全市生产总值比例.

What belongs here: rewritings that never change what a name means, and the way back to the printed place. What does
not: which names there are (the seed of aliases), finding them in a text (``names``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_GDP = r"(?:地区|国内)?生产总值|GDP"
_RD = r"研究[与和]?(?:试验|实验)(?:与)?发展|研究与开发"
_AREA = r"全[市县区州省旗]|[我本][市县区州省]|当年|同期|年度"
_RULES = (
    # A gloss in brackets repeats the name before it.
    (rf"\((?:R&D|RD|{_GDP}|研究与试验发展|R&D/GDP|R&D经费/GDP|含)\)", ""),
    (r"R&D(?:经费)?/GDP(?:的?比重)?", "R&D经费占GDP比重"),
    (rf"从事(?:{_RD}|R&D|研发|研究开发)活动的?人员", "R&D人员"),
    (_RD, "R&D"),
    (r"研发(?=经费|人员|活动|强度|投入强度|投入占|投入总量|投入经费)", "R&D"),
    (r"全社会研发", "全社会R&D"),
    (rf"相当于(?=(?:{_AREA})?(?:{_GDP}))", "占"),
    (rf"(?<=[占与于])(?:{_AREA})(?={_GDP})", ""),
    (_GDP, "GDP"),
    (r"的?(?:比重|比例|比率)", "比重"),
    (r"规模(?:及)?以上", "规上"),
    (r"(?<=规上工业)企业(?=中?有|中?具备|中?开展|R&D|研发)中?|(?<=以上工业)企业(?=中?有|中?具备|R&D|研发)中?", ""),
    (r"(?<=级)(?:及|\(含\))以上", "以上"),
    (r"自治区级(?:(?:及|\(含\))(?=以上))?", "省级"),
    (
        r"(?<![创高全更革])新(?:引育|引培|引进|招引|创建|备案|落户|打造|评定|布局|获批|增设)(?=新型研发|省级|自治区级|国家级|高价值)",
        "新增",
    ),
    (r"每?万人(?:口)?(?=有效|高价值|发明|拥有)", "万人"),
    (r"(?<=活动|能力)的(?=企业|规上|规模)", ""),
)
_PATTERN = re.compile("|".join(f"(?P<r{index}>{pattern})" for index, (pattern, _) in enumerate(_RULES)))
_REPLACEMENTS = {f"r{index}": text for index, (_, text) in enumerate(_RULES)}


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text in its one spelling; ``starts`` and ``ends`` lead back to the printed characters."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def _replacement(match: re.Match[str]) -> str:
    name = next(key for key in _REPLACEMENTS if match[key] is not None)
    return _REPLACEMENTS[name]


@lru_cache(maxsize=4096)
def canonical_name(name: str) -> str:
    """A name, folded and without blanks, in its one spelling."""
    return _PATTERN.sub(_replacement, name)


def canonical(text: str) -> Canonical:
    """A text, folded and without blanks, in its one spelling, with the way back."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _PATTERN.finditer(text):
        pieces += (text[position : match.start()], replacement := _replacement(match))
        starts += (*range(position, match.start()), *(match.start() for _ in replacement))
        ends += (*range(position + 1, match.start() + 1), *(match.end() for _ in replacement))
        position = match.end()
    pieces.append(text[position:])
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return Canonical("".join(pieces), tuple(starts), tuple(ends))
