"""Records that tests of several parts start from; change what matters with ``dataclasses.replace``."""

from __future__ import annotations

from datetime import date

from ingestion.figures import Source

PLAN_SOURCE = Source(
    source_id="src_0",
    document_id="doc_0",
    file_name="a.txt",
    sha256="0" * 64,
    title="合成规划",
    publisher=None,
    document_number=None,
    region_code="520100",
    published_at=date(2021, 8, 4),
    published_precision="day",
    release_type="cited",
    kind="plan",
    inferred="",
)
"""A delivery of an invented plan of Guiyang."""
