"""Pages for what goes wrong. Refusals and bad requests say what to do; a bug is a 500."""

from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import db
from app.press.asking import PressBusy, PressUnavailable
from app.refusals import Refused
from app.web.access import may_open
from app.web.addresses import RememberingFlask
from app.web.headers import within_this_site
from app.web.limits import seconds_to_wait

# Read once at start: this page has to work when nothing else does.
LAST_RESORT = (Path(__file__).parents[2] / "static" / "error-500.html").read_bytes()


PAPER_RETRY_AFTER = 5  # seconds


class Site(RememberingFlask):
    """A Flask application whose log names pages by their pattern: addresses hold personal links."""

    def log_exception(self, exc_info: Any) -> None:
        """Log a bug. The traceback has no values in it."""
        page = request.url_rule.rule if request.url_rule else "-"
        self.logger.error("exception on %s %s", request.method, page, exc_info=exc_info)

    def handle_http_exception(self, e: HTTPException) -> Any:
        """Add a missing slash without naming the host that the client has named."""
        if isinstance(e, RequestRedirect):
            return redirect(within_this_site(e.new_url), e.code)
        return super().handle_http_exception(e)


def init_errors(app: Flask) -> None:
    """Answer each kind of failure with its page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database_unavailable)
    app.register_error_handler(InternalError, _database_unavailable)
    app.register_error_handler(PressUnavailable, _no_paper)
    app.register_error_handler(500, _bug)


def _messages(code: int) -> tuple[str, str]:
    """Title and advice for a status code."""
    known = {
        400: (_("This request could not be read"), _("Go back, reload the page and try again.")),
        403: (
            _("You may not open this page"),
            _("If you should be able to, ask the organisers for access."),
        ),
        404: (
            _("Page not found"),
            _("Check the address. A personal link must be copied as a whole."),
        ),
        405: (_("This cannot be done here"), _("Go back and use the buttons of the page.")),
        409: (_("Not possible at present"), _("Go back and reload the page.")),
        410: (_("This page no longer exists"), _("It was removed. Start from the overview.")),
        413: (_("Too much was sent"), _("Shorten your text or send a smaller file.")),
        429: (_("Too many attempts"), _("Wait a few minutes, then try again.")),
        503: (
            _("Saving is not possible at present"),
            _("Nothing was saved. Please try again in a few minutes."),
        ),
    }
    return known.get(code, known[400])


def error_page(code: int, message: str | None = None, *, title: str | None = None) -> Response:
    """The page for a status code, with the usual title and advice or others."""
    usual, advice = _messages(code)
    try:
        html = render_template(
            "errors/error.html",
            title=title or usual,
            message=message or advice,
            code=code,
            further=_page_above(code),
        )
    except Exception:
        current_app.logger.exception("error page failed")
        return _last_resort(code)
    return make_response(html, code)


def _page_above(code: int) -> str | None:
    """The nearest page above this address that this visitor can open: where it goes on.

    After a 404 only pages that name no row and no token: what was not found has none of its own.
    """
    if code >= 500:
        return None  # nothing is asked of a database that fails
    pages = current_app.create_url_adapter(request)
    path = request.path.rstrip("/")
    while pages is not None and (path := path.rpartition("/")[0]):
        for candidate in (path, f"{path}/"):
            try:
                endpoint, values = pages.match(candidate, method="GET")
            except HTTPException:
                continue
            is_found = "slug" not in values or g.get("workshop") is not None
            if is_found and (code != 404 or set(values) <= {"slug"}) and may_open(endpoint):
                return candidate
    return None


def _http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    if error.code == 500:
        return _last_resort()
    if isinstance(error, RateLimitExceeded):
        return _limited()
    response = error_page(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _limited() -> Response:
    """Too often: when it is possible again, for people and for programs."""
    seconds = seconds_to_wait()
    minutes = max(1, -(-seconds // 60))
    advice = ngettext(
        "You can try again in %(num)s minute.", "You can try again in %(num)s minutes.", minutes
    )
    if request.endpoint == "security.login":
        link = _("If you need access now: “Forgotten your password?” mails you a link at once.")
        advice = f"{advice} {link}"
    response = error_page(429, advice)
    response.headers["Retry-After"] = str(seconds)
    return response


def _csrf_error(_error: CSRFError) -> Response:
    return error_page(
        400, _("The page was open for too long. Go back, reload it and send the form again.")
    )


def _refused(refusal: Refused) -> Response:
    db.session.rollback()
    return error_page(409, refusal.message)


def _stale(_error: StaleDataError) -> Response:
    db.session.rollback()
    return error_page(
        409, _("Somebody else has changed this meanwhile. Go back, reload and try again.")
    )


def _database_unavailable(error: Exception) -> Response:
    """A full or read-only disk, a lost database: nothing was saved, and the page says so."""
    current_app.logger.error("database unavailable: %s", getattr(error, "orig", error))
    db.session.rollback()
    return error_page(503)


def _no_paper(error: PressUnavailable) -> Response:
    """A crowd asks for papers, or one took too long: the next one may work."""
    db.session.rollback()
    if isinstance(error, PressBusy):
        title, advice = _("This file is being made"), _("Please try again in a few seconds.")
    else:
        current_app.logger.error("no paper: %s", error)
        title = _("This file could not be made")
        advice = _("Please try again in a minute. If it fails again, tell your administrator.")
    page = error_page(503, advice, title=title)
    page.headers["Retry-After"] = str(PAPER_RETRY_AFTER)
    return page


def _bug(error: Exception) -> Response:
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, OperationalError | InternalError):  # Flask-Security saves after its view
        return _database_unavailable(cause)
    db.session.rollback()
    return _last_resort()


def _last_resort(code: int = 500) -> Response:
    return Response(LAST_RESORT, status=code, content_type="text/html; charset=utf-8")
