"""One night at a time in a home.

Here: taking the lock, and telling who holds it. The operating system holds the lock for the process, so a process
that dies gives it back; the holder file beside it is only for the message. Not here: what is done under the lock.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.home import Home, HomeError


@dataclass(frozen=True)
class Holder:
    """Who holds the lock of a home.

    Attributes:
        pid: process id on that host.
        host: name of the machine.
        run_id: the run that took the lock.
        started_at: when it was taken, ISO 8601 in UTC.
    """

    pid: int
    host: str
    run_id: str
    started_at: str


class HomeLocked(RuntimeError):  # noqa: N818  (the caller's vocabulary: the home is locked)
    """Another process works in this home; `holder` says who, None if that cannot be read."""

    def __init__(self, message: str, holder: Holder | None) -> None:
        super().__init__(message)
        self.holder = holder


@contextmanager
def night_lock(home: Home, run_id: str) -> Iterator[Holder]:
    """Hold the home for the length of the block; at once or not at all.

    Within one process the lock may be taken again (the block inside keeps the outer holder).

    Args:
        home: the home, with its root folder existing.
        run_id: what the holder file says about who is working.

    Yields:
        The holder that others are told about.

    Raises:
        HomeLocked: another process holds it; the message names it.
        HomeError: the lock file cannot be made.
    """
    lock = FileLock(home.lock_file.absolute(), timeout=0, is_singleton=True, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        holder = read_holder(home)
        raise HomeLocked(_taken_message(home, holder), holder) from None
    except (OSError, NotImplementedError) as error:
        raise HomeError(
            f"The home {home.root} cannot be locked: {home.lock_file} ({error}). Make sure that the folder exists, "
            "that this user may write it, and that its file system supports locks."
        ) from error
    try:
        inner = read_holder(home) if lock.lock_counter > 1 else None
        yield inner or _write_holder(home, run_id)
    finally:
        if lock.lock_counter == 1:
            home.holder_file.unlink(missing_ok=True)
        lock.release()


def read_holder(home: Home) -> Holder | None:
    """Read who took the lock last; None if nobody is recorded or the file cannot be read."""
    try:
        found = json.loads(home.holder_file.read_text(encoding="utf-8"))
        return Holder(
            pid=int(found["pid"]),
            host=str(found["host"]),
            run_id=str(found["run_id"]),
            started_at=str(found["started_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_holder(home: Home, run_id: str) -> Holder:
    holder = Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        run_id=run_id,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    partial = Path(f"{home.holder_file}.{holder.pid}.partial")
    partial.write_text(json.dumps(asdict(holder), ensure_ascii=False), encoding="utf-8")
    partial.replace(home.holder_file)
    return holder


def _taken_message(home: Home, holder: Holder | None) -> str:
    if holder is None:
        return (
            f"The home {home.root} is in use by another process that has not said who it is. "
            "Try again in a moment; the lock is free as soon as that process ends."
        )
    return (
        f"The home {home.root} is in use: process {holder.pid} on {holder.host} has been working in it since "
        f"{holder.started_at} (run {holder.run_id}). Wait until it ends, or stop that process and start again. "
        f"The lock is free as soon as the process ends: do not delete {home.lock_file.name}."
    )
