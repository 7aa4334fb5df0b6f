"""The landing sensor: a complete file starts one night, a half-written one none, a touched one none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.defs import sensors
from warehouse.home import Home
from warehouse.lock import night_lock

Tick = Callable[[], tuple[list[str], str]]


class _Memory:
    """The cursor that dagster keeps from tick to tick."""

    cursor: str | None = None


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    (folder / "a.csv").write_text("a")
    monkeypatch.setenv("PROVSTAT_LANDING", str(folder))
    monkeypatch.setenv("PROVSTAT_HOME", str(tmp_path / "home"))
    return folder


@pytest.fixture
def tick(landing: Path) -> Tick:
    """One look at the landing folder: the run keys asked for, and why none was."""
    memory = _Memory()

    def run() -> tuple[list[str], str]:
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance=instance, cursor=memory.cursor)
            found: Any = sensors._look(context)
        memory.cursor = found.cursor
        keys = [str(request.run_key) for request in found.run_requests or ()]
        return keys, found.skip_reason.skip_message or "" if found.skip_reason else ""

    return run


def _write(path: Path, text: str, at: int) -> None:
    """Write a file at a time of our own (seconds)."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_file_counts_once_it_kept_still_for_one_tick(tick: Tick) -> None:
    first, why = tick()
    assert first == []
    assert "a.csv" in why
    assert len(tick()[0]) == 1
    assert tick()[0] == []


def test_a_file_that_grows_is_waited_for_and_the_others_with_it(landing: Path, tick: Tick) -> None:
    tick(), tick()
    _write(landing / "complete.csv", "x", 100)
    for size in range(1, 4):
        _write(landing / "growing.csv", "x" * size, 100 + size)
        assert tick()[0] == []
    assert len(tick()[0]) == 1


def test_one_that_is_rewritten_in_place_is_still_being_written(landing: Path, tick: Tick) -> None:
    tick(), tick()
    _write(landing / "b.csv", "same size", 100)
    assert tick()[0] == []
    _write(landing / "b.csv", "SAME SIZE", 101)
    assert tick()[0] == []
    assert len(tick()[0]) == 1


def test_temporary_names_are_left_alone_until_they_are_renamed(landing: Path, tick: Tick) -> None:
    tick(), tick()
    for name in ("b.xlsx.part", "c.tmp", "~$d.xlsx", ".e.csv"):
        (landing / name).write_text("half")
    assert [tick()[0] for _ in range(3)] == [[], [], []]
    (landing / "b.xlsx.part").rename(landing / "b.xlsx")
    assert tick()[0] == []
    assert len(tick()[0]) == 1


def test_the_run_key_is_the_content(landing: Path, tick: Tick) -> None:
    tick()
    (before,) = tick()[0]
    os.utime(landing / "a.csv", (1, 1))  # only touched
    tick()
    (touched,) = tick()[0]
    assert touched == before, "dagster runs a key once"
    _write(landing / "a.csv", "other", 2)
    tick()
    (changed,) = tick()[0]
    assert changed != before


def test_a_changed_statement_about_a_file_counts_and_a_file_that_is_gone_does_not(landing: Path, tick: Tick) -> None:
    (landing / "b.csv").write_text("b")
    tick(), tick()
    (landing / "b.csv").unlink()
    assert [tick()[0] for _ in range(2)] == [[], []]
    (landing / "sources.yml").write_text("- {file: a.csv, kind: return}\n")
    assert tick()[0] == []
    assert len(tick()[0]) == 1


def test_statements_that_cannot_be_understood_are_told(landing: Path, tick: Tick) -> None:
    (landing / "sources.yml").write_text("- file: [")
    keys, why = tick()
    assert keys == []
    assert "sources.yml" in why


def test_a_running_night_is_waited_for(landing: Path, tick: Tick, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").ensure()
    tick()
    with night_lock(home, "another"):
        keys, why = tick()
        assert keys == []
        assert "running" in why
    assert len(tick()[0]) == 1


@pytest.mark.parametrize("cursor", [None, "", "no json", "[]", '{"seen": {"a": 1}}'])
def test_a_cursor_that_says_nothing_is_a_fresh_start(cursor: str | None) -> None:
    assert sensors.Watch.from_cursor(cursor) == sensors.Watch()


def test_a_cursor_is_read_back() -> None:
    watch = sensors.Watch({"a": (1, 2)}, {"b": (3, 4)})
    assert sensors.Watch.from_cursor(watch.cursor) == watch


def test_it_is_part_of_the_definitions_and_stopped_by_default() -> None:
    assert sensors.LANDING_SENSOR.job_name == "nightly"
    assert sensors.LANDING_SENSOR.default_status is dg.DefaultSensorStatus.STOPPED
