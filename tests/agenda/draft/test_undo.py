"""Undo and redo: what is brought back, what is refused, and how the steps are called."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import JournalEntry
from app.agenda.draft import places, service, undo
from app.agenda.draft.history import LIMIT, state_of
from app.agenda.draft.queries import find_session, list_tray
from app.agenda.models import (
    AgendaEdit,
    AgendaSession,
    Room,
    SessionKind,
    SessionRole,
    SignUpMode,
    Speaker,
    Track,
)
from app.extensions import db
from app.refusals import ChangedMeanwhile, Refused
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import draft

Place = service.Place


@pytest.fixture
def editor(workshop: Workshop) -> int:
    return _account("Erika Beispiel")


@pytest.fixture
def other(workshop: Workshop) -> int:
    return _account("Jürgen Weiß")


def _account(name: str) -> int:
    account = factories.make_account()
    account.name = name
    db.session.commit()
    return account.id


def _at(workshop: Workshop, starts: str, room: Room | None = None, minutes: int = 60) -> Place:
    return Place(
        day=workshop.starts_on,
        starts=time.fromisoformat(starts),
        minutes=minutes,
        room_id=room.id if room else None,
    )


def _steps(account_id: int) -> int:
    count = sa.select(sa.func.count()).where(AgendaEdit.account_id == account_id)
    return db.session.scalar(count) or 0


def test_everything_about_a_session_comes_back(
    workshop: Workshop, talk: AgendaSession, editor: int
) -> None:
    confirmed = talk.people[0].confirmed_at = talk.updated_at
    before = state_of(talk)
    changed = service.SessionDraft(
        kind=SessionKind.PANEL,
        title="Ganz anders",
        minutes=25,
        speakers="Zoë Ægir\nJana Tischendorf",
        chair="Ole Brandt",
        abstract="**Neu**",
        language="en",
        seats=5,
        sign_up=SignUpMode.WISHES,
        notes="Neu",
    )
    service.change_session(workshop, talk.id, changed, version=1, account_id=editor)
    after = state_of(talk)
    undo.undo(workshop, editor)
    db.session.commit()
    assert state_of(talk) == before
    assert (talk.version, talk.people[0].confirmed_at) == (3, confirmed)
    undo.redo(workshop, editor)
    db.session.commit()
    assert (state_of(talk), talk.version) == (after, 4)
    assert [(p.speaker.name, p.role) for p in talk.people] == [
        ("Zoë Ægir", SessionRole.SPEAKER),
        ("Jana Tischendorf", SessionRole.SPEAKER),
        ("Ole Brandt", SessionRole.CHAIR),
    ]


def test_only_people_changed_is_a_step_of_its_own(
    workshop: Workshop, talk: AgendaSession, editor: int
) -> None:
    same = draft(workshop, room_id=talk.room_id, track_id=talk.track_id, chair="Ole Brandt")
    service.change_session(
        workshop, talk.id, replace(same, speakers="Jana Tischendorf"), version=1, account_id=editor
    )
    assert (talk.version, len(talk.people)) == (2, 2)
    undo.undo(workshop, editor)
    assert (talk.version, len(talk.people)) == (3, 1)


def test_steps_are_named_after_what_they_did(
    workshop: Workshop, room: Room, editor: int, other: int
) -> None:
    assert undo.steps(workshop, editor) == undo.Steps(None, None)
    coffee = service.add_session(workshop, draft(workshop, title="Kaffee"), account_id=editor)
    names = [undo.steps(workshop, editor).undo]
    for place in (
        _at(workshop, "10:00", room),
        _at(workshop, "10:00", room, minutes=30),
        Place(day=None, starts=None, minutes=30, room_id=None),
    ):
        service.move_session(workshop, coffee.id, place, version=coffee.version, account_id=editor)
        names.append(undo.steps(workshop, editor).undo)
    service.duplicate_session(workshop, coffee.id, account_id=editor)
    names.append(undo.steps(workshop, editor).undo)
    service.delete_session(workshop, coffee.id, version=coffee.version, account_id=editor)
    names.append(undo.steps(workshop, editor).undo)
    assert names == [
        "„Kaffee“ hinzufügen",
        "„Kaffee“ verschieben",
        "Länge von „Kaffee“ ändern",
        "„Kaffee“ in die Ablage legen",
        "„Kaffee“ duplizieren",
        "„Kaffee“ löschen",
    ]
    undo.undo(workshop, editor)
    assert undo.steps(workshop, editor) == undo.Steps("„Kaffee“ duplizieren", "„Kaffee“ löschen")
    assert undo.steps(workshop, other) == undo.Steps(None, None)


def test_what_was_added_goes_and_comes_back_as_the_same(workshop: Workshop, editor: int) -> None:
    made = service.add_session(workshop, draft(workshop), account_id=editor)
    uid = made.uid
    undo.undo(workshop, editor)
    assert find_session(workshop.id, made.id) is None
    undo.redo(workshop, editor)
    found = find_session(workshop.id, made.id)
    assert found is not None
    assert found.uid == uid


def test_a_copy_lies_in_the_tray_with_its_people(
    workshop: Workshop, talk: AgendaSession, editor: int
) -> None:
    copy = service.duplicate_session(workshop, talk.id, account_id=editor)
    assert list_tray(workshop.id) == [copy]
    assert (copy.title, copy.minutes, copy.room_id) == (talk.title, 60, talk.room_id)
    assert [p.speaker_id for p in copy.people] == [p.speaker_id for p in talk.people]
    assert copy.uid != talk.uid
    undo.undo(workshop, editor)
    assert list_tray(workshop.id) == []


def test_fifty_steps_are_kept_and_a_new_one_drops_what_was_undone(
    workshop: Workshop, talk: AgendaSession, editor: int
) -> None:
    for number in range(LIMIT + 3):
        place = _at(workshop, "10:00" if number % 2 else "11:00")
        service.move_session(workshop, talk.id, place, version=talk.version, account_id=editor)
    assert _steps(editor) == LIMIT
    for _number in range(LIMIT):
        undo.undo(workshop, editor)
    with pytest.raises(undo.NothingToUndo):
        undo.undo(workshop, editor)
    undo.redo(workshop, editor)
    service.move_session(
        workshop, talk.id, _at(workshop, "15:00"), version=talk.version, account_id=editor
    )
    assert _steps(editor) == 2
    with pytest.raises(undo.NothingToRedo):
        undo.redo(workshop, editor)


def test_what_somebody_else_has_changed_since_stays(
    workshop: Workshop, room: Room, talk: AgendaSession, editor: int, other: int
) -> None:
    service.move_session(workshop, talk.id, _at(workshop, "10:00"), version=1, account_id=editor)
    service.move_session(
        workshop, talk.id, _at(workshop, "16:05", room), version=2, account_id=other
    )
    db.session.commit()
    with pytest.raises(ChangedMeanwhile) as refusal:
        undo.undo(workshop, editor)
    assert refusal.value.message.startswith("Jürgen Weiß hat „Lage im Netz“ um ")
    assert refusal.value.message.endswith(", 16:05–17:05, Großer Saal.")
    db.session.rollback()
    assert (talk.version, _steps(editor)) == (3, 1)
    # Once the other takes it back, all is as it was, and the step can be undone.
    undo.undo(workshop, other)
    undo.undo(workshop, editor)
    assert talk.starts_at is not None
    assert talk.starts_at.astimezone(workshop.zone).time() == time(9)


@pytest.mark.parametrize("what", ["room", "topic", "person"])
def test_what_a_step_needs_may_be_gone(
    workshop: Workshop, talk: AgendaSession, room: Room, topic: Track, editor: int, what: str
) -> None:
    bare = draft(workshop, title="Lage im Netz", starts=time(12), ends=time(13))
    service.change_session(workshop, talk.id, bare, version=1, account_id=editor)
    if what == "room":
        places.delete_room(workshop, room.id, version=1)
    elif what == "topic":
        places.delete_topic(workshop, topic.id, version=1)
    else:
        db.session.execute(sa.delete(Speaker))
    words = {"room": "Der Raum", "topic": "Das Thema", "person": "Eine Person"}
    with pytest.raises(undo.Gone, match=words[what]):
        undo.undo(workshop, editor)


def test_the_journal_knows_of_both(workshop: Workshop, talk: AgendaSession, editor: int) -> None:
    service.move_session(workshop, talk.id, _at(workshop, "10:00"), version=1, account_id=editor)
    undo.undo(workshop, editor)
    entries = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc()).limit(2))
    assert [(e.action, e.account_id, e.detail["fields"]) for e in entries] == [
        ("agenda.session_restored", editor, ["ends_at", "room_id", "starts_at"]),
        ("agenda.session_moved", editor, ["ends_at", "room_id", "starts_at"]),
    ]


class TestTwoAtOnce:
    """Decided by the database: the second waits for the first, then is refused."""

    def test_moves(
        self, ctx: Flask, workshop: Workshop, talk: AgendaSession, editor: int, other: int
    ) -> None:
        number, place = talk.id, _at(workshop, "10:00")
        service.move_session(workshop, number, place, version=1, account_id=editor)
        later = replace(place, starts=time(11))
        refusal = self._meanwhile(
            ctx,
            lambda there: service.move_session(there, number, later, version=1, account_id=other),
        )
        assert isinstance(refusal, ChangedMeanwhile)
        assert "Erika Beispiel hat „Lage im Netz“" in refusal.message
        assert (talk.version, _steps(other)) == (2, 0)

    def test_undo_in_two_windows(
        self, ctx: Flask, workshop: Workshop, talk: AgendaSession, editor: int
    ) -> None:
        for number in (1, 2):
            place = _at(workshop, f"1{number}:00")
            service.move_session(workshop, talk.id, place, version=number, account_id=editor)
        db.session.commit()
        undo.undo(workshop, editor)
        assert self._meanwhile(ctx, lambda there: undo.undo(there, editor)) is None
        assert talk.starts_at is not None
        assert talk.starts_at.astimezone(workshop.zone).time() == time(9)

    def test_rooms_of_one_name(self, ctx: Flask, workshop: Workshop) -> None:
        typed = places.RoomDraft(name="Saal Süd")
        places.add_room(workshop, typed)
        refusal = self._meanwhile(ctx, lambda there: places.add_room(there, typed))
        assert isinstance(refusal, places.NameTaken)
        assert refusal.field == "name"

    def test_topics_renamed_to_one_name(self, ctx: Flask, workshop: Workshop, topic: Track) -> None:
        typed = places.TopicDraft(name="Bewegtbild")
        second = places.add_topic(workshop, places.TopicDraft(name="Kampagnen")).id
        db.session.commit()
        places.change_topic(workshop, topic.id, typed, version=1)
        refusal = self._meanwhile(
            ctx, lambda there: places.change_topic(there, second, typed, version=1)
        )
        assert isinstance(refusal, places.NameTaken)

    def _meanwhile(self, app: Flask, command: Callable[[Workshop], Any]) -> Exception | None:
        """What the command says that begins before this test's transaction has ended."""
        slug = db.session.scalars(sa.select(Workshop.slug)).one()
        said: list[Exception | None] = []
        begun = threading.Event()

        def run() -> None:
            with app.app_context():
                begun.set()
                try:
                    command(db.session.scalars(sa.select(Workshop).filter_by(slug=slug)).one())
                    db.session.commit()
                    said.append(None)
                except Refused as refusal:
                    said.append(refusal)
                finally:
                    db.session.remove()

        thread = threading.Thread(target=run)
        thread.start()
        begun.wait()
        thread.join(0.15)  # it is at the lock by now
        assert thread.is_alive()
        db.session.commit()
        thread.join(10)
        db.session.expire_all()
        return said[0]


def test_a_day_that_the_workshop_has_lost_is_no_obstacle(
    workshop: Workshop, talk: AgendaSession, editor: int
) -> None:
    service.move_session(
        *(workshop, talk.id, Place(day=None, starts=None, minutes=60, room_id=None)),
        version=1,
        account_id=editor,
    )
    workshop.starts_on += timedelta(days=7)
    workshop.ends_on += timedelta(days=7)
    undo.undo(workshop, editor)
    assert talk.starts_at is not None  # a warning says so, and nothing is lost
