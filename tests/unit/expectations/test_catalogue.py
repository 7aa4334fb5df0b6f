"""The rule catalogue: refused entries are named, and every rule has its model and its unit tests."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.catalogue import RULES, CatalogueError, Rule, implemented_rules, load_rules
from expectations.rules_page import PAGE, rules_page

MODELS = Path(__file__).resolve().parents[3] / "dbt_project" / "models"
CANDIDATES = MODELS / "candidates"
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RULE_ID = re.compile(r"'((?:B[0-5]|PT|CF|OP)-[0-9]{2})'")
ENTRY: dict[str, Any] = {
    "id": "B1-99",
    "version": 1,
    "level": "B1",
    "ess_type": "VCO",
    "severity": "error",
    "blocks": False,
    "fault": "source",
    "title_zh": "合成规则",
    "title_en": "A synthetic rule",
    "explanation_zh": "仅供测试。",
    "explanation_en": "For this test only.",
    "who_fixes": "出处单位",
    "precondition": "none",
    "tolerance": "rounding",
    "model": "test_nothing",
    "parameters": [{"name": "steps", "value": "3.5", "reason": "Long enough to be a reason."}],
    "must_fire": ["model__fires"],
    "must_not_fire": ["model__does_not_fire"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RULES / "rule.schema.json", tmp_path)
    return tmp_path


def declare(folder: Path, name: str, *entries: object) -> None:
    (folder / name).write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in ENTRY.items() if name != key}


@cache
def unit_tests() -> dict[str, dict[str, Any]]:
    """Every dbt unit test of the project by its name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(MODELS.rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for test in yaml.load(text, Loader=FAST).get("unit_tests", []) if "unit_tests:" in text else []:
            assert test["name"] not in found, f"{path.name}: {test['name']} is the name of two unit tests"
            found[test["name"]] = test
    return found


@cache
def spelled_out(model: str) -> tuple[set[str], set[str]]:
    """Rule ids, and kinds of rules, that a candidates model spells out."""
    sql = (CANDIDATES / f"{model}.sql").read_text(encoding="utf-8")
    kinds = {kind for listed in re.findall(r"rules_of_kind\(\[(.*?)\]", sql) for kind in re.findall(r"'(\w+)'", listed)}
    return set(RULE_ID.findall(sql)), kinds


def test_an_entry_becomes_a_rule(folder: Path) -> None:
    declare(folder, "rules.yml", ENTRY)
    (rule,) = load_rules(folder)
    assert (rule.rule_id, rule.version, rule.blocks, rule.fault) == ("B1-99", 1, False, "source")
    assert [(p.name, p.value) for p in rule.parameters] == [("steps", Decimal("3.5"))]
    assert rule.must_fire == ("model__fires",)
    assert rule.must_not_fire == ("model__does_not_fire",)


def test_rules_come_ordered_by_id_whatever_file_they_are_in(folder: Path) -> None:
    declare(folder, "a.yml", ENTRY | {"id": "PT-01"})
    declare(folder, "b.yml", ENTRY | {"id": "B1-02"}, ENTRY | {"id": "B1-01"})
    assert [rule.rule_id for rule in load_rules(folder)] == ["B1-01", "B1-02", "PT-01"]


@pytest.mark.parametrize("severity", ["error", "warning", "information"])
def test_every_severity_is_accepted(folder: Path, severity: str) -> None:
    declare(folder, "rules.yml", ENTRY | {"severity": severity})
    assert [rule.severity for rule in load_rules(folder)] == [severity]


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (ENTRY | {"severity": "fatal"}, "fatal"),
        (ENTRY | {"fault": "nobody"}, "nobody"),
        (ENTRY | {"level": "B9"}, "B9"),
        (ENTRY | {"ess_type": "XXX"}, "XXX"),
        (ENTRY | {"blocks": "no"}, "boolean"),
        (ENTRY | {"version": 0}, "minimum"),
        (ENTRY | {"must_fire": []}, "non-empty"),
        (ENTRY | {"must_not_fire": []}, "non-empty"),
        (ENTRY | {"surprise": 1}, "surprise"),
        (ENTRY | {"parameters": [{"name": "steps", "value": "three", "reason": "Long enough to be one."}]}, "three"),
        (ENTRY | {"parameters": [{"name": "steps", "value": "3", "reason": "short"}]}, "short"),
        (without("title_zh"), "title_zh"),
        (without("precondition"), "precondition"),
    ],
)
def test_an_entry_that_breaks_the_schema_is_refused_by_name(folder: Path, entry: dict[str, Any], word: str) -> None:
    declare(folder, "faulty.yml", ENTRY | {"id": "B1-98"}, entry)
    with pytest.raises(CatalogueError) as caught:
        load_rules(folder)
    message = str(caught.value)
    assert message.startswith("faulty.yml: B1-99: ")
    assert word in message


