"""What people see in the terminal: the progress of a night, its summary, and tables. Chinese first, English second.

What belongs here: words and layout. What does not: asking the warehouse for rows (``cli``), the record (``journal``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from orchestration.journal import STAGES, NightRecord, watching

STAGE_NAMES = {
    "inventory": "读取来源 read sources",
    "models": "模型与规则 models and rules",
    "ledger": "问题台账 ledger",
    "marts": "集市 marts",
    "checks": "检查 checks",
    "publication": "发布 publication",
}
SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "information": "提示 information"}
OUTCOMES = {
    "published": ("已发布 published", "green"),
    "held": ("已拦截，未发布 held, nothing published", "red"),
    "failed": ("失败，未发布 failed, nothing published", "red"),
}
_ABSENT = "not in landing"
_READINGS = {
    None: "未变",
    _ABSENT: "不在目录",
    "new": "新来源",
    "reader changed": "程序已更新",
    "sources.yml changed": "来源信息已改",
    "corrections changed": "更正已改",
}
"""Why a source was read, in Chinese; anything else names the code list that changed."""


@contextmanager
def night_progress(console: Console) -> Iterator[None]:
    """One line of progress per stage while a night runs in this process."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        tasks = {"start": progress.add_task("启动 start-up", total=1, detail="")}
        current = ["start"]

        def listen(stage: str, detail: str) -> None:
            if stage not in tasks:
                progress.update(tasks[current[0]], completed=1, detail="")
                tasks[stage] = progress.add_task(STAGE_NAMES.get(stage, stage), total=1, detail=detail)
                current[0] = stage
            else:
                progress.update(tasks[stage], detail=detail)

        with watching(listen):
            yield


def stage_table(record: NightRecord) -> Table:
    """What each stage took."""
    table = Table("阶段 stage", _right("秒 s"), "结果 outcome", box=box.SIMPLE)
    seconds = {stage["stage"]: stage for stage in record.stages}
    for name in STAGES:
        stage = seconds.get(name)
        took = f"{stage['seconds']:.1f}" if stage else "–"
        outcome = (
            {"done": "完成 done", "failed": "失败 failed"}.get(stage["outcome"], "") if stage else "未到 not reached"
        )
        table.add_row(STAGE_NAMES[name], took, outcome)
    return table


def balance_table(record: NightRecord) -> Table:
    """Figures recognised = loaded + refused, per source of tonight's landing folders."""
    whys = {delivery["file"]: delivery["why"] for delivery in record.deliveries}
    table = Table(
        "来源 source",
        _right("识别 recognised"),
        _right("入库 loaded"),
        _right("拒收 refused"),
        "读取 reading",
        box=box.SIMPLE,
    )
    for row in record.balance:
        why = whys.get(row["file"], _ABSENT)
        if why == _ABSENT and row.get("kind") == "enterprise_return":
            told = "受限区汇总 sums of the zone"
        else:
            told = f"{_READINGS.get(why, '代码表已改')} {'unchanged' if why is None else why}"
        table.add_row(Text(row["file"]), str(row["recognised"]), str(row["loaded"]), str(row["refused"]), told)
    return table


def _rejected_line(record: NightRecord) -> str:
    """What was refused, and rows of enterprises, which only the restricted zone lists."""
    told = str(record.counts.get("rejected", "–"))
    restricted = sum(row["refused"] for row in record.balance if row.get("kind") == "enterprise_return")
    return f"{told}，受限区 restricted zone {restricted} 行 rows" if restricted else told


def night_summary(record: NightRecord) -> Group:
    """The end of a night in one screen: outcome, counts, findings, what to do next."""
    words, colour = OUTCOMES.get(record.outcome, (record.outcome, "yellow"))
    read = sum(delivery["why"] is not None for delivery in record.deliveries)
    lines = [
        (
            "来源 sources",
            f"{len(record.deliveries)}（本次读取 read {read}，未变 unchanged {len(record.deliveries) - read}）",
        ),
        ("数字 figures", str(record.counts.get("figures", "–"))),
        ("拒收 rejected", _rejected_line(record)),
        ("问题 findings", _findings_line(record)),
        ("闸门 gates", _gates_line(record)),
    ]
    if record.late:
        lines.append(("逾期未到 late", _late_line(record)))
    if record.release_id:
        lines += [("发布 release", record.release_id), ("文件 file", str(record.release_file))]
    if record.report_file:
        lines.append(("报告 report", record.report_file))
    grid = Table.grid(padding=(0, 2))
    for name, value in lines:
        grid.add_row(Text(name, style="bold"), Text(value))
    parts: list[Any] = [stage_table(record)]
    if record.balance:
        parts.append(balance_table(record))
    parts.append(Panel(grid, title=f"[{colour}]{words}[/]", title_align="left", border_style=colour))
    if record.message:
        parts.append(Text(f"原因 why: {record.message}", style=colour))
    parts += [Text(f"注意 note: {remark}", style="yellow") for remark in record.remarks]
    parts.append(Text(f"下一步 next: {next_step(record)}"))
    return Group(*parts)


def next_step(record: NightRecord) -> str:
    """What the reader of the summary should do now."""
    if record.outcome != "published":
        return (
            "上一版仍在服务；按原因修正后重新运行 provstat nightly。 The last release is still served; "
            "mend the cause and run provstat nightly again."
        )
    counts = record.findings.get("error", {})
    if sum(counts.get(status, 0) for status in ("open", "queried", "answered")):
        return "provstat findings list --severity error"
    if record.counts.get("rejected"):
        return "provstat rejected list"
    return 'provstat sql "SELECT * FROM marts.target_progress LIMIT 20"'


def _findings_line(record: NightRecord) -> str:
    if not record.findings:
        return "0"
    parts = [
        f"{SEVERITIES[severity]} {sum(record.findings[severity].values())}"
        for severity in SEVERITIES
        if severity in record.findings
    ]
    changes = [
        f"{word} {record.counts.get(f'findings_{name}', 0)}"
        for name, word in (("new", "新 new"), ("reopened", "重开 re-opened"), ("closed", "关闭 closed"))
    ]
    return f"{'，'.join(parts)}（{'，'.join(changes)}）"


def _late_line(record: NightRecord) -> str:
    """Who owes how many returns, and those that came due last by name; all of them are in marts.return_status."""
    owed = "，".join(f"{reporter} {count}" for reporter, count in record.late.items())
    return "\n".join([f"{sum(record.late.values())}（{owed}）", *record.latest_late])


def _gates_line(record: NightRecord) -> str:
    held = [gate["gate"] for gate in record.gates if not gate["passed"]]
    if held:
        return f"拦截 held: {', '.join(held)}"
    return f"{len(record.gates)} 道全部通过 all passed" if record.gates else "–"


def _right(header: str) -> Column:
    return Column(header, justify="right")


def rows_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Any rows as a table; nulls are blank, numbers to the right."""
    materialised = [tuple(row) for row in rows]
    table = Table(box=box.SIMPLE_HEAD)
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int | float | Decimal) for row in materialised if row[index] is not None)
        table.add_column(name, justify="right" if numeric and materialised else "left", overflow="fold")
    for row in materialised:
        # As Text, because square brackets in what was printed are no markup.
        table.add_row(*(Text(cell_text(value)) for value in row))
    return table


def cell_text(value: Any) -> str:
    """A value as people read it: decimals without padding zeros, nulls blank."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
