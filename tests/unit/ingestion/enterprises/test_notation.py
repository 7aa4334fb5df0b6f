"""The notation of audit relations: what it reads, and what it says of what it cannot read."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.enterprises.forms import load_forms
from ingestion.enterprises.notation import (
    Arithmetic,
    Blank,
    Comparison,
    Conditional,
    Constant,
    Foreign,
    Moment,
    NotationError,
    Operand,
    parse,
)
from ingestion.registry import SeedError
from tests.unit.ingestion.enterprises.conftest import write_form

FORM_IDS = ("107-1", "107-2", "11-1")


def read(text: str, form_id: str = "107-2") -> object:
    return parse(text, form_id, FORM_IDS)


def test_a_whole_number_is_a_code_and_a_number_stands_in_brackets() -> None:
    assert read("9<=[12]*8") == Comparison("<=", Operand("9"), Arithmetic("*", Constant(Decimal(12)), Operand("8")))
    assert read("0<9") == Comparison("<", Constant(Decimal(0)), Operand("9"))
    assert read("0.1*1<=2") == Comparison("<=", Arithmetic("*", Constant(Decimal("0.1")), Operand("1")), Operand("2"))


def test_sums_bind_closer_than_comparisons_and_these_closer_than_words() -> None:
    assert read("1=2+3+4 and 5>6 or 7<8") == read("((1=2+3+4) and (5>6)) or (7<8)")
    assert read("1-2-3=0") == read("(1-2)-3=0")
    assert read("1=2+[3]*4") == read("1=2+([3]*4)")


def test_office_spellings_mean_the_same() -> None:
    assert read("若６≠0，则5≤6".replace("，", "")) == read("if 6<>0 then 5<=6")
    assert read("若 6≠0 且 5≥1 则 5≤6 否则 7=空") == read("if 6<>0 and 5>=1 then 5<=6 else 7=null")


def test_months_of_the_reference_year() -> None:
    assert read("5<=(Y-1)12") == Comparison("<=", Operand("5"), Moment(-1, 12))
    assert read("6>=Y01") == Comparison(">=", Operand("6"), Moment(0, 1))
    assert read("6>=( Y + 1 )01") == Comparison(">=", Operand("6"), Moment(1, 1))
    assert read("3<=Y") == Comparison("<=", Operand("3"), Moment(0, None))


def test_another_form_is_summed_up_and_the_own_one_may_be_named() -> None:
    assert read("107-2.10>=sum(107-1.10)") == Comparison(">=", Operand("10"), Foreign("sum", "107-1", "10"))
    assert read("2=count(107-1.10)") == Comparison("=", Operand("2"), Foreign("count", "107-1", "10"))


def test_a_subtraction_is_no_other_form() -> None:
    """Only a form that exists makes 107-1.10 one name; on 11-1.5 the same signs are a form, on 12-1.5 a difference."""
    assert read("3=12-1.5") == Comparison("=", Operand("3"), Arithmetic("-", Operand("12"), Constant(Decimal("1.5"))))
    assert read("3=sum(11-1.5)") == Comparison("=", Operand("3"), Foreign("sum", "11-1", "5"))


def test_a_blank_is_asked_for() -> None:
    assert read("if 5<=(Y-1)12 then 7<>空") == Conditional(
        Comparison("<=", Operand("5"), Moment(-1, 12)), Blank("7", negated=True), None
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "found the end"),
        ("1=", "expected a code or a number, found the end"),
        ("1=2+", "found the end"),
        ("1", "a number stands where a comparison is needed"),
        ("1=2=3", "expected the end, found '=' at character 4"),
        ("(1=2", "expected ')'"),
        ("(1=2)+3=4", "a condition stands where a number is needed"),
        ("if 1=2", "expected 'then'"),
        ("1 and 2", "a number stands where a comparison is needed"),
        ("9<=12*8", "codes are multiplied"),
        ("1+2=空", "空 stands after"),
        ("107-1.10>=1", "is on another form: write sum(107-1.10)"),
        ("sum(3)=1", "a code of another form"),
        ("6>=Y13", "no month 13"),
        ("1=2; drop", "';"),
        ("1=2 and __import__", "'"),
        ("-" * 50 + "1=2", "inside each other"),
        ("(" * 50 + "1=2" + ")" * 50, "inside each other"),
        ("1+" * 400 + "1=2", "longer than 600"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(NotationError) as error:
        read(text)
    assert told in str(error.value)


@given(st.text(alphabet="0123456789+-*()[]=<>.,YifthenorandsumcountAB 空若则Y", max_size=600))
def test_any_text_is_read_or_told_and_never_slow(text: str) -> None:
    started = time.perf_counter()
    with suppress(NotationError):
        read(text)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("1==2+", "audit_relations.csv row 2 (T-1 2023 r): '1==2+': expected a code or a number, found the end"),
        ("1=99", "form T-1 of 2023 has no code '99'"),
        ("1>=sum(T-1.77)", "form T-1 of 2023 has no code '77'"),
    ],
)
def test_a_wrong_expression_in_the_seed_is_named_with_its_row(tmp_path: Path, expression: str, told: str) -> None:
    seeds = write_form(tmp_path, [("r", expression, "exact", "non_null", "error")])
    with pytest.raises(SeedError) as error:
        load_forms(seeds)
    assert told in str(error.value)
    assert "correct the expression" in str(error.value)


@pytest.mark.parametrize(
    ("seed", "old", "new", "told"),
    [
        ("form_items", ",c1,1,,", ",c1,2,,", "stands on this form already"),
        ("form_items", ",c1,1,,", ",c1,1,1,", "fill exactly one"),
        ("form_items", "item,amount", "item,money", "data_type 'money' is none of"),
        ("form_items", "unit_code,unit_code,code", "unit_code,key,code", "needs one item 'unit_code'"),
        ("forms", "2023-01-01", "1 Jan", "dates are written 2023-01-01"),
        ("forms", "T-1,2023", "T-1,zwei", "is no year"),
        ("audit_relations", ",error,", ",fatal,", "severity 'fatal' is none of"),
        ("audit_relations", "T-1,2023", "T-9,2023", "T-9"),
        ("audit_relations", "r2", "r", "stands on this form already"),
        ("forms", "synthetic,\n", "synthetic,\nT-1,2023,x,x,x,2023-01-01,,enterprise,1,synthetic,\n", "declared twice"),
    ],
)
def test_a_wrong_seed_is_named_with_its_row(tmp_path: Path, seed: str, old: str, new: str, told: str) -> None:
    relations = [("r", "1>=2", "exact", "non_null", "error"), ("r2", "1>=3", "exact", "non_null", "error")]
    seeds = write_form(tmp_path, relations)
    file = seeds / f"{seed}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SeedError) as error:
        load_forms(seeds)
    assert told in str(error.value)
    assert f"{seed}.csv" in str(error.value) or told in ("T-9", "needs one item 'unit_code'")


def test_the_same_code_means_other_things_in_other_years() -> None:
    forms = load_forms()
    first, second = forms["107-2", 2021], forms["107-2", 2023]
    assert first.by_code["7"].concept != second.by_code["7"].concept
    assert first.by_concept["rd_fee_total"].code != second.by_concept["rd_fee_total"].code
    moved = [
        c for c in first.by_concept if c in second.by_concept and first.by_concept[c].code != second.by_concept[c].code
    ]
    assert len(moved) > 30
