"""What the mails of registration say."""

import io
from collections.abc import Callable
from datetime import date, time

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image

from app.agenda.releases import service as releases
from app.extensions import db, now
from app.outbox.models import Message
from app.outbox.service import LINK_MARK
from app.registration import links, service
from app.registration import mails as letters
from app.registration.models import Registration, Status
from app.registration.queries import find_current_by_email
from app.workshops.models import Workshop
from tests.agenda import programme as agenda
from tests.factories import make_details, make_registration, make_workshop
from tests.registration.conftest import register

Mails = Callable[[], list[Message]]


def first_sentence(message: Message) -> str:
    """What stands below the greeting."""
    return " ".join(message.text.split("\n\n")[1].split())


def write_all(registration: Registration) -> None:
    """Every mail there is."""
    registration.new_email = "new@example.org"
    letters.prove_address(registration)
    letters.already_registered(registration)
    letters.confirmed(registration)
    letters.waiting(registration)
    letters.prove_address(registration, needs_approval=True)
    letters.confirmed(registration, approved=True)
    letters.waiting(registration, approved=True)
    letters.pending(registration)
    letters.declined(registration, reason="")
    letters.declined(registration, reason="Der Kreis ist voll.")
    letters.promoted(registration)
    letters.cancelled(registration, by_desk=False, was_confirmed=True)
    letters.cancelled(registration, by_desk=True, was_confirmed=False)
    letters.expired(registration)
    letters.new_address(registration)
    letters.address_changed(registration, old_email="old@example.org")
    letters.personal_link(registration)


@pytest.mark.parametrize("seats", [1, 0], ids=["seated", "waiting"])
def test_every_mail_is_complete(ctx: object, mails: Mails, seats: int) -> None:
    workshop = make_workshop(seats=seats, contact_name="Team Workshop")
    registration = register(workshop, "karla@example.org", title="Dr.", last_name="Öz")
    write_all(registration)

    for message in mails():
        assert message.subject.startswith("Polizei & Social Media: ")
        assert message.text.startswith("Guten Tag Dr. Karla Öz,\n\n")
        assert message.text.count(LINK_MARK) == (1 if message.link_path else 0)
        assert message.text.count("http") + message.text.count(LINK_MARK) <= 1
        assert "Team Workshop · workshop@example.org" in message.text.partition("-- \n")[2]
        assert message.reply_to == "workshop@example.org"
        assert message.workshop_id == workshop.id
        assert "<html" in message.html
        assert "\n\n\n" not in message.text
        for leftover in ("{{", "{%", "%(", "None"):
            assert leftover not in message.text


def test_the_first_mail_says_until_when_the_seat_is_held(
    workshop: Workshop, mails: Mails, ctx: object
) -> None:
    registration = register(workshop, "karla@example.org")

    (message,) = mails()
    local = registration.hold_until.astimezone(workshop.zone)  # type: ignore[union-attr]  # held
    assert first_sentence(message).startswith("wir halten einen Platz für Sie frei.")
    assert f"{local:%H:%M} Uhr" in first_sentence(message)
    assert (message.link_purpose, message.link_subject_id) == ("registration", registration.id)
    assert message.link_path == f"/{workshop.slug}/registration/{{token}}"
    assert message.attachments == []


def test_where_no_seat_is_held_the_first_mail_says_so(ctx: object, mails: Mails) -> None:
    register(make_workshop(seats=0), "karla@example.org")

    assert "Es wird noch kein Platz für Sie gehalten" in first_sentence(mails()[0])


def test_the_confirmation_brings_calendar_and_code(workshop: Workshop, mails: Mails) -> None:
    registration = register(workshop, "karla@example.org")
    service.prove_address(registration)

    calendar, code = mails()[-1].attachments
    event = Calendar.from_ical(calendar.content).walk("VEVENT")[0]
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.content)))
    assert (calendar.filename, code.filename) == (f"{workshop.slug}.ics", "qr-code.png")
    assert calendar.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert event["summary"] == "Polizei & Social Media"
    assert found.text == f"http://localhost/c/{registration.badge_code}"


