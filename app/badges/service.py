"""Printing badges, and remembering what was printed."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import force_locale

from app.accounts.journal import record
from app.badges.models import BadgePrint
from app.badges.queries import ReadyBadge, batch_number, list_batch
from app.badges.sheets import render_badges
from app.documents.stock import Stock
from app.extensions import db, now
from app.registration.models import Registration
from app.workshops.models import Workshop


def render(
    badges: Sequence[ReadyBadge],
    stock: Stock,
    *,
    start_at: int = 1,
    offset_mm: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """The sheets as PDF. Raises `NothingToPrint` and `NoSuchLabel`."""
    with force_locale("de"):
        return render_badges([b.badge for b in badges], stock, start_at, offset_mm)


def note_printed(
    workshop: Workshop, badges: Sequence[ReadyBadge], *, account_id: int | None = None
) -> int:
    """Remember that these badges are on paper as they are now; returns the batch they are."""
    printed_at = now()
    prints = [
        BadgePrint(
            registration_id=b.registration_id,
            fingerprint=b.badge.fingerprint,
            account_id=account_id,
            printed_at=printed_at,
        )
        for b in badges
    ]
    db.session.add_all(prints)
    db.session.flush()
    record(
        "badges.printed", workshop_id=workshop.id, subject="badges", detail={"badges": len(badges)}
    )
    return batch_number(printed_at)


def forget_batch(workshop: Workshop, batch: int) -> None:
    """Count the badges of one print as before it: it never reached the paper."""
    forgotten = list_batch(workshop, batch)
    for made in forgotten:
        db.session.delete(made)
    _note_reset(workshop, len(forgotten))


def forget_printed(workshop: Workshop) -> None:
    """Count every badge of the workshop as not printed: the paper jammed, the sheet was wrong."""
    of_workshop = sa.select(Registration.id).where(Registration.workshop_id == workshop.id)
    printed = BadgePrint.registration_id.in_(of_workshop)
    people = sa.select(sa.func.count(sa.distinct(BadgePrint.registration_id))).where(printed)
    badges = db.session.scalar(people) or 0
    db.session.execute(sa.delete(BadgePrint).where(printed))
    _note_reset(workshop, badges)


def _note_reset(workshop: Workshop, badges: int) -> None:
    record("badges.reset", workshop_id=workshop.id, subject="badges", detail={"badges": badges})
