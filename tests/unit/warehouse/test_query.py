import time
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse.home import Home
from warehouse.publish import build_release, swap_current
from warehouse.query import QueryError, open_release, run_query

from .conftest import Publish, write_build

REFUSED = {
    "read_csv": "SELECT * FROM read_csv('{outside}/a.csv')",
    "file as table": "SELECT * FROM '{outside}/a.csv'",
    "read_text": "SELECT * FROM read_text('{outside}/a.csv')",
    "read_blob of the release": "SELECT * FROM read_blob('{release}')",
    "read_parquet": "SELECT * FROM read_parquet('{outside}/a.parquet')",
    "read_json": "SELECT * FROM read_json('{outside}/a.csv')",
    "sniff_csv": "SELECT * FROM sniff_csv('{outside}/a.csv')",
    "glob": "SELECT * FROM glob('{outside}/*')",
    "network": "SELECT * FROM read_csv('https://example.invalid/a.csv')",
    "copy out": "COPY marts.figures TO '{outside}/out.csv'",
    "copy into the write-ahead file": "COPY marts.figures TO '{release}.wal'",
    "copy over the release": "COPY marts.figures TO '{release}'",
    "copy of a pivot": "COPY (PIVOT marts.figures ON figure_id) TO '{outside}/out.csv'",
    "explain analyze copy": "EXPLAIN ANALYZE COPY marts.figures TO '{outside}/out.csv'",
    "export": "EXPORT DATABASE '{outside}/out'",
    "attach new": "ATTACH '{outside}/new.duckdb' AS n",
    "attach the release again": "ATTACH '{release}' AS n",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "load a file": "LOAD '{outside}/a.duckdb_extension'",
    "set access": "SET enable_external_access = true",
    "set lock": "SET lock_configuration = false",
    "set file systems": "SET disabled_filesystems = ''",
    "reset file systems": "RESET disabled_filesystems",
    "set memory": "SET memory_limit = '100GB'",
    "set global threads": "SET GLOBAL threads = 64",
    "set spill folder": "SET temp_directory = '{outside}'",
    "pragma memory": "PRAGMA memory_limit = '100GB'",
    "pragma access": "PRAGMA enable_external_access = true",
    "pragma profile to file": "PRAGMA profiling_output = '{outside}/out.json'",
    "log to file": "CALL enable_logging(storage = 'file', storage_path = '{outside}/out')",
    "secret": "CREATE PERSISTENT SECRET s (TYPE s3)",
    "insert": "INSERT INTO marts.target_figures VALUES ('a', 'b', 'c')",
    "delete": "DELETE FROM marts.figures",
    "create": "CREATE TABLE marts.more AS SELECT 1 AS a",
    "drop": "DROP TABLE marts.figures",
}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the home with a readable file."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "a.csv").write_text("a,b\n1,2\n")
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one release, shared: no statement here may change it."""
    home = Home.at(tmp_path_factory.mktemp("served")).ensure()
    swap_current(home, build_release(write_build(home, "r1"), home, "r1"))
    return home


def everything_in(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED.keys())
def test_a_statement_that_leaves_the_release_is_refused(sql: str, served: Home, outside: Path) -> None:
    statement = sql.format(outside=outside, release=served.current.resolve())
    before = everything_in(outside, served.published)
    with pytest.raises(QueryError) as caught:
        run_query(served, statement)
    assert "does not exist" not in str(caught.value), "refused for its own sake, not because something is missing"
    assert everything_in(outside, served.published) == before


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED.keys())
def test_the_connection_itself_is_walled_in_without_the_statement_filter(sql: str, served: Home, outside: Path) -> None:
    statement = sql.format(outside=outside, release=served.current.resolve())
    before = everything_in(outside, served.published)
    with open_release(served) as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(statement)
    assert "No files found" not in str(caught.value)
    assert everything_in(outside, served.published) == before


def test_python_variables_are_no_tables(served: Home) -> None:
    with open_release(served) as connection:
        local = pl.DataFrame({"a": [1]})
        with duckdb.connect() as open_wide:
            assert open_wide.execute("SELECT * FROM local").fetchall() == local.rows()
        with pytest.raises(duckdb.CatalogException):
            connection.execute("SELECT * FROM local")


def test_a_result_has_columns_types_and_exact_rows(served: Home) -> None:
    result = run_query(served, "SELECT figure_id AS 编号, value FROM marts.figures ORDER BY value DESC NULLS LAST")
    assert result.columns == ("编号", "value")
    assert result.types == ("VARCHAR", "DECIMAL(28,10)")
    assert result.rows == (("f1", Decimal("2.77")), ("f2", Decimal("2.68")), ("f3", None))


@pytest.mark.parametrize(
    "sql",
    [
        "FROM marts.targets",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a;",
        "VALUES (1)",
        "DESCRIBE marts.figures",
        "SHOW ALL TABLES",
        "SUMMARIZE marts.figures",
        "EXPLAIN SELECT * FROM marts.figures",
        "PIVOT marts.figures ON figure_id USING count(*) GROUP BY printed_text",
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'figures'",
        "SELECT TIMESTAMPTZ '2026-03-01 18:00:00+00'",
    ],
)
def test_ways_of_reading_that_are_allowed(sql: str, served: Home) -> None:
    assert run_query(served, sql).columns


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", "no statement"),
        ("-- only a comment", "no statement"),
        ("SELECT 1; SELECT 2", "One statement at a time"),
        ("SELEC 1", "cannot be run: Parser Error"),
        ("SELECT valeu FROM marts.figures", "valeu"),
        ("SELECT * FROM marts.figure", "Did you mean"),
        ("COPY marts.figures TO 'x.csv'", "COPY is refused: .*Use SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", "no file, network address"),
    ],
)
def test_errors_are_told_in_plain_words(sql: str, words: str, served: Home) -> None:
    with pytest.raises(QueryError, match=words):
        run_query(served, sql)


@pytest.mark.parametrize("seconds", [0.01, 0.3])
def test_a_heavy_cross_join_is_interrupted(seconds: float, served: Home) -> None:
    started = time.monotonic()
    with pytest.raises(QueryError, match=f"stopped after {seconds} seconds"):
        run_query(
            served,
            "SELECT sum(a.x * b.x % 7) FROM range(10000000) AS a(x) CROSS JOIN range(10000000) AS b(x)",
            timeout_seconds=seconds,
        )
    assert time.monotonic() - started < 20


def test_too_much_memory_and_too_many_rows_are_refused(served: Home) -> None:
    with pytest.raises(QueryError, match="more than the 50MB of memory"):
        run_query(served, "SELECT x, random() AS r FROM range(50000000) AS t(x) ORDER BY r", memory_limit="50MB")
    with pytest.raises(QueryError, match="more than 20000 rows"):
        run_query(served, "SELECT x FROM range(100000) AS t(x)", max_rows=20_000)
    assert len(run_query(served, "SELECT x FROM range(20000) AS t(x)", max_rows=20_000).rows) == 20_000
    beside = sorted(path.name for path in served.releases.iterdir())
    assert beside == ["r1.duckdb", "r1.duckdb.sha256"], "nothing is spilled beside the release"


def test_a_reader_holds_the_release_that_it_opened(home: Home, publish: Publish) -> None:
    publish("r1", 0)
    with open_release(home.current) as early:
        publish("r2", 1)
        with open_release(home, memory_limit="1GB", threads=1) as late:
            ask = "SELECT release_id FROM meta.release"
            assert early.execute(ask).fetchall() == [("r1",)]
            assert late.execute(ask).fetchall() == [("r2",)]


def test_two_readers_with_other_settings_share_one_release(home: Home, publish: Publish) -> None:
    file = publish("r1")
    with open_release(file, memory_limit="1GB") as one, open_release(home, memory_limit="500MB") as other:
        limits = {
            connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0] for connection in (one, other)
        }
        assert len(limits) == 2


def test_nothing_published_and_a_broken_link_are_told(home: Home, publish: Publish) -> None:
    with pytest.raises(QueryError, match="Nothing is published"):
        run_query(home, "SELECT 1")
    publish("r1").unlink()
    with pytest.raises(QueryError, match=r"no longer there \(releases/r1\.duckdb\)"):
        run_query(home, "SELECT 1")
    home.release_file("r2").write_text("no database" * 1000)
    with pytest.raises(QueryError, match="cannot be opened"):
        open_release(home.release_file("r2"))
