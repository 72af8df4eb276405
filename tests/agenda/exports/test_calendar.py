"""Calendar files, read back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from app.agenda.draft import places, service
from app.agenda.exports.calendar import (
    agenda_calendar,
    mail_type,
    personal_calendar,
    workshop_event,
)
from app.agenda.models import AgendaSession, Track
from app.agenda.releases import service as releases
from app.agenda.releases.freeze import freeze
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session, add_topic, draft


def read(file: bytes) -> Calendar:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    return calendar


def read_twice(file: bytes) -> dict[str, tuple[int, str]]:
    """Summary → sequence and status, after two independent parsers have read the same."""
    found = {}
    others = {
        event.uid: event for event in IcsCalendarStream.calendar_from_ics(file.decode()).events
    }
    for event in read(file).events:
        other = others.pop(str(event["uid"]))
        assert (other.summary, other.location) == (event.get("summary"), event.get("location"))
        assert (other.dtstart, other.dtend) == (event.decoded("dtstart"), event.decoded("dtend"))
        assert other.description == event.get("description")
        assert other.status is not None
        assert other.organizer is not None, "RFC 5546, 3.2.1"
        assert (other.sequence, other.status.value) == (event.sequence, event["status"])
        assert str(other.organizer.uri) == "mailto:workshop@example.org"
        found[str(event["summary"])] = (event.sequence, str(event["status"]))
    assert others == {}
    return found


def test_every_session_with_place_topic_and_version(
    workshop: Workshop, talk: AgendaSession
) -> None:
    workshop.venue, workshop.address = "Kongresshalle", "Beispielstraße 1\n04105 Leipzig"
    service.change_session(
        workshop,
        talk.id,
        draft(
            workshop,
            title="Lage, Netz; \\n & <b>",
            room_id=talk.room_id,
            track_id=talk.track_id,
            speakers="Jana Tischendorf",
            abstract="**Zeile** eins\nZeile zwei",
        ),
        version=1,
    )
    add_session(workshop, "Kaffeepause", starts=time(10), ends=time(10, 30))
    calendar = read(agenda_calendar(workshop, freeze(workshop, None)))
    first, second = calendar.events
    assert calendar["method"] == "PUBLISH"
    assert (first["uid"], first["sequence"]) == (talk.uid, 0)
    assert first["summary"] == "Lage, Netz; \\n & <b>"
    assert first["location"] == "Großer Saal, Kongresshalle, Beispielstraße 1 04105 Leipzig"
    assert first["description"] == "Jana Tischendorf\n\nZeile eins\nZeile zwei"
    assert list(first.categories) == ["Katastrophenfall"]
    assert first.decoded("dtstart") == talk.starts_at
    assert first["dtstart"].params["TZID"] == "Europe/Berlin"
    assert "categories" not in second
    assert second["summary"] == "Kaffeepause"


def test_times_hold_on_both_sides_of_the_change_of_clocks(ctx: object) -> None:
    spring = factories.make_workshop(starts_on=date(2026, 3, 28), ends_on=date(2026, 3, 29))
    add_session(spring, "Samstag", day=date(2026, 3, 28))
    add_session(spring, "Sonntag", day=date(2026, 3, 29))
    calendar = read(agenda_calendar(spring, freeze(spring, None)))
    winter, summer = (event.decoded("dtstart") for event in calendar.events)
    assert winter.astimezone(UTC) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert summer.astimezone(UTC) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    # The file carries the rules itself, for calendars that do not know the zone.
    (zone,) = calendar.timezones
    assert zone["tzid"] == "Europe/Berlin"
    changes = {part.decoded("dtstart") for part in zone.subcomponents if part.name == "DAYLIGHT"}
    assert datetime(2026, 3, 29, 3) in changes  # noqa: DTZ001 - RFC 5545 asks for local time


def test_the_workshop_is_all_day_until_the_programme_is_released(
    workshop: Workshop, talk: AgendaSession
) -> None:
    (event,) = read(workshop_event(workshop)).events
    assert event.decoded("dtstart") == workshop.starts_on
    assert event.decoded("dtend") == workshop.ends_on + timedelta(days=1)
    assert event["summary"] == workshop.title
    assert event["url"] == f"http://localhost/{workshop.slug}/"
    assert event["organizer"] == "mailto:workshop@example.org"


def test_the_workshop_runs_from_first_start_to_last_end(
    workshop: Workshop, talk: AgendaSession
) -> None:
    add_session(workshop, "Schluss", day=workshop.ends_on, starts=time(15), ends=time(16))
    releases.release(workshop)
    (event,) = read(workshop_event(workshop)).events
    berlin = ZoneInfo("Europe/Berlin")
    assert event.decoded("dtstart") == datetime.combine(workshop.starts_on, time(9), berlin)
    assert event.decoded("dtend") == datetime.combine(workshop.ends_on, time(16), berlin)


def test_a_workshop_keeps_its_identifier_and_cancels_by_it(
    workshop: Workshop, elsewhere: Workshop
) -> None:
    published = read(workshop_event(workshop))
    db.session.expire_all()
    cancelled = read(workshop_event(workshop, cancelled=True))
    assert (published["method"], cancelled["method"]) == ("PUBLISH", "CANCEL")
    assert published.events[0]["uid"] == cancelled.events[0]["uid"]
    assert cancelled.events[0]["status"] == "CANCELLED"
    assert cancelled.events[0].sequence >= published.events[0].sequence
    assert read(workshop_event(elsewhere)).events[0]["uid"] != published.events[0]["uid"]


def test_without_contact_and_place_the_lines_are_left_out(workshop: Workshop) -> None:
    workshop.contact_email = workshop.place = ""
    (event,) = read(workshop_event(workshop)).events
    assert "organizer" not in event
    assert "location" not in event


def test_a_method_needs_an_organiser(workshop: Workshop, talk: AgendaSession) -> None:
    content = freeze(workshop, None)

    def files() -> list[tuple[str | None, str]]:
        made = (
            (agenda_calendar(workshop, content), mail_type(workshop)),
            (personal_calendar(workshop, content, {talk.id}), mail_type(workshop)),
            (workshop_event(workshop), mail_type(workshop)),
            (workshop_event(workshop, cancelled=True), mail_type(workshop, cancelled=True)),
        )
        return [(read(file).get("method"), kind) for file, kind in made]

    published = ("PUBLISH", "text/calendar; charset=utf-8; method=PUBLISH")
    cancelled = ("CANCEL", "text/calendar; charset=utf-8; method=CANCEL")
    assert files() == [published, published, published, cancelled]
    for nobody in ("", "kein@", "žofia@example.org"):
        workshop.contact_email = nobody
        assert files() == [(None, "text/calendar; charset=utf-8")] * 4
        (event,) = IcsCalendarStream.calendar_from_ics(
            workshop_event(workshop, cancelled=True).decode()
        ).events
        assert event.status is not None
        assert event.status.value == "CANCELLED"


def test_the_organiser_is_named_in_ascii(workshop: Workshop) -> None:
    workshop.contact_email = "kontakt@polizei-köln.example"
    workshop.host_name = 'Polizei "Köln"; Referat: 3, Müller'

    file = workshop_event(workshop)

    (event,) = read(file).events
    assert event["organizer"] == "mailto:kontakt@xn--polizei-kln-zfb.example"
    (other,) = IcsCalendarStream.calendar_from_ics(file.decode()).events
    assert other.organizer is not None
    assert other.organizer.common_name == event["organizer"].params["CN"]


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_comes_twice_is_told_in_utc(ctx: object, fold: int) -> None:
    autumn = factories.make_workshop(starts_on=date(2026, 10, 24), ends_on=date(2026, 10, 25))
    night = add_session(autumn, "Nachtdienst", day=date(2026, 10, 25), starts=time(1), ends=time(4))
    berlin = ZoneInfo("Europe/Berlin")
    night.starts_at = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=berlin)
    add_session(autumn, "Morgen", day=date(2026, 10, 25))
    db.session.commit()

    file = agenda_calendar(autumn, freeze(autumn, None))

    first, second = read(file).events
    assert b"DTSTART:20261025T0%d3000Z" % fold in file
    assert first.decoded("dtstart") == night.starts_at.astimezone(UTC)
    assert "TZID" not in first["dtend"].params
    assert second["dtstart"].params["TZID"] == "Europe/Berlin"
    read_twice(file)


def test_no_line_is_longer_than_75_octets_or_ends_in_a_letter(
    workshop: Workshop, talk: AgendaSession
) -> None:
    for shift in range(6):
        talk.title = "x" * shift + "Ǧ̌äß🎥ü" * 30
        workshop.host_name = "x" * shift + "Öffentlichkeitsarbeit " * 8
        file = agenda_calendar(workshop, freeze(workshop, None)) + workshop_event(workshop)
        for line in file.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()
        assert b"\n" not in file.replace(b"\r\n", b"")
    assert read_twice(agenda_calendar(workshop, freeze(workshop, None))) == {
        talk.title: (0, "CONFIRMED")
    }


def test_the_same_release_makes_the_same_file(workshop: Workshop, talk: AgendaSession) -> None:
    content = freeze(workshop, None)

    assert agenda_calendar(workshop, content) == agenda_calendar(workshop, content)


def test_cancelled_sessions_leave_every_calendar(
    workshop: Workshop, talk: AgendaSession, topic: Track
) -> None:
    other = add_topic(workshop, "Kampagnen")
    panel = add_session(workshop, "Podium; „Netz“, und 🎥 mehr", track_id=other.id)
    group = add_session(workshop, "Gruppe", abstract="# Titel\n\n- **eins**\n- zwei " + "ü" * 90)
    first = freeze(workshop, None)
    assert set(read_twice(agenda_calendar(workshop, first)).values()) == {(0, "CONFIRMED")}

    service.delete_session(workshop, talk.id, version=talk.version)
    panel.title = "Podium"
    second = freeze(workshop, first)

    assert read_twice(agenda_calendar(workshop, second)) == {
        "Lage im Netz": (1, "CANCELLED"),
        "Podium": (1, "CONFIRMED"),
        "Gruppe": (0, "CONFIRMED"),
    }
    assert read_twice(agenda_calendar(workshop, second, track_id=topic.id)) == {
        "Lage im Netz": (1, "CANCELLED")
    }
    assert set(read_twice(agenda_calendar(workshop, second, track_id=other.id))) == {"Podium"}
    assert read_twice(personal_calendar(workshop, second, {talk.id, group.id})) == {
        "Lage im Netz": (1, "CANCELLED"),
        "Gruppe": (0, "CONFIRMED"),
    }
    cancelled, kept = read(personal_calendar(workshop, second, {talk.id, group.id})).events[::-1]
    assert cancelled["location"] == "Großer Saal, Leipzig"
    assert cancelled["uid"] == talk.uid
    assert str(cancelled["url"]).endswith("/agenda")
    assert str(kept["url"]).endswith(f"/agenda/{group.id}")
    assert "– eins\n– zwei" in str(kept["description"])
    # The room's name stays with what was cancelled there.
    places.delete_room(workshop, talk.room_id or 0, version=1)
    third = freeze(workshop, second)
    (event,) = read(personal_calendar(workshop, third, {talk.id})).events
    assert event["location"] == "Großer Saal, Leipzig"
