"""The addresses that are mailed and printed: nobody can call them back."""

from pathlib import Path

from app.extensions import db
from app.registration import links
from app.workshops.models import Workshop
from tests.factories import make_registration

APP = Path(__file__).parents[2] / "app"


def test_the_addresses_in_mails(workshop: Workshop) -> None:
    person = make_registration(workshop)
    slug = workshop.slug

    assert links.personal_link(workshop, person.id).path == f"/{slug}/registration/{{token}}"
    assert (
        links.personal_link(workshop, person.id, page="/agenda").path
        == f"/{slug}/registration/{{token}}/agenda"
    )
    assert links.new_address_link(person).path == f"/{slug}/registration/new-address/{{token}}"
    assert links.badge_address(person).endswith(f"/c/{person.badge_code}")


def test_a_link_opens_for_its_purpose_and_workshop_only(workshop: Workshop) -> None:
    person = make_registration(workshop)
    token = links.draw_own_link(person)
    db.session.commit()

    assert links.find_holder(workshop, token) is person
    assert links.find_holder(workshop, token, links.NEW_ADDRESS_PURPOSE) is None
    assert links.find_holder(workshop, token + "x") is None
    assert links.find_holder(Workshop(id=workshop.id + 1), token) is None


def test_no_other_module_writes_such_an_address() -> None:
    writing = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if any(part in path.read_text() for part in ("registration/{{token}}", "/c/{"))
    }

    assert writing == {"registration/links.py"}
