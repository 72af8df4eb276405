"""Days, blocks and columns."""

from datetime import date, datetime, time, timedelta

import pytest

from app.agenda.draft import places
from app.agenda.draft.queries import agenda_days, list_topics
from app.agenda.models import SessionKind
from app.agenda.timetable import Day, room_clashes
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic, filled_days


def placed(day: Day) -> list[list[tuple[str, int, int, int]]]:
    """Per block: title, column, row, rows of each session."""
    return [[(p.slot.title, p.column, p.row, p.rows) for p in b.places] for b in day.blocks]


def test_topics_come_in_their_order_with_letters(workshop: Workshop, elsewhere: Workshop) -> None:
    add_topic(workshop, "Kampagnen", position=3)
    add_topic(workshop, "Bewegtbild", position=2, colour="green", summary="Kurze Filme")
    add_topic(workshop, "Katastrophenfall", position=1)
    add_topic(elsewhere, "Anderes")
    topics = list_topics(workshop.id)
    assert [(t.letter, t.name) for t in topics] == [
        ("A", "Katastrophenfall"),
        ("B", "Bewegtbild"),
        ("C", "Kampagnen"),
    ]
    assert (topics[1].colour, topics[1].summary) == ("green", "Kurze Filme")


def test_parallel_sessions_stand_by_room(workshop: Workshop) -> None:
    north, south = add_room(workshop, "Nord", position=2), add_room(workshop, "Süd", position=1)
    add_session(workshop, "Nord", room_id=north.id)
    add_session(workshop, "Süd", room_id=south.id)
    add_session(workshop, "Danach", room_id=south.id, starts=time(10), ends=time(11))
    (day,) = filled_days(workshop)
    assert placed(day) == [[("Süd", 1, 1, 1), ("Nord", 2, 1, 1)], [("Danach", 1, 1, 1)]]


def test_a_long_session_spans_the_short_ones_beside_it(workshop: Workshop) -> None:
    a, b = add_room(workshop, "A", position=1), add_room(workshop, "B", position=2)
    add_session(workshop, "lang", room_id=a.id, starts=time(9), ends=time(11))
    add_session(workshop, "erste", room_id=b.id, starts=time(9), ends=time(10))
    add_session(workshop, "zweite", room_id=b.id, starts=time(10), ends=time(11))
    (day,) = filled_days(workshop)
    assert placed(day) == [[("lang", 1, 1, 2), ("erste", 2, 1, 1), ("zweite", 2, 2, 1)]]
    assert day.blocks[0].columns == 2
    assert day.blocks[0].ends.time() == time(11)


def test_a_room_taken_twice_gets_two_columns_and_a_warning(workshop: Workshop) -> None:
    a, b = add_room(workshop, "A", position=1), add_room(workshop, "B", position=2)
    first = add_session(workshop, "eins", room_id=a.id)
    second = add_session(workshop, "zwei", room_id=a.id, starts=time(9, 30), ends=time(10, 30))
    after = add_session(workshop, "drei", room_id=a.id, starts=time(10, 30), ends=time(11))
    beside = add_session(workshop, "vier", room_id=b.id)
    (day,) = filled_days(workshop)
    assert [[p[:2] for p in block] for block in placed(day)] == [
        [("eins", 1), ("vier", 3), ("zwei", 2)],
        [("drei", 1)],
    ]
    clashes = room_clashes(day.slots)
    assert {key: [s.id for s in value] for key, value in clashes.items()} == {
        first.id: [second.id],
        second.id: [first.id],
    }
    assert after.id not in clashes
    assert beside.id not in clashes


def test_breaks_without_room_never_clash(workshop: Workshop) -> None:
    add_session(workshop, "Kaffee", kind=SessionKind.BREAK)
    add_session(workshop, "Tee", kind=SessionKind.BREAK)
    (day,) = agenda_days(workshop)[:1]
    assert room_clashes(day.slots) == {}
    assert [slot.is_quiet for slot in day.slots] == [True, True]


def test_days_are_those_of_the_workshops_zone(workshop: Workshop) -> None:
    workshop.timezone = "Pacific/Auckland"
    add_session(workshop, "früh", starts=time(0, 15), ends=time(1))
    (day,) = filled_days(workshop)
    assert day.on == workshop.starts_on
    assert day.slots[0].starts.time() == time(0, 15)


def test_the_desk_sees_empty_days_and_strays(workshop: Workshop) -> None:
    add_session(workshop, "bleibt zurück")
    first = workshop.starts_on
    workshop.starts_on, workshop.ends_on = first + timedelta(days=1), first + timedelta(days=2)
    db.session.commit()
    days = agenda_days(workshop)
    assert [(day.on, len(day.slots)) for day in days] == [
        (first, 1),
        (first + timedelta(days=1), 0),
        (first + timedelta(days=2), 0),
    ]


@pytest.mark.parametrize(
    ("clock", "running"), [("08:59", False), ("09:00", True), ("09:59", True), ("10:00", False)]
)
def test_now_is_from_the_start_to_just_before_the_end(
    workshop: Workshop, clock: str, running: bool
) -> None:
    workshop.starts_on = workshop.ends_on = date(2026, 12, 4)
    add_session(workshop, "Lage")
    at = datetime.combine(date(2026, 12, 4), time.fromisoformat(clock), workshop.zone)
    assert agenda_days(workshop, at)[0].slots[0].is_now is running


def test_other_workshops_sessions_do_not_appear(workshop: Workshop, elsewhere: Workshop) -> None:
    add_session(elsewhere, "Fremd")
    add_session(workshop, "Eigen")
    assert [s.title for day in filled_days(workshop) for s in day.slots] == ["Eigen"]


def test_a_deleted_topic_leaves_the_letters_without_a_gap(workshop: Workshop) -> None:
    first = add_topic(workshop, "Eins", position=1)
    add_topic(workshop, "Zwei", position=2)
    places.delete_topic(workshop, first.id, version=1)
    assert [(t.letter, t.name) for t in list_topics(workshop.id)] == [("A", "Zwei")]
