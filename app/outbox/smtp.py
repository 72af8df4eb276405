"""Handing mails over: to the mail server, or to a folder where there is none."""

import contextlib
import os
import smtplib
import ssl
import tempfile
import time
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import flask_mail
from flask import Flask

from app.outbox.forgetting import file_name
from app.outbox.letters import Letter, sender_address
from app.outbox.models import Problem

SEND_SECONDS = 20.0
"""How long one mail may take, with everything that the server has to be asked."""

AUTHENTICATION_CODES = {530, 534, 535, 538}
CLOSING = 421
TOO_LARGE = 552


class NotSent(Exception):  # noqa: N818 - a fact about the mail
    """The mail was not handed over. `answer` is what the other side said."""

    def __init__(self, problem: Problem, answer: str, *, code: int | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.answer = " ".join(answer.split())[:500]
        self.code = code


class Postman(Protocol):
    """Takes mails away, one after another."""

    keeps_files: bool

    def hand_over(self, letter: Letter) -> None:
        """Send or keep one mail. Raises `NotSent`."""

    def close(self) -> None:
        """Leave politely; must not fail."""


def open_postman(config: Mapping[str, Any]) -> Postman:
    """The postman of the settings. It connects with the first mail."""
    if config["MAIL_SERVER"]:
        return SmtpPostman(config)
    return FilePostman(Path(config["INSTANCE_DIR"]) / "mail")


def init_mail(app: Flask) -> None:
    """Start Flask-Mail. Raises ValueError if mails cannot come from the address of the settings."""
    flask_mail.Mail(app)
    try:
        sender_address(parseaddr(app.config["MAIL_DEFAULT_SENDER"])[1])
    except ValueError as error:
        raise ValueError("MAIL_DEFAULT_SENDER is not an e-mail address") from error


class FilePostman:
    """Keeps mails as files that only their owner can read; a mail replaces its own older file."""

    keeps_files = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hand_over(self, letter: Letter) -> None:
        """Write the file; it appears as a whole or not at all."""
        name = file_name(letter.msgId)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self.folder)  # made with mode 0600
            with os.fdopen(handle, "wb") as file:
                file.write(letter.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            Path(path).replace(self.folder / name)
        except OSError as error:
            raise NotSent(Problem.SERVER, error.strerror or "file not written") from error

    def close(self) -> None:
        """Nothing to do."""


class SmtpPostman(flask_mail.Connection):
    """Flask-Mail's connection to the mail server, with a limit of time and the server's reasons."""

    keeps_files = False
    host: "_Host | _TlsHost | None"

    def __init__(self, config: Mapping[str, Any]) -> None:
        settings = flask_mail.Mail().init_mail(dict(config))
        super().__init__(settings)  # type: ignore[arg-type]  # what `Mail.connect` gives it too
        # Our name in the greeting; smtplib would ask the name service, which may hang.
        self.own_name = urlsplit(config["BASE_URL"]).hostname or "localhost"
        self.deadline = 0.0

    def hand_over(self, letter: Letter) -> None:
        """Send one mail, within `SEND_SECONDS` in all."""
        self.deadline = time.monotonic() + SEND_SECONDS
        try:
            if self.host is None or self.host.sock is None:
                self.host = self.configure_host()
            self.host.deadline = self.deadline
            self.send(letter)
        except Exception as error:
            failure = _understand(error)
            if failure.problem is Problem.SERVER:
                self._drop()
            raise failure from error

    def configure_host(self) -> "_Host | _TlsHost":
        """Connect, encrypt and log in. Raises `NotSent`."""
        mail, context = self.mail, ssl.create_default_context()
        host = _TlsHost(self.own_name, context=context) if mail.use_ssl else _Host(self.own_name)
        host.deadline = self.deadline
        try:
            host.open(mail.server, mail.port)
            if mail.use_tls and not mail.use_ssl:
                host.starttls(context=context)
            if mail.username:
                host.login(mail.username, mail.password or "")
        except Exception as error:
            host.close()
            # Whatever goes wrong before the first mail is between us and our server.
            raise NotSent(
                Problem.SERVER, _answer(error), code=getattr(error, "smtp_code", None)
            ) from error
        return host

    def close(self) -> None:
        """Take leave of the server, which need not answer."""
        if self.host is not None:
            self.host.deadline = time.monotonic() + 2
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.host.quit()
            self._drop()

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
            self.host = None


class _Deadline:
    """Lets every wait for the server end at one instant, so that no server can hold us longer."""

    deadline: float
    sock: Any

    def _limit(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if self.sock:
            self.sock.settimeout(left)
        return left

    def send(self, s: Any) -> None:
        self._limit()
        super().send(s)  # type: ignore[misc]  # the other base is smtplib's

    def getreply(self) -> tuple[int, bytes]:
        self._limit()
        reply: tuple[int, bytes] = super().getreply()  # type: ignore[misc]  # as above
        return reply

    def open(self: Any, server: str, port: int) -> None:
        self._host = server  # the name that the certificate must bear
        self.timeout = self._limit()
        code, answer = self.connect(server, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)


class _Host(_Deadline, smtplib.SMTP):
    def __init__(self, name: str) -> None:
        super().__init__(local_hostname=name)


class _TlsHost(_Deadline, smtplib.SMTP_SSL):
    def __init__(self, name: str, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=name, context=context)


def _understand(error: Exception) -> NotSent:
    """Whose fault it is decides whether, and when, to try again."""
    if isinstance(error, NotSent):
        return error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, answer), *_others = error.recipients.values()
        return _by_code(code, f"{code} {_text(answer)}")
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, _answer(error))
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == TOO_LARGE:
        return NotSent(Problem.REFUSED, _answer(error), code=error.smtp_code)
    if isinstance(error, ValueError):
        return NotSent(Problem.ADDRESS, _answer(error))
    if isinstance(error, OSError):  # smtplib's own errors are OSErrors too
        return NotSent(Problem.SERVER, _answer(error), code=getattr(error, "smtp_code", None))
    raise error


def _by_code(code: int, answer: str) -> NotSent:
    if code == CLOSING or code in AUTHENTICATION_CODES:
        return NotSent(Problem.SERVER, answer, code=code)
    problem = Problem.REFUSED if 500 <= code < 600 else Problem.POSTPONED
    return NotSent(problem, answer, code=code)


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
