"""Small build files that keep the public contract, and homes to publish them in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest

from warehouse.contract import CONTRACT
from warehouse.home import Home
from warehouse.publish import build_release, swap_current
from warehouse.release_meta import ReleaseMeta, write_meta

FIRST_NIGHT = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
KINDS = {"value": "DECIMAL(28,10)", "printed_decimals": "INTEGER", "is_current": "BOOLEAN", "published_at": "DATE"}

MakeBuild = Callable[..., Path]
Publish = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").ensure()


@pytest.fixture
def make_build(home: Home) -> MakeBuild:
    """Write a build file of a release; see `write_build`."""
    return partial(write_build, home)


@pytest.fixture
def publish(home: Home, make_build: MakeBuild) -> Publish:
    """Build, publish and serve a release."""

    def run(release_id: str, nights: int = 0, previous: str | None = None, then: str = "") -> Path:
        file = build_release(make_build(release_id, nights, previous, then), home, release_id)
        swap_current(home, file)
        return file

    return run


def write_build(home: Home, release_id: str, nights: int = 0, previous: str | None = None, then: str = "") -> Path:
    """Write a build file with every contract table, all commented; `then` is SQL run on it afterwards."""
    file = home.build / f"{release_id}.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("BEGIN TRANSACTION")
        for name, columns in CONTRACT.tables.items():
            if name != "meta.release":
                _create(connection, name, columns or ("code",))
        connection.execute("CREATE SCHEMA staging; CREATE TABLE staging.secret AS SELECT '910000' AS enterprise")
        connection.execute(
            "INSERT INTO marts.figures (figure_id, printed_text, value, published_at) "
            "VALUES ('f2', '2.68%', 2.68, '2021-10-01'), ('f1', '2.77%', 2.77, NULL), ('f3', ?, NULL, NULL)",
            [release_id],
        )
        meta = ReleaseMeta(
            release_id, f"run-{release_id}", FIRST_NIGHT + timedelta(days=nights), previous, "0.1.0", {"figures": 3}
        )
        write_meta(connection, meta)
        connection.execute("COMMIT")
        if then:
            connection.execute(then)
    return file


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...]) -> None:
    definitions = ", ".join(f'"{column}" {KINDS.get(column, "VARCHAR")}' for column in columns)
    if name == "marts.figures":
        definitions = definitions.replace('"figure_id" VARCHAR', '"figure_id" VARCHAR NOT NULL')
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.partition('.')[0]}")
    connection.execute(f"CREATE TABLE {name} ({definitions})")
    connection.execute(f"COMMENT ON TABLE {name} IS 'synthetic (合成): {name}'")
    for column in columns:
        connection.execute(f"COMMENT ON COLUMN {name}.\"{column}\" IS '{column} 列'")
