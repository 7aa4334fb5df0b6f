"""Commands of the stewards' workbook: export, import.

Here: words and exit codes. Not here: which findings go into it (`findings_export`), what becomes of a row
(`findings_import`).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from orchestration.cli_home import HomeOption
from warehouse.home import Home

DONE, REFUSED, USAGE = 0, 1, 2
"""Exit codes: every filled-in row recorded; some refused or in conflict; not understood, nothing recorded."""


def export(
    file: Annotated[Path, typer.Argument(help="写入的工作簿 · Workbook to write, .xlsx.")],
    owner: Annotated[
        list[str] | None, typer.Option("--owner", help="处理方，可多次 · Who fixes: a sheet each, repeatable.")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="error | warning | information")] = None,
    region: Annotated[str | None, typer.Option(help="地区代码 · Region code.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="状态，可多次 · Statuses; default open, queried, answered.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="最多几个问题，0 为全部 · Findings at most, 0 for all.")] = 5000,
    home: HomeOption = None,
) -> None:
    """导出处理单 · A workbook to decide in: a sheet per owner, choice cells, the printings in their lines."""
    from expectations.lifecycle import OPEN_STATUSES
    from orchestration import accounts, cli
    from orchestration.findings_export import Wanted, write_findings

    if file.suffix.lower() != ".xlsx":
        raise _fail(f"{file}：文件名须以 .xlsx 结尾 · name a file that ends with .xlsx", USAGE)
    wanted = Wanted(tuple(owner or ()), severity, region, tuple(status or OPEN_STATUSES), limit)

    def written() -> dict[str, int]:
        made_by = accounts.acting_account()
        return dict(write_findings(Home.at(home), file, wanted, datetime.now(UTC), made_by.name_zh or made_by.account))

    try:
        sheets = cli.asked(written)
    except OSError as error:
        raise _fail(f"{file} 无法写入 · cannot be written: {error.strerror or error}", REFUSED) from error
    _say(f"已写出 written: {file}：{'，'.join(f'{name} {count}' for name, count in sheets.items())}")
    _say(f"填好后 then: provstat findings import {file}")


def import_(
    file: Annotated[Path, typer.Argument(help="填好的工作簿 · The workbook, filled in.", exists=True, dir_okay=False)],
    check: Annotated[
        bool, typer.Option("--check", help="只核对，不记录 · Say what would happen, record nothing.")
    ] = False,
    output: Annotated[str, typer.Option("--format", help="table | csv | json")] = "table",
    home: HomeOption = None,
) -> None:
    """导入处理单 · Take a workbook's decisions. Exit 0 all recorded, 1 some not, 2 no such workbook."""
    from orchestration import accounts, cli
    from orchestration.filled_workbook import WorkbookError
    from orchestration.findings_import import OUTCOMES, import_findings

    try:
        done = cli.asked(
            lambda: import_findings(Home.at(home), file, accounts.acting_account(), datetime.now(UTC), check_only=check)
        )
    except WorkbookError as error:
        raise _fail(str(error), USAGE) from error
    except OSError as error:
        raise _fail(f"{file} 无法读取 · cannot be read: {error.strerror or error}", USAGE) from error
    columns = ("sheet", "row", "finding_id", "decision", "outcome", "message")
    shown = output == "table"
    rows = [
        (row.sheet, row.row, row.finding_id, row.status, OUTCOMES[row.outcome] if shown else row.outcome, row.message)
        for row in done.rows
    ]
    cli.show_rows(columns, rows, output)
    if shown:
        counts = Counter(row.outcome for row in done.rows)
        told = "，".join(f"{word} {counts[name]}" for name, word in OUTCOMES.items() if counts[name])
        before = "只核对，未记录 checked only: " if check else ""
        _say(f"{before}{told or '没有填写任何行 nothing was filled in'}；空行 blank {done.blank}")
    if not done.is_good:
        raise typer.Exit(REFUSED)


def _say(text: str) -> None:
    Console().print(Text(text), soft_wrap=True)


def _fail(message: str, code: int) -> typer.Exit:
    Console(stderr=True).print(Text(message, style="red"), soft_wrap=True)
    return typer.Exit(code)
