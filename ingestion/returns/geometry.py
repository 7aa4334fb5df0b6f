"""Where things stand in a sheet: title block, header rows, label columns, body cells, several tables in one sheet.

What belongs here: places only. What does not: what a title, a label or a number means (``headers``, ``meaning``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingestion.returns.cells import (
    Sheet,
    has_cjk,
    is_date,
    is_figure_like,
    is_missing,
    number_or_none,
    year_of,
)
from ingestion.returns.headers import (
    AXIS_WORDS,
    CODE_WORDS,
    NOTE_WORDS,
    SERIAL_WORDS,
    UNIT_WORDS,
    YEAR_WORDS,
    is_note,
    is_unit_text,
    word,
)

_COLUMN_NUMBER_LABELS = frozenset({"甲", "乙", "栏次", "序号", "代码"})


@dataclass(frozen=True, slots=True)
class Panel:
    """One table inside a sheet. Rows and columns count from 0."""

    context: tuple[str, ...]
    """The texts of the title block above the header."""
    notes: tuple[str, ...]
    """Notes and source lines of the sheet."""
    label_columns: tuple[int, ...]
    """Columns with row labels, left to right; none where the header says everything."""
    roles: Mapping[int, str]
    """Columns that hold neither labels nor figures: unit, code, serial, note."""
    header_rows: tuple[int, ...]
    body: tuple[tuple[int, int], ...]
    """The (row, column) of everything in the body that looks like a figure."""
    columns: tuple[int, ...]
    """All columns of the table."""
    sections: tuple[tuple[int, str], ...]
    """Rows of the body that hold one text only, which heads the rows below."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A vertical stretch of a sheet with one header: rows of context, header start, end (exclusive)."""

    context_start: int
    header_start: int
    end: int


def find_panels(sheet: Sheet) -> tuple[Panel, ...]:
    """The tables of a sheet, top to bottom and left to right; empty when nothing in it looks like one."""
    texts = _filled_texts(sheet)
    data = [_is_data_row(sheet, texts, row) for row in range(len(texts))]
    notes = (*sheet.before, *(t for row in texts for t in row if is_note(t)), *sheet.after)
    panels: list[Panel] = []
    for block in _blocks(texts, data):
        context = _context(sheet, block)
        for columns in _side_by_side(sheet, texts, data, block):
            panel = _panel(sheet, texts, data, block, columns, context, notes)
            if panel is not None:
                panels.append(panel)
    return tuple(panels)


def _filled_texts(sheet: Sheet) -> list[list[str]]:
    """Texts of the sheet; a merged range shows its text in its first column, down all its rows."""
    texts = [[cell.text.strip() for cell in row] for row in sheet.rows]
    for (r0, c0), (r1, _) in sheet.merged:
        if r0 < len(texts) and c0 < sheet.width:
            for r in range(r0, min(r1 + 1, len(texts))):
                texts[r][c0] = texts[r0][c0]
    return texts


def _row_has_figure(sheet: Sheet, row: int, skip: int | None = None) -> bool:
    return any(is_figure_like(cell) for column, cell in enumerate(sheet.rows[row]) if column != skip)


def _blocks(texts: list[list[str]], data: Sequence[bool]) -> list[_Block]:
    """Stretches with a header of their own: each starts at a row that holds a word like 地区 or 指标."""
    anchors = [row for row, line in enumerate(texts) if _has_axis_word(line) and not data[row]]
    starts: list[int] = []
    early = [row for row in range(anchors[0] if anchors else 0) if data[row]]
    if len(early) > 1:  # a table with another kind of header above the first header word
        starts.append(_header_start(texts, early[0]))
    for row in anchors:
        since = starts[-1] if starts else None
        if since is None or any(data[since + 1 : row]):
            starts.append(row)
    if not starts:
        first = next((r for r, is_data in enumerate(data) if is_data), None)
        if first is None:
            return []
        starts = [_header_start(texts, first)]
    blocks: list[_Block] = []
    context_start = 0
    for number, start in enumerate(starts):
        end = len(texts)
        if number + 1 < len(starts):
            end = max(r for r in range(start + 1, starts[number + 1]) if data[r]) + 1
        blocks.append(_Block(context_start, start, end))
        context_start = end
    return blocks


def _has_axis_word(line: Sequence[str]) -> bool:
    """Whether a row holds a header word; an English one counts only in a row without Chinese texts."""
    chinese = [text for text in line if has_cjk(text)]
    return any(word(text) in AXIS_WORDS for text in chinese or line if text and len(text) < 40)


