"""What undo remembers: a session's state as JSON, and an editor's steps from one to the next."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Account
from app.agenda.models import AgendaEdit, AgendaSession, SessionKind, SessionPerson, SignUpMode
from app.agenda.models import SessionRole as Role
from app.extensions import db, now

LIMIT = 50  # steps kept for each editor of a workshop
State = dict[str, Any]

_PLAIN = (
    *("title", "abstract", "language", "notes", "track_id", "room_id", "minutes", "seats"),
    *("kind", "sign_up"),  # text, as JSON writes them
)
_INSTANTS = ("starts_at", "ends_at", "deleted_at")


class Action(StrEnum):
    """What kind of step it was, for the words of the undo button."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    RESIZED = "resized"
    SHELVED = "shelved"
    DUPLICATED = "duplicated"
    DELETED = "deleted"


def state_of(session: AgendaSession) -> State:
    """All that an editor can change about it; equal states are equal dicts."""
    instants = ((name, getattr(session, name)) for name in _INSTANTS)
    return {
        **{name: getattr(session, name) for name in _PLAIN},
        **{name: at.astimezone(UTC).isoformat() if at else None for name, at in instants},
        "people": [[p.speaker_id, p.role.value, p.position] for p in session.people],
    }


def put_state(session: AgendaSession, state: State) -> None:
    """Make the session what the state says. Its version rises even if only people differ."""
    for name in _PLAIN:
        setattr(session, name, state[name])
    session.kind, session.sign_up = SessionKind(state["kind"]), SignUpMode(state["sign_up"])
    for name in _INSTANTS:
        setattr(session, name, datetime.fromisoformat(state[name]) if state[name] else None)
    present = {(p.speaker_id, p.role): p for p in session.people}
    people = []
    for speaker_id, role, position in state["people"]:
        # Whoever stays keeps the confirmation.
        person = present.get((speaker_id, Role(role))) or SessionPerson(
            session_id=session.id,
            workshop_id=session.workshop_id,
            speaker_id=speaker_id,
            role=Role(role),
        )
        person.position = position
        people.append(person)
    session.people = people
    session.updated_at = now()
    db.session.flush()
    db.session.expire(session, ["people"])


def lock_editor(account_id: int | None) -> None:
    """Let this editor's steps in one after the other, also from two windows.

    Taken before the session's own lock, everywhere, so that no two wait for each other.
    """
    if account_id is not None:
        editor = sa.select(Account.id).filter_by(id=account_id)
        # The journal, which refers to the account, need not wait.
        db.session.execute(editor.with_for_update(key_share=True))


def note_step(
    action: Action, session: AgendaSession, before: State | None, account_id: int | None
) -> None:
    """Remember the step; what was undone can no longer be redone. Nothing without an editor."""
    if account_id is None:
        return
    mine = steps_of(session.workshop_id, account_id)
    db.session.execute(sa.delete(AgendaEdit).where(*mine, AgendaEdit.undone))
    after = state_of(session)
    db.session.add(
        AgendaEdit(
            workshop_id=session.workshop_id,
            account_id=account_id,
            action=action.value,
            session_id=session.id,
            # Before it was added it was as good as deleted.
            before=before or {**after, "deleted_at": now().isoformat()},
            after=after,
        )
    )
    db.session.flush()
    last_kept = (
        sa.select(AgendaEdit.id).where(*mine).order_by(AgendaEdit.id.desc()).offset(LIMIT - 1)
    )
    oldest = db.session.scalar(last_kept.limit(1))
    if oldest is not None:
        db.session.execute(sa.delete(AgendaEdit).where(*mine, AgendaEdit.id < oldest))


def steps_of(workshop_id: int, account_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that pick an editor's steps in a workshop."""
    return (AgendaEdit.workshop_id == workshop_id, AgendaEdit.account_id == account_id)
