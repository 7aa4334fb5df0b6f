"""One message a night: what became of it, in a screen of text, to a log and wherever the settings say.

Here: the message and its channels. Not here: when a night has ended (`aftermath`), the settings themselves
(`warehouse.settings`). Never a message per finding: a night with ten thousand of them is one message with a number.

The log is always written. A channel that fails is told to the caller and disturbs neither the others nor the night.
What can be secret (the webhook's address, the password of the mail account) comes from the environment where it is set
there, and is never repeated in what is told.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from expectations.lifecycle import OPEN_STATUSES
from orchestration.journal import NightRecord, write_whole
from orchestration.screens import OUTCOMES, SEVERITIES, next_step
from orchestration.words import office_clock
from warehouse.home import Home
from warehouse.settings import Settings, SettingsError

WEBHOOK_VARIABLE, SMTP_VARIABLE = "PROVSTAT_ALERT_WEBHOOK", "PROVSTAT_ALERT_SMTP"
PASSWORD_VARIABLE = "PROVSTAT_ALERT_SMTP_PASSWORD"
SECONDS = 10
"""How long a channel may take to answer, each time."""
RETRIES = 2
"""Further tries of a webhook that does not answer or is overloaded."""
_LONGEST_REASON = 300


class ChannelError(RuntimeError):
    """A message could not be delivered; the text names host and cause, never address or password."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told of a night; `outcome` is published, held or failed."""

    run_id: str
    outcome: str
    title: str
    text: str
    errors: int
    warnings: int
    release_id: str | None
    report_file: str | None


def message(record: NightRecord) -> Message:
    """The message of a night that has ended, however it ended."""
    waiting = {severity: _waiting(record, severity) for severity in SEVERITIES}
    outcome = OUTCOMES.get(record.outcome, (record.outcome, ""))[0]
    told = f"错误 {waiting['error']}，警告 {waiting['warning']}" if record.outcome == "published" else _reason(record)
    return Message(
        run_id=record.run_id,
        outcome=record.outcome,
        title=f"provstat {office_clock(record.started_at)[:10]} {outcome}：{told}",
        text="\n".join(_lines(record, outcome, waiting)),
        errors=waiting["error"],
        warnings=waiting["warning"],
        release_id=record.release_id,
        report_file=record.report_file,
    )


def send(home: Home, settings: Settings, told: Message) -> list[str]:
    """Send a message to every channel that is configured.

    Returns:
        What could not be delivered and why, a sentence a channel.
    """
    failed = []
    for name, deliver in _channels(home, settings).items():
        try:
            deliver(told)
        except (ChannelError, SettingsError, OSError) as error:
            failed.append(f"消息未送达 alert not delivered ({name}): {error}")
    return failed


def _lines(record: NightRecord, outcome: str, waiting: dict[str, int]) -> list[str]:
    lines = [f"{outcome}（{office_clock(record.started_at)}）"]
    if record.as_of:
        lines.append(f"回溯至 as of {record.as_of}")
    if record.message:
        lines.append(f"原因 why: {_reason(record)}")
    if record.outcome == "published":
        counts = record.counts
        lines += [
            "待处理 open: " + "，".join(f"{word} {waiting[severity]}" for severity, word in SEVERITIES.items()),
            f"新 new {counts.get('findings_new', 0)}，重开 re-opened {counts.get('findings_reopened', 0)}，"
            f"关闭 closed {counts.get('findings_closed', 0)}",
            f"数字 figures {counts.get('figures', 0)}，拒收 rejected {counts.get('rejected', 0)}，"
            f"逾期未到 late {sum(record.late.values())}",
            f"版本 release {record.release_id}",
        ]
    lines += [f"注意 note: {remark}" for remark in record.remarks]
    if record.report_file:
        lines.append(f"报告 report: {record.report_file}")
    return [*lines, f"下一步 next: {next_step(record)}"]


def _waiting(record: NightRecord, severity: str) -> int:
    return sum(record.findings.get(severity, {}).get(status, 0) for status in OPEN_STATUSES)


def _reason(record: NightRecord) -> str:
    first = record.message.strip().splitlines()[0] if record.message.strip() else "原因不明 unknown"
    return first if len(first) <= _LONGEST_REASON else f"{first[:_LONGEST_REASON]}…"


