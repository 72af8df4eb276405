"""Commands on workshops."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.extensions import db
from app.outbox.compose import compose
from app.outbox.service import queue_mail
from app.refusals import Refused
from app.workshops.consent_texts import DEFAULT_TEXTS
from app.workshops.models import ConsentKind, ConsentText, Organisation, OrganisationKind, Workshop
from app.workshops.queries import find_workshop
from app.workshops.slugs import check_slug

ORGANISATIONS = Path(__file__).parent / "data" / "organisations.csv"


class SlugTaken(Refused):
    """Another workshop has this address."""


class SeatsBelowTaken(Refused):
    """More seats are taken than the new number."""


class NoContact(Refused):
    """The workshop names no address to write to."""


def create_workshop(
    *, slug: str, title: str, starts_on: date, ends_on: date, **settings: Any
) -> Workshop:
    """A new workshop with the usual organisations and consent texts.

    Raises `SlugTaken` and `SlugNotAllowed`.
    """
    check_slug(slug)
    if find_workshop(slug) is not None:
        raise SlugTaken(_("There is already a workshop with this address."), field="slug")
    workshop = Workshop(slug=slug, title=title, starts_on=starts_on, ends_on=ends_on, **settings)
    db.session.add(workshop)
    db.session.flush()
    with ORGANISATIONS.open(encoding="utf-8", newline="") as file:
        for position, row in enumerate(csv.DictReader(file)):
            db.session.add(
                Organisation(
                    workshop_id=workshop.id,
                    position=position,
                    kind=OrganisationKind(row["kind"]),
                    state=row["state"] or None,
                    name=row["name"],
                    short_name=row["short_name"],
                    mail_domains=row["mail_domains"],
                )
            )
    for kind in ConsentKind:
        db.session.add(
            ConsentText(workshop_id=workshop.id, kind=kind, version=1, text=DEFAULT_TEXTS[kind])
        )
    db.session.flush()
    return workshop


def report_barrier(workshop: Workshop, *, where: str, description: str, email: str | None) -> None:
    """Mail to the organisers what somebody could not use. Raises `NoContact`."""
    if not workshop.contact_email:
        raise NoContact(_("The organisers have not named an address yet. See the imprint."))
    mail = compose(
        "workshops/mail/barrier",
        workshop=workshop,
        where=where,
        description=description,
        email=email,
    )
    queue_mail(
        workshop_id=workshop.id,
        recipient=workshop.contact_email,
        recipient_name=workshop.contact_name,
        reply_to=email,
        **mail._asdict(),
    )
