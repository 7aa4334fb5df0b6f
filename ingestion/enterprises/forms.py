"""Return forms as data: what a code means on a form of a year, and which relations its rows must keep.

The seeds ``forms``, ``form_items`` and ``audit_relations`` are their only home; a mistake there is ours and is told
with file, row and remedy. What does not belong here: reading returns, running relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from ingestion.enterprises.notation import Blank, Condition, Foreign, NotationError, Operand, parse, walk
from ingestion.quantity import squeeze
from ingestion.registry import SEEDS, SeedError, seed_rows
from ingestion.schemas import vocabulary

FORM_SEEDS = ("forms", "form_items", "audit_relations")
IDENTITY = ("unit_code", "unit_name", "region", "industry")
"""Roles that every form has exactly once."""
NUMBERS = frozenset({"count", "amount"})
"""Data types kept as decimals; the others are kept as text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form. ``code`` is its row code, or its column code on forms of one row."""

    concept: str
    code: str
    name_zh: str
    role: str
    data_type: str
    unit: str | None
    decimals: int
    minimum: Decimal | None
    nullable: bool
    headers: tuple[str, ...]
    """All spellings of its header, squeezed; the name itself is one of them."""

    @property
    def is_number(self) -> bool:
        """Whether it is kept as a decimal."""
        return self.data_type in NUMBERS

    @property
    def half_step(self) -> Decimal:
        """Half the last digit of an amount; a count is exact."""
        return Decimal(5).scaleb(-self.decimals - 1) if self.data_type == "amount" else Decimal(0)


@dataclass(frozen=True, slots=True)
class Relation:
    """One audit relation, read."""

    relation_id: str
    expression: str
    condition: Condition
    severity: str
    tolerance: str
    missing_mode: str
    explanation_zh: str
    rule_id: str | None

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of its own form that it speaks of, each once."""
        nodes = walk(self.condition)
        return tuple(dict.fromkeys(node.code for node in nodes if isinstance(node, Operand | Blank)))

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """What it takes from other forms, each once."""
        return tuple(dict.fromkeys(node for node in walk(self.condition) if isinstance(node, Foreign)))


@dataclass(frozen=True)
class Form:
    """A form of one year with its items and relations."""

    form_id: str
    form_year: int
    name_zh: str
    document_number: str
    valid_from: date
    valid_to: date | None
    unit_level: str
    max_rejected_share: Decimal
    items: tuple[Item, ...]
    relations: tuple[Relation, ...]

    @property
    def key(self) -> tuple[str, int]:
        """Number and year: only together they say what a code means."""
        return self.form_id, self.form_year

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        """Items by their code."""
        return {item.code: item for item in self.items}

    @cached_property
    def by_concept(self) -> Mapping[str, Item]:
        """Items by what they mean."""
        return {item.concept: item for item in self.items}

    @property
    def row_key(self) -> tuple[str, ...]:
        """Concepts that tell one row from another."""
        return ("unit_code", *(item.concept for item in self.items if item.role == "key"))

    def valid_in(self, year: int) -> bool:
        """Whether returns for a reference year are made on this form: it is valid on the year's last day."""
        day = date(year, 12, 31)
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


Forms = Mapping[tuple[str, int], Form]


def load_forms(seeds: Path = SEEDS) -> Forms:
    """Read and cross-check the three seeds.

    Raises:
        SeedError: a row that contradicts itself or another, or a relation that cannot be read; names file and row.
    """
    items = _items(seeds)
    relations: dict[tuple[str, int], list[Relation]] = {}
    rows = seed_rows(seeds, "forms")
    form_ids = {row["form_id"] for row in rows}
    meanings = {key: {item.code: item for item in of_form} for key, of_form in items.items()}
    for number, row in enumerate(seed_rows(seeds, "audit_relations"), start=2):
        key = _key(row, f"audit_relations.csv row {number}")
        same = relations.setdefault(key, [])
        if any(other.relation_id == row["relation_id"] for other in same):
            raise SeedError(f"audit_relations.csv row {number}: {row['relation_id']} stands on this form already")
        same.append(_relation(row, number, key, form_ids, meanings))
    forms: dict[tuple[str, int], Form] = {}
    for number, row in enumerate(rows, start=2):
        form = _form(row, number, items, relations)
        if form.key in forms:
            raise SeedError(
                f"forms.csv row {number}: {form.form_id} of {form.form_year} is declared twice; keep one row"
            )
        forms[form.key] = form
    for name, keys in (("form_items", items.keys()), ("audit_relations", relations.keys())):
        if unknown := sorted(keys - forms.keys()):
            raise SeedError(f"{name}.csv: form {unknown[0]} is not in forms.csv; add it there or correct it")
    return forms


