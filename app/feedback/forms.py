"""What is asked about a session."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from app.web.forms import Form, long_text_field

# Said in words: figures mean something else to everybody.
RATINGS = {
    5: _l("Very helpful"),
    4: _l("Helpful"),
    3: _l("Partly helpful"),
    2: _l("Hardly helpful"),
    1: _l("Not helpful"),
}
LONGEST = 1000
_NO_NAMES = _l("Please name nobody.")


class FeedbackForm(Form):
    """How helpful a session was."""

    rating = RadioField(
        _l("How helpful was the session?"),
        choices=[SelectChoice(str(rating), label) for rating, label in RATINGS.items()],
        validators=[InputRequired(_l("Choose one of the answers."))],
        invalid_choice_message=_l("Choose one of the answers."),
    )
    good = long_text_field(_l("What was good?"), longest=LONGEST, description=_NO_NAMES)
    better = long_text_field(_l("What could be better?"), longest=LONGEST, description=_NO_NAMES)
