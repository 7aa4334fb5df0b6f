"""docs/naming.md holds: names of models, columns, ids, checks, seeds and modules."""

from __future__ import annotations

import ast
import json
import re

import pytest

from tests.conventions import repository as repo

PAGE = repo.ROOT / "docs" / "naming.md"
READ_IT = "See docs/naming.md; where the page is wrong, change the page and this test together."

UNCOUNTABLE = {"target_progress", "rejected", "source_balance", "source_authority", "release_calendar"}
SHAPES = {
    "staging": r"stg_[a-z]+__[a-z]+(_[a-z]+)*",
    "core": r"[a-z]+(_[a-z]+)*s",
    "candidates": r"(test_[a-z]+(_[a-z]+)*|rule_tests|rule_test_figures|rule_counts|rule_causes)",
    "marts": r"[a-z]+(_[a-z]+)*s",
    "quality": r"[a-z]+(_[a-z]+)*s",
    "reference": r"[a-z]+(_[a-z]+)*s",
    "seeds": r"[a-z]+(_[a-z]+)*s",
}
TEXT, WHEN, DECIMAL, WHOLE, YES_NO = "varchar", "timestamp|date", r"decimal\(\d+,\d+\)", "integer|bigint", "boolean"
ENDINGS = {
    r"_(code|id|hash|status|kind|type|basis|precision|period|zh|en|as_printed|text|unit)$": TEXT,
    r"^(unit|period|status|kind|title|role)$": TEXT,
    r"(^|_)value(_lo|_hi)?$|_(lo|hi)$": DECIMAL,
    r"_closed$|^is_": YES_NO,
    r"_(at|seen|date|from|to)$": WHEN,
    r"^line_|^page$|_(decimals|rank)$|^version$": WHOLE,
}
BARE_YES_NO = {"blocks", "additive", "partition", "boundary_break"}
ID_PREFIXES = {"fig", "src", "org", "doc", "stm", "rel", "tgt", "fnd", "prg", "edn", "ver"}


def typed_columns() -> list[tuple[str, str, str]]:
    """Table, column and type of every column whose type is declared."""
    own = [
        (f"{table.layer}.{table.name}", column["name"], column["data_type"])
        for table in repo.described_models()
        for column in table.columns
        if "data_type" in column
    ]
    return own + [
        (f"seeds.{seed.name}", name, kind)
        for seed in repo.described_seeds()
        for name, kind in seed.entry["config"]["column_types"].items()
    ]


def test_models_are_named_after_their_folder() -> None:
    names = [(path.parent.name, path.stem) for path in repo.model_files()]
    names += [("seeds", path.stem) for path in sorted(repo.SEEDS.glob("*.csv"))]
    problems = [
        f"{layer}/{name}: a name in {layer} has the shape {SHAPES.get(layer, '(unknown folder)')}"
        for layer, name in names
        if layer not in SHAPES or (name not in UNCOUNTABLE and not re.fullmatch(SHAPES[layer], name))
    ]
    assert not problems, repo.listed(problems, READ_IT)


def test_model_names_are_used_once() -> None:
    names = [path.stem for path in repo.model_files()] + [path.stem for path in repo.SEEDS.glob("*.csv")]
    doubled = sorted({name for name in names if names.count(name) > 1})
    assert not doubled, repo.listed(doubled, "dbt refers by name alone: a model or seed needs a name of its own.")


def test_staging_models_read_the_source_in_their_name() -> None:
    problems = []
    for path in sorted((repo.MODELS / "staging").glob("*.sql")):
        source = path.stem.removeprefix("stg_").partition("__")[0]
        read = re.findall(r"source\('(\w+)',\s*'(\w+)'\)", path.read_text(encoding="utf-8"))
        if len(read) != 1 or read[0][0] != source or read[0][1] not in repo.sources().get(source, set()):
            problems.append(f"{repo.relative(path)}: reads {read}, expected one table of source {source!r}")
    assert not problems, repo.listed(problems, READ_IT)


def test_only_staging_reads_sources() -> None:
    problems = [
        repo.relative(path)
        for path in repo.model_files()
        if path.parent.name != "staging" and "source(" in repo.sql_without_comments(path.read_text(encoding="utf-8"))
    ]
    assert not problems, repo.listed(problems, "Only staging reads a source; refer to its stg_ model instead.")


def test_every_family_of_rules_is_united() -> None:
    families = {path.stem for path in (repo.MODELS / "candidates").glob("test_*.sql")}
    text = (repo.DBT / "macros" / "rule_tests.sql").read_text(encoding="utf-8")
    united = set(re.findall(r"'(test_\w+)'", text[text.index("macro rule_families") :]))
    assert united == families, f"macro rule_families has {sorted(united)}, the folder {sorted(families)}"


