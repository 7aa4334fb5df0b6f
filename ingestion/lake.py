"""The lake: what was read, as Parquet, one file per reading and table; the only thing between Python and dbt.

What belongs here: writing a reading so that a death leaves either all of it or none, finding the latest reading of a
delivery, deciding whether it must be read again. What does not: reading documents, SQL.

A reading is complete once its row in ``sources`` exists; that file is written last. Nothing is ever overwritten: a
new reading of the same delivery is a new set of files with a higher ``sequence``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from ingestion import schemas
from ingestion.delivery import Delivery
from ingestion.figures import Reading, Refusal
from ingestion.quantity import squeeze
from ingestion.registry import Registry
from ingestion.sequences import Packer, batches

TABLES = (
    "figures",
    "rejected",
    "origins",
    "definitions",
    "directional_statements",
    "stated_relations",
    "relation_operands",
    "restricted_counts",
    "lines",
    "sources",
)
"""Tables of a reading in the order of writing; ``sources`` last, because it makes the reading complete."""

_READING_COLUMNS: dict[str, pl.DataType] = {
    "reading_id": pl.String(),
    "sequence": pl.Int64(),
    "recorded_at": pl.Datetime("us"),
    "reader_digest": pl.String(),
    "entry_digest": pl.String(),
    "corrections_digest": pl.String(),
    "seed_digests": pl.String(),
    "indicator_codes": pl.String(),
    "withdrawn": pl.Boolean(),
    "recognised": pl.Int64(),
    "loaded": pl.Int64(),
    "refused": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """The latest reading of one delivery: what it depended on."""

    reading_id: str
    sequence: int
    recorded_at: datetime
    reader_digest: str
    entry_digest: str
    corrections_digest: str
    seed_digests: Mapping[str, str]
    indicator_codes: frozenset[str]
    recognised: int
    loaded: int
    refused: int


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a reading would depend on tonight."""

    reader_digest: str
    corrections_digest: str
    registry: Registry
    seeds: Path


def ensure(lake: Path) -> None:
    """Create the table folders, each with an empty file of its schema so that a scan always finds one."""
    for table in TABLES:
        folder = lake / table
        folder.mkdir(parents=True, exist_ok=True)
        empty = folder / "_empty.parquet"
        if not empty.exists():
            _write([pl.DataFrame(schema=_columns(table))], empty)
    (lake / "seeds").mkdir(exist_ok=True)
    # What a reading that died left half-written; the lock of the home says that nobody is writing now.
    for leftover in lake.rglob(".*.tmp"):
        leftover.unlink(missing_ok=True)


def latest_readings(lake: Path) -> dict[str, ReadingRecord]:
    """The latest complete reading of every delivery, by sha256."""
    rows = pl.read_parquet(lake / "sources" / "*.parquet", columns=["sha256", *_READING_COLUMNS])
    records: dict[str, ReadingRecord] = {}
    for row in rows.sort("sequence").iter_rows(named=True):
        records[row["sha256"]] = _record(row)
    return records


def _record(row: Mapping[str, Any]) -> ReadingRecord:
    return ReadingRecord(
        reading_id=row["reading_id"],
        sequence=row["sequence"],
        recorded_at=row["recorded_at"],
        reader_digest=row["reader_digest"],
        entry_digest=row["entry_digest"],
        corrections_digest=row["corrections_digest"],
        seed_digests=json.loads(row["seed_digests"]),
        indicator_codes=frozenset(json.loads(row["indicator_codes"])),
        recognised=row["recognised"],
        loaded=row["loaded"],
        refused=row["refused"],
    )