def test_the_confirmation_says_when_it_begins_and_what_was_booked(
    ctx: object, mails: Mails
) -> None:
    workshop = make_workshop(
        starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 5), venue="Kongresshalle"
    )
    workshop.evening_event = "Abendessen am 4. Dezember"
    booked = {"room_from": date(2026, 12, 3), "room_until": date(2026, 12, 5)}
    register(workshop, "karla@example.org", evening_event=True, **booked)
    register(workshop, "jo@example.org", days=(date(2026, 12, 5),))
    agenda.add_session(workshop, "Beginn", day=date(2026, 12, 4), starts=time(9, 30))
    letters.confirmed(_of(workshop, "jo@example.org"))
    agenda.add_session(
        workshop, "Schluss", day=date(2026, 12, 5), starts=time(15), ends=time(16, 15)
    )
    releases.release(workshop)
    letters.confirmed(_of(workshop, "karla@example.org"))

    before, after = (booking(message) for message in mails()[-2:])
    assert before == [
        "Wann: Freitag, 4. Dezember, bis Samstag, 5. Dezember 2026",
        "Wo: Kongresshalle, Leipzig",
        "Ihre Tage: Samstag, 5. Dezember",
        "Abendveranstaltung (Abendessen am 4. Dezember): nicht dabei",
    ]
    assert after == [
        "Beginn: Freitag, 4. Dezember 2026, 09:30 Uhr",
        "Ende: Samstag, 5. Dezember 2026, 16:15 Uhr",
        "Wo: Kongresshalle, Leipzig",
        "Ihre Tage: Freitag, 4. Dezember; Samstag, 5. Dezember",
        "Abendveranstaltung (Abendessen am 4. Dezember): dabei",
        "Zimmer: 3.–5. Dezember 2026, 2 Nächte",
    ]


def test_a_workshop_of_one_day_needs_fewer_words(ctx: object, mails: Mails) -> None:
    workshop = make_workshop(starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 4))
    letters.confirmed(register(workshop, "karla@example.org"))

    assert booking(mails()[-1]) == ["Wann: Freitag, 4. Dezember 2026", "Wo: Leipzig"]


def booking(message: Message) -> list[str]:
    """The list in a mail."""
    return [line[2:] for line in message.text.splitlines() if line.startswith("- ")]


def _of(workshop: Workshop, email: str) -> Registration:
    found = find_current_by_email(workshop.id, email)
    assert found is not None
    return found


def test_mails_come_from_the_workshop_by_its_name(ctx: object, mails: Mails) -> None:
    workshop = make_workshop()
    register(workshop, "karla@example.org")
    workshop.sender_name = "Tagungsbüro Leipzig"
    register(workshop, "jo@example.org")

    assert [m.sender_name for m in mails()] == ["Polizei & Social Media", "Tagungsbüro Leipzig"]


def test_without_an_organiser_no_calendar_has_a_method(ctx: object, mails: Mails) -> None:
    workshop = make_workshop(contact_email="")
    service.cancel(make_registration(workshop))

    (calendar,) = mails()[0].attachments
    assert "method" not in Calendar.from_ical(calendar.content)
    assert calendar.content_type == "text/calendar; charset=utf-8"


def test_a_cancellation_takes_the_entry_out_of_the_calendar(
    workshop: Workshop, mails: Mails
) -> None:
    service.cancel(make_registration(workshop))
    service.cancel(make_registration(workshop, status=Status.HELD))

    confirmed, _asked, held = mails()
    (calendar,) = confirmed.attachments
    assert Calendar.from_ical(calendar.content)["method"] == "CANCEL"
    assert "method=CANCEL" in calendar.content_type
    assert held.attachments == []


def test_the_new_address_gets_the_link_and_the_old_one_none(
    workshop: Workshop, mails: Mails
) -> None:
    registration = make_registration(workshop, email="old@example.org")
    details = make_details(workshop, email="new@example.org")
    service.change(registration, details, version=registration.version)
    service.take_new_address(registration)

    asked, told, link = mails()
    assert (asked.recipient, asked.link_purpose) == ("new@example.org", "new-address")
    assert asked.link_path == f"/{workshop.slug}/registration/new-address/{{token}}"
    assert (told.recipient, told.link_path) == ("old@example.org", None)
    assert (link.recipient, link.link_purpose) == ("new@example.org", "registration")


def test_mails_are_german_whatever_the_page_is(
    app: object, workshop: Workshop, mails: Mails
) -> None:
    client = app.test_client()  # type: ignore[attr-defined]  # the application
    make_registration(workshop, email="karla@example.org")
    db.session.commit()
    client.set_cookie("language", "en")
    page = client.get(f"/{workshop.slug}/registration/link")
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]

    client.post(
        f"/{workshop.slug}/registration/link",
        data={"csrf_token": token, "email": "karla@example.org"},
    )

    assert 'lang="en"' in page.text
    assert mails()[-1].subject.endswith("Ihr persönlicher Link")


def test_what_somebody_typed_is_text_and_not_markup(workshop: Workshop, mails: Mails) -> None:
    register(workshop, "karla@example.org", first_name="<b>Eva</b>", last_name="[x](http://evil/)")

    (message,) = mails()
    assert "<b>Eva" not in message.html
    assert "&lt;b&gt;Eva" in message.html
    assert 'href="http://evil' not in message.html


def test_links_end_when_contact_data_are_deleted(workshop: Workshop) -> None:
    expiry = links.link_expiry(workshop)

    assert expiry > now()
    assert 180 <= (expiry.date() - workshop.ends_on).days <= 190
