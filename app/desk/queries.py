"""The list of participants: found, narrowed down, sorted and paged by the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from app.extensions import db
from app.outbox.models import Message
from app.registration.links import PURPOSES
from app.registration.models import (
    CURRENT,
    ParticipantRole,
    Registration,
    RegistrationDay,
    Status,
)
from app.registration.queries import OrganisationChoice
from app.sorting import search_words, sort_key
from app.web.paging import turn_to
from app.workshops.models import Organisation, OrganisationKind

PAGE_SIZES = (50, 100)
AnySelect = sa.Select[*tuple[Any, ...]]
# What the sort words of the address mean; a '-' in front turns the order around.
_SORTS = {
    "name": (Registration.sort_key,),
    "organisation": (
        sa.func.coalesce(Organisation.position, 1_000_000),
        Registration.other_organisation,
        Registration.sort_key,
    ),
    "status": (
        sa.case({status: n for n, status in enumerate(Status)}, value=Registration.status),
        Registration.sort_key,
    ),
    "created": (Registration.created_at,),
    "queue": (Registration.queue_number, Registration.sort_key),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What narrows the list down. No status means: everybody whose registration has not ended."""

    words: str = ""
    status: Status | None = None
    organisation_id: int | None = None
    kind: OrganisationKind | None = None
    state: str | None = None
    role: ParticipantRole | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A line of the list."""

    id: int
    last_name: str
    first_name: str
    title: str
    rank: str
    organisation: str
    department: str
    role: ParticipantRole
    status: Status
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of the list, and how many there are in each status."""

    rows: list[ParticipantRow]
    total: int
    page: int
    pages: int
    counts: dict[Status, int] = field(default_factory=dict)

    @property
    def active(self) -> int:
        """How many have not ended."""
        return sum(self.counts[status] for status in CURRENT)


def find_participants(
    workshop_id: int, filters: Filters, *, sort: str = "", page: int = 1, size: int = PAGE_SIZES[0]
) -> Found:
    """A page of the list, in two queries whatever its length."""
    chosen = _conditions(workshop_id, filters)
    counted = db.session.execute(
        _joined(sa.select(Registration.status, sa.func.count()))
        .where(*chosen)
        .group_by(Registration.status)
    )
    counts = dict.fromkeys(Status, 0)
    for status, count in counted:
        counts[status] = count
    statuses = CURRENT if filters.status is None else (filters.status,)
    total = sum(counts[status] for status in statuses)
    at = turn_to(page, total=total, size=size)
    rows = db.session.execute(
        _joined(sa.select(*_columns()))
        .where(*chosen, Registration.status.in_(statuses))
        .order_by(*_order(sort, filters.status))
        .limit(size)
        .offset(at.offset)
    )
    return Found(
        rows=[ParticipantRow(*row) for row in rows],
        total=total,
        page=at.page,
        pages=at.pages,
        counts=counts,
    )


def _columns() -> tuple[Any, ...]:
    organisation = sa.func.coalesce(Organisation.name, Registration.other_organisation)
    return (
        *(Registration.id, Registration.last_name, Registration.first_name, Registration.title),
        *(Registration.rank, organisation, Registration.department, Registration.role),
        *(Registration.status, Registration.created_at),
    )


def _joined(query: AnySelect) -> AnySelect:
    return query.select_from(Registration).outerjoin(Registration.organisation)


def _conditions(workshop_id: int, filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions = [Registration.workshop_id == workshop_id]
    # Each word must occur; names are stored in all forms that people type.
    words = search_words(filters.words)
    for word in words:
        conditions.append(Registration.search_text.contains(word, autoescape=True))
    if filters.words.strip() and not words:  # signs alone are in nobody's name
        conditions.append(sa.false())
    if filters.organisation_id is not None:
        conditions.append(Registration.organisation_id == filters.organisation_id)
    if filters.kind is OrganisationKind.OTHER:
        conditions.append(
            sa.or_(Organisation.kind == filters.kind, Registration.organisation_id.is_(None))
        )
    elif filters.kind is not None:
        conditions.append(Organisation.kind == filters.kind)
    if filters.state is not None:
        conditions.append(Organisation.state == filters.state)
    if filters.role is not None:
        conditions.append(Registration.role == filters.role)
    if filters.day is not None:
        conditions.append(
            sa.exists().where(
                RegistrationDay.registration_id == Registration.id,
                RegistrationDay.on == filters.day,
            )
        )
    return conditions


def _order(sort: str, status: Status | None) -> list[Any]:
    default = "queue" if status is Status.WAITING else "name"
    columns = _SORTS.get(sort.removeprefix("-"), _SORTS[default])
    if sort.startswith("-"):
        return [*(sa.desc(column) for column in columns), Registration.id.desc()]
    return [*(sa.asc(column) for column in columns), Registration.id.asc()]


def list_pending(workshop_id: int) -> list[Registration]:
    """Those who wait for an approval, the longest first."""
    query = (
        sa.select(Registration)
        .where(Registration.workshop_id == workshop_id, Registration.status == Status.PENDING)
        .options(joinedload(Registration.organisation))
        .order_by(Registration.address_proved_at, Registration.id)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class TypedOrganisation:
    """What people typed instead of choosing from the list."""

    registration_id: int
    """One of theirs: it names the group."""
    typed: str
    people: int
    suggested: int | None
    """The one organisation of the list that is called so, apart from spelling."""


def typed_organisations(workshop_id: int) -> sa.Select[int, str]:
    """Who typed what; ended registrations need nobody's care."""
    return sa.select(Registration.id, Registration.other_organisation).where(
        Registration.workshop_id == workshop_id,
        Registration.other_organisation != "",
        Registration.status.in_(CURRENT),
    )


def list_typed_organisations(
    workshop_id: int, organisations: Sequence[OrganisationChoice]
) -> list[TypedOrganisation]:
    """What was typed, in the order of the alphabet (one query)."""
    rows = db.session.execute(typed_organisations(workshop_id).order_by(Registration.id)).all()
    counts = Counter(row.other_organisation for row in rows)
    first = {row.other_organisation: row.id for row in reversed(rows)}
    names: dict[str, set[int]] = {}
    for organisation in organisations:
        for name in (organisation.name, organisation.short_name):
            names.setdefault(sort_key(name), set()).add(organisation.id)
    return [
        TypedOrganisation(first[typed], typed, counts[typed], _only(names.get(sort_key(typed))))
        for typed in sorted(counts, key=sort_key)
    ]


def _only(found: set[int] | None) -> int | None:
    return next(iter(found)) if found is not None and len(found) == 1 else None


def list_mails_to(registration: Registration, limit: int = 20) -> list[Message]:
    """The mails about a registration or to its address, newest first; their texts stay unread."""
    about = sa.and_(
        Message.link_purpose.in_(PURPOSES),
        Message.link_subject_id == registration.id,
    )
    return list(
        db.session.scalars(
            sa.select(Message)
            .where(
                Message.workshop_id == registration.workshop_id,
                sa.or_(about, Message.recipient == registration.email),
            )
            .options(
                load_only(Message.subject, Message.created_at, Message.state, Message.kept_as_file)
            )
            .order_by(Message.created_at.desc(), Message.id.desc())
            .limit(limit)
        )
    )
