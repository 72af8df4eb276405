"""A programme after a template or an earlier workshop."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from app.accounts.models import Role
from app.agenda.draft.queries import agenda_days, list_rooms, list_sessions, list_tracks, list_tray
from app.agenda.intake.plans import Plan, fit, write
from app.agenda.intake.starting import after_template, after_workshop, list_models
from app.agenda.models import SessionKind
from app.agenda.timetable import room_clashes
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic
from tests.factories import make_workshop
from tests.pages import Visitor


@pytest.fixture
def last_year(ctx: object) -> Workshop:
    """A workshop of two days with a programme, in summer."""
    made = make_workshop(starts_on=date(2025, 6, 2), ends_on=date(2025, 6, 3), title="Bremen")
    room = add_room(made, "Saal", seats=40, equipment="Bühne")
    topic = add_topic(made, "Kampagnen", summary="Wie sie wirken", colour="teal")
    add_session(
        made,
        "Lage im Netz",
        room_id=room.id,
        track_id=topic.id,
        speakers="Jana Beispiel, Polizei",
        abstract="Text",
        seats=20,
    )
    add_session(made, "Abschluss", day=made.ends_on, starts=time(15), ends=time(16))
    add_session(made, "Idee", day=None, minutes=25)
    db.session.commit()
    return made


@pytest.mark.parametrize("days", [1, 2, 5])
def test_the_template_fills_the_days_without_clashes(ctx: object, days: int) -> None:
    start = date(2026, 12, 7)
    workshop = make_workshop(starts_on=start, ends_on=start + timedelta(days=days - 1))
    add_room(workshop, "Aula")
    plan = after_template(workshop)
    assert fit(workshop, plan).problems == ()

    write(workshop, plan)

    shown = agenda_days(workshop)
    slots = [slot for day in shown for slot in day.slots]
    assert len(shown) == days
    assert room_clashes(slots) == {}
    assert (slots[0].title, slots[0].kind) == ("Ankunft und Kaffee", SessionKind.BREAK)
    assert "Abschluss" in {slot.title for slot in shown[-1].slots}
    evenings = [slot for slot in slots if slot.kind is SessionKind.EVENING]
    assert len(evenings) == (1 if days > 1 else 0)
    assert all(any(slot.topic for slot in day.slots) for day in shown)
    assert [room.name for room in list_rooms(workshop.id)] == ["Aula", "Raum 2", "Raum 3"]
    assert len({track.colour for track in list_tracks(workshop.id)}) == 3


def test_last_years_programme_comes_by_day_and_local_time(
    workshop: Workshop, last_year: Workshop, organiser: Visitor
) -> None:
    url = f"/{workshop.slug}/desk/agenda/start"
    form = "form[action$='/workshop']"
    page = organiser.get(url)
    assert organiser.submit(page, {"model": "x"}, form=form, status=422).errors() == {
        "model": "Wählen Sie einen Eintrag aus der Liste."
    }
    page = organiser.submit(page, form=form)
    assert "3 Programmpunkte gelesen." in page.text()
    organiser.submit(page)

    talk, closing = list_sessions(workshop.id)
    assert (talk.abstract, talk.seats, talk.people) == ("Text", 20, [])
    assert talk.starts_at
    assert talk.starts_at.astimezone(workshop.zone).hour == 9  # in winter as in summer
    assert closing.starts_at
    assert closing.starts_at.astimezone(workshop.zone).date() == workshop.ends_on
    assert [(s.title, s.minutes) for s in list_tray(workshop.id)] == [("Idee", 25)]
    room, topic = list_rooms(workshop.id)[0], list_tracks(workshop.id)[0]
    assert (room.name, room.seats, room.equipment) == ("Saal", 40, "Bühne")
    assert (topic.name, topic.summary, topic.colour) == ("Kampagnen", "Wie sie wirken", "teal")


def test_texts_and_speakers_are_left_out_unless_wanted(
    last_year: Workshop, workshop: Workshop
) -> None:
    def talk(plan: Plan) -> tuple[str, str]:
        return plan.sessions[0].abstract, plan.sessions[0].speakers

    bare = after_workshop(workshop, last_year, with_texts=False, with_speakers=False)
    full = after_workshop(workshop, last_year, with_texts=True, with_speakers=True)
    assert (talk(bare), talk(full)) == (("", ""), ("Text", "Jana Beispiel, Polizei"))


def test_what_has_no_day_any_more_goes_to_the_tray(ctx: object, last_year: Workshop) -> None:
    day = date(2026, 12, 7)
    short = make_workshop(starts_on=day, ends_on=day)
    plan = after_workshop(short, last_year, with_texts=False, with_speakers=False)
    write(short, fit(short, plan))
    assert [s.title for s in list_sessions(short.id)] == ["Lage im Netz"]
    assert [s.title for s in list_tray(short.id)] == ["Abschluss", "Idee"]


def test_only_workshops_of_ones_own_are_offered(
    workshop: Workshop, last_year: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    assert list_models(workshop) == [last_year]
    assert list_models(last_year) == []
    here = sign_in(Role.ORGANISER, workshop)
    page = here.get(f"/{workshop.slug}/desk/agenda/start")
    assert page.all("#model") == []
    assert "Noch kein anderer Ihrer Workshops" in page.text()
