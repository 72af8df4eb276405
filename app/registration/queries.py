"""Reads about registrations."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from app.agenda.models import Speaker
from app.extensions import db
from app.registration.models import CURRENT, Registration, Status
from app.web.mail_addresses import canonical_domain
from app.workshops.models import Organisation, OrganisationKind
from app.workshops.short_forms import short_forms


class OrganisationChoice(NamedTuple):
    """An organisation as the form lists it."""

    id: int
    kind: OrganisationKind
    state: str | None
    name: str
    short_name: str
    mail_domains: str

    @property
    def search_words(self) -> str:
        """What finds it in the form's list beside its name."""
        return short_forms(self.kind, self.state, self.short_name)


# Built once: all people who register ask these, and building one takes as long as asking it.
_IN_WORKSHOP = Registration.workshop_id == sa.bindparam("workshop_id")
_WITH_ID = sa.select(Registration).where(_IN_WORKSHOP, Registration.id == sa.bindparam("id"))
_CURRENT_WITH_EMAIL = sa.select(Registration).where(
    _IN_WORKSHOP,
    Registration.email == sa.bindparam("email"),
    Registration.status.in_(CURRENT),
)
_ORGANISATIONS = (
    sa.select(
        Organisation.id,
        Organisation.kind,
        Organisation.state,
        Organisation.name,
        Organisation.short_name,
        Organisation.mail_domains,
    )
    .where(Organisation.workshop_id == sa.bindparam("workshop_id"))
    .order_by(Organisation.position)
)


def find_current_by_email(workshop_id: int, email: str) -> Registration | None:
    """The current registration that has this address in the workshop."""
    values = {"workshop_id": workshop_id, "email": email.lower()}
    return db.session.scalar(_CURRENT_WITH_EMAIL, values)


def find_registration(workshop_id: int, registration_id: int) -> Registration | None:
    """The registration with this number, if it belongs to the workshop."""
    return db.session.scalar(_WITH_ID, {"workshop_id": workshop_id, "id": registration_id})


def list_with_typed_organisation(workshop_id: int, typed: str) -> Sequence[Registration]:
    """Everybody who typed exactly this instead of choosing from the list."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.workshop_id == workshop_id, Registration.other_organisation == typed)
        .order_by(Registration.id)
    ).all()


def list_registrations(workshop_id: int, ids: Sequence[int]) -> list[Registration]:
    """Those of these numbers that belong to the workshop."""
    query = sa.select(Registration).where(
        Registration.workshop_id == workshop_id, Registration.id.in_(ids)
    )
    return list(db.session.scalars(query.order_by(Registration.id)))


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
    rows = db.session.execute(_ORGANISATIONS, {"workshop_id": workshop_id})
    return [OrganisationChoice._make(row) for row in rows]


def find_organisations_of(workshop_id: int, email: str) -> list[OrganisationChoice]:
    """The organisations of the workshop to whose domains a mail address belongs."""
    return match_organisations(list_organisations(workshop_id), email)


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


def is_speaker(registration_id: int) -> bool:
    """Whether this participant is one of the speakers."""
    query = sa.select(Speaker.id).where(Speaker.registration_id == registration_id)
    return db.session.scalar(query.limit(1)) is not None
