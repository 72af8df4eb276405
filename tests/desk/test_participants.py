from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.badges.queries import list_badges
from app.badges.service import note_printed
from app.desk.queries import Filters, find_participants
from app.extensions import db, now
from app.registration.models import ParticipantRole, Registration, Status
from app.workshops.models import Organisation, OrganisationKind, Workshop
from tests import factories
from tests.counting import counted_queries
from tests.factories import make_registration
from tests.pages import Page, Visitor


@pytest.fixture
def listed(workshop: Workshop) -> Workshop:
    """A workshop with five people, of whom one has cancelled."""
    workshop.seats = 20
    db.session.commit()
    ids = {o.short_name: o.id for o in workshop.organisations}
    make_registration(workshop, first_name="Weg", last_name="Müller", status=Status.CANCELLED)
    make_registration(
        workshop,
        first_name="Anna",
        last_name="Müller",
        email="anna@polizei-sn.example",
        organisation_id=ids["SN"],
        days=(workshop.starts_on,),
    )
    make_registration(
        workshop,
        first_name="Bo",
        last_name="Mueller-Zażółć",
        organisation_id=ids["BKA"],
        role=ParticipantRole.SPEAKER,
    )
    make_registration(
        workshop,
        first_name="Łukasz",
        last_name="von der Straße",
        organisation_id=ids["Zoll"],
        status=Status.HELD,
    )
    make_registration(
        workshop,
        first_name="Zoë",
        last_name="O’Brannigan",
        other_organisation="Universität Örebro",
        status=Status.WAITING,
    )
    db.session.commit()
    return workshop


def _names(page: Page) -> list[str]:
    return page.texts("tbody th a")


def _open(visitor: Visitor, workshop: Workshop, query: str = "") -> Page:
    return visitor.get(f"/{workshop.slug}/desk/participants{query}")


def test_the_list_is_in_german_order_without_those_who_cancelled(
    organiser: Visitor, listed: Workshop
) -> None:
    page = _open(organiser, listed)
    assert _names(page) == [
        "Müller, Anna",
        "Mueller-Zażółć, Bo",
        "O’Brannigan, Zoë",
        "von der Straße, Łukasz",
    ]
    assert page.texts(".tabs li") == [
        "Alle aktiven (4)",
        "Bestätigt (2)",
        "Unbestätigt (1)",
        "Warteliste (1)",
        "Storniert (1)",
    ]


def test_an_empty_result_points_to_matches_with_another_status(
    organiser: Visitor, listed: Workshop
) -> None:
    page = organiser.submit(_open(organiser, listed), {"q": "weg"}, form="form[role=search]")
    assert _names(page) == []
    assert "Mit einem anderen Status gibt es Treffer" in page.text(".empty")

    page = organiser.submit(_open(organiser, listed), {"q": "nix"}, form="form[role=search]")
    assert "Prüfen Sie die Schreibweise" in page.text(".empty")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("müller", ["Müller, Anna", "Mueller-Zażółć, Bo"]),
        ("MUELLER", ["Müller, Anna", "Mueller-Zażółć, Bo"]),
        ("mueller anna", ["Müller, Anna"]),
        ("anna mueller bo", []),
        ("zazolc", ["Mueller-Zażółć, Bo"]),
        ("lukasz strasse", ["von der Straße, Łukasz"]),
        ("obrannigan", ["O’Brannigan, Zoë"]),
        ("anna@polizei-sn.example", ["Müller, Anna"]),
        ("sachsen", ["Müller, Anna"]),
        ("örebro", ["O’Brannigan, Zoë"]),
        ("oerebro univ", ["O’Brannigan, Zoë"]),
        (" ", ["Müller, Anna", "Mueller-Zażółć, Bo", "O’Brannigan, Zoë", "von der Straße, Łukasz"]),
        ("%", []),
        ("–", []),
        ("_ 😀", []),
        ("m_ller", []),
        ("\x01'; drop table", []),
    ],
)
def test_each_word_must_occur_however_it_is_written(
    organiser: Visitor, listed: Workshop, words: str, found: list[str]
) -> None:
    page = _open(organiser, listed)
    page = organiser.submit(page, {"q": words}, form="form[role=search]")
    assert _names(page) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=confirmed", ["Müller, Anna", "Mueller-Zażółć, Bo"]),
        ("?status=held", ["von der Straße, Łukasz"]),
        ("?status=waiting", ["O’Brannigan, Zoë"]),
        ("?status=cancelled", ["Müller, Weg"]),
        ("?kind=customs", ["von der Straße, Łukasz"]),
        ("?kind=other", ["O’Brannigan, Zoë"]),
        ("?state=DE-SN", ["Müller, Anna"]),
        ("?role=speaker", ["Mueller-Zażółć, Bo"]),
        ("?role=speaker&kind=customs", []),
    ],
)
def test_filters_narrow_the_list(
    organiser: Visitor, listed: Workshop, query: str, found: list[str]
) -> None:
    assert _names(_open(organiser, listed, query)) == found


