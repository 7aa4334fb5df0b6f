"""The workbook in which stewards decide on many findings: a sheet per owner, choice cells, links to the printings.

Here: columns, choices, marks and links, shared by whoever writes it and reads it back. Not here: which findings
(`findings_export`), what is done with a filled-in one (`findings_import`).

Cells that are to be filled in are open, all others locked without a password, so that nobody changes an id by accident.
Everything that is shown is an inert text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from expectations.decisions import DECIDABLE
from expectations.lifecycle import OFFICE_TIME
from orchestration.evidence import Around, Printing
from orchestration.words import both
from warehouse.spreadsheet import TEXTS_STAY_TEXTS, cell_text, sheet_name

NUMERALS = ("一", "二", "三")
"""Printings that have columns of their own; further ones are counted, and are preferred from the terminal."""

FINDING, EVENT, DECISION, PREFER, REASON = "问题标识", "事件号", "处理决定", "采用哪处", "理由"
DEADLINE, UNTIL = "答复期限", "暂免至"
FIGURES = tuple(f"印刷标识{numeral}" for numeral in NUMERALS)
PRINTINGS = tuple(f"印刷{numeral}" for numeral in NUMERALS)
PLACES = tuple(f"位置{numeral}" for numeral in NUMERALS)
INPUTS = (DECISION, PREFER, REASON, DEADLINE, UNTIL)
_TOLD = {FINDING: 26, EVENT: 7, "规则": 8, "严重程度": 10, "状态": 12, "等待": 18, "地区": 12, "时期": 9, "问题": 60}
_WIDTHS = {
    **_TOLD,
    "应为": 16,
    "实为": 16,
    **{name: width for pair in zip(PRINTINGS, PLACES, strict=True) for name, width in zip(pair, (14, 24), strict=True)},
    "其余印刷": 14,
    "处理办法": 22,
    **dict(zip(INPUTS, (20, 10, 36, 13, 13), strict=True)),
    **dict.fromkeys(FIGURES, 4),
}
HEADERS = tuple(_WIDTHS)
HEADER_ROW = 2
"""Row of the headers, from 0."""

GUIDE, SOURCES = "说明", "原文"
_LINE_POINTS = 14.5

MAX_SHOWN = 2_000
"""Findings whose printings stand with their lines on the sheet of sources; the first ones, errors before others."""

_MEANINGS = {
    "open": "不同意他人的提议，或把已有结论的问题重新打开",
    "queried": "向报送单位查询；须填“答复期限”",
    "answered": "已收到书面答复，结论未定",
    "accepted": "两处都可保留，理由成立；可选“采用哪处”",
    "corrected": "来源单位已更正或将更正；以后续交付为准",
    "our_error": "我方读取有误，由维护人员改正",
    "false_positive": "不构成矛盾，规则误报",
    "waived": "暂不处理；须填“暂免至”",
}
_GUIDE = (
    "1. 每个工作表是一个处理方的问题，每行一个；错误在前。白色单元格由您填写，灰色单元格请勿改动（保护没有密码）。",
    "2. 在“处理决定”中选择，在“理由”中写明依据；两项都要有。不处理的行留空即可。",
    "3. “采用哪处”只在可以采用某一处印刷值时有选项；选中的印刷值下一夜进入观测值，另一处照样保留。",
    "4. 错误如要放行（已接受、误报、暂免）或采用某处印刷值，须两人：您填写后为提议，另一位统计员作同样的决定后生效。",
    "5. 日期写成 2026-03-31。“位置”可点击，跳到“原文”表中的上下文。",
    "6. 填好后保存为 .xlsx，运行 provstat findings import 文件.xlsx；先加 --check 可只核对、不记录。",
    "7. 导出之后又有变化的问题算冲突，不予记录；其余各行逐行生效。改正后可再次导入同一文件，已记录的行不会重复。",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding as the workbook shows it; `event` is the number of its last event, 0 where the ledger has none."""

    finding_id: str
    event: int
    rule_id: str
    severity: str
    status: str
    waits_for: str
    region: str
    period: str
    sentence: str
    expected: str
    observed: str
    remedy: str
    printings: tuple[Printing, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What the guide says of a workbook: when and by whom it was made, from which release, and what is not in it."""

    made_at: datetime
    made_by: str
    release_id: str
    left_out: int


def choice(status: str) -> str:
    """A decision as its choice cell has it: 已接受 accepted."""
    return both("finding_status", status)


CHOICES = {choice(status): status for status in DECIDABLE}


def workbook(sheets: Mapping[str, Sequence[Entry]], lines: Mapping[str, Around], export: Export) -> bytes:
    """The workbook.

    Args:
        sheets: findings by owner, in order.
        lines: lines around printings by figure.
        export: what the guide says.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **TEXTS_STAY_TEXTS}) as book:
        styles = _styles(book)
        taken = {GUIDE.casefold(), SOURCES.casefold()}
        _guide_sheet(book.add_worksheet(GUIDE), styles, sheets, export)
        pages = [(book.add_worksheet(sheet_name(owner, taken)), entries) for owner, entries in sheets.items()]
        shown = [entry for _, entries in pages for entry in entries][:MAX_SHOWN]
        places = _source_sheet(book.add_worksheet(SOURCES), styles, shown, lines)
        for page, entries in pages:
            _finding_sheet(page, styles, entries, places)
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    plain = {"text_wrap": True, "valign": "top", "font_size": 10}
    grey = {**plain, "bg_color": "#F2F2F2", "border": 1, "border_color": "#D9D9D9"}
    open_cell = {**plain, "locked": False, "border": 1, "border_color": "#8EA9DB"}
    severities = {"error": "#F8CBAD", "warning": "#FFE699", "information": "#DDEBF7"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({**plain, "bold": True, "bg_color": "#D9E1F2", "border": 1}),
        "head_input": book.add_format({**plain, "bold": True, "bg_color": "#C6E0B4", "border": 1}),
        "plain": book.add_format(plain),
        "told": book.add_format(grey),
        "link": book.add_format({**grey, "font_color": "#0563C1", "underline": 1}),
        "input": book.add_format(open_cell),
        "day": book.add_format({**open_cell, "num_format": "yyyy-mm-dd"}),
        "own": book.add_format({**plain, "bold": True, "bg_color": "#FFF2CC"}),
        **{name: book.add_format({**grey, "bg_color": colour}) for name, colour in severities.items()},
    }


