"""What attackers try with registrations."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.registration.models import Draft
from app.workshops.models import Workshop
from tests.pages import Visitor

PERSON = {
    "salutation": "none",
    "first_name": "Karla",
    "last_name": "Muster",
    "email": "karla.muster@polizei.example.org",
}


def send_person(visitor: Visitor, workshop: Workshop, **more: Any) -> int:
    """Send the first step; the status of the answer."""
    page = visitor.get(f"/{workshop.slug}/register")
    token = page.one("main input[name=csrf_token]").get("value")
    address = f"/{workshop.slug}/register/person"
    return visitor.client.post(address, data={**PERSON, "csrf_token": token, **more}).status_code


@pytest.mark.parametrize("more", [{}, {"back": "1"}])
def test_a_draft_keeps_one_value_of_each_field_however_many_are_sent(
    workshop: Workshop, visitor: Visitor, more: dict[str, str]
) -> None:
    assert send_person(visitor, workshop, title=["x" * 50] * 1000, **more) == 303

    draft = db.session.scalars(sa.select(Draft)).one()
    assert len(json.dumps(draft.data)) < 1000


@pytest.mark.usefixtures("limits")
def test_nobody_fills_the_disk_with_drafts(app: Flask, workshop: Workshop) -> None:
    app.config["RATELIMIT_REGISTER"] = "2 per hour"
    kept = Visitor(app)

    assert send_person(kept, workshop) == 303
    assert send_person(Visitor(app), workshop) == 303
    assert send_person(Visitor(app), workshop) == 429
    assert send_person(kept, workshop) == 303, "who has a draft may go on with it"


@pytest.mark.parametrize("field", ["title", "first_name", "last_name"])
@pytest.mark.parametrize(
    "typed", ["Win at https://evil.example", "WWW.evil.example", "evil.example/x", "a@evil.example"]
)
def test_no_name_carries_a_link_into_a_mail_to_a_stranger(
    workshop: Workshop, visitor: Visitor, field: str, typed: str
) -> None:
    page = visitor.get(f"/{workshop.slug}/register")

    page = visitor.submit(page, {**PERSON, field: typed}, status=422)

    assert page.errors() == {field: "Entfernen Sie Internet- und E-Mail-Adressen."}


@pytest.mark.parametrize("title", ["Dr. med.", "Dipl.-Ing. (FH)", "M.A./B.A.", "Prof. Dr. h. c."])
def test_titles_as_they_occur_are_no_addresses(
    workshop: Workshop, visitor: Visitor, title: str
) -> None:
    assert send_person(visitor, workshop, title=title) == 303
