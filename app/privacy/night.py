"""All that a night deletes, in transactions as short as may be."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.extensions import db, now
from app.outbox.forgetting import delete_files_without_mail
from app.privacy.installation import delete_overdue_of_installation
from app.privacy.overwriting import overwrite_deleted
from app.privacy.service import delete_overdue, list_ended
from app.web.limits import forget_old_counts

log = logging.getLogger(__name__)

HOUR = time(3, 15, tzinfo=UTC)
"""When the night's job runs (`app.jobs.every_night`)."""


@dataclass(frozen=True)
class Deleted:
    """What was due in one place: how many rows of what. The place is a workshop's slug, or none."""

    slug: str | None
    counts: dict[str, int]


def delete_all_overdue(on: date | None = None, *, dry_run: bool = False) -> list[Deleted]:
    """Delete what is due now, or what was in the night of a day; what it was.

    Each workshop in a transaction of its own. With `dry_run` nothing stays deleted.
    """
    at = now() if on is None else datetime.combine(on, HOUR)
    found = []
    for slug, delete in _steps(at):
        counts = delete()
        if dry_run:
            db.session.rollback()
        else:
            db.session.commit()
        if counts:
            found.append(Deleted(slug, counts))
    if not dry_run:
        delete_files_without_mail()
        forget_old_counts()
        if not overwrite_deleted():
            log.warning("what was deleted is not overwritten yet, but in the next night")
    return found


def _steps(at: datetime) -> Iterator[tuple[str | None, Callable[[], dict[str, int]]]]:
    yield None, lambda: delete_overdue_of_installation(at)
    for workshop in list_ended(at.date()):
        today = at.astimezone(workshop.zone).date()
        yield workshop.slug, lambda w=workshop, day=today: delete_overdue(w, day)  # type: ignore[misc]  # bound at once
