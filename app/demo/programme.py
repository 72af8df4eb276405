"""The demonstration's programme: two days, three topics, four rooms. All of it is invented."""

from datetime import time
from typing import NamedTuple

from app.agenda.draft import places, service
from app.agenda.models import SessionKind, SignUpMode
from app.agenda.releases.service import release
from app.workshops.models import Workshop

_ROOMS = (
    places.RoomDraft(name="Plenarsaal", seats=90, equipment="Bühne, Leinwand", position=1),
    places.RoomDraft(name="Raum Pleiße", seats=30, equipment="Schnittplätze", position=2),
    places.RoomDraft(name="Raum Elster", seats=30, equipment="Moderationswände", position=3),
    places.RoomDraft(name="Raum Parthe", seats=16, equipment="Runder Tisch", position=4),
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
_HALL, _PLEISSE, _ELSTER, _PARTHE = range(4)
_TALK, _GROUP, _PANEL = SessionKind.TALK, SessionKind.WORKSHOP, SessionKind.PANEL
_BREAK, _EVENING = SessionKind.BREAK, SessionKind.EVENING
_OPEN, _WISHES = SignUpMode.OPEN, SignUpMode.WISHES


class _Slot(NamedTuple):
    day: int
    starts: str
    ends: str
    kind: SessionKind
    title: str
    room: int | None = None
    topic: int | None = None
    abstract: str = ""
    sign_up: SignUpMode = SignUpMode.NONE
    seats: int | None = None


_FIRST_DAY = (
    _Slot(0, "09:30", "10:30", _BREAK, "Ankunft, Kaffee und Namensschilder"),
    _Slot(
        *(0, "10:30", "11:00", _TALK, "Begrüßung und Ziele der zwei Tage", _HALL),
        abstract="Was uns verbindet, was wir mitnehmen wollen, und wo es Kaffee gibt.",
    ),
    _Slot(
        *(0, "11:00", "12:00", _PANEL, "Ein Jahr in sechzig Minuten", _HALL),
        abstract="Vier Teams berichten, was sich seit dem letzten Treffen bewährt hat.",
    ),
    _Slot(0, "12:00", "13:00", _BREAK, "Mittagspause"),
    _Slot(
        *(0, "13:00", "14:30", _GROUP, "Die erste Stunde einer Großlage", _HALL, _CRISIS),
        abstract=(
            "Ein **Planspiel** in drei Runden:\n\n- Wer schreibt?\n- Wer gibt frei?\n"
            "- Wer beantwortet Rückfragen?\n\nBringen Sie Ihre eigene Alarmliste mit."
        ),
        sign_up=_WISHES,
        seats=36,
    ),
    _Slot(
        *(0, "13:00", "14:30", _GROUP, "Drehen mit dem Diensttelefon", _PLEISSE, _VIDEO),
        abstract="Licht, Ton, ruhige Hand: drei Übungen, nach denen jedes Video besser aussieht.",
        sign_up=_WISHES,
        seats=24,
    ),
    _Slot(
        *(0, "13:00", "14:30", _GROUP, "Vom Ziel zur Kampagne", _ELSTER, _CAMPAIGN),
        abstract="Von der Zielgruppe zum ersten Entwurf, mit Vorlage zum Mitnehmen.",
        sign_up=_WISHES,
        seats=24,
    ),
    _Slot(0, "14:30", "15:00", _BREAK, "Kaffeepause"),
    _Slot(
        *(0, "15:00", "16:30", _GROUP, "Gerüchten begegnen", _HALL, _CRISIS),
        abstract="Richtigstellen, ohne das Gerücht zu wiederholen: Muster und Gegenmuster.",
    ),
    _Slot(
        *(0, "15:00", "16:30", _GROUP, "Untertitel, die alle lesen können", _PLEISSE, _VIDEO),
        abstract="Lesegeschwindigkeit, Kontrast, Zeilenumbruch: geübt an eigenen Clips.",
        sign_up=_OPEN,
        seats=12,
    ),
    _Slot(
        *(0, "15:00", "16:30", _GROUP, "Nachwuchs gewinnen", _ELSTER, _CAMPAIGN),
        abstract="Was junge Leute fragen, bevor sie sich bewerben.",
        sign_up=_OPEN,
        seats=24,
    ),
    _Slot(
        *(0, "15:00", "15:45", _TALK, "Leichte Sprache im Einsatz", _PARTHE),
        abstract="Kurze Sätze für lange Nächte.",
        sign_up=_OPEN,
    ),
    _Slot(
        *(0, "15:45", "16:30", _TALK, "Bildbeschreibungen, die helfen", _PARTHE),
        abstract="Alternativtexte schreiben, die mehr sagen als „Bild von Polizei“.",
        sign_up=_OPEN,
    ),
    _Slot(
        *(0, "16:30", "17:00", _TALK, "Ergebnisse des Tages", _HALL),
        abstract="Aus jeder Gruppe ein Satz.",
    ),
    _Slot(0, "19:00", "22:00", _EVENING, "Gemeinsamer Abend in der Innenstadt"),
)
_SECOND_DAY = (
    _Slot(
        *(1, "09:00", "10:00", _TALK, "Gefälschte Bilder und Stimmen erkennen", _HALL, _CRISIS),
        abstract="Merkmale, Werkzeuge und ein Ablauf für den Dienstalltag.",
    ),
    _Slot(1, "10:00", "10:30", _BREAK, "Kaffeepause"),
    _Slot(
        *(1, "10:30", "12:00", _GROUP, "Zusammenarbeit über Ländergrenzen", _HALL, _CRISIS),
        abstract="Wer hilft wem, wenn das eigene Team am Ende ist?",
    ),
    _Slot(
        *(1, "10:30", "12:00", _GROUP, "Kurzformate planen und schneiden", _PLEISSE, _VIDEO),
        abstract="Vom Drehplan zum fertigen Clip in neunzig Minuten.",
    ),
    _Slot(
        *(1, "10:30", "12:00", _GROUP, "Wirkung messen ohne Zahlenzauber", _ELSTER, _CAMPAIGN),
        abstract="Drei Kennzahlen, die etwas sagen, und zehn, die es nicht tun.",
    ),
    _Slot(
        *(1, "10:30", "11:15", _TALK, "Rechtsfragen bei Bild und Ton", _PARTHE),
        abstract="Persönlichkeitsrecht, Urheberrecht, Musik: eine Sprechstunde.",
        sign_up=_OPEN,
    ),
    _Slot(
        *(1, "11:15", "12:00", _TALK, "Archivieren, was gepostet wurde", _PARTHE),
        abstract="Aufbewahren, wiederfinden, löschen.",
        sign_up=_OPEN,
    ),
    _Slot(1, "12:00", "13:00", _BREAK, "Mittagspause"),
    _Slot(
        *(1, "13:00", "13:40", _TALK, "Kurz berichtet: Hochwasser an der Mulde", _HALL, _CRISIS),
        abstract="Zwölf Tage, drei Schichten, ein Kanal.",
    ),
    _Slot(
        *(1, "13:00", "13:40", _TALK, "Kurz berichtet: Ein Tag im Streifenwagen", _PLEISSE),
        *(_VIDEO, "Eine Serie in sechs Folgen, gedreht neben dem Dienst."),
    ),
    _Slot(
        *(1, "13:00", "13:40", _TALK, "Kurz berichtet: Betrug am Telefon", _ELSTER, _CAMPAIGN),
        abstract="Wie eine Warnung die erreicht, die kein Telefon mit Bildschirm haben.",
    ),
    _Slot(
        *(1, "13:00", "13:40", _PANEL, "Offene Runde: Was fehlt noch?", _PARTHE),
        abstract="Ihre Fragen an alle.",
    ),
    _Slot(1, "13:40", "14:00", _BREAK, "Raumwechsel"),
    _Slot(
        *(1, "14:00", "14:45", _PANEL, "Was nehmen wir mit?", _HALL),
        abstract="Drei Vorhaben, auf die wir uns einigen.",
    ),
    _Slot(
        *(1, "14:45", "15:15", _TALK, "Abschied und Ausblick auf das nächste Jahr", _HALL),
        abstract="Wo wir uns wiedersehen.",
    ),
)


def write_programme(workshop: Workshop, speakers: list[str]) -> None:
    """Topics, rooms and sessions; the speakers take turns. Released to everybody."""
    topics = [places.add_topic(workshop, draft) for draft in _TOPICS]
    rooms = [places.add_room(workshop, draft) for draft in _ROOMS]
    turn = 0
    for slot in (*_FIRST_DAY, *_SECOND_DAY):
        speaker = ""
        if speakers and slot.kind in {_TALK, _GROUP}:
            speaker = speakers[turn % len(speakers)]
            turn += 1
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
                sign_up=slot.sign_up,
                seats=slot.seats,
            ),
        )
    release(workshop)
