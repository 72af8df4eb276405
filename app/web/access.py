"""Who may open which page. Closed by default: a view that declares nothing answers 403.

A view is either meant for an audience (`@audience`) or needs a right (`@needs`), which whoever
asks for it must hold.
"""

import enum
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Audience(enum.StrEnum):
    """Whom a view is meant for that needs no right."""

    EVERYONE = "everyone"
    LINK_HOLDER = "link holder"  # the view itself checks the token in its address
    SIGNED_IN = "signed in"  # whoever has an account, for what is the own


Declared = enum.StrEnum
"""An `Audience`, or a right of `app.accounts.rights`, which stands above this module."""


class Holder(Protocol):
    """Whoever holds rights."""

    def may(self, right: Any, workshop_id: int | None) -> bool:
        """Whether that may be done there (None: everywhere)."""


# Nobody has to sign in for these.
OPEN = {Audience.EVERYONE, Audience.LINK_HOLDER}

# Views that are not ours, so that they cannot declare their audience themselves.
FOREIGN_VIEWS = {
    "static": Audience.EVERYONE,
    "security.login": Audience.EVERYONE,
    "security.logout": Audience.SIGNED_IN,
}


def audience(group: Audience) -> Callable[[View], View]:
    """Declare whom a view is meant for: `@bp.get(…)` above, `@audience(…)` below."""
    return _declare(group)


def needs(right: enum.StrEnum) -> Callable[[View], View]:
    """Declare the right that a view needs: `@bp.get(…)` above, `@needs(…)` below."""
    return _declare(right)


def _declare(what: Declared) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.access = what  # type: ignore[attr-defined]  # functions take attributes
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Declared | None:
    """What an endpoint has declared; None means closed to all."""
    declared = getattr(app.view_functions.get(endpoint), "access", None)
    return declared or FOREIGN_VIEWS.get(endpoint)


def init_access(app: Flask) -> None:
    """Check what is declared before every request, and let templates ask for it."""
    app.before_request(_guard)
    app.jinja_env.globals["may_open"] = may_open


def present_holder() -> Holder | None:
    """Whose rights count in this request: the account's that is signed in."""
    return current_user if current_user.is_authenticated else None


def may(right: enum.StrEnum, workshop_id: int) -> bool:
    """Whether this visitor holds the right in that workshop, for what is more than a page."""
    holder = present_holder()
    return holder is not None and holder.may(right, workshop_id)


def may_open(endpoint: str, workshop_id: int | None = None) -> bool:
    """Whether this visitor may open that page of a workshop, the present one if none is named.

    Navigation asks, so that it offers what the guard lets through.
    """
    declared = access_of(current_app, endpoint)
    return declared is not None and _admits(declared, endpoint, workshop_id)


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: the error handler answers
    declared = access_of(current_app, request.endpoint)
    if declared is None:
        abort(403)
    if declared not in OPEN and present_holder() is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))
    if not _admits(declared, request.endpoint):
        abort(403)
    return None


def _admits(declared: Declared, endpoint: str, workshop_id: int | None = None) -> bool:
    if declared in OPEN:
        return True
    holder = present_holder()
    if holder is None:
        return False
    if declared is Audience.SIGNED_IN:
        return True
    if workshop_id is None and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        workshop_id = g.workshop.id
    # Pages outside any workshop need the right in all.
    return holder.may(declared, workshop_id)
