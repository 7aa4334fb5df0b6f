"""Long sequences: what is packed or made when asked for equals the plain tuple of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingestion import sequences
from ingestion.delivery import single_delivery
from ingestion.figures import Line
from ingestion.reading import read_or_refuse
from ingestion.registry import load_registry
from ingestion.sequences import Made, Packer, batches, made
from tests import bench_reading

SAMPLES = Path(__file__).parents[3] / "ingestion" / "samples" / "plans"


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, 2_500])
def test_packed_records_come_back_in_order(count: int) -> None:
    records = tuple(Line(None, number % 7 or None, number, f"第{number}行") for number in range(count))
    packer = Packer(Line)
    for record in records:
        packer.add(record)

    packed = packer.done()

    assert len(packed) == count
    assert tuple(packed) == packed[:] == records
    assert packed[::-700] == records[::-700]
    assert not records or (packed[-1], packed[count // 2]) == (records[-1], records[count // 2])


def test_a_short_sequence_is_a_tuple_and_a_long_one_is_not_kept() -> None:
    asked: list[int] = []

    assert made(3, str) == ("0", "1", "2")

    long = made(sequences.FEW + 1, lambda index: asked.append(index) or index)
    assert not asked
    assert (long[5], long[-1], asked) == (5, sequences.FEW, [5, sequences.FEW])
    with pytest.raises(IndexError):
        long[sequences.FEW + 1]


def test_batches_hold_every_record_once_and_an_empty_input_is_one_empty_batch() -> None:
    assert list(batches([], 2)) == [()]
    assert list(batches([1, 2], 2)) == [(1, 2)]
    assert list(batches(iter([1, 2, 3]), 2)) == [(1, 2), (3,)]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.txt")))
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_long_document_is_read_as_a_short_one(
    name: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = (tmp_path / name).with_suffix(suffix)
    file.write_bytes((SAMPLES / name).read_bytes())
    (tmp_path / "sources.yml").write_text(f"- {{file: {file.name}, region_code: '520100'}}\n", encoding="utf-8")
    short = read_or_refuse(single_delivery(file), load_registry())

    monkeypatch.setattr(sequences, "FEW", 3)
    monkeypatch.setattr(sequences, "_PACK", 2)
    long = read_or_refuse(single_delivery(file), load_registry())

    assert isinstance(long.figures, Made)
    assert isinstance(long.lines, Made)
    assert short == replace(
        long,
        figures=tuple(long.figures),
        refusals=tuple(long.refusals),
        lines=tuple(long.lines),
        definitions=tuple(long.definitions),
        directional_statements=tuple(long.directional_statements),
        stated_relations=tuple(long.stated_relations),
        relation_operands=tuple(long.relation_operands),
    )


@pytest.mark.full
def test_fifty_megabytes_are_read_into_the_lake_in_flat_memory() -> None:
    case = "plans, much, into the lake"
    small, large = bench_reading.measured(case, 5_000_000), bench_reading.measured(case, 50_000_000)
    unavoidable = 2 * large["bytes"] / bench_reading.MEGABYTE  # the bytes of the file and their text

    assert large["figures"] > 9 * small["figures"] > 0
    assert large["peak"] < 1.5 * small["peak"] + unavoidable
