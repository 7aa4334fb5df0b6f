"""The report of a night: beside the releases, whole in one file, escaped, cut where lists are long."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import etree

from expectations.ledger import open_ledger
from expectations.ledger_schema import finding_event
from expectations.lifecycle import LedgerEvent
from orchestration import night_report, night_report_page
from orchestration.alerts import log_file
from orchestration.journal import NightRecord
from orchestration.night_report import MAX_CHANGES, MAX_FINDINGS, NightReport
from orchestration.screens import night_summary
from tests.ledgers import night
from warehouse.home import Home

HOSTILE = '<script>alert(1)</script><img src=x onerror="y">'


@pytest.fixture(scope="module")
def text(sample_nights: Any) -> str:
    """The report of the second night."""
    return Path(sample_nights[1].record.report_file).read_text(encoding="utf-8")


@pytest.fixture
def many(sample_nights: Any, copy_home: Callable[..., Home], tmp_path: Path) -> tuple[Home, NightRecord]:
    """A release in which one error stands a thousand times, under a title that nobody should trust."""
    home = copy_home(sample_nights[1].home, tmp_path / "home")
    record = replace(sample_nights[1].record, findings={"error": {"open": 1002}, "warning": {"open": 1}})
    file = home.release_file(str(record.release_id))
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"""
            insert into quality.findings by name select findings.* replace (
                'fnd_' || lpad(cast(n as varchar), 20, '0') as finding_id, '{HOSTILE}' || n as title_zh,
                '{HOSTILE}' as title_en, '{HOSTILE}' as observed, 99 as influence)
            from quality.findings, range(1000) as numbers(n) where rule_id = 'B1-36'
            """
        )
        connection.execute(f"update reference.sources set title = '{HOSTILE}', file_name = '{HOSTILE}'")
    with open_ledger(home.ledger_file) as engine, engine.connect() as connection, connection.begin():
        for number in range(MAX_CHANGES + 5):
            told = (f"fnd_{number:020}", "B1-36", night(40), record.run_id, "nightly", "opened")
            event = LedgerEvent(*told, after_status="open", sequence=1)
            columns = {name: value for name, value in vars(event).items() if not name.endswith("_terms")}
            connection.execute(finding_event.insert().values(**columns))
    return home, record


def test_every_night_has_its_report_and_its_message(sample_nights: Any) -> None:
    home = sample_nights[1].home
    files = [Path(done.record.report_file) for done in sample_nights]
    assert all(file.parent == home.published / "reports" and file.exists() for file in files)
    assert (home.reports / "latest.html").resolve() == files[1].resolve()
    assert sorted(path.name for path in home.reports.iterdir()) == sorted({*(f.name for f in files), "latest.html"})
    lines = [json.loads(line) for line in log_file(home).read_text(encoding="utf-8").splitlines()]
    assert [line["run_id"] for line in lines] == [done.record.run_id for done in sample_nights]
    assert lines[1]["report_file"] == str(files[1])
    assert not [remark for done in sample_nights for remark in done.record.remarks]


def test_the_page_needs_nothing_else(text: str) -> None:
    for wanted in ("<script", "<link", "<iframe", "<img", "@import", "url(", "src=", "href=", "http://", "https://"):
        assert wanted not in text, wanted
    assert "default-src 'none'" in text
    assert etree.HTML(text).findtext(".//title")


def test_both_printings_stand_side_by_side_with_their_lines(text: str) -> None:
    page = etree.HTML(text)
    (error,) = (d for d in page.iter("details") if "正文第17行为2.77件/万人" in "".join(d.find("summary").itertext()))
    sides = error.findall(".//div[@class='side']")
    assert [side.findtext(".//mark") for side in sides] == ["2.77", "2.68"]
    told = ["".join(side.itertext()) for side in sides]
    assert "第82行" in told[1]
    assert "高新技术产业产值" in told[1], "the lines around it"
    assert "".join(error.find("summary").itertext()).strip().startswith("错误 error")


def test_it_tells_how_the_night_stands(text: str, sample_nights: Any) -> None:
    page = etree.HTML(text)
    words = " ".join(" ".join(page.itertext()).split())
    for part in ("新发现 new 0", "重新打开 re-opened 0", "出处单位 2 ", "Great Expectations 54 0 3 0", "县级统计局"):
        assert part in words, part
    counts = [{severity: sum(told.values()) for severity, told in n.record.findings.items()} for n in sample_nights]
    assert counts[0]["error"] == 2
    assert [bar.text for bar in page.iter("title")][1:] == [
        f"2026-01-0{day} 02:00 已发布 published：错误 {n['error']}，警告 {n['warning']}，提示 {n['information']}"
        for day, n in zip((5, 6), counts, strict=True)
    ]
    rules = {cell.text for cell in page.findall(".//td[@class='id']")}
    assert {"B1-36", "PT-11", "GX-FIG-01"} <= rules
    first = Path(sample_nights[0].record.report_file).read_text(encoding="utf-8")
    assert f"新发现 new</b> {sum(counts[0].values())}" in first


def test_long_lists_are_cut_and_say_so_and_nothing_is_markup(many: tuple[Home, NightRecord]) -> None:
    home, record = many[0], deepcopy(many[1])
    record.counts["findings_new"] = 1000
    record.remarks[:] = [HOSTILE]
    record.message = HOSTILE
    report = night_report.night_report(home, record)
    text = night_report_page.page(report)
    assert report.published is not None
    assert len(report.published.findings) == MAX_FINDINGS
    assert f"还有 {1003 - MAX_FINDINGS} 条未列" in text
    assert len(report.changes["opened"]) == MAX_CHANGES
    assert f"还有 {1000 - MAX_CHANGES} 条未列" in text
    assert len(text) < 3_000_000
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;") > MAX_FINDINGS


def test_what_is_closed_is_told_with_the_sentence_of_the_release_before(
    sample_nights: Any, copy_home: Callable[..., Home], tmp_path: Path
) -> None:
    home, record = copy_home(sample_nights[1].home, tmp_path / "home"), sample_nights[1].record
    with open_ledger(home.ledger_file) as engine, engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(
            "insert into finding_event (finding_id, sequence, rule_id, at, run_id, actor, action, after_status) "
            "select finding_id, 2, rule_id, at, ?, actor, 'closed', 'closed' from finding_event "
            "where rule_id = 'B1-36' and action = 'opened'",
            (record.run_id,),
        )
    (closed,) = night_report.night_report(home, record).changes["closed"]
    assert (closed.severity, "2.77" in closed.title_zh) == ("error", True)


@pytest.mark.parametrize("outcome", ["held", "failed"])
def test_a_night_that_published_nothing_says_what_it_knows(outcome: str) -> None:
    record = NightRecord(
        run_id="run-held",
        home="h",
        started_at="2026-01-06T18:00:00+00:00",
        outcome=outcome,
        message=f"gate models: {HOSTILE}",
        stages=[{"stage": "inventory", "outcome": "failed", "seconds": 1.5}],
        gates=[{"gate": "models", "passed": False, "message": HOSTILE}],
    )
    failing = {"expectation_id": "GX-FIG-01", "table": "marts.figures", "column": None, "title_zh": "x"}
    failing |= {
        "message": HOSTILE,
        "outcome": "error",
        "blocks": True,
        "unexpected": 0,
        "tested": 0,
        "sample": (HOSTILE,),
    }
    text = night_report_page.page(NightReport(record, (record,), expectations=(failing,)))
    assert "未发布" in text
    assert "上一版仍在服务" in text
    assert "GX-FIG-01" in text
    assert "<script" not in text
    assert "今夜变化" not in text
    assert re.search(r"<text[^>]*>×</text>", text)


def test_the_summary_leads_to_the_report(sample_nights: Any) -> None:
    from rich.console import Console

    console = Console(width=250, record=True)
    console.print(night_summary(sample_nights[1].record))
    assert sample_nights[1].record.report_file in console.export_text()
