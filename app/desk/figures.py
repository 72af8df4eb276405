"""The figures of the overview: a handful of queries, however many people there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from app.agenda.models import AgendaSession
from app.badges.models import BadgePrint
from app.badges.queries import PrintState, count_states, list_badges
from app.contributions.models import Proposal, ProposalState
from app.desk.queries import typed_organisations
from app.extensions import db, now
from app.outbox.models import Message, MessageState
from app.registration.models import SEATED, Registration, Status
from app.speakers.models import Concern
from app.workshops.models import Organisation, OrganisationKind, Workshop
from app.workshops.states import STATES

SOON = timedelta(hours=24)
# Up to so many days there is a bar a day, beyond it a bar a week.
_DAILY = 14


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview counts."""

    seated: int
    unproved: int
    waiting: int
    new_today: int
    running_out: int
    pending: int
    failed_mails: int
    unprinted: int
    sessions: int
    proposals: int
    concerns: int
    unlisted: int


@dataclass(frozen=True, slots=True)
class Origin:
    """How many seated people come from somewhere."""

    kinds: dict[OrganisationKind, int]
    states: dict[str, int]
    most: int

    def step(self, state: str) -> int:
        """0 to 4: how strongly the Land is coloured."""
        count = self.states[state]
        return -(-4 * count // self.most) if self.most else 0


@dataclass(frozen=True, slots=True)
class Bar:
    """Registrations of a day, or of the week that begins with it."""

    first: date
    last: date
    count: int
    share: int
    """Tenths of the longest bar."""


def count_figures(workshop: Workshop) -> Figures:
    """The counts, in four queries."""
    counted = db.session.execute(
        sa.select(
            _count(Registration.status.in_(SEATED)),
            _count(Registration.status == Status.HELD),
            _count(Registration.status == Status.WAITING),
            _count(Registration.created_at >= _midnight(workshop)),
            _count(
                (Registration.status == Status.HELD) & (Registration.hold_until <= now() + SOON)
            ),
            _count(Registration.status == Status.PENDING),
        ).where(Registration.workshop_id == workshop.id)
    ).one()
    failed = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Message)
        .where(Message.workshop_id == workshop.id, Message.state == MessageState.FAILED)
    )
    typed = typed_organisations(workshop.id).subquery()
    sessions, proposals, concerns, unlisted = db.session.execute(
        sa.select(
            _rows(AgendaSession, workshop, AgendaSession.deleted_at.is_(None)),
            _rows(Proposal, workshop, Proposal.state == ProposalState.SUBMITTED),
            _rows(Concern, workshop),
            sa.select(sa.func.count(sa.distinct(typed.c.other_organisation))).scalar_subquery(),
        )
    ).one()
    return Figures(
        *counted,
        failed_mails=failed or 0,
        unprinted=_count_unprinted(workshop),
        sessions=sessions,
        proposals=proposals,
        concerns=concerns,
        unlisted=unlisted,
    )


def _rows(
    model: type[AgendaSession] | type[Proposal] | type[Concern],
    workshop: Workshop,
    *conditions: sa.ColumnElement[bool],
) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).select_from(model)
    return counted.where(model.workshop_id == workshop.id, *conditions).scalar_subquery()


def find_origin(workshop: Workshop) -> Origin:
    """Where those with a seat come from, by kind of organisation and by Land (one query)."""
    rows = db.session.execute(
        sa.select(Organisation.kind, Organisation.state, sa.func.count())
        .select_from(Registration)
        .outerjoin(Registration.organisation)
        .where(Registration.workshop_id == workshop.id, Registration.status.in_(SEATED))
        .group_by(Organisation.kind, Organisation.state)
    )
    kinds = dict.fromkeys(OrganisationKind, 0)
    states = dict.fromkeys(STATES, 0)
    for kind, state, count in rows:
        kinds[kind or OrganisationKind.OTHER] += count
        if state in states:
            states[state] += count
    return Origin(kinds, states, most=max(states.values()))


def count_over_time(workshop: Workshop) -> list[Bar]:
    """Registrations by day or week, from the first to today (one query)."""
    moments = db.session.scalars(
        sa.select(Registration.created_at).where(Registration.workshop_id == workshop.id)
    )
    per_day = Counter(moment.astimezone(workshop.zone).date() for moment in moments)
    if not per_day:
        return []
    first, today = min(per_day), now().astimezone(workshop.zone).date()
    length = 1 if (today - first).days < _DAILY else 7
    start = first if length == 1 else first - timedelta(days=first.weekday())
    spans = [
        start + timedelta(days=n) for n in range(0, (max(today, first) - start).days + 1, length)
    ]
    counts = [sum(per_day[day + timedelta(days=n)] for n in range(length)) for day in spans]
    return _bars(spans, counts, length)


def _bars(spans: Sequence[date], counts: Sequence[int], length: int) -> list[Bar]:
    most = max(counts)
    return [
        Bar(first, first + timedelta(days=length - 1), count, -(-10 * count // most))
        for first, count in zip(spans, counts, strict=True)
    ]


def _count_unprinted(workshop: Workshop) -> int:
    """Badges that are new or changed; 0 before the first badge was printed."""
    of_workshop = sa.select(BadgePrint.id).join(Registration)
    if db.session.scalar(of_workshop.where(Registration.workshop_id == workshop.id).limit(1)):
        counts = count_states(list_badges(workshop))
        return counts[PrintState.NEW] + counts[PrintState.CHANGED]
    return 0


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _midnight(workshop: Workshop) -> datetime:
    today = now().astimezone(workshop.zone).date()
    return datetime.combine(today, time(), workshop.zone)
