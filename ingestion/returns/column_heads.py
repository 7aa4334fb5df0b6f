"""The header texts above each column of a table: merged and unmerged groups, labels cut over several rows.

What belongs here: which texts stand above a column. What does not: finding the header (``geometry``), what its texts
mean (``headers``, ``meaning``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingestion.returns.cells import Sheet, has_cjk, year_of
from ingestion.returns.geometry import Panel
from ingestion.returns.headers import chinese_part, is_sign

_WIDEST_GROUP = 50  # columns below one unmerged group header


def header_parts(sheet: Sheet, panel: Panel, is_known: Callable[[str], bool]) -> dict[int, tuple[str, ...]]:
    """The header texts above each column with figures, top to bottom, English rows left out.

    A merged group header belongs to all its columns. One that is not merged but stands over blanks belongs to the
    columns right of it too, unless it is only the first half of the label of its own column (``is_known``).
    """
    grid = _header_grid(sheet, panel)
    chinese = [{column for column, text in line.items() if has_cjk(text)} for line in grid]
    found: dict[int, tuple[str, ...]] = {}
    for column in sorted({column for _, column in panel.body}):
        parts: list[str] = []
        for depth in range(len(grid)):
            text = grid[depth][column]
            if not text and any(column in below for below in chinese[depth + 1 :]):
                text = _group_above(grid, depth, column, panel, is_known)
            if text:
                parts.append(chinese_part(text))
        kept = [i for i, part in enumerate(parts) if has_cjk(part) or year_of(part) is not None or is_sign(part)]
        found[column] = tuple(parts[: (kept[-1] if kept else len(parts) - 1) + 1])
    return found


def _header_grid(sheet: Sheet, panel: Panel) -> list[dict[int, str]]:
    """Header rows as texts; merged ranges spill sideways, never down."""
    grid = [{c: sheet.rows[r][c].text.strip() for c in panel.columns} for r in panel.header_rows]
    for (r0, c0), (_, c1) in sheet.merged:
        if r0 in panel.header_rows and c1 > c0:
            line = grid[panel.header_rows.index(r0)]
            for c in range(c0, c1 + 1):
                if c in line:
                    line[c] = sheet.rows[r0][c0].text.strip()
    return grid


def _group_above(
    grid: Sequence[dict[int, str]], depth: int, column: int, panel: Panel, is_known: Callable[[str], bool]
) -> str:
    """The unmerged group header that stands left of a blank header cell, blank when there is none."""
    for left in range(column - 1, max(panel.columns[0], column - _WIDEST_GROUP) - 1, -1):
        if left in panel.label_columns or left in panel.roles:
            return ""
        text = grid[depth][left]
        if text:
            below = [chinese_part(line[left]) for line in grid if has_cjk(line[left])]
            has_own = has_cjk(text) and any(has_cjk(line[left]) for line in grid[depth + 1 :])
            return text if has_own and not is_known("".join(below)) else ""
    return ""
