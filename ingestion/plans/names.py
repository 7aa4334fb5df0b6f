"""Which indicator and which region a stretch of text names.

What belongs here: finding aliases of the registry in running text, and deciding whether one of them really is the
subject of a number (nothing foreign before or behind it). What does not: numbers and time. A name that is not
wholly understood stays unresolved: it goes to the queue with its printed text, never to the nearest guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingestion.quantity import squeeze
from ingestion.registry import Alias, Registry

_PERIOD = re.compile(
    r"(?:截至|截止|到|至|于|在)?(?:19|20)\d\d年(?:底|末|度|初|全年)?|年末|年底|期末|目前|当前|现有|届时"
    r"|[“\"]?十[一二三四五六]五[”\"]?(?:期末|末|期间|时期|以来)?"
)


def _words(*lines: str) -> tuple[str, ...]:
    """Words parted by blanks, the longest first."""
    return tuple(sorted(dict.fromkeys(word for line in lines for word in line.split()), key=len, reverse=True))


# What may stand before a name without making it another name.
_MODIFIERS = _words(
    "其中 另外 同时 此外 同期 特别是 以及 和 及 并 且 仍 还 全社会 全口径 全部 全年 全域 主要 总体",
    "各类 总 该 力争 争取 努力 确保 实现 完成 促进 推动 带动 推进 引导 支持 鼓励 使 使得 让 保持 保障 达到",
    "提高 提升 扩大 增强 加快 加大 进一步 大力 稳步 持续 不断 逐步 预计 计划 预期 基本 有效 拥有 共有",
    "现有 已有 共 累计 总计 合计 平均 年均 将 已 也 均 都 再 更 我国 我省 我市 我县 我区 本省 本市 本县",
    "本地区 本地 辖区内 辖区 全辖 区域内 区域 县域 市域 省域 的 中 内 有 在 是 为 对 把 新 按 每年 分别",
    "到 至 年 底 末 初 要 须 应 务必 初步 统计 数据显示 一是 二是 三是 四是 五是 六是 七是",
    "新增 新认定 新引进 新建 净增",
)
# What may stand between a name and its number without changing the subject.
_FILLER = _words(
    ", 、 : 的 数量 总数量 总数 总量 总额 总规模 规模 个数 家数 人数 数 指标值 稳步 快速",
    "大幅 大幅度 持续 不断 明显 显著 逐年 逐步 较快 成倍 实现 完成 达到 达 已 约 将 也 均 共 共有 共计",
    "累计 合计 总计 有 为 仅 只有 分别 力争 争取 努力 确保 保持 稳定 控制 增长 增加 提高 提升 上升 发展",
    "壮大 扩大 跃升 下降 降低 减少 降 增 升 到 至 在 突破 超过 超 高于 多于 不低于 不少于 不高于 不超过",
    "低于 至少 至多 接近 近 预计 预期 计划 翻番 倍增 再 要 全部 目标",
)
# A stretch made of these alone names nothing new: the subject goes on.
_ANAPHORA = _words(
    "其 总数 总量 数量 总额 规模 总规模 占比 比重 总体 增幅 增速 增长 累计 累计值 总计 合计 总人数 人数",
    "家数 总产值 且 并 并且 同比 水平 达 达到 为 的 已 均 也 仍 共 约 年均 平均 投入 和 及 以及 将 实现",
    "预计 力争 较 比 确保 届时 同期 再 有 由 从 到 至 在 , 、 : ( ) 增加 提高 提升 上升 跃升 扩大 发展",
    "下降 降低 减少 降 增 升 是 相当于 位",
)
_TRAILING = _words(
    "累计 达到 已 将 达成 达 为 仅 共 共有 共计 约 是 有 总额 均 分别 实现 突破 超过 至少 力争 增长 增加",
    "提高 提升 投入 到 至 由 从 了 在 合计 , 做到 年均",
    "不低于 不少于 不高于 不超过 高于 低于 多于 超 控制 保持 稳定 接近 至多",
)
_WHOLE_WORDS = ("研发投入", "科技投入", "经费投入", "财政投入")
_LEADING = _words(
    "其中 另外 同时 此外 并 且 还 对 将 把 共 累计 先后 已 现 拥有 获 共获 一是 二是 三是 四是 五是 含",
    "包括 : , 、 全市 全县 全省 我市 我县 让 使 力争 争取 确保 实现",
)
_AREA = {"全国": "country", "我国": "country", "全省": "province", "全自治区": "province", "我省": "province"}
_OWN_AREA = ("全市", "全县", "全区", "全州", "全旗", "我市", "我县", "我区", "本市", "本县", "全域", "贵阳贵安")
_MODIFIER = re.compile("|".join(sorted(map(re.escape, (*_MODIFIERS, *_OWN_AREA)), key=len, reverse=True)))
_CLAUSE_START = re.compile(r"[,。;:()!?]")


@dataclass(frozen=True, slots=True)
class Found:
    """An alias found in a text, with its place."""

    start: int
    end: int
    alias: Alias


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number speaks of. ``alias`` None: named, but none of our indicators. ``name`` blank: the one before."""

    name: str
    alias: Alias | None
    region_code: str | None
    """A region named with it, other than that of the document."""
    start: int
    """Where the name begins in its paragraph."""


