"""The release for other programs, read back: JSON, schedule.xml, calendars by topic."""

import json
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from lxml import etree

from app.agenda.models import SessionKind
from app.agenda.releases import service as releases
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic
from tests.pages import Visitor

HARD_TITLE = ("Żaneta & <b>Łódź</b> „Straße“ 🚒 – " + "Großschadenslage " * 12)[:200].strip()

# The published schema of schedule.xml (c3voc): what an event must have, and what it may have.
REQUIRED = {
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "duration",
    "abstract",
    "slug",
    "track",
}
OPTIONAL = {
    "logo",
    "persons",
    "language",
    "description",
    "recording",
    "links",
    "attachments",
    "video_download_url",
    "url",
}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@pytest.fixture
def hard(ctx: object) -> Workshop:
    """Two released days, the second of which has 23 hours; hard names, parallel sessions."""
    made = factories.make_workshop(
        slug="fahrplan", starts_on=date(2027, 3, 27), ends_on=date(2027, 3, 29)
    )
    hall, studio = add_room(made, "Großer Saal"), add_room(made, "Raum Łódź & <Co>", position=1)
    topic = add_topic(made, "Krise & „Netz“", summary="Was hilft?")
    add_session(
        made,
        HARD_TITLE,
        room_id=hall.id,
        track_id=topic.id,
        abstract="**Fett** & <i>schräg</i>\n\n- Punkt 🚒",
        speakers="Żaneta Großmann, Polizei „Süd“ & Co",
    )
    add_session(made, "Podium", kind=SessionKind.PANEL, room_id=studio.id, language="en")
    add_session(made, "Mittag", kind=SessionKind.BREAK, starts=time(12), ends=time(13))
    add_session(
        made,
        "Nachtwache",
        kind=SessionKind.EVENING,
        day=date(2027, 3, 28),
        starts=time(1),
        ends=time(4),
    )
    releases.release(made)
    db.session.commit()
    return made


def _json(visitor: Visitor, workshop: Workshop) -> dict[str, Any]:
    answer = visitor.get(f"/{workshop.slug}/agenda.json").response
    assert answer.mimetype == "application/json"
    read: dict[str, Any] = json.loads(answer.data)
    return read


def test_json_holds_the_release_and_nothing_of_the_draft(visitor: Visitor, hard: Workshop) -> None:
    add_session(hard, "Geheim", starts=time(15), ends=time(16))
    read = _json(visitor, hard)
    sessions = {session["title"]: session for session in read["sessions"]}

    assert (read["format"], read["release"]["number"]) == (1, 1)
    assert read["workshop"]["time_zone"] == "Europe/Berlin"
    assert list(sessions) == [HARD_TITLE, "Podium", "Mittag", "Nachtwache"]
    talk = sessions[HARD_TITLE]
    assert talk["starts_at"] == "2027-03-27T09:00:00+01:00"
    assert talk["abstract"] == "**Fett** & <i>schräg</i>\n\n- Punkt 🚒"
    assert [(p["name"], p["organisation"], p["role"]) for p in talk["people"]] == [
        ("Żaneta Großmann", "Polizei „Süd“ & Co", "speaker")
    ]
    assert talk["room_id"] == read["rooms"][0]["id"]
    assert talk["track_id"] == read["tracks"][0]["id"]
    night = sessions["Nachtwache"]
    assert (night["starts_at"][-6:], night["ends_at"][-6:], night["minutes"]) == (
        *("+01:00", "+02:00"),
        120,
    )
    assert [(day["date"], len(day["sessions"])) for day in read["days"]] == [
        ("2027-03-27", 3),
        ("2027-03-28", 1),
    ]


