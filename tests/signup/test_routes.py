"""The pages: one's own agenda behind the link, and the desk's lists."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.accounts.models import JournalEntry, Role
from app.agenda.draft import service as agenda
from app.agenda.models import AgendaSession, SignUpMode
from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.registration.links import LINK_PURPOSE
from app.registration.models import Registration, Status
from app.signup import service
from app.signup.models import Pick, Wish
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.pages import Page, Visitor
from tests.signup.conftest import lists

People = Callable[[int], list[Registration]]
Add = Callable[..., AgendaSession]
Release = Callable[[], None]


def link_of(person: Registration) -> str:
    """The address of somebody's own agenda."""
    token = draw_link(LINK_PURPOSE, person.id)
    return f"/{person.workshop.slug}/registration/{token}/agenda"


def state(page: Page, session: AgendaSession) -> str:
    """What one's own agenda says about a session."""
    return page.text(f"#session-{session.id} .own__state")


def test_take_a_seat_wait_and_give_it_back(
    visitor: Visitor, people: People, add: Add, release: Release
) -> None:
    session = add("Werkstatt", 9, 10, seats=1)
    beside = add("Vortrag", 9, 10, sign_up=SignUpMode.NONE)
    release()
    hidden = add("Geheimer Entwurf", 14, 15)
    anna, bodo = people(2)
    home = link_of(anna)
    own = visitor.get(home.removesuffix("/agenda"))
    assert own.all(f"a[href='{home}']")
    page = visitor.get(home)
    assert "Geheimer Entwurf" not in page.text()
    visitor.get(f"{home}/{hidden.id}", status=404)
    assert state(page, session) == "1 von 1 Plätzen frei"
    page = visitor.submit(page, form=f"#session-{session.id} form[action$=sign-up]")
    assert page.response.request.path == home
    assert state(page, session) == "Platz sicher"

    other = link_of(bodo)
    page = visitor.get(f"{other}/{session.id}")
    page = visitor.submit(page, form="form[action$=sign-up]")
    assert page.path == f"{other}/{session.id}"  # back to where the button was
    assert state(page, session) == "Warteliste, Platz 1"
    page = visitor.submit(visitor.get(other), form=f"#session-{beside.id} form[action$='/pick']")
    assert state(page, beside) == "Gemerkt"
    page = visitor.submit(page, form=f"#session-{beside.id} form[action$=unpick]")
    assert db.session.scalars(sa.select(Pick)).all() == []

    visitor.submit(visitor.get(home), form=f"#session-{session.id} form[action$=sign-off]")
    assert state(visitor.get(other), session) == "Platz sicher"


def test_where_the_button_leads_back_to(
    visitor: Visitor, people: People, add: Add, release: Release
) -> None:
    session = add("Werkstatt", 9, 10, seats=1)
    release()
    home = link_of(people(1)[0])
    page = visitor.get(home)
    answer = visitor.submit(
        page, form=f"#session-{session.id} form[action$=sign-up]", status=303, follow=False
    )
    assert answer.response.headers["Location"] == f"{home}#session-{session.id}"
    page = visitor.get(f"{home}?mine=1")
    answer = visitor.submit(
        page, form=f"#session-{session.id} form[action$=sign-off]", status=303, follow=False
    )
    assert answer.response.headers["Location"] == f"{home}?mine=1#session-{session.id}"


def test_a_clash_is_refused_with_the_reason_and_a_swap(
    visitor: Visitor, people: People, add: Add, release: Release
) -> None:
    here, there = add("Krisenstab", 9, 11, seats=1), add("Bewegtbild", 10, 12, seats=1)
    release()
    (anna,) = people(1)
    service.sign_up(anna, here.id)
    home = link_of(anna)
    page = visitor.get(home)
    page = visitor.submit(page, form=f"#session-{there.id} form[action$=sign-up]", status=422)
    assert "Zur selben Zeit sind Sie für „Krisenstab“ angemeldet." in page.text(".kern-alert")
    page = visitor.submit(page, form=".kern-alert form")
    assert state(page, there) == "Platz sicher"
    assert lists(here.id) == ([], [])


def test_only_mine_and_the_calendar(
    visitor: Visitor, people: People, add: Add, release: Release, workshop: Workshop
) -> None:
    none = {"sign_up": SignUpMode.NONE}
    add("Eröffnung", 8, 9, **none)
    picked, seat = add("Gemerktes", 9, 10, **none), add("Sicheres", 10, 11, seats=1)
    beside, line = add("Anderes", 9, 10, **none), add("Wartendes", 12, 13, seats=1)
    add("Nebenan", 12, 13, **none)
    add("Neben dem Sicheren", 10, 11, **none)
    release()
    anna, bodo = people(2)
    service.pick(anna, picked.id)
    service.sign_up(anna, seat.id)
    service.sign_up(bodo, line.id)
    service.sign_up(anna, line.id)
    home = link_of(anna)
    titles = ".agenda-card h3"
    assert beside.title in visitor.get(home).texts(titles)
    mine = visitor.get(f"{home}?mine=1").texts(titles)
    assert mine == ["Eröffnung", "Gemerktes", "Sicheres", "Wartendes"]

    def calendar() -> list[tuple[str, str]]:
        response = visitor.client.get(f"{home}.ics")
        assert response.mimetype == "text/calendar"
        events = Calendar.from_ical(response.data).walk("VEVENT")
        return [(str(e["SUMMARY"]), str(e["STATUS"])) for e in events]

    sure = [(title, "CONFIRMED") for title in ("Eröffnung", "Gemerktes", "Sicheres")]
    assert calendar() == sure
    agenda.delete_session(workshop, picked.id, version=picked.version)
    release()
    assert ("Gemerktes", "CANCELLED") in calendar()


