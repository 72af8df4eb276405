"""The programme: topics (tracks), rooms and sessions."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Instant, Model, now, stored_enum

# Names of the colours that a topic may have; each is drawn with a pattern of its own.
PALETTE = ("blue", "green", "orange", "violet", "teal", "red")


class Track(Model):
    """A topic of the workshop. `colour` is one of `PALETTE`."""

    __tablename__ = "tracks"
    __table_args__ = (
        sa.UniqueConstraint("workshop_id", "name"),
        sa.UniqueConstraint("id", "workshop_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(100))
    summary: Mapped[str] = mapped_column(sa.String(500), default="")
    colour: Mapped[str] = mapped_column(sa.String(20), default="blue")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom


class Room(Model):
    """A room at the venue."""

    __tablename__ = "rooms"
    __table_args__ = (
        sa.UniqueConstraint("workshop_id", "name"),
        sa.UniqueConstraint("id", "workshop_id"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="seats_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(100))
    seats: Mapped[int | None]
    equipment: Mapped[str] = mapped_column(sa.String(300), default="")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom


class SessionKind(enum.StrEnum):
    """What sort of session it is; breaks and evening events are shown quietly."""

    TALK = "talk"
    WORKSHOP = "workshop"
    PANEL = "panel"
    BREAK = "break"
    EVENING = "evening"


class AgendaSession(Model):
    """A session of the programme. Without a room it concerns all of them (a break)."""

    __tablename__ = "agenda_sessions"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # The composite keys keep a session's room and track within its own workshop.
        sa.ForeignKeyConstraint(
            ["track_id", "workshop_id"],
            ["tracks.id", "tracks.workshop_id"],
            name="fk_agenda_sessions_track",
        ),
        sa.ForeignKeyConstraint(
            ["room_id", "workshop_id"],
            ["rooms.id", "rooms.workshop_id"],
            name="fk_agenda_sessions_room",
        ),
        sa.Index("ix_agenda_sessions_workshop", "workshop_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    track_id: Mapped[int | None]
    room_id: Mapped[int | None]
    kind: Mapped[SessionKind] = mapped_column(stored_enum(SessionKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(200))
    abstract: Mapped[str] = mapped_column(sa.Text, default="")
    speakers: Mapped[str] = mapped_column(sa.String(300), default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    # Calendars recognise a session by this, for as long as it exists.
    uid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    track: Mapped[Track | None] = relationship(viewonly=True)
    room: Mapped[Room | None] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom
