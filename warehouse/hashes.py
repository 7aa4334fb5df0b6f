"""The SHA-256 of a published file, kept beside it as ``<file>.sha256``.

Here: computing, writing and reading it, in the format of ``sha256sum``, so that ``sha256sum -c *.sha256`` in the folder
of the releases checks them without this software. Not here: when a release is made or checked (`publish`, `doctor`).
"""

import hashlib
import os
import re
from pathlib import Path

from warehouse.durable import sync

SUFFIX = ".sha256"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)\n?")


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's content, 64 hex digits.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sidecar_of(file: Path) -> Path:
    """Where the hash of a file is kept, whether or not it is there."""
    return file.with_name(file.name + SUFFIX)


def write_sidecar(file: Path, digest: str) -> Path:
    """Keep a file's hash beside it, whole, read-only and on disk before it has its name.

    Args:
        file: the file that the hash belongs to; it need not have its name yet.
        digest: 64 hex digits.

    Returns:
        The sidecar. Its folder is not yet synced: the caller does that once for file and sidecar.

    Raises:
        OSError: it cannot be written.
    """
    target = sidecar_of(file)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.write_text(f"{digest}  {file.name}\n", encoding="utf-8")
        partial.chmod(0o444)
        sync(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def kept_hash(file: Path) -> str | None:
    """The hash kept beside a file; None if there is no sidecar.

    Raises:
        ValueError: the sidecar is no line of ``sha256sum`` about this file.
        OSError: the sidecar cannot be read.
    """
    sidecar = sidecar_of(file)
    if not sidecar.is_file():
        return None
    found = _LINE.fullmatch(sidecar.read_text(encoding="utf-8", errors="replace"))
    if found is None or found[2] != file.name:
        raise ValueError(f"{sidecar} is no line '<sha256>  {file.name}' as sha256sum writes it")
    return found[1]
