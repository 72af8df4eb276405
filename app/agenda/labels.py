"""Words for what the agenda's pages show."""

from functools import lru_cache

from babel import Locale
from flask_babel import get_locale

from app.agenda.forms import KINDS
from app.agenda.models import SessionKind


def kind_labels() -> dict[SessionKind, str]:
    """The word for each kind, translated once for all sessions of a page."""
    return {kind: str(label) for kind, label in KINDS.items()}


def language_name(code: str) -> str:
    """'Englisch' for 'en'; the code itself where it is unknown."""
    return _language(code, str(get_locale() or "de"))


@lru_cache(maxsize=64)
def _language(code: str, locale: str) -> str:
    return Locale.parse(locale).get_language_name(code) or code
