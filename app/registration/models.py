"""Registrations, what was consented to, and drafts of the form."""

import enum
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Instant, Model, now, stored_enum
from app.workshops.models import ConsentKind, Organisation, Workshop


class Status(enum.StrEnum):
    """Where a registration stands.

    `held` and `confirmed` have a seat; `waiting` stands in the queue, with a proved address.
    `unproved` has neither: it becomes something when its address is proved. What is `held` or
    `unproved` ends at `hold_until` and is `expired` then. `pending` waits for the organisers'
    approval, which a closed circle asks of everybody from elsewhere; else it is `declined`.
    """

    HELD = "held"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    UNPROVED = "unproved"
    PENDING = "pending"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"


SEATED = (Status.HELD, Status.CONFIRMED)
# Who takes part or may: what participants can do is open to these.
ACTIVE = (*SEATED, Status.WAITING)
# Whose address has not been proved yet.
UNPROVED = (Status.HELD, Status.UNPROVED)
# What has not ended: it keeps its address from registering twice.
CURRENT = (*ACTIVE, Status.UNPROVED, Status.PENDING)


class Salutation(enum.StrEnum):
    """How somebody wants to be addressed."""

    NONE = "none"
    MS = "ms"
    MR = "mr"


class ParticipantRole(enum.StrEnum):
    """What somebody comes as; it is printed on the badge unless it is the first."""

    PARTICIPANT = "participant"
    SPEAKER = "speaker"
    ORGANISER = "organiser"
    PRESS = "press"


class Arrival(enum.StrEnum):
    """How somebody travels."""

    UNKNOWN = "unknown"
    RAIL = "rail"
    CAR = "car"
    OTHER = "other"


class Diet(enum.StrEnum):
    """What somebody eats. Words that would tell a religion are left out on purpose."""

    NONE = "none"
    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    NO_PORK = "no_pork"


_IS_CURRENT = sa.text("status IN ('held', 'confirmed', 'waiting', 'unproved', 'pending')")


