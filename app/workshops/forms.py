"""What people type about a workshop: its settings, a new one, a barrier. Input only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from app.web.forms import Form, VersionedForm, long_text_field, text_field
from app.web.mail_addresses import LONGEST_ADDRESS, canonical_domain, is_mail_address
from app.workshops.models import Access, ConsentKind, OrganisationKind, Workshop
from app.workshops.states import STATES

ACCESS = {
    Access.LISTED: _l("Listed organisations; everybody else after your approval"),
    Access.OPEN: _l("Everybody"),
}
_EMAIL_INPUT = {"type": "email", "autocomplete": "email", "inputmode": "email"}


def _sensible_year(_form: Form, field: Field) -> None:
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_("Enter a year from 2000 to 2100."))


def _day(label: Any, required: Any = None) -> DateField:
    return DateField(
        label,
        validators=[InputRequired(required) if required else Optional(), _sensible_year],
        # Browsers send the first; the other is what people type where there is no date field.
        format=["%Y-%m-%d", "%d.%m.%Y"],
        invalid_value_message=_l("Enter a date such as 04.12.2026."),
    )


def _moment(label: Any, description: Any = "") -> DateTimeLocalField:
    return DateTimeLocalField(
        label,
        validators=[Optional(), _sensible_year],
        description=description,
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M"],
        invalid_value_message=_l("Enter a date and time such as 04.12.2026 18:00."),
    )


def _number(label: Any, least: int, most: int, description: Any = "") -> IntegerField:
    advice = _l("Enter a number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(
        label,
        validators=[InputRequired(advice), NumberRange(least, most, advice)],
        description=description,
        invalid_value_message=advice,
    )


class BasicsForm(VersionedForm):
    """What the workshop is, and when."""

    title = text_field(_l("Title"), required=_l("Enter a title."), longest=200)
    summary = long_text_field(
        _l("What it is about"),
        longest=1000,
        description=_l("Two sentences, on the workshop's first page."),
    )
    starts_on = _day(_l("First day"), _l("Enter the first day."))
    ends_on = _day(_l("Last day"), _l("Enter the last day."))
    agenda_is_private = BooleanField(
        _l("Agenda for participants only"),
        description=_l("They read it by their personal link. Nobody else sees it."),
    )


class PlaceForm(VersionedForm):
    """Where it is, and whom to ask."""

    place = text_field(_l("Town"), longest=100)
    venue = text_field(_l("Venue"), longest=200)
    address = text_field(_l("Address"), longest=300)
    travel = long_text_field(
        _l("Getting there"),
        longest=3000,
        description=_l("An empty line begins a new paragraph."),
    )
    host_name = text_field(_l("Host"), longest=200)
    contact_name = text_field(_l("Contact"), longest=200)
    contact_email = text_field(
        _l("E-mail address of the contact"),
        required=_l("Enter an e-mail address. Answers to all mails go there."),
        longest=LONGEST_ADDRESS,
        validators=[is_mail_address],
        render_kw=_EMAIL_INPUT,
    )
    contact_phone = text_field(_l("Phone"), longest=50)
    sender_name = text_field(
        _l("Sender’s name"),
        longest=200,
        description=_l("The name before the address that e-mails come from. Empty: the title."),
    )


class RegistrationSettingsForm(VersionedForm):
    """The door, the seats, the deadlines."""

    access = RadioField(
        _l("Who may register"),
        choices=[SelectChoice(access.value, text) for access, text in ACCESS.items()],
        coerce=lambda value: Access(value) if value in set(Access) else value,
        validators=[InputRequired(_l("Choose an entry of the list."))],
        invalid_choice_message=_l("Choose an entry of the list."),
        description=_l(
            "What counts is whether the e-mail address lies in a domain of the organisations' list,"
            " or below it. Whoever is registered already stays so."
        ),
    )
    registration_opens_at = _moment(_l("Registration opens"), _l("Empty: it stays closed."))
    registration_closes_at = _moment(
        _l("Registration closes"), _l("Empty: it stays open until the workshop is over.")
    )
    changes_until = _moment(
        _l("Own changes are possible until"),
        _l("Cancelling is always possible. Empty: until the workshop is over."),
    )
    seats = _number(_l("Seats"), 0, 100_000)
    has_waiting_list = BooleanField(_l("Keep a waiting list when all seats are taken"))
    hold_hours = _number(
        *(_l("Hours for which a seat is held until the address is confirmed"), 1, 336),
        _l("Once fewer than half of the seats are free it gets shorter in steps, down to 4 hours."),
    )


class QuestionsForm(VersionedForm):
    """What the registration form asks beyond the person."""

    evening_event = text_field(
        _l("Evening event"),
        longest=200,
        description=_l("What and when. Empty: nobody is asked about it."),
    )
    asks_accommodation = BooleanField(_l("Ask for nights in the hotel"))
    asks_catering = BooleanField(_l("Ask for food and intolerances"))
    asks_travel = BooleanField(_l("Ask how people arrive"))


class LegalForm(VersionedForm):
    """Texts in which the host's data-protection officer has the last word."""

    controller = long_text_field(_l("Responsible body, with its address"), longest=2000)
    data_protection_officer = long_text_field(
        _l("How to reach the data-protection officer"), longest=2000
    )
    legal_basis = long_text_field(
        _l("Legal basis"),
        longest=2000,
        description=_l("For example: Art. 6 (1) (e) GDPR with the law of the Land."),
    )
    supervisory_authority = long_text_field(_l("Supervisory authority"), longest=2000)
    imprint = long_text_field(_l("Imprint"), longest=5000)
    accessibility_checked_on = _day(_l("Accessibility was last checked on"))
    enforcement_body = long_text_field(_l("Enforcement body for accessibility"), longest=2000)


