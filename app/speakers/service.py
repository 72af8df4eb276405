"""Commands on speakers, by the desk and by themselves. They flush and never commit."""

import hashlib
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.models import AgendaSession, SessionPerson, Speaker
from app.agenda.timetable import Slot
from app.extensions import db, now
from app.materials.models import SessionFile
from app.outbox.service import revoke_links
from app.refusals import ChangedMeanwhile, DeletedMeanwhile, Refused
from app.registration.models import Registration
from app.speakers import mails
from app.speakers.links import LINK_PURPOSE
from app.speakers.models import Concern
from app.speakers.queries import addresses_of
from app.speakers.speaking import time_of
from app.workshops.models import Workshop


class AlreadyLinked(Refused):
    """Another speaker of the workshop is this participant."""


class HasSessions(Refused):
    """Somebody who speaks or chairs cannot be deleted."""


class NotTheSame(Refused):
    """Two entries with a registration each are two people."""


class NoAddress(Refused):
    """There is no address to send the link to."""


class SlotChanged(Refused):
    """The slot is not the one that was on the screen, or none at all."""


def change(
    speaker: Speaker, *, version: int, name: str, organisation: str, email: str, about: str
) -> None:
    """Change what the desk knows. A guest's new address ends the links that the old one got.

    Raises `ChangedMeanwhile`.
    """
    _lock(speaker)
    if speaker.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this meanwhile."))
    if email != speaker.email:
        _end_access(speaker)
    renamed = (name, organisation) != (speaker.name, speaker.organisation)
    values = {"name": name, "organisation": organisation, "email": email, "about": about}
    changed = sorted(key for key, value in values.items() if getattr(speaker, key) != value)
    for key in changed:
        setattr(speaker, key, values[key])
    if renamed:
        _touch_sessions(speaker)
    db.session.flush()
    if changed:
        _note("speakers.changed", speaker, fields=changed)


def link(speaker: Speaker, registration: Registration) -> None:
    """The speaker is this participant, and is written to at that address from now on.

    Raises `AlreadyLinked`.
    """
    # One at a time: two speakers must not become the same participant.
    db.session.refresh(registration, with_for_update=True)
    _lock(speaker)
    if speaker.registration_id == registration.id:
        return
    other = db.session.scalar(
        sa.select(Speaker.name).where(
            Speaker.workshop_id == speaker.workshop_id,
            Speaker.registration_id == registration.id,
        )
    )
    if other is not None:
        raise AlreadyLinked(
            _("“%(name)s” is this person already. Join the two entries instead.", name=other),
            field="registration_id",
        )
    _end_access(speaker)
    speaker.registration_id = registration.id
    speaker.email = ""
    db.session.flush()
    _note("speakers.linked", speaker, registration=registration.id)


def unlink(speaker: Speaker) -> None:
    """The speaker is not this participant after all. Twice does nothing."""
    _lock(speaker)
    if speaker.registration_id is None:
        return
    speaker.registration_id = None
    speaker.invited_at = None
    db.session.flush()
    _note("speakers.unlinked", speaker)


def merge(kept: Speaker, other: Speaker) -> None:
    """Two entries are one person: `kept` takes over all that is the other's, which is deleted.

    Raises `NotTheSame`.
    """
    for speaker in sorted((kept, other), key=lambda s: s.id):  # always in the same order
        _lock(speaker)
    if kept.registration_id and other.registration_id:
        raise NotTheSame(
            _("Both entries belong to a registration. Undo one of the links before."),
            field="other_id",
        )
    if other.registration_id or (other.email and not kept.email and not kept.registration_id):
        _end_access(kept)
        kept.registration_id = kept.registration_id or other.registration_id
        kept.email = "" if kept.registration_id else other.email
    kept.organisation = kept.organisation or other.organisation
    kept.about = kept.about or other.about
    _touch_sessions(other)
    _move_sessions(other, kept)
    db.session.execute(
        sa.update(SessionFile).where(SessionFile.speaker_id == other.id).values(speaker_id=kept.id)
    )
    revoke_links(LINK_PURPOSE, other.id)
    db.session.flush()
    _note("speakers.merged", kept, other=other.id)
    db.session.delete(other)
    db.session.flush()


def delete(speaker: Speaker) -> None:
    """Delete somebody who neither speaks nor chairs. Raises `HasSessions`."""
    _lock(speaker)
    speaks = (
        sa.select(SessionPerson.session_id)
        .join(AgendaSession, AgendaSession.id == SessionPerson.session_id)
        .where(SessionPerson.speaker_id == speaker.id, AgendaSession.deleted_at.is_(None))
    )
    if db.session.scalar(speaks.limit(1)) is not None:
        raise HasSessions(_("This person is in the agenda. Change the sessions before."))
    revoke_links(LINK_PURPOSE, speaker.id)
    _note("speakers.deleted", speaker)
    db.session.delete(speaker)
    db.session.flush()


def invite(workshop: Workshop, speakers: list[Speaker]) -> int:
    """Mail them the link to their page; how many have an address. Raises `NoAddress` if none."""
    addresses = addresses_of(workshop.id)
    reached = [speaker for speaker in speakers if speaker.id in addresses]
    if not reached:
        raise NoAddress(_("There is no e-mail address. Enter one, or link a registration."))
    mails.access(workshop, [(speaker, addresses[speaker.id]) for speaker in reached])
    for speaker in reached:
        speaker.invited_at = now()
        _note("speakers.invited", speaker)
    db.session.flush()
    return len(reached)


