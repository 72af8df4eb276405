"""Speakers are forgotten with all other people: in the draft, in every release, with their files.

What was given and when stays; who spoke does not, nor what organisers noted freely: it could name
somebody. That a release is never changed ends here.
"""

from typing import Any

import sqlalchemy as sa

from app.agenda.models import AgendaEdit, AgendaImport, AgendaRelease, AgendaSession, Speaker
from app.extensions import db
from app.materials.models import SessionFile
from app.outbox.models import MailLink
from app.privacy.rows import delete_rows
from app.speakers.links import LINK_PURPOSE
from app.workshops.models import Workshop


def forget_speakers(workshop: Workshop) -> dict[str, int]:
    """Delete the speakers of a workshop with links, objections and files; how many of them."""
    speakers = sa.select(Speaker.id).where(Speaker.workshop_id == workshop.id)
    delete_rows(MailLink, MailLink.purpose == LINK_PURPOSE, MailLink.subject_id.in_(speakers))
    delete_rows(AgendaEdit, AgendaEdit.workshop_id == workshop.id)  # undo would bring them back
    for release in db.session.scalars(
        sa.select(AgendaRelease).where(AgendaRelease.workshop_id == workshop.id)
    ):
        release.content = _without_people(release.content)
        release.comment = ""
    db.session.execute(
        sa.update(AgendaSession)
        .where(AgendaSession.workshop_id == workshop.id, AgendaSession.notes != "")
        .values(notes="")
        .execution_options(synchronize_session="fetch")
    )
    delete_rows(AgendaImport, AgendaImport.workshop_id == workshop.id)
    files = delete_rows(SessionFile, SessionFile.workshop_id == workshop.id)
    return {"speakers": delete_rows(Speaker, Speaker.workshop_id == workshop.id), "files": files}


def _without_people(content: dict[str, Any]) -> dict[str, Any]:
    nobody: dict[str, Any] = {"people": []}
    return {
        **content,
        "speakers": [],
        "sessions": [{**entry, **nobody} for entry in content["sessions"]],
        "cancelled": [{**entry, **nobody} for entry in content["cancelled"]],
    }
