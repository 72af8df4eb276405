"""German first, English at a click; dates and times as they are written in Germany."""

from datetime import UTC, date, datetime, time, tzinfo
from urllib.parse import urlsplit

from babel.dates import format_date, format_time
from flask import Flask, g, request
from flask_babel import get_locale
from flask_babel import gettext as _

LANGUAGES = {"de": "Deutsch", "en": "English"}
COOKIE = "language"


def init_language(app: Flask) -> None:
    """Choose the language and give templates their date filters."""
    app.jinja_env.filters.update(
        day=day, weekday=weekday, day_range=day_range, clock=clock, moment=moment
    )
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=select_language)


def select_language() -> str:
    """The language that was clicked, else German."""
    chosen = request.cookies.get(COOKIE, "de") if request else "de"
    return chosen if chosen in LANGUAGES else "de"


def day(value: date) -> str:
    """'4. Dezember 2026'."""
    return format_date(value, "long", locale=_locale())


def weekday(value: date) -> str:
    """'Freitag, 4. Dezember'."""
    return format_date(value, "EEEE, d. MMMM" if _is_german() else "EEEE d MMMM", locale=_locale())


def day_range(first: date, last: date) -> str:
    """'4.–5. Dezember 2026', as short as the two days allow."""
    if first == last:
        return day(first)
    dot = "." if _is_german() else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}–{day(last)}"
    if first.year == last.year:
        return f"{format_date(first, f'd{dot} MMMM', locale=_locale())} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def clock(value: datetime | time, zone: tzinfo | None = None) -> str:
    """'09:30'; an instant is shown in the workshop's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(zone or _zone()).time()
    return format_time(value, "HH:mm", locale="de")


def moment(value: datetime, zone: tzinfo | None = None) -> str:
    """'4. Dezember 2026, 09:30 Uhr'."""
    local = value.astimezone(zone or _zone())
    return _("%(day)s, %(clock)s", day=day(local.date()), clock=clock(local.timetz(), None))


def safe_next(target: str | None) -> str:
    """A path on this site to go on to; anything else becomes '/'."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else "/"


def _zone() -> tzinfo:
    workshop = g.get("workshop") if g else None
    return workshop.zone if workshop is not None else UTC


def _locale() -> str:
    return "de" if _is_german() else "en_GB"


def _is_german() -> bool:
    return str(get_locale() or "de").startswith("de")
