"""Audit relations over columns: equal to a slow evaluation row by row, three-valued, tolerant of rounding alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.enterprises.forms import Form, Item, Relation, load_forms
from ingestion.enterprises.notation import (
    Arithmetic,
    Blank,
    Comparison,
    Condition,
    Conditional,
    Constant,
    Foreign,
    Moment,
    Operand,
    Term,
    walk,
)
from ingestion.enterprises.relations import audit, foreign_column, outcome, slack_column
from ingestion.schemas import DECIMAL

YEAR = 2023
MODES = ("non_null", "non_zero", "partial_null", "partial_zero", "always_null", "always_zero")
TYPES = ("amount", "amount", "count", "count", "month", "code")
Values = Mapping[str, Decimal | None]


# --- the slow evaluation: one row, plain Python ------------------------------------------------------------


def slow(relation: Relation, form: Form, row: Values) -> bool | None:
    """What the words of the seed's documentation say of one row."""
    nodes = [node for node in walk(relation.condition) if isinstance(node, Operand | Foreign)]
    values = [row[_name(node, form)] for node in nodes]
    mode = relation.missing_mode
    if values:
        if mode == "non_null" and any(value is None for value in values):
            return None
        if mode == "non_zero" and all(not value for value in values):
            return None
        if mode.startswith("partial") and all(value is None for value in values):
            return None
    return _holds(relation.condition, relation, form, row)


def _name(node: Operand | Foreign, form: Form) -> str:
    return form.by_code[node.code].concept if isinstance(node, Operand) else foreign_column(node)


def _holds(node: Condition, relation: Relation, form: Form, row: Values) -> bool | None:
    if isinstance(node, Conditional):
        condition = _holds(node.condition, relation, form, row)
        if condition is None:
            return None
        branch = node.then if condition else node.otherwise
        return None if branch is None else _holds(branch, relation, form, row)
    if isinstance(node, Blank):
        return (row[form.by_code[node.code].concept] is None) != node.negated
    if isinstance(node, Comparison):
        return _compares(node, relation, form, row)
    left = _holds(node.left, relation, form, row)
    if node.right is None:
        return None if left is None else not left
    right = _holds(node.right, relation, form, row)
    decisive = node.operator == "or"
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def _compares(node: Comparison, relation: Relation, form: Form, row: Values) -> bool | None:
    left, right = (_value(term, relation, form, row) for term in (node.left, node.right))
    if left is None or right is None:
        return None
    if relation.tolerance == "exact" or node.operator == "<>":
        slack = Decimal(0)
    else:
        weights: dict[Operand | Foreign, Decimal] = {}
        for operand in (n for n in walk(node) if isinstance(n, Operand | Foreign)):
            weights[operand] = abs(_derivative(node.left, operand) - _derivative(node.right, operand))
        slack = sum((weight * _half_step(operand, form, row) for operand, weight in weights.items()), start=Decimal(0))
    difference = left - right
    return {
        "=": abs(difference) <= slack,
        "<>": difference != 0,
        "<=": difference <= slack,
        "<": difference < slack,
        ">=": difference >= -slack,
        ">": difference > -slack,
    }[node.operator]


def _half_step(operand: Operand | Foreign, form: Form, row: Values) -> Decimal:
    if isinstance(operand, Operand):
        return form.by_code[operand.code].half_step
    return (row[slack_column(operand)] or Decimal(0)) if operand.function == "sum" else Decimal(0)


def _derivative(term: Term, operand: Operand | Foreign) -> Decimal:
    """By how much a term changes when an operand grows by one: the difference at one and at zero."""
    at = [_at(term, operand, Decimal(value)) for value in (0, 1)]
    return at[1] - at[0]


def _at(term: Term, operand: Operand | Foreign, value: Decimal) -> Decimal:
    if isinstance(term, Operand | Foreign):
        return value if term == operand else Decimal(0)
    if isinstance(term, Constant):
        return term.value
    if isinstance(term, Moment):
        return Decimal(0)
    left, right = _at(term.left, operand, value), _at(term.right, operand, value)
    return left + right if term.operator == "+" else left - right if term.operator == "-" else left * right


