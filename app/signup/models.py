"""Picks, sign-ups with their waiting lists, wishes, and what was distributed."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Instant, Model, now, stored_enum


def _within_workshop(table: str) -> tuple[sa.Constraint, sa.Constraint]:
    """The composite keys that keep person and session within one workshop."""
    return (
        sa.ForeignKeyConstraint(
            ["registration_id", "workshop_id"],
            ["registrations.id", "registrations.workshop_id"],
            name=f"fk_{table}_registration",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name=f"fk_{table}_session",
            ondelete="CASCADE",
        ),
    )


class Pick(Model):
    """That somebody has marked a session for their own agenda. It takes no seat."""

    __tablename__ = "session_picks"
    __table_args__ = _within_workshop("session_picks")

    registration_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    workshop_id: Mapped[int] = mapped_column(index=True)


class SignUpState(enum.StrEnum):
    """Whether a sign-up has a seat or waits for one."""

    SEATED = "seated"
    WAITING = "waiting"


class SignUp(Model):
    """That somebody has a seat in a session, or stands in line for one (`queue_number`)."""

    __tablename__ = "session_sign_ups"
    __table_args__ = (
        *_within_workshop("session_sign_ups"),
        sa.UniqueConstraint("session_id", "registration_id"),
        sa.UniqueConstraint("session_id", "queue_number"),
        sa.CheckConstraint(
            "(state = 'waiting') = (queue_number IS NOT NULL)", name="queue_number_while_waiting"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(index=True)
    session_id: Mapped[int]
    registration_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[SignUpState] = mapped_column(stored_enum(SignUpState, "state"))
    queue_number: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Wish(Model):
    """How much somebody wants into a session: 1 first choice, 2 second, 3 'any of the others'."""

    __tablename__ = "session_wishes"
    __table_args__ = (
        *_within_workshop("session_wishes"),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name="rank_known"),
    )

    registration_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    workshop_id: Mapped[int] = mapped_column(index=True)
    rank: Mapped[int]


class Distribution(Model):
    """Seats were given by wishes; from then on the remaining ones are first come."""

    __tablename__ = "session_distributions"
    __table_args__ = (sa.UniqueConstraint("id", "workshop_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    # How many got which choice, as it stood that day.
    figures: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class DistributedSession(Model):
    """A session whose seats were distributed. The key lets that happen once."""

    __tablename__ = "distributed_sessions"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["distribution_id", "workshop_id"],
            ["session_distributions.id", "session_distributions.workshop_id"],
            name="fk_distributed_sessions_distribution",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_distributed_sessions_session",
            ondelete="CASCADE",
        ),
    )

    session_id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(index=True)
    distribution_id: Mapped[int] = mapped_column(index=True)
