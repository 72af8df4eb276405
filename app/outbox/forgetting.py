"""Mails are deleted with all that was kept of them."""

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.extensions import db
from app.outbox.models import Message

UNFINISHED_SECONDS = 3600
"""After this, a file that was not written to its end never will be."""


def delete_mails(*conditions: Any) -> int:
    """Delete the mails for which all of this is true; how many.

    The files of those that were kept go after the commit, with `delete_files_without_mail`.
    """
    done = db.session.execute(
        sa.delete(Message).where(*conditions).execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows


def delete_files_without_mail() -> int:
    """Delete kept files whose mail is gone; how many.

    Also one that a worker wrote while its mail was being deleted, and what it left unfinished.
    """
    folder = Path(current_app.config["INSTANCE_DIR"]) / "mail"
    files = [path for path in folder.glob("*") if path.is_file()]  # before the mails are read
    if not files:
        return 0
    kept = {
        file_name(message_id) for message_id in db.session.scalars(sa.select(Message.message_id))
    }
    db.session.rollback()
    gone = [path for path in files if not _is_needed(path, kept)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def file_name(message_id: str) -> str:
    """The name of the file in which a mail is kept."""
    return message_id.strip("<>").split("@")[0] + ".eml"


def _is_needed(path: Path, kept: set[str]) -> bool:
    if path.suffix == ".eml":
        return path.name in kept
    try:
        return time.time() - path.stat().st_mtime < UNFINISHED_SECONDS
    except FileNotFoundError:  # finished meanwhile: it has its name by now
        return True
