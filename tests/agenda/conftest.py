"""A programme to test with."""

import pytest

from app.agenda.models import AgendaSession, Room, Track
from app.extensions import db
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session, add_topic


@pytest.fixture
def room(workshop: Workshop) -> Room:
    """A room of the workshop."""
    return add_room(workshop, "Großer Saal")


@pytest.fixture
def topic(workshop: Workshop) -> Track:
    """A topic of the workshop."""
    return add_topic(workshop, "Katastrophenfall")


@pytest.fixture
def talk(workshop: Workshop, room: Room, topic: Track) -> AgendaSession:
    """A session with room and topic, on the first day from 9:00 to 10:00."""
    return add_session(
        workshop, "Lage im Netz", room_id=room.id, track_id=topic.id, speakers="Jana Tischendorf"
    )


@pytest.fixture
def elsewhere(ctx: object) -> Workshop:
    """Another workshop."""
    made = factories.make_workshop()
    db.session.commit()
    return made
