"""The scorer counts right, and the committed documents are what their sources build."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from ingestion.figures import Figure
from ingestion.registry import load_registry
from tests.extraction import markup, score
from tests.extraction.build import SETS, build


@dataclass(frozen=True)
class Found:
    """What the scorer looks at in a figure."""

    printed_value: Decimal
    period: str = "2025"
    indicator_code: str | None = "hnte_count"
    kind: str = "target"
    printed_text: str = ""
    variant: str = "_T"
    breakdown: str = "_T"
    target_kind: str | None = "level"
    comparator: str = "ge"
    printed_unit: str | None = "家"
    region_code: str = "520300"


def found(value: str, **other: Any) -> Figure:
    return cast(Figure, Found(Decimal(value), **other))


def label(value: str, **other: str) -> markup.Label:
    facts = {
        "period": "2025",
        "indicator_code": "hnte_count",
        "kind": "target",
        "target_kind": "level",
        "comparator": "ge",
    }
    return markup.Label(printed_value=value, **{**facts, "unit": "家", "region_code": "520300", **other})


def test_precision_recall_and_f1() -> None:
    labels = [label("500"), label("243", kind="baseline", period="2020"), label("60"), label("7")]
    figures = [found("500.0"), found("243", kind="baseline", period="2020"), found("60"), found("8"), found("9")]
    result = score.score("case", labels, figures)
    assert (result.labels, len(result.hits), len(result.missed), len(result.false)) == (4, 3, 1, 2)
    assert (result.precision, result.recall) == (3 / 5, 3 / 4)
    assert result.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize("other", [{"period": "2022"}, {"indicator_code": "gdp"}, {"kind": "actual"}])
def test_a_hit_needs_value_period_indicator_and_kind(other: dict[str, str]) -> None:
    result = score.score("case", [label("500")], [found("500", **other)])
    assert (len(result.hits), len(result.missed), len(result.false)) == (0, 1, 1)


def test_a_figure_matches_one_label_only() -> None:
    assert len(score.score("case", [label("500")], [found("500"), found("500")]).false) == 1
    assert len(score.score("case", [label("500"), label("500")], [found("500")]).missed) == 1


def test_the_same_printing_is_matched_first() -> None:
    labels = [label("86", printed_text="86个", place="line 1"), label("86", printed_text="86", place="line 9")]
    assert [one.place for one in score.score("case", labels, [found("86", printed_text="86")]).missed] == ["line 1"]


def test_optional_labels_count_on_neither_side() -> None:
    result = score.score("case", [label("500"), label("9", optional="yes")], [found("500"), found("9")])
    assert (result.labels, len(result.hits), len(result.false)) == (1, 1, 0)
    assert score.score("case", [label("9", optional="yes")], []).recall == 1


def test_figures_without_an_indicator_are_no_false_positives() -> None:
    assert score.score("case", [], [found("500", indicator_code=None)]).precision == 1


def test_alternatives_of_period_and_kind() -> None:
    either = label("12", period="2016-2020|2020", kind="growth|other")
    for period in ("2016-2020", "2020"):
        assert score.matches(either, found("12", period=period, kind="growth"))
    assert not score.matches(either, found("12", period="2016", kind="growth"))


def test_other_fields_are_information() -> None:
    wrong = score.score("case", [label("500")], [found("500", comparator="gt", target_kind=None, printed_unit="个")])
    assert len(wrong.hits) == 1
    assert wrong.right == {"variant": 1, "breakdown": 1, "region_code": 1}
    assert score.score("case", [label("500", unit="")], [found("500")]).right["unit"] == 1


def test_documents_together() -> None:
    one = score.score("one", [label("1")], [found("1"), found("2")])
    two = score.score("two", [label("3")], [])
    both = score.together("both", [one, two])
    assert (both.labels, both.precision, both.recall, both.right["unit"]) == (2, 1 / 2, 1 / 2, 1)


def test_a_mark_becomes_a_label() -> None:
    marked, labels = markup.parse("达到{1.2%—1.5%;INT;25;T..}，新增{两家;NTRD;21-25;TN;v=2,u=家}", "520300")
    assert markup.unmarked(marked) == "达到1.2%—1.5%，新增两家"
    assert markup.markers(marked) == [(2, 0), (14, 1)]
    assert [(x.printed_value, x.printed_value_hi, x.period, x.comparator) for x in labels] == [
        ("1.2", "1.5", "2025", "range"),
        ("2", "", "2021-2025", "eq"),
    ]
    with pytest.raises(ValueError, match="not understood"):
        markup.parse("达到{1.2%;INT;25}", "520300")


def parts(content: bytes) -> dict[str, bytes]:
    """What is in an archive, however it is packed; any other file as it is."""
    if not content.startswith(b"PK"):
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("set_name", SETS)
def test_the_documents_are_what_their_sources_build(set_name: str) -> None:
    sources = sorted((score.HERE / set_name / "source").glob("*.txt"))
    names = set()
    for source in sources:
        file_name, content, labels = build(source)
        document: Path = score.HERE / set_name / file_name
        names.add(document)
        assert parts(document.read_bytes()) == parts(content), f"{file_name}: run tests.extraction.build"
        assert score.read_labels(document) == labels, "run tests.extraction.build"
        assert len([one for one in labels if not one.optional]) >= 15
    assert names == set(score.documents(set_name))
    assert len(names) == {"dev": 10, "heldout": 5, "unseen": 12}[set_name]


@pytest.mark.parametrize("set_name", SETS)
def test_labels_use_the_codes_of_the_seeds(set_name: str) -> None:
    registry = load_registry()
    labels = [one for document in score.documents(set_name) for one in score.read_labels(document)]
    assert {one.indicator_code for one in labels} - {""} <= set(registry.indicators)
    assert all(one.indicator_code or one.optional for one in labels)
    assert all(bool(one.target_kind) == (one.kind.startswith("target")) for one in labels)


@pytest.mark.parametrize("set_name", SETS)
def test_the_reader_reads_the_labelled_documents(set_name: str) -> None:
    total = score.together(set_name, score.score_set(set_name))

    assert total.f1 >= score.MIN_F1[set_name]
