"""Each warning, provoked and solved; then how the work grows."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from app.agenda.draft.warnings import AgendaWarning, Facts, SpeakerFact, Standing, find_warnings
from app.agenda.draft.warnings import WarningKind as Kind
from app.agenda.models import Room, SessionKind, SessionRole, SignUpMode
from app.agenda.timetable import Person, Slot
from tests.growth import growth

DAY = date(2026, 12, 4)
HALL, SMALL = Room(id=1, name="Großer Saal", seats=90), Room(id=2, name="Raum Elster", seats=3)
OEZLEM, JOERG = (
    Person(1, "Özlem Müller", "Polizei Bremen", SessionRole.SPEAKER),
    Person(2, "Jörg Weiß", "", SessionRole.CHAIR),
)
COMING = {1: SpeakerFact(Standing.COMING, 101), 2: SpeakerFact(Standing.COMING)}
FACTS = Facts(days=frozenset({DAY}), speakers=COMING)

pytestmark = pytest.mark.usefixtures("ctx")


def slot(number: int, starts: str, ends: str, **values: Any) -> Slot:
    def at(text: str) -> datetime:
        return datetime.combine(DAY, time.fromisoformat(text), UTC)

    plain: dict[str, Any] = {
        "kind": SessionKind.TALK,
        "title": f"Sitzung {number}",
        "abstract": "Worum es geht",
        "language": "de",
        "people": (),
        "topic": None,
        "room_id": HALL.id,
        "room": "",
        "room_position": 0,
        "seats": None,
        "sign_up": SignUpMode.NONE,
        "is_now": False,
        "uid": str(number),
        "sequence": 1,
        "changed_at": at(starts),
    }
    return Slot(id=number, starts=at(starts), ends=at(ends), **{**plain, **values})


def warn(*slots: Slot, facts: Facts = FACTS) -> list[AgendaWarning]:
    return find_warnings(slots, (HALL, SMALL), facts)


def test_an_agenda_in_order_has_no_warnings() -> None:
    assert (
        warn(
            slot(1, "09:00", "10:00", people=(OEZLEM, JOERG)),
            slot(2, "10:00", "10:10", kind=SessionKind.BREAK, room_id=None, abstract=""),
            slot(3, "10:10", "11:00", people=(OEZLEM,), room_id=SMALL.id),
            slot(4, "10:10", "11:00", people=(JOERG,)),
            slot(5, "19:00", "22:00", kind=SessionKind.EVENING, room_id=None, abstract=""),
        )
        == []
    )


def test_a_room_taken_concerns_both_and_ends_with_the_overlap() -> None:
    first, second = slot(1, "09:00", "10:00"), slot(2, "09:55", "11:00", title="Gerüchte")
    assert warn(first, second) == [
        AgendaWarning(Kind.ROOM_TAKEN, 1, "Raum auch belegt durch „Gerüchte“", (2,)),
        AgendaWarning(Kind.ROOM_TAKEN, 2, "Raum auch belegt durch „Sitzung 1“", (1,)),
    ]
    assert warn(first, replace(second, room_id=SMALL.id)) == []
    assert warn(first, slot(2, "10:00", "11:00")) == []


def test_many_sessions_in_one_room_are_not_all_named() -> None:
    crowd = [slot(number, "09:00", "10:00") for number in range(1, 7)]
    assert warn(*crowd)[0] == AgendaWarning(
        Kind.ROOM_TAKEN,
        1,
        "Raum auch belegt durch „Sitzung 2“, „Sitzung 3“, „Sitzung 4“ und 2 weitere",
        (2, 3, 4, 5, 6),
    )


def test_somebody_in_two_places_is_named_also_as_speaker_and_chair() -> None:
    first = slot(1, "09:00", "10:00", people=(OEZLEM,))
    second = slot(2, "09:30", "10:30", room_id=SMALL.id, people=(replace(OEZLEM, role=JOERG.role),))
    assert warn(first, second) == [
        AgendaWarning(Kind.PERSON_TWICE, 1, "Özlem Müller ist auch in „Sitzung 2“", (2,)),
        AgendaWarning(Kind.PERSON_TWICE, 2, "Özlem Müller ist auch in „Sitzung 1“", (1,)),
    ]
    assert warn(first, replace(second, people=(JOERG,))) == []


def test_two_speakers_of_one_registration_are_one_person() -> None:
    first = slot(1, "09:00", "10:00", people=(OEZLEM,))
    second = slot(2, "09:30", "10:30", room_id=SMALL.id, people=(replace(JOERG, id=3),))
    coming = {**COMING, 3: SpeakerFact(Standing.COMING, 101)}
    kinds = [warning.kind for warning in warn(first, second, facts=replace(FACTS, speakers=coming))]
    assert kinds == [Kind.PERSON_TWICE, Kind.PERSON_TWICE]


@pytest.mark.parametrize(
    ("standing", "kind", "text"),
    [
        (Standing.UNKNOWN, Kind.SPEAKER_UNREGISTERED, "Noch nicht angemeldet: Özlem Müller"),
        (Standing.WAITING, Kind.SPEAKER_UNREGISTERED, "Auf der Warteliste: Özlem Müller"),
        (Standing.CANCELLED, Kind.SPEAKER_CANCELLED, "Abgemeldet: Özlem Müller"),
    ],
)
def test_speakers_who_may_not_come(standing: Standing, kind: Kind, text: str) -> None:
    speakers = {**COMING, 1: SpeakerFact(standing)}
    found = warn(
        slot(1, "09:00", "10:00", people=(OEZLEM, JOERG)), facts=replace(FACTS, speakers=speakers)
    )
    assert found == [AgendaWarning(kind, 1, text)]


def test_breaks_under_ten_minutes() -> None:
    coffee = slot(1, "10:00", "10:09", kind=SessionKind.BREAK, room_id=None)
    assert warn(coffee) == [AgendaWarning(Kind.BREAK_SHORT, 1, "Nur 9 Minuten lang")]


def test_a_session_leaves_the_break_that_all_have() -> None:
    coffee = slot(1, "10:00", "10:30", kind=SessionKind.BREAK, room_id=None, title="Kaffeepause")
    late = slot(2, "09:30", "10:15")
    text = "Läuft in die Pause „Kaffeepause“"
    assert warn(coffee, late) == [AgendaWarning(Kind.BREAK_SHORT, 2, text, (1,))]
    assert warn(replace(coffee, room_id=SMALL.id), late) == []


def test_speakers_need_five_minutes_to_change_rooms() -> None:
    first = slot(1, "09:00", "10:00", people=(OEZLEM,))
    second = slot(2, "10:04", "11:00", room_id=SMALL.id, people=(OEZLEM,))
    text = "Özlem Müller muss nach „Sitzung 1“ sofort den Raum wechseln"
    assert warn(first, second) == [AgendaWarning(Kind.BREAK_SHORT, 2, text, (1,))]
    assert warn(first, replace(second, room_id=HALL.id)) == []
    assert warn(first, slot(2, "10:05", "11:00", room_id=SMALL.id, people=(OEZLEM,))) == []


@pytest.mark.parametrize(
    ("seats", "room_id", "allowed"), [(None, 2, 3), (2, 2, 2), (9, 2, 3), (2, None, 2)]
)
def test_more_sign_ups_than_seats(seats: int | None, room_id: int | None, allowed: int) -> None:
    full = slot(1, "09:00", "10:00", seats=seats, room_id=room_id, kind=SessionKind.EVENING)
    fits = replace(FACTS, booked={1: frozenset(range(allowed))})
    assert warn(full, facts=fits) == []
    over = replace(FACTS, booked={1: frozenset(range(allowed + 1))})
    text = f"{allowed + 1} angemeldet, {allowed} Plätze"
    assert warn(full, facts=over) == [AgendaWarning(Kind.OVERBOOKED, 1, text)]


def test_participants_booked_in_two_places_also_against_their_own_talk() -> None:
    first = slot(1, "09:00", "10:00", people=(OEZLEM,))
    second = slot(2, "09:30", "10:30", room_id=SMALL.id)
    facts = replace(FACTS, booked={1: frozenset({7, 8}), 2: frozenset({8, 101})})
    assert warn(first, second, facts=facts) == [
        AgendaWarning(Kind.DOUBLE_BOOKED, 1, "2 Angemeldete sind auch in „Sitzung 2“", (2,)),
        AgendaWarning(Kind.DOUBLE_BOOKED, 2, "2 Angemeldete sind auch in „Sitzung 1“", (1,)),
    ]
    assert warn(first, slot(2, "10:00", "10:30", room_id=SMALL.id), facts=facts) == []


def test_outside_the_workshops_days() -> None:
    facts = replace(FACTS, days=frozenset({DAY + timedelta(days=1)}))
    assert warn(slot(1, "09:00", "10:00"), facts=facts) == [
        AgendaWarning(Kind.OUTSIDE_DAY, 1, "Außerhalb der Tage des Workshops")
    ]


def test_what_is_incomplete() -> None:
    assert warn(slot(1, "09:00", "10:00", room_id=None, abstract="")) == [
        AgendaWarning(Kind.NO_ROOM, 1, "Kein Raum"),
        AgendaWarning(Kind.NO_ABSTRACT, 1, "Keine Beschreibung"),
    ]


def test_the_work_grows_with_the_agenda_not_with_its_square() -> None:
    assert growth(_find_in_a_big_agenda, 300) < 3


def _find_in_a_big_agenda(sessions: int) -> None:
    """So many sessions, 64 a day, and seven times as many sign-ups."""
    random = Random(3)
    rooms = [Room(id=number, name=f"Raum {number}", seats=30) for number in range(1, 9)]
    people = [Person(n, f"Person {n}", "", SessionRole.SPEAKER) for n in range(200)]
    slots = [
        replace(
            slot(
                number,
                f"{8 + number // 8 % 8:02}:00",
                f"{8 + number // 8 % 8:02}:45",
                room_id=number % 8 + 1,
                people=tuple(random.sample(people, 2)),
            ),
            starts=datetime.combine(DAY, time(8 + number // 8 % 8), UTC) + timedelta(number // 64),
            ends=datetime.combine(DAY, time(8 + number // 8 % 8, 45), UTC)
            + timedelta(number // 64),
        )
        for number in range(sessions)
    ]
    booked: dict[int, set[int]] = {}
    for _number in range(sessions * 7):
        booked.setdefault(random.randrange(sessions), set()).add(random.randrange(500))
    facts = Facts(
        days=frozenset(DAY + timedelta(days=n) for n in range(5)),
        speakers={p.id: SpeakerFact(Standing.COMING) for p in people},
        booked={number: frozenset(them) for number, them in booked.items()},
    )
    assert find_warnings(slots, rooms, facts)
