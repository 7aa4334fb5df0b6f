"""What opens an enumeration behind its total: 其中, 包括, 分为, 按级别分, 从隶属关系看, 由, a bracket, a colon.

What belongs here: the words, and how completely each of them says that the parts make up the total. What does not:
finding totals and parts (``enumerations``).
"""

from __future__ import annotations

import re

_BY = r"(?:按照?|依照?|依据|根据|从|就)"
_LEVEL = r"(?:国家|部|省|自治区|市|州|县|区)级"
_SORTED = rf"(?:划分|区分|分类|归类|统计|细分|来看|来分|来说|看|分(?=[,:为是有]|{_LEVEL})|计(?![算划量]))"
_KINDS = r"(?:领域|类型|类别|种类|级别|层级|等级|层次|地区|区域|行业|产业|隶属|性质|主体|部门|来源|用途|学历|学科|规模)"
ASPECT = (
    rf"(?:{_BY}[^,;:。()\d]{{1,12}}?{_SORTED}|分(?!别)[^,;:。()\d]{{1,8}}?看"
    rf"|分[^,;:。()\d]{{0,6}}?{_KINDS}[^,;:。()\d]{{0,3}}(?=[,:]))"
)
"""按级别分, 从隶属关系看, 分领域: along what the parts are told apart."""
_IS = r"(?:(?:分别|依次)?(?:为|是|有))?"
COMPOSITION = (
    r"(?:其?[^,;:。()\d]{0,8}(?:构成|组成|分布|结构)(?:情况)?(?:上|为|是|如下)?"
    rf"|具体(?:来看|构成)?(?:为|是|包括|如下)){_IS}"
)
"""类型构成是, 其组成为, 具体为."""
SEVERAL = re.compile(
    r"(?:由|分布[在于到]|来自|来源于|分[为成属归]|归|投向|用于|涉及|涵盖|包[括含])"
    r"(?:[^,;:。()\d]{1,16}等)?[一二两三四五六七八九十几\d]{1,2}(?:大?类|个|种|大?部分|方面|项|块|级|层|条|路|股)"
    r"[^,;:。()\d]{0,12}[,:]"
)
"""由四类单位使用, 来自三个渠道, 分布在五类机构: how many parts are to follow."""
_LEAVES_OUT = re.compile(r"地区|区域|领域|行业|产业|学科|方向|布局|分布|来自")
_SORTS = re.compile(r"划分|区分|分类|归类|细分|分(?:为|,|:|$)")
_SAYS_SO = (
    rf"(?:(?:其中)?(?:{SEVERAL.pattern}|{ASPECT}[,:]?{_IS}|{COMPOSITION}[,:]?|分为|分别(?:为|是|有)|依次(?:为|是|有))"
    r"|由(?=[^,;:。()\d]{2,16}\d)|来自(?=[^,;:。()\d]{2,12}\d))"
)
OPEN = re.compile(
    rf"[,:;。]?(?:(?P<parted>{_SAYS_SO})[,:]?"
    r"|(?P<among>其中)[,:]?(?:[^,;:()\d]{0,30}(?P<each>分别|依次)(?:为|是|有|达到?)?|包括)?"
    r"|(?P<lists>包括|包含|涵盖|含)[,:]?|(?P<colon>:)"
    r"|,[^,;:()\d]{2,30}(?P<apart>分别|依次)(?:为|是|有|达到?)|(?P<bare>,))"
)
BRACKET = re.compile(r"\((?:(?P<among>其中|含|包含)|(?P<lists>包括|分别为|由))?[:,]?")
# 2020年全区R&D经费中,
_OF_AMOUNT = r"(?:(?:19|20)\d\d年,?)?[^,;:。()\d]{0,16}(?:经费|投入|支出)(?:总量|总额|总支出)?[中里内],?"
HEADLESS = re.compile(
    rf"(?:^|(?<=[。;,]))(?:{ASPECT}[,:]?(?:{_OF_AMOUNT})?{_IS}|{_OF_AMOUNT}|其中|[^,;:。()\d]{{0,12}}(?:构成|组成)(?:情况)?(?:为|是|:))[,:]?"
)
"""The same at the head of a sentence that prints no total of its own."""


def is_all(opener: str) -> bool:
    """Whether an opener says that what follows is all; 从地区看 and 分领域看 may go on to name the foremost ones."""
    return opener.startswith("由") or _SORTS.search(opener) is not None or _LEAVES_OUT.search(opener) is None
