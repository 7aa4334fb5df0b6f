"""Small lakes as readings leave them: table files of a reading, its ``sources`` row last."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

TABLES = ("figures", "rejected", "origins", "lines")


def reading_id(delivery: str, sequence: int) -> str:
    """Id of a reading; the delivery is one hex digit."""
    return f"{delivery * 20}-{sequence:04d}"


def add_reading(
    lake: Path,
    delivery: str,
    sequence: int,
    at: datetime,
    seeds: Mapping[str, str] | None = None,
    *,
    sources: bool = True,
) -> str:
    """Add a reading with one row in every table; without its ``sources`` row it is incomplete."""
    name = reading_id(delivery, sequence)
    for table in (*TABLES, *(["sources"] if sources else [])):
        row = {"reading_id": [name]}
        data = pl.DataFrame(row)
        if table == "sources":
            data = data.with_columns(
                pl.lit(delivery * 64).alias("sha256"),
                pl.lit(sequence).alias("sequence"),
                pl.lit(at.replace(tzinfo=None)).alias("recorded_at"),
                pl.lit(json.dumps(dict(seeds or {"units": "aaaa"}))).alias("seed_digests"),
            )
        (lake / table).mkdir(parents=True, exist_ok=True)
        data.write_parquet(lake / table / f"{name}.parquet")
    (lake / "seeds").mkdir(exist_ok=True)
    for seed, digest in (seeds or {"units": "aaaa"}).items():
        (lake / "seeds" / f"{seed}-{digest}.csv").write_text("unit\n")
    return name


def stored(lake: Path) -> dict[str, list[str]]:
    """Names of the readings in every table folder."""
    return {
        folder.name: sorted(file.stem for file in folder.glob("*.parquet") if not file.name.startswith("_"))
        for folder in sorted(lake.iterdir())
        if folder.name not in {"seeds", "night"}
    }
