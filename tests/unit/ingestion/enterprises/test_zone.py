"""The restricted zone over several nights: whole readings or none, corrections of a unit, withdrawals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion.enterprises import aggregates, zone
from ingestion.enterprises.forms import load_forms
from ingestion.reading import DeliveryOutcome, read_landing
from tests.returns import enterprises as made

FORM = load_forms()["107-2", 2023]
START = datetime(2026, 1, 1, tzinfo=UTC)
Night = Callable[..., tuple[DeliveryOutcome, ...]]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """Read the landing folder as the night does, on the day of the given number."""

    def run(day: int) -> tuple[DeliveryOutcome, ...]:
        return read_landing([tmp_path / "landing"], tmp_path / "lake", START + timedelta(days=day))

    return run


def deliver(tmp_path: Path, name: str, rows: list[made.Row]) -> None:
    made.write(tmp_path / "landing" / name, made.as_csv(made.as_table(FORM, 2023, rows)))


def total(tmp_path: Path, concept: str = "rd_fee_total") -> Decimal | None:
    """The sum of the province in the latest edition, None where none is told."""
    sources = pl.read_parquet(tmp_path / "lake" / "sources" / "*.parquet")
    sums = sources.filter(pl.col("file_name").str.ends_with("汇总")).sort("recorded_at")
    figures = pl.read_parquet(tmp_path / "lake" / "figures" / "*.parquet")
    own = figures.filter(
        (pl.col("reading_id") == sums["reading_id"][-1])
        & (pl.col("variant") == concept)
        & (pl.col("region_code") == "520000")
        & (pl.col("breakdown") == "_T")
    )
    return own["value"].item() if own.height else None


def fee(*numbers: int) -> Decimal:
    return Decimal(sum(int(made.activity_row(FORM, number)["rd_fee_total"]) for number in numbers))


def test_sums_are_over_all_deliveries_and_a_unit_counts_with_its_later_one(tmp_path: Path, night: Night) -> None:
    deliver(tmp_path, "a.csv", [made.activity_row(FORM, number) for number in range(10)])
    night(0)
    assert total(tmp_path) == fee(*range(10))
    deliver(tmp_path, "b.csv", [made.activity_row(FORM, number) for number in range(10, 15)])
    night(1)
    assert total(tmp_path) == fee(*range(15))
    corrected = made.activity_row(FORM, 3) | {"rd_fee_total": "1000000", "rd_fee_labour": "99000"}
    deliver(tmp_path, "c.csv", [corrected, *(made.activity_row(FORM, number) for number in range(15, 18))])
    night(2)
    rows = pl.concat(pl.read_parquet(file) for file in (tmp_path / "restricted").rglob("units.parquet"))
    assert rows["unit_code"].to_list().count(made.unit_code(3)) == 2, "what was reported before stays"
    # the corrected unit has more than 85 % of the whole, so the sum is told no more
    assert total(tmp_path) is None
    assert total(tmp_path, "employees") == sum(
        Decimal(made.activity_row(FORM, number)["employees"]) for number in range(18)
    )


def test_a_better_reader_keeps_the_order_of_deliveries(
    tmp_path: Path, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read again in one night, the correction still counts, whatever the files are called and hashed to."""
    from ingestion.enterprises import loading

    deliver(tmp_path, "z.csv", [made.activity_row(FORM, number) for number in range(10)])
    night(0)
    for day, staff in ((1, "9001"), (2, "9002"), (3, "9003")):
        deliver(tmp_path, f"{9 - day}.csv", [made.activity_row(FORM, 3) | {"employees": staff}])
        night(day)
    told = total(tmp_path, "project_count")
    prepare = loading.prepare

    def newer(*arguments: Any) -> Any:
        return replace(prepare(*arguments), digest="newer")

    monkeypatch.setattr(loading, "prepare", newer)
    assert {o.why for o in night(4)} == {"reader changed"}
    assert total(tmp_path, "project_count") == told
    restricted = tmp_path / "restricted"
    readings = zone.in_order_of_delivery(restricted, _latest(tmp_path))
    rows = aggregates.current_units(list(zone.stored_batches(restricted, readings)))
    assert rows.filter(pl.col("unit_code") == made.unit_code(3))["employees"].to_list() == [Decimal(9003)]


def _latest(tmp_path: Path) -> list[str]:
    from ingestion import lake

    return [record.reading_id for record in lake.latest_readings(tmp_path / "lake").values()]


def test_the_same_files_again_change_nothing(tmp_path: Path, night: Night) -> None:
    deliver(tmp_path, "a.csv", [made.activity_row(FORM, number) for number in range(10)])
    first = night(0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    second = night(1)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before
    assert [(o.why, o.recognised, o.loaded) for o in (*first, *second)] == [("new", 10, 10), (None, 10, 10)]


def test_a_withdrawn_delivery_takes_its_units_out_of_the_sums(tmp_path: Path, night: Night) -> None:
    deliver(tmp_path, "a.csv", [made.activity_row(FORM, number) for number in range(10)])
    deliver(tmp_path, "b.csv", [made.activity_row(FORM, number) for number in range(10, 15)])
    night(0)
    sources = tmp_path / "landing" / "sources.yml"
    sources.write_text("- {file: b.csv, withdrawn: true}\n", encoding="utf-8")
    night(1)
    assert total(tmp_path) == fee(*range(10))
    sources.write_text("- {file: b.csv, withdrawn: true}\n- {file: a.csv, withdrawn: true}\n", encoding="utf-8")
    night(2)
    assert total(tmp_path) is None
    sources.unlink()
    night(3)
    assert total(tmp_path) == fee(*range(15))


def test_a_death_leaves_all_of_a_reading_or_none(tmp_path: Path, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at each write: the lake knows nothing of it, the next night clears it away and reads the file."""
    deliver(tmp_path, "a.csv", [made.activity_row(FORM, number) for number in range(10)])
    writes = {"units.parquet", "rejected.parquet", "findings.parquet", "delivery.json"}
    for name in sorted(writes):
        with monkeypatch.context() as patch:
            for function in ("_write_frame", "_write_bytes"):
                real = getattr(zone, function)

                def dying(path: Path, content: object, real: Callable[..., None] = real, name: str = name) -> None:
                    if path.name == name:
                        raise KeyboardInterrupt
                    real(path, content)

                patch.setattr(zone, function, dying)
            with pytest.raises(KeyboardInterrupt):
                night(0)
        assert list((tmp_path / "restricted" / "returns").iterdir()) == []
        assert pl.read_parquet(tmp_path / "lake" / "sources" / "*.parquet").height == 0
    leftover = tmp_path / "restricted" / "returns" / ("f" * 20 + "-0001")
    leftover.mkdir()
    (tmp_path / "restricted" / "returns" / ".half.1.tmp").mkdir()
    night(0)
    assert not leftover.exists()
    assert not (tmp_path / "restricted" / "returns" / ".half.1.tmp").exists()
    assert total(tmp_path) == fee(*range(10))


def test_a_reading_that_the_lake_did_not_take_is_read_again(
    tmp_path: Path, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zone is written first: without its row in the lake a reading does not count."""
    from ingestion import lake

    deliver(tmp_path, "a.csv", [made.activity_row(FORM, number) for number in range(10)])
    with monkeypatch.context() as patch:
        patch.setattr(lake, "write_reading", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            night(0)
    assert [o.why for o in night(1)] == ["new"]
    assert total(tmp_path) == fee(*range(10))
