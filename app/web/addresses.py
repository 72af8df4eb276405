"""What the parts of an address may be, and addresses that are built once."""

from typing import Any

from flask import Flask, abort, g, has_request_context, request
from werkzeug.routing import IntegerConverter, Map

# PostgreSQL's integer; SQLite's is larger, but the same address shall mean the same everywhere.
LARGEST_ID = 2**31 - 1
MOST_REMEMBERED = 2000


class RowNumber(IntegerConverter):
    """`<int:…>`: the number of a row. Larger ones lead to no page, not into the database."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **kwargs})


class RememberingFlask(Flask):
    """Builds the addresses that every template names once for each workshop.

    Those are the ones without values: nobody's link or number is among them. (Python's `url_for`
    always has values, and comes through here as it is.)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._built: dict[tuple[str | None, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a page or a static file; see Flask."""
        is_file = endpoint == "static" and values.keys() == {"filename"}
        if (values and not is_file) or endpoint[:1] == "." or not has_request_context():
            return super().url_for(endpoint, **values)
        key = (request.root_path, g.get("slug"), endpoint, values.get("filename"))
        address = self._built.get(key)
        if address is None:
            if len(self._built) >= MOST_REMEMBERED:
                self._built.clear()
            address = self._built[key] = super().url_for(endpoint, **values)
        return address


def init_addresses(app: Flask) -> None:
    """Use our converters in all addresses registered from now on; let no NUL into a query."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    # Nobody types it, and PostgreSQL cannot compare text with it.
    if any("\0" in word for _name, word in request.args.items(multi=True)):
        abort(404)