def confirm(speaker: Speaker, slot: Slot | None, *, seen: str) -> None:
    """The speaker confirms a slot of the shown release; `seen` is its `time_of` on the screen.

    Settles what was said against it. Raises `SlotChanged`.
    """
    _lock(speaker)
    people = _roles(speaker, slot.id) if slot else []
    if slot is None or time_of(slot) != seen or not people:
        raise SlotChanged(_("This slot has changed meanwhile. Please look at it again."))
    for person in people:
        person.confirmed_at = now()
        person.confirmed_starts_at = slot.starts
        person.confirmed_ends_at = slot.ends
    settle(speaker, slot.id)
    db.session.flush()
    _note("speakers.confirmed", speaker, session=slot.id)


def object_to(workshop: Workshop, speaker: Speaker, slot: Slot, text: str) -> None:
    """The slot does not suit: a note for the desk, and a mail to the organisers."""
    _lock(speaker)
    for person in _roles(speaker, slot.id):
        person.confirmed_at = person.confirmed_starts_at = person.confirmed_ends_at = None
    concern = db.session.get(Concern, (slot.id, speaker.id))
    if concern is not None and concern.text == text:
        return
    if concern is None:
        concern = Concern(session_id=slot.id, speaker_id=speaker.id, workshop_id=workshop.id)
        db.session.add(concern)
    concern.text = text
    concern.told_at = now()
    db.session.flush()
    _note("speakers.objected", speaker, session=slot.id)
    mails.concern(workshop, speaker, slot, text)


def settle(speaker: Speaker, session_id: int) -> None:
    """What somebody said against a slot is dealt with. Twice does nothing."""
    _lock(speaker)
    concern = db.session.get(Concern, (session_id, speaker.id))
    if concern is not None:
        db.session.delete(concern)
        db.session.flush()
        _note("speakers.settled", speaker, session=session_id)


def change_abstract(session: AgendaSession, speaker: Speaker, text: str, *, seen: str) -> bool:
    """A speaker corrects the description in the draft; says whether that changed anything.

    `seen` is the `fingerprint` of the text on the screen: that the session was moved meanwhile
    is no conflict. Raises `ChangedMeanwhile`.
    """
    db.session.refresh(session, with_for_update=True)
    if fingerprint(session.abstract) != seen:
        raise ChangedMeanwhile(_("Somebody else has changed this text meanwhile."))
    if session.abstract == text:
        return False
    session.abstract = text
    db.session.flush()
    record(
        "speakers.text_changed",
        workshop_id=session.workshop_id,
        subject="session",
        subject_id=session.id,
        detail={"name": session.title, "speaker": speaker.id, "fields": ["abstract"]},
    )
    return True


def change_about(speaker: Speaker, text: str, *, seen: str) -> bool:
    """A speaker corrects what is said about them. As `change_abstract`."""
    _lock(speaker)
    if fingerprint(speaker.about) != seen:
        raise ChangedMeanwhile(_("Somebody else has changed this text meanwhile."))
    if speaker.about == text:
        return False
    speaker.about = text
    db.session.flush()
    _note("speakers.changed", speaker, fields=["about"])
    return True


def fingerprint(text: str) -> str:
    """Tells one version of a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lock(speaker: Speaker) -> None:
    """One command on a speaker at a time. Raises `DeletedMeanwhile`."""
    try:
        db.session.refresh(speaker, with_for_update=True)
    except sa.exc.InvalidRequestError:
        raise DeletedMeanwhile(_("Somebody else has deleted this meanwhile.")) from None


def _end_access(speaker: Speaker) -> None:
    """Links to the page went to somebody who is written to no longer."""
    revoke_links(LINK_PURPOSE, speaker.id)
    speaker.invited_at = None


def _roles(speaker: Speaker, session_id: int) -> list[SessionPerson]:
    query = sa.select(SessionPerson).filter_by(speaker_id=speaker.id, session_id=session_id)
    return list(db.session.scalars(query))


def _touch_sessions(speaker: Speaker) -> None:
    """Who is in a session is part of it: forms of it that are open elsewhere are overtaken."""
    query = (
        sa.select(AgendaSession)
        .join(SessionPerson, SessionPerson.session_id == AgendaSession.id)
        .where(SessionPerson.speaker_id == speaker.id)
        .order_by(AgendaSession.id)
        .with_for_update(of=AgendaSession)
    )
    for session in db.session.scalars(query).unique().all():
        session.updated_at = now()
        record(
            "agenda.session_changed",
            workshop_id=session.workshop_id,
            subject="session",
            subject_id=session.id,
            detail={"name": session.title, "fields": ["speakers"]},
        )


def _move_sessions(other: Speaker, kept: Speaker) -> None:
    """Give all roles of one to the other, those that both have once."""
    both = {
        (p.session_id, p.role)
        for p in db.session.scalars(sa.select(SessionPerson).filter_by(speaker_id=kept.id))
    }
    for person in db.session.scalars(sa.select(SessionPerson).filter_by(speaker_id=other.id)).all():
        if (person.session_id, person.role) not in both:
            person.speaker_id = kept.id
    objected = sa.select(Concern.session_id).where(Concern.speaker_id == kept.id)
    db.session.execute(
        sa.update(Concern)
        .where(Concern.speaker_id == other.id, Concern.session_id.not_in(objected))
        .values(speaker_id=kept.id)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    db.session.expire_all()


def _note(action: str, speaker: Speaker, **detail: Any) -> None:
    record(
        action,
        workshop_id=speaker.workshop_id,
        subject="speaker",
        subject_id=speaker.id,
        detail=detail,
    )