def _guide_sheet(page: Any, styles: Mapping[str, Any], sheets: Mapping[str, Sequence[Entry]], export: Export) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 80)
    page.write_string(0, 0, "数据问题处理单", styles["title"])
    at = export.made_at.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M")
    told = [("导出时间", at), ("导出人", export.made_by), ("发布版本", export.release_id)]
    told += [(f"工作表：{owner}", f"{len(entries)} 个问题") for owner, entries in sheets.items()]
    if export.left_out:
        told.append(("未列入", f"还有 {export.left_out} 个问题，用 --limit、--owner、--severity 或 --region 导出"))
    row = 2
    for name, text in told:
        page.write_string(row, 0, cell_text(name), styles["plain"])
        page.write_string(row, 1, cell_text(text), styles["plain"])
        row += 1
    for text in _GUIDE:
        row += 1
        page.merge_range(row, 0, row, 1, text, styles["plain"])
    row += 2
    for column, header in enumerate(("处理决定", "含义")):
        page.write_string(row, column, header, styles["head"])
    for number, (name, status) in enumerate(CHOICES.items(), start=row + 1):
        page.write_string(number, 0, name, styles["plain"])
        page.write_string(number, 1, _MEANINGS[status], styles["plain"])
    _printable(page)
    page.protect()


def _finding_sheet(
    page: Any, styles: Mapping[str, Any], entries: Sequence[Entry], places: Mapping[tuple[str, str], int]
) -> None:
    page.write_string(0, 0, "绿色表头的列由您填写，填法见“说明”表。", styles["title"])
    for column, header in enumerate(HEADERS):
        page.set_column(column, column, _WIDTHS[header], None, {"hidden": header in FIGURES})
        page.write_string(HEADER_ROW, column, header, styles["head_input" if header in INPUTS else "head"])
    page.freeze_panes(HEADER_ROW + 1, 1)
    first, last = HEADER_ROW + 1, HEADER_ROW + len(entries)
    for row, entry in enumerate(entries, start=first):
        _finding_row(page, styles, row, entry, places)
    if entries:
        page.autofilter(HEADER_ROW, 0, last, HEADERS.index(UNTIL))
        _validations(page, entries, first, last)
    page.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    _printable(page)


def _height(told: Mapping[str, str]) -> float:
    """Points that a row needs to show its texts wrapped; LibreOffice does not find that out by itself."""
    return _LINE_POINTS * max(_rows_of(text, _WIDTHS[header]) for header, text in told.items() if header not in FIGURES)


