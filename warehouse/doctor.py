"""Is this home sound? One look at everything that an operator would otherwise look at by hand.

Here: the checks, each with what was found and what to do, in Chinese and English. Nothing is created, changed or
mended. Not here: showing them (`orchestration.cli_home`), and the lake's and the releases' own rules, which are asked.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from warehouse import housekeeping
from warehouse.contract import CONTRACT
from warehouse.hashes import kept_hash
from warehouse.home import Home, HomeError
from warehouse.lock import read_holder
from warehouse.publish import PublishError, stale_files, verify_release
from warehouse.releases import Release, changed_since, current_release_id, list_releases
from warehouse.settings import SettingsError, ledger_is_elsewhere, read_settings

PACKAGES = ("provstat", "duckdb", "dagster", "dbt-core", "dbt-duckdb", "polars")
"""Installed versions that matter when a night fails on one machine and not on another."""

SPARE_BYTES = 2**30
"""Free space wanted beyond two releases (the build file and the release made of it): spill, logs, lake."""

_SHOWN = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes:
        name: what was looked at, Chinese and English.
        ok: True sound, False a problem, None a note.
        what: what was found, Chinese and English.
        remedy: what to do; empty where there is nothing to do.
    """

    name: str
    ok: bool | None
    what: str
    remedy: str = ""


def examine(home: Home, now: datetime, code_version: str | None = None) -> tuple[Check, ...]:
    """Look at a home without changing it; also while a night is at work.

    Args:
        home: the home.
        now: the time of looking, aware: a release that is older than two days is noted.
        code_version: version of the installed code as releases name it; None compares the distribution alone.

    Returns:
        All checks, in the order in which one would mend things.

    Raises:
        HomeError: there is no home at this place.
    """
    if not home.lake.is_dir() and not home.published.is_dir():
        raise HomeError(
            f"没有数据目录 · There is no home at {home.root}. 用 --home 指明，或先运行 provstat nightly · "
            "Name the right one with --home, or run `provstat nightly` first."
        )
    releases = list_releases(home) if home.releases.is_dir() else ()
    return (
        *_folders(home),
        _settings(home),
        _lock(home),
        _current(home, releases),
        *_releases(releases),
        _age(releases, now),
        _ledger(home, bool(releases)),
        *_lake(home),
        _leftovers(home),
        _space(home, releases),
        *_versions(releases, code_version),
    )


def _folders(home: Home) -> Iterator[Check]:
    name = "目录 folders"
    places = (
        home.root,
        home.lake,
        home.restricted,
        home.build,
        home.ledger,
        home.published,
        home.releases,
        home.exports,
        home.logs,
        home.dagster,
    )
    refused = []
    for folder in places:
        try:
            if folder.exists():
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            refused.append(f"{folder} ({error.strerror or error})")
    if refused:
        yield Check(
            name,
            False,
            f"不可写 · Cannot be written: {_some(refused)}",
            "以夜间任务的账户查看权限和磁盘 · As the account of the night, check owner, permissions and disk",
        )
    else:
        yield Check(name, True, f"可写 · Can be written: {home.root}")
    if home.restricted.is_dir():
        mode = home.restricted.stat().st_mode & 0o777
        private = mode == 0o700
        yield Check(
            "受限区 restricted",
            private,
            "仅本账户可进入 · Only this account may enter"
            if private
            else f"权限过宽 · Open to others: mode {mode:04o}",
            "" if private else f"chmod 700 {home.restricted}",
        )


def _settings(home: Home) -> Check:
    name = "设置 settings"
    try:
        settings = read_settings(home)
    except SettingsError as error:
        return Check(name, False, f"无法读取 · {error}", "改正 provstat.toml · Correct provstat.toml")
    # not the ledger's URL, which may hold a password
    listed = ", ".join(f"{key} = {value}" for key, value in vars(settings).items() if key != "ledger")
    return Check(name, True, f"有效 · In force: {listed}")


def _lock(home: Home) -> Check:
    name = "运行锁 lock"
    holder = read_holder(home)
    if not home.holder_file.exists() and holder is None:
        return Check(name, True, "空闲 · Free")
    who = f"{holder.host} {holder.pid}, run {holder.run_id}, {holder.started_at}" if holder else "unknown"
    if is_locked(home):
        return Check(name, None, f"正在运行 · At work: {who}", "等它结束 · Wait until it ends")
    return Check(
        name,
        None,
        f"上次运行中断，锁已释放 · The last run died; the lock is free ({who})",
        "无需处理，下一次夜间运行会清理 · Nothing to do: the next night clears it",
    )


