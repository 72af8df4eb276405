"""The workshop that the request's address names."""

from operator import attrgetter
from typing import Any, cast

from flask import Flask, abort, current_app, g, request
from werkzeug.local import LocalProxy

from app.extensions import SAFE_METHODS
from app.workshops.models import Workshop
from app.workshops.queries import find_workshop
from app.workshops.slugs import is_slug


def _workshop() -> Workshop:
    workshop: Workshop = g.workshop
    return workshop


current_workshop = cast(Workshop, LocalProxy(_workshop))
_settings = attrgetter(*Workshop.__mapper__.column_attrs.keys())


def standing() -> tuple[Any, ...]:
    """All settings of the present workshop and its seats, as values that compare."""
    settings: tuple[Any, ...] = _settings(g.workshop)
    return settings


def init_current_workshop(app: Flask) -> None:
    """Load the workshop of `/<slug>/…` before the view, and keep the slug in addresses."""
    app.url_value_preprocessor(_load)
    app.url_defaults(_keep_slug)
    app.context_processor(lambda: {"workshop": g.get("workshop")})


def _load(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.workshop = g.slug = None
    if request.url_rule is None and request.method in SAFE_METHODS:
        # No such page: what says so stands in the workshop all the same, and leads on from there.
        word = request.path.split("/", 2)[1]
        g.workshop = find_workshop(word) if is_slug(word) else None
        g.slug = word if g.workshop is not None else None
    elif request.url_rule is not None and "slug" in request.url_rule.arguments and values:
        slug = values.pop("slug")
        # Only words that can be slugs are looked up: a database may choke on others (NUL).
        workshop = find_workshop(slug) if is_slug(slug) else None
        if workshop is None:
            abort(404)
        # Apart, because after a commit the workshop's own slug would be read from the database
        # again, with a new transaction that waits for the write lock.
        g.workshop, g.slug = workshop, slug


def _keep_slug(endpoint: str, values: dict[str, Any]) -> None:
    slug = g.get("slug")
    if (
        slug is not None
        and "slug" not in values
        and endpoint in current_app.view_functions
        and current_app.url_map.is_endpoint_expecting(endpoint, "slug")
    ):
        values["slug"] = slug
