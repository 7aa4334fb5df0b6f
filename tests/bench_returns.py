"""Benchmark of enterprise returns: 500,000 × 60 items in CSV, 50,000 × 60 in a workbook, against the bare libraries.

Each way is run in a process of its own, imports apart, in turns, so that what else the machine does falls on all alike;
told is the median. What is read: the whole ingestion, that is bytes, header, typed rows, audit relations, pandera, and
Parquet in the restricted zone. The files are made once, outside of the timing, and kept in a temporary folder.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

RUNS = 5
ITEMS = 60
CSV_ROWS, XLSX_ROWS = 500_000, 50_000
YEAR = 2023
PARTS = 8
"""Every ninth item is the sum of the eight before it, so that relations have something to add up."""
AIMS = {"CSV": 1.5, "workbook": 1.5, "pandas": 5.0}
CACHE = Path(tempfile.gettempdir()) / "provstat-bench"


# --- the invented form and its rows -------------------------------------------------------------------------


def write_seeds(folder: Path) -> Path:
    """A form B-1 of 60 amounts with 26 relations: six sums, eighteen comparisons, two conditions."""
    from tests.unit.ingestion.enterprises.conftest import write_form

    sums = [9 * n for n in range(1, ITEMS // 9 + 1)]
    relations = [
        (f"sum{n}", f"{n}=" + "+".join(str(n - k) for k in range(PARTS, 0, -1)), "rounding", "partial_zero", "error")
        for n in sums
    ]
    relations += [(f"part{n}", f"{n}>={n - 1} and {n}>={n - 2}", "rounding", "non_null", "error") for n in sums]
    relations += [(f"whole{n}_{k}", f"{n}>={n - k}", "exact", "non_null", "warning") for n in sums for k in (3, 4)]
    relations += [(f"if{n}", f"if {n}>0 then {n - 1}+{n - 2}>=0", "exact", "non_null", "warning") for n in sums[:2]]
    return write_form(folder, relations, types=("amount",) * ITEMS, form_id="B-1")


def frame(rows: int) -> pl.DataFrame:
    """Rows that keep all relations but for one in ten thousand; a part of the numbers has decimals."""
    from ingestion.enterprises.codes import check_character

    bodies = [f"99520{number:012d}" for number in range(rows)]
    row = pl.int_range(rows, eager=True)
    columns = [
        pl.Series("统一社会信用代码", [body + check_character(body) for body in bodies]),
        pl.Series("单位详细名称", [f"合成样例{number:06d}号有限公司" for number in range(rows)]),
        pl.Series("行政区划代码", ["520102", "520103", "520201", "520302", "520402"]).gather(row % 5),
        pl.Series("行业代码", ["C39", "C34", "I65", "M73"]).gather(row % 4),
    ]
    numbers: dict[int, pl.Series] = {}
    for item in range(1, ITEMS + 1):
        values = row * (item * 7919) % 100_003
        if item % 9 == 0:
            values = pl.select(pl.sum_horizontal(numbers[item - k] for k in range(1, PARTS + 1))).to_series()
            values = values + (row % 10_000 == 17).cast(pl.Int64) * 1_000
        numbers[item] = values
    # an item in ten is printed with a decimal, within what the sums may be off by rounding
    shown = [
        (values.cast(pl.String) + (".4" if item % 10 == 1 else "")).alias(f"指标{item}")
        for item, values in numbers.items()
    ]
    return pl.DataFrame(columns).with_columns(shown)


def made(kind: str) -> Path:
    """The file of a kind, made where it is not there yet."""
    rows = CSV_ROWS if kind == "csv" else XLSX_ROWS
    path = CACHE / f"returns-{rows}-{ITEMS}.{kind}"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"partial-{os.getpid()}.{kind}")
        data = frame(rows)
        numbers = pl.col([f"指标{item}" for item in range(1, ITEMS + 1)])
        if kind == "csv":
            data.write_csv(partial)
        else:
            data.with_columns(numbers.cast(pl.Float64)).write_excel(partial, autofilter=False)
        partial.replace(path)
    return path


# --- the ways of reading ------------------------------------------------------------------------------------


def ours(path: Path, folder: Path) -> Callable[[], int]:
    """The whole ingestion into a zone of its own."""
    from pandera.errors import SchemaErrors

    from ingestion.enterprises import zone
    from ingestion.enterprises.forms import load_forms
    from ingestion.enterprises.places import load_changes
    from ingestion.enterprises.reader import read_enterprise_return, wide_schema
    from ingestion.registry import SEEDS, load_registry

    forms, registry, changes = load_forms(write_seeds(folder / "seeds")), load_registry(), load_changes(SEEDS)
    schema = wide_schema(forms["B-1", YEAR])
    with suppress(SchemaErrors):  # pandera imports a part of itself with the first frame
        schema.validate(pl.DataFrame(schema={name: column.dtype.type for name, column in schema.columns.items()}))

    def run() -> int:
        stated = {"form_id": "B-1", "reference_year": YEAR}
        found = read_enterprise_return(path.read_bytes(), path.name, stated, forms, registry, changes)
        zone.store(folder / "restricted", "bench-0001", found, {"file_name": path.name})
        (batch,) = found.batches
        assert 0 < batch.audit.findings.height < found.loaded // 100
        return found.loaded

    return run


def bare_polars(path: Path, folder: Path) -> Callable[[], int]:
    """Read as text, cast to decimals, write Parquet."""
    numbers = [f"指标{item}" for item in range(1, ITEMS + 1)]

    def run() -> int:
        data = pl.read_csv(path, infer_schema=False).with_columns(pl.col(numbers).cast(pl.Decimal(28, 10)))
        data.write_parquet(folder / "bare.parquet", compression="zstd")
        return data.height

    return run


def bare_calamine(path: Path, folder: Path) -> Callable[[], int]:
    """Read the sheet as text, nothing else."""
    import fastexcel

    def run() -> int:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
        return sheet.to_polars().height - 1

    return run


def pandas_openpyxl(path: Path, folder: Path) -> Callable[[], int]:
    """The same as ours, as it is usually written: pandas reads through openpyxl, decimals are objects."""
    from decimal import Decimal

    import openpyxl  # type: ignore[import-untyped]
    import pandas as pd  # type: ignore[import-untyped]

    from ingestion.enterprises.codes import is_code

    assert openpyxl

    def run() -> int:
        data = pd.read_excel(path, engine="openpyxl", dtype=str)
        numbers = [f"指标{item}" for item in range(1, ITEMS + 1)]
        good = data[data["统一社会信用代码"].map(is_code)].copy()
        for name in numbers:
            good[name] = good[name].map(Decimal)
        failed = 0
        for n in range(9, ITEMS + 1, 9):
            parts = sum(good[f"指标{n - k}"] for k in range(1, PARTS + 1))
            failed += int(((good[f"指标{n}"] - parts).abs() > Decimal("4.5")).sum())
            for k in range(1, 5):
                failed += int((good[f"指标{n}"] < good[f"指标{n - k}"]).sum())
        assert failed > 0
        good.to_parquet(folder / "pandas.parquet", compression="zstd")
        return len(good)

    return run


WAYS: Mapping[str, tuple[str, Callable[[Path, Path], Callable[[], int]]]] = {
    "CSV: ours": ("csv", ours),
    "CSV: polars as text, decimals, Parquet": ("csv", bare_polars),
    "workbook: ours": ("xlsx", ours),
    "workbook: bare calamine": ("xlsx", bare_calamine),
    "workbook: pandas and openpyxl": ("xlsx", pandas_openpyxl),
}


def once(way: str) -> dict[str, float]:
    """Run a way in this process: rows, seconds by the clock and of the processors, peak memory in MB."""
    kind, prepare = WAYS[way]
    path = made(kind)
    with tempfile.TemporaryDirectory() as folder:
        run = prepare(path, Path(folder))
        started, worked = time.perf_counter(), time.process_time()
        rows = run()
        seconds, processors = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"rows": rows, "seconds": seconds, "processors": processors, "peak": peak}


def in_turns(ways: list[str], runs: int) -> dict[str, list[dict[str, float]]]:
    """Each way so many times, one after the other, each in a process of its own."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(runs):
        for way in ways:
            command = [sys.executable, "-m", "tests.bench_returns", way]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[way].append(json.loads(done.stdout.splitlines()[-1]))
    return found