def _header_start(texts: list[list[str]], first_data_row: int) -> int:
    """The first row above the data with two texts side by side that are no unit line; else the data row itself."""
    for row in range(first_data_row):
        if len({text for text in texts[row] if text and not is_unit_text(text)}) >= 2:
            return row
    return first_data_row


def _is_data_row(sheet: Sheet, texts: list[list[str]], row: int) -> bool:
    """Whether a row holds figures under a label: no years of a header, no column numbers, no note."""
    line = texts[row]
    label_column = next((c for c, text in enumerate(line) if text), None)
    if label_column is None or is_note(line[label_column]):
        return False
    label = word(line[label_column])
    has_words = any(has_cjk(text) and word(text) not in AXIS_WORDS for text in line)
    figures = [(c, cell) for c, cell in enumerate(sheet.rows[row]) if is_figure_like(cell) and c != label_column]
    if not figures:
        return False
    if label in AXIS_WORDS:
        return not all(year_of(cell.text) is not None for _, cell in figures)
    if label in _COLUMN_NUMBER_LABELS or (is_figure_like(sheet.rows[row][label_column]) and not has_words):
        numbers = [number_or_none(cell) for _, cell in figures]
        plain = [int(n.value) for n in numbers if n is not None and n.decimals == 0]
        counted = len(plain) == len(figures) >= 2 and plain == list(range(plain[0], plain[0] + len(plain)))
        years = all(year_of(cell.text) is not None for _, cell in figures)
        first = number_or_none(sheet.rows[row][label_column])
        return not (years or (counted and (first is None or first.value == plain[0] - 1)))
    return True


def _context(sheet: Sheet, block: _Block) -> tuple[str, ...]:
    """Texts above the header, and of the header's own row those that only tell the unit."""
    lines = list(sheet.before) if block.context_start == 0 else []
    for row in range(block.context_start, block.header_start):
        lines += [cell.text.strip() for cell in sheet.rows[row] if cell.text.strip()]
    return tuple(lines)


def _side_by_side(sheet: Sheet, texts: list[list[str]], data: Sequence[bool], block: _Block) -> list[tuple[int, ...]]:
    """Column stretches of tables printed side by side: the first header word comes again, over labels again."""
    header, width = texts[block.header_start], sheet.width
    anchors = [c for c, text in enumerate(header) if word(text) in AXIS_WORDS]
    if not anchors:
        return [tuple(range(width))]
    rows = [row for row in range(block.header_start, block.end) if data[row]]
    first = word(header[anchors[0]])
    starts = [c for c in anchors if word(header[c]) == first and (c == anchors[0] or _holds_labels(sheet, rows, c))]
    apart = [c for i, c in enumerate(starts) if i == 0 or c - starts[i - 1] > 1]
    bounds = [0, *apart[1:], width]
    return [tuple(range(bounds[i], bounds[i + 1])) for i in range(len(bounds) - 1)]


def _holds_labels(sheet: Sheet, rows: Sequence[int], column: int) -> bool:
    """Whether a column holds names or years rather than figures: 地区 may be half of 地区生产总值."""
    held = [sheet.rows[row][column] for row in rows if not is_missing(sheet.rows[row][column])]
    labels = [cell for cell in held if has_cjk(cell.text) or year_of(cell.text) is not None]
    return len(labels) * 2 > len(held)


def _panel(
    sheet: Sheet,
    texts: list[list[str]],
    data: Sequence[bool],
    block: _Block,
    columns: tuple[int, ...],
    context: tuple[str, ...],
    notes: tuple[str, ...],
) -> Panel | None:
    rows = range(block.header_start, block.end)
    data_rows = [r for r in rows if data[r]]
    year_column = next((c for c in columns if word(texts[block.header_start][c]) in AXIS_WORDS), None)
    if (
        year_column is not None and word(texts[block.header_start][year_column]) in YEAR_WORDS
    ):  # rows of a year whose figures look like years themselves
        years = {r for r in rows[1:] if year_of(texts[r][year_column]) and _row_has_figure(sheet, r, year_column)}
        data_rows = sorted(years.union(data_rows))
    if not data_rows:
        return None
    header_rows = _header_rows(sheet, texts, block.header_start, data_rows[0], columns)
    roles = _roles(texts, header_rows, columns)
    labels = _label_columns(sheet, texts, header_rows, data_rows, columns, roles)
    taken = {*roles, *labels}
    known = set(data_rows)
    free = [column for column in columns if column not in taken]
    body: list[tuple[int, int]] = []
    for row in range(data_rows[0], block.end):
        if row in known or not _is_note_or_header(sheet, texts, row):
            cells = sheet.rows[row]
            body += [(row, column) for column in free if is_figure_like(cells[column])]
    body = _with_words(sheet, body)
    sections = _sections(sheet, range(header_rows[-1] + 1 if header_rows else data_rows[0], block.end), columns)
    return Panel(context, notes, labels, roles, header_rows, tuple(body), columns, sections) if body else None


