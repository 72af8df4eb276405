"""The consent to later invitations can be withdrawn for as long as it is kept."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import JournalEntry
from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.privacy.night import delete_all_overdue
from app.registration import invitations, links, mails
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor

MAILING = frozenset({ConsentKind.MAILING})
EMAIL = "karla@polizei.example.org"


def ask(visitor: Visitor, workshop: Workshop, email: str = EMAIL) -> Page:
    """Ask for the link, beginning at the privacy page."""
    page = visitor.get(f"/{workshop.slug}/privacy")
    links = page.all("main a[href$='/registration/withdraw-invitations']")
    assert len(links) == 2
    return visitor.submit(visitor.get(links[0].get("href")), {"email": email})


def link_for(registration: Registration) -> str:
    """A working link, as one that was mailed."""
    token = draw_link(invitations.LINK_PURPOSE, registration.id)
    db.session.commit()
    return f"/{registration.workshop.slug}/registration/withdraw-invitations/{token}"


def test_after_the_personal_link_has_ended(
    workshop: Workshop, visitor: Visitor, mails: Callable[[], list[Message]]
) -> None:
    person = make_registration(workshop, email=EMAIL, consents=MAILING)
    db.session.commit()
    night = workshop.ends_on + timedelta(days=31 * workshop.delete_contact_months + 1)
    delete_all_overdue(night)

    ask(visitor, workshop)
    (mail,) = mails()
    assert (mail.recipient, mail.link_purpose) == (EMAIL, "withdraw-invitations")
    page = visitor.get(link_for(person))
    assert EMAIL in page.text("main")
    assert workshop.title in page.text("main .consents")
    assert person.consents_to(ConsentKind.MAILING)  # looking does nothing
    page = visitor.submit(page)

    assert page.text(".alert--success, .kern-alert--success").startswith("Sie haben Ihre")
    db.session.expire_all()
    assert not person.consents_to(ConsentKind.MAILING)
    entry = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "registration.consent_withdrawn"
    delete_all_overdue(night + timedelta(days=1))
    assert db.session.scalars(sa.select(Registration)).all() == []


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.WAITING, Status.HELD])
def test_whatever_became_of_the_registration(
    workshop: Workshop, visitor: Visitor, mails: Callable[[], list[Message]], status: Status
) -> None:
    make_registration(workshop, email=EMAIL, consents=MAILING, status=status)
    db.session.commit()
    before = len(mails())

    ask(visitor, workshop, " KARLA@polizei.example.org ")

    assert [m.link_purpose for m in mails()[before:]] == ["withdraw-invitations"]


def test_all_workshops_at_once(workshop: Workshop, visitor: Visitor) -> None:
    other = make_workshop(title="Polizei & Drohnen")
    people = [make_registration(w, email=EMAIL, consents=MAILING) for w in (workshop, other)]
    neighbour = make_registration(workshop, consents=MAILING)

    page = visitor.get(link_for(people[0]))
    assert len(page.all("main .consents li")) == 2
    visitor.submit(page)

    db.session.expire_all()
    given = [p.consents_to(ConsentKind.MAILING) for p in (*people, neighbour)]
    assert given == [False, False, True]


def test_nobody_learns_whose_consent_is_kept(
    ctx: Flask, workshop: Workshop, visitor: Visitor, mails: Callable[[], list[Message]]
) -> None:
    make_registration(workshop, email=EMAIL, consents=MAILING)
    without = make_registration(workshop)
    answers, times = set(), []
    for email in (EMAIL, without.email, "nobody@example.org"):
        begun = time.monotonic()
        answers.add(ask(visitor, workshop, email).text("main"))
        times.append(time.monotonic() - begun)

    assert len(answers) == 1
    assert min(times) >= 0.2
    assert [m.recipient for m in mails()] == [EMAIL]


def test_the_link_does_nothing_else_and_ends(workshop: Workshop, visitor: Visitor) -> None:
    person = make_registration(workshop, consents=MAILING | {ConsentKind.LISTING})
    link = link_for(person)
    token = link.rsplit("/", 1)[1]
    visitor.get(f"/{workshop.slug}/registration/{token}", status=404)
    personal = draw_link(links.LINK_PURPOSE, person.id)
    visitor.get(f"/{workshop.slug}/registration/withdraw-invitations/{personal}", status=404)

    visitor.submit(visitor.get(link))

    visitor.get(link, status=404)
    db.session.expire_all()
    assert person.consents_to(ConsentKind.LISTING)
    assert person.status is Status.CONFIRMED


def test_an_address_with_a_mistake_stays_in_the_form(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.get(f"/{workshop.slug}/registration/withdraw-invitations")

    page = visitor.submit(page, {"email": "karla"}, status=422)

    assert list(page.errors()) == ["email"]
    assert page.form_values()["email"] == ["karla"]


@pytest.mark.usefixtures("limits")
def test_asking_is_limited(
    ctx: Flask, visitor: Visitor, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ctx.config, "RATELIMIT_LINK", "1 per hour")
    ask(visitor, workshop)
    page = visitor.get(f"/{workshop.slug}/registration/withdraw-invitations")

    visitor.submit(page, {"email": "b@example.org"}, status=429)


def test_the_confirmation_says_how(workshop: Workshop) -> None:
    agreed, not_agreed = (make_registration(workshop, consents=c) for c in (MAILING, frozenset()))
    mails.confirmed(agreed)
    mails.confirmed(not_agreed)

    first, second = db.session.scalars(sa.select(Message).order_by(Message.id)).all()

    address = f"http://localhost/{workshop.slug}/registration/withdraw-invitations"
    assert address in first.text
    assert "withdraw-invitations" not in second.text


def test_a_link_that_is_not_valid_any_more_leads_there(
    visitor: Visitor, workshop: Workshop
) -> None:
    page = visitor.get(f"/{workshop.slug}/registration/expired", status=404)

    assert page.all("main a[href$='/registration/withdraw-invitations']")
