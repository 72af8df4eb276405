"""Two editors at work in any order, against a model of what must come out.

Each knows the versions that were on the screen when they last looked or changed something. The
model says whether a command must be refused; whatever happens, the database must agree with it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.accounts.models import JournalEntry
from app.agenda.draft import places, service, undo
from app.agenda.draft.history import LIMIT
from app.agenda.models import AgendaEdit, AgendaSession, Room, SessionKind
from app.extensions import db
from app.refusals import ChangedMeanwhile, DeletedMeanwhile
from app.workshops.models import Workshop
from tests import factories

EDITORS = st.integers(0, 1)
WHICH = st.integers(0, 4)
MOST = 3  # sessions: few, so that the two get into each other's way
TITLES = st.sampled_from(("Lage", "Schnitt", "Kampagne"))
ROOMS = st.integers(0, 2)


@dataclass(frozen=True)
class Entry:
    """A session as the model knows it. `begins`: minutes after the first day's midnight."""

    title: str
    begins: int | None
    minutes: int
    room: int | None
    deleted: bool = False


@st.composite
def spots(draw: Any) -> tuple[int | None, int]:
    """(begin, length): in the tray, or on one of two days."""
    minutes = draw(st.integers(1, 24)) * 5
    if draw(st.integers(0, 3)) == 0:
        return None, minutes
    return draw(st.integers(0, 1)) * 1440 + draw(st.integers(96, 240)) * 5, minutes


