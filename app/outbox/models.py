"""Mails that wait or went out, and the secret links in them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Instant, Model, now, stored_enum
from app.sorting import search_text


class MessageState(enum.StrEnum):
    """Where a mail is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # its secret link was revoked before it went out


class Outcome(enum.StrEnum):
    """What became of a mail, as people are told it: what was only kept as a file was not sent."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Problem(enum.StrEnum):
    """Why the last attempt did not succeed."""

    SERVER = "server"  # our own mail server: cannot be reached, refuses us, answers nothing
    POSTPONED = "postponed"  # the recipient's side asks to try again later
    REFUSED = "refused"  # the recipient's side will never take it
    ADDRESS = "address"  # no mail can be written to this address
    LINK_EXPIRED = "link_expired"  # too late: the link in it would be of no use


def _search_text(row: Any) -> str:
    """By what a new mail is found in the list: its recipient's address and name."""
    values = row.get_current_parameters()
    return search_text(values["recipient"], values.get("recipient_name") or "")


class Message(Model):
    """One mail to one person. Its text may hold `LINK_MARK` where a secret link will stand."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed_while_sending"
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint(
            "(link_purpose IS NULL) = (link_path IS NULL)"
            " AND (link_purpose IS NULL) = (link_subject_id IS NULL)",
            name="link_is_whole",
        ),
        sa.CheckConstraint("state <> 'failed' OR problem IS NOT NULL", name="failed_has_problem"),
        sa.Index("ix_outbox_messages_due", "state", "next_attempt_at"),
        sa.Index("ix_outbox_messages_workshop", "workshop_id", "created_at"),
        sa.Index("ix_outbox_messages_link", "link_purpose", "link_subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE")
    )
    recipient: Mapped[str] = mapped_column(sa.String(254))
    recipient_name: Mapped[str] = mapped_column(sa.String(200), default="")
    search_text: Mapped[str] = mapped_column(sa.Text, default=_search_text)
    reply_to: Mapped[str | None] = mapped_column(sa.String(254))
    # The name before the installation's address; empty: the installation's own.
    sender_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    # The same Message-ID at every attempt lets a mail server drop a second copy.
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    # A cause that must send one mail only, however often it is handled.
    once_key: Mapped[str | None] = mapped_column(sa.String(200), unique=True)

    # The secret link is drawn when the mail goes out; only its hash is ever stored.
    link_purpose: Mapped[str | None] = mapped_column(sa.String(40))
    link_subject_id: Mapped[int | None] = mapped_column()
    link_path: Mapped[str | None] = mapped_column(sa.String(200))
    link_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    # After this no mail may carry a link of this subject to this recipient any more.
    link_revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    state: Mapped[MessageState] = mapped_column(
        stored_enum(MessageState, "state"),
        default=MessageState.WAITING,
    )
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    next_attempt_at: Mapped[datetime] = mapped_column(Instant, default=now)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    # Set by the first attempt: when to stop trying.
    give_up_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    # No mail server is set: it was not sent but written to a file.
    kept_as_file: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[Problem | None] = mapped_column(stored_enum(Problem, "problem"))
    # What the mail server answered, in its own words.
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    # The mail that was sent again with this one.
    copy_of_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("outbox_messages.id", ondelete="SET NULL"), index=True
    )

    @hybrid_property
    def outcome(self) -> Outcome:
        """What became of it."""
        kept = self.kept_as_file and self.state is MessageState.SENT
        return Outcome.KEPT if kept else Outcome(self.state.value)

    @outcome.inplace.expression
    @classmethod
    def _outcome(cls) -> sa.ColumnElement[str]:
        kept = sa.and_(cls.kept_as_file, cls.state == MessageState.SENT)
        return sa.case((kept, Outcome.KEPT.value), else_=sa.cast(cls.state, sa.String))

    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="message", cascade="all, delete-orphan", passive_deletes=True
    )


class Attachment(Model):
    """A file that goes with a mail."""

    __tablename__ = "outbox_attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        sa.ForeignKey("outbox_messages.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(sa.String(100))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)

    message: Mapped[Message] = relationship(back_populates="attachments")


class MailLink(Model):
    """A secret link that was mailed: who holds the token may act for the subject."""

    __tablename__ = "outbox_links"
    __table_args__ = (sa.Index("ix_outbox_links_subject", "purpose", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int] = mapped_column()
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
