"""Numbers of something else than the subject: of some that were chosen, of some places, of another whole.

What belongs here: telling that a number is not the region's value of the indicator that was named. What does not:
which subject it has instead (``subjects``): none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.plans.clauses import Text
from ingestion.plans.names import Subject
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST

_SUBSET = re.compile(
    r"(?:以上|以下|(?:超过?|高于|低于|达到?|不足)[^,。;]{1,14}|前[\d一二三四五六七八九十]{1,3}[位名强]?)的[^,。;:\d]{0,8}?(?:共?有|为|是|:|依次|分别)"
)
# 6个|县(市)高新技术企业合计|134家, 全省14个|市州…|: all of them
_PLACES = re.compile(
    r"(?:设区)?(?:县|市|区|州|旗|盟|镇|乡|街道|园区|开发区|高新区|城市|地区)(?:\([^()\d]{1,4}\)|[、和及]?(?:县|市|区|州|旗|盟))*"
    r"[^,。;:、()\d]{2,24}"
)
_ALL_OF = re.compile(r"全[国省市县区州盟疆自](?:治区)?(?:下辖|共|的|各)?$|各$")
_AMONG = re.compile(
    r"(?P<of>[^,。;:、()\d在]{2,24})(?:当中|之中|中间?|里|内)(?:,|(?=[有开拥占从设建]))(?=[^。;:()\d]{0,40}$)"
)


def of_some(whole: Text, token: Token, sentence: int) -> bool:
    """Whether a number behind a choice (超过50亿元的有2个市,合计|652.5亿元) speaks of those chosen alone."""
    return _SUBSET.search(whole.masked, max(sentence, token.start - 2 * LONGEST), token.start) is not None


def of_some_places(whole: Text, tokens: Sequence[Token], index: int) -> bool:
    """Whether a number is that of some places together: 江油、三台等6个县(市)高新技术企业合计|134家."""
    if not index or tokens[index - 1].unit not in ("个", "家"):
        return False
    places, token = tokens[index - 1], tokens[index]
    all_of = _ALL_OF.search(whole.masked, max(0, places.start - 8), places.start) is not None
    return not all_of and _PLACES.fullmatch(whole.masked, places.end, token.start) is not None


def of_another_whole(whole: Text, token: Token, sentence: int, subject: Subject) -> bool:
    """Whether the words before a share say that it is of another whole: 高新技术企业中,有研发活动的企业占|36.3%."""
    known = whole.names.registry.indicators
    own = known.get(subject.alias.indicator_code or "") if subject.alias else None
    of = known.get(own.denominator_code or "") if own else None
    said = _AMONG.search(whole.masked, max(sentence, token.start - LONGEST), token.start)
    if of is None or said is None or token.unit != "%" or of.unit.dimension not in ("count", "persons"):
        return False
    named = [item for item in whole.names.find(said["of"]) if item.end == len(said["of"])]
    if named and named[-1].alias.indicator_code is not None:
        other = known[named[-1].alias.indicator_code]
        return other.code != of.code and other.unit.dimension in ("count", "persons")
    name = said["of"]
    return name.endswith(("企业", "机构", "单位", "人员", "人口")) and not any(
        name[at : at + 3] in of.name_zh for at in range(len(name) - 2)
    )
