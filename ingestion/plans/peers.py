"""How many a place in a ranking is among: 在全省14个地级市中列第5位.

What belongs here: finding the number of places that is printed with a place. What does not: how many regions there
are (the seed ``regions``), whether the place is possible (rules, in the warehouse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingestion.plans.tokens import Token

_PEERS = re.compile(
    r"(?<![\d.])(?P<number>\d{1,4})个(?:省会|副省级|地级|设区的?|县级|直辖)?"
    r"(?:省(?:市区|份|\(区、市\))?|市(?:州|县区?|\((?:州|地)\))?|州市?|县(?:市区|区|\(市、区\)|\(区\)|\(市\))?|区(?:县|\(县\))?|盟市|城市|地区"
    r"|(?:高新|经开|开发|试验)区|国家高新区)(?![^,。;、]{0,2}(?:以上|实现))"
)
_OTHER_FIELD = re.compile(r"[。;!?\d]|全[国省市区州球]|[东西中]部|国内")
_NEAR = 48


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with the number of places. Offsets are into the paragraph."""

    token: Token
    peers: Decimal
    start: int
    end: int
    peers_end: int
    """Where the number of places ends with its noun."""


def read_places(masked: str, tokens: Sequence[Token]) -> Iterator[Ranked]:
    """The places of one paragraph that tell how many they are among, left to right.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
    """
    for token in tokens:
        if token.sort != "rank" or token.is_among:
            continue
        found = list(_PEERS.finditer(masked, max(0, token.start - _NEAR), token.start))
        if found and not _OTHER_FIELD.search(masked, found[-1].end(), token.start):
            yield Ranked(token, Decimal(found[-1]["number"]), found[-1].start(), token.end, found[-1].end())
