"""A fetched page as a lint run: what every page must be is checked each time a test opens one."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_security.utils import login_user
from lxml import html
from lxml.cssselect import CSSSelector
from werkzeug.test import TestResponse

from app.accounts.models import Account
from app.extensions import db


@dataclass
class Page:
    """An HTML answer, with the selectors that tests ask it by."""

    response: TestResponse
    root: html.HtmlElement

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.response.status_code

    @property
    def path(self) -> str:
        """The path that was asked for in the end, after redirects."""
        return self.response.request.path

    def all(self, selector: str) -> list[html.HtmlElement]:
        """Elements that match a CSS selector."""
        return list(_compiled(selector)(self.root))

    def one(self, selector: str) -> html.HtmlElement:
        """The only element that matches; fails if there is none or more than one."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r} on {self.path}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        """The texts of the elements as they are read: white space folded, no soft hyphens."""
        return [_as_read(element) for element in self.all(selector)]

    def text(self, selector: str = "main") -> str:
        """The text of the only element that matches, as it is read."""
        return _as_read(self.one(selector))

    def errors(self) -> dict[str, str]:
        """Field name → its error message."""
        found = {}
        for control in self.all("[aria-invalid=true]"):
            ids = (control.get("aria-describedby") or "").split()
            messages = [
                " ".join(e.text_content().split())
                for i in ids
                for e in self.all(f"#{i}.kern-error, #{i} .kern-error, #{i}[data-error]")
            ]
            found[control.get("name") or control.get("id")] = " ".join(messages)
        return found

    def form_values(self, selector: str = "main form") -> dict[str, Any]:
        """What a browser would send if the (first matching) form were sent as it stands."""
        values: dict[str, Any] = {}
        for control in self.all(selector)[0].cssselect("input, select, textarea"):
            name = control.get("name")
            if not name or control.get("disabled") is not None:
                continue
            kind = control.get("type", "text") if control.tag == "input" else control.tag
            if kind in {"submit", "button", "file"}:
                continue
            if kind in {"checkbox", "radio"}:
                if control.get("checked") is not None:
                    values.setdefault(name, []).append(control.get("value", "on"))
            elif kind == "select":
                chosen = control.cssselect("option[selected]") or control.cssselect("option")[:1]
                values.setdefault(name, []).extend(o.get("value", "") for o in chosen)
            elif kind == "textarea":
                values.setdefault(name, []).append((control.text or "").removeprefix("\n"))
            else:
                values.setdefault(name, []).append(control.get("value", ""))
        return values


@cache
def _compiled(selector: str) -> CSSSelector:
    """A selector as XPath: many tests ask the same of many pages."""
    return CSSSelector(selector, translator="html")


def _as_read(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().replace("\u00ad", "").split())


class _Browser(FlaskClient):
    """Sends each request as a server gets it: in a context and a transaction of its own.

    Within a context of the test's, Flask would run it there: `g`, and with it who is signed in,
    and the database session would be the test's.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Commit what the test has made, then send the request."""
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Visitor:
    """Somebody at a browser without JavaScript: opens pages and sends the forms on them."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = _Browser(app, app.response_class)

    def get(self, url: str, *, status: int = 200, lint: bool = True) -> Page:
        """Open a page, follow redirects, and check what every page must be."""
        response = self.client.get(url, follow_redirects=True)
        return self._page(response, status=status, lint=lint)

    def submit(
        self,
        page: Page,
        data: dict[str, Any] | None = None,
        *,
        form: str = "main form",
        status: int = 200,
        follow: bool = True,
        button: str | None = None,
    ) -> Page:
        """Fill in and send a form of the page; `data` changes fields, None removes one."""
        element = page.all(form)[0]
        values = page.form_values(form)
        for name, value in (data or {}).items():
            values.pop(name, None)
            if value is not None:
                values[name] = value
        if button:
            values[button] = "1"
        action = element.get("action") or page.response.request.full_path
        target = urlsplit(action)
        url = target.path + (f"?{target.query}" if target.query else "")
        send = self.client.post if (element.get("method") or "get").lower() == "post" else None
        if send is None:
            response = self.client.get(url, query_string=values, follow_redirects=follow)
        else:
            response = send(url, data=values, follow_redirects=follow)
        return self._page(response, status=status)

    def _page(self, response: TestResponse, *, status: int, lint: bool = True) -> Page:
        assert response.status_code == status, (
            f"{response.request.method} {response.request.path}: "
            f"{response.status_code}, expected {status}"
        )
        if response.mimetype != "text/html" or 300 <= response.status_code < 400:
            return Page(response, html.fromstring("<html></html>"))
        page = Page(response, html.document_fromstring(response.get_data(as_text=True)))
        if lint:
            check_page(page)
        return page


def signed_in_cookies(app: Flask, account_id: int) -> dict[str, str]:
    """The cookies that a browser has after a sign-in; tests of signing in use the page."""
    # A context of its own, as a request has: `g` and the database session are not the test's.
    with app.app_context(), app.test_request_context():
        login_user(db.session.get_one(Account, account_id))
        db.session.commit()
        answer = app.process_response(app.make_response(""))
    given = (header.split(";", 1)[0] for header in answer.headers.getlist("Set-Cookie"))
    return dict(pair.split("=", 1) for pair in given)


def check_page(page: Page) -> None:
    """What holds for every page: one h1, a title, unique ids, labels, no inline code, tokens."""
    headings = page.texts("h1")
    assert len(headings) == 1, f"h1: {headings}"
    assert page.text("title").startswith(headings[0]), (page.text("title"), headings[0])
    assert page.root.get("lang") in {"de", "en"}
    counted = Counter(e.get("id") for e in page.all("[id]"))
    labels = {label.get("for") for label in page.all("label[for]")}
    assert [i for i, n in counted.items() if n > 1] == [], "ids must be unique"
    for control in page.all("input, select, textarea"):
        if control.get("type") in {"hidden", "submit", "button"}:
            continue
        labelled = (
            control.get("aria-label")
            or control.get("aria-labelledby")
            or control.get("id") in labels
        )
        assert labelled, f"no label: {html.tostring(control)!r}"
    for reference in ("aria-describedby", "aria-labelledby", "aria-controls"):
        for element in page.all(f"[{reference}]"):
            for target in element.get(reference).split():
                assert target in counted, f"{reference} names no element: {target}"
    assert page.all("[style]") == [], "no inline style"
    assert page.all("style") == [], "no inline style"
    assert page.all("script:not([src])") == [], "no inline script"
    for element in page.root.iter():
        handlers = [a for a in element.attrib if a.lower().startswith("on")]
        assert handlers == [], f"inline handler: {handlers}"
    for form in page.all("form[method=post], form[method=POST]"):
        assert form.cssselect("input[name=csrf_token]"), "a POST form without CSRF token"
    text = page.root.text_content()
    for mark in ("{{", "{%", "%(", "None</"):
        assert mark not in text, f"unrendered template code: {mark}"