def is_locked(home: Home) -> bool:
    """Whether a process holds the lock of the home now. Where nobody does, it is held for an instant to find out."""
    if not home.lock_file.exists():
        return False
    probe = FileLock(home.lock_file.absolute(), timeout=0)
    try:
        probe.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    probe.release()
    return False


def _current(home: Home, releases: tuple[Release, ...]) -> Check:
    name = "当前版本 current"
    remedy = "provstat releases; provstat rollback <release>"
    if not home.current.is_symlink():
        if home.current.exists():
            what = f"{home.current.name} 是文件而不是链接 · is a file, not a link"
            return Check(name, False, what, f"移走 · Move it away: {home.current}; {remedy}")
        if releases:
            return Check(name, False, "有发布但没有链接 · There are releases, but none is served", remedy)
        return Check(name, None, "尚未发布 · Nothing is published yet", "provstat nightly")
    target = home.current.resolve()
    if not target.is_file() or target.parent != home.releases.resolve():
        return Check(name, False, f"链接指向不存在的版本 · The link leads nowhere: {home.current.readlink()}", remedy)
    return Check(name, True, f"正在提供 · Served: {current_release_id(home)}")


def _releases(releases: tuple[Release, ...]) -> Iterator[Check]:
    name = "发布文件 releases"
    bad = [check for release in releases if (check := _release(release)) is not None]
    yield from bad
    if len(releases) > len(bad):
        yield Check(name, True, f"{len(releases) - len(bad)} 个版本完好 · releases open and match their hash")


def _release(release: Release) -> Check | None:
    """What is wrong with one release; None if nothing is."""
    name = f"发布 release {release.release_id}"
    anew = "provstat rollback <release>, then provstat nightly" if release.is_current else f"rm -f {release.path}*"
    if (damage := changed_since(release.path)) is not None:
        return Check(name, False, f"与发布时不同 · {damage}", anew)
    try:
        meta = verify_release(release.path)
    except PublishError as error:
        return Check(name, False, f"无法提供 · {error}", anew) if not _is_outdated(release) else _outdated(name)
    if kept_hash(release.path) is None:
        folder, file = release.path.parent, release.path.name
        return Check(
            name,
            None,
            f"没有校验值 · No hash is kept beside it (contract {meta.contract_version})",
            f"cd {folder} && sha256sum {file} > {file}.sha256 && chmod 444 {file}.sha256",
        )
    return None


def _is_outdated(release: Release) -> bool:
    """Whether an earlier release is sound and only keeps the contract of an earlier major version."""
    if release.is_current or release.problem is not None or release.contract_version is None:
        return False
    return release.contract_version.partition(".")[0] != CONTRACT.major


def _outdated(name: str) -> Check:
    what = f"旧版数据契约，不能再提供 · Keeps an earlier contract than {CONTRACT.version}, cannot be served again"
    return Check(name, None, what, "无需处理，到期自动移除 · Nothing to do: it goes in its time")


def _age(releases: tuple[Release, ...], now: datetime) -> Check:
    name = "最近发布 latest"
    built = [release.built_at for release in releases if release.built_at is not None]
    if not built:
        return Check(name, None, "没有可读的发布 · No release can be read")
    days = (now - max(built)).days
    told = f"{max(built):%Y-%m-%d %H:%M} UTC"
    if days < 2:
        return Check(name, True, told)
    return Check(
        name,
        None,
        f"{told}，已 {days} 天没有新发布 · no release for {days} days",
        "查看最近一夜的记录 · Read the last record in logs/nights; is `provstat up` or the scheduler running?",
    )


def _ledger(home: Home, has_releases: bool) -> Check:
    name = "台账 ledger"
    if ledger_is_elsewhere(home):
        what = "在 PostgreSQL，不在数据目录中 · On PostgreSQL, not in the home"
        return Check(name, None, what, "provstat ledger check; pg_dump")
    file = home.ledger_file
    if not file.is_file():
        what = f"没有台账 · There is no ledger: {file}"
        if has_releases:
            return Check(name, False, what, "从备份取回 · Bring it back from a backup, see provstat restore")
        return Check(name, None, what, "provstat nightly")
    try:
        with closing(_looking(file)) as connection:
            answers = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            events = connection.execute("SELECT count(*) FROM finding_event").fetchone()[0]
    except sqlite3.Error as error:
        answers, events = [str(error)], 0
    if answers != ["ok"]:
        return Check(
            name,
            False,
            f"台账损坏 · The ledger is damaged: {_some(answers)}",
            f"停止运行，从备份取回 · Stop the nights, bring back from a backup: {file}",
        )
    return Check(name, True, f"完好，{events} 条事件 · Sound, {events} events")


