"""The shown release as frab-compatible `schedule.xml`, which conference apps read.

Written for what readers of the format ask: every element that its published schema requires,
events grouped by day and room, numbers and identifiers that stay the same for ever.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flask_babel import gettext as _

from app.agenda.exports.agenda_json import session_address, workshop_address
from app.agenda.markdown import to_plain
from app.agenda.models import AgendaRelease, SessionKind
from app.agenda.releases.content import read_agenda
from app.agenda.timetable import Slot
from app.agenda.words import GENERATOR
from app.workshops.models import Workshop

# The words that frab itself has for kinds of events, as far as it has any.
TYPES = {
    SessionKind.TALK: "lecture",
    SessionKind.WORKSHOP: "workshop",
    SessionKind.PANEL: "podium",
    SessionKind.BREAK: "break",
    SessionKind.EVENING: "evening",
}
# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STEP = "00:05"
_SHORTEST_WORD = 4  # characters of an acronym or slug, in the published schema


def schedule_xml(workshop: Workshop, release: AgendaRelease) -> bytes:
    """A release as `schedule.xml`, UTF-8. Every day from the first to the last is in it."""
    agenda = read_agenda(release.content, workshop.zone, release.released_at)
    slots = {day.on: day.slots for day in agenda.days}
    first = min([workshop.starts_on, *slots])
    days = [first + timedelta(n) for n in range((max([workshop.ends_on, *slots]) - first).days + 1)]

    root = Element("schedule")
    SubElement(root, "generator", name=GENERATOR)
    _add(root, "version", str(release.number))
    conference = SubElement(root, "conference")
    _add(conference, "acronym", _acronym(workshop))
    _add(conference, "title", workshop.title)
    _add(conference, "start", days[0].isoformat())
    _add(conference, "end", days[-1].isoformat())
    _add(conference, "days", str(len(days)))
    _add(conference, "timeslot_duration", _STEP)
    _add(conference, "base_url", workshop_address(workshop))
    _add(conference, "time_zone_name", workshop.timezone)
    for index, on in enumerate(days, start=1):
        here = slots.get(on, ())
        midnight = datetime.combine(on, time(), workshop.zone)
        starts = here[0].starts if here else midnight
        ends = max((s.ends for s in here), key=datetime.timestamp, default=midnight)
        day = SubElement(
            root,
            "day",
            index=str(index),
            date=on.isoformat(),
            start=starts.isoformat(),
            end=ends.isoformat(),
        )
        _add_rooms(day, workshop, here)
    indent(root)
    file: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return file


def _add_rooms(day: Element, workshop: Workshop, slots: Iterable[Slot]) -> None:
    def by_room(slot: Slot) -> tuple[int, str]:
        return slot.room_position, slot.room

    for (_position, name), group in groupby(sorted(slots, key=by_room), key=by_room):
        # A session without a room concerns everybody; readers want a name for the column.
        shown = name or _("For everybody")
        room = SubElement(day, "room", name=_clean(shown))
        for slot in group:
            _add_event(room, workshop, slot, shown)


def _add_event(room: Element, workshop: Workshop, slot: Slot, room_name: str) -> None:
    event = SubElement(room, "event", id=str(slot.id), guid=slot.uid)
    _add(event, "date", slot.starts.isoformat())
    _add(event, "start", f"{slot.starts:%H:%M}")
    _add(event, "duration", _hours(slot.length))
    _add(event, "room", room_name)
    _add(event, "slug", _slug(workshop, slot))
    _add(event, "url", session_address(workshop, slot))
    _add(event, "title", slot.title)
    _add(event, "subtitle", "")
    _add(event, "track", slot.topic.name if slot.topic else "")
    _add(event, "type", TYPES[slot.kind])
    _add(event, "language", slot.language)
    _add(event, "abstract", to_plain(slot.abstract))
    _add(event, "description", "")
    _add(event, "logo", "")
    persons = SubElement(event, "persons")
    for person in slot.speakers:
        _add(persons, "person", person.label).set("id", str(person.id))
    SubElement(event, "links")
    SubElement(event, "attachments")


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _hours(span: timedelta) -> str:
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


def _acronym(workshop: Workshop) -> str:
    """'leipzig'; with the year where the schema's four characters are not reached: 'bka-2027'."""
    slug = workshop.slug
    return slug if len(slug) >= _SHORTEST_WORD else f"{slug}-{workshop.starts_on.year}"


def _slug(workshop: Workshop, slot: Slot) -> str:
    """'leipzig-12-geruchten-begegnen': unlike all others, for names of files.

    What stands before the first hyphen must name the conference, so that has none of its own. A
    title with hardly any letters of ours gets the kind beside it: 'bka_2027-12-2027-lecture'.
    """
    plain = unicodedata.normalize("NFKD", slot.title.replace("ß", "ss"))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    if not any(len(word) >= _SHORTEST_WORD and not word.isdigit() for word in words):
        words.append(TYPES[slot.kind])
    conference = _acronym(workshop).replace("-", "_")
    return "-".join([conference, str(slot.id), *words])[:100].rstrip("-")
