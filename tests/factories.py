"""Makes the things that tests need, by the same commands that the site uses."""

import itertools
import secrets
from datetime import date, timedelta
from typing import Any

from flask_security import hash_password

from app.accounts.models import Account, Membership, Role
from app.extensions import db, now
from app.workshops.models import Workshop
from app.workshops.service import create_workshop

PASSWORD = "Sechs-Elche-im-Nebel-42"
_numbers = itertools.count(1)


def make_workshop(**settings: Any) -> Workshop:
    """A workshop in four weeks, open for registration, with ten seats."""
    start = date.today() + timedelta(days=28)  # noqa: DTZ011 - any day will do
    values: dict[str, Any] = {
        "slug": f"workshop-{next(_numbers)}",
        "title": "Polizei & Social Media",
        "starts_on": start,
        "ends_on": start + timedelta(days=1),
        "place": "Leipzig",
        "host_name": "Polizei Sachsen",
        "contact_email": "workshop@example.org",
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
