"""The lake: what is read again and what is not, what a death leaves behind, and that nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from ingestion import lake, reading, schemas
from ingestion.delivery import inventory

PLAN_A = "甲地科技创新规划（合成）\n\n到2025年，R&D经费投入强度达到2.6%。到2025年，省级良马达到30匹。\n"
PLAN_B = "乙地科技创新规划（合成）\n\n到2025年，技术合同成交额达到150亿元。到2025年，研究开发劲头达到3.1%。\n"
TABLE = """region_code,region,indicator,period,value,unit,source
520000,贵州省,R&D经费投入强度,2020,0.91,%,合成年鉴2021
520200,六盘水市,技术合同成交额,2020,18.69,亿元,合成年鉴2021
"""
SOURCES = """- {file: a.txt, title: 甲地科技创新规划（合成）, region_code: "520100"}
- {file: b.txt, title: 乙地科技创新规划（合成）, region_code: "520200"}
"""
NIGHT = datetime(2026, 1, 4, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """A landing folder, code lists and a register of corrections, and the lake that they are read into."""

    landing: Path
    lake: Path
    seeds: Path
    register: Path

    def read(self, now: datetime = NIGHT) -> dict[str, str | None]:
        """Read what changed: file → why, None where its latest reading holds."""
        outcomes = reading.read_landing((self.landing,), self.lake, now, seeds=self.seeds, register=self.register)
        return {outcome.file_name: outcome.why for outcome in outcomes}

    def append(self, seed: str, row: str) -> None:
        with (self.seeds / f"{seed}.csv").open("a", encoding="utf-8") as file:
            file.write(row + "\n")

    def edit(self, seed: str, old: str, new: str) -> None:
        path = self.seeds / f"{seed}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def sha256(self, name: str) -> str:
        return next(d.sha256 for d in inventory([self.landing]) if d.file_name == name)

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.lake / name / "*.parquet")


@pytest.fixture
def office(tmp_path: Path, seeds: Path) -> Office:
    """Three deliveries, all read once."""
    landing = tmp_path / "landing"
    landing.mkdir()
    for name, text in (("a.txt", PLAN_A), ("b.txt", PLAN_B), ("rows.csv", TABLE), ("sources.yml", SOURCES)):
        (landing / name).write_text(text, encoding="utf-8")
    register = tmp_path / "corrections.yml"
    register.write_text("[]\n", encoding="utf-8")
    made = Office(landing, tmp_path / "lake", seeds, register)
    assert made.read() == {"a.txt": "new", "b.txt": "new", "rows.csv": "new"}
    return made


def _only(*changed: str, why: str) -> dict[str, str | None]:
    return {name: why if name in changed else None for name in ("a.txt", "b.txt", "rows.csv")}


def test_what_did_not_change_is_not_read_again(office: Office) -> None:
    before = {path: path.read_bytes() for path in office.lake.rglob("*.parquet")}

    assert office.read(NIGHT + timedelta(days=1)) == _only(why="")
    assert {path: path.read_bytes() for path in office.lake.rglob("*.parquet")} == before


def test_an_unchanged_delivery_is_reported_with_what_it_holds(office: Office) -> None:
    arguments = {"seeds": office.seeds, "register": office.register}
    outcomes = reading.read_landing((office.landing,), office.lake, NIGHT, **arguments)  # type: ignore[arg-type]

    assert {o.file_name: (o.recognised, o.loaded, o.refused) for o in outcomes}["rows.csv"] == (2, 2, 0)
    assert all(o.recognised == o.loaded + o.refused > 0 for o in outcomes)


def test_a_changed_reader_reads_its_own_kind_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    version = reading.reader_version
    monkeypatch.setattr(reading, "reader_version", lambda kind: version(kind) + ("x" if kind == "return" else ""))

    assert office.read() == _only("rows.csv", why="reader changed")


def test_a_reader_version_follows_its_own_files(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("a = 1\n")
    before = lake.reader_digest([file])
    file.write_text("a = 2\n")

    assert lake.reader_digest([file]) != before
    assert reading.reader_version("plan") != reading.reader_version("return")


def test_a_changed_statement_about_a_file_reads_that_file_again(office: Office) -> None:
    text = SOURCES.replace('region_code: "520200"', 'region_code: "520200", published_at: 2021-08-04')
    (office.landing / "sources.yml").write_text(text, encoding="utf-8")

    assert office.read() == _only("b.txt", why="sources.yml changed")
    assert office.read() == _only(why="")


def test_a_correction_reads_its_own_delivery_again_and_keeps_the_identity(office: Office) -> None:
    before = office.table("figures").filter(pl.col("printed_text") == "2.6%")
    office.register.write_text(
        f"""- document: {office.sha256("a.txt")}
  address: {before["address"][0]}
  printed_text: 2.6%
  read: {{period: "2025"}}
  right: {{period: "2024"}}
  reason: The heading above says which year is meant.
  by: a steward
  date: 2026-01-31
