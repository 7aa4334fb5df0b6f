"""What a word or cell in a column of values may look like, before anyone reads it.

What belongs here: the shapes by which rows of typed tables are told from text. What does not: the number in a cell
(``plans.cells``), headers (``headers``).
"""

from __future__ import annotations

import re
from itertools import takewhile

_LEAD = (
    r"(?:[≥≤><=＞＜约]*|净增|新增|增加|增长|年均增长|提高|提升|上升|下降|减少|降低|突破|达到?|超过?|累计|不低于|不少于"
    r"|第|前)"
)
VALUE = re.compile(
    rf"{_LEAD}\s*[\[〔]?[-+]?\d[\d,.]*[\]〕]?(?:[-—~]\d[\d.]*)?(?:[%‰]|\D{{0,6}})(?:[(（](?:19|20)\d\d年?[)）])?"
    r"|[—–…-]+|倍增|翻一?番|约束性|预期性"
)
"""A value as it stands in one cell: ≥30%, 150家以上, 净增7家, 0.97(2019年), —."""

BARE = re.compile(r"[≥≤><=＞＜约]*[\[〔]?[-+]?\d[\d,.]*[\]〕]?[%‰]?|[—–…-]+")
"""A number or a dash and nothing else: no name of an indicator ends in such a word."""

_TAIL = re.compile(r"约束性?|预期性?|指导性?|—|[%‰]")
_RUNS_ON = re.compile(r"[,，;；](?!\d)[^,，;；]{6}|[到至在从由为]$")


def runs_on(text: str) -> bool:
    """Whether a text is part of a sentence rather than the name of an indicator."""
    return _RUNS_ON.search(text) is not None


def is_row_like(text: str) -> bool:
    """Whether a short line, which fits no header, still looks like a row: words, then at least one bare number."""
    words = text.split()
    while len(words) > 2 and _TAIL.fullmatch(words[-1]):
        words.pop()
    behind = len(list(takewhile(VALUE.fullmatch, reversed(words))))
    front = "".join(words[: len(words) - behind])
    has_number = any(symbol.isdigit() for word in words[len(words) - behind :] for symbol in word)
    return has_number and any(symbol.isalpha() for symbol in front) and not runs_on(front)
