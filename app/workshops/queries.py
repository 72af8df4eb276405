"""Reads about workshops and their organisations."""

import sqlalchemy as sa

from app.extensions import db
from app.workshops.models import ConsentKind, ConsentText, Organisation, Workshop

# Built once: every page of a workshop begins with it, and building it is a third of its time.
_WITH_SLUG = sa.select(Workshop).where(Workshop.slug == sa.bindparam("slug"))

_CONSENT_TEXTS = (
    sa.select(ConsentText)
    .where(ConsentText.workshop_id == sa.bindparam("workshop_id"))
    .order_by(ConsentText.version)
)


def find_workshop(slug: str) -> Workshop | None:
    """The workshop with this slug."""
    return db.session.scalar(_WITH_SLUG, {"slug": slug})


def list_workshops() -> list[Workshop]:
    """All workshops, the latest first."""
    return list(db.session.scalars(sa.select(Workshop).order_by(Workshop.starts_on.desc())))


def find_organisation(workshop_id: int, organisation_id: int) -> Organisation | None:
    """The organisation with this number, if it is in the workshop's list."""
    return db.session.scalar(
        sa.select(Organisation).where(
            Organisation.workshop_id == workshop_id, Organisation.id == organisation_id
        )
    )


def find_organisation_named(workshop_id: int, name: str) -> Organisation | None:
    """The organisation with exactly this name."""
    return db.session.scalar(
        sa.select(Organisation).where(
            Organisation.workshop_id == workshop_id, Organisation.name == name
        )
    )


def latest_consent_texts(workshop_id: int) -> dict[ConsentKind, ConsentText]:
    """The present wording of each consent."""
    texts = db.session.scalars(_CONSENT_TEXTS, {"workshop_id": workshop_id})
    return {text.kind: text for text in texts}  # the last one of each kind stays


def texts_version(texts: dict[ConsentKind, ConsentText]) -> int:
    """A number that grows whenever a wording changes."""
    return sum(text.version for text in texts.values())
