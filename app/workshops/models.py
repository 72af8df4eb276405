"""A workshop with its settings, its organisations and the texts that people consent to."""

import enum
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Instant, Model, now, stored_enum


class Access(enum.StrEnum):
    """Who may register. In a closed circle the organisers approve everybody from elsewhere."""

    OPEN = "open"
    LISTED = "listed"  # addresses in the domains of the workshop's organisations


class Workshop(Model):
    """One meeting at one host. Everything else belongs to exactly one workshop."""

    __tablename__ = "workshops"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("seats >= 0", name="seats_not_negative"),
        # The last line of defence against overselling, whatever the code does.
        sa.CheckConstraint("seats_taken BETWEEN 0 AND seats", name="never_oversold"),
        sa.CheckConstraint("hold_hours BETWEEN 1 AND 336", name="hold_hours_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Europe/Berlin")
    place: Mapped[str] = mapped_column(sa.String(100), default="")
    venue: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    travel: Mapped[str] = mapped_column(sa.Text, default="")

    host_name: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_name: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(254), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(50), default="")
    # What mails come from; empty: the title.
    sender_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")

    # Registration: the door, the seats, the deadlines.
    access: Mapped[Access] = mapped_column(stored_enum(Access, "access"), default=Access.LISTED)
    registration_opens_at: Mapped[datetime | None] = mapped_column(Instant)
    registration_closes_at: Mapped[datetime | None] = mapped_column(Instant)
    changes_until: Mapped[datetime | None] = mapped_column(Instant)
    seats: Mapped[int] = mapped_column(default=70)
    seats_taken: Mapped[int] = mapped_column(default=0)
    hold_hours: Mapped[int] = mapped_column(default=48)
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    # What the form asks beyond the person.
    evening_event: Mapped[str] = mapped_column(sa.String(200), default="")
    asks_accommodation: Mapped[bool] = mapped_column(default=True)
    asks_catering: Mapped[bool] = mapped_column(default=True)
    asks_travel: Mapped[bool] = mapped_column(default=True)

    # The programme is private until it is released.
    agenda_released_at: Mapped[datetime | None] = mapped_column(Instant)
    # Also then, only participants read it, by their personal link.
    agenda_is_private: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    # Legal texts are settings: the host's data-protection officer has the last word.
    controller: Mapped[str] = mapped_column(sa.Text, default="")
    data_protection_officer: Mapped[str] = mapped_column(sa.Text, default="")
    legal_basis: Mapped[str] = mapped_column(sa.Text, default="")
    supervisory_authority: Mapped[str] = mapped_column(sa.Text, default="")
    imprint: Mapped[str] = mapped_column(sa.Text, default="")
    accessibility_checked_on: Mapped[date | None]
    enforcement_body: Mapped[str] = mapped_column(sa.Text, default="")
    delete_gate_days: Mapped[int] = mapped_column(default=7)
    delete_needs_days: Mapped[int] = mapped_column(default=14)
    delete_contact_months: Mapped[int] = mapped_column(default=6)

    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    version: Mapped[int] = mapped_column(default=1)

    organisations: Mapped[list["Organisation"]] = relationship(
        back_populates="workshop", order_by="Organisation.position", passive_deletes=True
    )
    # Named, not imported: the programme is a feature above this one.
    topics: Mapped[list[Any]] = relationship("Track", order_by="Track.position", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this workshop's times are shown."""
        return ZoneInfo(self.timezone)

    @property
    def days(self) -> list[date]:
        """The days of the workshop, in order."""
        span = (self.ends_on - self.starts_on).days
        return [self.starts_on + timedelta(days=n) for n in range(span + 1)]

    @property
    def agenda_is_public(self) -> bool:
        """Whether the agenda is released, and not for participants only."""
        return self.agenda_released_at is not None and not self.agenda_is_private

    @property
    def is_closed_circle(self) -> bool:
        """Whether people from elsewhere need the organisers' approval."""
        return self.access is Access.LISTED

    @property
    def seats_free(self) -> int:
        """Seats that nobody holds."""
        return self.seats - self.seats_taken


class OrganisationKind(enum.StrEnum):
    """The groups in which organisations are listed, and the band on the badge."""

    STATE_POLICE = "state_police"
    FEDERAL_POLICE = "federal_police"
    CUSTOMS = "customs"
    MINISTRY = "ministry"
    OTHER = "other"


class Organisation(Model):
    """A police force, customs office or ministry that sends people to a workshop."""

    __tablename__ = "organisations"
    __table_args__ = (
        sa.UniqueConstraint("workshop_id", "name"),
        sa.UniqueConstraint("id", "workshop_id"),  # target of registrations' composite key
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    kind: Mapped[OrganisationKind] = mapped_column(stored_enum(OrganisationKind, "kind"))
    # ISO 3166-2, None for federal bodies.
    state: Mapped[str | None] = mapped_column(sa.String(6))
    name: Mapped[str] = mapped_column(sa.String(200))
    short_name: Mapped[str] = mapped_column(sa.String(30))
    # Mail domains that belong to it, separated by spaces; they preselect it in the form.
    mail_domains: Mapped[str] = mapped_column(sa.String(300), default="")
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    workshop: Mapped[Workshop] = relationship(back_populates="organisations")


class ConsentKind(enum.StrEnum):
    """What somebody may agree to; each is asked by itself and never ticked beforehand."""

    LISTING = "listing"
    PHOTOS = "photos"
    NEEDS = "needs"
    MAILING = "mailing"


class ConsentText(Model):
    """The wording of a consent; a new wording is a new version, old ones are kept."""

    __tablename__ = "consent_texts"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(stored_enum(ConsentKind, "kind"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
