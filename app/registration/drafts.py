"""Drafts: what each finished step of the form sent, kept until the whole is sent or a day is over.

Who holds the draft's token (it lives in the browser's session) may go on with it.
"""

import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.extensions import db, now
from app.outbox.service import token_hash
from app.registration.details import NO_NEEDS
from app.registration.models import Draft
from app.registration.steps import STEPS, Step
from app.workshops.models import Workshop

LIFETIME = timedelta(days=1)
LONGEST = 1000
"""Characters kept of a field that was not checked yet."""

_UNFINISHED = "unfinished-"
Sent = dict[str, list[str]]
_DRAFT = sa.select(Draft).where(
    Draft.workshop_id == sa.bindparam("workshop_id"),
    Draft.token_hash == sa.bindparam("token_hash"),
)
_DRAFT_TO_SEND = _DRAFT.with_for_update()


def find_draft(workshop: Workshop, token: str | None, *, lock: bool = False) -> Draft | None:
    """The draft of that token. Locked, a second sending waits until the first has ended."""
    if not token:
        return None
    values = {"workshop_id": workshop.id, "token_hash": token_hash(token)}
    return db.session.scalar(_DRAFT_TO_SEND if lock else _DRAFT, values)


def start_draft(workshop: Workshop) -> tuple[Draft, str]:
    """A new draft and its token."""
    token = secrets.token_urlsafe(24)
    draft = Draft(workshop_id=workshop.id, token_hash=token_hash(token), data={})
    db.session.add(draft)
    return draft, token


def save_step(draft: Draft, step: Step, sent: Sent) -> None:
    """Keep what a finished step has sent."""
    data = {**draft.data, step.name: sent}
    data.pop(_UNFINISHED + step.name, None)
    _write(draft, data)


def save_unfinished(draft: Draft, step: Step, sent: Sent) -> None:
    """Keep what was typed so far, unchecked; only what nobody may store yet is left out."""
    if "consent_needs" not in sent:
        sent = {name: values for name, values in sent.items() if name not in NO_NEEDS}
    kept = {name: [value[:LONGEST] for value in values] for name, values in sent.items()}
    _write(draft, {**draft.data, _UNFINISHED + step.name: kept})


def close_draft(draft: Draft, outcome: dict[str, Any]) -> None:
    """The whole is sent: what was typed is forgotten, what came of it is kept for the page."""
    draft.outcome = outcome
    _write(draft, {})


def next_step(draft: Draft | None) -> Step | None:
    """The first step that is not finished; None if all are."""
    done = draft.data if draft else {}
    return next((step for step in STEPS if step.name not in done), None)


def typed_in(draft: Draft, step: Step) -> MultiDict[str, str] | None:
    """What to fill the step's form with, finished or not; None if it was never sent."""
    sent = draft.data.get(_UNFINISHED + step.name, draft.data.get(step.name))
    return None if sent is None else MultiDict(sent)


def all_sent(draft: Draft) -> MultiDict[str, str]:
    """What all finished steps sent, as one form reads it."""
    sent: Sent = {}
    for step in STEPS:
        sent |= draft.data[step.name]
    return MultiDict(sent)


def email_in(draft: Draft | None) -> str:
    """The address that a finished step has sent; empty before that."""
    sent = (draft.data.get(step.name, {}).get("email") for step in STEPS) if draft else ()
    return next((str(values[0]) for values in sent if values), "")


def delete_old_drafts() -> int:
    """Forget drafts that nobody has touched for a day. Returns how many."""
    old = db.session.scalars(
        sa.delete(Draft).where(Draft.updated_at < now() - LIFETIME).returning(Draft.id)
    )
    return len(old.all())


def _write(draft: Draft, data: dict[str, Sent]) -> None:
    draft.data = data
    draft.updated_at = now()
    db.session.flush()
