"""Who may open what, as the site answers: each address, each method, each kind of visitor.

`who_may.txt` is the right answer: a line for each address, a letter for each visitor.
"""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.accounts.models import Role
from app.extensions import db
from app.workshops.models import Workshop
from tests.factories import make_workshop
from tests.pages import Visitor
from tests.site.addresses import list_addresses

TABLE = Path(__file__).with_name("who_may.txt")

VISITORS: dict[str, tuple[Role | None, str]] = {
    "a stranger": (None, ""),
    "staff of another workshop": (Role.STAFF, "other"),
    "organiser of another workshop": (Role.ORGANISER, "other"),
    "staff": (Role.STAFF, "this"),
    "organiser": (Role.ORGANISER, "this"),
    "staff of all workshops": (Role.STAFF, "all"),
    "organiser of all workshops": (Role.ORGANISER, "all"),
    "administrator": (Role.ADMINISTRATOR, "all"),
}
"""In the order of the table's columns: the role, and where it holds."""

OPEN, REFUSED, LOG_IN = "+", "-", "?"

# Asked for last: nothing is open to those who have gone.
_GOES = "security.logout"


def read_table() -> dict[str, str]:
    """What is right: 'METHOD rule' → a letter for each visitor."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {address: letters for letters, _, address in (line.partition(" ") for line in lines)}


def ask_all(app: Flask, workshop: Workshop, enter: Callable[..., Visitor]) -> dict[str, str]:
    """What the site answers now, in the same form. `enter` signs somebody in."""
    places = {"this": workshop, "other": make_workshop(), "all": None}
    db.session.commit()
    found: dict[str, str] = {}
    for role, place in VISITORS.values():
        visitor = enter(role, places[place]) if role else Visitor(app)
        for address, letter in ask(app, visitor, workshop.slug).items():
            found[address] = found.get(address, "") + letter
    return found


def ask(app: Flask, visitor: Visitor, slug: str) -> dict[str, str]:
    """What one visitor is answered at each address, with a valid token in what is sent."""
    token = _token(visitor)
    answers = {}
    for address in sorted(list_addresses(app, slug), key=lambda a: a.endpoint == _GOES):
        headers = {} if address.method == "GET" else {"X-CSRFToken": token}
        answer = visitor.client.open(
            address.path, method=address.method, headers=headers, buffered=True
        )
        assert answer.status_code < 500, address
        answers[f"{address.method} {address.rule}"] = _letter(
            answer.status_code, answer.headers.get("Location", "")
        )
    return answers


def _letter(status: int, location: str) -> str:
    if status == 403:
        return REFUSED
    if status == 302 and location.startswith("/login"):
        return LOG_IN
    return OPEN


def _token(visitor: Visitor) -> str:
    path = "/account/" if visitor.client.get("/account/").status_code == 200 else "/login"
    return str(visitor.get(path).all("input[name=csrf_token]")[0].get("value"))
