"""The workbook that a sender gets back: what was refused, and their own rows as delivered with the faulty cells marked.

What belongs here: rows of the sender's own files only, places, marks, links. What does not: why a cell was refused
(``ingestion``), which files somebody may see: whoever runs the command sees all, so it is given one sender's files.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from ingestion.returns.text_tables import text_sheet
from orchestration.evidence import delivered_lines
from warehouse.home import Home
from warehouse.query import run_query
from warehouse.spreadsheet import TEXTS_STAY_TEXTS, cell_text, sheet_name

MAX_COMMENTS = 2000
"""Comments of a sheet; a spreadsheet program becomes slow with more. Cells beyond are filled and listed too."""

_CELL = re.compile(r"(?:(?P<sheet>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})", re.DOTALL)
_LINES = re.compile(r"第(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?行")
_LIST = "拒收清单"
_HEADERS = ("序号", "文件", "位置", "原内容", "原因", "处理办法", "处理方", "原因代码")
_WIDTHS = (6, 34, 18, 26, 60, 50, 10, 18)
_REFUSED = """
    select source_id, coalesce(file_name, source_id), address, raw_text, reason, coalesce(remedy_zh, ''),
           coalesce(who_fixes, ''), reason_code
    from quality.rejected order by 2, 1, address, reason_code
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal of the published release."""

    source_id: str
    file: str
    address: str
    raw_text: str
    reason: str
    remedy: str
    who_fixes: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class DeliveredSheet:
    """A delivered sheet on its way into the workbook: row from 0 → texts from column 0."""

    source_id: str
    name: str | None
    title: str
    rows: Mapping[int, tuple[str, ...]]


def write_rejected(home: Home, target: Path, wanted: str | None) -> tuple[int, tuple[str, ...]]:
    """Write the workbook of one sender.

    Args:
        home: its published release tells what was refused, its lake what was delivered.
        target: the .xlsx; replaced as a whole.
        wanted: a file, a folder of the landing folder or a source id; None where only one file has refusals.

    Returns:
        The number of refusals and the files.

    Raises:
        LookupError: nothing was refused there, or several files were refused and none is chosen.
        QueryError: nothing is published.
        OSError: the workbook cannot be written.
    """
    refused = _chosen([Refused(*row) for row in run_query(home, _REFUSED).rows], wanted)
    files = tuple(dict.fromkeys(item.file for item in refused))
    sheets = _sheets(home, refused, several=len(files) > 1)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.write_bytes(marked_workbook(refused, sheets))
    temporary.replace(target)
    return len(refused), files


def _chosen(refused: list[Refused], wanted: str | None) -> list[Refused]:
    files = dict.fromkeys(item.file for item in refused)
    if not files:
        raise LookupError("没有拒收记录，无需导出。 Nothing was rejected.")
    if wanted is None and len(files) > 1:
        told = "、".join(files)
        raise LookupError(f"有{len(files)}个文件有拒收记录，请用 --source 指定报送单位的文件或目录 choose one: {told}")
    folder = (wanted or "").rstrip("/") + "/"
    own = [i for i in refused if wanted is None or wanted in (i.file, i.source_id) or i.file.startswith(folder)]
    if not own:
        raise LookupError(f"{wanted}：没有拒收记录 nothing was rejected there; see provstat rejected list")
    return own


def _sheets(home: Home, refused: Iterable[Refused], *, several: bool) -> list[DeliveredSheet]:
    """The delivered sheets that hold a refused cell, as the lake keeps them."""
    found: list[DeliveredSheet] = []
    titles = {_LIST.casefold()}
    for number, (source_id, own) in enumerate(_by_source(refused).items(), start=1):
        delivered = delivered_lines(home, source_id)
        if delivered is None:
            continue
        places = [_place(item.address) for item in own]
        for name, rows in _rows_by_sheet(delivered).items():
            if any(place is not None and place[0] == name for place in places):
                title = sheet_name(f"{number}.{name or '数据'}" if several else name or "数据", titles)
                found.append(DeliveredSheet(source_id, name, title, rows))
    return found


def _by_source(refused: Iterable[Refused]) -> dict[str, list[Refused]]:
    found: dict[str, list[Refused]] = {}
    for item in refused:
        found.setdefault(item.source_id, []).append(item)
    return found


def _rows_by_sheet(lines: pl.DataFrame) -> dict[str | None, dict[int, tuple[str, ...]]]:
    """Sheet → row → texts. A text file is one sheet: a table split as the reader splits it, a plan line by line."""
    found: dict[str | None, dict[int, tuple[str, ...]]] = {}
    flat = lines.filter(pl.col("sheet").is_null())
    if not flat.is_empty() and lines["kind"][0] == "return":
        text = text_sheet("\n".join(flat["text"]), max_cells=10**9, max_columns=10**6)
        found[None] = {text.line(r) - 1: tuple(cell.text for cell in row) for r, row in enumerate(text.rows)}
    elif not flat.is_empty():
        found[None] = {line - 1: (text,) for line, text in flat.select("line", "text").iter_rows()}
    for name, line, text in lines.filter(pl.col("sheet").is_not_null()).select("sheet", "line", "text").iter_rows():
        found.setdefault(name, {})[line - 1] = tuple(text.split("\t"))
    return found


def _place(address: str) -> tuple[str | None, int, int] | None:
    """Sheet, row and column (from 0) of an address; the first cell of a whole sheet or of lines; None for a file."""
    if not address:
        return None
    cell = _CELL.fullmatch(address)
    if cell is not None:
        return cell["sheet"], *xl_cell_to_rowcol(cell["column"] + cell["row"])
    line = _LINES.fullmatch(address)
    return (None, int(line["first"]) - 1, 0) if line is not None else (address, 0, 0)


def marked_workbook(refused: list[Refused], sheets: list[DeliveredSheet]) -> bytes:
    """The list of what was refused, and the delivered sheets with its cells filled and commented."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **TEXTS_STAY_TEXTS}) as book:
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "top"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            "link": book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"}),
            "faulty": book.add_format({"bg_color": "#FFD966", "border": 1}),
        }
        links = {(sheet.source_id, sheet.name): sheet.title for sheet in sheets}
        _list_sheet(book.add_worksheet(_LIST), styles, refused, links)
        by_source = _by_source(refused)
        for sheet in sheets:
            _data_sheet(book.add_worksheet(sheet.title), styles, sheet, by_source[sheet.source_id])
    return buffer.getvalue()


