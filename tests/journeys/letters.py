"""The mails that a journey's people get: without a mail server they are kept as files."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from app.outbox.delivery import deliver_due


def letters(app: Flask) -> list[EmailMessage]:
    """All mails so far, in the order of their delivery; what is due is delivered first."""
    with app.app_context():
        deliver_due()
    folder = Path(app.config["INSTANCE_DIR"]) / "mail"
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in paths]


def text(letter: EmailMessage) -> str:
    """What stands in a mail."""
    body = letter.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def link(letter: EmailMessage) -> str:
    """The address in a mail that belongs to its reader alone."""
    found = re.search(r"https?://\S+/(?:registration|speaker)/\S+", text(letter))
    assert found is not None, text(letter)
    return found[0]
