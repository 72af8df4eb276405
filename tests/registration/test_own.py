"""One's own registration, by the personal link."""

import io
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from icalendar import Calendar
from PIL import Image

from app.extensions import db, limiter, now
from app.outbox.service import draw_link
from app.registration.links import LINK_PURPOSE, NEW_ADDRESS_PURPOSE
from app.registration.models import Registration, Status
from app.registration.service import cancel
from app.workshops.models import ConsentKind, Workshop
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import link_to

Subjects = Callable[[], list[tuple[str, str]]]


def reread(registration: Registration) -> Registration:
    db.session.expire_all()
    return registration


@pytest.mark.parametrize(
    ("status", "sentence", "button"),
    [
        (Status.HELD, "Bitte bestätigen Sie Ihre Anmeldung.", "Anmeldung bestätigen"),
        (Status.CONFIRMED, "Sie sind angemeldet. Ihr Platz ist bestätigt.", None),
        (Status.WAITING, "Sie stehen auf der Warteliste, Platz 1.", None),
        (Status.CANCELLED, "Ihre Anmeldung ist storniert.", "Neu anmelden"),
        (Status.EXPIRED, "Ihre Anmeldung ist verfallen.", "Doch noch teilnehmen"),
    ],
)
def test_the_state_is_one_sentence_at_the_top(
    visitor: Visitor, workshop: Workshop, status: Status, sentence: str, button: str | None
) -> None:
    page = visitor.get(link_to(make_registration(workshop, status=status)))

    assert page.texts("main .alert .kern-title") == [sentence]
    assert page.texts("main .kern-btn--primary") == ([button] if button else [])
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"


def test_opening_the_link_confirms_nothing_the_button_does(
    visitor: Visitor, workshop: Workshop
) -> None:
    registration = make_registration(workshop, status=Status.HELD)
    link = link_to(registration)

    page = visitor.get(link)
    assert reread(registration).status is Status.HELD
    page = visitor.submit(page)

    assert page.path == link
    assert reread(registration).address_proved_at is not None
    assert page.texts("main .alert .kern-title") == [
        "Sie sind angemeldet. Ihr Platz ist bestätigt."
    ]


def test_a_place_that_is_gone_is_said_on_the_page(visitor: Visitor, ctx: Flask) -> None:
    workshop = make_workshop(seats=1, has_waiting_list=False)
    late = make_registration(workshop, status=Status.EXPIRED)
    link = link_to(late)
    page = visitor.get(link)
    make_registration(workshop)
    db.session.commit()

    page = visitor.submit(page)

    assert "Alle Plätze sind vergeben." in page.texts("main .alert .kern-title")
    assert reread(late).status is Status.EXPIRED


def test_the_code_is_that_of_the_badge_and_reads_from_the_screen(
    visitor: Visitor, workshop: Workshop
) -> None:
    registration = make_registration(workshop)
    link = link_to(registration)
    page = visitor.get(link)

    image = page.one("img.pass__code")
    answer = visitor.client.get(image.get("src"))
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    assert image.get("alt") == "QR-Code Ihrer Anmeldung"
    assert answer.mimetype == "image/png"
    assert code.text == f"http://localhost/c/{registration.badge_code}"


def test_the_calendar_entry(visitor: Visitor, workshop: Workshop) -> None:
    answer = visitor.client.get(f"{link_to(make_registration(workshop))}/calendar.ics")

    assert answer.mimetype == "text/calendar"
    assert Calendar.from_ical(answer.data)["method"] == "PUBLISH"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={workshop.slug}.ics"


@pytest.mark.parametrize("status", [Status.HELD, Status.WAITING, Status.CANCELLED])
def test_code_and_calendar_come_with_a_confirmed_seat(
    visitor: Visitor, workshop: Workshop, status: Status
) -> None:
    link = link_to(make_registration(workshop, status=status))

    assert visitor.client.get(f"{link}/qr.png").status_code == 404
    assert visitor.client.get(f"{link}/calendar.ics").status_code == 404


