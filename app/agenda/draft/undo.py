"""Undo and redo of an editor's last steps. They flush and never commit.

A step is taken back only while its session still is as the step left it: whatever somebody else
has changed since stays, and the refusal says who did what.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.agenda.draft.conflicts import what_happened
from app.agenda.draft.history import Action, State, lock_editor, put_state, state_of, steps_of
from app.agenda.draft.noting import note
from app.agenda.draft.service import hold
from app.agenda.models import AgendaEdit, AgendaSession, Room, Speaker, Track
from app.extensions import db
from app.refusals import ChangedMeanwhile, Refused
from app.workshops.models import Workshop

WORDS = {
    Action.ADDED: _l("Add “%(title)s”"),
    Action.CHANGED: _l("Edit “%(title)s”"),
    Action.MOVED: _l("Move “%(title)s”"),
    Action.RESIZED: _l("Change the length of “%(title)s”"),
    Action.SHELVED: _l("Put “%(title)s” into the tray"),
    Action.DUPLICATED: _l("Duplicate “%(title)s”"),
    Action.DELETED: _l("Delete “%(title)s”"),
}


class NothingToUndo(Refused):
    """The editor has no step left to take back."""


class NothingToRedo(Refused):
    """The editor has taken back no step since the last new one."""


class StepRefused(ChangedMeanwhile):
    """The session is no longer as the step has left it; the message says who, when and what."""

    step_id: int | None = None


class Gone(StepRefused):
    """A room, topic or person that the step needs has been deleted."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that the two buttons would take, in words; None where there is none."""

    undo: str | None
    redo: str | None


def undo(workshop: Workshop, account_id: int) -> AgendaEdit:
    """Take the editor's latest step back. Raises `NothingToUndo`, `StepRefused`, `Gone`."""
    lock_editor(account_id)
    edit = _latest(workshop, account_id)
    if edit is None:
        raise NothingToUndo(_("There is nothing to undo."))
    _try(workshop, edit, present=edit.after, wanted=edit.before)
    edit.undone = True
    db.session.flush()
    return edit


def redo(workshop: Workshop, account_id: int) -> AgendaEdit:
    """Take the step undone last again. Raises `NothingToRedo`, `StepRefused`, `Gone`."""
    lock_editor(account_id)
    edit = _undone(workshop, account_id)
    if edit is None:
        raise NothingToRedo(_("There is nothing to redo."))
    _try(workshop, edit, present=edit.before, wanted=edit.after)
    edit.undone = False
    db.session.flush()
    return edit


def leave_out(workshop: Workshop, account_id: int, refused: StepRefused) -> None:
    """Forget the step that was refused, so that the steps before it are within reach again."""
    if refused.step_id is not None:
        db.session.execute(
            sa.delete(AgendaEdit).where(
                *steps_of(workshop.id, account_id), AgendaEdit.id == refused.step_id
            )
        )


def steps(workshop: Workshop, account_id: int) -> Steps:
    """What undo and redo would do next."""
    return Steps(_words(_latest(workshop, account_id)), _words(_undone(workshop, account_id)))


def _words(edit: AgendaEdit | None) -> str | None:
    return str(WORDS[Action(edit.action)]) % {"title": edit.after["title"]} if edit else None


def _latest(workshop: Workshop, account_id: int) -> AgendaEdit | None:
    query = sa.select(AgendaEdit).where(*steps_of(workshop.id, account_id), ~AgendaEdit.undone)
    return db.session.scalar(query.order_by(AgendaEdit.id.desc()).limit(1))


def _undone(workshop: Workshop, account_id: int) -> AgendaEdit | None:
    query = sa.select(AgendaEdit).where(*steps_of(workshop.id, account_id), AgendaEdit.undone)
    return db.session.scalar(query.order_by(AgendaEdit.id).limit(1))


def _try(workshop: Workshop, edit: AgendaEdit, *, present: State, wanted: State) -> None:
    try:
        _turn(workshop, edit, present=present, wanted=wanted)
    except StepRefused as refused:
        refused.step_id = edit.id
        raise


def _turn(workshop: Workshop, edit: AgendaEdit, *, present: State, wanted: State) -> None:
    """Bring the session from the state that the step left to the one wanted."""
    _check_needs(workshop, wanted)
    session = db.session.execute(
        sa.select(AgendaSession)
        .filter_by(id=edit.session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    found = state_of(session)
    if found != present:
        raise StepRefused(what_happened(session, workshop.zone))
    put_state(session, wanted)
    changed = sorted(name for name, value in wanted.items() if found[name] != value)
    note(
        "agenda.session_restored",
        session,
        fields=changed,
        before=found,
        after=wanted,
        account_id=edit.account_id,
    )


def _check_needs(workshop: Workshop, wanted: State) -> None:
    """Raise `Gone`, or keep room and topic from being deleted meanwhile."""
    if wanted["room_id"] is not None and not hold(Room, workshop, wanted["room_id"]):
        raise Gone(_("The room that this step needs has been deleted."))
    if wanted["track_id"] is not None and not hold(Track, workshop, wanted["track_id"]):
        raise Gone(_("The topic that this step needs has been deleted."))
    people = {speaker_id for speaker_id, _role, _position in wanted["people"]}
    if people:
        known = sa.select(sa.func.count()).where(
            Speaker.workshop_id == workshop.id, Speaker.id.in_(people)
        )
        if db.session.scalar(known) != len(people):
            raise Gone(_("A person whom this step needs has been deleted."))
