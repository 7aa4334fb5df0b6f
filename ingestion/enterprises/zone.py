"""The restricted zone: what enterprises reported, wide, with its quarantine and its findings; for the owner only.

One folder per reading of a delivery, made aside and renamed as a whole, so that a death leaves all of it or none;
nothing is ever changed there. A reading counts once its row stands in the lake; a folder without one is the leftover of
a dead night. What does not belong here: reading returns (``reader``), what may leave the zone (``aggregates``).

``returns/<reading_id>/<n>-<form>-<form year>-<reference year>/`` holds ``units.parquet`` (one column per item),
``rejected.parquet``, ``findings.parquet`` and ``returned.parquet`` (the rows of these two as delivered);
``delivery.json`` beside them says what was delivered. ``exports/`` holds the workbooks that senders get back.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.enterprises.forms import Form
from ingestion.enterprises.reader import Batch, EnterpriseReading

_FOLDER, _FILE = 0o700, 0o600
_MANIFEST = "delivery.json"


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as it lies in the zone."""

    reading_id: str
    folder: Path
    form_id: str
    form_year: int
    year: int
    recognised: int
    loaded: int

    def units(self) -> pl.DataFrame:
        """Its rows."""
        return pl.read_parquet(self.folder / "units.parquet", glob=False)


def store(zone: Path, reading_id: str, reading: EnterpriseReading, delivered: Mapping[str, Any]) -> None:
    """Write a reading of a delivery; a leftover of the same name is replaced.

    Args:
        zone: the restricted folder of the home.
        reading_id: as in the lake.
        reading: what was read.
        delivered: what the delivery was (file name, sha256) and when it first came (``delivered_at``).
    """
    target = zone / "returns" / reading_id
    partial = target.with_name(f".{reading_id}.{os.getpid()}.tmp")
    shutil.rmtree(partial, ignore_errors=True)
    for folder in (zone, target.parent, partial):
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    try:
        batches = []
        for number, batch in enumerate(reading.batches, start=1):
            name = f"{number}-{batch.form.form_id}-{batch.form.form_year}-{batch.year}"
            _write_batch(partial / name, batch)
            batches.append({"folder": name, **_facts(batch)})
        manifest = {
            "delivered": dict(delivered),
            "recognised": reading.recognised,
            "loaded": reading.loaded,
            "batches": batches,
            "refusals": [
                {"sheet": refusal.sheet, "reason_code": refusal.reason_code, "reason": refusal.reason}
                for refusal in reading.refusals
            ],
        }
        _write_bytes(partial / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        _sync(partial)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_findings(zone: Path, name: str, findings: pl.DataFrame) -> None:
    """Keep the findings of relations between forms, under the name of the reading that they belong to."""
    folder = zone / "relations_between_forms"
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _write_frame(folder / f"{name}.parquet", findings)


def stored_batches(zone: Path, reading_ids: Collection[str]) -> Iterator[StoredBatch]:
    """The batches of the given readings, in the order of the readings."""
    for reading_id in reading_ids:
        manifest = manifest_of(zone, reading_id)
        for batch in manifest["batches"] if manifest is not None else ():
            yield StoredBatch(
                reading_id=reading_id,
                folder=zone / "returns" / reading_id / batch["folder"],
                form_id=batch["form_id"],
                form_year=batch["form_year"],
                year=batch["year"],
                recognised=batch["recognised"],
                loaded=batch["loaded"],
            )


def in_order_of_delivery(zone: Path, reading_ids: Collection[str]) -> list[str]:
    """Those of the readings that lie in the zone, the delivery that first came first."""
    manifests = {reading_id: manifest_of(zone, reading_id) for reading_id in reading_ids}
    came = {name: found["delivered"]["delivered_at"] for name, found in manifests.items() if found is not None}
    return sorted(came, key=lambda name: (came[name], name))


def all_readings(zone: Path) -> list[str]:
    """All readings of the zone, also those that later ones replaced."""
    return sorted(path.parent.name for path in (zone / "returns").glob(f"*/{_MANIFEST}"))


def manifest_of(zone: Path, reading_id: str) -> dict[str, Any] | None:
    """What a reading gave, None where it is not in the zone."""
    path = zone / "returns" / reading_id / _MANIFEST
    if not path.is_file():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def tidy(zone: Path, latest: Mapping[str, int]) -> None:
    """Remove what dead nights left: unfinished folders, and readings that never became complete.

    Args:
        zone: the restricted folder of the home; the caller holds its lock.
        latest: of each delivery (first 20 digits of its sha256) the number of its latest complete reading. Earlier
            ones stay: what enterprises reported is kept longer than the lake keeps superseded readings.
    """
    for folder in (zone / "returns").iterdir() if (zone / "returns").is_dir() else ():
        delivery, _, sequence = folder.name.rpartition("-")
        if folder.name.startswith(".") or (sequence.isdigit() and int(sequence) > latest.get(delivery, 0)):
            shutil.rmtree(folder, ignore_errors=True)
    for file in zone.rglob(".*.tmp"):
        file.unlink(missing_ok=True)


def _facts(batch: Batch) -> dict[str, Any]:
    form: Form = batch.form
    return {
        "form_id": form.form_id,
        "form_year": form.form_year,
        "year": batch.year,
        "recognised": batch.recognised,
        "loaded": batch.rows.height,
    }


def _write_batch(folder: Path, batch: Batch) -> None:
    folder.mkdir(mode=_FOLDER)
    _write_frame(folder / "units.parquet", batch.rows)
    _write_frame(folder / "rejected.parquet", batch.rejected)
    _write_frame(folder / "returned.parquet", batch.returned)
    _write_frame(folder / "findings.parquet", batch.audit.findings)
    _sync(folder)


def _write_frame(path: Path, data: pl.DataFrame) -> None:
    """Write so that the target is either whole or not there, and nobody else ever reads it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE), "wb") as file:
        # level 1 takes half the time of the default and four per cent more room
        data.write_parquet(file, compression="zstd", compression_level=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _write_bytes(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