class Registration(Model):
    """One person's registration for one workshop."""

    __tablename__ = "registrations"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "workshop_id"],
            ["organisations.id", "organisations.workshop_id"],
            name="fk_registrations_organisation",
        ),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (other_organisation <> '')", name="one_organisation"
        ),
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.CheckConstraint("first_name <> '' AND last_name <> ''", name="has_name"),
        sa.CheckConstraint(
            "status <> 'confirmed' OR address_proved_at IS NOT NULL", name="confirmed_is_proved"
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (queue_number IS NOT NULL)", name="queue_number_while_waiting"
        ),
        sa.CheckConstraint("arrival = 'car' OR vehicle_plate = ''", name="plate_only_with_car"),
        sa.CheckConstraint(
            "(room_from IS NULL) = (room_until IS NULL) AND"
            " (room_from IS NULL OR room_until > room_from)",
            name="room_nights",
        ),
        sa.CheckConstraint(
            "status NOT IN ('waiting', 'pending') OR address_proved_at IS NOT NULL",
            name="queue_is_proved",
        ),
        sa.CheckConstraint("client = '' OR status = 'held'", name="client_while_held"),
        # One current registration an address; a cancelled one leaves the address free.
        sa.Index(
            "uq_registrations_current_email",
            "workshop_id",
            "email",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
        sa.UniqueConstraint("workshop_id", "queue_number"),
        # What keeps features above within the workshop refers to both.
        sa.Index("uq_registrations_id_workshop_id", "id", "workshop_id", unique=True),
        sa.Index("ix_registrations_sorted", "workshop_id", "sort_key", "id"),
        sa.Index("ix_registrations_status", "workshop_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))

    # The person.
    salutation: Mapped[Salutation] = mapped_column(
        stored_enum(Salutation, "salutation"), default=Salutation.NONE
    )
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    rank: Mapped[str] = mapped_column(sa.String(80), default="")
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    badge_name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254))
    phone: Mapped[str] = mapped_column(sa.String(50), default="")
    # A new address that its owner has not proved yet.
    new_email: Mapped[str | None] = mapped_column(sa.String(254))

    # Where the person comes from.
    organisation_id: Mapped[int | None]
    other_organisation: Mapped[str] = mapped_column(sa.String(120), default="")
    department: Mapped[str] = mapped_column(sa.String(120), default="")
    function: Mapped[str] = mapped_column(sa.String(120), default="")

    # Taking part.
    role: Mapped[ParticipantRole] = mapped_column(
        stored_enum(ParticipantRole, "role"), default=ParticipantRole.PARTICIPANT
    )
    evening_event: Mapped[bool] = mapped_column(default=False)
    room_from: Mapped[date | None]
    room_until: Mapped[date | None]
    arrival: Mapped[Arrival] = mapped_column(
        stored_enum(Arrival, "arrival"), default=Arrival.UNKNOWN
    )
    arrival_time: Mapped[time | None]
    vehicle_plate: Mapped[str] = mapped_column(sa.String(20), default="")

    # The seat.
    status: Mapped[Status] = mapped_column(stored_enum(Status, "status"))
    hold_until: Mapped[datetime | None] = mapped_column(Instant)
    address_proved_at: Mapped[datetime | None] = mapped_column(Instant)
    # Who holds an unproved seat: a keyed hash of the client's network, gone with the hold.
    client: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    queue_number: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now, onupdate=now)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    # What the badge's QR code holds: random, and nothing else.
    # None once the period for gate data is over.
    badge_code: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    # How the list is sorted (DIN 5007-2) and searched; written with the name.
    # Compared byte by byte, whatever the server's language.
    sort_key: Mapped[str] = mapped_column(
        sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    )
    search_text: Mapped[str] = mapped_column(sa.Text)
    internal_note: Mapped[str] = mapped_column(sa.Text, default="")

    workshop: Mapped[Workshop] = relationship()
    organisation: Mapped[Organisation | None] = relationship(viewonly=True)
    days: Mapped[list["RegistrationDay"]] = relationship(
        cascade="all, delete-orphan", order_by="RegistrationDay.on", passive_deletes=True
    )
    consents: Mapped[list["Consent"]] = relationship(
        cascade="all, delete-orphan", order_by="Consent.id", passive_deletes=True
    )
    needs: Mapped["Needs | None"] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    @property
    def full_name(self) -> str:
        """First and last name as spoken: 'Żaneta von der Lühe'."""
        return f"{self.first_name} {self.last_name}"

    @property
    def titled_name(self) -> str:
        """The full name with its title: 'Dr. Żaneta von der Lühe'."""
        return f"{self.title} {self.full_name}".strip()

    @property
    def organisation_name(self) -> str:
        """The organisation from the list, or the one that was typed."""
        return self.organisation.name if self.organisation else self.other_organisation

    @property
    def is_seated(self) -> bool:
        """Whether a seat is taken by this registration."""
        return self.status in SEATED

    @property
    def is_active(self) -> bool:
        """Whether it has a seat or stands in the queue for one."""
        return self.status in ACTIVE

    @property
    def is_current(self) -> bool:
        """Whether it has not ended: with a seat, or on the way to one."""
        return self.status in CURRENT

    def consents_to(self, kind: ConsentKind) -> bool:
        """Whether a consent is given and not withdrawn."""
        return any(c.kind == kind and c.withdrawn_at is None for c in self.consents)


class RegistrationDay(Model):
    """A day on which somebody takes part."""

    __tablename__ = "registration_days"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date] = mapped_column("day_on", primary_key=True)


class Consent(Model):
    """That somebody agreed to a wording at a time, and perhaps withdrew it."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.Index(
            "uq_consents_given",
            "registration_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE")
    )
    kind: Mapped[ConsentKind] = mapped_column(stored_enum(ConsentKind, "kind"))
    text_version: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    given_at: Mapped[datetime] = mapped_column(Instant, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Needs(Model):
    """Diet and accessibility: special categories (Art. 9 DSGVO), so stored apart.

    Exists only with the consent `ConsentKind.NEEDS`; withdrawing it deletes the row.
    """

    __tablename__ = "registration_needs"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    diet: Mapped[Diet] = mapped_column(stored_enum(Diet, "diet"), default=Diet.NONE)
    intolerances: Mapped[str] = mapped_column(sa.String(300), default="")
    accessibility: Mapped[str] = mapped_column(sa.String(500), default="")


class Draft(Model):
    """A form that somebody is filling in, step by step; deleted after a day.

    `data` holds what each finished step sent. Once the whole is sent, `outcome` takes its place,
    so that a second sending finds that there was a first.
    """

    __tablename__ = "registration_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(sa.ForeignKey("workshops.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    data: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(sa.JSON, default=dict)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now, index=True)
