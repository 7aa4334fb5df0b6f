"""Which region a document is about, from its titles, else from its text.

What belongs here: names side by side in a title (四川省大邑县), homonyms, the region that a text names most. What does
not: regions that a sentence names for one number (``names``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ingestion.registry import Region, Registry, is_within

_HEAD = 20_000
"""Characters of the text that are looked at: the preface names the region more often than what follows."""
_LONGEST_NAME = 24
_KINDS = ("province", "prefecture", "county")
_AFTER_SHORT = re.compile(r"[“\"‘'《(\d十]|国民经济|科技|科学|创新|高新|第")
_OWN = re.compile(r"[全我本]([省市州盟县旗区])")


def document_region(registry: Registry, titles: Iterable[str], text: str) -> str | None:
    """The code of the region that a document is about, or None where nothing tells.

    Args:
        registry: the code lists.
        titles: titles in order of trust; folded, without blanks.
        text: the body, folded, without blanks.
    """
    head = text[:_HEAD]
    found = next((region for title in titles if (region := _titled(registry, title, head))), None)
    found = found or _most_named(registry, head)
    return found.code.split("+")[0] if found is not None else None


def _titled(registry: Registry, title: str, head: str) -> Region | None:
    """The first region of a title, followed down as long as names stand side by side, each within the one before."""
    region: Region | None = None
    position = 0
    while position < len(title):
        names = [name for name in _names_at(registry, title, position) if region or _is_plain(title, position, name)]
        inner = next((found for name in names if (found := _resolved(registry, name, region, head))), None)
        if inner is None and region is not None:
            break
        region = inner or region
        position += max(len(name) for name in names) if inner is not None else 1
    return region


def _names_at(registry: Registry, title: str, position: int) -> Iterator[str]:
    """Names of regions that begin at a place of a title, the longest first."""
    for length in range(min(_LONGEST_NAME, len(title) - position), 1, -1):
        name = title[position : position + length]
        if name in registry.region_names:
            yield name


def _is_plain(title: str, position: int, name: str) -> bool:
    """Whether a name is one by its form (大邑县), or a short form at the head of a title (贵州“十四五”…)."""
    if name.endswith(("省", "市", "县", "区", "州", "旗", "盟")) and (len(name) > 2 or name.endswith(("县", "市"))):
        return True
    return position == 0 and _AFTER_SHORT.match(title, len(name)) is not None


def _resolved(registry: Registry, name: str, within: Region | None, head: str) -> Region | None:
    """The one region of a name: within the region before it, else the homonym whose parents the text names."""
    candidates = [region for region in registry.region_names[name] if region.kind not in ("unallocated", "country")]
    if within is not None:
        candidates = [region for region in candidates if is_within(region.code, within.code)]
    candidates = [region for region in candidates if region.valid_to is None] or candidates
    if len(candidates) <= 1:
        return next(iter(candidates), None)
    named = Counter({region.code: _parents_named(registry, region, head) for region in candidates}).most_common(2)
    clear = named[0][1] > named[1][1]
    return registry.regions[named[0][0]] if clear else None


def _parents_named(registry: Registry, region: Region, head: str) -> int:
    count = 0
    parent = registry.regions.get(region.parent_code or "")
    while parent is not None and parent.kind != "country":
        count += sum(head.count(name) for name in parent.names if len(name) > 2)
        parent = registry.regions.get(parent.parent_code or "")
    return count


def _most_named(registry: Registry, head: str) -> Region | None:
    """The region that a text names most, of the sort that it calls its own (全县 asks for a county)."""
    own = Counter(match[1] for match in _OWN.finditer(head)).most_common(1)
    counts = {name: head.count(name) for name in registry.region_names if len(name) >= 3 and name in head}
    ranked = sorted(counts, key=lambda name: (-counts[name], -len(name)))
    preferred = [name for name in ranked if own and name.endswith(own[0][0])]
    for name in (*preferred, *ranked):
        region = _resolved(registry, name, None, head)
        if region is not None and region.kind in _KINDS:
            return region
    return None
