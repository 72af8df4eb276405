"""The call for contributions, what was proposed, and what organisers think of it."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.agenda.models import Track
from app.extensions import Instant, Model, now, stored_enum
from app.registration.models import Registration

WORST, BEST = 1, 5


class Call(Model):
    """A workshop's call: when it is open, what it says, and which lengths can be chosen."""

    __tablename__ = "calls"
    __table_args__ = (sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    workshop_id: Mapped[int] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE"), primary_key=True
    )
    # Without an opening there is no call.
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    intro: Mapped[str] = mapped_column(sa.Text, default="")
    # In minutes.
    lengths: Mapped[list[int]] = mapped_column(sa.JSON, default=lambda: [20, 45, 90])
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    def is_open(self, at: datetime) -> bool:
        """Whether one can propose something at this instant."""
        return (
            self.opens_at is not None
            and self.opens_at <= at
            and (self.closes_at is None or at < self.closes_at)
        )


class ProposalState(enum.StrEnum):
    """Where a proposal stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Proposal(Model):
    """What a participant proposes to present."""

    __tablename__ = "proposals"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["registration_id", "workshop_id"],
            ["registrations.id", "registrations.workshop_id"],
            name="fk_proposals_registration",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes_sensible"),
        sa.CheckConstraint("speaks_self OR others <> ''", name="somebody_speaks"),
        sa.Index("ix_proposals_workshop", "workshop_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int]
    registration_id: Mapped[int] = mapped_column(index=True)
    track_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("tracks.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(200))
    abstract: Mapped[str] = mapped_column(sa.Text)
    minutes: Mapped[int]
    speaks_self: Mapped[bool] = mapped_column(default=True)
    # Further speakers: 'Name, organisation', one a line.
    others: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[ProposalState] = mapped_column(
        stored_enum(ProposalState, "state"), default=ProposalState.SUBMITTED
    )
    # The session that it has become.
    session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_sessions.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    version: Mapped[int] = mapped_column(default=1)

    registration: Mapped[Registration] = relationship(viewonly=True)
    track: Mapped[Track | None] = relationship(viewonly=True)
    decided_by: Mapped[Account | None] = relationship(viewonly=True)
    comments: Mapped[list["Comment"]] = relationship(
        order_by="Comment.id", viewonly=True, lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom


class Score(Model):
    """How much an organiser wants a proposal."""

    __tablename__ = "proposal_scores"
    __table_args__ = (sa.CheckConstraint(f"score BETWEEN {WORST} AND {BEST}", name="score_known"),)

    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[int]


class Comment(Model):
    """What an organiser says about a proposal to the others."""

    __tablename__ = "proposal_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposals.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(Instant, default=now)

    account: Mapped[Account | None] = relationship(viewonly=True)
