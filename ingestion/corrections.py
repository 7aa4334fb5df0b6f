"""Corrections of our own reading: a register of entries with a reason and a guard.

A correction never changes what was printed, only how we understood it. Its guard is what the reader understood when
the entry was made: once the reader understands it otherwise, the entry no longer matches and fails loudly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ingestion.delivery import Delivery
from ingestion.figures import Figure, Reading
from ingestion.quantity import squeeze
from ingestion.registry import Registry

REGISTER = Path(__file__).resolve().parent / "corrections.yml"

CORRECTABLE = (
    "region_code", "indicator_code", "variant", "breakdown", "period", "period_basis", "base_period", "kind",
    "target_kind", "comparator", "nature", "strength", "scope_note", "statement_id", "obs_status",
)  # fmt: skip
"""Fields of meaning. A correction that changes the unit or the indicator's unit needs a better reader instead."""

_FIELDS = {"type": "object", "minProperties": 1, "propertyNames": {"enum": list(CORRECTABLE)}}
_SCHEMA: dict[str, Any] = {
    "type": ["array", "null"],
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["document", "address", "printed_text", "read", "right", "reason", "by", "date"],
        "properties": {
            "document": {"type": "string", "minLength": 8},
            "address": {"type": "string", "minLength": 1},
            "printed_text": {"type": "string", "minLength": 1},
            "read": _FIELDS,
            "right": _FIELDS,
            "reason": {"type": "string", "minLength": 10},
            "by": {"type": "string", "minLength": 1},
            "date": {},
        },
    },
}


class CorrectionError(ValueError):
    """An entry of the register is wrong or no longer matches; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: where, what the reader understood, what is right."""

    document: str
    address: str
    printed_text: str
    read: tuple[tuple[str, Any], ...]
    right: tuple[tuple[str, Any], ...]
    reason: str
    by: str
    date: str


def load_register(path: Path = REGISTER) -> tuple[Correction, ...]:
    """All entries of the register.

    Raises:
        CorrectionError: the file breaks its schema; names the entry.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        jsonschema.validate(entries, _SCHEMA)
    except (OSError, yaml.YAMLError) as error:
        raise CorrectionError(f"{path}: cannot be understood ({error}); correct it and run again") from error
    except jsonschema.ValidationError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "top level"
        raise CorrectionError(f"{path}: entry {place}: {error.message}; correct it and run again") from error
    return tuple(
        Correction(
            document=entry["document"],
            address=entry["address"],
            printed_text=entry["printed_text"],
            read=tuple(sorted(entry["read"].items())),
            right=tuple(sorted(entry["right"].items())),
            reason=entry["reason"],
            by=entry["by"],
            date=str(entry["date"]),
        )
        for entry in entries
    )


def of_delivery(entries: Iterable[Correction], delivery: Delivery) -> tuple[Correction, ...]:
    """The entries that speak of a delivery: by sha256, source id or document id."""
    names = {delivery.sha256, delivery.source_id, delivery.source().document_id}
    return tuple(entry for entry in entries if entry.document in names)


def digest(entries: tuple[Correction, ...]) -> str:
    """Hash of a delivery's entries, so that a change re-reads that delivery and no other."""
    return hashlib.sha256(repr(entries).encode()).hexdigest()[:16]


def apply(reading: Reading, entries: tuple[Correction, ...], registry: Registry) -> Reading:
    """The reading with its corrections; printed text, number and unit stay as printed.

    Raises:
        CorrectionError: an entry finds no figure, several, or one that the reader understood otherwise.
    """
    if not entries:
        return reading
    figures = list(reading.figures)
    for entry in entries:
        found = [
            index
            for index, figure in enumerate(figures)
            if figure.address == entry.address and squeeze(figure.printed_text) == squeeze(entry.printed_text)
        ]
        place = f"corrections.yml: {entry.document} {entry.address} {entry.printed_text!r}"
        if len(found) != 1:
            raise CorrectionError(f"{place}: matches {len(found)} figures, not one; correct or retire the entry")
        figures[found[0]] = _corrected(figures[found[0]], entry, place, registry)
    return replace(reading, figures=tuple(figures))


def _corrected(figure: Figure, entry: Correction, place: str, registry: Registry) -> Figure:
    for name, expected in entry.read:
        actual = getattr(figure, name)
        if actual != expected:
            raise CorrectionError(
                f"{place}: expected {name} to be read as {expected!r}, but it is {actual!r}; retire the entry"
            )
    right = dict(entry.right)
    code = right.get("indicator_code", figure.indicator_code)
    known = code is None or (code in registry.indicators and registry.indicators[code].unit.unit == figure.unit)
    if "indicator_code" in right and not known:
        raise CorrectionError(
            f"{place}: {code!r} is unknown or has another unit than {figure.unit!r}; improve the reader instead"
        )
    return replace(figure, **right)
