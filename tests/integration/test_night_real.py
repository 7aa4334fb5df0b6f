"""The whole night on the office's own landing folder: every hand-checked figure, served as it was printed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.quantity import squeeze

pytestmark = pytest.mark.real

Rows = list[dict[str, Any]]
CORE_FIGURES, TABLE_FIGURES = 74, 30
# The one column of the workbooks that is counted by nobody's indicator yet: it is served by its printed name.
RETURN_CODES = {
    "R&D经费投入强度": "rd_intensity",
    "规上工业企业中有研发机构的企业数": None,
    "规上工业企业中有R&D活动的企业数": "rd_active_enterprises",
    "规上工业企业R&D经费内部支出": "rd_expenditure_industry_above_scale",
    "一般公共预算支出": "budget_expenditure",
    "财政科学技术支出": "st_budget_expenditure",
}


@pytest.fixture(scope="module")
def real_night(real_landing: Path, tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any]) -> Any:
    return run_a_night(tmp_path_factory.mktemp("real") / "home", (real_landing,))


@pytest.fixture(scope="module")
def query(real_night: Any, ask: Callable[..., Rows]) -> Callable[..., Rows]:
    assert real_night.exit_code == 0, real_night.record.message
    return lambda text, *parameters: ask(real_night.home.current, text, *parameters)


@pytest.fixture(scope="module")
def figures(query: Callable[..., Rows]) -> Rows:
    """Every served figure with the name of the file that it stands in."""
    return query(
        "select figures.*, sources.file_name from marts.figures as figures"
        " inner join reference.sources as sources on figures.source_id = sources.source_id"
    )


def _checked(landing: Path, name: str) -> list[dict[str, str]]:
    path = landing.parent / "truth" / name
    if not path.is_file():
        pytest.skip(f"the hand-checked figures are absent ({path})")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _is_served(row: dict[str, str], figures: Rows) -> bool:
    columns = ("region_code", "indicator_code", "variant", "period", "kind", "target_kind", "comparator", "layout")
    return any(
        Path(figure["file_name"]).name.startswith(row["doc"])
        and figure["line_start"] <= int(row["line_no"]) <= figure["line_end"]
        and figure["printed_value"] == Decimal(row["value"])
        and figure["value"] == Decimal(row["value_in_canonical_unit"])
        and (figure["printed_unit"] or "") == row["unit_as_printed"]
        and (figure["unit"] or "") == row["canonical_unit"]
        and (figure["strength"] or "firm") == (row["strength"] or "firm")
        and all((figure[column] or "") == row[column] for column in columns)
        for figure in figures
        if figure["layout"] != "cell"
    )


def test_the_night_publishes_without_refusing_anything(real_night: Any, query: Callable[..., Rows]) -> None:
    assert real_night.record.outcome == "published"
    assert query("select * from quality.rejected") == []


def test_every_core_figure_of_the_plans_is_served(real_landing: Path, figures: Rows) -> None:
    rows = _checked(real_landing, "plan_core_figures.csv")
    missing = [row["fact_id"] for row in rows if not _is_served(row, figures)]
    in_tables = [row for row in rows if row["layout"] == "table"]

    assert (len(rows), len(in_tables)) == (CORE_FIGURES, TABLE_FIGURES)
    assert missing == []


def test_a_target_figure_is_served_as_a_target(figures: Rows, query: Callable[..., Rows]) -> None:
    printed = {row["figure_id"] for row in figures if row["kind"] == "target" and row["indicator_code"]}
    tied = {row["figure_id"] for row in query("select figure_id from marts.target_figures where role = 'target'")}

    assert len(printed) > 40
    assert tied == printed


def test_every_checked_cell_of_the_workbooks_is_served(real_landing: Path, figures: Rows) -> None:
    for row in _checked(real_landing, "returns_expected_guizhou.csv"):
        code = RETURN_CODES[row["indicator"]]
        found = [
            (figure["printed_value"], figure["printed_unit"])
            for figure in figures
            if figure["layout"] == "cell"
            and Path(figure["file_name"]).name == row["file"]
            and (figure["region_code"], figure["period"]) == (row["region_code"], row["year"])
            and (figure["indicator_code"], figure["breakdown"], figure["sheet"]) == (code, "_T", row["sheet"])
            and (code is not None or squeeze(figure["indicator_as_printed"]) == squeeze(row["indicator"]))
        ]
        assert found == [(Decimal(row["value"]), row["unit"])], row


def test_the_landing_contradicts_itself_in_three_places_and_no_more(query: Callable[..., Rows]) -> None:
    errors = query(
        "select finding_id, rule_id, region_code, status from quality.findings"
        " where severity = 'error' order by rule_id"
    )
    shown = {
        row["rule_id"]: {
            printing["printed_value"]
            for printing in query(
                "select printed_value from quality.finding_figures inner join marts.figures using (figure_id)"
                " where finding_id = ?",
                row["finding_id"],
            )
        }
        for row in errors
    }

    assert [(row["rule_id"], row["region_code"], row["status"]) for row in errors] == [
        ("B1-12", "450000", "open"),
        ("B1-28", "520200", "open"),
        ("B1-36", "520122", "open"),
    ]
    assert shown["B1-12"] == {Decimal("199645.0"), Decimal("198079.6")}
    assert shown["B1-36"] == {Decimal("2.77"), Decimal("2.68")}
    assert shown["B1-28"] == {Decimal(text) for text in ("11.98", "0.89", "18.69", "1.37")}


# a finding about a text only points to some figure of it: its role is source
ACCUSED = """
    select figure_id from quality.finding_figures
    inner join quality.findings using (finding_id)
    where severity in ('error', 'warning') and role <> 'source'