def test_every_model_has_its_yml_and_description() -> None:
    described = {(model.layer, model.name): model for model in repo.described_models()}
    problems = []
    for path in repo.model_files():
        model = described.pop((path.parent.name, path.stem), None)
        if model is None or model.file != repo.relative(path.with_suffix(".yml")):
            problems.append(f"{repo.relative(path)}: no {path.stem}.yml beside it that describes it")
        elif not str(model.entry.get("description") or "").strip():
            problems.append(f"{model.file}: has no description (grain and meaning)")
    problems += [f"{model.file}: describes {model.name}, which has no .sql" for model in described.values()]
    assert not problems, repo.listed(problems, "One .yml of the same name beside each model, with a description.")


def test_yaml_about_a_folder_starts_with_an_underscore() -> None:
    own = {path.with_suffix(".yml") for path in repo.model_files()}
    problems = [
        repo.relative(path)
        for path in [*repo.MODELS.rglob("*.yml"), *repo.SEEDS.glob("*.yml")]
        if path not in own and not path.name.startswith("_")
    ]
    assert not problems, repo.listed(problems, "YAML of one model has its name; of a whole folder starts with _.")


def test_public_columns_are_described_and_typed() -> None:
    problems = []
    for model in repo.described_models():
        for column in model.columns if model.layer in repo.PUBLIC_LAYERS else ():
            for key in ("description", "data_type"):
                if not str(column.get(key) or "").strip():
                    problems.append(f"{model.file}: {column['name']} has no {key}")
        if model.layer in repo.PUBLIC_LAYERS and not model.columns:
            problems.append(f"{model.file}: lists no columns")
    assert not problems, repo.listed(problems, "Every public column carries a comment and a type.")


def test_seeds_are_described_column_by_column() -> None:
    assert {seed.name for seed in repo.described_seeds()} == {path.stem for path in repo.SEEDS.glob("*.csv")}
    problems = []
    for seed in repo.described_seeds():
        header = list(repo.seed_rows(seed.name)[0])
        if not seed.entry.get("description"):
            problems.append(f"{seed.name}: no description")
        if list(seed.entry["config"]["column_types"]) != header:
            problems.append(f"{seed.name}: column_types differ from the header {header}")
        if [column["name"] for column in seed.columns if column.get("description")] != header:
            problems.append(f"{seed.name}: described columns differ from the header {header}")
    assert not problems, repo.listed(
        problems, "Describe and type each column in dbt_project/seeds/_seeds.yml, in order."
    )


def test_the_key_of_a_seed_comes_first() -> None:
    problems = []
    for seed in repo.described_seeds():
        rows = [tuple(row.values()) for row in repo.seed_rows(seed.name)]
        declared = {column for column, test in seed.tests if isinstance(test, dict) and "unique" in test}
        width = 1 if declared else 3
        if declared and declared != {seed.columns[0]["name"]}:
            problems.append(f"{seed.name}: {declared} is declared unique and is not the first column")
        keys = [row[:width] for row in rows]
        doubled = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
        problems += [f"{seed.name}: {key} stands there twice" for key in doubled]
    assert not problems, repo.listed(problems, "The key of a seed is its first column, or its first two or three.")


def test_every_dbt_test_is_named_and_described() -> None:
    problems = []
    for table in (*repo.described_models(), *repo.described_seeds()):
        for column, test in table.tests:
            if not isinstance(test, dict):
                problems.append(f"{table.file}: {column}: {test} has neither name nor description")
                continue
            ((kind, body),) = test.items()
            start = f"{table.name}__{column}__" if column else f"{table.name}__"
            if not re.fullmatch(rf"{start}[a-z][a-z_]*", str(body.get("name"))):
                problems.append(f"{table.file}: {kind} is called {body.get('name')}, expected {start}<what holds>")
            if not str(body.get("description") or "").strip():
                problems.append(f"{table.file}: {body.get('name', kind)} has no description of what it means")
    assert not problems, repo.listed(problems, READ_IT)


def test_columns_end_in_what_they_are() -> None:
    problems = [
        f"{table}.{column} is {kind}, expected {expected}"
        for table, column, kind in typed_columns()
        for ending, expected in ENDINGS.items()
        if re.search(ending, column) and not re.fullmatch(expected, kind)
    ]
    problems += [
        f"{table}.{column} is a {kind}, but its name does not end in _at, _seen, _date, _from or _to"
        for table, column, kind in typed_columns()
        if re.fullmatch(WHEN, kind) and not re.search(r"_(at|seen|date|from|to)$", column)
    ]
    problems += [
        f"{table}.{column} is a boolean that does not start with is_"
        for table, column, kind in typed_columns()
        if kind == YES_NO and not re.search(r"^is_|_closed$", column) and column not in BARE_YES_NO
    ]
    problems += [
        f"{table}.{column} is no snake_case" for table, column, _ in typed_columns() if not _is_snake_case(column)
    ]
    assert not problems, repo.listed(problems, READ_IT)


