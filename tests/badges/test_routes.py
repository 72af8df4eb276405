"""Printing badges at the desk: what is ready, what comes out, what a scanned code opens."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role
from app.badges.queries import PrintState, list_badges
from app.documents.stock import get_stock
from app.extensions import db
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor
from tests.pdf import Pdf


@pytest.fixture
def people(workshop: Workshop) -> list[Registration]:
    """Three with a seat (one of them a speaker who may be photographed), one who waits."""
    made = [
        make_registration(workshop, first_name="Żaneta", last_name="Łuk"),
        make_registration(
            workshop,
            first_name="Ö",
            last_name="von der Lühe",
            role="speaker",
            consents=frozenset({ConsentKind.PHOTOS}),
        ),
        make_registration(workshop, first_name="Bernd", last_name="Amsel"),
        make_registration(workshop, status=Status.WAITING, last_name="Wartend"),
    ]
    db.session.commit()
    return made


def _index(workshop: Workshop) -> str:
    return f"/{workshop.slug}/desk/badges"


def _link(page: Page, text: str) -> str:
    """Where the link with this text leads."""
    return str(next(a for a in page.all("main a") if a.text_content().strip() == text).get("href"))


def _fetched(visitor: Visitor, page: Page) -> Pdf:
    """The PDF to which the page after printing leads."""
    assert page.path.rpartition("/")[0].endswith("/desk/badges/printed")
    answer = visitor.get(_link(page, "PDF öffnen")).response
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return Pdf(answer.data)


def test_what_is_ready_stands_first(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    page = organiser.get(_index(workshop))
    assert page.text("p.lead[role=status]") == "3 neue Schilder"
    stocks = page.texts("main select[name=stock] option")
    assert len(stocks) == 18
    assert stocks[1] == "Avery Zweckform L4784: 63,5 × 29,63 mm, 27 je Bogen"
    assert "Hülle 90 × 55 mm" in stocks
    assert "Brother DK-11202: 100 × 62 mm" in stocks


def test_without_badges_the_page_says_when_there_will_be_some(
    organiser: Visitor, workshop: Workshop
) -> None:
    page = organiser.get(_index(workshop))
    assert page.text(".empty__title") == "Noch keine Namensschilder"
    assert page.all("main form") == []


def test_printed_sheets_show_names_and_codes_and_count_as_printed(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    page = organiser.get(_index(workshop))
    done = organiser.submit(page, {"stock": "avery-l4785", "start_at": "3"})
    assert "3 Schilder sind fertig." in done.text()
    assert done.text("p.lead") == "Alle Schilder sind gedruckt"
    pdf = _fetched(organiser, done)
    codes = [f"http://localhost/c/{r.badge_code}" for r in people[:3]]
    assert sorted(pdf.codes()) == sorted(codes)
    text = pdf.all_text
    assert "Łuk" in text
    assert "von der Lühe" in text
    assert "Wartend" not in text
    assert text.count("Keine\nFotos") == 2
    assert organiser.get(_index(workshop)).text("p.lead[role=status]") == (
        "Alle Schilder sind gedruckt"
    )


def test_a_change_makes_one_badge_due_again(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    organiser.submit(organiser.get(_index(workshop)))
    people[0].function = "Pressesprecherin"
    make_registration(workshop, last_name="Neu")
    db.session.commit()
    page = organiser.get(_index(workshop))
    assert page.text("p.lead[role=status]") == "1 neues Schild und 1 geändertes Schild"
    pdf = _fetched(organiser, organiser.submit(page, {"which": "unprinted"}))
    assert len(pdf.codes()) == 2


def test_a_selection_prints_just_these(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    url = f"{_index(workshop)}?ids={people[2].id}&ids={people[3].id}&ids=99999999999999"
    page = organiser.get(url)
    assert page.text("p.lead[role=status]") == "1 Schild ausgewählt"
    pdf = _fetched(organiser, organiser.submit(page))
    assert list(pdf.codes()) == [f"http://localhost/c/{people[2].badge_code}"]


def test_the_sheet_and_the_offset_are_remembered(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    page = organiser.get(_index(workshop))
    organiser.submit(page, {"stock": "avery-l4784", "offset_x": "1,5", "offset_y": "-0.5"})
    values = organiser.get(_index(workshop)).form_values()
    assert values["stock"] == ["avery-l4784"]
    assert (values["offset_x"], values["offset_y"]) == (["1.5"], ["-0.5"])


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("start_at", "11", "Geben Sie ein Etikett von 1 bis 10 an: Andere hat dieser Bogen nicht."),
        ("start_at", "0", "Geben Sie die Nummer eines Etiketts ein."),
        ("start_at", "", "Geben Sie die Nummer eines Etiketts ein."),
        ("start_at", "eins", None),
        ("offset_x", "11", "Geben Sie einen Abstand von -10 bis 10 mm ein."),
        ("offset_y", "NaN", None),
        ("offset_y", "<b>", None),
        ("stock", "../../etc/passwd", None),
    ],
)
def test_bad_input_is_answered_at_its_field(
    organiser: Visitor,
    workshop: Workshop,
    people: list[Registration],
    field: str,
    typed: str,
    message: str | None,
) -> None:
    page = organiser.get(_index(workshop))
    answer = organiser.submit(page, {field: typed}, status=422)
    assert list(answer.errors()) == [field]
    if message:
        assert answer.errors()[field] == message
    assert {b.state for b in list_badges(workshop)} == {PrintState.NEW}


def test_all_badges_can_be_offered_again(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    organiser.submit(organiser.get(_index(workshop)))
    asked = organiser.get(f"{_index(workshop)}/reset")
    page = organiser.submit(asked)
    assert page.text("p.lead[role=status]") == "3 neue Schilder"


def test_one_badge_and_the_calibration_page_can_be_looked_at(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    one = organiser.get(f"{_index(workshop)}/{people[0].id}.pdf")
    assert len(Pdf(one.response.data).codes()) == 1
    assert {b.state for b in list_badges(workshop)} == {PrintState.NEW}
    sheet = organiser.get(f"{_index(workshop)}/calibration/avery-l4785.pdf")
    assert Pdf(sheet.response.data).sizes == [(210.0, 297.0)]


def test_what_an_address_names_and_is_not_there_is_not_found(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    foreign = make_registration(make_workshop())
    for path in (
        f"{people[0].id}.pdf?stock=a7-holder",
        f"{foreign.id}.pdf",
        "calibration/a7-holder.pdf",
        "programme.pdf?stock=a7-holder",
    ):
        assert organiser.get(f"{_index(workshop)}/{path}", status=404).text("h1"), path


def test_the_page_takes_as_many_queries_for_one_as_for_many(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    with counted_queries() as few:
        organiser.get(_index(workshop))
    for _number in range(6):
        make_registration(workshop)
    db.session.commit()
    with counted_queries() as many:
        organiser.get(_index(workshop))
    assert len(few) == len(many)


def test_a_badge_is_the_same_in_every_language(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    organiser.submit(organiser.get(_index(workshop)))
    page = organiser.get(f"{_index(workshop)}?language=en")
    assert page.text("p.lead[role=status]") == "All badges are printed"


def test_the_sheet_that_is_fetched_begins_where_the_first_free_label_is(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    page = organiser.get(f"{_index(workshop)}?ids={people[0].id}")
    done = organiser.submit(page, {"stock": "avery-l4785", "start_at": "3", "offset_y": "2"})
    (edges,) = _fetched(organiser, done).codes().values()
    left, top = get_stock("avery-l4785").position(3)
    assert edges[0] > left
    assert edges[1] > top + 2
    assert organiser.get(_index(workshop)).form_values()["start_at"] == ["1"]


def test_what_jammed_counts_as_before_and_nothing_else_does(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    organiser.submit(organiser.get(f"{_index(workshop)}?ids={people[0].id}"))
    done = organiser.submit(organiser.get(_index(workshop)), {"which": "all"})
    page = organiser.submit(done, form="form[action$='/undo']")
    assert page.text("p.lead[role=status]") == "2 neue Schilder"
    organiser.get(done.path, status=404)
    organiser.get(f"{done.path}.pdf", status=404)


def test_an_open_page_never_undoes_a_later_print(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    jammed = organiser.submit(organiser.get(f"{_index(workshop)}?ids={people[0].id}"))
    organiser.submit(jammed, form="form[action$='/undo']")
    later = organiser.submit(organiser.get(f"{_index(workshop)}?ids={people[1].id}"))

    organiser.submit(jammed, form="form[action$='/undo']", status=404)
    organiser.get(later.path)


def test_the_gate_is_told_what_no_font_draws_before_it_prints(
    sign_in: Callable[..., Visitor], workshop: Workshop, people: list[Registration]
) -> None:
    strange = make_registration(workshop, first_name="👩", last_name="Muster")
    db.session.commit()
    staff = sign_in(Role.STAFF, workshop)
    told = "Einige Zeichen lassen sich nicht drucken."
    assert told in staff.get(f"{_index(workshop)}/{strange.id}").text("main")
    assert told not in staff.get(f"{_index(workshop)}/{people[0].id}").text("main")


def test_every_page_tells_the_same_state(
    organiser: Visitor, workshop: Workshop, people: list[Registration]
) -> None:
    first, second, third = (person.id for person in people[:3])
    organiser.submit(organiser.get(f"{_index(workshop)}?ids={first}&ids={second}"))
    people[1].function = "Leitung"
    db.session.commit()

    slug = workshop.slug
    told = {first: "gedruckt", second: "seit dem Druck geändert", third: "nicht gedruckt"}
    listed = organiser.get(f"/{slug}/desk/participants")
    ids = [int(str(box.get("value"))) for box in listed.all("tbody input")]
    rows = dict(zip(ids, listed.texts("tbody td:last-child"), strict=True))
    assert rows == {**told, people[3].id: "–"}
    for number, state in told.items():
        facts = organiser.get(f"/{slug}/desk/participants/{number}").texts("dd")
        assert state in facts
        assert organiser.get(f"{_index(workshop)}/{number}").text("p.lead").endswith(state)
    index = organiser.get(_index(workshop))
    assert index.text("p.lead[role=status]") == "1 neues Schild und 1 geändertes Schild"
    tasks = organiser.get(f"/{slug}/desk/").texts(".tasks a")
    assert "2 Namensschilder sind noch nicht gedruckt" in tasks


def test_staff_find_one_person_and_print_that_badge_again(
    sign_in: Callable[..., Visitor], workshop: Workshop, people: list[Registration]
) -> None:
    staff = sign_in(Role.STAFF, workshop)
    found = staff.get(f"{_index(workshop)}?q=luehe")
    page = staff.get(_link(found, "Ö von der Lühe"))
    assert page.text("h1") == "Ö von der Lühe"
    assert page.all(".kern-alert") == []
    done = staff.submit(page)
    assert list(_fetched(staff, done).codes()) == [f"http://localhost/c/{people[1].badge_code}"]
    back = staff.get(_link(done, "Zurück zur Person"))
    assert back.text("p.lead") == "Schild: gedruckt"
    # Only that: whoever waits has no badge, and the list of people stays the organisers'.
    staff.get(f"{_index(workshop)}/{people[3].id}", status=404)
    staff.get(f"/{workshop.slug}/desk/participants/{people[1].id}", status=403)
    other = sign_in(Role.STAFF, make_workshop())
    other.get(f"{_index(workshop)}/{people[1].id}", status=403)


def test_what_no_font_prints_is_told_where_one_badge_is_printed(
    sign_in: Callable[..., Visitor], workshop: Workshop, people: list[Registration]
) -> None:
    people[1].function = "\u6771"
    db.session.commit()
    page = sign_in(Role.STAFF, workshop).get(f"{_index(workshop)}/{people[1].id}")
    assert "\u6771" in page.text(".kern-alert")


class TestScanning:
    """`/c/<code>`."""

    def test_staff_see_who_it_is(
        self, sign_in: Callable[..., Visitor], workshop: Workshop, people: list[Registration]
    ) -> None:
        staff = sign_in(Role.STAFF, workshop)
        page = staff.get(f"/c/{str(people[0].badge_code).lower()}")
        assert page.text("h1") == "Żaneta Łuk"
        assert "Angemeldet" in page.text()
        assert page.all("main form") == []
        again = page.one("main a[href*='/desk/badges/']")
        assert staff.get(str(again.get("href"))).text("h1") == "Żaneta Łuk"

    def test_only_a_confirmed_seat_leads_to_a_badge(
        self, sign_in: Callable[..., Visitor], workshop: Workshop
    ) -> None:
        held = make_registration(workshop, status=Status.HELD)
        db.session.commit()
        page = sign_in(Role.STAFF, workshop).get(f"/c/{held.badge_code}")
        assert "Angemeldet" in page.text()
        assert page.all("main a[href*='/desk/badges/']") == []

    def test_strangers_learn_nothing(
        self, visitor: Visitor, workshop: Workshop, people: list[Registration]
    ) -> None:
        known = visitor.get(f"/c/{people[0].badge_code}")
        unknown = visitor.get("/c/NOTHING")
        assert known.text("main") == unknown.text("main")
        assert "Łuk" not in known.text("body")

    def test_staff_who_are_not_signed_in_get_there(
        self, visitor: Visitor, people: list[Registration]
    ) -> None:
        code = f"/c/{people[0].badge_code}"
        link = visitor.get(code).one("main a[href^='/login']")
        assert (link.text, link.get("href")) == ("Als Einlassteam anmelden", f"/login?next={code}")

    def test_staff_of_another_workshop_learn_nothing(
        self, app: Flask, sign_in: Callable[..., Visitor], people: list[Registration]
    ) -> None:
        other = make_workshop()
        staff = sign_in(Role.STAFF, other)
        assert staff.get(f"/c/{people[0].badge_code}").text("h1") == "Das ist ein Namensschild"