class Editing(RuleBasedStateMachine):
    """The commands with what must come of them."""

    def __init__(self, workshop: Workshop, accounts: list[int]) -> None:
        super().__init__()
        self.workshop, self.accounts, self.editors = workshop, accounts, len(accounts)
        self.model: dict[int, Entry] = {}
        self.versions: dict[int, int] = {}
        self.seen: list[dict[int, int]] = [{} for _editor in accounts]
        self.done: list[list[tuple[int, Entry, Entry]]] = [[] for _editor in accounts]
        self.undone: list[list[tuple[int, Entry, Entry]]] = [[] for _editor in accounts]
        self.rooms: list[int | None] = []
        self.steps = 0

    @initialize()
    def begin(self) -> None:
        for kind in (AgendaSession, Room, JournalEntry):
            db.session.execute(sa.delete(kind))
        drafts = (places.RoomDraft(name=f"Raum {number}") for number in range(2))
        self.rooms = [None, *(places.add_room(self.workshop, draft).id for draft in drafts)]
        db.session.commit()

    @rule()
    def look(self) -> None:
        self.seen = [dict(self.versions) for _editor in self.accounts]

    @precondition(lambda self: self._alive() < MOST)
    @rule(editor=EDITORS, title=TITLES, spot=spots(), room=ROOMS)
    def add(self, editor: int, title: str, spot: tuple[int | None, int], room: int) -> None:
        entry = self._entry(title, spot, room)
        made = self._run(
            editor,
            lambda account: service.add_session(
                self.workshop, self._draft(entry), account_id=account
            ),
        )
        self._step(editor, made.id, replace(entry, deleted=True), entry)

    @precondition(lambda self: self.model)
    @rule(editor=EDITORS, which=WHICH, spot=spots(), room=ROOMS)
    def move(self, editor: int, which: int, spot: tuple[int | None, int], room: int) -> None:
        number, before = self._pick(which)
        after = replace(self._entry(before.title, spot, room), deleted=before.deleted)
        draft = self._draft(after)
        place = service.Place(
            day=draft.day, starts=draft.starts, minutes=draft.minutes, room_id=draft.room_id
        )
        self._try(
            *(editor, number, before, after),
            lambda account, version: service.move_session(
                self.workshop, number, place, version=version, account_id=account
            ),
        )

    @precondition(lambda self: self.model)
    @rule(editor=EDITORS, which=WHICH, title=TITLES)
    def rename(self, editor: int, which: int, title: str) -> None:
        number, before = self._pick(which)
        after = replace(before, title=title)
        self._try(
            *(editor, number, before, after),
            lambda account, version: service.change_session(
                self.workshop, number, self._draft(after), version=version, account_id=account
            ),
        )

    @precondition(lambda self: self.model)
    @rule(editor=EDITORS, which=WHICH)
    def delete(self, editor: int, which: int) -> None:
        number, before = self._pick(which)
        self._try(
            *(editor, number, before, replace(before, deleted=True)),
            lambda account, version: service.delete_session(
                self.workshop, number, version=version, account_id=account
            ),
        )

    @precondition(lambda self: self.model and self._alive() < MOST)
    @rule(editor=EDITORS, which=WHICH)
    def duplicate(self, editor: int, which: int) -> None:
        number, original = self._pick(which)

        def command(account: int) -> AgendaSession:
            return service.duplicate_session(self.workshop, number, account_id=account)

        if original.deleted:
            self._refused(editor, DeletedMeanwhile, command)
            return
        copy = self._run(editor, command)
        assert copy.id not in self.model
        entry = replace(original, begins=None)
        self._step(editor, copy.id, replace(entry, deleted=True), entry)

    @rule(editor=EDITORS)
    def undo(self, editor: int) -> None:
        editor %= self.editors
        self._turn(editor, undo.undo, self.done[editor], self.undone[editor], undo.NothingToUndo, 2)

    @rule(editor=EDITORS)
    def redo(self, editor: int) -> None:
        editor %= self.editors
        self._turn(editor, undo.redo, self.undone[editor], self.done[editor], undo.NothingToRedo, 1)

    @precondition(lambda self: self.editors == 2 and len(self.rooms) == 3)
    @rule(last=st.integers(0, 5))
    def delete_room(self, last: int) -> None:
        if last:
            return  # rarely, so that most runs keep both rooms
        gone = self.rooms.pop()
        assert gone is not None
        places.delete_room(self.workshop, gone, version=1)
        db.session.commit()
        for number, entry in self.model.items():
            if entry.room == gone:
                self.model[number] = replace(entry, room=None)
                self.versions[number] += 1

    @invariant()
    def the_database_agrees(self) -> None:
        db.session.expire_all()
        rows = list(db.session.scalars(sa.select(AgendaSession)))
        assert {row.id: self._read(row) for row in rows} == self.model
        assert {row.id: row.version for row in rows} == self.versions
        counts = sa.select(AgendaEdit.account_id, sa.func.count().label("steps"))
        per_editor = counts.group_by(AgendaEdit.account_id)
        kept = {row.account_id: row.steps for row in db.session.execute(per_editor)}
        for account, done, undone in zip(self.accounts, self.done, self.undone, strict=True):
            assert kept.get(account, 0) == len(done) + len(undone) <= LIMIT
        db.session.rollback()

    def teardown(self) -> None:
        """Whoever worked alone can take everything back, and do all of it again."""
        if self.editors == 2 or self.steps > LIMIT:
            return
        while self.undone[0]:
            self.redo(0)
        end = dict(self.model)
        while self.done[0]:
            self.undo(0)
        assert all(entry.deleted for entry in self.model.values())
        self.the_database_agrees()
        while self.undone[0]:
            self.redo(0)
        self.the_database_agrees()
        assert self.model == end

    def _try(self, editor: int, number: int, before: Entry, after: Entry, command: Any) -> None:
        """A command on what the editor has seen: refused if that is stale."""
        editor %= self.editors
        version = self.seen[editor].get(number, 1)
        if before.deleted:
            self._refused(editor, DeletedMeanwhile, lambda a: command(a, version))
        elif version != self.versions[number]:
            self._refused(editor, ChangedMeanwhile, lambda a: command(a, version))
        else:
            self._run(editor, lambda a: command(a, version))
            if after != before:
                self._step(editor, number, before, after)

    def _turn(
        self, editor: int, command: Any, source: Any, target: Any, nothing: Any, at: int
    ) -> None:
        """Undo or redo; `at`: where a step holds what must be there for it, after (2) or before."""
        if not source:
            self._refused(editor, nothing, lambda account: command(self.workshop, account))
            return
        step = source[-1]
        number, present, wanted = step[0], step[at], step[3 - at]
        if self.model[number] != present or wanted.room not in self.rooms:
            expected = ChangedMeanwhile
            self._refused(editor, expected, lambda account: command(self.workshop, account))
            return
        self._run(editor, lambda account: command(self.workshop, account))
        target.append(source.pop())
        self._put(editor, number, wanted)

    def _run(self, editor: int, command: Any) -> Any:
        result = command(self.accounts[editor % self.editors])
        db.session.commit()
        return result

    def _refused(self, editor: int, refusal: type[Exception], command: Any) -> None:
        with pytest.raises(refusal):
            command(self.accounts[editor % self.editors])
        db.session.rollback()

    def _step(self, editor: int, number: int, before: Entry, after: Entry) -> None:
        editor %= self.editors
        self.steps += 1
        self.done[editor] = [*self.done[editor], (number, before, after)][-LIMIT:]
        self.undone[editor].clear()
        self._put(editor, number, after)

    def _put(self, editor: int, number: int, entry: Entry) -> None:
        self.model[number] = entry
        present = db.session.get_one(AgendaSession, number).version
        assert present > self.versions.get(number, 0)
        self.versions[number] = self.seen[editor][number] = present

    def _alive(self) -> int:
        return sum(not entry.deleted for entry in self.model.values())

    def _pick(self, which: int) -> tuple[int, Entry]:
        alive = [number for number, entry in self.model.items() if not entry.deleted]
        numbers = alive if alive and which else list(self.model)
        number = numbers[-1 - which % len(numbers)]
        return number, self.model[number]

    def _entry(self, title: str, spot: tuple[int | None, int], room: int) -> Entry:
        return Entry(title, *spot, self.rooms[room % len(self.rooms)])

    def _draft(self, entry: Entry) -> service.SessionDraft:
        begins = entry.begins
        at = None if begins is None else _instant(self.workshop, begins)
        return service.SessionDraft(
            kind=SessionKind.TALK,
            title=entry.title,
            day=at.date() if at else None,
            starts=at.time() if at else None,
            ends=(at + timedelta(minutes=entry.minutes)).time() if at else None,
            minutes=entry.minutes,
            room_id=entry.room,
        )

    def _read(self, row: AgendaSession) -> Entry:
        begins = None
        if row.starts_at:
            local = row.starts_at.astimezone(self.workshop.zone).replace(tzinfo=None)
            begins = int((local - _instant(self.workshop, 0)).total_seconds() // 60)
        return Entry(row.title, begins, row.minutes, row.room_id, row.deleted_at is not None)


def _instant(workshop: Workshop, minutes: int) -> datetime:
    return datetime.combine(workshop.starts_on, time()) + timedelta(minutes=minutes)


@pytest.mark.parametrize(("editors", "runs"), [(1, 5), (2, 18)])
def test_no_change_is_lost_in_any_order(workshop: Workshop, editors: int, runs: int) -> None:
    accounts = [factories.make_account().id for _editor in range(editors)]
    db.session.commit()

    class Here(Editing):
        def __init__(self) -> None:
            super().__init__(workshop, accounts)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=runs,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
