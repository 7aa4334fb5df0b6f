"""One delivery of a return becomes a reading.

What belongs here: choosing the way of reading, the facts of the source, the lines. What does not: opening files
(``open``), the two kinds of tables (``tidy``, ``grid``).
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

from ingestion.delivery import Delivery
from ingestion.figures import Line, Reading, Source, origin_of
from ingestion.registry import Registry
from ingestion.returns.cells import Sheet, has_cjk, is_figure_like
from ingestion.returns.collect import Gathered, refuse
from ingestion.returns.geometry import find_panels
from ingestion.returns.grid import read_grid
from ingestion.returns.headers import Title, cited_title, data_years, edition_year, is_note, name_years, read_title
from ingestion.returns.open import NotOpened, Opened, open_return
from ingestion.returns.threshold import held_back
from ingestion.returns.tidy import find_header, read_tidy


def read_return(delivery: Delivery, registry: Registry) -> Reading:
    """Read a tidy table or a statistical workbook.

    Figures carry the sheet and cell they stand in, and as vintage the origin that the row or the workbook cites.
    Whatever looks like a figure and is not loaded is a refusal with a reason. No content makes it raise.

    Returns:
        The reading; ``recognised`` is counted while reading and equals figures + refusals. A file that cannot be
        read at all is one refusal with an empty address.
    """
    opened = open_return(delivery.content)
    if isinstance(opened, NotOpened):
        source = delivery.source()
        gathered = Gathered(registry, source, recognised=1)
        refuse(gathered, "", delivery.file_name, opened.reason_code, opened.reason)
        return _reading(gathered, ())
    source = delivery.source(title=_printed_title(registry, opened))
    gathered = Gathered(registry, source)
    stated_title = delivery.entry.get("title")
    tables = 0
    previous: Title | None = None
    for sheet in opened.sheets:
        found, previous = _read_sheet(gathered, sheet, stated_title, previous)
        tables += found
    _check_file_name(gathered, stated_title)
    if not tables:
        gathered.recognised += 1
        reason = "文件中没有可识别的表格：请提供表头（地区、指标、时期、数值）或按地区、年份排列的数据"
        refuse(gathered, "", delivery.file_name, "no_table", reason)
    return held_back(_reading(gathered, _lines(opened)), delivery.entry.get("max_rejected_share"))


def _check_file_name(gathered: Gathered, stated_title: str | None) -> None:
    """A file named after a year of which it holds no figure, nor of the year before (of publication), is told."""
    named = name_years(PurePosixPath(gathered.source.file_name or "").stem)
    years = {
        int(year) for figure in gathered.figures for year in (figure.period[:4], figure.period[-4:]) if year.isdigit()
    }
    if len(named) != 1 or not years or data_years(stated_title or ""):
        return
    (year,) = named
    if min(years) <= year <= max(years) + 1:
        return
    gathered.recognised += 1
    span = f"{min(years)}" if len(years) == 1 else f"{min(years)}-{max(years)}"
    reason = f"文件名写的是{year}年，而表内数据是{span}年（已按表内年份读取），请核对后更正其一"
    refuse(gathered, "", gathered.source.file_name or "", "year_conflict", reason)


def _read_sheet(
    gathered: Gathered, sheet: Sheet, stated_title: str | None, previous: Title | None
) -> tuple[int, Title | None]:
    """Read one sheet and tell how many tables it holds, and the title of the last."""
    if not sheet.rows:
        return 0, previous
    header = find_header(sheet)
    if sheet.hidden:
        if header is None and not find_panels(sheet):
            return 0, previous
        gathered.recognised += 1
        reason = f"工作表“{sheet.name}”被隐藏，没有读取；如需报送，请取消隐藏"
        refuse(gathered, sheet.name or "", sheet.name or "", "hidden_sheet", reason)
        return 1, previous
    if header is not None:
        read_tidy(gathered, sheet, header)
        return 1, previous
    origin = _origin(gathered.source, sheet, stated_title)
    tables, previous = read_grid(gathered, sheet, origin, stated_title, previous)
    if not tables and sheet.name is not None and any(is_figure_like(cell) for row in sheet.rows for cell in row):
        gathered.recognised += 1
        reason = f"工作表“{sheet.name}”中有数字，但没有可识别的表头，请补上表头（地区、指标、年份）"
        refuse(gathered, sheet.name, sheet.name, "no_table", reason)
        return 1, previous
    return tables, previous


def _origin(source: Source, sheet: Sheet, stated_title: str | None) -> Source:
    """The publication of a workbook: as stated, else the one that its source line names, else its own title."""
    texts = [*sheet.before, *(cell.text for row in sheet.rows for cell in row if is_note(cell.text)), *sheet.after]
    title = stated_title or cited_title(texts) or source.title
    published_at, precision = source.published_at, source.published_precision
    edition = edition_year(title)
    if published_at is None and edition is not None:
        published_at, precision = date(edition, 12, 31), "inferred"
    return origin_of(source, title, published_at=published_at, precision=precision, release_type=source.release_type)


def _printed_title(registry: Registry, opened: Opened) -> str | None:
    """The title printed above the first table that has one."""
    for sheet in opened.sheets:
        if sheet.hidden or find_header(sheet) is not None:
            continue
        lines = [*sheet.before, *(cell.text for row in sheet.rows[:5] for cell in row if has_cjk(cell.text))]
        title = read_title(registry, [line for line in lines if not is_figure_like_text(line)]).text
        if title:
            return title
    return None


def is_figure_like_text(text: str) -> bool:
    """Whether a text is a number rather than words."""
    return not has_cjk(text) and text.replace(".", "", 1).isdigit()


def _lines(opened: Opened) -> tuple[Line, ...]:
    if opened.text_lines is not None:
        return tuple(Line(None, None, number, text) for number, text in enumerate(opened.text_lines, start=1))
    return tuple(
        # a tab inside a cell would move the cells behind it
        Line(sheet.name, None, sheet.line(row), "\t".join(cell.text.replace("\t", " ") for cell in cells))
        for sheet in opened.sheets
        for row, cells in enumerate(sheet.rows)
    )


def _reading(gathered: Gathered, lines: tuple[Line, ...]) -> Reading:
    return Reading(
        source=gathered.source,
        origins=tuple(gathered.origins.values()),
        figures=tuple(gathered.figures),
        refusals=tuple(gathered.refusals),
        lines=lines,
        recognised=gathered.recognised,
    )
