"""An earlier release becomes the draft again, and no step of undo is misled."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.agenda.draft import undo
from app.agenda.draft.people import people_text, set_people
from app.agenda.draft.places import RoomDraft, add_room, delete_room
from app.agenda.draft.queries import find_session, list_tray
from app.agenda.draft.service import delete_session
from app.agenda.models import AgendaSession, SessionRole, Speaker
from app.agenda.releases.content import is_same
from app.agenda.releases.service import DraftChanged, find_release, prepare
from app.extensions import db
from app.publishing.restore import preview, restore
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session


def test_all_comes_back_as_it_was(workshop: Workshop, agenda: SimpleNamespace) -> None:
    editor = factories.make_account()
    first = find_release(workshop, 1)
    assert first is not None
    agenda.talk.starts_at += timedelta(hours=3)
    agenda.talk.ends_at += timedelta(hours=4)
    agenda.talk.title, agenda.talk.notes = "Anders", "bleibt"
    set_people(agenda.talk, SessionRole.CHAIR, "Zoë Neu")
    delete_session(workshop, agenda.group.id, version=agenda.group.version, account_id=editor.id)
    new = add_session(workshop, "Später dazugekommen")
    delete_room(workshop, agenda.elster.id, version=agenda.elster.version)
    # The other room is gone as well, and one of its name was made since.
    delete_room(workshop, agenda.hall.id, version=agenda.hall.version)
    hall = add_room(workshop, RoomDraft(name="Plenarsaal"))
    db.session.commit()

    restore(workshop, first, seen=preview(workshop, first).seen, account_id=editor.id)
    db.session.commit()
    db.session.expire_all()

    assert agenda.talk.title == "Lage im Netz"
    assert agenda.talk.minutes == 60
    assert agenda.talk.notes == "bleibt"
    assert agenda.talk.room_id == hall.id
    assert people_text(agenda.talk, SessionRole.CHAIR) == "Nil Ölçer, LKA"
    assert agenda.group.deleted_at is None
    assert agenda.group.room.name == "Elster"
    assert [session.id for session in list_tray(workshop.id)] == [new.id]
    assert preview(workshop, first).changes == ()
    # The editor's latest steps are those of the restoring, each by itself.
    for _step in range(3):
        undo.undo(workshop, editor.id)
    db.session.expire_all()
    assert agenda.talk.title == "Anders"
    assert find_session(workshop.id, agenda.group.id) is None, "deleted again"
    assert list_tray(workshop.id) == []


def test_nothing_is_touched_that_is_the_same(workshop: Workshop, agenda: SimpleNamespace) -> None:
    versions = [(s.id, s.version) for s in db.session.query(AgendaSession)]
    first = find_release(workshop, 1)
    assert first is not None
    restore(workshop, first, seen=prepare(workshop).seen)
    assert [(s.id, s.version) for s in db.session.query(AgendaSession)] == versions
    assert is_same(prepare(workshop).content, first.content)


def test_people_who_were_deleted_stay_away(workshop: Workshop, agenda: SimpleNamespace) -> None:
    first = find_release(workshop, 1)
    assert first is not None
    db.session.delete(db.session.query(Speaker).filter_by(name="Nil Ölçer").one())
    db.session.commit()
    db.session.expire_all()
    restore(workshop, first, seen=prepare(workshop).seen)
    assert [p.speaker.name for p in agenda.talk.people] == ["Jörg Weiß"]


def test_not_the_draft_that_was_looked_at(workshop: Workshop, agenda: SimpleNamespace) -> None:
    first = find_release(workshop, 1)
    assert first is not None
    seen = preview(workshop, first).seen
    agenda.talk.title = "Inzwischen geändert"
    with pytest.raises(DraftChanged):
        restore(workshop, first, seen=seen)
    assert agenda.talk.title == "Inzwischen geändert"
