"""Reads about workshops and their organisations."""

import sqlalchemy as sa

from app.extensions import db
from app.workshops.models import Workshop


def find_workshop(slug: str) -> Workshop | None:
    """The workshop with this slug."""
    return db.session.scalar(sa.select(Workshop).where(Workshop.slug == slug))


def list_workshops() -> list[Workshop]:
    """All workshops, the latest first."""
    return list(db.session.scalars(sa.select(Workshop).order_by(Workshop.starts_on.desc())))
