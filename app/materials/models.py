"""Files of sessions, apart from what is in them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Instant, Model, now


class SessionFile(Model):
    """Slides or a handout of a session. What is in it lies apart, so that lists never load it."""

    __tablename__ = "session_files"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "workshop_id"],
            ["agenda_sessions.id", "agenda_sessions.workshop_id"],
            name="fk_session_files_session",
            ondelete="CASCADE",
        ),
        # A second sending of the same form finds the first.
        sa.UniqueConstraint("session_id", "filename"),
        sa.CheckConstraint("size > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(index=True)
    session_id: Mapped[int]
    # Whose file it is; None: the organisers'.
    speaker_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("speakers.id", ondelete="SET NULL"), index=True
    )
    filename: Mapped[str] = mapped_column(sa.String(120))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    # In bytes.
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime] = mapped_column(Instant, default=now)
    # When the organisers gave it to the participants before the session's end.
    shared_at: Mapped[datetime | None] = mapped_column(Instant)

    content: Mapped["FileContent"] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="raise_on_sql"
    )


class FileContent(Model):
    """The bytes of a file."""

    __tablename__ = "session_file_contents"

    file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("session_files.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
