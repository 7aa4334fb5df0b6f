"""Long sequences of records in little memory: what a reader finds in a text of 50 MB must not fill the machine.

What belongs here: sequences that make their items when asked, or keep them packed. What does not: what the records
mean. A short sequence is a plain tuple, so that an ordinary document costs nothing more.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from inspect import signature
from itertools import islice
from typing import Any, Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")

FEW = 10_000
"""So many items are simply made: a plan has up to five thousand lines."""

_PACK = 1_000
"""Records that are packed together: enough to compress well, few enough to be unpacked at once."""


class Made(Sequence[T]):
    """``count`` items, each made when asked for; a slice is a tuple."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._count))

    def __getitem__(self, index: Any) -> Any:
        chosen = range(self._count)[index]
        return tuple(map(self._make, chosen)) if isinstance(chosen, range) else self._make(chosen)


def made(count: int, make: Callable[[int], T]) -> Sequence[T]:
    """Items 0 to ``count`` - 1 of a function: a tuple if they are few, else made when asked for."""
    return tuple(map(make, range(count))) if count <= FEW else Made(count, make)


def mapped(items: Sequence[S], make: Callable[[S], T]) -> Sequence[T]:
    """A function of each item: a tuple if they are few, else made when asked for."""
    return made(len(items), lambda index: make(items[index]))


class Packer(Generic[T]):
    """Takes records of one class and gives them back as a sequence: a tuple if they are few, else packed."""

    def __init__(self, record: Callable[..., T]) -> None:
        self._record = record
        self._names = tuple(signature(record).parameters)
        self._packs: list[bytes] = []
        self._open: list[T] = []

    def add(self, record: T) -> None:
        """Take one more record."""
        self._open.append(record)
        if len(self._open) == _PACK:
            # Field by field: thrice as fast as records, and the values of one field compress well together.
            values = [[getattr(record, name) for record in self._open] for name in self._names]
            self._packs.append(zlib.compress(pickle.dumps(values, pickle.HIGHEST_PROTOCOL), 1))
            self._open = []

    def done(self) -> Sequence[T]:
        """All records in the order in which they came."""
        record, names, packs, rest = self._record, self._names, tuple(self._packs), tuple(self._open)
        if not packs:
            return rest

        @lru_cache(maxsize=2)
        def unpacked(number: int) -> Sequence[T]:
            if number == len(packs):
                return rest
            values = pickle.loads(zlib.decompress(packs[number]))
            return [record(**dict(zip(names, row, strict=True))) for row in zip(*values, strict=True)]

        return Made(len(packs) * _PACK + len(rest), lambda index: unpacked(index // _PACK)[index % _PACK])


def batches(records: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The records in tuples of ``size``; at least one, be it empty."""
    taken = iter(records)
    batch = tuple(islice(taken, size))
    yield batch
    while len(batch) == size and (batch := tuple(islice(taken, size))):
        yield batch
