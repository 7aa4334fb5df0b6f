"""The gate in front of the lake: the schemas are the records, a bad frame fails, each bad row is refused alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandera.errors
import polars as pl
import pytest

from ingestion import schemas
from ingestion.figures import Figure, Line, Meaning, Place, Refusal, build_figure
from ingestion.quantity import parse_number
from ingestion.registry import Registry
from tests.records import PLAN_SOURCE

REFUSAL = Refusal(source_id="src_0", address="", raw_text="", reason_code="empty_file", reason="文件是空的")


@pytest.fixture(scope="module")
def figures(registry: Registry) -> tuple[Figure, ...]:
    """Five figures that may enter."""
    return tuple(
        build_figure(
            registry,
            PLAN_SOURCE,
            PLAN_SOURCE,
            Meaning(
                region_code="520100",
                indicator_code="rd_intensity",
                indicator_as_printed="R&D经费投入强度",
                period=str(2020 + number),
                kind="actual",
                layout="narrative",
            ),
            Place(position=f"{number}", line_start=number, line_end=number),
            printed_text="0.89%",
            number=parse_number("0.89"),
            printed_unit="%",
        )
        for number in range(1, 6)
    )


@pytest.mark.parametrize("table", sorted(schemas.RECORDS))
def test_the_columns_of_a_schema_are_the_fields_of_its_record(table: str) -> None:
    schema = getattr(schemas, f"{table}_schema")()

    assert tuple(schema.columns) == schemas.record_columns(table)
    assert schema.strict is True


def test_good_figures_enter_as_they_are(figures: Sequence[Figure]) -> None:
    accepted, refusals = schemas.admit_figures(figures)

    assert refusals == ()
    assert accepted.height == len(figures)
    assert accepted["value"].to_list() == [figure.value for figure in figures]
    assert accepted.schema["value"] == pl.Decimal(28, 10)


def test_no_figures_are_an_empty_table_with_all_columns() -> None:
    accepted, refusals = schemas.admit_figures(())

    assert (accepted.height, refusals) == (0, ())
    assert tuple(accepted.columns) == schemas.record_columns("figures")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"region_code": "贵阳"}, "region_code"),
        ({"kind": "guess"}, "kind"),
        ({"comparator": "~"}, "comparator"),
        ({"nature": "soft"}, "nature"),
        ({"strength": "weak"}, "strength"),
        ({"layout": "footnote"}, "layout"),
        ({"period": "2025年"}, "period"),
        ({"period": "2021-13"}, "period"),
        ({"period": "2021-Q5"}, "period"),
        ({"base_period": "last year"}, "base_period"),
        ({"period_basis": "felt"}, "period_basis"),
        ({"breakdown": ""}, "breakdown"),
        ({"breakdown": "government"}, "breakdown"),
        ({"variant": ""}, "variant"),
        ({"printed_text": ""}, "printed_text"),
        ({"printed_decimals": -1}, "printed_decimals"),
        ({"figure_id": "x"}, "figure_id"),
        ({"source_id": "doc_0"}, "source_id"),
        ({"address": ""}, "address"),
        ({"release_type": "leaked"}, "release_type"),
        ({"published_precision": "roughly"}, "published_precision"),
        ({"obs_status": "??"}, "obs_status"),
        ({"kind": "target"}, "target_kind is set on targets and only there"),
        ({"target_kind": "level"}, "target_kind is set on targets and only there"),
        ({"value_lo": Decimal(1)}, "interval holds the value"),
        ({"value_hi": Decimal(0)}, "interval holds the value"),
    ],
)
def test_a_bad_figure_is_refused_alone_and_says_why(
    figures: Sequence[Figure], change: dict[str, Any], column: str
) -> None:
    given = [*figures]
    given[2] = replace(given[2], **change)
    accepted, refusals = schemas.admit_figures(given)

    assert accepted["figure_id"].to_list() == [f.figure_id for f in figures if f is not figures[2]]
    assert [(r.reason_code, r.address, r.source_id) for r in refusals] == [
        ("schema_violation", given[2].address, given[2].source_id)
    ]
    assert column in refusals[0].reason


def test_several_bad_figures_are_each_refused_once_with_all_they_broke(figures: Sequence[Figure]) -> None:
    given = [*figures]
    given[0] = replace(given[0], kind="guess", layout="footnote")
    given[4] = replace(given[4], region_code="x")
    accepted, refusals = schemas.admit_figures(given)

    assert accepted.height == 3
    assert [refusal.address for refusal in refusals] == ["第1行", "第5行"]
    assert "kind" in refusals[0].reason
    assert "layout" in refusals[0].reason


@pytest.mark.parametrize(
    "period", ["2020", "2020-S1", "2020-Q4", "2020-07", "2016-2020", "2021-Q1--Q3"], ids=lambda text: text
)
def test_the_forms_of_a_period_enter(figures: Sequence[Figure], period: str) -> None:
    _, refusals = schemas.admit_figures([replace(figures[0], period=period)])

    assert refusals == ()


def test_an_unbounded_interval_enters(figures: Sequence[Figure]) -> None:
    _, refusals = schemas.admit_figures([replace(figures[0], value_lo=None, value_hi=None)])

    assert refusals == ()


def test_a_frame_with_a_wrong_type_is_our_fault_and_raises(figures: Sequence[Figure]) -> None:
    data = schemas.frame(schemas.figures_schema(), figures)

    with pytest.raises(pandera.errors.SchemaErrors):
        schemas.admit(schemas.figures_schema(), data.with_columns(pl.col("value").cast(pl.Float64)))
    with pytest.raises(pandera.errors.SchemaErrors):
        schemas.admit(schemas.figures_schema(), data.drop("cell"))
    with pytest.raises(pandera.errors.SchemaErrors):
        schemas.admit(schemas.figures_schema(), data.with_columns(pl.lit(1).alias("extra")))


def test_a_missing_value_where_one_must_be_is_refused(figures: Sequence[Figure]) -> None:
    data = schemas.frame(schemas.figures_schema(), figures)
    holed = data.with_columns(
        pl.when(pl.col("period") == "2022").then(None).otherwise(pl.col("unit")).alias("unit"),
        pl.when(pl.col("period") == "2023").then(None).otherwise(pl.col("document_id")).alias("document_id"),
    )

    assert list(schemas.admit(schemas.figures_schema(), holed).refused) == [2]


@pytest.mark.parametrize(
    ("schema", "record", "bad"),
    [
        (schemas.sources_schema, PLAN_SOURCE, {"sha256": "not a hash"}),
        (schemas.sources_schema, PLAN_SOURCE, {"kind": "letter"}),
        (schemas.sources_schema, PLAN_SOURCE, {"release_type": "leaked"}),
        (schemas.rejected_schema, REFUSAL, {"reason_code": "Two words"}),
        (schemas.rejected_schema, REFUSAL, {"reason": ""}),
    ],
)
def test_the_other_tables_are_held_to_their_schemas(schema: Any, record: Any, bad: dict[str, Any]) -> None:
    data = schemas.frame(schema(), [record, replace(record, **bad)])

    assert list(schemas.admit(schema(), data).refused) == [1]


def test_lines_keep_their_place() -> None:
    data = schemas.frame(schemas.lines_schema(), [Line(None, None, 1, "第一行"), Line("表1", None, 2, "")])

    assert schemas.admit(schemas.lines_schema(), data).refused == {}
    assert data["line"].to_list() == [1, 2]


def test_a_vocabulary_comes_from_its_seed() -> None:
    assert set(schemas.vocabulary("comparator")) == {"eq", "ge", "gt", "approx", "le", "lt", "range"}
    assert schemas.vocabulary("no such vocabulary") == ()
