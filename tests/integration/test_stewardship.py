"""A steward's work from the terminal on a published home: decide, confirm, history, letter, and how it is refused."""

from __future__ import annotations

import json
import os
import pwd
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import Result

from expectations.decisions import Account
from expectations.ledger import current_states, open_ledger
from orchestration import accounts
from tests.ledgers import LI, VIEWER, WANG
from warehouse.home import Home

Call = Callable[..., Result]


@pytest.fixture
def found(call: Call) -> str:
    """The error whose two printings differ: 2.77 in the text, 2.68 in the table."""
    return next(row["finding_id"] for row in _listed(call) if row["rule_id"] == "B1-36")


def _listed(call: Call, *arguments: str) -> list[dict[str, Any]]:
    result = call("findings", "list", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def _decide(call: Call, found: str, status: str, *arguments: str, actor: Account = WANG) -> Result:
    return call("findings", "decide", found, "--status", status, "--reason", "县里核实", *arguments, actor=actor)


def _first_figure(said: str) -> str:
    """The first printing that a refusal lists."""
    found = re.search(r"fig_[0-9a-f]{20}", said)
    assert found is not None, said
    return found[0]


def test_two_people_accept_an_error(call: Call, found: str) -> None:
    refused = _decide(call, found, "accepted", "--prefer", "fig_none")
    assert refused.exit_code == 1
    text = _first_figure(refused.output)

    proposed = _decide(call, found[:12], "accepted", "--prefer", text)
    assert proposed.exit_code == 0, proposed.output
    assert "待另一位统计员确认" in proposed.output
    (row,) = [row for row in _listed(call) if row["finding_id"] == found]
    assert (row["status"], row["waits_for"]) == ("open", "wang 提出 accepted，待另一人确认（李）")
    again = _decide(call, found, "accepted", "--prefer", text)
    assert (again.exit_code, "须由另一位统计员确认" in again.output) == (1, True)

    assert _decide(call, found, "accepted", actor=LI).exit_code == 0
    assert [row["finding_id"] for row in _listed(call, "--status", "accepted")] == [found]
    second = _decide(call, found, "false_positive")
    assert (second.exit_code, "li decided accepted" in second.output.replace("\n", "")) == (1, True)
    told = call("findings", "history", found).output
    for word in ("opened", "proposed accepted", "decided", "wang", "li", "县里核实", "采用"):
        assert word in told
    assert call("ledger", "check").exit_code == 0


def test_who_may_not_decide_is_told_why(call: Call, found: str) -> None:
    for actor in (VIEWER, Account("somebody", "")):
        refused = _decide(call, found, "accepted", actor=actor)
        assert (refused.exit_code, actor.account in refused.output) == (1, True)
    assert {row["status"] for row in _listed(call)} == {"open"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--status", "fine"], 1, "cannot be decided"),
        (["--status", "closed"], 1, "cannot be decided"),
        (["--status", "waived"], 1, "--until"),
        (["--status", "waived", "--until", "next week"], 2, "2026-03-31"),
        (["--status", "queried", "--deadline", "2020-01-01"], 1, "lies in the past"),
        (["--status", "our_error", "--event", "7"], 1, "事件 7"),
    ],
)
def test_a_decision_that_makes_no_sense(call: Call, found: str, arguments: list[str], code: int, said: str) -> None:
    refused = call("findings", "decide", found, "--reason", "x", *arguments)
    assert (refused.exit_code, said in refused.output) == (code, True), refused.output
    unknown = call("findings", "decide", "fnd_none", "--reason", "x", "--status", "our_error")
    assert (unknown.exit_code, "provstat findings list" in unknown.output) == (1, True)


def test_a_target_is_not_preferred(call: Call, home: Home) -> None:
    finding = next(row["finding_id"] for row in _listed(call) if row["rule_id"] == "PT-11")
    printed = _decide(call, finding, "accepted", "--prefer", "fig_none").output
    refused = _decide(call, finding, "accepted", "--prefer", _first_figure(printed))
    assert (refused.exit_code, "only a level" in refused.output) == (1, True)


def test_a_release_that_shows_other_evidence_is_not_decided_on(call: Call, home: Home, found: str) -> None:
    with open_ledger(home.ledger_file) as engine:
        assert current_states(engine)[found].sequence == 1
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("update finding_state set evidence_hash = 'other'")
    refused = _decide(call, found, "our_error")
    assert (refused.exit_code, "证据与当前发布不同" in refused.output) == (1, True)
    differs = call("ledger", "check")
    assert (differs.exit_code, "--rebuild" in differs.output) == (1, True)
    assert call("ledger", "check", "--rebuild").exit_code == 0
    assert _decide(call, found, "our_error").exit_code == 0


def test_the_letter_asks_with_both_printings_and_a_deadline(call: Call, found: str, tmp_path: Path) -> None:
    file = tmp_path / "查询函.docx"
    early = call("findings", "letter", found, "-o", str(file))
    assert (early.exit_code, "尚未查询" in early.output, file.exists()) == (1, True, False)
    assert _decide(call, found, "queried", "--deadline", "2099-01-16").exit_code == 0

    written = call("findings", "letter", found, "-o", str(file))
    assert written.exit_code == 0, written.output
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for word in ("息烽县", found, "2099年1月16日", "2.77", "2.68", "xifeng_plan.txt", "第82行", "县里核实", "B1-36"):
        assert word in text
    assert "82" in cells
    assert call("findings", "letter", found, "-o", "letter.pdf").exit_code == 2
    assert call("findings", "letter", found, "-o", str(tmp_path / "none" / "x.docx")).exit_code == 1


def test_the_account_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch, seeds: Path) -> None:
    """Not a name in the environment, which anybody can set."""
    own = pwd.getpwuid(os.getuid()).pw_name
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, "example_steward")
    assert accounts.acting_account(seeds) == Account(own, "")
    with (seeds / "stewards.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{own},steward,某某\n")
    assert accounts.acting_account(seeds) == Account(own, "steward", "某某")


@pytest.mark.parametrize(
    ("row", "said"), [("x,boss,某", "boss"), ("example_viewer,viewer,某", "there twice"), ("y,viewer,", "blank")]
)
def test_a_wrong_seed_is_named(seeds: Path, row: str, said: str) -> None:
    with (seeds / "stewards.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")
    with pytest.raises(accounts.AccountError, match=said):
        accounts.accounts(seeds)


def test_waiting_says_until_when(call: Call) -> None:
    warning = next(row["finding_id"] for row in _listed(call, "--severity", "warning"))
    assert _decide(call, warning, "waived", "--until", str(date(2099, 3, 31))).exit_code == 0
    (row,) = _listed(call, "--status", "waived")
    assert (row["finding_id"], row["waits_for"]) == (warning, "暂免至 2099-03-31")


def test_a_long_list_says_that_it_is_cut(call: Call) -> None:
    every = _listed(call)
    cut = call("findings", "list", "--limit", "2")
    assert cut.exit_code == 0
    assert [row["finding_id"] in cut.output for row in every[:3]] == [True, True, False]
    assert f"{len(every)} 条" in cut.output
    assert "前 2 条" in cut.output
    of_status = call("findings", "list", "--limit", "2", "--status", "open")
    assert [row["finding_id"] in of_status.output for row in every[:3]] == [True, True, False]
