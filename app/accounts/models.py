"""Accounts of the people who run a workshop, and the journal of what they did."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import rights
from app.accounts.rights import Right
from app.extensions import Instant, Model, now, stored_enum


class Role(enum.StrEnum):
    """What somebody works as; `RIGHTS` says what each may do."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    STAFF = "staff"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: rights.ADMINISTRATOR,
    Role.ORGANISER: rights.ORGANISER,
    Role.STAFF: rights.STAFF,
}


class Account(Model, UserMixin):
    """Somebody who signs in. Participants have no account."""

    __tablename__ = "accounts"
    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    # None until the invited person sets one.
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # What a session knows the account by; a new one ends all sessions.
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    # Counts what administrators change: name and roles. Signing in or a password is no such edit.
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin"
    )

    def may(self, right: Right, workshop_id: int | None) -> bool:
        """Whether a role of the account includes this right there (None: everywhere)."""
        return any(
            right in RIGHTS[m.role]
            for m in self.memberships
            if m.workshop_id is None or m.workshop_id == workshop_id
        )


class Membership(Model):
    """A role in one workshop, or in all of them (no workshop named)."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "workshop_id"),
        sa.Index(
            "uq_memberships_everywhere",
            "account_id",
            unique=True,
            sqlite_where=sa.text("workshop_id IS NULL"),
            postgresql_where=sa.text("workshop_id IS NULL"),
        ),
        sa.CheckConstraint(
            "role <> 'administrator' OR workshop_id IS NULL", name="administrator_everywhere"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    workshop_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(stored_enum(Role, "role"))

    account: Mapped[Account] = relationship(back_populates="memberships")


class SignIn(Model):
    """One sign-in on one device. A session counts only as long as its sign-in is kept here."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class JournalEntry(Model):
    """Who did what, when. `detail` holds names of changed fields, and values of things only."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("ix_journal_workshop", "workshop_id", "at"),
        sa.Index("ix_journal_subject", "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("workshops.id", ondelete="CASCADE")
    )
    # None: the person concerned (by the personal link) or the system.
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    # It was an account that has been deleted since.
    by_deleted_account: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None] = mapped_column()
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    account: Mapped[Account | None] = relationship()
