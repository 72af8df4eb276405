"""What is deleted is gone from the files, too.

SQLite overwrites deleted rows with zeros (`secure_delete`, app/extensions.py). Older versions of a
page stay in the write-ahead log until it is emptied; rows that were deleted before the setting was
on stay in the file until it is written anew. PostgreSQL does both by itself (docs/operations.md).
"""

import logging
import sqlite3
from typing import Any

from app.extensions import db

log = logging.getLogger(__name__)

TRIES = 5
WAIT_SECONDS = 2
"""How often, and how long each time, others may read or write before it is left for later."""

WRITTEN_ANEW = 1
"""SQLite's `user_version` once all rows were written with `secure_delete`."""


def overwrite_deleted() -> bool:
    """Empty the write-ahead log, and give unused space back; False if that was not possible."""
    db.session.rollback()  # no transaction of ours shall be in the way
    if db.engine.dialect.name != "sqlite":
        return True
    raw = db.engine.raw_connection()  # VACUUM takes no BEGIN, which SQLAlchemy would send
    connection = raw.driver_connection
    raw.detach()  # its settings are its own
    try:
        return _overwrite(connection)
    except sqlite3.OperationalError as error:  # locked by others all the time, or the disk is full
        log.warning("the database was not written anew: %s", error)
        return False
    finally:
        raw.close()


def _overwrite(connection: Any) -> bool:
    connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
    if _is_worth_writing_anew(connection):
        connection.execute("VACUUM")
        connection.execute(f"PRAGMA user_version={WRITTEN_ANEW}")
    for _attempt in range(TRIES):
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return True
    return False


def _is_worth_writing_anew(connection: Any) -> bool:
    def value(pragma: str) -> int:
        return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    return value("user_version") < WRITTEN_ANEW or value("freelist_count") * 4 > value("page_count")
