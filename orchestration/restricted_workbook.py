"""The workbook of an enterprise return that its sender gets back; it stays in the restricted zone, for the owner only.

Refused rows, and rows that break an audit relation, as delivered and marked. What does not belong here: the workbook
itself (``rejected_workbook``); what is refused (``ingestion.enterprises``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_cell_to_rowcol

from ingestion import lake
from ingestion.enterprises import zone
from ingestion.enterprises.recognise import neutral_name
from ingestion.registry import SEEDS, seed_rows
from orchestration.rejected_workbook import DeliveredSheet, Refused, marked_workbook
from warehouse.home import Home
from warehouse.spreadsheet import sheet_name

_RELATION = "audit_relation"


def write_restricted(home: Home, name: str, wanted: str | None) -> tuple[Path, int]:
    """Write the workbook of one delivery into ``exports/`` of the restricted zone.

    Args:
        home: its restricted zone holds the rows.
        name: file name of the workbook.
        wanted: file name of the delivery, as delivered or as the summary calls it; None where only one has faults.

    Returns:
        The file and the number of faults.

    Raises:
        LookupError: nothing is wrong there, or several deliveries have faults and none is chosen.
        OSError: the workbook cannot be written.
    """
    deliveries = {name: faults for name, faults in _deliveries(home) if faults[0]}
    if not deliveries:
        raise LookupError("受限区没有有误的报表，无需导出。 Nothing is wrong in the restricted zone.")
    own = [key for key in deliveries if wanted is None or wanted in key]
    if not own:
        raise LookupError(f"{wanted}：受限区没有此文件的拒收或审核问题 nothing is wrong there")
    if len(own) > 1:
        told = "、".join(shown for _, shown in own)
        raise LookupError(f"有{len(own)}个文件有误，请用 --source 指定其一 choose one: {told}")
    refused, sheets = deliveries[own[0]]
    folder = home.restricted / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name
    temporary = folder / f".{name}.{os.getpid()}.tmp"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(marked_workbook(refused, sheets))
    temporary.replace(target)
    return target, len(refused)


def _deliveries(home: Home) -> Iterator[tuple[tuple[str, str], tuple[list[Refused], list[DeliveredSheet]]]]:
    """Of the latest reading of each delivery its two names, its faults and its rows."""
    remedies = {row["reason_code"]: row for row in seed_rows(SEEDS, "rejection_reasons")}
    for record in lake.latest_readings(home.lake).values():
        manifest = zone.manifest_of(home.restricted, record.reading_id)
        if manifest is None:
            continue
        file = str(manifest["delivered"]["file_name"])
        shown = neutral_name(str(manifest["delivered"]["sha256"]), Path(file).suffix.lower())
        refused = [
            _refused(remedies, record.reading_id, file, refusal["sheet"] or "", "", refusal)
            for refusal in manifest["refusals"]
        ]
        sheets: list[DeliveredSheet] = []
        titles: set[str] = set()
        for batch in zone.stored_batches(home.restricted, [record.reading_id]):
            returned = pl.read_parquet(batch.folder / "returned.parquet", glob=False)
            sheet = next(iter(returned["sheet"]), None)
            refused += _faults(remedies, record.reading_id, file, batch.folder, first_column=returned.columns[2])
            rows = {row[1] - 1: tuple(text or "" for text in row[2:]) for row in returned.iter_rows()}
            offset = ("",) * xl_cell_to_rowcol(f"{returned.columns[2]}1")[1]
            placed = {line: offset + texts for line, texts in rows.items()}
            sheets.append(DeliveredSheet(record.reading_id, sheet, sheet_name(sheet or "数据", titles), placed))
        yield (file, shown), (refused, sheets)


def _faults(
    remedies: Mapping[str, Mapping[str, str]], reading_id: str, file: str, folder: Path, *, first_column: str
) -> Iterator[Refused]:
    """Refused cells, and the relations that loaded rows break, each at a cell."""
    for row in pl.read_parquet(folder / "rejected.parquet", glob=False).iter_rows(named=True):
        yield _refused(
            remedies, reading_id, file, _address(row["sheet"], row["cell"] or ""), row["raw_text"] or "", row
        )
    for row in pl.read_parquet(folder / "findings.parquet", glob=False).iter_rows(named=True):
        yield Refused(
            source_id=reading_id,
            file=file,
            address=_address(row["sheet"], f"{first_column}{row['line']}"),
            raw_text=row["values"],
            reason=f"本行已入库，但不符合审核关系：{row['explanation']}（{row['values']}）",
            remedy="核实有关各项；有误的更正后整份重报，无误的书面说明",
            who_fixes="报送单位",
            reason_code=_RELATION,
        )


def _refused(
    remedies: Mapping[str, Mapping[str, str]],
    reading_id: str,
    file: str,
    address: str,
    raw: str,
    row: Mapping[str, Any],
) -> Refused:
    remedy = remedies.get(row["reason_code"], {})
    return Refused(
        source_id=reading_id,
        file=file,
        address=address,
        raw_text=raw,
        reason=row["reason"],
        remedy=remedy.get("remedy_zh", ""),
        who_fixes=remedy.get("who_fixes", ""),
        reason_code=row["reason_code"],
    )


def _address(sheet: str | None, cell: str) -> str:
    return cell if sheet is None or not cell else f"{sheet}!{cell}"