def _value(term: Term, relation: Relation, form: Form, row: Values) -> Decimal | None:
    if isinstance(term, Constant):
        return term.value
    if isinstance(term, Moment):
        year = YEAR + term.offset
        return Decimal(year if term.month is None else year * 100 + term.month)
    if isinstance(term, Operand | Foreign):
        value = row[_name(term, form)]
        return Decimal(0) if value is None and relation.missing_mode.endswith("_zero") else value
    assert isinstance(term, Arithmetic)
    left, right = _value(term.left, relation, form, row), _value(term.right, relation, form, row)
    if left is None or right is None:
        return None
    return left + right if term.operator == "+" else left - right if term.operator == "-" else left * right


# --- made-up relations and rows ----------------------------------------------------------------------------

CODES = [str(n) for n in range(1, len(TYPES) + 1)]
terms = st.recursive(
    st.one_of(
        st.sampled_from(CODES),
        st.sampled_from(["sum(X-1.1)", "count(X-1.1)"]),
        st.sampled_from(["0", "0.1", "[12]", "[-3]", "Y12", "(Y-1)12"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
        st.tuples(st.sampled_from(["[2]", "0.1"]), inner).map(lambda p: f"({p[0]}*{p[1]})"),
    ),
    max_leaves=4,
)
comparisons = st.one_of(
    st.tuples(terms, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), terms).map("".join),
    st.tuples(st.sampled_from(CODES), st.sampled_from(["=空", "<>空"])).map("".join),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
        inner.map(lambda c: f"not ({c})"),
    ),
    max_leaves=3,
)
expressions = st.one_of(
    conditions,
    st.tuples(conditions, conditions).map(lambda p: f"if {p[0]} then {p[1]}"),
    st.tuples(conditions, conditions, conditions).map(lambda p: f"if {p[0]} then {p[1]} else {p[2]}"),
)
# few different numbers near each other, so that equality and the edge of the tolerance are met often
numbers = st.one_of(st.none(), st.sampled_from([Decimal(n) / 2 for n in range(-4, 9)]))
wholes = st.one_of(st.none(), st.integers(-2, 4).map(Decimal))
months = st.one_of(st.none(), st.sampled_from([Decimal(0), Decimal(202212), Decimal(202301), Decimal(202312)]))
rows = st.lists(
    st.tuples(numbers, numbers, wholes, wholes, months, wholes, numbers, wholes, wholes), min_size=1, max_size=12
)
COLUMNS = ("c1", "c2", "c3", "c4", "c5", "c6", "sum(X-1.1)", "count(X-1.1)", "slack(X-1.1)")


def _frame(found: list[tuple[Decimal | None, ...]]) -> pl.DataFrame:
    data = pl.DataFrame(
        dict(zip(COLUMNS, zip(*found, strict=True), strict=True)), schema=dict.fromkeys(COLUMNS, DECIMAL)
    )
    text = pl.col("c5", "c6").cast(pl.Int64).cast(pl.String)  # months and codes are kept as text
    return data.with_columns(text)


def _relation(expression: str, tolerance: str, mode: str) -> tuple[Relation, Form]:
    from ingestion.enterprises.notation import parse

    items = tuple(
        Item(f"c{n}", str(n), f"指标{n}", "item", kind, None, 0, None, True, ()) for n, kind in enumerate(TYPES, 1)
    )
    condition = parse(expression, "T-1", ("T-1", "X-1"))
    relation = Relation("r", expression, condition, "error", tolerance, mode, "", None)
    any_form = load_forms()["107-2", 2023]
    form = Form("T-1", 2023, "", "", any_form.valid_from, None, "enterprise", Decimal(1), items, (relation,))
    return relation, form


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions, st.sampled_from(["exact", "rounding"]), st.sampled_from(MODES), rows)
def test_compiled_equals_row_by_row(
    expression: str, tolerance: str, mode: str, found: list[tuple[Decimal | None, ...]]
) -> None:
    relation, form = _relation(expression, tolerance, mode)
    compiled = _frame(found).select(
        pl.repeat(None, pl.len(), dtype=pl.Boolean).alias("n"), r=outcome(relation, form, YEAR)
    )
    one_by_one = [slow(relation, form, dict(zip(COLUMNS, row, strict=True))) for row in found]
    assert compiled["r"].to_list() == one_by_one


