"""The consent to invitations to later workshops, which outlives the personal link.

For as long as the consent is kept, whoever reads mail at the address can withdraw it: a link that
can do nothing else is mailed to it.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.extensions import db, now
from app.outbox.compose import compose
from app.outbox.service import SecretLink, may_mail_link, queue_mail, revoke_links
from app.registration import service
from app.registration.models import Consent, Registration
from app.workshops.models import ConsentKind, Workshop

LINK_PURPOSE = "withdraw-invitations"
LIFETIME = timedelta(days=7)


def list_agreed(email: str) -> Sequence[Registration]:
    """Registrations of all workshops, in any state, by which this address may be invited."""
    given = sa.and_(Consent.kind == ConsentKind.MAILING, Consent.withdrawn_at.is_(None))
    query = (
        sa.select(Registration)
        .join(Workshop, Workshop.id == Registration.workshop_id)
        .where(Registration.email == email.lower(), Registration.consents.any(given))
        .order_by(Workshop.starts_on.desc(), Registration.id.desc())
        .options(joinedload(Registration.workshop))
    )
    return db.session.scalars(query).all()


def request_withdrawal(workshop: Workshop, email: str) -> None:
    """Mail the link, if there is such a consent. The caller says the same either way."""
    agreed = list_agreed(email)
    if not agreed or not may_mail_link(LINK_PURPOSE, agreed[0].id):
        return
    mail = compose("registration/mail/withdraw_invitations", workshop=workshop)
    queue_mail(
        recipient=agreed[0].email,
        reply_to=workshop.contact_email,
        workshop_id=workshop.id,
        link=SecretLink(
            purpose=LINK_PURPOSE,
            subject_id=agreed[0].id,
            path=f"/{workshop.slug}/registration/withdraw-invitations/{{token}}",
            expires_at=now() + LIFETIME,
        ),
        **mail._asdict(),
    )


def withdraw_all(registration: Registration) -> None:
    """Withdraw the consents of this registration's address, in all workshops; its links end."""
    for agreed in sorted(list_agreed(registration.email), key=lambda r: r.workshop_id):
        service.withdraw(agreed, ConsentKind.MAILING)
        revoke_links(LINK_PURPOSE, agreed.id)
