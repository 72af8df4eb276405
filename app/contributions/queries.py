"""Reads about the call for contributions and the proposals."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Account
from app.contributions.models import Call, Comment, Proposal, ProposalState, Score
from app.extensions import db, now
from app.registration.models import Registration

_CALLS = Call.__table__.c  # without the mapping: this is asked for every visitor
_OPEN = sa.select(_CALLS.opens_at, _CALLS.closes_at).where(
    _CALLS.workshop_id == sa.bindparam("workshop_id")
)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in the organisers' list."""

    proposal: Proposal
    average: float | None
    own_score: int | None
    comments: int

    @property
    def lacks_own_score(self) -> bool:
        """Whether this organiser is asked what they think of it."""
        return self.own_score is None and self.proposal.state is ProposalState.SUBMITTED


def get_call(workshop_id: int) -> Call:
    """The workshop's call; a closed one that is not stored yet where there is none."""
    return db.session.get(Call, workshop_id) or Call(
        workshop_id=workshop_id, intro="", lengths=[20, 45, 90], version=0
    )


def written_call(workshop_id: int) -> bool:
    """Whether one can propose something: what the workshop's page tells of the call."""
    row = db.session.connection().execute(_OPEN, {"workshop_id": workshop_id}).first()
    return row is not None and Call(opens_at=row.opens_at, closes_at=row.closes_at).is_open(now())


def find_open_call(workshop_id: int) -> Call | None:
    """The call, while one can propose something."""
    call = db.session.get(Call, workshop_id)
    return call if call is not None and call.is_open(now()) else None


def has_proposals(registration: Registration) -> bool:
    """Whether this person has proposed anything."""
    query = sa.select(Proposal.id).where(Proposal.registration_id == registration.id)
    return db.session.scalar(query.limit(1)) is not None


def list_own(registration: Registration) -> list[Proposal]:
    """What this person has proposed, the oldest first."""
    query = sa.select(Proposal).where(Proposal.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(Proposal.id)))


def find_own(registration: Registration, proposal_id: int) -> Proposal | None:
    """A proposal of this person."""
    return db.session.scalar(
        sa.select(Proposal).filter_by(id=proposal_id, registration_id=registration.id)
    )


def list_proposals(workshop_id: int, account_id: int) -> list[ProposalLine]:
    """All proposals with what this organiser and all together think: undecided and best first."""
    scores = (
        sa.select(
            Score.proposal_id,
            sa.func.avg(Score.score).label("average"),
            sa.func.max(Score.score).filter(Score.account_id == account_id).label("own"),
        )
        .group_by(Score.proposal_id)
        .subquery()
    )
    comments = (
        sa.select(Comment.proposal_id, sa.func.count().label("number"))
        .group_by(Comment.proposal_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Proposal, scores.c.average, scores.c.own, comments.c.number)
        .outerjoin(scores, scores.c.proposal_id == Proposal.id)
        .outerjoin(comments, comments.c.proposal_id == Proposal.id)
        .where(Proposal.workshop_id == workshop_id)
        .options(
            joinedload(Proposal.registration).joinedload(Registration.organisation),
            joinedload(Proposal.track),
        )
        .order_by(Proposal.id)
    )
    lines = [
        ProposalLine(proposal, float(average) if average is not None else None, own, number or 0)
        for proposal, average, own, number in rows
    ]
    order = list(ProposalState)
    return sorted(lines, key=lambda e: (order.index(e.proposal.state), -(e.average or 0)))


def find_proposal(workshop_id: int, proposal_id: int) -> Proposal | None:
    """A proposal of this workshop with its discussion."""
    return db.session.scalar(
        sa.select(Proposal)
        .filter_by(workshop_id=workshop_id, id=proposal_id)
        .options(
            selectinload(Proposal.comments)
            .joinedload(Comment.account)
            .lazyload(Account.memberships)
        )
    )


def scores_of(proposal: Proposal) -> dict[int, int]:
    """Account id → its score."""
    query = sa.select(Score.account_id, Score.score).where(Score.proposal_id == proposal.id)
    return dict(list(db.session.execute(query)))
