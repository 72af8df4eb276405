"""Real threads on the real database: speakers and the desk act on the same entry at once."""

import sqlalchemy as sa
from flask import Flask

from app.agenda.models import Speaker
from app.agenda.releases import service as releases
from app.extensions import db
from app.outbox.models import Message
from app.refusals import DeletedMeanwhile
from app.speakers import service
from app.speakers.models import Concern
from app.speakers.speaking import speaking_of
from app.workshops.models import Workshop
from tests.agenda.programme import add_session
from tests.contributions.test_parallel import at_once
from tests.factories import make_workshop
from tests.speakers.conftest import named


def _scene(app: Flask) -> tuple[int, int, int]:
    """A released session with two entries of one person; ids of the workshop and of both."""
    with app.app_context():
        workshop = make_workshop()
        add_session(workshop, "Lage im Netz", speakers="Jördis Öztürk\nJ. Öztürk")
        releases.release(workshop)
        found = (workshop.id, named("Jördis Öztürk").id, named("J. Öztürk").id)
        db.session.commit()
        db.session.remove()
        return found


def test_a_message_that_is_sent_twice_at_once_is_one(app: Flask) -> None:
    workshop_id, speaker_id, _other = _scene(app)

    def object_to(_number: int) -> None:
        workshop = db.session.get_one(Workshop, workshop_id)
        speaker = db.session.get_one(Speaker, speaker_id)
        slot = speaking_of(workshop, [speaker_id])[speaker_id][0].slot
        assert slot is not None
        service.object_to(workshop, speaker, slot, "Erst ab Mittag")

    told = at_once(app, object_to)

    with app.app_context():
        assert all(told)
        for model in (Concern, Message):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 1
        db.session.remove()


def test_two_entries_are_joined_once(app: Flask) -> None:
    _workshop_id, kept_id, other_id = _scene(app)

    def merge(_number: int) -> None:
        kept = db.session.get(Speaker, kept_id)
        other = db.session.get(Speaker, other_id)
        if kept is None or other is None:
            raise DeletedMeanwhile("")
        service.merge(kept, other)

    merged = at_once(app, merge)

    with app.app_context():
        assert (merged.count(True), db.session.scalars(sa.select(Speaker.id)).all()) == (
            1,
            [kept_id],
        )
        db.session.remove()
