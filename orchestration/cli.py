"""The command line ``provstat``: one command per task of the operator, the analyst and the steward.

Heavy imports (dagster, dbt, Great Expectations) happen inside the commands that need them, so that asking a question
of the warehouse answers at once.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from orchestration import cli_findings, cli_home, cli_workbook
from orchestration.cli_home import HomeOption
from warehouse.home import Home, HomeError

app = typer.Typer(
    name="provstat",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="省级统计夜间流水线与数据仓库 · Nightly pipeline and warehouse of a provincial statistics office.",
)
findings_app = typer.Typer(no_args_is_help=True, help="数据问题 · Findings: where figures contradict each other.")
rejected_app = typer.Typer(no_args_is_help=True, help="拒收记录 · What was not loaded, and why.")
app.command()(cli_home.doctor)
app.command()(cli_home.backup)
app.command()(cli_home.restore)
app.add_typer(findings_app, name="findings")
app.add_typer(rejected_app, name="rejected")
app.add_typer(cli_findings.ledger_app, name="ledger")
findings_app.command("decide")(cli_findings.decide)
findings_app.command("history")(cli_findings.history)
findings_app.command("letter")(cli_findings.letter)
findings_app.command("export")(cli_workbook.export)
findings_app.command("import")(cli_workbook.import_)

FormatOption = Annotated[str, typer.Option("--format", help="table | csv | json")]

_USAGE = 2


def _console() -> Console:
    """A console as wide as the terminal; wide enough for a table when piped."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def _fail(message: str, code: int = _USAGE) -> typer.Exit:
    Console(stderr=True).print(Text(message, style="red"), soft_wrap=True)
    return typer.Exit(code)


@app.command()
def nightly(
    landing: Annotated[
        list[Path] | None, typer.Option("--landing", help="来源目录，可多次 · Landing folder, repeatable.")
    ] = None,
    now: Annotated[str | None, typer.Option("--now", help="运行时间 · Run time, ISO; default the clock.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="只用该日之前入库的内容 · Build what was recorded by this date.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """整夜运行 · The whole night: read, model, check, publish. Exit 0 published, 1 held, 2 not started."""
    from ingestion.delivery import check_landings
    from orchestration import screens
    from orchestration.night import run_night
    from orchestration.session import default_landings
    from warehouse.lock import HomeLocked

    console = _console()
    try:
        check_landings(landing or default_landings())
        with screens.night_progress(console):
            night = run_night(Home.at(home), landing or [], now=now, as_of=as_of)
    except (HomeError, HomeLocked, RuntimeError, ValueError) as error:
        raise _fail(str(error)) from error
    console.print(screens.night_summary(night.record))
    raise typer.Exit(night.exit_code)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="规划文件或报表 · A plan or a return.")],
    output: FormatOption = "table",
    unresolved: Annotated[
        bool, typer.Option("--unresolved", help="只列未识别指标 · Only figures that fit no indicator.")
    ] = False,
) -> None:
    """试读一个文件 · What the reader sees in one file, with addresses and what it refused; loads nothing."""
    from ingestion.delivery import FileLostError, LandingError, single_delivery
    from ingestion.reading import read_or_refuse
    from ingestion.registry import load_registry
    from orchestration import extraction

    if output not in extraction.FORMATS:
        raise _fail(f"--format {output}: use one of {', '.join(extraction.FORMATS)}")
    try:
        reading = read_or_refuse(single_delivery(file), load_registry())
    except (FileLostError, LandingError, ValueError) as error:
        raise _fail(str(error)) from error
    extraction.show(reading, output, _console(), unresolved=unresolved)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="一条查询 · One SELECT on the published release.")],
    output: FormatOption = "table",
    timeout: Annotated[float, typer.Option("--timeout", help="秒 · Seconds before it is interrupted.")] = 60,
    home: HomeOption = None,
) -> None:
    """查询已发布的仓库 · A query on the published release, read-only and walled in."""
    from warehouse.query import QueryError, run_query

    try:
        result = run_query(Home.at(home), query, timeout)
    except QueryError as error:
        raise _fail(str(error), 1) from error
    show_rows(result.columns, result.rows, output)


