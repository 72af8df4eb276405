"""Which badge was printed when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Instant, Model, now


class BadgePrint(Model):
    """A badge that was put on paper. `fingerprint` tells whether it has changed since."""

    __tablename__ = "badge_prints"
    __table_args__ = (sa.Index("ix_badge_prints_registration", "registration_id", "printed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE")
    )
    # None: printed by command.
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="SET NULL")
    )
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    printed_at: Mapped[datetime] = mapped_column(Instant, default=now)
