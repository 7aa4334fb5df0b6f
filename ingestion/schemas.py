"""What may enter the lake: one pandera schema per table, and the split of good rows from refused ones.

The schema is the only list of lake columns; the Parquet types derive from it. What does not belong here: what the
figures say about each other (rules, in the warehouse), or whether a number is plausible: a printed figure is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion.figures import (
    Definition,
    DirectionalStatement,
    Figure,
    Line,
    Refusal,
    RelationOperand,
    RestrictedCount,
    Source,
    StatedRelation,
)
from ingestion.quantity import SCALE
from ingestion.registry import SEEDS
from ingestion.sequences import batches

# pandera takes seconds to import and a night that reads nothing new does not need it.
if TYPE_CHECKING:
    import pandera.polars as pa

BATCH = 5_000
"""Records that are checked and written at a time, so that the memory does not grow with a document."""
DECIMAL = pl.Decimal(28, SCALE)
PERIOD = r"^\d{4}(?:-(?:S[12]|Q[1-4](?:--Q[2-4])?|(?:0[1-9]|1[0-2])|\d{4}))?$"
"""``2020``, ``2020-S1``, ``2020-Q1``, ``2020-07``, span ``2016-2020``, cumulative ``2021-Q1--Q3``."""


@cache
def vocabulary(name: str) -> tuple[str, ...]:
    """The codes of one vocabulary, from its seed."""
    with (SEEDS / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["code"] for row in csv.DictReader(file) if row["vocabulary"] == name)


def _text(*checks: pa.Check, nullable: bool = False) -> pa.Column:
    import pandera.polars as pa

    return pa.Column(pl.String, checks=list(checks), nullable=nullable)


def _code(name: str, *, nullable: bool = False) -> pa.Column:
    import pandera.polars as pa

    return _text(pa.Check.isin(list(vocabulary(name)), name=f"in vocabulary {name}"), nullable=nullable)


def _ordered(data: pa.PolarsData) -> pl.LazyFrame:
    """The rounding interval holds the value: lo <= value <= hi, where bounded."""
    inside = (pl.col("value_lo").is_null() | (pl.col("value_lo") <= pl.col("value"))) & (
        pl.col("value_hi").is_null() | (pl.col("value") <= pl.col("value_hi"))
    )
    return data.lazyframe.select(inside)


def _target_has_kind(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select((pl.col("kind") == "target") == pl.col("target_kind").is_not_null())


@cache
def figures_schema() -> pa.DataFrameSchema:
    """The gate for figures: types, vocabularies, forms of codes and periods, interval around the value."""
    import pandera.polars as pa

    integer = pa.Column(pl.Int64, nullable=True)
    decimal = pa.Column(DECIMAL)
    decimal_or_null = pa.Column(DECIMAL, nullable=True)
    return pa.DataFrameSchema(
        columns={
            "figure_id": pa.Column(pl.String, pa.Check.str_startswith("fig_")),
            "position": _text(pa.Check.str_length(min_value=1)),
            "source_id": _text(pa.Check.str_startswith("src_")),
            "origin_id": _text(),
            "document_id": _text(),
            "region_code": _text(pa.Check.str_matches(r"^[0-9A-Z+-]{6,12}$")),
            "scope_note": _text(nullable=True),
            "indicator_code": _text(nullable=True),
            "variant": _text(pa.Check.str_length(min_value=1)),
            "breakdown": _text(pa.Check.str_matches(r"^(_T|\w+=\w+(;\w+=\w+)*)$")),
            "indicator_as_printed": _text(),
            "period": _text(pa.Check.str_matches(PERIOD)),
            "period_basis": _code("period_basis"),
            "base_period": _text(pa.Check.str_matches(PERIOD), nullable=True),
            "kind": _code("kind"),
            "target_kind": _code("target_kind", nullable=True),
            "comparator": _code("comparator"),
            "nature": _code("nature"),
            "strength": _code("strength", nullable=True),
            "statement_id": _text(nullable=True),
            "printed_text": _text(pa.Check.str_length(min_value=1)),
            "printed_value": decimal,
            "printed_value_hi": decimal_or_null,
            "printed_unit": _text(nullable=True),
            "printed_decimals": pa.Column(pl.Int64, pa.Check.in_range(0, 30)),
            "value": decimal,
            "value_lo": decimal_or_null,
            "value_hi": decimal_or_null,
            "lo_closed": pa.Column(pl.Boolean),
            "hi_closed": pa.Column(pl.Boolean),
            "unit": _text(nullable=True),
            "layout": _code("layout"),
            "section": _text(nullable=True),
            "line_start": integer,
            "line_end": integer,
            "page": integer,
            "sheet": _text(nullable=True),
            "cell": _text(nullable=True),
            "address": _text(pa.Check.str_length(min_value=1)),
            "published_at": pa.Column(pl.Date, nullable=True),
            "published_precision": _code("published_precision"),
            "release_type": _code("release_type"),
            "obs_status": _code("obs_status"),
        },
        checks=[
            pa.Check(_ordered, name="interval holds the value"),
            pa.Check(_target_has_kind, name="target_kind is set on targets and only there"),
        ],
        # Uniqueness of figure_id is not a row's fault but ours: it is tested in the warehouse and holds the night.
        strict=True,
    )


@cache
def sources_schema() -> pa.DataFrameSchema:
    """Deliveries and cited publications."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        columns={
            "source_id": _text(),
            "document_id": _text(),
            "file_name": _text(nullable=True),
            "sha256": _text(pa.Check.str_matches(r"^[0-9a-f]{64}$"), nullable=True),
            "title": _text(),
            "publisher": _text(nullable=True),
            "document_number": _text(nullable=True),
            "region_code": _text(nullable=True),
            "published_at": pa.Column(pl.Date, nullable=True),
            "published_precision": _code("published_precision"),
            "release_type": _code("release_type"),
            "kind": _text(pa.Check.isin(["plan", "return", "enterprise_return", "origin"])),
            "inferred": _text(),
        },
        strict=True,
    )


