"""Handing mails over: to the mail server, or to a folder where there is none."""

import contextlib
import os
import smtplib
import ssl
import tempfile
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.outbox.forgetting import file_name
from app.outbox.models import Problem

SEND_SECONDS = 20.0
"""How long one mail may take, with everything that the server has to be asked."""

SMTPS_PORT = 465
"""The port where TLS comes before the first word (RFC 8314, 3.3)."""

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

    def send(self, letter: EmailMessage, recipient: str) -> None:
        """Hand over one mail. Raises `NotSent`."""

    def close(self) -> None:
        """Leave politely; must not fail."""


def open_postman(config: Mapping[str, Any]) -> Postman:
    """The postman of the settings. It connects with the first mail."""
    if config["MAIL_SERVER"]:
        return SmtpPostman(config)
    return FilePostman(Path(config["INSTANCE_DIR"]) / "mail")


class FilePostman:
    """Keeps mails as files that only their owner can read; a mail replaces its own older file."""

    keeps_files = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: EmailMessage, recipient: str) -> None:
        """Write the file; it appears as a whole or not at all."""
        name = file_name(letter["Message-ID"])
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self.folder)  # made with mode 0600
            with os.fdopen(handle, "wb") as file:
                file.write(letter.as_bytes(policy=SMTPUTF8))
                file.flush()
                os.fsync(file.fileno())
            Path(path).replace(self.folder / name)
        except OSError as error:
            raise NotSent(Problem.SERVER, error.strerror or "file not written") from error

    def close(self) -> None:
        """Nothing to do."""


class SmtpPostman:
    """Hands mails to the mail server over one connection."""

    keeps_files = False

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.connection: _Connection | _TlsConnection | None = None

    def send(self, letter: EmailMessage, recipient: str) -> None:
        """Hand over one mail, within `SEND_SECONDS` in all."""
        deadline = time.monotonic() + SEND_SECONDS
        try:
            if self.connection is None or self.connection.sock is None:
                self.connection = self._connect(deadline)
            self.connection.deadline = deadline
            self.connection.send_message(letter, to_addrs=[recipient])
        except Exception as error:
            failure = _understand(error)
            if failure.problem is Problem.SERVER:
                self._drop()
            raise failure from error

    def close(self) -> None:
        """Take leave of the server, which need not answer."""
        if self.connection is not None:
            self.connection.deadline = time.monotonic() + 2
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
            self._drop()

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _connect(self, deadline: float) -> "_Connection | _TlsConnection":
        server, port = self.config["MAIL_SERVER"], self.config["MAIL_PORT"]
        # Our name in the greeting; smtplib would ask the name service, which may hang.
        name = urlsplit(self.config["BASE_URL"]).hostname or "localhost"
        connection: _Connection | _TlsConnection
        if port == SMTPS_PORT:
            connection = _TlsConnection(name, context=ssl.create_default_context())
        else:
            connection = _Connection(name)
        connection.deadline = deadline
        try:
            connection.open(server, port)
            if self.config["MAIL_USE_TLS"] and port != SMTPS_PORT:
                connection.starttls(context=ssl.create_default_context())
            if self.config["MAIL_USERNAME"]:
                connection.login(self.config["MAIL_USERNAME"], self.config["MAIL_PASSWORD"] or "")
        except Exception as error:
            connection.close()
            # Whatever goes wrong before the first mail is between us and our server.
            raise NotSent(
                Problem.SERVER, _answer(error), code=getattr(error, "smtp_code", None)
            ) from error
        return connection


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


class _Connection(_Deadline, smtplib.SMTP):
    def __init__(self, name: str) -> None:
        super().__init__(local_hostname=name)


class _TlsConnection(_Deadline, smtplib.SMTP_SSL):
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
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
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
