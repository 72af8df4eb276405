"""The shape of what people send: four steps, and all of them in one form."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.registration.details import NO_NEEDS
from app.registration.fields import (
    ClockField,
    are_offered,
    email_field,
    has_letters,
    is_no_address,
    is_phone,
    is_plate,
)
from app.registration.labels import (
    ARRIVALS,
    DIETS,
    ROLES,
    SALUTATIONS,
)
from app.registration.models import Arrival, Diet, ParticipantRole, Salutation
from app.registration.organisation_field import OrganisationField
from app.registration.queries import (
    OrganisationChoice,
    list_organisations,
    match_organisations,
)
from app.web.forms import Form, text_field
from app.web.language import day_range, weekday
from app.workshops.models import ConsentKind, ConsentText, Workshop
from app.workshops.queries import latest_consent_texts

# What people may say of themselves in an open workshop; the desk makes somebody an organiser.
OWN_ROLES = (ParticipantRole.PARTICIPANT, ParticipantRole.SPEAKER, ParticipantRole.PRESS)
CONSENT_FIELDS = {f"consent_{kind.value}": kind for kind in ConsentKind}


def own_roles(
    workshop: Workshop, present: ParticipantRole = ParticipantRole.PARTICIPANT
) -> tuple[ParticipantRole, ...]:
    """The roles among which somebody may choose whose role is `present`: one is no choice."""
    if workshop.is_closed_circle:
        return (present,)
    return tuple(dict.fromkeys((*OWN_ROLES, present)))


class StepForm(Form):
    """A form about one workshop: `fit` leaves out what the workshop does not ask."""

    def __init__(self, workshop: Workshop, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        self.fit()

    def fit(self) -> None:
        """Set choices and labels, and delete fields that the workshop does not ask."""

    def choose_fitting(self, email: str) -> None:
        """Choose what a mail address points to, in a form that was not sent yet."""

    def put_fitting_first(self, email: str) -> None:
        """Offer first what a mail address points to."""

    def wording(self, kind: ConsentKind) -> LazyString:
        """A consent's text, read from the database only if the form is shown."""
        return LazyString(lambda: self.wordings[kind].text)

    @cached_property
    def wordings(self) -> dict[ConsentKind, ConsentText]:
        """The workshop's own texts of consents."""
        return latest_consent_texts(self.workshop.id)


class PersonForm(StepForm):
    """Who somebody is."""

    salutation = SelectField(
        _l("Form of address"),
        choices=[SelectChoice(value.value, label) for value, label in SALUTATIONS.items()],
        default=Salutation.NONE.value,
    )
    title = text_field(
        _l("Title"),
        longest=60,
        validators=[is_no_address],
        render_kw={"autocomplete": "honorific-prefix"},
    )
    first_name = text_field(
        _l("First name"),
        required=_l("Enter the first name."),
        longest=80,
        validators=[has_letters],
        render_kw={"autocomplete": "given-name"},
    )
    last_name = text_field(
        _l("Last name"),
        required=_l("Enter the last name."),
        longest=80,
        validators=[has_letters],
        render_kw={"autocomplete": "family-name"},
    )
    email = email_field(description=_l("The confirmation and the personal link go there."))
    phone = text_field(
        _l("Work telephone"),
        longest=50,
        validators=[is_phone],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "work tel"},
    )
    badge_name = text_field(
        _l("Name on the badge"),
        longest=120,
        description=_l("Only if it should differ from first and last name."),
        validators=[has_letters],
        render_kw={"autocomplete": "off"},
    )


class OrganisationForm(StepForm):
    """Where somebody comes from."""

    organisation_id = OrganisationField(
        _l("Authority or organisation"),
        render_kw={"data-combobox": "", "data-free": "other_organisation"},
    )
    other_organisation = text_field(
        _l("Name of the organisation"),
        longest=120,
        validators=[has_letters],
        render_kw={"autocomplete": "organization"},
    )
    department = text_field(
        _l("Department"),
        longest=120,
        description=_l("For example: Stabsstelle Kommunikation"),
        render_kw={"autocomplete": "off"},
    )
    rank = text_field(
        _l("Rank or official title"),
        longest=80,
        description=_l("For example: Polizeihauptkommissarin, Regierungsrat"),
        render_kw={"autocomplete": "off"},
    )
    function = text_field(
        _l("Function"), longest=120, render_kw={"autocomplete": "organization-title"}
    )

    def fit(self) -> None:
        """Offer the workshop's organisations in groups."""
        super().fit()
        self.organisation_id.offer(list_organisations(self.workshop.id))
        self.organisation_id.flags.required = True  # or its name, which the step explains

    def choose_fitting(self, email: str) -> None:
        """Choose what a mail address points to, if it is one organisation."""
        fitting = self._fitting(email)
        if len(fitting) == 1:
            self.organisation_id.data = fitting[0].id

    def put_fitting_first(self, email: str) -> None:
        """Let several to which a mail address points stand before the groups."""
        fitting = self._fitting(email)
        if len(fitting) > 1:
            self.organisation_id.offer(self.organisation_id.offered, fitting)

    def _fitting(self, email: str) -> list[OrganisationChoice]:
        # In a closed circle nobody shall try out which domains open the door.
        if self.workshop.is_closed_circle:
            return []
        return match_organisations(self.organisation_id.offered, email)

    def validate(self, extra_validators: Any = None) -> bool:
        """One of both, chosen or typed."""
        valid: bool = super().validate(extra_validators)
        chosen, typed = self.organisation_id, self.other_organisation
        if chosen.errors or typed.errors:
            return valid
        if not chosen.data and not typed.data:
            message = _("Choose the organisation from the list or enter its name.")
            chosen.errors = [message]
            return False
        if chosen.data and typed.data:
            typed.errors = [_("Empty this field, or the choice in the list above: one is enough.")]
            return False
        return valid


