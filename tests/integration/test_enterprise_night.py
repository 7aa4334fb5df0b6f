"""Nights with returns of enterprises: rows in the restricted zone, sums and counts published, nothing else anywhere."""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import python_calamine

from ingestion import reading
from ingestion.enterprises import loading
from ingestion.enterprises.codes import holds_code
from ingestion.enterprises.forms import load_forms
from orchestration import gates
from orchestration.restricted_workbook import write_restricted
from tests.conftest import NightDone, Rows
from tests.returns import enterprises as made
from tests.returns.make_enterprise_samples import SAMPLES as ENTERPRISES
from tests.returns.make_enterprise_samples import UNITS

pytestmark = pytest.mark.full

Ask = Callable[..., Rows]
FORMS = load_forms()


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic returns, one file named after its unit, one that cannot be read, and a public return."""
    folder = tmp_path_factory.mktemp("enterprises") / "landing"
    folder.mkdir()
    for file in ENTERPRISES.glob("*.csv"):
        made.write(folder / file.name, file.read_bytes())
    form = FORMS["GQ-1", 2023]
    rows = [made.activity_row(form, number) for number in range(5)]
    made.write(folder / f"{made.unit_name(1)}.xlsx", made.as_xlsx({"年报": made.as_table(form, 2023, rows)}))
    unknown = [
        ["统一社会信用代码", "单位名称", "金额"],
        *[[made.unit_code(n), made.unit_name(n), "7"] for n in range(4)],
    ]
    made.write(folder / f"名单{made.unit_code(2)}.csv", made.as_csv(unknown))
    public = "region_code,region,indicator,period,value,unit,published_year,release_type,source\n"
    public += "520000,贵州省,R&D经费投入强度,2020,0.91,%,2021,final,合成年鉴2021\n"
    made.write(folder / "public.csv", public.encode())
    return folder


@pytest.fixture(scope="module")
def night(landing: Path, run_a_night: Callable[..., NightDone]) -> NightDone:
    """Two nights on it, the second with nothing new."""
    home = landing.parent / "home"
    run_a_night(home, (landing,), now="2026-03-01T00:00:00Z")
    return run_a_night(home, (landing,), now="2026-03-02T00:00:00Z")


def test_the_night_publishes_and_its_summary_counts_rows(night: NightDone) -> None:
    assert night.exit_code == 0, night.record.message
    rows = {
        (delivery["recognised"], delivery["loaded"], delivery["refused"], delivery["why"])
        for delivery in night.record.deliveries
        if delivery["kind"] == "enterprise_return"
    }
    assert rows == {(40, 37, 3, None), (40, 40, 0, None), (80, 80, 0, None), (5, 5, 0, None), (1, 0, 1, None)}
    assert {(row["recognised"], row["loaded"]) for row in night.record.balance} >= {(40, 37), (80, 80)}


def test_sums_are_published_with_their_lineage(night: NightDone, ask: Ask) -> None:
    """The province's expenses of 2022, added up here from the file itself."""
    form = FORMS["107-2", 2021]
    total = sum(int(made.activity_row(form, number)["rd_fee_total"]) for number in range(UNITS))
    (figure,) = ask(
        night.release_file,
        "select f.*, s.title, s.kind as source_kind from marts.figures f join reference.sources s using (source_id) "
        "where f.region_code = '520000' and f.period = '2022' and f.variant = 'rd_fee_total' and f.breakdown = '_T'",
    )
    assert (figure["value"], figure["unit"], figure["scope_note"]) == (Decimal(total), "千元", "40个单位有数")
    assert "107-2表" in figure["section"]
    assert "第7-46行" in figure["address"]
    assert (figure["title"], figure["source_kind"]) == (
        "107-2表 规模以上工业企业研究开发活动及相关情况（2021年版）2022年汇总",
        "enterprise_return",
    )
    by_industry = ask(
        night.release_file,
        "select sum(value) as v from marts.figures where region_code = '520000' and period = '2022' "
        "and variant = 'rd_fee_total' and breakdown like 'industry=%'",
    )
    assert by_industry == [{"v": Decimal(total)}]


def test_sums_of_enterprises_are_no_observations_and_no_unresolved_names(night: NightDone, ask: Ask) -> None:
    assert ask(night.release_file, "select count(*) as n from marts.observations where unit = '千元'") == [{"n": 0}]
    assert ask(night.release_file, "select count(*) as n from quality.unresolved_names") == [{"n": 0}]


def test_counts_are_published_and_small_ones_withheld(night: NightDone, ask: Ask) -> None:
    rows = ask(
        night.release_file,
        "select subject, row_count, is_suppressed from quality.restricted_counts "
        "where measure = 'rows' and form_id = '107-2' and period = '2023' order by subject",
    )
    # three reasons with one row each: none is told, and what loaded would give their sum away only as three
    assert [(row["subject"], row["row_count"]) for row in rows] == [
        ("loaded", 37),
        ("not_a_number", None),
        ("unit_code_invalid", None),
        ("unknown_region", None),
    ]
    tested = ask(
        night.release_file,
        "select row_count from quality.restricted_counts where measure = 'relation_tested' and subject = 'fees_total' "
        "and period = '2022'",
    )
    assert tested == [{"row_count": 40}]
    small = ask(night.release_file, "select count(*) as n from quality.restricted_counts where row_count in (1, 2)")
    assert small == [{"n": 0}]


def test_no_told_number_has_fewer_than_three_contributors(night: NightDone, ask: Ask) -> None:
    notes = ask(night.release_file, "select scope_note from marts.figures where variant <> '_T'")
    assert len(notes) > 500
    assert min(int(row["scope_note"].partition("个")[0]) for row in notes) >= 3


