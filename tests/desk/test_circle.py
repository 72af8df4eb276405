"""The closed circle at the desk: approvals, held seats, organisations that were typed."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox.models import Message
from app.registration import service
from app.registration.models import Registration, Status
from app.workshops.models import Access, Organisation, Workshop
from tests.factories import make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import register


@pytest.fixture
def closed(ctx: object) -> Workshop:
    """A closed circle with three people who wait for approval."""
    workshop = make_workshop(access=Access.LISTED)
    for number in range(3):
        service.prove_address(register(workshop, f"p{number}@zeitung.example"))
    db.session.commit()
    return workshop


def tasks(visitor: Visitor, workshop: Workshop) -> dict[str, str]:
    page = visitor.get(f"/{workshop.slug}/desk/")
    return {str(link.text_content()): str(link.get("href")) for link in page.all(".tasks a")}


def states(workshop: Workshop) -> list[Status]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            sa.select(Registration.status)
            .where(Registration.workshop_id == workshop.id)
            .order_by(Registration.id)
        )
    )


def test_approvals_are_to_do_and_one_click_each(
    organiser: Visitor, closed: Workshop, mails: Callable[[], list[Message]]
) -> None:
    todo = tasks(organiser, closed)
    page = organiser.get(todo["3 Anmeldungen warten auf Ihre Freigabe"])
    page = organiser.submit(page, form="form[action$='/approve']")
    assert "ist zugelassen und hat einen Platz." in page.text(".alert")
    assert states(closed) == [Status.CONFIRMED, Status.PENDING, Status.PENDING]
    assert mails()[-1].recipient == "p0@zeitung.example"
    assert "2 Anmeldungen warten auf Ihre Freigabe" in tasks(organiser, closed)


def test_declining_asks_for_a_reason_and_can_be_taken_back(
    organiser: Visitor, closed: Workshop, mails: Callable[[], list[Message]]
) -> None:
    first = db.session.scalars(sa.select(Registration).order_by(Registration.id)).first()
    assert first is not None
    address = f"/{closed.slug}/desk/approvals/{first.id}/decline"
    page = organiser.submit(organiser.get(address), {"reason": "x" * 1001}, status=422)
    assert list(page.errors()) == ["reason"]
    organiser.submit(page, {"reason": "Nur für\nBehörden"})
    assert states(closed)[0] is Status.DECLINED
    assert "Nur für\nBehörden" in mails()[-1].text

    person = organiser.get(address)  # nothing is left to decline
    assert person.path.endswith(f"/participants/{first.id}")
    organiser.submit(person, form="form[action$='/approve']")
    assert states(closed)[0] is Status.CONFIRMED


def test_what_was_decided_meanwhile_is_said(organiser: Visitor, closed: Workshop) -> None:
    page = organiser.get(f"/{closed.slug}/desk/approvals")
    organiser.submit(page, form="form[action$='/approve']")
    again = organiser.submit(page, form="form[action$='/approve']")
    assert "wartet nicht mehr auf eine Freigabe" in again.text()


def test_nobody_to_approve_is_said(organiser: Visitor, workshop: Workshop) -> None:
    page = organiser.get(f"/{workshop.slug}/desk/approvals")
    assert page.texts(".empty__title") == ["Niemand wartet auf Ihre Freigabe"]


@pytest.mark.parametrize(
    ("pressed", "left"), [({"ids": "first"}, 3), ({"domain": "frei.example"}, 2), ({"all": "1"}, 0)]
)
def test_held_seats_are_shown_and_released(
    organiser: Visitor, workshop: Workshop, pressed: dict[str, str], left: int
) -> None:
    for email in ("a@frei.example", "b@frei.example", "c@eins.example", "d@zwei.example"):
        register(workshop, email)
    db.session.commit()
    address = f"/{workshop.slug}/desk/holds"
    page = organiser.get(address)
    assert "2 dieser Domain" in page.text("main")
    assert len(page.all("input[name=ids]")) == 4
    first = str(page.all("input[name=ids]")[0].get("value"))
    data = {name: first if value == "first" else value for name, value in pressed.items()}
    token = page.one("main input[name=csrf_token]").get("value")

    answer = organiser.client.post(address, data={**data, "csrf_token": token})

    assert answer.status_code == 303
    assert states(workshop).count(Status.HELD) == workshop.seats_taken == left
    assert states(workshop).count(Status.UNPROVED) == 4 - left


def test_only_held_seats_of_this_workshop_are_released(
    organiser: Visitor, workshop: Workshop
) -> None:
    other = register(make_workshop(), "a@frei.example")
    seated = make_registration(workshop)
    register(workshop, "b@frei.example")
    db.session.commit()
    address = f"/{workshop.slug}/desk/holds"
    token = organiser.get(address).one("main input[name=csrf_token]").get("value")
    ids = [str(other.id), str(seated.id), "x", "9" * 30]
    organiser.client.post(address, data={"ids": ids, "csrf_token": token})
    db.session.expire_all()
    assert (other.status, seated.status) == (Status.HELD, Status.CONFIRMED)


def test_typed_organisations_are_to_do_and_assigned_at_a_click(
    organiser: Visitor, workshop: Workshop
) -> None:
    names = ["polizei sachsen", "Neue Stelle", "Neue Stelle"]
    people = [
        make_registration(workshop, other_organisation=name, organisation_id=None) for name in names
    ]
    make_registration(
        workshop, other_organisation="Weg", organisation_id=None, status=Status.CANCELLED
    )
    db.session.commit()
    todo = tasks(organiser, workshop)
    page = organiser.get(todo["2 eingetippte Organisationen sind noch nicht zugeordnet"])
    assert page.texts(".typed h2") == ["Neue Stelle", "polizei sachsen"]
    assert page.texts(".typed p.muted") == ["2 Personen", "1 Person"]

    # What is called so in the list, apart from spelling, is chosen already.
    page = organiser.submit(page, form=f"form[action$='/unlisted/{people[0].id}']")
    assert "Zugeordnet: Polizei Sachsen." in page.text(".alert")
    page = organiser.submit(page, form=f"form[action$='/unlisted/{people[1].id}']")
    assert "Wählen Sie die Organisation aus der Liste." in page.text(".alert")

    new = organiser.get(f"/{workshop.slug}/desk/unlisted/{people[1].id}/new")
    assert new.form_values()["name"] == ["Neue Stelle"]
    page = organiser.submit(new, {"short_name": ""}, status=422)
    organiser.submit(page, {"short_name": "NS"})
    db.session.expire_all()
    made = db.session.scalars(sa.select(Organisation).filter_by(short_name="NS")).one()
    assert [person.organisation_id for person in people[1:]] == [made.id, made.id]
    assert people[0].organisation_name == "Polizei Sachsen"
    organiser.get(f"/{workshop.slug}/desk/unlisted/{people[1].id}/new", status=404)


def test_a_new_workshop_says_who_may_register(organiser: Visitor, workshop: Workshop) -> None:
    address = f"/{workshop.slug}/desk/settings/registration"
    page = organiser.get(address)
    assert page.form_values()["access"] == ["open"]
    organiser.submit(page, {"access": "listed"})
    db.session.expire_all()
    assert workshop.access is Access.LISTED
    stale = organiser.submit(page, {"access": "open"}, status=422)
    assert "Gelistete Organisationen" in stale.text(".alert")
    wrong = organiser.submit(organiser.get(address), {"access": "x"}, status=422)
    assert list(wrong.errors()) == ["access"]
