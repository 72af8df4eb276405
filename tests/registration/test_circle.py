"""The closed circle: who comes in, who waits for the organisers, and what nobody can find out."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.outbox.models import Message
from app.registration import circle, refusals, service
from app.registration.models import ParticipantRole, Registration, Status
from app.workshops.models import Access, Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import link_to, register, seats_counted, walk

Mails = Callable[[], list[Message]]
Subjects = Callable[[], list[tuple[str, str]]]

LISTED = "karla@polizei.bund.example"
BELOW = "karla@praesidium.polizei.bund.example"
FOREIGN = "karla@zeitung.example"


@pytest.fixture
def closed(ctx: Flask) -> Workshop:
    """A closed circle of organisations with domains, two seats."""
    workshop = make_workshop(access=Access.LISTED, seats=2)
    workshop.organisations[0].mail_domains = "bund.example polizei.bund.example"
    db.session.commit()
    return workshop


@pytest.fixture
def asking(closed: Workshop) -> Registration:
    """Somebody from elsewhere whose address is proved."""
    registration = register(closed, FOREIGN)
    service.prove_address(registration)
    return registration


@pytest.mark.parametrize("email", [LISTED, BELOW])
def test_listed_domains_and_those_below_come_in(closed: Workshop, email: str) -> None:
    registration = register(closed, email)
    states = [registration.status]
    service.prove_address(registration)
    assert [*states, registration.status] == [Status.HELD, Status.CONFIRMED]


@pytest.mark.parametrize(
    "email",
    [
        FOREIGN,
        "karla@xbund.example",
        "karla@bund.example.evil.example",
        "bund.example@zeitung.example",
        "karla@xn--bnd-7qa.example",
    ],
)
def test_everybody_else_proves_the_address_and_then_waits_for_the_organisers(
    closed: Workshop, subjects: Subjects, email: str
) -> None:
    registration = register(closed, email)
    assert (registration.status, closed.seats_taken) == (Status.UNPROVED, 0)

    service.prove_address(registration)

    assert (registration.status, closed.seats_taken) == (Status.PENDING, 0)
    assert [subject for _to, subject in subjects()] == [
        "Bitte bestätigen Sie Ihre Anmeldung",
        "Über Ihre Anmeldung entscheidet das Organisationsteam",
    ]


def test_an_approval_gives_a_seat_and_is_mailed(
    asking: Registration, closed: Workshop, mails: Mails
) -> None:
    circle.approve(asking)

    assert asking.status is Status.CONFIRMED
    assert closed.seats_taken == seats_counted(closed) == 1
    assert "hat Ihre Anmeldung zugelassen" in mails()[-1].text
    assert len(mails()[-1].attachments) == 2


def test_an_approval_beyond_the_seats_leads_to_the_waiting_list(
    asking: Registration, closed: Workshop, mails: Mails
) -> None:
    for _n in range(2):
        make_registration(closed)

    circle.approve(asking)

    assert (asking.status, asking.queue_number) == (Status.WAITING, 1)
    assert "Sie stehen auf der Warteliste" in mails()[-1].text


def test_an_approval_needs_a_place(asking: Registration, closed: Workshop) -> None:
    closed.has_waiting_list = False
    closed.seats = 0
    db.session.flush()
    with pytest.raises(refusals.WorkshopFull):
        circle.approve(asking)


def test_a_refusal_is_mailed_with_its_reason_and_can_be_taken_back(
    asking: Registration, closed: Workshop, mails: Mails
) -> None:
    circle.decline(asking, "Nur für Behörden.")

    states = [asking.status]
    assert "Nur für Behörden." in mails()[-1].text
    assert mails()[-1].link_path is None
    with pytest.raises(refusals.NotActive):
        circle.decline(asking)
    circle.approve(asking)
    assert [*states, asking.status] == [Status.DECLINED, Status.CONFIRMED]
    with pytest.raises(refusals.NotActive):
        circle.approve(asking)


def test_whoever_was_declined_does_not_come_in_by_the_earlier_link(asking: Registration) -> None:
    circle.decline(asking)
    with pytest.raises(refusals.NotActive):
        service.prove_address(asking)


def test_an_approval_after_all_gives_way_to_a_newer_registration(
    asking: Registration, closed: Workshop
) -> None:
    circle.decline(asking)
    register(closed, FOREIGN)
    with pytest.raises(refusals.AddressTaken):
        circle.approve(asking)


def test_the_desk_lets_in_whom_it_confirms(closed: Workshop) -> None:
    registration = register(closed, FOREIGN)
    service.confirm_by_desk(registration)
    assert registration.status is Status.CONFIRMED


def test_a_seat_held_while_the_circle_is_closed_goes_to_whoever_waits(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    held = register(workshop, FOREIGN)
    waiting = make_registration(workshop, status=Status.WAITING)
    workshop.access = Access.LISTED
    db.session.flush()

    service.prove_address(held)

    assert (held.status, waiting.status) == (Status.PENDING, Status.CONFIRMED)
    assert workshop.seats_taken == seats_counted(workshop) == 1


def test_a_proved_address_of_the_circle_needs_no_approval_any_more(
    asking: Registration, closed: Workshop
) -> None:
    details = make_details(closed, email=LISTED)
    service.change(asking, details, version=asking.version)
    service.take_new_address(asking)
    assert asking.status is Status.CONFIRMED


def test_while_waiting_for_approval_one_takes_no_part_but_may_change_and_cancel(
    asking: Registration, closed: Workshop, visitor: Visitor
) -> None:
    page = visitor.get(link_to(asking))
    assert (
        page.text(".alert .kern-title") == "Über Ihre Anmeldung entscheidet das Organisationsteam."
    )
    assert not page.all("a[href$='/programme']")
    assert page.all("a[href$='/change']")
    assert page.all("a[href$='/cancel']")
    service.cancel(asking)
    assert asking.status is Status.CANCELLED


def test_the_desk_gives_the_roles(closed: Workshop, visitor: Visitor) -> None:
    walk(visitor, closed, email=FOREIGN)
    step = visitor.get(f"/{closed.slug}/register/participation")
    assert step.all("[name=role]") == []
    refused = visitor.client.post(step.path, data={**step.form_values(), "role": "press"})
    assert refused.status_code == 422

    for role in ParticipantRole:
        registration = register(closed, f"{role}@bund.example", role=role)
        assert registration.role is ParticipantRole.PARTICIPANT
    registration.role = ParticipantRole.SPEAKER
    db.session.flush()
    details = make_details(closed, email=registration.email, role=ParticipantRole.PRESS)
    service.change(registration, details, version=registration.version)
    assert registration.role is ParticipantRole.SPEAKER


def test_changing_details_keeps_the_role_that_the_desk_gave(
    closed: Workshop, visitor: Visitor
) -> None:
    speaker = make_registration(closed, role=ParticipantRole.SPEAKER)
    page = visitor.get(f"{link_to(speaker)}/change")
    assert page.all("[name=role]") == []
    visitor.submit(page, {"first_name": "Neu"})
    db.session.refresh(speaker)
    assert (speaker.first_name, speaker.role) == ("Neu", ParticipantRole.SPEAKER)


def test_the_screen_says_the_same_to_all(app: Flask, closed: Workshop) -> None:
    closed.seats = 20
    make_registration(closed, email="known@bund.example")
    db.session.commit()

    def seen(email: str) -> list[str]:
        someone = Visitor(app)
        page = walk(someone, closed, email=email)
        texts = [someone.get(f"/{closed.slug}/register/organisation").text("main")]
        page = someone.submit(someone.get(f"/{closed.slug}/register/check"))
        # A minute may end between two visitors: their time to confirm is their own.
        texts.append(re.sub(r"\d\d:\d\d Uhr", "…", page.text("main").replace(email, "…")))
        return [*texts, someone.get(f"/{closed.slug}/").text("main")]

    told = [seen(email) for email in ("known@bund.example", FOREIGN, LISTED)]
    # Only the last one has taken a seat: nothing on these pages shows it.
    assert told[0] == told[1] == told[2]
    assert "Es sind Plätze frei" in told[0][2]


def test_in_an_open_workshop_nobody_is_asked(workshop: Workshop) -> None:
    registration = register(workshop, FOREIGN)
    service.prove_address(registration)
    assert registration.status is Status.CONFIRMED


def test_a_typed_organisation_is_assigned_to_everybody_who_typed_it(closed: Workshop) -> None:
    typed = [
        make_registration(closed, other_organisation="LKA Beispiel", organisation_id=None)
        for _n in range(2)
    ]
    organisation = closed.organisations[3]

    assert len(circle.assign_organisation(organisation, "LKA Beispiel")) == 2

    for registration in typed:
        assert (registration.organisation_id, registration.other_organisation) == (
            organisation.id,
            "",
        )
        assert registration.organisation_name == organisation.name
        assert organisation.short_name.lower() in registration.search_text


def test_who_waits_for_approval_is_asked_about_that(closed: Workshop, visitor: Visitor) -> None:
    person = make_registration(closed, email=FOREIGN, status=Status.PENDING)
    db.session.commit()
    asked = visitor.get(f"{link_to(person)}/cancel").text()
    assert "Das Organisationsteam entscheidet dann nicht mehr über Ihre Anmeldung." in asked
    assert "Ihr Platz" not in asked


def test_the_privacy_page_tells_of_the_decision(closed: Workshop, visitor: Visitor) -> None:
    text = "Niemand wird allein durch ein Programm abgewiesen"
    assert text in visitor.get(f"/{closed.slug}/privacy").text()
    closed.access = Access.OPEN
    db.session.commit()
    assert text not in visitor.get(f"/{closed.slug}/privacy").text()
