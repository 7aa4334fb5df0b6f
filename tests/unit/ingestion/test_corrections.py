"""Corrections of our own reading: applied where they still fit, loud where they no longer do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion import corrections
from ingestion.corrections import Correction, CorrectionError
from ingestion.delivery import Delivery
from ingestion.figures import Figure, Reading
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry

PLAN = "演示市科技创新规划（合成）\n\n到2025年，R&D经费投入强度达到2.6%，技术合同成交额达到150亿元。\n"
REASON = "The heading above says which year is meant."
ENTRY = Correction("doc_synthetic", "第3行", "2.6%", (("period", "2025"),), (("period", "2024"),), REASON, "me", "x")


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    entry = {"file": "plan.txt", "id": "doc_synthetic", "region_code": "520100"}
    return Delivery(path, "plan.txt", hashlib.sha256(path.read_bytes()).hexdigest(), entry)


@pytest.fixture
def plan(delivery: Delivery, registry: Registry) -> Reading:
    return read_plan(delivery, registry)


@pytest.fixture
def register(tmp_path: Path) -> Callable[..., Path]:
    """A register with one entry, of which any part may be changed or left out (None)."""

    def write(**changed: Any) -> Path:
        entry = {
            "document": "doc_synthetic",
            "address": "第3行",
            "printed_text": "2.6%",
            "read": {"period": "2025"},
            "right": {"period": "2024"},
            "reason": REASON,
            "by": "a steward",
            "date": "2026-01-31",
            **changed,
        }
        path = tmp_path / "corrections.yml"
        stated = {key: value for key, value in entry.items() if value is not None}
        path.write_text(yaml.safe_dump([stated], allow_unicode=True), encoding="utf-8")
        return path

    return write


def _figure(found: Reading, printed: str) -> Figure:
    return next(figure for figure in found.figures if figure.printed_text == printed)


def test_the_shipped_register_can_be_read() -> None:
    assert isinstance(corrections.load_register(), tuple)


def test_an_entry_changes_the_meaning_and_nothing_that_is_printed(plan: Reading, registry: Registry) -> None:
    before = _figure(plan, "2.6%")
    after = _figure(corrections.apply(plan, (ENTRY,), registry), "2.6%")
    changed = {name for name, value in asdict(after).items() if value != getattr(before, name)}

    assert changed == {"period"}
    assert after.period == "2024"


def test_other_figures_and_the_counts_stay(plan: Reading, registry: Registry) -> None:
    corrected = corrections.apply(plan, (ENTRY,), registry)

    assert _figure(corrected, "150亿元") == _figure(plan, "150亿元")
    assert (corrected.recognised, len(corrected.figures)) == (plan.recognised, len(plan.figures))


def test_blanks_in_the_printed_text_do_not_matter(plan: Reading, registry: Registry) -> None:
    corrected = corrections.apply(plan, (replace(ENTRY, printed_text="2.6 %"),), registry)

    assert _figure(corrected, "2.6%").period == "2024"


def test_an_entry_whose_guard_no_longer_holds_fails(plan: Reading, registry: Registry) -> None:
    stale = replace(ENTRY, read=(("period", "2030"),))

    with pytest.raises(CorrectionError, match=r"doc_synthetic 第3行 '2\.6%'.*period.*'2030'.*'2025'.*retire"):
        corrections.apply(plan, (stale,), registry)


@pytest.mark.parametrize("change", [{"address": "第4行"}, {"printed_text": "2.7%"}])
def test_an_entry_that_finds_no_figure_fails(plan: Reading, registry: Registry, change: dict[str, str]) -> None:
    with pytest.raises(CorrectionError, match="matches 0 figures, not one"):
        corrections.apply(plan, (replace(ENTRY, **change),), registry)


def test_an_entry_that_finds_two_figures_fails(plan: Reading, registry: Registry) -> None:
    twice = replace(plan, figures=(*plan.figures, _figure(plan, "2.6%")))

    with pytest.raises(CorrectionError, match="matches 2 figures, not one"):
        corrections.apply(twice, (ENTRY,), registry)


def test_an_indicator_of_the_same_unit_may_be_put_right(plan: Reading, registry: Registry) -> None:
    entry = replace(ENTRY, right=(("indicator_code", "st_fiscal_share"),))

    assert _figure(corrections.apply(plan, (entry,), registry), "2.6%").indicator_code == "st_fiscal_share"


@pytest.mark.parametrize("code", ["gdp", "no_such_indicator"])
def test_an_indicator_of_another_unit_needs_a_better_reader(plan: Reading, registry: Registry, code: str) -> None:
    entry = replace(ENTRY, right=(("indicator_code", code),))

    with pytest.raises(CorrectionError, match=f"{code}.*improve the reader"):
        corrections.apply(plan, (entry,), registry)


def test_entries_belong_to_a_delivery_by_hash_source_or_document(delivery: Delivery) -> None:
    named = [replace(ENTRY, document=name) for name in (delivery.sha256, delivery.source_id, "doc_synthetic")]
    other = replace(ENTRY, document="doc_somebody_else")

    assert corrections.of_delivery([*named, other], delivery) == tuple(named)


def test_the_digest_follows_the_entries() -> None:
    assert corrections.digest(()) == corrections.digest(())
    assert len({corrections.digest(e) for e in ((), (ENTRY,), (replace(ENTRY, by="you"),))}) == 3


def test_a_register_is_read_as_written(register: Callable[..., Path]) -> None:
    (entry,) = corrections.load_register(register())

    assert (entry.document, entry.read, entry.right, entry.date) == (
        "doc_synthetic",
        (("period", "2025"),),
        (("period", "2024"),),
        "2026-01-31",
    )


@pytest.mark.parametrize(
    "name", ["printed_text", "printed_value", "value", "unit", "printed_unit", "figure_id", "cell"]
)
def test_what_is_printed_cannot_be_corrected(register: Callable[..., Path], name: str) -> None:
    path = register(right={name: "x"})

    with pytest.raises(CorrectionError, match=rf"corrections\.yml: entry 0.*{name}"):
        corrections.load_register(path)


@pytest.mark.parametrize("missing", ["document", "address", "printed_text", "read", "right", "reason", "by", "date"])
def test_an_entry_needs_all_its_parts(register: Callable[..., Path], missing: str) -> None:
    path = register(**{missing: None})

    with pytest.raises(CorrectionError, match=rf"entry 0: '{missing}' is a required property; correct it"):
        corrections.load_register(path)


@pytest.mark.parametrize("change", [{"reason": "short"}, {"read": {}}, {"colour": "red"}, {"document": "doc"}])
def test_an_entry_that_says_too_little_or_too_much_is_refused(
    register: Callable[..., Path], change: dict[str, Any]
) -> None:
    with pytest.raises(CorrectionError, match="entry 0"):
        corrections.load_register(register(**change))


def test_a_register_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text("- [", encoding="utf-8")

    with pytest.raises(CorrectionError, match=r"corrections\.yml: cannot be understood"):
        corrections.load_register(path)


def test_an_empty_register_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text("# nothing yet\n", encoding="utf-8")

    assert corrections.load_register(path) == ()
