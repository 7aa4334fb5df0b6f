"""Disclosure control: no told number, and no difference of told numbers, lets one unit be inferred."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.enterprises.disclosure import MIN_CONTRIBUTORS, Cell, tellable, told_counts, united


def cell(*values: int) -> Cell:
    """The cell of units that reported these values."""
    sizes = [*sorted((abs(Decimal(value)) for value in values), reverse=True), Decimal(0), Decimal(0)]
    return Cell(
        Decimal(sum(values)), sum(1 for value in values if value), sum(sizes, start=Decimal(0)), sizes[0], sizes[1]
    )


@pytest.mark.parametrize(
    ("values", "safe"),
    [
        ((10, 10, 10), True),
        ((10, 10), False),  # each knows the other
        ((10, 10, 0), False),  # a zero contributes nothing
        ((90, 5, 5), False),  # the largest is 90 %
        ((85, 8, 7), False),  # 85 % is admitted, but the two largest have 93 %
        ((80, 10, 10), True),
        ((45, 46, 9), False),
        ((-90, 5, 5), False),  # losses have a size, too
        ((), False),
    ],
)
def test_what_may_be_told_of_one_number(values: tuple[int, ...], safe: bool) -> None:
    assert cell(*values).is_safe is safe


def test_a_hidden_part_is_not_the_difference_of_told_ones() -> None:
    """a has two units and is hidden; b, c and the whole are safe, but whole − b − c would be a: so b goes, too."""
    cells = {"a": cell(5, 6), "b": cell(7, 8, 9), "c": cell(7, 8, 9, 10), "whole": cell(5, 6, 7, 8, 9, 7, 8, 9, 10)}
    assert tellable("whole", {"whole": ["a", "b", "c"]}, cells) == {"whole", "c"}
    assert tellable("whole", {"whole": ["b", "c"]}, cells | {"whole": united([cells["b"], cells["c"]])}) == {
        "whole",
        "b",
        "c",
    }


def test_units_that_no_part_holds_are_a_part() -> None:
    """One unit lies right in the whole: whole − b would be this unit."""
    cells = {"b": cell(7, 8, 9), "whole": cell(7, 8, 9, 5)}
    assert tellable("whole", {"whole": ["b"]}, cells) == {"whole"}


def test_below_a_hidden_whole_nothing_is_told() -> None:
    cells = {"part": cell(7, 8, 9), "whole": cell(7, 8, 9, 5000)}
    assert tellable("whole", {"whole": ["part"]}, cells) == frozenset()


units = st.lists(st.integers(0, 100), max_size=6)


@given(st.dictionaries(st.sampled_from("abcd"), st.dictionaries(st.sampled_from("xyz"), units, min_size=1), min_size=1))
def test_no_difference_of_told_numbers_is_unsafe(regions: dict[str, dict[str, list[int]]]) -> None:
    """A tree of two levels: the whole, its parts, their parts. Whatever a reader can subtract is safe."""
    values = {f"{p}{c}": v for p, children in regions.items() for c, v in children.items()}
    parts = {"": sorted(regions), **{p: sorted(f"{p}{c}" for c in children) for p, children in regions.items()}}
    for p, children in regions.items():
        values[p] = [v for child in children.values() for v in child]
    values[""] = [v for p in regions for v in values[p]]
    told = tellable("", parts, {name: cell(*found) for name, found in values.items()})
    for whole, own in parts.items():
        if whole not in told:
            assert not told & set(own)
            continue
        hidden = [v for part in own if part not in told for v in values[part]]
        assert all(cell(*values[part]).is_safe for part in own if part in told)
        assert cell(*values[whole]).is_safe
        if any(part not in told for part in own):
            # nothing but hidden parts: then the difference is the whole itself
            assert cell(*hidden).is_safe


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=6))
def test_counts_of_a_partition_do_not_give_small_ones_away(counts: dict[str, int]) -> None:
    told = told_counts(counts)
    assert all(number is None or number == 0 or number >= MIN_CONTRIBUTORS for number in told.values())
    hidden = sum(counts[name] for name, number in told.items() if number is None)
    if any(number is not None and number >= MIN_CONTRIBUTORS for number in told.values()):
        assert hidden == 0 or hidden >= MIN_CONTRIBUTORS
    assert all(counts[name] == number for name, number in told.items() if number is not None)
    assert list(combinations(told, 2)) == list(combinations(counts, 2))
