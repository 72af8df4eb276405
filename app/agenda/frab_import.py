"""Reading a programme from frab's `schedule.xml`, as frab, pretalx and this site write it."""

import contextlib
import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask_babel import gettext as _

from app.agenda.imports import (
    LONGEST_NAME,
    LONGEST_PEOPLE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Cleaner,
    Unreadable,
    find_kind,
    people,
)
from app.agenda.models import SessionKind
from app.agenda.plans import MOST_SESSIONS, Plan, PlannedSession
from app.agenda.service import LONGEST, SHORTEST

LONGEST_HTML = 4 * LONGEST_TEXT


def read_frab(content: bytes, zone: ZoneInfo) -> Plan:
    """The events of all days. Raises `Unreadable`."""
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Unreadable(_("The file cannot be read. It is no valid schedule.xml.")) from error
    if root.tag != "schedule":
        raise Unreadable(_("The file cannot be read. It is no valid schedule.xml."))
    reader = _Reader(zone)
    sessions = []
    for day, room, event in islice(_events(root), 2 * MOST_SESSIONS):
        session = reader.session(day, room, event)
        if session:
            sessions.append(session)
        if len(sessions) > MOST_SESSIONS:
            break
    return Plan(sessions=tuple(sessions), problems=tuple(reader.clean.problems))


def _events(root: Element) -> Iterator[tuple[Element, Element, Element]]:
    for day in root.iterfind("day"):
        for room in day.iterfind("room"):
            for event in room.iterfind("event"):
                yield day, room, event


class _Reader:
    """Makes sessions of events, and notes what is wrong with them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.clean = Cleaner()
        # The name under which this site exports what concerns everybody.
        self.no_rooms = {"", "Für alle", "For everybody", str(_("For everybody"))}

    def session(self, day: Element, room: Element, event: Element) -> PlannedSession | None:
        """The event's session; None, and noted, if it has no title."""
        title = self.clean.line(event.findtext("title"), LONGEST_TITLE)
        where = f"„{title[:60]}“" if title else str(_("Event %(id)s", id=event.get("id", "?")[:20]))
        if not title:
            self.clean.problems.append(f"{where}: " + _("The title is missing; it is left out."))
            return None
        length = _length(event.findtext("duration") or "")
        room_name = self.clean.line(event.findtext("room") or room.get("name"), LONGEST_NAME, where)
        language = (event.findtext("language") or "de").strip()[:2].lower()
        return PlannedSession(
            where=where,
            title=title,
            kind=_kind(event),
            minutes=length or 60,
            room="" if room_name in self.no_rooms else room_name,
            topic=self.clean.line(event.findtext("track"), LONGEST_NAME, where),
            speakers=self._people(event, where),
            abstract=self._text(event, where),
            language=language if re.fullmatch("[a-z]{2}", language) else "de",
            **self._times(day, event, length),
        )

    def _people(self, event: Element, where: str) -> str:
        names = (
            self.clean.line((person.text or "").replace(";", ","), LONGEST_NAME * 2, where)
            for person in event.iterfind("persons/person")
        )
        return self.clean.text(people(names), LONGEST_PEOPLE, where)

    def _text(self, event: Element, where: str) -> str:
        names = ("subtitle", "abstract", "description")
        # Reading tags may take time with the square of the length, so what nobody needs goes first.
        found = (self.clean.text(event.findtext(name), LONGEST_HTML, where) for name in names)
        parts = [_without_tags(text) for text in found]
        joined = "\n\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
        return self.clean.text(joined, LONGEST_TEXT, where)

    def _times(self, day: Element, event: Element, length: int | None) -> dict[str, Any]:
        """Day, start and end in the workshop's zone, as far as the event says them."""
        begins = self._begin(day, event)
        if begins is None or length is None:
            return {"day": begins.date() if begins else None}
        ends = begins + timedelta(minutes=length)
        # Past midnight it would end before it begins, which is told as such.
        return {"day": begins.date(), "starts": begins.time(), "ends": ends.time()}

    def _begin(self, day: Element, event: Element) -> datetime | None:
        at: datetime | None
        try:
            at = datetime.fromisoformat((event.findtext("date") or "").strip())
        except ValueError:
            at = _on_day(day.get("date") or "", event.findtext("start") or "")
        if at is None or not MINYEAR < at.year < MAXYEAR:  # there, other zones have no such time
            return None
        if at.tzinfo is not None:
            at = at.astimezone(self.zone)
        return at.replace(tzinfo=None, second=0, microsecond=0)


class _Words(HTMLParser):
    """Collects the text of HTML: paragraphs and list entries on lines of their own."""

    _BREAKS = {"p": "\n\n", "div": "\n\n", "ul": "\n\n", "ol": "\n\n", "br": "\n", "li": "\n- "}  # noqa: RUF012 - never changed

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where one begins."""
        self.words.append(self._BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph."""
        self.words.append(self._BREAKS[tag] if tag in {"p", "div", "ul", "ol"} else "")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)


def _without_tags(text: str) -> str:
    """The text of what is written in HTML, as some programmes are; anything else as it is."""
    if not re.search(r"</[a-z]+[0-9]?>|<br", text):
        return text
    reader = _Words()
    with contextlib.suppress(AssertionError):  # how it refuses a declaration that it cannot read
        reader.feed(text)
        reader.close()
    lines = (line.strip() for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _on_day(day: str, clock: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day.strip()), time.fromisoformat(clock.strip()))
    except ValueError:
        return None


def _length(text: str) -> int | None:
    """Minutes of '01:30' or '1:30:00'; None of anything else, and of lengths not allowed."""
    found = re.fullmatch(r"\s*([0-9]{1,3}):([0-9]{2})(?::[0-9]{2})?\s*", text)
    if not found:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if SHORTEST <= minutes <= LONGEST else None


def _kind(event: Element) -> SessionKind:
    return find_kind((event.findtext("type") or "").strip()) or SessionKind.TALK