# --- what the relations of the domain say, with numbers worked out by hand ---------------------------------


def results(form: Form, columns: Mapping[str, list[str | None]]) -> list[bool | None]:
    """Outcomes of the first relation on rows given as text."""
    height = len(next(iter(columns.values())))
    full = {item.concept: columns.get(item.concept, [None] * height) for item in form.items}
    data = pl.DataFrame(full, schema=dict.fromkeys(full, pl.String)).with_columns(
        pl.col(item.concept).cast(DECIMAL) for item in form.items if item.is_number
    )
    return data.select(r=outcome(form.relations[0], form, YEAR))["r"].to_list()


def test_rounding_admits_the_sum_of_half_steps_and_no_more(make_form: Callable[..., Form]) -> None:
    """Three amounts printed without decimals: 0.5 each, so 10 = 4 + 5 and 10 = 4 + 4.5 hold, 10 = 4 + 4.4 does not."""
    form = make_form("1=2+3", "rounding")
    columns = {"c1": ["10", "10", "10", "10"], "c2": ["4", "4", "4", "4"], "c3": ["6", "5", "4.5", "4.4"]}
    assert results(form, columns) == [True, True, True, False]
    assert results(make_form("1=2+3"), columns) == [True, False, False, False]


def test_counts_are_exact_also_under_rounding(make_form: Callable[..., Form]) -> None:
    form = make_form("1=2+3", "rounding", types=("count", "count", "count"))
    assert results(form, {"c1": ["10", "10"], "c2": ["4", "4"], "c3": ["6", "5"]}) == [True, False]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("non_null", [True, None, None, True]),
        ("non_zero", [True, False, None, None]),
        ("partial_null", [True, None, None, True]),
        ("partial_zero", [True, False, None, True]),
        ("always_null", [True, None, None, True]),
        ("always_zero", [True, False, True, True]),
    ],
)
def test_missing_modes(make_form: Callable[..., Form], mode: str, expected: list[bool | None]) -> None:
    form = make_form("1=2+3", mode=mode)
    columns = {"c1": ["9", "9", None, "0"], "c2": ["4", "4", None, "0"], "c3": ["5", None, None, "0"]}
    assert results(form, columns) == expected


def test_a_blank_does_not_hide_what_is_certain(make_form: Callable[..., Form]) -> None:
    form = make_form("1>=2 and 1>=3", mode="partial_null")
    assert results(form, {"c1": ["5", "5"], "c2": ["6", "4"], "c3": [None, None]}) == [False, None]


def test_dates_of_projects_follow_the_reference_year() -> None:
    """B1-14 and B1-15 on form 107-1, reference year 2023."""
    form = load_forms()["107-1", 2023]
    dates, stage = form.relations[0], form.relations[1]
    rows_ = pl.DataFrame(
        {
            "start_month": ["202301", "202305", "202401", "202001", "202301", "202301"],
            "end_month": ["202312", "202304", "202406", "202212", "000000", "202401"],
            "stage": [None, None, None, "1", None, None],
        },
        schema=dict.fromkeys(("start_month", "end_month", "stage"), pl.String),
    )
    assert rows_.select(r=outcome(dates, form, YEAR))["r"].to_list() == [True, False, False, False, None, True]
    assert rows_.select(r=outcome(stage, form, YEAR))["r"].to_list() == [None, None, False, True, None, False]


def test_findings_name_the_row_the_codes_and_what_stands_there(make_form: Callable[..., Form]) -> None:
    form = make_form("1>=2")
    data = pl.DataFrame(
        {"c1": [Decimal(5), Decimal(1)], "c2": [Decimal(3), Decimal(3)]}, schema=dict.fromkeys(("c1", "c2"), DECIMAL)
    ).with_columns(sheet=pl.lit("Sheet1"), line=pl.Series([4, 5]), unit_code=pl.Series(["A", "B"]))
    found = audit(data, form, YEAR, form.relations)
    assert [(c.tested, c.failed) for c in found.counts] == [(2, 1)]
    (finding,) = found.findings.to_dicts()
    assert (finding["line"], finding["unit_code"], finding["severity"]) == (5, "B", "error")
    assert "1=1.0" in finding["values"]
    assert "2=3.0" in finding["values"]