"""


def test_rounded_growth_raises_nothing(figures: Rows, query: Callable[..., Rows]) -> None:
    rates = {Decimal(text) for text in ("286", "85.74", "64.8", "41", "575", "12.38", "14.6", "4.2")}
    rises = {row["figure_id"] for row in figures if row["kind"] == "growth" and row["printed_value"] in rates}
    accused = {row["figure_id"] for row in query(ACCUSED)}
    run = query("select outcome, tested from quality.check_runs where rule_id = 'B1-32'")

    assert len(rises) >= len(rates)
    assert accused.isdisjoint(rises)
    assert [row["outcome"] for row in run] == ["pass"]
    assert run[0]["tested"] >= 5


def test_two_vintages_of_one_year_are_both_kept_and_no_contradiction(query: Callable[..., Rows]) -> None:
    vintages = query(
        """
        select value, published_at, is_current, figure_id from marts.observations
        where region_code = '520000' and indicator_code = 'rd_intensity' and period = '2018'
            and variant = '_T' and breakdown = '_T' and recorded_to is null
        """
    )
    accused = {row["figure_id"] for row in query(ACCUSED)}

    assert {Decimal("0.82"), Decimal("0.79")} <= {row["value"] for row in vintages}
    assert [row["value"] for row in vintages if row["is_current"]] == [Decimal("0.79")]
    assert accused.isdisjoint(row["figure_id"] for row in vintages)


def test_every_figure_leads_to_its_printed_place(
    figures: Rows, query: Callable[..., Rows], real_landing: Path, astray: Callable[..., list[str]]
) -> None:
    sha256_of = {row["source_id"]: row["sha256"] for row in query("select source_id, sha256 from reference.sources")}

    assert len(figures) > 2000
    assert astray(figures, sha256_of, (real_landing,)) == []


def test_no_figure_is_lost_between_reader_and_warehouse(query: Callable[..., Rows]) -> None:
    balance = query("select file_name, recognised, figures, lost from quality.source_balance")

    assert len(balance) == 9
    assert all(row["lost"] == 0 and row["figures"] > 0 for row in balance), balance
