"""Which region a label of a table in a plan names.

What belongs here: labels of rows and columns, seen from the plan's own region. What does not: regions in sentences
(``names``), the region of the document (``regions``), labels of returns (``returns.places``).
"""

from __future__ import annotations

from datetime import date

from ingestion.documents.place_tables import is_own
from ingestion.plans.names import Names
from ingestion.plans.periods import Window
from ingestion.quantity import QuantityError
from ingestion.registry import Region, is_within

_LEVELS = {"国": "country", "省": "province", "市": "prefecture", "州": "prefecture", "盟": "prefecture"}
_LEVELS |= {"县": "county", "区": "county", "旗": "county"}
_KINDS = ("country", "province", "prefecture", "county")


def place_code(names: Names, label: str, window: Window) -> str | None:
    """The code of the region that a label names; None: the plan's own region as a whole (合计, 全市).

    A name is looked for within the plan's region, then for a county within its prefecture, then everywhere; where
    several regions of one name are left, none is chosen.

    Raises:
        QuantityError: ``unknown_region``: no such name, or several regions of it.
    """
    if is_own(label):
        return _whole(names, label)
    found = [region for region in names.registry.region_names.get(label, ()) if _existed(region, window)]
    areas = [names.region_code, names.region_code[:4] + "00"] if _level(names) == "county" else [names.region_code]
    for area in areas:
        inside = [region for region in found if is_within(region.code, area)]
        if inside:
            found = inside
            break
    if len(found) > 1:
        found = [region for region in found if region.kind in _KINDS] or found
    if len(found) > 1:
        found = [region for region in found if region.valid_to is None] or found
    if len(found) > 1:
        # 嘉峪关市 is a prefecture and the one county in it
        found = [item for item in found if not any(_is_inside(item.code, other.code) for other in found)]
    if not found:
        raise QuantityError("unknown_region", f"“{label}”不是区划表中的地区，请改用规范的地区名称")
    if len(found) > 1:
        codes = "、".join(region.code for region in found[:4])
        raise QuantityError("unknown_region", f"“{label}”同名地区不止一个（{codes}），请写明上级地区")
    return found[0].code


def _is_inside(code: str, area: str) -> bool:
    return code != area and is_within(code, area)


def _existed(region: Region, window: Window) -> bool:
    """Whether a region existed at any time of the plan, its base year included."""
    return region.valid_on(date(window.base_year, 12, 31)) or region.valid_on(date(window.end, 12, 31))


def _level(names: Names) -> str:
    region = names.registry.regions.get(names.region_code)
    return region.kind if region is not None else ""


def _whole(names: Names, label: str) -> str | None:
    """The plan's own region, or the one above it that 全省 in the plan of a city means."""
    wanted, own = _LEVELS.get(label[1:2]), _level(names)
    if label[0] in "合总" or wanted is None or wanted == own:
        return None
    above = {
        "country": "000000",
        "province": names.region_code[:2] + "0000",
        "prefecture": names.region_code[:4] + "00",
    }
    if own not in _KINDS or _KINDS.index(wanted) > _KINDS.index(own):
        return None  # 全区 in the plan of a new area or of an autonomous region
    if wanted == "prefecture" and own == "county" and names.registry.regions[names.region_code].name_zh.endswith("市"):
        return None  # 全市 in the plan of a county-level city
    code = above[wanted]
    if code not in names.registry.regions:
        raise QuantityError("unknown_region", f"“{label}”没有写明是哪个地区，请改用地区全称")
    return code