""",
        encoding="utf-8",
    )

    assert office.read() == _only("a.txt", why="corrections changed")
    after = office.table("figures").filter(pl.col("printed_text") == "2.6%").sort("reading_id")
    assert after["period"].to_list() == ["2025", "2024"]
    assert after["figure_id"].n_unique() == 1
    assert after["value"].n_unique() == 1


def test_a_new_alias_reads_only_what_prints_it(office: Office) -> None:
    unknown = office.table("figures").filter(pl.col("printed_text") == "3.1%")
    office.append("indicator_aliases", "研究开发劲头,rd_intensity,_T,_T,any,")

    assert office.read() == _only("b.txt", why="seed indicator_aliases changed")
    known = office.table("figures").filter(pl.col("printed_text") == "3.1%").sort("reading_id")
    assert unknown["indicator_code"].to_list() == [None]
    assert known["indicator_code"].to_list() == [None, "rd_intensity"]
    assert known["figure_id"].n_unique() == 1


def test_an_alias_that_nobody_prints_reads_nothing(office: Office) -> None:
    office.append("indicator_aliases", "无人使用的名称,rd_intensity,_T,_T,any,")
    assert office.read() == _only(why="")

    office.append("indicator_aliases", "研究开发劲头,rd_intensity,_T,_T,any,")
    assert office.read() == _only("b.txt", why="seed indicator_aliases changed")


def test_a_removed_alias_reads_what_prints_it(office: Office) -> None:
    path = office.seeds / "indicator_aliases.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("技术合同成交额,")), encoding="utf-8")

    assert office.read() == _only("b.txt", "rows.csv", why="seed indicator_aliases changed")


def test_a_new_unit_reads_only_what_prints_it(office: Office) -> None:
    office.append("units", "匹,count,1,匹,head,")

    assert office.read() == _only("a.txt", why="seed units changed")


def test_a_changed_indicator_reads_only_its_own_figures(office: Office) -> None:
    text = (office.seeds / "indicators.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("tech_contract_value,"))
    office.edit("indicators", row + "\n", row + "x\n")

    assert office.read() == _only("b.txt", "rows.csv", why="seed indicators changed")


def test_a_direction_is_stored_and_its_indicator_reads_it_again(office: Office) -> None:
    text = "丙地科技创新规划（合成）\n\n到2025年，高新技术企业数量稳步增加。\n"
    (office.landing / "c.txt").write_text(text, encoding="utf-8")
    with (office.landing / "sources.yml").open("a", encoding="utf-8") as file:
        file.write('- {file: c.txt, title: 丙地科技创新规划（合成）, region_code: "520300"}\n')
    assert office.read()["c.txt"] == "new"
    [stored] = office.table("directional_statements").to_dicts()
    row = next(
        line
        for line in (office.seeds / "indicators.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("hnte_count,")
    )
    office.edit("indicators", row + "\n", row + "x\n")

    assert (stored["indicator_code"], stored["period"], stored["direction"]) == ("hnte_count", "2025", "up")
    assert stored["reading_id"] == lake.latest_readings(office.lake)[office.sha256("c.txt")].reading_id
    assert office.read() == {**_only(why=""), "c.txt": "seed indicators changed"}
    assert office.table("directional_statements")["statement_id"].to_list() == [stored["statement_id"]] * 2


def test_a_changed_region_reads_only_what_names_it(office: Office) -> None:
    text = (office.seeds / "regions.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("520200,"))
    office.edit("regions", row + "\n", row + "x\n")

    assert office.read() == _only("rows.csv", why="seed regions changed")


def test_a_changed_breakdown_reads_only_what_prints_it(office: Office) -> None:
    office.append("breakdowns", "funds=stud,funds,stud,良马,studs,false,良马,,")

    assert office.read() == _only("a.txt", why="seed breakdowns changed")


def test_a_seed_saved_with_other_line_ends_reads_nothing(office: Office) -> None:
    for path in office.seeds.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    assert office.read() == _only(why="")


def test_a_seed_that_was_not_kept_reads_everything_to_be_sure(office: Office) -> None:
    office.append("units", "无人使用的单位,count,1,无,none,")
    for kept in (office.lake / "seeds").glob("units-*.csv"):
        kept.unlink()

    assert office.read() == _only("a.txt", "b.txt", "rows.csv", why="seed units changed")


def test_nothing_is_overwritten(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in office.lake.rglob("*.parquet")}
    monkeypatch.setattr(reading, "reader_version", lambda _kind: "another")
    office.read()

    assert {path: path.read_bytes() for path in before} == before
    assert office.table("sources")["sequence"].to_list().count(2) == 3


def test_a_clock_that_went_back_keeps_the_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "reader_version", lambda _kind: "another")
    office.read(NIGHT - timedelta(days=400))
    records = lake.latest_readings(office.lake)

    assert {record.sequence for record in records.values()} == {2}
    assert {record.recorded_at for record in records.values()} == {NIGHT.replace(tzinfo=None)}
    assert {record.reader_digest for record in records.values()} == {"another"}


def test_a_reading_that_died_before_its_last_file_is_not_there(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.landing / "c.csv").write_text(TABLE.replace("0.91", "0.92"), encoding="utf-8")
    write = lake._write

    def dies(data: pl.DataFrame, target: Path) -> None:
        if target.parent.name == "sources":
            raise OSError("no space left on device")
        write(data, target)

    with monkeypatch.context() as patched:
        patched.setattr(lake, "_write", dies)
        with pytest.raises(OSError, match="no space left"):
            office.read()
    started = f"{office.sha256('c.csv')[:20]}-0001.parquet"

    assert (office.lake / "figures" / started).exists()
    assert office.sha256("c.csv") not in lake.latest_readings(office.lake)
    assert office.read() == {**_only(why=""), "c.csv": "new"}
    assert office.sha256("c.csv") in lake.latest_readings(office.lake)
    assert office.table("figures")["figure_id"].is_duplicated().sum() == 0


def test_what_a_death_left_half_written_is_cleared(office: Office) -> None:
    leftover = office.lake / "figures" / ".x.parquet.123.tmp"
    leftover.write_bytes(b"half")
    office.read()

    assert not leftover.exists()
    assert office.table("figures").height > 0


def test_a_withdrawn_delivery_has_no_figures_any_more(office: Office) -> None:
    text = SOURCES.replace('region_code: "520200"', 'region_code: "520200", withdrawn: true')
    (office.landing / "sources.yml").write_text(text, encoding="utf-8")

    assert office.read() == _only("b.txt", why="sources.yml changed")
    latest = office.table("sources").filter(pl.col("sha256") == office.sha256("b.txt")).sort("sequence")
    assert latest["withdrawn"].to_list() == [False, True]
    assert latest["loaded"].to_list()[1] == latest["recognised"].to_list()[1] == 0


def test_a_missing_file_is_no_withdrawal(office: Office) -> None:
    gone = office.sha256("b.txt")
    (office.landing / "b.txt").unlink()

    assert office.read() == {"a.txt": None, "rows.csv": None}
    assert gone in lake.latest_readings(office.lake)


def test_a_reader_that_breaks_refuses_one_file_and_reads_the_rest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading.read_delivery

    def breaks(delivery: object, registry: object) -> object:
        if getattr(delivery, "file_name", "") == "a.txt":
            raise RuntimeError("a fault of the reader")
        return read(delivery, registry)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_delivery", breaks)
    monkeypatch.setattr(reading, "reader_version", lambda _kind: "another")
    office.read()
    newest = lake.latest_readings(office.lake)[office.sha256("a.txt")].reading_id
    rejected = office.table("rejected").filter(pl.col("reading_id") == newest)

    assert rejected["reason_code"].to_list() == ["reader_failed"]
    assert "a fault of the reader" in rejected["reason"][0]
    assert lake.latest_readings(office.lake)[office.sha256("b.txt")].loaded == 2


def test_an_empty_lake_can_be_asked(tmp_path: Path) -> None:
    lake.ensure(tmp_path)
    columns: dict[str, Callable[[], object]] = {
        "figures": schemas.figures_schema,
        "rejected": schemas.rejected_schema,
        "origins": schemas.sources_schema,
        "definitions": schemas.definitions_schema,
        "directional_statements": schemas.directional_statements_schema,
        "stated_relations": schemas.stated_relations_schema,
        "relation_operands": schemas.relation_operands_schema,
        "lines": schemas.lines_schema,
        "restricted_counts": schemas.restricted_counts_schema,
        "sources": schemas.sources_schema,
    }

    assert lake.latest_readings(tmp_path) == {}
    for table in lake.TABLES:
        empty = pl.read_parquet(tmp_path / table / "*.parquet")
        declared = set(columns[table]().columns)  # type: ignore[attr-defined]
        assert empty.height == 0
        assert declared | {"reading_id"} <= set(empty.columns)


def test_a_table_of_the_night_is_replaced_as_a_whole(tmp_path: Path) -> None:
    first = lake.write_table(tmp_path, "rules", pl.DataFrame({"a": [1, 2]}))
    second = lake.write_table(tmp_path, "rules", pl.DataFrame({"a": [3]}))

    assert first == second
    assert pl.read_parquet(second)["a"].to_list() == [3]
    assert [path.name for path in second.parent.iterdir()] == ["rules.parquet"]


def test_a_file_lost_while_it_is_read_is_told_and_read_the_next_time(office: Office) -> None:
    (office.landing / "a.txt").write_text(PLAN_A.replace("2.6%", "2.7%"), encoding="utf-8")
    (office.landing / "c.csv").write_text(TABLE.replace("0.91", "0.92"), encoding="utf-8")
    (office.landing / "d.csv").write_text(TABLE.replace("0.91", "0.93"), encoding="utf-8")

    def meanwhile(name: str, _done: int, _total: int) -> None:
        if name == "a.txt":  # while the first is read, one is still being written and another is taken back
            with (office.landing / "c.csv").open("a", encoding="utf-8") as file:
                file.write("520100,贵阳市,技术合同成交额,2020,50,亿元,合成年鉴2021\n")
            (office.landing / "d.csv").unlink()

    def read() -> dict[str, reading.DeliveryOutcome]:
        outcomes = reading.read_landing(
            (office.landing,), office.lake, NIGHT, seeds=office.seeds, register=office.register, progress=meanwhile
        )
        return {outcome.file_name: outcome for outcome in outcomes}

    first = read()
    lost = {name: outcome.lost.reason_code for name, outcome in first.items() if outcome.lost is not None}
    assert lost == {"c.csv": "changed_while_reading", "d.csv": "vanished"}
    assert {name: first[name].why for name in ("a.txt", "b.txt", "rows.csv")} == _only("a.txt", why="new")
    assert office.table("sources").filter(pl.col("file_name").is_in(["c.csv", "d.csv"])).is_empty()
    second = office.read(NIGHT + timedelta(days=1))
    assert second == {**_only(why=""), "c.csv": "new"}


def test_a_known_file_lost_while_it_is_read_again_keeps_what_we_knew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = reading.reader_version
    monkeypatch.setattr(reading, "reader_version", lambda kind: version(kind) + "x")
    before = office.table("sources").height
    outcomes = reading.read_landing(
        (office.landing,),
        office.lake,
        NIGHT,
        seeds=office.seeds,
        register=office.register,
        progress=lambda _name, _done, _total: (office.landing / "rows.csv").unlink(missing_ok=True),
    )
    (lost,) = (outcome for outcome in outcomes if outcome.lost is not None)

    assert (lost.file_name, lost.recognised, lost.loaded) == ("rows.csv", 2, 2)
    assert office.table("sources").height == before + 2
    assert "rows.csv" not in office.table("sources").sort("sequence").tail(2)["file_name"].to_list()
