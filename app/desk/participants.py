"""The list of participants, with its search and its filters."""

import enum
from collections.abc import Mapping
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.rights import Right
from app.badges.labels import PRINT_STATES
from app.badges.queries import print_states
from app.desk.blueprint import bp
from app.desk.forms import FilterForm
from app.desk.queries import PAGE_SIZES, Filters, Found, find_participants
from app.registration.labels import ORGANISATION_KINDS, ROLES
from app.registration.models import ParticipantRole, Status
from app.registration.queries import OrganisationChoice, list_organisations
from app.web.access import needs
from app.web.language import weekday
from app.workshops.current import current_workshop
from app.workshops.models import OrganisationKind, Workshop
from app.workshops.states import STATES

Word = TypeVar("Word", bound=enum.StrEnum)


@bp.get("/<slug>/desk/participants")
@needs(Right.SEE_PARTICIPANTS)
def participants() -> str:
    """Find people; what the address says and nobody offers is left aside."""
    organisations = {str(o.id): o for o in list_organisations(current_workshop.id)}
    filters = _read_filters(current_workshop, organisations)
    size = request.args.get("size", type=int)
    found = find_participants(
        current_workshop.id,
        filters,
        sort=request.args.get("sort", ""),
        page=request.args.get("page", 1, type=int),
        size=size if size in PAGE_SIZES else PAGE_SIZES[0],
    )
    return render_template(
        "desk/participants.html",
        found=found,
        form=FilterForm(current_workshop, organisations.values(), formdata=request.args),
        tabs=_tabs(found, filters),
        marks=_marks(filters, organisations),
        sizes=[(size, _address(size=str(size))) for size in PAGE_SIZES],
        roles=ROLES,
        badge_states=print_states(current_workshop, [row.id for row in found.rows]),
        badge_words=PRINT_STATES,
        is_narrowed=filters != Filters(status=filters.status),
    )


def _read_filters(workshop: Workshop, organisations: Mapping[str, OrganisationChoice]) -> Filters:
    args = request.args
    organisation = organisations.get(args.get("organisation", ""))
    days = {day.isoformat(): day for day in workshop.days}
    state = args.get("state", "")
    return Filters(
        words=args.get("q", "")[:200],
        status=_word(Status, "status"),
        organisation_id=organisation.id if organisation else None,
        kind=_word(OrganisationKind, "kind"),
        state=state if state in STATES else None,
        role=_word(ParticipantRole, "role"),
        day=days.get(args.get("day", "")),
    )


def _word(kind: type[Word], name: str) -> Word | None:
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def _tabs(found: Found, filters: Filters) -> list[tuple[str, str, bool]]:
    """The statuses with their counts under the present filters."""
    labels = {
        None: _("All active"),
        Status.CONFIRMED: _("Confirmed"),
        Status.PENDING: _("To approve"),
        Status.HELD: _("Not confirmed"),
        Status.UNPROVED: _("Not confirmed, no seat"),
        Status.WAITING: _("Waiting list"),
        Status.DECLINED: _("Declined"),
        Status.CANCELLED: _("Cancelled"),
        Status.EXPIRED: _("Expired"),
    }
    tabs = []
    for status, label in labels.items():
        count = found.active if status is None else found.counts[status]
        if count or status in {None, filters.status, Status.CONFIRMED}:
            text = f"{label} ({count})"
            tabs.append((text, _address(status=status), status is filters.status))
    return tabs


def _marks(
    filters: Filters, organisations: Mapping[str, OrganisationChoice]
) -> list[tuple[str, str]]:
    """The filters at work, each with the address without it."""
    day: date | None = filters.day
    texts = {
        "q": f"„{filters.words.strip()}“" if filters.words.strip() else "",
        "organisation": organisations[str(filters.organisation_id)].name
        if filters.organisation_id
        else "",
        "kind": str(ORGANISATION_KINDS[filters.kind]) if filters.kind else "",
        "state": STATES[filters.state] if filters.state else "",
        "role": str(ROLES[filters.role]) if filters.role else "",
        "day": weekday(day) if day else "",
    }
    return [(text, _address(**{name: None})) for name, text in texts.items() if text]


def _address(**changes: str | None) -> str:
    """This list with other words in its address; the first page of it."""
    words = {**request.args.to_dict(), **changes, "page": None}
    kept = {name: word for name, word in words.items() if word}
    return url_for("desk.participants") + (f"?{urlencode(kept)}" if kept else "")
