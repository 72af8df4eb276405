"""Seats held for addresses that nobody has proved yet: few, and short once seats get scarce.

Whoever is past a limit registers all the same, without a seat: it is sought when the address is
proved. So a limit costs nobody anything who reads their mail, and invented addresses take little.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.extensions import db, now
from app.registration.models import Registration, Status
from app.web.limits import hashed, network_of
from app.workshops.models import Workshop

MOST_OF_A_CLIENT = 10
"""A whole authority often sits behind one address; whoever comes later proves theirs first."""
MOST_OF_A_DOMAIN = 3
MOST_OF_A_LISTED_DOMAIN = 20
SHORTEST_HOURS = 4
# The part of the seats that is free at least, and the part of the time for which one is held.
_STEPS = ((1 / 2, 1.0), (1 / 4, 1 / 2), (1 / 8, 1 / 4))
_LABELS_OF_A_DOMAIN = 2
_HELD = sa.select(Registration.email, Registration.client).where(
    Registration.workshop_id == sa.bindparam("workshop_id"), Registration.status == Status.HELD
)


@dataclass(frozen=True, slots=True)
class Hold:
    """A seat held for an address that is not proved."""

    registration_id: int
    name: str
    email: str
    organisation: str
    since: datetime
    until: datetime
    of_domain: int
    """How many are held for the same mail domain."""

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return mail_domain(self.email)


def mark_client(address: str | None) -> str:
    """What stands in the database for a client's network: the same for the same, and no more.

    Empty for a socket without an address, where only the domain counts. Needs an application
    context.
    """
    network = network_of(address or "")
    return hashed("held seat", network) if network else ""


def mail_domain(email: str) -> str:
    """What stands behind the @ of an address."""
    return email.rpartition("@")[2]


def may_hold(workshop: Workshop, email: str, client: str, *, is_listed: bool) -> bool:
    """Whether a seat may be held for one more address of this client and this domain.

    `is_listed`: the domain is one of the workshop's organisations.
    """
    held = db.session.execute(_HELD, {"workshop_id": workshop.id}).all()
    if client and sum(row.client == client for row in held) >= MOST_OF_A_CLIENT:
        return False
    # Below a name of one's own one makes as many as one likes; authorities are counted apart.
    group = mail_domain if is_listed else _own_name
    same = sum(group(row.email) == group(email) for row in held)
    return same < (MOST_OF_A_LISTED_DOMAIN if is_listed else MOST_OF_A_DOMAIN)


def hold_until(workshop: Workshop) -> datetime:
    """Until when an address can be proved: the same for everybody who comes now.

    While half of the seats are free, it is the workshop's own setting; then less, as seats get
    scarce, down to a few hours. In steps: a time that got shorter with each seat would tell
    whether the address sent before got one. Once no seat is free nothing is held, and nobody
    need hurry.
    """
    longest = float(workshop.hold_hours)
    shortest = min(SHORTEST_HOURS, longest)
    if workshop.seats_free <= 0:
        return now() + timedelta(hours=longest)
    share = workshop.seats_free / workshop.seats
    part = next((part for least, part in _STEPS if share >= least), 0.0)
    return now() + timedelta(hours=max(shortest, longest * part))


def list_holds(workshop: Workshop) -> list[Hold]:
    """All seats held, by domain with the most of them first, then as they were taken."""
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.workshop_id == workshop.id, Registration.status == Status.HELD)
        .options(sa.orm.joinedload(Registration.organisation))
        .order_by(Registration.created_at, Registration.id)
    ).all()
    counts: dict[str, int] = {}
    for row in rows:
        counts[mail_domain(row.email)] = counts.get(mail_domain(row.email), 0) + 1
    found = [
        Hold(
            registration_id=row.id,
            name=row.full_name,
            email=row.email,
            organisation=row.organisation_name,
            since=row.created_at,
            until=row.hold_until or row.created_at,
            of_domain=counts[mail_domain(row.email)],
        )
        for row in rows
    ]
    return sorted(found, key=lambda hold: (-hold.of_domain, hold.domain))


def _own_name(email: str) -> str:
    """The part of a domain that somebody has to register: 'example.org' of 'a.b.example.org'."""
    return ".".join(mail_domain(email).split(".")[-_LABELS_OF_A_DOMAIN:])
