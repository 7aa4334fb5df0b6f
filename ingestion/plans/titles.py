"""The title that a document prints at its top, over one line or several.

What belongs here: recognising the lines of a title. What does not: what a title says of region (``names``) and years
(``grammar``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SEARCHED = 40
_LONGEST = 90
_KINDS = "规划|方案|计划|纲要|意见|要点|工作安排|重点工作|重点任务|若干措施|决定|报告|公报|任务分解表?"
_TITLE = re.compile(rf"(?:{_KINDS})(?:\([^()]{{1,30}}\)){{0,2}}》?(?:的通知)?(?:\([^()]{{1,30}}\))?$")
_YEARS = re.compile(r"^\((?:19|20)\d\d(?:年)?(?:-|—{1,2}|–|~|至)(?:19|20)\d\d年?\)$")
_SENTENCE = re.compile(r"[。;:,]$")


def printed_titles(lines: Sequence[str]) -> tuple[str, ...]:
    """Texts at the top that call themselves a plan: single lines, then two or three lines read as one.

    Args:
        lines: the lines of the document, folded, without blanks; headings and empty lines as empty texts.
    """
    top = [line for line in lines[:_SEARCHED] if line]
    single = [line for line in top if 6 <= len(line) <= 60 and _TITLE.search(line)]
    joined = []
    for count in (2, 3):
        for index in range(len(top) - count + 1):
            run = top[index : index + count]
            text = "".join(run)
            ends = _TITLE.search(text) or (_YEARS.match(run[-1]) and _TITLE.search("".join(run[:-1])))
            if ends and len(text) <= _LONGEST and not any(_SENTENCE.search(line) for line in run):
                joined.append(text)
    return (*single, *joined)
