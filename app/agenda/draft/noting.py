"""What the journal keeps of the draft: which entry, and what changed from what to what."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.accounts.journal import record
from app.agenda.models import AgendaSession, Room, Track
from app.extensions import db

Noted = AgendaSession | Room | Track
# What the journal calls them.
SUBJECTS: dict[type, str] = {AgendaSession: "session", Room: "room", Track: "topic"}
# Named only: long texts, and people, who shall not outlive their registration in the journal.
_NAMED_ONLY = frozenset({"abstract", "notes", "summary", "people", "speakers", "chair"})
_ROWS: dict[str, type[Room] | type[Track]] = {"room_id": Room, "track_id": Track}


def note(
    action: str,
    entry: Noted,
    *,
    fields: Iterable[str] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    account_id: int | None = None,
) -> None:
    """Write it into the journal, with the values of the changed fields before and after."""
    names = sorted(fields)
    detail: dict[str, Any] = {
        "name": entry.title if isinstance(entry, AgendaSession) else entry.name
    }
    if names:
        detail["fields"] = names
    if before is not None and after is not None:
        detail["changes"] = {
            name: [_told(name, before[name]), _told(name, after[name])]
            for name in names
            if name in before and name not in _NAMED_ONLY
        }
    record(
        action,
        workshop_id=entry.workshop_id,
        subject=SUBJECTS[type(entry)],
        subject_id=entry.id,
        detail=detail,
        account_id=account_id,
    )


def _told(name: str, value: Any) -> Any:
    """A value as it is kept: rooms and topics by their names, which outlast them."""
    if name in _ROWS and value is not None:
        row: Any = db.session.get(_ROWS[name], value)
        return row.name if row else None
    return value
