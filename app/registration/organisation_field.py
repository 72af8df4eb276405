"""The choice of an organisation from the workshop's list."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.registration.fields import LongSelect
from app.registration.labels import ORGANISATION_KINDS
from app.registration.queries import OrganisationChoice
from app.web.forms import number_or_none


class OrganisationField(SelectField):  # type: ignore[misc]  # the package has no types
    """One organisation of the list, or none. The list is put into words only where it is shown."""

    widget = LongSelect()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, coerce=number_or_none, **kwargs)
        self.type = SelectField.__name__  # pages show it as any list (macros/forms.html)
        self.offered: Sequence[OrganisationChoice] = ()

    def offer(
        self,
        organisations: Sequence[OrganisationChoice],
        fitting: Sequence[OrganisationChoice] = (),
    ) -> None:
        """Let one of these be chosen; those that fit stand first."""
        self.offered = organisations
        self.choices = lambda: organisation_choices(organisations, fitting)

    @property
    def chosen(self) -> OrganisationChoice | None:
        """The organisation that was chosen."""
        return next((o for o in self.offered if o.id == self.data), None)

    def pre_validate(self, form: Any) -> None:
        """Only what is offered; the whole list is gone through only to say so."""
        if self.chosen is None:
            super().pre_validate(form)


def organisation_choices(
    organisations: Sequence[OrganisationChoice], fitting: Sequence[OrganisationChoice] = ()
) -> list[SelectChoice]:
    """A list of organisations in their groups, after those that fit."""
    choices = [SelectChoice("", _("Please choose"))]
    choices += [_choice(o, _("Fits your e-mail address")) for o in fitting]
    groups = {kind: str(label) for kind, label in ORGANISATION_KINDS.items()}
    place = {kind: number for number, kind in enumerate(groups)}
    others = (o for o in organisations if o not in fitting)
    return choices + [
        _choice(o, groups[o.kind]) for o in sorted(others, key=lambda o: place[o.kind])
    ]


def _choice(organisation: OrganisationChoice, group: str) -> SelectChoice:
    return SelectChoice(
        str(organisation.id), organisation.name, {"data-search": organisation.search_words}, group
    )
