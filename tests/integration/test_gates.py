"""Block on our faults, report on theirs: what a sender did wrong is published around, what we did wrong holds.

A held night leaves the served release byte for byte and the ledger as they were, and says where the fault is.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from expectations.catalogue import implemented_rules
from expectations.gx_suites import Expectation
from ingestion import reading
from ingestion.delivery import Delivery
from ingestion.figures import Reading
from ingestion.registry import Registry
from orchestration import gates
from orchestration.cli import app
from warehouse.contract import CONTRACT, Contract, lacking
from warehouse.home import Home

Rows = list[dict[str, Any]]

PLAN = """演示市科技创新规划（合成）

到2025年，R&D经费投入强度达到2.6%，技术合同成交额达到150亿元。
到2025年，高新技术企业达到2000亿元。
"""
STRAY = """别处科技创新规划（合成）

到2025年，R&D经费投入强度达到2.9%。
"""
ROWS = """region_code,region,indicator,period,value,unit,published_year,release_type,source
520000,贵州省,R&D经费投入强度,2020,0.91,%,2021,final,合成年鉴2021
520000,贵州省,R&D经费投入强度,2020,0.91,%,2021,final,合成年鉴2021
520000,贵州省,R&D经费投入强度,2020,0.92,%,2021,final,合成年鉴2021
999999,无此县,R&D经费投入强度,2020,0.5,%,2021,final,合成年鉴2021
520100,贵阳市,R&D经费投入强度,2020,1.5,万元,2021,final,合成年鉴2021
520100,贵阳市,R&D经费投入强度,2020,很多,%,2021,final,合成年鉴2021
520200,六盘水市,R&D经费投入强度,2020,0.89,%,2021,final,合成年鉴2021
"""
SOURCES = """
- {file: plan.txt, title: 演示市科技创新规划（合成）, region_code: "520100"}
- {file: stray.txt, title: 别处科技创新规划（合成）, region_code: "999999"}
"""
REFUSED = {
    ("binary.txt", "not_text"),
    ("broken.xlsx", "unreadable_file"),
    ("empty.csv", "empty_file"),
    ("stray.txt", "unknown_region"),
    ("rows.csv", "duplicate_row"),
    ("rows.csv", "duplicate_key"),
    ("rows.csv", "unknown_region"),
    ("rows.csv", "unit_mismatch"),
    ("rows.csv", "not_a_number"),
}


@dataclass(frozen=True)
class Standing:
    """What readers and stewards rely on: the served file and the ledger, as bytes and as rows."""

    link: Path
    release_sha256: str
    releases: tuple[str, ...]
    ledger: tuple[Any, ...]


def _standing(home: Home) -> Standing:
    with sqlite3.connect(home.ledger_file) as connection:
        events = tuple(connection.execute("select * from finding_event order by event_id").fetchall())
    connection.close()
    return Standing(
        link=home.current.readlink(),
        release_sha256=hashlib.sha256(home.current.read_bytes()).hexdigest(),
        releases=tuple(sorted(path.name for path in home.releases.iterdir())),
        ledger=events,
    )


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One landing folder with everything that a sender may get wrong, and two files that are right."""
    folder = tmp_path_factory.mktemp("gates") / "landing"
    folder.mkdir()
    for name, text in (("plan.txt", PLAN), ("stray.txt", STRAY), ("rows.csv", ROWS), ("sources.yml", SOURCES)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04" + b"no package" * 20)
    (folder / "empty.csv").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def published(landing: Path, run_a_night: Callable[..., Any]) -> Any:
    """The first night on that folder."""
    return run_a_night(landing.parent / "home", (landing,), now="2026-02-01T00:00:00Z")


@pytest.fixture
def poisoned_reader(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every plan be read anew, by a reader with a fault of its own."""

    def poison(change: Callable[[Reading], Reading]) -> None:
        read = reading.read_delivery
        version = reading.reader_version
        fault = getattr(change, "__name__", "fault")

        def faulty(delivery: Delivery, registry: Registry) -> Reading:
            found = read(delivery, registry)
            return change(found) if delivery.kind == "plan" and found.figures else found

        monkeypatch.setattr(reading, "read_delivery", faulty)
        monkeypatch.setattr(reading, "reader_version", lambda kind: f"{fault}-{version(kind)}")

    return poison


def _twice(found: Reading) -> Reading:
    """One figure under two rows: a key that we duplicated."""
    return replace(found, figures=(*found.figures, found.figures[0]), recognised=found.recognised + 1)


def _elsewhere(found: Reading) -> Reading:
    """A figure of a region that no seed declares."""
    moved = replace(found.figures[0], region_code="529999")
    return replace(found, figures=(moved, *found.figures[1:]))


def _one_lost(found: Reading) -> Reading:
    """A figure that was recognised and neither loaded nor refused."""
    return replace(found, figures=found.figures[:-1])


def _break_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {**CONTRACT.tables, "marts.figures": (*CONTRACT.tables["marts.figures"], "promised_column")}
    monkeypatch.setattr(gates, "lacking", partial(lacking, contract=Contract(CONTRACT.version, tables)))


def _forget_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = implemented_rules()
    monkeypatch.setattr(gates, "implemented_rules", lambda: (*rules, replace(rules[0], rule_id="B9-99")))


def _expect(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    """Give the suite of the figures one more expectation; a column that does not exist makes it break."""
    from orchestration.defs import quality

    entry = Expectation(
        id=f"GX-TEST-{column}",
        expectation="expect_column_values_to_be_null",
        kwargs={"column": column},
        row_condition=(),
        severity="error",
        blocks=True,
        fault="ours",
        title_zh="试验",
        title_en="test",
    )
    suites = [
        replace(suite, expectations=(*suite.expectations, entry)) if suite.table == "marts.figures" else suite
        for suite in quality.SUITES
    ]
    assert suites != list(quality.SUITES)
    monkeypatch.setattr(quality, "SUITES", tuple(suites))


def _said(night: Any) -> dict[str, str]:
    """Messages of the gates that did not let the night pass."""
    return {gate["gate"]: gate["message"] for gate in night.record.gates if not gate["passed"]}


def test_bad_input_is_published_around(published: Any, ask: Callable[..., Rows]) -> None:
    assert published.exit_code == 0, published.record.message
    assert _said(published) == {}
    rejected = ask(published.home.current, "select * from quality.rejected")
    figures = ask(published.home.current, "select region_code, value from marts.figures where layout = 'cell'")
    told = {(row["file_name"], row["reason_code"]) for row in rejected}

    assert told >= REFUSED
    assert ("plan.txt", "unit_mismatch") in told
    assert all(row["reason"] and row["source_id"] for row in rejected)
    assert {row["region_code"] for row in figures} == {"520000", "520200"}
    assert {row["address"] for row in rejected if row["file_name"] == "rows.csv"} == {"E3", "E4", "E5", "E6", "E7"}
    assert ask(published.home.current, "select * from quality.source_balance where lost <> 0") == []


def test_what_was_refused_can_be_listed(published: Any) -> None:
    listed = CliRunner().invoke(app, ["rejected", "list", "--format", "json", "--home", str(published.home.root)])
    one = CliRunner().invoke(app, ["rejected", "list", "--reason", "empty_file", "--home", str(published.home.root)])

    assert {(row["file"], row["reason_code"]) for row in json.loads(listed.stdout)} >= REFUSED
    assert "empty.csv" in one.stdout
    assert "broken.xlsx" not in one.stdout


def test_the_right_part_of_a_bad_night_is_served(published: Any, ask: Callable[..., Rows]) -> None:
    targets = ask(published.home.current, "select indicator_code from marts.targets order by 1")

    assert [row["indicator_code"] for row in targets] == ["rd_intensity", "tech_contract_value"]


def test_a_key_that_we_duplicated_holds_at_the_models(
    published: Any, landing: Path, run_a_night: Callable[..., Any], poisoned_reader: Callable[..., None]
) -> None:
    before = _standing(published.home)
    poisoned_reader(_twice)
    night = run_a_night(published.home.root, (landing,), now="2026-02-02T00:00:00Z")

    assert (night.exit_code, night.record.outcome, night.record.release_id) == (1, "held", None)
    assert _said(night).keys() == {"models"}
    assert "current_figures__figure_id__unique (models/core/current_figures.yml)" in _said(night)["models"]
    assert _said(night)["models"] in night.record.message
    assert _standing(published.home) == before


@pytest.mark.full
def test_a_figure_that_we_lost_holds_and_the_file_is_named(
    published: Any, landing: Path, run_a_night: Callable[..., Any], poisoned_reader: Callable[..., None]
) -> None:
    before = _standing(published.home)
    poisoned_reader(_one_lost)
    night = run_a_night(published.home.root, (landing,), now="2026-02-03T00:00:00Z")

    assert (night.exit_code, night.record.outcome, night.record.release_id) == (1, "held", None)
    assert "plan.txt: 3 recognised, 1 loaded, 1 refused" in _said(night)["balance"]
    assert "plan.txt: 3 recognised" in night.record.message
    assert _standing(published.home) == before


@pytest.mark.full
def test_every_later_gate_holds_and_names_the_place(
    published: Any, landing: Path, run_a_night: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _standing(published.home)
    _break_contract(monkeypatch)
    _forget_rule(monkeypatch)
    _expect(monkeypatch, "unit")
    _expect(monkeypatch, "no_such_column")
    night = run_a_night(published.home.root, (landing,), now="2026-02-04T00:00:00Z")
    said = _said(night)

    assert (night.exit_code, night.record.outcome, night.record.release_id) == (1, "held", None)
    assert said.keys() == {"contract", "rules_complete", "expectations"}
    assert "column marts.figures.promised_column is missing" in said["contract"]
    assert "B9-99" in said["rules_complete"]
    assert "GX-TEST-unit on marts.figures" in said["expectations"]
    assert "GX-TEST-no_such_column on marts.figures" in said["expectations"]
    assert all(message in night.record.message for message in said.values())
    assert _standing(published.home) == before


@pytest.mark.full
@pytest.mark.parametrize("gate", ["contract", "rules_complete", "expectations"])
def test_each_gate_holds_alone(
    gate: str, published: Any, landing: Path, run_a_night: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _standing(published.home)
    poison: dict[str, Callable[[], None]] = {
        "contract": lambda: _break_contract(monkeypatch),
        "rules_complete": lambda: _forget_rule(monkeypatch),
        "expectations": lambda: _expect(monkeypatch, "no_such_column"),
    }
    poison[gate]()
    night = run_a_night(published.home.root, (landing,), now="2026-02-05T00:00:00Z")

    assert (night.exit_code, set(_said(night))) == (1, {gate})
    assert _standing(published.home) == before


@pytest.mark.full
def test_a_figure_of_an_undeclared_region_holds(
    published: Any, landing: Path, run_a_night: Callable[..., Any], poisoned_reader: Callable[..., None]
) -> None:
    before = _standing(published.home)
    poisoned_reader(_elsewhere)
    night = run_a_night(published.home.root, (landing,), now="2026-02-06T00:00:00Z")

    assert (night.exit_code, _said(night).keys()) == (1, {"models"})
    assert "figures__region_code__declared (models/marts/figures.yml)" in _said(night)["models"]
    assert _standing(published.home) == before


@pytest.mark.full
def test_the_night_after_publishes_again(
    published: Any, landing: Path, run_a_night: Callable[..., Any], ask: Callable[..., Rows]
) -> None:
    """Whatever nights were held before, nothing of them is left in what is served."""
    query = "select figure_id, region_code, value from marts.figures where recorded_to is null order by figure_id"
    before = ask(published.home.current, query)
    night = run_a_night(published.home.root, (landing,), now="2026-02-07T00:00:00Z")

    assert night.exit_code == 0, night.record.message
    assert ask(night.home.current, query) == before
    assert ask(night.home.current, "select previous_release_id from meta.release") == [
        {"previous_release_id": published.record.release_id}
    ]
