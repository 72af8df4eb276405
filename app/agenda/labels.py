"""Words for what the agenda's pages show."""

from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from flask_babel import get_locale

from app.agenda.forms import KINDS
from app.agenda.models import SessionKind


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
