"""Marked-up text: where a figure of a document is labelled in place, ``{printed;CODE;period;kind;extras}``.

What belongs here: the notation and the label it stands for. What does not: file formats, scoring.

``printed`` is what the reader of the document sees, ``CODE`` one of ``CODES`` (``?``: no indicator of the
seeds), ``period`` with years of two digits (``25``, ``21-25``), ``kind`` a letter of ``KINDS`` (``T`` with a
letter of ``TARGET_KINDS``) and a sign of ``COMPARATORS``. Extras: ``v=`` value, ``hi=`` upper end, ``u=`` unit,
``var=`` variant, ``bd=`` breakdown, ``r=`` region, ``opt`` optional.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

CODES = {
    "EXP": "rd_expenditure",
    "INT": "rd_intensity",
    "ACT": "rd_active_share",
    "ACTN": "rd_active_enterprises",
    "CAP": "rd_capable_share",
    "PERS": "rd_personnel_share",
    "FTE": "rd_fte",
    "EXPI": "rd_expenditure_industry_above_scale",
    "P10": "invention_patents_per_10k",
    "HV10": "high_value_patents_per_10k",
    "HVN": "high_value_patents_new",
    "PIF": "invention_patents_in_force",
    "HNTE": "hnte_count",
    "HNTA": "hnte_above_scale_count",
    "HTO": "hightech_output",
    "TCV": "tech_contract_value",
    "TTV": "tech_transaction_value",
    "TCS": "tech_contract_gdp_share",
    "FSH": "st_fiscal_share",
    "FST": "st_budget_expenditure",
    "BUD": "budget_expenditure",
    "PLAT": "innovation_platforms_provincial",
    "RDPN": "rd_platforms_provincial_new",
    "NTRD": "new_type_rd_institutions_new",
    "INC": "incubators",
    "INCP": "incubators_provincial",
    "STP": "st_personnel",
    "STI": "sti_index",
    "RANK": "innovative_city_rank",
    "GDP": "gdp",
    "GPC": "gdp_per_capita",
    "POP": "population_resident",
    "EMP": "employment",
    "?": "",
}
KINDS = {"T": "target", "B": "baseline", "A": "actual", "G": "growth", "C": "change", "S": "share", "R": "rank"}
TARGET_KINDS = {
    "": "level",
    "M": "multiple",
    "A": "growth_avg",
    "G": "growth_total",
    "N": "new_flow",
    "C": "cumulative_flow",
    "R": "rank",
    "K": "rank_change",
}
COMPARATORS = {"": "eq", ">=": "ge", ">": "gt", "~": "approx", "<=": "le", "<": "lt", "..": "range"}

_MARK = re.compile(r"\{([^{};]+);([A-Z0-9]+|\?);([^{};]*);([A-Z]+)([<>=~.]*)(?:;([^{}]*))?\}")
_NUMBER = re.compile(r"[-−]?\d[\d,，]*(?:\.\d+)?")
_MARKER_BASE = 0xE000
_MARKERS = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One figure that a monitor would want. Alternatives in ``period`` and ``kind`` are parted by ``|``."""

    printed_value: str
    printed_value_hi: str = ""
    period: str
    indicator_code: str
    variant: str = "_T"
    breakdown: str = "_T"
    kind: str
    target_kind: str = ""
    comparator: str = "eq"
    unit: str = ""
    region_code: str = ""
    place: str = ""
    printed_text: str = ""
    optional: str = ""


def parse(text: str, region_code: str) -> tuple[str, list[Label]]:
    """The text with each mark replaced by a marker character and what is printed, and the labels in order."""
    labels: list[Label] = []

    def shown(match: re.Match[str]) -> str:
        labels.append(_label(match, region_code))
        return chr(_MARKER_BASE + len(labels) - 1) + match[1]

    marked = _MARK.sub(shown, text)
    if broken := re.search(r"\{[^{}\n]*;(?:[A-Z0-9]{2,5}|\?);[^\n]{0,20}", marked):
        raise ValueError(f"not understood: {broken[0]}")
    return marked, labels


def markers(text: str) -> list[tuple[int, int]]:
    """Offset (in the text without markers) and number of each label in a marked text."""
    return [(match.start() - seen, ord(match[0]) - _MARKER_BASE) for seen, match in enumerate(_MARKERS.finditer(text))]


def unmarked(text: str) -> str:
    """The text as the document prints it."""
    return _MARKERS.sub("", text)


def _label(match: re.Match[str], region_code: str) -> Label:
    printed, code, period, kind, comparator, extras = match.groups()
    numbers = _NUMBER.findall(printed)
    value = numbers[0].replace(",", "").replace("，", "") if numbers else ""
    high = numbers[1] if len(numbers) > 1 and comparator == ".." else ""
    label = Label(
        printed_value=value,
        printed_value_hi=high,
        period="|".join(re.sub(r"(?<!\d)(\d\d)(?!\d)", r"20\1", part) for part in period.split("/")),
        indicator_code=CODES[code],
        kind=KINDS[kind[0]],
        target_kind=TARGET_KINDS[kind[1:]] if kind[0] == "T" else "",
        comparator=COMPARATORS[comparator],
        unit=re.sub(r"^[\W\d_]+(?=\D)|\s", "", _NUMBER.sub("", printed)) or ("%" if "%" in printed else ""),
        region_code=region_code,
        printed_text=re.sub(r"\s", "", printed),
        optional="" if CODES[code] else "yes",
    )
    names = {"v": "printed_value", "hi": "printed_value_hi", "u": "unit", "var": "variant", "bd": "breakdown"}
    for extra in filter(None, (extras or "").split(",")):
        name, _, content = extra.partition("=")
        if name == "opt":
            label = replace(label, optional="yes")
        elif name == "kind":
            label = replace(label, kind=content.replace("/", "|"))
        else:
            label = replace(label, **{names.get(name, "region_code"): content})
    if not label.printed_value:
        raise ValueError(f"no value: {match[0]}")
    return label