@cache
def rejected_schema() -> pa.DataFrameSchema:
    """What was not loaded, and why."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        columns={
            "source_id": _text(),
            "address": _text(),
            "raw_text": _text(),
            "reason_code": _text(pa.Check.str_matches(r"^[a-z][a-z0-9_]*$")),
            "reason": _text(pa.Check.str_length(min_value=1)),
            "position": _text(),
        },
        strict=True,
    )


@cache
def lines_schema() -> pa.DataFrameSchema:
    """The lines of a source as they stand there."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        columns={
            "sheet": _text(nullable=True),
            "page": pa.Column(pl.Int64, nullable=True),
            "line": pa.Column(pl.Int64),
            "text": _text(),
            "start": pa.Column(pl.Int64, nullable=True),
        },
        strict=True,
    )


@cache
def definitions_schema() -> pa.DataFrameSchema:
    """Definitions that the glossaries of documents give of our indicators."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        columns={
            "source_id": _text(),
            "term": _text(),
            "indicator_code": _text(),
            "definition": _text(pa.Check.str_length(min_value=1)),
            "numerator_code": _text(nullable=True),
            "denominator_code": _text(nullable=True),
            "line": pa.Column(pl.Int64),
            "address": _text(pa.Check.str_length(min_value=1)),
        },
        strict=True,
    )


@cache
def directional_statements_schema() -> pa.DataFrameSchema:
    """Targets that are a direction without a number."""
    import pandera.polars as pa

    integer = pa.Column(pl.Int64, nullable=True)
    return pa.DataFrameSchema(
        columns={
            "statement_id": _text(pa.Check.str_startswith("stm_")),
            "position": _text(pa.Check.str_length(min_value=1)),
            "source_id": _text(pa.Check.str_startswith("src_")),
            "document_id": _text(),
            "region_code": _text(pa.Check.str_matches(r"^[0-9A-Z+-]{6,12}$")),
            "scope_note": _text(nullable=True),
            "indicator_code": _text(),
            "variant": _text(pa.Check.str_length(min_value=1)),
            "breakdown": _text(pa.Check.str_matches(r"^(_T|\w+=\w+(;\w+=\w+)*)$")),
            "indicator_as_printed": _text(),
            "period": _text(pa.Check.str_matches(PERIOD)),
            "period_basis": _code("period_basis"),
            "direction": _code("statement_direction"),
            "strength": _code("strength"),
            "printed_text": _text(pa.Check.str_length(min_value=1)),
            "section": _text(nullable=True),
            "line_start": integer,
            "line_end": integer,
            "page": integer,
            "address": _text(pa.Check.str_length(min_value=1)),
        },
        strict=True,
    )


@cache
def stated_relations_schema() -> pa.DataFrameSchema:
    """What documents say of figures by means of another number."""
    import pandera.polars as pa

    integer = pa.Column(pl.Int64, nullable=True)
    number = pa.Column(DECIMAL, nullable=True)
    flag = pa.Column(pl.Boolean, nullable=True)
    period = _text(pa.Check.str_matches(PERIOD), nullable=True)
    return pa.DataFrameSchema(
        columns={
            "relation_id": _text(pa.Check.str_startswith("rel_")),
            "position": _text(pa.Check.str_length(min_value=1)),
            "source_id": _text(pa.Check.str_startswith("src_")),
            "document_id": _text(),
            "region_code": _text(pa.Check.str_matches(r"^[0-9A-Z+-]{6,12}$")),
            "indicator_code": _text(nullable=True),
            "variant": _text(pa.Check.str_length(min_value=1)),
            "breakdown": _text(pa.Check.str_matches(r"^(_T|\w+=\w+(;\w+=\w+)*)$")),
            "indicator_as_printed": _text(),
            "relation_kind": _code("relation_kind"),
            "coverage": _code("coverage", nullable=True),
            "wording": _text(nullable=True),
            "direction": _code("statement_direction", nullable=True),
            "period": period,
            "base_period": period,
            "named_period": period,
            "stated_years": integer,
            "printed_text": _text(pa.Check.str_length(min_value=1)),
            "value": number,
            "value_lo": number,
            "value_hi": number,
            "lo_closed": flag,
            "hi_closed": flag,
            "unit": _text(nullable=True),
            "figure_id": _text(pa.Check.str_startswith("fig_"), nullable=True),
            "section": _text(nullable=True),
            "line_start": integer,
            "line_end": integer,
            "page": integer,
            "address": _text(pa.Check.str_length(min_value=1)),
        },
        strict=True,
    )


@cache
def relation_operands_schema() -> pa.DataFrameSchema:
    """The numbers that stated relations speak of."""
    import pandera.polars as pa

    return pa.DataFrameSchema(
        columns={
            "relation_id": _text(pa.Check.str_startswith("rel_")),
            "ordinal": pa.Column(pl.Int64),
            "role": _code("operand_role"),
            "label": _text(),
            "printed_text": _text(pa.Check.str_length(min_value=1)),
            "times": pa.Column(pl.Int64, pa.Check.ge(1)),
            "value": pa.Column(DECIMAL),
            "value_lo": pa.Column(DECIMAL),
            "value_hi": pa.Column(DECIMAL),
            "figure_id": _text(pa.Check.str_startswith("fig_"), nullable=True),
        },
        strict=True,
    )


@cache
def restricted_counts_schema() -> pa.DataFrameSchema:
    """Counts of what lies in the restricted zone; a withheld one has no number."""
    import pandera.polars as pa

    def withheld(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("is_suppressed") == pl.col("row_count").is_null())

    return pa.DataFrameSchema(
        columns={
            "form_id": _text(),
            "form_year": pa.Column(pl.Int64),
            "period": _text(pa.Check.str_matches(PERIOD)),
            "measure": _code("measure"),
            "subject": _text(),
            "severity": _code("severity", nullable=True),
            "row_count": pa.Column(pl.Int64, pa.Check.ge(0), nullable=True),
            "is_suppressed": pa.Column(pl.Boolean),
        },
        checks=pa.Check(withheld, name="suppressed where there is no number"),
        strict=True,
    )


@dataclass(frozen=True)
class Gate:
    """Outcome of a gate: rows that may enter, and for each kept-out row its index and the checks it failed."""

    accepted: pl.DataFrame
    refused: dict[int, str]


def frame(schema: pa.DataFrameSchema, records: Sequence[Any]) -> pl.DataFrame:
    """Dataclass records as a frame with the column types of a schema."""
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    return pl.DataFrame({name: [getattr(record, name) for record in records] for name in types}, schema=types)


def frames(schema: pa.DataFrameSchema, records: Iterable[Any]) -> Iterator[pl.DataFrame]:
    """The same in frames of ``BATCH`` rows; at least one, be it empty."""
    return (frame(schema, batch) for batch in batches(records, BATCH))


def admit(schema: pa.DataFrameSchema, data: pl.DataFrame) -> Gate:
    """Split rows that satisfy the schema from rows that do not; types must already fit.

    Raises:
        SchemaErrors: a column is missing or has another type: our own fault, not a row's.
    """
    from pandera.errors import SchemaErrors

    try:
        schema.validate(data, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].is_null().any():
            raise
        refused: dict[int, str] = {}
        for case in cases.iter_rows(named=True):
            row, failed = int(case["index"]), f"{case['column']}: {case['check']}"
            refused[row] = f"{refused[row]}; {failed}" if row in refused else failed
        keep = pl.Series([index not in refused for index in range(data.height)], dtype=pl.Boolean)
        return Gate(data.filter(keep), dict(sorted(refused.items())))
    return Gate(data, {})


def admit_figures(figures: Sequence[Figure]) -> tuple[pl.DataFrame, tuple[Refusal, ...]]:
    """The figures that may enter the lake, and a refusal for each that may not."""
    gate = admit(figures_schema(), frame(figures_schema(), figures))
    refusals = tuple(
        Refusal(
            source_id=figures[index].source_id,
            address=figures[index].address,
            raw_text=figures[index].printed_text,
            reason_code="schema_violation",
            reason=f"入湖校验未通过（{checks}）；请将此文件交维护人员检查读取程序",
        )
        for index, checks in gate.refused.items()
    )
    return gate.accepted, refusals


RECORDS = {
    "figures": Figure,
    "sources": Source,
    "rejected": Refusal,
    "lines": Line,
    "definitions": Definition,
    "directional_statements": DirectionalStatement,
    "stated_relations": StatedRelation,
    "relation_operands": RelationOperand,
    "restricted_counts": RestrictedCount,
}
"""Lake table → the record of which it holds one row each; a test keeps them and the schemas equal."""


def record_columns(table: str) -> tuple[str, ...]:
    """Names of the fields of a table's record."""
    return tuple(field.name for field in fields(RECORDS[table]))
