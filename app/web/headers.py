"""The headers of every answer: nothing from other hosts, nothing framed, nothing kept."""

from urllib.parse import urlsplit, urlunsplit
from wsgiref.headers import Headers

from flask import Flask, Response, current_app, request, session

from app.web.access import Audience, access_of

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Personal links are in addresses, so no address is told to anybody.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def init_headers(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(_add)


def add_to_static(headers: Headers, _path: str, _url: str) -> None:
    """The same for style sheets and the like, which never reach the application."""
    for name, value in HEADERS.items():
        headers[name] = value


def _add(response: Response) -> Response:
    # For the access log: the page's pattern, because addresses hold personal links.
    request.environ["tagungsbuero.page"] = request.url_rule.rule if request.url_rule else "-"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["BASE_URL"].startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.location is not None:
        response.location = within_this_site(response.location)
    declared = access_of(current_app, request.endpoint) if request.endpoint else None
    # Also a page for everyone shows to some what they have typed, or what only staff may see.
    private = declared is not Audience.EVERYONE or bool(session)
    response.headers.setdefault("Cache-Control", "no-store" if private else "private, no-cache")
    return response


def within_this_site(address: str) -> str:
    """An address without the host in it: nothing here leads elsewhere.

    Werkzeug adds a missing slash with whatever host the client has named, and a cache between
    would lead others there.
    """
    parts = urlsplit(address)
    # One slash: of more, a browser would take what follows for a host.
    path = "/" + parts.path.lstrip("/\\")
    return urlunsplit(("", "", path, parts.query, parts.fragment))