def test_xml_keeps_to_the_published_schema(visitor: Visitor, hard: Workshop) -> None:
    answer = visitor.get(f"/{hard.slug}/agenda.xml", lint=False).response
    assert answer.mimetype == "application/xml"
    root = etree.fromstring(answer.data)

    assert [child.tag for child in root] == ["generator", "version", "conference", *["day"] * 3]
    conference = {child.tag: child.text for child in root.find("conference")}
    assert conference == {
        "acronym": "fahrplan",
        "title": "Polizei & Social Media",
        "start": "2027-03-27",
        "end": "2027-03-29",
        "days": "3",
        "timeslot_duration": "00:05",
        "base_url": "http://localhost/fahrplan/",
        "time_zone_name": "Europe/Berlin",
    }
    for day in root.findall("day"):
        assert {name: bool(value) for name, value in day.attrib.items()} == dict.fromkeys(
            ("index", "date", "start", "end"), True
        )
        assert DATE_TIME.fullmatch(day.get("start"))
        assert DATE_TIME.fullmatch(day.get("end"))
        assert {room.tag for room in day} <= {"room"}
    events = root.findall("day/room/event")
    for event in events:
        tags = [child.tag for child in event]
        assert len(tags) == len(set(tags))
        assert REQUIRED <= set(tags) <= REQUIRED | OPTIONAL
        assert int(event.get("id")) > 0
        assert UUID.fullmatch(event.get("guid"))
        assert DATE_TIME.fullmatch(event.findtext("date"))
        assert re.fullmatch(r"[0-2]\d:[0-5]\d", event.findtext("start"))
        assert re.fullmatch(r"\d\d:\d\d", event.findtext("duration"))
        assert event.findtext("url").startswith("http")
        assert event.findtext("room") == event.getparent().get("name")
        assert all(int(person.get("id")) > 0 for person in event.findall("persons/person"))
    for name in ("guid", "id"):
        assert len({event.get(name) for event in events}) == len(events)
    assert len({event.findtext("slug") for event in events}) == len(events)


def test_a_reader_of_xml_finds_the_same_sessions_as_one_of_json(
    visitor: Visitor, hard: Workshop
) -> None:
    root = etree.fromstring(visitor.get(f"/{hard.slug}/agenda.xml", lint=False).response.data)
    read = _json(visitor, hard)
    rooms = {room["id"]: room["name"] for room in read["rooms"]} | {None: "Für alle"}
    found = {}
    for event in root.iter("event"):
        starts = datetime.fromisoformat(event.findtext("date"))
        hours, minutes = map(int, event.findtext("duration").split(":"))
        found[event.get("guid")] = (
            *(event.findtext("title"), event.findtext("room"), starts.timestamp()),
            starts.timestamp() + timedelta(hours=hours, minutes=minutes).total_seconds(),
            [person.text for person in event.iter("person")],
        )
    assert found == {
        session["uid"]: (
            *(session["title"], rooms[session["room_id"]]),
            datetime.fromisoformat(session["starts_at"]).timestamp(),
            datetime.fromisoformat(session["ends_at"]).timestamp(),
            [f"{person['name']}, {person['organisation']}" for person in session["people"]],
        )
        for session in read["sessions"]
    }
    abstract = next(e for e in root.iter("event") if e.findtext("title") == HARD_TITLE)
    assert abstract.findtext("abstract") == "Fett & <i>schräg</i>\n\n– Punkt 🚒"


def test_a_topic_has_a_calendar_of_its_own(visitor: Visitor, hard: Workshop) -> None:
    topic = _json(visitor, hard)["tracks"][0]["id"]
    answer = visitor.get(f"/{hard.slug}/agenda/topics/{topic}.ics", lint=False).response
    entries = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(entry["summary"]) for entry in entries] == [HARD_TITLE]
    visitor.get(f"/{hard.slug}/agenda/topics/{topic + 99}.ics", status=404)


FILES = ("agenda.json", "agenda.xml", "agenda.pdf", "agenda.pdf?format=booklet")


@pytest.mark.parametrize("name", FILES)
def test_files_are_sent_once_and_shown_to_whom_the_agenda_is_shown(
    visitor: Visitor, organiser: Visitor, hard: Workshop, name: str
) -> None:
    address = f"/{hard.slug}/{name}"
    first = visitor.get(address, lint=False).response
    again = visitor.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"
    hard.title = "Ein anderer Titel"
    db.session.commit()
    changed = visitor.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200

    hard.agenda_is_private = True
    db.session.commit()
    visitor.get(address, status=404)
    organiser.get(address, lint=False)
    releases.withdraw(hard)
    db.session.commit()
    organiser.get(address, status=404)
