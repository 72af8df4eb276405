"""Mail servers on a bad day: they refuse the log-in, hang, lie about who they are, or die."""

import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app.extensions import now
from app.outbox import delivery, smtp
from app.outbox.delivery import deliver_due
from app.outbox.models import Message, MessageState, Problem
from app.outbox.service import (
    SecretLink,
    find_link_subject,
)
from tests.mail_server import MailServer, free_port
from tests.outbox.letters import make_due, part, queue

Mails = Callable[[], list[Message]]


def test_a_refused_log_in_is_our_fault_and_fails_no_mail(
    serve_mail: Callable[..., MailServer], mail_settings: Callable[..., None], mails: Mails
) -> None:
    server = serve_mail(
        authenticator=lambda *_: AuthResult(success=False, handled=False),
        auth_require_tls=False,
    )
    mail_settings(MAIL_PORT=server.port, MAIL_USERNAME="tagung", MAIL_PASSWORD="wrong")
    queue()
    queue()

    deliver_due()

    first, second = mails()
    assert (first.state, first.problem) == (MessageState.WAITING, Problem.SERVER)
    assert first.last_error is not None
    assert first.last_error.startswith("535")
    assert (second.state, second.attempts) == (MessageState.WAITING, 0)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # on the loopback interface only
def test_a_server_that_wants_a_log_in_is_our_fault_too(
    serve_mail: Callable[..., MailServer], mail_settings: Callable[..., None], mails: Mails
) -> None:
    server = serve_mail(
        authenticator=lambda *_: AuthResult(success=True),
        auth_require_tls=False,
        auth_required=True,
    )
    mail_settings(MAIL_PORT=server.port)
    queue()

    deliver_due()

    assert mails()[0].problem is Problem.SERVER
    make_due(mails()[0])
    mail_settings(MAIL_USERNAME="tagung", MAIL_PASSWORD="right")
    deliver_due()
    assert mails()[0].state is MessageState.SENT


def test_no_server_there_never_fails_a_mail_before_two_days(
    mail_settings: Callable[..., None], mails: Mails
) -> None:
    mail_settings(MAIL_PORT=free_port())
    queue()
    pauses = []
    for _ in range(6):
        make_due(mails()[0])
        deliver_due()
        (message,) = mails()
        assert (message.state, message.problem) == (MessageState.WAITING, Problem.SERVER)
        pauses.append(round((message.next_attempt_at - now()).total_seconds() / 60))

    assert pauses == [1, 5, 15, 15, 15, 15]


def test_a_secret_is_not_told_to_a_server_whose_certificate_is_not_trusted(
    serve_mail: Callable[..., MailServer],
    mail_settings: Callable[..., None],
    mails: Mails,
    tmp_path: Path,
) -> None:
    told = []

    def authenticate(*arguments: Any) -> AuthResult:
        told.append(arguments)
        return AuthResult(success=True)

    server = serve_mail(tls_context=self_signed(tmp_path), authenticator=authenticate)
    mail_settings(
        MAIL_PORT=server.port, MAIL_USE_TLS=True, MAIL_USERNAME="tagung", MAIL_PASSWORD="geheim"
    )
    queue()

    deliver_due()

    (message,) = mails()
    assert (message.state, message.problem) == (MessageState.WAITING, Problem.SERVER)
    assert "CERTIFICATE_VERIFY_FAILED" in (message.last_error or "")
    assert told == []


def self_signed(folder: Path) -> ssl.SSLContext:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2"
        " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1",
        shell=True,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class SmtpsController(Controller):
    """A server that speaks TLS from the first word."""

    def _trigger_server(self) -> None:
        """Wait for its first word, which the package's own way cannot in TLS."""
        with (
            socket.create_connection((self.hostname, self.port)) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1") as tls,
        ):
            tls.recv(1)


@pytest.mark.parametrize("tls", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_a_trusted_server_is_spoken_to_in_tls_either_way(
    serve_mail: Callable[..., MailServer],
    mail_settings: Callable[..., None],
    mails: Mails,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tls: str,
) -> None:
    context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    if tls == "MAIL_USE_TLS":
        server = serve_mail(tls_context=context, require_starttls=True)
        controller = None
    else:
        server = MailServer(port=free_port())
        controller = SmtpsController(
            server, hostname="127.0.0.1", port=server.port, ssl_context=context
        )
        controller.start()
    mail_settings(MAIL_PORT=server.port, **{tls: True})
    queue()

    deliver_due()

    if controller is not None:
        controller.stop()
    assert mails()[0].state is MessageState.SENT
    assert server.recipients == ["kim@example.org"]


def test_smtps_is_not_spoken_with_whom_nobody_vouches_for(
    mail_settings: Callable[..., None],
    mails: Mails,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = self_signed(tmp_path)
    server = MailServer(port=free_port())
    controller = SmtpsController(
        server, hostname="127.0.0.1", port=server.port, ssl_context=context
    )
    with monkeypatch.context() as trusting:
        trusting.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        controller.start()
    mail_settings(MAIL_PORT=server.port, MAIL_USE_SSL=True)
    queue()

    deliver_due()

    controller.stop()
    (message,) = mails()
    assert (message.state, message.problem) == (MessageState.WAITING, Problem.SERVER)
    assert "CERTIFICATE_VERIFY_FAILED" in (message.last_error or "")
    assert server.recipients == []


@pytest.fixture
def deaf_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_hanging_server_holds_the_worker_for_a_limited_time_only(
    deaf_server: int,
    mail_settings: Callable[..., None],
    mails: Mails,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "SEND_SECONDS", 0.5)
    mail_settings(MAIL_PORT=deaf_server)
    queue()
    queue()

    started = time.monotonic()
    deliver_due()

    assert time.monotonic() - started < 3
    first, second = mails()
    assert (first.state, first.problem) == (MessageState.WAITING, Problem.SERVER)
    assert second.attempts == 0


def test_a_server_that_hangs_at_the_end_is_left_too(
    mail_server: MailServer, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "SEND_SECONDS", 0.5)
    mail_server.before_answer = lambda: time.sleep(2)
    queue()

    started = time.monotonic()
    deliver_due()

    assert time.monotonic() - started < 1.8
    assert mails()[0].state is MessageState.WAITING


def test_the_time_for_one_mail_is_below_every_limit_that_ends_a_claim() -> None:
    seconds = timedelta(seconds=smtp.SEND_SECONDS)

    assert seconds <= timedelta(seconds=20)
    assert seconds < delivery.STALE_AT_START < delivery.STALE_AFTER


def test_a_server_dying_after_the_data_gets_the_same_mail_again(
    mail_server: MailServer, mails: Mails
) -> None:
    mail_server.dies_after_data = True
    link = SecretLink(purpose="registration", subject_id=7, path="/leipzig/registration/{token}")
    queue(link=link)
    deliver_due()
    assert mails()[0].state is MessageState.WAITING

    mail_server.dies_after_data = False
    make_due(mails()[0])
    deliver_due()

    assert mails()[0].state is MessageState.SENT
    first, second = mail_server.arrived
    assert first["Message-ID"] == second["Message-ID"]
    for letter in (first, second):  # whichever copy is read, its link works
        token = part(letter, "plain").strip().rsplit("/", 1)[1]
        assert find_link_subject("registration", token) == 7
