"""Files as they come: formats by content, passwords, encodings, broken files. Nothing makes the reader raise."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from ingestion.delivery import single_delivery
from ingestion.figures import Reading
from ingestion.registry import Registry
from ingestion.returns import read_return
from ingestion.returns.cells import Cell, Sheet, column_letters, number_cell
from ingestion.returns.open import NotOpened, Opened, open_return

Read = Callable[..., Reading]
Book = Callable[..., bytes]
ROWS: list[list[Any]] = [
    ["各市州高新技术企业数（2020年）"],
    ["地区", "高新技术企业数（家）"],
    ["贵阳市", 1000],
    ["遵义市", 300],
]


def encrypted(content: bytes, password: str) -> bytes:
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, buffer)
    return buffer.getvalue()


def refused(reading: Reading) -> str:
    (refusal,) = reading.refusals
    assert not reading.figures
    assert refusal.address == ""
    assert refusal.reason
    return refusal.reason_code


def test_the_suffix_does_not_matter(read: Read, workbook: Book) -> None:
    assert len(read(workbook(ROWS), "really_xlsx.xls").figures) == 2
    assert len(read(workbook(ROWS), "really_xlsx.csv").figures) == 2


def test_excels_default_password_is_no_obstacle_and_another_one_is(read: Read, workbook: Book) -> None:
    assert len(read(encrypted(workbook(ROWS), "VelvetSweatshop"), "a.xlsx").figures) == 2
    assert refused(read(encrypted(workbook(ROWS), "another"), "b.xlsx")) == "encrypted"


def test_a_truncated_workbook_is_refused(read: Read, workbook: Book) -> None:
    content = workbook(ROWS)
    for part in (20, len(content) // 2, len(content) - 30):
        assert refused(read(content[:part], f"{part}.xlsx")) == "unreadable_file"


@pytest.mark.parametrize("content", [b"", b"  \r\n\n", b"\xef\xbb\xbf", b"\x00" * 10])
def test_an_empty_file_is_refused(read: Read, content: bytes) -> None:
    assert refused(read(content, "empty.csv")) == "empty_file"


def test_an_empty_workbook_is_refused(read: Read, workbook: Book) -> None:
    assert refused(read(workbook([]))) == "empty_file"


def test_random_bytes_are_refused(read: Read) -> None:
    noise = random.Random(3).randbytes(5000)
    assert refused(read(noise, "noise.xls")) in ("not_text", "no_table")
    assert refused(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise, "ole.xls")) == "unreadable_file"
    assert refused(read(b"PK\x03\x04" + noise, "zip.xlsx")) == "unreadable_file"


@pytest.mark.parametrize(
    ("content", "reason_code"),
    [
        (b"%PDF-1.7 ...", "unsupported_format"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:x:office:spreadsheet"/>',
            "unsupported_format",
        ),
        ("没有表格，只有文字。\n第二行也没有。".encode(), "no_table"),
        (b"<html><body><p>no table</p></body></html>", "no_table"),
    ],
)
def test_what_is_no_return_is_refused(read: Read, content: bytes, reason_code: str) -> None:
    assert refused(read(content, "x.xls")) == reason_code


def test_a_workbook_that_would_fill_the_memory_is_refused(read: Read, workbook: Book) -> None:
    source = zipfile.ZipFile(io.BytesIO(workbook(ROWS)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            target.writestr(entry.filename, content)
    assert refused(read(buffer.getvalue(), "far.xlsx")) == "too_large"


def opendocument(rows: str) -> bytes:
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return buffer.getvalue()


def ods_row(*values: str | float, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
        if isinstance(v, str)
        else f'<table:table-cell office:value-type="float" office:value="{v}"/>'
        for v in values
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def test_opendocument_and_its_repeated_rows(read: Read) -> None:
    head = [ods_row("各市州高新技术企业数（2020年）"), ods_row("地区", "高新技术企业数（家）")]
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    reading = read(opendocument("".join([*head, ods_row("贵阳市", 1000.0), empty])), "a.ods")
    assert [(f.address, f.printed_text) for f in reading.figures] == [("表!B3", "1000")]
    bomb = opendocument("".join([*head, ods_row("贵阳市", 1000.0, repeated=1_000_000)]))
    assert refused(read(bomb, "b.ods")) == "too_large"


HTML = """