def test_wishes_by_form(visitor: Visitor, people: People, add: Add, release: Release) -> None:
    wishes = {"sign_up": SignUpMode.WISHES}
    early, late = add("Film", 9, 10, **wishes), add("Ton", 9, 10, **wishes)
    release()
    (anna,) = people(1)
    page = visitor.get(link_of(anna))
    path = page.one(".kern-alert a").get("href")
    page = visitor.get(path)
    page = visitor.submit(page, {"first": str(late.id), "second": str(late.id)}, status=422)
    assert page.errors() == {"second": "Wählen Sie als Zweitwunsch einen anderen Programmpunkt."}
    assert page.form_values()["first"] == [str(late.id)]
    page = visitor.submit(page, {"first": "4711"}, status=422)
    assert page.errors()["first"] == "Wählen Sie einen Eintrag aus der Liste."
    page = visitor.submit(page, {"first": str(late.id), "second": str(early.id)})
    assert (state(page, late), state(page, early)) == ("Erstwunsch", "Zweitwunsch")
    assert visitor.get(path).form_values()["second"] == [str(early.id)]
    assert page.all(".kern-alert") == []  # nothing is left to wish for


@pytest.mark.parametrize("status", [Status.HELD, Status.CANCELLED])
def test_without_a_confirmed_seat(
    visitor: Visitor, workshop: Workshop, add: Add, release: Release, status: Status
) -> None:
    session = add("Werkstatt", 9, 10, seats=1)
    add("Nebenan", 9, 10)
    release()
    person = factories.make_registration(workshop, status=status)
    home = link_of(person)
    if status is Status.CANCELLED:
        page = visitor.get(home, status=403)
        assert "nicht mehr gültig" in page.text()
        visitor.get(f"{home}/{session.id}", status=403)
    else:
        page = visitor.get(home)
        assert "Sie können sich schon Programmpunkte merken." in page.text(".kern-alert")
        assert page.all("form[action$=sign-up]") == []
        assert len(page.all("form[action$='/pick']")) == 2
        page = visitor.get(f"{home}/{session.id}")
        form = page.form_values("form[action$='/pick']")
        answer = visitor.client.post(f"{home}/{session.id}/sign-up", data=form)
        assert answer.status_code == 422


def test_nobody_elses_link_and_no_other_workshops_sessions(
    visitor: Visitor, people: People, add: Add, release: Release
) -> None:
    session = add("Werkstatt", 9, 10, seats=1)
    release()
    elsewhere = factories.make_workshop()
    stranger = factories.make_registration(elsewhere)
    (anna,) = people(1)
    theirs, mine = link_of(stranger), link_of(anna)
    visitor.get(theirs.replace(elsewhere.slug, anna.workshop.slug), status=404)
    visitor.get(f"{theirs}/{session.id}", status=404)
    visitor.get(mine[:-12] + "/agenda", status=404)
    form = visitor.get(mine).form_values(f"#session-{session.id} form")
    for deed in ("pick", "sign-up", "sign-off", "swap"):
        assert visitor.client.post(f"{theirs}/{session.id}/{deed}", data=form).status_code == 404
    assert lists(session.id) == ([], [])


def test_an_agenda_that_is_not_shown(
    visitor: Visitor, people: People, add: Add, release: Release, workshop: Workshop
) -> None:
    add("Werkstatt", 9, 10)
    home = link_of(people(1)[0])
    assert "Das Programm wird noch erarbeitet" in visitor.get(home).text()
    release()
    workshop.agenda_is_private = True  # for participants only: this is one
    assert visitor.get(home).texts(".agenda-card h3") == ["Werkstatt"]


def test_pages_need_as_many_queries_with_twenty_sessions_as_with_two(
    visitor: Visitor, organiser: Visitor, people: People, workshop: Workshop, release: Release
) -> None:
    anna, bodo = people(2)
    pages = [(visitor, link_of(anna)), (organiser, f"/{workshop.slug}/desk/agenda/sign-ups")]

    def count() -> list[int]:
        for session_id in db.session.scalars(sa.select(AgendaSession.id)).all():
            service.pick(anna, session_id)
        db.session.commit()
        found = []
        for someone, path in pages:
            someone.get(path)
            with counted_queries() as seen:
                someone.get(path)
            found.append(len(seen))
        return found

    def more(number: int, mode: SignUpMode) -> AgendaSession:
        return add_session(workshop, f"Punkt {number}", sign_up=mode, seats=2)

    more(0, SignUpMode.WISHES)
    opened = more(1, SignUpMode.OPEN)
    release()
    service.sign_up(bodo, opened.id)
    few = count()
    for number in range(2, 20):
        more(number, SignUpMode.WISHES if number % 2 else SignUpMode.OPEN)
    release()
    assert count() == few


