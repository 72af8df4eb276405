"""Releases: numbered, frozen versions of the agenda, of which the latest is shown."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from app.accounts.journal import record
from app.agenda.models import AgendaRelease
from app.agenda.queries import Agenda
from app.agenda.snapshot import Content, freeze, read_agenda
from app.extensions import db
from app.refusals import Refused
from app.workshops.models import Workshop


class NothingToRelease(Refused):
    """No session of the draft has a time."""


def release(
    workshop: Workshop, comment: str = "", *, account_id: int | None = None
) -> AgendaRelease:
    """Freeze the draft as the next release and show it. Raises `NothingToRelease`."""
    # Two at once would draw the same number; the workshop's row lets one after the other in.
    db.session.execute(sa.select(Workshop.id).where(Workshop.id == workshop.id).with_for_update())
    previous = latest_release(workshop)
    content = freeze(workshop, previous.content if previous else None)
    if not content["sessions"]:
        raise NothingToRelease(_("Add the first session before you publish the agenda."))
    made = AgendaRelease(
        workshop_id=workshop.id,
        number=previous.number + 1 if previous else 1,
        comment=comment,
        account_id=account_id,
        content=content,
    )
    db.session.add(made)
    db.session.flush()
    _set_released(workshop, made.released_at, "agenda.released")
    return made


def withdraw(workshop: Workshop) -> None:
    """Show no agenda until the next release."""
    _set_released(workshop, None, "agenda.withdrawn")


def latest_release(workshop: Workshop) -> AgendaRelease | None:
    """The newest release with its content, whether or not it is shown."""
    return db.session.scalar(
        sa.select(AgendaRelease)
        .where(AgendaRelease.workshop_id == workshop.id)
        .order_by(AgendaRelease.number.desc())
        .limit(1)
        .options(undefer(AgendaRelease.content))
    )


def find_release(workshop: Workshop, number: int) -> AgendaRelease | None:
    """The release of that number, with its content."""
    return db.session.scalar(
        sa.select(AgendaRelease)
        .filter_by(workshop_id=workshop.id, number=number)
        .options(undefer(AgendaRelease.content))
    )


def shown_release(workshop: Workshop) -> AgendaRelease | None:
    """The release that everybody sees, with its content; None while none is shown."""
    return latest_release(workshop) if workshop.agenda_released_at else None


def shown_content(workshop: Workshop) -> Content | None:
    """What the shown release holds; None while none is shown."""
    if workshop.agenda_released_at is None:
        return None
    content: Content | None = db.session.scalar(
        sa.select(AgendaRelease.content)
        .where(AgendaRelease.workshop_id == workshop.id)
        .order_by(AgendaRelease.number.desc())
        .limit(1)
    )
    return content


def find_released_agenda(workshop: Workshop, at: datetime | None = None) -> Agenda | None:
    """The agenda that everybody sees; None while none is shown."""
    content = shown_content(workshop)
    return read_agenda(content, workshop.zone, at) if content else None


def _set_released(workshop: Workshop, at: datetime | None, action: str) -> None:
    # Past the version column on purpose: a registration that takes a seat at the same moment
    # changes the workshop's row too, and neither concerns the other.
    db.session.execute(
        sa.update(Workshop).where(Workshop.id == workshop.id).values(agenda_released_at=at)
    )
    record(action, workshop_id=workshop.id, subject="workshop", subject_id=workshop.id)
