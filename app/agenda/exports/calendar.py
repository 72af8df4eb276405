"""iCalendar files (RFC 5545, RFC 7986): the whole workshop as one entry, or each session.

A file names its method only with an organiser, who is the workshop's contact.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from flask import current_app
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from app.agenda.markdown import to_plain
from app.agenda.releases.content import Content, Entry, read_slots, span
from app.agenda.releases.service import shown_content
from app.agenda.timetable import Slot
from app.extensions import now
from app.web.mail_addresses import UnusableAddress, wire_address
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
    calendar = _calendar(workshop, cancelled=cancelled)
    event = Event()
    event.add("uid", str(_workshop_uid(workshop)))
    event.add("dtstamp", now())
    event.add("sequence", max(0, int((now() - workshop.created_at).total_seconds())))
    event.add("summary", workshop.title)
    _add_span(event, workshop)
    _add_text(event, "location", _place(workshop))
    _add_text(event, "description", workshop.summary)
    event.add("url", _address(workshop))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    _add_organizer(event, workshop)
    calendar.add_component(event)
    return _finish(calendar, workshop)


def mail_type(workshop: Workshop, *, cancelled: bool = False) -> str:
    """The content type with which such a file travels: it repeats the file's method (RFC 5546)."""
    method = _method(workshop, cancelled=cancelled)
    return "text/calendar; charset=utf-8" + (f"; method={method}" if method else "")


def agenda_calendar(workshop: Workshop, content: Content, *, track_id: int | None = None) -> bytes:
    """Every session of a release as an entry of its own, or those of a topic, to subscribe to.

    Sessions that earlier releases held are in it as cancelled, so that calendars drop them.
    """

    def is_meant(entry: Entry) -> bool:
        return track_id is None or entry["track_id"] == track_id

    return sessions_file(workshop, _events(workshop, content, is_meant).values())


def personal_calendar(workshop: Workshop, content: Content, session_ids: Collection[int]) -> bytes:
    """These sessions of a release, and those of them that it cancelled."""
    chosen = _events(workshop, content, lambda entry: entry["id"] in session_ids)
    return sessions_file(workshop, chosen.values())


def sessions_file(workshop: Workshop, events: Iterable[bytes]) -> bytes:
    """Entries from `session_events` as one file.

    Its method is PUBLISH, though some of its entries be cancelled: RFC 5546 allows that (3.2.1),
    whereas CANCEL is for one entry a file (3.2.5), and the digests hold both kinds.
    """
    before, after = _frame(workshop)
    return before + b"".join(events) + after


def session_events(workshop: Workshop, content: Content) -> dict[int, bytes]:
    """Session id → its entry in a calendar file; those that a release cancelled are in it too."""
    return _events(workshop, content, lambda _entry: True)


def cancelled_event(workshop: Workshop, slot: Slot) -> bytes:
    """A session as an entry that leaves the calendar, although it takes place."""
    return _written(session_event(workshop, slot, cancelled=True))


def session_event(workshop: Workshop, slot: Slot, *, cancelled: bool = False) -> Event:
    """A session as a calendar entry."""
    event = Event()
    event.add("uid", slot.uid)
    event.add("dtstamp", slot.changed_at)
    event.add("last-modified", slot.changed_at)
    event.add("sequence", slot.sequence)
    event.add("summary", slot.title)
    _add_times(event, slot.starts, slot.ends)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    _add_text(event, "location", ", ".join(filter(None, (slot.room, _place(workshop)))))
    texts = (slot.speaker_names, to_plain(slot.abstract))
    _add_text(event, "description", "\n\n".join(filter(None, texts)))
    if slot.topic:
        event.add("categories", [slot.topic.name])
    page = "agenda" if cancelled else f"agenda/{slot.id}"
    event.add("url", _address(workshop) + page)
    _add_organizer(event, workshop)
    return event


def _events(
    workshop: Workshop, content: Content, is_meant: Callable[[Entry], bool]
) -> dict[int, bytes]:
    found = {}
    for part in ("sessions", "cancelled"):
        entries = [entry for entry in content[part] if is_meant(entry)]
        for slot in read_slots(content, entries, workshop.zone, now()):
            event = session_event(workshop, slot, cancelled=part == "cancelled")
            found[slot.id] = _written(event)
    return found


def _written(event: Event) -> bytes:
    text: bytes = event.to_ical()
    return text


def _frame(workshop: Workshop) -> tuple[bytes, bytes]:
    """What stands before and after the entries of a file of sessions."""
    calendar = _calendar(workshop)
    calendar.add("name", workshop.title)
    calendar.add("x-wr-calname", workshop.title)  # Outlook and Google know only this one
    gap = Event()
    gap.add("dtstart", datetime.combine(workshop.starts_on, time(), workshop.zone))
    calendar.add_component(gap)
    before, _gap, after = _finish(calendar, workshop).partition(_written(gap))
    return before, after


def _calendar(workshop: Workshop, *, cancelled: bool = False) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    method = _method(workshop, cancelled=cancelled)
    if method:
        calendar.add("method", method)
    return calendar


def _method(workshop: Workshop, *, cancelled: bool) -> str:
    """None without an organiser, whom PUBLISH and CANCEL ask for (RFC 5546, 3.2.1 and 3.2.5)."""
    if _organizer(workshop) is None:
        return ""
    return "CANCEL" if cancelled else "PUBLISH"


def _finish(calendar: Calendar, workshop: Workshop) -> bytes:
    # The clock's changes of these years are all that a reader needs.
    first = date(workshop.starts_on.year, 1, 1)
    last = date(workshop.ends_on.year + 1, 1, 1)
    for tzid in calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, _clock_changes(tzid, first, last))
    file: bytes = calendar.to_ical()
    return file


@lru_cache(maxsize=64)
def _clock_changes(tzid: str, first: date, last: date) -> Timezone:
    """Computed once: that takes longer than all the rest of a mail's calendar entry."""
    return Timezone.from_tzid(tzid, first_date=first, last_date=last)


def _add_span(event: Event, workshop: Workshop) -> None:
    content = shown_content(workshop)
    released = span(content) if content else None
    starts: date | datetime = workshop.starts_on
    ends: date | datetime = workshop.ends_on + timedelta(days=1)  # the first day after it
    if released:
        starts, ends = (moment.astimezone(workshop.zone) for moment in released)
    _add_times(event, starts, ends)


def _add_times(event: Event, starts: date | datetime, ends: date | datetime) -> None:
    """In the workshop's zone, but in UTC where a clock shows the same hour twice.

    Readers do not agree on which of the two hours is meant: some take the first, some the second.
    """
    if _is_doubled(starts) or _is_doubled(ends):
        starts, ends = (
            at.astimezone(UTC) if isinstance(at, datetime) else at for at in (starts, ends)
        )
    event.add("dtstart", starts)
    event.add("dtend", ends)


def _is_doubled(at: date | datetime) -> bool:
    return (
        isinstance(at, datetime)
        and at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    )


def _add_text(event: Event, name: str, text: str) -> None:
    if text:
        event.add(name, text)


def _add_organizer(event: Event, workshop: Workshop) -> None:
    address = _organizer(workshop)
    if address is not None:
        organizer = vCalAddress(f"mailto:{address}")
        organizer.params["CN"] = vText(workshop.host_name or workshop.title)
        event.add("organizer", organizer)


def _organizer(workshop: Workshop) -> str | None:
    try:
        return wire_address(workshop.contact_email)
    except UnusableAddress:
        return None


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
