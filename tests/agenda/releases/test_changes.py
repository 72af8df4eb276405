"""What a release changes, in words; and what its calendars and numbers make of it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from app.agenda.draft.people import set_people
from app.agenda.draft.places import RoomDraft, change_room, delete_room
from app.agenda.models import AgendaSession, SessionKind, SessionRole, SignUpMode
from app.agenda.releases.changes import ChangeKind, by_day, find_changes, lines
from app.agenda.releases.content import Content, fingerprint, is_same
from app.agenda.releases.freeze import freeze
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic


@pytest.fixture
def plan(workshop: Workshop) -> SimpleNamespace:
    """A talk in the Plenarsaal, a panel and an evening on the second day, frozen once."""
    hall, elster = add_room(workshop, "Plenarsaal"), add_room(workshop, "Elster")
    talk = add_session(workshop, "Lage im Netz", room_id=hall.id, speakers="Jana Weiß, LKA")
    panel = add_session(workshop, "Podium", day=workshop.ends_on)
    return SimpleNamespace(
        talk=talk, panel=panel, hall=hall, elster=elster, content=freeze(workshop, None)
    )


def told(workshop: Workshop, before: Content | None) -> list[tuple[tuple[str, ...], list[str]]]:
    db.session.flush()
    changes = find_changes(before, freeze(workshop, before), workshop.zone)
    return [(tuple(change.kinds), lines(change)) for change in changes]


def weekday(session: AgendaSession) -> str:
    assert session.starts_at
    return ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")[session.starts_at.weekday()]


def test_each_kind_in_plain_words(ctx: Flask, workshop: Workshop, plan: SimpleNamespace) -> None:
    talk, day = plan.talk, weekday(plan.talk)
    assert told(workshop, plan.content) == []

    talk.starts_at += timedelta(minutes=30)
    talk.ends_at += timedelta(minutes=30)
    assert told(workshop, plan.content) == [
        (("moved",), [f"Von {day} 09:00 auf {day} 09:30 verlegt"])
    ]
    talk.room_id = plan.elster.id
    talk.ends_at += timedelta(minutes=15)
    assert told(workshop, plan.content) == [
        (
            ("moved", "room"),
            [f"Von {day} 09:00–10:00, Plenarsaal nach {day} 09:30–10:45, Elster"],
        )
    ]
    talk.starts_at -= timedelta(minutes=30)
    talk.room_id = plan.hall.id
    assert told(workshop, plan.content)[0][1] == ["Jetzt bis 10:45 Uhr statt bis 10:00 Uhr"]
    talk.ends_at -= timedelta(minutes=45)
    talk.room_id = None
    plan.panel.room_id = plan.elster.id
    assert [words for _kinds, words in told(workshop, plan.content)] == [
        ["Raum: offen (bisher Plenarsaal)"],
        ["Raum: Elster"],
    ]


def test_all_that_changed_about_one_session(workshop: Workshop, plan: SimpleNamespace) -> None:
    talk = plan.talk
    talk.title, talk.seats, talk.sign_up = "Netzlage", 20, SignUpMode.OPEN
    talk.abstract, talk.kind, talk.language = "Neu", SessionKind.WORKSHOP, "en"
    talk.track_id = add_topic(workshop, "Kampagnen").id
    talk.notes = "intern"
    set_people(talk, SessionRole.SPEAKER, "Ole Brandt")
    set_people(talk, SessionRole.CHAIR, "Zoë Neu")
    assert told(workshop, plan.content) == [
        (
            ("people", "title", "sign_up", "text"),
            [
                "Vortragende: Ole Brandt statt Jana Weiß, LKA",
                "Moderation: Zoë Neu",
                "Bisheriger Titel: „Lage im Netz“",
                "Plätze: 20",
                "Die Platzvergabe ist geändert.",
                "Geändert: Beschreibung, Thema, Art, Sprache",
            ],
        )
    ]


def test_new_and_cancelled_by_day_in_the_order_of_the_agenda(
    workshop: Workshop, plan: SimpleNamespace
) -> None:
    plan.panel.starts_at = plan.panel.ends_at = None
    add_session(workshop, "Zuletzt", room_id=plan.hall.id)
    add_session(workshop, "Zuerst", room_id=plan.elster.id)
    changes = find_changes(plan.content, freeze(workshop, plan.content), workshop.zone)
    grouped = [(on, [change.slot.title for change in group]) for on, group in by_day(changes)]
    assert grouped == [
        (workshop.starts_on, ["Zuerst", "Zuletzt"]),
        (workshop.ends_on, ["Podium"]),
    ]
    assert [change.kinds for change in changes] == [
        (ChangeKind.NEW,),
        (ChangeKind.NEW,),
        (ChangeKind.CANCELLED,),
    ]
    assert lines(changes[2])[0].startswith("Entfällt: ")
    everything = find_changes(None, plan.content, workshop.zone)
    assert {change.kinds for change in everything} == {(ChangeKind.NEW,)}


def test_only_what_people_see_raises_the_number(workshop: Workshop, plan: SimpleNamespace) -> None:
    talk, first = plan.talk, plan.content
    talk.notes = "nur intern"
    again = freeze(workshop, first)
    assert is_same(again, first)
    assert fingerprint(again) == fingerprint(first)
    assert [e["sequence"] for e in again["sessions"]] == [0, 0]

    change_room(workshop, plan.hall.id, RoomDraft(name="Großer Saal"), version=plan.hall.version)
    renamed = freeze(workshop, first)
    assert not is_same(renamed, first)
    assert [e["sequence"] for e in renamed["sessions"]] == [1, 0]
    assert [change.kinds for change in find_changes(first, renamed, workshop.zone)] == [
        (ChangeKind.ROOM,)
    ]

    place = talk.starts_at, talk.ends_at
    talk.starts_at = talk.ends_at = None
    cancelled = freeze(workshop, renamed)
    assert [(e["id"], e["sequence"], e["room"]) for e in cancelled["cancelled"]] == [
        (talk.id, 2, "Großer Saal")
    ]
    delete_room(workshop, plan.hall.id, version=plan.hall.version)
    talk.starts_at, talk.ends_at = place
    back = freeze(workshop, freeze(workshop, cancelled))
    assert back["cancelled"] == []
    assert back["sessions"][0]["sequence"] == 3
