"""One delivery of enterprise returns, read: wide rows that may be stored, quarantined cells, findings, and counts.

What belongs here: the way from bytes to these, the gate of types in front of the zone, the threshold of a form. What
does not: storing (``zone``), sums over units (``aggregates``). Nothing that is told of a delivery quotes a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion.enterprises.codes import ALPHABET, LENGTH
from ingestion.enterprises.forms import Form, Forms
from ingestion.enterprises.header import Layout, RefusedError, find_labels, understand
from ingestion.enterprises.opening import Table, open_tables
from ingestion.enterprises.relations import Audit, audit
from ingestion.enterprises.rows import REJECTED_COLUMNS, Sorted, sort_rows
from ingestion.registry import Registry
from ingestion.returns.cells import column_letters
from ingestion.returns.open import NotOpened
from ingestion.schemas import DECIMAL

if TYPE_CHECKING:
    import pandera.polars as pa


@dataclass(frozen=True, slots=True)
class FileRefusal:
    """A file or table that is not loaded at all; ``reason`` is a Chinese sentence with a remedy and no cell content."""

    sheet: str | None
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one table of a delivery gave."""

    form: Form
    year: int
    """The reference year."""
    rows: pl.DataFrame
    rejected: pl.DataFrame
    returned: pl.DataFrame
    """Header and rows with a fault or a finding as delivered, a column of text per column of the sheet."""
    audit: Audit
    recognised: int
    """Rows of data; those that did not load are ``recognised - rows.height``."""
    violations: int = 0
    """Rows that only our own gate refused."""

    @property
    def refused(self) -> int:
        """Rows that are not loaded."""
        return self.recognised - self.rows.height


@dataclass(frozen=True, slots=True)
class EnterpriseReading:
    """A delivery read: a batch per table that could be understood, a refusal for each other."""

    batches: tuple[Batch, ...]
    refusals: tuple[FileRefusal, ...]

    @property
    def recognised(self) -> int:
        """Rows, and one for each file or table that is refused as a whole."""
        return sum(batch.recognised for batch in self.batches) + len(self.refusals)

    @property
    def loaded(self) -> int:
        """Rows that may be stored."""
        return sum(batch.rows.height for batch in self.batches)


def read_enterprise_return(
    content: bytes,
    file_name: str,
    stated: Mapping[str, Any],
    forms: Forms,
    registry: Registry,
    changes: Mapping[str, tuple[str, ...]],
) -> EnterpriseReading:
    """Read a file of enterprise returns.

    Args:
        content: the bytes as delivered.
        file_name: for a year that stands nowhere else.
        stated: what ``sources.yml`` says of the file.
        forms: all forms.
        registry: code lists.
        changes: of a ceased region those that it became.
    """
    opened = open_tables(content)
    if isinstance(opened, NotOpened):
        return EnterpriseReading((), (FileRefusal(None, opened.reason_code, opened.reason),))
    batches: list[Batch] = []
    refusals: list[FileRefusal] = []
    for table in opened:
        labels = find_labels(table.head())
        if labels is None:
            continue
        try:
            if table.hidden:
                raise RefusedError("hidden_sheet", "工作表被隐藏，没有读取；如需报送，请取消隐藏")
            layout = understand(labels, forms, registry, stated, file_name, table.sheet)
        except RefusedError as error:
            refusals.append(FileRefusal(table.sheet, error.reason_code, error.reason))
            continue
        batch = _batch(table, layout, registry, changes)
        held = _held_back(batch)
        batches.append(batch if held is None else _emptied(batch))
        if held is not None:
            refusals.append(held)
    if not batches and not refusals:
        reason = "没有找到含“统一社会信用代码”列的表头，请按报表制度的表式（一行一个单位）导出后重报"
        refusals.append(FileRefusal(None, "no_table", reason))
    return EnterpriseReading(tuple(batches), tuple(refusals))


def _batch(table: Table, layout: Layout, registry: Registry, changes: Mapping[str, tuple[str, ...]]) -> Batch:
    found = sort_rows(table, layout, registry.regions, changes)
    rows, violations = _admitted(found, layout.form)
    own = [relation for relation in layout.form.relations if not relation.foreign]
    notes = _column_notes(table, layout)
    audited = audit(rows, layout.form, layout.year, own)
    return Batch(
        form=layout.form,
        year=layout.year,
        rows=rows,
        rejected=pl.concat([found.rejected, notes]) if notes.height else found.rejected,
        returned=_returned(table, layout, [found.rejected["line"], audited.findings["line"]]),
        audit=audited,
        recognised=found.recognised,
        violations=violations,
    )


