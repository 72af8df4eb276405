"""Reads about registrations."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.extensions import db
from app.registration.models import ACTIVE, Registration, Status
from app.web.mail_addresses import canonical_domain
from app.workshops.models import Organisation, OrganisationKind


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """An organisation as the form lists it."""

    id: int
    kind: OrganisationKind
    name: str
    short_name: str
    mail_domains: str


def find_active_by_email(workshop_id: int, email: str) -> Registration | None:
    """The registration that holds this address in the workshop."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.workshop_id == workshop_id,
            Registration.email == email.lower(),
            Registration.status.in_(ACTIVE),
        )
    )


def find_registration(workshop_id: int, registration_id: int) -> Registration | None:
    """The registration with this number, if it belongs to the workshop."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.workshop_id == workshop_id, Registration.id == registration_id
        )
    )


def waiting_position(registration: Registration) -> int:
    """Which place in the queue somebody has: 1 is next."""
    ahead = sa.select(sa.func.count()).where(
        Registration.workshop_id == registration.workshop_id,
        Registration.status == Status.WAITING,
        Registration.queue_number <= registration.queue_number,
    )
    return db.session.scalar(ahead) or 0


def list_organisations(workshop_id: int) -> list[OrganisationChoice]:
    """What the workshop's list of organisations offers, in its order."""
    rows = db.session.execute(
        sa.select(
            Organisation.id,
            Organisation.kind,
            Organisation.name,
            Organisation.short_name,
            Organisation.mail_domains,
        )
        .where(Organisation.workshop_id == workshop_id)
        .order_by(Organisation.position)
    )
    return [OrganisationChoice(*row) for row in rows]


def match_organisations(
    organisations: Sequence[OrganisationChoice], email: str
) -> list[OrganisationChoice]:
    """Those to which a mail address points: the ones with the longest domain that fits."""
    try:
        domain = canonical_domain(email.rpartition("@")[2])
    except ValueError:
        return []
    found: list[OrganisationChoice] = []
    length = 0
    for organisation in organisations:
        for known in organisation.mail_domains.split():
            if len(known) < length or not (domain == known or domain.endswith(f".{known}")):
                continue
            if len(known) > length:
                found, length = [], len(known)
            found.append(organisation)
    return found
