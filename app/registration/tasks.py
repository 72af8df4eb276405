"""Jobs that run by themselves: places let go in time, old drafts forgotten."""

import sqlalchemy as sa

from app.extensions import db, now
from app.jobs import every_minute
from app.registration.drafts import delete_old_drafts
from app.registration.models import Registration
from app.registration.seats import expire_holds
from app.workshops.models import Workshop


@every_minute
def let_go_of_overdue_places() -> None:
    """Expire what was not confirmed in time; each workshop in a transaction of its own."""
    overdue = sa.select(Registration.workshop_id).where(Registration.hold_until <= now())
    for workshop_id in db.session.scalars(overdue.distinct()).all():
        expire_holds(db.session.get_one(Workshop, workshop_id))
        db.session.commit()


@every_minute
def forget_old_drafts() -> None:
    """Delete drafts that nobody has touched for a day."""
    if delete_old_drafts():
        db.session.commit()
