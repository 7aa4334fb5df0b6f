"""Amounts that a document has printed so far, for statements that speak of one printed in another sentence.

What belongs here: keeping levels by what they are called and when, and finding them again. What does not: reading them
(``sentences``), the statements (``told_shares``, ``per_unit``, ``enumerations``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingestion.figures import Figure, RelationOperand
from ingestion.plans.names import Names, Subject
from ingestion.plans.operands import operand_record
from ingestion.plans.quantities import Quantity
from ingestion.quantity import Interval, scaled, stored_value
from ingestion.registry import Alias

LEVELS = frozenset({"actual", "baseline"})
_SIZES = frozenset({"money", "count", "persons", "person_times", "person_years"})
_OWN = re.compile(r"^(?:全[市县区州旗盟省]|[我本][市县区州省]|全部|同期|同年|当年|上述)+(?:的)?")

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """A level as an operand in base units, with the dimension of its unit."""

    operand: RelationOperand
    dimension: str
    unit: str


@dataclass(slots=True)
class Amounts:
    """Levels by series or name, period and region, the document's own unless asked for; two that differ are none."""

    names: Names
    region_code: str
    known: dict[_Key, Amount | None] = field(default_factory=dict)
    rates: dict[_Key, RelationOperand | None] = field(default_factory=dict)
    """Levels of our ratios in per cent, as operands; two that differ are none."""

    def note(self, item: Quantity, operand: RelationOperand) -> None:
        """Keep a level, where it is one exact amount of the region."""
        unit = self.names.registry.unit(item.unit or "")
        if item.kind not in LEVELS or item.comparator != "eq" or item.high is not None:
            return
        if unit is None or unit.dimension not in _SIZES:
            return
        for key in self._keys(item.subject, item.period):
            self._keep(self._in(key, item.subject.region_code), Amount(operand, unit.dimension, unit.unit))

    def note_rate(self, item: Quantity, operand: RelationOperand) -> None:
        """Keep a level of one of our ratios, in per cent as printed."""
        alias = item.subject.alias
        if item.kind not in LEVELS or item.comparator != "eq" or item.high is not None or item.unit != "%":
            return
        if alias is None or alias.indicator_code is None or item.subject.region_code not in (None, self.region_code):
            return
        key = (alias.indicator_code, alias.variant, alias.breakdown, item.period)
        former = self.rates.setdefault(key, operand)
        if former is None or former.value != operand.value:
            self.rates[key] = None

    def rate_of(self, series: tuple[str, str, str], period: str | None) -> tuple[RelationOperand, str] | None:
        """The level of a ratio in a year, else in the last one that it is printed for, with that year."""
        found = {key[3]: rate for key, rate in self.rates.items() if key[:3] == series and key[3].isdigit()}
        last = period or max(found, default="")
        rate = found.get(last)
        return (rate, last) if rate is not None else None

    def note_cell(self, figure: Figure) -> None:
        """Keep a level that a table prints for one of our indicators."""
        unit = self.names.registry.unit(figure.unit or "")
        if figure.kind not in LEVELS or figure.comparator != "eq" or figure.layout != "table" or unit is None:
            return
        if figure.indicator_code is None or unit.dimension not in _SIZES or figure.region_code != self.region_code:
            return
        ends = (end if end is not None else figure.value for end in (figure.value, figure.value_lo, figure.value_hi))
        value, lo, hi = (stored_value(scaled(end, unit.factor)) for end in ends)
        operand = operand_record(
            "",
            1,
            "whole",
            label=figure.indicator_as_printed,
            printed_text=figure.printed_text,
            size=(value, Interval(lo, hi, lo_closed=True, hi_closed=True)),
            figure_id=figure.figure_id,
        )
        key = (figure.indicator_code, figure.variant, figure.breakdown, figure.period)
        self._keep(key, Amount(operand, unit.dimension, unit.unit))

    def periods_of(self, name: str) -> tuple[str, ...]:
        """The periods for which an amount of that name is printed."""
        subject = Subject(name, self.names.exact(name), None, 0)
        series = {key[:3] for key in self._keys(subject, "")}
        return tuple(key[3] for key, amount in self.known.items() if key[:3] in series and amount is not None)

    def _keep(self, key: _Key, amount: Amount) -> None:
        former = self.known.setdefault(key, amount)
        if former is None or not _overlap(former, amount.operand) or former.dimension != amount.dimension:
            self.known[key] = None

    def find(self, name: str, period: str) -> Amount | None:
        """The amount printed for a name in a period; None where there is none or more than one."""
        subject = Subject(name, self.names.exact(name) or self.names.exact(plain_name(name)), None, 0)
        found = (self.known.get(key) for key in self._keys(subject, period))
        return next((amount for amount in found if amount is not None), None)

    def of_series(self, code: str, period: str) -> Amount | None:
        """The plain amount of an indicator in a period."""
        return self.known.get((code, "_T", "_T", period))

    def of_alias(self, alias: Alias, period: str, region_code: str | None = None) -> Amount | None:
        """The amount of one series in a period: the own region's, or that of another one."""
        key = (alias.indicator_code or "", alias.variant, alias.breakdown, period)
        return self.known.get(self._in(key, region_code))

    def _in(self, key: _Key, region_code: str | None) -> _Key:
        """The key of another region's amount."""
        return key if region_code in (None, self.region_code) else (f"{key[0]}@{region_code}", *key[1:])

    def only_one_of(self, code: str) -> tuple[str, Amount] | None:
        """Period and plain amount of an indicator, where the document has printed it for one period alone."""
        found = [(key[3], amount) for key, amount in self.known.items() if key[:3] == (code, "_T", "_T")]
        return (found[0][0], found[0][1]) if len(found) == 1 and found[0][1] is not None else None

    def _keys(self, subject: Subject, period: str) -> tuple[_Key, ...]:
        alias = subject.alias
        if alias is not None and alias.indicator_code is not None:
            return ((alias.indicator_code, alias.variant, alias.breakdown, period),)
        plain = plain_name(subject.name)
        return ((plain, "", "", period),) if len(plain) > 1 else ()


def _overlap(amount: Amount, operand: RelationOperand) -> bool:
    return amount.operand.value_lo <= operand.value_hi and amount.operand.value_hi >= operand.value_lo


def plain_name(name: str) -> str:
    """A name without the words of area and time before it."""
    return _OWN.sub("", name)
