"""What runs by itself: sign-ups follow the releases."""

from datetime import timedelta

import sqlalchemy as sa

from app.extensions import db, now
from app.jobs import every_minute
from app.signup.models import SignUp, Wish
from app.signup.service import settle
from app.workshops.models import Workshop


@every_minute
def follow_releases() -> None:
    """Settle each workshop that is not over, in a transaction of its own.

    Releasing does so at once; this also finds what a deletion of people has left free.
    """
    yesterday = (now() - timedelta(days=1)).date()
    somebody = sa.or_(
        sa.exists().where(SignUp.workshop_id == Workshop.id),
        sa.exists().where(Wish.workshop_id == Workshop.id),
    )
    current = sa.select(Workshop.id).where(Workshop.ends_on >= yesterday, somebody)
    for workshop_id in db.session.scalars(current).all():
        settle(db.session.get_one(Workshop, workshop_id))
        db.session.commit()