def test_a_sender_gets_the_faulty_rows_back_as_delivered(night: NightDone, landing: Path) -> None:
    """Three faulty rows of forty, at their own cells below their own header; the file stays inside the zone."""
    target, count = write_restricted(night.home, "退回.xlsx", "activities_2023.csv")
    book = python_calamine.load_workbook(str(target))
    listed = [row for row in book.get_sheet_by_name("拒收清单").to_python()[3:] if row[7] != "audit_relation"]
    rows = book.get_sheet_by_name("数据").to_python(skip_empty_area=False)
    lines = (landing / "activities_2023.csv").read_text(encoding="utf-8-sig").splitlines()
    delivered = next(csv.reader([lines[-1]]))

    assert target.is_relative_to(night.home.restricted)
    assert count >= len(listed) == 3
    assert {row[7] for row in listed} == {"not_a_number", "unit_code_invalid", "unknown_region"}
    assert all(row[5] for row in listed), "each says what would mend it"
    for row in listed:
        line = int(re.sub("[A-Z]", "", row[2]))
        assert rows[line - 1][: len(delivered)] == next(csv.reader([lines[line - 1]]))
    with pytest.raises(LookupError, match="--source"):
        write_restricted(night.home, "退回.xlsx", None)


def test_findings_and_quarantine_lie_in_the_zone_for_the_owner_only(night: NightDone) -> None:
    zone = night.home.restricted
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [zone, *zone.rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}
    findings = pl.concat([pl.read_parquet(file) for file in zone.rglob("findings.parquet")])
    codes = {made.unit_code(15): "fees_total", made.unit_code(19): "personnel"}
    found = {(row["unit_code"], row["relation_id"]) for row in findings.iter_rows(named=True)}
    assert found >= set(codes.items())
    between = pl.concat([pl.read_parquet(file) for file in (zone / "relations_between_forms").glob("*.parquet")])
    assert set(between["relation_id"]) <= {"projects_counted", "projects_expenses"}
    rejected = pl.concat([pl.read_parquet(file) for file in zone.rglob("rejected.parquet")])
    assert {"约五百", "999999"} <= set(rejected["raw_text"].drop_nulls())


def _texts(home_root: Path) -> Iterator[tuple[str, str]]:
    """Everything outside of the restricted zone: files as text, published tables row by row."""
    for path in sorted(home_root.rglob("*")):
        if not path.is_file() or path.is_relative_to(home_root / "restricted"):
            continue
        yield str(path.relative_to(home_root)), path.read_bytes().decode("utf-8", errors="ignore")
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                for schema, table in connection.execute(
                    "select schema_name, table_name from duckdb_tables() where not internal"
                ).fetchall():
                    for row in connection.execute(f'select * from "{schema}"."{table}"').fetchall():
                        yield f"{schema}.{table}", "\n".join(str(value) for value in row)
        if path.suffix == ".parquet":
            for row in pl.read_parquet(path, glob=False).iter_rows():
                yield str(path.relative_to(home_root)), "\n".join(str(value) for value in row)


def test_no_code_and_no_name_leaves_the_restricted_zone(night: NightDone, count: Callable[..., None]) -> None:
    """Published files, lake, exports, logs, run history and run metadata of both nights."""
    searched = found = 0
    problems = []
    for place, text in _texts(night.home.root):
        searched += 1
        if holds_code(text) or ("合成样例" in text and "号有限公司" in text):
            problems.append(place)
    inside = list((night.home.restricted).rglob("units.parquet"))
    found = sum(pl.read_parquet(file)["unit_code"].is_not_null().sum() for file in inside)
    assert found > 200, "the search would find nothing because there was nothing"
    assert problems == []
    count(texts_searched_for_codes=searched)


def test_what_a_person_sees_of_such_a_file_holds_no_cell(landing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from typer.testing import CliRunner

    from orchestration.cli import app

    for output in ("table", "csv", "json", "html"):
        for file in sorted(landing.iterdir()):
            if file.name == "public.csv":
                continue
            shown = CliRunner().invoke(app, ["extract", str(file), "--format", output]).output
            assert shown
            assert not holds_code(shown.replace(file.stem, "")), file.name
            assert "合成样例" not in shown.replace(made.unit_name(1), ""), file.name


def test_a_reader_that_breaks_quotes_no_cell(landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(content: bytes, *_: Any) -> Any:
        raise ValueError(content.decode())

    monkeypatch.setattr(loading, "read_enterprise_return", broken)
    folder = tmp_path / "landing"
    made.write(folder / "a.csv", (landing / "activities_2023.csv").read_bytes())
    from datetime import UTC, datetime

    (outcome,) = reading.read_landing([folder], tmp_path / "lake", datetime(2026, 1, 1, tzinfo=UTC))
    assert (outcome.recognised, outcome.loaded, outcome.refused) == (1, 0, 1)
    (row,) = pl.read_parquet(tmp_path / "lake" / "rejected" / "*.parquet").to_dicts()
    assert row["reason_code"] == "reader_failed"
    assert not holds_code(str(row))
    assert "ValueError" in row["reason"]


def test_a_code_in_the_build_file_holds_the_night(night: NightDone, tmp_path: Path) -> None:
    """The gate of disclosure, on a table into which a code was put."""
    build = tmp_path / "build.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute("create schema quality")
        connection.execute("create table quality.rejected as select 'src_1' as source_id, '无' as raw_text")
        assert gates.disclosure_gate(connection).passed
        connection.execute("insert into quality.rejected values ('src_2', ?)", [f"x {made.unit_code(3)}"])
        held = gates.disclosure_gate(connection)
    assert not held.passed
    assert "quality.rejected.raw_text" in held.message
    assert not holds_code(held.message)
    gate = next(gate for gate in night.record.gates if gate["gate"] == "disclosure")
    assert gate["passed"]
