"""Files made to do harm are refused or harmless, in bounded time and memory."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingestion.delivery import single_delivery
from ingestion.figures import Reading
from ingestion.registry import Registry, load_registry
from ingestion.returns import package, read_return
from ingestion.returns.open import NotOpened, Opened, open_return
from tests.returns.writers import csv_text, ods, xlsx

SECONDS = 20
MEMORY = 1_500 * 1024 * 1024
ROWS = [
    ["各市州高新技术企业数（2020年）"],
    ["地区", "高新技术企业数（家）"],
    ["贵阳市", 1267],
    ["说明：本文件为合成示例"],
]
OPEN_IN_A_PROCESS_OF_ITS_OWN = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
from ingestion.returns.open import NotOpened, open_return
opened = open_return(pathlib.Path(sys.argv[1]).read_bytes())
print(opened.reason_code if isinstance(opened, NotOpened) else "opened")
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def read(folder: Path, registry: Registry, name: str, content: bytes) -> Reading:
    path = folder / name
    path.write_bytes(content)
    started = time.process_time()
    reading = read_return(single_delivery(path), registry)
    assert time.process_time() - started < SECONDS
    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    return reading


def changed(parts: Mapping[str, Callable[[bytes], bytes]], more: Mapping[str, bytes] | None = None) -> bytes:
    """The good workbook with parts of its package rewritten or added."""
    source = zipfile.ZipFile(io.BytesIO(xlsx({"Sheet1": ROWS})))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            rewrite = parts.get(entry.filename.rsplit("/", 1)[-1], bytes)
            target.writestr(entry.filename, rewrite(source.read(entry)))
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return buffer.getvalue()


def more_rows(rows: bytes) -> bytes:
    return changed({"sheet1.xml": lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")})


def zip_bomb() -> bytes:
    return changed({}, {"xl/media/bomb.bin": bytes(300 * 1024 * 1024)})


def zip_bomb_that_lies_about_its_size() -> bytes:
    """Shared strings that declare 100 bytes and unpack to 300 MB."""
    head = b"<sst>" + b"a" * 95
    content = changed({"sharedStrings.xml": lambda _: head + b"a" * (300 * 1024 * 1024)})
    central = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/sharedStrings.xml"))
    lie = bytearray(content)
    lie[central + 24 : central + 28] = struct.pack("<I", 100)
    lie[central + 16 : central + 20] = struct.pack("<I", zipfile.crc32(head))  # type: ignore[attr-defined]
    return bytes(lie)


def shared_text_in_every_cell() -> bytes:
    """One text of 30 000 characters that 300 000 cells share."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (r, r) for r in range(10, 300_010))
    text = b"<sst><si><t>" + b"a" * 30_000 + b"</t></si></sst>"
    return changed(
        {
            "sheet1.xml": lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"),
            "sharedStrings.xml": lambda _: text,
        }
    )


def a_cell_far_out_without_an_address() -> bytes:
    return more_rows(b'<row r="1048576">' + b"<c><v>1</v></c>" * 1500 + b"</row>")


def wide_header() -> bytes:
    return xlsx({"Sheet1": [["指标（2020年）"], ["地区", *(f"指标{n}（家）" for n in range(10_000))]]})


def wide_header_as_csv() -> bytes:
    return csv_text([["地区", *(f"指标{n}" for n in range(10_000))], ["贵阳市", *range(10_000)]])


def csv_of_separators() -> bytes:
    return (b"," * 1500 + b"\n") * 20_000


def page_of_spans() -> bytes:
    return f"<html><table>{'<tr><td rowspan=1000 colspan=1000>1</td></tr>' * 50}</table></html>".encode()


def overlapping_merges() -> bytes:
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:B4"/>' * 200_000 + b"</mergeCells>"
    return changed({"sheet1.xml": lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merges)})


BOMBS = [
    zip_bomb,
    zip_bomb_that_lies_about_its_size,
    shared_text_in_every_cell,
    a_cell_far_out_without_an_address,
    wide_header,
    wide_header_as_csv,
    csv_of_separators,
    page_of_spans,
    overlapping_merges,
]


