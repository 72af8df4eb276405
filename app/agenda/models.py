"""The programme: topics (tracks), rooms and sessions."""

import enum
from datetime import datetime
from typing import Any

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


class SignUpMode(enum.StrEnum):
    """How participants get into a session: nobody signs up, first come, or by fair distribution."""

    NONE = "none"
    OPEN = "open"
    WISHES = "wishes"


class AgendaSession(Model):
    """A session of the draft. Without a time it lies in the tray, without a room it concerns all.

    A deleted session stays as a row: earlier releases, sign-ups and undo refer to it.
    """

    __tablename__ = "agenda_sessions"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="placed_or_not"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes_sensible"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="seats_positive"),
        sa.UniqueConstraint("id", "workshop_id"),
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
    # ISO 639-1: the language that is spoken.
    language: Mapped[str] = mapped_column(sa.String(2), default="de", server_default="de")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    # The length, kept while the session lies in the tray.
    minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    # Limits sign-up; None: as many as the room holds.
    seats: Mapped[int | None]
    sign_up: Mapped[SignUpMode] = mapped_column(
        stored_enum(SignUpMode, "sign_up"), default=SignUpMode.NONE, server_default="none"
    )
    # Calendars recognise a session by this, for as long as it exists.
    uid: Mapped[str] = mapped_column(sa.String(64), unique=True)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now, onupdate=now)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    track: Mapped[Track | None] = relationship(viewonly=True)
    room: Mapped[Room | None] = relationship(viewonly=True)
    people: Mapped[list["SessionPerson"]] = relationship(
        cascade="all, delete-orphan", order_by="SessionPerson.position", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom


class Speaker(Model):
    """Somebody who speaks or chairs: a participant (`registration_id`) or a guest."""

    __tablename__ = "speakers"
    __table_args__ = (sa.UniqueConstraint("id", "workshop_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE"), index=True
    )
    # Named, not imported: registrations are a feature above this one.
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    # A guest's address; a participant is written to at the registration's.
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    about: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    # When the link to the own page was sent last.
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    @property
    def label(self) -> str:
        """How it stands in the agenda: 'Jana Tischendorf, Polizei Sachsen'."""
        return ", ".join(filter(None, (self.name, self.organisation)))


class SessionRole(enum.StrEnum):
    """What somebody does in a session."""

    SPEAKER = "speaker"
    CHAIR = "chair"


class SessionPerson(Model):
    """That somebody speaks in a session or chairs it, and has confirmed it or not."""

    __tablename__ = "session_people"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_session_people_session",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id", "workshop_id"],
            ["speakers.id", "speakers.workshop_id"],
            name="fk_session_people_speaker",
            ondelete="CASCADE",
        ),
    )

    session_id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    role: Mapped[SessionRole] = mapped_column(stored_enum(SessionRole, "role"), primary_key=True)
    workshop_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    # When the person has confirmed the slot, and which one: a later change asks anew.
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_starts_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_ends_at: Mapped[datetime | None] = mapped_column(Instant)

    speaker: Mapped[Speaker] = relationship(viewonly=True)


class AgendaEdit(Model):
    """A step of an editor that can be undone: the session's states before and after."""

    __tablename__ = "agenda_edits"
    __table_args__ = (sa.Index("ix_agenda_edits_editor", "workshop_id", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(sa.String(40))
    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("agenda_sessions.id", ondelete="CASCADE"), index=True
    )
    # What `app.agenda.draft.history` writes and reads.
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    undone: Mapped[bool] = mapped_column(default=False)


class AgendaRelease(Model):
    """A released version of the agenda, frozen: never changed, only followed by the next."""

    __tablename__ = "agenda_releases"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    number: Mapped[int]
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    released_at: Mapped[datetime] = mapped_column(Instant, default=now)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    # What `app.agenda.releases.content` writes and reads.
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)


class AgendaImport(Model):
    """A programme that was read, from a file or otherwise, until somebody takes it over or not."""

    __tablename__ = "agenda_imports"

    # Random, so that addresses of old previews lead nowhere.
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    workshop_id: Mapped[int] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    # What `app.agenda.intake.plans` writes and reads.
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
