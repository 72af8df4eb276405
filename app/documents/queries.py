"""What stands in the lists of a workshop. However many people there are, as many queries."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import contains_eager, selectinload

from app.documents.catering import Eater, catering_tables
from app.documents.lists import ListKind, ListTable, PrintedList, people_in_words
from app.documents.participant_list import (
    ListedOrganisation,
    ListedPerson,
    ParticipantList,
    lay_out,
)
from app.documents.people_lists import (
    GateGuest,
    HotelGuest,
    Signer,
    gate_table,
    has_plate,
    hotel_tables,
    signature_table,
)
from app.extensions import db, now
from app.registration.labels import ROLES, STATUSES
from app.registration.models import (
    ACTIVE,
    Diet,
    Needs,
    ParticipantRole,
    Registration,
    RegistrationDay,
    Status,
)
from app.web.language import day_range
from app.workshops.models import ConsentKind, Organisation, Workshop


def is_offered(workshop: Workshop, kind: ListKind) -> bool:
    """Whether the workshop asks for what stands in this list."""
    asked = {
        ListKind.HOTEL: workshop.asks_accommodation,
        ListKind.CATERING: workshop.asks_catering,
    }
    return asked.get(kind, True)


def read_list(workshop: Workshop, kind: ListKind, on: date | None = None) -> PrintedList:
    """The list as it is now; at most four queries.

    `on` chooses one day of the signature list, which has all of them else.
    """
    if kind is ListKind.SIGNATURE:
        return _signature_list(workshop, workshop.days if on is None else [on])
    if kind is ListKind.GATE:
        return _gate_list(workshop)
    if kind is ListKind.HOTEL:
        return _hotel_list(workshop)
    if kind is ListKind.CATERING:
        return _catering_list(workshop)
    return lay_out(_participant_list(workshop, kind))


def _participant_list(workshop: Workshop, kind: ListKind) -> ParticipantList:
    """Internal: everybody who has a seat or waits for one. Handout: those whose seat is confirmed
    and who agreed to be listed, with no more than the consent names.
    """
    people = [r for r in _registrations(workshop.id, kind) if _is_listed(r, kind)]
    groups = itertools.groupby(people, key=lambda r: r.organisation_name)
    make = _internal if kind is ListKind.INTERNAL else _handout
    called = _("Participant list (internal)") if kind is ListKind.INTERNAL else _("Participants")
    return ParticipantList(
        kind=kind,
        title=workshop.title,
        subtitle=_subtitle(workshop, called),
        organisations=tuple(
            ListedOrganisation(name, tuple(make(r) for r in group)) for name, group in groups
        ),
        days=tuple(workshop.days),
        printed_at=now().astimezone(workshop.zone),
    )


def _subtitle(workshop: Workshop, called: str) -> str:
    when = day_range(workshop.starts_on, workshop.ends_on)
    return " · ".join(filter(None, (str(called), when, workshop.place)))


def _registrations(workshop_id: int, kind: ListKind) -> list[Registration]:
    """In the order of the list of organisations; those that were typed in come last."""
    statuses = ACTIVE if kind is ListKind.INTERNAL else (Status.CONFIRMED,)
    query = (
        sa.select(Registration)
        .outerjoin(Registration.organisation)
        .where(Registration.workshop_id == workshop_id, Registration.status.in_(statuses))
        .options(
            contains_eager(Registration.organisation),
            selectinload(Registration.consents),
            selectinload(Registration.days),
        )
        .order_by(
            Organisation.position.is_(None),
            Organisation.position,
            Registration.other_organisation,
            Registration.sort_key,
        )
    )
    return list(db.session.scalars(query))


def _is_listed(registration: Registration, kind: ListKind) -> bool:
    return kind is ListKind.INTERNAL or registration.consents_to(ConsentKind.LISTING)


def _internal(registration: Registration) -> ListedPerson:
    r = registration
    marks = [] if r.consents_to(ConsentKind.PHOTOS) else [str(_("No photos"))]
    return ListedPerson(
        first_name=r.first_name,
        last_name=r.last_name,
        title=r.title,
        rank=r.rank,
        department=r.department,
        function=r.function,
        email=r.email,
        phone=r.phone,
        days=tuple(day.on for day in r.days),
        status="" if r.status is Status.CONFIRMED else str(STATUSES[r.status]),
        role="" if r.role is ParticipantRole.PARTICIPANT else str(ROLES[r.role]),
        marks=tuple(marks),
    )


def _handout(registration: Registration) -> ListedPerson:
    r = registration
    return ListedPerson(
        first_name=r.first_name,
        last_name=r.last_name,
        title=r.title,
        department=r.department,
        function=r.function,
    )


def _signature_list(workshop: Workshop, days: Iterable[date]) -> PrintedList:
    """Those whose seat is confirmed, on each day on which they take part."""
    signers: dict[date, list[Signer]] = {day: [] for day in days}
    people = set()
    columns = (RegistrationDay.on, Registration.id, *_NAME, _ORGANISATION)
    rows = _confirmed(workshop, *columns).outerjoin(Registration.organisation)
    for on, number, *who in db.session.execute(rows.join(RegistrationDay)):
        if on in signers:
            signers[on].append(Signer(*who))
            people.add(number)
    return _list(
        workshop,
        ListKind.SIGNATURE,
        called=_("Signature list"),
        summary=[people_in_words(len(people))],
        tables=[signature_table(on, of_day) for on, of_day in signers.items()],
        note=_("Contains personal data: only to prove who was there."),
        people_count=len(people),
    )


def _gate_list(workshop: Workshop) -> PrintedList:
    """Those whose seat is confirmed."""
    rows = _confirmed(workshop, *_NAME, _ORGANISATION, Registration.vehicle_plate)
    guests = [GateGuest(*r) for r in db.session.execute(rows.outerjoin(Registration.organisation))]
    cars = sum(map(has_plate, guests))
    return _list(
        workshop,
        ListKind.GATE,
        called=_("Gate list"),
        summary=[
            people_in_words(len(guests)),
            ngettext("%(num)d licence plate", "%(num)d licence plates", cars),
        ],
        tables=[gate_table(guests)],
        note=_("Contains personal data: only for the gate. Destroy after the event."),
        people_count=len(guests),
    )


def _hotel_list(workshop: Workshop) -> PrintedList:
    """Those whose seat is confirmed and who asked for a room."""
    rows = _confirmed(workshop, *_NAME, Registration.room_from, Registration.room_until)
    asked = Registration.room_from.is_not(None)
    guests = [HotelGuest(*row) for row in db.session.execute(rows.where(asked))]
    nights = sum(len(guest.nights) for guest in guests)
    return _list(
        workshop,
        ListKind.HOTEL,
        called=_("Hotel list"),
        summary=[
            people_in_words(len(guests)),
            ngettext("%(num)d night", "%(num)d nights", nights),
        ],
        tables=hotel_tables(guests),
        note=_("Contains personal data: only to book the rooms. Destroy after the event."),
        people_count=len(guests),
        empty=_("Nobody has asked for a room."),
    )


def _catering_list(workshop: Workshop) -> PrintedList:
    """Those whose seat is confirmed, counted. Needs are there only with the consent to them."""
    r = Registration
    days: defaultdict[int, list[date]] = defaultdict(list)
    for number, on in db.session.execute(
        _confirmed(workshop, r.id, RegistrationDay.on).join(RegistrationDay)
    ):
        days[number].append(on)
    rows = _confirmed(
        workshop, r.id, *_NAME, r.evening_event, Needs.diet, Needs.intolerances
    ).outerjoin(Needs)
    eaters = [
        Eater(f"{last} {first}", tuple(days[number]), evening, diet or Diet.NONE, told or "")
        for number, last, first, evening, diet, told in db.session.execute(rows)
    ]
    return _list(
        workshop,
        ListKind.CATERING,
        called=_("Catering"),
        summary=[people_in_words(len(eaters))],
        tables=catering_tables(eaters, workshop.days, workshop.evening_event),
        note=_("Numbers without names. Counted are those whose seat is confirmed."),
        people_count=len(eaters),
        is_landscape=True,
    )


_NAME = (Registration.last_name, Registration.first_name)
_ORGANISATION = sa.func.coalesce(Organisation.name, Registration.other_organisation)


def _confirmed(workshop: Workshop, *columns: Any) -> sa.Select[Any]:
    """Of those whose seat is confirmed, as people queue: by last name."""
    return (
        sa.select(*columns)
        .select_from(Registration)
        .where(Registration.workshop_id == workshop.id, Registration.status == Status.CONFIRMED)
        .order_by(Registration.sort_key, Registration.id)
    )


def _list(
    workshop: Workshop,
    kind: ListKind,
    *,
    called: str,
    summary: Iterable[str],
    tables: Iterable[ListTable],
    note: str,
    people_count: int,
    empty: str = "",
    is_landscape: bool = False,
) -> PrintedList:
    return PrintedList(
        kind=kind,
        title=workshop.title,
        subtitle=_subtitle(workshop, called),
        summary=tuple(summary),
        tables=tuple(tables),
        note=note,
        printed_at=now().astimezone(workshop.zone),
        people_count=people_count,
        empty=empty or _("Nobody is listed yet."),
        is_landscape=is_landscape,
    )
