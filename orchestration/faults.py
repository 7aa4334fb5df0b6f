"""Fault injection: a night can be told to die at a named point, so that a test can prove that nothing is lost.

``PROVSTAT_FAULT=<point>`` kills the process without any clean-up when it comes to that point; ``<point>:raise`` raises
instead. Nothing happens where the variable is not set.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "PROVSTAT_FAULT"

POINTS = (
    "inventory",
    "models",
    "ledger",
    "marts",
    "checks",
    "publication",
    "build-complete",
    "release-built",
    "ledger-appended",
    "link-swapped",
    "build-removed",
)
"""Where a night can be told to die: at the start of each stage, and between the steps of publication."""


class InjectedFault(RuntimeError):  # noqa: N818  (a fault, not an error of ours)
    """The fault that a test asked for."""


def point(name: str) -> None:
    """Die here if a test asked for it."""
    asked, _, how = os.environ.get(VARIABLE, "").partition(":")
    if asked != name:
        return
    if how == "raise":
        raise InjectedFault(f"fault injected at {name}")
    os.kill(os.getpid(), signal.SIGKILL)
