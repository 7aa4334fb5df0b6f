"""What only the whole document tells of one figure: which levels are baselines, which headings repeat a target.

What belongs here: what is kept of every draft for that, and the second pass over figures. What does not: the drafts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingestion.figures import Figure, Meaning
from ingestion.plans.drafts import Draft
from ingestion.quantity import PrintedNumber

_Indicator = tuple[str, str | None, str, str]
_Target = tuple[str | None, str | None, PrintedNumber | None]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the drafts of a document have in common, each kept once however often it is printed."""

    base: str
    """The base year of the plan."""
    targeted: set[_Indicator] = field(default_factory=set)
    """Indicators that the plan sets a target for."""
    stated: set[_Target] = field(default_factory=set)
    """Targets that stand in running text or in a table."""
    tabled: set[tuple[_Indicator, str]] = field(default_factory=set)
    """Indicators and periods that a table calls their baseline."""

    def note(self, draft: Draft, *, in_heading: bool = False) -> None:
        """Keep what a draft tells of others."""
        meaning = draft.meaning
        if meaning.kind == "target":
            if meaning.indicator_code is not None:
                self.targeted.add(_indicator(meaning))
            if not in_heading:
                self.stated.add(_target(draft))
        elif meaning.kind == "baseline":
            self.tabled.add((_indicator(meaning), meaning.period))

    def repeats(self, draft: Draft) -> bool:
        """Whether a target in a heading is stated elsewhere too."""
        return _target(draft) in self.stated

    def resolved(self, figure: Figure) -> Figure:
        """A reported level of the base period becomes a baseline where the plan sets a target for the indicator."""
        if figure.kind != "actual":
            return figure
        indicator = _indicator(figure)
        is_base = figure.period == self.base or (indicator, figure.period) in self.tabled
        return replace(figure, kind="baseline") if is_base and indicator in self.targeted else figure


def _indicator(meaning: Meaning | Figure) -> _Indicator:
    return meaning.region_code, meaning.indicator_code, meaning.variant, meaning.breakdown


def _target(draft: Draft) -> _Target:
    return draft.meaning.indicator_code, draft.meaning.target_kind, draft.number