def _with_words(sheet: Sheet, body: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The body with the words that stand where figures stand: 100家以上 and 待核 are no blanks."""
    count = Counter(column for _, column in body)
    worded: list[tuple[int, int]] = []
    for row in sorted({row for row, _ in body}):
        cells = sheet.rows[row]
        for column in count:
            text = cells[column].text
            if has_cjk(text) and not is_missing(cells[column]) and not is_date(text):
                worded.append((row, column))
    often = Counter(column for _, column in worded)
    more = [(row, column) for row, column in worded if often[column] <= count[column]]
    return sorted({*body, *more}) if more else body


def _sections(sheet: Sheet, rows: Iterable[int], columns: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Lines inside the body that hold one text and nothing else: what stands below them belongs to it."""
    found: list[tuple[int, str]] = []
    for row in rows:
        filled = [c for c in columns if sheet.rows[row][c].text]
        text = sheet.rows[row][filled[0]].text.strip() if len(filled) == 1 else ""
        if has_cjk(text) and not is_note(text) and not is_unit_text(text):
            found.append((row, text))
    return tuple(found)


def _header_rows(
    sheet: Sheet, texts: list[list[str]], start: int, first_data_row: int, columns: Sequence[int]
) -> tuple[int, ...]:
    """From the header word to the first row of the body, which may be a label with nothing but blanks beside it."""
    axis = next((c for c in columns if word(texts[start][c]) in AXIS_WORDS), None)
    if axis is not None:
        for row in range(start + 1, first_data_row):
            label = texts[row][axis]
            beside = [c for c in columns if c > axis]
            empty = not any(has_cjk(texts[row][c]) or is_figure_like(sheet.rows[row][c]) for c in beside)
            if has_cjk(label) and word(label) not in AXIS_WORDS | _COLUMN_NUMBER_LABELS and empty:
                return tuple(range(start, row))
    return tuple(range(start, first_data_row))


def _is_note_or_header(sheet: Sheet, texts: list[list[str]], row: int) -> bool:
    """Whether a row inside the body is a note, or only repeats years or column numbers of the header."""
    if is_note(next((text for text in texts[row] if text), "")):
        return True
    return _row_has_figure(sheet, row) and any(
        word(text) in AXIS_WORDS | _COLUMN_NUMBER_LABELS for text in texts[row] if text
    )


def _roles(texts: list[list[str]], header_rows: Sequence[int], columns: Sequence[int]) -> dict[int, str]:
    roles: dict[int, str] = {}
    words = {"unit": UNIT_WORDS, "serial": SERIAL_WORDS, "code": CODE_WORDS, "note": NOTE_WORDS}
    for column in columns:
        heads = {word(texts[row][column]) for row in header_rows if texts[row][column]}
        role = next((name for name, known in words.items() if heads and heads <= known | {""}), None)
        if role is not None:
            roles[column] = role
    return roles


def _label_columns(
    sheet: Sheet,
    texts: list[list[str]],
    header_rows: Sequence[int],
    data_rows: Sequence[int],
    columns: Sequence[int],
    roles: Mapping[int, str],
) -> tuple[int, ...]:
    """Columns with a header word like 地区 and no other; without one, the first column that holds texts or years."""
    free = [c for c in columns if c not in roles]
    heads = {c: {word(texts[row][c]) for row in header_rows if texts[row][c]} for c in free}
    headed = [c for c in free if heads[c] and heads[c] <= AXIS_WORDS]
    filled = [c for c in headed if any(texts[row][c] for row in data_rows)]
    chinese = [c for c in filled if any(has_cjk(texts[row][c]) or year_of(texts[row][c]) for row in data_rows)]
    if chinese:
        return tuple(chinese)
    for column in free:
        held = [row for row in data_rows if texts[row][column]]
        named = [r for r in held if not is_figure_like(sheet.rows[r][column]) or year_of(texts[r][column]) is not None]
        if held and len(named) * 2 > len(data_rows) and len(named) == len(held):
            return (column,)
        if any(not is_missing(sheet.rows[row][column]) for row in data_rows):
            break
    return ()
