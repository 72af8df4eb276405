"""Somebody who registers over HTTP: follows links, fills in forms, keeps cookies."""

import time
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

MAX_HOPS = 10
MAX_STEPS = 8
IDLE_SECONDS = 1
"""A connection is kept open from page to page, as by every browser, and not used again after this:
the server closes it after two seconds."""


# Domains of organisations that the demo lists: few seats are held for one domain or one network.
LANDS = ("bw", "by", "be", "bb", "hb", "hh", "he", "mv", "ni", "nw", "rp", "sl", "sn", "st", "sh")


def email_of(number: int) -> str:
    """The address of the nth participant."""
    return f"bench-{number}@polizei-{LANDS[number % len(LANDS)]}.example"


def client_of(number: int) -> str:
    """The network address from which the nth participant comes, as a proxy would say it."""
    return f"198.51.{number // 250}.{number % 250 + 1}"


class Participant:
    """A browser without JavaScript, for one visitor at one server."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=600)
        self.last_request = 0.0
        self.cookies: dict[str, str] = {}
        self.url = "/"
        self.status = 0
        self.requests = 0
        self.client = client_of(0)
        self.page: html.HtmlElement = html.fromstring("<html></html>")

    def fill_in(self, slug: str, number: int) -> None:
        """Go through the form, up to the page that shows all before it is sent."""
        self.client = client_of(number)
        self.get(f"/{slug}/register")
        answers = {
            "first_name": "Kim",
            "last_name": "Beispiel",
            "email": email_of(number),
        }
        for _step in range(MAX_STEPS):
            if self.url.endswith("/register/check"):
                return
            for option in self.page.cssselect("select[name=organisation_id] option")[1:2]:
                answers["organisation_id"] = option.get("value")  # the first of the list
            self.submit(answers)
            if self.status != 200:
                raise RuntimeError(f"{self.url}: {self.status} {self.text()[:500]}")
        raise RuntimeError(f"stuck at {self.url}: {self.text()[:500]}")

    def get(self, url: str) -> None:
        """Open a page, and follow redirects."""
        self._send("GET", url)

    def submit(self, data: dict[str, str], selector: str = "main form") -> None:
        """Fill in what the page's form asks of `data`, send it, and follow redirects."""
        form = self.page.cssselect(selector)[0]
        values: dict[str, list[str]] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        for name in {field.get("name") for field in form.inputs if field.get("name")}:
            if name in data:
                values[name] = [data[name]]
        body = urlencode(values, doseq=True)
        self._send("POST", urljoin(self.url, form.get("action") or self.url), body)

    def text(self) -> str:
        """The page's text, with white space folded."""
        return " ".join(self.page.text_content().split())

    def _send(self, method: str, url: str, body: str | None = None) -> None:
        for _hop in range(MAX_HOPS):
            parts = urlsplit(urljoin(self.url, url))
            self.url = parts.path + (f"?{parts.query}" if parts.query else "")
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            headers["X-Forwarded-For"] = self.client
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.requests += 1
            if time.monotonic() - self.last_request > IDLE_SECONDS:
                self.connection.close()  # the next request opens it again
            self.last_request = time.monotonic()
            self.connection.request(method, self.url, body=body, headers=headers)
            response = self.connection.getresponse()
            content = response.read()
            for line in response.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            self.status = response.status
            if response.status not in {302, 303, 308}:
                if response.headers.get_content_type() == "text/html":
                    self.page = html.document_fromstring(content or b"<html></html>")
                return
            method, url, body = "GET", response.headers["Location"], None
        raise RuntimeError(f"too many redirects at {self.url}")
