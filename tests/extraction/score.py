"""How much of the labelled documents the reader finds: ``python -m tests.extraction.score [--set dev] [--misses]``.

What belongs here: matching figures to labels, precision, recall and F1. What does not: what the right labels are
(README.md) and what score is demanded (``MIN_F1``, used by the tests).
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ingestion.delivery import single_delivery
from ingestion.figures import Figure
from ingestion.reading import read_or_refuse
from ingestion.registry import Registry, load_registry
from tests.extraction.markup import Label

HERE = Path(__file__).parent
SETS = ("dev", "heldout", "unseen")
MIN_F1 = {"dev": 0.97, "heldout": 0.97, "unseen": 0.97}
"""What the reader owes on each set: the one place of the thresholds."""

FIELDS = ("variant", "breakdown", "target_kind", "comparator", "unit", "region_code")
"""Fields that make no hit, but are counted among the hits as information."""

_SUFFIX = ".labels.csv"


@dataclass(frozen=True, slots=True)
class Score:
    """Hits, misses and false positives of one document, or of several."""

    name: str
    hits: tuple[tuple[Label, Figure], ...] = ()
    missed: tuple[Label, ...] = ()
    false: tuple[Figure, ...] = ()
    refused: str = ""
    right: Counter[str] = field(default_factory=Counter)

    @property
    def labels(self) -> int:
        return len(self.hits) + len(self.missed)

    @property
    def precision(self) -> float:
        """Hits among the figures that carry an indicator; 1 if there is none."""
        found = len(self.hits) + len(self.false)
        return len(self.hits) / found if found else 1.0

    @property
    def recall(self) -> float:
        """Hits among the labels; 1 if there is none."""
        return len(self.hits) / self.labels if self.labels else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def matches(label: Label, figure: Figure) -> bool:
    """Whether the figure is the labelled one: value, period, indicator and kind."""
    return (
        (figure.indicator_code or "") == label.indicator_code
        and figure.period in label.period.split("|")
        and figure.kind in label.kind.split("|")
        and figure.printed_value == Decimal(label.printed_value)
    )


def score(name: str, labels: Sequence[Label], figures: Iterable[Figure], refused: str = "") -> Score:
    """Match one to one; optional labels and figures without an indicator count on neither side."""
    free = [figure for figure in figures if figure.indicator_code]
    matched: dict[int, Figure] = {}
    # A value printed in the text and in a table is two labels: the same printing first, then any.
    for alike in (_printed_alike, lambda *_: True):
        for number, label in sorted(enumerate(labels), key=lambda pair: bool(pair[1].optional)):
            found = [
                figure for figure in free if number not in matched and matches(label, figure) and alike(label, figure)
            ]
            if found:
                matched[number] = max(found, key=lambda figure: len(_right(label, figure)))
                free.remove(matched[number])
    required = [number for number, label in enumerate(labels) if not label.optional]
    hits = tuple((labels[number], matched[number]) for number in required if number in matched)
    missed = tuple(labels[number] for number in required if number not in matched)
    right = Counter(name for pair in hits for name in _right(*pair))
    return Score(name, hits, missed, tuple(free), refused, right)


def together(name: str, scores: Sequence[Score]) -> Score:
    """The documents as if they were one."""
    return Score(
        name,
        tuple(pair for one in scores for pair in one.hits),
        tuple(label for one in scores for label in one.missed),
        tuple(figure for one in scores for figure in one.false),
        right=sum((one.right for one in scores), Counter()),
    )


def documents(set_name: str) -> list[Path]:
    """The labelled documents of a set."""
    return sorted(path.with_name(path.name.removesuffix(_SUFFIX)) for path in (HERE / set_name).glob(f"*{_SUFFIX}"))


def read_labels(document: Path) -> list[Label]:
    """The labels beside a document."""
    with document.with_name(document.name + _SUFFIX).open(encoding="utf-8", newline="") as file:
        return [Label(**row) for row in csv.DictReader(file)]


def score_document(document: Path, registry: Registry) -> Score:
    """Read a document as ``provstat extract`` does, and score what it gives."""
    reading = read_or_refuse(single_delivery(document), registry)
    # A document that is not read at all is refused as a whole.
    refused = reading.refusals[0].reason_code if reading.refusals and not reading.figures else ""
    return score(document.name, read_labels(document), reading.figures, refused)


def score_set(set_name: str, registry: Registry | None = None) -> list[Score]:
    """The scores of all documents of a set."""
    registry = registry or load_registry()
    return [score_document(document, registry) for document in documents(set_name)]


def _printed_alike(label: Label, figure: Figure) -> bool:
    return "".join(figure.printed_text.split()) == label.printed_text


def _right(label: Label, figure: Figure) -> list[str]:
    """The informative fields that the figure has right; a label without a unit asks for none."""
    printed = {name: getattr(figure, "printed_unit" if name == "unit" else name) or "" for name in FIELDS}
    return [
        name for name in FIELDS if printed[name] == (getattr(label, name) or (name == "unit" and printed[name]) or "")
    ]


def _line(one: Score) -> str:
    return (
        f"{one.name:34} {one.labels:6} {len(one.hits):5} {len(one.missed):6} {len(one.false):5}"
        f" {one.precision:9.3f} {one.recall:6.3f} {one.f1:6.3f} {one.refused}"
    )


def _show(set_name: str, scores: Sequence[Score], *, misses: bool) -> None:
    print(f"{set_name:34} {'labels':>6} {'hits':>5} {'missed':>6} {'false':>5} precision recall     F1")
    for one in scores:
        print(_line(one))
        if misses:
            for label in one.missed:
                print(
                    f"    missed {label.place:24} {label.printed_text:10} {label.indicator_code} {label.period}"
                    f" {label.kind} {label.target_kind}"
                )
            for figure in one.false:
                print(
                    f"    false  {figure.address:24} {figure.printed_text:10} {figure.indicator_code} {figure.period}"
                    f" {figure.kind} {figure.target_kind or ''} ({figure.indicator_as_printed})"
                )
    total = together("total", scores)
    print(_line(total))
    shares = ", ".join(f"{name} {total.right[name]}" for name in FIELDS)
    print(f"of {len(total.hits)} hits right in: {shares}\n")


def main() -> None:
    """Print the scores of one set or of all."""
    parser = argparse.ArgumentParser(description="Precision and recall of the plan reader on labelled documents.")
    parser.add_argument("--set", choices=SETS, action="append", dest="sets", help="only this set")
    parser.add_argument("--misses", action="store_true", help="list every miss and false positive")
    arguments = parser.parse_args()
    registry = load_registry()
    for set_name in arguments.sets or SETS:
        _show(set_name, score_set(set_name, registry), misses=arguments.misses)


if __name__ == "__main__":
    main()
