"""Forms for everybody: report a barrier."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Email

from app.web.forms import Form, long_text_field, text_field


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
        longest=254,
        description=_l("Only if you would like an answer."),
        validators=[Email(_l("Enter a complete e-mail address, such as name@example.org."))],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
