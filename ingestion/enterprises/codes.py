"""The unified social credit code: eighteen characters, the last one computed from the others (GB 32100-2015).

Also told here: texts that hold such codes, which must not leave the restricted zone. What does not belong here: who a
code belongs to.
"""

from __future__ import annotations

import re

import polars as pl

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters in the order of their values: no I, O, S, V, Z."""
DEPARTMENTS = "123456789ANY"
"""What the first character may be: the authority that registered the unit. Never 0, as in the decimals of a time."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_NONE = 99  # no value of a character
_CODE = re.compile(rf"(?<![0-9A-Za-z_])[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z_])")


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen: (31 − Σ value·3^place mod 31) mod 31."""
    total = sum(_VALUES[character] * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_code(text: str) -> bool:
    """Whether a text is a unified code: registered by an authority that exists, with the right last character."""
    if len(text) != LENGTH or text[0] not in DEPARTMENTS or any(character not in _VALUES for character in text):
        return False
    return check_character(text[:-1]) == text[-1]


def holds_code(text: str) -> bool:
    """Whether a unified code stands anywhere in a text, by itself."""
    return any(is_code(match[0]) for match in _CODE.finditer(text))


def are_codes(texts: pl.Series) -> pl.Series:
    """For each text whether it is a unified code with the right last character; false for nulls. All at once."""
    places = [str(place) for place in range(LENGTH)]
    values = [_VALUES.get(chr(byte), _NONE) for byte in range(256)]
    table = pl.lit(pl.Series(values, dtype=pl.Int32))
    right_length = texts.str.len_bytes() == LENGTH
    whole = pl.when(right_length).then(texts.cast(pl.Binary))
    digits = (
        pl.select(whole.bin.reinterpret(dtype=pl.Array(pl.UInt8, LENGTH), endianness="little").alias("bytes"))
        .select(pl.col("bytes").arr.get(place).cast(pl.UInt32).alias(name) for place, name in enumerate(places))
        .select(table.gather(pl.col(name)).alias(name) for name in places)
    )
    total = pl.sum_horizontal(pl.col(name) * weight for name, weight in zip(places[:-1], _WEIGHTS, strict=True))
    known = pl.all_horizontal(pl.col(name) != _NONE for name in places)
    known &= pl.col(places[0]).is_in([_VALUES[character] for character in DEPARTMENTS])
    right = known & ((31 - total % 31) % 31 == pl.col(places[-1]))
    return digits.select(right.fill_null(False).alias(texts.name))[texts.name]