def test_the_desk_adds_moves_and_removes(
    organiser: Visitor,
    workshop: Workshop,
    people: People,
    add: Add,
    release: Release,
    mails: Callable[[], list[Message]],
) -> None:
    session, beside = add("Werkstatt", 9, 10, seats=1), add("Nebenan", 9, 10)
    release()
    anna, bodo, cem, dana = people(4)
    service.sign_up(anna, session.id)
    service.sign_up(bodo, session.id)
    service.sign_up(dana, beside.id)
    page = organiser.get(f"/{workshop.slug}/desk/agenda/sign-ups")
    page = organiser.get(page.one(f"table a[href$='/{session.id}']").get("href"))
    assert page.texts("h2")[:2] == ["1 von 1 Plätzen vergeben", "Warteliste"]
    page = organiser.submit(page, {"person": ""}, form="form.form", status=422)
    assert page.errors() == {"person": "Wählen Sie eine Person aus."}
    page = organiser.submit(page, {"person": str(dana.id)}, form="form.form", status=422)
    assert "„Nebenan“" in page.text(".error-summary")
    page = organiser.submit(page, {"person": str(cem.id)}, form="form.form")
    assert "auf der Warteliste" in page.text(".kern-alert")
    assert lists(session.id) == ([anna.id], [bodo.id, cem.id])
    page = organiser.submit(page, form=f"form[action$='advance/{cem.id}']")
    assert lists(session.id) == ([anna.id], [cem.id, bodo.id])
    page = organiser.submit(page, form=f"form[action$='remove/{anna.id}']")
    assert lists(session.id) == ([cem.id], [bodo.id])
    assert [(mail.recipient, mail.subject.partition(": ")[2]) for mail in mails()] == [
        (cem.email, "Sie stehen auf der Warteliste für „Werkstatt“"),
        (cem.email, "Sie sind nachgerückt: ein Platz in „Werkstatt“"),
        (anna.email, "Sie sind nicht mehr für „Werkstatt“ angemeldet"),
    ]
    actions = db.session.scalars(
        sa.select(JournalEntry.action)
        .where(JournalEntry.action.startswith("signup."))
        .order_by(JournalEntry.id)
    ).all()
    assert actions == ["signup.added", "signup.advanced", "signup.removed"]


def test_the_desk_distributes_what_it_has_seen(
    organiser: Visitor,
    visitor: Visitor,
    workshop: Workshop,
    people: People,
    add: Add,
    release: Release,
) -> None:
    wishes = {"sign_up": SignUpMode.WISHES, "seats": 1}
    film, tone = add("Film", 9, 10, **wishes), add("Ton", 9, 10, **wishes)
    release()
    anna, bodo = people(2)
    for person, session in ((anna, film), (bodo, tone)):
        page = visitor.get(f"{link_of(person)}/{film.id}/wishes")
        visitor.submit(page, {"first": str(session.id)})
    page = organiser.get(f"/{workshop.slug}/desk/agenda/sign-ups")
    assert "2 Personen mit Wünschen" in page.text()
    page = organiser.submit(page)
    assert page.texts(".figure__value") == ["2", "0", "0", "0"]
    # Meanwhile Bodo wants the same as Anna.
    late = visitor.get(f"{link_of(bodo)}/{film.id}/wishes")
    visitor.submit(late, {"first": str(film.id)})
    page = organiser.submit(page, status=422)
    assert "Bitte sehen Sie sich die Zahlen noch einmal an." in page.text(".error-summary")
    assert page.texts(".figure__value") == ["1", "0", "0", "1"]
    page = organiser.submit(page)
    assert page.path.endswith("/sign-ups")
    assert "2 Ergebnisse gehen per E-Mail hinaus." in page.text()
    assert db.session.scalars(sa.select(Wish)).all() == []
    page = organiser.get(f"/{workshop.slug}/desk/agenda/sign-ups/distribution?block={film.id}")
    assert "Diese Plätze sind schon verteilt." in page.text()


def test_the_desk_is_for_organisers_of_this_workshop(
    sign_in: Callable[..., Visitor], people: People, add: Add, release: Release
) -> None:
    session = add("Werkstatt", 9, 10)
    release()
    (anna,) = people(1)
    base = f"/{anna.workshop.slug}/desk/agenda/sign-ups"
    elsewhere = factories.make_workshop()
    staff = sign_in(Role.STAFF, anna.workshop)
    other = sign_in(Role.ORGANISER, elsewhere)
    for someone in (staff, other):
        for path in ("", f"/{session.id}", "/distribution"):
            someone.get(base + path, status=403)
    there = f"/{elsewhere.slug}/desk/agenda/sign-ups"
    assert "Das Programm ist nicht veröffentlicht" in other.get(there).text()
    other.get(f"{there}/{session.id}", status=404)
