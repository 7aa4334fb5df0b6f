"""The rule catalogue: rules as data, checked against a schema, as rows for the warehouse.

What belongs here: reading ``rules/*.yml``. What does not: what a rule computes (dbt ``candidates``) or what became
of its findings (``ledger``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import yaml

RULES = Path(__file__).resolve().parent / "rules"


class CatalogueError(ValueError):
    """A rule that cannot be used; the message names file, rule and remedy."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a rule uses, with the sentence that justifies it."""

    name: str
    value: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue. ``must_fire`` and ``must_not_fire`` name its unit tests."""

    rule_id: str
    version: int
    level: str
    ess_type: str
    severity: str
    blocks: bool
    fault: str
    title_zh: str
    title_en: str
    explanation_zh: str
    explanation_en: str
    who_fixes: str
    precondition: str
    parameters: tuple[Parameter, ...]
    must_fire: tuple[str, ...]
    must_not_fire: tuple[str, ...]


def load_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """All rules of the catalogue, by id.

    Raises:
        CatalogueError: an entry that breaks the schema, or an id that is used twice.
    """
    schema = json.loads((folder / "rule.schema.json").read_text(encoding="utf-8"))
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yml")):
        for rule in _read(path, schema):
            if rule.rule_id in found:
                raise CatalogueError(f"{path.name}: rule {rule.rule_id} is declared twice; ids are never reused")
            found[rule.rule_id] = rule
    return tuple(found[rule_id] for rule_id in sorted(found))


def _read(path: Path, schema: dict[str, Any]) -> list[Rule]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        jsonschema.validate(entries, schema)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name}: is no YAML ({error}); correct it") from error
    except jsonschema.ValidationError as error:
        place = next(iter(error.absolute_path), None)
        entry = entries[place] if isinstance(place, int) else None
        name = entry.get("id", place) if isinstance(entry, dict) else "the file" if place is None else place
        raise CatalogueError(f"{path.name}: {name}: {error.message}; correct the entry") from error
    return [_rule(entry) for entry in entries]


def _rule(entry: dict[str, Any]) -> Rule:
    parameters = tuple(
        Parameter(item["name"], Decimal(item["value"]), item["reason"]) for item in entry.get("parameters", [])
    )
    plain: dict[str, Any] = {key: value for key, value in entry.items() if key not in ("id", "parameters")}
    for key in ("must_fire", "must_not_fire"):
        plain[key] = tuple(plain[key])
    return Rule(rule_id=entry["id"], parameters=parameters, **plain)
