"""How long what is typed may be, found out before anything else is done with it.

Whatever looks at a text may take longer than the text is long: a pattern that tries many ways,
the composing of marks, the hashing of a password. So the length is the first check of every
field, and the only one if it fails.
"""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, PasswordField, StringField
from wtforms.validators import Length, NumberRange, StopValidation

from app.web.addresses import LARGEST_ID

LONGEST_PASSWORD = 128
LONGEST = 10_000
"""For fields that name no length of their own, in characters."""
MOST_MARKS = 30
"""On one letter: the bound of Unicode's stream-safe format (UAX #15, 13)."""


class Fits(Length):  # type: ignore[misc]  # the package has no types
    """At most so many characters. Nothing else is checked of a longer text."""

    def __init__(self, longest: int, message: Any = None) -> None:
        super().__init__(max=longest, message=message or _l("Use at most %(max)d characters."))

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise `StopValidation` for a longer text."""
        if field.data and len(field.data) > self.max:
            raise StopValidation(str(self.message) % {"max": self.max})


def length_first(kind: type[Field], validators: list[Any]) -> list[Any]:
    """A field's validators with the bound of its length, or of its number, in front."""
    if issubclass(kind, IntegerField):
        return [NumberRange(-LARGEST_ID, LARGEST_ID), *validators]
    if not issubclass(kind, StringField):
        return validators
    own = next((v for v in validators if isinstance(v, Length)), None)
    if own is None:
        own = Fits(LONGEST_PASSWORD if issubclass(kind, PasswordField) else LONGEST)
    elif not isinstance(own, Fits):
        own = Fits(own.max, own.message)
    return [own, *(v for v in validators if not isinstance(v, Length))]


def has_heap_of_marks(text: str) -> bool:
    """Whether more marks are on one letter than any language has.

    Composing them (NFC) would take as long as their number squared.
    """
    if text.isascii() or len(text) <= MOST_MARKS:
        return False
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MOST_MARKS:
            return True
    return False
