"""The rules of rooms and topics."""

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry
from app.agenda.draft import places
from app.agenda.models import AgendaSession, Room, Track
from app.extensions import db
from app.refusals import ChangedMeanwhile
from app.workshops.models import Workshop
from tests.agenda.programme import add_room


def test_the_second_editor_of_room_and_topic_is_refused(
    workshop: Workshop, room: Room, topic: Track
) -> None:
    places.change_room(workshop, room.id, places.RoomDraft(name="Aula"), version=1)
    with pytest.raises(ChangedMeanwhile):
        places.change_room(workshop, room.id, places.RoomDraft(name="Saal"), version=1)
    places.change_topic(workshop, topic.id, places.TopicDraft(name="Lage"), version=1)
    with pytest.raises(ChangedMeanwhile):
        places.delete_topic(workshop, topic.id, version=1)
    assert (room.name, topic.name) == ("Aula", "Lage")


def _left(session: AgendaSession, field: str, name: str) -> dict[str, object]:
    return {"name": session.title, "fields": [field], "changes": {field: [name, None]}}


def test_sessions_survive_their_room_and_topic(
    workshop: Workshop, talk: AgendaSession, room: Room, topic: Track
) -> None:
    places.delete_room(workshop, room.id, version=1)
    places.delete_topic(workshop, topic.id, version=1)
    db.session.commit()
    assert (talk.room_id, talk.track_id, talk.version) == (None, None, 3)
    assert db.session.scalars(sa.select(Room)).all() == []
    entries = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(entry.action, entry.detail) for entry in entries[-4:]] == [
        ("agenda.session_changed", _left(talk, "room_id", "Großer Saal")),
        ("agenda.room_deleted", {"name": "Großer Saal"}),
        ("agenda.session_changed", _left(talk, "track_id", "Katastrophenfall")),
        ("agenda.topic_deleted", {"name": "Katastrophenfall"}),
    ]


def test_names_of_rooms_and_topics_are_unique_in_a_workshop(
    workshop: Workshop, elsewhere: Workshop, room: Room, topic: Track
) -> None:
    with pytest.raises(places.NameTaken) as refusal:
        places.add_room(workshop, places.RoomDraft(name=room.name))
    assert refusal.value.field == "name"
    with pytest.raises(places.NameTaken):
        places.add_topic(workshop, places.TopicDraft(name=topic.name))
    assert add_room(elsewhere, room.name).name == room.name
    same = places.RoomDraft(name=room.name, seats=40)
    assert places.change_room(workshop, room.id, same, version=1).seats == 40


def test_only_colours_of_the_palette(workshop: Workshop) -> None:
    with pytest.raises(places.UnknownColour) as refusal:
        places.add_topic(workshop, places.TopicDraft(name="Thema", colour="pink"))
    assert refusal.value.field == "colour"
