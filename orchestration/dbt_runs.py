"""dbt inside the night: the manifest that the assets are made of, and one invocation in this process.

dbt runs in the process of the night and not as a command: starting it costs five seconds, and it is needed twice. The
assets are dagster-dbt's; only the events are mapped here, from dbt's own results.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, default_metadata_from_dbt_resource_props

from orchestration.project import DBT_PROJECT
from warehouse.home import Home

BUILD_FILE = "warehouse.duckdb"
TARGET = "target"

BEFORE_LEDGER = ("resource_type:seed", "provstat.staging", "provstat.core", "provstat.candidates")
WHAT_THE_LEDGER_SAYS = ("stg_night__finding_status+", "stg_night__decisions+")
"""Models that wait for the ledger, with all that rests on them, in whatever layer."""
AFTER_LEDGER = ("provstat.marts", "provstat.quality", "provstat.reference", *WHAT_THE_LEDGER_SAYS)

PARSED_FILE = "partial_parse.msgpack"
"""dbt's name of what it keeps of a parse."""
_WHILE_PARSING = {"PROVSTAT_LAKE": "lake", "PROVSTAT_BUILD_FILE": BUILD_FILE}

_PARSED: dict[Path, Any] = {}
"""dbt's own manifest per target folder: a night calls dbt twice and parses once."""


class DbtFailure(RuntimeError):  # noqa: N818  (what dbt calls it)
    """dbt could not build or a test failed; the message names model or test, file and what dbt said."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """Outcome of one dbt node: a model, a seed or a test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    failures: int
    seconds: float
    message: str
    file: str


