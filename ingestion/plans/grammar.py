"""The words of plans: growth, flows, doublings, ranks, directions, headings that look back or ahead, what is no text.

What belongs here: patterns over folded text without blanks. What does not: time (``periods``), names of indicators
(``names``), how a sentence is put together (``sentences``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.plans.words import DONE_MORE

_CHINESE_YEAR = re.compile(r"[一二][九〇○零O0][〇○零O0一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")

GROWTH = re.compile(
    r"(?:(?P<average>年均|年平均|每年)(?:实际|名义)?)?(?:同比|累计|共|总)?"
    rf"(?:增长率|增长|增幅|增速|递增|递减|涨幅|增加|提高|提升|上升|上涨|(?<![新净激倍])增|前移|前进|进位|晋升|晋位|跃升|上移|下移|后移|后退|下降|减少|降低|降幅|下滑|回落|缩减|压减|(?<=[年末期])多(?:出|{'|'.join(DONE_MORE)})?"
    rf"|(?<=[,;])[多少](?:出|{'|'.join(DONE_MORE)}))(?:幅度|速度)?(?:了|为)?"
)
_FALL = re.compile(r"低于|下移|后移|后退|少于|递减|下降|减少|降低|降幅|下滑|回落|缩减|压减|减|^少")
FLOW = re.compile(
    r"(?<![创高全更革])新(?:增|建|培育|培|认定|引进|引育|引培|招引|设立|设|组建|布局|获批|创建|备案|落户|打造|评定|入库)|净增"
    r"|(?:年内|全年|当年|今年|本年度?|首次|重新|通过)(?:认定|评定|备案|获批)"
)
FLOW_VERBS = (
    "新增",
    "新建",
    "新培育",
    "新认定",
    "新引进",
    "新设立",
    "新组建",
    "新布局",
    "净增",
    "新获批",
    "新引育",
    "新引培",
    "新招引",
    "新创建",
    "新备案",
    "新落户",
    "新打造",
    "新评定",
    "培育",
    "引进",
    "组建",
)
STRIVE = re.compile(r"力争|争取|努力|力求|争创")
MULTIPLE = re.compile(
    r"(?P<twice>倍增|翻了?一?番|实现翻番)(?!计划|行动|工程|培育|政策|方案|项目|企业)|(?P<four>翻了?两番)"
)
_RANK_LEAD = (
    r"排名?|居|列|位居|位列|位于|名列|排在|进入|跻身|(?:上?升|提升|前?移|跃升|前?进|跃居|下降|降|退)[至到]|达到"
    r"|名次|位次|稳居|跃居"
)
_RANK_AREA = r"[东中西]{1,2}部(?:地区)?|全区|全疆|全国|全省|全市|全州|国内"
_NO_RANK = (
    r"(?!方|梯队|批|线|季|产业|动力|生产力|资源|大|个|年|家|轮|次|期|五|章|节|届|代|步|条|款|书记|一|百|千|类|级"
    r"|医院|中学|[\d.%])"
)
_PEERS = r"(?:\d{1,3}个[^,。;第前0-9]{1,10}?)?"
RANK = re.compile(
    rf"(?:(?:{_RANK_LEAD})(?:为|在)?(?:[^,。;第前0-9]{{0,12}}?){_PEERS}|(?:{_RANK_AREA}){_PEERS}(?:排名|位次)?|(?<=[由从至到为])|(?<=\d年的)|(?<=[上一去]年的)|(?<=年度的)|(?<=期末的)|(?<=[\d上一去]年)(?=第[一二三四五六七八九十\d]{{1,3}}[名位]))"
    rf"(?P<kind>第|前)(?P<number>[一二三四五六七八九十]{{1,3}}|\d{{1,3}})(?P<unit>名|位)?{_NO_RANK}"
)

_MANNER = (
    r"(?:跨越式|快速|较快|加快|加速|迅速|高速|稳步|平稳|稳定|稳中|持续|不断|逐年|逐步|明显|显著|大幅度?|有效|继续|进一步|全面"
    r"|整体|总体|实现|保持|维持|呈现?|较大|得到|有所|有(?:较大|明显|显著|大幅))"
)
_RISE = r"提高|提升|增长|增加|增强|增大|加大|扩大|壮大|上升|攀升|跃升|增多|有[升增]|只增不减"
_DECLINE = r"下降|降低|减少|压减|缩减|缩小"
DIRECTION = re.compile(
    rf"{_MANNER}{{0,5}}(?:(?P<steady>(?:保持|维持|总体|基本)(?:平稳|稳定))|(?P<up>{_RISE})|(?P<down>{_DECLINE}))"
    r"(?:的?(?:良好)?(?:态势|势头|趋势))?(?=[,。;!?、)]|$)"
)
"""A direction at the end of a clause: 持续提升, 保持较快增长, 保持稳定. Followed by anything else it is none."""
DIRECTED = re.compile(rf"{_MANNER}{{0,5}}(?:(?P<up>提高|提升|增加|扩大)|(?P<down>降低|减少|压减))(?![了到至为])")
"""A direction before what it speaks of: 进一步提高研发投入强度."""
ADDING = re.compile(r"增加|增长|增多|减少|下降|压减|缩减|有[升增]|只增不减|稳定|平稳")
"""Of things that are counted only these speak of their number: 高新技术企业不断壮大 may mean their size."""

_BACK = re.compile(
    r"回顾|成就|现状|情况(?!.*(?:安排|打算|计划))|形势|问题|机遇|挑战|背景|短板|差距|家底|难处|回头看|看过去|上一个五年|总结"
    r"|历程|概况|(?:发展|现实|工作|良好|现有|创新)基础"
)
# Words that look back only where no heading above looks ahead: 目标 > 创新能力取得新进展.
_PERHAPS_BACK = re.compile(r"基础(?!研究|设施|能力|学科|性|平台|理论|教育|材料|软件|零部件)|成效|成绩|进展|取得")
RETROSPECT = re.compile(f"{_BACK.pattern}|{_PERHAPS_BACK.pattern}")
_AHEAD = re.compile(r"目标|指标|愿景|任务|措施|举措|安排|展望")
_AIMS = re.compile(r"目标|指标|愿景")
_CAPTION = re.compile(r"附?表[\d一二三四五六七八九十]*[:、.]?")
NO_FIGURES = re.compile(r"^附(?:录|则)|名词(?:解释|说明)|指标(?:解释|说明)|术语")

_MASKED = (
    re.compile(r"《[^《》]{0,120}》"),
    re.compile(r"[〔\[]\d{4}[〕\]]\d+号"),
    re.compile(r"“(?!(?:十[一二三四五六七]|[八九十])五”)[^“”]{0,40}”"),
)


def mask(text: str) -> str:
    """The text with titles in 《》, document numbers and quoted slogans blotted out; the length stays."""
    text = arabic_years(text)
    for pattern in _MASKED:
        text = pattern.sub(lambda match: "\ufffc" * len(match.group()), text)
    return text


def arabic_years(text: str) -> str:
    """二〇三五年 as 2035年; the length stays."""
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_YEAR_DIGITS), text)


def is_fall(cue: str) -> bool:
    """Whether a growth word speaks of a decrease."""
    return _FALL.search(cue) is not None


def looks_ahead(path: Sequence[str]) -> bool:
    """Whether a section that does not look back speaks of goals, tasks or measures."""
    return not outlook(path)[0] and any(_AHEAD.search(title) for title in path)


def outlook(path: Sequence[str]) -> tuple[bool, bool]:
    """Whether a section looks back, and whether it speaks of goals or indicators.

    Args:
        path: the headings above a paragraph, the outermost first. The nearest one that tells decides; a section on
            schedules or tasks below one on goals (目标要求 > 年度安排) speaks of goals too. The caption of a table
            that was taken for a heading decides only where nothing else does.
    """
    nearest = reversed(tuple(enumerate(path, start=1)))
    for depth, title in sorted(nearest, key=lambda item: _CAPTION.match(item[1]) is not None):
        if _BACK.search(title):
            return True, False
        if _AHEAD.search(title):
            return False, any(_AIMS.search(outer) for outer in path[:depth])
    return any(_PERHAPS_BACK.search(title) for title in path), False
