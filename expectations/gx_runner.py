"""Great Expectations on DuckDB itself: suites run on a file, one outcome an expectation.

Here: running, and what a result means. Not here: reading suites (`gx_suites`), the SQLAlchemy dialect
(`duckdb_dialect`), the rule catalogue, and what a held night does (`orchestration`).

`great_expectations` takes seconds to import and is imported only where a suite runs; `preload` can start that
early in a thread.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from expectations.gx_suites import COLUMN_EXISTS, QUERY, ROW_COUNT, Expectation, Suite, SuiteError, load_suites

__all__ = [
    "Expectation",
    "ExpectationOutcome",
    "Suite",
    "SuiteError",
    "holding",
    "load_suites",
    "preload",
    "run_suites",
]

SAMPLE_SIZE = 5


@dataclass(frozen=True)
class ExpectationOutcome:
    """What one expectation found.

    `outcome` is pass, fail, error (the check could not run: never a statement about the data) or not_applicable
    (no row to test). `tested` and `unexpected` count rows; for a query, `tested` is the table's rows and
    `unexpected` the rows that the query returned. `sample` holds up to five unexpected values as text.
    """

    suite: str
    expectation_id: str
    table: str
    column: str | None
    outcome: str
    tested: int
    unexpected: int
    sample: tuple[str, ...]
    message: str
    seconds: float
    severity: str
    blocks: bool
    fault: str
    title_zh: str
    title_en: str


def preload() -> None:
    """Import Great Expectations, silently and with its analytics off; safe to call from a thread, early."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
        import great_expectations.expectations.registry
        from tqdm import tqdm

        from expectations import duckdb_dialect
    # its progress bars, which are off, share a lock between processes that nobody gives back
    tqdm.set_lock(threading.RLock())
    # what it would log as an error is in each result's exception_info, and so in our outcomes
    logging.getLogger(great_expectations.__name__).setLevel(logging.CRITICAL)
    duckdb_dialect.register()


def run_suites(database: Path, suites: Iterable[Suite]) -> tuple[ExpectationOutcome, ...]:
    """Run suites on a DuckDB file, which is opened read-only and closed again.

    A table or column that is missing, or a file that this process cannot open, gives outcomes `error`.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not database.is_file():
        raise FileNotFoundError(f"{database}: no such DuckDB file; build it before running expectations on it")
    preload()
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    chosen = tuple(suites)
    try:
        with warnings.catch_warnings(), _datasource(database) as datasource:
            warnings.simplefilter("ignore")
            return tuple(outcome for suite in chosen for outcome in _run_suite(datasource, suite))
    except TestConnectionError as error:
        message = _shorten(f"{database} could not be opened read-only: {error}")
        return tuple(
            _outcome(suite, entry, "error", (0, 0, ()), message, 0.0)
            for suite in chosen
            for entry in suite.expectations
        )


def holding(outcomes: Iterable[ExpectationOutcome]) -> tuple[ExpectationOutcome, ...]:
    """The outcomes that hold the night: a failure that blocks, and every check that could not run."""
    return tuple(o for o in outcomes if o.outcome == "error" or (o.outcome == "fail" and o.blocks))


@contextmanager
def _datasource(database: Path) -> Iterator[Any]:
    """An ephemeral context's datasource on the file; its connections are closed at the end."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from expectations.duckdb_dialect import DIALECT

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    sources: Any = context.data_sources  # the types it ships do not know `kwargs`
    datasource = sources.add_sql(
        name="file",
        connection_string=f"{DIALECT}:///{database.resolve()}",
        kwargs={"connect_args": {"read_only": True}},
    )
    try:
        yield datasource
    finally:
        # the execution engine holds an engine of its own beside the datasource's
        datasource.get_execution_engine().close()
        datasource.get_engine().dispose()


def _run_suite(datasource: Any, suite: Suite) -> Iterator[ExpectationOutcome]:
    schema, _, table = suite.table.rpartition(".")
    started = time.perf_counter()
    try:
        asset = datasource.add_table_asset(name=suite.name, table_name=table, schema_name=schema or None)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        count, _ = _validate(batch, ROW_COUNT, {"min_value": 0}, ())
        rows = int(count["observed_value"])
    except Exception as error:
        message = _shorten(f"{suite.table} could not be read: {error}")
        for entry in suite.expectations:
            yield _outcome(suite, entry, "error", (0, 0, ()), message, time.perf_counter() - started)
        return
    for entry in suite.expectations:
        yield _run_entry(batch, rows, suite, entry)


