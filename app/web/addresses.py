"""What the parts of an address may be."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

# PostgreSQL's integer; SQLite's is larger, but the same address shall mean the same everywhere.
LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>`: the number of a row. Larger ones lead to no page, not into the database."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **kwargs})


def init_addresses(app: Flask) -> None:
    """Use our converters in all addresses registered from now on; let no NUL into a query."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    # Nobody types it, and PostgreSQL cannot compare text with it.
    if any("\0" in word for _name, word in request.args.items(multi=True)):
        abort(404)
