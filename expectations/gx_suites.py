"""Expectation suites: what a YAML suite means, and reading it.

Here: the dataclasses of a suite, its schema's enforcement, vocabularies filled in. Not here: running (`gx_runner`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

SUITES = Path(__file__).parent / "suites"
SCHEMA = SUITES / "suite.schema.json"
VOCABULARIES = Path(__file__).parent.parent / "dbt_project" / "seeds" / "vocabularies.csv"
QUERY = "unexpected_rows_expectation"
ROW_COUNT = "expect_table_row_count_to_be_between"
COLUMN_EXISTS = "expect_column_to_exist"


class SuiteError(ValueError):
    """A suite file is wrong; the message names the file, the entry and the remedy."""


@dataclass(frozen=True)
class Expectation:
    """One entry of a suite.

    `kwargs` are those of Great Expectations; `row_condition` holds (column, operator, value) triples that must all
    hold for a row to be tested. `severity` says what a failure means for a figure, `blocks` whether it holds the
    night.
    """

    id: str
    expectation: str
    kwargs: Mapping[str, Any]
    row_condition: tuple[tuple[str, str, Any], ...]
    severity: str
    blocks: bool
    fault: str
    title_zh: str
    title_en: str


@dataclass(frozen=True)
class Suite:
    """The expectations on one table (`schema.table`)."""

    name: str
    table: str
    expectations: tuple[Expectation, ...]


def load_suites(folder: Path = SUITES, vocabularies: Path = VOCABULARIES) -> tuple[Suite, ...]:
    """Read and check every `*.yml` of a folder, in the order of their names.

    Args:
        folder: Where the suites are.
        vocabularies: CSV with `vocabulary` and `code`; an entry's `vocabulary: NAME` becomes its `value_set`.

    Raises:
        SuiteError: A file is no YAML, breaks `suite.schema.json`, repeats an id, names an unknown vocabulary, or
            blocks the night on a fault of the source; or the folder holds no suite.
    """
    words = _read_vocabularies(vocabularies)
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    suites: list[Suite] = []
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yml")):
        suite = _load_suite(path, validator, words)
        for key in (f"suite {suite.name}", *(f"expectation {entry.id}" for entry in suite.expectations)):
            if key in seen:
                raise SuiteError(f"{path}: {key} is already in {seen[key]}; give it a name of its own")
            seen[key] = path
        suites.append(suite)
    if not suites:
        raise SuiteError(f"{folder}: no suite (*.yml) in this folder; name the folder that holds them")
    return tuple(suites)


def _read_vocabularies(path: Path) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words.setdefault(row["vocabulary"], []).append(row["code"])
    return words


def _load_suite(path: Path, validator: Any, words: Mapping[str, list[str]]) -> Suite:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path}: not readable as UTF-8 YAML: {error}") from error
    flaw = jsonschema.exceptions.best_match(validator.iter_errors(raw))
    if flaw is not None:
        place, where = _place(raw, list(flaw.absolute_path))
        raise SuiteError(f"{path}: {place}: {where}{flaw.message}; the keys and values of a suite are in {SCHEMA.name}")
    shared = _conditions(raw.get("row_condition", []))
    entries = tuple(
        _load_entry(path, position, entry, shared, words) for position, entry in enumerate(raw["expectations"], start=1)
    )
    return Suite(name=raw["suite"], table=raw["table"], expectations=entries)


def _place(raw: Any, parts: list[str | int]) -> tuple[str, str]:
    """Which entry an error is in, and where inside it, for the message."""
    if len(parts) >= 2 and parts[0] == "expectations":
        entry = raw["expectations"][parts[1]]
        name = entry.get("id", "without id") if isinstance(entry, dict) else "not a mapping"
        place, rest = f"expectation {name} (entry {int(parts[1]) + 1})", parts[2:]
    else:
        place, rest = "suite", parts
    return place, "".join(f"{part}: " for part in rest)


def _load_entry(
    path: Path,
    position: int,
    entry: Mapping[str, Any],
    shared: tuple[tuple[str, str, Any], ...],
    words: Mapping[str, list[str]],
) -> Expectation:
    place = f"{path}: expectation {entry['id']} (entry {position})"
    kwargs = dict(entry.get("kwargs", {}))
    condition = shared + _conditions(entry.get("row_condition", []))
    if "vocabulary" in entry:
        if entry["vocabulary"] not in words:
            raise SuiteError(
                f"{place}: unknown vocabulary {entry['vocabulary']!r}; known are {', '.join(sorted(words))}"
            )
        kwargs["value_set"] = words[entry["vocabulary"]]
    if "column_A" in kwargs:
        kwargs.setdefault("ignore_row_if", "either_value_is_missing")
    if condition and entry["expectation"] in (QUERY, ROW_COUNT, COLUMN_EXISTS):
        raise SuiteError(f"{place}: {entry['expectation']} takes no row_condition; use a query with a where clause")
    if entry["blocks"] and entry["fault"] == "source":
        raise SuiteError(f"{place}: blocks the night on a fault of the source; set blocks: false or fault: ours")
    return Expectation(
        id=entry["id"],
        expectation=entry["expectation"],
        kwargs=kwargs,
        row_condition=condition,
        severity=entry["severity"],
        blocks=entry["blocks"],
        fault=entry["fault"],
        title_zh=entry["title_zh"],
        title_en=entry["title_en"],
    )


def _conditions(raw: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, Any], ...]:
    return tuple((item["column"], item["operator"], item.get("value")) for item in raw)