<!-- saved as a workbook -->
<html><head><title>表格</title><meta charset="{charset}"></head><body>
<div>各地区研究与试验发展(R&amp;D)经费投入强度统计(2019-2020)</div>
<table><tr><td>单位:%</td></tr></table>
<table id="data"><tr><td rowspan="2">地区</td><td colspan="2">年份</td></tr><tr><td>2019</td><td>2020</td></tr>
<tr><td>全国</td><td>2.24</td><td>2.4</td></tr><tr><td>贵州</td><td>0.86</td><td>0.91</td></tr></table>
<table><tr><td>注:2020年数据为初步数.</td></tr></table><div>摘编自《中国科技统计年鉴2021》</div></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030")])
def test_html_saved_as_xls(read: Read, charset: str, encoding: str) -> None:
    reading = read(HTML.format(charset=charset).encode(encoding), "web.xls")
    assert not reading.refusals
    assert [(f.address, f.region_code, f.period, f.printed_text) for f in reading.figures] == [
        ("table[1]!B3", "000000", "2019", "2.24"),
        ("table[1]!C3", "000000", "2020", "2.4"),
        ("table[1]!B4", "520000", "2019", "0.86"),
        ("table[1]!C4", "520000", "2020", "0.91"),
    ]
    assert {f.indicator_code for f in reading.figures} == {"rd_intensity"}
    assert {f.printed_decimals for f in reading.figures} == {2, 1}  # text cells are literal
    assert reading.origins[0].title == "中国科技统计年鉴2021"


def test_html_fetches_nothing_and_resolves_no_entity(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("98765", encoding="utf-8")
    page = HTML.format(charset="utf-8").strip().replace("0.91", "&x;")
    text = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{page}'
    reading = read(text.encode(), "x.xls")
    assert not any("98765" in f.printed_text for f in reading.figures)
    assert not any("98765" in line.text for line in reading.lines)


def test_utf16_as_excel_exports_it(read: Read) -> None:
    text = "地区\t指标\t年份\t数值\t单位\r\n贵州省\tGDP\t2020\t17826.56\t亿元\r\n"
    (figure,) = read(text.encode("utf-16"), "u.txt").figures
    assert (figure.region_code, figure.printed_text) == ("520000", "17826.56")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (445.0, "445"),
        (445, "445"),
        (96994313.19999999, "96994313.2"),
        (0.1 + 0.2, "0.3"),
        (1e21, "1e+21"),
        (5e-05, "0.00005"),
    ],
)
def test_numeric_cells_show_what_they_store_at_fifteen_digits(value: float, text: str) -> None:
    assert number_cell(value).text == text


def test_cell_addresses() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    sheet = Sheet("表1", ((Cell("a"),),))
    assert sheet.address(0, 0) == "表1!A1"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.sampled_from(
            [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", b"\xff\xfe", "地区,指标".encode()]
        ).flatmap(lambda head: st.binary(max_size=300).map(lambda tail: head + tail)),
        st.text(alphabet='地区指标年份数值单位贵州省2019.%-—,;\t\n"<td>tr/', max_size=200).map(str.encode),
    ),
    suffix=st.sampled_from([".csv", ".xls", ".xlsx", ".ods", ".txt"]),
)
def test_no_bytes_make_it_raise(tmp_path: Path, registry: Registry, content: bytes, suffix: str) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)
    reading = read_return(single_delivery(path), registry)
    assert reading.recognised == len(reading.figures) + len(reading.refusals)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 5000), byte=st.integers(0, 255))
def test_no_damaged_byte_makes_it_raise(workbook: Book, position: int, byte: int) -> None:
    content = bytearray(workbook(ROWS))
    content[position % len(content)] = byte
    assert isinstance(open_return(bytes(content)), Opened | NotOpened)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(
                [
                    "",
                    "地区",
                    "年份",
                    "指标",
                    "贵州省",
                    "贵阳市",
                    "2019",
                    "2020年",
                    "GDP",
                    "单位：亿元",
                    "1.5",
                    "—",
                    "注：x",
                ]
            ),
            max_size=5,
        ),
        max_size=8,
    )
)
def test_every_recognised_number_has_one_outcome(tmp_path: Path, registry: Registry, rows: list[list[str]]) -> None:
    path = tmp_path / "any.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    reading = read_return(single_delivery(path), registry)
    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    addresses = [f.address for f in reading.figures] + [r.address for r in reading.refusals]
    assert len(addresses) == len(set(addresses))
    assert len({f.figure_id for f in reading.figures}) == len(reading.figures)
