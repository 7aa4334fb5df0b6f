"""What integration and unit tests share: homes in which a night has run, and the walk from a figure to its source.

A night takes seconds, so the published home of the samples is made once per test session (once for all workers of
pytest-xdist) and only ever read; a test that changes a home takes a copy.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

from ingestion.documents.opening import open_document
from ingestion.quantity import squeeze
from ingestion.registry import SEEDS, Registry, load_registry
from ingestion.returns.open import Opened, open_return
from orchestration.journal import NightRecord, read_journal
from warehouse.home import Home

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = (ROOT / "ingestion" / "samples" / "plans", ROOT / "ingestion" / "samples" / "returns")
FIRST_NIGHT = "2026-01-05T02:00:00+08:00"
SECOND_NIGHT = "2026-01-06T02:00:00+08:00"

Rows = list[dict[str, Any]]


Count = Callable[..., None]
_COUNTED = "counted "


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Say how much a test has tried, by keyword; the run prints the sums at its end."""

    def count(**numbers: int) -> None:
        for name, number in numbers.items():
            record_property(_COUNTED + name, number)

    return count


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole nights first: what is long must not begin when one of two workers has nothing left to do."""
    items.sort(key=lambda item: "integration" not in item.path.parts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The sums of what the tests that passed have counted."""
    sums: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, number in report.user_properties if report.when == "call" else ():
            if name.startswith(_COUNTED):
                sums[name.removeprefix(_COUNTED)] += number
    if sums:
        told = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in sorted(sums.items()))
        terminalreporter.section("tried")
        terminalreporter.write_line(told)


@contextmanager
def kept_environment() -> Iterator[None]:
    """A night sets variables for its process; what follows in this process must not see them."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class NightDone:
    """A night that ran in a test: exit code, record, and the home that it ran in."""

    home: Home
    exit_code: int
    record: NightRecord

    @property
    def release_file(self) -> Path:
        """The release that this night published, by its own name."""
        assert self.record.release_id is not None, self.record.message
        return self.home.release_file(self.record.release_id)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The code lists as they are shipped."""
    return load_registry()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the code lists, to change at will."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for file in SEEDS.glob("*.csv"):
        shutil.copyfile(file, folder / file.name)
    return folder


@pytest.fixture(scope="session")
def run_a_night() -> Callable[..., NightDone]:
    """Run the whole night in this process and leave the environment as it was."""

    def run(root: Path, landings: tuple[Path, ...] = (), *, now: str = FIRST_NIGHT) -> NightDone:
        from orchestration.night import run_night

        home = Home.at(root)
        with kept_environment():
            os.environ.pop("PROVSTAT_LANDING", None)
            os.environ.pop("DAGSTER_HOME", None)
            night = run_night(home, landings, now=now)
        return NightDone(home, night.exit_code, night.record)

    return run


@pytest.fixture(scope="session")
def ask() -> Callable[..., Rows]:
    """Ask a published file by a plain read-only connection, as any reader does: rows as mappings."""

    def run(file: Path, query: str, *parameters: Any) -> Rows:
        with duckdb.connect(str(file), read_only=True) as connection:
            result = connection.execute(query, list(parameters))
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return run


@pytest.fixture(scope="session")
def sample_nights(
    tmp_path_factory: pytest.TempPathFactory, run_a_night: Callable[..., NightDone]
) -> tuple[NightDone, NightDone]:
    """Two nights on the shipped samples in one home, the second with nothing new. Read only: copy to change."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, told = shared / "sample_home", shared / "sample_home.runs"
    with FileLock(f"{root}.lock"):
        if not told.exists():
            shutil.rmtree(root, ignore_errors=True)
            ran = [run_a_night(root, now=now) for now in (FIRST_NIGHT, SECOND_NIGHT)]
            told.write_text("\n".join(f"{night.exit_code} {night.record.run_id}" for night in ran))
    home = Home.at(root)
    nights = []
    for line in told.read_text().splitlines():
        code, run_id = line.split()
        record = read_journal(home, run_id)
        assert record is not None
        nights.append(NightDone(home, int(code), record))
    return nights[0], nights[1]


@pytest.fixture(scope="session")
def copy_home() -> Callable[[Home, Path], Home]:
    """A copy of a home with its releases, ledger and lake, to change at will."""

    def copy(home: Home, to: Path) -> Home:
        shutil.copytree(home.root, to, symlinks=True, ignore=shutil.ignore_patterns("dagster", "night.*"))
        return Home.at(to).ensure()

    return copy


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The office's own landing folder; tests that need it are skipped where it is absent."""
    stated = os.environ.get("PROVSTAT_REAL_LANDING")
    path = Path(stated) if stated else ROOT.parent / "shared" / "landing"
    if not path.is_dir():
        pytest.skip(f"the office's own landing folder is absent ({path}); set PROVSTAT_REAL_LANDING")
    return path


@pytest.fixture(scope="session")
def astray() -> Callable[[Rows, Mapping[str, str], tuple[Path, ...]], list[str]]:
    """Walk figures back to their printed place; say each that does not lead there."""
    return _astray


def _astray(figures: Rows, sha256_of: Mapping[str, str], landings: tuple[Path, ...]) -> list[str]:
    """Figures whose source is not in the landing folders, or whose printed text is not at its place."""
    delivered = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for landing in landings
        for path in sorted(landing.rglob("*"))
        if path.is_file()
    }
    opened: dict[Path, Mapping[str | None, Any] | list[str]] = {}
    lost = []
    for figure in figures:
        path = delivered.get(sha256_of.get(figure["source_id"], ""))
        if path is None:
            lost.append(f"{figure['figure_id']}: no delivery has the sha256 of {figure['source_id']}")
            continue
        if path not in opened:
            opened[path] = _lines(path) if figure["layout"] != "cell" else _sheets(path)
        place = opened[path]
        printed = _text_at(place, figure) if isinstance(place, list) else _cell_at(place, figure)
        wanted = squeeze(figure["printed_text"])
        if not wanted or (wanted not in printed if isinstance(place, list) else wanted != printed):
            lost.append(f"{path.name} {figure['address']}: printed {figure['printed_text']!r}, there is {printed!r}")
    return lost


def _lines(path: Path) -> list[str]:
    if path.suffix.lower() in (".html", ".htm", ".docx", ".pdf"):
        return [line.text for line in open_document(path.read_bytes(), path.name).lines]
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")


def _sheets(path: Path) -> Mapping[str | None, Any]:
    opened = open_return(path.read_bytes())
    assert isinstance(opened, Opened), f"{path.name} cannot be opened: {opened}"
    return {sheet.name: sheet for sheet in opened.sheets}


def _text_at(lines: list[str], figure: Mapping[str, Any]) -> str:
    return squeeze("".join(lines[figure["line_start"] - 1 : figure["line_end"]]))


def _cell_at(sheets: Mapping[str | None, Any], figure: Mapping[str, Any]) -> str:
    where = re.fullmatch(r"([A-Z]+)(\d+)", figure["cell"])
    assert where is not None, f"{figure['cell']!r} names no cell"
    column = 0
    for letter in where[1]:
        column = column * 26 + ord(letter) - 64
    sheet = sheets[figure["sheet"]]
    row = next(number for number in range(len(sheet.rows)) if sheet.line(number) == int(where[2]))
    return squeeze(str(sheet.rows[row][column - 1].text))
