"""What is sent is read in time; to routes that take a file more may be sent than to others.

It is read before the request's first query. SQLite's write lock, which a POST takes with that
query, is thus never held for as long as a slow line needs for a form.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import Flask, current_app, request
from flask_babel import format_decimal
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.extensions import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])
MEGABYTE = 1024 * 1024


def takes_file(view: View) -> View:
    """Declare that a file may be sent to a view: `@bp.route(…)` above, `@takes_file` below."""
    view.takes_file = True  # type: ignore[attr-defined]  # functions take attributes
    return view


def init_uploads(app: Flask) -> None:
    """Register before whatever asks the database on a request."""
    app.url_value_preprocessor(_read)


def largest_file() -> int:
    """How large a file may be, in bytes."""
    return int(current_app.config["MAX_UPLOAD_MB"] * MEGABYTE)


def in_megabytes(size: float) -> str:
    """A size in bytes as it is read: '25' or '0,5'."""
    return str(format_decimal(size / MEGABYTE, "#,##0.####"))


def largest_body(app: Flask, method: str, path: str) -> int:
    """How much may be sent to an address, in bytes."""
    try:
        endpoint, _values = app.url_map.bind("").match(unquote(path), method)
    except HTTPException:
        endpoint = ""
    return _largest(app, endpoint)


def _largest(app: Flask, endpoint: str | None) -> int:
    view = app.view_functions.get(endpoint or "")
    if getattr(view, "takes_file", False):
        # Twice as much is read, so that somewhat too large a file is answered at its field.
        return 2 * int(app.config["MAX_UPLOAD_MB"] * MEGABYTE) + MEGABYTE
    return int(app.config["MAX_CONTENT_LENGTH"])


def _read(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if request.method in SAFE_METHODS:
        return
    # Werkzeug's limit for what is kept in memory leaves out forms of this kind.
    is_plain = request.mimetype == "application/x-www-form-urlencoded"
    request.max_content_length = (
        request.max_form_memory_size if is_plain else _largest(current_app, endpoint)
    )
    try:
        _ = request.files
    except RequestEntityTooLarge:
        # What is announced as too large was not read: it comes again when the form is read, once
        # the page's workshop is known. What turned out to be so is gone.
        if (request.content_length or 0) <= (request.max_content_length or 0):
            raise
