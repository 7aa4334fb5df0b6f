"""The small words around names: what may stand before, behind and instead of a name without changing it.

What belongs here: word lists and the two questions asked of them. What does not: names of indicators and regions
(``names``), words of time and growth (``grammar``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

PERIOD = re.compile(
    r"(?:19|20)\d\d年?(?:—{1,2}|[-–~至到])(?:19|20)\d\d年(?:期?间)?"
    r"|(?:截至|截止|到|至|于|在)?(?:19|20)\d\d年(?:年?底|末|度|初|全年)?|年末|年底|期末|目前|当前|现有|届时|去年|近几?年来|近几年"
    r"|(?:上一?年度?|前一年)(?:年?末|年?底|同期)?"
    r"|(?:到|至)?规划期(?:末|内|间)|[一二三四五3-5]年(?:来|之?内|之?间|里)|[两三四五六十]年(?=累计|新增|共|新|净增)"
    r"|(?:今后|未来|过去|近|接下来)[两三五2-5]年|连续[两一二三四五六七八九十\d]{1,2}[年届]"
    r"|(?<!\d)\d{1,2}[.、](?!\d)|1(?:-|—{1,2}|–|~|至|到)(?:1[0-2]|[2-9])月份?|前(?:1[01]|[2-9])个月|截[至止](?:\d{1,2}月(?:底|末)?)|上半年|下半年|(?:第?[一二三四]|前三)季度|全年|年内|本年度?|今年"
    r"|[“\"]?(?:十[一二三四五六七]|[八九十])五[”\"]?(?:规划)?(?:期末|末|期间|时期|以来)?"
)
RESPECTIVELY = re.compile(r"分别|依次|逐年(?:依次|分别)?(?=为|是|达)|(?:历|各)年(?:依次|分别)?(?=为|是)")
"""Says that the numbers to come belong one each to the names or years before."""
_DONE = (
    "投入 支出 安排 花费 使用 筹集 拨付 认定 培育 引进 招引 授权 登记 签订 成交"
    " 完成 实现 建成 建设 获批 创建 拥有 申请 入库 备案 转化 吸纳 输出 产出 创造"
)
DONE_MORE = tuple(_DONE.split())
"""What is done more or less of than before: 比2020年的173.2亿元多投入44.7亿元."""
LONGEST = 120
"""A name and the words around it are looked for this far before its number, never farther."""


def indexed(*lines: str) -> Mapping[str, tuple[str, ...]]:
    """Words parted by blanks, by their first character, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(dict.fromkeys(word for line in lines for word in line.split()), key=len, reverse=True):
        found.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in found.items()}


