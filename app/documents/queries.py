"""What stands in the papers of a workshop."""

import itertools

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, selectinload

from app.documents.participant_list import (
    ListedOrganisation,
    ListedPerson,
    ListKind,
    ParticipantList,
)
from app.extensions import db, now
from app.registration.labels import ROLES, STATUSES
from app.registration.models import ACTIVE, ParticipantRole, Registration, Status
from app.web.language import day_range
from app.workshops.models import ConsentKind, Organisation, Workshop


def participant_list(workshop: Workshop, kind: ListKind) -> ParticipantList:
    """The list as it is now; always four queries.

    Internal: everybody who has a seat or waits for one. Handout: those whose seat is confirmed
    and who agreed to be listed, with no more than the consent names.
    """
    people = [r for r in _registrations(workshop.id, kind) if _is_listed(r, kind)]
    groups = itertools.groupby(people, key=lambda r: r.organisation_name)
    make = _internal if kind is ListKind.INTERNAL else _handout
    when = day_range(workshop.starts_on, workshop.ends_on)
    subtitle = _("Participant list (internal)") if kind is ListKind.INTERNAL else _("Participants")
    return ParticipantList(
        kind=kind,
        title=workshop.title,
        subtitle=" · ".join(filter(None, (str(subtitle), when, workshop.place))),
        organisations=tuple(
            ListedOrganisation(name, tuple(make(r) for r in group)) for name, group in groups
        ),
        days=tuple(workshop.days),
        printed_at=now().astimezone(workshop.zone),
    )


def _registrations(workshop_id: int, kind: ListKind) -> list[Registration]:
    """In the order of the list of organisations; those that were typed in come last."""
    statuses = ACTIVE if kind is ListKind.INTERNAL else (Status.CONFIRMED,)
    query = (
        sa.select(Registration)
        .outerjoin(Registration.organisation)
        .where(Registration.workshop_id == workshop_id, Registration.status.in_(statuses))
        .options(
            contains_eager(Registration.organisation),
            selectinload(Registration.consents),
            selectinload(Registration.days),
        )
        .order_by(
            Organisation.position.is_(None),
            Organisation.position,
            Registration.other_organisation,
            Registration.sort_key,
        )
    )
    return list(db.session.scalars(query))


def _is_listed(registration: Registration, kind: ListKind) -> bool:
    return kind is ListKind.INTERNAL or registration.consents_to(ConsentKind.LISTING)


def _internal(registration: Registration) -> ListedPerson:
    r = registration
    marks = [] if r.consents_to(ConsentKind.PHOTOS) else [str(_("No photos"))]
    return ListedPerson(
        first_name=r.first_name,
        last_name=r.last_name,
        title=r.title,
        rank=r.rank,
        department=r.department,
        function=r.function,
        email=r.email,
        phone=r.phone,
        days=tuple(day.on for day in r.days),
        status="" if r.status is Status.CONFIRMED else str(STATUSES[r.status]),
        role="" if r.role is ParticipantRole.PARTICIPANT else str(ROLES[r.role]),
        marks=tuple(marks),
    )


def _handout(registration: Registration) -> ListedPerson:
    r = registration
    return ListedPerson(
        first_name=r.first_name,
        last_name=r.last_name,
        title=r.title,
        department=r.department,
        function=r.function,
    )
