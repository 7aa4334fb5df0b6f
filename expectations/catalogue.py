"""The rule catalogue: rules as data, checked against a schema, as rows for the warehouse.

What belongs here: reading ``rules/*.yml``. What does not: what a rule computes (dbt ``candidates``) or what became
of its findings (``ledger``).

A rule names the ``model`` that tests it. Rules of a ``kind`` differ in data alone: the model reads the kind, the
indicators that the rule ``applies_to`` and its parameters from here, so another rule of that kind is an entry, no code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
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
    """One entry of the catalogue. ``must_fire`` and ``must_not_fire`` name its unit tests.

    ``tolerance``: exact, rounding (intervals of the printed numbers), percent or absolute (a parameter says how much).
    ``refusals``: reason codes under which the reader refuses what it forbids; they are counted for the rule.
    ``also_models``: further models that test the rule on inputs of another sort (sentences beside figures).
    ``not_yet_applicable``: why the rule is listed and not run; such a rule has no model and no tests.
    """

    rule_id: str
    version: int
    level: str
    ess_type: str
    severity: str
    title_zh: str
    title_en: str
    blocks: bool = False
    fault: str = "source"
    explanation_zh: str = ""
    explanation_en: str = ""
    who_fixes: str = ""
    precondition: str = ""
    tolerance: str = "exact"
    model: str = ""
    also_models: tuple[str, ...] = ()
    kind: str = ""
    applies_to: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[str, ...] = ()
    must_fire: tuple[str, ...] = ()
    must_not_fire: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    not_yet_applicable: str = ""

    def state(self, day: date) -> str:
        """Implemented, not_yet_applicable, or retired: out of force on this day."""
        if self.not_yet_applicable:
            return "not_yet_applicable"
        begun = self.valid_from is None or self.valid_from <= day
        return "implemented" if begun and (self.valid_to is None or day < self.valid_to) else "retired"


def load_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """All rules of the catalogue, by id, with those that are not yet applicable.

    Raises:
        CatalogueError: an entry that breaks the schema, or an id that is used twice.
    """
    return _shipped() if folder == RULES else _loaded(folder)


@cache
def _shipped() -> tuple[Rule, ...]:
    return _loaded(RULES)


def _loaded(folder: Path) -> tuple[Rule, ...]:
    schema = json.loads((folder / "rule.schema.json").read_text(encoding="utf-8"))
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yml")):
        for rule in _read(path, schema):
            if rule.rule_id in found:
                raise CatalogueError(f"{path.name}: rule {rule.rule_id} is declared twice; ids are never reused")
            found[rule.rule_id] = rule
    return tuple(found[rule_id] for rule_id in sorted(found))


def implemented_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """The rules that are tested each night."""
    return tuple(rule for rule in load_rules(folder) if not rule.not_yet_applicable)


def _read(path: Path, schema: dict[str, Any]) -> list[Rule]:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
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
    plain: dict[str, Any] = {key: value for key, value in entry.items() if key not in ("id", "parameters")}
    for key in ("must_fire", "must_not_fire", "applies_to", "refusals", "also_models"):
        plain[key] = tuple(plain.get(key, ()))
    for key in ("valid_from", "valid_to"):
        plain[key] = date.fromisoformat(plain[key]) if key in plain else None
    parameters = tuple(
        Parameter(item["name"], Decimal(item["value"]), item["reason"]) for item in entry.get("parameters", [])
    )
    return Rule(rule_id=entry["id"], parameters=parameters, **plain)
