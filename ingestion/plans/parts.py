"""Words that tell the parts of a whole apart: levels, grades of a prize, degrees, sizes of enterprises.

What belongs here: whether the parts of an enumeration can overlap, and whether their names are nothing but classes.
What does not: finding an enumeration (``enumerations``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEVELS = (
    *(
        "国家级",
        "部门级",
        "省部级",
        "部级",
        "自治区级",
        "省级",
        "市级",
        "州级",
        "盟级",
        "厅级",
        "县区级",
        "区县级",
        "县级",
    ),
    *("区级", "旗级", "乡镇级", "镇级", "村级", "校级", "院级", "中央", "部属", "省属"),
    *("市属", "县属", "区属", "国家", "省", "市", "县", "区", "州"),
)
_OF_PLACE = re.compile(r"[^级属]{2,4}?(?=(?:市|州|盟|县|区|旗)[级属]$)")
_AND_ABOVE = re.compile(r"(?:及|或|\(含\))?以[上下内]")
_CLASSES = tuple(
    tuple(line.split())
    for line in (
        "特等奖 一等奖 二等奖 三等奖 优秀奖",
        "金奖 银奖 铜奖 优秀奖",
        "博士 硕士 本科 专科",
        "正高级 副高级 中级 初级",
        "高级 中级 初级",
        "大型 中型 小型 微型",
        "第一产业 第二产业 第三产业",
        "基础研究 应用研究 试验发展",
        "实用新型 外观设计 发明",
        "企业 高等院校 高等学校 高校 科研院所 科研机构 研究机构",
        "种子 初创 成长 瞪羚 独角兽",
        "技术开发 技术转让 技术咨询 技术服务 技术许可",
    )
)
_FULL = tuple(
    frozenset(line.split())
    for line in (
        "第一产业 第二产业 第三产业",
        "基础研究 应用研究 试验发展",
        "实用新型 外观设计 发明",
        "日常性支出 资产性支出",
        "大型 中型 小型 微型",
    )
)
"""Classes beside which there are no others."""
_WITH_OTHERS = ("企业", "高等学校", "高校", "院所", "研究机构", "科研机构", "政府", "财政", "自筹", "境外")
_REST = re.compile(r"(?:和|及|以及|与)?(?:其他|其它|其余)")
_BODIES = (
    *("孵化器", "众创空间", "星创天地", "加速器", "大学科技园", "重点实验室", "技术创新中心", "制造业创新中心"),
    *("产业创新中心", "企业技术中心", "工程技术研究中心", "工程研究中心", "工程实验室", "工业设计中心"),
    *("新型研发机构", "院士工作站", "院士专家工作站", "博士后科研工作站", "专家工作站", "临床医学研究中心"),
)
"""Titles that are counted one by one, so that none is counted under two."""
_OF_PERSON = re.compile(r"女性|男性|女$|男$|学历|学位|博士|硕士|研究生|本科|职称|\d岁|党员|少数民族|全时|外籍")
_OVERLAPPING = frozenset({"企业", "人员", "人才", "单位", "机构", "以上", "园区", "主体", "平台"})
"""Of these one may be of several kinds: 规上企业, 有研发活动企业."""
_YEAR = re.compile(r"(?:19|20)\d\d年")


def _level(label: str) -> str | None:
    """The level that a label begins with; 潍坊市级 is 市级."""
    found = next((level for level in _LEVELS if label.startswith(level)), None)
    of_place = _OF_PLACE.match(label) if found is None else None
    return label[of_place.end() :] if of_place else found


def are_levels(labels: Sequence[str]) -> bool:
    """Whether the labels are different levels of one thing: 国家级平台, 省级平台 or 国家级, 省级; nothing 以上."""
    levels = [_level(label) for label in labels]
    if None in levels or len(set(levels)) < len(labels) or any(_AND_ABOVE.search(label) for label in labels):
        return False
    named = {label.removeprefix(level or "") for label, level in zip(labels, levels, strict=True)} - {""}
    is_plain = all((level or "").endswith(("级", "属", "中央")) for level in levels)
    return len(named) <= 1 and (is_plain or bool(named))


def are_bare_levels(labels: Sequence[str]) -> bool:
    """Whether the labels are levels and nothing else: 省级, 市级, 县级."""
    return are_levels(labels) and all(label.endswith(("级", "属")) for label in labels)


def is_rest(label: str) -> bool:
    """Whether a label is what is left over: 其他."""
    return _REST.match(label) is not None


def may_leave_out(labels: Sequence[str]) -> bool:
    """Whether these are the foremost of their sort, beside which others are often left unsaid: performers, sources."""
    return not any(is_rest(label) for label in labels) and all(
        any(word in label for word in _WITH_OTHERS) for label in labels
    )


def share_coverage(labels: Sequence[str], *, is_said: bool = False) -> str | None:
    """How completely shares of these parts make up their whole; None where it may be anything.

    Args:
        labels: the parts, in the order printed.
        is_said: whether the wording says that they are all.
    """
    full = any(
        len(words) == len(labels) and all(any(word in label for label in labels) for word in words) for words in _FULL
    )
    if full or (len(labels) > 1 and (is_rest(labels[-1]) or (is_said and not may_leave_out(labels)))):
        return "complete"
    return "disjoint" if len(labels) > 1 and are_disjoint(labels) else None


def _are_classes(labels: Sequence[str]) -> bool:
    for words in _CLASSES:
        found = [next((word for word in words if word in label), None) for label in labels]
        if None not in found and len(set(found)) == len(labels):
            return True
    return all(_YEAR.search(label) for label in labels) and len(set(labels)) == len(labels)


def are_disjoint(labels: Sequence[str]) -> bool:
    """Whether nothing can be counted under two of the labels: other levels, grades, degrees, sizes or years."""
    if len(labels) < 2 or any(_AND_ABOVE.search(label) for label in labels):
        return False
    levels = [_level(label) for label in labels]
    by_level = None not in levels and all((level or "").endswith("级") for level in levels)
    return are_levels(labels) or _are_classes(labels) or (by_level and len(set(levels)) == len(labels))


def are_bodies(labels: Sequence[str]) -> bool:
    """Whether the labels are different titles that a body may hold: 孵化器, 众创空间, 重点实验室."""
    found = [next((word for word in _BODIES if label.endswith(word)), None) for label in labels]
    return len(labels) > 1 and None not in found and len(set(found)) == len(labels)


def is_of_person(label: str) -> bool:
    """Whether a label tells persons apart and can be no statement of its own: 女性, 本科及以上学历, 高级职称."""
    return _OF_PERSON.search(label) is not None


def is_level_of(label: str, total: str) -> bool:
    """Whether a label is what a total over all levels has of the upper ones: 省级以上孵化器 of 各级孵化器."""
    above = _AND_ABOVE.search(label)
    name = re.sub(r"^.*各[级类]", "", total)
    return above is not None and _level(label) is not None and bool(name) and label[above.end() :] == name


def are_kinds(labels: Sequence[str]) -> bool:
    """Whether the labels end in one word for things of which there are kinds: 应用技术成果, 软科学成果."""
    ends = {label[-2:] for label in labels}
    return len(labels) > 1 and len(ends) == 1 and not ends & _OVERLAPPING


def are_pure(labels: Sequence[str]) -> bool:
    """Whether the labels name classes of one thing, so that they need no word that ties them to their total."""
    short = all(len(label) <= 10 for label in labels)
    return len(labels) >= 2 and (are_levels(labels) or (short and _are_classes(labels)))


def is_ladder(total: str, labels: Sequence[str]) -> bool:
    """Whether the labels are levels down to the one that the total begins with: 省级以上 of 国家级 and 省级."""
    lowest = _level(labels[-1])
    return lowest is not None and re.search(rf"{lowest}(?:及|或|\(含\))?以上", total) is not None


def same_level(level: str, label: str) -> bool:
    """Whether a label names things of a level: 国家级 and 国家火炬特色产业基地, 省级 and 省级众创空间."""
    own, other = _level(level), _level(label)
    return own is not None and other is not None and own.removesuffix("级") == other.removesuffix("级")
