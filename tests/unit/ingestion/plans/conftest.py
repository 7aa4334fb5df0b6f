"""What the tests of the plan reader share: the registry, and a plan made of a text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.delivery import Delivery
from ingestion.figures import Figure, Reading
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry
from tests.unit.ingestion.plans.sentence_tables import rows


@pytest.fixture
def read(registry: Registry, tmp_path: Path) -> Callable[..., Reading]:
    """Read a text or bytes as a plan; keywords are what ``sources.yml`` says of it."""

    def run(content: str | bytes, name: str = "plan.txt", **entry: Any) -> Reading:
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        return read_plan(Delivery(path, name, digest, {"file": name, **entry}), registry)

    return run


@pytest.fixture(scope="session")
def brief() -> Callable[[Figure], str]:
    """One line that says where a figure stands and how it was understood."""

    def line(figure: Figure) -> str:
        kind = f"{figure.kind}/{figure.target_kind}" if figure.target_kind else figure.kind
        period = f"{figure.period}<{figure.base_period}" if figure.base_period else figure.period
        lines = f"L{figure.line_start}" + (f"-{figure.line_end}" if figure.line_end != figure.line_start else "")
        words = [lines, figure.indicator_code or f"?{figure.indicator_as_printed}", period, kind]
        words += [figure.comparator, figure.printed_text, f"{figure.value.normalize():f}", figure.unit or "-"]
        extra = [figure.nature if figure.nature != "unstated" else "", "strive" if figure.strength == "strive" else ""]
        return " ".join([*words, *filter(None, extra)])

    return line


@pytest.fixture
def read_sentence(read: Callable[..., Reading]) -> Callable[..., list[str]]:
    """Read one sentence below a heading of a synthetic plan of 遵义市."""

    def run(sentence: str, heading: str, title: str = "合成市“十四五”科技创新规划") -> list[str]:
        text = f"{heading}\n{sentence}" if heading else sentence
        return rows(read(text, title=title, region_code="520300"), "520300")

    return run