@pytest.mark.parametrize("make", BOMBS, ids=lambda make: make.__name__)
def test_a_bomb_is_refused_in_bounded_time_and_memory(make: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(make())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", OPEN_IN_A_PROCESS_OF_ITS_OWN, str(path), str(MEMORY)],
        capture_output=True, text=True, check=False, timeout=10 * SECONDS, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.strip() == "too_large", done.stderr[-500:]
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS


def test_a_million_empty_styled_rows_are_harmless(tmp_path: Path, registry: Registry) -> None:
    empty = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (r, r) for r in range(5, 1_000_005))
    reading = read(tmp_path, registry, "styled.xlsx", more_rows(empty))
    assert [(f.address, f.printed_text) for f in reading.figures] == [("Sheet1!B3", "1267")]
    assert not reading.refusals


def test_more_styled_cells_than_any_sheet_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TAGS", 1000)
    opened = open_return(more_rows(b'<row r="9">' + b'<c s="1"/>' * 1100 + b"</row>"))
    assert isinstance(opened, NotOpened)
    assert opened.reason_code == "too_large"


def test_external_links_are_not_followed(tmp_path: Path, registry: Registry) -> None:
    """The stored result of a formula counts; the file that it points to is never opened."""
    secret = tmp_path / "secret.xlsx"
    secret.write_bytes(xlsx({"Sheet1": [["秘密", 98765]]}))
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        f'Target="{secret.as_uri()}" TargetMode="External"/></Relationships>'
    ).encode()
    formula = b"<f>[1]Sheet1!B1</f><v>1267</v>"
    content = changed(
        {"sheet1.xml": lambda xml: xml.replace(b"<v>1267</v>", formula)},
        {"xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": rels},
    )
    reading = read(tmp_path, registry, "links.xlsx", content)
    assert [f.printed_text for f in reading.figures] == ["1267"]
    assert not any("98765" in line.text for line in reading.lines)


@pytest.mark.parametrize("text", ["=1+1", "=SUM(B2:B9)", '=HYPERLINK("http://x","1")', "=cmd|' /C calc'!A0"])
def test_a_formula_in_a_text_is_never_a_figure(tmp_path: Path, registry: Registry, text: str) -> None:
    rows = [["各市州高新技术企业数（2020年）"], ["地区", "高新技术企业数（家）"], ["贵阳市", text], ["遵义市", 3]]
    for name, content in (
        ("a.csv", csv_text(rows, separator="\t")),
        ("b.xlsx", xlsx({"Sheet1": rows})),
        ("c.ods", ods({"Sheet1": rows})),
    ):
        reading = read(tmp_path, registry, name, content)
        assert [f.printed_text for f in reading.figures] == ["3"]
        assert [(r.reason_code, r.raw_text) for r in reading.refusals] == [("not_a_number", text)]


def test_entities_of_an_opendocument_do_not_grow(tmp_path: Path, registry: Registry) -> None:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    source = zipfile.ZipFile(io.BytesIO(ods({"表": ROWS})))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename == "content.xml":
                head = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{steps}]><office:document-content'.encode()
                text = text.replace(b"<office:document-content", head, 1).replace("贵阳市".encode(), b"&e9;")
            target.writestr(entry.filename, text)
    reading = read(tmp_path, registry, "laughs.ods", buffer.getvalue())
    assert not reading.figures
    assert len(reading.refusals) <= 1


def test_a_wide_but_allowed_table_is_read_fast(tmp_path: Path, registry: Registry) -> None:
    width = package.MAX_COLUMNS - 1
    rows = [["2020年各市州指标"], ["地区", *(f"自定义指标{n}（家）" for n in range(width))]]
    rows += [[name, *range(1, width + 1)] for name in ("贵阳市", "遵义市")]
    assert len(read(tmp_path, registry, "wide.csv", csv_text(rows)).figures) == 2 * width
    unmerged = [rows[0], ["地区", "甲组", *[""] * (width - 1)], ["", *rows[1][1:]], *rows[2:]]
    assert len(read(tmp_path, registry, "group.csv", csv_text(unmerged)).figures) == 2 * width


@pytest.mark.parametrize("piece", ["统计", "(a", "2020年", "续", "各地区", "1 ", "单位：", "其中：", "、", "年鉴2021"])
def test_a_long_text_is_no_long_reading(tmp_path: Path, registry: Registry, piece: str) -> None:
    text = (piece * 20_000)[:32_000]
    for rows in (
        [[text], *ROWS[1:]],
        [ROWS[0], ["地区", text], *ROWS[2:]],
        [*ROWS[:2], [text, 5], ["贵阳市", text]],
    ):
        read(tmp_path, registry, "long.csv", csv_text(rows, separator="\t"))


def test_the_good_workbook_is_good() -> None:
    assert isinstance(open_return(changed({})), Opened)
