"""The form in steps, as somebody without JavaScript sees it."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, limiter, now
from app.outbox.models import Message
from app.registration.models import Draft, Registration, Status
from app.workshops.models import Workshop
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor
from tests.registration.conftest import PERSON, walk

Subjects = Callable[[], list[tuple[str, str]]]


def only_registration() -> Registration:
    return db.session.scalars(sa.select(Registration)).one()


def test_from_the_first_step_to_the_mail(
    visitor: Visitor, workshop: Workshop, subjects: Subjects
) -> None:
    start = visitor.get(f"/{workshop.slug}/register")
    assert start.text("h1") == "Angaben zur Person"
    assert start.text(".steps__label") == "Schritt 1 von 5: Person"

    page = walk(visitor, workshop, department="Stab", consent_photos="y")
    page = visitor.submit(page)

    registration = only_registration()
    assert page.path == f"/{workshop.slug}/register/sent"
    assert page.text("h1") == "Fast geschafft: Bestätigen Sie Ihre E-Mail-Adresse"
    assert PERSON["email"] in page.text()
    assert registration.full_name == "Żaneta von der Lühe"
    assert registration.organisation_name == "Polizei Sachsen"
    assert [consent.kind for consent in registration.consents] == ["photos"]
    assert [day.on for day in registration.days] == workshop.days
    assert subjects() == [(PERSON["email"], "Bitte bestätigen Sie Ihre Anmeldung")]


def test_no_box_of_a_consent_is_ticked_beforehand(visitor: Visitor, workshop: Workshop) -> None:
    page = walk(visitor, workshop)
    step = visitor.get(f"/{workshop.slug}/register/consents")

    assert len(step.all("main form input[type=checkbox]")) == 3
    assert step.all("main form input[type=checkbox][checked]") == []
    assert page.texts("section[aria-labelledby=answers-consents] dd") == ["Nein"] * 3


def test_before_sending_all_is_shown_with_a_way_back(visitor: Visitor, workshop: Workshop) -> None:
    page = walk(visitor, workshop, rank="Polizeirätin", arrival="car", vehicle_plate="l-ab 1")

    assert {"Polizeirätin", "L-AB 1", "Auto", PERSON["email"]} <= set(page.texts("dd"))
    links = [a.get("href").rpartition("/")[2] for a in page.all(".answers__head a")]
    assert links == ["person", "organisation", "participation", "consents"]
    assert page.text("main form button.kern-btn--primary") == "Verbindlich anmelden"
    assert page.all(f"main a[href='/{workshop.slug}/privacy']")


def test_a_changed_step_leads_back_to_the_page_before_sending(
    visitor: Visitor, workshop: Workshop
) -> None:
    walk(visitor, workshop)
    step = visitor.get(f"/{workshop.slug}/register/person")
    assert step.form_values()["last_name"] == ["von der Lühe"]

    page = visitor.submit(step, {"last_name": "Lühe"})

    assert page.path.endswith("/register/check")
    assert "Lühe" in page.texts("dd")


def test_a_step_cannot_be_skipped(visitor: Visitor, workshop: Workshop) -> None:
    assert visitor.get(f"/{workshop.slug}/register/check").path.endswith("/register/person")
    page = visitor.get(f"/{workshop.slug}/register")
    visitor.submit(page, PERSON)

    assert visitor.get(f"/{workshop.slug}/register/consents").path.endswith("/organisation")
    assert visitor.get(f"/{workshop.slug}/register/nonsense", status=404)


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(
    visitor: Visitor, workshop: Workshop
) -> None:
    page = visitor.get(f"/{workshop.slug}/register")
    typed = {**PERSON, "email": "falsch", "first_name": "", "title": "<i>Dr.</i>"}

    page = visitor.submit(page, typed, status=422)

    assert list(page.errors()) == ["first_name", "email"]
    assert page.errors()["first_name"] == "Geben Sie den Vornamen ein."
    assert page.texts(".error-summary a")[0] == "Geben Sie den Vornamen ein."
    values = page.form_values()
    assert {name: values[name] for name in typed} == {n: [v] for n, v in typed.items()}
    assert page.all("main i") == []


def test_the_way_back_keeps_what_was_typed(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.submit(visitor.get(f"/{workshop.slug}/register"), PERSON)
    page = visitor.submit(page, {"function": "Halb getippt", "organisation_id": ""}, button="back")
    assert page.path.endswith("/register/person")

    page = visitor.submit(page)
    assert page.path.endswith("/register/organisation")
    assert page.form_values()["function"] == ["Halb getippt"]
    assert page.form_values()["organisation_id"] == [""]


def test_a_half_typed_step_is_not_a_finished_one(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.submit(visitor.get(f"/{workshop.slug}/register"), PERSON)
    visitor.submit(page, {"department": "x" * 5000}, button="back")

    assert visitor.get(f"/{workshop.slug}/register/check").path.endswith("/organisation")


def test_needs_without_consent_are_not_even_kept_in_a_draft(
    visitor: Visitor, workshop: Workshop
) -> None:
    page = visitor.submit(visitor.get(f"/{workshop.slug}/register"), PERSON)
    page = visitor.submit(page)
    refused = visitor.submit(page, {"intolerances": "Geheim-Allergie"}, status=422)
    assert list(refused.errors()) == ["consent_needs"]
    visitor.submit(page, {"intolerances": "Geheim-Allergie"}, button="back")

    stored = db.session.scalars(sa.select(Draft)).one().data
    assert "Geheim-Allergie" not in json.dumps(stored)


def test_the_organisation_follows_the_address(visitor: Visitor, workshop: Workshop) -> None:
    page = visitor.get(f"/{workshop.slug}/register")
    page = visitor.submit(page, {**PERSON, "email": "a@zoll.bund.de"})

    groups = [group.get("label") for group in page.all("select[name=organisation_id] optgroup")]
    assert groups[:3] == [
        "Passend zu Ihrer E-Mail-Adresse",
        "Länderpolizeien",
        "Polizei des Bundes",
    ]
    assert page.form_values()["organisation_id"] == [""]


def test_what_the_workshop_does_not_ask_does_not_appear(visitor: Visitor, ctx: Flask) -> None:
    workshop = make_workshop(asks_accommodation=False, asks_catering=False, asks_travel=False)
    db.session.commit()
    walk(visitor, workshop)

    page = visitor.get(f"/{workshop.slug}/register/participation")
    assert set(page.form_values()) == {"csrf_token", "role", "days", "accessibility"}


def test_sent_twice_registers_once(
    visitor: Visitor, workshop: Workshop, subjects: Subjects
) -> None:
    page = walk(visitor, workshop)

    for _again in range(3):
        assert visitor.submit(page).path.endswith("/register/sent")

    assert visitor.get(f"/{workshop.slug}/register/check").path.endswith("/register/sent")
    assert only_registration().status is Status.HELD
    assert len(subjects()) == 1


def test_after_sending_the_next_person_starts_with_an_empty_form(
    visitor: Visitor, workshop: Workshop
) -> None:
    visitor.submit(walk(visitor, workshop))

    page = visitor.get(f"/{workshop.slug}/register")
    assert page.form_values()["last_name"] == [""]
    visitor.submit(walk(visitor, workshop, email="other@example.org"))
    assert len(db.session.scalars(sa.select(Registration)).all()) == 2


def test_nothing_personal_stays_in_a_sent_draft(visitor: Visitor, workshop: Workshop) -> None:
    visitor.submit(walk(visitor, workshop))

    draft = db.session.scalars(sa.select(Draft)).one()
    assert draft.data == {}
    assert set(draft.outcome or {}) == {"email", "seated", "hold_until"}


def without_tokens(page: Page) -> str:
    """The page but for what differs by nature: tokens, and the minute of the hold."""
    text = page.response.get_data(as_text=True)
    text = re.sub(r'name="csrf_token" type="hidden" value="[^"]+"', "", text)
    return re.sub(r"\d\d:\d\d Uhr", "", text)


@pytest.mark.parametrize("seats", [5, 1], ids=["free", "full"])
def test_a_known_address_gets_the_same_page(app: Flask, ctx: Flask, seats: int) -> None:
    workshop = make_workshop(seats=seats)
    make_registration(workshop, email="known@example.org")
    db.session.commit()

    pages = []
    for email in ("known@example.org", "fresh@example.org"):
        someone = Visitor(app)
        page = someone.submit(walk(someone, workshop, email=email))
        assert page.response.headers.get("Set-Cookie") is None
        pages.append(without_tokens(page).replace(email, "…"))

    assert pages[0] == pages[1]


def test_beyond_the_seats_the_waiting_list_is_announced(visitor: Visitor, ctx: Flask) -> None:
    workshop = make_workshop(seats=1)
    make_registration(workshop)
    db.session.commit()

    assert visitor.get(f"/{workshop.slug}/register").texts(".alert .kern-title") == [
        "Alle Plätze sind vergeben"
    ]
    page = walk(visitor, workshop)
    assert "Sie kommen auf die Warteliste." in page.text(".alert")
    page = visitor.submit(page)
    assert page.text("h1") == "Fast geschafft: Bestätigen Sie Ihre E-Mail-Adresse"
    assert page.all(".alert") == []  # one message, and one thing to do
    assert "Danach stehen Sie auf der Warteliste" in page.text("main")


@pytest.mark.parametrize(
    ("settings", "heading"),
    [
        ({"registration_opens_at": None}, "Die Anmeldung ist noch nicht geöffnet"),
        (
            {"registration_opens_at": now() + timedelta(days=2)},
            "Die Anmeldung ist noch nicht geöffnet",
        ),
        ({"registration_closes_at": now() - timedelta(days=1)}, "Die Anmeldung ist geschlossen"),
        ({"seats": 0, "has_waiting_list": False}, "Alle Plätze sind vergeben"),
    ],
)
def test_a_closed_door_says_why(
    visitor: Visitor, ctx: Flask, settings: dict[str, Any], heading: str
) -> None:
    workshop = make_workshop(**settings)
    db.session.commit()

    page = visitor.get(f"/{workshop.slug}/register/consents")

    assert page.path == f"/{workshop.slug}/register"
    assert page.text("h1") == heading
    assert page.all("main form") == []
    assert page.all(f"main a[href='/{workshop.slug}/registration/link']")


def test_a_door_that_closes_meanwhile_is_said_when_sending(
    visitor: Visitor, workshop: Workshop
) -> None:
    page = walk(visitor, workshop)
    workshop.registration_closes_at = now()
    db.session.commit()

    refused = visitor.submit(page, status=422)

    assert refused.texts(".error-summary li") == ["Die Anmeldung ist geschlossen."]
    assert "von der Lühe" in refused.texts("dd")
    assert db.session.scalars(sa.select(Registration)).all() == []


def test_a_workshop_that_changes_meanwhile_leads_to_the_step(
    visitor: Visitor, workshop: Workshop
) -> None:
    page = walk(visitor, workshop)
    workshop.starts_on += timedelta(days=40)
    workshop.ends_on += timedelta(days=40)
    db.session.commit()

    page = visitor.submit(page)

    assert page.path.endswith("/register/participation")
    assert "Bitte prüfen Sie diesen Schritt noch einmal" in page.text(".alert")


@pytest.mark.parametrize("step", ["person", "organisation", "participation", "consents"])
def test_files_in_place_of_fields_count_as_empty(
    visitor: Visitor, workshop: Workshop, step: str
) -> None:
    walk(visitor, workshop)
    page = visitor.get(f"/{workshop.slug}/register/{step}")
    names = [name for name in page.form_values() if name != "csrf_token"]
    token = page.form_values()["csrf_token"][0]
    files = {name: (io.BytesIO(b"x"), "x.txt") for name in names}

    answer = visitor.client.post(page.path, data={"csrf_token": token, **files})

    assert answer.status_code == (303 if step == "consents" else 422)


@pytest.mark.parametrize("body", ['{"first_name": ["x"]}', '{"first_name": 5', "[]", "null"])
def test_json_is_no_form(visitor: Visitor, workshop: Workshop, body: str) -> None:
    page = visitor.get(f"/{workshop.slug}/register")
    token = page.form_values()["csrf_token"][0]

    answer = visitor.client.post(
        f"/{workshop.slug}/register/person",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )

    assert answer.status_code == 422
    assert "Geben Sie den Vornamen ein." in answer.text


def test_without_the_token_of_the_page_nothing_is_taken(
    visitor: Visitor, workshop: Workshop
) -> None:
    answer = visitor.client.post(f"/{workshop.slug}/register/person", data=PERSON)

    assert answer.status_code == 400
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_draft_belongs_to_its_workshop(visitor: Visitor, workshop: Workshop) -> None:
    other = make_workshop()
    db.session.commit()
    walk(visitor, workshop)

    assert visitor.get(f"/{other.slug}/register").form_values()["last_name"] == [""]


def test_sending_is_limited_by_client(
    app: Flask, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [Visitor(app) for _number in range(3)]
    pages = [walk(p, workshop, email=f"p{n}@example.org") for n, p in enumerate(people)]
    monkeypatch.setitem(app.config, "RATELIMIT_REGISTER", "2 per hour")
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()

    people[0].submit(pages[0])
    people[1].submit(pages[1])
    page = people[2].submit(pages[2], status=429)

    assert page.text("h1") == "Zu viele Versuche"
    assert len(db.session.scalars(sa.select(Message)).all()) == 2
    limiter.reset()
