"""Which badges there are, and which of them still have to be printed."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import joinedload, selectinload

from app.badges.bands import BAND_LABELS
from app.badges.design import READABLE, Badge, name_size
from app.badges.models import BadgePrint
from app.documents.stock import Stock
from app.extensions import db
from app.press.fonts import missing_letters
from app.registration.labels import ROLES
from app.registration.links import badge_address
from app.registration.models import ParticipantRole, Registration, Status
from app.sorting import search_words
from app.web.language import day_range
from app.workshops.models import ConsentKind, OrganisationKind, Workshop

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PrintState(enum.StrEnum):
    """Whether a badge is on paper as it should be."""

    NEW = "new"
    CHANGED = "changed"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class ReadyBadge:
    """A badge with the registration it belongs to."""

    registration_id: int
    badge: Badge
    state: PrintState

    @property
    def text(self) -> str:
        """All on it that people have typed."""
        badge = self.badge
        texts = (*badge.name, badge.title, badge.organisation, badge.department, badge.function)
        return " ".join(texts)

    @property
    def missing_letters(self) -> str:
        """Characters that will be missing on it."""
        return missing_letters(self.text)


def list_badges(
    workshop: Workshop,
    *,
    ids: Collection[int] | None = None,
    states: Collection[PrintState] = tuple(PrintState),
) -> list[ReadyBadge]:
    """Badges of everybody whose seat is confirmed, in the order of names; always four queries.

    Badges are German whatever language the page has, so that the same person always gets the
    same badge.
    """
    chosen = sa.select(Registration).where(
        Registration.workshop_id == workshop.id,
        Registration.status == Status.CONFIRMED,
        Registration.badge_code.is_not(None),  # deleted some days after the workshop
    )
    if ids is not None:
        chosen = chosen.where(Registration.id.in_(ids))
    registrations = db.session.scalars(
        chosen.options(
            joinedload(Registration.organisation), selectinload(Registration.consents)
        ).order_by(Registration.sort_key, Registration.id)
    ).all()
    printed = _printed(workshop.id)
    with force_locale("de"):
        made = [(r.id, _badge(r, workshop)) for r in registrations]
    ready = [ReadyBadge(i, badge, _state(badge, printed.get(i))) for i, badge in made]
    return [badge for badge in ready if badge.state in states]


def count_states(badges: Sequence[ReadyBadge]) -> dict[PrintState, int]:
    """How many badges are in each state."""
    return {state: sum(b.state is state for b in badges) for state in PrintState}


@dataclass(frozen=True, slots=True)
class SmallName:
    """A badge on which the name cannot be read at two metres; `size` in points."""

    ready: ReadyBadge
    size: float


def list_small_names(badges: Sequence[ReadyBadge], stock: Stock) -> list[SmallName]:
    """Those of the badges whose name would be too small on these labels, the smallest first."""
    sized = [SmallName(ready, name_size(ready.badge, stock)) for ready in badges]
    return sorted((s for s in sized if s.size < READABLE), key=lambda small: small.size)


def print_states(workshop: Workshop, ids: Collection[int]) -> dict[int, PrintState]:
    """Registration → state of its badge, as every page tells it; without those who have none."""
    return {b.registration_id: b.state for b in list_badges(workshop, ids=ids)}


def find_badges(workshop: Workshop, words: str, *, most: int = 20) -> list[ReadyBadge]:
    """The badges of those whose registration holds all these words; none for no words."""
    wanted = search_words(words)
    if not wanted:
        return []
    found = db.session.scalars(
        sa.select(Registration.id)
        .where(
            Registration.workshop_id == workshop.id,
            Registration.status == Status.CONFIRMED,
            *(Registration.search_text.contains(word, autoescape=True) for word in wanted),
        )
        .order_by(Registration.sort_key, Registration.id)
        .limit(most)
    )
    return list_badges(workshop, ids=found.all())


def batch_number(printed_at: datetime) -> int:
    """What names the badges that were printed at once: the instant, in microseconds since 1970.

    The number of a row would not do: SQLite gives those of deleted rows away again, and a page
    that is still open would then undo somebody else's print.
    """
    return (printed_at - _EPOCH) // timedelta(microseconds=1)


def list_batch(workshop: Workshop, batch: int) -> list[BadgePrint]:
    """What was printed at once, in the order of the sheets; nothing for no batch's number."""
    printed_at = _EPOCH + timedelta(microseconds=batch)
    return list(
        db.session.scalars(
            sa.select(BadgePrint)
            .join(Registration, Registration.id == BadgePrint.registration_id)
            .where(Registration.workshop_id == workshop.id, BadgePrint.printed_at == printed_at)
            .order_by(BadgePrint.id)
        )
    )


def find_by_code(code: str) -> Registration | None:
    """The registration whose badge holds this code; typed codes may be in small letters."""
    if not code.isalnum():
        return None
    return db.session.scalar(
        sa.select(Registration)
        .where(Registration.badge_code == code.upper())
        .options(joinedload(Registration.workshop), joinedload(Registration.organisation))
    )


def _badge(registration: Registration, workshop: Workshop) -> Badge:
    organisation = registration.organisation
    kind = organisation.kind if organisation else OrganisationKind.OTHER
    own_name = registration.badge_name
    role = registration.role
    return Badge(
        name=(own_name,) if own_name else (registration.first_name, registration.last_name),
        title="" if own_name else registration.title,
        kind=kind,
        kind_label=str(BAND_LABELS[kind]),
        organisation=registration.organisation_name,
        department=registration.department,
        function=registration.function,
        role="" if role is ParticipantRole.PARTICIPANT else str(ROLES[role]),
        no_photos=not registration.consents_to(ConsentKind.PHOTOS),
        code_url=badge_address(registration),
        workshop=workshop.title,
        dates=day_range(workshop.starts_on, workshop.ends_on)
        + (f" · {workshop.place}" if workshop.place else ""),
    )


def _printed(workshop_id: int) -> dict[int, str]:
    """Registration → fingerprint of the badge that was printed last."""
    last = (
        sa.select(sa.func.max(BadgePrint.id))
        .join(Registration, Registration.id == BadgePrint.registration_id)
        .where(Registration.workshop_id == workshop_id)
        .group_by(BadgePrint.registration_id)
    )
    rows = db.session.execute(
        sa.select(BadgePrint.registration_id, BadgePrint.fingerprint).where(BadgePrint.id.in_(last))
    )
    return {row.registration_id: row.fingerprint for row in rows}


def _state(badge: Badge, printed: str | None) -> PrintState:
    if printed is None:
        return PrintState.NEW
    return PrintState.PRINTED if badge.is_as_printed(printed) else PrintState.CHANGED
