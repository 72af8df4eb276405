"""Commands on mail: queue it, send it again, and the secret links it carries."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db, now
from app.outbox.models import Attachment, MailLink, Message

LINK_MARK = "[[link]]"
"""Stands in a mail's text where its secret link will be when it goes out."""

TOKEN_BYTES = 24
"""192 random bits: 32 characters in a link."""


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


def queue_mail(
    *,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    recipient_name: str = "",
    reply_to: str | None = None,
    workshop_id: int | None = None,
    link: SecretLink | None = None,
    attachments: tuple[File, ...] = (),
    once_key: str | None = None,
) -> Message:
    """Queue a mail in the present transaction; the worker sends it after the commit."""
    message = Message(
        workshop_id=workshop_id,
        recipient=recipient,
        recipient_name=recipient_name,
        reply_to=reply_to,
        subject=subject,
        text=text,
        html=html,
        once_key=once_key,
        message_id=make_msgid(domain=current_app.config["BASE_URL"].split("://")[-1].split(":")[0]),
        link_purpose=link.purpose if link else None,
        link_subject_id=link.subject_id if link else None,
        link_path=link.path if link else None,
        link_expires_at=link.expires_at if link else None,
        attachments=[
            Attachment(filename=f.filename, content_type=f.content_type, content=f.content)
            for f in attachments
        ],
    )
    db.session.add(message)
    db.session.flush()
    db.session().info["mail_queued"] = True
    return message


@event.listens_for(Session, "after_commit")
def _wake_worker(session: Session) -> None:
    """Tell the worker that mail waits. A lost call is harmless: it also looks by itself."""
    if session.info.pop("mail_queued", False):
        from app.outbox import tasks

        tasks.wake()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("mail_queued", None)


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
    return db.session.scalar(
        sa.select(MailLink.subject_id).where(
            MailLink.token_hash == token_hash(token),
            MailLink.purpose == purpose,
            sa.or_(MailLink.expires_at.is_(None), MailLink.expires_at > now()),
        )
    )


def revoke_links(purpose: str, subject_id: int) -> None:
    """Make every link of the subject useless."""
    db.session.execute(
        sa.delete(MailLink).where(MailLink.purpose == purpose, MailLink.subject_id == subject_id)
    )


def token_hash(token: str) -> str:
    """SHA-256 of a token. Tokens are long and random, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
