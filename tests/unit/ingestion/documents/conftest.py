"""What the tests of the formats share: a short way to see what a document was read as, and a reader of plans.

All documents here are synthetic (合成示例): made by the tests, with invented figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.delivery import Delivery
from ingestion.documents.blocks import Heading, Paragraph, read_blocks
from ingestion.documents.opening import open_document
from ingestion.figures import Reading
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry


@pytest.fixture
def outline() -> Callable[[bytes, str], list[Any]]:
    """Blocks as plain values: ``# heading``, text, ``[box] text``, and a table as its header and rows."""

    def run(content: bytes, name: str) -> list[Any]:
        seen: list[Any] = []
        for block in read_blocks(open_document(content, name)):
            if isinstance(block, Heading):
                seen.append(f"# {block.content.text}")
            elif isinstance(block, Paragraph):
                seen.append((f"[{block.box}] " if block.box else "") + block.content.text)
            else:
                header = [column.header for column in block.table.columns]
                rows = [[cell.content.text if cell else "" for cell in row] for row in block.table.rows]
                seen.append([header, *rows])
        return seen

    return run


@pytest.fixture
def read(registry: Registry, tmp_path: Path) -> Callable[[bytes, str], Reading]:
    """Read bytes as the plan of one county."""

    def run(content: bytes, name: str) -> Reading:
        path = tmp_path / name
        path.write_bytes(content)
        entry = {"file": name, "region_code": "520122", "title": "合成县“十四五”规划"}
        return read_plan(Delivery(path, name, hashlib.sha256(content).hexdigest(), entry), registry)

    return run


@pytest.fixture
def places(read: Callable[[bytes, str], Reading]) -> Callable[[bytes, str], list[tuple[str, str]]]:
    """Address and printed text of every figure with a code, each of which must be found on its own lines."""

    def run(content: bytes, name: str) -> list[tuple[str, str]]:
        reading = read(content, name)
        lines = {line.line: line for line in reading.lines}
        for figure in reading.figures:
            assert figure.line_start is not None
            assert figure.line_end is not None
            own = [lines[number] for number in range(figure.line_start, figure.line_end + 1)]
            assert figure.printed_text in "".join("".join(line.text.split()) for line in own)
            assert figure.page == own[0].page
        assert len({figure.figure_id for figure in reading.figures}) == len(reading.figures)
        return [(figure.address, figure.printed_text) for figure in reading.figures if figure.indicator_code]

    return run
