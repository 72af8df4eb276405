"""Speakers once the period for contacts is over."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app.agenda.models import AgendaRelease, AgendaSession, Speaker
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.materials.inspection import inspect
from app.materials.models import FileContent, SessionFile
from app.materials.service import add_file
from app.outbox.models import MailLink
from app.outbox.service import draw_link
from app.privacy.service import delete_overdue
from app.registration.models import Registration
from app.speakers import service
from app.speakers.links import LINK_PURPOSE
from app.speakers.models import Concern
from app.workshops.models import ConsentKind, Workshop
from tests.agenda.programme import add_session
from tests.factories import make_registration, make_workshop
from tests.materials import samples


def _fill(workshop: Workshop) -> tuple[Speaker, Speaker]:
    """A guest with a file, a note and a link; a participant who wants to be invited again."""
    session = add_session(workshop, "Lage im Netz", speakers="Ole Brandt\nMara Öz")
    guest, known = db.session.scalars(
        sa.select(Speaker).filter_by(workshop_id=workshop.id).order_by(Speaker.id)
    ).all()
    guest.email, guest.invited_at = "ole@example.org", now()
    service.link(known, make_registration(workshop, consents=frozenset({ConsentKind.MAILING})))
    add_file(workshop.id, session.id, inspect("a.png", samples.picture()), speaker=guest)
    draw_link(LINK_PURPOSE, guest.id)
    db.session.add(
        Concern(workshop_id=workshop.id, session_id=session.id, speaker_id=guest.id, text="Nein")
    )
    releases.release(workshop, "Ole Brandt spricht früher")
    session.notes = "Ole Brandt anrufen"
    db.session.commit()
    return guest, known


def test_the_agenda_stays_and_nobody_in_it(ctx: Flask, workshop: Workshop) -> None:
    guest, known = _fill(workshop)
    others, _ = _fill(make_workshop())

    assert delete_overdue(workshop, workshop.ends_on + timedelta(days=6 * 31)).keys() <= {
        "gate", "rooms", "needs",
    }  # fmt: skip
    assert (guest.email, known.registration_id is None) == ("ole@example.org", False)
    deleted = delete_overdue(workshop, workshop.ends_on + timedelta(days=6 * 31 + 1))

    assert (deleted["speakers"], deleted["files"]) == (2, 1)
    content = releases.shown_content(workshop)
    assert content is not None
    assert [(entry["title"], entry["people"]) for entry in content["sessions"]] == [
        ("Lage im Netz", [])
    ]
    notes = sa.select(AgendaSession.notes).order_by(AgendaSession.workshop_id)
    assert db.session.scalars(notes).all() == ["", "Ole Brandt anrufen"]
    assert {
        r.comment
        for r in db.session.scalars(sa.select(AgendaRelease).filter_by(workshop_id=workshop.id))
    } == {""}
    # All of the other workshop is there still.
    assert others.email == "ole@example.org"
    assert {s.workshop_id for s in db.session.scalars(sa.select(Speaker))} == {others.workshop_id}
    for model in (SessionFile, FileContent, Concern):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 1
    assert db.session.scalars(sa.select(MailLink.subject_id)).all() == [others.id]
    assert delete_overdue(workshop, workshop.ends_on + timedelta(days=6 * 31 + 2)) == {}


def test_an_erased_registration_lets_go_of_the_speaker(ctx: Flask, workshop: Workshop) -> None:
    _guest, known = _fill(workshop)
    db.session.execute(sa.delete(Registration).filter_by(id=known.registration_id))
    db.session.refresh(known)
    assert (known.name, known.registration_id) == ("Mara Öz", None)


def test_an_erased_workshop_leaves_no_file(ctx: Flask, workshop: Workshop) -> None:
    _fill(workshop)
    db.session.execute(sa.delete(AgendaSession).filter_by(workshop_id=workshop.id))
    for model in (SessionFile, FileContent, Concern):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
