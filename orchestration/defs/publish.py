"""Stage 6: publication, behind every gate."""

from __future__ import annotations

from typing import Any

import dagster as dg

from orchestration import dbt_runs, publication
from orchestration.defs.transform import MANIFEST, TRANSLATOR
from orchestration.session import NightSession

PUBLIC_LAYERS = ("marts", "quality", "reference")

_PUBLIC = [
    TRANSLATOR.get_asset_key(node)
    for node in MANIFEST["nodes"].values()
    if node["resource_type"] == "model" and node["fqn"][1] in PUBLIC_LAYERS
]


@dg.asset(
    key=["published", "release"],
    deps=_PUBLIC,
    group_name="published",
    description="The release that readers open: one immutable DuckDB file behind one link.",
)
def release(night: NightSession) -> dg.MaterializeResult[Any]:
    """Publish the build file; a held night does not come here, and is told why if it does."""
    held = [gate for gate in night.journal.record.gates if not gate["passed"]]
    if held:
        raise dg.Failure(f"Gate held: {held[0]['gate']}: {held[0]['message']}", allow_retries=False)
    home, journal = night.place, night.journal
    with journal.stage("publication"):
        journal.note(dbt_runs.reading(home))
        published = publication.publish(home, night.run_id, night.clock, as_of=night.as_of or None)
    journal.record.release_id = published.release_id
    journal.record.release_file = str(home.current)
    journal.record.counts.update(published.counts)
    journal.end("published")
    try:
        tidied = publication.tidy(home, night.clock)
    except Exception as error:
        # The release is out: what could not be tidied is told and tried again tomorrow.
        tidied = {}
        journal.remark(f"housekeeping: {type(error).__name__}: {error}; run provstat doctor")
    return dg.MaterializeResult(metadata={"release_id": published.release_id, **published.counts, **tidied})
