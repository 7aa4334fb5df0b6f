from pathlib import Path

import duckdb
import pytest

from warehouse.contract import CONTRACT, Contract, lacking, load_contract, uncommented


def test_the_shipped_contract_covers_every_public_table() -> None:
    assert CONTRACT.version == "1.0"
    assert CONTRACT.major == "1"
    assert {name.partition(".")[0] for name in CONTRACT.tables} == {"marts", "quality", "reference", "meta"}
    assert len(CONTRACT.tables) == 17
    assert CONTRACT.tables["marts.target_figures"] == ("target_id", "figure_id", "role")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "is no contract"),
        ("contract_version: 1.0\ntables: {a.b: []}", "quoted text"),
        ("contract_version: '1.0'\ntables: {b: [x]}", "schema.table"),
        ("contract_version: '1.0'\ntables: {a.b: [x, x]}", "once"),
    ],
)
def test_a_broken_contract_file_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "contract.yml"
    file.write_text(text)
    with pytest.raises(ValueError, match=reason):
        load_contract(file)


def test_what_is_lacking_is_named_and_case_does_not_matter() -> None:
    contract = Contract("1.0", {"main.kept": ("A",), "main.short": ("a", "b"), "main.gone": ()})
    contract = Contract("1.0", {name: tuple(c.lower() for c in cs) for name, cs in contract.tables.items()})
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE Kept (A INT, more INT); CREATE TABLE short (a INT)")
        assert lacking(connection, "memory", contract) == [
            "column main.short.b is missing",
            "table main.gone is missing",
        ]


def test_blank_comments_count_as_none_and_views_need_them_too() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t")
        connection.execute("COMMENT ON TABLE t IS '表'; COMMENT ON COLUMN t.a IS '列'; COMMENT ON COLUMN t.b IS ' '")
        assert uncommented(connection, "memory", ("main",)) == [
            "column main.t.b has no comment",
            "table main.v has no comment",
            "column main.v.a has no comment",
        ]
        assert uncommented(connection, "memory", ("other",)) == []