# What may stand before a name without making it another name.
MODIFIERS = indexed(
    "其中 另外 同时 此外 同期 特别是 以及 和 及 并 且 仍 还 全社会 全口径 全部 全年 全域 主要 总体",
    "各类 总 该 力争 争取 努力 确保 实现 完成 促进 推动 带动 推进 引导 支持 鼓励 使 使得 让 保持 保障 达到",
    "提高 提升 扩大 增强 加快 加大 进一步 大力 稳步 持续 不断 逐步 预计 计划 预期 基本 有效 拥有 共有",
    "现有 已有 共 累计 总计 合计 平均 年均 将 已 也 均 都 再 更 我国 我省 我市 我县 我区 本省 本市 本县",
    "地区 本地区 本地 辖区内 辖区 全辖 区域内 区域 县域 市域 省域 的 中 内 有 在 是 为 对 把 新 按 每年 分别",
    "到 至 年 底 末 初 要 须 应 务必 初步 统计 数据显示 一是 二是 三是 四是 五是 六是 七是",
    "新增 新认定 新引进 新建 净增 建成 建立 建设 打造 形成 设立 组建 布局 培育 培育壮大 获批 创建 认定 新培育",
    "三年 四年 五年 六年 两年 新引育 新引培 新招引 新创建 新备案 新落户 新打造 新评定 从事 科技部 最新 公布 发布",
    "• ● ◆ ■ ★ ▲ · ▪ - * ※ 建有 设有 备建 集聚 聚集 汇聚 登记 获得 完成 进入 继续 以上 左右 以内 连续 分别为",
    '指 指标 科技 —— — “ ” " 、 主要目标 目标 发展目标 主要指标 为例 如下 必须 只 仅 仅有 约 当年 年末 年底 届时 其',
    "投入 引进 技术市场 据此 由此 按此 经 测算 计算 推算 折算 算出 得出 可得 换算",
    "据此测算 据此计算 据此推算 据此折算 由此测算 由此计算 按此计算 按此测算 按此口径 照此计算 以此计算 经测算",
    "经计算",
)
# What may stand between a name and its number without changing the subject.
FILLER = indexed(
    ", 、 : 的 数量 总数量 总数 总量 总额 总规模 规模 个数 家数 人数 数 指标值 稳步 快速 依次 历年 各年 队伍 数目",
    "大幅 大幅度 持续 不断 明显 显著 逐年 逐步 较快 成倍 实现 完成 达到 达 已 约 将 也 均 共 共有 共计",
    "累计 合计 总计 有 为 仅 只有 分别 力争 争取 努力 确保 保持 稳定 控制 增长 增加 提高 提升 上升 发展",
    "壮大 扩大 跃升 下降 降低 减少 降 增 升 到 至 在 突破 超过 超 高于 多于 不低于 不少于 不高于 不超过",
    "低于 至少 至多 接近 近 预计 预期 计划 翻番 倍增 再 要 全部 目标 了 首次 首破 成功 攀升 跃居 跃上 迈上",
    '存量 保有量 有效量 拥有量 目标值 总值 达成 维持 逾 连续 全年 当年 培育 净 从 由 一举 实际 仅有 ” “ "',
    "虽 虽然 尽管 有所 略有 小幅 进一步 稳中有升 同步 不升反降 不降反升 由降转升 由升转降 相应 则 又 均已",
    "始终 一直 长期 零的突破 从无到有 两年 三年 四年 五年 跨越 跨过 跨上 越过 站上 跃过 冲刺",
    "新增 净增 不足 不到 少于 大于 不满 只 仅仅 年度 最高 已达 大约 大致 也要 必须 稳定在 力求 ( )",
)
# More of it before a rank and a change of rank: 综合科技创新水平指数全省排名第四.
RANK_FILLER = indexed(
    "全省 全国 全市 全州 西部 国内 排名 位次 名次 排位 综合 在 居 稳居 位居 位列 排 列 前进 进入 跃居 跻身 中",
    "城市 地级市 各市 各县 我市 本市 我省 我县 我区 我州 中的",
)
# A stretch made of these alone names nothing new: the subject goes on.
ANAPHORA = indexed(
    "其 总数 总量 数量 总额 规模 总规模 占比 比重 总体 增幅 增速 增长 累计 累计值 总计 合计 总人数 人数",
    "家数 总产值 且 并 并且 同比 水平 达 达到 为 的 已 均 也 仍 共 约 年均 平均 投入 和 及 以及 将 实现",
    "预计 力争 较 比 确保 届时 同期 再 有 由 从 到 至 在 , 、 : ( ) 增加 提高 提升 上升 跃升 扩大 发展",
    "以上 左右 以内 五年 三年 五年间 继续 连续 递增 下降 降低 减少 降 增 升 是 相当于 位",
    "了 首次 始终 一直 完成 达成 攀升 位次 排名 名次 努力 争取 突破 超过 不低于 不少于 其总数",
    "新增 新建 新认定 新培育 新引进 新组建 净增 完成 当年 当年度 只有 仅有",
    "复合 年复合 名义 实际",
    "进 进位 前进 前移 晋 晋升 晋级 晋位 跃 跃进 跃至 挺进 上移 移 冲 进入 跻身 后退 后移 退 滑 滑落 下滑 回落",
    "正好 恰好 恰 刚好 几乎 将近 跃上 迈上 站上 登上 升至 增至 涨至 扩至 攀至 冲上 起步 后 又 再",
)
_TRAILING = (
    *("累计", "达到", "已", "将", "达成", "达", "为", "仅", "共", "共有", "共计", "约", "是", "有", "总额", "均"),
    *(
        "分别",
        "依次",
        "逐年",
        "实现",
        "突破",
        "超过",
        "至少",
        "力争",
        "增长",
        "增加",
        "提高",
        "提升",
        "投入",
        "到",
        "至",
        "由",
        "从",
    ),
    *("了", "在", "合计", ",", "做到", "年均", "不低于", "不少于", "不高于", "不超过", "高于", "低于", "多于", "超"),
    *(
        "完成",
        "始终",
        "一直",
        "长期",
        "首次",
        "首",
        "再次",
        "控制",
        "保持",
        "稳定",
        "接近",
        "至多",
        "确保",
        "争取",
        "各",
        "仅有",
        "进一步",
        "稳步",
        "持续",
        "不断",
        "逐步",
        "明显",
        "显著",
        "大幅",
    ),
)
_WHOLE_WORDS = ("研发投入", "科技投入", "经费投入", "财政投入", "R&D投入", "资本投入", "资金投入")
_LEADING = (
    *("•", "●", "◆", "■", "★", "▲", "·", "※", "据此测算", "据此计算", "按此计算", "由此测算", "经测算"),
    *("其中", "另外", "同时", "此外", "并", "且", "还", "对", "将", "把", "共", "累计", "先后", "已", "现", "拥有"),
    *("获", "共获", "一是", "二是", "三是", "四是", "五是", "含", "包括", ":", ",", "、", "全市", "全县", "全省"),
    *("以上、", "左右、", "以内、", "以上", "左右", "我市", "我县", "让", "使", "力争", "争取", "确保", "实现"),
)
_BY_LENGTH = {"trailing": sorted(_TRAILING, key=len, reverse=True), "leading": sorted(_LEADING, key=len, reverse=True)}
_GLOSS = re.compile(r"\([^()0-9]{0,24}\)")


def longest_at(words: Mapping[str, tuple[str, ...]], text: str, position: int) -> str | None:
    """The longest word of a list that stands at a place."""
    return next((w for w in words.get(text[position : position + 1], ()) if text.startswith(w, position)), None)


def made_of(
    text: str, *lists: Mapping[str, tuple[str, ...]], patterns: Sequence[re.Pattern[str]] = (PERIOD, _GLOSS)
) -> bool:
    """Whether a text is nothing but words of the lists and patterns: time phrases and glosses in brackets."""
    if len(text) > LONGEST:
        return False
    reached = {0}
    for position in range(len(text)):
        if position not in reached:
            continue
        for words in lists:
            found = (w for w in words.get(text[position], ()) if text.startswith(w, position))
            reached.update(position + len(word) for word in found)
        for pattern in patterns:
            match = pattern.match(text, position)
            if match:
                reached.add(match.end())
    return len(text) in reached


def trimmed(name: str) -> str:
    """A name without time phrases, the verbs behind it and the connecting words before it."""
    name = PERIOD.sub("", name[-LONGEST:])
    while True:
        behind = (
            "" if name.endswith(_WHOLE_WORDS) else next((w for w in _BY_LENGTH["trailing"] if name.endswith(w)), "")
        )
        before = next((w for w in _BY_LENGTH["leading"] if name.startswith(w)), "")
        if not behind and not before:
            return name.strip('、:“”"() ')
        name = name[: len(name) - len(behind)].removeprefix(before)
