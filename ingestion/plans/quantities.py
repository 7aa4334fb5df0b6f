"""What was understood of one number of running text.

What belongs here: the record. What does not: reading it (``sentences``), building figures (``drafts``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.plans.names import Subject
from ingestion.quantity import PrintedNumber


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as understood, not yet a figure. Offsets are into the paragraph."""

    start: int
    end: int
    number: PrintedNumber
    high: PrintedNumber | None
    unit: str | None
    subject: Subject
    statement: int
    """Ordinal of the subject in its paragraph: a level, its change and its growth share it."""
    kind: str
    period: str
    period_basis: str
    target_kind: str | None = None
    comparator: str = "eq"
    strength: str | None = None
    base_period: str | None = None
    ordinal: int = 0
    """Which of the names that share the number (甲、乙各5家)."""
