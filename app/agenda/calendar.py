"""iCalendar files (RFC 5545, RFC 7986): the whole workshop as one entry, or each session."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from flask import current_app
from icalendar import Calendar, Event, vCalAddress, vText

from app.agenda.releases import shown_content
from app.agenda.snapshot import Content, read_slots, span
from app.agenda.timetable import Slot
from app.extensions import now
from app.workshops.models import Workshop

PRODUCT = "-//Tagungsbuero//Tagungsbuero//DE"
# Ours alone, so that a workshop's identifier is the same whenever it is made.
_NAMESPACE = UUID("6f1c1b5e-2f0e-4a53-9a4b-0c6f1f3c7d21")


def workshop_event(workshop: Workshop, *, cancelled: bool = False) -> bytes:
    """ONE calendar entry for the whole workshop, to go with a mail.

    From first start to last end where the programme is released, else all day. The identifier
    is the workshop's for ever; each file made later replaces the ones before. `cancelled` takes
    the entry out of the calendar again.
    """
    calendar = _calendar(workshop, "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", str(_workshop_uid(workshop)))
    event.add("dtstamp", now())
    event.add("sequence", int((now() - workshop.created_at).total_seconds()))
    event.add("summary", workshop.title)
    _add_span(event, workshop)
    _add_text(event, "location", _place(workshop))
    _add_text(event, "description", workshop.summary)
    event.add("url", _address(workshop))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if workshop.contact_email:
        organizer = vCalAddress(f"mailto:{workshop.contact_email}")
        organizer.params["CN"] = vText(workshop.host_name or workshop.title)
        event.add("organizer", organizer)
    calendar.add_component(event)
    return _finish(calendar, workshop)


def agenda_calendar(workshop: Workshop, content: Content) -> bytes:
    """Every session of a release as an entry of its own, to be subscribed to."""
    calendar = _calendar(workshop, "PUBLISH")
    calendar.add("name", workshop.title)
    calendar.add("x-wr-calname", workshop.title)  # Outlook and Google know only this one
    for slot in read_slots(content, content["sessions"], workshop.zone, now()):
        calendar.add_component(session_event(workshop, slot))
    return _finish(calendar, workshop)


def session_event(workshop: Workshop, slot: Slot, *, cancelled: bool = False) -> Event:
    """A session as a calendar entry."""
    event = Event()
    event.add("uid", slot.uid)
    event.add("dtstamp", slot.changed_at)
    event.add("last-modified", slot.changed_at)
    event.add("sequence", slot.sequence)
    event.add("summary", slot.title)
    event.add("dtstart", slot.starts)
    event.add("dtend", slot.ends)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    _add_text(event, "location", ", ".join(filter(None, (slot.room, _place(workshop)))))
    _add_text(event, "description", "\n\n".join(filter(None, (slot.speaker_names, slot.abstract))))
    if slot.topic:
        event.add("categories", [slot.topic.name])
    event.add("url", f"{_address(workshop)}agenda")
    return event


def _calendar(workshop: Workshop, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _finish(calendar: Calendar, workshop: Workshop) -> bytes:
    # The clock's changes of these years are all that a reader needs.
    first = date(workshop.starts_on.year, 1, 1)
    last = date(workshop.ends_on.year + 1, 1, 1)
    calendar.add_missing_timezones(first_date=first, last_date=last)
    file: bytes = calendar.to_ical()
    return file


def _add_span(event: Event, workshop: Workshop) -> None:
    content = shown_content(workshop)
    released = span(content) if content else None
    starts: date | datetime = workshop.starts_on
    ends: date | datetime = workshop.ends_on + timedelta(days=1)  # the first day after it
    if released:
        starts, ends = (moment.astimezone(workshop.zone) for moment in released)
    event.add("dtstart", starts)
    event.add("dtend", ends)


def _add_text(event: Event, name: str, text: str) -> None:
    if text:
        event.add(name, text)


def _place(workshop: Workshop) -> str:
    parts = [workshop.venue, workshop.address]
    # An address usually ends with the place already.
    if workshop.place and not any(workshop.place in part for part in parts):
        parts.append(workshop.place)
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _address(workshop: Workshop) -> str:
    return f"{current_app.config['BASE_URL']}/{workshop.slug}/"


def _workshop_uid(workshop: Workshop) -> UUID:
    # Numbers begin anew in every installation; the moment of creation tells them apart.
    return uuid5(_NAMESPACE, f"{workshop.id} {workshop.created_at.astimezone(UTC).isoformat()}")
