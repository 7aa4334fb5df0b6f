"""Dagster's event log with its connections kept open: the store that it ships opens its file anew for every event.

A night has over a thousand events; opening, compiling the statement anew and closing cost more than writing. What
belongs here: that one change. What does not: what is kept of old runs (``run_history``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 60
"""How long a write waits for another process, as in the store that dagster ships."""


class KeptEventLogStorage(SqliteEventLogStorage):
    """The same files and tables; one connection for each file until the instance is disposed of."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> Any:
        """No setting: the files lie where dagster's own store would have them."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> KeptEventLogStorage:  # noqa: ARG003
        """As dagster makes it from ``dagster.yaml``."""
        return cls(str(Path(os.environ["DAGSTER_HOME"], "history", "runs")), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                # dagster's lock hands the connection from thread to thread
                arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
                engine = create_engine(self.conn_string_for_shard(shard), poolclass=StaticPool, connect_args=arguments)
                event.listen(engine, "connect", _relax)
                self._engines[shard] = engine
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close the files."""
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()


def _relax(connection: Any, _record: Any) -> None:
    """With a write-ahead log a commit needs no sync to be whole; a crash of the machine may cost its last events."""
    connection.execute("pragma synchronous = normal")
