"""Sessions that end with the day, and lengths on nights when clocks change."""

from datetime import date, time, timedelta

import pytest

from app.agenda.draft import service
from app.agenda.draft.queries import agenda_days, list_sessions, list_tray
from app.agenda.exports.agenda_json import agenda_json
from app.agenda.intake.plans import Plan, PlannedSession, fit, write
from app.agenda.intake.starting import after_workshop
from app.agenda.releases.service import release
from app.editor.grid import ROWS_A_DAY, make_grid
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.factories import make_workshop
from tests.pages import Visitor

SATURDAY, SUNDAY = date(2027, 3, 27), date(2027, 3, 28)


@pytest.fixture
def march(ctx: object) -> Workshop:
    made = make_workshop(starts_on=SATURDAY, ends_on=SUNDAY)
    db.session.commit()
    return made


@pytest.mark.parametrize("typed", ["24:00", "00:00", "24.00"])
def test_an_end_at_midnight_is_typed_and_kept(
    march: Workshop, organiser: Visitor, typed: str
) -> None:
    page = organiser.get(f"/{march.slug}/desk/agenda/sessions/add")
    sent = {"title": "Abend", "day": SATURDAY.isoformat(), "starts": "20:00", "ends": typed}
    organiser.submit(page, sent)
    session = list_sessions(march.id)[0]
    assert session.minutes == 240
    page = organiser.get(f"/{march.slug}/desk/agenda/sessions/{session.id}")
    assert page.form_values()["ends"] == ["00:00"]
    organiser.submit(page)
    db.session.expire_all()
    assert list_sessions(march.id)[0].minutes == 240


def test_what_is_moved_may_end_at_midnight_but_not_later(march: Workshop) -> None:
    session = add_session(march, "Abend", starts=time(20), ends=time(22))
    place = service.Place(day=SATURDAY, starts=time(20), minutes=240, room_id=None)
    moved = service.move_session(march, session.id, place, version=session.version)
    assert moved.minutes == 240
    later = service.Place(day=SATURDAY, starts=time(20), minutes=245, room_id=None)
    with pytest.raises(service.LengthNotAllowed):
        service.move_session(march, session.id, later, version=moved.version)
    day = agenda_days(march)[0]
    (card,) = make_grid(day.on, day.slots, []).cards
    assert card.row + card.rows == ROWS_A_DAY


def test_a_whole_day_is_a_session_and_more_is_not(march: Workshop) -> None:
    whole = add_session(march, "Ausstellung", starts=time(0), ends=time(0))
    assert whole.minutes == 1440
    october = make_workshop(starts_on=date(2027, 10, 31), ends_on=date(2027, 10, 31))
    with pytest.raises(service.LengthNotAllowed):  # 25 hours
        add_session(october, "Ausstellung", starts=time(0), ends=time(0))


def test_lengths_are_elapsed_time_everywhere(march: Workshop) -> None:
    session = add_session(march, "Nachtwache", day=SUNDAY, starts=time(1), ends=time(4))
    (slot,) = agenda_days(march)[1].slots
    assert (session.minutes, slot.minutes, slot.length) == (120, 120, timedelta(hours=2))
    shown = agenda_json(march, release(march))
    assert shown["sessions"][0]["minutes"] == 120


OCTOBER, JUNE = date(2027, 10, 31), date(2027, 6, 6)


@pytest.mark.parametrize("by_file", [True, False], ids=["file", "earlier workshop"])
@pytest.mark.parametrize(
    ("there", "starts", "ends", "here", "ends_here", "minutes"),
    [
        (OCTOBER, time(1), time(4), JUNE, time(5), 240),
        (SUNDAY, time(1), time(4), JUNE, time(3), 120),
        (JUNE, time(1), time(4), OCTOBER, time(3), 180),
        (JUNE, time(1), time(4), SUNDAY, time(5), 180),
        (JUNE, time(1), time(2, 30), OCTOBER, time(2, 30), 90),
        (OCTOBER, time(1), time(2, 30, fold=1), JUNE, time(3, 30), 150),
        (OCTOBER, time(20), time(0), SUNDAY, time(0), 240),
    ],
)
def test_what_is_shifted_to_another_day_lasts_as_long(
    ctx: object,
    by_file: bool,
    there: date,
    starts: time,
    ends: time,
    here: date,
    ends_here: time,
    minutes: int,
) -> None:
    workshop = make_workshop(starts_on=here, ends_on=here)
    if by_file:
        session = PlannedSession(title="Nachtwache", day=there, starts=starts, ends=ends)
        plan = Plan(sessions=(session,))
    else:
        model = make_workshop(starts_on=there, ends_on=there)
        add_session(model, "Nachtwache", starts=starts, ends=ends)
        plan = after_workshop(workshop, model, with_texts=False, with_speakers=False)

    fitted = fit(workshop, plan)
    assert fitted.sessions[0].ends == ends_here
    write(workshop, fitted)

    (slot,) = agenda_days(workshop)[0].slots
    assert (slot.starts.time(), slot.ends.time(), slot.minutes) == (starts, ends_here, minutes)


def test_what_would_end_after_midnight_elsewhere_goes_to_the_tray(ctx: object) -> None:
    workshop = make_workshop(starts_on=SUNDAY, ends_on=SUNDAY)
    whole = PlannedSession(title="Ausstellung", day=JUNE, starts=time(0), ends=time(0))
    plan = fit(workshop, Plan(sessions=(whole,)))
    assert plan.problems == (
        "Die Tage sind auf die Tage des Workshops verschoben.",
        "Ende nach Mitternacht; kommt in die Ablage (28. März 2027, 00:00).",
    )
    write(workshop, plan)
    assert [(s.title, s.minutes) for s in list_tray(workshop.id)] == [("Ausstellung", 1440)]


def test_the_tray_keeps_elapsed_time(march: Workshop) -> None:
    sessions = (
        PlannedSession(title="Hier", day=SUNDAY, starts=time(9), ends=time(10)),
        PlannedSession(title="Herbst", day=OCTOBER, starts=time(1), ends=time(4)),
        PlannedSession(title="Sommer", day=JUNE, starts=time(1), ends=time(4)),
        PlannedSession(title="Nie", day=JUNE, starts=time(4), ends=time(1)),
    )
    fitted = fit(march, Plan(sessions=sessions)).sessions
    assert [(s.title, s.minutes) for s in fitted[1:]] == [
        ("Herbst", 240),
        ("Sommer", 180),
        ("Nie", 60),
    ]