def test_filters_for_a_day_and_an_organisation(organiser: Visitor, listed: Workshop) -> None:
    second = _open(organiser, listed, f"?day={listed.ends_on.isoformat()}")
    assert "Müller, Anna" not in _names(second)
    assert len(_names(second)) == 3
    bka = next(o for o in listed.organisations if o.short_name == "BKA")
    assert _names(_open(organiser, listed, f"?organisation={bka.id}")) == ["Mueller-Zażółć, Bo"]


@pytest.mark.parametrize(
    "query",
    [
        *("?status=nonsense", "?kind=x", "?state=XX", "?role=king", "?day=2026-02-30"),
        *("?organisation=99999999999999999999", "?organisation=abc", "?page=0", "?page=-5"),
        *("?page=99999999999999999999", "?page=x", "?sort=password", "?size=1000000"),
    ],
)
def test_what_nobody_offers_is_left_aside(organiser: Visitor, listed: Workshop, query: str) -> None:
    assert len(_names(_open(organiser, listed, query))) == 4


def test_an_organisation_of_another_workshop_is_left_aside(
    organiser: Visitor, listed: Workshop
) -> None:
    other = factories.make_workshop()
    db.session.commit()
    query = f"?organisation={other.organisations[0].id}"
    assert len(_names(_open(organiser, listed, query))) == 4


def test_marks_name_each_filter_and_take_it_away(organiser: Visitor, listed: Workshop) -> None:
    page = _open(organiser, listed, "?q=mueller&kind=state_police&sort=-name&page=3")
    marks = {m.text_content().split(" ×")[0]: m.get("href") for m in page.all(".marks a")}
    base = f"/{listed.slug}/desk/participants"
    assert marks == {
        "„mueller“": f"{base}?kind=state_police&sort=-name",
        "Länderpolizeien": f"{base}?q=mueller&sort=-name",
    }


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "Müller, Anna"),
        ("-name", "von der Straße, Łukasz"),
        ("organisation", "Müller, Anna"),
        ("-organisation", "O’Brannigan, Zoë"),
        ("status", "von der Straße, Łukasz"),
        ("created", "Müller, Anna"),
        ("-created", "O’Brannigan, Zoë"),
    ],
)
def test_the_list_is_sorted_by_a_click(
    organiser: Visitor, listed: Workshop, sort: str, first: str
) -> None:
    page = _open(organiser, listed, f"?sort={sort}")
    assert _names(page)[0] == first
    key = sort.removeprefix("-")
    direction = "descending" if sort.startswith("-") else "ascending"
    assert page.one("th[aria-sort]").get("aria-sort") == direction
    assert f"sort={'-' if direction == 'ascending' else ''}{key}" in page.one(
        "th[aria-sort] a"
    ).get("href")


def test_whoever_waits_longest_stands_first_on_the_waiting_list(
    organiser: Visitor, workshop: Workshop
) -> None:
    for name in ("Zett", "Adam", "Mann"):
        make_registration(workshop, last_name=name, status=Status.WAITING)
    db.session.commit()
    names = _names(_open(organiser, workshop, "?status=waiting"))
    assert [name.split(",")[0] for name in names] == ["Zett", "Adam", "Mann"]


