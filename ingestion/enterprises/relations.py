"""Audit relations over all rows of a return at once: pass, fail or not applicable, with the rows that fail.

What belongs here: compiling a relation to an expression over columns, tolerances, what a blank does. What does not: the
notation (``notation``), where findings are kept (``zone``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

import polars as pl

from ingestion.enterprises.forms import Form, Relation
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
from ingestion.schemas import DECIMAL

FINDING_COLUMNS = {
    "relation_id": pl.String(),
    "severity": pl.String(),
    "rule_id": pl.String(),
    "explanation": pl.String(),
    "sheet": pl.String(),
    "line": pl.Int64(),
    "unit_code": pl.String(),
    "values": pl.String(),
}


@dataclass(frozen=True, slots=True)
class RelationCount:
    """How many rows a relation was tested on, and how many failed."""

    relation: Relation
    tested: int
    failed: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What the relations of a form say of its rows."""

    counts: tuple[RelationCount, ...]
    findings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Context:
    """What an expression depends on beside the columns."""

    form: Form
    year: int
    relation: Relation

    @property
    def zero(self) -> bool:
        """Whether a blank counts as zero."""
        return self.relation.missing_mode.endswith("_zero")


def foreign_column(node: Foreign) -> str:
    """Name of the column that holds what a relation takes from another form: ``sum(107-1.10)``."""
    return f"{node.function}({node.form_id}.{node.code})"


def slack_column(node: Foreign) -> str:
    """Name of the column that says how far that sum may be off: each of its rows is rounded."""
    return f"slack({node.form_id}.{node.code})"


def audit(rows: pl.DataFrame, form: Form, year: int, relations: Sequence[Relation]) -> Audit:
    """Test all rows against relations of their form.

    Args:
        rows: one column per concept, numbers as decimals, blanks as null; ``sheet`` and ``line``; a column named by
            ``foreign_column`` for each term of another form, and by ``slack_column`` for each sum.
        form: the form.
        year: the reference year, ``Y`` of the relations.
        relations: which of them.
    """
    if not relations or not rows.height:
        empty = pl.DataFrame(schema=FINDING_COLUMNS)
        return Audit(tuple(RelationCount(relation, 0, 0) for relation in relations), empty)
    outcomes = (
        rows.lazy()
        .select(outcome(relation, form, year).alias(relation.relation_id) for relation in relations)
        .collect()
    )
    counts, findings = [], [pl.DataFrame(schema=FINDING_COLUMNS)]
    for relation in relations:
        column = outcomes[relation.relation_id]
        tested = rows.height - column.null_count()
        failed = tested - int(column.sum())
        counts.append(RelationCount(relation, tested, failed))
        if failed:
            findings.append(_findings(rows.filter(~column), form, relation))
    return Audit(tuple(counts), pl.concat(findings))


def outcome(relation: Relation, form: Form, year: int) -> pl.Expr:
    """A boolean column: true = pass, false = fail, null = not applicable.

    Missing modes are those of VTL's ``check_hierarchy``. With rounding, a comparison holds where some values that print
    as the operands do would make it hold: the two sides may differ by the sum of the half steps of their amounts.
    """
    context = _Context(form, year, relation)
    condition = _condition(relation.condition, context)
    applicable = _applicable(context)
    return condition if applicable is None else pl.when(applicable).then(condition)


def _findings(rows: pl.DataFrame, form: Form, relation: Relation) -> pl.DataFrame:
    items = [form.by_code[code] for code in relation.codes]
    shown = [pl.format(f"{item.code}={{}}", pl.col(item.concept).cast(pl.String).fill_null("空")) for item in items]
    for node in relation.foreign:
        name = foreign_column(node)
        shown.append(pl.format(f"{name}={{}}", pl.col(name).cast(pl.String).fill_null("空")))
    return rows.select(
        pl.lit(relation.relation_id).alias("relation_id"),
        pl.lit(relation.severity).alias("severity"),
        pl.lit(relation.rule_id, dtype=pl.String).alias("rule_id"),
        pl.lit(relation.explanation_zh).alias("explanation"),
        pl.col("sheet"),
        pl.col("line"),
        pl.col("unit_code"),
        pl.concat_str(shown, separator="；").alias("values"),
    )


def _applicable(context: _Context) -> pl.Expr | None:
    """Whether the relation speaks of a row at all; None where it always does."""
    nodes = [node for node in walk(context.relation.condition) if isinstance(node, Operand | Foreign)]
    operands = [_operand(node, context, filled=False) for node in dict.fromkeys(nodes)]
    mode = context.relation.missing_mode
    if not operands or mode.startswith("always"):
        return None
    if mode == "non_null":
        return pl.all_horizontal(operand.is_not_null() for operand in operands)
    if mode == "non_zero":
        return pl.any_horizontal(operand.fill_null(0) != 0 for operand in operands)
    return pl.any_horizontal(operand.is_not_null() for operand in operands)


