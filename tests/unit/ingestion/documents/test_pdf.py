"""PDF: lines, paragraphs over pages, running heads, ruled and unruled tables. All are synthetic (合成示例).

The font is the one for Chinese that PDF viewers bring themselves, so no font file is needed.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from ingestion.documents.model import DocumentError
from ingestion.documents.opening import open_document

FONT = "STSong-Light"
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
PLAIN = ParagraphStyle("plain", parent=BODY, firstLineIndent=0)
HEADER = ["序号", "指标", "单位", "2020年", "2025年", ""]
UNDER = ["", "", "", "", "目标值", "年均增长(%)"]


@pytest.fixture(autouse=True)
def _font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _built(parts: list[Any], head: str = "合成县科技创新规划", size: tuple[float, float] = A4) -> bytes:
    file = io.BytesIO()

    def edges(canvas: Canvas, document: Any) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(70, size[1] - 40, head)
        canvas.drawCentredString(size[0] / 2, 30, f"— {document.page} —")

    SimpleDocTemplate(file, pagesize=size).build(parts, onFirstPage=edges, onLaterPages=edges)
    return file.getvalue()


def _paragraph(number: int) -> str:
    return (
        f"第{number}段合成文字，到2025年，研发投入强度达到1.2%<super size=7>[1]</super>，"
        f"高新技术企业达到{100 + number}家，技术合同成交额突破5亿元，"
        "各项工作取得明显成效，创新能力显著增强，企业主体地位更加巩固。"
    )


def _seen(number: int) -> str:
    text = _paragraph(number).replace("<super size=7>[1]</super>", "")
    return text.replace("，", ",")


def _table(rows: int) -> Table:
    name = Paragraph("高新技术企业数量的一个很长的名称（合成）", PLAIN)
    data = [[str(i), name if i % 2 else "研发经费支出", "万元", f"{i}.5", f"{i * 2}", ""] for i in range(1, rows + 1)]
    table = Table([HEADER, UNDER, *data], repeatRows=2, colWidths=[40, 140, 50, 60, 60, 70])
    spans = [("SPAN", (column, 0), (column, 1)) for column in range(4)] + [("SPAN", (4, 0), (5, 0))]
    table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 11), ("GRID", (0, 0), (-1, -1), 0.5, colors.black), *spans])
    return table


def _expected(rows: int) -> list[list[str]]:
    header = ["序号", "指标", "单位", "2020年", "2025年目标值", "2025年年均增长(%)"]
    name = "高新技术企业数量的一个很长的名称(合成)"
    return [header] + [
        [str(i), name if i % 2 else "研发经费支出", "万元", f"{i}.5", f"{i * 2}", ""] for i in range(1, rows + 1)
    ]


def test_paragraphs_and_a_table_over_pages(outline: Callable[[bytes, str], list[Any]]) -> None:
    parts = [Paragraph("一、发展目标", PLAIN), *(Paragraph(_paragraph(i), BODY) for i in range(14)), _table(25)]
    content = _built([*parts, Paragraph("二、保障措施", PLAIN), Paragraph("加强领导。", BODY)])

    assert outline(content, "a.pdf") == [
        "# 一、发展目标",
        *(_seen(i) for i in range(14)),
        _expected(25),
        "# 二、保障措施",
        "加强领导。",
    ]


def test_a_page_that_lies_on_its_side(outline: Callable[[bytes, str], list[Any]]) -> None:
    content = _built([Paragraph("一、目标", PLAIN), _table(3)], size=landscape(A4), head="")

    assert outline(content, "a.pdf") == ["# 一、目标", _expected(3)]


def test_addresses_name_page_and_line(places: Callable[[bytes, str], list[tuple[str, str]]]) -> None:
    parts = [Paragraph("一、发展目标", PLAIN), *(Paragraph(_paragraph(i), BODY) for i in range(14)), _table(12)]
    found = places(_built(parts), "a.pdf")

    assert ("第1页第3行", "100家") in found  # the running head is the first line
    assert ("第2页第2行", "111家") in found
    assert ("第2页表1第4行第5列", "4") in found


def test_columns_without_drawn_lines(outline: Callable[[bytes, str], list[Any]]) -> None:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont(FONT, 12)
    rows = [
        ("指标", "2020年", "2025年", "属性"),
        ("高新技术企业数（家）", "86", "150", "预期性"),
        ("技术合同成交额（亿元）", "", "4", "约束性"),
        ("R&D经费支出（万元）", "7529.2", "30000", ""),
    ]
    for number, row in enumerate(rows):
        for x, text in zip((80, 260, 340, 430), row, strict=True):
            canvas.drawString(x, 700 - number * 24, text)
    canvas.save()

    assert outline(file.getvalue(), "a.pdf") == [
        [
            ["指标", "2020年", "2025年", "属性"],
            ["高新技术企业数(家)", "86", "150", "预期性"],
            ["技术合同成交额(亿元)", "", "4", "约束性"],
            ["R&D经费支出(万元)", "7529.2", "30000", ""],
        ]
    ]


def test_a_name_wrapped_around_its_values(outline: Callable[[bytes, str], list[Any]]) -> None:
    name = Paragraph("规模以上工业企业中有研发活动企业占比重（%）", PLAIN)
    rows = [["序号", "指标", "2020年", "2025年"], ["1", "高新技术企业数（家）", "86", "150"], ["2", name, "20.5", "35"]]
    table = Table([*rows, ["3", "技术合同成交额（亿元）", "", "4"]], colWidths=[40, 160, 60, 60])
    table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 11), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])

    assert outline(_built([Paragraph("一、目标", PLAIN), table], head=""), "a.pdf") == [
        "# 一、目标",
        [
            ["序号", "指标", "2020年", "2025年"],
            ["1", "高新技术企业数(家)", "86", "150"],
            ["2", "规模以上工业企业中有研发活动企业占比重(%)", "20.5", "35"],
            ["3", "技术合同成交额(亿元)", "", "4"],
        ],
    ]


def test_a_frame_around_a_box(outline: Callable[[bytes, str], list[Any]]) -> None:
    inside = [Paragraph("专栏1 平台工程", PLAIN), Paragraph("到2025年，建成省级以上平台30个。", BODY)]
    frame = Table([[inside]], colWidths=[400])
    frame.setStyle([("BOX", (0, 0), (-1, -1), 1, colors.black)])

    content = _built([Paragraph("一、任务", PLAIN), frame, Paragraph("后文到此结束。", BODY)], head="")

    assert outline(content, "a.pdf") == [
        "# 一、任务",
        "[专栏1平台工程] 到2025年,建成省级以上平台30个。",
        "后文到此结束。",
    ]


def _drawn(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, **options)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_drawn(lambda canvas: canvas.rect(10, 10, 100, 100)), "scanned_pdf"),
        (_drawn(lambda canvas: canvas.drawString(10, 10, "x"), encrypt="secret"), "encrypted"),
        (b"%PDF-1.7", "broken_file"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 400, "broken_file"),
    ],
    ids=["scanned", "encrypted", "header only", "garbage"],
)
def test_what_cannot_be_read_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        open_document(content, "a.pdf")

    assert caught.value.reason_code == code
    assert "请" in str(caught.value)


def test_a_broken_index_is_repaired(outline: Callable[[bytes, str], list[Any]]) -> None:
    content = _built([Paragraph("一、目标", PLAIN), Paragraph("到2025年取得进展。", BODY)], head="")

    broken = content.replace(b"startxref", b"startxyz").replace(b"xref\n", b"xxxx\n", 1)

    assert outline(broken, "a.pdf") == ["# 一、目标", "到2025年取得进展。"]
