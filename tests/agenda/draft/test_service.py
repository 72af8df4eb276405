"""The rules of the programme."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry
from app.agenda.draft import service, undo
from app.agenda.draft.people import people_text
from app.agenda.models import (
    AgendaEdit,
    AgendaSession,
    Room,
    SessionKind,
    SessionPerson,
    SessionRole,
    Speaker,
    Track,
)
from app.agenda.releases import service as releases
from app.agenda.releases.service import find_released_agenda
from app.extensions import db, now
from app.refusals import ChangedMeanwhile, DeletedMeanwhile, Refused
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic, draft


def journal() -> list[tuple[str, str, int | None, dict[str, object]]]:
    entries = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id))
    return [(e.action, e.subject, e.subject_id, e.detail) for e in entries]


def test_a_session_is_stored_as_instants(workshop: Workshop, room: Room, topic: Track) -> None:
    workshop.starts_on = workshop.ends_on = date(2026, 7, 1)
    session = add_session(workshop, "Lage", room_id=room.id, track_id=topic.id)
    assert session.starts_at == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert session.ends_at == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert (session.room_id, session.track_id, session.version) == (room.id, topic.id, 1)


def test_each_session_has_a_calendar_identifier_of_its_own(workshop: Workshop) -> None:
    first, second = add_session(workshop, "A"), add_session(workshop, "A")
    assert first.uid != second.uid


@pytest.mark.parametrize("ends", [time(9), time(8, 59)])
def test_the_end_must_be_after_the_start(workshop: Workshop, ends: time) -> None:
    with pytest.raises(service.EndsBeforeStart) as refusal:
        service.add_session(workshop, draft(workshop, starts=time(9), ends=ends))
    assert refusal.value.field == "ends"


@pytest.mark.parametrize("days", [-1, 2])
def test_a_day_outside_the_workshop_is_refused(workshop: Workshop, days: int) -> None:
    day = workshop.starts_on + timedelta(days=days)
    with pytest.raises(service.OutsideWorkshop) as refusal:
        service.add_session(workshop, draft(workshop, day=day))
    assert refusal.value.field == "day"


def test_a_time_that_the_clock_leaves_out_is_refused(ctx: object) -> None:
    spring = factories.make_workshop(starts_on=date(2026, 3, 28), ends_on=date(2026, 3, 29))
    night = draft(spring, day=date(2026, 3, 29), starts=time(1, 30), ends=time(2, 30))
    with pytest.raises(service.NoSuchTime) as refusal:
        service.add_session(spring, night)
    assert refusal.value.field == "ends"


def test_a_session_across_the_change_of_clocks_has_its_real_length(ctx: object) -> None:
    spring = factories.make_workshop(starts_on=date(2026, 3, 28), ends_on=date(2026, 3, 29))
    night = draft(spring, day=date(2026, 3, 29), starts=time(1), ends=time(4))
    session = service.add_session(spring, night)
    assert session.minutes == 120


def test_a_time_that_comes_twice_is_the_first(ctx: object) -> None:
    autumn = factories.make_workshop(starts_on=date(2026, 10, 25), ends_on=date(2026, 10, 25))
    night = draft(autumn, day=date(2026, 10, 25), starts=time(2, 30), ends=time(3))
    session = service.add_session(autumn, night)
    assert session.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_rooms_and_topics_of_another_workshop_are_refused(
    workshop: Workshop, elsewhere: Workshop
) -> None:
    room, topic = add_room(elsewhere, "Saal"), add_topic(elsewhere, "Kampagnen")
    with pytest.raises(service.UnknownRoom) as refusal:
        service.add_session(workshop, draft(workshop, room_id=room.id))
    assert refusal.value.field == "room_id"
    with pytest.raises(service.UnknownTopic) as second:
        service.add_session(workshop, draft(workshop, track_id=topic.id))
    assert second.value.field == "track_id"


@pytest.mark.parametrize("column", ["room_id", "track_id"])
def test_the_database_refuses_them_too(
    workshop: Workshop, elsewhere: Workshop, talk: AgendaSession, column: str
) -> None:
    theirs = {
        "room_id": add_room(elsewhere, "Saal").id,
        "track_id": add_topic(elsewhere, "Thema").id,
    }
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(AgendaSession).values({column: theirs[column]}))
    db.session.rollback()


def test_the_database_refuses_an_end_before_the_start(talk: AgendaSession) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(AgendaSession).values(ends_at=talk.starts_at))
    db.session.rollback()


def test_a_change_raises_the_version_and_names_the_fields(
    workshop: Workshop, talk: AgendaSession
) -> None:
    changed = draft(
        workshop,
        title="Neuer Titel",
        starts=time(11),
        ends=time(12),
        room_id=talk.room_id,
        track_id=talk.track_id,
        speakers="Jana Tischendorf",
    )
    old_title = talk.title
    service.change_session(workshop, talk.id, changed, version=1)
    db.session.commit()
    assert (talk.title, talk.version) == ("Neuer Titel", 2)
    assert talk.starts_at is not None
    assert talk.ends_at is not None
    earlier = timedelta(hours=2)  # it stood at nine
    assert journal()[-1] == (
        "agenda.session_changed",
        "session",
        talk.id,
        {
            "name": "Neuer Titel",
            "fields": ["ends_at", "starts_at", "title"],
            "changes": {
                "ends_at": [(talk.ends_at - earlier).isoformat(), talk.ends_at.isoformat()],
                "starts_at": [(talk.starts_at - earlier).isoformat(), talk.starts_at.isoformat()],
                "title": [old_title, "Neuer Titel"],
            },
        },
    )


def test_saving_the_same_again_changes_nothing(workshop: Workshop, talk: AgendaSession) -> None:
    before = len(journal())
    same = draft(
        workshop,
        title=talk.title,
        room_id=talk.room_id,
        track_id=talk.track_id,
        speakers="Jana Tischendorf",
    )
    service.change_session(workshop, talk.id, same, version=1)
    db.session.commit()
    assert (talk.version, len(journal())) == (1, before)


def _people(session: AgendaSession) -> list[str]:
    return [person.speaker.label for person in session.people]


def test_people_are_typed_one_a_line_and_known_again(workshop: Workshop) -> None:
    typed = " Jana  Öz , Zoll ; Ole Brandt\n\n, Bund\nOLE BRANDT"
    first = add_session(workshop, "A", speakers=typed, chair="jana öz, zoll")
    assert _people(first) == ["Jana Öz, Zoll", "Ole Brandt", "Jana Öz, Zoll"]
    second = add_session(workshop, "B", speakers="Ole Brandt")
    assert second.people[0].speaker_id == first.people[1].speaker_id
    assert len(db.session.scalars(sa.select(Speaker)).all()) == 2


def test_saving_a_session_keeps_each_of_its_people(workshop: Workshop) -> None:
    odd = Speaker(workshop_id=workshop.id, name="Öz, Jana", organisation="Bund; Länder")
    namesakes = [Speaker(workshop_id=workshop.id, name="Jan Müller") for _number in range(3)]
    db.session.add_all([odd, *namesakes])
    session = add_session(workshop, "A")
    here = [odd.id, namesakes[2].id, namesakes[1].id]
    db.session.add_all(
        SessionPerson(
            workshop_id=workshop.id,
            session_id=session.id,
            speaker_id=number,
            role=SessionRole.SPEAKER,
            position=position,
        )
        for position, number in enumerate(here)
    )
    db.session.flush()
    db.session.expire(session)
    text = people_text(session, SessionRole.SPEAKER)
    service.change_session(
        workshop, session.id, draft(workshop, title="B", speakers=text), version=1
    )
    assert [person.speaker_id for person in session.people] == here
    assert journal()[-1][3]["fields"] == ["title"]


def _move(workshop: Workshop, session: AgendaSession, starts: str, **values: Any) -> None:
    plain: dict[str, Any] = {"day": workshop.starts_on, "minutes": 60, "room_id": None}
    place = service.Place(**{**plain, "starts": time.fromisoformat(starts), **values})
    service.move_session(workshop, session.id, place, version=session.version)


def test_a_session_moves_grows_and_rests_in_the_tray(
    workshop: Workshop, talk: AgendaSession
) -> None:
    _move(workshop, talk, "23:00", day=workshop.ends_on, minutes=55)
    placed = db.session.scalars(sa.select(AgendaSession.starts_at)).one()
    assert placed is not None
    assert placed.astimezone(workshop.zone).date() == workshop.ends_on
    assert (talk.minutes, talk.room_id, talk.version) == (55, None, 2)
    service.move_session(
        workshop,
        talk.id,
        service.Place(day=None, starts=None, minutes=55, room_id=None),
        version=2,
    )
    assert (talk.starts_at, talk.ends_at, talk.minutes, talk.version) == (None, None, 55, 3)
    assert [entry[0] for entry in journal()[-2:]] == ["agenda.session_moved"] * 2


def test_moving_to_where_it_is_changes_nothing(workshop: Workshop, talk: AgendaSession) -> None:
    before = len(journal())
    _move(workshop, talk, "09:00", room_id=talk.room_id)
    assert (talk.version, len(journal())) == (1, before)


@pytest.mark.parametrize(
    ("starts", "values", "refusal", "field"),
    [
        ("09:03", {}, service.NotInSteps, "starts"),
        ("09:00", {"minutes": 62}, service.NotInSteps, "starts"),
        ("09:00", {"minutes": 0}, service.LengthNotAllowed, "minutes"),
        ("09:00", {"minutes": 1445}, service.LengthNotAllowed, "minutes"),
        ("23:30", {}, service.LengthNotAllowed, "minutes"),
        ("09:00", {"day": date(2001, 1, 1)}, service.OutsideWorkshop, "day"),
        ("09:00", {"room_id": 0}, service.UnknownRoom, "room_id"),
    ],
)
def test_places_that_are_none(
    workshop: Workshop,
    talk: AgendaSession,
    starts: str,
    values: dict[str, Any],
    refusal: type[Refused],
    field: str,
) -> None:
    with pytest.raises(refusal) as refused:
        _move(workshop, talk, starts, **values)
    assert refused.value.field == field


def test_what_was_typed_to_the_minute_keeps_its_length_and_start(workshop: Workshop) -> None:
    odd = add_session(workshop, "Film", starts=time(9, 7), ends=time(9, 50))
    _move(workshop, odd, "11:00", minutes=43)
    _move(workshop, odd, "11:00", minutes=45)
    odd = add_session(workshop, "Film", starts=time(9, 7), ends=time(9, 50))
    _move(workshop, odd, "09:07", minutes=45)
    assert odd.minutes == 45


@pytest.mark.parametrize(("ends", "minutes"), [(time(9, 4), 60), (None, 4), (None, 1441)])
def test_lengths_from_five_minutes_to_a_day(
    workshop: Workshop, ends: time | None, minutes: int
) -> None:
    day = workshop.starts_on if ends else None
    typed = draft(workshop, day=day, ends=ends, minutes=minutes)
    with pytest.raises(service.LengthNotAllowed) as refusal:
        service.add_session(workshop, typed)
    assert refusal.value.field == ("ends" if ends else "minutes")


def test_a_refusal_says_what_the_other_did(workshop: Workshop, talk: AgendaSession) -> None:
    erika = factories.make_account().id
    jana = {"speakers": "Jana Tischendorf", "room_id": talk.room_id, "track_id": talk.track_id}

    def refused() -> str:
        with pytest.raises(ChangedMeanwhile) as refusal:
            service.delete_session(workshop, talk.id, version=talk.version - 1)
        return re.sub(r"\d\d:\d\d Uhr", "… Uhr", refusal.value.message, count=1)

    renamed = draft(workshop, title="Neu", **jana)
    service.change_session(workshop, talk.id, renamed, version=1, account_id=erika)
    assert refused() == "Erika Beispiel hat diesen Programmpunkt um … Uhr umbenannt: „Neu“."
    more = draft(workshop, title="Neu", **{**jana, "speakers": "Ole"}, abstract="Mehr")
    service.change_session(workshop, talk.id, more, version=2, account_id=erika)
    assert refused() == "Erika Beispiel hat „Neu“ um … Uhr geändert: Vortragende, Beschreibung."
    place = service.Place(day=None, starts=None, minutes=60, room_id=None)
    service.move_session(workshop, talk.id, place, version=3, account_id=erika)
    assert refused() == "Erika Beispiel hat „Neu“ um … Uhr verschoben: Ablage."
    service.delete_session(workshop, talk.id, version=4, account_id=erika)
    assert refused() == "Erika Beispiel hat „Neu“ um … Uhr gelöscht."
    undo.undo(workshop, erika)
    assert refused() == "Erika Beispiel hat „Neu“ um … Uhr zurückgeholt."
    # Some changes stand only in the steps; and one of which nothing is known is nobody's.
    service.delete_session(workshop, talk.id, version=talk.version, account_id=erika)
    db.session.execute(sa.update(JournalEntry).values(at=now() - timedelta(minutes=1)))
    assert refused() == "Erika Beispiel hat „Neu“ um … Uhr gelöscht."
    db.session.execute(sa.update(AgendaEdit).values(at=now() - timedelta(minutes=1)))
    assert refused() == "Jemand anderes hat das inzwischen geändert."


def test_older_changes_name_their_day(workshop: Workshop, talk: AgendaSession) -> None:
    erika, then = factories.make_account().id, datetime(2026, 7, 1, 12, tzinfo=UTC)
    service.delete_session(workshop, talk.id, version=1, account_id=erika)
    for table in (JournalEntry, AgendaSession):
        column = "at" if table is JournalEntry else "updated_at"
        db.session.execute(sa.update(table).values({column: then}))
    with pytest.raises(DeletedMeanwhile) as refusal:
        service.delete_session(workshop, talk.id, version=1)
    assert refusal.value.message == (
        "Erika Beispiel hat „Lage im Netz“ am 1. Juli 2026 um 14:00 Uhr gelöscht."
    )


def test_the_second_of_two_editors_is_refused(workshop: Workshop, talk: AgendaSession) -> None:
    service.change_session(workshop, talk.id, draft(workshop, title="Erste"), version=1)
    with pytest.raises(ChangedMeanwhile):
        service.change_session(workshop, talk.id, draft(workshop, title="Zweite"), version=1)
    with pytest.raises(ChangedMeanwhile):
        service.delete_session(workshop, talk.id, version=1)
    assert talk.title == "Erste"


def test_what_is_deleted_cannot_be_changed(workshop: Workshop, talk: AgendaSession) -> None:
    number = talk.id
    service.delete_session(workshop, number, version=1)
    with pytest.raises(DeletedMeanwhile):
        service.change_session(workshop, number, draft(workshop), version=1)


def test_nobody_reaches_the_sessions_of_another_workshop(
    elsewhere: Workshop, talk: AgendaSession
) -> None:
    with pytest.raises(DeletedMeanwhile):
        service.delete_session(elsewhere, talk.id, version=1)


def test_a_break_needs_no_room(workshop: Workshop) -> None:
    coffee = add_session(workshop, "Kaffeepause", kind=SessionKind.BREAK)
    assert (coffee.room_id, coffee.kind) == (None, SessionKind.BREAK)


def test_an_empty_programme_is_not_released(workshop: Workshop) -> None:
    with pytest.raises(releases.NothingToRelease):
        releases.release(workshop)
    assert workshop.agenda_released_at is None


def test_release_and_withdrawal(workshop: Workshop, talk: AgendaSession) -> None:
    assert find_released_agenda(workshop) is None
    releases.release(workshop)
    agenda = find_released_agenda(workshop)
    assert agenda is not None
    assert [slot.title for day in agenda.days for slot in day.slots] == [talk.title]
    releases.withdraw(workshop)
    assert find_released_agenda(workshop) is None
    assert [entry[:3] for entry in journal()[-2:]] == [
        ("agenda.released", "workshop", workshop.id),
        ("agenda.withdrawn", "workshop", workshop.id),
    ]
