"""From a form to a registration's details, and back."""

from dataclasses import fields
from datetime import date, timedelta
from enum import EnumType
from typing import Any

from app.registration.details import COLUMNS, NO_NEEDS, Details, needs_of
from app.registration.forms import CONSENT_FIELDS, DetailsForm
from app.registration.models import Registration
from app.workshops.models import Workshop


def details_from(form: DetailsForm) -> Details:
    """What a valid form says. Fields and details that have the same name are the same."""
    said = {field.name: form[field.name].data for field in fields(Details) if field.name in form}
    kinds = {field.name: field.type for field in fields(Details)}
    values = {name: _typed(kinds[name], value) for name, value in said.items() if value}
    nights = sorted(_dates(form, "nights"))
    if nights:
        values |= {"room_from": nights[0], "room_until": nights[-1] + timedelta(days=1)}
    values["days"] = tuple(sorted(set(_dates(form, "days"))))
    values["consents"] = frozenset(
        kind for name, kind in CONSENT_FIELDS.items() if name in form and form[name].data
    )
    return Details(**values)


def _typed(kind: Any, value: Any) -> Any:
    """A choice comes out of its field as text."""
    return kind(value) if isinstance(kind, EnumType) else value


def _dates(form: DetailsForm, name: str) -> list[date]:
    return [date.fromisoformat(value) for value in form[name].data or ()] if name in form else []


def data_for_new(workshop: Workshop) -> dict[str, Any]:
    """What a new form is filled with: most people come on all days."""
    return {"days": [day.isoformat() for day in workshop.days]}


def data_from(registration: Registration) -> dict[str, Any]:
    """What a form is filled with that changes a registration."""
    own = {name: getattr(registration, name) for name in (*COLUMNS, "email", "version")}
    needs = registration.needs
    return own | {
        "days": [day.on.isoformat() for day in registration.days],
        "nights": [night.isoformat() for night in _nights(registration)],
        **(needs_of(needs) if needs else NO_NEEDS),
        **{name: registration.consents_to(kind) for name, kind in CONSENT_FIELDS.items()},
    }


def _nights(registration: Registration) -> list[date]:
    if registration.room_from is None or registration.room_until is None:
        return []
    count = (registration.room_until - registration.room_from).days
    return [registration.room_from + timedelta(days=n) for n in range(count)]