def _channels(home: Home, settings: Settings) -> dict[str, Callable[[Message], None]]:
    webhook = os.environ.get(WEBHOOK_VARIABLE) or settings.alert_webhook
    server = os.environ.get(SMTP_VARIABLE) or settings.alert_smtp
    channels: dict[str, Callable[[Message], None]] = {"log": partial(_to_log, home)}
    if settings.alert_file:
        channels["file"] = partial(_to_file, Path(settings.alert_file))
    if webhook:
        channels["webhook"] = partial(_to_webhook, webhook)
    if server:
        channels["smtp"] = partial(_to_mail, server, settings.alert_from, settings.alert_to)
    return channels


def log_file(home: Home) -> Path:
    """The log to which each night's message is appended, one JSON object a line."""
    return home.logs / "alerts.jsonl"


def _to_log(home: Home, told: Message) -> None:
    with log_file(home).open("a", encoding="utf-8") as log:
        log.write(json.dumps(asdict(told), ensure_ascii=False) + "\n")


def _to_file(file: Path, told: Message) -> None:
    write_whole(file, f"{told.title}\n\n{told.text}\n")


def _to_webhook(address: str, told: Message) -> None:
    """Post the message as JSON, in the shape of WeCom's and DingTalk's robots, with our own fields beside it."""
    import requests  # here, because most installations have no webhook and nights start faster without
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    host = _host(address, ("http", "https")).hostname
    again = Retry(
        RETRIES,
        backoff_factor=1,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=None,
        respect_retry_after_header=False,  # a server could ask for hours
    )
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": f"{told.title}\n{told.text}"}, **_fields(told)}
    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=again))
            answer = session.post(address, json=body, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        # its text holds the address, and with it the key
        raise ChannelError(f"{host}: {type(error).__name__}") from None
    if not 200 <= answer.status_code < 300:
        raise ChannelError(f"{host}: HTTP {answer.status_code}")
    _accepted(str(host), answer.text[:10_000])


def _accepted(host: str, answer: str) -> None:
    """Robots refuse with status 200 and a code in the answer."""
    try:
        found = json.loads(answer)
    except ValueError:
        return
    code = found.get("errcode", 0) if isinstance(found, dict) else 0
    if code not in (0, "0"):
        raise ChannelError(f"{host}: errcode {str(code)[:20]}")


def _fields(told: Message) -> dict[str, Any]:
    return {name: value for name, value in asdict(told).items() if name != "text"}


def _to_mail(server: str, sender: str, receivers: str, told: Message) -> None:
    place = _host(server, ("smtp", "smtps"))
    to = [receiver.strip() for receiver in receivers.split(",") if receiver.strip()]
    if not sender or not to:
        raise ChannelError("alert_from 和 alert_to 都要写明 · alert_from and alert_to are both needed")
    mail = EmailMessage()
    try:
        mail["Subject"], mail["From"], mail["To"] = told.title, sender, ", ".join(to)
    except ValueError as error:
        raise ChannelError(f"alert_from, alert_to: {error}") from error
    mail.set_content(told.text)
    try:
        _deliver(place, mail)
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(f"{place.hostname}: {type(error).__name__}: {str(error)[:200]}") from error


def _deliver(place: SplitResult, mail: EmailMessage) -> None:
    """Over TLS from the start (smtps) or once the server offers it; a password never goes without."""
    host, secure = place.hostname or "", ssl.create_default_context()
    connect = partial(smtplib.SMTP_SSL, context=secure) if place.scheme == "smtps" else smtplib.SMTP
    with connect(host, place.port or (465 if place.scheme == "smtps" else 25), timeout=SECONDS) as server:
        server.ehlo()
        encrypted = place.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=secure)
            encrypted = True
        password = os.environ.get(PASSWORD_VARIABLE) or (unquote(place.password) if place.password else "")
        if place.username and password:
            if not encrypted:
                raise ChannelError(
                    f"{host} 不提供加密，不发送密码 · no TLS there: the password is not sent; use smtps://"
                )
            server.login(unquote(place.username), password)
        server.send_message(mail)


def _host(address: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        place = urlsplit(address)
        usable = place.scheme in schemes and bool(place.hostname) and (place.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ChannelError(f"地址无法识别，写成 {schemes[-1]}://… · the address is none")
    return place
