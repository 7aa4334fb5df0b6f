"""Awkward files are read exactly; what is damaged in them is right, flagged or refused, never a wrong number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.delivery import single_delivery
from ingestion.figures import Reading
from ingestion.registry import Registry
from ingestion.returns import read_return
from tests.returns.awkward import CASES, Awkward


def read(folder: Path, registry: Registry, name: str, content: bytes, stated: Mapping[str, Any]) -> Reading:
    path = folder / name
    path.write_bytes(content)
    if stated:
        entry = yaml.safe_dump([{"file": name, **stated}], allow_unicode=True)
        (folder / "sources.yml").write_text(entry, encoding="utf-8")
    reading = read_return(single_delivery(path), registry)
    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    return reading


def test_there_are_enough_files_and_formats() -> None:
    names = [make().name for make in CASES]
    assert len(names) >= 15
    assert {name.rsplit(".", 1)[1] for name in names} == {"xlsx", "xls", "ods", "csv"}


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_an_awkward_file_is_read_exactly(make: Callable[[], Awkward], tmp_path: Path, registry: Registry) -> None:
    case = make()
    reading = read(tmp_path, registry, case.name, case.content, case.stated)
    found = {
        f.address: (f.region_code, f.indicator_code, f.breakdown, f.period, f.printed_text, f.printed_unit)
        for f in reading.figures
    }
    assert found == dict(case.rows)
    assert {r.address: r.reason_code for r in reading.refusals} == dict(case.refused)
    assert all("，" in r.reason for r in reading.refusals)
