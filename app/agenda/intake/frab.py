"""Reading a programme from frab's `schedule.xml`, as frab, pretalx and this site write it."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.agenda.draft.service import LONGEST as LONGEST_SESSION
from app.agenda.draft.service import SHORTEST
from app.agenda.intake.languages import find_language
from app.agenda.intake.plans import (
    DEFAULT_MINUTES,
    MOST_SESSIONS,
    Plan,
    PlannedPerson,
    PlannedSession,
)
from app.agenda.intake.reading import (
    LONGEST_NAME,
    LONGEST_PEOPLE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Cleaner,
    find_kind,
    people,
)
from app.agenda.intake.schedule_parts import LONGEST
from app.agenda.models import SessionKind
from app.agenda.words import GENERATOR

_LIST = re.compile("^( *)– ", re.MULTILINE)
LONGEST_PERSON = 2 * LONGEST_NAME


def read_frab(content: dict[str, Any], zone: ZoneInfo) -> Plan:
    """The events of all days, as `app.agenda.intake.schedule_parts` read them."""
    reader = _ScheduleReader(zone, content["generator"])
    sessions = [session for event in content["events"] if (session := reader.session(event))]
    return Plan(
        sessions=tuple(sessions[: MOST_SESSIONS + 1]), problems=tuple(reader.clean.problems)
    )


class _ScheduleReader:
    """Makes sessions of events, and notes what is wrong with them."""

    def __init__(self, zone: ZoneInfo, generator: str) -> None:
        self.zone = zone
        self.generator = generator
        self.clean = Cleaner()
        # The name under which this site exports what concerns everybody.
        self.no_rooms = {"", "Für alle", "For everybody", str(_("For everybody"))}

    def session(self, event: dict[str, Any]) -> PlannedSession | None:
        """The event's session; None, and noted, if it has no title."""
        number = str(_("Event %(id)s", id=event["id"]))
        title = self.clean.line(event["title"], LONGEST_TITLE, number)
        where = f"„{title[:60]}“" if title else number
        if not title:
            self._note(where, _("The title is missing; it is left out."))
            return None
        persons = self._persons(event, where)
        # The name stands at the room itself; in the event some write a short form of it.
        room = self.clean.line(event["in_room"] or event["room"], LONGEST_NAME, where)
        return PlannedSession(
            where=where,
            title=title,
            kind=find_kind(event["type"].strip()) or SessionKind.TALK,
            room="" if room in self.no_rooms else room,
            topic=self.clean.line(event["track"], LONGEST_NAME, where),
            persons=persons,
            speakers=people(", ".join(filter(None, (p.name, p.organisation))) for p in persons),
            abstract=self._text(event, where),
            language=self._language(event, where),
            **self._times(event, where),
        )

    def _persons(self, event: dict[str, Any], where: str) -> tuple[PlannedPerson, ...]:
        """Those who speak, each once; who has no key is known by the name."""
        found: dict[str, PlannedPerson] = {}
        length = 0
        for key, written in event["persons"]:
            name = self.clean.line(written.replace(";", ","), LONGEST_PERSON, where)
            length += len(name) + 1
            if not name or length > LONGEST_PEOPLE + 1:
                if name:
                    self._note(where, _("“%(name)s” is one person too many.", name=name[:60]))
                continue
            organisation = ""
            if self.generator == GENERATOR:  # whose persons are written as they are typed
                name, _comma, organisation = (part.strip() for part in name.partition(","))
            known = f"id {key}" if key else f"name {name.casefold()}, {organisation.casefold()}"
            found.setdefault(known, PlannedPerson(key=known, name=name, organisation=organisation))
        return tuple(found.values())

    def _text(self, event: dict[str, Any], where: str) -> str:
        if event["cut"]:
            self._note(where, _("A text is cut to %(count)s characters.", count=LONGEST))
        found = (
            self.clean.text(event[name], LONGEST, where)
            for name in ("subtitle", "abstract", "description")
        )
        joined = "\n\n".join(dict.fromkeys(filter(None, found)))
        if self.generator == GENERATOR:  # which writes Markdown's lists as they are read
            joined = _LIST.sub(r"\1- ", joined)
        return self.clean.text(joined, LONGEST_TEXT, where)

    def _language(self, event: dict[str, Any], where: str) -> str:
        word = self.clean.line(event["language"], LONGEST_NAME)
        language = find_language(word)
        if word and not language:
            self._note(
                where, _("The language “%(word)s” is not known; it becomes German.", word=word)
            )
        return language or "de"

    def _times(self, event: dict[str, Any], where: str) -> dict[str, Any]:
        """Day, start, end and length in the workshop's zone, as far as the event says them."""
        minutes = self._minutes(event["duration"], where)
        begins = self._begin(event, where)
        if begins is None:
            return {"minutes": min(minutes or DEFAULT_MINUTES, LONGEST_SESSION)}
        starts = begins.time()
        if minutes is None:
            return {"day": begins.date(), "starts": starts}
        ends = (begins.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(self.zone)
        kept = {"minutes": min(minutes, LONGEST_SESSION)}
        if minutes < SHORTEST or minutes > LONGEST_SESSION:
            return self._to_tray(
                where, _("A session lasts from 5 minutes to 24 hours"), begins, ends
            ) | (kept if minutes >= SHORTEST else {})
        midnight = datetime.combine(begins.date() + timedelta(days=1), time(), self.zone)
        if ends.timestamp() > midnight.timestamp():
            return self._to_tray(where, _("It ends after midnight"), begins, ends) | kept
        return {
            "day": begins.date(),
            "starts": starts,
            "ends": ends.time(),
            **kept,
        }

    def _to_tray(self, where: str, why: str, begins: datetime, ends: datetime) -> dict[str, Any]:
        self._note(
            where,
            _(
                "%(why)s; it goes to the tray (%(starts)s to %(ends)s).",
                why=why,
                starts=f"{begins:%d.%m.%Y %H:%M}",
                ends=f"{ends:%d.%m.%Y %H:%M}",
            ),
        )
        return {}

    def _begin(self, event: dict[str, Any], where: str) -> datetime | None:
        """When it begins: `date` with its time, else the day that is named, and `start`."""
        written, start = event["date"].strip(), event["start"].strip()
        if re.fullmatch(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", written) or not written:
            at = _on_day(written or event["day"], start)
        else:
            at = _moment(written) or _on_day(event["day"], start)
        if at is None:
            said = self.clean.line(f"{written or event['day']} {start}", LONGEST_NAME)
            if said:
                self._note(
                    where, _("“%(text)s” is no day and time; it goes to the tray.", text=said[:60])
                )
            return None
        if not MINYEAR < at.year < MAXYEAR:  # there, other zones have no such time
            return None
        at = at.replace(tzinfo=self.zone) if at.tzinfo is None else at.astimezone(self.zone)
        return at.replace(second=0, microsecond=0)

    def _minutes(self, text: str, where: str) -> int | None:
        """Minutes of a `duration`; None, and noted, of anything else.

        'h:mm' is plain. Of three parts pretalx means days, hours and minutes, others hours, minutes
        and seconds. Only pretalx is believed to mean days, and what could be meant so is told.
        """
        text = self.clean.line(text, LONGEST_NAME)
        found = re.fullmatch(r"([0-9]{1,3}):([0-9]{1,2})(?::([0-9]{1,2}))?", text)
        if not found:
            if text:
                self._note(where, _("The length “%(text)s” is not understood.", text=text[:40]))
            return None
        first, second, third = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[3] is None:
            return first * 60 + second
        as_days, as_hours = (first * 24 + second) * 60 + third, first * 60 + second
        # pretalx writes days only where there are some, and without a zero in front.
        could_be_days = not found[1].startswith("0") and second < 24 and third < 60
        if not could_be_days:
            return as_hours
        means_days = self.generator.casefold() == "pretalx"
        self._note(
            where,
            _(
                "The length “%(text)s” is read as %(read)s hours; it can also mean %(other)s.",
                text=text,
                read=_hours(as_days if means_days else as_hours),
                other=_hours(as_hours if means_days else as_days),
            ),
        )
        return as_days if means_days else as_hours

    def _note(self, where: str, problem: str) -> None:
        self.clean.problems.append(f"{where}: {problem}")


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _on_day(day: str, clock: str) -> datetime | None:
    try:
        # Some write a whole moment for the day, and '9:30' for the time.
        on = date.fromisoformat(day.strip()[:10])
        return datetime.combine(on, time.fromisoformat(clock.strip().zfill(5)))
    except ValueError:
        return None
