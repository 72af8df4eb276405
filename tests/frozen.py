"""Addresses that stand on paper, in mails, calendars, feeds and other people's programs.

Nobody can call them back, so each leads to the same page for ever. When an endpoint gets another
name, its name changes here too; an address only moves if the old one goes on leading to the page.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.outbox.models import Message

# Pattern → (endpoint, where people have it). `{…}` stands for what differs.
FROZEN = {
    # Said aloud, printed on invitations, in every signature; contracted in the README.
    "/": ("workshops.home", "signature of every mail, calendar"),
    "/{slug}/": ("workshops.show", "invitations, mails, JSON, schedule.xml"),
    "/{slug}/register": ("registration.start", "invitations, mails"),
    "/{slug}/privacy": ("workshops.privacy", "lists and forms on paper"),
    "/{slug}/accessibility": ("workshops.accessibility", "public directories"),
    "/{slug}/imprint": ("workshops.imprint", "public directories"),
    # On badges and in the QR code of each confirmation.
    "/c/{code}": ("badges.scanned", "QR code on the badge and in the mail"),
    # The released agenda, and what follows it without a person looking.
    "/{slug}/agenda": ("agenda.show", "calendar entries of cancelled sessions"),
    "/{slug}/agenda.ics": ("agenda.calendar", "subscribed calendars"),
    "/{slug}/agenda.json": ("exports.as_json", "other programs"),
    "/{slug}/agenda.xml": ("exports.as_xml", "other programs"),
    "/{slug}/agenda.pdf": ("documents.agenda_pdf", "links in other sites"),
    "/{slug}/agenda/{number}": ("agenda.session", "calendar entries, JSON, schedule.xml"),
    "/{slug}/agenda/{number}.ics": ("agenda.session_calendar", "subscribed calendars"),
    "/{slug}/agenda/topics/{number}.ics": ("exports.topic_calendar", "subscribed calendars"),
    "/{slug}/agenda/changes": ("publishing.changes", "feed"),
    "/{slug}/agenda/changes.atom": ("publishing.feed", "feed readers"),
    "/{slug}/agenda/now": ("agenda.foyer", "screens in the foyer"),
    "/{slug}/agenda/now/part": ("agenda.foyer_part", "screens in the foyer, while they run"),
    # Personal links, mailed; their pages hold the addresses below them.
    "/{slug}/registration/{token}": ("registration.own", "mails"),
    "/{slug}/registration/{token}/agenda": ("signup.programme", "mails"),
    "/{slug}/registration/{token}/agenda.ics": ("signup.calendar", "subscribed calendars"),
    "/{slug}/registration/{token}/agenda/{number}": ("signup.session", "bookmarks"),
    "/{slug}/registration/{token}/agenda/{number}/feedback": ("feedback.give", "bookmarks"),
    "/{slug}/registration/{token}/calendar.ics": ("registration.calendar", "calendars"),
    "/{slug}/registration/{token}/contributions": ("contributions.call", "mails"),
    "/{slug}/registration/{token}/materials/{number}": ("materials.material", "bookmarks"),
    "/{slug}/registration/{token}/qr.png": ("registration.qr_code", "saved pages"),
    "/{slug}/registration/new-address/{token}": ("registration.new_address", "mails"),
    "/{slug}/registration/withdraw-invitations": ("registration.request_withdrawal", "mails"),
    "/{slug}/registration/withdraw-invitations/{token}": (
        "registration.withdraw_invitations",
        "mails",
    ),
    "/{slug}/speaker/{token}": ("speakers.own", "mails"),
    "/account/invitation/{token}": ("accounts.invitation", "mails"),
    "/account/first/{token}": ("accounts.first", "printed by the command line"),
    "/reset-password/{token}": ("accounts.reset_password", "mails"),
    "/forgot-password": ("accounts.forgot_password", "mails"),
    "/login": ("security.login", "bookmarks, notes for staff"),
    "/{slug}/desk/": ("desk.overview", "bookmarks, notes for staff"),
    "/{slug}/desk/agenda/speakers/{number}": ("speakers.speaker", "mails to organisers"),
    # Asked by machines that watch the installation.
    "/healthz": ("web.alive", "monitoring"),
    "/readyz": ("web.ready", "monitoring"),
}
EXAMPLES = {"slug": "leipzig", "token": "t0k_en-" * 4, "number": 7, "code": "K7Y2QWERTZ"}


def page_of(app: Flask, path: str) -> tuple[str, dict[str, Any]] | None:
    """Endpoint and arguments to which GET leads without a redirect; None if to none."""
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, arguments = adapter.match(path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    return endpoint, dict(arguments)


def pattern_of(app: Flask, path: str) -> str | None:
    """The frozen pattern that the address has; None if it has none."""
    found = page_of(app, path)
    patterns = [p for p, (endpoint, _) in FROZEN.items() if found and endpoint == found[0]]
    return patterns[0] if patterns else None


def addresses_in(app: Flask, text: str) -> list[str]:
    """The paths of the site's own addresses in a text, without their queries."""
    own = re.escape(app.config["BASE_URL"])
    return [urlsplit(found).path or "/" for found in re.findall(rf"{own}[^\s\"'<>\\]*", text)]


def check_mail(app: Flask, message: Message) -> None:
    """A mail names frozen addresses only: whoever finds it in two years follows them."""
    paths = addresses_in(app, message.text)
    if message.link_path:
        paths.append(message.link_path.format(token=EXAMPLES["token"]))
    unknown = [path for path in paths if pattern_of(app, path) is None]
    assert unknown == [], f"mailed, but not in tests/frozen.py: {unknown}"
