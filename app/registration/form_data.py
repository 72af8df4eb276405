"""From a form to a registration's details, and back."""

from datetime import date, timedelta
from typing import Any

from app.registration.details import Details
from app.registration.forms import CONSENT_FIELDS, DetailsForm
from app.registration.models import Arrival, Diet, ParticipantRole, Registration, Salutation
from app.workshops.models import Workshop


def details_from(form: DetailsForm) -> Details:
    """What a valid form says."""

    def value(name: str, default: Any = "") -> Any:
        return (form[name].data if name in form else None) or default

    arrival = Arrival(value("arrival", Arrival.UNKNOWN))
    nights = sorted(date.fromisoformat(night) for night in value("nights", []))
    texts = (
        *("first_name", "last_name", "email", "title", "rank", "badge_name", "phone"),
        *("other_organisation", "department", "function", "intolerances", "accessibility"),
    )
    return Details(
        **{name: value(name) for name in texts},
        salutation=Salutation(value("salutation", Salutation.NONE)),
        organisation_id=value("organisation_id", None),
        role=ParticipantRole(value("role", ParticipantRole.PARTICIPANT)),
        days=tuple(sorted(date.fromisoformat(day) for day in set(value("days", [])))),
        evening_event=bool(value("evening_event", False)),
        room_from=nights[0] if nights else None,
        room_until=nights[-1] + timedelta(days=1) if nights else None,
        arrival=arrival,
        arrival_time=value("arrival_time", None),
        vehicle_plate=value("vehicle_plate") if arrival is Arrival.CAR else "",
        diet=Diet(value("diet", Diet.NONE)),
        consents=frozenset(kind for name, kind in CONSENT_FIELDS.items() if value(name, False)),
    )


def data_for_new(workshop: Workshop) -> dict[str, Any]:
    """What a new form is filled with: most people come on all days."""
    return {"days": [day.isoformat() for day in workshop.days]}


def data_from(registration: Registration) -> dict[str, Any]:
    """What a form is filled with that changes a registration."""
    own = {
        name: getattr(registration, name)
        for name in (
            *("salutation", "title", "first_name", "last_name", "email", "phone", "badge_name"),
            *("organisation_id", "other_organisation", "department", "rank", "function"),
            *("role", "evening_event", "arrival", "arrival_time", "vehicle_plate", "version"),
        )
    }
    needs = registration.needs
    return own | {
        "days": [day.on.isoformat() for day in registration.days],
        "nights": [night.isoformat() for night in _nights(registration)],
        "diet": needs.diet if needs else Diet.NONE,
        "intolerances": needs.intolerances if needs else "",
        "accessibility": needs.accessibility if needs else "",
        **{name: registration.consents_to(kind) for name, kind in CONSENT_FIELDS.items()},
    }


def _nights(registration: Registration) -> list[date]:
    if registration.room_from is None or registration.room_until is None:
        return []
    count = (registration.room_until - registration.room_from).days
    return [registration.room_from + timedelta(days=n) for n in range(count)]
