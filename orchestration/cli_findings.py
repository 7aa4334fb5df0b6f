"""Commands about one finding: decide, its history, the query letter; and about the ledger that keeps them.

Here: words and exit codes. Not here: what is done (`stewardship`) and shown (`steward`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from orchestration.cli_home import HomeOption
from warehouse.home import Home

FindingArgument = Annotated[str, typer.Argument(help="问题标识，可只写开头 · Finding id, or how it starts.")]

DONE, REFUSED, USAGE = 0, 1, 2
"""Exit codes: recorded, refused or in conflict with nothing recorded, and not understood."""

ledger_app = typer.Typer(no_args_is_help=True, help="台账 · The ledger of findings and decisions.")


def decide(
    finding_id: FindingArgument,
    status: Annotated[
        str,
        typer.Option(help="queried | answered | accepted | corrected | our_error | false_positive | waived | open"),
    ],
    reason: Annotated[str, typer.Option(help="理由，必填 · Why, in words.")],
    prefer: Annotated[
        str | None, typer.Option(help="采用的印刷数字 fig_… · Printing that the marts are to use, see show.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="暂免的最后一天 · Last day of a waiver, 2026-03-31.")] = None,
    deadline: Annotated[str | None, typer.Option(help="答复期限 · Last day for the answer to a query.")] = None,
    event: Annotated[
        int | None,
        typer.Option(help="您看到的事件号 · Event number that you saw; a later one is a conflict."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """处理一个问题 · Decide on a finding; what lets an error stand takes two people. Exit 0 recorded, 1 refused."""
    from expectations.decisions import DecisionError, LedgerConflictError
    from expectations.ledger_schema import LedgerError
    from orchestration import accounts, stewardship
    from warehouse.query import QueryError
    from warehouse.settings import SettingsError

    days = {name: _day(name, text) for name, text in (("until", until), ("deadline", deadline))}
    try:
        after = stewardship.take_decision(
            Home.at(home),
            finding_id,
            status=status,
            reason=reason,
            actor=accounts.acting_account(),
            now=datetime.now(UTC),
            prefer=prefer,
            seen=event,
            **days,
        )
    except (DecisionError, LedgerConflictError, LedgerError, LookupError, QueryError) as error:
        raise _fail(str(error.args[0] if error.args else error), REFUSED) from error
    except (accounts.AccountError, SettingsError) as error:
        raise _fail(str(error), USAGE) from error
    _say(f"已记录 recorded: {after.finding_id} {after.status}，事件 event {after.sequence}")
    if after.proposal is not None:
        _say(
            f"状态未变，待另一位统计员确认 · the status stays until another steward confirms: provstat findings decide "
            f"{after.finding_id} --status {after.proposal.status} --reason …"
        )
    elif after.status == "queried":
        _say(f"查询函 letter: provstat findings letter {after.finding_id} -o 查询函.docx")


def history(
    finding_id: FindingArgument,
    output: Annotated[str, typer.Option("--format", help="table | csv | json")] = "table",
    home: HomeOption = None,
) -> None:
    """一个问题的全部经过 · Everything that became of a finding: who, when, what, why."""
    from orchestration import cli, steward

    columns, rows = cli.asked(lambda: steward.events_of(Home.at(home), finding_id))
    cli.show_rows(columns, rows, output)


def letter(
    finding_id: FindingArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="查询函文件 · The letter to write, .docx.")],
    home: HomeOption = None,
) -> None:
    """生成查询函 · Write the query letter of a finding that is queried, with evidence and deadline."""
    from expectations.decisions import DecisionError, LedgerConflictError
    from orchestration import cli, stewardship

    if output.suffix.lower() != ".docx":
        raise _fail(f"{output}：文件名须以 .docx 结尾 · the letter is a .docx", USAGE)
    try:
        written = cli.asked(lambda: stewardship.write_query(Home.at(home), finding_id, output))
    except (DecisionError, LedgerConflictError) as error:
        raise _fail(str(error), REFUSED) from error
    except OSError as error:
        raise _fail(f"{output} 无法写入 · cannot be written: {error.strerror or error}", REFUSED) from error
    _say(f"已写出 written: {output}（{written.to or '收函单位待填'}，答复期限 {written.deadline}）")


@ledger_app.command("sql")
def ledger_sql(
    role: Annotated[str, typer.Option(help="程序在 PostgreSQL 的账户 · The product's account in PostgreSQL.")],
) -> None:
    """PostgreSQL 建账语句 · SQL that makes the ledger there, for an administrator to run with psql."""
    from expectations.ledger_schema import setup_sql

    typer.echo(setup_sql(role), nl=False)


@ledger_app.command("check")
def ledger_check(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="按事件重建状态 · Write the kept states anew from the events.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """核对台账 · Do the events alone give the states that are kept? Exit 0 they do, 1 they do not."""
    from expectations import ledger
    from orchestration import cli
    from warehouse.settings import ledger_place

    def differing() -> list[str]:
        with ledger.open_ledger(ledger_place(Home.at(home))) as engine:
            if rebuild:
                ledger.rebuild(engine)
            kept, told = ledger.current_states(engine), ledger.replay(engine)
        return sorted(key for key in kept.keys() | told.keys() if kept.get(key) != told.get(key))

    try:
        found = cli.asked(differing)
    except ValueError as error:
        raise _fail(f"事件不连贯，从备份取回 · the events do not follow on each other: {error}", REFUSED) from error
    if found:
        raise _fail(
            f"{len(found)} 个问题的状态与事件不符，如 {found[0]}；provstat ledger check --rebuild 按事件重建 · "
            "the kept states are not what the events say",
            REFUSED,
        )
    _say("台账一致 · the events give the states that are kept")


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _fail(f"--{option} {text}：写成 2026-03-31 · write it like 2026-03-31", USAGE) from error


def _say(text: str) -> None:
    Console().print(Text(text), soft_wrap=True)


def _fail(message: str, code: int) -> typer.Exit:
    Console(stderr=True).print(Text(message, style="red"), soft_wrap=True)
    return typer.Exit(code)