def _key(row: Mapping[str, str], place: str) -> tuple[str, int]:
    if not row["form_year"].isdigit():
        raise SeedError(f"{place}: form_year {row['form_year']!r} is no year; correct it")
    return row["form_id"], int(row["form_year"])


def _form(
    row: Mapping[str, str],
    number: int,
    items: Mapping[tuple[str, int], list[Item]],
    relations: Mapping[tuple[str, int], list[Relation]],
) -> Form:
    place = f"forms.csv row {number} ({row['form_id']} {row['form_year']})"
    key = _key(row, place)
    own = items.get(key, [])
    for role in IDENTITY:
        if [item.concept for item in own if item.role == role] != [role]:
            raise SeedError(f"{place}: form_items.csv needs one item {role!r} with that role; complete it")
    _known(place, "unit_level", row["unit_level"])
    _known(place, "code_basis", row["code_basis"])
    try:
        return Form(
            form_id=row["form_id"],
            form_year=key[1],
            name_zh=row["name_zh"],
            document_number=squeeze(row["document_number"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            unit_level=row["unit_level"],
            max_rejected_share=Decimal(row["max_rejected_share"]),
            items=tuple(own),
            relations=tuple(relations.get(key, [])),
        )
    except (ValueError, InvalidOperation) as error:
        raise SeedError(f"{place}: {error}; dates are written 2023-01-01, shares 0.3") from error


def _items(seeds: Path) -> dict[tuple[str, int], list[Item]]:
    found: dict[tuple[str, int], list[Item]] = {}
    for number, row in enumerate(seed_rows(seeds, "form_items"), start=2):
        place = f"form_items.csv row {number} ({row['form_id']} {row['form_year']} {row['concept']})"
        item = _item(row, place)
        same = found.setdefault(_key(row, place), [])
        if any(other.code == item.code or other.concept == item.concept for other in same):
            raise SeedError(f"{place}: its code {item.code!r} or its concept stands on this form already; correct it")
        same.append(item)
    return found


def _item(row: Mapping[str, str], place: str) -> Item:
    _known(place, "item_role", row["item_role"])
    _known(place, "data_type", row["data_type"])
    code = row["row_code"] or row["column_code"]
    if not code or (row["row_code"] and row["column_code"]):
        raise SeedError(f"{place}: one of row_code and column_code says where it stands; fill exactly one")
    if row["nullable"] not in ("true", "false"):
        raise SeedError(f"{place}: nullable is {row['nullable']!r}; write true or false")
    try:
        decimals = int(row["usual_decimals"] or 0)
        minimum = Decimal(row["valid_min"]) if row["valid_min"] else None
    except (ValueError, InvalidOperation) as error:
        raise SeedError(f"{place}: usual_decimals or valid_min is no number; correct it") from error
    spellings = (row["name_zh"], *row["headers"].split("|"))
    return Item(
        concept=row["concept"],
        code=code,
        name_zh=row["name_zh"],
        role=row["item_role"],
        data_type=row["data_type"],
        unit=row["unit"] or None,
        decimals=decimals,
        minimum=minimum,
        nullable=row["nullable"] == "true",
        headers=tuple(dict.fromkeys(squeeze(spelling) for spelling in spellings if spelling)),
    )


def _relation(
    row: Mapping[str, str],
    number: int,
    key: tuple[str, int],
    form_ids: Iterable[str],
    items: Mapping[tuple[str, int], Mapping[str, Item]],
) -> Relation:
    place = f"audit_relations.csv row {number} ({row['form_id']} {row['form_year']} {row['relation_id']})"
    for column in ("severity", "tolerance", "missing_mode"):
        _known(place, column, row[column])
    try:
        condition = parse(row["expression"], row["form_id"], form_ids)
    except NotationError as error:
        raise SeedError(f"{place}: {error}; correct the expression") from error
    relation = Relation(
        relation_id=row["relation_id"],
        expression=row["expression"],
        condition=condition,
        severity=row["severity"],
        tolerance=row["tolerance"],
        missing_mode=row["missing_mode"],
        explanation_zh=row["explanation_zh"],
        rule_id=row["rule_id"] or None,
    )
    places = [(key, code) for code in relation.codes]
    places += [((node.form_id, key[1]), node.code) for node in relation.foreign]
    for form, code in places:
        if code not in items.get(form, {}):
            raise SeedError(f"{place}: form {form[0]} of {form[1]} has no code {code!r}; correct the expression")
    return relation


def _known(place: str, name: str, word: str) -> None:
    if word not in vocabulary(name):
        raise SeedError(f"{place}: {name} {word!r} is none of {', '.join(vocabulary(name))}; correct it")
