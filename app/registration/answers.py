"""What a form holds, as people read it: for the page before sending, and for one's own page."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField

from app.registration.fields import ClockField
from app.registration.forms import CONSENT_FIELDS, DetailsForm
from app.registration.labels import CONSENTS
from app.registration.models import Arrival, Diet, Salutation
from app.registration.organisation_field import OrganisationField
from app.registration.steps import Step
from app.web.language import clock

# Choices that say nothing, like an empty field.
_NOTHING = frozenset({"", Salutation.NONE, Arrival.UNKNOWN, Diet.NONE})


# Boxes whose label is a whole sentence.
_SHORT = {name: CONSENTS[kind] for name, kind in CONSENT_FIELDS.items()} | {
    "consent_needs": _l("Consent to these details"),
    "evening_event": _l("Evening event"),
}


@dataclass(frozen=True)
class GivenAnswer:
    """What was asked, and what was answered, in one line or several."""

    question: str
    lines: tuple[str, ...]


def answers(form: DetailsForm, step: Step) -> list[GivenAnswer]:
    """The fields of one step that are filled in; boxes are answered by yes or no."""
    found = []
    for field in form:
        name = field.short_name
        if not step.asks(name) or name == "csrf_token":
            continue
        # Of the needs, the answers themselves tell that one agreed.
        lines = () if name == "consent_needs" and not field.data else _lines(field)
        if lines:
            found.append(GivenAnswer(str(_SHORT.get(name, field.label.text)), lines))
    return found


def _lines(field: Any) -> tuple[str, ...]:
    match field:
        case BooleanField():
            return (_("Yes") if field.data else _("No"),)
        case OrganisationField():
            return (field.chosen.name,) if field.chosen else ()
        case SelectField() | SelectMultipleField():
            return tuple(
                str(choice.label)
                for choice in field.iter_choices()
                if choice.selected and choice.value not in _NOTHING
            )
        case ClockField():
            return (clock(field.data),) if field.data else ()
        case _:
            return (str(field.data),) if field.data else ()