def _looking(file: Path) -> sqlite3.Connection:
    """A connection that leaves nothing beside the ledger, which another account could then not open.

    While somebody has a ledger open, its ``-wal`` file is there. Without one nobody writes, and what is asked for as
    immutable is read without making those files.
    """
    is_open = file.with_name(f"{file.name}-wal").exists()
    how = "mode=ro" if is_open else "immutable=1"
    return sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True, timeout=30)


def _lake(home: Home) -> Iterator[Check]:
    name = "数据湖 lake"
    again = (
        "移走 lake/sources 中的同名文件，来源仍在来源目录时下一夜会重读；否则从备份取回 · "
        "Move the file of that name in lake/sources away: the next night reads the delivery anew if it is still in the "
        "landing folder; else bring it back from a backup"
    )
    sources = sorted((home.lake / "sources").glob("*.parquet"))
    broken = [file for file in sources if not _opens(file, whole=True)]
    for folder in housekeeping.table_folders(home.lake):
        broken += [file for file in sorted(folder.glob("*.parquet")) if not _opens(file, whole=False)]
    lacking = housekeeping.lacking_files(home.lake)
    if broken:
        yield Check(name, False, f"无法读取 · Cannot be read: {_some(_below(home, broken))}", again)
    if lacking:
        yield Check(name, False, f"缺少文件 · Missing: {_some(_below(home, lacking))}", again)
    if not broken and not lacking:
        count = sum(not file.name.startswith("_") for file in sources)
        yield Check(name, True, f"可读，{count} 次读取 · Readable, {count} readings")


def _opens(file: Path, *, whole: bool) -> bool:
    try:
        if whole:
            pl.read_parquet(file, glob=False)
        else:
            pl.read_parquet_schema(file)
    except (OSError, pl.exceptions.PolarsError):
        return False
    return True


def _leftovers(home: Home) -> Check:
    name = "残留 leftovers"
    whose = "中断、被拦截或进行中的运行的文件 · files of dead, held or running nights"
    found = [
        *stale_files(home),
        *housekeeping.temporary_files(home.lake),
        *housekeeping.incomplete_files(home.lake),
        *housekeeping.temporary_files(home.logs / "nights"),
        *sorted(home.root.glob("night.holder.json.*.partial")),
    ]
    if not found:
        return Check(name, True, "没有 · None")
    return Check(
        name,
        None,
        f"{len(found)} 个{whose}: {_some(_below(home, found))}",
        "无需处理，下一次夜间运行会清理 · Nothing to do: the next night clears them",
    )


def _space(home: Home, releases: tuple[Release, ...]) -> Check:
    name = "磁盘 disk"
    current = next((release.size_bytes for release in releases if release.is_current), 0)
    wanted, free = 2 * current + SPARE_BYTES, shutil.disk_usage(home.root).free
    what = f"可用 {free / 2**30:,.1f} GiB，建议不少于 {wanted / 2**30:,.1f} GiB · free, wanted at least"
    if free >= wanted:
        return Check(name, True, what)
    remedy = "腾出空间，或在 provstat.toml 中减少 releases_keep · Make room, or lower releases_keep in provstat.toml"
    return Check(name, False, what, remedy)


def _versions(releases: tuple[Release, ...], code_version: str | None) -> Iterator[Check]:
    name = "版本 versions"
    installed = {package: _installed(package) for package in PACKAGES}
    absent = [package for package, found in installed.items() if found is None]
    listed = ", ".join(f"{package} {found or '–'}" for package, found in installed.items())
    yield Check(
        name,
        not absent,
        f"{listed}; contract {CONTRACT.version}",
        f"缺少 · Not installed: {', '.join(absent)}; make setup" if absent else "",
    )
    current = next((release for release in releases if release.is_current and release.problem is None), None)
    if current is None or current.code_version is None:
        return
    mine = code_version or installed["provstat"] or ""
    theirs = current.code_version if code_version else current.code_version.partition("+")[0]
    same = (mine, CONTRACT.version) == (theirs, current.contract_version)
    built = f"{current.code_version}, contract {current.contract_version}"
    yield Check(
        "当前版本的程序 built by",
        True if same else None,
        f"与安装一致 · As installed: {built}"
        if same
        else f"当前版本由 {built} 生成，安装的是 {mine} · built by, installed",
        ""
        if same
        else "无需处理，下一次夜间运行用新程序发布 · Nothing to do: the next night publishes with the new one",
    )


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _below(home: Home, files: Iterable[Path]) -> list[str]:
    return [os.path.relpath(file, home.root) for file in files]


def _some(items: list[str]) -> str:
    more = f" … +{len(items) - _SHOWN}" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
