"""What the demonstration's people do with its programme: speak, sign up, wish, propose."""

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import Account
from app.agenda.draft.queries import list_sessions
from app.agenda.models import AgendaSession, SignUpMode, Speaker
from app.contributions import decisions
from app.contributions import service as contributions
from app.contributions.models import Proposal
from app.extensions import db, now
from app.registration.models import Registration, Status
from app.signup import service as sign_ups
from app.signup.wishes import set_wishes
from app.speakers.service import link
from app.workshops.models import Workshop

# So many take part in more than coming: enough to see waiting lists and a distribution.
_EAGER = 40
_PROPOSALS = (
    contributions.ProposalDraft(
        title="Vom Einsatzfoto zum Erklärbild",
        abstract="Wir zeigen an **drei Beispielen**, wie aus einem Foto eine Grafik wird.",
        minutes=45,
    ),
    contributions.ProposalDraft(
        title="Sprechstunde auf dem Marktplatz, live gesendet",
        abstract="Aufbau, Technik und was schiefging.",
        minutes=20,
    ),
    contributions.ProposalDraft(
        title="Ein Redaktionsplan für Feiertage",
        abstract="Eine Vorlage zum Mitnehmen, in zwei Jahren erprobt.",
        minutes=20,
    ),
)


def link_speakers(workshop: Workshop, speakers: dict[str, Registration]) -> None:
    """Those who speak are participants; `speakers` finds them by what the agenda says."""
    for speaker in db.session.scalars(sa.select(Speaker).filter_by(workshop_id=workshop.id)):
        link(speaker, speakers[speaker.label])


def take_part(workshop: Workshop) -> None:
    """Some pick sessions, take seats, and wish; the most wanted one gets a waiting list."""
    sessions = list_sessions(workshop.id)
    wishes = [s for s in sessions if s.sign_up is SignUpMode.WISHES]
    seats = [s for s in sessions if s.sign_up is SignUpMode.OPEN]
    for number, person in enumerate(_confirmed(workshop, _EAGER)):
        turn = [wishes[(number + step) % len(wishes)].id for step in range(2)]
        if number % 6:
            set_wishes(person, turn[0], first=turn[0], second=turn[1], any_other=number % 4 == 0)
        if number % 5 < 3:
            sign_ups.sign_up(person, seats[0].id)
        elif number % 5 == 3:
            sign_ups.sign_up(person, seats[1 + number % 3].id)
        if number % 4 == 0:
            sign_ups.sign_up(person, seats[-1].id)
        if number % 3 == 0:
            sign_ups.pick(person, _longest(sessions).id)


def propose(workshop: Workshop, organiser: Account) -> None:
    """A call that is open for two weeks, proposals, and one that is already in the tray."""
    contributions.change_call(
        workshop,
        contributions.CallDraft(
            opens_at=now() - timedelta(days=14),
            closes_at=now() + timedelta(days=14),
            intro="Was hat sich bei Ihnen bewährt? Zeigen Sie es den anderen.",
            lengths=[20, 45, 90],
        ),
        version=0,
    )
    made: list[Proposal] = []
    for person, draft in zip(_confirmed(workshop, len(_PROPOSALS)), _PROPOSALS, strict=False):
        made.append(contributions.propose(person, draft))
    for proposal, score in zip(made, (5, 4), strict=False):
        decisions.score(proposal, organiser.id, score)
        decisions.comment(proposal, organiser.id, "Passt gut zum ersten Tag.")
    if made:
        first = made[0]
        decisions.accept(workshop, first.id, version=first.version, account_id=organiser.id)


def _confirmed(workshop: Workshop, most: int) -> list[Registration]:
    query = sa.select(Registration).filter_by(workshop_id=workshop.id, status=Status.CONFIRMED)
    return list(db.session.scalars(query.order_by(Registration.id).limit(most)))


def _longest(sessions: list[AgendaSession]) -> AgendaSession:
    return max(sessions, key=lambda session: len(session.abstract))
