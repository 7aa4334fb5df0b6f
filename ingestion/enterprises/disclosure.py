"""Disclosure control: which sums and counts may leave the restricted zone (CF-01, CF-02, CF-03).

The parameters stand here, once. What does not belong here: what is summed (``aggregates``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

MIN_CONTRIBUTORS = 3
"""Fewer units behind a number and each of them knows the other: the customary threshold, not a number of the law."""
MAX_FIRST_SHARE = Decimal("0.85")
"""Share of the largest contributor from which the number tells its value to within a sixth."""
MAX_SECOND_SHARE = Decimal("0.90")
"""Share of the two largest: the second one learns the first one's value to within a tenth."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A sum over units, with what decides whether it may be told. Contributors are units that reported other than 0."""

    total: Decimal
    contributors: int
    magnitude: Decimal
    """Sum of the absolute values: shares are shares of this."""
    first: Decimal
    second: Decimal

    @property
    def is_safe(self) -> bool:
        """Whether no single unit can be inferred from the sum."""
        if self.contributors < MIN_CONTRIBUTORS:
            return False
        return (
            self.first <= MAX_FIRST_SHARE * self.magnitude
            and self.first + self.second <= MAX_SECOND_SHARE * self.magnitude
        )


EMPTY = Cell(Decimal(0), 0, Decimal(0), Decimal(0), Decimal(0))


def united(cells: Iterable[Cell]) -> Cell:
    """The cell of all units of several cells without common units."""
    return reduce(_united, cells, EMPTY)


def _united(one: Cell, other: Cell) -> Cell:
    first, second = sorted((one.first, one.second, other.first, other.second), reverse=True)[:2]
    return Cell(
        one.total + other.total,
        one.contributors + other.contributors,
        one.magnitude + other.magnitude,
        first,
        second,
    )


def tellable(root: str, parts: Mapping[str, Sequence[str]], cells: Mapping[str, Cell]) -> frozenset[str]:
    """Which cells of a tree of sums may be told, so that none of the others follows from them.

    The difference between a whole and its told parts is a number as good as told: it must be safe itself. Where it is
    not, the smallest told parts are withheld too. Below a withheld whole nothing is told.

    Args:
        root: the whole of all.
        parts: of each whole its parts; they have no units in common and are all of it, or the rest is no cell.
        cells: the sum of each.
    """
    told: set[str] = set()
    open_wholes = [root] if cells[root].is_safe else []
    while open_wholes:
        whole = open_wholes.pop()
        told.add(whole)
        shown = _shown_parts(cells[whole], {part: cells[part] for part in parts.get(whole, ())})
        open_wholes += shown
    return frozenset(told)


def _shown_parts(whole: Cell, parts: Mapping[str, Cell]) -> list[str]:
    shown = sorted(
        (name for name, cell in parts.items() if cell.is_safe), key=lambda name: (parts[name].contributors, name)
    )
    hidden = [cell for name, cell in parts.items() if name not in set(shown)]
    # units of the whole that no part holds are a part without a name
    named = united(parts.values())
    loose = whole.contributors - named.contributors
    if loose > 0:
        hidden.append(
            Cell(whole.total - named.total, loose, whole.magnitude - named.magnitude, whole.first, whole.second)
        )
    while shown and hidden and not united(hidden).is_safe:
        hidden.append(parts[shown.pop(0)])
    return shown


def told_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of one partition, None where they are withheld: below the threshold, and what would give these away."""
    hidden = {name for name, count in counts.items() if 0 < count < MIN_CONTRIBUTORS}
    others = sorted(
        (name for name, count in counts.items() if count >= MIN_CONTRIBUTORS), key=lambda name: counts[name]
    )
    while hidden and others and sum(counts[name] for name in hidden) < MIN_CONTRIBUTORS:
        hidden.add(others.pop(0))
    return {name: None if name in hidden else count for name, count in counts.items()}
