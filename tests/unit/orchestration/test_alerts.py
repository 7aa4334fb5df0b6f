"""One message a night: to the log always, to file, webhook and mail as configured; a failing channel is only said."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from orchestration import alerts
from orchestration.journal import NightRecord
from warehouse.home import Home
from warehouse.settings import Settings

SECRET = "key-918273"


@pytest.fixture(autouse=True)
def no_channels_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (alerts.WEBHOOK_VARIABLE, alerts.SMTP_VARIABLE, alerts.PASSWORD_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").ensure()


def night(outcome: str = "published", **given: Any) -> NightRecord:
    known: dict[str, Any] = {
        "run_id": "run-1",
        "home": "h",
        "started_at": "2026-01-04T18:00:00+00:00",
        "outcome": outcome,
        "findings": {"error": {"open": 2, "queried": 1, "accepted": 9}, "warning": {"open": 10_000}},
        "counts": {"findings_new": 3, "findings_closed": 1, "figures": 659, "rejected": 4},
        "release_id": "20260104T180000Z-run1" if outcome == "published" else None,
        "report_file": "reports/x.html",
    }
    return NightRecord(**{**known, **given})


@dataclass
class Inbox:
    """What a webhook of the tests got, and what it answers."""

    statuses: list[int] = field(default_factory=list)
    answer: bytes = b'{"errcode": 0}'
    bodies: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def webhook() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(inbox.statuses.pop(0) if inbox.statuses else 200)
            self.send_header("Retry-After", "3600")
            self.end_headers()
            self.wfile.write(inbox.answer)

        def log_message(self, *arguments: object) -> None:
            """Be silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    inbox.address = f"http://127.0.0.1:{server.server_port}/send?{SECRET}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield inbox
    server.shutdown()
    server.server_close()