def test_the_list_is_paged_and_keeps_its_filters(organiser: Visitor, workshop: Workshop) -> None:
    workshop.seats = 200
    db.session.commit()
    _insert(workshop, 120)
    page = _open(organiser, workshop, "?role=participant")
    assert len(_names(page)) == 50
    assert page.text(".pagination span") == "Seite 1 von 3"
    page = organiser.get(page.one(".pagination a[rel=next]").get("href"))
    assert _names(page)[0] == "Person 00050, P"
    assert page.texts(".marks a")[0].startswith("Teilnahme")
    page = _open(organiser, workshop, "?page=3")
    assert len(_names(page)) == 20
    assert len(_names(_open(organiser, workshop, "?page=4&size=100"))) == 20


def test_empty_lists_tell_the_next_step(organiser: Visitor, workshop: Workshop) -> None:
    page = _open(organiser, workshop)
    assert page.texts(".empty__title") == ["Hier ist noch niemand"]
    assert page.texts(".empty a") == ["Person hinzufügen"]
    page = _open(organiser, workshop, "?q=niemand")
    assert page.texts(".empty__title") == ["Niemand gefunden"]
    assert page.one(".empty a").get("href") == f"/{workshop.slug}/desk/participants"


def test_a_selection_goes_to_the_badges(organiser: Visitor, listed: Workshop) -> None:
    page = _open(organiser, listed, "?status=confirmed")
    ids = [box.get("value") for box in page.all("input[name=ids]")]
    page = organiser.submit(page, {"ids": ids[:1]}, form="form.selection")
    assert page.path == f"/{listed.slug}/desk/badges"
    assert page.response.request.args.getlist("ids") == ids[:1]


def test_the_list_says_whose_badge_is_printed(organiser: Visitor, listed: Workshop) -> None:
    anna = db.session.scalars(sa.select(Registration).filter_by(first_name="Anna")).one()
    note_printed(listed, list_badges(listed, ids=[anna.id]))
    db.session.commit()
    states = _open(organiser, listed).texts("tbody td:last-child")
    assert states[0] == "gedruckt"
    assert set(states[1:]) <= {"nicht gedruckt", "–"}


def test_people_of_other_workshops_are_not_there(organiser: Visitor, listed: Workshop) -> None:
    other = factories.make_workshop()
    make_registration(other, last_name="Fremd")
    db.session.commit()
    assert _names(_open(organiser, listed, "?q=fremd")) == []
    assert _names(_open(organiser, other)) == ["Fremd, " + _first_name(other)]


def test_a_list_of_seven_thousand_takes_as_many_queries_as_one_of_seventy(
    workshop: Workshop,
) -> None:
    workshop.seats = 8000
    db.session.commit()
    workshop_id = workshop.id
    asked = []
    for more in (70, 6930):
        _insert(workshop, more)
        with counted_queries() as queries:
            filters = Filters(words="person", kind=OrganisationKind.STATE_POLICE)
            found = find_participants(workshop_id, filters, page=2)
        asked.append(len(queries))
    assert (found.total, found.pages, len(found.rows)) == (7000, 140, 50)
    assert asked == [2, 2]


def _first_name(workshop: Workshop) -> str:
    return db.session.scalars(
        sa.select(Registration.first_name).filter_by(workshop_id=workshop.id)
    ).one()


def _insert(workshop: Workshop, count: int) -> None:
    """Many people at once, past the commands, which are not meant for thousands."""
    start = db.session.scalar(sa.select(sa.func.count(Registration.id))) or 0
    organisation = db.session.scalars(
        sa.select(Organisation.id).filter_by(workshop_id=workshop.id, short_name="SN")
    ).one()
    moment = now()
    db.session.execute(
        sa.insert(Registration),
        [
            {
                "workshop_id": workshop.id,
                "organisation_id": organisation,
                "first_name": "P",
                "last_name": f"Person {n:05}",
                "email": f"p{n}@example.org",
                "status": Status.CONFIRMED,
                "address_proved_at": moment,
                "created_at": moment - timedelta(seconds=n),
                "badge_code": f"CODE{n:08}",
                "sort_key": f"person {n:05}  p",
                "search_text": f"p person {n:05}",
            }
            for n in range(start, start + count)
        ],
    )
    db.session.commit()