@pytest.mark.parametrize("path", ["", "/change", "/cancel", "/qr.png", "/calendar.ics"])
@pytest.mark.parametrize("kind", ["unknown", "foreign", "expired", "purpose", "strange"])
def test_a_link_that_is_none_offers_another(
    visitor: Visitor, workshop: Workshop, path: str, kind: str
) -> None:
    registration = make_registration(workshop)
    expired = now() - timedelta(seconds=1)
    tokens: dict[str, Callable[[], str]] = {
        "unknown": lambda: secrets.token_urlsafe(24),
        "foreign": lambda: draw_link(LINK_PURPOSE, make_registration(make_workshop()).id),
        "expired": lambda: draw_link(LINK_PURPOSE, registration.id, expires_at=expired),
        "purpose": lambda: draw_link(NEW_ADDRESS_PURPOSE, registration.id),
        "strange": lambda: "%00%F0%9F%91%8D'--<b>",
    }
    token = tokens[kind]()
    db.session.commit()

    page = visitor.get(f"/{workshop.slug}/registration/{token}{path}", status=404)

    assert page.text("h1") == "Dieser Link ist nicht gültig"
    assert page.one("main form").get("action") == f"/{workshop.slug}/registration/link"


@pytest.mark.parametrize("path", ["confirm", "cancel", "change", "withdraw/photos"])
def test_acting_needs_a_valid_link(visitor: Visitor, workshop: Workshop, path: str) -> None:
    registration = make_registration(workshop)
    token = visitor.get(link_to(registration) + "/cancel").form_values()["csrf_token"][0]

    answer = visitor.client.post(
        f"/{workshop.slug}/registration/{secrets.token_urlsafe(24)}/{path}",
        data={"csrf_token": token},
    )

    assert answer.status_code == 404
    assert reread(registration).status is Status.CONFIRMED


def test_details_are_changed(visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop)
    page = visitor.get(link_to(registration))
    page = visitor.get(page.one("main a[href$='/change']").get("href"))

    page = visitor.submit(page, {"function": "Leitung", "consent_listing": "y"})

    assert page.texts(".alert .kern-title")[0] == "Ihre Änderungen sind gespeichert."
    assert "Leitung" in page.texts("dd")
    assert page.texts(".consents h3") == ["Teilnahmeliste"]
    assert reread(registration).function == "Leitung"


