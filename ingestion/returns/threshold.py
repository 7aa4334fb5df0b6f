"""How much of a return may be wrong before none of it is taken.

What belongs here: the share and what follows from it. What does not: why a single cell is refused (``grid``, ``tidy``).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingestion.figures import Reading, Refusal

MAX_REJECTED_SHARE = Decimal("0.5")
"""Where more than half of a table cannot be read, it is the table that was misunderstood (a header, a unit, a shifted
column), and what seemed to fit is as likely to be wrong. ``max_rejected_share`` in ``sources.yml`` says otherwise."""

ENOUGH_TO_TELL = 20
"""Refusals from which the default applies: in a table of a few cells one slip would weigh too much."""


def held_back(reading: Reading, stated: object = None) -> Reading:
    """The reading as it is, or without its figures where too much of it was refused.

    Args:
        reading: all that was found in a return.
        stated: the share that ``sources.yml`` allows, 0 to 1; None means the default.

    Returns:
        A held reading keeps every refusal and has one more, ``too_many_rejected``, for the file: recognised is then
        refusals alone, because no figure of it goes anywhere.
    """
    refused, recognised = len(reading.refusals), reading.recognised
    share = Decimal(str(stated)) if stated is not None else MAX_REJECTED_SHARE
    if not reading.figures or refused <= share * recognised or (stated is None and refused < ENOUGH_TO_TELL):
        return reading
    reason = (
        f"识别{recognised}个数字，其中{refused}个有误（{refused / recognised:.1%}），超过上限{share:.0%}，"
        f"其余{len(reading.figures)}个暂不入库，以前的数字不受影响；请改正标出的单元格后整份重报，"
        "或确认无误后在sources.yml中调高max_rejected_share"
    )
    whole = Refusal(
        source_id=reading.source.source_id,
        address="",
        raw_text=reading.source.file_name or "",
        reason_code="too_many_rejected",
        reason=reason,
    )
    return replace(reading, figures=(), origins=(), refusals=(whole, *reading.refusals), recognised=refused + 1)
