"""Reading a programme from a file that somebody sent: a table (XLSX) or frab's `schedule.xml`.

Files are hostile until shown otherwise: sizes are checked before anything is unpacked, entities
are refused, formulas are never evaluated, and whatever fails becomes one clear sentence.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.agenda.models import SessionKind
from app.agenda.plans import MOST_PLACES, MOST_SESSIONS, Plan, PlannedSession
from app.refusals import Refused
from app.web.forms import clean_line, clean_text

LARGEST_FILE = 5 * 1024 * 1024
"""Bytes; a programme of hundreds of sessions takes a tenth of it."""

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

    Asks no database: reading takes its time.
    """
    # Heavy, and needed by this page alone.
    from app.agenda.frab_import import read_frab
    from app.agenda.table_import import read_table

    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is too large. At most %(size)s MB can be read.", size=5))
    if content.startswith(b"PK"):
        plan = read_table(content, days)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        plan = read_frab(content, zone)
    else:
        raise Unreadable(_("Choose an XLSX table or a schedule.xml."))
    _check(plan)
    return plan


def find_kind(word: str) -> SessionKind | None:
    """The kind that a file means; None for an unknown word."""
    return _KINDS.get(word.casefold())


class Cleaner:
    """Text from a file as the site keeps it; what had to be cut is among `problems`."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def line(self, value: object, longest: int, where: str = "") -> str:
        """One line without control characters."""
        return self._cut(clean_line(_printable(value)) or "", longest, where)

    def text(self, value: object, longest: int, where: str = "") -> str:
        """Several lines without control characters."""
        return self._cut(clean_text(_printable(value)) or "", longest, where)

    def _cut(self, text: str, longest: int, where: str) -> str:
        if len(text) <= longest:
            return text
        self.problems.append(
            f"{where}: " + _("A text is cut to %(count)s characters.", count=longest)
        )
        return text[:longest].rstrip()


def people(names: Iterable[str]) -> str:
    """One person a line, as `app.agenda.people` reads them."""
    return "\n".join(name for name in names if name)


def split_people(text: str) -> list[str]:
    """Persons between semicolons or on lines of their own."""
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _printable(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(
        c for c in text if c in "\n\r\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"}
    )


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
