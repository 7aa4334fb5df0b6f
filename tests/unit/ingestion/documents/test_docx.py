"""Word documents: headings, automatic numbers, merged cells, boxes, tracked changes. All are synthetic (合成示例)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import docx.enum.style
import pytest

from ingestion.documents.docx_numbering import _chinese

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def _raw(body: str, numbering: str = "") -> bytes:
    """A document from the XML of its body."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>")
    return file.getvalue()


def _text(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def _saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _with_merged_table() -> bytes:
    document = docx.Document()
    document.add_heading("一、发展目标", 1)
    document.add_paragraph("说明：本文件为合成示例。")
    rows = [
        ["类别", "指标", "单位", "2020年", "2025年", ""],
        ["", "", "", "", "目标值", "年均增长（%）"],
        ["创新投入", "R&D经费投入强度", "%", "0.58", "1.2", ""],
        ["", "R&D经费支出", "万元", "7529.2", "30000①", "15"],
        ["二、创新产出", "", "", "", "", ""],
        ["创新产出", "高新技术\n企业数", "家", "86", "150", "—"],
    ]
    table = document.add_table(rows=len(rows), cols=6)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    for j in range(4):
        table.cell(0, j).merge(table.cell(1, j))
    table.cell(0, 4).merge(table.cell(0, 5))
    table.cell(2, 0).merge(table.cell(3, 0))
    table.cell(4, 0).merge(table.cell(4, 5))
    return _saved(document)


def test_merged_cells_and_two_header_rows(outline: Callable[[bytes, str], list[Any]]) -> None:
    assert outline(_with_merged_table(), "a.docx") == [
        "# 一、发展目标",
        "说明:本文件为合成示例。",
        [
            ["类别", "指标", "单位", "2020年", "2025年目标值", "2025年年均增长(%)"],
            ["创新投入", "R&D经费投入强度", "%", "0.58", "1.2", ""],
            ["创新投入", "R&D经费支出", "万元", "7529.2", "30000", "15"],
            ["创新产出", "高新技术企业数", "家", "86", "150", "—"],
        ],
    ]


def test_a_figure_of_a_table_says_its_cell(places: Callable[[bytes, str], list[tuple[str, str]]]) -> None:
    found = places(_with_merged_table(), "a.docx")

    assert ("表1第3行第4列", "0.58") in found
    assert ("表1第4行第5列", "30000") in found
    assert ("表1第6行第5列", "150") in found


def test_automatic_numbers_are_written_out(outline: Callable[[bytes, str], list[Any]]) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (shape, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
        )
    )
    numbering = f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'

    def item(level: int, text: str) -> str:
        return _text(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>')

    body = item(0, "目标") + item(1, "投入") + _text("提高投入。") + item(1, "产出") + item(0, "任务") + item(1, "攻关")

    assert outline(_raw(body, numbering), "a.docx") == [
        "# 一、目标",
        "# (一)投入",
        "提高投入。",
        "# (二)产出",
        "# 二、任务",
        "# (一)攻关",
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一"), (105, "一百零五"), (110, "一百一十")],
)
def test_chinese_numbers(count: int, text: str) -> None:
    assert _chinese(count) == text


def test_deleted_hidden_and_raised_text_is_out(outline: Callable[[bytes, str], list[Any]]) -> None:
    body = (
        "<w:p><w:r><w:t>到2025年，企业达到</w:t></w:r>"
        "<w:del><w:r><w:delText>90</w:delText></w:r></w:del><w:ins><w:r><w:t>120</w:t></w:r></w:ins>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>[1]</w:t></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>999</w:t></w:r><w:r><w:t>家，面积5km</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="2"/><w:t>。</w:t></w:r></w:p>'
    )

    assert outline(_raw(body), "a.docx") == ["到2025年,企业达到120家,面积5km2。"]


def test_a_text_box_counts_once_and_a_frame_of_one_cell_is_a_box(outline: Callable[[bytes, str], list[Any]]) -> None:
    inner = "<w:txbxContent>" + _text("专栏2 平台") + _text("建成平台30个。") + "</w:txbxContent>"
    shape = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{inner}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><v:textbox>{inner}</v:textbox></mc:Fallback></mc:AlternateContent>"
    )
    frame = f"<w:tbl><w:tr><w:tc>{_text('专栏1 工程')}{_text('实施工程5项。')}</w:tc></w:tr></w:tbl>"
    body = f"<w:p><w:r>{shape}</w:r><w:r><w:t>正文。</w:t></w:r></w:p>{frame}{_text('后文。')}"

    assert outline(_raw(body), "a.docx") == [
        "正文。",
        "[专栏2平台] 建成平台30个。",
        "[专栏1工程] 实施工程5项。",
        "后文。",
    ]


def test_a_table_that_goes_on_after_a_page_break(outline: Callable[[bytes, str], list[Any]]) -> None:
    def table(rows: list[list[str]]) -> str:
        cells = ("".join(f"<w:tc>{_text(text)}</w:tc>" for text in row) for row in rows)
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"

    header = ["指标", "2020年", "2025年"]
    body = (
        table([header, ["甲", "1", "2"], ["乙", "3", "4"]])
        + _text("续表")
        + table([["丙", "5", "6"], ["丁", "7", "8"]])
    )

    assert outline(_raw(body), "a.docx") == [
        [header, ["甲", "1", "2"], ["乙", "3", "4"]],
        "续表",
        [header, ["丙", "5", "6"], ["丁", "7", "8"]],
    ]


def test_a_table_of_projects_is_read_as_text(outline: Callable[[bytes, str], list[Any]]) -> None:
    rows = [["任务", "内容"], ["攻关", "到2025年，企业达到120家。"], ["平台", "新建平台5个。"]]
    cells = ("".join(f"<w:tc>{_text(text)}</w:tc>" for text in row) for row in rows)
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"

    assert outline(_raw(body), "a.docx") == [
        "任务",
        "内容",
        "攻关",
        "到2025年,企业达到120家。",
        "平台",
        "新建平台5个。",
    ]


def test_a_table_of_contents_is_left_out(outline: Callable[[bytes, str], list[Any]]) -> None:
    document = docx.Document()
    style = document.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("一、发展目标\t3", style=style)
    document.add_paragraph("一、发展目标")
    document.add_paragraph("取得进展。")

    assert outline(_saved(document), "a.docx") == ["# 一、发展目标", "取得进展。"]
