"""Reading the landing folders into the lake: which reader, which deliveries, what changed.

What belongs here: the choice of a reader and its version, the loop over deliveries. What does not: how a document or
workbook is read (``plans``, ``returns``), how a reading is stored (``lake``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingestion import corrections, lake
from ingestion.delivery import Delivery, FileLostError, inventory
from ingestion.enterprises import loading, zone
from ingestion.enterprises.recognise import KIND as ENTERPRISES
from ingestion.figures import Reading, Refusal
from ingestion.plans.reader import read_plan
from ingestion.registry import SEEDS, Registry, load_registry
from ingestion.returns.reader import read_return

_HERE = Path(__file__).resolve().parent
_SHARED = ("quantity.py", "registry.py", "figures.py", "sequences.py", "schemas.py", "corrections.py")
_READERS: dict[str, tuple[Callable[[Delivery, Registry], Reading], tuple[str, ...]]] = {
    "plan": (read_plan, ("documents", "plans")),
    "return": (read_return, ("returns",)),
}


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What the night did with one delivery."""

    file_name: str
    kind: str
    why: str | None
    """Why it was read, or None: unchanged since its latest reading."""
    recognised: int
    loaded: int
    refused: int
    violations: int = 0
    """How many of the refused broke the schema of the lake: our reader's fault, shown as such."""
    lost: Refusal | None = None
    """Why the file could not be read tonight, whatever it holds: it vanished or changed meanwhile."""


def read_delivery(delivery: Delivery, registry: Registry) -> Reading:
    """Read one delivery with the reader of its kind; a withdrawn one has no figures any more."""
    if delivery.withdrawn:
        return Reading(delivery.source(), (), (), (), (), 0)
    if delivery.kind == ENTERPRISES:
        return loading.read(delivery, loading.prepare(SEEDS, registry))[1]
    read, _ = _READERS[delivery.kind]
    return read(delivery, registry)


def reader_version(kind: str) -> str:
    """Version of the reader of a kind: the hash of its own source files."""
    _, packages = _READERS[kind]
    files = [_HERE / name for name in _SHARED]
    files += [path for package in packages for path in sorted((_HERE / package).rglob("*.py"))]
    return lake.reader_digest(files)


def read_landing(
    landings: Iterable[Path],
    lake_folder: Path,
    now: datetime,
    *,
    seeds: Path = SEEDS,
    register: Path = corrections.REGISTER,
    restricted: Path | None = None,
    progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
) -> tuple[DeliveryOutcome, ...]:
    """Bring the lake up to date with the landing folders; what did not change is not read again.

    Args:
        landings: folders with any mix of plans and returns.
        lake_folder: the lake of the home.
        now: time of the night, UTC.
        seeds: code lists.
        register: corrections of our reading.
        restricted: where returns of enterprises are kept; by default the folder ``restricted`` beside the lake.
        progress: called with file name, deliveries done, deliveries in all.

    Raises:
        LandingError: a landing folder or ``sources.yml`` cannot be used.
        SeedError: a seed contradicts itself or another.
        CorrectionError: an entry of the register no longer matches what is read.
    """
    registry = load_registry(seeds)
    entries = corrections.load_register(register)
    lake.ensure(lake_folder)
    known = lake.latest_readings(lake_folder)
    enterprises = loading.prepare(seeds, registry)
    restricted = restricted or lake_folder.parent / "restricted"
    zone.tidy(restricted, {sha256[:20]: record.sequence for sha256, record in known.items()})
    outcomes: list[DeliveryOutcome] = []
    deliveries = inventory(landings, lambda lost: outcomes.append(_lost(lost, "", None)))
    for number, delivery in enumerate(deliveries):
        progress(delivery.shown_name, number, len(deliveries))
        if delivery.kind == ENTERPRISES:
            outcomes.append(
                _enterprise_outcome(restricted, lake_folder, delivery, enterprises, known.get(delivery.sha256), now)
            )
            continue
        own = corrections.of_delivery(entries, delivery)
        on = lake.Dependencies(reader_version(delivery.kind), corrections.digest(own), registry, seeds)
        previous = known.get(delivery.sha256)
        why = lake.stale_reason(lake_folder, delivery, previous, on)
        if why is not None:
            try:
                reading = corrections.apply(read_or_refuse(delivery, registry), own, registry)
            except FileLostError as lost:
                outcomes.append(_lost(lost, delivery.kind, previous))
                continue
            outcomes.append(_stored(lake_folder, delivery, reading, on, previous, now, why))
        elif previous is not None:
            outcomes.append(
                DeliveryOutcome(
                    delivery.file_name, delivery.kind, None, previous.recognised, previous.loaded, previous.refused
                )
            )
    if any(outcome.kind == ENTERPRISES for outcome in outcomes):
        loading.store_aggregates(restricted, lake_folder, enterprises, now)
    return tuple(outcomes)


def _lost(lost: FileLostError, kind: str, previous: lake.ReadingRecord | None) -> DeliveryOutcome:
    """Nothing is stored of a file that was lost while it was read; what we knew of it stays."""
    counts = (previous.recognised, previous.loaded, previous.refused) if previous is not None else (0, 0, 0)
    return DeliveryOutcome(lost.file_name, kind, lost.refusal.reason_code, *counts, lost=lost.refusal)


def _enterprise_outcome(
    restricted: Path,
    lake_folder: Path,
    delivery: Delivery,
    code: loading.EnterpriseCode,
    previous: lake.ReadingRecord | None,
    now: datetime,
) -> DeliveryOutcome:
    """Bring the restricted zone up to date with one delivery; what is counted are rows."""
    on = lake.Dependencies(code.digest, "", code.registry, code.seeds)
    why = lake.stale_reason(lake_folder, delivery, previous, on)
    if why is None and previous is not None:
        rows = loading.counts_of(restricted, previous)
    else:
        try:
            rows = loading.store(restricted, lake_folder, delivery, code, previous, now)
        except FileLostError as lost:
            return _lost(lost, delivery.kind, previous)
    return DeliveryOutcome(
        delivery.shown_name, delivery.kind, why, rows.recognised, rows.loaded, rows.refused, rows.violations
    )


def _stored(
    lake_folder: Path,
    delivery: Delivery,
    reading: Reading,
    on: lake.Dependencies,
    previous: lake.ReadingRecord | None,
    now: datetime,
    why: str,
) -> DeliveryOutcome:
    record = lake.write_reading(lake_folder, delivery, reading, on, previous, now)
    violations = record.refused - len(reading.refusals)
    return DeliveryOutcome(
        delivery.file_name, delivery.kind, why, record.recognised, record.loaded, record.refused, violations
    )


def read_or_refuse(delivery: Delivery, registry: Registry) -> Reading:
    """A reader that breaks on one file must not take the night with it: the file is refused and said.

    Raises:
        FileLostError: the file vanished or changed while it was read.
    """
    try:
        return read_delivery(delivery, registry)
    except FileLostError:
        raise
    except Exception as error:
        source = delivery.source()
        refusal = Refusal(
            source_id=source.source_id,
            address="",
            raw_text=delivery.file_name,
            reason_code="reader_failed",
            reason=f"读取程序在此文件上出错（{type(error).__name__}: {error}），请将文件交维护人员；其余文件已照常处理",
        )
        return Reading(source, (source,), (), (refusal,), (), 1)
