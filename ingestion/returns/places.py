"""Region labels of a table become region codes, with the validity of the code and homonyms taken seriously.

A code is that of the reference day: a county that was only renamed or recoded since (or before) is looked up in the
list of changes; one that was split or merged is refused, because its figures are those of no other region.

What belongs here: one label, one code with one name, the level that the rows of a table share. What does not: the
code list itself (``registry``), which cells hold labels (``geometry``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from ingestion.quantity import squeeze
from ingestion.registry import Region, Registry, is_within

_MARKS = re.compile(r"^(?:#|其中[:：]?|[（(]?\d{1,3}[)）.、．])+")
_OWN_LEVEL = {
    f"{name}{total}": kinds
    for name, kinds in {
        "全省": ("province",),
        "全市": ("prefecture", "province"),  # of a municipality too
        "全州": ("prefecture",),
        "全盟": ("prefecture",),
        "全县": ("county",),
        "全区": ("county", "province"),  # of an autonomous region too
    }.items()
    for total in ("", "合计", "总计", "总数")
}
_TOTALS = frozenset(["合计", "总计"])


class NoRegionError(Exception):
    """A label or code that names no region that can be used; the reason is a Chinese sentence with a remedy."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__(reason)
        self.reason_code = reason_code
        self.reason = reason


def label_name(label: str) -> str:
    """The squeezed name inside a row label: without ``#``, 其中 and list numbers."""
    return _MARKS.sub("", squeeze(label))


def candidates(registry: Registry, label: str) -> tuple[Region, ...]:
    """All regions, of any time, that a label may name."""
    return registry.region_names.get(label_name(label), ())


def is_region_label(registry: Registry, label: str) -> bool:
    """Whether a label names any region of any time, or the table's own region (全省, 全市合计)."""
    name = label_name(label)
    return name in registry.region_names or name in _OWN_LEVEL


def usual_level(registry: Registry, labels: Iterable[str], on: date) -> tuple[str, str | None] | None:
    """Kind and parent that most unambiguous labels of a table share, or None without any."""
    found: Counter[tuple[str, str | None]] = Counter()
    for label in labels:
        valid = [region for region in candidates(registry, label) if region.valid_on(on)]
        if len(valid) == 1 and valid[0].kind in ("province", "prefecture", "county"):
            found[valid[0].kind, valid[0].parent_code] += 1
    return found.most_common(1)[0][0] if found else None


def resolve_label(
    registry: Registry,
    label: str,
    on: date,
    *,
    level: tuple[str, str | None] | None,
    within: str | None,
    above: str | None = None,
) -> Region:
    """The region that a label of a table names on a day.

    Args:
        registry: the code lists.
        label: as printed; blanks inside do not matter.
        on: the last day of the period that the figure describes.
        level: kind and parent that most labels of the table share: settles 吉林 (province or city).
        within: the region whose table it is, where known.
        above: the last region of a higher level printed above the label: settles homonymous counties.

    Raises:
        NoRegionError: ``unknown_region``: no such name, none of that day, or several; ``region_split``.
    """
    name = label_name(label)
    if name in _OWN_LEVEL:
        return _own_region(registry, name, within)
    if name in _TOTALS and within is not None and level is not None and level[1] == within:
        return registry.regions[within]  # the total over the rows, which are the parts of the table's own region
    everywhere = registry.region_names.get(name, ())
    if not everywhere:
        raise NoRegionError("unknown_region", f"“{label.strip()}”不是区划表中的地区，请改用规范名称")
    valid = [region for region in everywhere if region.valid_on(on)]
    chosen = _narrowed(valid, level, within, above)
    if len(chosen) > 1:
        codes = "、".join(region.code for region in chosen[:5])
        raise NoRegionError("unknown_region", f"“{label.strip()}”同名地区不止一个（{codes}），请写明上级地区或区划代码")
    elsewhere = level is not None and any((r.kind, r.parent_code) == level for r in everywhere)
    if chosen and not (elsewhere and (chosen[0].kind, chosen[0].parent_code) != level):
        return chosen[0]
    if chosen:  # 铜仁市 among the cities of 2010: then the name of a county-level city, of the prefecture later
        raise _not_of_that_day(everywhere, label, on)
    return _of_that_day(registry, _narrowed(list(everywhere), level, within, above), label, on)


