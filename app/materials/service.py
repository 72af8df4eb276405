"""Commands on the files of sessions. They flush and never commit."""

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.models import AgendaSession, Speaker
from app.extensions import db, now
from app.materials.inspection import LONGEST_NAME, Checked
from app.materials.models import FileContent, SessionFile
from app.refusals import Refused
from app.web.uploads import MEGABYTE, in_megabytes, largest_file

MOST_FILES = 20


class NoRoom(Refused):
    """The file, or the session's files together, would be too large or too many."""


class UnknownSession(Refused):
    """The session was deleted meanwhile."""


def add_file(
    workshop_id: int, session_id: int, checked: Checked, *, speaker: Speaker | None
) -> SessionFile:
    """Keep a file. It replaces the owner's earlier one of the same name.

    Without `speaker` it is the organisers'. Raises `NoRoom` and `UnknownSession`.
    """
    _lock_session(workshop_id, session_id)
    present = list(db.session.scalars(sa.select(SessionFile).filter_by(session_id=session_id)))
    owner = speaker.id if speaker else None
    wanted = checked.filename.casefold()
    same = next(
        (f for f in present if f.speaker_id == owner and f.filename.casefold() == wanted), None
    )
    if same is not None and same.sha256 == checked.sha256:
        return same
    _check_room(checked, [f for f in present if f is not same])
    if same is not None:
        db.session.execute(sa.delete(FileContent).where(FileContent.file_id == same.id))
    file = same or SessionFile(
        workshop_id=workshop_id,
        session_id=session_id,
        speaker_id=owner,
        filename=_free_name(checked.filename, {f.filename.casefold() for f in present}),
        content_type=checked.content_type,
    )
    file.size = len(checked.content)
    file.sha256 = checked.sha256
    file.uploaded_at = now()
    db.session.add(file)
    db.session.flush()
    db.session.execute(sa.insert(FileContent).values(file_id=file.id, content=checked.content))
    _note("speakers.file_replaced" if same else "speakers.file_added", file)
    return file


def delete_file(file: SessionFile) -> None:
    """Delete a file for good."""
    _note("speakers.file_deleted", file)
    db.session.delete(file)
    db.session.flush()


def share(file: SessionFile, *, shared: bool) -> None:
    """Give a file to participants before the session's end, or no longer. Twice does nothing."""
    if (file.shared_at is not None) == shared:
        return
    file.shared_at = now() if shared else None
    db.session.flush()
    _note("speakers.file_shared" if shared else "speakers.file_unshared", file)


def check_size(size: int) -> None:
    """Raise `NoRoom` if a file of so many bytes is too large."""
    if size > largest_file():
        raise NoRoom(
            _("Choose a file of at most %(size)s MB.", size=in_megabytes(largest_file())),
            field="file",
        )


def _check_room(checked: Checked, others: list[SessionFile]) -> None:
    check_size(len(checked.content))
    most = current_app.config["MAX_UPLOADS_PER_SESSION_MB"] * MEGABYTE
    if len(others) >= MOST_FILES:
        raise NoRoom(
            _("A session may have %(count)s files. Delete one before.", count=MOST_FILES),
            field="file",
        )
    if sum(f.size for f in others) + len(checked.content) > most:
        raise NoRoom(
            _(
                "The files of a session may have %(size)s MB together. Delete one before.",
                size=in_megabytes(most),
            ),
            field="file",
        )


def _lock_session(workshop_id: int, session_id: int) -> None:
    """One file at a time: the names and the sum are checked against what is there."""
    session = db.session.scalar(
        sa.select(AgendaSession.id)
        .where(
            AgendaSession.id == session_id,
            AgendaSession.workshop_id == workshop_id,
            AgendaSession.deleted_at.is_(None),
        )
        .with_for_update()
    )
    if session is None:
        raise UnknownSession(_("Somebody else has deleted this meanwhile."))


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered if somebody else's file of the session has it."""
    stem, dot, ending = name.rpartition(".")
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        mark = f" ({number}){dot}{ending}"
        free = stem[: LONGEST_NAME - len(mark)] + mark
    return free


def _note(action: str, file: SessionFile) -> None:
    record(
        action,
        workshop_id=file.workshop_id,
        subject="session_file",
        subject_id=file.id,
        detail={"session": file.session_id},
    )
