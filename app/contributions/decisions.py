"""What organisers do with a proposal: score it, discuss it, accept or decline it."""

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda.draft import service as agenda
from app.agenda.draft.queries import find_track
from app.agenda.models import AgendaSession, SessionKind, SessionPerson, SessionRole, Speaker
from app.contributions import mails
from app.contributions.models import BEST, WORST, Comment, Proposal, ProposalState, Score
from app.contributions.queries import scores_of
from app.contributions.service import DecidedAlready, lock, note
from app.extensions import db, now
from app.refusals import ChangedMeanwhile, Refused
from app.registration.models import Registration
from app.web.language import clock
from app.workshops.models import Workshop


class ScoreUnknown(Refused):
    """The score is none from 1 to 5."""


def score(proposal: Proposal, account_id: int, value: int | None) -> None:
    """Say how much this organiser wants the proposal; None takes the score back.

    Raises `ScoreUnknown`.
    """
    if value is not None and not WORST <= value <= BEST:
        raise ScoreUnknown(_("Choose an entry of the list."), field="score")
    lock(proposal.workshop_id, proposal.id)  # two sendings of the same form at once
    present = db.session.get(Score, (proposal.id, account_id))
    if value is None and present is not None:
        db.session.delete(present)
    elif present is not None and value is not None:
        present.score = value
    elif value is not None:
        db.session.add(Score(proposal_id=proposal.id, account_id=account_id, score=value))
    db.session.flush()


def comment(proposal: Proposal, account_id: int, text: str) -> None:
    """Say something about the proposal to the other organisers."""
    db.session.add(Comment(proposal_id=proposal.id, account_id=account_id, text=text))
    db.session.flush()


def average(proposal: Proposal) -> str:
    """The mean score in words: '4,3 von 5, aus 3 Bewertungen'; empty without any."""
    scores = scores_of(proposal).values()
    if not scores:
        return ""
    mean = mails.one_decimal(sum(scores) / len(scores))
    said: str = ngettext(
        "%(mean)s of 5, from %(num)s score",
        "%(mean)s of 5, from %(num)s scores",
        len(scores),
        mean=mean,
    )
    return said


def accept(
    workshop: Workshop,
    proposal_id: int,
    *,
    version: int,
    account_id: int,
    letter: mails.ProposalLetter | None = None,
) -> AgendaSession:
    """Make the proposal a session in the tray, and tell whoever proposed it.

    A declined one can still be accepted. Raises `DecidedAlready` and `ChangedMeanwhile`.
    """
    states = {ProposalState.SUBMITTED, ProposalState.DECLINED}
    proposal = _lock(workshop, proposal_id, version, states)
    topic = proposal.track_id and find_track(workshop.id, proposal.track_id)
    session = agenda.add_session(
        workshop,
        agenda.SessionDraft(
            kind=SessionKind.TALK,
            title=proposal.title,
            abstract=proposal.abstract,
            minutes=proposal.minutes,
            track_id=topic.id if topic else None,
            speakers=proposal.others,
        ),
    )
    if proposal.speaks_self:
        _let_speak(session, _speaker_of(proposal.registration))
    proposal.session_id = session.id
    _decide(proposal, ProposalState.ACCEPTED, account_id, letter)
    return session


def decline(
    workshop: Workshop,
    proposal_id: int,
    *,
    version: int,
    account_id: int,
    letter: mails.ProposalLetter | None = None,
) -> None:
    """Decline the proposal, and tell whoever proposed it.

    Raises `DecidedAlready` and `ChangedMeanwhile`.
    """
    proposal = _lock(workshop, proposal_id, version, {ProposalState.SUBMITTED})
    _decide(proposal, ProposalState.DECLINED, account_id, letter)


def _lock(
    workshop: Workshop, proposal_id: int, version: int, states: set[ProposalState]
) -> Proposal:
    proposal = lock(workshop.id, proposal_id)
    if proposal.state not in states:
        raise DecidedAlready(_what_was_decided(proposal, workshop))
    if proposal.version != version:
        raise ChangedMeanwhile(
            _("The proposal has changed meanwhile. Please read it once more before you decide.")
        )
    return proposal


def _what_was_decided(proposal: Proposal, workshop: Workshop) -> str:
    if proposal.decided_by is None or proposal.decided_at is None:
        return str(_("This proposal is decided or withdrawn already."))
    words = {"name": proposal.decided_by.name or proposal.decided_by.email}
    words["time"] = clock(proposal.decided_at, workshop.zone)
    if proposal.state is ProposalState.ACCEPTED:
        return str(_("%(name)s has accepted this proposal meanwhile, at %(time)s.", **words))
    return str(_("%(name)s has declined this proposal meanwhile, at %(time)s.", **words))


def _decide(
    proposal: Proposal, state: ProposalState, account_id: int, letter: mails.ProposalLetter | None
) -> None:
    proposal.state = state
    proposal.decided_at = now()
    proposal.decided_by_id = account_id
    db.session.flush()
    note(f"contribution.{state.value}", proposal)
    if letter is not None:
        mails.answer(proposal, letter)


def _speaker_of(registration: Registration) -> Speaker:
    """The speaker who is this participant: known as such, or by name, or new."""
    # Two proposals of the same person may be accepted at once.
    db.session.execute(
        sa.select(Registration.id).where(Registration.id == registration.id).with_for_update()
    )
    mine = sa.select(Speaker).where(Speaker.workshop_id == registration.workshop_id)
    known = db.session.scalar(mine.where(Speaker.registration_id == registration.id).limit(1))
    if known is not None:
        return known
    name, organisation = registration.full_name, registration.organisation_name
    speaker = db.session.scalar(
        mine.where(
            Speaker.registration_id.is_(None),
            Speaker.name == name,
            Speaker.organisation == organisation,
        ).limit(1)
    ) or Speaker(workshop_id=registration.workshop_id, name=name, organisation=organisation)
    speaker.registration_id = registration.id
    db.session.add(speaker)
    db.session.flush()
    return speaker


def _let_speak(session: AgendaSession, speaker: Speaker) -> None:
    """Put somebody first among the speakers."""
    if any(person.speaker_id == speaker.id for person in session.people):
        return
    session.people = [
        SessionPerson(
            session_id=session.id,
            workshop_id=session.workshop_id,
            speaker_id=speaker.id,
            role=SessionRole.SPEAKER,
        ),
        *session.people,
    ]
    for position, person in enumerate(session.people):
        person.position = position
    db.session.flush()
    db.session.expire(session, ["people"])
