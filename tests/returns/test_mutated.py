"""Damaged copies of a good table: each figure that is still loaded is the one that the file prints.

The table knows of each number which region, indicator and unit it has; the damage is done to a copy together with
that knowledge, so that nothing but the file itself decides what is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.delivery import single_delivery
from ingestion.figures import Reading
from ingestion.registry import Registry, load_registry
from ingestion.returns import read_return
from tests.returns.writers import csv_text

REGIONS = {"贵阳市": "520100", "六盘水市": "520200", "遵义市": "520300", "安顺市": "520400"}
UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8, "人": 1, "万人": 10**4, "家": 1, "件": 1, "万件": 10**4, "%": 1}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header cells from top to bottom, what it means, the unit it prints, its numbers."""

    header: tuple[str, ...]
    code: str | None
    breakdown: str
    unit: str
    numbers: tuple[str, ...]


def good_columns() -> list[Column]:
    meanings = [
        ("地区生产总值", "gdp", "_T", "亿元"),
        ("高新技术企业数", "hnte_count", "_T", "家"),
        ("R&D经费内部支出", "rd_expenditure", "_T", "万元"),
        ("其中：基础研究", "rd_expenditure", "activity=basic", "万元"),
        ("规模以上工业企业R&D经费内部支出", "rd_expenditure_industry_above_scale", "_T", "万元"),
        ("常住人口", "population_resident", "_T", "万人"),
        ("有效发明专利数", "invention_patents_in_force", "_T", "件"),
    ]
    return [
        Column(
            (f"{name}（{unit}）",),
            code,
            part,
            unit,
            tuple(str(1000 * (place + 1) + 7 * row) for row in range(len(REGIONS))),
        )
        for place, (name, code, part, unit) in enumerate(meanings)
    ]


def rename(column: Column, name: str) -> Column:
    return replace(column, header=(name, *column.header[1:]))


def rows_of(columns: list[Column]) -> list[list[str | None]]:
    depth = max(len(column.header) for column in columns)
    rows: list[list[str | None]] = [["贵州省各市州科技指标（2020年）"]]
    for level in range(depth):
        head = [column.header[level] if level < len(column.header) else None for column in columns]
        rows.append(["地区" if level == 0 else None, *head])
    rows += [[name, *(column.numbers[row] for column in columns)] for row, name in enumerate(REGIONS)]
    return [*rows, ["说明：本文件为合成示例"]]


@cache
def seeds() -> Registry:
    return load_registry()


def read(folder: Path, columns: list[Column]) -> Reading:
    path = folder / "copy.csv"
    path.write_bytes(csv_text(rows_of(columns)))
    return read_return(single_delivery(path), seeds())


def check(reading: Reading, columns: list[Column]) -> None:
    """Each number has one outcome; a loaded one has its region and year, and its indicator and unit or none."""
    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    truth = {n: (code, column) for column in columns for code, n in zip(REGIONS.values(), column.numbers, strict=True)}
    assert len(truth) == len(columns) * len(REGIONS)
    for figure in reading.figures:
        region, column = truth[figure.printed_text]
        assert (figure.region_code, figure.period) == (region, "2020")
        if figure.indicator_code is None:
            continue
        assert (figure.indicator_code, figure.breakdown) == (column.code, column.breakdown)
        assert (figure.printed_unit or "") in (column.unit, "")
        factor = Decimal(1)  # a count without a unit
        if figure.printed_unit is not None:
            factor = Decimal(UNITS[column.unit]) / UNITS[seeds().indicators[figure.indicator_code].unit.unit]
        assert figure.value == Decimal(figure.printed_text) * factor


# The item 其中：基础研究 needs its total beside it, so it is never moved: what it belongs to is a matter of place.
MOVABLE = [0, 1, 4, 5, 6]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_copies_never_give_a_wrong_number(tmp_path: Path, data: st.DataObject) -> None:
    columns = good_columns()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(MOVABLE))
        column = columns[place]
        kind = data.draw(st.sampled_from(["swap", "split", "unit", "erase", "drop", "bare"]))
        if kind == "swap":
            other = data.draw(st.sampled_from(MOVABLE))
            columns[place], columns[other] = columns[other], columns[place]
        elif kind == "split" and len(column.header) == 1 and len(column.header[0]) > 1:
            cut = data.draw(st.integers(1, len(column.header[0]) - 1))
            columns[place] = replace(column, header=(column.header[0][:cut], column.header[0][cut:]))
        elif kind == "unit" and len(column.header) == 1 and "（" in column.header[0]:
            unit = data.draw(st.sampled_from(list(UNITS)))
            columns[place] = replace(column, header=(f"{column.header[0].split('（')[0]}（{unit}）",), unit=unit)
        elif kind == "erase":
            columns[place] = replace(column, header=("",), code=None)
        elif kind == "drop" and column.header[0].split("（")[0]:
            name = column.header[0]
            cut = data.draw(st.integers(0, len(name.split("（")[0]) - 1))
            columns[place] = rename(column, name[:cut] + name[cut + 1 :])
        elif kind == "bare" and len(column.header) == 1:
            columns[place] = replace(column, header=(column.header[0].split("（")[0],), unit="")
    check(read(tmp_path, columns), columns)


def test_the_good_table_is_read_in_full(tmp_path: Path) -> None:
    columns = good_columns()
    reading = read(tmp_path, columns)
    check(reading, columns)
    assert not reading.refusals
    assert {f.indicator_code for f in reading.figures} == {c.code for c in columns}
    assert len(reading.figures) == len(columns) * len(REGIONS)


@pytest.mark.parametrize("place", MOVABLE)
def test_every_split_of_a_header_cell(tmp_path: Path, place: int) -> None:
    header = good_columns()[place].header[0]
    for cut in range(1, len(header)):
        columns = good_columns()
        columns[place] = replace(columns[place], header=(header[:cut], header[cut:]))
        check(read(tmp_path, columns), columns)


@pytest.mark.parametrize("place", MOVABLE)
def test_every_change_of_a_unit(tmp_path: Path, place: int) -> None:
    for unit in UNITS:
        columns = good_columns()
        name = columns[place].header[0].split("（")[0]
        columns[place] = replace(columns[place], header=(f"{name}（{unit}）",), unit=unit)
        reading = read(tmp_path, columns)
        check(reading, columns)
        assert len(reading.figures) + len(reading.refusals) == len(columns) * len(REGIONS)


def test_half_a_label_that_reads_like_a_header_word_starts_no_table(tmp_path: Path) -> None:
    """地区 over 生产总值, away from the true 地区: no second table of regions begins there."""
    columns = good_columns()
    columns[0] = replace(columns[0], header=("地区", "生产总值（亿元）"))
    columns[0], columns[1] = columns[1], columns[0]
    reading = read(tmp_path, columns)
    check(reading, columns)
    assert {f.region_code for f in reading.figures} == set(REGIONS.values())