@dataclass(frozen=True)
class Names:
    """Names as one document uses them: the registry, and the region that the document is about."""

    registry: Registry
    region_code: str
    scopes: tuple[str, ...]

    @cached_property
    def _by_first(self) -> Mapping[str, tuple[tuple[str, Alias], ...]]:
        found: dict[str, list[tuple[str, Alias]]] = {}
        for name in self.registry.aliases:
            alias = self.registry.alias(name, self.scopes)
            if alias is not None:
                found.setdefault(name[0], []).append((name, alias))
        return {first: tuple(sorted(items, key=lambda i: -len(i[0]))) for first, items in found.items()}

    @cached_property
    def _region_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(name) for name in self.registry.region_names}, reverse=True))

    def find(self, text: str) -> tuple[Found, ...]:
        """All aliases in a text, the longest at each place, left to right, never overlapping."""
        found: list[Found] = []
        position = 0
        while position < len(text):
            for name, alias in self._by_first.get(text[position], ()):
                if text.startswith(name, position):
                    found.append(Found(position, position + len(name), alias))
                    position += len(name) - 1
                    break
            position += 1
        return tuple(found)

    def exact(self, name: str) -> Alias | None:
        """What a whole name means: as it stands, without the words of area before it, or without 数 behind it."""
        squeezed = squeeze(name)
        shorter = (squeezed.removesuffix(word) for word in ("数量", "建设", "总数"))
        for candidate in (squeezed, _strip_area(squeezed), *shorter):
            alias = self.registry.alias(candidate, self.scopes) if candidate else None
            if alias is not None:
                return alias
        return None

    def subject(self, text: str, start: int, end: int, found: Sequence[Found]) -> Subject | None:
        """The subject that ``text[start:end]`` names for a number behind it, or None when it names nothing new.

        Args:
            text: the paragraph, folded, without blanks.
            start: where the search may begin: behind the previous number.
            end: where the name must be complete: before the growth word or the number.
            found: the aliases of the whole paragraph.
        """
        last = bisect_right(found, end, key=lambda item: item.end) - 1
        if last >= 0 and found[last].start >= start and _made_of(text[found[last].end : end], _FILLER):
            item = found[last]
            region = self._foreign_region(text[self._head(text, start, item.start) : item.start])
            if region is not None:
                return Subject(text[item.start : item.end], item.alias, region or None, item.start)
        clause = max((m.end() for m in _CLAUSE_START.finditer(text, start, end)), default=start)
        plain = text[clause:end]
        if _made_of(plain, _ANAPHORA):
            return None
        name = trimmed(plain)
        if name in _AREA:
            return Subject("", None, self._area_code(name), clause)
        if len(name) < 2 or self._is_area(name):
            return None
        return Subject(name[:60], None, None, clause)

    def _head(self, text: str, start: int, end: int) -> int:
        return max((m.end() for m in _CLAUSE_START.finditer(text, start, end)), default=start)

    def _foreign_region(self, head: str) -> str | None:
        """Read the words before a name: ``""`` none but modifiers, a code of another region, None: not understood."""
        region = ""
        position = 0
        head = re.split("、", head)[-1]
        while position < len(head):
            period = _PERIOD.match(head, position)
            if period:
                position = period.end()
                continue
            area = head[position : position + 2]
            if area in _AREA:
                region = self._area_code(area)
                position += 2
                continue
            if area == "全市" and self._level() == "county":
                region = self.region_code[:4] + "00"
                position += 2
                continue
            modifier = _MODIFIER.match(head, position)
            if modifier and modifier.group() in _OWN_AREA:
                position = modifier.end()
                continue
            name = self._region_at(head, position)
            if name and (modifier is None or len(name) >= len(modifier.group())):
                own = self.registry.region(name, within=self.region_code)
                region = "" if own is None or own.code == self.region_code or "+" in own.code else own.code
                position += len(name)
                continue
            if modifier is None:
                return None
            position = modifier.end()
        return "" if region == self.region_code else region

    def _level(self) -> str:
        region = self.registry.regions.get(self.region_code)
        return region.kind if region else "prefecture"

    def _area_code(self, area: str) -> str:
        return "000000" if _AREA[area] == "country" else self.region_code[:2] + "0000"

    def _region_at(self, text: str, position: int) -> str | None:
        for length in self._region_lengths:
            name = text[position : position + length]
            if len(name) == length and name in self.registry.region_names:
                return name
        return None

    def _is_area(self, name: str) -> bool:
        return name in _OWN_AREA or name in _AREA or name in self.registry.region_names


