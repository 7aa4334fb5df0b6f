import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.run_history import prune_runs


@dg.op
def work() -> None:
    pass


@dg.op
def fail() -> None:
    raise RuntimeError("on purpose")


@dg.job
def sound() -> None:
    work()


@dg.job
def failing() -> None:
    fail()


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def run_ids(instance: dg.DagsterInstance) -> set[str]:
    return {run.run_id for run in instance.get_runs()}


def test_finished_runs_go_after_their_days_and_unfinished_ones_stay(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    done = sound.execute_in_process(instance=instance).run_id
    failed = failing.execute_in_process(instance=instance, raise_on_error=False).run_id
    running = instance.add_run(dg.DagsterRun(job_name="sound", status=dg.DagsterRunStatus.STARTED)).run_id
    waiting = instance.add_run(dg.DagsterRun(job_name="sound", status=dg.DagsterRunStatus.NOT_STARTED)).run_id
    now = datetime.now(UTC)

    assert prune_runs(instance, now + timedelta(days=89), 90) == 0
    assert run_ids(instance) == {done, failed, running, waiting}
    assert (tmp_path / "history" / "runs" / f"{done}.db").exists()

    assert prune_runs(instance, now + timedelta(days=91), 90) == 2
    assert run_ids(instance) == {running, waiting}
    with closing(sqlite3.connect(tmp_path / "history" / "runs" / "index.db")) as events:
        assert {row[0] for row in events.execute("select run_id from event_logs")}.isdisjoint({done, failed})
    assert [path.stem for path in (tmp_path / "history" / "runs").glob(f"{done}*")] == []
    assert not (tmp_path / "storage" / done).exists()
    assert prune_runs(instance, now + timedelta(days=91), 90) == 0


def test_the_history_works_on_after_pruning(instance: dg.DagsterInstance) -> None:
    sound.execute_in_process(instance=instance)
    prune_runs(instance, datetime.now(UTC) + timedelta(days=10), 1)
    again = sound.execute_in_process(instance=instance)
    assert again.success
    assert run_ids(instance) == {again.run_id}
    assert len(list(instance.all_logs(again.run_id))) > 0


@pytest.mark.parametrize(("now", "days"), [(datetime.now(UTC), 0), (datetime(2026, 1, 1), 3)])
def test_days_and_time_must_make_sense(now: datetime, days: int, instance: dg.DagsterInstance) -> None:
    with pytest.raises(ValueError, match="at least 1 day"):
        prune_runs(instance, now, days)
