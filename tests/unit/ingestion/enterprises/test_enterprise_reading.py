"""Reading enterprise returns: every layout of a form gives the same rows; what is wrong is refused with its cell."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from ingestion.delivery import single_delivery
from ingestion.enterprises.forms import Form, load_forms
from ingestion.enterprises.places import load_changes
from ingestion.enterprises.reader import EnterpriseReading, read_enterprise_return, wide_schema
from ingestion.enterprises.recognise import KIND
from ingestion.registry import SEEDS, Registry
from ingestion.returns.cells import column_letters
from tests.returns import enterprises as made

Read = Callable[..., EnterpriseReading]
FORMS = load_forms()
ACTIVITIES = FORMS["107-2", 2023]


@pytest.fixture
def read(registry: Registry) -> Read:
    """Read bytes of an enterprise return."""

    def run(content: bytes, name: str = "r.csv", **stated: Any) -> EnterpriseReading:
        return read_enterprise_return(content, name, stated, FORMS, registry, load_changes(SEEDS))

    return run


def rows_of(count: int = 10, form: Form = ACTIVITIES) -> list[made.Row]:
    return [made.activity_row(form, number) for number in range(count)]


def values(reading: EnterpriseReading) -> list[dict[str, Any]]:
    (batch,) = reading.batches
    items = [item.concept for item in batch.form.items]
    return batch.rows.select(items).sort("unit_code").to_dicts()


def expected(rows: list[made.Row], form: Form = ACTIVITIES) -> list[dict[str, Any]]:
    typed = [
        {i.concept: Decimal(row[i.concept]) if i.is_number else row[i.concept] or None for i in form.items}
        for row in rows
    ]
    return sorted(typed, key=lambda row: str(row["unit_code"]))


def reasons(reading: EnterpriseReading) -> list[tuple[str, str]]:
    """Cell and reason of every faulty cell."""
    return [
        (row["cell"], row["reason_code"])
        for batch in reading.batches
        for row in batch.rejected.iter_rows(named=True)
        if row["line"] is not None
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(read: Read, encoding: str, separator: str) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    found = read(made.as_csv(table, encoding=encoding, separator=separator))
    assert found.refusals == ()
    assert values(found) == expected(rows_of())


def test_a_header_in_the_first_row_with_a_mark_before_it(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())[4:]
    found = read(made.as_csv(table, encoding="utf-8-sig"), form_id="107-2", reference_year=2023)
    assert values(found) == expected(rows_of())


def test_a_workbook_gives_the_same_rows(read: Read) -> None:
    found = read(made.as_xlsx({"107-2": made.as_table(ACTIVITIES, 2023, rows_of())}), "r.xlsx")
    assert values(found) == expected(rows_of())
    (batch,) = found.batches
    assert batch.rows["sheet"].unique().to_list() == ["107-2"]
    assert batch.rows["line"].to_list() == list(range(7, 17))


def test_columns_in_any_order_with_and_without_codes(read: Read) -> None:
    for seed in range(5):
        table = made.as_table(ACTIVITIES, 2023, rows_of(), codes=seed % 2 == 0)
        order = list(range(len(ACTIVITIES.items)))
        random.Random(seed).shuffle(order)
        mixed = table[:4] + [[row[c] for c in order] for row in table[4:]]
        assert values(read(made.as_csv(mixed))) == expected(rows_of())


def test_columns_by_their_codes_alone(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    heading = table[4]
    table[4] = [cell if number < 4 else f"栏{number}" for number, cell in enumerate(heading)]
    assert values(read(made.as_csv(table))) == expected(rows_of())


def test_the_same_code_is_another_item_on_the_form_of_another_year(read: Read) -> None:
    older = FORMS["107-2", 2021]
    rows = rows_of(form=older)
    found = read(made.as_csv(made.as_table(older, 2022, rows)))
    (batch,) = found.batches
    assert batch.form.key == ("107-2", 2021)
    assert values(found) == expected(rows, older)


def test_two_forms_in_one_workbook_and_a_sheet_of_notes(read: Read) -> None:
    project = FORMS["107-1", 2023]
    projects = [row for number in range(5) for row in made.project_rows(project, number, 2023)]
    content = made.as_xlsx(
        {
            "填表说明": [["本表由规模以上企业填报"], ["单位为千元"]],
            "107-1": made.as_table(project, 2023, projects),
            "107-2": made.as_table(ACTIVITIES, 2023, rows_of(5)),
        }
    )
    found = read(content, "r.xlsx")
    assert [(b.form.form_id, b.rows.height) for b in found.batches] == [("107-1", 10), ("107-2", 5)]
    assert found.refusals == ()


def test_a_group_heading_over_two_rows(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of(), codes=False)
    names = table[4]
    place = names.index("研究开发人员合计")
    upper, lower = list(names), [""] * len(names)
    upper[place : place + 4] = ["研究开发人员", "", "", ""]
    lower[place : place + 4] = ["合计", "其中：女性（人）", "其中：全职人员", "其中：本科毕业及以上人员"]
    found = read(made.as_csv([*table[:4], upper, lower, *table[5:]]))
    assert values(found) == expected(rows_of())


def test_numbers_as_people_write_them(read: Read) -> None:
    rows = rows_of()
    sums = {"1,234": "1234", "１２３４": "1234", " 1234 ": "1234", "1234.50": "1234.5", "—": None, "": None}
    for row, text in zip(rows, sums, strict=False):
        row["assets_formed"] = text
    found = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows)))
    shown = [row["assets_formed"] for row in values(found)][: len(sums)]
    assert shown == [None if text is None else Decimal(text) for text in sums.values()]


def test_totals_notes_and_blank_rows_are_no_units(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    width = len(ACTIVITIES.items)
    total = ["合计", *[""] * 3, *["7"] * (width - 4)]
    content = made.as_csv(
        [*table, [""] * width, total, ["注：以上为合成数据", *[""] * (width - 1)], ["单位负责人：某某"]]
    )
    found = read(content)
    assert (found.recognised, found.loaded) == (10, 10)


FAULTS: Mapping[str, tuple[str, str, str]] = {
    "a word for a number": ("assets_formed", "很多", "not_a_number"),
    "a formula error": ("assets_formed", "#DIV/0!", "formula_error"),
    "scientific notation": ("assets_formed", "1.2E+05", "not_a_number"),
    "two numbers": ("assets_formed", "12 34", "not_a_number"),
    "too large": ("assets_formed", "9" * 25, "out_of_range"),
    "below zero": ("assets_formed", "-3", "below_minimum"),
    "half a person": ("rd_units", "1.5", "not_whole"),
    "a wrong check character": ("unit_code", made.unit_code(1)[:-1] + "I", "unit_code_invalid"),
    "a code of nine characters": ("unit_code", "123456789", "unit_code_invalid"),
    "a code that a workbook rounded": ("unit_code", "9.1520102E+17", "unit_code_invalid"),
    "no code": ("unit_code", "", "missing_required"),
    "no region": ("region", "", "missing_required"),
    "a region that does not exist": ("region", "529999", "unknown_region"),
    "a region that was split": ("region", "520321", "region_ceased"),
    "an industry that does not exist": ("industry", "Z99", "industry_invalid"),
    "a letter of another division": ("industry", "A39", "industry_invalid"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_cell_keeps_its_row_out_and_says_where(read: Read, fault: str) -> None:
    concept, text, reason = FAULTS[fault]
    rows = rows_of()
    rows[4][concept] = text
    found = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows)))
    assert (found.recognised, found.loaded) == (10, 9)
    letters = column_letters([item.concept for item in ACTIVITIES.items].index(concept))
    assert reasons(found) == [(f"{letters}11", reason)]
    (batch,) = found.batches
    (row,) = batch.rejected.to_dicts()
    assert row["raw_text"] == (text or None)
    assert text == "" or text not in row["reason"], "a sentence quotes no cell"
    assert row["reason"].startswith(f"{letters}11“")
    assert values(found) == expected([row for number, row in enumerate(rows) if number != 4])


def test_a_unit_that_stands_twice_is_loaded_not_at_all(read: Read) -> None:
    rows = rows_of()
    rows[4] = dict(rows[5])
    found = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows)))
    assert reasons(found) == [("A11", "duplicate_unit"), ("A12", "duplicate_unit")]
    assert found.loaded == 8


def test_a_row_with_more_cells_than_the_header(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    table[10] = [*table[10], "7"]
    found = read(made.as_csv(table))
    assert [reason for _, reason in reasons(found)] == ["row_too_wide"]
    assert found.loaded == 9


def test_quoted_line_ends_do_not_move_the_lines(read: Read) -> None:
    rows = rows_of()
    rows[2]["unit_name"] = "合成样例\n第二行"
    rows[4]["assets_formed"] = "很多"
    found = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows)))
    column = column_letters([item.concept for item in ACTIVITIES.items].index("assets_formed"))
    assert reasons(found) == [(f"{column}12", "not_a_number")]


def test_a_renamed_county_is_followed_to_its_successor(read: Read) -> None:
    rows = rows_of()
    rows[0]["region"] = "520222"  # 盘县, since 2017 盘州市
    (batch,) = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows))).batches
    row = batch.rows.filter(pl.col("unit_code") == rows[0]["unit_code"]).row(0, named=True)
    assert (row["region"], row["region_code"], row["is_successor"]) == ("520222", "520281", True)


def test_too_many_faulty_rows_hold_the_whole_file_back(read: Read) -> None:
    """The threshold of form 107-2 is 30 %: three of ten rows load the rest, four of ten nothing."""
    for faulty, loaded in ((3, 7), (4, 0)):
        rows = rows_of()
        for row in rows[:faulty]:
            row["assets_formed"] = "很多"
        found = read(made.as_csv(made.as_table(ACTIVITIES, 2023, rows)))
        assert found.loaded == loaded
        assert [r.reason_code for r in found.refusals] == (["too_many_rejected"] if loaded == 0 else [])
        assert len(reasons(found)) == faulty, "the faults are kept for the sender"


def edited(change: Callable[[list[list[str]]], None]) -> bytes:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    change(table)
    return made.as_csv(table)


def swap(row: int, column: int, text: str, table: list[list[str]]) -> None:
    table[row][column] = text


def without_region(table: list[list[str]]) -> None:
    table[4][2] = table[5][2] = "备注"


def twice_without_codes(table: list[list[str]]) -> None:
    table[4][12] = "直接投入费用"
    del table[5]


def other_columns(table: list[list[str]]) -> None:
    table[4:6] = [[*table[4][:4], *[f"栏{number}" for number in range(47)]]]


REFUSED: Mapping[str, tuple[Callable[[list[list[str]]], None], str]] = {
    "another unit above": (partial(swap, 3, 0, "计量单位：万元、人、件"), "unit_mismatch"),
    "another unit in a heading": (partial(swap, 4, 12, "人员人工费用（万元）"), "unit_mismatch"),
    "a code of another item": (partial(swap, 5, 6, "8"), "column_conflict"),
    "the same heading twice": (partial(swap, 4, 12, "直接投入费用"), "column_conflict"),
    "a form that is not known": (partial(swap, 0, 2, "表号：999-9表"), "unknown_form"),
    "a document number of another year": (partial(swap, 1, 2, "文号：国统字〔2020〕合成1号"), "form_not_valid"),
    "a document number that is not known": (partial(swap, 1, 2, "文号：国统字〔1999〕1号"), "unknown_form"),
    "a year in which the form is not valid": (partial(swap, 2, 0, "2026年"), "form_not_valid"),
    "a validity that is not the form's": (partial(swap, 2, 2, "有效期至：2019年12月"), "form_not_valid"),
    "two years": (partial(swap, 2, 1, "2022年"), "year_conflict"),
    "no year": (partial(swap, 2, 0, ""), "year_unknown"),
    "no region": (without_region, "missing_column"),
    "the same heading twice, without codes": (twice_without_codes, "column_twice"),
    "columns of another form": (other_columns, "unknown_form"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_trusted_is_refused_as_a_whole(read: Read, case: str) -> None:
    change, reason = REFUSED[case]
    found = read(edited(change))
    assert (found.loaded, [refusal.reason_code for refusal in found.refusals]) == (0, [reason])
    assert len(found.refusals[0].reason) > 10


def test_a_year_that_sources_yml_states(read: Read) -> None:
    content = edited(partial(swap, 2, 0, ""))
    assert read(content, reference_year=2024).batches[0].year == 2024
    assert read(content, "合成2023年.csv").batches[0].year == 2023
    assert [r.reason_code for r in read(edited(lambda _: None), reference_year=2024).refusals] == ["year_conflict"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 2000, b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0nothing", b"a,b\n1,2\n", b"%PDF-1.7 x"]
)
def test_no_bytes_make_it_raise(read: Read, content: bytes) -> None:
    found = read(content)
    assert found.loaded == 0
    assert len(found.refusals) == 1


def test_a_workbook_with_a_cell_far_out_is_refused_before_it_is_unpacked(read: Read) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "统一社会信用代码")
        sheet.write(1_048_575, 600, 1)
    assert [r.reason_code for r in read(content.getvalue(), "r.xlsx").refusals] == ["too_large"]


def test_formula_errors_of_a_workbook_are_not_blanks(read: Read) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("107-2")
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.write_formula(8, 12, "=1/0", None, "#DIV/0!")
        sheet.write_number(9, 12, 0.1 + 0.2)
    found = read(content.getvalue(), "r.xlsx")
    assert reasons(found) == [("M9", "formula_error")]
    item = ACTIVITIES.items[12].concept
    (batch,) = found.batches
    assert batch.rows.filter(pl.col("line") == 10)[item].to_list() == [Decimal("0.3")]


def test_a_bad_frame_fails_the_gate() -> None:
    """pandera validates eagerly: a frame that our own reading would never give is refused."""
    from pandera.errors import SchemaErrors

    schema = wide_schema(ACTIVITIES)
    good = {i.concept: Decimal(1) if i.is_number else "x" for i in ACTIVITIES.items}
    good |= {"unit_code": made.unit_code(1), "region_code": "520102", "is_successor": False}
    good |= {"industry_letter": "C", "sheet": None, "line": 1}
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    schema.validate(pl.DataFrame([good], schema=types), lazy=True)
    for wrong in ({"unit_code": "short"}, {"employees": Decimal(-1)}, {"region": None}, {"industry_letter": "Z"}):
        with pytest.raises(SchemaErrors):
            schema.validate(pl.DataFrame([good | wrong], schema=types), lazy=True)


# --- which reader a file goes to ----------------------------------------------------------------------------


def kind_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return single_delivery(path).kind


def test_tables_of_enterprises_never_reach_the_reader_of_figures(tmp_path: Path) -> None:
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    assert kind_of(tmp_path / "a.csv", made.as_csv(table)) == KIND
    assert kind_of(tmp_path / "b.txt", made.as_csv(table, encoding="gb18030", separator="\t")) == KIND
    assert kind_of(tmp_path / "c.xlsx", made.as_xlsx({"说明": [["x"]], "表": table})) == KIND
    unnamed = [["甲", "乙", "丙"], *[[made.unit_code(n), made.unit_name(n), "7"] for n in range(3)]]
    assert kind_of(tmp_path / "d.csv", made.as_csv(unnamed)) == KIND
    assert kind_of(tmp_path / "e.xlsx", made.as_xlsx({"表": unnamed})) == KIND


def test_other_files_go_where_they_went(tmp_path: Path) -> None:
    rows = "region_code,region,indicator,period,value\n520000,贵州省,R&D经费,2020,1\n"
    assert kind_of(tmp_path / "a.csv", rows.encode()) == "return"
    assert kind_of(tmp_path / "b.txt", "推行统一社会信用代码制度，到2025年，R&D经费达到1亿元。".encode()) == "plan"
    assert (
        kind_of(tmp_path / "c.xlsx", made.as_xlsx({"表": [["地区", "2020", "2021"], ["贵州省", "1", "2"]]})) == "return"
    )
    assert kind_of(tmp_path / "d.xlsx", b"PK\x03\x04 no package") == "return"


def test_a_stated_kind_does_not_let_enterprises_out(tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text("- {file: a.csv, kind: return}\n", encoding="utf-8")
    table = made.as_table(ACTIVITIES, 2023, rows_of())
    assert kind_of(tmp_path / "a.csv", made.as_csv(table)) == KIND


def test_outside_of_the_zone_a_delivery_has_a_neutral_name(tmp_path: Path) -> None:
    path = tmp_path / f"{made.unit_name(1)}.csv"
    path.write_bytes(made.as_csv(made.as_table(ACTIVITIES, 2023, rows_of())))
    source = single_delivery(path).source()
    assert made.unit_name(1) not in repr(source)
    assert source.file_name is not None
    assert source.file_name.startswith("受限报表-")