def stale_reason(lake: Path, delivery: Delivery, record: ReadingRecord | None, on: Dependencies) -> str | None:
    """Why a delivery must be read (again), or None when its latest reading still holds.

    A changed seed touches a reading only where one of the words of a changed row is printed in the source, or a
    changed indicator is one of its own.
    """
    if record is None:
        return "new"
    if record.reader_digest != on.reader_digest:
        return "reader changed"
    if record.entry_digest != delivery.entry_digest:
        return "sources.yml changed"
    if record.corrections_digest != on.corrections_digest:
        return "corrections changed"
    for seed, digest in on.registry.digests.items():
        before = record.seed_digests.get(seed)
        if before != digest and _seed_touches(lake, record, seed, before, on.seeds):
            return f"seed {seed} changed"
    return None


def write_reading(
    lake: Path, delivery: Delivery, reading: Reading, on: Dependencies, previous: ReadingRecord | None, now: datetime
) -> ReadingRecord:
    """Store one reading and say what was stored. ``now`` is the time of the night, UTC."""
    # A clock that jumped back must not reorder what we knew.
    recorded_at = max(now, previous.recorded_at.replace(tzinfo=UTC)) if previous is not None else now
    sequence = previous.sequence + 1 if previous is not None else 1
    reading_id = reading_id_of(delivery, previous)
    figures = lake / "figures" / f"{reading_id}.parquet"
    violations = _write_figures(reading, {"reading_id": reading_id}, figures)
    codes = {figure.indicator_code for figure in reading.figures}
    codes |= {statement.indicator_code for statement in reading.directional_statements}
    codes |= {relation.indicator_code for relation in reading.stated_relations}
    facts = {
        "reading_id": reading_id,
        "sequence": sequence,
        "recorded_at": recorded_at.astimezone(UTC).replace(tzinfo=None),
        "reader_digest": on.reader_digest,
        "entry_digest": delivery.entry_digest,
        "corrections_digest": on.corrections_digest,
        "seed_digests": json.dumps(dict(on.registry.digests), sort_keys=True),
        "indicator_codes": json.dumps(sorted(code for code in codes if code)),
        "withdrawn": delivery.withdrawn,
        "recognised": reading.recognised,
        "loaded": len(reading.figures) - len(violations),
        "refused": len(reading.refusals) + len(violations),
    }
    tables = {
        "rejected": schemas.frames(schemas.rejected_schema(), chain(reading.refusals, violations)),
        "origins": schemas.frames(schemas.sources_schema(), reading.origins),
        "definitions": schemas.frames(schemas.definitions_schema(), reading.definitions),
        "directional_statements": schemas.frames(
            schemas.directional_statements_schema(), reading.directional_statements
        ),
        "stated_relations": schemas.frames(schemas.stated_relations_schema(), reading.stated_relations),
        "relation_operands": schemas.frames(schemas.relation_operands_schema(), reading.relation_operands),
        "restricted_counts": schemas.frames(schemas.restricted_counts_schema(), reading.restricted_counts),
        "lines": schemas.frames(schemas.lines_schema(), reading.lines),
        "sources": schemas.frames(schemas.sources_schema(), [reading.source]),
    }
    for seed, digest in on.registry.digests.items():
        _keep_seed(lake, seed, digest, on.seeds)
    for table, frames in tables.items():
        extra = facts if table == "sources" else {"reading_id": reading_id}
        _write(_marked(frames, extra), lake / table / f"{reading_id}.parquet")
    return _record(facts)


def reading_id_of(delivery: Delivery, previous: ReadingRecord | None) -> str:
    """Id of the next reading of a delivery."""
    return f"{delivery.sha256[:20]}-{previous.sequence + 1 if previous is not None else 1:04d}"


def _write_figures(reading: Reading, extra: Mapping[str, Any], target: Path) -> Sequence[Refusal]:
    """Write the figures that may enter, batch by batch, and give a refusal for each that may not."""
    violations = Packer(Refusal)

    def admitted() -> Iterator[pl.DataFrame]:
        for batch in batches(reading.figures, schemas.BATCH):
            accepted, refused = schemas.admit_figures(batch)
            for refusal in refused:
                violations.add(refusal)
            yield accepted

    _write(_marked(admitted(), extra), target)
    return violations.done()


