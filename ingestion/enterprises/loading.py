"""Enterprise returns on their way: into the restricted zone, and their sums and counts into the lake.

What belongs here: the order of writing (zone first, then the row of the lake that makes a reading count), what of a
reading is told, sums over all deliveries of a form and year. What does not: reading (``reader``), the lake itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from ingestion import lake
from ingestion.delivery import Delivery, FileLostError
from ingestion.enterprises import aggregates, disclosure, zone
from ingestion.enterprises.forms import FORM_SEEDS, Form, Forms, load_forms
from ingestion.enterprises.places import load_changes
from ingestion.enterprises.reader import Batch, EnterpriseReading, FileRefusal, read_enterprise_return
from ingestion.enterprises.recognise import KIND
from ingestion.enterprises.relations import RelationCount, audit, foreign_column, slack_column
from ingestion.figures import Reading, Refusal, RestrictedCount, Source, hashed_id
from ingestion.registry import Registry, seed_digest
from ingestion.schemas import DECIMAL

_HERE = Path(__file__).resolve().parent
_SHARED = ("quantity.py", "registry.py", "figures.py", "schemas.py")
_RETURNS = ("open.py", "package.py", "text_tables.py", "cells.py", "headers.py")


@dataclass(frozen=True, slots=True)
class EnterpriseCode:
    """All that reading enterprise returns needs beside the delivery."""

    forms: Forms
    changes: Mapping[str, tuple[str, ...]]
    registry: Registry
    seeds: Path
    digest: str
    """Version of the reader: its own files, and the seeds that only it reads."""


def prepare(seeds: Path, registry: Registry) -> EnterpriseCode:
    """Load the forms.

    Raises:
        SeedError: one of the seeds is wrong; it holds the night also where no enterprise reports.
    """
    files = [_HERE.parent / name for name in _SHARED] + [_HERE.parent / "returns" / name for name in _RETURNS]
    own = lake.reader_digest([*files, *_HERE.glob("*.py")])
    kept = ":".join(seed_digest(seeds, name) for name in (*FORM_SEEDS, "region_changes", "regions"))
    digest = hashlib.sha256(f"{own}:{kept}".encode()).hexdigest()[:16]
    return EnterpriseCode(load_forms(seeds), load_changes(seeds), registry, seeds, digest)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """What became of the rows of a delivery."""

    recognised: int
    loaded: int
    violations: int = 0

    @property
    def refused(self) -> int:
        """Rows and files that did not load."""
        return self.recognised - self.loaded


def read(delivery: Delivery, code: EnterpriseCode) -> tuple[EnterpriseReading, Reading]:
    """Read a delivery: what goes into the zone, and what may be told of it. No content makes it raise.

    Raises:
        FileLostError: the file vanished or changed while it was read.
    """
    try:
        found = read_enterprise_return(
            delivery.content,
            delivery.file_name,
            delivery.entry,
            code.forms,
            code.registry,
            code.changes,
        )
    except FileLostError:
        raise
    except Exception as error:  # the message may quote a cell, so only its kind is told
        reason = f"读取程序在此文件上出错（{type(error).__name__}），请将文件交维护人员；其余文件已照常处理"
        found = EnterpriseReading((), (FileRefusal(None, "reader_failed", reason),))
    return found, _told(delivery, found)


def _told(delivery: Delivery, found: EnterpriseReading) -> Reading:
    """The reading as the lake may hold it: refusals of whole files and counts."""
    source = delivery.source(title=_title(found))
    refusals = tuple(
        Refusal(
            source_id=source.source_id,
            address="",
            raw_text=delivery.shown_name,
            reason_code=refusal.reason_code,
            reason=refusal.reason,
        )
        for refusal in found.refusals
    )
    counts = tuple(_batch_counts(found.batches))
    return Reading(source, (), (), refusals, (), len(refusals), restricted_counts=counts)


def _title(found: EnterpriseReading) -> str | None:
    names = [f"{batch.form.form_id}表 {batch.form.name_zh} {batch.year}年" for batch in found.batches]
    return "；".join(dict.fromkeys(names)) or None


def store(
    restricted: Path,
    lake_folder: Path,
    delivery: Delivery,
    code: EnterpriseCode,
    previous: lake.ReadingRecord | None,
    now: datetime,
) -> RowCounts:
    """Read a delivery and keep it: the zone first, then the row of the lake that makes it count."""
    on = lake.Dependencies(code.digest, "", code.registry, code.seeds)
    if delivery.withdrawn:
        found, reading = EnterpriseReading((), ()), Reading(delivery.source(), (), (), (), (), 0)
    else:
        found, reading = read(delivery, code)
    # the order of deliveries is the order in which they first came, however often they are read again
    before = zone.manifest_of(restricted, previous.reading_id) if previous is not None else None
    came = before["delivered"]["delivered_at"] if before is not None else now.isoformat()
    delivered = {"file_name": delivery.file_name, "sha256": delivery.sha256, "delivered_at": came}
    zone.store(restricted, lake.reading_id_of(delivery, previous), found, delivered)
    lake.write_reading(lake_folder, delivery, reading, on, previous, now)
    return RowCounts(found.recognised, found.loaded, sum(batch.violations for batch in found.batches))


def counts_of(restricted: Path, record: lake.ReadingRecord) -> RowCounts:
    """What became of the rows of a delivery that is not read again."""
    manifest = zone.manifest_of(restricted, record.reading_id) or {"recognised": 0, "loaded": 0}
    return RowCounts(manifest["recognised"], manifest["loaded"])


def store_aggregates(restricted: Path, lake_folder: Path, code: EnterpriseCode, now: datetime) -> None:
    """Bring the sums of every form and year up to date with its deliveries; unchanged ones are left alone."""
    known = lake.latest_readings(lake_folder)
    ids = zone.in_order_of_delivery(restricted, [record.reading_id for record in known.values()])
    groups = _by_form_and_year(zone.stored_batches(restricted, ids), code.forms)
    # what was ever there: a form whose deliveries were all withdrawn has sums no more, and must say so
    ever = _by_form_and_year(zone.stored_batches(restricted, zone.all_readings(restricted)), code.forms)
    for (form_id, form_year, year), history in sorted(ever.items()):
        form, batches = code.forms[form_id, form_year], groups.get((form_id, form_year, year), [])
        others = {
            node.form_id: groups.get((node.form_id, form_year, year), [])
            for relation in form.relations
            for node in relation.foreign
        }
        behind = [[batch.reading_id for batch in of_form] for of_form in (batches, history, *others.values())]
        sha256 = hashlib.sha256(repr((form.key, year, behind, code.digest)).encode()).hexdigest()
        if sha256 not in known:
            _store_sum(restricted, lake_folder, code, form, year, batches, others, sha256, now)


def _by_form_and_year(
    batches: Iterable[zone.StoredBatch], forms: Forms
) -> dict[tuple[str, int, int], list[zone.StoredBatch]]:
    groups: dict[tuple[str, int, int], list[zone.StoredBatch]] = {}
    for batch in batches:
        if (batch.form_id, batch.form_year) in forms:
            groups.setdefault((batch.form_id, batch.form_year, batch.year), []).append(batch)
    return groups


def _store_sum(
    restricted: Path,
    lake_folder: Path,
    code: EnterpriseCode,
    form: Form,
    year: int,
    batches: Sequence[zone.StoredBatch],
    others: Mapping[str, Sequence[zone.StoredBatch]],
    sha256: str,
    now: datetime,
) -> None:
    name = f"{form.form_id}-{form.form_year}-{year}"
    title = f"{form.form_id}表 {form.name_zh}（{form.form_year}年版）{year}年汇总"
    entry = {"file": name, "id": hashed_id("doc", KIND, *form.key, year), "title": title, "kind": KIND}
    delivery = Delivery(restricted, f"{name}-汇总", sha256, entry)
    source = _sum_source(delivery, form)
    rows = aggregates.current_units(batches) if batches else pl.DataFrame()
    sums = aggregates.aggregate(rows, form, year, source, code.registry) if rows.height else None
    figures = sums.figures if sums is not None else ()
    cells = {"told": len(figures), "withheld": sums.suppressed if sums is not None else 0}
    counts = [_count(form, year, "cells", subject, None, number) for subject, number in cells.items()]
    between = [relation for relation in form.relations if relation.foreign]
    if between and rows.height and all(others.values()):
        joined = _with_foreign(rows, form, code.forms, others)
        found = audit(joined, form, year, between)
        zone.write_findings(restricted, sha256[:20], found.findings)
        counts += [count for relation in found.counts for count in _relation_counts(form, year, relation)]
    reading = Reading(source, (), figures, (), (), len(figures), restricted_counts=tuple(counts))
    on = lake.Dependencies(code.digest, "", code.registry, code.seeds)
    lake.write_reading(lake_folder, delivery, reading, on, None, now)


def _sum_source(delivery: Delivery, form: Form) -> Source:
    return replace(delivery.source(document_number=form.document_number), file_name=delivery.file_name)


def _with_foreign(
    rows: pl.DataFrame, form: Form, forms: Forms, others: Mapping[str, Sequence[zone.StoredBatch]]
) -> pl.DataFrame:
    """The rows of a form with what its relations take from other forms, by unit."""
    for form_id, batches in others.items():
        other = forms[form_id, form.form_year]
        nodes = dict.fromkeys(
            node for relation in form.relations for node in relation.foreign if node.form_id == form_id
        )
        columns = []
        for node in nodes:
            item = other.by_code[node.code]
            value = pl.col(item.concept).sum() if node.function == "sum" else pl.len()
            columns.append(value.cast(DECIMAL).alias(foreign_column(node)))
            if node.function == "sum":
                slack = pl.len().cast(DECIMAL) * pl.lit(item.half_step, dtype=DECIMAL)
                columns.append(slack.cast(DECIMAL).alias(slack_column(node)))
        summed = aggregates.current_units(batches).group_by("unit_code").agg(columns)
        rows = rows.join(summed, on="unit_code", how="left")
    return rows


# --- counts that may be told --------------------------------------------------------------------------------


def _batch_counts(batches: Sequence[Batch]) -> Iterable[RestrictedCount]:
    """Counts of a delivery; sheets of the same form and year are counted together."""
    groups: dict[tuple[str, int, int], list[Batch]] = {}
    for batch in batches:
        groups.setdefault((*batch.form.key, batch.year), []).append(batch)
    for same in groups.values():
        form, year = same[0].form, same[0].year
        rows: Counter[str] = Counter(loaded=0)
        relations: dict[str, RelationCount] = {}
        for batch in same:
            faulty = batch.rejected.filter(pl.col("line").is_not_null()).unique("line", keep="first")
            reasons = dict(faulty["reason_code"].value_counts().iter_rows())
            rows.update({"loaded": batch.rows.height, **reasons})
            rows.update({"schema_violation": batch.violations} if batch.violations else {})
            held = batch.recognised - batch.rows.height - batch.violations - sum(reasons.values())
            rows.update({"too_many_rejected": held})
            for count in batch.audit.counts:
                before = relations.get(count.relation.relation_id, RelationCount(count.relation, 0, 0))
                relations[count.relation.relation_id] = RelationCount(
                    count.relation, before.tested + count.tested, before.failed + count.failed
                )
        told = disclosure.told_counts({subject: n for subject, n in rows.items() if n or subject == "loaded"})
        for subject, number in told.items():
            yield _told_count(form, year, "rows", subject, None, number)
        for count in relations.values():
            yield from _relation_counts(form, year, count)


def _relation_counts(form: Form, year: int, count: RelationCount) -> Iterable[RestrictedCount]:
    relation = count.relation
    told = disclosure.told_counts({"failed": count.failed, "held": count.tested - count.failed})
    yield _count(form, year, "relation_tested", relation.relation_id, relation.severity, count.tested)
    yield _told_count(form, year, "relation_failed", relation.relation_id, relation.severity, told["failed"])


def _count(form: Form, year: int, measure: str, subject: str, severity: str | None, number: int) -> RestrictedCount:
    told = disclosure.told_counts({subject: number})[subject]
    return _told_count(form, year, measure, subject, severity, told)


def _told_count(
    form: Form, year: int, measure: str, subject: str, severity: str | None, number: int | None
) -> RestrictedCount:
    return RestrictedCount(
        form_id=form.form_id,
        form_year=form.form_year,
        period=str(year),
        measure=measure,
        subject=subject,
        severity=severity,
        row_count=number,
        is_suppressed=number is None,
    )
