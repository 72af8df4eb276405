"""What speakers say about their slots."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Instant, Model, now


class Concern(Model):
    """That a slot does not suit somebody, in their words, until the organisers settle it."""

    __tablename__ = "speaker_concerns"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_speaker_concerns_session",
            ondelete="CASCADE",
        ),
    )

    session_id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(
        sa.ForeignKey("speakers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workshop_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    told_at: Mapped[datetime] = mapped_column(Instant, default=now)