class Mailbox:
    """What a mail server of the tests got."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@contextmanager
def mail_server(**options: Any) -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def test_a_night_is_one_message_with_numbers_and_no_findings(home: Home) -> None:
    told = alerts.message(night())
    assert told.title == "provstat 2026-01-05 已发布 published：错误 3，警告 10000"
    for words in ("新 new 3", "关闭 closed 1", "拒收 rejected 4", "reports/x.html", "provstat findings list"):
        assert words in told.text
    assert len(told.text) < 1000
    assert alerts.send(home, Settings(), told) == []
    (line,) = alerts.log_file(home).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["outcome"] == "published"


@pytest.mark.parametrize("outcome", ["held", "failed"])
def test_a_night_that_published_nothing_says_why(home: Home, outcome: str) -> None:
    told = alerts.message(night(outcome, message=f"gate balance: 3 figures lost\nTraceback {'x' * 5000}"))
    assert "gate balance: 3 figures lost" in told.title
    assert "未发布" in told.title
    assert "Traceback" not in told.text
    alerts.send(home, Settings(), told)
    assert json.loads(alerts.log_file(home).read_text(encoding="utf-8"))["outcome"] == outcome


def test_the_log_grows_and_the_file_holds_the_last_night(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "last.txt"
    for outcome in ("published", "held"):
        assert alerts.send(home, Settings(alert_file=str(file)), alerts.message(night(outcome, message="x"))) == []
    assert len(alerts.log_file(home).read_text(encoding="utf-8").splitlines()) == 2
    assert "已拦截" in file.read_text(encoding="utf-8")
    assert "已发布" not in file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["last.txt"]


def test_a_webhook_gets_one_json(home: Home, webhook: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    told = alerts.message(night())
    assert alerts.send(home, Settings(alert_webhook=webhook.address), told) == []
    (body,) = webhook.bodies
    assert body["msgtype"] == "text"
    assert told.title in body["text"]["content"]
    assert (body["outcome"], body["errors"], body["release_id"]) == ("published", 3, "20260104T180000Z-run1")
    # the environment wins over the settings
    monkeypatch.setenv(alerts.WEBHOOK_VARIABLE, webhook.address)
    assert alerts.send(home, Settings(alert_webhook="http://127.0.0.1:1/"), told) == []
    assert len(webhook.bodies) == 2


def test_a_webhook_that_is_overloaded_is_tried_again(home: Home, webhook: Inbox) -> None:
    webhook.statuses = [503]
    assert alerts.send(home, Settings(alert_webhook=webhook.address), alerts.message(night())) == []
    assert len(webhook.bodies) == 2


@pytest.mark.parametrize(
    ("statuses", "answer", "said"),
    [([404], b"", "HTTP 404"), ([302], b"", "HTTP 302"), ([], b'{"errcode": 93000, "errmsg": "x"}', "errcode 93000")],
)
def test_a_webhook_that_refuses_is_said(
    home: Home, webhook: Inbox, statuses: list[int], answer: bytes, said: str
) -> None:
    webhook.statuses, webhook.answer = statuses, answer
    (told,) = alerts.send(home, Settings(alert_webhook=webhook.address), alerts.message(night()))
    assert said in told
    assert "(webhook)" in told
    assert SECRET not in told
    assert len(webhook.bodies) == 1


@pytest.mark.parametrize("address", [f"http://127.0.0.1:1/{SECRET}", f"ftp://x/{SECRET}", f"http://[{SECRET}", "x"])
def test_a_webhook_that_cannot_be_reached_disturbs_nothing(
    home: Home, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "RETRIES", 0)
    settings = Settings(alert_webhook=address, alert_file=str(tmp_path / "last.txt"))
    (told,) = alerts.send(home, settings, alerts.message(night()))
    assert SECRET not in told
    assert (tmp_path / "last.txt").exists()
    assert alerts.log_file(home).exists()


def test_a_mail_arrives(home: Home) -> None:
    told = alerts.message(night())
    with mail_server() as (mailbox, port):
        settings = Settings(
            alert_smtp=f"smtp://127.0.0.1:{port}",
            alert_from="provstat@example.invalid",
            alert_to="a@example.invalid, b@example.invalid",
        )
        assert alerts.send(home, settings, told) == []
    ((receivers, mail),) = mailbox.mails
    assert receivers == ["a@example.invalid", "b@example.invalid"]
    assert mail["Subject"] == told.title
    assert "拒收 rejected 4" in mail.get_content()


def test_a_password_is_not_sent_in_the_clear(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def authenticate(*arguments: Any) -> AuthResult:
        given.append(arguments)
        return AuthResult(success=True)

    monkeypatch.setenv(alerts.PASSWORD_VARIABLE, SECRET)
    with mail_server(authenticator=authenticate, auth_require_tls=False) as (mailbox, port):
        settings = Settings(
            alert_smtp=f"smtp://provstat@127.0.0.1:{port}", alert_from="p@example.invalid", alert_to="a@example.invalid"
        )
        (told,) = alerts.send(home, settings, alerts.message(night()))
    assert ("smtps://" in told, SECRET in told, given, mailbox.mails) == (True, False, [], [])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"alert_smtp": "smtp://127.0.0.1:1", "alert_from": "p@x.invalid", "alert_to": "a@x.invalid"}, "127.0.0.1"),
        ({"alert_smtp": "smtp://127.0.0.1:1"}, "alert_to"),
        ({"alert_smtp": "mail", "alert_from": "p@x.invalid", "alert_to": "a@x.invalid"}, "smtps://"),
        (
            {"alert_smtp": "smtp://127.0.0.1:1", "alert_from": "a\nBcc: z@x.invalid", "alert_to": "a@x.invalid"},
            "alert_from",
        ),
        ({"alert_file": "/dev/null/none/x"}, "file"),
    ],
)
def test_a_channel_that_fails_is_said_and_the_log_written(home: Home, settings: dict[str, str], said: str) -> None:
    (told,) = alerts.send(home, Settings(**settings), alerts.message(night()))
    assert said in told
    assert "消息未送达" in told
    assert alerts.log_file(home).exists()
