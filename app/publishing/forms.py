"""The forms of the releases' pages."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from app.web.forms import Form, long_text_field

LONGEST_COMMENT = 1000


class SeenForm(Form):
    """A button under a preview; `seen` stands for what was looked at."""

    seen = HiddenField()


class ReleaseForm(SeenForm):
    """What goes with a new release."""

    comment = long_text_field(
        _l("Comment"),
        longest=LONGEST_COMMENT,
        description=_l("Everybody reads it: with the changes, and in the e-mails."),
        render_kw={"rows": 3},
    )
    notify = BooleanField(_l("Tell those concerned by e-mail"), default=True)
