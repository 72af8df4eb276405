"""What the tests of registration share."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.registration import links, service
from app.registration.models import SEATED, Registration
from app.registration.queries import find_current_by_email
from app.workshops.models import Workshop
from tests.factories import make_details
from tests.pages import Page, Visitor

PERSON = {
    "first_name": "Żaneta",
    "last_name": "von der Lühe",
    "email": "z.luehe@polizei.sachsen.de",
}


def seats_counted(workshop: Workshop) -> int:
    """How many registrations really have a seat."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                Registration.workshop_id == workshop.id, Registration.status.in_(SEATED)
            )
        )
        or 0
    )


def register(workshop: Workshop, email: str, **values: Any) -> Registration:
    """Register as the form does, and find what came of it."""
    service.register(workshop, make_details(workshop, email=email, **values))
    found = find_current_by_email(workshop.id, email)
    assert found is not None
    return found


def link_to(registration: Registration, purpose: str = links.LINK_PURPOSE) -> str:
    """A working personal link, as one that was mailed."""
    token = draw_link(purpose, registration.id)
    db.session.commit()
    middle = "new-address/" if purpose == links.NEW_ADDRESS_PURPOSE else ""
    return f"/{registration.workshop.slug}/registration/{middle}{token}"


def walk(visitor: Visitor, workshop: Workshop, **changes: Any) -> Page:
    """Fill in all steps as they stand, with `changes`, up to the page before sending."""
    page = visitor.get(f"/{workshop.slug}/register")
    for _step in range(4):
        fields = page.form_values()
        own = {name: value for name, value in {**PERSON, **changes}.items() if name in fields}
        boxes = {name: value for name, value in changes.items() if _is_box(page, name)}
        if fields.get("organisation_id") == [""]:
            first = page.all("select[name=organisation_id] optgroup option")[0]
            own.setdefault("organisation_id", first.get("value"))
        page = visitor.submit(page, own | boxes)
    assert page.path.endswith("/register/check")
    return page


def _is_box(page: Page, name: str) -> bool:
    return bool(page.all(f"main form input[type=checkbox][name={name}]"))


@pytest.fixture
def subjects(ctx: Flask) -> Callable[[], list[tuple[str, str]]]:
    """Whom mails were queued for so far, with their subjects (without the workshop's title)."""

    def queued() -> list[tuple[str, str]]:
        rows = db.session.execute(
            sa.select(Message.recipient, Message.subject).order_by(Message.id)
        )
        return [(recipient, subject.partition(": ")[2]) for recipient, subject in rows]

    return queued
