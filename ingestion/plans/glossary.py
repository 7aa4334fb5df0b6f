"""The glossary of a plan (名词解释): what it says that an indicator is.

What belongs here: terms, their definitions, and of a ratio what is divided by what. What does not: comparing with our
own definition (``reference.definitions`` in the warehouse does), figures: numbers of a glossary are thresholds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.documents.blocks import Block, Heading, Paragraph
from ingestion.documents.model import TextDocument
from ingestion.figures import Definition, Place
from ingestion.plans.names import Names

GLOSSARY = re.compile(r"名词(?:解释|说明)|指标(?:解释|说明|含义)|术语")
_ENTRY = re.compile(r"(?:\d{1,2}[、.]|\(\d{1,2}\))?(?P<term>[^:。;]{2,40}?)(?::(?:是?指|即)?|,?是?指)(?P<text>.+)")
_RATIO = (
    re.compile(
        r"(?P<numerator>[^,。;:]{2,40}?)(?:与|和|(?<!合)同)(?P<denominator>[^,。;:]{2,40}?)的?(?:之比|比值|比例|比率)"
    ),
    re.compile(r"(?P<numerator>[^,。;:]{2,40}?)占(?P<denominator>[^,。;:]{2,40}?)的?(?:比重|比例|百分比|份额|比率)"),
    re.compile(r"(?P<numerator>[^,。;:]{2,40}?)除以(?P<denominator>[^,。;:]{2,40}?)(?=[,。;:]|$)"),
)

# 仅统计省级重点实验室、技术创新中心、企业技术中心三类
_KINDS = re.compile(
    r"(?:(?P<only>仅|只)?(?:统计|计入|包括|包含|含|涵盖)|(?P<made>由))(?P<kinds>[^,。;:()]{4,100}?)"
    r"(?P<count>[二两三四五六七八](?:大?类|种|项|部分))?(?:组成|构成)?(?=[,。;]|$)"
)
# 指经省认定的重点实验室、企业技术中心和新型研发机构,不包括孵化器
_BUT_FOR = re.compile(
    r"(?:的|^是?指?|包括|:)(?P<kinds>[^,。;:()、的和及与]{2,30}(?:[、和及与][^,。;:()、的和及与]{2,30}){1,12})"
    r",(?:但|均|都)?不(?:包括|包含|含|计入?|统计|纳入)"
)
_SAME_TIME = re.compile(r"^(?:同期|同年|当年|年末|年底|期末|本年|本?地区|该地区|其|全部)+")
_ASIDE = re.compile(r"\([^()]{0,20}\)")
_JOINT = re.compile(r"、|以及|[和及与](?!以上)")


def listed_kinds(definition: str) -> tuple[str, ...]:
    """The kinds of things that a definition says are counted, where it says that no others are; else none."""
    said = _KINDS.search(definition)
    if said is None or not (said["only"] or said["count"] or said["made"]):
        said = _BUT_FOR.search(definition)
    if said is None or "等" in said["kinds"][-3:]:
        return ()
    kinds = tuple(name for name in _JOINT.split(said["kinds"]) if len(name) > 2)
    return kinds if len(kinds) > 1 else ()


def read_definition(document: TextDocument, block: Block, names: Names, source_id: str) -> Definition | None:
    """The definition of one of our indicators that a block of a glossary is; None of everything else.

    Args:
        document: the text.
        block: one of its blocks.
        names: indicators as this document uses them.
        source_id: the delivery.
    """
    # A short entry looks like a heading that runs into its text.
    if not isinstance(block, Paragraph | Heading) or not _is_glossary(block.path):
        return None
    entry = _ENTRY.match(block.content.text)
    alias = names.exact(entry["term"]) if entry else None
    if entry is None or alias is None or alias.indicator_code is None:
        return None
    numerator, denominator = _ratio(entry["text"], names)
    line = document.line_at(block.content.offsets[0])
    return Definition(
        source_id=source_id,
        term=entry["term"],
        indicator_code=alias.indicator_code,
        definition=entry["text"],
        numerator_code=numerator,
        denominator_code=denominator,
        line=line.number,
        address=Place(position="", line_start=line.number, page=line.page).address,
    )


@lru_cache(maxsize=64)
def _is_glossary(path: tuple[str, ...]) -> bool:
    return any(GLOSSARY.search(title) for title in path)


def _ratio(text: str, names: Names) -> tuple[str | None, str | None]:
    """Indicators of numerator and denominator, where the definition says both and both are ours."""
    text = _ASIDE.sub("", text)
    for pattern in _RATIO:
        match = pattern.search(text)
        if match is None:
            continue
        above = [item for item in names.find(match["numerator"]) if item.end == len(match["numerator"])]
        below = [item for item in names.find(_SAME_TIME.sub("", match["denominator"])) if item.start == 0]
        if above and below:
            return above[-1].alias.indicator_code, below[0].alias.indicator_code
    return None, None
