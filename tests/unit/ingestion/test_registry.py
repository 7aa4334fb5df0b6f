"""The code lists: what they answer, and that a list that contradicts itself is named by file and row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.plans.canonical import canonical_name
from ingestion.quantity import QuantityError
from ingestion.registry import READING_SEEDS, Registry, SeedError, load_registry, seed_digest


@pytest.fixture
def broken(seeds: Path) -> Callable[..., int]:
    """Add a row to a code list, or change its text; gives the number of the last row."""

    def change(seed: str, row: str = "", *, old: str = "", new: str = "") -> int:
        path = seeds / f"{seed}.csv"
        text = path.read_text(encoding="utf-8")
        if old:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text + (row + "\n" if row else ""), encoding="utf-8")
        return len(path.read_text(encoding="utf-8").splitlines())

    return change


def test_an_alias_to_nowhere_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    row = broken("indicator_aliases", "某新名称,no_such_indicator,_T,_T,any,")

    with pytest.raises(
        SeedError, match=rf"indicator_aliases\.csv row {row} \(某新名称\): .*'no_such_indicator'.*correct"
    ):
        load_registry(seeds)


def test_an_alias_with_an_undeclared_breakdown_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    row = broken("indicator_aliases", "某新名称,gdp,_T,funds=moon,any,")

    with pytest.raises(SeedError, match=rf"row {row} .*'funds=moon'"):
        load_registry(seeds)


def test_an_alias_declared_twice_for_one_scope_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    broken("indicator_aliases", "某新名称,gdp,_T,_T,any,")
    broken("indicator_aliases", "某新名称,gdp,_T,_T,plan,")
    load_registry(seeds)
    row = broken("indicator_aliases", "某 新名称,employment,_T,_T,any,")

    with pytest.raises(SeedError, match=rf"indicator_aliases\.csv row {row} .*declared twice for scope 'any'"):
        load_registry(seeds)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("元,money,1,元,yuan,", "'元' is declared twice"),
        ("新元,money,1,元,yuan,亿元|新新元", "'亿元' is declared twice"),
    ],
)
def test_a_unit_or_spelling_declared_twice_is_named(
    seeds: Path, broken: Callable[..., int], row: str, told: str
) -> None:
    number = broken("units", row)

    with pytest.raises(SeedError, match=rf"units\.csv row {number}: {told}; keep one row"):
        load_registry(seeds)


def test_an_indicator_with_an_undeclared_unit_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    row = broken("indicators", "new_one,X,新指标,a new one,贯,,2,up,flow,true,,,,0,,某,any")

    with pytest.raises(SeedError, match=rf"indicators\.csv row {row} \(new_one\): unit '贯' is not in units\.csv"):
        load_registry(seeds)


def test_an_indicator_that_points_to_none_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    row = broken("indicators", "new_one,X,新指标,a new one,万元,,2,up,flow,true,,nothing,,0,,某,any")

    with pytest.raises(SeedError, match=rf"row {row} \(new_one\): denominator_code 'nothing' is no indicator"):
        load_registry(seeds)


def test_a_region_below_no_region_is_named(seeds: Path, broken: Callable[..., int]) -> None:
    row = broken("regions", "999901,某县,某,999900,county,,,synthetic")

    with pytest.raises(SeedError, match=rf"regions\.csv row {row}: parent '999900' is no region"):
        load_registry(seeds)


def test_a_missing_or_unreadable_list_is_named(seeds: Path) -> None:
    (seeds / "units.csv").write_bytes("单位".encode("gb18030"))
    with pytest.raises(SeedError, match=r"units\.csv: cannot be read .*restore it from version control"):
        load_registry(seeds)
    (seeds / "units.csv").unlink()
    with pytest.raises(SeedError, match=r"units\.csv: cannot be read"):
        load_registry(seeds)


def test_a_digest_follows_the_content_and_not_the_line_ends(seeds: Path, broken: Callable[..., int]) -> None:
    before = {name: seed_digest(seeds, name) for name in READING_SEEDS}
    path = seeds / "units.csv"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert {name: seed_digest(seeds, name) for name in READING_SEEDS} == before

    broken("breakdowns", "funds=x,funds,x,某,any,false,某")
    after = load_registry(seeds).digests
    assert {name for name in READING_SEEDS if after[name] != before[name]} == {"breakdowns"}


@pytest.mark.parametrize(
    ("indicator", "unit", "factor"),
    [
        ("rd_expenditure", "亿元", "10000"),
        ("rd_expenditure", "万元", "1"),
        ("rd_expenditure", "元", "0.0001"),
        ("rd_intensity", "%", "1"),
        ("rd_intensity", "％", "1"),
        ("hnte_count", "家", "1"),
        ("hnte_count", None, "1"),
        ("gdp", "亿 元", "1"),
    ],
)
def test_conversions_are_exact(registry: Registry, indicator: str, unit: str | None, factor: str) -> None:
    found = registry.conversion(indicator, unit)

    assert found == Decimal(factor)
    assert isinstance(found, Decimal)


@pytest.mark.parametrize(
    ("indicator", "unit", "code"),
    [
        ("rd_intensity", "万元", "unit_mismatch"),
        ("gdp", "%", "unit_mismatch"),
        ("gdp", "贯", "unknown_unit"),
        ("gdp", None, "unit_missing"),
        ("rd_intensity", None, "unit_missing"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_with_a_reason(
    registry: Registry, indicator: str, unit: str | None, code: str
) -> None:
    with pytest.raises(QuantityError) as raised:
        registry.conversion(indicator, unit)

    assert raised.value.reason_code == code
    assert registry.indicators[indicator].name_zh in str(raised.value) or unit is not None


def test_every_indicator_converts_from_its_own_unit(registry: Registry) -> None:
    for code, indicator in registry.indicators.items():
        assert registry.conversion(code, indicator.unit.unit) == 1


def test_the_longest_spelling_of_a_unit_is_matched(registry: Registry) -> None:
    match = registry.unit_pattern.match("万元")

    assert match is not None
    assert match[0] == "万元"


def test_a_name_is_matched_whatever_its_blanks(registry: Registry) -> None:
    alias = registry.alias("研发 投入 强度")

    assert alias is not None
    assert alias.indicator_code == "rd_intensity"
    assert registry.alias("从未见过的名称") is None


def test_a_scoped_name_beats_a_general_one(seeds: Path, broken: Callable[..., int]) -> None:
    broken("indicator_aliases", "某新名称,gdp,_T,_T,any,")
    broken("indicator_aliases", "某新名称,employment,_T,_T,doc_own,")
    registry = load_registry(seeds)

    assert [a.indicator_code for a in (registry.alias("某新名称"), registry.alias("某新名称", ["doc_own"])) if a] == [
        "gdp",
        "employment",
    ]
    assert registry.alias("某新名称", ["doc_other", "plan"]).indicator_code == "gdp"  # type: ignore[union-attr]


def test_spellings_of_one_name_mean_one_thing(registry: Registry) -> None:
    meanings: dict[tuple[str, str], set[tuple[str | None, str, str]]] = {}
    for name, aliases in registry.aliases.items():
        for alias in aliases:
            key = (canonical_name(name), alias.scope)
            meanings.setdefault(key, set()).add((alias.indicator_code, alias.variant, alias.breakdown))

    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


def test_aliases_point_to_every_indicator(registry: Registry) -> None:
    known = {alias.indicator_code for aliases in registry.aliases.values() for alias in aliases}

    assert known - {None} == set(registry.indicators)


def test_two_kinds_of_enterprises_are_not_one_indicator(registry: Registry) -> None:
    active, capable = registry.alias("有R&D活动企业占比"), registry.alias("具备研发能力企业占比")

    assert active is None or capable is None or active.indicator_code != capable.indicator_code


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("贵州省", None, "520000"),
        ("贵 州", None, "520000"),
        ("白云区", "520100", "520113"),
        ("白云区", "440100", "440111"),
        ("白云区", None, None),
        ("无此地", None, None),
        ("息烽县", None, "520122"),
    ],
)
def test_a_region_is_found_or_left_open(registry: Registry, name: str, within: str | None, code: str | None) -> None:
    region = registry.region(name, within=within)

    assert (region.code if region else None) == code


def test_a_region_is_the_one_that_was_valid_on_the_day(registry: Registry) -> None:
    before, after = (registry.region("息烽县", on=day) for day in (date(1995, 7, 20), date(1995, 7, 21)))

    assert (before and before.code, after and after.code) == ("522523", "520122")
