"""Words for what the agenda's pages show."""

from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.agenda.models import SessionKind, SignUpMode

KINDS = {
    SessionKind.TALK: _l("Talk"),
    SessionKind.WORKSHOP: _l("Working group"),
    SessionKind.PANEL: _l("Discussion"),
    SessionKind.BREAK: _l("Break"),
    SessionKind.EVENING: _l("Evening event"),
}
COLOURS = {
    "blue": _l("Blue"),
    "green": _l("Green"),
    "orange": _l("Orange"),
    "violet": _l("Violet"),
    "teal": _l("Teal"),
    "red": _l("Red"),
}
SIGN_UP = {
    SignUpMode.NONE: _l("No sign-up"),
    SignUpMode.OPEN: _l("First come, first served"),
    SignUpMode.WISHES: _l("Distributed by wishes"),
}
# ISO 639-1, by how often they are spoken at such workshops.
LANGUAGES = {
    "de": _l("German"),
    "en": _l("English"),
    "fr": _l("French"),
    "nl": _l("Dutch"),
    "da": _l("Danish"),
    "pl": _l("Polish"),
    "cs": _l("Czech"),
}

GENERATOR = "Tagungsbüro"
"""How a `schedule.xml` says whose it is; one of our own is read as it was meant."""


def kind_labels() -> dict[SessionKind, str]:
    """The word for each kind, translated once for all sessions of a page."""
    return {kind: str(label) for kind, label in KINDS.items()}


def language_name(code: str) -> str:
    """'Englisch' for 'en'; the code itself where it is unknown."""
    return _language(code, str(get_locale() or "de"))


def short_day(on: date) -> str:
    """'Fr 4.12.', where many days stand side by side."""
    return _short_day(on, str(get_locale() or "de"))


@lru_cache(maxsize=64)
def _short_day(on: date, locale: str) -> str:
    return format_date(on, "ccc d.M." if locale == "de" else "ccc d MMM", locale=locale)


@lru_cache(maxsize=64)
def _language(code: str, locale: str) -> str:
    return str(Locale.parse(locale).languages.get(code, code))
