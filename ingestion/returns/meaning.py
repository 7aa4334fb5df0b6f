"""What a printed label means inside its table: indicator, variant, breakdown, in the scope that the title sets.

What belongs here: joining title and header before looking a name up. What does not: the aliases (seeds), the layout.
A label that is not clearly one of ours keeps its name and gets no indicator code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
_OF_WHICH = re.compile(r"^(?:#|其中[:、]?|一、|二、|三、|\d{1,2}[、.])+")
_GROUPED_BY = re.compile(r"(?:按|分).{1,12}(?:分组?|划分|分类)")
_PERCENT = r"(?:%|\(%\))?$"
_LAST_YEAR = r"(?:[比较与](?:上一?年|去年|前一年)(?:同期|同口径)?(?:相比)?)"
_GROWTH = re.compile(
    rf"(?:{_LAST_YEAR}|同比)?(?:名义|现价)?(?:增速|增长(?:率|速度|幅度|百分比|百分数)?|增幅|增减(?:率|幅度)?|升降(?:幅度)?|±|\+-){_PERCENT}"
    rf"|{_LAST_YEAR}{_PERCENT}"
)
# Growth that is none over the year before at the prices of the levels.
_OTHER_GROWTH = re.compile(r"年均|平均|可比|不变价|实际|环比|累计|五年|期间|指数|贡献")
_SHARE = re.compile(rf"占全(?:国|省|市|州|盟|区|县)(?:总[量数额])?的?(?:比重|比例|份额|比)?{_PERCENT}")
_RANK = re.compile(r"(?:位次|排名|排位|名次)$")


@dataclass(frozen=True, slots=True)
class Means:
    """Indicator (None: unresolved), variant and breakdown of a label, and the name under which it is kept.

    ``kind`` is growth or share where the label says what became of the indicator, or what part of a larger region's.
    """

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
        or _said_of(registry, leaves, title)
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
    return Means(None, PLAIN, PLAIN, label, _kind(label))


def _kind(label: str) -> str:
    kinds = (("growth", _GROWTH), ("share", _SHARE), ("rank", _RANK))
    return next((kind for kind, ending in kinds if ending.search(label)), "actual")


def is_said_of_another(label: str) -> bool:
    """Whether a label names nothing itself, only a growth, a share or a rank of what stands before it: 比上年增长."""
    name = bare(label)
    return any((found := ending.search(name)) is not None and found.start() == 0 for ending in (_GROWTH, _SHARE, _RANK))


def _said_of(registry: Registry, names: Sequence[str], title: Title) -> Means | None:
    """R&D经费内部支出比上年增长, 占全市比重: growth and share of an indicator; without a name, of the title's."""
    label = "".join(names)
    kind = _kind(label)
    if kind not in ("growth", "share") or _OTHER_GROWTH.search(label):
        return None
    ending = _GROWTH if kind == "growth" else _SHARE
    cut = ending.search(label)
    subject = label[: cut.start()] if cut is not None else label
    if not subject:
        alias = title_alias(registry, title)
        found = _from_alias(alias, alias.alias) if alias is not None else None
    else:
        found = means(registry, _without_end(names, len(label) - len(subject)), title)
    if found is None or found.indicator_code is None or found.kind != "actual":
        return None
    return Means(found.indicator_code, found.variant, found.breakdown, label, kind)


def _without_end(names: Sequence[str], cut: int) -> list[str]:
    """The names without so many characters at their end; those that become blank are left out."""
    kept: list[str] = []
    for name in reversed(names):
        taken = min(cut, len(name))
        cut -= taken
        if taken < len(name):
            kept.insert(0, name[: len(name) - taken])
    return kept


_PART_ENDINGS = ("", "数", "企业数", "的企业数", "人员", "支出")


def part_names(registry: Registry, totals: Sequence[str], label: str, title: Title) -> tuple[str, ...] | None:
    """The names of an item below or beside its total (#规模以上 after 高新技术企业数), or None when none is known.

    A part that has a name of its own goes by it; one of a breakdown goes by the names of its total and its label.
    """
    part, total = bare(label), bare("".join(totals))
    whole = registry.alias(total, ("return",)) or next(_scoped_aliases(registry, total, _scope_names(title)), None)
    stem = total.removesuffix("数")
    for name in (
        part + total,
        *(f"{base}{joint}{part}{end}" for base in (total, stem) for joint in _JOINTS for end in _PART_ENDINGS),
    ):
        own = registry.alias(name, ("return",)) if whole is not None and whole.indicator_code is not None else None
        if own is not None and own.indicator_code not in (None, whole.indicator_code if whole else None):
            return (name,)
    return (*totals, label) if part in registry.breakdown_labels else None


def with_unit(registry: Registry, found: Means, unit: str | None) -> Means:
    """What a name means in its unit: R&D人员 in 人年 is no number of heads, 比上年增减 in 百分点 is no growth rate."""
    if found.kind == "growth" and unit is not None and squeeze(unit) not in ("%", "倍"):
        return replace(found, kind="change")
    if unit is None or found.kind != "actual":
        return found
    alias = registry.alias(f"{found.as_printed.partition(':')[0]}({unit})", ("return",))
    if alias is None or alias.indicator_code == found.indicator_code:
        return found
    return Means(alias.indicator_code, alias.variant, found.breakdown, found.as_printed)


def _breakdown_of_title(registry: Registry, label: str, subject: Alias | None) -> Means | None:
    """试验发展支出 under the title R&D经费内部支出."""
    breakdown = registry.breakdown_labels.get(label)
    if breakdown is None or subject is None or subject.indicator_code is None:
        return None
    if breakdown == PLAIN:
        return _from_alias(subject, subject.alias)
    if subject.indicator_code not in registry.broken_down[breakdown] or subject.breakdown != PLAIN:
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
        if found.indicator_code in registry.broken_down[breakdown] and found.breakdown == PLAIN:
            return Means(found.indicator_code, found.variant, breakdown, f"{found.as_printed}:{leaf}")
    return None