def test_an_entry_without_an_id_is_named_by_its_place(folder: Path) -> None:
    declare(folder, "faulty.yml", ENTRY, without("id"))
    with pytest.raises(CatalogueError, match=r"faulty\.yml: 1: 'id' is a required property"):
        load_rules(folder)


def test_an_id_that_breaks_the_pattern_is_refused(folder: Path) -> None:
    declare(folder, "faulty.yml", ENTRY | {"id": "ZZ-1"})
    with pytest.raises(CatalogueError, match=r"faulty\.yml: ZZ-1: "):
        load_rules(folder)


@pytest.mark.parametrize("text", ["id: B1-01\n", "just words\n", ""])
def test_a_file_that_is_no_list_is_refused(folder: Path, text: str) -> None:
    (folder / "faulty.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"faulty\.yml: the file: "):
        load_rules(folder)


@pytest.mark.parametrize("text", ["- just words\n", "- [id, B1-01]\n"])
def test_an_entry_that_is_no_mapping_is_refused(folder: Path, text: str) -> None:
    (folder / "faulty.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"faulty\.yml: 0: "):
        load_rules(folder)


def test_a_file_that_is_no_yaml_is_refused(folder: Path) -> None:
    (folder / "faulty.yml").write_text("- id: [B1-01\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"faulty\.yml: is no YAML"):
        load_rules(folder)


def test_an_id_is_never_reused(folder: Path) -> None:
    declare(folder, "a.yml", ENTRY)
    declare(folder, "b.yml", ENTRY | {"version": 2})
    with pytest.raises(CatalogueError, match=r"b\.yml: rule B1-99 is declared twice"):
        load_rules(folder)


def test_every_rule_has_a_model_and_every_model_declares_its_rules() -> None:
    rules = [rule for rule in implemented_rules() if rule.model]
    for model in sorted(path.stem for path in CANDIDATES.glob("test_*.sql")):
        own = [rule for rule in rules if rule.model == model]
        more = {rule.rule_id for rule in rules if model in rule.also_models}
        ids, kinds = spelled_out(model)
        assert {rule.rule_id for rule in own if not rule.kind} | more == ids, model
        assert {rule.kind for rule in own if rule.kind} == kinds, model
    named = {model for rule in rules for model in (rule.model, *rule.also_models)}
    assert named == {path.stem for path in CANDIDATES.glob("test_*.sql")}


def test_a_rule_that_is_not_yet_applicable_says_why_and_has_no_model(folder: Path) -> None:
    listed = {key: ENTRY[key] for key in ("id", "version", "level", "ess_type", "severity", "title_zh", "title_en")}
    declare(folder, "rules.yml", listed | {"not_yet_applicable": "Its input is not in the warehouse yet."})
    (rule,) = load_rules(folder)
    assert (rule.state(date(2026, 1, 1)), implemented_rules(folder)) == ("not_yet_applicable", ())
    declare(folder, "rules.yml", ENTRY | {"not_yet_applicable": "Its input is not in the warehouse yet."})
    with pytest.raises(CatalogueError):
        load_rules(folder)


def test_a_rule_is_in_force_from_its_first_day_until_before_its_last(folder: Path) -> None:
    declare(folder, "rules.yml", ENTRY | {"valid_from": "2026-01-01", "valid_to": "2027-01-01"})
    (rule,) = load_rules(folder)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [rule.state(day) for day in days] == ["retired", "implemented", "implemented", "retired"]


def test_every_rule_of_the_domain_reference_is_listed() -> None:
    counts = {"B0": 9, "B1": 44, "B2": 18, "B3": 12, "B4": 8, "B5": 4, "PT": 16}
    expected = {f"{level}-{number:02}" for level, last in counts.items() for number in range(1, last + 1)}
    assert {rule.rule_id for rule in load_rules()} >= expected


def test_a_kind_is_tested_by_one_model_with_one_set_of_parameters() -> None:
    kinds: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for rule in implemented_rules():
        if rule.kind:
            kinds.setdefault(rule.kind, set()).add((rule.model, frozenset(p.name for p in rule.parameters)))
    assert {kind: found for kind, found in kinds.items() if len(found) > 1} == {}


def test_rules_apply_to_indicators_of_the_seed_and_count_refusals_of_the_reader() -> None:
    seed = (MODELS.parent / "seeds" / "indicators.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in seed.splitlines()[1:]}
    reader = "\n".join(path.read_text(encoding="utf-8") for path in (RULES.parents[1] / "ingestion").rglob("*.py"))
    for rule in load_rules():
        assert set(rule.applies_to) <= known, rule.rule_id
        assert [code for code in rule.refusals if f'"{code}"' not in reader] == [], rule.rule_id


def _test_names(pick: Callable[[Rule], tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(rule.rule_id, name) for rule in implemented_rules() for name in pick(rule)]


@pytest.mark.parametrize("rule", implemented_rules(), ids=lambda rule: rule.rule_id)
def test_every_named_unit_test_exists_on_the_model_of_its_rule(rule: Rule) -> None:
    for name in (*rule.must_fire, *rule.must_not_fire):
        assert unit_tests()[name]["model"] in (rule.model, *rule.also_models)


@pytest.mark.parametrize(("rule_id", "name"), _test_names(lambda rule: rule.must_fire))
def test_a_must_fire_test_expects_a_failure_of_its_rule(rule_id: str, name: str) -> None:
    assert "fail" in expected_outcomes(rule_id, name)


@pytest.mark.parametrize(("rule_id", "name"), _test_names(lambda rule: rule.must_not_fire))
def test_a_must_not_fire_test_expects_that_its_rule_ran_and_passed(rule_id: str, name: str) -> None:
    assert expected_outcomes(rule_id, name) - {"not_applicable"} == {"pass"}


def expected_outcomes(rule_id: str, name: str) -> set[str]:
    """Outcomes of the rule that the unit test of this name expects."""
    return {row["outcome"] for row in unit_tests()[name]["expect"]["rows"] if row.get("rule_id") == rule_id}


@pytest.mark.parametrize("name", sorted(unit_tests()))
def test_every_unit_test_says_what_it_shows(name: str) -> None:
    assert len(unit_tests()[name].get("description", "")) > 20


@pytest.mark.parametrize("rule", implemented_rules(), ids=lambda rule: rule.rule_id)
def test_every_parameter_is_read_by_the_model_of_its_rule(rule: Rule) -> None:
    if not rule.model:
        assert not rule.parameters
        return
    models = (rule.model, *rule.also_models)
    sql = "".join((CANDIDATES / f"{model}.sql").read_text(encoding="utf-8") for model in models)
    named = set(re.findall(rf"rule_parameter\('{rule.rule_id}', '([a-z_]+)'\)", sql))
    of_kinds = set(re.findall(r"parameter_of\('\w+', '([a-z_]+)'\)", sql))
    own = {parameter.name for parameter in rule.parameters}
    assert own == named if not rule.kind else own <= of_kinds


def test_the_page_of_the_rules_is_that_of_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == rules_page(load_rules()), "write it anew: python -m expectations.rules_page"
    assert all(f"{rule.rule_id} " in page for rule in load_rules())
