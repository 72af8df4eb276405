"""A real mail server on the loopback interface that does what the test tells it."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What arrived, and how the server shall behave."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    as_sent: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    rcpt_answer: str = "250 OK"
    data_answer: str = "250 OK"
    dies_after_data: bool = False
    before_answer: Callable[[], object] = lambda: None

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.arrived.append(message_from_bytes(content, policy=default))
            self.as_sent.append(content)
            self.senders.append(envelope.mail_from or "")
            self.recipients.extend(envelope.rcpt_tos)
        self.before_answer()
        if self.dies_after_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.data_answer


def free_port() -> int:
    """A port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_servers() -> Iterator[Callable[..., MailServer]]:
    """`start(**options of aiosmtpd's SMTP)`: starts a server, returns its handler."""
    controllers: list[Controller] = []

    def start(**options: Any) -> MailServer:
        server = MailServer()
        server.port = free_port()
        controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
        controller.start()
        controllers.append(controller)
        return server

    yield start
    for controller in controllers:
        controller.stop()
