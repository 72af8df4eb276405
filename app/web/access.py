"""Who may open which page. Closed by default: a view that declares no audience answers 403."""

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Audience(enum.StrEnum):
    """The groups of people that a view can be meant for."""

    EVERYONE = "everyone"
    LINK_HOLDER = "link holder"  # the view itself checks the token in its address
    STAFF = "staff"
    ORGANISER = "organiser"
    ADMINISTRATOR = "administrator"


# Nobody has to sign in for these.
OPEN = {Audience.EVERYONE, Audience.LINK_HOLDER}

# Views that are not ours, so that they cannot declare their audience themselves.
FOREIGN_VIEWS = {
    "static": Audience.EVERYONE,
    "security.login": Audience.EVERYONE,
    "security.logout": Audience.STAFF,
}


def audience(group: Audience) -> Callable[[View], View]:
    """Declare whom a view is meant for: `@bp.get(…)` above, `@audience(…)` below."""

    def declare(view: View) -> View:
        view.audience = group  # type: ignore[attr-defined]  # functions take attributes
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """The declared audience of an endpoint; None means closed to all."""
    declared = getattr(app.view_functions.get(endpoint), "audience", None)
    return declared or FOREIGN_VIEWS.get(endpoint)


def init_access(app: Flask) -> None:
    """Check the audience before every request, and let templates ask for it."""
    app.before_request(_guard)
    app.jinja_env.globals["may_open"] = may_open


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: the error handler answers
    group = audience_of(current_app, request.endpoint)
    if group is None:
        abort(403)
    if group not in OPEN and not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))
    if not _admits(group, request.endpoint):
        abort(403)
    return None


def may_open(endpoint: str) -> bool:
    """Whether this visitor may open that page of the present workshop; navigation asks."""
    group = audience_of(current_app, endpoint)
    return group is not None and _admits(group, endpoint)


def _admits(group: Audience, endpoint: str) -> bool:
    if group in OPEN:
        return True
    if not current_user.is_authenticated:
        return False
    if current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        return bool(current_user.may(group.value, g.workshop.id))
    # Pages outside any workshop: staff of any workshop, administrators of all.
    return group is Audience.STAFF or bool(current_user.may(group.value, None))