@pytest.mark.parametrize(("one", "other"), [("_lo", "_hi"), ("_from", "_to"), ("_zh", "_en")])
def test_columns_come_in_pairs(one: str, other: str) -> None:
    problems = []
    for model in repo.described_models():
        names = {column["name"] for column in model.columns} if model.layer in repo.PUBLIC_LAYERS else set()
        for name in names:
            for ending, counterpart in ((one, other), (other, one)):
                partner = name.removesuffix(ending) + counterpart
                # printed_value is one number; its upper end is there for ranges only. What was refused stays refused.
                lone = name == "printed_value_hi" or (model.name, name) == ("rejected", "recorded_from")
                if name.endswith(ending) and not lone and partner not in names:
                    problems.append(f"{model.layer}.{model.name}.{name} has no {partner}")
    assert not problems, repo.listed(problems, READ_IT)


def test_ids_have_the_prefixes_of_the_page() -> None:
    made = {}
    for path in [*repo.DBT.rglob("*.sql"), *(path for path, _ in repo.package_files())]:
        text = path.read_text(encoding="utf-8")
        for prefix in re.findall(r"""(?:stable_id|hashed_id)\(\s*['"](\w+)['"]""", text):
            made[prefix] = repo.relative(path)
        for prefix in re.findall(r'f"([a-z]{3})_\{[^}]*sha256', text):
            made[prefix] = repo.relative(path)
    undeclared = [f"{prefix}_ in {file}" for prefix, file in made.items() if prefix not in ID_PREFIXES]
    assert not undeclared, repo.listed(undeclared, READ_IT)
    assert set(made) == ID_PREFIXES, f"No longer made: {sorted(ID_PREFIXES - set(made))}. {READ_IT}"
    page = PAGE.read_text(encoding="utf-8")
    assert {prefix for prefix in ID_PREFIXES if f"`{prefix}_`" not in page} == set(), READ_IT


def test_asset_keys_are_layer_and_name() -> None:
    layers = set(SHAPES) | {"lake", "night", "published"}
    problems = [
        f"{key}: expected layer/name, with a layer of {sorted(layers)}"
        for key in _definitions()["assets"]
        if not re.fullmatch(rf"({'|'.join(sorted(layers))})/[a-z_]+", key)
    ]
    assert not problems, repo.listed(problems, READ_IT)


def test_checks_say_what_they_are() -> None:
    problems = []
    for name in _definitions()["checks"]:
        asset, _, check = name.rpartition("/")
        table = asset.rpartition("/")[2]
        if not re.fullmatch(rf"[A-Z][A-Z0-9]*_\d+|suite_{table}|gate_[a-z_]+|{table}__[a-z_]+", check):
            problems.append(f"{name}: expected a rule id (B1_27), suite_{table}, gate_<name> or {table}__<what holds>")
    assert not problems, repo.listed(problems, READ_IT)


def test_modules_and_functions_are_snake_case() -> None:
    problems = []
    for path, tree in repo.package_files():
        if not path.stem.startswith("__") and not _is_snake_case(path.stem):
            problems.append(repo.relative(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not re.fullmatch(r"_?[A-Z][A-Za-z0-9]*", node.name):
                problems.append(f"{repo.relative(path)}:{node.lineno} {node.name}")
            if isinstance(node, ast.FunctionDef) and not re.fullmatch(r"_{0,2}[a-z][a-z0-9_]*", node.name):
                problems.append(f"{repo.relative(path)}:{node.lineno} {node.name}")
    assert not problems, repo.listed(problems, READ_IT)


def test_exceptions_say_so() -> None:
    problems = [
        f"{repo.relative(path)}:{node.lineno} {node.name}"
        for path, tree in repo.package_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) in {"Exception", "ValueError", "RuntimeError"} for base in node.bases)
        and not node.name.endswith(("Error", "Failure", "Fault", "Locked"))
    ]
    assert not problems, repo.listed(problems, READ_IT)


def test_modules_say_what_belongs_in_them() -> None:
    problems = [repo.relative(path) for path, tree in repo.package_files() if not ast.get_docstring(tree)]
    assert not problems, repo.listed(problems, "A module opens with the concept that it holds.")


def test_descriptions_use_our_words() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+? \| (.+?) \|$", page[page.index("## Say this") :], flags=re.MULTILINE)
    avoided = [word.strip() for row in rows for word in row.split(",") if word.strip() not in {"not", "user"}]
    assert "anomaly" in avoided
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, avoided))})s?\b", re.IGNORECASE)
    problems = []
    for table in (*repo.described_models(), *repo.described_seeds()):
        texts = [table.entry.get("description", ""), *(column.get("description", "") for column in table.columns)]
        problems += [f"{table.name}: {text!r} says {found[0]!r}" for text in texts if (found := pattern.findall(text))]
    assert not problems, repo.listed(problems, "docs/naming.md, last table, has the word to use.")


def _definitions() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = json.loads(repo.DEFINITIONS.read_text(encoding="utf-8"))
    return loaded


def _is_snake_case(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) is not None
