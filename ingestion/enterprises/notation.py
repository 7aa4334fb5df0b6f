"""The notation of audit relations: text becomes a tree, or a message that says where it cannot be read.

``1=2+3+4`` · ``1>=2 and 3<>0`` · ``if 6<>0 then 5<=6`` (若…则…) · ``107-2.10>=sum(107-1.10)`` · ``5<=(Y-1)12`` ·
``7<>空``.
A whole number is a code of the form; numbers are ``0``, ``0.1`` and ``[12]``. What belongs here: the grammar. What does
not: which codes a form has (``forms``), what a relation does to rows (``relations``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.quantity import fold

MAX_LENGTH = 600
"""Characters of a relation: the longest that offices write sums up forty items."""
_MAX_DEPTH = 40


class NotationError(ValueError):
    """A relation that cannot be read; the message says what stands where, and what was expected."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Moment:
    """The reference year (``Y``, ``Y-1``), or one of its months as YYYYMM (``Y12``, ``(Y+1)01``)."""

    offset: int
    month: int | None


@dataclass(frozen=True, slots=True)
class Operand:
    """A code of the form itself."""

    code: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """``sum(107-1.10)``: a code of another form over all rows that the unit has there; ``function`` sum or count."""

    function: str
    form_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+``, ``-`` or ``*`` of two numbers."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Comparison:
    """``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=`` of two numbers."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Blank:
    """Whether a code is blank (``7=空``), or is not (``7<>空``)."""

    code: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Logic:
    """``and``, ``or`` of two conditions; ``not`` of the left one."""

    operator: str
    left: Condition
    right: Condition | None


@dataclass(frozen=True, slots=True)
class Conditional:
    """``if … then …``, not applicable where the condition does not hold, unless ``else`` says what then."""

    condition: Condition
    then: Condition
    otherwise: Condition | None


Term = Constant | Moment | Operand | Foreign | Arithmetic
Condition = Comparison | Blank | Logic | Conditional
Node = Term | Condition
_TERMS = (Constant, Moment, Operand, Foreign, Arithmetic)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


_WORDS = {"若": "if", "则": "then", "否则": "else", "且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not"}
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "<>", "!=": "<>", "==": "=", "×": "*", "−": "-"}
_TOKEN = (
    r"\s*(?:"
    r"(?P<foreign>FORMS)"
    r"|(?P<moment>\(\s*Y\s*[+-]\s*\d{1,2}\s*\)\s*(?:\d\d)?|Y\d{2}|Y)"
    r"|(?P<number>\[\s*-?\d{1,15}(?:\.\d{1,6})?\s*\]|\d{1,15}\.\d{1,6}|0(?![0-9A-Z]))"
    r"|(?P<code>\d{1,6}[A-Z]?|[甲乙丙丁戊己庚辛壬癸])"
    r"|(?P<word>if|then|else|and|or|not|sum|count|否则|并且|或者|[若则且或非])"
    r"|(?P<blank>空|null)"
    r"|(?P<sign><=|>=|<>|!=|==|[≥≤≠=<>+\-*×−(),])"
    r")"
)
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


def parse(text: str, form_id: str, form_ids: Iterable[str]) -> Condition:
    """Read one audit relation.

    Args:
        text: as in the seed.
        form_id: the form whose rows it tests; ``107-2.10`` on form 107-2 is its own code 10.
        form_ids: all forms that there are: what tells ``107-1.10`` from a subtraction.

    Raises:
        NotationError: it is not one condition in the notation; the message names the place.
    """
    if len(text) > MAX_LENGTH:
        raise NotationError(f"longer than {MAX_LENGTH} characters")
    parser = _Parser(text, form_id, tuple(_tokens(text, form_ids)))
    node = parser.relation()
    parser.expect_end()
    return node


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it."""
    yield node
    for name in ("left", "right", "condition", "then", "otherwise"):
        child = getattr(node, name, None)
        if child is not None:
            yield from walk(child)


def _tokens(text: str, form_ids: Iterable[str]) -> Iterator[_Token]:
    folded = fold(text).rstrip()
    forms = "|".join(re.escape(form_id) for form_id in sorted(form_ids, key=len, reverse=True)) or "(?!)"
    pattern = re.compile(_TOKEN.replace("FORMS", rf"(?:{forms})\s*\.\s*[0-9A-Z]{{1,6}}"))
    place = 0
    while place < len(folded):
        match = pattern.match(folded, place)
        if match is None or match.lastgroup is None:
            raise NotationError(
                f"{text[place : place + 12]!r} at character {place + 1} is no code, number, sign or word"
            )
        content = match[match.lastgroup]
        content = _WORDS.get(content, _SIGNS.get(content, content))
        yield _Token(match.lastgroup, content, match.start(match.lastgroup) + 1)
        place = match.end()


