"""Reads about the files of sessions, never what is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import format_decimal

from app.agenda.timetable import Slot
from app.extensions import db, now
from app.materials.models import SessionFile


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file of a session without its content; `size` in bytes."""

    id: int
    session_id: int
    speaker_id: int | None
    filename: str
    size: int
    uploaded_at: datetime
    shared_at: datetime | None

    @property
    def size_text(self) -> str:
        """The size as it is read: '2,4 MB'."""
        if self.size < 100_000:
            return f"{max(1, round(self.size / 1000))} kB"
        return f"{format_decimal(self.size / 1_000_000, '#,##0.0')} MB"


_FILES = sa.select(
    SessionFile.id,
    SessionFile.session_id,
    SessionFile.speaker_id,
    SessionFile.filename,
    SessionFile.size,
    SessionFile.uploaded_at,
    SessionFile.shared_at,
).order_by(SessionFile.session_id, SessionFile.filename, SessionFile.id)


def files_of_sessions(session_ids: Iterable[int]) -> dict[int, tuple[FileInfo, ...]]:
    """Session id → its files by name, whoever may have them; sessions without files are absent."""
    found: dict[int, tuple[FileInfo, ...]] = {}
    query = _FILES.where(SessionFile.session_id.in_(list(session_ids)))
    for row in db.session.execute(query):
        found[row.session_id] = (*found.get(row.session_id, ()), FileInfo(*row))
    return found


def files_for_participants(
    slots: Iterable[Slot], at: datetime | None = None
) -> dict[int, tuple[FileInfo, ...]]:
    """Session id → files that participants may have: after its end, or shared before.

    `slots` are those of the shown release.
    """
    at = at or now()
    ended = {slot.id: slot.ends <= at for slot in slots}
    opened = {
        session_id: tuple(f for f in files if ended[session_id] or f.shared_at is not None)
        for session_id, files in files_of_sessions(ended).items()
    }
    return {session_id: files for session_id, files in opened.items() if files}
