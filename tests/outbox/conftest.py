"""A real mail server on the loopback interface that does what the test tells it."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask


@dataclass
class MailServer:
    """What arrived, and how the server shall behave."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    rcpt_answer: str = "250 OK"
    data_answer: str = "250 OK"
    dies_after_data: bool = False
    before_answer: Callable[[], None] = lambda: None

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


@pytest.fixture
def serve_mail() -> Iterator[Callable[..., MailServer]]:
    """`serve_mail(**options of aiosmtpd's SMTP)`: starts a server, returns its handler."""
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


@pytest.fixture
def mail_settings(ctx: Flask) -> Iterator[Callable[..., None]]:
    """`mail_settings(MAIL_PORT=…)`: mail goes to that server until the test ends."""
    before = {name: value for name, value in ctx.config.items() if name.startswith("MAIL_")}

    def use(**settings: Any) -> None:
        ctx.config.update({"MAIL_SERVER": "127.0.0.1", **settings})

    yield use
    ctx.config.update(before)


@pytest.fixture
def mail_server(
    serve_mail: Callable[..., MailServer], mail_settings: Callable[..., None]
) -> MailServer:
    """A server that takes every mail, and is the one of the settings."""
    server = serve_mail()
    mail_settings(MAIL_PORT=server.port)
    return server
