"""Reading a programme from a file that somebody sent: a table (XLSX) or frab's `schedule.xml`.

Files are hostile until shown otherwise: sizes are checked before anything is unpacked, entities
are refused, formulas are never evaluated, and whatever fails becomes one clear sentence.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app import limited
from app.agenda.intake.plans import MOST_PLACES, MOST_SESSIONS, Plan, PlannedSession
from app.agenda.models import SessionKind
from app.refusals import Refused
from app.web.texts import clean_line, clean_text, find_undisplayable, without_undisplayable

LARGEST_FILE = 5 * 1024 * 1024
"""Bytes; a programme of hundreds of sessions takes a tenth of it."""

LIMITS = limited.ChildLimits(computing=5)
"""A programme of hundreds of sessions takes a tenth of it."""

LONGEST_TITLE, LONGEST_NAME, LONGEST_PEOPLE, LONGEST_TEXT = 200, 100, 1000, 3000

# What files call the kinds; anything else is a talk.
KIND_WORDS = {
    SessionKind.TALK: "talk,vortrag,lecture,keynote,impuls,begrüßung,grußwort,referat",
    SessionKind.WORKSHOP: "workshop,arbeitsgruppe,ag,übung,seminar,planspiel,working group",
    SessionKind.PANEL: "panel,podium,diskussion,discussion,gespräch,podiumsdiskussion",
    SessionKind.BREAK: "break,pause,kaffeepause,mittagspause,ankunft",
    SessionKind.EVENING: "evening,abend,abendveranstaltung,party,social,evening event",
}
_KINDS = {word: kind for kind, words in KIND_WORDS.items() for word in words.split(",")}


class Unreadable(Refused):
    """The file is too large, of another kind, broken, or holds no programme."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


def read_file(content: bytes, days: Sequence[date], zone: ZoneInfo) -> Plan:
    """The programme in a file, for a workshop on these days in this zone. Raises `Unreadable`.

    Asks no database: reading takes its time. The file itself is opened by a process of its own.
    """
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is too large. At most %(size)s MB can be read.", size=5))
    try:
        if content.startswith(b"PK"):
            plan = _read_table(content, days)
        elif content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            plan = _read_frab(content, zone)
        else:
            raise Unreadable(_("Choose an XLSX table or a schedule.xml."))
    except limited.TooMuchWork:
        raise Unreadable(
            _("Reading this file takes too much work. Save only the table anew, without formats.")
        ) from None
    _check(plan)
    return plan


def _read_table(content: bytes, days: Sequence[date]) -> Plan:
    # Heavy, and needed by this page alone.
    from app.agenda.intake import workbook
    from app.agenda.intake.table import read_table

    match workbook.check_parts(content):
        case "large":
            raise Unreadable(_("The file is too large when it is unpacked."))
        case "locked":
            raise Unreadable(_("The file is protected by a password."))
        case "":
            sheets = limited.run(workbook.read_sheets, content, limits=LIMITS)
        case _:
            sheets = None
    if sheets is None:
        raise Unreadable(_("The file cannot be read. Please save it anew as an XLSX table."))
    return read_table(sheets, days)


def _read_frab(content: bytes, zone: ZoneInfo) -> Plan:
    from app.agenda.intake import schedule_parts
    from app.agenda.intake.frab import read_frab

    events = limited.run(schedule_parts.read_events, content, limits=LIMITS)
    if events is None:
        raise Unreadable(_("The file cannot be read. It is no valid schedule.xml."))
    return read_frab(events, zone)


def find_kind(word: str) -> SessionKind | None:
    """The kind that a file means; None for an unknown word."""
    return _KINDS.get(word.casefold())


class Cleaner:
    """Text from a file as the site keeps it; what had to be left out is among `problems`."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def line(self, text: str, longest: int, where: str = "") -> str:
        """One line as a form would keep it."""
        return self._cut(self._printable(clean_line, text, where), longest, where)

    def text(self, text: str, longest: int, where: str = "") -> str:
        """Several lines as a form would keep them."""
        return self._cut(self._printable(clean_text, text, where), longest, where)

    def _printable(self, clean: Callable[[str], str | None], text: str, where: str) -> str:
        """The cleaned text without what a form would refuse; the first of that is told."""
        cleaned = clean(text) or ""
        found = find_undisplayable(cleaned)
        if found is None:
            return cleaned
        self._tell(
            where,
            _(
                "%(name)s in line %(line)s, character %(column)s is left out.",
                line=found.line,
                column=found.column,
                name=found.name,
            ),
        )
        # Taking them out may bring together what is one (NFC), a mark of a list and its text, or
        # more marks than a letter has; each turn leaves out at least one character.
        while find_undisplayable(cleaned):
            cleaned = clean(without_undisplayable(cleaned)) or ""
        return cleaned

    def _cut(self, text: str, longest: int, where: str) -> str:
        if len(text) <= longest:
            return text
        self._tell(where, _("A text is cut to %(count)s characters.", count=longest))
        return text[:longest].rstrip()

    def _tell(self, where: str, problem: str) -> None:
        self.problems.append(f"{where}: {problem}" if where else problem)


def people(names: Iterable[str]) -> str:
    """One person a line, as `app.agenda.draft.people` reads them."""
    return "\n".join(name for name in names if name)


def split_people(text: str) -> list[str]:
    """Persons between semicolons or on lines of their own, also as a list."""
    parts = (part.strip().removeprefix("- ").strip() for part in re.split(r"[;\n]", text))
    return [part for part in parts if part]


def _check(plan: Plan) -> None:
    sessions: tuple[PlannedSession, ...] = plan.sessions
    if not sessions:
        raise Unreadable(_("No session is in this file."))
    if len(sessions) > MOST_SESSIONS:
        raise Unreadable(_("At most %(count)s sessions can be read at once.", count=MOST_SESSIONS))
    for names in ({s.room for s in sessions}, {s.topic for s in sessions}):
        if len(names) > MOST_PLACES:
            raise Unreadable(
                _("At most %(count)s rooms and topics can be read at once.", count=MOST_PLACES)
            )
