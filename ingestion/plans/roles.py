"""What sort of statement a number is: target or fact, level, growth, change, flow, rank; and whether it is kept.

What belongs here: decisions about one number whose clause and subject are known. What does not: finding them
(``clauses``, ``names``), time (``grammar``).
"""

from __future__ import annotations

import re
from decimal import Decimal

from ingestion.plans.clauses import REACH, Clause, Context, Text
from ingestion.plans.grammar import FLOW, FLOW_VERBS, STRIVE
from ingestion.plans.periods import PER_YEAR_MEAN, PeriodPhrase
from ingestion.plans.subjects import COUNT_VERBS
from ingestion.plans.tokens import Token
from ingestion.plans.words import LONGEST
from ingestion.quantity import without_comparator

_MEASURE = re.compile(r"(?:率|比重|占比|比例|强度|指数|水平|数|量|额|产值|收入|支出|投入|规模|面积|增加值|排名|位次)$")
_DOUBLED = re.compile(rf"{_MEASURE.pattern}|(?:企业|机构|平台|中心|园区|基地|载体|人才|人员|团队|专利|合同|项目)$")
_RATIO = re.compile(r"率|占|比|度|指数|水平|幅")
_SHARE = re.compile(r"占|比重")
_LEVEL = re.compile(r"达|总数|突破|超过|到|至")
_DETAIL = re.compile(r"达产|投产|建成后|每(?:年|月|家|人|个|项|户)|给予|不超过|(?:奖励|补贴|补助)标准|可达|注册资本")
_SLOGAN = re.compile(r"(?:的?(?:历史性)?(?:大关|台阶|关口)|俱乐部)")  # 首次突破千亿元|大关
# 市级财政每年安排专项资金不少于2000万元: what the region does each year.
_PER_YEAR = re.compile(
    r"每年(?=[^,。;]{0,4}?(?:安排|投入|选派|引进|培育|组织|举办|培训|开展|实施|派出|新增|新建|建设|统筹|转化|认定|引育))"
)
_NOT_OWN = re.compile(r"^.{0,2}$|^[为的是]|^占(?!.*(?:比重|比例))|平均|入选|百强|占全[省国市区州县]")
_OF_OTHERS = re.compile(
    r"支持|推动|引导|鼓励|帮助|扶持|服务(?!业)|培训|覆盖(?![率面度])|惠及|给予|奖|补助|补贴|资助|遴选|选择|依托|(?:^|,)[对按]|每(?![万百千十亿])|带动|入选|享受|贷款"
)
_PROSPECTIVE = re.compile(r"将达|将超|将突破")
# 研发投入强度达到3%以上的企业: a condition, no figure of the region.
_THRESHOLD = re.compile(
    r"的(?:就?有|共有)[\d一两二三四五六七八九十]|(?:(?:及?以上|以下|以内)的?|的)[^,。;:()、\d]{0,10}?(?:企业|机构|单位|项目|平台|园区|主体|人员|个人|团队|产品)(?!占|数|总)"
)
# 居前四位的设区市为…: whoever holds the place, not the region
_OF_RANK = re.compile(
    r"的?(?:有|分别|依次)*(?:为|是)?[^,。;:()、\d]{0,8}?(?:设区的?市|市州|州市|县市|县区|区县|市|县|区|州|省份?|城市|地区|行业|企业|高校|院所|单位|园区)(?:\([^()\d]{1,8}\))?"
    r"(?:有|分别|依次)*(?:为|是|包括|:)"
)
_CLAUSE_MARK = re.compile(r"[,。;]")
_NET = re.compile(r"[,;]?(?:[两三五十]年)?(?:累计|共)?净增(?:加|长)?了?")  # 由410家增加到1532家,净增|1122家
_STEP = re.compile(r"[到至](?P<year>(?:19|20)\d\d)年")
_DONE = re.compile(r"[已曾了由从]|年底")
_LEVEL_WORDS = ("为", "达到", "达", "至", "到")


