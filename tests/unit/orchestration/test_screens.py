"""What people see: values as they read them, brackets as they were printed, and what to do next."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from orchestration import screens
from orchestration.journal import STAGES, NightRecord


def _shown(what: Any, width: int = 160) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(what)
    return console.export_text()


@pytest.fixture
def record() -> NightRecord:
    return NightRecord(
        run_id="run",
        home="/home",
        started_at="2026-01-04T18:00:00+00:00",
        outcome="published",
        stages=[{"stage": name, "outcome": "done", "seconds": 1.25} for name in STAGES],
        deliveries=[
            {"file": "[/bold]a.txt", "kind": "plan", "why": "new"},
            {"file": "b.csv", "kind": "return", "why": None},
        ],
        balance=[
            {"file": "[/bold]a.txt", "recognised": 3, "loaded": 2, "refused": 1},
            {"file": "b.csv", "recognised": 5, "loaded": 5, "refused": 0},
            {"file": "gone.csv", "recognised": 1, "loaded": 1, "refused": 0},
        ],
        counts={"figures": 8, "rejected": 1, "findings_new": 2},
        findings={"error": {"open": 1, "accepted": 1}},
        gates=[{"gate": "models", "passed": True, "message": ""}],
        release_id="20260104T180000Z-00000000",
        release_file="/home/published/current.duckdb",
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("2.7700000000"), "2.77"),
        (Decimal("100.0000000000"), "100"),
        (Decimal("0.0000000000"), "0"),
        (None, ""),
        (3, "3"),
        ("〔2021〕13号", "〔2021〕13号"),
    ],
)
def test_values_are_shown_as_people_read_them(value: Any, text: str) -> None:
    assert screens.cell_text(value) == text


def test_square_brackets_are_no_markup() -> None:
    shown = _shown(screens.rows_table(("printed",), [("[/red] 表[1]",)]))

    assert "[/red] 表[1]" in shown


def test_a_table_without_rows_still_has_its_head() -> None:
    assert "finding_id" in _shown(screens.rows_table(("finding_id",), []))


def test_a_summary_says_what_is_late_and_is_silent_where_nothing_is(record: NightRecord) -> None:
    assert "逾期" not in _shown(screens.night_summary(record))
    record.late = {"市州统计局": 12, "国家统计局": 1}
    record.latest_late = ["地区生产总值2022年（初步）：贵阳市等9个地区，应于2023-04-01前"]
    shown = _shown(screens.night_summary(record))

    assert "13（市州统计局 12，国家统计局 1）" in shown
    assert record.latest_late[0] in shown


def test_a_summary_says_what_was_read_and_published(record: NightRecord) -> None:
    shown = _shown(screens.night_summary(record))

    for text in (
        "[/bold]a.txt",
        "本次读取 read 1，未变 unchanged 1",
        "不在目录",
        "错误 error 2（新 new 2",
        record.release_id,
    ):
        assert str(text) in shown
    assert "provstat findings list --severity error" in shown


def test_the_next_step_follows_what_is_left_to_do(record: NightRecord) -> None:
    assert "findings list" in screens.next_step(record)
    record.findings = {"error": {"accepted": 2}}
    assert screens.next_step(record) == "provstat rejected list"
    record.counts["rejected"] = 0
    assert "provstat sql" in screens.next_step(record)
    record.outcome = "held"
    assert "run provstat nightly again" in screens.next_step(record)


def test_a_held_night_names_its_gate_and_its_reason(record: NightRecord) -> None:
    record.outcome, record.message = "held", "gate balance: [/b] a.txt: 3 recognised"
    record.gates = [{"gate": "balance", "passed": False, "message": "a.txt"}]
    record.stages = record.stages[:3]
    record.release_id = None
    shown = _shown(screens.night_summary(record))

    assert "拦截 held: balance" in shown
    assert "原因 why: gate balance: [/b] a.txt: 3 recognised" in shown
    assert "未到 not reached" in shown
    assert "发布 release" not in shown


def test_progress_leaves_nothing_on_a_pipe() -> None:
    from orchestration.journal import tell

    console = Console(file=io.StringIO(), width=80)
    with screens.night_progress(console):
        tell("inventory", "1/2 a.txt")
        tell("models", "")
        tell("models", "half")

    assert "inventory" not in console.file.getvalue()  # type: ignore[attr-defined]
