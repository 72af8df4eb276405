"""Deletion runs by itself, every night."""

from app.agenda.plans import forget_old
from app.extensions import db, now
from app.jobs import every_night
from app.privacy.service import delete_overdue, list_ended


@every_night
def delete_what_is_overdue() -> None:
    """Each workshop in a transaction of its own."""
    forget_old()
    db.session.commit()
    for workshop in list_ended(now().date()):
        delete_overdue(workshop, now().astimezone(workshop.zone).date())
        db.session.commit()