def is_target(whole: Text, token: Token, clause: Clause, context: Context, comparator: str) -> bool | None:
    """Whether the number is set out to be reached; None where nothing says of what time it speaks."""
    governing = context.governing
    if clause.is_former:
        return False
    if governing is None:
        if whole.setting.retrospective:
            return False
        if context.code is not None and (whole.setting.aims or _is_ahead(whole, token, clause, context)):
            return True
        if comparator in REACH or token.sort == "multiple" or token.high is not None:
            return True
        return True if _is_set_out(whole, token, clause) else None
    if governing.role == "open" and whole.setting.aims:
        return not clause.states_former
    if governing.role == "open":
        begin = max(0, governing.start - 10) if context.basis == "printed" else max(0, token.start - 40)
        return STRIVE.search(whole.masked, begin, token.start) is not None and not whole.setting.retrospective
    if clause.states_former and token.sort == "number" and token.unit != "倍":
        return False
    return governing.role == "target" or _is_step(whole, token, governing)


def _is_step(whole: Text, token: Token, governing: PeriodPhrase) -> bool:
    """Whether a year before the plan is printed as a step of its goals: 到2014年达到150家;到2018年达到190家."""
    if not whole.setting.aims or governing.span is not None or governing.year >= whole.window.base_year:
        return False
    dated = whole.masked[governing.start : token.start]
    first = _STEP.search(whole.masked)
    if first is None or first.start() != governing.start or _DONE.search(dated):
        return False  # 到2015年90家,到2018年150家 tells what was
    later = _STEP.search(whole.masked, token.end)
    return later is not None and int(later["year"]) >= whole.window.start


def _is_set_out(whole: Text, token: Token, clause: Clause) -> bool:
    """Whether what is none of our indicators is set out: 新增…10家, in a section on goals whatever is counted."""
    detail = _CLAUSE_MARK.split(whole.masked[max(clause.start, token.start - LONGEST) : token.start])[-1]
    if whole.setting.aims and (clause.cue is not None or "累计" in detail or _is_count(whole, token)):
        return True
    return FLOW.search(detail) is not None and _is_count(whole, token)


def _is_count(whole: Text, token: Token) -> bool:
    """Whether things or persons are counted."""
    unit = whole.names.registry.unit(token.unit) if token.unit else None
    return unit is not None and unit.dimension in ("count", "persons")


def _is_ahead(whole: Text, token: Token, clause: Clause, context: Context) -> bool:
    """Whether words alone set a number out to be reached: 新增…, 年均增长…, 力争…."""
    average = clause.cue is not None and "年均" in clause.cue
    strives = STRIVE.search(whole.masked, max(0, token.start - 40, clause.start), token.start)
    return average or strives is not None or FLOW.search(context.subject.name) is not None


def kind_of(
    whole: Text, token: Token, clause: Clause, context: Context, target: bool, span: str, after_flow: bool
) -> tuple[str, str | None] | None:
    """Kind and target kind of a number, or None where it is neither (倍增 of what was).

    Args:
        whole: the paragraph.
        token: the number.
        clause: the stretch before it.
        context: subject and time.
        target: whether it is set out to be reached.
        span: the text from the previous number to this one.
        after_flow: whether it goes on an enumeration of things newly added (新增甲2个、乙20个).
    """
    if token.sort == "multiple":
        return ("target", "multiple") if target else None
    if token.unit == "位" and token.sort != "rank" and clause.cue is None and whole.masked.endswith("次", 0, token.end):
        return None  # 相差3个位次: no place
    if token.sort == "rank" and clause.cue is not None:
        return None  # 增速全省第一: the place of a growth rate is none of the indicator
    if token.sort == "rank" or (token.unit == "位" and clause.cue is None):
        return ("target", "rank") if target else ("rank", None)
    if clause.cue is not None:
        return _growth_kind(token, is_average(clause, span), target)
    if token.unit == "倍":
        return ("target", "multiple") if target else ("other", None)
    name, code = context.subject.name, context.code
    detail = _CLAUSE_MARK.split(span)[-1]
    flow = after_flow or FLOW.search(detail) or FLOW.search(name) or _opens_with_flow(span, name)
    if target:
        is_flow = code is None or whole.names.registry.indicators[code].indicator_type == "flow"
        if ("累计" in detail or "累计" in name) and (flow or is_flow):
            return "target", "cumulative_flow"
        return "target", "new_flow" if flow or (code or "").endswith("_new") else "level"
    net = _NET.fullmatch(span) is not None
    if flow and (clause.is_compared or net if code is None else not code.endswith("_new")):
        return "change", None
    if context.subject.alias is None and token.unit == "%" and _SHARE.search(name):
        return "share", None
    return "actual", None


