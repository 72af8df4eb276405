"""The headers of every answer."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Role
from app.web.access import OPEN, Audience
from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.site.addresses import list_addresses

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
        " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def test_every_page_has_them(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)

    for address in list_addresses(app, workshop.slug):
        answer = visitor.client.open(address.path, method=address.method, buffered=True)
        found = {name: answer.headers.get(name) for name in EXPECTED}
        assert found == EXPECTED, address


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/at/all", "/%00"])
def test_pages_that_are_not_there_have_them(visitor: Visitor, ctx: Flask, path: str) -> None:
    answer = visitor.client.get(path, follow_redirects=True)

    assert answer.status_code == 404
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED


def test_nothing_personal_is_kept_by_browsers_or_proxies(
    app: Flask, workshop: Workshop, sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(Role.ADMINISTRATOR)

    for address in list_addresses(app, workshop.slug):
        if address.access is Audience.LINK_HOLDER or address.access not in OPEN:
            answer = visitor.client.open(address.path, method=address.method, buffered=True)
            kept = answer.headers["Cache-Control"].replace(" ", "").split(",")
            assert "no-store" in kept, address


def test_public_pages_may_be_kept_but_are_asked_for_again(
    visitor: Visitor, workshop: Workshop
) -> None:
    for path in (f"/{workshop.slug}/", f"/{workshop.slug}/agenda"):
        answer = visitor.get(path).response
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_browsers_are_told_to_stay_with_https_where_there_is_https(
    app: Flask, visitor: Visitor, ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/login").response.headers

    monkeypatch.setitem(app.config, "BASE_URL", "https://example.org")

    answer = visitor.get("/login").response
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_style_sheets_are_kept_and_not_taken_for_anything_else(
    visitor: Visitor, ctx: Flask
) -> None:
    answer = visitor.client.get("/static/css/tagungsbuero.css", buffered=True)

    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED


def test_reading_public_pages_sets_no_cookie(visitor: Visitor, workshop: Workshop) -> None:
    for path in ("", "privacy", "accessibility", "imprint"):
        answer = visitor.get(f"/{workshop.slug}/{path}").response
        assert "Set-Cookie" not in answer.headers, path
