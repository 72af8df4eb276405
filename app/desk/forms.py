"""What organisers type at the desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.registration.forms import ChangeForm, DetailsForm
from app.registration.labels import ORGANISATION_KINDS, ROLES
from app.registration.models import ParticipantRole
from app.registration.organisation_field import OrganisationField
from app.registration.queries import OrganisationChoice
from app.web.forms import Form, long_text_field, text_field
from app.web.language import weekday
from app.workshops.models import Workshop


class FilterForm(Form):
    """What narrows the list of participants down; it only reads, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    q = text_field(
        _l("Search"),
        longest=100,
        description=_l("Name, e-mail address or organisation"),
        render_kw={"type": "search", "autocomplete": "off"},
    )
    organisation = SelectField(_l("Organisation"), validate_choice=False)
    kind = SelectField(_l("Kind of organisation"), validate_choice=False)
    role = SelectField(_l("Role"), validate_choice=False)
    day = SelectField(_l("Day"), validate_choice=False)

    def __init__(
        self, workshop: Workshop, organisations: Iterable[OrganisationChoice], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        everything = SelectChoice("", _l("All"))
        self.organisation.choices = [everything] + [
            SelectChoice(str(o.id), o.name, None, str(ORGANISATION_KINDS[o.kind]))
            for o in organisations
        ]
        self.kind.choices = [everything, *_words(ORGANISATION_KINDS)]
        self.role.choices = [everything, *_words(ROLES)]
        self.day.choices = [everything] + [
            SelectChoice(day.isoformat(), weekday(day)) for day in workshop.days
        ]


def _words(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(value.value, label) for value, label in labels.items()]


class AddForm(DetailsForm):
    """A person whom the desk registers."""

    place = RadioField(
        _l("Place"),
        choices=[
            SelectChoice("seat", _l("A seat")),
            SelectChoice("waiting", _l("The waiting list")),
        ],
        default="seat",
    )
    notify = BooleanField(
        _l("Send the confirmation with the personal link by e-mail"), default=True
    )

    def fit(self) -> None:
        """The desk may give every role."""
        super().fit()
        self.offer_roles(tuple(ParticipantRole))


class EditForm(ChangeForm):
    """A registration that the desk changes."""

    internal_note = long_text_field(
        _l("Internal note"),
        longest=2000,
        description=_l("Only the organisers see it."),
    )

    def fit(self) -> None:
        """The desk may give every role."""
        super().fit()
        self.offer_roles(tuple(ParticipantRole))


class DeclineForm(Form):
    """Why somebody is not let in."""

    reason = long_text_field(
        _l("Reason"),
        longest=1000,
        description=_l("It stands in the mail to the person, word for word."),
    )


class AssignForm(Form):
    """The organisation of the list that somebody meant."""

    organisation_id = OrganisationField(
        _l("Organisation of the list"),
        validators=[InputRequired()],
        render_kw={"data-combobox": ""},
    )

    def __init__(self, organisations: Sequence[OrganisationChoice], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation_id.offer(organisations)
