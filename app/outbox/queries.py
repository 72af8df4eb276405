"""Reads about mail, for the desk."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only, selectinload

from app.extensions import db
from app.outbox.models import Attachment, Message, Outcome
from app.sorting import search_words
from app.web.paging import turn_to

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class MessagePage:
    """One page of a list of mails; their texts are not loaded."""

    messages: list[Message]
    page: int
    pages: int


def list_messages(
    workshop_id: int, *, outcome: Outcome | None = None, search: str = "", page: int = 1
) -> MessagePage:
    """A workshop's mails, newest first. `search`: words of a recipient's address or name."""
    chosen = _of_workshop(workshop_id, search)
    if outcome is not None:
        chosen = chosen.where(Message.outcome == outcome.value)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    at = turn_to(page, total=total, size=PAGE_SIZE)
    messages = db.session.scalars(
        chosen.options(
            load_only(
                *(Message.recipient, Message.recipient_name, Message.subject, Message.created_at),
                *(Message.state, Message.kept_as_file, Message.next_attempt_at, Message.attempts),
            )
        )
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(PAGE_SIZE)
        .offset(at.offset)
    )
    return MessagePage(messages=list(messages), page=at.page, pages=at.pages)


def count_messages(workshop_id: int, *, search: str = "") -> dict[Outcome, int]:
    """How many mails of a workshop came to what, zeros included."""
    chosen = _of_workshop(workshop_id, search).with_only_columns(Message.outcome.label("outcome"))
    counted = chosen.subquery()
    rows = db.session.execute(
        sa.select(counted.c.outcome, sa.func.count()).group_by(counted.c.outcome)
    )
    return dict.fromkeys(Outcome, 0) | {Outcome(outcome): count for outcome, count in rows}


def find_message(workshop_id: int, message_id: int) -> Message | None:
    """A mail of this workshop."""
    return db.session.scalar(
        sa.select(Message)
        .where(Message.id == message_id, Message.workshop_id == workshop_id)
        .options(selectinload(Message.attachments).load_only(Attachment.filename))
    )


def list_copies(message: Message) -> list[Message]:
    """The mails that sent this one again, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Message).where(Message.copy_of_id == message.id).order_by(Message.id)
        )
    )


def _of_workshop(workshop_id: int, search: str) -> sa.Select[Message]:
    chosen = sa.select(Message).where(Message.workshop_id == workshop_id)
    words = search_words(search)
    if search and not words:  # signs alone are in nobody's name
        return chosen.where(sa.false())
    return chosen.where(*(Message.search_text.contains(w, autoescape=True) for w in words))
