"""Makes the things that tests need, by the same commands that the site uses."""

import itertools
import secrets
from datetime import date, timedelta
from typing import Any

from flask_security import hash_password

from app.accounts.models import Account, Membership, Role
from app.extensions import db, now
from app.registration import circle, seats
from app.registration import service as registrations
from app.registration.details import Details
from app.registration.models import Registration, Status
from app.registration.queries import find_current_by_email
from app.workshops.models import Access, Workshop
from app.workshops.service import create_workshop

PASSWORD = "Sechs-Elche-im-Nebel-42"
_numbers = itertools.count(1)


def make_workshop(**settings: Any) -> Workshop:
    """A workshop in four weeks, open for registration by everybody, with ten seats."""
    start = date.today() + timedelta(days=28)  # noqa: DTZ011 - any day will do
    values: dict[str, Any] = {
        "slug": f"workshop-{next(_numbers)}",
        "title": "Polizei & Social Media",
        "starts_on": start,
        "ends_on": start + timedelta(days=1),
        "place": "Leipzig",
        "host_name": "Polizei Sachsen",
        "contact_email": "workshop@example.org",
        "access": Access.OPEN,
        "seats": 10,
        "registration_opens_at": now() - timedelta(days=1),
        "registration_closes_at": now() + timedelta(days=20),
        "changes_until": now() + timedelta(days=25),
    }
    return create_workshop(**{**values, **settings})


def make_account(
    *, role: Role = Role.ORGANISER, workshop: Workshop | None = None, email: str | None = None
) -> Account:
    """An account whose password is `PASSWORD`."""
    account = Account(
        email=email or f"{role.value}-{next(_numbers)}@example.org",
        name="Erika Beispiel",
        password=hash_password(PASSWORD),
        fs_uniquifier=secrets.token_hex(16),
    )
    account.memberships = [Membership(role=role, workshop_id=workshop.id if workshop else None)]
    db.session.add(account)
    db.session.flush()
    return account


def make_details(workshop: Workshop, **values: Any) -> Details:
    """What an invented person says who comes on all days."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "first_name": "Karla",
        "last_name": f"Muster-{number}",
        # Each from a domain of their own: few seats are held for addresses of one.
        "email": f"karla.muster-{number}@polizei-{number}.example",
        "department": "Stabsstelle Kommunikation",
        "days": tuple(workshop.days),
        **values,
    }
    if not given.get("other_organisation"):
        given.setdefault("organisation_id", workshop.organisations[0].id)
    return Details(**given)


def make_registration(
    workshop: Workshop, *, status: Status = Status.CONFIRMED, **values: Any
) -> Registration:
    """A registration in that state. Only `confirmed` and `waiting` queue no mail."""
    details = make_details(workshop, **values)
    if status in {Status.CONFIRMED, Status.WAITING, Status.CANCELLED}:
        registration = registrations.add_by_desk(
            workshop, details, on_waiting_list=status is Status.WAITING, notify=False
        )
        if status is Status.CANCELLED:
            registrations.cancel(registration)
        return registration
    if status in {Status.PENDING, Status.DECLINED}:
        return _from_elsewhere(workshop, details, status)
    registrations.register(workshop, details)
    found = find_current_by_email(workshop.id, details.email)
    assert found is not None
    if status is Status.EXPIRED:
        found.hold_until = now() - timedelta(seconds=1)
        db.session.flush()
        seats.expire_holds(workshop)
    if status is Status.UNPROVED:
        seats.release(workshop, [found])
    assert found.status is status, f"no seat left for {status.value}"
    return found


def _from_elsewhere(workshop: Workshop, details: Details, status: Status) -> Registration:
    """Somebody whose address a closed circle does not list; the workshop stays what it is."""
    before, workshop.access = workshop.access, Access.LISTED
    db.session.flush()
    registrations.register(workshop, details)
    found = find_current_by_email(workshop.id, details.email)
    assert found is not None
    registrations.prove_address(found)
    workshop.access = before
    if status is Status.DECLINED:
        circle.decline(found)
    db.session.flush()
    return found
