from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Role
from app.agenda.draft.service import SessionDraft, add_session
from app.agenda.models import SessionKind
from app.agenda.releases.service import release
from app.badges.queries import list_badges
from app.badges.service import note_printed
from app.extensions import db, now
from app.outbox.models import Message, MessageState, Problem
from app.registration.models import Registration, Status
from app.workshops.models import Organisation, Workshop
from tests import factories
from tests.counting import counted_queries
from tests.factories import make_registration
from tests.pages import Visitor


def _of(workshop: Workshop, short_name: str) -> int:
    return db.session.scalars(
        sa.select(Organisation.id).filter_by(workshop_id=workshop.id, short_name=short_name)
    ).one()


def _figures(visitor: Visitor, workshop: Workshop) -> list[str]:
    return visitor.get(f"/{workshop.slug}/desk/").texts(".figure__value")


def test_figures_mean_what_they_say(organiser: Visitor, workshop: Workshop) -> None:
    assert _figures(organiser, workshop) == ["0", "0", "0", "0"]
    make_registration(workshop)
    make_registration(workshop, status=Status.HELD)
    make_registration(workshop, status=Status.CANCELLED)
    make_registration(workshop, status=Status.WAITING)
    yesterday = make_registration(workshop)
    yesterday.created_at = now() - timedelta(days=2)
    db.session.commit()
    assert _figures(organiser, workshop) == ["3", "1", "1", "4"]
    assert organiser.get(f"/{workshop.slug}/desk/").texts(".figure__note") == ["von 10 Plätzen"]


def test_an_empty_desk_says_what_will_be_there(organiser: Visitor, workshop: Workshop) -> None:
    page = organiser.get(f"/{workshop.slug}/desk/")
    assert page.texts(".empty__title") == ["Noch hat sich niemand angemeldet"]
    assert page.all(".tiles") == []


def test_a_new_workshop_is_all_to_do(organiser: Visitor, workshop: Workshop) -> None:
    workshop.registration_opens_at = None
    workshop.contact_email = ""
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/")
    base = f"/{workshop.slug}/desk"
    assert [(t.text_content(), t.get("href")) for t in page.all(".tasks a")] == [
        ("Beginn der Anmeldung festlegen", f"{base}/settings/registration"),
        ("Programm beginnen", f"{base}/agenda/start"),
        ("Kontakt eintragen", f"{base}/settings/place"),
        ("Rechtliche Texte vervollständigen", f"{base}/settings/legal"),
    ]


def test_a_draft_waits_to_be_published(organiser: Visitor, workshop: Workshop) -> None:
    draft = SessionDraft(kind=SessionKind.TALK, title="Begrüßung")
    add_session(workshop, draft)
    db.session.commit()
    tasks = organiser.get(f"/{workshop.slug}/desk/").texts(".tasks a")
    assert "Programm veröffentlichen" in tasks
    assert "Programm beginnen" not in tasks


def test_nothing_to_do_is_said_too(organiser: Visitor, workshop: Workshop) -> None:
    _complete(workshop)
    page = organiser.get(f"/{workshop.slug}/desk/")
    assert page.all(".tasks") == []
    assert "Nichts wartet auf Sie." in page.text()


def test_what_is_urgent_comes_first(organiser: Visitor, workshop: Workshop) -> None:
    _complete(workshop)
    expiring = make_registration(workshop, status=Status.HELD)
    expiring.hold_until = now() + timedelta(hours=3)
    make_registration(workshop, status=Status.HELD)
    make_registration(workshop, status=Status.WAITING)
    printed = make_registration(workshop)
    make_registration(workshop)
    db.session.flush()
    note_printed(workshop, list_badges(workshop, ids=[printed.id]))
    db.session.execute(
        sa.update(Message).values(state=MessageState.FAILED, problem=Problem.REFUSED)
    )
    db.session.commit()
    assert organiser.get(f"/{workshop.slug}/desk/").texts(".tasks a") == [
        "2 E-Mails konnten nicht gesendet werden",
        "1 Anmeldung verfällt binnen eines Tages, wenn sie nicht bestätigt wird",
        "6 Plätze sind frei, während andere warten",
        "1 Namensschild ist noch nicht gedruckt",
    ]


