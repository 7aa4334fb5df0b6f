"""The words of a change told with its levels: rising and falling, where something came from, how long it took.

What belongs here: word classes over folded text without blanks, and what one stretch between two numbers says by them.
What does not: putting numbers together (``told_changes``), the words around names (``words``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.plans.periods import FIVE_YEAR, Window, five_years, is_plan
from ingestion.plans.words import DONE_MORE, PERIOD, indexed, made_of
from ingestion.quantity import parse_count

_UP = (
    "增长 增加 提高 提升 上升 上涨 攀升 跃升 爬升 抬升 回升 扩大 扩充 扩张 扩容 扩增 扩展 壮大 发展 递增 净增"
    " 净增加 净增长 增多 推高 拉高 晋升 前移 前进 进位 上移 跃 扩 增 升 涨 跃进 跃升 晋位 晋级 净多出 净多 多出 多 高出"
    f" {' '.join(f'多{verb}' for verb in DONE_MORE)}"
)
_DOWN = (
    "下降 降低 减少 回落 下滑 缩减 压减 压缩 萎缩 递减 滑落 走低 缩小 收缩 下跌 跌落 后退 后移 下移 退步 净减少 净减"
    " 降 减 跌 退 缩 少出 少"
    f" {' '.join(f'少{verb}' for verb in DONE_MORE)}"
)
_UP_RATE = (
    "增长幅度 增长速度 提高幅度 提升幅度 上升幅度 增加幅度 增长率 增幅 增速 涨幅 升幅 增量 增加额 增加量 净增量 净增额"
    " 净增长量 净增加量 净增加额"
)
_DOWN_RATE = "下降幅度 降低幅度 回落幅度 减少幅度 降幅 跌幅 减幅 降速"
_NEITHER = "增减 变动 变化 收窄 放缓 加快"


def _either(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


MOVE = re.compile(
    rf"(?P<neither>{_either(_NEITHER)})|(?P<up_rate>{_either(_UP_RATE)})|(?P<down_rate>{_either(_DOWN_RATE)})"
    rf"|(?P<up>{_either(_UP)})|(?P<down>{_either(_DOWN)})"
)
"""A word of rise or fall; its group tells which and whether it is the name of a rate (增幅) or a verb."""
AVERAGE = re.compile(r"年均|年平均|每年|平均(?=增[速幅长]|递|速度)|复合|逐年平均|年增长率")
REACHED = re.compile(r"(?:到了?|至|为|成|上|达到?|破|过)了?$")
# 比2015年的|…, 较上年|…: what follows is compared with; 占比, 同比, 比重 are none.
_COMPARED = re.compile(
    r"(?<![同占环对可])(?:相?比较?(?![重例率值])|较(?![大快高强好多少])|相较于?|相对于?|对照|(?:(?<=[,;:(])|^)(?:与|同(?![比期时年样])|跟))"
)
_MORE_STILL = re.compile(r"[多少][,;:]")  # 翻了一番还多,为2015年的2.3倍
_SAME = re.compile(r"同比|比上年同期|较上年同期")
_UNCHANGED = re.compile(
    r"(?:与|同|和|较|比)[^,。;\d]{0,12}(?:相同|一致|持平|一样|相当|不变|未变|没有变化|无变化|并列|同列|同居)[,;]"
)
_BEFORE_THAT = re.compile(r"环比|比上期|较上期")
_FROM = re.compile(r"(?:^|[,;:(、]|[^,。;])(?:由|从|自)(?P<time>[^,。;、由从自]{0,16})$")
# 相当于2019年22.5亿元|的两倍: the level that a multiple is of.
_IS = re.compile(r"(?:是|为|相当于|达到?|等于|合|抵)[^,。;]{0,12}$")
_TIMES_OF = re.compile(r"\)?的(?:约|近)?(?:\d[\d.]*|[一二两三四五六七八九十]+)倍")
BUILT_ON = re.compile(
    r"(?:这一|的)?(?:基础|基数|存量|基点|底数|起点|规模|水平)(?:数值|值)?(?:上|之上|起步)?(?=[,再又翻实力]|$)"
)
_ON = re.compile(r"(?:在|以)[^,。;]{0,24}$")
_ONCE = re.compile(r"原来|原有|原先|原为|原是|当初|起初|最初|此前|之前|先前|年前(?![移进])|过去|往年|当时|期初")
_SCOPE = re.compile(r"全国|全省|全市|全区|全州|全盟|全疆|全县|[东中西]+部|国内|省内|市内|同类|同级")
# How long it took: 五年, 五年间, 三年里; 五年前 tells when it was.
_YEARS = re.compile(
    r"(?<![\d第前近后每])(?P<n>[一两二三四五六七八九十]|\d{1,2})(?:个?年头|年)"
    r"(?!前(?![移进])|后(?![移退])|以前|之前|行动|计划|规划|滚动|期[^间]|级|度|均|增长)"
)
_OTHER_YEARS = re.compile(r"(?:近|最近|前|后|最后|头)[一两二三四五六七八九十\d]年")
_AGO = re.compile(r"(?P<n>[一两二三四五六七八九十]|\d{1,2})年(?:以|之)?前(?![移进])")
# Half a year, a quarter or some months are no year to count from.
_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?![上下]半年|第?[一二三四1-4]季度|前三季度|前\d{1,2}个月|\d{1,2}(?:-|—{1,2}|–|~|至|到)\d{1,2}月"
    r"|(?:0?[1-9]|1[01])月)"
)
_SPAN = re.compile(r"(?:19|20)\d\d年?(?:-|—{1,2}|–|~|至|到)(?:19|20)\d\d年")
_PLAN_END = re.compile(rf"{FIVE_YEAR}(?:(?:规划)?(?:期|时期)?末|的?(?:收官|最后一)之?年)")
_PLAN = re.compile(rf"{FIVE_YEAR}(?P<part>(?:规划)?(?:时期|期间|期)|以来)?(?!(?:规划)?(?:期|时期)?末)")
_AGAINST = ("较", "比", "与", "同", "由", "从", "对")
_LAST = re.compile(r"上一?年度?|去年|前一年|上年度")
_BASE = re.compile(r"(?:规划)?基期年?")

# What may stand between two numbers of one thing. Every word here names nothing by itself.
_BETWEEN = indexed(
    f"{_UP} {_DOWN} {_UP_RATE} {_DOWN_RATE} {_NEITHER}",
    ', 、 ; : ( ) — “ ” " \0 的 了 和 及 与 而 又 再 但 且 并 则 仅 只 才 就 已 还 也 均 都 将 要 可 即 约',
    "近 超 逾 共 总 净 各 在 于 为 是 有 达 到 至 成 上 由 从 自 比 较 同 跟 以 起 末 底 初 年 内 间 里 时 其",
    "此 该 后 前 当 居 列 排 位 做 数 额 量 值 之 使 让 得 升至 全 猛 激 陡 剧 骤 锐 倍 一路 飞速 而且 并且",
    "但是 只有 仅有 仅为 只是 只为 不过 不足 不到 尚 尚为 还是 还只有 才有 已经 已有 已达 已是 已为 均为 分别",
    "分别为 依次 依次为 总体 整体 合计 同期 同年 当年 全年 上年 上一年 去年 前一年 上年度 上一年度 上年同期 去年同期",
    "同比 环比 年度 当期 本期 上期 期末 期初 期间 时期 基期 规划期 基年 年末 年底 年初 原来 原有 原先 原为",
    "当初 起初 最初 此前 之前 先前 过去 以前 年前 现在 现有 现为 如今 目前 当前 届时 最终 末期 初期 一年之内",
    "之内 之间 以来 以后 前后 其间 此间 期内 这期间 这一时期 同一时期 五年 三年 四年 两年 六年 十年 几年 年间",
    "年来 年里 年内 短短 仅用 历时 经过 用了 时间 前者 后者 上述 该项 该指标 达到 达成 实现 完成 突破 超过",
    "跃上 迈上 站上 登上 踏上 跨上 越过 跨过 做到 做大 做强 提至 增至 扩至 降至 减至 跌至 涨至 缩至 退至 移至",
    "调至 发展成 变成 变为 改为 增为 升为 高达 仅达 可达 即可 便可 方可 足以 能够 预计 有望 力争 争取 确保",
    "计划 要求 目标 目标值 年均 年平均 每年 平均 平均每年 每年平均 平均下来 折算 测算 计算 据此 按此 年均增速",
    "年均增长 年均增幅 复合 复合增长率 年均复合 年复合 年均递增 逐年 逐步 稳步 大幅 大幅度 快速 迅速 迅猛 持续",
    "不断 连续 连年 一举 一跃 成功 明显 显著 略有 小幅 直线 直接 稳定 平稳 总共 一共 共计 累计 足足 整整 正好",
    "恰好 刚好 恰恰 几乎 将近 接近 大约 大致 约为 约合 相当于 相当 等于 就是 原来的 进一步 继续 首次 再次 相比",
    "相比之下 比起 相较 相较于 相对 对比 对照 比较 悬殊 水平 规模 总量 总数 总额 数量 总规模 总人数 家数 个数",
    "人数 件数 幅度 速度 比重 占比 基础 基数 存量 起点 基点 底数 数值 之上 实际 净额 差额 位次 名次 排名 排位",
    "位居 位列 名列 列第 排第 居第 占到 起步 起跳 出发 开始 算起 增势 强劲 良好 态势 翻 翻了 番 扩围 升级 攀高",
    "走高 收官 之年 末年 首年 时候 时的 到了 当中 其中的 因而 因此 随后 随着 接着 接连 依然 仍 仍为 仍是 反而",
    "却 却只有 却仅 由此 规划基期 基期年 基准年 收官之年 开局之年 起步之年 第一年 最后一年",
)
_RANKS = indexed(
    "进 进至 进为 进位 晋 晋至 晋级 晋升 晋位 跃进 跃至 跃到 挺进 冲到 冲进 冲至 移 移至 升格 滑 滑落 位次 名次 名",
    "全省 全国 全市 全区 全州 全盟 全疆 全县 东部 中部 西部 东北 国内 省内 市内 同类 同级 第 进入 跻身 进到",
    "跃居 稳居 前列 地区 城市 综合",
)


@dataclass(frozen=True, slots=True)
class Span:
    """What the words before one number say."""

    is_closed: bool
    """Whether no word among them names anything: the number speaks of the same thing as the one before."""
    move: str | None
    """The last word of rise or fall."""
    direction: str | None
    is_rate: bool
    """Whether that word names a rate or an amount of change (增幅) and is no verb."""
    of_rate: bool
    """Whether a rate is itself compared (增速比上年提高)."""
    tail: str
    """What stands between that word and the number."""
    is_average: bool
    is_compared: bool
    is_from: bool
    is_built_on: bool
    is_multiplied: bool
    """Whether a multiple of the number follows: 是…|的两倍."""
    is_once: bool
    is_same: bool
    """同比: against the year before."""
    is_unknown_base: bool
    year: int | None
    ago: int | None
    last: bool
    scope: str | None
    before: int | None
    """The year named before 从…, which is that of the level reached: 2020年,…由8家增加到54家."""


def read_span(text: str, behind: str, window: Window, *, is_rank: bool = False) -> Span:
    """Take the words before a number apart.

    Args:
        text: from the end of the number before, or of the clause, to the number.
        behind: what follows the number, as far as its clause goes.
        window: the years of the plan.
        is_rank: whether the number is a place or a change of places.
    """
    whole, text = text, text[_aside_end(text) :]
    moves = [move for move in MOVE.finditer(text) if not _MORE_STILL.match(text, move.start())]
    last = moves[-1] if moves else None
    kind = last.lastgroup or "" if last else ""
    compared = list(_COMPARED.finditer(text))
    of_rate = any((move.lastgroup or "").endswith("_rate") for move in moves[:-1]) and not kind.endswith("_rate")
    origin = _FROM.search(text)
    compared_at = compared[-1].start() if compared else 0
    year, ago, is_last = _time(text[origin.start("time") if origin else compared_at :], window)
    scopes = _SCOPE.findall(text)
    start = compared[-1].end() if compared else 0
    return Span(
        is_closed=made_of(whole, _BETWEEN, *((_RANKS,) if is_rank else ()), patterns=(PERIOD, _YEARS, _AGO, _PLAN_END)),
        move=last.group() if last else None,
        direction=kind.removesuffix("_rate") if kind not in ("", "neither") else None,
        is_rate=kind.endswith("_rate"),
        of_rate=of_rate,
        tail=text[last.end() :] if last else "",
        is_average=AVERAGE.search(text) is not None,
        is_compared=bool(compared) and "," not in text[start:].removesuffix(","),
        is_from=origin is not None,
        is_built_on=_ON.search(text) is not None and BUILT_ON.match(behind) is not None,
        is_multiplied=_IS.search(text) is not None and _TIMES_OF.match(behind) is not None,
        is_once=_ONCE.search(text) is not None,
        is_same=_SAME.search(text) is not None,
        is_unknown_base=_BEFORE_THAT.search(text) is not None,
        year=year,
        ago=ago,
        last=is_last,
        scope=scopes[-1] if scopes else None,
        before=_time(text[: origin.start()], window)[0] if origin else None,
    )


def _aside_end(text: str) -> int:
    """Where what is said of the number before ends: 居第17位|,与上年位次相同;投入强度居第18位."""
    asides = [match.end() for match in _UNCHANGED.finditer(text)]
    return max([text.rfind(";") + 1, *asides])


def _time(text: str, window: Window) -> tuple[int | None, int | None, bool]:
    """The one year that a text names, how many years ago it says, and whether it says the year before."""
    if _SPAN.search(text):
        return None, None, False
    years = [(match.start(), int(match["year"])) for match in _YEAR.finditer(text)]
    years += [(match.start(), five_years(match["fyp"])[1]) for match in _PLAN_END.finditer(text)]
    years += [(match.start(), window.base_year) for match in _BASE.finditer(text)]
    ago = _AGO.search(text)
    if years:
        return max(years)[1], None, False
    return None, parse_count(ago["n"]) if ago else None, _LAST.search(text) is not None


def stated_years(text: str) -> int | None:
    """How long a change took: 五年间; None where nothing says so or other years are meant (近三年)."""
    if _OTHER_YEARS.search(text):
        return None
    found = [parse_count(match["n"]) for match in _YEARS.finditer(text)]
    return found[-1] if found else None


def speaks_of_other_years(text: str) -> bool:
    """近三年, 前两年: a part of the years that the levels span."""
    return _OTHER_YEARS.search(text) is not None


def named_plan(text: str) -> tuple[int, int] | None:
    """The years of the five-year plan that a text names as a span: “十一五”时期."""
    plans = (match for match in _PLAN.finditer(text) if text[match.start() - 1 : match.start()] not in _AGAINST)
    found = [five_years(match["fyp"]) for match in plans if is_plan(match)]
    return found[-1] if found else None
