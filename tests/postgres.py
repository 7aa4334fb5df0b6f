"""A PostgreSQL server of the tests' own: a private cluster on a socket, gone with the test run.

Skipped with the reason where the machine has no PostgreSQL. As root the server runs as ``postgres``, because it refuses
to run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from expectations.ledger_schema import setup_sql

ADMINISTRATOR, PRODUCT = "administrator", "provstat"
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server, reached by its socket only."""

    socket: Path

    def url(self, schema: str = "public", account: str = PRODUCT, database: str = "postgres") -> str:
        return f"postgresql://{account}@/{database}?host={self.socket}&options=-csearch_path%3D{schema}"

    def execute(self, statements: str, schema: str = "public") -> None:
        """Run statements as the administrator."""
        with psycopg.connect(self.url(schema, ADMINISTRATOR), autocommit=True) as connection:
            connection.execute(statements.encode())

    def new_ledger(self) -> str:
        """URL of an empty ledger, for the account of the product; made as the runbook says, in a schema of its own."""
        schema = f"ledger_{os.getpid()}_{next(_numbers)}"
        self.execute(f"create schema {schema}; grant usage on schema {schema} to {PRODUCT}")
        self.execute(setup_sql(PRODUCT), schema)
        return self.url(schema)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, stop it and remove its files."""
    programs = _programs()
    as_whom: dict[str, Any] = {}
    if os.getuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL refuses to run as root, and there is no account postgres")
        as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if as_whom:
        os.chown(folder, as_whom["user"], as_whom["group"])

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", folder / "data", *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **as_whom,
        )

    try:
        run("initdb", "-A", "trust", "-U", ADMINISTRATOR, "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            server = Server(folder)
            server.execute(f"create role {PRODUCT} login")
            yield server
        finally:
            run("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Folder of the server's programs; Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    config = shutil.which("pg_config")
    if config:
        told = subprocess.run([config, "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        if (Path(told) / "initdb").exists():
            return Path(told)
    pytest.skip("no PostgreSQL server on this machine (no initdb): the ledger was tried on SQLite only")