def _of_that_day(registry: Registry, named: list[Region], label: str, on: date) -> Region:
    """The region of a day that a name of another time stands for."""
    found = {region.code: region for named_one in named if (region := registry.same_area(named_one, on)) is not None}
    if len(found) == 1:
        return next(iter(found.values()))
    ended = [region for region in named if region.valid_to is not None and region.valid_to <= on]
    became = [change for region in ended for change in registry.what_became(region)]
    if became:
        told = "、".join(dict.fromkeys(registry.regions[change.successor_code].name_zh for change in became))
        day = became[0].effective_date.isoformat()
        raise NoRegionError(
            "region_split", f"“{label.strip()}”已于{day}拆分或合并（涉及{told}），{on.year}年的数字请按变更后的区划报送"
        )
    raise _not_of_that_day(named, label, on)


def _not_of_that_day(named: Sequence[Region], label: str, on: date) -> NoRegionError:
    periods = "、".join(_validity(region) for region in named[:3])
    reason = f"“{label.strip()}”在{on.year}年没有这一级区划（{periods}），请用当年的名称"
    return NoRegionError("unknown_region", reason)


def _own_region(registry: Registry, name: str, within: str | None) -> Region:
    region = registry.regions.get(within) if within is not None else None
    if region is None or region.kind not in _OWN_LEVEL[name]:
        raise NoRegionError("unknown_region", f"“{name}”没有写明是哪个地区，请改用地区全称")
    return region


def _narrowed(
    valid: list[Region], level: tuple[str, str | None] | None, within: str | None, above: str | None
) -> list[Region]:
    if len(valid) > 1 and above is not None:
        valid = [r for r in valid if r.parent_code == above or r.code == above] or valid
    if len(valid) > 1 and level is not None:
        same = [r for r in valid if r.parent_code == level[1] and r.kind in (level[0], "unallocated")]
        valid = same or [r for r in valid if r.kind == level[0]] or valid
    if len(valid) > 1 and within is not None:
        valid = [r for r in valid if is_within(r.code, within)] or valid
    return valid


def _validity(region: Region) -> str:
    start = region.valid_from.isoformat() if region.valid_from else "…"
    end = region.valid_to.isoformat() if region.valid_to else "今"
    return f"{region.code}：{start}至{end}"


def resolve_code(registry: Registry, code: str, name: str, on: date) -> Region:
    """The region of a code on a day, checked against the printed name; both may be those of before or after a renaming.

    Raises:
        NoRegionError: ``unknown_region`` (no such code, or not valid then), ``region_mismatch`` or ``region_split``.
    """
    region = registry.regions.get(code.strip())
    if region is None:
        raise NoRegionError("unknown_region", f"区划代码“{code}”不在区划表中，请核对")
    then = registry.same_area(region, on)
    if name.strip() and label_name(name) not in {*region.names, *(then.names if then is not None else ())}:
        raise NoRegionError(
            "region_mismatch", f"区划代码{code}是{region.name_zh}，而地区名称是“{name.strip()}”，请核对"
        )
    return then if then is not None else _of_that_day(registry, [region], region.name_zh, on)


def region_in_title(registry: Registry, title: str) -> Region | None:
    """The one region that a title starts with or names in full, longest name first; None when unclear."""
    plain = squeeze(title)
    best: list[Region] = []
    longest = 1
    for name, regions in registry.region_names.items():
        position = plain.find(name)
        if position < 0 or len(name) < longest or len(name) < 2:
            continue
        full = any(region.name_zh == name for region in regions)
        if (not full or len(name) == 2) and not re.match(r"[\d年历近\-.—表 ]*$", plain[:position]):
            continue  # a short name in the middle of a title may be part of another word
        current = [region for region in regions if region.valid_to is None]
        best = [*best, *current] if len(name) == longest else current
        longest = len(name)
    return best[0] if len(best) == 1 else None
