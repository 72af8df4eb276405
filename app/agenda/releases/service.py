"""Releases: numbered, frozen versions of the agenda, of which the latest is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from app.accounts.journal import record
from app.agenda.models import AgendaRelease
from app.agenda.releases.changes import Change, find_changes
from app.agenda.releases.content import Content, fingerprint, is_same, read_agenda
from app.agenda.releases.freeze import freeze
from app.agenda.timetable import Agenda
from app.extensions import db
from app.refusals import Refused
from app.web.paging import turn_to
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop

PAGE_SIZE = 10
"""Releases a page: each is read whole to say what it changed."""


_RELEASES = AgendaRelease.__table__.c  # without the mapping: this is asked for every visitor
_WRITTEN = (
    sa.select(
        *(_RELEASES.number, _RELEASES.released_at, _RELEASES.comment),
        sa.func.length(sa.cast(_RELEASES.content, sa.Text)),
    )
    .where(_RELEASES.workshop_id == sa.bindparam("workshop_id"))
    .order_by(_RELEASES.number.desc())
    .limit(1)
)


class NothingToRelease(Refused):
    """No session of the draft has a time."""


class NothingChanged(Refused):
    """The draft is what everybody sees already."""


class DraftChanged(Refused):
    """The draft is no longer the one that was looked at before releasing it."""


@dataclass(frozen=True)
class Prepared:
    """What a release would hold if it were made now, and the one before."""

    previous: AgendaRelease | None
    content: Content

    @property
    def number(self) -> int:
        """The number it would get."""
        return self.previous.number + 1 if self.previous else 1

    @property
    def seen(self) -> str:
        """Stands for this very preview: of this draft, after that release."""
        return f"{self.number}-{fingerprint(self.content)}"

    @property
    def changes_nothing(self) -> bool:
        """Whether it would be the release before once more."""
        return self.previous is not None and is_same(self.content, self.previous.content)

    def changes(self, zone: ZoneInfo) -> tuple[Change, ...]:
        """What it would change."""
        return find_changes(self.previous.content if self.previous else None, self.content, zone)


@dataclass(frozen=True)
class ReleasePair:
    """A release and the one before it."""

    release: AgendaRelease
    previous: AgendaRelease | None

    def changes(self, zone: ZoneInfo) -> tuple[Change, ...]:
        """What the release changed; of the first one everything is new."""
        before = self.previous.content if self.previous else None
        return find_changes(before, self.release.content, zone)


@dataclass(frozen=True)
class ReleasePage:
    """One page of the list of releases."""

    pairs: list[ReleasePair]
    page: int
    pages: int


def prepare(workshop: Workshop) -> Prepared:
    """Freeze the draft without releasing it."""
    previous = latest_release(workshop)
    return Prepared(previous, freeze(workshop, previous.content if previous else None))


def release(
    workshop: Workshop,
    comment: str = "",
    *,
    account_id: int | None = None,
    seen: str | None = None,
) -> AgendaRelease:
    """Freeze the draft as the next release and show it.

    `seen` is `Prepared.seen` of the preview that was decided upon. Raises `NothingToRelease`,
    `NothingChanged` and `DraftChanged`.
    """
    # Two at once would draw the same number; the workshop's row lets one after the other in.
    is_shown = lock_workshop(workshop.id).agenda_released_at
    prepared = prepare(workshop)
    if not prepared.content["sessions"]:
        raise NothingToRelease(_("Add the first session before you publish the agenda."))
    if seen is not None and seen != prepared.seen:
        raise DraftChanged(_("The draft has changed meanwhile. Please look at the changes again."))
    if prepared.changes_nothing and is_shown:
        raise NothingChanged(_("Nothing has changed since the last release."))
    made = AgendaRelease(
        workshop_id=workshop.id,
        number=prepared.number,
        comment=comment,
        account_id=account_id,
        content=prepared.content,
    )
    db.session.add(made)
    db.session.flush()
    _set_released(workshop, made.released_at, "agenda.released", {"release": made.number})
    return made


def withdraw(workshop: Workshop) -> None:
    """Show no agenda until the next release."""
    _set_released(workshop, None, "agenda.withdrawn")


def latest_release(workshop: Workshop) -> AgendaRelease | None:
    """The newest release with its content, whether or not it is shown."""
    return db.session.scalar(
        sa.select(AgendaRelease)
        .where(AgendaRelease.workshop_id == workshop.id)
        .order_by(AgendaRelease.number.desc())
        .limit(1)
        .options(undefer(AgendaRelease.content))
    )


def list_releases(workshop: Workshop, *, page: int = 1) -> ReleasePage:
    """The releases, newest first, `PAGE_SIZE` a page, each with the one before."""
    mine = sa.select(AgendaRelease).where(AgendaRelease.workshop_id == workshop.id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    at = turn_to(page, total=total, size=PAGE_SIZE)
    found = list(
        db.session.scalars(
            mine.order_by(AgendaRelease.number.desc())
            .options(undefer(AgendaRelease.content))
            .offset(at.offset)
            .limit(PAGE_SIZE + 1)
        )
    )
    previous = {release.number: release for release in found}
    pairs = [
        ReleasePair(release, previous.get(release.number - 1)) for release in found[:PAGE_SIZE]
    ]
    return ReleasePage(pairs, at.page, at.pages)


def find_release(workshop: Workshop, number: int) -> AgendaRelease | None:
    """The release of that number, with its content."""
    return db.session.scalar(
        sa.select(AgendaRelease)
        .filter_by(workshop_id=workshop.id, number=number)
        .options(undefer(AgendaRelease.content))
    )


def shown_release(workshop: Workshop) -> AgendaRelease | None:
    """The release that everybody sees, with its content; None while none is shown."""
    return latest_release(workshop) if workshop.agenda_released_at else None


def shown_content(workshop: Workshop) -> Content | None:
    """What the shown release holds; None while none is shown."""
    if workshop.agenda_released_at is None:
        return None
    content: Content | None = db.session.scalar(
        sa.select(AgendaRelease.content)
        .where(AgendaRelease.workshop_id == workshop.id)
        .order_by(AgendaRelease.number.desc())
        .limit(1)
    )
    return content


def written_release(workshop_id: int) -> tuple[Any, ...] | None:
    """The latest release as the database has it, to see cheaply whether it is still the same.

    A release is never changed but for people in it who are forgotten, which makes it shorter.
    """
    row = db.session.connection().execute(_WRITTEN, {"workshop_id": workshop_id}).first()
    return tuple(row) if row else None


def find_released_agenda(workshop: Workshop, at: datetime | None = None) -> Agenda | None:
    """The agenda that everybody sees; None while none is shown."""
    content = shown_content(workshop)
    return read_agenda(content, workshop.zone, at) if content else None


def _set_released(
    workshop: Workshop, at: datetime | None, action: str, told: dict[str, int] | None = None
) -> None:
    # Past the version column on purpose: a registration that takes a seat at the same moment
    # changes the workshop's row too, and neither concerns the other.
    db.session.execute(
        sa.update(Workshop).where(Workshop.id == workshop.id).values(agenda_released_at=at)
    )
    record(
        action,
        workshop_id=workshop.id,
        subject="workshop",
        subject_id=workshop.id,
        detail=told,
    )