def test_errors_in_a_change_lose_nothing(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.get(link_to(make_registration(workshop)) + "/change")

    page = visitor.submit(page, {"phone": "anrufen", "rank": "Rätin", "last_name": ""}, status=422)

    assert list(page.errors()) == ["last_name", "phone"]
    assert page.form_values()["rank"] == ["Rätin"]


def test_the_second_of_two_tabs_loses_nothing(visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop)
    link = link_to(registration)
    first, second = visitor.get(f"{link}/change"), visitor.get(f"{link}/change")
    visitor.submit(first, {"function": "Aus dem ersten Fenster"})

    page = visitor.submit(second, {"rank": "Aus dem zweiten"}, status=422)

    assert page.texts(".error-summary li")[0].startswith("Diese Anmeldung wurde inzwischen")
    assert page.form_values()["rank"] == ["Aus dem zweiten"]
    visitor.submit(page)
    assert reread(registration).rank == "Aus dem zweiten"


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_forged_version_is_refused(visitor: Visitor, workshop: Workshop, version: str) -> None:
    registration = make_registration(workshop)
    page = visitor.get(link_to(registration) + "/change")

    visitor.submit(page, {"version": version, "rank": "Neu"}, status=422)

    assert reread(registration).rank == ""


def test_after_the_deadline_the_page_says_whom_to_ask(visitor: Visitor, workshop: Workshop) -> None:
    workshop.changes_until = now() - timedelta(hours=1)
    link = link_to(make_registration(workshop))

    page = visitor.get(f"{link}/change")

    assert page.path == link
    assert "Die Frist für Änderungen ist abgelaufen" in page.texts(".alert .kern-title")[0]
    assert page.all("main a[href='mailto:workshop@example.org']")
    assert page.all("main a[href$='/change']") == []


def test_an_organiser_stays_one_when_changing(visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop, role="organiser")
    page = visitor.get(link_to(registration) + "/change")

    visitor.submit(page, {"rank": "Rätin"})

    assert (reread(registration).role, registration.rank) == ("organiser", "Rätin")


def test_a_new_address_is_taken_over_by_its_owner(
    visitor: Visitor, workshop: Workshop, subjects: Subjects
) -> None:
    registration = make_registration(workshop, email="old@example.org")
    old_link = link_to(registration)
    page = visitor.submit(visitor.get(f"{old_link}/change"), {"email": "new@example.org"})
    assert "new@example.org" in page.texts(".alert")[-1]
    assert reread(registration).email == "old@example.org"

    page = visitor.get(link_to(registration, NEW_ADDRESS_PURPOSE))
    assert reread(registration).email == "old@example.org", "looking does not act"
    page = visitor.submit(page)

    assert "new@example.org" in page.texts("dd")
    assert page.text("h1") == "Meine Anmeldung"
    assert reread(registration).email == "new@example.org"
    visitor.get(old_link, status=404)
    assert [recipient for recipient, _ in subjects()] == [
        "new@example.org",
        "old@example.org",
        "new@example.org",
    ]


def test_a_used_link_to_a_new_address_is_none(visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop)
    visitor.submit(visitor.get(link_to(registration) + "/change"), {"email": "new@example.org"})
    link = link_to(registration, NEW_ADDRESS_PURPOSE)
    visitor.submit(visitor.get(link))

    assert visitor.get(link, status=404).text("h1") == "Dieser Link ist nicht gültig"


def test_a_new_address_that_is_taken_meanwhile(visitor: Visitor, workshop: Workshop) -> None:
    registration = make_registration(workshop)
    visitor.submit(visitor.get(link_to(registration) + "/change"), {"email": "new@example.org"})
    page = visitor.get(link_to(registration, NEW_ADDRESS_PURPOSE))
    make_registration(workshop, email="new@example.org")
    db.session.commit()

    page = visitor.submit(page, status=422)

    assert page.texts(".error-summary li") == [
        "Diese Adresse gehört bereits zu einer anderen Anmeldung."
    ]


def test_cancelling_asks_once(visitor: Visitor, ctx: Flask) -> None:
    workshop = make_workshop(seats=1)
    registration = make_registration(workshop)
    waiting = make_registration(workshop, status=Status.WAITING)
    link = link_to(registration)

    page = visitor.get(f"{link}/cancel")
    assert page.text("h1") == "Anmeldung stornieren?"
    assert reread(registration).status is Status.CONFIRMED
    page = visitor.submit(page)

    assert page.texts(".alert .kern-title") == ["Ihre Anmeldung ist storniert."]
    assert [reread(r).status for r in (registration, waiting)] == [
        Status.CANCELLED,
        Status.CONFIRMED,
    ]
    assert visitor.get(f"{link}/cancel").path == link


def test_a_consent_is_withdrawn_with_one_button(visitor: Visitor, workshop: Workshop) -> None:
    kinds = frozenset({ConsentKind.PHOTOS, ConsentKind.NEEDS})
    registration = make_registration(workshop, consents=kinds, accessibility="Rampe")
    page = visitor.get(link_to(registration))
    assert "Rampe" in page.texts("dd")

    page = visitor.submit(page, form="form[action$='/withdraw/needs']")

    assert "Rampe" not in page.text()
    assert page.all("form[action$='/withdraw/needs']") == []
    assert len(page.all("form[action$='/withdraw/photos']")) == 1
    assert any("Widerrufen:" in text for text in page.texts(".consents .muted"))
    assert reread(registration).needs is None


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_whoever_asks_for_the_link_learns_nothing(
    visitor: Visitor, workshop: Workshop, subjects: Subjects, email: str
) -> None:
    make_registration(workshop, email="known@example.org")
    db.session.commit()

    page = visitor.get(f"/{workshop.slug}/registration/link")
    page = visitor.submit(page, {"email": email})

    assert page.path == f"/{workshop.slug}/registration/link/sent"
    assert email not in page.text()
    assert len(subjects()) == (1 if email.startswith("known") else 0)


def test_asking_for_the_link_needs_an_address(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.get(f"/{workshop.slug}/registration/link")

    page = visitor.submit(page, {"email": "karla"}, status=422)

    assert list(page.errors()) == ["email"]
    assert page.form_values()["email"] == ["karla"]


def test_asking_for_links_is_limited(
    app: Flask, visitor: Visitor, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_LINK", "1 per hour")
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    page = visitor.get(f"/{workshop.slug}/registration/link")
    visitor.submit(page, {"email": "a@example.org"})

    visitor.submit(page, {"email": "b@example.org"}, status=429)
    limiter.reset()


def test_the_page_asks_the_database_no_more_for_more_people(
    visitor: Visitor, workshop: Workshop
) -> None:
    link = link_to(make_registration(workshop, consents=frozenset(ConsentKind)))
    visitor.get(link)
    with counted_queries() as few:
        visitor.get(link)
    for _n in range(3):
        make_registration(workshop)
        cancel(make_registration(workshop))
    db.session.commit()

    with counted_queries() as many:
        visitor.get(link)

    assert len(many) == len(few) <= 14
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 7
