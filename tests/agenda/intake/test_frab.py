"""`schedule.xml` of others: times, lengths, rooms, people, languages as they are meant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.agenda.draft.queries import list_sessions
from app.agenda.draft.service import end_day
from app.agenda.exports.frab import schedule_xml
from app.agenda.intake import plans
from app.agenda.intake.plans import Plan
from app.agenda.models import AgendaSession, Speaker
from app.agenda.releases import service as releases
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.exports.test_schedule_schema import release_of
from tests.agenda.programme import add_session
from tests.agenda.reading import event, read_schedule
from tests.factories import make_account, make_workshop
from tests.pages import Visitor

SATURDAY, SUNDAY = date(2027, 3, 27), date(2027, 3, 28)  # clocks go forward in the night


@pytest.fixture
def march(ctx: object) -> Workshop:
    made = make_workshop(starts_on=SATURDAY, ends_on=SUNDAY)
    db.session.commit()
    return made


def times(plan: Plan) -> tuple[object, ...]:
    session = plan.sessions[0]
    return session.day, session.starts, session.ends, session.minutes


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        ({"date": "2027-03-27", "start": "14:30"}, (SATURDAY, time(14, 30), time(15), 30)),
        ({"date": "", "start": "9:30"}, (SATURDAY, time(9, 30), time(10), 30)),
        ({"date": "2027-03-28T08:00:00Z"}, (SUNDAY, time(10), time(10, 30), 30)),
        ({"date": "2027-03-28T10:00:00"}, (SUNDAY, time(10), time(10, 30), 30)),
        (
            {"date": "2027-03-28T01:30:00+01:00", "duration": "02:00"},
            (SUNDAY, time(1, 30), time(4, 30), 120),
        ),
        (
            {"date": "2027-03-27T20:00:00+01:00", "duration": "04:00"},
            (SATURDAY, time(20), time(), 240),
        ),
        ({"date": "2027-03-28T00:30:00+01:00"}, (SUNDAY, time(0, 30), time(1), 30)),
        ({"duration": "01:30:00"}, (SATURDAY, time(10), time(11, 30), 90)),
        ({"duration": "0:45"}, (SATURDAY, time(10), time(10, 45), 45)),
    ],
)
def test_times_are_those_that_are_meant(
    march: Workshop, texts: dict[str, str], meant: tuple[object, ...]
) -> None:
    plan = read_schedule(march, event(SATURDAY, **texts))
    assert times(plan) == meant
    assert plan.problems == ()


@pytest.mark.parametrize(
    ("generator", "texts", "minutes", "problems"),
    [
        (
            "pretalx",
            {"duration": "1:02:00"},
            1440,
            [
                "„Lage“: Die Länge „1:02:00“ wird als 26:00 Stunden gelesen; "
                "sie kann auch 1:02 bedeuten.",
                "„Lage“: Ein Programmpunkt dauert 5 Minuten bis 24 Stunden; kommt in die Ablage "
                "(27.03.2027 10:00 bis 28.03.2027 13:00).",
            ],
        ),
        (
            "",
            {"duration": "1:02:00"},
            62,
            [
                "„Lage“: Die Länge „1:02:00“ wird als 1:02 Stunden gelesen; "
                "sie kann auch 26:00 bedeuten."
            ],
        ),
        (
            "",
            {"start": "23:00", "duration": "02:00"},
            120,
            [
                "„Lage“: Ende nach Mitternacht; kommt in die Ablage "
                "(27.03.2027 23:00 bis 28.03.2027 01:00)."
            ],
        ),
        (
            "",
            {"start": "um zehn"},
            30,
            ["„Lage“: „2027-03-27 um zehn“ ist kein Tag mit Uhrzeit; kommt in die Ablage."],
        ),
        (
            "",
            {"duration": "eine Stunde"},
            60,
            [
                "„Lage“: Die Länge „eine Stunde“ ist nicht verständlich.",
                "„Lage“: Beginn oder Ende fehlt; kommt in die Ablage (27. März 2027, 10:00).",
            ],
        ),
    ],
)
def test_what_is_read_otherwise_or_left_out_is_told(
    march: Workshop, generator: str, texts: dict[str, str], minutes: int, problems: list[str]
) -> None:
    plan = read_schedule(march, event(SATURDAY, generator=generator, **texts))
    assert list(plan.problems) == problems
    assert plan.sessions[0].minutes == minutes


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *(("es", "es"), ("German", "de"), ("de-formal", "de"), ("ger", "de"), ("deu", "de")),
        *(("en_GB", "en"), ("Englisch", "en"), ("Français", "fr"), ("", "de")),
        ("English/German", "en"),
    ],
)
def test_languages_are_found_however_they_are_written(
    march: Workshop, word: str, language: str
) -> None:
    plan = read_schedule(march, event(SATURDAY, language=word))
    assert (plan.sessions[0].language, plan.problems) == (language, ())


def test_an_unknown_language_is_told(march: Workshop) -> None:
    plan = read_schedule(march, event(SATURDAY, language="Klingonisch"))
    assert plan.sessions[0].language == "de"
    assert plan.problems == ("„Lage“: Die Sprache „Klingonisch“ ist unbekannt; wird Deutsch.",)


def test_the_room_is_named_as_the_room_itself_is(march: Workshop) -> None:
    plan = read_schedule(
        march, event(SATURDAY, room="K.4.201").replace("<room>K.4.201", "<room>k4201")
    )
    assert plan.sessions[0].room == "K.4.201"


PERSONS = (
    '<person id="7">Karla Muster</person><person id="8">Karla Muster</person>'
    '<person id="10"><name>Ole Beispiel</name></person><person id="11">Martin King, Jr.</person>'
    '<person id="7">Karla Muster</person>'
)


def _take_over(workshop: Workshop, plan: Plan) -> list[AgendaSession]:
    account = make_account()
    kept = plans.keep(workshop, plan, account.id)
    plans.take_over(workshop, kept.id, account.id, replaces=True)
    db.session.commit()
    return list_sessions(workshop.id)


def test_people_are_told_apart_by_their_id_and_found_again(
    march: Workshop, organiser: Visitor
) -> None:
    plan = read_schedule(march, event(SATURDAY, persons=PERSONS))
    first = _take_over(march, plan)[0]
    names = [(p.speaker.name, p.speaker.organisation) for p in first.people]
    assert names == [
        *(("Karla Muster", ""), ("Karla Muster", ""), ("Ole Beispiel", "")),
        ("Martin King, Jr.", ""),
    ]
    ids = [person.speaker_id for person in first.people]
    assert len(set(ids)) == 4

    again = _take_over(march, plan)[0]
    assert [person.speaker_id for person in again.people] == ids
    assert len(db.session.scalars(db.select(Speaker)).all()) == 4

    # The form shows two lines of one name, and takes them back as the same two.
    form = organiser.get(f"/{march.slug}/desk/agenda/sessions/{again.id}")
    organiser.submit(form)
    db.session.expire_all()
    assert [p.speaker_id for p in list_sessions(march.id)[0].people] == ids


# Nights on which clocks change, in zones that do it at other hours, and one without.
NIGHTS = [
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2027, 10, 31)),
    ("Europe/Lisbon", date(2027, 3, 28)),
    ("Atlantic/Azores", date(2027, 10, 31)),
    ("America/New_York", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Europe/Berlin", date(2027, 6, 1)),
]


@given(
    night=st.sampled_from(NIGHTS),
    begins=st.integers(0, 23 * 12),
    steps=st.integers(1, 24 * 12),
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(night=("Atlantic/Azores", date(2027, 10, 31)), begins=0, steps=12)
@example(night=("Europe/Berlin", date(2027, 10, 31)), begins=34, steps=4)
def test_our_own_export_comes_back_the_same_on_every_night(
    ctx: object, night: tuple[str, date], begins: int, steps: int
) -> None:
    name, on = night
    zone = ZoneInfo(name)
    first, last = (
        datetime.combine(on + timedelta(n), time(), zone).astimezone(UTC) for n in range(2)
    )
    starts = first + timedelta(minutes=5 * begins)
    ends = min(starts + timedelta(minutes=5 * steps), last, starts + timedelta(days=1))
    if ends <= starts:
        return
    workshop = Workshop(id=1, slug="nacht", title="Nacht", starts_on=on, ends_on=on, timezone=name)
    release = release_of(workshop, "Nacht", starts_at=starts.isoformat(), ends_at=ends.isoformat())
    plan = read_schedule(workshop, schedule_xml(workshop, release).decode())

    assert plan.problems == ()
    kept = plans._from_json(plans._to_json(plan)).sessions[0]
    assert kept == plan.sessions[0]
    assert kept.day is not None
    assert kept.starts is not None
    assert kept.ends is not None
    assert datetime.combine(kept.day, kept.starts, zone).astimezone(UTC) == starts
    assert datetime.combine(end_day(kept.day, kept.ends), kept.ends, zone).astimezone(UTC) == ends


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        (time(1), time(2, 30, fold=1), 150),
        (time(2, 50), time(2, 10, fold=1), 20),
        (time(2, 10, fold=1), time(2, 20, fold=1), 10),
    ],
)
def test_a_session_in_the_doubled_hour_is_written_and_saved_unchanged(
    ctx: object, organiser: Visitor, starts: time, ends: time, minutes: int
) -> None:
    october = make_workshop(starts_on=date(2027, 10, 30), ends_on=date(2027, 10, 31))
    made = add_session(october, "Nachtwache", day=date(2027, 10, 31), starts=starts, ends=ends)
    assert made.minutes == minutes
    release = releases.release(october)
    plan = read_schedule(october, schedule_xml(october, release).decode())
    again = _take_over(october, plan)[0]
    stored = again.starts_at, again.ends_at, again.minutes
    assert stored == (made.starts_at, made.ends_at, minutes)

    form = organiser.get(f"/{october.slug}/desk/agenda/sessions/{again.id}")
    organiser.submit(form)
    db.session.expire_all()
    kept = list_sessions(october.id)[0]
    assert (kept.starts_at, kept.ends_at, kept.minutes) == stored
