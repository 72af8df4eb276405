"""The demonstration's workshop and its programme.

After the media release of the Saxon ministry of the interior of 3 December 2017 on the workshop
in Leipzig: title, host, topics and the days in December. Venue, sessions and times are invented.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.agenda import places, service
from app.agenda.models import SessionKind
from app.agenda.releases import release
from app.extensions import now
from app.workshops.models import Workshop

SLUG = "leipzig"
ZONE = ZoneInfo("Europe/Berlin")
# Registration opened this long ago, so that people could register over some weeks.
OPEN_FOR = timedelta(days=45)

TEXTS: dict[str, Any] = {
    "title": "Polizei & Social Media",
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
    "evening_event": "Gemeinsamer Abend in der Innenstadt, 4. Dezember, 19:00 Uhr",
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

_ROOMS = (
    places.RoomDraft(name="Plenarsaal", seats=90, equipment="Bühne, Leinwand", position=1),
    places.RoomDraft(name="Raum Pleiße", seats=30, equipment="Schnittplätze", position=2),
    places.RoomDraft(name="Raum Elster", seats=30, equipment="Moderationswände", position=3),
)
_TOPICS = (
    places.TopicDraft(
        name="Social Media im Katastrophenfall",
        summary="Warnen, beruhigen, Gerüchten begegnen: wie Teams in den ersten Stunden arbeiten.",
        colour="orange",
        position=1,
    ),
    places.TopicDraft(
        name="Bewegtbild",
        summary="Vom Drehplan bis zum Untertitel: gute Videos mit wenig Aufwand.",
        colour="blue",
        position=2,
    ),
    places.TopicDraft(
        name="Kampagnen",
        summary="Ziele, Bilder, Auswertung: wie aus einer Idee eine Kampagne wird, die wirkt.",
        colour="green",
        position=3,
    ),
)
_CRISIS, _VIDEO, _CAMPAIGN = range(3)
_HALL, _PLEISSE, _ELSTER = range(3)


class _Slot(NamedTuple):
    day: int
    starts: str
    ends: str
    kind: SessionKind
    title: str
    room: int | None = None
    topic: int | None = None
    abstract: str = ""


_TALK, _GROUP, _PANEL = SessionKind.TALK, SessionKind.WORKSHOP, SessionKind.PANEL
_BREAK, _EVENING = SessionKind.BREAK, SessionKind.EVENING
_SLOTS = (
    _Slot(0, "09:30", "10:30", _BREAK, "Ankunft, Kaffee und Namensschilder"),
    _Slot(0, "10:30", "11:00", _TALK, "Begrüßung und Ziele der zwei Tage", _HALL),
    _Slot(
        *(0, "11:00", "12:00", _PANEL, "Ein Jahr in sechzig Minuten", _HALL),
        abstract="Vier Teams berichten, was sich seit dem letzten Treffen bewährt hat.",
    ),
    _Slot(0, "12:00", "13:00", _BREAK, "Mittagspause"),
    _Slot(
        *(0, "13:00", "14:30", _GROUP, "Die erste Stunde einer Großlage", _HALL, _CRISIS),
        abstract="Planspiel: Wer schreibt, wer gibt frei, wer beantwortet Rückfragen?",
    ),
    _Slot(0, "13:00", "14:30", _GROUP, "Drehen mit dem Diensttelefon", _PLEISSE, _VIDEO),
    _Slot(0, "13:00", "14:30", _GROUP, "Vom Ziel zur Kampagne", _ELSTER, _CAMPAIGN),
    _Slot(0, "14:30", "15:00", _BREAK, "Kaffeepause"),
    _Slot(0, "15:00", "16:30", _GROUP, "Gerüchten begegnen", _HALL, _CRISIS),
    _Slot(0, "15:00", "16:30", _GROUP, "Untertitel, die alle lesen können", _PLEISSE, _VIDEO),
    _Slot(0, "15:00", "16:30", _GROUP, "Nachwuchs gewinnen", _ELSTER, _CAMPAIGN),
    _Slot(0, "16:30", "17:00", _TALK, "Ergebnisse des Tages", _HALL),
    _Slot(0, "19:00", "22:00", _EVENING, "Gemeinsamer Abend in der Innenstadt"),
    _Slot(
        *(1, "09:00", "10:00", _TALK, "Gefälschte Bilder und Stimmen erkennen", _HALL, _CRISIS),
        abstract="Merkmale, Werkzeuge und ein Ablauf für den Dienstalltag.",
    ),
    _Slot(1, "10:00", "10:30", _BREAK, "Kaffeepause"),
    _Slot(1, "10:30", "12:00", _GROUP, "Zusammenarbeit über Ländergrenzen", _HALL, _CRISIS),
    _Slot(1, "10:30", "12:00", _GROUP, "Kurzformate planen und schneiden", _PLEISSE, _VIDEO),
    _Slot(1, "10:30", "12:00", _GROUP, "Wirkung messen ohne Zahlenzauber", _ELSTER, _CAMPAIGN),
    _Slot(1, "12:00", "13:00", _BREAK, "Mittagspause"),
    _Slot(1, "13:00", "14:00", _PANEL, "Was nehmen wir mit?", _HALL),
    _Slot(1, "14:00", "14:30", _TALK, "Abschied und Ausblick auf das nächste Jahr", _HALL),
)


def coming_days() -> tuple[date, date]:
    """The next 4 and 5 December that are at least a week away."""
    today = now().astimezone(ZONE).date()
    first = date(today.year, 12, 4)
    if first < today + timedelta(days=7):
        first = date(today.year + 1, 12, 4)
    return first, first + timedelta(days=1)


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


def write_programme(workshop: Workshop, speakers: list[str]) -> None:
    """Topics, rooms and sessions; the speakers take turns. Released to everybody."""
    topics = [places.add_topic(workshop, draft) for draft in _TOPICS]
    rooms = [places.add_room(workshop, draft) for draft in _ROOMS]
    spoken = 0
    for slot in _SLOTS:
        speaker = ""
        if speakers and slot.kind in {_TALK, _GROUP}:
            speaker = speakers[spoken % len(speakers)]
            spoken += 1
        service.add_session(
            workshop,
            service.SessionDraft(
                kind=slot.kind,
                title=slot.title,
                day=workshop.days[slot.day],
                starts=time.fromisoformat(slot.starts),
                ends=time.fromisoformat(slot.ends),
                room_id=None if slot.room is None else rooms[slot.room].id,
                track_id=None if slot.topic is None else topics[slot.topic].id,
                speakers=speaker,
                abstract=slot.abstract,
            ),
        )
    release(workshop)
