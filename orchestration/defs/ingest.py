"""Stage 1: the landing folders into the lake, and the night's own tables beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingestion.reading import read_landing
from orchestration import catalogue_tables, check_results
from orchestration.journal import tell
from orchestration.session import NightSession

LAKE_TABLES = (
    "sources",
    "origins",
    "figures",
    "rejected",
    "definitions",
    "directional_statements",
    "lines",
    "stated_relations",
    "relation_operands",
    "restricted_counts",
)
NIGHT_TABLES = ("rules", "rule_parameters", "rule_scopes", "rule_refusals", "night", "lost_files")


@dg.multi_asset(
    specs=[
        *(
            dg.AssetSpec(["lake", table], group_name="lake", description=f"Lake table {table}.")
            for table in LAKE_TABLES
        ),
        *(
            dg.AssetSpec(["night", table], group_name="lake", description=f"Table {table} of tonight.")
            for table in NIGHT_TABLES
        ),
    ],
    name="read_landing",
)
def read_landing_folders(night: NightSession) -> Iterator[dg.MaterializeResult[Any]]:
    """Inventory the landing folders and read what is new or touched by a change."""
    with night.journal.stage("inventory"):
        home, journal = night.place, night.journal
        check_results.clear(home)
        catalogue_tables.write(home, night.run_id, night.clock, night.as_of or None)
        outcomes = read_landing(
            night.landings,
            home.lake,
            night.clock,
            restricted=home.restricted,
            progress=lambda name, done, total: tell("inventory", f"{done + 1}/{total} {name}"),
        )
        catalogue_tables.write_lost_files(home, outcomes)
        journal.record.deliveries = [
            {
                "file": o.file_name,
                "kind": o.kind,
                "why": o.why,
                "recognised": o.recognised,
                "loaded": o.loaded,
                "refused": o.refused,
                "violations": o.violations,
            }
            for o in outcomes
        ]
        violations = sum(o.violations for o in outcomes)
        check_results.keep(home, "arrival", [check_results.of_arrival(sum(o.recognised for o in outcomes), violations)])
    counts = {
        "deliveries": len(outcomes),
        "read": sum(o.why is not None for o in outcomes),
        "loaded": sum(o.loaded for o in outcomes),
        "refused": sum(o.refused for o in outcomes),
    }
    for layer, tables in (("lake", LAKE_TABLES), ("night", NIGHT_TABLES)):
        for table in tables:
            yield dg.MaterializeResult(asset_key=[layer, table], metadata=counts)
