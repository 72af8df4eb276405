"""The language of a session, however a file writes it."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

_NAMED_IN = ("de", "en")
_NEARBY = ("fr", "nl", "da", "pl", "cs", "es", "it", "sv", "tr", "uk")


def find_language(words: str) -> str | None:
    """ISO 639-1 of 'de', 'de-formal', 'de_CH', 'ger', 'German', 'Deutsch'; None if unknown.

    Of several ('Deutsch/Englisch') the first that is known.
    """
    parts = re.split(r"[,;/+&]|\bund\b|\band\b", words.casefold()[:100])
    return next(filter(None, map(_find, parts)), None)


def _find(word: str) -> str | None:
    word = word.strip()
    code = re.split("[-_]", word)[0].strip()
    for found in (code, get_global("language_aliases").get(code), _names().get(word)):
        if found in _codes():
            return str(found)
    return None


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("de").languages) if len(code) == 2)


@cache
def _names() -> dict[str, str]:
    """Name → code, in German, in English, and in the language itself where it is spoken nearby."""
    names: dict[str, str] = {}
    for code in (*_NAMED_IN, *_NEARBY):
        languages = Locale(code).languages
        known = _codes() if code in _NAMED_IN else {code}
        names |= {languages[c].casefold(): c for c in known if c in languages}
    return names
