"""What the forms of sign-up look like: input only, the rules are in the services."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.agenda.timetable import Slot
from app.signup.assignment import ANY, FIRST, SECOND
from app.signup.programme import WishBlock
from app.web.forms import Form, number_or_none

_ADVICE = _l("Choose an entry of the list.")


def _choice(label: Any, **kwargs: Any) -> SelectField:
    return SelectField(
        label,
        coerce=number_or_none,
        invalid_value_message=_ADVICE,
        invalid_choice_message=_ADVICE,
        **kwargs,
    )


class WishForm(Form):
    """First and second choice within a block."""

    first = _choice(_l("First choice"))
    second = _choice(_l("Second choice"))
    any_other = BooleanField(_l("If neither works out, any other of these sessions will do."))

    def __init__(self, block: WishBlock, wishes: dict[int, int], **kwargs: Any) -> None:
        by_rank = {rank: session_id for session_id, rank in wishes.items()}
        present = {"first": by_rank.get(FIRST), "second": by_rank.get(SECOND)}
        super().__init__(data={**present, "any_other": ANY in by_rank}, **kwargs)
        choices = [SelectChoice("", _("No wish")), *_choices(block.slots)]
        self.first.choices = self.second.choices = choices


class AddPersonForm(Form):
    """Whom the desk adds to a session's list."""

    person = _choice(
        _l("Person"),
        validators=[InputRequired(_l("Choose a person."))],
        render_kw={"data-combobox": ""},
    )

    def __init__(self, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = [
            SelectChoice("", _("Choose a person")),
            *(SelectChoice(str(number), name) for number, name in people),
        ]


class DistributeForm(Form):
    """What the preview showed goes back with the decision."""

    seen = StringField(widget=HiddenInput())


def _choices(slots: Iterable[Slot]) -> list[SelectChoice]:
    return [
        SelectChoice(str(slot.id), f"{slot.title} ({slot.starts:%H:%M}–{slot.ends:%H:%M})")
        for slot in slots
    ]