def _rows_of(text: str, width: int) -> int:
    """Rows that a text takes in a column; a Chinese character is as wide as two others."""
    return min(-(-sum(2 if character > "\u2e80" else 1 for character in text) // max(width - 2, 1)), 12) or 1


def _printable(page: Any) -> None:
    """All columns on one width of A3."""
    page.set_landscape()
    page.set_paper(8)
    page.fit_to_pages(1, 0)


def _finding_row(
    page: Any, styles: Mapping[str, Any], row: int, entry: Entry, places: Mapping[tuple[str, str], int]
) -> None:
    told = {
        FINDING: entry.finding_id,
        "规则": entry.rule_id,
        "严重程度": both("severity", entry.severity),
        "状态": choice(entry.status),
        "等待": entry.waits_for,
        "地区": entry.region,
        "时期": entry.period,
        "问题": entry.sentence,
        "应为": entry.expected,
        "实为": entry.observed,
        "处理办法": entry.remedy,
        "其余印刷": f"另有 {len(entry.printings) - len(NUMERALS)} 处" if len(entry.printings) > len(NUMERALS) else "",
    }
    shown = list(zip(entry.printings, PRINTINGS, FIGURES, strict=False))
    told |= {name: printing.printed_text for printing, name, _ in shown}
    told |= {figure: printing.figure_id for printing, _, figure in shown}
    places_told = {name: f"{p.title} {p.address}" for p, name in zip(entry.printings, PLACES, strict=False)}
    page.set_row(row, _height({**told, **places_told}))
    for column, header in enumerate(HEADERS):
        if header == EVENT:
            page.write_number(row, column, entry.event, styles["told"])
        elif header in INPUTS:
            page.write_blank(row, column, None, styles["day" if header in (DEADLINE, UNTIL) else "input"])
        else:
            style = styles[entry.severity if header == "严重程度" else "told"]
            page.write_string(row, column, cell_text(told.get(header, "")), style)
    for printing, header in zip(entry.printings, PLACES, strict=False):
        column, text = HEADERS.index(header), cell_text(places_told[header])
        target = places.get((entry.finding_id, printing.figure_id))
        if target is None:
            page.write_string(row, column, text, styles["told"])
        else:
            page.write_url(row, column, f"internal:'{SOURCES}'!A{target + 1}", styles["link"], string=text)


def _validations(page: Any, entries: Sequence[Entry], first: int, last: int) -> None:
    """Choice cells: one rule per kind of cell, whatever the number of rows."""
    stop = {"error_type": "stop", "error_title": "请重新填写", "ignore_blank": True}
    column = HEADERS.index(DECISION)
    decisions = {"validate": "list", "source": list(CHOICES), "error_message": "请从列表中选择处理决定。"}
    page.data_validation(first, column, last, column, {**stop, **decisions})
    for header, after in ((DEADLINE, "答复期限"), (UNTIL, "暂免的最后一天")):
        column = HEADERS.index(header)
        days = {"validate": "date", "criteria": ">", "value": datetime(2020, 1, 1)}
        page.data_validation(
            first, column, last, column, {**stop, **days, "error_message": f"{after}写成 2026-03-31。"}
        )
    column = HEADERS.index(PREFER)
    for labels, cells in _preferable(entries, first).items():
        ranges = [xl_range(start, column, end, column) for start, end in cells]
        source = {"validate": "list", "source": list(labels)} if labels else {"validate": "length"}
        none = {"criteria": "==", "value": 0, "error_message": "此问题没有可以采用的印刷值，请留空。"}
        wrong = {"error_message": "请从列表中选择。"} if labels else none
        page.data_validation(
            cells[0][0], column, cells[0][1], column, {**stop, **source, **wrong, "multi_range": " ".join(ranges)}
        )


def _preferable(entries: Iterable[Entry], first: int) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Runs of rows by the printings that they let choose from."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for row, entry in enumerate(entries, start=first):
        labels = tuple(name for name, printing in zip(PRINTINGS, entry.printings, strict=False) if printing.is_level)
        runs = found.setdefault(labels, [])
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return found


def _source_sheet(
    page: Any, styles: Mapping[str, Any], entries: Iterable[Entry], lines: Mapping[str, Around]
) -> dict[tuple[str, str], int]:
    """The printings with the lines around them; gives the row of each, by finding and figure."""
    for column, (header, width) in enumerate({FINDING: 26, "印刷": 14, "出处": 50, "行": 7, "原文": 100}.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, header, styles["head"])
    page.freeze_panes(1, 0)
    places: dict[tuple[str, str], int] = {}
    row = 1
    for entry in entries:
        for printing in entry.printings[: len(NUMERALS)]:
            places[entry.finding_id, printing.figure_id] = row
            for column, text in enumerate((entry.finding_id, printing.printed_text, printing.place)):
                page.write_string(row, column, cell_text(text), styles["told"])
            for number, text, is_own in lines.get(printing.figure_id, ()):
                line = text.replace("\t", "  ").strip()
                page.set_row(row, _LINE_POINTS * _rows_of(line, 100))
                page.write_number(row, 3, number, styles["plain"])
                page.write_string(row, 4, cell_text(line), styles["own" if is_own else "plain"])
                row += 1
            row += 1 if printing.figure_id in lines else 2
    _printable(page)
    page.protect()
    return places