def _list_sheet(
    page: Any, styles: Mapping[str, Any], refused: list[Refused], links: Mapping[tuple[str, str | None], str]
) -> None:
    page.write_string(
        0, 0, f"共{len(refused)}条没有入库。黄色单元格有误，批注写明原因和处理办法；请改正原文件后整份重报。"
    )
    for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(2, column, header, styles["head"])
    page.freeze_panes(3, 0)
    for number, item in enumerate(refused, start=1):
        row = number + 2
        page.write_number(row, 0, number, styles["wrapped"])
        texts = (item.file, item.address or "整个文件", item.raw_text, item.reason, item.remedy, item.who_fixes)
        for column, text in enumerate((*texts, item.reason_code), start=1):
            page.write_string(row, column, cell_text(text), styles["wrapped"])
        place = _place(item.address)
        title = links.get((item.source_id, place[0])) if place is not None else None
        if place is not None and title is not None:
            cell = xl_rowcol_to_cell(place[1], place[2])
            target = "internal:'{}'!{}".format(title.replace("'", "''"), cell)
            page.write_url(row, 2, target, styles["link"], string=cell_text(item.address))


def _data_sheet(page: Any, styles: Mapping[str, Any], sheet: DeliveredSheet, refused: list[Refused]) -> None:
    """The sheet as delivered: every cell is text, so that nothing is re-rounded, evaluated or taken for a date."""
    marks: dict[tuple[int, int], list[Refused]] = {}
    for item in refused:
        place = _place(item.address)
        if place is not None and place[0] == sheet.name:
            marks.setdefault(place[1:], []).append(item)
    for row, texts in sheet.rows.items():
        for column, text in enumerate(texts):
            if text and (row, column) not in marks:
                page.write_string(row, column, cell_text(text))
    for number, ((row, column), own) in enumerate(marks.items()):
        texts = sheet.rows.get(row, ())
        page.write_string(row, column, cell_text(texts[column] if column < len(texts) else ""), styles["faulty"])
        if number < MAX_COMMENTS:
            told = "\n".join(f"{item.reason}\n处理办法：{item.remedy}" for item in own)
            page.write_comment(row, column, cell_text(told), {"x_scale": 2.5, "y_scale": 1.5})
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