def _strip_area(name: str) -> str:
    for area in (*_OWN_AREA, *_AREA):
        name = name.removeprefix(area)
    return name


def document_region(registry: Registry, titles: Iterable[str], text: str) -> str | None:
    """The region that a document is about: named in a title, else the one its text names most.

    Args:
        registry: the code lists.
        titles: titles in order of trust; folded, without blanks.
        text: the body, folded, without blanks.
    """
    full = {name: regions for name, regions in registry.region_names.items() if len(name) >= 3}
    for title in titles:
        named = [name for name in full if name in title]
        if named:
            best = max(named, key=lambda name: (-title.index(name), len(name)))
            region = registry.region(best)
            if region is not None and region.kind not in ("unallocated", "country"):
                return region.code.split("+")[0]
    head = text[:20000]
    counts = {name: head.count(name) for name in full if name in head}
    for name in sorted(counts, key=lambda item: (-counts[item], -len(item))):
        region = registry.region(name)
        if region is not None and region.kind in ("province", "prefecture", "county"):
            return region.code
    return None


def _made_of(text: str, words: Sequence[str]) -> bool:
    """Whether a text is nothing but words of the list and time phrases."""
    if len(text) > 80:
        return False
    reached = {0}
    for position in range(len(text)):
        if position in reached:
            reached.update(position + len(word) for word in words if text.startswith(word, position))
            period = _PERIOD.match(text, position)
            if period:
                reached.add(period.end())
    return len(text) in reached


def trimmed(name: str) -> str:
    """A name without time phrases, the verbs behind it and the connecting words before it."""
    name = _PERIOD.sub("", name)
    while True:
        behind = "" if name.endswith(_WHOLE_WORDS) else next((w for w in _TRAILING if name.endswith(w)), "")
        before = next((w for w in _LEADING if name.startswith(w)), "")
        if not behind and not before:
            return name.strip('、:“”"() ')
        name = name[: len(name) - len(behind)].removeprefix(before)
