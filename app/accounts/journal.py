"""The journal: who did what, when, and what changed.

`detail` may hold `name` (of a thing), `fields` (what changed) and `changes` (field → value before
and after, as JSON writes them). Values are kept of the workshop's own affairs, its settings and its
agenda. Of people only the fields are named: a journal must not outlive what it tells of them.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from flask_login import current_user
from sqlalchemy.orm import joinedload

from app.accounts.models import Account, JournalEntry
from app.extensions import db


def record(
    action: str,
    *,
    subject: str,
    subject_id: int | None = None,
    workshop_id: int | None = None,
    detail: dict[str, Any] | None = None,
    account_id: int | None = None,
) -> JournalEntry:
    """Note in the present transaction what an account does: the one named, else the signed-in one.

    Without either (personal link, command line, worker) the entry names no account.
    """
    signed_in = has_request_context() and current_user.is_authenticated
    entry = JournalEntry(
        action=action,
        subject=subject,
        subject_id=subject_id,
        workshop_id=workshop_id,
        account_id=account_id or (current_user.id if signed_in else None),
        detail=detail or {},
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def list_entries(
    *,
    workshop_id: int | None = None,
    subject: str | None = None,
    subject_id: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Sequence[JournalEntry]:
    """The latest entries first, of one workshop or one subject, with their accounts."""
    # The page shows who it was, not what they may do.
    query = sa.select(JournalEntry).options(
        joinedload(JournalEntry.account).lazyload(Account.memberships)
    )
    if workshop_id is not None:
        query = query.where(JournalEntry.workshop_id == workshop_id)
    if subject is not None:
        query = query.where(JournalEntry.subject == subject)
    if subject_id is not None:
        query = query.where(JournalEntry.subject_id == subject_id)
    query = query.order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def count_entries(workshop_id: int) -> int:
    """How many entries the journal of a workshop has."""
    query = sa.select(sa.func.count(JournalEntry.id)).where(JournalEntry.workshop_id == workshop_id)
    return db.session.scalar(query) or 0