class ProvstatTranslator(DagsterDbtTranslator):
    """Asset keys say the layer: marts/figures, core/target_groups, seeds/regions, lake/figures."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Layer and name."""
        kind = dbt_resource_props["resource_type"]
        if kind == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        layer = "seeds" if kind == "seed" else dbt_resource_props["fqn"][1]
        return dg.AssetKey([layer, dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer is the group."""
        return self.get_asset_key(dbt_resource_props).path[0]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Column metadata only: no file paths of this machine."""
        return default_metadata_from_dbt_resource_props(dbt_resource_props)


def build_file(home: Home) -> Path:
    """The private file of the night. Its path never changes, so that dbt's partial parsing holds."""
    return home.build / BUILD_FILE


def environment(home: Home) -> dict[str, str]:
    """What the dbt project reads from its environment."""
    return {
        "PROVSTAT_LAKE": str(home.lake),
        "PROVSTAT_BUILD_FILE": str(build_file(home)),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
        "DO_NOT_TRACK": "1",
    }


def manifest_path(home: Home) -> Path:
    """The manifest of this version of the dbt project, parsed anew when a file of it has changed."""
    digest = _project_digest()
    folder = home.dagster / "dbt" / digest
    manifest = folder / "definitions.json"
    if not manifest.exists():
        home.ensure()
        fresh = folder.with_name(f"{digest}.{os.getpid()}.tmp")
        # What dbt understood of the project holds for every home; a new one need not spend a quarter of a night on it.
        shared = DBT_PROJECT / TARGET / f"{digest}.msgpack"
        with suppress(OSError):
            (fresh / TARGET).mkdir(parents=True)
            shutil.copyfile(shared, fresh / TARGET / PARSED_FILE)
        invoke(home, ["parse"], target=fresh / TARGET)
        _share(fresh / TARGET / PARSED_FILE, shared)
        # dbt rewrites its own manifest in every run, and a night may die while it does: the assets read a copy.
        shutil.copyfile(fresh / TARGET / "manifest.json", fresh / "definitions.json")
        for old in folder.parent.iterdir():
            if old != fresh:
                shutil.rmtree(old, ignore_errors=True)
        fresh.rename(folder)
        _PARSED[folder / TARGET] = _PARSED.pop(fresh / TARGET)
    return manifest


def _project_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(DBT_PROJECT.rglob("*")):
        if path.suffix in {".sql", ".yml"} and not {"target", "logs"} & set(path.parts):
            digest.update(path.relative_to(DBT_PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _share(parsed: Path, shared: Path) -> None:
    """Keep what dbt understood beside the project, if that may be written; of one version only."""
    with suppress(OSError):
        shared.parent.mkdir(exist_ok=True)
        for old in shared.parent.glob(f"*{shared.suffix}"):
            if old != shared:
                old.unlink(missing_ok=True)
        fresh = shared.with_name(f"{shared.stem}.{os.getpid()}.tmp")
        shutil.copyfile(parsed, fresh)
        fresh.replace(shared)


def invoke(home: Home, arguments: list[str], *, target: Path | None = None) -> tuple[NodeResult, ...]:
    """Run one dbt command in this process.

    Raises:
        DbtFailure: dbt could not start (parse or compile error); names what dbt said.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = target or manifest_path(home).parent / TARGET
    own = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(folder)]
    log = ["--log-path", str(home.logs / "dbt"), "--log-level", "none", "--log-level-file", "info", "--quiet"]

    def run(command: str, *rest: str) -> Any:
        # paths of a home are read when a model is built; dbt would parse anew for each other value
        os.environ.update(environment(home) | (_WHILE_PARSING if command == "parse" else {}))
        try:
            # of a build only the results are used; its manifest is that of the parse, and large
            kept = [] if command == "parse" else ["--no-write-json"]
            outcome = dbtRunner(manifest=_PARSED.get(folder)).invoke([command, *own, *log, *kept, "--no-print", *rest])
        finally:
            # dbt keeps the file open for a next command in its process; the steps in between need it closed.
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        if outcome.exception is not None:
            raise DbtFailure(f"dbt {command}: {outcome.exception}") from outcome.exception
        return outcome.result

    if folder not in _PARSED:
        _PARSED[folder] = run("parse")
    results = getattr(run(*arguments), "results", ()) if arguments != ["parse"] else ()
    return tuple(
        NodeResult(
            unique_id=result.node.unique_id,
            name=result.node.name,
            resource_type=str(getattr(result.node.resource_type, "value", result.node.resource_type)),
            status=str(getattr(result.status, "value", result.status)),
            failures=int(result.failures or 0),
            seconds=float(result.execution_time),
            message=str(result.message or ""),
            file=str(result.node.original_file_path),
        )
        for result in results
    )


def build(home: Home, selection: tuple[str, ...], exclusion: tuple[str, ...] = ()) -> tuple[NodeResult, ...]:
    """Build a part of the project with its tests, seeds first; unit tests belong to the test suite."""
    excluded = ["--exclude", *exclusion] if exclusion else []
    return invoke(
        home,
        [
            "build",
            "--select",
            *selection,
            *excluded,
            "--exclude-resource-type",
            "unit_test",
            "--indirect-selection",
            "buildable",
        ],
    )


def failures(results: tuple[NodeResult, ...]) -> tuple[NodeResult, ...]:
    """What did not pass; nodes skipped because of an earlier failure are not causes."""
    return tuple(result for result in results if result.status in ("error", "fail", "runtime error"))


def events(
    results: tuple[NodeResult, ...], manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Dbt's results as dagster events: a materialisation per model and seed, a check result per test."""
    for result in results:
        if result.resource_type in ("model", "seed") and result.status == "success":
            key = translator.get_asset_key(manifest["nodes"][result.unique_id])
            yield dg.MaterializeResult(asset_key=key, metadata={"seconds": round(result.seconds, 3)})
    for result in results:
        if result.resource_type == "test" and result.status in ("pass", "fail", "error", "warn"):
            asset = _tested_asset(manifest, result.unique_id, translator)
            if asset is not None:
                yield dg.AssetCheckResult(
                    asset_key=asset,
                    check_name=result.name,
                    passed=result.status == "pass",
                    severity=dg.AssetCheckSeverity.ERROR,
                    metadata={"failures": result.failures, "seconds": round(result.seconds, 3)},
                )


def _tested_asset(manifest: Mapping[str, Any], test_id: str, translator: DagsterDbtTranslator) -> dg.AssetKey | None:
    attached = manifest["nodes"][test_id].get("attached_node")
    return translator.get_asset_key(manifest["nodes"][attached]) if attached else None


def load_manifest(home: Home) -> dict[str, Any]:
    """The manifest as data."""
    loaded: dict[str, Any] = json.loads(manifest_path(home).read_text(encoding="utf-8"))
    return loaded


def reading(home: Home) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the private build file, for the steps between two dbt runs."""
    return duckdb.connect(str(build_file(home)), read_only=True)
