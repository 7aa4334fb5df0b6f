"""A decision through whole nights: it leads in the marts, outlives a re-delivery, ends with its evidence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.ledger import current_states, history, open_ledger, replay
from orchestration.evidence import printings
from orchestration.project import SAMPLES
from orchestration.stewardship import take_decision
from tests.ledgers import LI, WANG
from warehouse.home import Home
from warehouse.settings import ledger_place

Rows = list[dict[str, Any]]
KEY = "region_code = '520122' and indicator_code = 'invention_patents_per_10k' and period = '2020'"
CURRENT = f"select value, obs_status, decided_finding_id, figure_id from marts.observations where {KEY} and is_current"
BASELINE = """
    select distinct baseline_value, baseline_status from marts.targets
    where region_code = '520122' and indicator_code = 'invention_patents_per_10k'
"""


@pytest.mark.full
def test_a_decision_from_the_first_night_to_its_end(
    tmp_path: Path, run_a_night: Callable[..., Any], ask: Callable[..., Rows]
) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(
        SAMPLES[0], landing, ignore=lambda _, names: [n for n in names if "plan" in n and "xifeng" not in n]
    )
    plan = landing / "xifeng_plan.txt"
    original = plan.read_text(encoding="utf-8")
    home = Home.at(tmp_path / "home")

    def night(day: int) -> None:
        ran = run_a_night(home.root, (landing,), now=f"2026-01-{day:02}T02:00:00+08:00")
        assert ran.exit_code == 0, ran.record.message

    def states() -> dict[str, str]:
        with open_ledger(ledger_place(home)) as engine:
            kept = current_states(engine)
            assert kept == replay(engine)
        return {finding_id: state.status for finding_id, state in kept.items()}

    def served(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in ask(home.current, query)]

    night(5)
    (found,) = served("select finding_id from quality.findings where rule_id = 'B1-36'")[0]
    seen = {printing.role: printing for printing in printings(home, found)}
    assert (seen["text"].value, seen["table"].value) == (Decimal("2.77"), Decimal("2.68"))
    assert served(CURRENT) == [(Decimal("2.68"), "A", None, seen["table"].figure_id)]
    assert served(BASELINE) == [(Decimal("2.68"), "conflict")]

    # one proposes, another one confirms; nothing that is published changes before the night
    said = {"status": "accepted", "reason": "县里核实，以正文为准", "now": datetime(2026, 1, 5, 2, tzinfo=UTC)}
    take_decision(home, found, actor=WANG, prefer=seen["text"].figure_id, **said)
    assert states()[found] == "open"
    take_decision(home, found, actor=LI, **said)
    assert served(CURRENT)[0][0] == Decimal("2.68")
    night(6)
    assert states()[found] == "accepted"
    assert served(CURRENT) == [(Decimal("2.77"), "U", found, seen["text"].figure_id)]
    assert served(BASELINE) == [(Decimal("2.77"), "stated")]
    assert served(f"select status from quality.findings where finding_id = '{found}'") == [("accepted",)]
    levels = "kind in ('baseline', 'actual') and recorded_to is null"
    printed = served(f"select printed_value from marts.figures where {KEY} and {levels} order by 1")
    assert printed == [(Decimal("2.68"),), (Decimal("2.77"),)]
    # as we knew it: before the decision the table, since then the text
    then = f"select value from marts.observations where {KEY} and recorded_from <= timestamp '2026-01-05 01:00:00'"
    assert served(f"{then} and (recorded_to is null or recorded_to > timestamp '2026-01-05 01:00:00')") == [
        (Decimal("2.68"),)
    ]

    # a re-delivery with other spaces only: other figure ids, the same evidence
    plan.write_text("\n \n" + original.replace("2.77 件", "2.77  件"), encoding="utf-8")
    night(7)
    assert states()[found] == "accepted"
    value, obs_status, finding_id, figure_id = served(CURRENT)[0]
    assert (value, obs_status, finding_id) == (Decimal("2.77"), "U", found)
    assert figure_id != seen["text"].figure_id

    # a value changes: asked again, and the declared precedence holds
    plan.write_text(original.replace("2.77", "2.79"), encoding="utf-8")
    night(8)
    assert states()[found] == "open"
    assert served(CURRENT)[0][:3] == (Decimal("2.68"), "A", None)
    assert served(BASELINE) == [(Decimal("2.68"), "conflict")]

    # the source corrects it
    plan.write_text(original.replace("2.77", "2.68"), encoding="utf-8")
    night(9)
    assert states()[found] == "closed"
    assert served(BASELINE) == [(Decimal("2.68"), "stated")]
    with open_ledger(ledger_place(home)) as engine:
        assert [event.action for event in history(engine, found)] == [
            "opened",
            "proposed",
            "decided",
            "reopened",
            "closed",
        ]