class DeletionForm(VersionedForm):
    """When personal data are deleted, counted from the last day."""

    delete_gate_days = _number(
        _l("Days until vehicle plates, gate list and codes of badges are deleted"), 1, 365
    )
    delete_needs_days = _number(_l("Days until food, accessibility and rooms are deleted"), 1, 365)
    delete_contact_months = _number(
        _l("Months until contact data and attendance are deleted"), 1, 60
    )


class ConsentTextsForm(VersionedForm):
    """The wording of each consent."""

    listing = long_text_field(_l("Participant list"), required=_l("Enter a wording."), longest=2000)
    photos = long_text_field(_l("Photos and films"), required=_l("Enter a wording."), longest=2000)
    needs = long_text_field(
        _l("Food and accessibility"), required=_l("Enter a wording."), longest=2000
    )
    mailing = long_text_field(
        _l("Later invitations"), required=_l("Enter a wording."), longest=2000
    )

    @property
    def texts(self) -> dict[ConsentKind, str]:
        """Each wording as it was typed."""
        return {kind: self[kind.value].data for kind in ConsentKind}


class OrganisationEntryForm(VersionedForm):
    """An organisation of the workshop's list."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=200)
    short_name = text_field(
        _l("Short name"),
        required=_l("Enter a short name."),
        longest=30,
        description=_l("For lists and search, for example BPOL."),
    )
    kind = SelectField(
        _l("Kind"), invalid_choice_message=_l("Choose an entry of the list."), choices=[]
    )
    state = SelectField(
        _l("Land"),
        choices=[SelectChoice("", _l("none")), *(SelectChoice(*item) for item in STATES.items())],
        filters=[lambda value: value or ""],
        invalid_choice_message=_l("Choose an entry of the list."),
    )
    mail_domains = text_field(
        _l("E-mail domains"),
        longest=300,
        description=_l(
            "Separated by blanks. They preselect the organisation in an open workshop's form; to a"
            " closed circle they open the door."
        ),
    )

    def __init__(self, labels: dict[OrganisationKind, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind.value, text) for kind, text in labels.items()]

    def validate_mail_domains(self, field: Field) -> None:
        """Domains as they stand behind the @, each once and as addresses are compared."""
        found = {}
        for word in field.data.replace(",", " ").replace("@", " ").split():
            try:
                found[canonical_domain(word)] = True
            except ValueError:
                raise ValidationError(_("“%(word)s” is not a domain.", word=word)) from None
        field.data = " ".join(found)


class CreateForm(Form):
    """A new workshop."""

    title = text_field(_l("Title"), required=_l("Enter a title."), longest=200)
    slug = text_field(
        _l("Word for the address"),
        required=_l("Enter a word for the address."),
        longest=60,
        description=_l("For example leipzig. It cannot be changed later."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    starts_on = _day(_l("First day"), _l("Enter the first day."))
    ends_on = _day(_l("Last day"), _l("Enter the last day."))
    copy_from = SelectField(
        _l("Take settings, organisations and texts from"),
        invalid_choice_message=_l("Choose an entry of the list."),
    )

    def __init__(self, workshops: Sequence[Workshop], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.copy_from.choices = [SelectChoice("", _l("no earlier workshop"))] + [
            SelectChoice(w.slug, f"{w.title} ({w.starts_on.year})") for w in workshops
        ]


class BarrierForm(Form):
    """What somebody could not use."""

    where = text_field(
        _l("Which page or document is it?"),
        longest=300,
        description=_l("For example its title or its address."),
    )
    description = long_text_field(
        _l("What does not work for you?"),
        required=_l("Describe in a sentence or two what does not work."),
        longest=3000,
    )
    email = text_field(
        _l("Your e-mail address"),
        longest=LONGEST_ADDRESS,
        description=_l("Only if you would like an answer."),
        validators=[is_mail_address],
        render_kw=_EMAIL_INPUT,
    )


def settings_from(form: VersionedForm, workshop: Workshop) -> dict[str, Any]:
    """A valid form's values under the names of the settings; local times become instants."""
    return {
        field.short_name: _stored(field.data, workshop)
        for field in form
        if hasattr(Workshop, field.short_name) and field.short_name != "version"
    }


def data_of(workshop: Workshop, form: type[VersionedForm]) -> dict[str, Any]:
    """What a settings form is filled with."""
    names = [name for name in dir(form) if hasattr(Workshop, name) and not name.startswith("_")]
    return {name: _shown(getattr(workshop, name), workshop) for name in names}


def _stored(value: Any, workshop: Workshop) -> date | datetime | str | int | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=workshop.zone)
    return value  # type: ignore[no-any-return]  # what the fields above yield


def _shown(value: Any, workshop: Workshop) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(workshop.zone).replace(tzinfo=None)
    return value
