"""The query letter: what is asked of the reporter about one finding, as a Word document.

Here: the words and the layout. Not here: where the facts come from. The same facts give the same letter; it reads no
clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

FONT = "仿宋"
"""The typeface of official letters; where it is missing, Word takes another one."""


@dataclass(frozen=True, slots=True)
class LetterPrinting:
    """One printing of a figure, with the lines around it: number, text, whether it is of the printing itself."""

    source: str
    place: str
    printed: str
    lines: Sequence[tuple[int, str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says.

    Attributes:
        finding_id: number of the letter.
        to: whom it asks; blank leaves a line to fill in.
        rule: what was checked, in Chinese.
        question: the contradiction, in one Chinese sentence.
        asked_on: day of the query.
        deadline: last day for the answer.
        reason: what the steward wrote.
    """

    finding_id: str
    to: str
    rule: str
    question: str
    expected: str
    observed: str
    printings: Sequence[LetterPrinting]
    asked_on: date
    deadline: date
    reason: str


def write_letter(letter: Letter, file: Path) -> None:
    """Write a letter; a file of that name is replaced once the new one is whole."""
    document = docx.Document()
    _set_font(document)
    told = document.core_properties
    told.author, told.title = "", f"统计数据查询函 {letter.finding_id}"
    told.created = told.modified = datetime.combine(letter.asked_on, time())
    _paragraph(document, "统计数据查询函", size=22, bold=True, centred=True)
    _paragraph(document, f"编号：{letter.finding_id}　　日期：{_day(letter.asked_on)}", centred=True)
    _paragraph(document, f"{letter.to or '＿＿＿＿＿＿＿＿'}：")
    _paragraph(document, f"在核对数据时发现下列问题，请予核实，并于{_day(letter.deadline)}前书面答复。", indent=True)
    _paragraph(document, "一、问题", bold=True)
    _paragraph(document, letter.question, indent=True)
    _paragraph(document, f"核对规则：{letter.rule}。" + _compared(letter), indent=True)
    _paragraph(document, f"查询说明：{letter.reason}", indent=True)
    _paragraph(document, "二、证据", bold=True)
    for number, printing in enumerate(letter.printings, 1):
        _printing(document, number, printing)
    _paragraph(document, "三、答复", bold=True)
    _answer(document)
    partial = file.with_name(f".{file.name}.partial")
    document.save(str(partial))
    partial.replace(file)


def _compared(letter: Letter) -> str:
    parts = [f"应为 {letter.expected}" if letter.expected else "", f"实为 {letter.observed}" if letter.observed else ""]
    told = "，".join(part for part in parts if part)
    return f"{told}。" if told else ""


def _printing(document: Any, number: int, printing: LetterPrinting) -> None:
    _paragraph(document, f"（{number}）{printing.source}，{printing.place}：印为“{printing.printed}”", indent=True)
    if not printing.lines:
        return
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for line, text, is_own in printing.lines:
        cells = table.add_row().cells
        for cell, content in zip(cells, (str(line), text), strict=True):
            run = cell.paragraphs[0].add_run(content)
            run.bold = is_own
            run.font.size = Pt(10.5)
        cells[0].width, cells[1].width = Pt(40), Pt(400)
    document.add_paragraph()


def _answer(document: Any) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name in ("正确数字及依据", "产生差异的原因", "是否更正原文件或原报表", "答复单位、经办人、日期"):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, "\n\n"


def _set_font(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _paragraph(
    document: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    centred: bool = False,
    indent: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(28)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
