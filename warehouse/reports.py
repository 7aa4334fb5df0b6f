"""Where the pages of the nights lie, and which one is the last. Not here: what stands on them."""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.home import Home

_LATEST = "latest.html"


def pages(home: Home) -> list[Path]:
    """The page of every night that is kept, oldest first."""
    return sorted(file for file in home.reports.glob("*.html") if not file.is_symlink())


def lead_to(home: Home, page: Path) -> None:
    """Let ``latest.html`` lead to a page beside it; there is no moment at which it leads nowhere."""
    link = home.reports / f".latest.{os.getpid()}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(page.name)
    link.replace(home.reports / _LATEST)
