"""Commands on mail: queue it, send it again, and the secret links it carries."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.extensions import db, now
from app.outbox.models import Attachment, MailLink, Message, MessageState
from app.refusals import Refused

LINK_MARK = "[[link]]"
"""Stands in a mail's text where its secret link will be when it goes out."""

LINKS_AN_HOUR = 5
"""Mails with a link of one kind that strangers can have sent to one person."""

TOKEN_BYTES = 24
"""192 random bits: 32 characters in a link."""

QUEUED = "mail_queued"
"""The session's note that its transaction queued mail; the commit wakes the worker."""

COPIED = (
    *("workshop_id", "recipient", "recipient_name", "reply_to", "sender_name"),
    *("subject", "text", "html"),
    *("link_purpose", "link_subject_id", "link_path", "link_expires_at"),
)
"""What a mail that is sent again has in common with the first."""

VALID_LINK = (
    MailLink.token_hash == sa.bindparam("token_hash"),
    MailLink.purpose == sa.bindparam("purpose"),
    sa.or_(MailLink.expires_at.is_(None), MailLink.expires_at > sa.bindparam("at")),
)
"""What holds of the link that a token opens: the parameters are `token_hash`, `purpose`, `at`."""
_SUBJECT = sa.select(MailLink.subject_id).where(*VALID_LINK)


class CannotSend(Refused):
    """The mail is not in a state in which it can be sent, or sent again."""


@dataclass(frozen=True, kw_only=True)
class SecretLink:
    """A link to draw when the mail goes out. `path` holds `{token}`."""

    purpose: str
    subject_id: int
    path: str
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class File:
    """What to attach to a mail."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail to queue."""

    recipient: str
    subject: str
    text: str
    html: str
    sender_name: str = ""
    recipient_name: str = ""
    reply_to: str | None = None
    workshop_id: int | None = None
    link: SecretLink | None = None
    attachments: tuple[File, ...] = ()
    once_key: str | None = None


def queue_mail(
    *,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    sender_name: str = "",
    recipient_name: str = "",
    reply_to: str | None = None,
    workshop_id: int | None = None,
    link: SecretLink | None = None,
    attachments: tuple[File, ...] = (),
    once_key: str | None = None,
) -> Message:
    """Queue a mail in the present transaction; the worker sends it after the commit."""
    mail = Mail(
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        sender_name=sender_name,
        recipient_name=recipient_name,
        reply_to=reply_to,
        workshop_id=workshop_id,
        link=link,
        once_key=once_key,
    )
    return _queue(
        Message(**_columns(mail), attachments=[Attachment(**vars(f)) for f in attachments])
    )


def queue_mails(mails: Sequence[Mail]) -> None:
    """Queue many mails at once, as `queue_mail` does one; thousands take a second or two."""
    if not mails:
        return
    host = _host()
    rows = [{**_columns(mail), "message_id": make_msgid(domain=host)} for mail in mails]
    ids = db.session.scalars(
        sa.insert(Message).returning(Message.id, sort_by_parameter_order=True), rows
    )
    files = [
        {"message_id": message_id, **vars(file)}
        for message_id, mail in zip(ids, mails, strict=True)
        for file in mail.attachments
    ]
    if files:
        db.session.execute(sa.insert(Attachment), files)
    _flush_and_wake()


def _columns(mail: Mail) -> dict[str, Any]:
    link = mail.link
    return {
        "workshop_id": mail.workshop_id,
        "recipient": mail.recipient,
        "recipient_name": mail.recipient_name,
        "reply_to": mail.reply_to or None,
        "sender_name": mail.sender_name,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "once_key": mail.once_key,
        "link_purpose": link.purpose if link else None,
        "link_subject_id": link.subject_id if link else None,
        "link_path": link.path if link else None,
        "link_expires_at": link.expires_at if link else None,
    }


def _queue(message: Message) -> Message:
    message.message_id = make_msgid(domain=_host())
    db.session.add(message)
    _flush_and_wake()
    return message


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _flush_and_wake() -> None:
    db.session.flush()
    db.session().info[QUEUED] = True


def send_now(message: Message) -> None:
    """Try a waiting or failed mail at once, and go on trying as if it were new.

    Raises `CannotSend`.
    """
    _check_link(message)
    if message.state not in {MessageState.WAITING, MessageState.FAILED}:
        raise CannotSend(_("This e-mail is on its way or was sent already."))
    message.state = MessageState.WAITING
    message.next_attempt_at = now()
    message.give_up_at = None
    _flush_and_wake()


def send_again(message: Message) -> Message:
    """Queue a copy of a mail that was sent; what was sent stays as it is. Raises `CannotSend`."""
    _check_link(message)
    if message.state is not MessageState.SENT:
        raise CannotSend(_("Only an e-mail that was sent can be sent again."))
    on_its_way = sa.select(Message.id).where(
        Message.copy_of_id == message.id,
        Message.state.in_((MessageState.WAITING, MessageState.SENDING)),
    )
    if db.session.scalar(on_its_way.limit(1)) is not None:
        raise CannotSend(_("A copy of this e-mail is already on its way."))
    return _queue(
        Message(
            **{name: getattr(message, name) for name in COPIED},
            copy_of_id=message.id,
            attachments=[
                Attachment(filename=a.filename, content_type=a.content_type, content=a.content)
                for a in message.attachments
            ],
        )
    )


def _check_link(message: Message) -> None:
    if message.link_revoked_at is not None:
        raise CannotSend(_("The personal link in this e-mail is no longer valid."))
    if message.link_expires_at is not None and message.link_expires_at <= now():
        raise CannotSend(_("The personal link in this e-mail has expired."))


def draw_link(purpose: str, subject_id: int, *, expires_at: datetime | None = None) -> str:
    """A new secret token for the subject; only its hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        MailLink(
            purpose=purpose,
            subject_id=subject_id,
            token_hash=token_hash(token),
            expires_at=expires_at,
        )
    )
    db.session.flush()
    return token


def find_link_subject(purpose: str, token: str) -> int | None:
    """The subject that the token's holder may act for; None if unknown or expired."""
    values = {"token_hash": token_hash(token), "purpose": purpose, "at": now()}
    return db.session.scalar(_SUBJECT, values)


def revoke_links(purpose: str, subject_id: int) -> None:
    """Make every link of the subject useless, also those in mails that have not gone out yet.

    Mails with such a link that still wait are withdrawn; none of them can be sent again.
    """
    carrying = (
        Message.link_purpose == purpose,
        Message.link_subject_id == subject_id,
        Message.link_revoked_at.is_(None),
    )
    db.session.execute(
        sa.update(Message)
        .where(*carrying, Message.state == MessageState.WAITING)
        .values(state=MessageState.WITHDRAWN, link_revoked_at=now())
    )
    db.session.execute(sa.update(Message).where(*carrying).values(link_revoked_at=now()))
    # After the mails, which a worker holds while it draws a link: one drawn just now is seen.
    db.session.execute(
        sa.delete(MailLink).where(MailLink.purpose == purpose, MailLink.subject_id == subject_id)
    )


def may_mail_link(purpose: str, subject_id: int) -> bool:
    """Whether somebody unknown may cause one more mail with such a link within the hour."""
    since = now() - timedelta(hours=1)
    mailed = db.session.scalar(
        sa.select(sa.func.count()).where(
            Message.link_purpose == purpose,
            Message.link_subject_id == subject_id,
            Message.created_at > since,
        )
    )
    return (mailed or 0) < LINKS_AN_HOUR


def token_hash(token: str) -> str:
    """SHA-256 of a token. Tokens are long and random, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
