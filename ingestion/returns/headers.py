"""The words of a table: header labels, units, titles, notes. What a text says, not where it stands.

What belongs here: taking a label apart (name, unit, period), reading a title (name, period, region, unit, scope).
What does not: which cells are headers (``geometry``), which indicator a name means (``meaning``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.quantity import fold, squeeze
from ingestion.registry import Region, Registry
from ingestion.returns.cells import has_cjk
from ingestion.returns.periods import parse_period
from ingestion.returns.places import region_in_title

REGION_WORDS = frozenset(
    {
        *("地区", "区域", "地区名称", "行政区", "行政区划", "省份", "省市", "省(市)", "城市", "市县", "区县"),
        *("市州", "市(州)", "市、州", "县区", "县(区)", "县(市、区)", "县(市,区)"),
        *("region", "area", "district", "province", "city"),
    }
)
YEAR_WORDS = frozenset(["年份", "年度", "年", "时间", "时期", "year", "period"])
LABEL_WORDS = frozenset(["指标", "指标名称", "项目", "名称", "item", "indicator"])
AXIS_WORDS = REGION_WORDS | YEAR_WORDS | LABEL_WORDS
UNIT_WORDS = frozenset(["单位", "计量单位", "unit"])
SERIAL_WORDS = frozenset(["序号", "编号", "行号", "no.", "no"])
CODE_WORDS = frozenset(["代码", "地区代码", "区划代码", "行政区划代码", "code"])
NOTE_WORDS = frozenset(["备注", "说明", "注", "附注", "remarks", "note"])

_LONGEST_TITLE = 300  # characters: whatever is longer is a paragraph of explanation

_NOTE = re.compile(
    r"(?:注\d*|附注|备注|说明|资料来源|数据来源|来源|摘编自|notes?|sources?)(?:[:.、]|《|$)", re.IGNORECASE
)
_CITED = re.compile(r"(?:资料来源|数据来源|来源|摘编自)[:：]?\s*(?P<title>.+)")
_UNIT_LINE = re.compile(r"单位[:：]\s*(?P<unit>[^\s)）]+)")
_ENGLISH_UNIT = re.compile(r"\((?:unit|%|[\d ,]*(?:yuan|person|persons|piece|item)[^)]*)\)", re.IGNORECASE)
_YEAR_TEXT = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)")
_YEAR_RANGE = re.compile(r"((?:19[5-9]|20\d)\d)年?(?:-|—{1,2}|–|~|至|到)((?:19[5-9]|20\d)\d)年?")
_YEARBOOK = re.compile(r"(?:年鉴|年报|汇编)[(（]?(?:19[5-9]|20\d)\d|(?:19[5-9]|20\d)\d年?(?:版|统计年鉴|年鉴)")
_PART_OF_YEAR = re.compile(r"季度|上半年|下半年|半年|\d{1,2}月|月度|月份|累计")
_YEAR_PART = re.compile(
    r"((?:19[5-9]|20\d)\d)年(前三季度|上半年|下半年|第?[一二三四1-4]季度|1-(?:3|6|9|12)月|\d{1,2}月)"
)
_CUMULATED_MONTHS = {"1-3月": "-Q1", "1-6月": "-S1", "1-9月": "-Q1--Q3", "1-12月": ""}
_TABLE_NUMBER = re.compile(
    r"(?:附?表|续表|续)?\s*(?:[\dA-Za-z一二三四五六七八九十]{1,3}(?:[-—–.．][\dA-Za-z]{1,3})+|表\s*\d{1,3})[\s、.:：]*"
)
_GROUPING = re.compile(
    r"(?:各|分|按)(?:地区|设区的?市|地级市|地\(市\)|地市|盟市|市\(州\)|市、州|市州|市县|县\(市、区\)|县\(区\)|县市区|市县区|县区|区县"
    r"|省\(区、市\)|省区市|省市|省|市|州|县|区)(?:分)?"
)
_TITLE_WORDS = re.compile(r"^(?:中国|全国|历年|近年来?|主要年份)+|(?:统计表|一览表|情况表|统计|情况|列表|数据|表)$")
_CONTINUED = re.compile(
    r"(?:附?表)?[\dA-Za-z一二三四五六七八九十.．\-—–]{0,12}[(]?(?:续表|接上表|续(?=[\d一二三四五六七八九十)]|$))[\d一二三四五六七八九十]{0,2}[)]?[、:：]?"
)
_CONTINUED_END = re.compile(
    r"[(](?:续表?|接上表)[\d一二三四五六七八九十]{0,2}[)]$|[-—]{1,2}续表?[\d一二三四五六七八九十]{0,2}$"
)
_EDITION_MARK = re.compile(r"(?:yb|yearbook|nj|nianjian|年鉴|edition)[ _\-(（]?(?:19|20)\d\d", re.IGNORECASE)
_DATE_IN_NAME = re.compile(r"(?<!\d)20\d\d(?:[-_.年]?\d{1,2}[-_.月]?\d{1,2}日?)(?!\d)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
# 研发投入强度(%) R&D Intensity: the English half of a label on one line; GDP and R&D alone are part of the name
_ENGLISH_END = re.compile(
    r"(?<=[\u3400-\u9fff)）%])[ \t]+(?=[^\u3400-\u9fff]*[a-z]{3})[A-Za-z][^\u3400-\u9fff%()（）]*$"
)


@dataclass(frozen=True, slots=True)
class Label:
    """One header text taken apart. ``name`` is without unit and period; blank when nothing else is said."""

    name: str
    unit: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Title:
    """What the title block of a table says."""

    text: str
    name: str
    """The title without number, region, years and words like 各地区, 情况: what may name an indicator."""
    period: str | None
    """The one period that it names, None with none or a range."""
    years: tuple[int, int] | None
    """First and last year that it names."""
    part_of_year: bool
    """Whether it speaks of quarters or months: then a bare year is not the period of a figure."""
    unit: str | None
    region: Region | None


def word(text: str) -> str:
    """A header word for comparison: squeezed, brackets folded, lower case, without an English half (地区 Region)."""
    plain = squeeze(chinese_part(text))
    return re.sub(r"[A-Za-z.]+$", "", plain) if has_cjk(plain) else plain.lower()


def is_note(text: str) -> bool:
    """Whether a line is a note or a source line below (or above) a table."""
    if not text or text[0].isdigit():
        return False
    return _NOTE.match(fold(text).strip()) is not None


def cited_title(texts: Iterable[str]) -> str | None:
    """The publication that a 资料来源 line names, without its brackets 《》."""
    for text in texts:
        match = _CITED.match(text.strip())
        if match:
            return match["title"].strip().strip("《》。.")
    return None


def unit_line(text: str) -> str | None:
    """The unit in 单位：亿元, or None when the text is no unit line."""
    match = _UNIT_LINE.search(fold(text).strip())
    return match["unit"] if match else None


def is_unit_text(text: str) -> bool:
    """Whether a text of the title block only tells the unit, in Chinese or English."""
    return unit_line(text) is not None or _ENGLISH_UNIT.fullmatch(fold(text).strip()) is not None


def is_sign(text: str) -> bool:
    """Whether a text is nothing but the sign of a unit, % or ‰, with or without brackets."""
    return squeeze(text).strip("()") in ("%", "‰")


def chinese_part(text: str) -> str:
    """The Chinese lines of a bilingual cell; a cell without any keeps its text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = max((i for i, line in enumerate(lines) if has_cjk(line)), default=-1)
    if last < 0:
        return text.strip()
    kept = [line for line in lines[: last + 1] if has_cjk(line) or not re.search("[a-z]{2}", line)]
    kept += [line for line in lines[last + 1 : last + 2] if is_sign(line)]  # (%) between the two languages
    return _ENGLISH_END.sub("", "".join(kept))


