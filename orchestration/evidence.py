"""The evidence of findings: each printing with its place, and the lines around it.

Printings come from a published release; the lines from the lake, where the source stands as it was delivered. Not here:
the findings themselves and who is asked about them (`steward`), showing any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.engine import literal
from warehouse.home import Home
from warehouse.query import run_query

if TYPE_CHECKING:
    import polars as pl

CONTEXT_LINES = 2
"""Lines shown before and after a printing: enough to read the sentence that a page or a line break cuts."""

MOST_LINES = 20
"""Lines of one printing that are shown: a sum over a table names all its rows."""

Around = list[tuple[int, str, bool]]
"""Lines around a printing: number, text, whether it is of the printing itself."""

_CHUNK = 5_000
_PRINTINGS = """
    select roles.finding_id, roles.role, figures.figure_id, figures.source_id, figures.line_start, figures.line_end,
           figures.sheet, figures.printed_text, figures.indicator_as_printed, figures.kind, figures.comparator,
           figures.value, sources.title, sources.file_name, figures.address
    from quality.finding_figures as roles
    inner join marts.figures as figures on roles.figure_id = figures.figure_id and figures.recorded_to is null
    inner join reference.sources as sources on figures.source_id = sources.source_id
    where roles.finding_id in ({wanted})
    order by roles.finding_id, figures.line_start, roles.role, figures.figure_id
"""


@dataclass(frozen=True, slots=True)
class Printing:
    """One figure of a finding, where it is printed."""

    role: str
    figure_id: str
    source_id: str
    line_start: int | None
    line_end: int | None
    sheet: str | None
    printed_text: str
    indicator_as_printed: str | None
    kind: str
    comparator: str
    value: Decimal | None
    title: str
    file_name: str | None
    address: str

    @property
    def place(self) -> str:
        """Document and address, for people."""
        return f"《{self.title}》 {self.file_name or ''} {self.address}"

    @property
    def is_level(self) -> bool:
        """Whether it can be preferred: observations hold levels (baseline or actual) and nothing else."""
        return self.kind in ("baseline", "actual") and self.comparator == "eq" and self.value is not None


def printings(source: Home | Path, finding_id: str) -> tuple[Printing, ...]:
    """The figures of a finding, in the order of their lines."""
    return printings_of(source, [finding_id]).get(finding_id, ())


def printings_of(source: Home | Path, finding_ids: Sequence[str]) -> dict[str, tuple[Printing, ...]]:
    """The figures of findings by their ids.

    Args:
        source: a home (its current release), or the file of a release.
        finding_ids: of that release; one without figures is left out.
    """
    found: dict[str, list[Printing]] = {}
    for start in range(0, len(finding_ids), _CHUNK):
        wanted = ", ".join(literal(finding_id) for finding_id in finding_ids[start : start + _CHUNK])
        for finding_id, *row in run_query(source, _PRINTINGS.format(wanted=wanted)).rows:
            found.setdefault(finding_id, []).append(Printing(*row))
    return {finding_id: tuple(own) for finding_id, own in found.items()}


def surroundings(home: Home, printing: Printing) -> Around:
    """The lines around a printing; none where the lake has none."""
    return surroundings_of(home, [printing]).get(printing.figure_id, [])


def surroundings_of(home: Home, wanted: Iterable[Printing]) -> dict[str, Around]:
    """The lines around printings by figure; every source is read once, one that the lake no longer has is left out."""
    by_source: dict[str, dict[str, Printing]] = {}
    for printing in wanted:
        if printing.line_start is not None:
            by_source.setdefault(printing.source_id, {})[printing.figure_id] = printing
    found: dict[str, Around] = {}
    for lines, source_id in _delivered(home, sorted(by_source)):
        own = by_source[source_id].values()
        texts = _texts(lines, own)
        found |= {printing.figure_id: list(_around(texts, printing)) for printing in own}
    return found


def delivered_lines(home: Home, source_id: str) -> pl.DataFrame | None:
    """The lines of the latest reading of a source with its kind, or None when the lake no longer has them."""
    return next((lines for lines, _ in _delivered(home, [source_id])), None)


def _delivered(home: Home, source_ids: Sequence[str]) -> Iterator[tuple[pl.DataFrame, str]]:
    import polars as pl  # here, because lists need none and its import is a quarter of their time

    columns = ["source_id", "reading_id", "sequence", "kind"]
    readings = pl.read_parquet(home.lake / "sources" / "*.parquet", columns=columns)
    own = readings.filter(pl.col("source_id").is_in(source_ids)).sort("sequence").unique("source_id", keep="last")
    for source_id, reading_id, _, kind in own.select(columns).sort("source_id").iter_rows():
        file = home.lake / "lines" / f"{reading_id}.parquet"
        if file.exists():
            yield pl.read_parquet(file).with_columns(pl.lit(kind).alias("kind")), source_id


def _texts(lines: pl.DataFrame, printed: Iterable[Printing]) -> dict[tuple[str | None, int], str]:
    """The texts of the lines that are needed, by sheet and number."""
    import polars as pl

    needed = pl.DataFrame(
        [(printing.sheet, line) for printing in printed for line in _numbers(printing)],
        schema={"sheet": pl.String, "line": lines.schema["line"]},
        orient="row",
    ).unique()
    near = lines.join(needed, on=["sheet", "line"], how="semi", nulls_equal=True)
    return {(sheet, line): text for sheet, line, text in near.select("sheet", "line", "text").iter_rows()}


def _around(texts: dict[tuple[str | None, int], str], printing: Printing) -> Iterator[tuple[int, str, bool]]:
    start, end = printing.line_start or 0, printing.line_end or printing.line_start or 0
    for line in _numbers(printing):
        text = texts.get((printing.sheet, line))
        if text is not None:
            yield line, text, start <= line <= end


def _numbers(printing: Printing) -> range:
    start, end = printing.line_start or 0, printing.line_end or printing.line_start or 0
    return range(start - CONTEXT_LINES, min(end, start + MOST_LINES) + CONTEXT_LINES + 1)
