"""What a reader sees in one file, for ``provstat extract``: a table, CSV, JSON or a page; nothing is loaded."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from ingestion.figures import DirectionalStatement, Figure, Reading, Refusal
from orchestration import screens
from orchestration.extraction_page import extraction_page
from warehouse.contract import CONTRACT
from warehouse.spreadsheet import inert

FORMATS = ("table", "csv", "json", "html")

FIGURE_COLUMNS = CONTRACT.tables["marts.figures"]
"""The columns of ``marts.figures``: what a program sees here is what it will find there."""

DIRECTIONAL_COLUMNS = CONTRACT.tables["marts.directional_statements"]
"""The columns of ``marts.directional_statements``."""

_SHOWN = (
    "address",
    "printed_text",
    "indicator_code",
    "indicator_as_printed",
    "period",
    "kind",
    "target_kind",
    "comparator",
    "value",
    "unit",
)
_SHOWN_DIRECTIONAL = ("address", "printed_text", "indicator_code", "period", "direction", "strength")


def show(reading: Reading, output: str, console: Console, *, unresolved: bool = False) -> None:
    """Print a reading in one of ``FORMATS``; ``unresolved`` keeps only figures that fit no indicator."""
    figures = (figure for figure in reading.figures if not (unresolved and figure.indicator_code))
    directional = () if unresolved else reading.directional_statements
    if output == "json":
        sys.stdout.writelines(_json(figures, directional, reading.refusals))
    elif output == "csv":
        writer = csv.DictWriter(sys.stdout, FIGURE_COLUMNS)
        writer.writeheader()
        rows = (_row(figure, FIGURE_COLUMNS) for figure in figures)
        writer.writerows({name: inert(screens.cell_text(value)) for name, value in row.items()} for row in rows)
    elif output == "html":
        sys.stdout.write(extraction_page(reading, FIGURE_COLUMNS, DIRECTIONAL_COLUMNS, unresolved=unresolved))
    else:
        _table(list(figures), directional, reading, console)


def _row(record: Figure | DirectionalStatement, columns: Sequence[str]) -> dict[str, Any]:
    """A record with the columns of its mart; when it was recorded, and as which target, is not known before it is."""
    return {name: getattr(record, name, None) for name in columns}


def _json(
    figures: Iterable[Figure], directional: Iterable[DirectionalStatement], refusals: Iterable[Refusal]
) -> Iterator[str]:
    """One JSON document, row by row."""
    encoded = json.JSONEncoder(ensure_ascii=False, default=screens.cell_text).encode
    tables = (
        ('{"figures": [', (_row(figure, FIGURE_COLUMNS) for figure in figures)),
        ('], "directional": [', (_row(statement, DIRECTIONAL_COLUMNS) for statement in directional)),
        ('], "refused": [', map(asdict, refusals)),
    )
    for opening, rows in tables:
        yield opening
        for number, row in enumerate(rows):
            yield (", " if number else "") + encoded(row)
    yield "]}\n"


def _table(
    figures: Sequence[Figure], directional: Sequence[DirectionalStatement], reading: Reading, console: Console
) -> None:
    source, refusals = reading.source, reading.refusals
    console.print(Text(source.title, style="bold"), source.document_id, source.region_code or "地区不详 region unknown")
    if figures:
        rows = [tuple(getattr(figure, name) for name in _SHOWN) for figure in figures]
        console.print(screens.rows_table(_SHOWN, rows))
    if directional:
        console.print("方向性目标（无数字） directional statements")
        shown = [tuple(getattr(statement, name) for name in _SHOWN_DIRECTIONAL) for statement in directional]
        console.print(screens.rows_table(_SHOWN_DIRECTIONAL, shown))
    if refusals:
        names = ("address", "raw_text", "reason_code", "reason")
        console.print(screens.rows_table(names, [tuple(getattr(r, n) for n in names) for r in refusals]))
    console.print(
        f"识别 recognised {reading.recognised} = 读出 figures {len(reading.figures)} + 拒收 refused {len(refusals)}"
    )
