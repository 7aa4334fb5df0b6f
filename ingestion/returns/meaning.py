"""What a printed label means inside its table: indicator, variant, breakdown, in the scope that the title sets.

What belongs here: joining title and header before looking a name up. What does not: the aliases (seeds), the layout.
A label that is not clearly one of ours keeps its name and gets no indicator code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.figures import PLAIN
from ingestion.quantity import squeeze
from ingestion.registry import Alias, Registry
from ingestion.returns.headers import Title, without_grouping

# A title that limits its table to a part of the economy: its columns are not the figures of the whole.
_SCOPES = (
    ("规模以上工业企业", "规上工业企业", "规模以上工业", "规上工业"),
    ("规模以上企业", "规上企业"),
    ("大中型工业企业",),
    ("高技术产业",),
    ("高技术制造业",),
    ("高新技术企业",),
    ("高新技术产业",),
    ("高新技术产业开发区", "高新区", "开发区", "园区"),
    ("高等学校", "高校"),
    ("研究与开发机构", "科研机构", "研究机构", "科研院所"),
    ("工业企业",),
    ("服务业",),
    ("建筑业",),
    ("企业",),
)
_JOINTS = ("", "中", "的")
_BROKEN_DOWN = frozenset({"rd_expenditure", "rd_expenditure_industry_above_scale", "rd_fte"})
_OF_WHICH = re.compile(r"^(?:#|其中[:、]?|一、|二、|三、|\d{1,2}[、.])+")
_GROUPED_BY = re.compile(r"(?:按|分).{1,12}(?:分组?|划分|分类)")
_GROWTH = re.compile(r"(?:增速|增长率?|增幅|比上年(?:±|增减|增长)?)(?:%|\(%\))?$")
_RANK = re.compile(r"(?:位次|排名|排位|名次)$")


@dataclass(frozen=True, slots=True)
class Means:
    """Indicator (None: unresolved), variant and breakdown of a label, and the name under which it is kept."""

    indicator_code: str | None
    variant: str
    breakdown: str
    as_printed: str
    kind: str = "actual"


def bare(label: str) -> str:
    """A squeezed label without ``#``, 其中 and list numbers."""
    return _OF_WHICH.sub("", squeeze(label))


def is_grouping(label: str) -> bool:
    """Whether a label only says by what is grouped: 按活动类型分, 分地区, 各市州."""
    return _GROUPED_BY.fullmatch(bare(label)) is not None or without_grouping(bare(label)) == ""


def means(registry: Registry, parts: Sequence[str], title: Title) -> Means | None:
    """What header parts, outermost first, mean under a title; None when neither names anything."""
    names = [bare(part) for part in parts if bare(part)]
    leaves = [name for name in names if not _GROUPED_BY.fullmatch(name)]  # 按活动类型分 over 基础研究
    subject = title_alias(registry, title)
    if not names:
        if not title.name:
            return None
        return _from_alias(subject, subject.alias) if subject else Means(None, PLAIN, PLAIN, title.name)
    label = "".join(leaves)
    return (
        _breakdown_of_title(registry, label, subject)
        or _scoped(registry, label, title)
        or _plain(registry, label, title, subject)
        or _breakdown_of_group(registry, leaves, title)
        or _unresolved(names)
    )


def is_item(label: str) -> bool:
    """Whether a label says that it is a part of the one before: 其中：基础研究, #政府资金."""
    return squeeze(label).startswith(("#", "其中"))


def is_known_label(registry: Registry, label: str, title: Title) -> bool:
    """Whether a joined label is a known name by itself, under its title."""
    name = bare(label)
    return bool(name) and (
        registry.alias(name, ("return",)) is not None
        or name in registry.breakdown_labels
        or _scoped(registry, name, title) is not None
    )


def title_alias(registry: Registry, title: Title) -> Alias | None:
    """The indicator that the title names, or None."""
    return registry.alias(title.name, ("return",)) if title.name else None


def _from_alias(alias: Alias, printed: str) -> Means:
    return Means(alias.indicator_code, alias.variant, alias.breakdown, printed)


def _unresolved(names: Sequence[str]) -> Means:
    label = names[0] if len(names) == 1 else "".join(names)
    kind = "growth" if _GROWTH.search(label) else "rank" if _RANK.search(label) else "actual"
    return Means(None, PLAIN, PLAIN, label, kind)


def _breakdown_of_title(registry: Registry, label: str, subject: Alias | None) -> Means | None:
    """试验发展支出 under the title R&D经费内部支出."""
    breakdown = registry.breakdown_labels.get(label)
    if breakdown is None or subject is None or subject.indicator_code is None:
        return None
    if breakdown == PLAIN:
        return _from_alias(subject, subject.alias)
    if subject.indicator_code not in _BROKEN_DOWN or subject.breakdown != PLAIN:
        return None
    return Means(subject.indicator_code, subject.variant, breakdown, f"{subject.alias}:{label}")


def _scope_names(title: Title) -> tuple[str, ...]:
    """The spellings of the part that the title speaks of, the printed one first."""
    names = next((names for names in _SCOPES if any(name in title.name for name in names)), ())
    return tuple(sorted(names, key=lambda name: name not in title.name))


def _scoped_aliases(registry: Registry, label: str, scope: Sequence[str]) -> Iterator[Alias]:
    for name in scope:
        for joint in _JOINTS:
            alias = registry.alias(f"{name}{joint}{label}", ("return",))
            if alias is not None:
                yield alias


def _scoped(registry: Registry, label: str, title: Title) -> Means | None:
    """R&D经费内部支出 under a title of 规上工业企业 is that of 规上工业企业."""
    alias = next(_scoped_aliases(registry, label, _scope_names(title)), None)
    return _from_alias(alias, alias.alias) if alias is not None else None


def _plain(registry: Registry, label: str, title: Title, subject: Alias | None) -> Means | None:
    """The label by itself, unless the title limits the table to a part that the name does not speak of."""
    alias = registry.alias(label, ("return",))
    if alias is None:
        return None
    scope = _scope_names(title)
    if alias.indicator_code is None or not scope or any(name in label for name in scope):
        return _from_alias(alias, label)
    if subject is not None and subject.indicator_code == alias.indicator_code:
        return _from_alias(alias, label)
    official = registry.indicators[alias.indicator_code].name_zh
    return _from_alias(alias, label) if any(name in official for name in scope) else None


def _breakdown_of_group(registry: Registry, names: Sequence[str], title: Title) -> Means | None:
    """基础研究 below the group header R&D经费内部支出."""
    for cut in range(1, len(names)):
        group, leaf = "".join(names[:cut]), "".join(names[cut:])
        breakdown = registry.breakdown_labels.get(leaf)
        if breakdown is None:
            continue
        found = _scoped(registry, group, title) or _plain(registry, group, title, title_alias(registry, title))
        if found is None or found.indicator_code is None:
            continue
        if breakdown == PLAIN:
            return found
        if found.indicator_code in _BROKEN_DOWN and found.breakdown == PLAIN:
            return Means(found.indicator_code, found.variant, breakdown, f"{found.as_printed}:{leaf}")
    return None
