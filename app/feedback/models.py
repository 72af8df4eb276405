"""Feedback on sessions, anonymous by design.

What somebody says and that somebody has said something lie in two tables that nothing joins: no
key, no time, no order. The first is ordered by random ids, the second by persons; neither has a
hidden row number (SQLite's rowid), and `app.feedback.service` keeps PostgreSQL from numbering
transactions alike.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

WORST, BEST = 1, 5


def _random_id() -> str:
    return secrets.token_hex(16)


class Feedback(Model):
    """What one participant says about a session."""

    __tablename__ = "feedback"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_feedback_session",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(f"rating BETWEEN {WORST} AND {BEST}", name="rating_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=_random_id)
    workshop_id: Mapped[int] = mapped_column(index=True)
    session_id: Mapped[int] = mapped_column(index=True)
    rating: Mapped[int]
    good: Mapped[str] = mapped_column(sa.Text, default="")
    better: Mapped[str] = mapped_column(sa.Text, default="")


class FeedbackGiven(Model):
    """That a participant has given feedback on a session, so that nobody does so twice."""

    __tablename__ = "feedback_given"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["registration_id", "workshop_id"],
            ["registrations.id", "registrations.workshop_id"],
            name="fk_feedback_given_registration",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_feedback_given_session",
            ondelete="CASCADE",
        ),
        {"sqlite_with_rowid": False},
    )

    registration_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    workshop_id: Mapped[int] = mapped_column(index=True)
