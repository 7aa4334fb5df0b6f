"""Deliveries: what lies in the landing folders, and what ``sources.yml`` says of it.

What belongs here: walking folders, hashing, reading and checking ``sources.yml``. What does not: opening a
document, deciding whether it was read before (``lake``).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ingestion.figures import Refusal, Source, hashed_id
from ingestion.quantity import squeeze

SOURCES_FILE = "sources.yml"

_NOT_DELIVERIES = frozenset({SOURCES_FILE, "readme.md", "readme.txt"})
RETURN_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods"})
UNFINISHED_SUFFIXES = (".part", ".partial", ".tmp", ".crdownload")
"""What copying programs and browsers call a file until it is complete."""

_ENTRY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "minLength": 1},
        "id": {"type": ["string", "null"]},
        "title": {"type": ["string", "null"]},
        "publisher": {"type": ["string", "null"]},
        "document_number": {"type": ["string", "null"]},
        "published_at": {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "published_year": {"type": ["integer", "null"], "minimum": 1949, "maximum": 2100},
        "region_code": {"type": ["string", "null"]},
        "kind": {"enum": ["plan", "return", "enterprise_return", None]},
        "form_id": {"type": ["string", "null"]},
        "form_year": {"type": ["integer", "null"]},
        "reference_year": {"type": ["integer", "null"], "minimum": 1949, "maximum": 2100},
        "release_type": {"enum": ["preliminary", "final", "revised", "census_revision", "unknown", None]},
        "base_year": {"type": ["integer", "null"]},
        "withdrawn": {"type": "boolean"},
        "max_rejected_share": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "cites": {"type": ["string", "null"]},
        "note": {"type": ["string", "null"]},
    },
}
_SCHEMA: dict[str, Any] = {"type": ["array", "null"], "items": _ENTRY_SCHEMA}


class LandingError(ValueError):
    """A landing folder or its ``sources.yml`` cannot be used; the message names file, place and remedy."""


class FileLostError(Exception):
    """A file of the landing folder that could not be read to its end, whatever it holds: tonight it is left out."""

    def __init__(self, file_name: str, reason_code: str, reason: str) -> None:
        super().__init__(f"{file_name}: {reason}")
        self.file_name = file_name
        self.refusal = Refusal(
            # of its name: whatever was in it, no content of it was read
            source_id=hashed_id("src", file_name),
            address="",
            raw_text=file_name,
            reason_code=reason_code,
            reason=reason,
        )


@dataclass(frozen=True)
class Delivery:
    """One file of a landing folder with the facts stated about it."""

    path: Path
    file_name: str
    """Path inside the landing folder, with forward slashes."""
    sha256: str
    entry: Mapping[str, Any]

    @property
    def content(self) -> bytes:
        """The bytes as delivered, read anew each time: a night does not keep all its files in memory.

        Raises:
            FileLostError: the file is no longer there, or no longer what the inventory saw.
        """
        content = _bytes_of(self.path, self.file_name)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            reason = "读取过程中文件被改动，本次没有读取；写完后请保持不动，下一次运行会重新读取"
            raise FileLostError(self.file_name, "changed_while_reading", reason)
        return content

    @property
    def source_id(self) -> str:
        """Identity of the delivery: its content."""
        return f"src_{self.sha256[:20]}"

    @property
    def entry_digest(self) -> str:
        """Hash of the stated facts: a changed statement is read again."""
        stated = sorted((key, str(value)) for key, value in self.entry.items() if value is not None)
        return hashlib.sha256(repr((self.file_name, stated)).encode()).hexdigest()[:16]

    @cached_property
    def kind(self) -> str:
        """``plan``, ``return`` or ``enterprise_return``: as stated, else by the kind of file.

        A table of enterprises is one whatever is stated: it must not reach the reader of figures.
        """
        from ingestion.enterprises import recognise  # the readers know deliveries, too

        stated = self.entry.get("kind")
        if self.path.suffix.lower() in recognise.TABLE_SUFFIXES and recognise.holds_enterprises(self.path):
            return recognise.KIND
        if stated is not None:
            return str(stated)
        return "return" if self.path.suffix.lower() in RETURN_SUFFIXES else "plan"

    @cached_property
    def shown_name(self) -> str:
        """What the file is called in screens, logs and public tables; of enterprises only a neutral name."""
        from ingestion.enterprises import recognise

        if self.kind != recognise.KIND:
            return self.file_name
        return recognise.neutral_name(self.sha256, self.path.suffix.lower())

    @property
    def withdrawn(self) -> bool:
        """Whether ``sources.yml`` says that the publisher took it back."""
        return bool(self.entry.get("withdrawn", False))

    def source(
        self,
        *,
        title: str | None = None,
        region_code: str | None = None,
        published_at: date | None = None,
        document_number: str | None = None,
    ) -> Source:
        """The source row. What ``sources.yml`` states wins; the arguments are what the reader inferred."""
        entry = self.entry
        facts = {
            "title": (entry.get("title"), title or Path(self.shown_name).stem),
            "region_code": (entry.get("region_code"), region_code),
            "document_number": (entry.get("document_number"), document_number),
        }
        chosen = {name: stated if stated is not None else found for name, (stated, found) in facts.items()}
        inferred = [name for name, (stated, found) in facts.items() if stated is None and found is not None]
        day, precision = self._publication(published_at)
        if precision == "inferred":
            inferred.append("published_at")
        key = entry.get("id") or hashed_id(
            "doc", squeeze(chosen["document_number"] or chosen["title"] or ""), chosen["region_code"]
        )
        return Source(
            source_id=self.source_id,
            document_id=str(key),
            file_name=self.shown_name,
            sha256=self.sha256,
            title=str(chosen["title"]),
            publisher=entry.get("publisher"),
            document_number=chosen["document_number"],
            region_code=chosen["region_code"],
            published_at=day,
            published_precision=precision,
            release_type=entry.get("release_type") or _release_type(self.kind, str(chosen["title"])),
            kind=self.kind,
            inferred=",".join(inferred),
        )

    def _publication(self, found: date | None) -> tuple[date | None, str]:
        """Publication day and its precision; a known year counts as its last day."""
        stated, year = self.entry.get("published_at"), self.entry.get("published_year")
        if stated:
            return date.fromisoformat(str(stated)), "day"
        if year:
            return date(int(year), 12, 31), "year"
        return (found, "inferred") if found is not None else (None, "unknown")


def _release_type(kind: str, title: str) -> str:
    """What a document that states nothing else gives: a plan cites statistics, a statistical communiqué publishes them.

    That of the economy as a whole comes out two months after the year, with preliminary values.
    """
    if kind != "plan":
        return "unknown"
    if "统计公报" not in title:
        return "cited"
    return "preliminary" if "国民经济" in title else "final"


def inventory(
    landings: Iterable[Path], on_lost: Callable[[FileLostError], None] = lambda _lost: None
) -> tuple[Delivery, ...]:
    """All deliveries below the landing folders, each content once, in a stable order.

    Args:
        landings: the folders.
        on_lost: told of every file that could not be read while the folders were walked.

    Raises:
        LandingError: a folder that is missing, or a ``sources.yml`` that cannot be understood.
    """
    found: dict[str, Delivery] = {}
    for landing in landings:
        root = landing_root(landing)
        cache: dict[Path, dict[str, dict[str, Any]]] = {}
        for path in delivered_files(root):
            try:
                delivery = _delivery(path, root, cache)
            except FileLostError as lost:
                on_lost(lost)
            else:
                found.setdefault(delivery.sha256, delivery)
    return tuple(found.values())


def check_landings(landings: Iterable[Path]) -> None:
    """See that every landing folder exists and every ``sources.yml`` in it is understood, before a night begins.

    Raises:
        LandingError: as ``inventory`` would.
    """
    for landing in landings:
        for path in landing_root(landing).rglob(SOURCES_FILE):
            _read_sources(path)


def single_delivery(path: Path) -> Delivery:
    """One file as a delivery, with what the nearest ``sources.yml`` says of it."""
    resolved = path.resolve()
    if not resolved.is_file():
        raise LandingError(f"{path}: no such file; name a plan or a return")
    return _delivery(resolved, resolved.parent, {})


def delivered_files(root: Path) -> tuple[Path, ...]:
    """The files below a landing folder that are deliveries by their names, in a stable order.

    Left out are hidden files, lock files of office programs (~$), files that are still being copied, ``sources.yml``
    and read-me files. A folder that vanishes meanwhile is passed over.
    """
    paths = [Path(folder) / name for folder, _, names in os.walk(root) for name in names]
    named = [path for path in sorted(paths) if _is_delivery(path.relative_to(root))]
    # no pipes and sockets, from which reading would never return; what is gone by now is told where it is read
    return tuple(path for path in named if path.is_file() or not path.exists())


def _is_delivery(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not hidden and path.name.lower() not in _NOT_DELIVERIES and path.suffix.lower() not in UNFINISHED_SUFFIXES


def landing_root(landing: Path) -> Path:
    """The landing folder itself.

    Raises:
        LandingError: there is no such folder.
    """
    root = landing.resolve()
    if not root.is_dir():
        raise LandingError(f"{landing}: no such landing folder; create it or name another with --landing")
    return root


def _bytes_of(path: Path, file_name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        reason = "读取时文件已不在来源目录，本次没有读取；请重新放入，以前读取的数字不受影响"
        raise FileLostError(file_name, "vanished", reason) from error
    except OSError as error:
        reason = f"文件无法读取（{error.strerror or type(error).__name__}），请检查权限和磁盘后重新放入"
        raise FileLostError(file_name, "unreadable_file", reason) from error


def _delivery(path: Path, root: Path, cache: dict[Path, dict[str, dict[str, Any]]]) -> Delivery:
    name = path.relative_to(root).as_posix()
    return Delivery(
        path=path,
        file_name=name,
        sha256=hashlib.sha256(_bytes_of(path, name)).hexdigest(),
        entry=_entry(path, root, cache),
    )


def _entry(path: Path, root: Path, cache: dict[Path, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """What the nearest ``sources.yml`` upwards, not above the landing folder, says of this file."""
    folder = path.parent
    while True:
        if folder not in cache:
            cache[folder] = _read_sources(folder / SOURCES_FILE)
        entry = cache[folder].get(path.relative_to(folder).as_posix()) or cache[folder].get(path.name)
        if entry is not None:
            return entry
        if folder == root:
            return {"file": path.name}
        folder = folder.parent


class _StringDates(yaml.SafeLoader):
    """Dates stay text: the schema checks their form, and an impossible one gets a clear message."""


_StringDates.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read_sources(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        entries = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_StringDates) or []
        jsonschema.validate(entries, _SCHEMA)
        for entry in entries:
            if entry.get("published_at"):
                date.fromisoformat(entry["published_at"])
    except jsonschema.ValidationError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "top level"
        raise LandingError(f"{path}: entry {place}: {error.message}; correct it and run again") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise LandingError(f"{path}: cannot be understood ({error}); correct it and run again") from error
    return {str(entry["file"]): entry for entry in entries}