def _condition(node: Condition, context: _Context) -> pl.Expr:
    if isinstance(node, Comparison):
        return _comparison(node, context)
    if isinstance(node, Blank):
        blank = pl.col(context.form.by_code[node.code].concept).is_null()
        return ~blank if node.negated else blank
    if isinstance(node, Conditional):
        otherwise = pl.lit(None) if node.otherwise is None else _condition(node.otherwise, context)
        condition = _condition(node.condition, context)
        chosen = pl.when(condition).then(_condition(node.then, context)).otherwise(otherwise)
        return pl.when(condition.is_not_null()).then(chosen)
    left = _condition(node.left, context)
    if node.right is None:
        return ~left
    right = _condition(node.right, context)
    return left & right if node.operator == "and" else left | right


def _comparison(node: Comparison, context: _Context) -> pl.Expr:
    left, right = _term(node.left, context), _term(node.right, context)
    slack = _slack(node, context) if context.relation.tolerance == "rounding" else None
    if slack is None or node.operator == "<>":
        exact = {
            "=": left == right,
            "<>": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }
        return exact[node.operator]
    difference = left - right
    above, below = difference <= slack, difference >= -slack
    rounded = {
        "=": above & below,
        "<=": above,
        "<": difference < slack,
        ">=": below,
        ">": difference > -slack,
    }
    return rounded[node.operator]


def _term(node: Term, context: _Context) -> pl.Expr:
    if isinstance(node, Constant):
        return pl.lit(node.value, dtype=DECIMAL)
    if isinstance(node, Moment):
        year = context.year + node.offset
        return pl.lit(Decimal(year if node.month is None else year * 100 + node.month), dtype=DECIMAL)
    if isinstance(node, Operand | Foreign):
        return _operand(node, context, filled=context.zero)
    left, right = _term(node.left, context), _term(node.right, context)
    return left + right if node.operator == "+" else left - right if node.operator == "-" else left * right


def _operand(node: Operand | Foreign, context: _Context, *, filled: bool) -> pl.Expr:
    if isinstance(node, Foreign):
        column = pl.col(foreign_column(node))
    else:
        item = context.form.by_code[node.code]
        column = pl.col(item.concept)
        if not item.is_number:  # months and codes are kept as text
            column = column.cast(DECIMAL, strict=False)
    return column.fill_null(0) if filled else column


def _slack(node: Comparison, context: _Context) -> pl.Expr | None:
    """Sum of the half steps of both sides, None where everything is exact."""
    weights: dict[Operand | Foreign, Decimal] = {}
    _weigh(node.left, Decimal(1), weights)
    _weigh(node.right, Decimal(-1), weights)
    fixed, moving = Decimal(0), []
    for operand, weight in weights.items():
        if isinstance(operand, Operand):
            fixed += abs(weight) * context.form.by_code[operand.code].half_step
        elif operand.function == "sum":
            rows = pl.col(slack_column(operand)).fill_null(0)
            moving.append(rows * pl.lit(abs(weight), dtype=DECIMAL))
    constant = pl.lit(fixed, dtype=DECIMAL)
    if moving:
        return reduce(lambda one, other: one + other, moving, constant)
    return constant if fixed else None


def _weigh(term: Term, weight: Decimal, weights: dict[Operand | Foreign, Decimal]) -> None:
    """The factor with which each operand enters a sum."""
    if isinstance(term, Operand | Foreign):
        weights[term] = weights.get(term, Decimal(0)) + weight
    elif isinstance(term, Arithmetic) and term.operator == "*":
        left, right = _number(term.left), _number(term.right)
        if left is not None:
            _weigh(term.right, weight * left, weights)
        elif right is not None:
            _weigh(term.left, weight * right, weights)
    elif isinstance(term, Arithmetic):
        _weigh(term.left, weight, weights)
        _weigh(term.right, -weight if term.operator == "-" else weight, weights)


def _number(term: Term) -> Decimal | None:
    """The value of a term of constants alone, None otherwise."""
    if isinstance(term, Constant):
        return term.value
    if isinstance(term, Arithmetic):
        left, right = _number(term.left), _number(term.right)
        if left is None or right is None:
            return None
        return left + right if term.operator == "+" else left - right if term.operator == "-" else left * right
    return None
