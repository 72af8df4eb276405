"""German first, English at a click; dates and times as they are written in Germany."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, current_app, g, redirect, request
from flask_babel import Domain, get_locale
from flask_babel import gettext as _
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import babel
from app.press.fonts import missing_letters

LANGUAGES = {"de": "Deutsch", "en": "English"}
COOKIE = "language"


class Catalogue(Domain):  # type: ignore[misc]  # the package has no types
    """Flask-Babel's domain, which by itself finds out the language anew for every sentence."""

    def get_translations(self) -> NullTranslations:
        """The translations of the present language, found out once a request.

        Flask-Babel empties its own `babel_translations` whenever the language is changed.
        """
        present = g.get("_flask_babel")
        found: NullTranslations | None = getattr(present, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if present is not None:
                present.babel_translations = found
        return found


def init_language(app: Flask) -> None:
    """Choose the language and give templates their date filters."""
    babel.init_app(app, locale_selector=select_language)
    catalogue = babel.domain_instance = Catalogue()
    # Straight to the catalogue: by itself each sentence of a page looks for the domain first.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's i18n
        lambda text: catalogue.get_translations().ugettext(text),
        lambda one, many, number: catalogue.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["gettext"] = app.jinja_env.globals["_"] = _in_pages(catalogue)
    app.before_request(_switch_language)
    app.jinja_env.filters.update(
        missing_letters=missing_letters,
        day=day,
        weekday=weekday,
        day_range=day_range,
        clock=clock,
        moment=moment,
        with_language=with_language,
    )
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=select_language)


def _in_pages(catalogue: Catalogue) -> Callable[..., str]:
    """`_("…")` of templates, as Jinja has it, at half the price for sentences without values."""

    @pass_eval_context
    def gettext(eval_ctx: EvalContext, text: str, /, **values: Any) -> str:
        words = catalogue.get_translations().ugettext(text)
        if eval_ctx.autoescape:
            words = Markup(words)  # noqa: S704 - the catalogue is ours
        return words % values if values or "%" in words else words

    return gettext


def select_language() -> str:
    """The language that was clicked, else German."""
    chosen = request.cookies.get(COOKIE, "de") if request else "de"
    return chosen if chosen in LANGUAGES else "de"


def _switch_language() -> BaseResponse | None:
    """`?language=en` on any page: remember it and show the page again.

    A plain cookie, so that reading pages needs no session; the address stays the page's own, so
    that a personal link stands in no other address.
    """
    chosen = request.args.get("language")
    if request.method != "GET" or chosen not in LANGUAGES:
        return None
    rest = [pair for pair in request.args.items(multi=True) if pair[0] != "language"]
    # The leading slashes are folded and the rest is quoted: '//host/', also with a tab between
    # the slashes, would lead to another site.
    path = "/" + quote(request.path.lstrip("/\\"), safe="/:@!$&'()*+,;=~")
    target = path + ("?" + urlencode(rest) if rest else "")
    response = redirect(target, code=303)
    response.set_cookie(
        COOKIE,
        str(chosen),
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def with_language(args: MultiDict[str, str], code: str) -> str:
    """The page's own query string with another language in it."""
    rest = [pair for pair in args.items(multi=True) if pair[0] != "language"]
    return urlencode([*rest, ("language", code)])


def day(value: date) -> str:
    """'4. Dezember 2026'."""
    return _written(value, "long", _locale())


def weekday(value: date) -> str:
    """'Freitag, 4. Dezember'."""
    return _written(value, "EEEE, d. MMMM" if _is_german() else "EEEE d MMMM", _locale())


def day_range(first: date, last: date) -> str:
    """'4.–5. Dezember 2026', as short as the two days allow."""
    if first == last:
        return day(first)
    dot = "." if _is_german() else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}–{day(last)}"
    if first.year == last.year:
        return f"{_written(first, f'd{dot} MMMM', _locale())} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def clock(value: datetime | time, zone: tzinfo | None = None) -> str:
    """'09:30'; an instant is shown in the workshop's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(zone or _zone()).time()
    return f"{value:%H:%M}"


def moment(value: datetime, zone: tzinfo | None = None) -> str:
    """'4. Dezember 2026, 09:30 Uhr'."""
    local = value.astimezone(zone or _zone())
    return str(_("%(day)s, %(clock)s", day=day(local.date()), clock=clock(local.timetz(), None)))


@lru_cache(maxsize=256)  # the same few days are on every page, and Babel takes its time
def _written(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


def _zone() -> tzinfo:
    workshop = g.get("workshop") if g else None
    return workshop.zone if workshop is not None else UTC


def _locale() -> str:
    return "de" if _is_german() else "en_GB"


def _is_german() -> bool:
    return str(get_locale() or "de").startswith("de")
