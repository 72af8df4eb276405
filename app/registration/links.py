"""The personal link of a registration, and the addresses that are made of it.

Whoever holds the link may do for the person what its pages offer. The mails of all features lead
to such pages; the secret in their address is drawn when a mail is sent.
"""

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app

from app.extensions import db, now
from app.outbox.models import MailLink
from app.outbox.service import VALID_LINK, SecretLink, draw_link, token_hash
from app.registration.models import Registration
from app.workshops.models import Workshop

LINK_PURPOSE = "registration"
NEW_ADDRESS_PURPOSE = "new-address"
PURPOSES = (LINK_PURPOSE, NEW_ADDRESS_PURPOSE)
_HOLDER = (
    sa.select(Registration)
    .join(MailLink, MailLink.subject_id == Registration.id)
    .where(Registration.workshop_id == sa.bindparam("workshop_id"), *VALID_LINK)
)


def personal_link(workshop: Workshop, registration_id: int, *, page: str = "") -> SecretLink:
    """The link to one's own registration, or to a page below it ('/agenda')."""
    return SecretLink(
        purpose=LINK_PURPOSE,
        subject_id=registration_id,
        path=f"/{workshop.slug}/registration/{{token}}{page}",
        expires_at=link_expiry(workshop),
    )


def new_address_link(registration: Registration) -> SecretLink:
    """The link by which the owner of a new address takes it over."""
    workshop = registration.workshop
    return SecretLink(
        purpose=NEW_ADDRESS_PURPOSE,
        subject_id=registration.id,
        path=f"/{workshop.slug}/registration/new-address/{{token}}",
        expires_at=link_expiry(workshop),
    )


def draw_own_link(registration: Registration) -> str:
    """The token of one more personal link, for a browser that has come by another one."""
    return draw_link(LINK_PURPOSE, registration.id, expires_at=link_expiry(registration.workshop))


def find_holder(workshop: Workshop, token: str, purpose: str = LINK_PURPOSE) -> Registration | None:
    """The registration of the workshop whose link this is."""
    values = {"workshop_id": workshop.id, "purpose": purpose, "token_hash": token_hash(token)}
    return db.session.scalar(_HOLDER, {**values, "at": now()})


def link_expiry(workshop: Workshop) -> datetime:
    """Personal links open something until contact data are deleted."""
    end = workshop.ends_on + timedelta(days=1 + 31 * workshop.delete_contact_months)
    return datetime.combine(end, time(), workshop.zone)


def badge_address(registration: Registration) -> str:
    """What the QR code opens: a random code, nothing personal."""
    return f"{current_app.config['BASE_URL']}/c/{registration.badge_code}"