def _opens_with_flow(span: str, name: str) -> bool:
    """Whether a verb of adding stands before the name and no level behind it: 培育甲20家, not 培育甲，总数达到20家."""
    if name.startswith(FLOW_VERBS):
        return True
    position = span.rfind(name)
    level = _LEVEL.search(span, position + len(name)) if position > 0 else None
    return position > 0 and span[:position].endswith(FLOW_VERBS) and level is None


def is_average(clause: Clause, span: str) -> bool:
    """Whether a growth or a change is one a year: 年均提高0.08个百分点."""
    return clause.cue is not None and (
        PER_YEAR_MEAN.search(_CLAUSE_MARK.split(span)[-1]) is not None or "年" in clause.cue
    )


def _growth_kind(token: Token, average: bool, target: bool) -> tuple[str, str | None]:
    if token.unit == "位":
        return ("target", "rank_change") if target else ("change", None)
    relative = token.unit in ("%", "倍")
    if not target and average and not relative:
        return "other", None  # so much a year: no change between two levels
    if not target:
        return ("growth" if relative else "change"), None
    if relative or token.unit == "个百分点":
        return "target", "growth_avg" if average else "growth_total"
    return "target", "new_flow"


def is_kept(
    whole: Text,
    token: Token,
    clause: Clause,
    context: Context,
    kinds: tuple[str, str | None],
    comparator: str,
    span: str,
) -> bool:
    """Whether the quantity is one of the region's, not a detail of a project, a rule or a technology.

    A quantity of an indicator is kept; one of another name only where it is plainly reported or set out.
    """
    known = context.code is not None
    kind, target_kind = kinds
    target = kind == "target"
    if token.sort == "rank" and _OF_RANK.match(whole.masked, token.end):
        return False
    if token.unit is None:
        return known and (comparator != "eq" or span.endswith(_LEVEL_WORDS)) and _is_counted(whole, context.code)
    if token.is_chinese and not (known and (clause.cue or _is_stated(context, token, comparator, span))):
        return False
    if token.is_chinese and not target and _SLOGAN.match(whole.masked, token.end):
        return False
    if _THRESHOLD.match(whole.masked, token.end) and not _counts_what_follows(whole, token, span):
        return False
    if known:
        return True
    if token.sort == "multiple":
        return target and _DOUBLED.search(context.subject.name) is not None
    detail = _CLAUSE_MARK.split(span)[-1]
    per_year = target and token.unit != "%" and comparator in ("ge", "gt") and _PER_YEAR.search(detail) is not None
    if (not per_year and _DETAIL.search(detail)) or (whole.setting.in_box and not target):
        return False
    name = context.subject.name
    if not target:
        ratio = token.unit in ("%", "‰") and kind in ("actual", "share")
        unclear = (ratio and not _RATIO.search(name)) or _PROSPECTIVE.search(detail)
        undated = (
            context.governing is None
            and clause.former is None
            and (not whole.setting.retrospective or _NOT_OWN.search(name) is not None)
        )
        return not undated and not unclear
    if per_year or _OF_OTHERS.search(detail):
        return per_year
    measured = _MEASURE.search(name) is not None
    added = target_kind in ("new_flow", "cumulative_flow") or "累计" in detail
    stated = comparator in REACH or token.high is not None
    if whole.setting.aims:
        return stated or measured or added or clause.cue is not None or _is_count(whole, token)
    if context.governing is None or context.governing is whole.setting.governing:
        return (stated and (measured or _is_count(whole, token))) or (added and _is_count(whole, token))
    return stated or measured or added or clause.cue is not None


def _is_stated(context: Context, token: Token, comparator: str, span: str) -> bool:
    """Whether a number in Chinese words is printed as a figure: 五千万元, 百分之三, 达到两家, 新建两家…, not 一家…."""
    large = token.number.value >= Decimal(10) or token.unit in ("%", "‰", "个百分点", "倍")
    named = token.number.value > 1 and span.endswith(context.subject.name)
    introduced = without_comparator(span).endswith(COUNT_VERBS) or span.endswith((*_LEVEL_WORDS, "只有", "仅有"))
    return large or comparator != "eq" or named or introduced


def _counts_what_follows(whole: Text, token: Token, span: str) -> bool:
    return _is_count(whole, token) and without_comparator(span).endswith(COUNT_VERBS)


def _is_counted(whole: Text, code: str | None) -> bool:
    """Whether the indicator is a plain count or a rank, which alone may go without a unit."""
    return code is not None and whole.names.registry.indicators[code].unit.dimension in ("count", "rank")
