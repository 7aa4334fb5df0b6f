"""Printed text becomes an exact quantity: decimal, printed decimals, unit, comparator, interval.

What belongs here: numerals (Arabic, full-width, Chinese), comparator words, rounding intervals. What does not:
which indicator a number speaks of (``plans``), unit conversion and dimensions (``registry``), any arithmetic
between figures (the dbt macros). A text that is not clearly one number is refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

SCALE = 10
"""Digits after the point that the warehouse stores: DECIMAL(28, 10)."""

INTEGER_DIGITS = 18
"""Digits before the point that DECIMAL(28, 10) leaves."""

_QUANTUM = Decimal(1).scaleb(-SCALE)
_EXACT = Context(prec=80)

# Full-width and small-form characters, one for one, so that character offsets survive.
_FOLD = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    "\u3000": " ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\ufe50": ",",
    "\ufe52": ".",
    "\ufe6a": "%",
    "\u2212": "-",
}
_FOLDABLE = re.compile(f"[{''.join(map(re.escape, _FOLD))}]")

CHINESE_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "○": 0,
    "O": 0,
    "o": 0,
}
_CHINESE_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_CHINESE_MYRIADS = {"万": 10**4, "亿": 10**8}
CHINESE_DIGIT = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_CHINESE_NUMERAL = re.compile(rf"[{CHINESE_DIGIT}十百千拾佰仟]+")
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?"
_SIGNED = re.compile(rf"(?P<sign>[-+]?)\s*(?P<number>{ARABIC})")
MISSING_MARKS = {
    "": "blank",
    "#": "hash",
    **dict.fromkeys(("—", "——", "-", "--"), "dash"),
    **dict.fromkeys(("…", "……", "...", ".."), "ellipsis"),
}
"""Cell contents that stand for no number, and the name of the mark."""


class QuantityError(ValueError):
    """A text that is not one clear quantity; ``reason_code`` is stable, the message is for people."""

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of possible values. ``None`` is unbounded; the flags say whether an end belongs to it."""

    lo: Decimal | None
    hi: Decimal | None
    lo_closed: bool
    hi_closed: bool

    def contains(self, value: Decimal) -> bool:
        """Whether ``value`` lies inside."""
        above = self.lo is None or value > self.lo or (self.lo_closed and value == self.lo)
        below = self.hi is None or value < self.hi or (self.hi_closed and value == self.hi)
        return above and below

    def intersects(self, other: Interval) -> bool:
        """Whether the two share at least one value."""
        return _starts_before_end(self, other) and _starts_before_end(other, self)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed: exact value and the count of decimals that were printed."""

    value: Decimal
    decimals: int


def _starts_before_end(left: Interval, right: Interval) -> bool:
    if left.lo is None or right.hi is None:
        return True
    return left.lo < right.hi or (left.lo == right.hi and left.lo_closed and right.hi_closed)


def fold(text: str) -> str:
    """Full-width digits, letters and punctuation as ASCII, blanks as spaces; the length never changes."""
    if not text.isascii():
        # A text has few different ones, so this is twice as fast as a substitution one by one.
        for symbol in set(_FOLDABLE.findall(text)):
            text = text.replace(symbol, _FOLD[symbol])
    return text


def squeeze(text: str) -> str:
    """Folded text without any white space: the form in which names and aliases are compared."""
    return "".join(fold(text).split())


def parse_chinese_integer(text: str) -> int:
    """Read 五千万, 二十五, 两, 二〇三五, 二 O 三五 as an integer.

    Raises:
        QuantityError: ``not_a_number`` when the text is no Chinese numeral.
    """
    symbols = squeeze(text)
    if not symbols or not any(s in CHINESE_DIGITS or s in _CHINESE_STEPS for s in symbols):
        raise QuantityError("not_a_number", f"{text!r} is not a Chinese numeral")
    if len(symbols) > 1 and all(s in CHINESE_DIGITS for s in symbols):
        return int("".join(str(CHINESE_DIGITS[s]) for s in symbols))
    total = section = digit = 0
    for symbol in symbols:
        if symbol in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[symbol]
        elif symbol in _CHINESE_STEPS:
            section += (digit or 1) * _CHINESE_STEPS[symbol]
            digit = 0
        elif symbol in _CHINESE_MYRIADS:
            total = (total + section + digit) * _CHINESE_MYRIADS[symbol]
            section = digit = 0
        else:
            raise QuantityError("not_a_number", f"{text!r} holds {symbol!r}, which is no numeral")
    return total + section + digit


def parse_count(text: str) -> int:
    """Read a whole count in digits or Chinese numerals: 12, 十二, 两.

    Raises:
        QuantityError: ``not_a_number`` when the text is neither.
    """
    return int(text) if text.isdecimal() else parse_chinese_integer(text)


def parse_number(text: str) -> PrintedNumber:
    """Read a text that should be exactly one number: ``7,529.2``, ``７５２９``, ``-0.11``, ``五千``.

    Raises:
        QuantityError: ``missing_value`` for blank, —, …; ``not_a_number`` for anything unclear;
            ``out_of_range`` where DECIMAL(28, 10) cannot hold it.
    """
    folded = fold(text).strip()
    if folded in MISSING_MARKS:
        raise QuantityError("missing_value", f"{text!r} stands for no value ({MISSING_MARKS[folded]})")
    match = _SIGNED.fullmatch(folded)
    if match is None:
        if _CHINESE_NUMERAL.fullmatch(squeeze(text)):
            return PrintedNumber(Decimal(parse_chinese_integer(text)), 0)
        raise QuantityError("not_a_number", f"{text!r} is not one clear number")
    return printed_number(match["sign"].replace("+", "") + match["number"])


def printed_number(digits: str) -> PrintedNumber:
    """A number printed in Arabic digits, with or without separators of thousands.

    Raises:
        QuantityError: ``out_of_range`` where DECIMAL(28, 10) cannot hold it.
    """
    plain = digits.replace(",", "")
    whole, _, fraction = plain.lstrip("-").partition(".")
    if len(whole.lstrip("0")) > INTEGER_DIGITS:
        raise QuantityError("out_of_range", f"{digits!r} has more than {INTEGER_DIGITS} digits before the point")
    return PrintedNumber(Decimal(plain), len(fraction))


def parse_stored(stored: str) -> PrintedNumber:
    """Read what a numeric workbook cell stores, at 15 significant digits.

    ``96994313.19999999`` is 96994313.2: the digits beyond 15 come from binary storage, not from the office.

    Raises:
        QuantityError: ``not_a_number`` when the stored text is no finite number.
    """
    try:
        exact = Decimal(stored)
    except InvalidOperation as error:
        raise QuantityError("not_a_number", f"{stored!r} is not a stored number") from error
    if not exact.is_finite():
        raise QuantityError("not_a_number", f"{stored!r} is not a finite number")
    rounded = exact.normalize(Context(prec=15, rounding=ROUND_HALF_EVEN))
    exponent = rounded.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return printed_number(f"{rounded:.{decimals}f}")


def rounding_interval(number: PrintedNumber) -> Interval:
    """All values that print as this number: half a unit of the last printed digit to each side.

    0.89 is [0.885, 0.895). A negative number rounds away from zero alike, so -0.89 is (-0.895, -0.885].
    """
    half = _EXACT.divide(Decimal(1).scaleb(-number.decimals), Decimal(2))
    lo, hi = _EXACT.subtract(number.value, half), _EXACT.add(number.value, half)
    positive = number.value >= 0
    return Interval(lo, hi, lo_closed=positive, hi_closed=not positive)


def scaled(number: Decimal, factor: Decimal) -> Decimal:
    """``number × factor`` without rounding."""
    return _EXACT.multiply(number, factor)


def stored_value(value: Decimal) -> Decimal:
    """The value at the warehouse's scale, half to even."""
    return value.quantize(_QUANTUM, rounding=ROUND_HALF_EVEN, context=_EXACT)


