"""What the tests of delivery do with mails: queue one, make it due, read what arrived."""

from email.message import EmailMessage
from typing import Any

from app.extensions import db, now
from app.outbox.models import Message
from app.outbox.service import (
    queue_mail,
)


def queue(**values: Any) -> Message:
    message = queue_mail(
        **{
            "recipient": "kim@example.org",
            "recipient_name": "Kim Beispiel",
            "subject": "Ihre Anmeldung",
            "text": "Guten Tag,\n\nÄpfel und Öfen: [[link]]\n",
            "html": "<p>Äpfel und Öfen: <a href='[[link]]'>Link</a></p>",
            **values,
        }
    )
    db.session.commit()
    return message


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def make_due(message: Message) -> None:
    message.next_attempt_at = now()
    db.session.commit()