@dataclass(slots=True)
class _Parser:
    """Recursive descent, loosest first: if, or, and, not, comparison, + and -, *, one term."""

    text: str
    form_id: str
    tokens: Sequence[_Token]
    place: int = 0
    depth: int = 0

    def relation(self) -> Condition:
        if not self._take("if"):
            return self._condition(self._or())
        condition = self._condition(self._or())
        self._need("then")
        then = self._condition(self._or())
        otherwise = self._condition(self._or()) if self._take("else") else None
        return Conditional(condition, then, otherwise)

    def expect_end(self) -> None:
        if self.place < len(self.tokens):
            raise self._error("the end")

    def _or(self) -> Node:
        left = self._and()
        while self._take("or"):
            left = Logic("or", self._condition(left), self._condition(self._and()))
        return left

    def _and(self) -> Node:
        left = self._not()
        while self._take("and"):
            left = Logic("and", self._condition(left), self._condition(self._not()))
        return left

    def _not(self) -> Node:
        negations = 0
        while self._take("not"):
            negations += 1
        node = self._comparison()
        return Logic("not", self._condition(node), None) if negations % 2 else node

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._peek()
        if sign is None or sign.text not in _COMPARISONS:
            return left
        self.place += 1
        after = self._peek()
        if after is not None and after.kind == "blank":
            self.place += 1
            if not isinstance(left, Operand) or sign.text not in ("=", "<>"):
                raise NotationError(f"{self.text!r}: 空 stands after = or <> of a single code")
            return Blank(left.code, negated=sign.text == "<>")
        return Comparison(sign.text, self._term(left), self._term(self._sum()))

    def _sum(self) -> Node:
        left = self._product()
        while (sign := self._peek()) is not None and sign.text in ("+", "-"):
            self.place += 1
            left = Arithmetic(sign.text, self._term(left), self._term(self._product()))
        return left

    def _product(self) -> Node:
        left = self._one()
        while self._take("*"):
            left = Arithmetic("*", self._term(left), self._term(self._one()))
            if _speaks_of_codes(left.left) and _speaks_of_codes(left.right):
                raise NotationError(f"{self.text!r}: codes are multiplied; a number stands in brackets, as in [12]*8")
        return left

    def _one(self) -> Node:
        token = self._peek()
        if token is None:
            raise self._error("a code or a number")
        self.place += 1
        if token.kind == "code":
            return Operand(token.text)
        if token.kind == "number":
            return Constant(Decimal(token.text.strip("[] ")))
        if token.kind == "moment":
            return _moment(token.text)
        if token.kind == "foreign":
            form_id, code = _form_and_code(token.text)
            if form_id != self.form_id:
                raise NotationError(f"{self.text!r}: {token.text} is on another form: write sum({token.text})")
            return Operand(code)
        if token.text in ("sum", "count"):
            return self._aggregate(token.text)
        if token.text in ("(", "-"):
            return self._nested(token.text)
        self.place -= 1
        raise self._error("a code or a number")

    def _aggregate(self, function: str) -> Foreign:
        self._need("(")
        token = self._peek()
        if token is None or token.kind != "foreign":
            raise self._error("a code of another form, as in sum(107-1.10)")
        self.place += 1
        self._need(")")
        return Foreign(function, *_form_and_code(token.text))

    def _nested(self, opening: str) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise NotationError(f"more than {_MAX_DEPTH} brackets or signs inside each other")
        if opening == "-":
            node: Node = Arithmetic("-", Constant(Decimal(0)), self._term(self._one()))
        else:
            node = self._or()
            self._need(")")
        self.depth -= 1
        return node

    def _peek(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self.place += 1
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._error(f"{text!r}")

    def _term(self, node: Node) -> Term:
        if not isinstance(node, _TERMS):
            raise NotationError(f"{self.text!r}: a condition stands where a number is needed")
        return node

    def _condition(self, node: Node) -> Condition:
        if isinstance(node, _TERMS):
            raise NotationError(f"{self.text!r}: a number stands where a comparison is needed")
        return node

    def _error(self, wanted: str) -> NotationError:
        token = self._peek()
        found = f"{token.text!r} at character {token.place}" if token is not None else "the end"
        return NotationError(f"{self.text!r}: expected {wanted}, found {found}")


def _speaks_of_codes(term: Term) -> bool:
    return any(isinstance(node, Operand | Foreign) for node in walk(term))


def _moment(text: str) -> Moment:
    match = re.fullmatch(r"\(?\s*Y\s*(?:([+-])\s*(\d{1,2})\s*\))?\s*(\d\d)?", text)
    if match is None:
        raise NotationError(f"{text!r} is no month of the reference year, such as Y12 or (Y-1)12")
    month = int(match[3]) if match[3] else None
    if month is not None and not 1 <= month <= 12:
        raise NotationError(f"{text!r}: there is no month {month}")
    offset = int(match[2]) * (-1 if match[1] == "-" else 1) if match[2] else 0
    return Moment(offset, month)


def _form_and_code(text: str) -> tuple[str, str]:
    form_id, _, code = "".join(text.split()).rpartition(".")
    return form_id, code
