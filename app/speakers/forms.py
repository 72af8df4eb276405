"""What is typed about and by speakers: input only, the rules are in the service."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from app.speakers.directory import Known, Listed
from app.web.forms import Form, VersionedForm, long_text_field, text_field
from app.web.mail_addresses import LONGEST_ADDRESS, is_mail_address

MARKDOWN = _l("You may use **bold**, lists and links.")
_CHOOSE = _l("Choose an entry of the list.")


class SpeakerForm(VersionedForm):
    """What the desk knows of a speaker."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=200)
    organisation = text_field(_l("Organisation"), longest=200)
    email = text_field(
        _l("E-mail address"),
        longest=LONGEST_ADDRESS,
        validators=[Optional(), is_mail_address],
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "off"},
    )
    about = long_text_field(_l("About the person"), longest=2000, description=MARKDOWN)


class SpeakerRegistrationForm(Form):
    """Which registration a speaker has."""

    registration_id = SelectField(
        _l("Registration"),
        validators=[InputRequired(_CHOOSE)],
        validate_choice=False,
        description=_l("Type a part of the name."),
        render_kw={"data-combobox": ""},
    )

    def offer(self, registrations: Iterable[Known]) -> None:
        """Let choose among these."""
        self.registration_id.choices = [SelectChoice("", "–")] + [
            SelectChoice(str(known.id), ", ".join(filter(None, (known.name, known.organisation))))
            for known in registrations
        ]


class MergeForm(Form):
    """Which other entry is the same person."""

    other_id = SelectField(
        _l("The other entry"),
        validators=[InputRequired(_CHOOSE)],
        validate_choice=False,
        render_kw={"data-combobox": ""},
    )

    def offer(self, speakers: Iterable[Listed]) -> None:
        """Let choose among these."""
        self.other_id.choices = [SelectChoice("", "–")] + [
            SelectChoice(str(s.id), ", ".join(filter(None, (s.name, s.organisation))))
            for s in speakers
        ]


class InviteSpeakersForm(Form):
    """To whom the link is sent."""

    whom = RadioField(_l("To whom?"), validators=[InputRequired(_CHOOSE)])


class TextForm(Form):
    """A text that a speaker corrects; `seen` is the fingerprint of the one on the screen."""

    seen = HiddenField()
    text = long_text_field("", longest=8000, description=MARKDOWN, render_kw={"rows": 12})

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text.label.text = label

    def accept(self, fingerprint: str) -> None:
        """From now on the form knows this version, whatever the browser sent."""
        self.seen.data = fingerprint
        self.seen.raw_data = [fingerprint]


class ConcernForm(Form):
    """Why a slot does not suit."""

    text = long_text_field(
        _l("What would suit?"),
        required=_l("Write what does not suit."),
        longest=1000,
        render_kw={"rows": 5},
        description=_l("The organisers get your message by e-mail and answer you."),
    )
