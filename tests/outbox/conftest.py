"""Mail servers and mail settings for the tests of the outbox."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.mail_server import MailServer, mail_servers


@pytest.fixture
def serve_mail() -> Iterator[Callable[..., MailServer]]:
    """`serve_mail(**options of aiosmtpd's SMTP)`: starts a server, returns its handler."""
    with mail_servers() as start:
        yield start


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
