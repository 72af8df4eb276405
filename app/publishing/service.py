"""Commands on releases: publish with all that follows from it, withdraw, restore as draft."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.agenda.models import AgendaRelease, SessionPerson
from app.agenda.releases import service as releases
from app.agenda.releases.changes import Change
from app.agenda.releases.service import ReleasePair, find_release
from app.extensions import db
from app.publishing.mails import queue_digests
from app.publishing.queries import find_reach
from app.signup.service import settle
from app.workshops.models import Workshop


@dataclass(frozen=True)
class Published:
    """A new release, and how many people were written to."""

    release: AgendaRelease
    mails: int


def publish(
    workshop: Workshop,
    comment: str = "",
    *,
    seen: str | None = None,
    notify: bool = True,
    account_id: int | None = None,
) -> Published:
    """Release the draft, and queue a digest for each person whom the changes concern.

    Whoever speaks in a session that is elsewhere now has to confirm it again. Raises what
    `app.agenda.releases.service.release` raises.
    """
    release = releases.release(workshop, comment, account_id=account_id, seen=seen)
    changes = ReleasePair(release, find_release(workshop, release.number - 1)).changes(
        workshop.zone
    )
    _ask_anew(workshop, changes)
    told = 0
    if notify:
        told = queue_digests(workshop, release, changes, find_reach(workshop.id, changes))
    # Now that it is known whom it concerns: sign-ups of what is cancelled end, others move up.
    settle(workshop)
    return Published(release, told)


def _ask_anew(workshop: Workshop, changes: tuple[Change, ...]) -> None:
    moved = [change.session_id for change in changes if change.asks_anew]
    db.session.execute(
        sa.update(SessionPerson)
        .where(SessionPerson.workshop_id == workshop.id, SessionPerson.session_id.in_(moved))
        .values(confirmed_at=None)
    )
