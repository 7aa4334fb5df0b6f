"""Every reason code that ingestion can give is declared in the seed, with a remedy, and nothing else is."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import ingestion
from ingestion.documents.pdf import _MESSAGES as PDF_MESSAGES
from ingestion.enterprises.rows import REASONS as ROW_MESSAGES
from ingestion.registry import SEEDS

PACKAGE = Path(ingestion.__file__).parent
RAISED = {"NotOpened", "QuantityError", "DocumentError", "_RowError", "_CellError", "NoRegionError", "RefusedError"}
"""What is built with a reason code as its first argument; of ``refuse`` it is the fourth,
of a lost file, of a part of a table and of a table of enterprises the second."""
CODE = re.compile(r"[a-z][a-z0-9_]*")


def _declared() -> dict[str, dict[str, str]]:
    with (SEEDS / "rejection_reasons.csv").open(encoding="utf-8", newline="") as file:
        return {row["reason_code"]: row for row in csv.DictReader(file)}


def _given(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            named = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            yield from _literals(named.get("reason_code"))
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = {"refuse": 3, "refused": 1, "Unread": 1, "FileLostError": 1, "FileRefusal": 1}.get(
            name, 0 if name in RAISED else None
        )
        codes = [keyword.value for keyword in node.keywords if keyword.arg == "reason_code"]
        if place is not None and len(node.args) > place:
            codes.append(node.args[place])
        for code in codes:
            yield from _literals(code)


def _literals(code: ast.AST | None) -> Iterator[str]:
    for part in ast.walk(code) if code is not None else ():
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
            yield part.value


def _raised() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: {"documents/pdf.py"} for code in PDF_MESSAGES}
    found |= {code: {"enterprises/rows.py"} for code in ROW_MESSAGES}
    for path in sorted(PACKAGE.rglob("*.py")):
        for code in _given(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(code, set()).add(path.relative_to(PACKAGE).as_posix())
    return found


def test_every_reason_code_is_declared() -> None:
    undeclared = {code: places for code, places in _raised().items() if code not in _declared()}
    assert not undeclared, "declare it in dbt_project/seeds/rejection_reasons.csv, with what would fix it"


def test_every_declared_reason_is_given_somewhere() -> None:
    assert set(_declared()) - set(_raised()) == set()


def test_the_scan_sees_the_ways_in_which_a_code_is_given() -> None:
    raised = _raised()
    assert len(raised) > 30
    assert raised["reader_failed"] == {"enterprises/loading.py", "reading.py"}  # by place and by keyword
    assert "returns/collect.py" in raised["duplicate_key"]  # as an argument of refuse
    assert "returns/open.py" in raised["encrypted"]  # of what is raised or returned


def test_every_reason_says_who_mends_it_and_how() -> None:
    for code, row in _declared().items():
        assert row["who_fixes"] in ("报送单位", "维护人员"), code
        assert re.search("[\u4e00-\u9fff]", row["name_zh"]), code
        assert re.search("[\u4e00-\u9fff]", row["remedy_zh"]), code
        assert len(row["remedy_zh"]) > 5, code
        assert row["name_en"], code
        assert row["remedy_en"], code