def take_apart(registry: Registry, text: str) -> Label:
    """Name, unit and period of one header text: ``技术合同成交额（万元）``, ``2020年``, ``%``."""
    plain = squeeze(text)
    unit: str | None = None
    bracket = re.search(r"\(([^()]+)\)$", plain)
    if bracket and _is_unit(registry, bracket[1]):
        unit, plain = bracket[1], plain[: bracket.start()]
    elif _is_unit(registry, plain):
        return Label("", plain, None)
    bare = plain.strip("()")
    period = parse_period(bare)
    if period is not None:
        return Label("", unit, period)
    if len(_YEAR_TEXT.findall(plain)) == 1:
        years = re.search(r"\(((?:19[5-9]|20\d)\d)年?\)|^((?:19[5-9]|20\d)\d)年(?!以|前|末|初)", plain)
        if years:
            period = years[1] or years[2]
            plain = plain[: years.start()] + plain[years.end() :]
    return Label(plain, unit, period)


def _is_unit(registry: Registry, text: str) -> bool:
    return registry.unit(text) is not None or any(text in i.unit_synonyms for i in registry.indicators.values())


def says_part_of_year(text: str) -> bool:
    """Whether a label speaks of quarters, months or a cumulation."""
    return _PART_OF_YEAR.search(squeeze(text)) is not None