def test_unprinted_badges_are_no_task_before_the_first_is_printed(
    organiser: Visitor, workshop: Workshop
) -> None:
    _complete(workshop)
    make_registration(workshop)
    db.session.commit()
    assert organiser.get(f"/{workshop.slug}/desk/").all(".tasks") == []


def test_origin_counts_seats_by_land_and_kind(organiser: Visitor, workshop: Workshop) -> None:
    for short_name in ("SN", "SN", "SMI SN", "BY", "BKA", "Zoll"):
        make_registration(workshop, organisation_id=_of(workshop, short_name))
    make_registration(workshop, other_organisation="Stadt Leipzig")
    make_registration(workshop, status=Status.WAITING, organisation_id=_of(workshop, "BY"))
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/")
    tiles = {t.split(":")[0][2:]: t.split(": ")[1] for t in page.texts(".tile")}
    assert len(tiles) == 16
    assert {name: n for name, n in tiles.items() if n != "0"} == {"Sachsen": "3", "Bayern": "1"}
    assert page.one(".tile--SN a").get("href").endswith("/desk/participants?state=DE-SN")
    assert page.texts("#origin ~ .table-scroll td") == ["3", "1", "1", "1", "1"]


def test_bars_count_days_first_and_weeks_later(organiser: Visitor, workshop: Workshop) -> None:
    for _one in range(3):
        make_registration(workshop)
    early = make_registration(workshop)
    early.created_at = now() - timedelta(days=1)
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/")
    assert page.texts(".bar-row td") == ["1", "3"]
    assert [b.get("class") for b in page.all(".bar")] == ["bar bar--4", "bar bar--10"]
    early.created_at = now() - timedelta(days=28)
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/")
    assert page.texts(".bar-row td") == ["1", "0", "0", "0", "3"]


def test_the_journal_names_what_happened_to_whom_by_whom(
    organiser: Visitor, workshop: Workshop
) -> None:
    registration = make_registration(workshop, first_name="Jo", last_name="Ö")
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/participants/{registration.id}")
    organiser.submit(page, form="form[action$='send-link']")
    latest = organiser.get(f"/{workshop.slug}/desk/").texts(".journal li > span")
    assert latest[0].startswith("Persönlicher Link vom Organisationsteam angefordert: Jo Ö (")
    assert "Vom Organisationsteam angemeldet: Jo Ö" in latest[1]


@pytest.mark.parametrize("path", ["", "participants", "participants/new", "settings"])
def test_only_organisers_of_the_workshop_enter(
    visitor: Visitor, sign_in: Callable[..., Visitor], workshop: Workshop, path: str
) -> None:
    url = f"/{workshop.slug}/desk/{path}"
    assert visitor.get(url).path == "/login"
    sign_in(Role.STAFF, workshop).get(url, status=403)
    elsewhere = factories.make_workshop()
    sign_in(Role.ORGANISER, elsewhere).get(url, status=403)
    sign_in(Role.ORGANISER, workshop).get(url)


@pytest.mark.parametrize("path", ["", "participants", "settings/organisations"])
def test_pages_ask_as_often_for_thirty_people_as_for_three(
    organiser: Visitor, workshop: Workshop, path: str
) -> None:
    workshop.seats = 40
    db.session.commit()
    url = f"/{workshop.slug}/desk/{path}"
    asked = []
    for more in (3, 27):
        for _one in range(more):
            make_registration(workshop)
        db.session.commit()
        with counted_queries() as queries:
            organiser.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 14
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 30


def _complete(workshop: Workshop) -> None:
    workshop.controller = workshop.data_protection_officer = workshop.imprint = "Polizei Sachsen"
    session = SessionDraft(
        kind=SessionKind.TALK,
        title="Begrüßung",
        day=workshop.starts_on,
        starts=now().time().replace(hour=9),
        ends=now().time().replace(hour=10),
    )
    add_session(workshop, session)
    release(workshop)
    db.session.commit()
