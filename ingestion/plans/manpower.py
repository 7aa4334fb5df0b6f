"""R&D personnel told twice, as persons and as person-years: R&D人员6842人,折合全时当量5105人年.

What belongs here: that the two printed side by side are the two indicators, which either word alone leaves open in a
plan. What does not: names as such (``names``), comparing (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.plans.names import Names
from ingestion.plans.quantities import Quantity

_EQUIVALENT = re.compile(
    r"(?:按实际工作时间(?:计算|折算)的?)?(?:(?:其|合计|R&D人员|研发人员)?(?:折合|换算|折算)(?:成|为|的)*)?(?:全时(?:人员)?(?:当量|工作量)|全时人员)?"
)
_SAYS_SO = re.compile(r"全时|当量|折合|折算")
_OF_SOME = re.compile(r"企业|工业|高校|高等学校|院所|机构|园区|高新区")
_BETWEEN = re.compile(r"[,(][^。;!?()\d]{0,20}")
_NAMES = ("R&D人员折合全时当量", "R&D人员")


def with_manpower(masked: str, read: Sequence[Quantity], names: Names) -> list[Quantity]:
    """The quantities of a paragraph, persons and their person-years named as what they are."""
    found = list(read)
    equivalent, persons = names.exact(_NAMES[0]), names.registry.alias(_NAMES[1], ("return",))
    for at, (one, other) in enumerate(pairwise(read)):
        if _dimension(one, names) != "persons" or _dimension(other, names) != "person_years":
            continue
        between = masked[one.end : other.start]
        said = names.registry.alias(one.subject.name, ("return",))
        if said is None or persons is None or said.indicator_code != persons.indicator_code or said.breakdown != "_T":
            continue
        same = (one.period, one.kind, one.subject.region_code) == (other.period, other.kind, other.subject.region_code)
        if not same or not _BETWEEN.fullmatch(between) or not _SAYS_SO.search(between):
            continue
        sentence = max(masked.rfind("。", 0, one.start), masked.rfind(";", 0, one.start), 0)
        if _OF_SOME.search(masked, sentence, one.start) or "规上" in masked or "规模以上" in masked:
            continue
        own = other.subject.alias is None and _EQUIVALENT.fullmatch(other.subject.name) is not None
        if own or (other.subject.alias is not None and other.subject.alias == equivalent):
            found[at] = replace(one, subject=replace(one.subject, alias=said))
            found[at + 1] = replace(other, subject=replace(other.subject, alias=equivalent))
    return found


def _dimension(item: Quantity, names: Names) -> str | None:
    unit = names.registry.unit(item.unit or "")
    return unit.dimension if unit is not None else None
