"""What a person tells about themselves, and how it is written into a registration."""

from dataclasses import dataclass, fields
from datetime import date, time

from flask_babel import gettext as _

from app.extensions import db, now
from app.refusals import Refused
from app.registration.models import (
    Arrival,
    Consent,
    Diet,
    Needs,
    ParticipantRole,
    Registration,
    RegistrationDay,
    Salutation,
)
from app.sorting import name_sort_key, search_text
from app.workshops.models import ConsentKind, Organisation, Workshop
from app.workshops.queries import latest_consent_texts


class UnknownOrganisation(Refused):
    """The organisation is not one of this workshop's."""


class NoOrganisation(Refused):
    """Neither chosen from the list nor typed, or both."""


class NotADay(Refused):
    """A day outside the workshop, or none at all."""


class NeedsWithoutConsent(Refused):
    """Diet or accessibility was filled in, but may not be stored."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """A registration's content, cleaned by the form."""

    first_name: str
    last_name: str
    email: str
    salutation: Salutation = Salutation.NONE
    title: str = ""
    rank: str = ""
    badge_name: str = ""
    phone: str = ""
    organisation_id: int | None = None
    other_organisation: str = ""
    department: str = ""
    function: str = ""
    role: ParticipantRole = ParticipantRole.PARTICIPANT
    days: tuple[date, ...] = ()
    evening_event: bool = False
    room_from: date | None = None
    room_until: date | None = None
    arrival: Arrival = Arrival.UNKNOWN
    arrival_time: time | None = None
    vehicle_plate: str = ""
    diet: Diet = Diet.NONE
    intolerances: str = ""
    accessibility: str = ""
    consents: frozenset[ConsentKind] = frozenset()

    def __post_init__(self) -> None:
        """Forget the plate of whoever comes without a car: the gate need not know it."""
        if self.arrival is not Arrival.CAR:
            object.__setattr__(self, "vehicle_plate", "")


# Details that are columns of the registration under the same name.
COLUMNS = tuple(
    f.name
    for f in fields(Details)
    if f.name not in {"email", "days", "diet", "intolerances", "accessibility", "consents"}
)
_PRINTED = (
    *("title", "rank", "first_name", "last_name", "badge_name"),
    *("other_organisation", "department", "function"),
)
NO_NEEDS = {"diet": Diet.NONE, "intolerances": "", "accessibility": ""}


def check_details(workshop: Workshop, details: Details) -> Organisation | None:
    """The organisation of the list that was chosen, if all may be written.

    Raises `UnknownOrganisation`, `NoOrganisation`, `NotADay` or `NeedsWithoutConsent`.
    """
    if bool(details.organisation_id) == bool(details.other_organisation):
        raise NoOrganisation(
            _("Choose the organisation from the list or enter its name."),
            field="organisation_id",
        )
    organisation = None
    if details.organisation_id is not None:
        organisation = db.session.get(Organisation, details.organisation_id)
        if organisation is None or organisation.workshop_id != workshop.id:
            raise UnknownOrganisation(
                _("Choose an organisation from the list."), field="organisation_id"
            )
    if not details.days or not set(details.days) <= set(workshop.days):
        raise NotADay(_("Choose the days on which you take part."), field="days")
    if needs_of(details) != NO_NEEDS and ConsentKind.NEEDS not in details.consents:
        raise NeedsWithoutConsent(
            _("Agree to the storage of these details, or leave them empty."), field="consent_needs"
        )
    return organisation


def write_details(
    registration: Registration, details: Details, organisation: Organisation | None
) -> list[str]:
    """Write all but the address into the registration; returns the names of what changed.

    `organisation` is what `check_details` has returned for them.
    """
    changed = [n for n in COLUMNS if getattr(registration, n) != getattr(details, n)]
    for name in changed:
        setattr(registration, name, getattr(details, name))
    if "organisation_id" in changed and registration.id is not None:
        db.session.expire(registration, ["organisation"])
    if {day.on for day in registration.days} != set(details.days):
        kept = {day.on: day for day in registration.days}
        registration.days = [kept.get(on) or RegistrationDay(on=on) for on in sorted(details.days)]
        changed.append("days")
    changed += _write_consents(registration, details.consents)
    changed += _write_needs(registration, details)
    _index(registration, organisation)
    return changed


def index_name(registration: Registration) -> None:
    """Keep what lists sort and search by in step with the registration."""
    chosen = registration.organisation_id
    _index(registration, db.session.get(Organisation, chosen) if chosen else None)


def _index(registration: Registration, organisation: Organisation | None) -> None:
    registration.sort_key = name_sort_key(registration.last_name, registration.first_name)[:200]
    parts = (
        registration.first_name,
        registration.last_name,
        registration.badge_name,
        registration.email,
        organisation.name if organisation else registration.other_organisation,
        organisation.short_name if organisation else "",
        registration.department,
    )
    registration.search_text = search_text(*parts)


def printed_texts(source: Details | Registration) -> tuple[str, ...]:
    """What badges and lists show of what a person typed."""
    return tuple(getattr(source, name) for name in _PRINTED)


def withdraw_consent(registration: Registration, kind: ConsentKind) -> bool:
    """Withdraw a consent, with what may only be kept because of it."""
    withdrawn = False
    for consent in registration.consents:
        if consent.kind == kind and consent.withdrawn_at is None:
            consent.withdrawn_at = now()
            withdrawn = True
    if kind is ConsentKind.NEEDS:
        registration.needs = None
    return withdrawn


def _write_consents(registration: Registration, wanted: frozenset[ConsentKind]) -> list[str]:
    given = {c.kind for c in registration.consents if c.withdrawn_at is None}
    for kind in given - wanted:
        withdraw_consent(registration, kind)
    if wanted - given:
        texts = latest_consent_texts(registration.workshop_id)
        for kind in sorted(wanted - given):
            registration.consents.append(
                Consent(kind=kind, text=texts[kind].text, text_version=texts[kind].version)
            )
    return [f"consent_{kind.value}" for kind in sorted(given ^ wanted)]


def needs_of(source: Details | Needs) -> dict[str, str]:
    """What somebody needs, by the names of `NO_NEEDS`."""
    return {name: getattr(source, name) for name in NO_NEEDS}


def _write_needs(registration: Registration, details: Details) -> list[str]:
    before = needs_of(registration.needs) if registration.needs else NO_NEEDS
    after = needs_of(details)
    if before == after:
        return []
    if after == NO_NEEDS:
        registration.needs = None
    elif registration.needs is None:
        registration.needs = Needs(**after)
    else:
        for name, value in after.items():
            setattr(registration.needs, name, value)
    return ["needs"]
