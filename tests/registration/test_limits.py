"""What is counted of registering: what costs us, not what is typed or what a neighbour sends."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.outbox.models import Message
from app.registration import service
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration
from tests.pages import Visitor
from tests.registration.conftest import link_to, walk

pytestmark = pytest.mark.usefixtures("limits")


def test_mistakes_use_nothing_up(
    app: Flask, workshop: Workshop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_REGISTER", "1 per hour")
    page = visitor.get(f"/{workshop.slug}/register")
    for _ in range(4):
        page = visitor.submit(page, {"first_name": ""}, status=422)

    visitor.submit(walk(visitor, workshop))


def test_who_has_begun_goes_on_whatever_neighbours_do(
    app: Flask, workshop: Workshop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_REGISTER", "2 per hour")
    check = walk(visitor, workshop, email="first@example.org")
    walk(Visitor(app), workshop, email="second@example.org")
    third = Visitor(app)

    visitor.submit(check)
    page = third.submit(
        third.get(f"/{workshop.slug}/register"),
        {"first_name": "K", "last_name": "M", "email": "third@example.org"},
        status=429,
    )

    assert int(page.response.headers["Retry-After"]) > 3000


def test_new_addresses_are_limited_because_each_is_sent_a_mail(
    app: Flask,
    workshop: Workshop,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    mails: Callable[[], list[Message]],
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_NEW_ADDRESS", "2 per hour")
    link, neighbour = (link_to(make_registration(workshop)) for _ in range(2))
    for number in range(4):  # what sends no mail costs nothing
        visitor.submit(visitor.get(f"{link}/change"), {"phone": f"0341 {number}"})
    for number in range(3):
        page = visitor.get(f"{link}/change")
        entries = {"email": f"new{number}@example.org"}
        visitor.submit(page, entries, status=200 if number < 2 else 429)
    visitor.submit(visitor.get(f"{neighbour}/change"), {"email": "other@example.org"})

    sent = ["new0@example.org", "new1@example.org", "other@example.org"]
    assert [m.recipient for m in mails()] == sent


def test_strangers_cannot_fill_a_mailbox(
    ctx: Flask, workshop: Workshop, mails: Callable[[], list[Message]]
) -> None:
    known = make_registration(workshop)
    answers = set()
    for _ in range(6):
        service.request_link(workshop, known.email)
        outcome = service.register(workshop, make_details(workshop, email=known.email))
        answers.add(outcome.seated)
    db.session.commit()

    assert len(mails()) == 5
    assert len(answers) == 1