def stored_interval(interval: Interval) -> Interval:
    """The interval at the warehouse's scale; digits beyond it widen the interval outward."""
    lo = interval.lo.quantize(_QUANTUM, ROUND_FLOOR, _EXACT) if interval.lo is not None else None
    hi = interval.hi.quantize(_QUANTUM, ROUND_CEILING, _EXACT) if interval.hi is not None else None
    return Interval(
        lo,
        hi,
        lo_closed=interval.lo_closed or lo != interval.lo,
        hi_closed=interval.hi_closed or hi != interval.hi,
    )


# --- comparators ------------------------------------------------------------------------------------

# The longest word that ends right before the number decides. "reach" and "drop" set a threshold on a target
# and state a fact elsewhere.
_BEFORE = (
    ("le", "不超过 不高于 不多于 不大于 控制在 至多 最多"),
    ("ge", "不低于 不少于 不小于 至少 最少"),
    ("gt", "突破 超过 高于 大于 多于 超出 逾 超"),
    ("lt", "低于 小于 少于 不足 不到"),
    ("approx", "大约 约为 接近 将近 约 近"),
    ("reach", "达到 将达 达成 达 发展到 发展至 扩大到 扩大至 壮大到 壮大至 增加到 增加至 提高到 提高至"),
    ("reach", "提升到 提升至 增长到 增长至 增至 升至 上升到 上升至"),
    ("drop", "下降到 下降至 降低到 降低至 降至 降到 减少到 减少至"),
)
_AFTER = (("ge", "及以上 以上 或以上"), ("le", "及以下 以下 以内 之内"), ("approx", "左右 上下"))
_BEFORE_WORDS = {word: code for code, words in _BEFORE for word in words.split()}
_AFTER_WORDS = {word: code for code, words in _AFTER for word in words.split()}
_LONGEST_WORD = max(map(len, _BEFORE_WORDS))
_WORD_BEFORE = re.compile("(?:" + "|".join(sorted(_BEFORE_WORDS, key=len, reverse=True)) + ")$")
_WORD_AFTER = re.compile("|".join(sorted(_AFTER_WORDS, key=len, reverse=True)))


def comparator_between(before: str, after: str, *, is_target: bool) -> str:
    """The comparator printed around a number: eq, ge, gt, approx, le or lt.

    Args:
        before: text that ends where the number starts.
        after: text that starts where the number's unit ends.
        is_target: 达到 sets a threshold on a target and states a fact elsewhere.
    """
    head, tail = squeeze(before), squeeze(after)
    suffix = _WORD_AFTER.match(tail)
    word = _WORD_BEFORE.search(head, max(0, len(head) - _LONGEST_WORD))
    prefix = _BEFORE_WORDS[word.group()] if word else None
    if suffix is not None:
        return _AFTER_WORDS[suffix.group()]
    if prefix == "reach":
        return "ge" if is_target else "eq"
    if prefix == "drop":
        return "le" if is_target else "eq"
    return prefix or "eq"


def without_comparator(before: str) -> str:
    """Squeezed text before a number with a trailing comparator word taken off."""
    head = squeeze(before)
    word = _WORD_BEFORE.search(head, max(0, len(head) - _LONGEST_WORD))
    return head[: word.start()] if word else head