def without_grouping(name: str) -> str:
    """A squeezed name without 各市州, 分地区 at its start."""
    return _GROUPING.sub("", name, count=1) if _GROUPING.match(name) else name


def without_continuation(line: str) -> str | None:
    """What a title line says beside 续表, blank when nothing; None when it continues no table."""
    plain = squeeze(line)
    start = _CONTINUED.match(plain)
    if start is not None:
        return plain[start.end() :]
    end = _CONTINUED_END.search(plain)
    return plain[: end.start()] if end is not None else None


def name_years(file_name: str) -> set[int]:
    """The years of the data in the name of a file: without editions (yb2019) and days (20210315)."""
    return data_years(_DATE_IN_NAME.sub(" ", _EDITION_MARK.sub(" ", file_name)).replace("_", " "))


def data_years(title: str) -> set[int]:
    """The years that a title speaks of, without those that name an edition (统计年鉴2021)."""
    plain = _YEARBOOK.sub("", squeeze(title))
    return {int(year) for year in _YEAR_TEXT.findall(plain)}


def edition_year(title: str) -> int | None:
    """The year of the edition of a yearbook: 中国科技统计年鉴2021 → 2021."""
    match = re.search(r"年鉴[(（]?((?:19[5-9]|20\d)\d)|((?:19[5-9]|20\d)\d)年?(?:统计)?年鉴", squeeze(title))
    return int(match[1] or match[2]) if match else None


def read_title(registry: Registry, lines: Sequence[str]) -> Title:
    """Read the title block: its first Chinese line beyond a table number, and a period on a line of its own."""
    lines = [line for line in lines if len(line) <= _LONGEST_TITLE]
    lines = [line if (rest := without_continuation(line)) is None else rest for line in lines]
    units = [unit for unit in map(unit_line, lines) if unit is not None]
    kept = [chinese_part(line) for line in lines if has_cjk(line) and not is_unit_text(line) and not is_note(line)]
    main = next((line for line in kept if len(re.findall(r"[\u3400-\u9fff]", _TABLE_NUMBER.sub("", line))) >= 2), "")
    own_line = [p for p in (parse_period(squeeze(line).strip("()")) for line in lines) if p is not None]
    plain = squeeze(main)
    period = _title_period(plain) or (own_line[0] if len(own_line) == 1 and not _YEAR_TEXT.search(plain) else None)
    span = _YEAR_RANGE.search(plain)
    years = (int(span[1]), int(span[2])) if span else None
    if years is None and period is not None:
        years = (int(period[:4]), int(period[:4]))
    inside = next((b for b in _BRACKETS.findall(plain) if _is_unit(registry, b)), None)
    return Title(
        text=main.strip(),
        name=_title_name(registry, plain),
        period=period,
        years=years,
        part_of_year=_PART_OF_YEAR.search(plain) is not None,
        unit=units[0] if len(set(units)) == 1 else (None if units else inside),
        region=region_in_title(registry, _TABLE_NUMBER.sub("", main.strip(), count=1)),
    )


def _title_period(plain: str) -> str | None:
    if _YEAR_RANGE.search(plain):
        return None
    years = data_years(plain)
    part = _YEAR_PART.search(plain)
    if part and len(years) == 1:
        if part[2] in _CUMULATED_MONTHS:
            return part[1] + _CUMULATED_MONTHS[part[2]]
        return parse_period(part[0])
    return str(next(iter(years))) if len(years) == 1 and not _PART_OF_YEAR.search(plain) else None


def _title_name(registry: Registry, plain: str) -> str:
    """The squeezed title without everything that is not the name of what is counted."""
    numbered = _TABLE_NUMBER.match(plain)
    name = plain[numbered.end() :] if numbered else plain
    name = _YEAR_RANGE.sub("", name)
    name = re.sub(r"(?:19[5-9]|20\d)\d(?:年度|年)?", "", name)
    for inside in _BRACKETS.findall(name):
        if not inside.strip("、,") or _is_unit(registry, inside) or inside in ("初步数", "修订数", "快报"):
            name = name.replace(f"({inside})", "")
    region = region_in_title(registry, name)
    if region is not None:
        found = next((n for n in sorted(region.names, key=len, reverse=True) if name.startswith(n)), "")
        name = name[len(found) :]
    previous = None
    while previous != name:
        previous = name
        name = without_grouping(name)
        name = _TITLE_WORDS.sub("", name)
    return name
