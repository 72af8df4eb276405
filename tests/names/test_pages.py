"""What cannot be printed is told to the person and to the desk before anything is printed."""

from app.extensions import db
from app.registration.models import Registration
from app.workshops.models import Workshop
from tests import factories
from tests.pages import Visitor

TOLD = "Einige Zeichen lassen sich nicht drucken."


def test_the_desk_is_told_on_the_participants_page_and_before_it_prints(
    organiser: Visitor, workshop: Workshop
) -> None:
    usual: Registration = factories.make_registration(workshop, last_name="Č̣elik-Ψάλτης-כהן")
    rare: Registration = factories.make_registration(workshop, last_name="김민준")
    db.session.commit()

    pages = (
        organiser.get(f"/{workshop.slug}/desk/participants/{person.id}") for person in (usual, rare)
    )
    plain, told = (page.text("main") for page in pages)
    assert TOLD not in plain
    assert TOLD in told
    assert "können diese nicht zeigen: 김민준." in told
    badges = organiser.get(f"/{workshop.slug}/desk/badges")
    assert badges.texts(".alert li") == ["Karla 김민준: 김민준"]


def test_nobody_is_told_without_need(organiser: Visitor, workshop: Workshop) -> None:
    factories.make_registration(workshop, last_name="Müller")
    db.session.commit()

    assert TOLD not in organiser.get(f"/{workshop.slug}/desk/badges").text("main")