@findings_app.command("list")
def findings_list(
    severity: Annotated[str | None, typer.Option(help="error | warning | information")] = None,
    status: Annotated[str | None, typer.Option(help="open, accepted, …")] = None,
    region: Annotated[str | None, typer.Option(help="地区代码 · Region code.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="表格最多几行，0 为全部 · Rows of the table, 0 for all.")] = 50,
    output: FormatOption = "table",
    home: HomeOption = None,
) -> None:
    """列出数据问题 · Findings of the current release, errors first, and what each waits for."""
    from orchestration import steward

    most = limit if output == "table" else 0
    (columns, rows), total = asked(
        lambda: steward.findings(Home.at(home), severity=severity, status=status, region=region, limit=most)
    )
    show_rows(columns, rows, output)
    if len(rows) < total:
        _console().print(f"只列前 {len(rows)} 条，--limit 0 列出全部 · the first {len(rows)} only", highlight=False)
    if output == "table" and rows:
        _console().print(f"{total} 条。详情 details: provstat findings show {rows[0][0]}", highlight=False)
    elif output == "table":
        _console().print("没有符合条件的问题。 No findings match.")


@findings_app.command("show")
def findings_show(
    finding_id: Annotated[str, typer.Argument(help="问题标识，可只写开头 · Finding id, or how it starts.")],
    home: HomeOption = None,
) -> None:
    """查看一个问题 · One finding: the sentence, each printing in its surroundings, its history."""
    from orchestration import steward

    shown = asked(lambda: steward.finding(Home.at(home), finding_id))
    _console().print(shown)


@rejected_app.command("list")
def rejected_list(
    reason: Annotated[str | None, typer.Option(help="原因代码 · Reason code.")] = None,
    output: FormatOption = "table",
    home: HomeOption = None,
) -> None:
    """列出拒收记录 · What was not loaded, with place, reason and remedy."""
    from orchestration import steward

    columns, rows = asked(lambda: steward.rejected(Home.at(home), reason=reason))
    show_rows(columns, rows, output)
    if output == "table" and not rows:
        _console().print("没有拒收记录。 Nothing was rejected.")


@rejected_app.command("export")
def rejected_export(
    file: Annotated[Path, typer.Argument(help="写入的工作簿 · Workbook to write, .xlsx.")],
    source: Annotated[
        str | None, typer.Option("--source", help="报送单位的文件、目录或来源标识 · File, folder or source id.")
    ] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="单位报表：写入受限区，仅限本人 · Enterprise returns, into the zone.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """导出给报送单位 · A workbook of one sender's own rows, faulty cells marked with reason and remedy."""
    from orchestration.rejected_workbook import write_rejected

    if file.suffix.lower() != ".xlsx":
        raise _fail(f"{file}: 请写成 .xlsx 文件名 name a file that ends with .xlsx")
    if restricted and file.name != str(file):
        raise _fail(f"{file}: 只写文件名，工作簿写在受限区内 give a name only: it is written inside the zone")
    try:
        if restricted:
            from orchestration.restricted_workbook import write_restricted

            target, count = asked(lambda: write_restricted(Home.at(home), file.name, source))
            _console().print(Text(f"{target}：{count} 处，含单位数据，仅限本人 unit data, for the owner only"))
            return
        count, files = asked(lambda: write_rejected(Home.at(home), file, source))
    except OSError as error:
        raise _fail(f"{file}: {error.strerror}", 1) from error
    _console().print(Text(f"{file}：{count} 条拒收，来自 of {'、'.join(files)}"))


@app.command()
def releases(output: FormatOption = "table", home: HomeOption = None) -> None:
    """列出各版发布 · What is published; the current release is marked."""
    from warehouse.releases import list_releases

    rows = [
        (
            "→" if release.is_current else "",
            release.release_id,
            release.built_at.strftime("%Y-%m-%d %H:%M:%SZ") if release.built_at else "",
            release.counts.get("figures"),
            release.counts.get("findings"),
            f"{release.size_bytes / 1_048_576:.1f}",
            release.problem or "",
        )
        for release in list_releases(Home.at(home))
    ]
    show_rows(("", "release", "built_at", "figures", "findings", "MiB", "problem"), rows, output)
    if output == "table" and not rows:
        _console().print("尚未发布。 Nothing is published yet; run provstat nightly.")


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(help="版本 · Release id, see provstat releases.")], home: HomeOption = None
) -> None:
    """退回某一版 · Serve an earlier release again; the next night publishes anew."""
    from warehouse.lock import HomeLocked, night_lock
    from warehouse.publish import PublishError
    from warehouse.releases import rollback as serve

    place = Home.at(home)
    try:
        with night_lock(place, f"rollback {release}"):
            served = serve(place, release)
    except HomeLocked as error:
        raise _fail(str(error)) from error
    except (PublishError, HomeError) as error:
        raise _fail(str(error)) from error
    _console().print(f"现在提供 now serving: {served.release_id}", highlight=False)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="网页端口 · Port of the page.")] = 3000,
    host: Annotated[
        str, typer.Option(help="监听地址 · Address to listen on; the page has no login of its own.")
    ] = "127.0.0.1",
    home: HomeOption = None,
) -> None:
    """启动网页与调度 · dagster's webserver and daemon, one process to start and stop."""
    from orchestration.services import serve

    _console().print(
        "每晚 02:00 运行 the night runs at 02:00 Asia/Shanghai。来源目录感应器默认停用，白天需要随到随读时在网页 "
        "Automation 中启用 landing；the sensor on new files is stopped until you start it there.",
        highlight=False,
    )
    raise typer.Exit(serve(Home.at(home), host, port))


def asked(question: Any) -> Any:
    """Ask the warehouse; its plain-worded refusals become the command's."""
    from expectations.ledger_schema import LedgerError
    from orchestration.accounts import AccountError
    from warehouse.query import QueryError
    from warehouse.settings import SettingsError

    try:
        return question()
    except (QueryError, LookupError, LedgerError) as error:
        raise _fail(str(error.args[0] if error.args else error), 1) from error
    except (AccountError, SettingsError) as error:
        raise _fail(str(error)) from error


def show_rows(columns: Any, rows: Any, output: str) -> None:
    """Rows as a table for people, or as CSV or JSON for programs."""
    from orchestration import screens
    from warehouse.spreadsheet import inert

    if output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([inert(screens.cell_text(value)) for value in row] for row in rows)
    elif output == "json":
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        typer.echo(json.dumps(records, ensure_ascii=False, default=screens.cell_text))
    elif output == "table":
        # Piped, a table takes the width that it needs; a terminal folds it.
        console = Console()
        wide = console if console.is_terminal else Console(width=4000)
        wide.print(screens.rows_table(columns, rows))
    else:
        raise _fail(f"--format {output}: use one of table, csv, json")


def main() -> None:
    """Entry point of ``provstat``."""
    try:
        app()
    except SystemExit:
        # All that is left to say is said. DuckDB's module reports on standard error, at interpreter shutdown, what an
        # aborted night left open; to an operator that says nothing.
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        raise
