"""Fields and checks of the registration form."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms import Field, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from app.web.forms import Form, text_field
from app.web.mail_addresses import LONGEST_ADDRESS, is_mail_address

_PHONE = re.compile(r"\+?[\d ()/.\-–]{3,50}")
# What programs for mail would make a link of.
_WEB_ADDRESS = re.compile(r"://|www\.|@|\w\.\w{2,}/", re.IGNORECASE)
_BETWEEN = " -–·"
"""What stands between the parts of a licence plate."""


class ClockField(TimeField):  # type: ignore[misc]  # the package has no types
    """A time of day; older browsers offer it as plain text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read 'HH:MM'."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a time, for example 14:30.")) from None


class LongSelect(Select):  # type: ignore[misc]  # the package has no types
    """A list of many choices: WTForms takes five times as long to write it."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **_attributes: Any) -> Markup:
        """`<option>` with what the choice adds to it."""
        attributes = {"value": choice.value, **(choice.render_kw or {})}
        words = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        selected = " selected" if choice.selected else ""
        return Markup(f"<option{words}{selected}>{escape(choice.label)}</option>")  # noqa: S704 - escaped


def are_offered(_form: Form, field: Field) -> None:
    """Every ticked box is one of those on the page."""
    if not set(field.data) <= {choice.value for choice in field.iter_choices()}:
        raise ValidationError(_("Choose from what is offered."))


def is_no_address(_form: Form, field: Field) -> None:
    """Names stand in the mail to an address that nobody has proved: no place to advertise."""
    if _WEB_ADDRESS.search(field.data):
        raise ValidationError(_("Remove web and e-mail addresses."))


def has_letters(form: Form, field: Field) -> None:
    """A name needs a letter of some script, has no pictures, and is no address."""
    is_no_address(form, field)
    kinds = {unicodedata.category(char) for char in field.data}
    if not any(kind.startswith("L") for kind in kinds):
        raise ValidationError(_("Enter a name with letters."))
    if "So" in kinds:
        raise ValidationError(_("Remove pictures and symbols from the name."))


def is_phone(_form: Form, field: Field) -> None:
    """Digits with what people write between them."""
    if not _PHONE.fullmatch(field.data) or sum(c.isdigit() for c in field.data) < 3:
        raise ValidationError(_("Enter a telephone number, for example 0341 123456."))


def is_plate(_form: Form, field: Field) -> None:
    """Letters and digits, of any country."""
    field.data = field.data.upper()
    plate = field.data
    ends = plate[:1] + plate[-1:]
    if not ends.isalnum() or not all(c.isalnum() or c in _BETWEEN for c in plate):
        raise ValidationError(_("Enter a licence plate, for example L-AB 1234."))


def email_field(description: Any = "") -> Any:
    """A field for a work e-mail address."""
    return text_field(
        _l("Work e-mail address"),
        required=_l("Enter your work e-mail address."),
        longest=LONGEST_ADDRESS,
        description=description,
        validators=[is_mail_address],
        render_kw={
            "type": "email",
            "inputmode": "email",
            "autocomplete": "work email",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
