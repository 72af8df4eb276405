"""Giving feedback: once each, and so that nobody can tell who said what."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.models import AgendaSession
from app.agenda.timetable import Slot
from app.extensions import db, now
from app.feedback.models import Feedback, FeedbackGiven
from app.feedback.queries import has_given, is_asked
from app.refusals import Refused
from app.registration.models import Registration, Status


class NotOver(Refused):
    """The session still lasts, or has not begun."""


class NotAsked(Refused):
    """The person does not take part, or it is a break."""


class GivenAlready(Refused):
    """Each participant is asked once: what was said cannot be found again to change it."""


def give(
    registration: Registration, slot: Slot, *, rating: int, good: str = "", better: str = ""
) -> None:
    """Say something about a session of the shown release.

    Raises `NotAsked`, `NotOver` and `GivenAlready`.
    """
    if registration.status is not Status.CONFIRMED or not is_asked(slot.kind):
        raise NotAsked(_("Only participants can give feedback, on sessions."))
    if slot.ends > now():
        raise NotOver(_("You can give feedback once the session is over."))
    # One after the other: two at once would both find that nothing was given.
    db.session.execute(
        sa.select(AgendaSession.id).where(AgendaSession.id == slot.id).with_for_update()
    )
    if has_given(registration, slot.id):
        raise GivenAlready(_("You have already given feedback on this session."))
    keys = {"session_id": slot.id, "workshop_id": registration.workshop_id}
    db.session.add(Feedback(rating=rating, good=good, better=better, **keys))
    db.session.add(FeedbackGiven(registration_id=registration.id, **keys))
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        _write_anew(Feedback, slot.id)
        _write_anew(FeedbackGiven, slot.id)


def _write_anew(model: type[Feedback] | type[FeedbackGiven], session_id: int) -> None:
    """Store the session's rows once more, sorted by key.

    PostgreSQL keeps the number of the transaction that wrote a row (xmin) and where it lies
    (ctid). Written together and sorted, these tell nothing about who came when.
    """
    table: Any = model.__table__
    mine = table.c.session_id == session_id
    keys = table.primary_key.columns
    rows = db.session.execute(sa.select(table).where(mine).order_by(*keys)).mappings().all()
    db.session.execute(sa.delete(table).where(mine))
    db.session.execute(sa.insert(table), [dict(row) for row in rows])