def _returned(table: Table, layout: Layout, faulty: Sequence[pl.Series]) -> pl.DataFrame:
    """What the sender is shown again: the header, and the lines named as faulty."""
    cells = table.cells.rename(
        {name: column_letters(table.first_column + n) for n, name in enumerate(table.cells.columns)}
    )
    number = pl.int_range(1, cells.height + 1, dtype=pl.Int64, eager=True)
    lines = number if table.lines is None else table.lines.cast(pl.Int64)
    wanted = (number <= layout.first_row) | lines.is_in(pl.concat(faulty).drop_nulls().unique().implode())
    sheet = pl.lit(table.sheet, dtype=pl.String).alias("sheet")
    return cells.select(sheet, pl.Series("line", lines), pl.all()).filter(wanted)


def _column_notes(table: Table, layout: Layout) -> pl.DataFrame:
    """Items of the form that the file does not have: told, because a renamed heading would leave them blank."""
    rows = [
        {
            "sheet": table.sheet,
            "concept": item.concept,
            "reason_code": "column_absent",
            "reason": f"文件中没有“{item.name_zh}”一列，该指标按空处理；如已填报，请核对表头写法",
        }
        for item in layout.missing_items
    ]
    return pl.DataFrame(rows, schema=REJECTED_COLUMNS)


def _held_back(batch: Batch) -> FileRefusal | None:
    """Whether so much of a table is faulty that none of it is believed."""
    limit = batch.form.max_rejected_share
    if not batch.recognised or Decimal(batch.refused) <= limit * batch.recognised:
        return None
    share = Decimal(100) * batch.refused / batch.recognised
    return FileRefusal(
        None,
        "too_many_rejected",
        f"{batch.form.form_id}表{batch.recognised}行中有{batch.refused}行有误（{share:.1f}%），超过该表允许的"
        f"{limit * 100:.0f}%，整个文件暂不入库；请按受限区的退回清单更正后重报",
    )


def _emptied(batch: Batch) -> Batch:
    """A batch that is held back: its faults are kept, no row is."""
    none = batch.rows.clear()
    return replace(batch, rows=none, audit=audit(none, batch.form, batch.year, ()), violations=0)


def wide_schema(form: Form) -> pa.DataFrameSchema:
    """The gate in front of the restricted zone: types, codes, required items, lower limits."""
    import pandera.polars as pa

    text = pl.String
    columns: dict[str, pa.Column] = {
        item.concept: pa.Column(DECIMAL if item.is_number else text, nullable=item.nullable) for item in form.items
    }
    columns["unit_code"] = pa.Column(text, pa.Check.str_matches(rf"^[{ALPHABET}]{{{LENGTH}}}$"))
    columns |= {
        "region_code": pa.Column(text, pa.Check.str_matches(r"^[0-9A-Z-]{6,12}$")),
        "is_successor": pa.Column(pl.Boolean),
        "industry_letter": pa.Column(text, pa.Check.str_matches(r"^[A-T]$")),
        "sheet": pa.Column(text, nullable=True),
        "line": pa.Column(pl.Int64),
    }
    limited = [(item.concept, item.minimum) for item in form.items if item.minimum is not None]

    def above(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(
            pl.all_horizontal(pl.col(name).is_null() | (pl.col(name) >= minimum) for name, minimum in limited)
        )

    return pa.DataFrameSchema(
        columns, checks=pa.Check(above, name="not below the minimum") if limited else None, strict=True
    )


def _admitted(found: Sorted, form: Form) -> tuple[pl.DataFrame, int]:
    """Rows that satisfy the schema, and how many did not: a fault of ours, since every cell was looked at before."""
    from pandera.errors import SchemaErrors

    rows = found.good
    schema = wide_schema(form)
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].is_null().any():
            raise
        bad = cases["index"].cast(pl.Int64).unique()
        kept = pl.Series(range(rows.height)).is_in(bad.implode()).not_()
        return rows.filter(kept), rows.height - int(kept.sum())
    return rows, 0