def report(console: Console) -> None:
    """Measure and print, with the ratios that are aimed at."""
    for kind in ("csv", "xlsx"):
        made(kind)
    fast = [way for way in WAYS if "pandas" not in way]
    found = in_turns(fast, RUNS) | in_turns(["workbook: pandas and openpyxl"], 1)
    table = Table("enterprise returns", "rows", "seconds (median)", "of the processors", "peak memory MB")
    for way, runs in found.items():
        middle: dict[str, Any] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        rows = f"{middle['rows']:,.0f} × {ITEMS}"
        table.add_row(
            way, rows, f"{middle['seconds']:.2f}", f"{middle['processors']:.2f}", f"{max(r['peak'] for r in runs):.0f}"
        )
    console.print(table)
    table = Table("ratio", "by the clock", "of the processors", "aim")
    for name, above, below, aim in (
        ("CSV, ours to polars", "CSV: ours", "CSV: polars as text, decimals, Parquet", f"≤ {AIMS['CSV']}"),
        ("workbook, ours to calamine", "workbook: ours", "workbook: bare calamine", f"≤ {AIMS['workbook']}"),
        ("workbook, pandas to ours", "workbook: pandas and openpyxl", "workbook: ours", f"≥ {AIMS['pandas']}"),
    ):
        told = [
            statistics.median(run[key] for run in found[above]) / statistics.median(run[key] for run in found[below])
            for key in ("seconds", "processors")
        ]
        table.add_row(name, *(f"{ratio:.2f}×" for ratio in told), aim)
    console.print(table)


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1]))) if len(sys.argv) > 1 else report(Console(width=120))
