"""The repository itself: nothing unfinished, nothing of one machine, small modules, documents that tell the truth."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conventions import repository as repo

MAX_FILE, MAX_FUNCTION = 500, 70
HERE = Path(__file__).parent
# Written so that this file does not contain what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w./}-])/" + r"(?:work|tmp|root)(?=/|\b)(?!\.)")
SESSION_WORDS = re.compile(
    r"\b(?:" + "|".join(["A" + "I", "LL" + "Ms?", "Chat" + "GPT", "(?i:clau" + "de)", "(?i:anthro" + "pic)"]) + r")\b"
    r"|(?i:\bas an? assist" + r"ant\b|\bassist" + r"ants?\b|\bsession[ _-]?ids?\b)"
)
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b")
GENERATED = {"uv.lock", "LICENSE"}


def texts() -> Iterator[tuple[str, int, str]]:
    """File, line number and line of every committed text."""
    for path in repo.committed_files():
        content = path.read_bytes()
        if path.name in GENERATED or b"\0" in content[:4096]:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            yield repo.relative(path), number, line


def test_every_dependency_says_why() -> None:
    lines = (repo.ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    problems, inside, seen = [], False, 0
    for number, line in enumerate(lines, 1):
        if re.match(r"(dependencies|\w+) = \[$", line) and not line.startswith(("select", "ignore", "markers")):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and re.match(r'\s+"[A-Za-z0-9_.-]+(\[\w+\])?\s*[=<>~!]', line):
            seen += 1
            if not re.search(r",\s*#\s*\S+", line):
                problems.append(f"pyproject.toml:{number} {line.strip()}")
    assert seen > 20
    assert not problems, repo.listed(problems, "Add the reason as a comment behind the dependency.")


def test_nothing_is_left_unfinished() -> None:
    problems = [
        f"{file}:{number} {line.strip()}"
        for file, number, line in texts()
        if UNFINISHED.search(line) and file.endswith((".py", ".sql", ".yml", ".toml", "Makefile"))
    ]
    for path, tree in repo.package_files():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc):
                problems.append(f"{repo.relative(path)}:{node.lineno} raises NotImplementedError")
            if isinstance(node, ast.FunctionDef) and _is_empty(node):
                problems.append(f"{repo.relative(path)}:{node.lineno} {node.name} does nothing")
    assert not problems, repo.listed(problems, "Finish it or take it out; open questions belong in the docs.")


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        (MACHINE_PATHS, "Use a path relative to the repository, the home, or a temporary folder of the test."),
        (SESSION_WORDS, "Files speak of the subject, not of how they came about."),
    ],
    ids=["machine paths", "session words"],
)
def test_files_do_not_speak_of(pattern: re.Pattern[str], remedy: str) -> None:
    problems = [f"{file}:{number} {line.strip()[:120]}" for file, number, line in texts() if pattern.search(line)]
    assert not problems, repo.listed(problems, remedy)


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE_PATHS.search("see /" + "work/main")
    assert MACHINE_PATHS.search('"/' + 'tmp/x"')
    assert not MACHINE_PATHS.search("frame/work, a/tmp/b and {home}/tmp/x")
    assert SESSION_WORDS.search("made by an A" + "I")
    assert SESSION_WORDS.search("session" + "_id = 3")
    assert not SESSION_WORDS.search("FAIRNESS, NightSession, session scope")


def test_modules_and_functions_stay_small() -> None:
    problems = []
    for path in repo.committed_files():
        if path.suffix != ".py" or repo.relative(path).startswith("tests/"):
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_FILE:
            problems.append(f"{repo.relative(path)} has {lines} lines, at most {MAX_FILE}")
        for node in ast.walk(repo.parsed(path)):
            if isinstance(node, ast.FunctionDef) and (length := _code_lines(node)) > MAX_FUNCTION:
                problems.append(f"{repo.relative(path)} {node.name} has {length} lines, at most {MAX_FUNCTION}")
    assert not problems, repo.listed(problems, "Split it where a part has a name of its own.")


def test_commands_of_the_readme_exist() -> None:
    readme = (repo.ROOT / "README.md").read_text(encoding="utf-8")
    if not readme.strip():
        pytest.skip("README.md is empty")
    makefile = (repo.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", readme, flags=re.DOTALL))
    problems = [f"make {name}" for name in re.findall(r"\bmake\s+([a-z][a-z-]*)", code) if name not in targets]
    problems += [f"provstat {name}" for name in re.findall(r"\bprovstat\s+([a-z]+)", code) if name not in _commands()]
    assert not problems, repo.listed(problems, "README.md names commands that neither Makefile nor `provstat` has.")


def test_files_that_the_readme_links_to_exist() -> None:
    problems = []
    for page in [repo.ROOT / "README.md", *sorted((repo.ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                problems.append(f"{repo.relative(page)} links to {target}")
    assert not problems, repo.listed(problems, "Correct the link.")


def test_makefile_runs_modules_that_exist() -> None:
    makefile = (repo.ROOT / "Makefile").read_text(encoding="utf-8")
    problems = []
    for module in re.findall(r"python -m (tests[\w.]*)", makefile):
        path = repo.ROOT / module.replace(".", "/")
        if not path.with_suffix(".py").is_file() and not (path / "__main__.py").is_file():
            problems.append(f"python -m {module}")
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)[0].split())
    documented = set(re.findall(r"^([a-z][a-z-]*):.*?## ", makefile, flags=re.MULTILINE))
    problems += [f"make {name} has no ## help" for name in sorted(phony - documented)]
    assert not problems, repo.listed(problems, "Makefile names what is not there.")


def test_models_hold_the_public_contract() -> None:
    contract = yaml.safe_load((repo.ROOT / "warehouse" / "contract.yml").read_text(encoding="utf-8"))["tables"]
    models = {f"{m.layer}.{m.name}": {c["name"] for c in m.columns} for m in repo.described_models()}
    models |= {f"reference.{seed.name}": {c["name"] for c in seed.columns} for seed in repo.described_seeds()}
    problems = []
    for table, columns in contract.items():
        if table == "meta.release":  # written at publication
            continue
        if table not in models:
            problems.append(f"{table}: no model or seed of that name")
        else:
            problems += [f"{table}.{column} is not in its yml" for column in columns if column not in models[table]]
    assert not problems, repo.listed(problems, "warehouse/contract.yml promises what the models do not describe.")


def test_vocabularies_that_yml_names_exist() -> None:
    problems = []
    for table in repo.described_models():
        for column, test in table.tests:
            name = (test.get("in_vocabulary") or {}).get("arguments", {}).get("vocabulary") if test else None
            if name is not None and name not in repo.vocabularies():
                problems.append(f"{table.file}: {column} names vocabulary {name}")
    for file in sorted((repo.ROOT / "expectations" / "suites").glob("*.yml")):
        for expectation in yaml.safe_load(file.read_text(encoding="utf-8"))["expectations"]:
            name = expectation.get("vocabulary")
            if name is not None and name not in repo.vocabularies():
                problems.append(f"{repo.relative(file)}: {expectation['id']} names vocabulary {name}")
    assert not problems, repo.listed(problems, "Declare it in dbt_project/seeds/vocabularies.csv.")


def test_rules_use_words_of_the_vocabularies() -> None:
    problems = []
    for file in sorted((repo.ROOT / "expectations").glob("*/*.yml")):
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
        for entry in loaded["expectations"] if isinstance(loaded, dict) else loaded:
            for key in ("severity", "fault"):
                if entry.get(key, "source") not in repo.vocabularies()[key]:
                    problems.append(f"{repo.relative(file)}: {entry['id']} has {key} {entry.get(key)}")
            if entry.get("blocks") and entry["fault"] == "source":
                problems.append(f"{repo.relative(file)}: {entry['id']} blocks on the fault of a source")
    assert not problems, repo.listed(problems, "Words are declared in vocabularies.csv; only our own faults block.")


def _commands() -> set[str]:
    from typer.main import get_command

    from orchestration.cli import app

    return set(getattr(get_command(app), "commands", {}))


def _code_lines(function: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    total = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    return total - ((first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0)


def _is_empty(function: ast.FunctionDef) -> bool:
    """Has no statement; one that means to do nothing says why in a docstring that starts with Nothing and a colon."""
    text = ast.get_docstring(function)
    body = function.body[1:] if text else function.body
    idle = all(isinstance(node, ast.Pass) or ast.unparse(node) == "..." for node in body)
    return idle and not (text or "").startswith("Nothing: ")
