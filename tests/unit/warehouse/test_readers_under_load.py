"""Four readers over thirty swaps and a rollback: no error, no mix of releases, never backwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Count
from warehouse.home import Home
from warehouse.releases import rollback

pytestmark = pytest.mark.full

READERS = 4
SWAPS = 30

READER = """
import sys
from pathlib import Path
import duckdb
current, stop = Path(sys.argv[1]), Path(sys.argv[2])
order, reads = [], 0
print("reading", flush=True)
while True:
    last = stop.exists()
    with duckdb.connect(str(current), read_only=True) as connection:
        for _ in range(5):
            meta, row = connection.execute(
                "SELECT (SELECT release_id FROM meta.release), (SELECT printed_text FROM marts.figures "
                "WHERE figure_id = 'f3')"
            ).fetchone()
            assert meta == row, ("mixed", meta, row)
            reads += 1
    if not order or order[-1] != meta:
        order.append(meta)
    if last:
        break
print(reads, *order, flush=True)
"""


def test_four_readers_over_thirty_swaps_and_rollbacks(
    home: Home, publish: Callable[..., Path], tmp_path: Path, count: Count
) -> None:
    publish("r00")
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(home.current), str(stop)]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(READERS)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
    served = ["r00"]
    for number in range(1, SWAPS + 1):
        publish(f"r{number:02}", number)
        served.append(f"r{number:02}")
        if number % 10 == 0:
            rollback(home, f"r{number - 1:02}")
            served.append(f"r{number - 1:02}")
    stop.write_text("")
    total = 0
    for reader in readers:
        out, err = reader.communicate(timeout=120)
        assert reader.returncode == 0, err
        reads, *order = out.split()
        total += int(reads)
        assert is_subsequence(order, served), f"a reader went backwards: {order}"
        assert order[-1] == served[-1]
        assert len(order) > 2, "the reader must have seen swaps"
    count(readers=READERS, swaps=len(served) - 1, reads=total, read_errors=0)


def is_subsequence(seen: list[str], served: list[str]) -> bool:
    remaining = iter(served)
    return all(release in remaining for release in seen)