def _run_entry(batch: Any, rows: int, suite: Suite, entry: Expectation) -> ExpectationOutcome:
    started = time.perf_counter()
    try:
        result, success = _validate(batch, entry.expectation, entry.kwargs, entry.row_condition)
    except Exception as error:
        message = _shorten(f"{type(error).__name__}: {error}")
        return _outcome(suite, entry, "error", (0, 0, ()), message, time.perf_counter() - started)
    tested = int(result.get("element_count", rows))
    if entry.expectation == QUERY:
        unexpected = int(result["observed_value"])
        values = result["details"]["unexpected_rows"]
    else:
        unexpected = int(result.get("unexpected_count") or (0 if success else 1))
        values = result.get("partial_unexpected_list") or []
    seconds = time.perf_counter() - started
    if not success:
        message = f"{unexpected} of {tested} rows of {suite.table}"
        if entry.expectation == ROW_COUNT:
            message = f"{suite.table} has {rows} rows"
        elif entry.expectation == COLUMN_EXISTS:
            message = f"{suite.table} has no column {entry.kwargs['column']}"
        sample = tuple(_text(value) for value in values[:SAMPLE_SIZE])
        return _outcome(suite, entry, "fail", (tested, unexpected, sample), message, seconds)
    if tested == 0 and entry.expectation not in (ROW_COUNT, COLUMN_EXISTS):
        return _outcome(suite, entry, "not_applicable", (0, 0, ()), "no row to test", seconds)
    # `mostly` lets an expectation pass with some rows unexpected: they are still counted
    return _outcome(suite, entry, "pass", (tested, unexpected, ()), "", seconds)


class _CheckRaisedError(Exception):
    """Great Expectations swallowed an exception; it is carried here as what it was."""


def _validate(
    batch: Any, name: str, kwargs: Mapping[str, Any], condition: tuple[tuple[str, str, Any], ...]
) -> tuple[Mapping[str, Any], bool]:
    """Run one expectation: its result details and whether it holds.

    Raises:
        _CheckRaisedError: The check could not run. `success` is then false as well, and says nothing.
    """
    from great_expectations.expectations.registry import get_expectation_impl

    settings: dict[str, Any] = dict(kwargs)
    if condition:
        settings["row_condition"] = _gx_condition(condition)
    expectation = get_expectation_impl(name)(**settings)
    detail = "COMPLETE" if name == QUERY else "SUMMARY"
    result = batch.validate(
        expectation, result_format={"result_format": detail, "partial_unexpected_count": SAMPLE_SIZE}
    )
    raised = _raised(result.exception_info or {})
    if raised:
        raise _CheckRaisedError(raised)
    return result.result or {}, bool(result.success)


def _raised(info: Mapping[str, Any]) -> str:
    """The message of the first exception in `exception_info`, which is flat or keyed by metric; else empty."""
    for part in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if part.get("raised_exception"):
            return str(part.get("exception_message") or "exception without a message")
    return ""


def _gx_condition(condition: tuple[tuple[str, str, Any], ...]) -> Any:
    from great_expectations.expectations.row_conditions import (
        AndCondition,
        Column,
        ComparisonCondition,
        NullityCondition,
        Operator,
    )

    parts: list[Any] = []
    for column, operator, value in condition:
        if operator in ("is_null", "is_not_null"):
            parts.append(NullityCondition(column=Column(column), is_null=operator == "is_null"))
        else:
            parts.append(
                ComparisonCondition(column=Column(column), operator=Operator(operator.upper()), parameter=value)
            )
    return parts[0] if len(parts) == 1 else AndCondition(conditions=parts)


def _outcome(
    suite: Suite,
    entry: Expectation,
    outcome: str,
    counts: tuple[int, int, tuple[str, ...]],
    message: str,
    seconds: float,
) -> ExpectationOutcome:
    kwargs = entry.kwargs
    columns = kwargs.get("column_list") or [kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs]
    return ExpectationOutcome(
        suite=suite.name,
        expectation_id=entry.id,
        table=suite.table,
        column=", ".join(columns) or None,
        outcome=outcome,
        tested=counts[0],
        unexpected=counts[1],
        sample=counts[2],
        message=message,
        seconds=seconds,
        severity=entry.severity,
        blocks=entry.blocks,
        fault=entry.fault,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
    )


def _text(value: Any) -> str:
    """An unexpected value as text: nulls as `null`, decimals without an exponent, rows as `column=value`."""
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_text(item)}" for key, item in value.items())
    if isinstance(value, (tuple, list)):
        return " | ".join(_text(item) for item in value)
    return str(value)


def _shorten(message: str, limit: int = 300) -> str:
    """The first lines of an exception's message, without SQLAlchemy's statement and background link."""
    text = " ".join(message.split("[SQL:")[0].split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
