"""What is kept of speakers after the period for contacts: their names in the agenda, no more."""

import sqlalchemy as sa

from app.agenda.models import Speaker
from app.extensions import db
from app.outbox.models import MailLink
from app.speakers.links import LINK_PURPOSE
from app.speakers.models import Concern, SessionFile
from app.workshops.models import Workshop


def forget_speakers(workshop: Workshop) -> dict[str, int]:
    """Delete addresses, links, messages and files of a workshop; how many speakers and files."""
    speakers = sa.select(Speaker.id).where(Speaker.workshop_id == workshop.id)
    db.session.execute(
        sa.delete(MailLink)
        .where(MailLink.purpose == LINK_PURPOSE, MailLink.subject_id.in_(speakers))
        .execution_options(synchronize_session="fetch")
    )
    db.session.execute(
        sa.delete(Concern)
        .where(Concern.workshop_id == workshop.id)
        .execution_options(synchronize_session="fetch")
    )
    files = db.session.execute(
        sa.delete(SessionFile)
        .where(SessionFile.workshop_id == workshop.id)
        .execution_options(synchronize_session="fetch")
    )
    known = sa.or_(
        Speaker.email != "", Speaker.registration_id.is_not(None), Speaker.invited_at.is_not(None)
    )
    forgotten = db.session.execute(
        sa.update(Speaker)
        .where(Speaker.workshop_id == workshop.id, known)
        .values(email="", registration_id=None, invited_at=None)
        .execution_options(synchronize_session="fetch")
    )
    return {
        "speakers": int(forgotten.rowcount),  # type: ignore[attr-defined]  # as an UPDATE's result
        "files": int(files.rowcount),  # type: ignore[attr-defined]  # as a DELETE's result
    }