class ParticipationForm(StepForm):
    """What somebody takes part in, and what has to be prepared for them."""

    role = SelectField(_l("Way of taking part"), default=ParticipantRole.PARTICIPANT.value)
    days = SelectMultipleField(
        _l("Days"),
        validate_choice=False,  # `are_offered` says it in the page's language
        validators=[InputRequired(_l("Choose the days on which you take part.")), are_offered],
    )
    evening_event = BooleanField()
    nights = SelectMultipleField(
        _l("Nights in the hotel"),
        validate_choice=False,
        validators=[are_offered],
        description=_l("Tick nothing if you need no room."),
    )
    arrival = SelectField(
        _l("Arrival"),
        choices=[SelectChoice(value.value, label) for value, label in ARRIVALS.items()],
        default=Arrival.UNKNOWN.value,
    )
    arrival_time = ClockField(_l("Probable time of arrival"), validators=[Optional()])
    vehicle_plate = text_field(
        _l("Licence plate"),
        longest=20,
        description=_l("Only if you come by car and need to pass the gate."),
        validators=[is_plate],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    diet = SelectField(
        _l("Food"),
        choices=[SelectChoice(value.value, label) for value, label in DIETS.items()],
        default=Diet.NONE.value,
    )
    intolerances = text_field(
        _l("Intolerances and allergies"), longest=300, render_kw={"autocomplete": "off"}
    )
    accessibility = text_field(
        _l("What do you need to take part without barriers?"),
        longest=500,
        description=_l("For example: step-free access, a sign language interpreter, large print"),
        render_kw={"autocomplete": "off"},
    )
    consent_needs = BooleanField()

    def fit(self) -> None:
        """Ask only what this workshop asks."""
        super().fit()
        workshop = self.workshop
        self.role.flags.required = True  # one is always chosen
        self.offer_roles(own_roles(workshop))
        self.days.choices = [SelectChoice(d.isoformat(), weekday(d)) for d in workshop.days]
        self.evening_event.label.text = _(
            "I take part in the evening: %(event)s", event=workshop.evening_event
        )
        self.nights.choices = [
            SelectChoice(night.isoformat(), day_range(night, night + timedelta(days=1)))
            for night in (workshop.starts_on - timedelta(days=1), *workshop.days)
        ]
        self.consent_needs.label.text = self.wording(ConsentKind.NEEDS)
        unasked: list[str] = []
        if not workshop.evening_event:
            unasked += ["evening_event"]
        if not workshop.asks_accommodation:
            unasked += ["nights"]
        if not workshop.asks_travel:
            unasked += ["arrival", "arrival_time", "vehicle_plate"]
        if not workshop.asks_catering:
            unasked += ["diet", "intolerances"]
        for name in unasked:
            del self[name]

    def offer_roles(self, roles: tuple[ParticipantRole, ...]) -> None:
        """Set the roles to choose from."""
        self.role.choices = [SelectChoice(role.value, ROLES[role]) for role in roles]

    def validate_nights(self, field: Field) -> None:
        """One stay, not two."""
        if field.errors:
            return
        nights = [date.fromisoformat(value) for value in field.data]
        if nights and max(nights) - min(nights) != timedelta(days=len(set(nights)) - 1):
            raise ValidationError(_("Choose nights that follow one another."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Health and the like are not stored without consent, not even in a draft."""
        valid: bool = super().validate(extra_validators)
        if self.consent_needs.data or not _has_needs(self):
            return valid
        self.consent_needs.errors = [
            _("Agree to the storage of these details, or leave them empty.")
        ]
        return False


class ConsentsForm(StepForm):
    """What somebody agrees to; nothing is ticked beforehand."""

    consent_listing = BooleanField()
    consent_photos = BooleanField()
    consent_mailing = BooleanField()

    def fit(self) -> None:
        """Show the workshop's own wordings."""
        super().fit()
        for name, kind in CONSENT_FIELDS.items():
            if name in self:
                self[name].label.text = self.wording(kind)


class DetailsForm(PersonForm, OrganisationForm, ParticipationForm, ConsentsForm):
    """All steps in one (`steps.STEPS`, as a test holds)."""


class ChangeForm(DetailsForm):
    """For changing a registration: `version` tells whether somebody else was faster."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class LinkForm(Form):
    """Where to send the personal link."""

    email = email_field()


def _has_needs(form: Form) -> bool:
    asked = [form[name] for name in NO_NEEDS if name in form]
    return any(field.data not in {"", None, Diet.NONE} and not field.errors for field in asked)
