"""Wherever an address can be typed: it arrives where it says, or is refused at its field."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Role
from app.accounts.queries import find_account
from app.agenda.models import Speaker
from app.extensions import db
from app.outbox.delivery import deliver_due
from app.registration.models import Registration
from app.workshops.models import Workshop
from tests.factories import PASSWORD, make_account
from tests.mail_server import MailServer, mail_servers
from tests.pages import Page, Visitor
from tests.registration.conftest import walk

CLAIM = "Vor dem @ sind nur Buchstaben ohne Umlaute"


def test_the_secret_link_goes_to_the_domain_that_was_typed(
    ctx: Flask, visitor: Visitor, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visitor.submit(walk(visitor, workshop, email="Paul.Probe@straße.example"))

    assert "paul.probe@straße.example" in page.text()
    registration = db.session.scalars(sa.select(Registration)).one()
    assert registration.email == "paul.probe@straße.example"
    with mail_servers() as start:
        server: MailServer = start()
        monkeypatch.setitem(ctx.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(ctx.config, "MAIL_PORT", server.port)
        deliver_due()
    assert server.recipients == ["paul.probe@xn--strae-oqa.example"]
    assert server.arrived[0]["To"].addresses[0].addr_spec == "paul.probe@xn--strae-oqa.example"


def test_one_registration_however_its_domain_is_written(
    visitor: Visitor, workshop: Workshop
) -> None:
    visitor.submit(walk(visitor, workshop, email="kim@polizei-köln.example"))
    visitor.submit(walk(visitor, workshop, email="kim@xn--polizei-kln-zfb.example"))

    registration = db.session.scalars(sa.select(Registration)).one()
    assert registration.email == "kim@polizei-köln.example"


@pytest.mark.parametrize(
    "typed", ["chef@polizei-köln.example", "chef@xn--polizei-kln-zfb.example", "chef@bка.example"]
)
def test_staff_sign_in_however_their_domain_is_written(
    app: Flask, ctx: Flask, visitor: Visitor, typed: str
) -> None:
    for email in ("chef@polizei-köln.example", "chef@xn--b-8sb3a.example"):
        make_account(role=Role.ORGANISER, email=email)
    db.session.commit()

    page = visitor.submit(visitor.get("/login"), {"email": typed, "password": PASSWORD})

    assert page.path != "/login"
    assert find_account(typed) is not None


def typed_in_settings(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get(f"/{workshop.slug}/desk/settings/place")
    return visitor.submit(page, {"contact_email": email}, status=422)


def typed_for_a_speaker(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    speaker = Speaker(workshop_id=workshop.id, name="Kim")
    db.session.add(speaker)
    db.session.commit()
    page = visitor.get(f"/{workshop.slug}/desk/agenda/speakers/{speaker.id}/edit")
    return visitor.submit(page, {"email": email}, status=422)


def typed_for_a_participant(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get(f"/{workshop.slug}/desk/participants/new")
    return visitor.submit(page, {"email": email}, status=422)


def typed_with_a_barrier(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get(f"/{workshop.slug}/report-barrier")
    return visitor.submit(page, {"description": "Zu klein.", "email": email}, status=422)


def typed_by_a_participant(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get(f"/{workshop.slug}/register")
    return visitor.submit(page, {"email": email}, status=422)


def typed_for_a_new_link(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get(f"/{workshop.slug}/registration/link")
    return visitor.submit(page, {"email": email}, status=422)


def typed_for_an_account(visitor: Visitor, workshop: Workshop, email: str) -> Page:
    page = visitor.get("/account/people/new")
    entries = {"name": "Kim", "email": email, "role": "staff", "workshop": "0"}
    return visitor.submit(page, entries, status=422)


@pytest.mark.parametrize(
    "type_in",
    [
        typed_in_settings,
        typed_for_a_speaker,
        typed_for_a_participant,
        typed_with_a_barrier,
        typed_by_a_participant,
        typed_for_a_new_link,
        typed_for_an_account,
    ],
)
def test_an_address_that_needs_smtputf8_is_refused_at_its_field(
    sign_in: Callable[..., Visitor],
    workshop: Workshop,
    type_in: Callable[[Visitor, Workshop, str], Page],
) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)

    page = type_in(visitor, workshop, "žofia@polizei.example")

    field = "contact_email" if type_in is typed_in_settings else "email"
    assert page.errors()[field].startswith(CLAIM)
    assert page.one(f"#{field}").get("value") == "žofia@polizei.example"


def test_no_account_is_created_whose_mails_would_be_lost(ctx: Flask) -> None:
    done = ctx.test_cli_runner().invoke(
        args=["staff", "create", "žofia@polizei.example", "--role", "staff"]
    )

    assert done.exit_code == 1
    assert done.stderr.startswith(CLAIM)
