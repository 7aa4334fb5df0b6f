"""Nights on plans, bulletins and returns that were written from the rule catalogue before any rule had read them.

The documents (``tests/held_out``, invented figures) hold the contradictions that ``planted.csv`` lists; the README
beside them keeps what the first night on each set found. Of what is not found yet, and of doubts that are false, the
lists say so: they are wrong as soon as the reader is better or worse than they say.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.full

Rows = list[dict[str, Any]]
FOLDER = Path(__file__).resolve().parents[1] / "held_out"
PLANS, BOOKS = FOLDER / "plans", FOLDER / "books"
LANDINGS = {"plans": (PLANS,), "books": (BOOKS / "plans", BOOKS / "returns")}
_FINDINGS = """
    select distinct
        findings.finding_id, findings.rule_id, findings.severity, findings.title_zh,
        coalesce(printed.file_name, told.file_name) as file_name
    from quality.findings as findings
    left join quality.finding_figures as operands on findings.finding_id = operands.finding_id
    left join marts.figures as figures on operands.figure_id = figures.figure_id
    left join reference.sources as printed on figures.source_id = printed.source_id
    left join reference.sources as told on findings.document_id = told.document_id
"""


def listed(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keys(row: Mapping[str, str]) -> set[tuple[str, str]]:
    """File and rule under which a planted contradiction is told rightly."""
    return {(file, rule) for file in row["files"].split() for rule in (row["rule_id"], *row["also_right"].split())}


@pytest.fixture(scope="module", params=list(LANDINGS))
def findings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    run_a_night: Callable[..., Any],
    ask: Callable[..., Rows],
) -> tuple[str, Rows]:
    """What a night on one part found, each finding with the files that it is about."""
    night = run_a_night(tmp_path_factory.mktemp("held_out") / "home", LANDINGS[request.param])
    assert night.exit_code == 0, night.record.message
    return request.param, ask(night.home.current, _FINDINGS)


def planted(part: str) -> list[dict[str, str]]:
    return [row for row in listed("planted.csv") if (row["set"] == "books") is (part == "books")]


def _told(rows: Rows) -> set[tuple[str, str]]:
    return {(Path(row["file_name"] or "").name, row["rule_id"]) for row in rows}


def _content(path: Path) -> bytes:
    if path.suffix != ".docx":
        return path.read_bytes()
    with ZipFile(path) as archive:
        return archive.read("word/document.xml")


def test_every_text_says_that_it_is_synthetic() -> None:
    texts = [*PLANS.iterdir(), *(BOOKS / "plans").iterdir(), *(BOOKS / "returns").glob("*.csv")]
    said = [path for path in texts if any("合成示例".encode(code) in _content(path) for code in ("utf-8", "gb18030"))]
    assert len(texts) > 50
    assert said == texts


def test_every_planted_sentence_stands_in_its_plan() -> None:
    typed = [row for row in planted("plans") if Path(row["files"]).suffix in (".txt", ".md")]
    assert len(typed) > 200
    assert [row for row in typed if row["told"] not in (PLANS / row["files"]).read_text(encoding="utf-8")] == []


def test_every_planted_contradiction_is_found_under_its_rule(findings: tuple[str, Rows]) -> None:
    part, rows = findings
    told = _told(rows)
    found = {row["told"]: "yes" if keys(row) & told else "no" for row in planted(part)}
    assert {row["told"]: row["found"] for row in planted(part)} == found


def test_nothing_that_is_consistent_is_doubted(findings: tuple[str, Rows]) -> None:
    part, rows = findings
    doubts = [row for row in rows if row["severity"] in ("error", "warning")]
    right = {key for row in planted(part) for key in keys(row)}
    known = {(row["file"], row["rule_id"]) for row in listed("doubts.csv")}
    about: dict[str, set[tuple[str, str]]] = {}
    for row in doubts:
        about.setdefault(f"{row['rule_id']} {row['title_zh']}", set()).update(_told([row]))
    assert len(about) >= 30
    assert [title for title, places in about.items() if not places & (right | known)] == []


def test_most_is_found_and_little_is_doubted_in_vain() -> None:
    rows, doubts = listed("planted.csv"), listed("doubts.csv")
    assert sum(row["found"] == "yes" for row in rows) >= 0.93 * len(rows)
    assert sum(row["verdict"] == "false" for row in doubts) <= 0.03 * len(rows)
