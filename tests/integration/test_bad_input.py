"""Whatever arrives, and whatever we break ourselves: each case through a whole night, with its outcome named.

What a sender did wrong is refused with its reason and the rest is published; what we broke holds the night, names file
and place, and leaves the served release and the ledger as they were. ``tests/integration/test_gates.py`` holds the
faults that need a reader with a fault of its own.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter

from tests.conftest import Count
from warehouse.home import Home

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ingestion", "dbt_project", "expectations", "warehouse", "orchestration")

HEADER = "region_code,region,indicator,period,value,unit,published_year,release_type,source\n"
GOOD_ROW = "520200,六盘水市,R&D经费投入强度,2020,0.89,%,2021,final,合成年鉴2021\n"
GOOD_FIGURES = 1

Rows = list[dict[str, Any]]


def _workbook() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("合成")
    for row, cells in enumerate((("合成表：R&D经费投入强度",), ("单位：%",), ("地区", "2020年"), ("贵州", 0.91))):
        sheet.write_row(row, 0, cells)
    book.close()
    return content.getvalue()


def _protected() -> bytes:
    content = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(_workbook())).encrypt("not the default one", content)
    return content.getvalue()


def _rows(*rows: str) -> bytes:
    return (HEADER + GOOD_ROW + "".join(rows)).encode()


ARRIVALS = {
    # file name, content, reason code of what is refused, how many figures of that file load all the same
    "a duplicate row": ("rows.csv", _rows(GOOD_ROW), "duplicate_row", 1),
    "an unknown region": ("rows.csv", _rows(GOOD_ROW.replace("520200,六盘水市", "999999,无此县")), "unknown_region", 1),
    "a unit that does not fit": (
        "rows.csv",
        _rows(GOOD_ROW.replace("2020,0.89,%", "2019,0.8,万元")),
        "unit_mismatch",
        1,
    ),
    "a broken workbook": ("book.xlsx", b"PK\x03\x04" + b"no package" * 20, "unreadable_file", 0),
    "a truncated workbook": ("book.xlsx", _workbook()[:2000], "unreadable_file", 0),
    "a password-protected workbook": ("book.xlsx", _protected(), "encrypted", 0),
    "an empty file": ("plan.txt", b"", "empty_file", 0),
    "a binary file named .txt": ("plan.txt", bytes(range(256)) * 8, "not_text", 0),
    "a format that nobody reads": ("plan.wps", b"\xd0\xcf\x11\xe0" * 64, "unsupported_format", 0),
}


def _delivered(case: str) -> str:
    """The name under which a case lies in the one landing folder of all of them."""
    return f"{list(ARRIVALS).index(case)}-{ARRIVALS[case][0]}"


@pytest.fixture(scope="module")
def arrived(tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any]) -> Any:
    """One night with every bad file beside a good one."""
    folder = tmp_path_factory.mktemp("arrived")
    landing = folder / "landing"
    landing.mkdir()
    for case, (_, content, _, _) in ARRIVALS.items():
        (landing / _delivered(case)).write_bytes(content)
    (landing / "good.csv").write_text(HEADER + GOOD_ROW.replace("六盘水", "贵阳").replace("520200", "520100"), "utf-8")
    return run_a_night(folder / "home", (landing,))


@pytest.mark.parametrize("case", ARRIVALS)
def test_what_arrives_is_refused_and_the_rest_is_published(
    case: str, arrived: Any, ask: Callable[..., Rows], count: Count
) -> None:
    _, _, reason, loaded = ARRIVALS[case]
    name = _delivered(case)
    assert arrived.exit_code == 0, arrived.record.message
    refused = ask(arrived.release_file, "select reason_code, reason from quality.rejected where file_name = ?", name)
    assert [row["reason_code"] for row in refused] == [reason]
    assert len(refused[0]["reason"]) > 5, "a sentence that the sender can act on"
    told = ask(arrived.release_file, "select file_name, figures from quality.source_balance")
    figures = {row["file_name"]: row["figures"] for row in told}
    assert (figures[name], figures["good.csv"]) == (loaded, GOOD_FIGURES)
    balance = {row["file"]: row for row in arrived.record.balance}
    assert balance[name]["recognised"] == balance[name]["loaded"] + balance[name]["refused"]
    count(inputs_refused=1, losses=0)


def _append(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / path
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} has changed: {old!r} is not in it"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


BREAKAGES = {
    # what we change in a copy of the code, exit code, words that the message must hold
    "an alias that points nowhere": (
        _append("dbt_project/seeds/indicator_aliases.csv", "某指标,no_such_indicator,_T,_T,any,\n"),
        1,
        ("indicator_aliases.csv row", "no_such_indicator"),
    ),
    "a unit declared twice": (
        _append("dbt_project/seeds/units.csv", "万元,money,10000,万元,again,\n"),
        1,
        ("units.csv row", "万元"),
    ),
    "a seed that dbt refuses": (
        _append("dbt_project/seeds/region_members.csv", "R-EAST,520000,,one,two,many\n"),
        1,
        ("region_members",),
    ),
    "a model that breaks its contract": (
        _replace("dbt_project/models/marts/observations.sql", "select\n", "select\n    1 as surplus,\n"),
        1,
        ("observations.sql", "surplus"),
    ),
    "a rule that raises": (
        _replace("dbt_project/models/candidates/rule_tests.sql", "max(document_id) as", "max(cast('x' as integer)) as"),
        1,
        ("rule_tests.sql",),
    ),
    "a suite that raises": (
        _replace("expectations/suites/rejected.yml", "column: reason_code", "column: no_such_column"),
        1,
        ("no_such_column",),
    ),
    "a rule file that breaks its schema": (
        _replace("expectations/rules/pt_plan_targets.yml", "severity: information", "severity: grave"),
        2,
        ("pt_plan_targets.yml", "PT-01", "grave"),
    ),
}


def _standing(home: Home) -> tuple[str, str, tuple[Any, ...]]:
    connection = sqlite3.connect(home.ledger_file)
    try:
        events = tuple(connection.execute("select * from finding_event order by event_id").fetchall())
    finally:
        connection.close()
    return str(home.current.readlink()), hashlib.sha256(home.current.read_bytes()).hexdigest(), events


def _code(folder: Path) -> Path:
    """A copy of the code to break; run from inside it, it comes before what is installed."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "target", "logs")
        )
    return folder


def _night(code: Path, home: Home) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "orchestration", "nightly", "--home", str(home.root)],
        cwd=code,
        env={key: value for key, value in os.environ.items() if key not in ("PROVSTAT_LANDING", "DAGSTER_HOME")},
        capture_output=True,
        text=True,
    )
    # a terminal folds long lines
    return done.returncode, (done.stdout + done.stderr).replace("\n", "")


@pytest.mark.parametrize("case", BREAKAGES)
def test_what_we_break_holds_and_names_the_place(
    case: str, tmp_path: Path, sample_nights: Any, copy_home: Callable[[Home, Path], Home], count: Count
) -> None:
    change, expected, words = BREAKAGES[case]
    home = copy_home(sample_nights[0].home, tmp_path / "home")
    before = _standing(home)
    code = _code(tmp_path / "code")
    change(code)
    exit_code, told = _night(code, home)
    assert exit_code == expected, told
    for word in words:
        assert word in told
    assert _standing(home) == before
    count(faults_of_ours=1, losses=0)
