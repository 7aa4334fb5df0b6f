"""Commands about the home itself: is it sound, save it, bring it back.

Here: words and exit codes. Not here: the checks (``warehouse.doctor``) and the archive (``warehouse.backup``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from warehouse.home import Home, HomeError

if TYPE_CHECKING:
    from warehouse.backup import Archived
    from warehouse.doctor import Check

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="数据目录 · Home folder; default $PROVSTAT_HOME, else ./var.")
]

SOUND, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes: sound or done, problems found or failed, and not started (no home, place taken, lock)."""

_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("i", "yellow")}


def doctor(home: HomeOption = None) -> None:
    """检查数据目录 · Is this home sound? Changes nothing. Exit 0 sound, 1 problems found, 2 no home."""
    from orchestration.project import code_version
    from warehouse.doctor import examine

    try:
        checks = examine(Home.at(home), datetime.now(UTC), code_version())
    except HomeError as error:
        raise _fail(str(error), USAGE) from error
    console = _console()
    console.print(_table(checks))
    problems = sum(check.ok is False for check in checks)
    notes = sum(check.ok is None for check in checks)
    if problems:
        console.print(f"[red]{problems} 个问题，{notes} 条提示 · problems, notes[/]", highlight=False)
        raise typer.Exit(PROBLEMS)
    console.print(f"[green]完好，{notes} 条提示 · sound, notes[/]", highlight=False)


def backup(
    archive: Annotated[Path, typer.Argument(help="备份文件，尚不存在 · Archive to write, .tar; must not exist.")],
    home: HomeOption = None,
) -> None:
    """备份数据目录 · Save the home into one archive. Exit 0 done, 1 failed, 2 not started (lock, no home)."""
    from warehouse import backup as archives
    from warehouse.lock import HomeLocked

    try:
        made = archives.backup(Home.at(home), archive, datetime.now(UTC))
    except (HomeError, HomeLocked) as error:
        raise _fail(str(error), USAGE) from error
    except archives.BackupError as error:
        raise _fail(str(error), PROBLEMS) from error
    _told("已备份 saved", made)
    _console().print("内含受限报表，请妥善保管 · It holds restricted returns: keep it where only you can read it.")


def restore(
    archive: Annotated[Path, typer.Argument(help="备份文件 · Archive made by provstat backup.")],
    home: HomeOption = None,
) -> None:
    """从备份恢复 · A home from an archive, into an empty or new place. Exit 0 done, 1 failed, 2 place taken."""
    from warehouse import backup as archives

    place = Home.at(home)
    try:
        made = archives.restore(archive, place)
    except HomeError as error:
        raise _fail(str(error), USAGE) from error
    except archives.BackupError as error:
        raise _fail(str(error), PROBLEMS) from error
    _told(f"已恢复到 restored to {place.root}", made)
    _console().print(f"下一步 next: provstat doctor --home {place.root}", highlight=False, soft_wrap=True)


def _told(done: str, made: Archived) -> None:
    console = _console()
    size = f"{made.size_bytes / 2**20:,.1f} MiB"
    lines = (
        f"{done}: {made.archive}",
        f"{made.files} 个文件 files, {size}; 备份时间 made at {made.made_at:%Y-%m-%d %H:%M} UTC; "
        f"当前版本 release {made.release_id or '–'}",
    )
    for line in lines:
        console.print(escape(line), highlight=False, soft_wrap=True)
    for warning in made.warnings:
        console.print(f"[yellow]注意 note: {escape(warning)}[/]", highlight=False, soft_wrap=True)


def _table(checks: tuple[Check, ...]) -> Table:
    table = Table("", "检查 check", "情况 found", "办法 remedy", box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"
    for check in checks:
        mark, colour = _MARKS[check.ok]
        table.add_row(Text(mark, style=colour), Text(check.name), Text(check.what), Text(check.remedy))
    return table


def _console() -> Console:
    """A console as wide as the terminal; wide enough for a table when piped."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def _fail(message: str, code: int) -> typer.Exit:
    Console(stderr=True).print(f"[red]{escape(message)}[/]", highlight=False, soft_wrap=True)
    return typer.Exit(code)
