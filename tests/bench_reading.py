"""Benchmark of the plan reader: throughput and memory by size, and inputs made to be slow.

Each case is read in a process of its own, so that its peak memory is its own; imports and the making of the file are
apart. Prints megabytes of UTF-8 a second (of processor time, and on the clock), and how the processor time grows when
the input doubles: 2 is linear.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from rich.console import Console
from rich.table import Table

MEGABYTE = 1_000_000
PLANS = Path(__file__).parent.parent / "ingestion" / "samples" / "plans"
LABELLED = Path(__file__).parent / "extraction" / "dev" / "source"
PLAIN_SHARE = 7
"""Bytes without figures to one byte of a sample: real plans print a figure in a thousand bytes, samples print ten."""


def dense_text(size: int) -> str:
    """The sample plans one after the other, up to about so many bytes."""
    return _repeated([path.read_text(encoding="utf-8") for path in sorted(PLANS.glob("*.txt"))], size)


def plan_text(size: int) -> str:
    """The same with lines without figures between them, as many as real plans have."""
    lines = [line for path in sorted(LABELLED.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    plain = [
        line
        for line in lines
        if len(line) > 30 and not any(character.isdigit() or character in "#@|<" for character in line)
    ]
    pieces = []
    for path in sorted(PLANS.glob("*.txt")):
        piece = path.read_text(encoding="utf-8")
        pieces += [piece, _repeated(plain, PLAIN_SHARE * len(piece.encode()))]
    return _repeated(pieces, size)


def _repeated(pieces: Sequence[str], size: int) -> str:
    """Pieces one after the other, over and over, up to about so many bytes."""
    taken: list[str] = []
    length = 0
    for piece in cycle(pieces):
        taken.append(piece)
        length += len(piece.encode())
        if length >= size:
            break
    return "\n".join(taken)


CASES: dict[str, tuple[Callable[[int], str], int]] = {
    "plans": (plan_text, 5 * MEGABYTE),
    "plans, much": (plan_text, 25 * MEGABYTE),
    "plans, much, into the lake": (plan_text, 25 * MEGABYTE),
    "plans of nothing but figures": (dense_text, MEGABYTE),
    "a million digits": (lambda size: "到2025年研发投入强度达到" + "7" * size, MEGABYTE // 2),
    "numbers in one line": (lambda size: "3.5% " * (size // 5), MEGABYTE // 2),
    "ten thousand brackets in each other": (lambda size: "（" * size + "达到5家" + "）" * size, 5_000),
    "ten thousand list marks in each other": (lambda size: "（一）1.①" * (size // 4) + "达到5家", 5_000),
    "one line of text": (lambda size: "".join(plan_text(size).split()), 10 * MEGABYTE),
    "one line without a full stop": (lambda size: "研发投入强度达到" * (size // 24), 10 * MEGABYTE),
    "headings": (lambda size: "一、目标\n" * (size // 13), MEGABYTE),
}
"""Input by size, and the smaller of the two sizes that are compared."""


def write_case(name: str, size: int, file: Path) -> None:
    """Make the input of a case, under a title that says whose plan it is."""
    file.write_bytes("贵阳市“十四五”科技创新规划\n".encode() + CASES[name][0](size).encode())


def read_once(name: str, size: int) -> dict[str, float]:
    """Read one case in this process: bytes, seconds, processor seconds, peak memory in MB, figures."""
    from ingestion.delivery import single_delivery
    from ingestion.reading import read_landing, read_or_refuse
    from ingestion.registry import load_registry

    registry = load_registry()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "landing", "plan.txt")
        file.parent.mkdir()
        maker = multiprocessing.get_context("spawn").Process(target=write_case, args=(name, size, file))
        maker.start()
        maker.join()
        Path(file.parent, "sources.yml").write_text("- {file: plan.txt, region_code: '520100'}\n", encoding="utf-8")
        started, worked = time.perf_counter(), time.process_time()
        if name.endswith("into the lake"):
            (outcome,) = read_landing([file.parent], Path(folder, "lake"), datetime.now(UTC))
            figures, refused, recognised = outcome.loaded, outcome.refused, outcome.recognised
        else:
            reading = read_or_refuse(single_delivery(file), registry)
            figures, refused, recognised = len(reading.figures), len(reading.refusals), reading.recognised
        seconds, processor = time.perf_counter() - started, time.process_time() - worked
        assert recognised == figures + refused
        return {
            "bytes": file.stat().st_size,
            "seconds": seconds,
            "processor": processor,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            "figures": figures,
        }


def measured(name: str, size: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench_reading", name, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def report(console: Console) -> None:
    """Measure every case at its size and at twice that size, and print."""
    table = Table("plan reader", "MB", "MB/s", "on the clock", "figures", "peak memory MB", "time when doubled")
    for name, (_, size) in CASES.items():
        once, twice = measured(name, size), measured(name, 2 * size)
        megabytes = twice["bytes"] / MEGABYTE
        table.add_row(
            name,
            f"{megabytes:.2f}",
            f"{megabytes / twice['processor']:.2f}",
            f"{megabytes / twice['seconds']:.2f}",
            f"{twice['figures']:.0f}",
            f"{once['peak']:.0f} → {twice['peak']:.0f}",
            f"{twice['processor'] / once['processor']:.1f}×",
        )
    console.print(table)


if __name__ == "__main__":
    print(json.dumps(read_once(sys.argv[1], int(sys.argv[2]))))
