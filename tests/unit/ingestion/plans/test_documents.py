"""Text documents: encodings, refusals, paragraphs joined over wrapped lines and page breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.documents.blocks import Heading, Paragraph, TableBlock, read_blocks
from ingestion.documents.limits import MAX_LINES
from ingestion.documents.model import DocumentError
from ingestion.documents.opening import open_document
from ingestion.figures import Reading

# A ~ stands for a blank at the end of a line, which some files put behind a paragraph.
WRAPPED = """一、目标~

（一）投入~

到 2025 年，全县合成目标逐项落实，研发投入逐年提高，R&D 经费支出达到 3~

亿元，高新技术企业数力争突~

~

13~

~

破 10 家，科技创新能力显著增强，企业创新主体地位更加巩固，技术合同成~
 交额达到 4.5 亿元。~

（二）保障~

各部门要切实履行职责，落实各项部署，把任务落到实处，建立台账，定期~

检查，按时完成。~
""".replace("~", " ")


def _paragraphs(text: str) -> list[str]:
    return [b.content.text for b in read_blocks(open_document(text.encode(), "a.txt")) if isinstance(b, Paragraph)]


def test_wrapped_lines_page_numbers_and_page_breaks_are_joined() -> None:
    paragraphs = _paragraphs(WRAPPED)

    assert paragraphs[0].endswith(
        "R&D经费支出达到3亿元,高新技术企业数力争突破10家,"
        "科技创新能力显著增强,企业创新主体地位更加巩固,技术合同成交额达到4.5亿元。"
    )
    assert len(paragraphs) == 2


def test_figures_of_a_wrapped_paragraph_keep_their_lines(read: Callable[..., Reading]) -> None:
    reading = read(WRAPPED, region_code="520122", title="合成县“十四五”规划")

    assert [(f.indicator_code, f.value, f.line_start, f.line_end) for f in reading.figures] == [
        ("rd_expenditure", Decimal(30000), 5, 7),
        ("hnte_count", Decimal(10), 15, 15),
        ("tech_contract_value", Decimal(45000), 16, 16),
    ]
    assert {f.section for f in reading.figures} == {"一、目标 > (一)投入"}


def test_offsets_lead_back_to_the_source() -> None:
    document = open_document("甲， 乙\r\n丙１，２丁".encode(), "a.txt")
    paragraph = next(b for b in read_blocks(document) if isinstance(b, Paragraph))

    assert paragraph.content.text == "甲,乙丙1;2丁"
    assert "".join(document.text[offset] for offset in paragraph.content.offsets) == "甲，乙丙１，２丁"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    document = open_document(f"一、目标{line_end}到2025年有进展。{line_end}".encode(encoding), "a.txt")

    assert [(line.number, line.text) for line in document.lines] == [(1, "一、目标"), (2, "到2025年有进展。")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty_file"),
        (b" \r\n\t", "a.txt", "empty_file"),
        (b"PK\x03\x04rest", "a.docx", "broken_file"),
        (b"PK\x03\x04rest", "a.txt", "broken_file"),
        (b"%PDF-1.7", "a.txt", "broken_file"),
        ("规划".encode(), "a.docx", "broken_file"),
        ("规划".encode(), "a.pdf", "broken_file"),
        ("规划".encode(), "a.doc", "unsupported_format"),
        (b"\xd0\xcf\x11\xe0rest", "a.txt", "unsupported_format"),
        (b"{\\rtf1 x}", "a.txt", "unsupported_format"),
        (b"\x89PNGrest", "a.pdf.txt", "unsupported_format"),
        ("规划".encode(), "a.ofd", "unsupported_format"),
        ("<?xml version='1.0'?><a>规划</a>".encode(), "a.txt", "unsupported_format"),
        (b"<!DOCTYPE html><html></html>", "a.txt", "empty_file"),
        (b"a" + b"\n" * (MAX_LINES + 1), "a.txt", "too_large"),
        (b"\x00\x01\x02\x03\x00\x05", "a.txt", "not_text"),
        (bytes(range(128, 256)) * 4, "a.txt", "not_text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_remedy(content: bytes, name: str, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        open_document(content, name)

    assert caught.value.reason_code == code
    assert "请" in str(caught.value)


def test_a_refused_file_is_a_reading_with_one_refusal(read: Callable[..., Reading]) -> None:
    reading = read(b"%PDF-1.7", "a.pdf")

    assert (reading.figures, reading.recognised) == ((), 1)
    assert [(r.reason_code, r.address) for r in reading.refusals] == [("broken_file", "")]


def test_a_plan_of_no_known_region_is_refused(read: Callable[..., Reading]) -> None:
    reading = read("一、目标\n到2025年，高新技术企业达到90家。")

    assert [refusal.reason_code for refusal in reading.refusals] == ["unknown_region"]
    assert "region_code" in reading.refusals[0].reason


def test_list_numbers_box_titles_and_headings_are_no_text() -> None:
    document = open_document(
        "一、任务\n\t专栏1 攻关\n\t1．5G应用。推进建设。\n2．煤化工。推进。\n\n\n后文。".encode(), "a.txt"
    )
    blocks = tuple(read_blocks(document))

    assert [b.content.text for b in blocks if isinstance(b, Heading)] == ["一、任务"]
    assert [(b.content.text, b.box) for b in blocks if isinstance(b, Paragraph)] == [
        ("5G应用。推进建设。", "专栏1攻关"),
        ("煤化工。推进。", "专栏1攻关"),
        ("后文。", None),
    ]


def test_a_page_mark_counts_pages() -> None:
    document = open_document("甲\n\f乙\n丙\f丁\n戊".encode(), "a.txt")

    assert [line.page for line in document.lines] == [1, 2, 2, 3]


def test_names_with_blanks_and_serial_numbers_are_split_from_the_right() -> None:
    text = "序号 指标 2020 年 2025 年目标\n1 R&D 经费支出（万元） 7.5 30\n2 有 R&D 活动的企业\n占比（%） 11 20\n"
    table = next(b.table for b in read_blocks(open_document(text.encode(), "a.txt")) if isinstance(b, TableBlock))

    assert [[cell.content.text if cell else None for cell in row] for row in table.rows] == [
        ["1", "R&D经费支出(万元)", "7.5", "30"],
        ["2", "有R&D活动的企业占比(%)", "11", "20"],
    ]


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_but_a_document_error(content: bytes) -> None:
    with contextlib.suppress(DocumentError):
        for block in read_blocks(open_document(content, "a.txt")):
            assert isinstance(block, Heading | Paragraph | TableBlock)


@given(
    st.lists(
        st.sampled_from([*"一、（）专栏1.5G｜|\t\n\f 2020年%。，；达到指标序号倍增分别从较", "\r\n", "高新技术企业"])
    )
)
@settings(max_examples=150, deadline=None)
def test_every_character_but_blanks_keeps_its_place(pieces: list[str]) -> None:
    text = "文" + "".join(pieces)
    for block in read_blocks(open_document(text.encode(), "a.txt")):
        if isinstance(block, (Heading, Paragraph)):
            assert len(block.content.text) == len(block.content.offsets)
            assert list(block.content.offsets) == sorted(set(block.content.offsets))


def test_a_step_on_the_way_does_not_date_the_next_goals(read: Callable[..., Reading]) -> None:
    text = """合成市行动方案（2024—2026年）
一、行动目标
1. 研发投入强度由2023年的1.16%提高到1.60%，其中2024年1.30%、2025年1.45%。
2. 高新技术企业由318家增加到500家。
"""
    figures = read(text, region_code="520200", title="合成市行动方案（2024—2026年）").figures
    found = {figure.printed_text: (figure.kind, figure.period) for figure in figures}

    assert (found["318家"], found["500家"]) == (("baseline", "2023"), ("target", "2026"))
