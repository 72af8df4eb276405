"""How a programme begins, as forms: input only."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.web.forms import Form
from app.web.language import day_range
from app.workshops.models import Workshop

ACCEPTED = ".xlsx,.xml"
_CHOOSE = _l("Choose an entry of the list.")


class ModelForm(Form):
    """After which workshop, and what is taken from it."""

    model = SelectField(
        _l("Workshop"), invalid_value_message=_CHOOSE, invalid_choice_message=_CHOOSE
    )
    with_texts = BooleanField(_l("With descriptions"))
    with_speakers = BooleanField(_l("With speakers and chairs"))

    def offer(self, models: Sequence[Workshop]) -> None:
        """Offer these workshops."""
        self.model.choices = [
            SelectChoice(w.slug, f"{w.title}, {day_range(w.starts_on, w.ends_on)}") for w in models
        ]


class FileForm(Form):
    """A file with a programme."""

    file = FileField(
        _l("File"),
        render_kw={"accept": ACCEPTED},
        description=_l("An XLSX table, or a schedule.xml of frab or pretalx. At most 5 MB."),
    )

    @classmethod
    def of_request(cls) -> "FileForm":
        """With the file that was sent, if one was."""
        sent: Any = CombinedMultiDict([request.files, request.form])
        return cls(formdata=sent if request.method == "POST" else None)


class TakeOverForm(Form):
    """What becomes of the sessions that are there."""

    replaces = RadioField(
        _l("The agenda has sessions already"),
        choices=[
            SelectChoice("no", _l("Keep them and add these")),
            SelectChoice("yes", _l("Delete them from the draft, also from the tray")),
        ],
        validators=[InputRequired(_l("Choose one of the answers."))],
        invalid_choice_message=_l("Choose one of the answers."),
    )
