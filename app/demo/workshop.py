"""The demonstration's workshop and its dates.

After the media release of the Saxon ministry of the interior of 3 December 2017 on the workshop
in Leipzig: title, host, topics and the time in December. Venue, days and times are invented.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.extensions import now
from app.workshops.models import Access

SLUG = "leipzig"
ZONE = ZoneInfo("Europe/Berlin")
# Registration opened this long ago, so that people could register over some weeks.
OPEN_FOR = timedelta(days=45)

TEXTS: dict[str, Any] = {
    "title": "Polizei & Social Media",
    "access": Access.LISTED,
    "summary": (
        "Beim Best-Practice-Workshop tauschen die Social-Media-Teams der Polizeien von Bund und"
        " Ländern, des Zolls und der Innenressorts zwei Tage lang ihre Erfahrungen aus. Im"
        " Mittelpunkt stehen Katastrophenlagen, Bewegtbild und Kampagnen."
    ),
    "place": "Leipzig",
    "venue": "Tagungshaus am Beispielring",
    "address": "Beispielring 12, 04109 Leipzig",
    "travel": (
        "Mit der Bahn: vom Hauptbahnhof zehn Minuten zu Fuß oder zwei Haltestellen mit der"
        " Straßenbahn bis „Beispielring“. Alle Zugänge sind stufenlos.\n\n"
        "Mit dem Auto: Im Hof gibt es 20 Stellplätze. Nennen Sie bei der Anmeldung das"
        " Kennzeichen, damit die Schranke öffnet."
    ),
    "host_name": "Polizei Sachsen",
    "contact_name": "Organisationsteam des Workshops",
    "contact_email": "workshop@leipzig.example",
    "contact_phone": "030 23125-000",
    "controller": "Polizei Sachsen\nBeispielring 12\n04109 Leipzig",
    "data_protection_officer": "datenschutz@leipzig.example",
    "legal_basis": (
        "Aufgabe im öffentlichen Interesse, Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit"
        " § 3 SächsDSDG"
    ),
    "supervisory_authority": "Sächsische Datenschutz- und Transparenzbeauftragte",
    "enforcement_body": "Durchsetzungsstelle für Barrierefreiheit des Freistaates Sachsen",
    "imprint": (
        "Dies ist eine Demonstration: Alle Personen und Adressen und der Tagungsort sind"
        " erfunden.\n\n"
        "Polizei Sachsen\nBeispielring 12\n04109 Leipzig"
    ),
}


def coming_days() -> tuple[date, date]:
    """The next two working days from 4 December on that are at least a week away."""
    today = now().astimezone(ZONE).date()
    first = _two_working_days(today.year)
    if first < today + timedelta(days=7):
        first = _two_working_days(today.year + 1)
    return first, first + timedelta(days=1)


def evening_event(first: date) -> str:
    """What the evening of the first day is called."""
    return f"Gemeinsamer Abend in der Innenstadt, {first.day}. Dezember, 19:00 Uhr"


def _two_working_days(year: int) -> date:
    """The first of them: a Monday to Thursday."""
    first = date(year, 12, 4)
    while first.isoweekday() > 4:
        first += timedelta(days=1)
    return first


def deadlines(first: date) -> dict[str, Any]:
    """When registration opened and closes, and until when people may change theirs."""
    opened = now().astimezone(ZONE) - OPEN_FOR
    closes = datetime.combine(first - timedelta(days=22), time(23, 59), ZONE)
    if closes < now() + timedelta(days=2):
        closes = datetime.combine(first - timedelta(days=3), time(23, 59), ZONE)
    return {
        "registration_opens_at": opened.replace(hour=9, minute=0, second=0, microsecond=0),
        "registration_closes_at": closes,
        "changes_until": datetime.combine(first - timedelta(days=2), time(12), ZONE),
    }