def _marked(frames: Iterable[pl.DataFrame], extra: Mapping[str, Any]) -> Iterator[pl.DataFrame]:
    """The frames with the facts of their reading on every row."""
    columns = [pl.lit(value, dtype=_READING_COLUMNS[name]).alias(name) for name, value in extra.items()]
    return (data.with_columns(columns) for data in frames)


def write_table(lake: Path, name: str, data: pl.DataFrame) -> Path:
    """Replace a table that the night derives anew (rules, finding statuses, check results)."""
    target = lake / "night" / f"{name}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write([data], target)
    return target


def reader_digest(modules: Iterable[Path]) -> str:
    """Version of a reader: the hash of its own source files, so that no change is forgotten."""
    digest = hashlib.sha256()
    for path in sorted(modules):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _columns(table: str) -> dict[str, pl.DataType]:
    schema = {
        "figures": schemas.figures_schema,
        "rejected": schemas.rejected_schema,
        "origins": schemas.sources_schema,
        "definitions": schemas.definitions_schema,
        "directional_statements": schemas.directional_statements_schema,
        "stated_relations": schemas.stated_relations_schema,
        "relation_operands": schemas.relation_operands_schema,
        "restricted_counts": schemas.restricted_counts_schema,
        "lines": schemas.lines_schema,
        "sources": schemas.sources_schema,
    }[table]()
    own = {name: column.dtype.type for name, column in schema.columns.items()}
    return {**own, **(_READING_COLUMNS if table == "sources" else {"reading_id": pl.String()})}


def _write(frames: Iterable[pl.DataFrame], target: Path) -> None:
    """Write frames of one schema, one after the other, so that the target is either whole or not there."""
    from pyarrow.parquet import ParquetWriter  # heavy, and whoever only reads does not need it

    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    following = iter(frames)
    first = next(following).to_arrow()
    with ParquetWriter(temporary, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for data in following:
            writer.write_table(data.to_arrow())
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(target)


def _keep_seed(lake: Path, seed: str, digest: str, seeds: Path) -> None:
    target = lake / "seeds" / f"{seed}-{digest}.csv"
    if not target.exists():
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        shutil.copyfile(seeds / f"{seed}.csv", temporary)
        temporary.replace(target)


# Columns of a seed row whose words, when printed in a source, tie the source to that row.
_SEED_WORDS = {
    "indicator_aliases": ("alias",),
    "units": ("unit", "spellings"),
    "breakdowns": ("breakdown", "labels", "name_zh"),
    "regions": ("region_code", "name_zh", "short_names"),
}


def _seed_touches(lake: Path, record: ReadingRecord, seed: str, before: str | None, seeds: Path) -> bool:
    old = lake / "seeds" / f"{seed}-{before}.csv"
    if not old.exists():
        return True
    changed = _changed_rows(old, seeds / f"{seed}.csv")
    if seed == "region_changes":
        return bool(changed)  # what a name of old means now depends on it, whichever name is printed
    if seed == "indicators":
        return any(row.get("indicator_code") in record.indicator_codes for row in changed)
    words = {
        squeeze(word)
        for row in changed
        for column in _SEED_WORDS[seed]
        for word in (row.get(column) or "").split("|")
        if word
    }
    text = _printed_text(lake, record.reading_id)
    return any(word in text for word in words)


def _changed_rows(old: Path, new: Path) -> list[dict[str, str]]:
    before, after = _seed_rows(old), _seed_rows(new)
    keys = before.keys() ^ after.keys()
    return [before.get(key) or after[key] for key in keys]


def _seed_rows(path: Path) -> dict[tuple[str, ...], dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {tuple(row.values()): row for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _printed_text(lake: Path, reading_id: str) -> str:
    lines = pl.read_parquet(lake / "lines" / f"{reading_id}.parquet", columns=["text"])["text"]
    return squeeze(str(lines.str.join().item()))
